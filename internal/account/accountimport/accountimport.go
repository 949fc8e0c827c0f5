package accountimport

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"yunchou/internal/account"
	"yunchou/internal/account/accounttable"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/intake/form"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Importer implements intake.Importer for accounts and contacts.
type Importer struct {
	Accounts *account.Service
	// Proposals takes in what lists tell of people who are there.
	Proposals account.Proposals
}

// Kinds are files of accounts and of contacts.
func (i Importer) Kinds() []intake.Kind { return []intake.Kind{i.accounts(), i.contacts()} }

func (i Importer) accounts() intake.Kind {
	return intake.Kind{
		Name:   record.Account,
		Own:    []string{"客户", "公司", "企业", "account", "customer", "company"},
		Read:   func(t *intake.Table) error { return intake.PartOf[*Accounts](t.Run).read(t) },
		Undo:   &intake.Undo{Unmake: i.Accounts.Unrecord, Restore: i.restore},
		Points: map[string]string{"ownerId": "owner", "parentId": "parent"},
		Ours:   i.Accounts.Known,
		Choices: func(_ context.Context, _ database.Tx, a org.Actor, _ string) (map[string][]string, error) {
			return map[string][]string{"owner": intake.Present(a)}, nil
		},
		Targets: intake.Titled([]intake.Target{
			{Name: "externalId", Holds: intake.OneEach, Columns: []string{"account id", "customer id", "id", "客户编号", "编号", "客户id", "客户代码", "record id", "账户编号",
				"customer code", "编码"}},
			{Name: "name", Required: true, Holds: intake.Companies, Columns: []string{"account name", "account", "customer name", "customer", "客户名称", "客户", "company name",
				"company", "name", "公司名称", "单位名称", "客户全称", "企业名称", "公司", "单位", "organization", "名称", "client", "store name"}},
			{Name: "industry", Holds: intake.Words, Columns: []string{"industry", "sector", "行业", "所属行业", "行业分类", "business type", "行业类别"}},
			{Name: "region", Holds: intake.Words, Columns: []string{"region", "区域", "地区", "office location", "country", "province", "省份", "所在地", "所在地区", "city", "城市", "billing country",
				"territory", "大区", "所属区域", "location", "state"}},
			{Name: "class", Holds: intake.Few, Columns: []string{"class", "tier", "segment", "等级", "级别", "客户级别", "客户等级", "客户分级", "客户类型", "account type", "type", "rating", "客户类别"}},
			{Name: "owner", Holds: intake.Persons, Columns: []string{"owner", "account owner", "sales rep", "负责人", "所有人", "业务员", "客户经理", "跟进人", "销售", "销售员", "归属人",
				"account manager", "company owner", "salesperson", "责任人"}},
			{Name: "parent", Holds: intake.Companies, Columns: []string{"parent account", "parent", "subsidiary of", "上级客户", "母公司", "集团", "所属集团", "上级单位", "parent company",
				"总公司", "上级公司"}},
			{Name: "createdOn", Date: true, Columns: []string{"created date", "created on", "created", "创建日期", "创建时间", "建档日期", "录入时间", "create date", "created time", "建立日期", "登记日期"}},
			{Name: "custom."},
		}, accounttable.Accounts),
	}
}

func (i Importer) contacts() intake.Kind {
	return intake.Kind{
		Name:    record.Contact,
		Own:     []string{"联系人", "contact"},
		Suggest: suggestName,
		After:   []string{record.Account},
		Read:    func(t *intake.Table) error { return intake.PartOf[*Accounts](t.Run).people(t) },
		Undo:    &intake.Undo{Unmake: i.unmakeContact, Restore: i.restoreContact},
		Points:  map[string]string{"accountId": "account"},
		Ours:    i.Accounts.KnownContacts,
		Targets: intake.Titled([]intake.Target{
			{Name: "externalId", Holds: intake.OneEach, Columns: []string{"contact id", "id", "联系人编号", "编号", "record id", "联系人id"}},
			{Name: "name", Required: true, Holds: intake.Persons, Columns: []string{"contact name", "contact", "full name", "name", "联系人", "姓名", "联系人姓名", "客户联系人", "名字", "first name", "last name", "姓"}},
			{Name: "account", Holds: intake.Companies, Columns: []string{"account name", "account", "company", "customer", "客户名称", "客户", "公司", "单位", "公司名称", "所属客户", "单位名称",
				"company name", "organization", "associated company", "所在单位"}},
			{Name: "department", Holds: intake.Words, Columns: []string{"department", "dept", "division", "部门", "所属部门", "所在部门", "联系人部门", "科室"}},
			{Name: "title", Holds: intake.Words, Columns: []string{"title", "job title", "position", "职务", "职位", "岗位", "role", "头衔"}},
			{Name: "mobile", Holds: intake.Phones, Columns: []string{"mobile", "mobile phone", "cell", "手机", "手机号", "手机号码", "移动电话", "联系方式", "联系电话", "mobile phone number"}},
			{Name: "phone", Holds: intake.Phones, Columns: []string{"phone", "telephone", "电话", "座机", "办公电话", "固定电话", "phone number", "business phone", "固话", "tel"}},
			{Name: "email", Holds: intake.Emails, Columns: []string{"email", "e-mail", "邮箱", "电子邮箱", "邮件", "email address", "电子邮件"}},
			{Name: "wechat", Columns: []string{"wechat", "微信", "微信号", "wechat id"}},
			{Name: "inPost", Columns: []string{"在职状态", "任职状态", "是否在职", "employment status"}},
		}, accounttable.Contacts),
	}
}

// suggestName brings a person's names together where two columns have them: {First Name} {Last Name}, {姓}{名}.
func suggestName(_ context.Context, _ database.Tx, _ org.Actor, f *intake.FileSpec, s *intake.Sample) error {
	column := map[string]string{}
	for _, h := range s.Header {
		column[form.NameOf(h).Key()] = strings.TrimSpace(h)
	}
	first, last, between := column["first name"], column["last name"], " "
	if first == "" || last == "" {
		first, last, between = column["名"], column["姓"], ""
	}
	if first == "" || last == "" {
		return nil
	}
	inHan := func(text string) bool {
		return strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	}
	name := "{" + first + "}" + between + "{" + last + "}"
	if between == "" || slices.ContainsFunc(s.Values(last), inHan) {
		name = "{" + last + "}{" + first + "}"
	}
	f.Columns["name"] = intake.Cell{Template: name}
	return nil
}

// restore gives back what an import found of an account.
func (i Importer) restore(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change) (back, kept bool, err error) {
	r := account.Restated{Left: c.Left(), BatchID: c.BatchID}
	if r.Before, r.After, err = stated(c); err != nil {
		return false, false, err
	}
	return i.Accounts.Unstate(ctx, tx, a, r)
}

// restoreContact gives back what an import found of a person.
func (i Importer) restoreContact(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change) (back, kept bool, err error) {
	withdrawn, err := i.Proposals.Withdraw(ctx, tx, a, c.BatchID, c.ID)
	if err != nil {
		return false, false, err
	}
	before, after := map[string]string{}, map[string]string{}
	if c.Before == "" && c.After == "" { // of somebody who was erased
		return false, false, nil
	}
	if err := c.Stated(&before, &after); err != nil {
		return false, false, err
	}
	back, kept, err = i.Accounts.UnstateContact(ctx, tx, a, c.ID, before, after)
	return back || withdrawn > 0, kept, err
}

// unmakeContact takes back what was proposed with somebody as the successor, and then him.
func (i Importer) unmakeContact(ctx context.Context, tx database.Tx, a org.Actor, left record.Left) (bool, error) {
	if _, err := i.Proposals.Withdraw(ctx, tx, a, left.BatchID, left.ID); err != nil {
		return false, err
	}
	return i.Accounts.UnrecordContact(ctx, tx, a, left)
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
