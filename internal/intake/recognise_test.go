package intake_test

import (
	"bufio"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/intake/form"
)

// known is a file whose columns we know: header and some rows, or where it lies beside the
// repository. A column that no field of ours is for is "-".
type known struct {
	name, kind string
	text, path string
	columns    string // targets in the order of the columns, separated by blanks
	learned    string // names our fields have from this file alone, separated by commas
}

// ours are files as companies and other systems write them.
var ours = []known{
	{name: "台账.xlsx", kind: "opportunity", text: `序号,项目名称,客户全称,对接销售,项目进展,预计合同额(万元),预计签单时间,信息来源,备注
1,一期改造,华东机电有限公司,张伟,已报价,98,12月底,展会,急
2,二期改造,江北医院,李娜,方案沟通,约60,2026年Q3,老客户,
3,培训系统,城建集团,张伟,中标,待定,2026/3/5,转介绍,
`, columns: "- name account owner stage amount expectedOn source -"},
	{name: "商机导出.csv", kind: "opportunity", text: `商机编号,商机名称,客户名称,负责人,商机阶段,商机金额(元),预计成交日期,赢率(%),输单原因,创建时间,最后跟进时间,归属部门
SJ001,甲项目,甲公司,王芳,需求确认,120000.00,2026-09-30,30%,,2026-01-04 09:12,2026-02-01 10:00,华东部
SJ002,乙项目,乙公司,刘洋,赢单,88000.00,2026-03-31,100%,,2026-01-05 10:12,2026-02-03 11:00,华南部
SJ003,丙项目,丙公司,王芳,输单,50000.00,2026-02-28,0%,价格高,2026-01-06 11:12,2026-02-05 12:00,华东部
`, columns: "externalId name account owner stage amount expectedOn confidence lossReason createdOn lastContactOn -"},
	{name: "opportunities.csv", kind: "opportunity", text: `Opportunity Name,Account Name,Stage,Amount,Amount Currency,Close Date,Created Date,Opportunity Owner,Probability (%),Lead Source,Type,Next Step
Acme - 200 Widgets,Acme Inc,Prospecting,15000,USD,3/31/2026,1/4/2026,Jane Roe,10,Web,New Business,Call back
Globex - Pilot,Globex Corporation,Closed Won,75000,USD,1/15/2026,11/2/2025,John Smith,100,Referral,Existing Business,
Initech - Support,Initech LLC,Negotiation,20000,USD,4/30/2026,1/20/2026,Jane Roe,60,Web,New Business,Send offer
`, columns: "name account stage amount currency closedOn createdOn owner confidence source - -"},
	{name: "deals.csv", kind: "opportunity", text: `Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date,Associated Company,Pipeline,Closed Lost Reason,Last Activity Date
501,Pilot Globex,Contract Sent,2026-04-02 10:00,John Smith,7000,2026-01-03 09:00,Globex Corporation,Sales Pipeline,,2026-03-02 12:00
502,Rollout Initech,Closed Lost,2026-02-02 10:00,Jane Roe,9000,2025-12-03 09:00,Initech LLC,Sales Pipeline,Too expensive,2026-01-30 12:00
503,Support Acme,Appointment Scheduled,2026-05-02 10:00,John Smith,12000,2026-02-03 09:00,Acme Inc,Sales Pipeline,,2026-03-01 12:00
`, columns: "externalId name stage closedOn owner amount createdOn account - lossReason lastContactOn"},
	{name: "pd.csv", kind: "opportunity", text: `ID,Title,Value,Currency,Organization,Contact person,Owner,Stage,Deal created,Expected close date,Lost reason,Label
11,Pilot,1200.50,EUR,Müller GmbH,Eva Weber,Hans Maier,Qualified,04.05.2026,30.09.2026,,hot
12,Rollout,9000.00,EUR,Krause AG,Jan Vogel,Hans Maier,Proposal Made,14.05.2026,31.10.2026,,warm
13,Umbau,700.00,EUR,Weber KG,Uwe Kern,Lena Wolf,Lost,24.02.2026,28.02.2026,Budget,cold
`, columns: "externalId name amount currency account - owner stage createdOn expectedOn lossReason -"},
	{name: "dyn.csv", kind: "opportunity", text: `Topic,Potential Customer,Est. Close Date,Est. Revenue,Status,Owner,Created On,Rating
Server refresh,Contoso Ltd,2026-06-30,"$120,000.00",Open,Kim Park,2026-01-30,Hot
Licences,Fabrikam Inc,2026-05-31,"$30,000.00",Won,Kim Park,2026-01-12,Warm
Wan,Litware Inc,2026-04-30,"$45,500.00",Lost,Ali Khan,2026-02-11,Cold
`, columns: "name account expectedOn amount stage owner createdOn -"},
	{name: "客户资料.xlsx", kind: "account", text: `客户编号,客户名称,所属行业,客户级别,所在省份,客户经理,建档日期,地址
K001,江南电机有限公司,制造,A,江苏,陈静,2024/3/1,苏州路1号
K002,滨海医院,医疗,B,山东,赵磊,2024/5/9,海滨路2号
K003,北方能源集团,能源,A,辽宁,陈静,2025/1/6,能源路3号
`, columns: "externalId name industry class region owner createdOn -"},
	{name: "联系人.csv", kind: "contact", text: `姓名,性别,所属客户,职务,手机号码,电子邮箱,微信号
王建国,男,江南电机有限公司,采购经理,13800138000,wjg@example.com,wjg1
李秀英,女,滨海医院,信息科主任,13900139000,lxy@example.com,lxy2
`, columns: "name - account title mobile email wechat"},
	{name: "contacts.csv", kind: "contact", text: `Full Name,Company,Job Title,Email Address,Mobile Phone,City
Eva Weber,Müller GmbH,Buyer,eva@example.com,+49 170 1234567,Köln
Jan Vogel,Krause AG,CTO,jan@example.com,+49 171 7654321,Bonn
`, columns: "name account title email mobile -"},
	{name: "产品价格表.xlsx", kind: "product", text: `品名,产品系列,标准单价(元),规格
变频器A1,变频器,12000,380V
伺服S2,伺服,8000,220V
`, columns: "name series listPrice -"},
	{name: "团队.csv", kind: "member", text: `员工姓名,所属部门,直接上级,手机,邮箱,入职时间
张伟,华东销售部,陈静,13700137000,zw@example.com,2022-03-01
李娜,华南销售部,赵磊,13600136000,ln@example.com,2023-07-15
`, columns: "name team manager phone email joinedOn"},
	{name: "阶段变更记录.csv", kind: "events", text: `商机编号,变更后阶段,变更时间,操作人,备注
SJ001,线索,2026-01-04 09:12:00,王芳,
SJ001,需求确认,2026-01-14 10:12:00,王芳,
SJ002,线索,2026-01-05 09:00:00,刘洋,
SJ002,赢单,2026-02-05 09:00:00,刘洋,
`, columns: "case activity time owner -"},
}

// others are real and public data, as their folder describes them.
var others = []known{
	{name: "sales_pipeline.csv", kind: "opportunity", path: "maven-crm-sales/sales_pipeline.csv", columns: "externalId owner product account stage createdOn closedOn amount", learned: "engage date,close value"},
	{name: "accounts.csv", kind: "account", path: "maven-crm-sales/accounts.csv", columns: "name industry - - - region parent", learned: "subsidiary of,office location"},
	{name: "products.csv", kind: "product", path: "maven-crm-sales/products.csv", columns: "name series listPrice"},
	{name: "sales_teams.csv", kind: "member", path: "maven-crm-sales/sales_teams.csv", columns: "name manager region", learned: "regional office"},
	{name: "deals_2011_2017.csv", kind: "opportunity", path: "it-services-bids/deals_2011_2017.csv",
		columns: "- account.class product createdOn account.industry region - owner amount stage", learned: "client category,solution type,deal cost,deal date,status code"},
	{name: "helpdesk.csv", kind: "events", path: "helpdesk-log/helpdesk.csv", columns: "case - activity - owner time"},
	{name: "store.csv", kind: "account", path: "adventureworks-sales/store.csv", columns: "externalId name owner - - - industry - - - - -", learned: "business type,store name"},
}

// TestRecognition measures how many columns of a file nobody has seen are recognised: each is read
// without the names our fields have from it, of which nine in ten columns are to be right; and, since
// our own files are called as we know that people call things, without any name it has itself.
func TestRecognition(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t)) // nothing of it is the database's
	files := ours
	for _, f := range others {
		raw, err := os.ReadFile(filepath.Join("../../../shared/data", f.path))
		if err != nil {
			t.Logf("%s is not read: %v", f.path, err)
			continue
		}
		f.text = firstLines(string(raw), 300)
		files = append(files, f)
	}
	blind := tell(t, w, files, func(f known) map[string]bool { return keys(strings.Split(f.learned, ",")) })
	bare := tell(t, w, files, func(f known) map[string]bool { return keys(headings(f)) })
	t.Logf("columns recognised: %.1f %% without what was learned from the file, %.1f %% without every name it has", 100*blind, 100*bare)
	if blind < 0.9 || bare < 0.65 {
		t.Error("too few")
	}
}

func keys(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[form.NameOf(n).Key()] = true
	}
	return out
}

func firstLines(text string, n int) string {
	var out strings.Builder
	for s := bufio.NewScanner(strings.NewReader(text)); n > 0 && s.Scan(); n-- {
		out.WriteString(s.Text() + "\n")
	}
	return out.String()
}

// tell recognises each file and returns the share of columns that are right.
func tell(t *testing.T, w *apptest.World, files []known, unknown func(known) map[string]bool) float64 {
	right, all := 0, 0
	for _, f := range files {
		whole := w.Intake.Importers
		w.Intake.Importers = without(whole, unknown(f))
		id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader(f.text))
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: f.name})
		w.Intake.Importers = whole
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		spec := p.Mapping.Files[0]
		got := map[string]string{}
		for target, c := range spec.Columns {
			if !strings.HasPrefix(target, "entered.") {
				got[c.Column] = target
			}
		}
		for i, want := range strings.Fields(f.columns) {
			all++
			heading := strings.TrimSpace(p.Header[i])
			found := got[heading]
			if found == "" || spec.Kind != f.kind {
				found = "-"
			}
			if found == want {
				right++
			} else {
				t.Logf("%s (%s): %q is taken for %s, it is %s", f.name, spec.Kind, heading, found, want)
			}
		}
	}
	return float64(right) / float64(all)
}

func headings(f known) (out []string) {
	comma := csv.NewReader(strings.NewReader(f.text))
	comma.FieldsPerRecord, comma.LazyQuotes = -1, true
	row, _ := comma.Read()
	for _, h := range row {
		out = append(out, h)
	}
	return out
}

// lessNamed is an importer whose targets lack some names.
type lessNamed struct {
	intake.Importer
	without map[string]bool
}

func without(all []intake.Importer, names map[string]bool) (out []intake.Importer) {
	for _, i := range all {
		out = append(out, lessNamed{i, names})
	}
	return out
}

func (l lessNamed) Kinds() (out []intake.Kind) {
	for _, k := range l.Importer.Kinds() {
		targets := append([]intake.Target{}, k.Targets...)
		for i := range targets {
			var left []string
			for _, n := range targets[i].Columns {
				if !l.without[form.NameOf(n).Key()] {
					left = append(left, n)
				}
			}
			targets[i].Columns = left
		}
		k.Targets = targets
		out = append(out, k)
	}
	return out
}
