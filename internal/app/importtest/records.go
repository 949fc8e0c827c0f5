// Package importtest makes files as companies keep them, of records that are known: the records come
// first, a file is one way to write them down, and what it says is worked out from both, by rules of
// its own. It shares nothing with what reads files.
package importtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what a field's cells are.
type Kind string

// Kinds of cells.
const (
	Text   Kind = "text"
	Amount Kind = "amount" // "12345 CNY": minor units and the currency
	Day    Kind = "day"    // 2026-05-01
	Rate   Kind = "rate"   // basis points
)

// Field is one of a record's, under the name the program has for it, and what people head it by, by
// language.
type Field struct {
	Target string
	Kind   Kind
	Ahead  bool // of days: of what is to come
	Names  map[string][]string
}

// Record is what is true: values by target, as texts of the field's kind; one that is not there is
// not known.
type Record map[string]string

// dealFields are those of a deal. The first four are in every file.
var dealFields = []Field{
	{"name", Text, false, map[string][]string{
		"zh": {"商机名称", "项目名称", "项目", "商机", "机会名称", "商机主题"}, "tw": {"商機名稱", "專案名稱"},
		"en": {"Opportunity Name", "Deal Name", "Deal", "Opportunity", "Project Name", "Topic"}, "de": {"Opportunity Name", "Deal Name"}}},
	{"account", Text, false, map[string][]string{
		"zh": {"客户名称", "客户", "客户单位", "公司名称", "甲方", "客户全称", "最终用户", "单位名称"}, "tw": {"客戶名稱", "客戶"},
		"en": {"Account Name", "Customer", "Company", "Client", "Account", "Customer Name", "Organization"}, "de": {"Account", "Customer Name"}}},
	{"stage", Text, false, map[string][]string{
		"zh": {"阶段", "销售阶段", "商机阶段", "项目阶段", "当前阶段", "项目进度", "状态", "项目状态"}, "tw": {"階段", "銷售階段"},
		"en": {"Stage", "Sales Stage", "Deal Stage", "Status", "Pipeline Stage", "Stage Name"}, "de": {"Stage", "Status"}}},
	{"amount", Amount, false, map[string][]string{
		"zh": {"金额", "预计金额", "商机金额", "合同金额", "项目金额", "合同额", "预计合同额", "签约金额"}, "tw": {"金額", "預計金額"},
		"en": {"Amount", "Deal Value", "Value", "Deal Size", "Total Amount", "Contract Value", "Revenue"}, "de": {"Amount", "Deal Value"}}},
	{"externalId", Text, false, map[string][]string{
		"zh": {"编号", "商机编号", "项目编号", "单号", "商机ID"}, "tw": {"編號", "商機編號"},
		"en": {"ID", "Opportunity ID", "Deal ID", "Record ID", "Opportunity Number", "Deal No."}, "de": {"ID", "Deal ID"}}},
	{"owner", Text, false, map[string][]string{
		"zh": {"负责人", "销售", "业务员", "客户经理", "销售员", "跟进人", "销售负责人"}, "tw": {"負責人", "業務員"},
		"en": {"Owner", "Sales Rep", "Opportunity Owner", "Salesperson", "Account Executive", "Assigned To"}, "de": {"Owner", "Sales Rep"}}},
	{"product", Text, false, map[string][]string{
		"zh": {"产品", "产品线", "产品名称", "产品类别"}, "tw": {"產品", "產品線"}, "en": {"Product", "Product Line", "Product Family"}, "de": {"Product"}}},
	{"createdOn", Day, false, map[string][]string{
		"zh": {"创建日期", "创建时间", "录入日期", "立项日期", "登记日期", "报备日期"}, "tw": {"建立日期"},
		"en": {"Created Date", "Created On", "Create Date", "Created", "Open Date"}, "de": {"Created", "Created On"}}},
	{"closedOn", Day, false, map[string][]string{
		"zh": {"成交日期", "关闭日期", "结单日期", "结束日期"}, "tw": {"結案日期", "關閉日期"},
		"en": {"Close Date", "Closed Date", "Closed On", "Actual Close Date"}, "de": {"Closed", "Close Date"}}},
	{"expectedOn", Day, true, map[string][]string{
		"zh": {"预计成交日期", "预计签约日期", "预计签单日期", "预计成交时间", "预计签约时间"}, "tw": {"預計成交日期"},
		"en": {"Expected Close Date", "Est. Close Date", "Expected Close", "Estimated Close Date", "Forecast Close Date"}, "de": {"Expected Close"}}},
	{"confidence", Rate, false, map[string][]string{
		"zh": {"赢率", "把握", "成功率", "可能性", "成单概率"}, "tw": {"贏率"}, "en": {"Probability", "Win Rate", "Confidence"}, "de": {"Probability"}}},
	{"source", Text, false, map[string][]string{
		"zh": {"来源", "商机来源", "线索来源", "客户来源"}, "tw": {"來源"}, "en": {"Lead Source", "Source", "Original Source"}, "de": {"Source"}}},
	{"region", Text, false, map[string][]string{
		"zh": {"区域", "大区", "地区", "省份", "所属区域"}, "tw": {"區域"}, "en": {"Region", "Territory", "Area"}, "de": {"Region"}}},
	{"lossReason", Text, false, map[string][]string{
		"zh": {"丢单原因", "输单原因", "失败原因", "未中标原因"}, "tw": {"輸單原因"}, "en": {"Loss Reason", "Lost Reason", "Closed Lost Reason"}, "de": {"Loss Reason"}}},
	{"competitor", Text, false, map[string][]string{
		"zh": {"竞争对手", "竞品", "对手"}, "tw": {"競爭對手"}, "en": {"Competitor", "Main Competitor"}, "de": {"Competitor"}}},
}

// vocabulary is what the texts of one language's files are made of.
type vocabulary struct {
	places, trades, tails, works, people, products, sources, regions, reasons, rivals, odd []string
	stages                                                                                 [][]string // on the way; then won, then lost
}

var words = map[string]vocabulary{
	"zh": {
		places:   []string{"江北", "城东", "滨海", "南山", "河西", "云岭", "金湖", "临港", "合计", "北苑"},
		trades:   []string{"机电", "医疗", "能源", "化工", "物流", "软件", "建材", "食品", "总计科技"},
		tails:    []string{"有限公司", "股份有限公司", "集团", "（中国）有限公司", "研究院", "一厂"},
		works:    []string{"产线改造", "仓储系统", "培训平台", "安防升级", "数据中心", "设备采购", "节能改造", "质检系统"},
		people:   []string{"陈露", "小李", "周涛", "王伟", "李芳", "欧阳静", "张敏", "买买提·艾力"},
		products: []string{"主轴", "磨床", "MES 系统", "仓储机器人", "5G 模组"}, sources: []string{"展会", "转介绍", "官网", "电话销售", "老客户/复购"},
		regions: []string{"华东", "华南", "华北", "西南"}, reasons: []string{"价格太高", "客户预算取消，明年再议", "技术指标不满足", "选了别家"}, rivals: []string{"甲方案商", "乙自动化"},
		odd: []string{"合计平台建设", "小计系统", "2026年二期", "3/4号楼改造", "00042号项目", "“双引号”与,逗号", "约定采购", "10-20层弱电", "1e5项目", "《总包》(二标段)",
			"𠮷野家门店", "=SUM平台", "100%国产化", "待定区改造", "万元商店", "A&B<测试>"},
		stages: [][]string{{"线索", "需求确认", "方案", "商务谈判", "赢单", "输单"}, {"1-初步接触", "2-需求调研", "3-方案报价", "4-合同谈判", "赢单", "丢单"},
			{"机会", "报价", "中标", "丢单"}, {"潜在客户", "立项", "投标", "谈判", "成交", "流失"}},
	},
	"tw": {
		places: []string{"台北", "新竹", "高雄", "臺中"}, trades: []string{"機電", "醫療", "能源", "軟體"}, tails: []string{"股份有限公司", "有限公司", "企業社"},
		works: []string{"產線改造", "倉儲系統", "設備採購", "資料中心"}, people: []string{"陳志明", "林美玲", "黃國華"}, products: []string{"主軸", "伺服器"},
		sources: []string{"展會", "轉介"}, regions: []string{"北區", "南區"}, reasons: []string{"價格太高", "預算取消"}, rivals: []string{"甲公司"}, odd: []string{"總計平台", "二期工程"},
		stages: [][]string{{"初步接觸", "需求確認", "報價", "談判", "成交", "失敗"}},
	},
	"en": {
		places: []string{"Northwind", "Acme", "Total", "Blue River", "O'Neill", "Summit"}, trades: []string{"Energy", "Foods", "Software", "Logistics", "Sum"},
		tails: []string{"Ltd", "Inc.", "GmbH", "& Sons", "Group"}, works: []string{"Line upgrade", "Warehouse system", "Data center", "Training platform"},
		people: []string{"Ann Smith", "Bob O'Hara", "Carla Díaz", "Jean-Luc Petit"}, products: []string{"Spindle", "MES", "Router X-200"},
		sources: []string{"Trade show", "Referral", "Web, organic"}, regions: []string{"EMEA", "North", "APAC"}, reasons: []string{"Price too high", "Budget cut; next year", "Feature gap"},
		rivals: []string{"Globex", "Initech"}, odd: []string{"Total quality program", "\"Quoted\", with comma", "March 2026 renewal", "24/7 support", "1,000 seats", "Project 00042"},
		stages: [][]string{{"Qualification", "Needs Analysis", "Proposal", "Negotiation", "Closed Won", "Closed Lost"}, {"Lead", "Demo", "Quote", "Won", "Lost"},
			{"1. Discovery", "2. Solution", "3. Contract", "Won", "Lost"}},
	},
	"de": {
		places: []string{"München", "Köln", "Süd", "Größe"}, trades: []string{"Maschinenbau", "Bäckerei", "Energie", "Straßenbau"}, tails: []string{"GmbH", "AG", "KG"},
		works: []string{"Anlage", "Lagersystem", "Schulung"}, people: []string{"Jürgen Groß", "Änne Müller", "Zoë Weiß"}, products: []string{"Fräse", "Spindel"},
		sources: []string{"Messe", "Empfehlung"}, regions: []string{"Süd", "Nord"}, reasons: []string{"Preis zu hoch", "Verschoben"}, rivals: []string{"Wettbewerber A"},
		odd: []string{"Übergröße; Teil 2", "Café-Ausbau"}, stages: [][]string{{"Lead", "Angebot", "Verhandlung", "gewonnen", "verloren"}},
	},
}

// Book is a company's deals, or customers, or the people there, as they are, and in whose words.
type Book struct {
	Kind     string // as the program calls it: opportunity, account, contact
	Language string
	Way      []string // the stages on the way, in order
	Won      string
	Lost     string
	Deals    []Record // or what the book is of
}

// NewBook makes so many deals of a language, up to a day.
func NewBook(r *rand.Rand, language string, deals int, today time.Time) Book {
	v := words[language]
	stages := v.stages[r.IntN(len(v.stages))]
	b := Book{Kind: "opportunity", Language: language, Way: stages[:len(stages)-2], Won: stages[len(stages)-2], Lost: stages[len(stages)-1]}
	names := map[string]bool{}
	currency := "CNY"
	if r.IntN(6) == 0 {
		currency = pick(r, []string{"USD", "EUR", "HKD"})
	}
	for i := range deals {
		d := b.deal(r, v, i, currency, today)
		for names[strings.ToLower(d["name"])] {
			d["name"] += " " + strconv.Itoa(i)
		}
		names[strings.ToLower(d["name"])] = true
		b.Deals = append(b.Deals, d)
	}
	if b.Way[0] == "机会" { // the pipeline every company begins with has it
		b.Deals[0]["stage"], b.Deals[1]["stage"] = "机会", "报价"
		for _, d := range b.Deals[:2] {
			delete(d, "closedOn")
			delete(d, "lossReason")
			delete(d, "competitor")
		}
	}
	return b
}

func (b Book) deal(r *rand.Rand, v vocabulary, i int, currency string, today time.Time) Record {
	space := ""
	if b.Language == "en" || b.Language == "de" {
		space = " "
	}
	d := Record{
		"externalId": []string{fmt.Sprintf("D-%d", 1000+i), fmt.Sprintf("%05d", i+42)}[i%2],
		"account":    strings.Join([]string{pick(r, v.places), pick(r, v.trades), pick(r, v.tails)}, space),
		"owner":      pick(r, v.people), "product": pick(r, v.products), "source": pick(r, v.sources), "region": pick(r, v.regions),
		"confidence": strconv.Itoa(100 * 5 * (1 + r.IntN(19))),
	}
	d["name"] = pick(r, v.places) + space + pick(r, v.works) + space + strconv.Itoa(i+1)
	if r.IntN(6) == 0 {
		d["name"] = pick(r, v.odd)
	}
	d["amount"] = fmt.Sprint(amountOf(r), " ", currency)
	created := today.AddDate(0, 0, -20-r.IntN(500))
	d["createdOn"] = created.Format(time.DateOnly)
	switch at := r.IntN(len(b.Way) + 3); {
	case at < len(b.Way):
		d["stage"] = b.Way[at]
		d["expectedOn"] = today.AddDate(0, 0, r.IntN(300)-30).Format(time.DateOnly)
	case at == len(b.Way):
		d["stage"] = b.Lost
		d["lossReason"] = pick(r, v.reasons)
		d["competitor"] = pick(r, v.rivals)
	default:
		d["stage"] = b.Won
	}
	if d["stage"] == b.Won || d["stage"] == b.Lost {
		days := int(today.Sub(created).Hours() / 24)
		d["closedOn"] = created.AddDate(0, 0, 1+r.IntN(days)).Format(time.DateOnly)
	}
	for _, key := range []string{"amount", "owner", "product", "expectedOn", "confidence", "source", "region", "lossReason", "competitor"} {
		if r.IntN(8) == 0 {
			delete(d, key)
		}
	}
	return d
}

// amountOf is an amount in hundredths, mostly round.
func amountOf(r *rand.Rand) int64 {
	switch r.IntN(6) {
	case 0:
		return 1 + r.Int64N(99_999_999)
	case 1:
		return 100 * (1 + r.Int64N(3_000_000))
	case 2:
		return 12_345_600_000 * (1 + r.Int64N(9))
	}
	return 500_000 * (1 + r.Int64N(400))
}

// Sorted are deals by account, as a ledger with merged customers has them.
func Sorted(deals []Record) []Record {
	out := slices.Clone(deals)
	slices.SortStableFunc(out, func(a, b Record) int { return strings.Compare(a["account"], b["account"]) })
	return out
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }
