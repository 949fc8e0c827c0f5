package server_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// oddNames are names that a table or a spreadsheet may take for something else.
var oddNames = []string{"+86项目", "=1+1", "-", "@提及", "'=已加撇号", "''", "\"引号\", 逗号; 分号", "ACME (中国)", "合计", "0042", "1.38E10", "2026-03-05",
	"待定", "未知", "＋全角", "50%", "emoji 🚀 项目", "R&D <b>", "三;四:五"}

// smallTripper is a company with what the demo has not: own fields of every type, amounts in several
// currencies, odd names, and every way a deal ends.
func smallTripper(t *testing.T, db *database.DB) (tripper, *apptest.World) {
	t.Helper()
	w, c, _ := senderOn(t, db)
	admin := func() org.Actor { return w.As("管理员") }
	for _, f := range []field.Field{
		{Key: "memo", Label: "说明", Type: field.Text}, {Key: "units", Label: "台数", Type: field.Number}, {Key: "budget", Label: "预算", Type: field.Money},
		{Key: "delivery", Label: "交付日", Type: field.Date}, {Key: "grade", Label: "等级", Type: field.Choice, Options: []string{"A 级", "无", "未知"}},
		{Key: "engineer", Label: "工程师", Type: field.Person}, {Key: "amount2", Label: "金额", Type: field.Text}, {Key: "owner2", Label: "Owner", Type: field.Text},
	} {
		f.Record = "opportunity"
		_, err := w.Fields.Define(w.Ctx, admin(), f)
		noError(t, err)
	}
	var products []string
	for _, name := range []string{"主轴", "导轨: \"重载\"", "控制; 系统", "=服务"} {
		p, err := w.Accounts.AddProductLine(w.Ctx, admin(), account.ProductLine{Name: name})
		noError(t, err)
		products = append(products, p.ID)
	}
	var people []string
	for _, name := range []string{"刘工", "刘工", "王(总)", "-赵"} {
		people = append(people, w.Contact("陈露", name))
	}
	other, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "东方 (集团); 一厂"}, false)
	noError(t, err)
	for i := range 26 {
		name := fmt.Sprintf("项目 %d", i)
		if i < len(oddNames) {
			name = oddNames[i]
		}
		o := w.Opportunity("陈露", name)
		currency := []string{"CNY", "JPY", "KWD", "USD"}[i%4]
		amount, bp, on := int64(1_000_005+i), int64(i*37), calendar.Date("2026-06-30")
		lines := []opportunity.Line{{ProductLineID: products[i%4], AmountMinor: 5, Note: "备注"}, {ProductLineID: products[(i+1)%4], AmountMinor: amount - 5}}
		pa, pb := &amount, &bp
		patch := opportunity.Patch{AmountMinor: &pa, Currency: &currency, Lines: &lines, ExpectedOn: &on, Source: &name, Custom: field.Values{
			"memo": strings.Repeat("长 \"文\", 字; ", 40) + name, "units": fmt.Sprintf("%d.125", i-3), "budget": fmt.Sprintf("%d.50", i-3), "delivery": "2026-12-31",
			"grade": []string{"A 级", "无", "未知"}[i%3], "engineer": w.ID["小李"], "amount2": "=1+" + name, "owner2": name}}
		if i%2 == 0 {
			patch.ConfidenceBP = &pb
		}
		if i%3 == 0 {
			patch.AccountID = &other.ID
		}
		if i%5 == 0 {
			w.Supply("陈露", o.ID)
		}
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, patch)
		noError(t, err)
		noError(t, w.Opportunities.SetCompetitors(w.Ctx, w.As("陈露"), o.ID, 0, []string{[]string{"强敌; 公司", "对手", "+1"}[i%3]}))
		noError(t, w.Opportunities.SetContacts(w.Ctx, w.As("陈露"), o.ID, 0, []opportunity.DealContact{{ContactID: people[i%4], Role: "economic"}}))
		if i == 24 {
			noError(t, w.Opportunities.SetContacts(w.Ctx, w.As("陈露"), o.ID, 0, []opportunity.DealContact{
				{ContactID: people[0], Role: "economic"}, {ContactID: people[1], Role: "economic"}}))
		}
		ends := map[int]opportunity.MoveRequest{20: {To: "withdrawn", LossKind: "duplicate", Reason: "同 1"},
			21: {To: w.Stage("丢单"), LossKind: "competitor", Competitor: "强敌; 公司", Reason: "价格\n太高"},
			22: {To: w.Stage("丢单"), LossKind: "cancelled", Reason: "=取消"}}
		if m, ok := ends[i]; ok {
			_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, m)
			noError(t, err)
		}
	}
	return tripper{t, w.App, c, admin}, w
}
