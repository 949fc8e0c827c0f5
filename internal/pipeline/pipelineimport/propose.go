package pipelineimport

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yunchou/internal/intake"
	"yunchou/internal/pipeline"
	"yunchou/internal/text"
)

// What stages are called that end a deal, folded and in lower case.
var (
	wonWords = []string{"won", "closed won", "win", "赢单", "中标", "成交", "已成交", "已签约", "签约", "成功", "赢", "已签", "签单", "已签单", "已中标", "已赢单", "签约成功",
		"signed", "order received", "gewonnen", "gagné", "ganado", "已完成", "完成", "closed - won", "bid won", "closed/won", "成单", "已成单", "得标", "受注", "合同签订",
		"签订合同", "已签合同", "合同已签", "赢单关闭", "关闭赢单", "订单成交", "成交客户", "ganada", "gagnée", "vinta", "ganho", "closed win"}
	// doneWords are what comes after a deal is won.
	doneWords = []string{"交付", "交付中", "已交付", "实施", "实施中", "已实施", "验收", "已验收", "验收中", "回款", "已回款", "回款中", "开票", "已开票", "结项", "已结项", "质保", "售后"}
	lostWords = []string{"lost", "loss", "closed lost", "丢单", "输单", "失败", "未中标", "流失", "输", "已丢单", "已输单", "战败", "落标", "dead", "verloren", "perdu",
		"perdido", "丢标", "失单", "已流失", "closed - lost", "rejected", "bid lost", "closed/lost", "失标", "失注", "丢失", "已丢失", "输单关闭", "关闭输单", "perdida", "perdue", "persa", "perdido"}
	withdrawnWords = []string{"withdrawn", "作废", "无效", "已作废", "disqualified", "暂停", "搁置", "终止", "关闭", "已关闭", "撤销",
		"on hold", "abandoned"}
	// lossWords are names that say why a deal was lost, by the kind of loss.
	lossWords = map[string][]string{
		"tender_void": {"流标", "已流标", "废标", "已废标", "招标取消", "tender void", "tender cancelled"},
		"cancelled":   {"取消", "已取消", "项目取消", "客户取消", "cancelled", "canceled", "project cancelled"},
		"we_withdrew": {"放弃", "已放弃", "主动放弃", "弃标", "no bid", "we withdrew"},
	}
)

// KindOf tells what a stage's name says of how a deal ends: won, lost, or "withdrawn"; "" is a stage on
// the way.
func KindOf(name string) string {
	if LossOf(name) != "" {
		return string(pipeline.Lost)
	}
	key := stageKey(name)
	for _, end := range []struct {
		kind  string
		words []string
	}{{string(pipeline.Won), wonWords}, {string(pipeline.Lost), lostWords}, {"withdrawn", withdrawnWords}, {string(pipeline.Won), doneWords}} {
		if slices.Contains(end.words, key) {
			return end.kind
		}
	}
	for _, end := range []struct {
		kind  string
		words []string
	}{{string(pipeline.Won), wonWords}, {string(pipeline.Lost), lostWords}} {
		if slices.ContainsFunc(end.words, func(w string) bool { return goesOn(key, w) }) {
			return end.kind
		}
	}
	return ""
}

// LossOf is the kind of loss a stage's name speaks of: 流标 is a tender_void; "" is none.
func LossOf(name string) string {
	key := stageKey(name)
	for kind, words := range lossWords {
		if slices.Contains(words, key) {
			return kind
		}
	}
	return ""
}

// stageKey is a stage's name without its number, what stands in brackets, and its rate: "5-赢单(100%)" is 赢单.
func stageKey(name string) string {
	key := strings.ToLower(text.Simplified(text.Fold(name)))
	if key == "100%" { // of what is called by its rate
		return wonWords[0]
	}
	for _, cut := range []*regexp.Regexp{beside, number} {
		if bare := strings.TrimSpace(cut.ReplaceAllString(key, "")); bare != "" {
			key = bare
		}
	}
	return key
}

// beside is what may stand behind a stage's name.
var beside = regexp.MustCompile(`\s*(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】)|\s*[-:]?\s*\d{1,3}(?:\.\d+)?\s*%$`)

// goesOn tells whether a name is a word and what goes with it: "输单-价格", "Closed Lost to Competition".
func goesOn(key, word string) bool {
	rest, ok := strings.CutPrefix(key, word)
	if !ok || rest == "" {
		return false
	}
	said := strings.TrimLeft(rest, " ")
	if said != "" && strings.ContainsAny(said[:1], "-:/,;|") || strings.HasPrefix(said, "–") || strings.HasPrefix(said, "—") || strings.HasPrefix(said, "、") {
		return true
	}
	return said != rest && (strings.HasPrefix(word, "closed") || strings.HasPrefix(said, "to ") || strings.HasPrefix(said, "due "))
}

// number is what a stage's name may begin with: "1-线索", "02. Qualified", "③方案".
var number = regexp.MustCompile(`^[(\[]?(?:阶段|stage|step|p|s)?\s*0*(\d{1,2})\s*[-.、:：)\]_\s]+\s*`)

// rate is how sure a stage's name says it makes a deal: "30%", "方案(50%)".
var rate = regexp.MustCompile(`(\d{1,3}(?:\.\d+)?)\s*[%％]\s*[)）]?$`)

func rated(way []Stated) bool {
	return !slices.ContainsFunc(way, func(s Stated) bool { return !rate.MatchString(s.Name) })
}

// rateOf is the rate in a stage's name, which has one.
func rateOf(name string) float64 {
	r, _ := strconv.ParseFloat(rate.FindStringSubmatch(name)[1], 64)
	return r
}

// afterwards is 0 of a stage that is called as an end is, 1 of one that says more, and of what comes after
// a deal is won.
func afterwards(name string) int {
	key := stageKey(name)
	if slices.Contains(wonWords, key) || slices.Contains(lostWords, key) {
		return 0
	}
	return 1
}

// usual are what stages on the way are about, in the order deals go through them.
var usual = [][]string{
	{"线索", "潜在", "lead", "suspect", "new", "报备", "登记", "机会"},
	{"接触", "初步", "联系", "拜访", "prospect", "contact", "appointment", "engag", "初访", "erstkontakt", "认识", "跟进", "初回"},
	{"立项", "资格", "确认意向", "意向", "qualif", "筛选", "商机确认"},
	{"需求", "调研", "分析", "discovery", "analysis", "need", "requirement", "勘察", "沟通"},
	{"方案", "演示", "demo", "presentation", "solution", "试用", "测试", "poc", "样品", "trial", "选型", "入围", "shortlist", "value", "提案"},
	{"报价", "proposal", "quote", "price", "angebot", "offer", "询价", "估价", "见积"},
	{"投标", "招标", "标书", "tender", "bid", "递标", "开标"},
	{"谈判", "商务", "negotiat", "review", "verhandlung", "议价", "决策", "decision", "交涉"},
	{"合同", "审批", "签约中", "contract", "signing", "verbal", "口头", "commit", "待签", "legal", "下单"},
}

// place is where on the way a stage usually stands, -1 where its name does not say.
func place(name string) int {
	key := strings.ToLower(text.Simplified(text.Fold(name)))
	for i := len(usual) - 1; i >= 0; i-- {
		for _, word := range usual[i] {
			if strings.Contains(key, word) {
				return i
			}
		}
	}
	return -1
}

// Stated is a stage's name in a file and how often it stands there.
type Stated struct {
	Name  string
	Count int64
}

// Propose makes a pipeline of the stages a file speaks of, in the order their names say: their
// numbers, else what they are about, else as they appear. Of names that mean the same end the most
// frequent is the stage; the others, those that say why a deal was lost, and what is neither stage nor
// end, are translated. Nil where there is no stage on the way.
func Propose(name string, stages []Stated) (spec *intake.PipelineSpec, values map[string]string) {
	values = map[string]string{}
	ends := map[string][]Stated{}
	var way []Stated
	for _, s := range stages {
		if loss := LossOf(s.Name); loss != "" {
			values[s.Name] = "lost:" + loss
		} else if kind := KindOf(s.Name); kind != "" {
			ends[kind] = append(ends[kind], s)
		} else {
			way = append(way, s)
		}
	}
	const most = 57 // a pipeline has 60, with its ends
	if len(way) == 0 || len(way) > most {
		return nil, nil
	}
	sortStages(way)
	spec = &intake.PipelineSpec{Name: name}
	for i, s := range way {
		spec.Stages = append(spec.Stages, onTheWay(s.Name, i, len(way)))
	}
	if rated(way) {
		for i, s := range way {
			spec.Stages[i].Success = min(rateOf(s.Name), 99)
		}
	}
	han := slices.ContainsFunc(way, func(s Stated) bool {
		return strings.IndexFunc(s.Name, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	})
	for _, end := range []struct {
		kind   pipeline.Kind
		zh, en string
	}{{pipeline.Won, "赢单", "Won"}, {pipeline.Lost, "输单", "Lost"}} {
		called := end.en
		if han {
			called = end.zh
		}
		list := ends[string(end.kind)]
		slices.SortStableFunc(list, func(a, b Stated) int {
			return cmp.Or(cmp.Compare(afterwards(a.Name), afterwards(b.Name)), cmp.Compare(b.Count, a.Count))
		})
		if len(list) > 0 {
			called = list[0].Name
		}
		for _, other := range list[min(1, len(list)):] {
			values[other.Name] = called
		}
		spec.Stages = append(spec.Stages, intake.StageSpec{Name: called, Kind: string(end.kind)})
	}
	for _, s := range ends["withdrawn"] {
		values[s.Name] = "withdrawn"
	}
	return spec, values
}

// sortStages puts stages in their order, as far as their names say.
func sortStages(way []Stated) {
	numbered := !slices.ContainsFunc(way, func(s Stated) bool { return !number.MatchString(strings.ToLower(s.Name)) })
	byRate := rated(way)
	at := make(map[string]float64, len(way))
	last := 0.0
	for i, s := range way {
		switch p := place(s.Name); {
		case byRate:
			at[s.Name] = rateOf(s.Name)
		case numbered:
			n, _ := strconv.Atoi(number.FindStringSubmatch(strings.ToLower(s.Name))[1])
			at[s.Name] = float64(n)
		case p >= 0:
			at[s.Name], last = float64(p), float64(p)
		default: // after the one it follows in the file
			at[s.Name] = last + float64(i+1)/1000
		}
	}
	slices.SortStableFunc(way, func(a, b Stated) int { return cmp.Compare(at[a.Name], at[b.Name]) })
}

// onTheWay is the nth of so many stages, with rates that rise from a tenth to four fifths, and the
// usual days: somebody is to set his own.
func onTheWay(name string, n, of int) intake.StageSpec {
	s := intake.StageSpec{Name: name, Kind: string(pipeline.Open), Phase: string(pipeline.Early), Success: 10, Standard: 10, Max: 30, Skip: true}
	if of > 1 {
		s.Success = float64(10 + 70*n/(of-1))
	}
	switch third := 3 * n / of; third {
	case 1:
		s.Phase = string(pipeline.Middle)
	case 2:
		s.Phase = string(pipeline.Late)
	}
	s.Qualified = n > 0 && 3*n/of >= 1 && 3*(n-1)/of < 1
	return s
}
