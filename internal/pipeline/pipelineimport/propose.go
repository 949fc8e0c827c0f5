package pipelineimport

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yunchou/internal/intake"
	"yunchou/internal/pipeline"
	"yunchou/internal/text"
)

// Seen is what a file calls a stage: in how many rows, and, where its events or dates tell, before
// which others how many records were in it.
type Seen struct {
	Text   string
	Count  int64
	Before map[string]int64
}

// Proposal is a pipeline made of a file's own stages: what each text of the file is in it (a
// stage, or withdrawn, or a loss of a kind), and the texts whose place was not known and is only
// that of their first row. A person looks at it before it is made.
type Proposal struct {
	Pipeline intake.PipelineSpec `json:"pipeline"`
	Values   map[string]string   `json:"values"`
	Unsure   []string            `json:"unsure"`
}

// maxOpen leaves room for won and lost among the most stages a pipeline has.
const maxOpen = 58

// Propose makes a pipeline of the stages a file has, in their order: by which came before which,
// by the numbers or percentages they bear, by what such stages are usually called, else as they
// appear. False where there is no open stage among them, or there are too many to be stages.
func Propose(name string, seen []Seen) (Proposal, bool) {
	p := Proposal{Pipeline: intake.PipelineSpec{Name: name}, Values: map[string]string{}, Unsure: []string{}}
	var open []Seen
	won, lost := "", ""
	taken := map[string]string{} // match key → the stage's name
	for _, s := range seen {
		key := text.Match(s.Text)
		if key == "" {
			continue
		}
		if first, again := taken[key]; again { // the same in another form
			if s.Text != first {
				p.Values[s.Text] = cmp.Or(p.Values[first], first)
			}
			continue
		}
		taken[key] = s.Text
		switch kind, how := kindOf(s.Text); {
		case kind == pipeline.Open:
			open = append(open, s)
		case kind == pipeline.Won && won == "":
			won = s.Text
		case kind == pipeline.Won:
			p.Values[s.Text] = won
		case strings.HasPrefix(how, "withdrawn"):
			p.Values[s.Text] = how
		case lost == "" && how == "lost":
			lost = s.Text
		default:
			p.Values[s.Text] = how
		}
	}
	if len(open) == 0 || len(open) > maxOpen {
		return p, false
	}
	p.Unsure = arrange(open)
	for i, s := range open {
		p.Pipeline.Stages = append(p.Pipeline.Stages, stageOf(s.Text, i, len(open)))
	}
	rates(p.Pipeline.Stages)
	han := strings.ContainsFunc(open[0].Text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	names := [2]string{"Won", "Lost"}
	if han {
		names = [2]string{"赢单", "丢单"}
	}
	won, lost = cmp.Or(won, names[0]), cmp.Or(lost, names[1])
	p.Pipeline.Stages = append(p.Pipeline.Stages, intake.StageSpec{Name: won, Kind: string(pipeline.Won)}, intake.StageSpec{Name: lost, Kind: string(pipeline.Lost)})
	for said, how := range p.Values {
		if how == "lost" { // a further text that says no more than that
			p.Values[said] = lost
		}
	}
	return p, true
}

// endings are the words of closings, with what a text that has one of them is; the first that fits
// counts.
var endings = []struct {
	how   string
	words []string
}{
	{"withdrawn:duplicate", []string{"重复", "duplicate"}},
	{"withdrawn", []string{"无效", "作废", "撤回", "withdrawn", "invalid", "disqualified"}},
	{"lost:tender_void", []string{"流标", "废标", "tender void"}},
	{"lost:cancelled", []string{"项目取消", "客户取消", "已取消", "cancelled", "canceled"}},
	{"lost:no_decision", []string{"搁置", "no decision", "on hold"}},
	{"lost:we_withdrew", []string{"主动放弃", "已放弃", "we withdrew"}},
	{"lost", []string{"丢单", "输单", "失单", "失败", "未中标", "落标", "流失", "lost", "loss", "rejected"}},
	{"won", []string{"赢单", "中标", "成交", "已签约", "已签", "成功", "won"}},
}

// kindOf tells whether a text is an open stage, and how a closing is called in a mapping.
func kindOf(said string) (pipeline.Kind, string) {
	low := " " + strings.ToLower(text.Fold(said)) + " "
	for _, e := range endings {
		for _, w := range e.words {
			at := strings.Index(low, w)
			if at < 0 || w[0] < 0x80 && !wordAt(low, at, len(w)) {
				continue
			}
			if e.how == "won" {
				return pipeline.Won, e.how
			}
			return pipeline.Lost, e.how
		}
	}
	return pipeline.Open, ""
}

// wordAt tells whether a stretch of a text is a whole word.
func wordAt(s string, at, n int) bool {
	letter := func(b byte) bool { return b >= 'a' && b <= 'z' }
	return (at == 0 || !letter(s[at-1])) && (at+n >= len(s) || !letter(s[at+n]))
}

// usual are what stages are called, along the path: those of one line stand alike.
var usual = [][]string{
	{"线索", "lead", "suspect", "new", "潜在"},
	{"机会", "初步接触", "首次拜访", "prospect", "contact", "opportunity", "接触", "初访", "拜访"},
	{"立项", "qualif", "确认需求", "需求", "discovery", "needs", "analysis", "入围", "意向"},
	{"方案", "demo", "solution", "evaluat", "试用", "测试", "trial", "poc", "develop", "engag"},
	{"报价", "投标", "proposal", "quot", "bid", "tender", "价格"},
	{"谈判", "商务", "negotiat", "评审", "review", "terms"},
	{"合同", "签约", "contract", "审批", "verbal", "commit", "legal", "approval"},
	{"回款", "交付", "实施", "deliver", "invoice", "payment"},
}

// usualPlace is where a stage of such a name usually stands, -1 where that is not known: the last
// word that fits counts, as in 方案报价.
func usualPlace(said string) int {
	low, place := strings.ToLower(text.Fold(said)), -1
	for i, words := range usual {
		for _, w := range words {
			if strings.Contains(low, w) {
				place = i
			}
		}
	}
	return place
}

var number = regexp.MustCompile(`\d+(?:\.\d+)?`)

// numberIn is the number or percentage a text bears.
func numberIn(said string) (float64, bool) {
	n, err := strconv.ParseFloat(number.FindString(text.Fold(said)), 64)
	return n, err == nil
}

// arrange puts open stages in order, and returns the texts whose place was not known.
func arrange(open []Seen) (unsure []string) {
	unsure = []string{}
	told := slices.ContainsFunc(open, func(s Seen) bool { return len(s.Before) > 0 })
	numbered := len(open) > 1 && !slices.ContainsFunc(open, func(s Seen) bool { _, ok := numberIn(s.Text); return !ok })
	switch {
	case told:
		ahead := func(a, b Seen) int { return cmp.Compare(b.Before[a.Text], a.Before[b.Text]) }
		wins := map[string]int{}
		for _, a := range open {
			for _, b := range open {
				wins[a.Text] -= ahead(a, b)
			}
		}
		slices.SortStableFunc(open, func(a, b Seen) int {
			return cmp.Or(cmp.Compare(wins[b.Text], wins[a.Text]), cmp.Compare(usualPlace(a.Text), usualPlace(b.Text)))
		})
	case numbered:
		slices.SortStableFunc(open, func(a, b Seen) int {
			x, _ := numberIn(a.Text)
			y, _ := numberIn(b.Text)
			return cmp.Compare(x, y)
		})
	default:
		place, last := map[string]int{}, 0
		for _, s := range open { // what is not known stands behind what it appears behind
			if at := usualPlace(s.Text); at >= 0 {
				last = at
			} else {
				unsure = append(unsure, s.Text)
			}
			place[s.Text] = last
		}
		slices.SortStableFunc(open, func(a, b Seen) int { return cmp.Compare(place[a.Text], place[b.Text]) })
	}
	return unsure
}

// stageOf is an open stage with starting values, as the nth of so many; calibration replaces them.
func stageOf(name string, n, of int) intake.StageSpec {
	s := intake.StageSpec{Name: name, Kind: string(pipeline.Open), Standard: 10, Max: 30, Success: 10}
	if of > 1 {
		s.Success = math.Round(10 + 80*float64(n)/float64(of-1))
	}
	return s
}

// rates takes the percentages stages bear for their success rates where they do not fall, and
// derives phases; the first of the middle is the first qualified one.
func rates(stages []intake.StageSpec) {
	borne := make([]float64, len(stages))
	whole := true
	for i, s := range stages {
		n, ok := numberIn(s.Name)
		borne[i] = n
		whole = whole && ok && strings.ContainsAny(s.Name, "%％") && n <= 100 && (i == 0 || n >= borne[i-1])
	}
	qualified := false
	for i := range stages {
		s := &stages[i]
		if whole {
			s.Success = borne[i]
		}
		switch {
		case s.Success < 34:
			s.Phase = string(pipeline.Early)
		case s.Success < 67:
			s.Phase = string(pipeline.Middle)
		default:
			s.Phase = string(pipeline.Late)
		}
		if !qualified && s.Phase != string(pipeline.Early) {
			s.Qualified, qualified = true, true
		}
	}
}

// Checks tells whether a proposal would be taken as it is.
func (p Proposal) Checks() error { return versionOf(p.Pipeline).Check() }
