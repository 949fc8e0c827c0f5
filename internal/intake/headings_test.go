package intake_test

import (
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
)

// TestHeadingsOfOtherPlaces: columns are found by what they are called in other languages and scripts, in
// headers of several lines, and by what they hold; the id of a customer is no deal's.
func TestHeadingsOfOtherPlaces(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t)) // nothing of it is the database's
	for _, c := range []struct{ name, text, kind, columns string }{
		{"German", "Projekt;Kunde;Verantwortlich;Phase;Betrag;Erstellt am\nA;Müller GmbH;Eva Kern;Angebot;1,5;13.02.2026\n", "opportunity",
			"name=Projekt account=Kunde owner=Verantwortlich stage=Phase amount=Betrag createdOn=Erstellt_am"},
		{"French", "Opportunité;Société;Propriétaire;Étape;Montant;Date de création\nA;Martin SA;Eva Kern;Offre;1,5;13/02/2026\n", "opportunity",
			"name=Opportunité account=Société owner=Propriétaire stage=Étape amount=Montant createdOn=Date_de_création"},
		{"of Taiwan", "專案名稱,客戶名稱,業務,階段,金額,建立日期\n甲,高雄公司,陳志明,提案,100,2026/3/4\n", "opportunity",
			"name=專案名稱 account=客戶名稱 owner=業務 stage=階段 amount=金額 createdOn=建立日期"},
		{"Japanese", "案件名,顧客名,担当者,フェーズ,金額,受注予定日\n甲,東京株式会社,田中太郎,提案,100,2026年3月4日\n", "opportunity",
			"name=案件名 account=顧客名 owner=担当者 stage=フェーズ amount=金額 expectedOn=受注予定日"},
		{"of two lines", "项目,,客户,阶段,金额,\n编号,名称,,,预计(万元),币种\nA1,甲,甲公司,方案,3,CNY\nA2,乙,乙公司,报价,4,CNY\n", "opportunity",
			"amount=金额_预计(万元) currency=金额_币种 externalId=项目_编号"},
		{"with ids of a system", "(Do Not Modify) Opportunity,Topic,Account,Contact,Status\n5f0c1a2e-1111-4aaa-8bbb-000000000001,A,Contoso,,Open\n" +
			"5f0c1a2e-1111-4aaa-8bbb-000000000002,B,Contoso,,Won\n", "opportunity", "externalId=(Do_Not_Modify)_Opportunity name=Topic lastContactOn="},
		{"with a customer's id", "客户编号,客户名称,项目名称,阶段,金额\nK1,甲公司,甲,方案,1\nK1,甲公司,乙,报价,2\nK2,乙公司,丙,方案,3\nK3,丙公司,丁,方案,3\n", "opportunity",
			"externalId= name=项目名称 account=客户名称"},
		{"with an amount called otherwise", "单位:万元,,,\n项目名称,客户,阶段,合同预估\n甲,甲公司,方案,1\n乙,乙公司,报价,2\n", "opportunity", "amount=合同预估"},
		{"with stages called by their rates", "项目名称,客户,项目阶段\n" + strings.Repeat("甲,甲公司,10%\n乙,乙公司,50%\n丙,丙公司,100%\n", 4), "opportunity", "stage=项目阶段"},
		{"with most columns called as ours", "商机名称,客户名称,负责人,阶段,金额\n甲,甲公司,张伟,方案,1\n乙,乙公司,李娜,报价,2\n", "opportunity",
			"name=商机名称 account=客户名称 owner=负责人 stage=阶段 amount=金额"},
		{"with most columns called as ours in English", "Opportunity Name,Account,Owner,Stage,Amount,Currency\nA,Acme,Ann Lee,Lead,1,USD\nB,Beta,Bob Ray,Lead,2,USD\n", "opportunity",
			"name=Opportunity_Name account=Account owner=Owner"},
		{"a list of prices", "产品编码,产品名称,产品系列,单位,标准价(元),状态\nP1,变频器A1,A系列,台,1000,在售\nP2,变频器A2,B系列,台,2000,在售\n", "product",
			"name=产品名称 series=产品系列 listPrice=标准价(元)"},
		{"an address book", "First Name,Last Name,Company,Job Title,E-mail Address,Mobile Phone\nEva,Weber,Krause AG,Buyer,eva@example.com,+49 170 1234567\n" +
			"Jan,Vogel,Müller GmbH,CTO,jan@example.com,+49 170 1234568\n", "contact", "account=Company title=Job_Title email=E-mail_Address mobile=Mobile_Phone"},
		{"a log of beginnings and ends", "Case ID,Activity,Start Timestamp,Complete Timestamp\n1,A,2026-01-01 10:00,2026-01-02 10:00\n1,B,2026-01-02 10:00,2026-01-03 10:00\n",
			"events", "time=Start_Timestamp"},
		{"a history of stages", "Opportunity ID,Opportunity Name,From Stage,To Stage,Edited By,Last Modified\n1,甲,,A,Jane Roe,2026-01-01 10:00\n1,甲,A,B,Jane Roe,2026-01-03 10:00\n",
			"events", "activity=To_Stage time=Last_Modified owner=Edited_By"},
	} {
		id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "x.csv"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := p.Mapping.Files[0]
		if got.Kind != c.kind {
			t.Errorf("%s: taken for %s", c.name, got.Kind)
		}
		for _, pair := range strings.Fields(c.columns) {
			target, column, _ := strings.Cut(pair, "=")
			if strings.ReplaceAll(got.Columns[target].Column, " ", "_") != column {
				t.Errorf("%s: %s is %q of %q, want %s", c.name, target, got.Columns[target].Column, p.Header, column)
			}
		}
	}
}
