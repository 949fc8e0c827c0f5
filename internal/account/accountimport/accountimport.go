package accountimport

import (
	"context"
	"encoding/json"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Importer implements intake.Importer for accounts and contacts.
type Importer struct{ Accounts *account.Service }

// Kinds are files of accounts and of contacts.
func (i Importer) Kinds() []intake.Kind { return []intake.Kind{i.accounts(), i.contacts()} }

func (i Importer) accounts() intake.Kind {
	return intake.Kind{
		Name:   record.Account,
		Read:   func(t *intake.Table) error { return intake.PartOf[*Accounts](t.Run).read(t) },
		Undo:   &intake.Undo{Unmake: i.Accounts.Unrecord, Restore: i.restore},
		Points: map[string]string{"ownerId": "owner", "parentId": "parent"},
		Targets: []intake.Target{
			{Name: "externalId", Columns: []string{"id", "account id", "customer id", "编号", "客户编号"}},
			{Name: "name", Required: true, Columns: []string{"account", "account name", "customer", "customer name", "company", "name",
				"客户", "客户名称", "公司名称", "单位名称"}},
			{Name: "industry", Columns: []string{"industry", "sector", "行业", "所属行业"}},
			{Name: "region", Columns: []string{"region", "office location", "country", "province", "区域", "地区", "省份", "所在地"}},
			{Name: "class", Columns: []string{"class", "tier", "segment", "等级", "级别", "客户级别", "客户等级"}},
			{Name: "owner", Columns: []string{"owner", "account owner", "sales rep", "负责人", "所有人", "业务员"}},
			{Name: "parent", Columns: []string{"parent", "parent account", "subsidiary of", "上级客户", "母公司", "集团", "所属集团"}},
			{Name: "createdOn", Date: true, Columns: []string{"created", "created on", "created date", "创建日期", "创建时间"}},
			{Name: "custom."},
		},
	}
}

func (i Importer) contacts() intake.Kind {
	return intake.Kind{
		Name:   record.Contact,
		After:  []string{record.Account},
		Read:   func(t *intake.Table) error { return t.Rows(intake.PartOf[*Accounts](t.Run).contact) },
		Undo:   &intake.Undo{Unmake: i.Accounts.UnrecordContact},
		Points: map[string]string{"accountId": "account"},
		Targets: []intake.Target{
			{Name: "externalId", Columns: []string{"id", "contact id", "编号", "联系人编号"}},
			{Name: "name", Required: true, Columns: []string{"contact", "contact name", "full name", "name", "联系人", "姓名", "联系人姓名"}},
			{Name: "account", Columns: []string{"account", "account name", "company", "customer", "客户", "客户名称", "公司", "单位"}},
			{Name: "title", Columns: []string{"title", "job title", "position", "职务", "职位"}},
			{Name: "mobile", Columns: []string{"mobile", "cell", "手机", "手机号"}},
			{Name: "phone", Columns: []string{"phone", "telephone", "电话", "座机"}},
			{Name: "email", Columns: []string{"email", "e-mail", "邮箱"}},
			{Name: "wechat", Columns: []string{"wechat", "微信"}},
		},
	}
}

// restore gives back what an import found of an account.
func (i Importer) restore(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change) (back, kept bool, err error) {
	r := account.Restated{Left: c.Left(), BatchID: c.BatchID}
	if r.Before, r.After, err = stated(c); err != nil {
		return false, false, err
	}
	return i.Accounts.Unstate(ctx, tx, a, r)
}

// stated reads what a change found and left. Before migration 0006 three fields were kept, in
// pairs.
func stated(c intake.Change) (before, after account.Stated, err error) {
	if c.After != "" {
		return before, after, c.Stated(&before, &after)
	}
	var fields map[string][2]string
	err = json.Unmarshal([]byte(c.Before), &fields)
	pick := func(i int) account.Stated {
		return account.Stated{Industry: fields["industry"][i], Region: fields["region"][i], Class: fields["class"][i]}
	}
	return pick(0), pick(1), err
}
