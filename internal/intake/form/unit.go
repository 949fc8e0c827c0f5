package form

import (
	"regexp"
	"sort"
	"strings"
)

// units are what an amount is counted in, in lower case, to how many of the whole.
var units = map[string]int64{
	"元": 1, "圆": 1, "块": 1, "块钱": 1, "十": 10, "百": 100, "百元": 100, "千": 1000, "千元": 1000, "仟元": 1000, "仟": 1000, "k": 1000, "tsd": 1000,
	"thousand": 1000, "thousands": 1000, "万": 10_000, "万元": 10_000, "万圆": 10_000, "w": 10_000, "萬": 10_000, "萬元": 10_000,
	"十万": 100_000, "十万元": 100_000, "lakh": 100_000, "lakhs": 100_000, "百万": 1_000_000, "百万元": 1_000_000, "m": 1_000_000, "mn": 1_000_000,
	"mio": 1_000_000, "mm": 1_000_000, "million": 1_000_000, "millions": 1_000_000, "千万": 10_000_000, "千万元": 10_000_000,
	"crore": 10_000_000, "crores": 10_000_000, "亿": 100_000_000, "亿元": 100_000_000, "億": 100_000_000, "億元": 100_000_000, "bn": 1_000_000_000,
	"b": 1_000_000_000, "billion": 1_000_000_000, "billions": 1_000_000_000, "百亿": 10_000_000_000,
}

var unitsLongestFirst = func() (out []string) {
	for w := range units {
		out = append(out, w)
	}
	sort.Slice(out, func(i, j int) bool {
		return len(out[i]) > len(out[j]) || len(out[i]) == len(out[j]) && out[i] < out[j]
	})
	return out
}()

// Scale is how many of the whole a unit's word is, as a mapping states it ("万元", "k", "10000"),
// 0 for no such word.
func Scale(word string) int64 {
	word = strings.ToLower(strings.TrimSpace(word))
	if n, ok := units[word]; ok {
		return n
	}
	var n int64
	for _, r := range word {
		if r < '0' || r > '9' || n > 1_000_000_000_000 {
			return 0
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

// Heading is what a column's heading, or a line above the table, says of its values.
type Heading struct {
	Scale    int64  // of the whole; 0 where it says nothing
	Currency string // ISO 4217, "¥" or "$"; "" where it says none
	Percent  bool
}

var (
	bracketed = regexp.MustCompile(`[(\[【（〔]([^()\[\]【】（）〔〕]*)[)\]】）〕]`)
	tailUnit  = regexp.MustCompile(`(?:[/,:：_、]|单位|unit|\bin\b)\s*([^/,:：_、]+)$`)
)

// HeadingOf reads a heading: "预计金额(万元)", "Revenue (USD k)", "金额/万", "单位:万元", "赢率(%)".
func HeadingOf(text string) (h Heading) {
	text = strings.ToLower(text)
	h.Percent = strings.Contains(text, "%") || strings.Contains(text, "百分")
	var said []string
	for _, m := range bracketed.FindAllStringSubmatch(text, -1) {
		said = append(said, m[1])
	}
	bare := bracketed.ReplaceAllString(text, " ")
	if m := tailUnit.FindStringSubmatch(strings.TrimSpace(bare)); m != nil {
		said = append(said, m[1])
	}
	for _, w := range []string{"亿元", "百万元", "千元", "万元", "$m", "$k", "€m", "€k"} { // 合同额万元
		if strings.HasSuffix(strings.TrimSpace(bare), w) {
			said = append(said, w)
		}
	}
	for _, s := range said {
		h.take(s)
	}
	return h
}

// take reads one such remark: a currency, a unit, or both in whatever order; of any other it
// takes nothing.
func (h *Heading) take(s string) {
	s = strings.TrimSpace(strings.NewReplacer("单位", " ", "unit", " ", ":", " ", "：", " ").Replace(s))
	s = strings.TrimPrefix(s, "in ")
	var scale int64
	sign := ""
	for s != "" {
		if rest, found := cutCurrency(s); found != "" && sign == "" {
			s, sign = rest, found
		} else if rest, n := cutUnit(s, scale == 0); n > 0 {
			s, scale = rest, n
		} else {
			return
		}
	}
	if scale > 0 {
		h.Scale = scale
	}
	if sign != "" {
		h.Currency = sign
	}
}

// cutUnit takes a unit's word from the beginning of a text, or from its end.
func cutUnit(s string, wanted bool) (rest string, scale int64) {
	for _, w := range unitsLongestFirst {
		if after, ok := strings.CutPrefix(s, w); wanted && ok && !joins(w, after, false) {
			return strings.TrimSpace(after), units[w]
		}
		if before, ok := strings.CutSuffix(s, w); wanted && ok && !joins(w, before, true) {
			return strings.TrimSpace(before), units[w]
		}
	}
	return s, 0
}
