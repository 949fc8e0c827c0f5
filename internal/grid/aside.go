package grid

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Why a row is no row of the table.
const (
	Title   = "title"   // above the header
	Again   = "header"  // the header once more, on another page
	Sum     = "sum"     // of rows above
	Remark  = "note"    // below, or between
	Section = "section" // a line across the table
)

// Aside is a row that was set aside: nothing is made of it.
type Aside struct {
	Line int    `json:"line"`
	Why  string `json:"why" enum:"title,header,sum,note,section"`
	Text string `json:"text" doc:"what stands in it, cut short"`
}

// KeptAside is how many of them are listed; the others are counted.
const KeptAside = 1000

// What sums are called.
const (
	sumsEN = `sub\s?-?\s?total|grand\s?-?\s?total|totals?`
	sumsCN = `小计|合计|总计|累计|共计|小計|合計|總計|累計`
)

var (
	sumWord  = regexp.MustCompile(`^(` + sumsCN + `|汇总|总和|总额|計|计|` + sumsEN + `|sum)$`)
	sumBegin = regexp.MustCompile(`^(` + sumsCN + `|` + sumsEN + `)\s*([:：(（\[【]|\d|for\b|of\b)`)
	sumEnd   = regexp.MustCompile(`(` + sumsCN + `|汇总|[\s:：-](sub-?\s?total|total))$`)
	remark   = regexp.MustCompile(`(?i)^(` +
		`(备注|備註|注|註|说明|說明|附注|制表|製表|填表|填报|审核|審核|审批|复核|统计|打印|导出|签字|签名|数据来源|资料来源|截止|截至)` +
		`(人|员|时间|日期|单位)?\s*([:：]|$)` +
		`|(截止|截至)(到|于)?\s*\d` +
		`|(notes?|remarks?|source|generated|printed|exported|report date)( (on|by|at))?\s*:` +
		`|(prepared|approved|reviewed|generated|printed|exported) (by|on)\b|as of \S*\d)`)
	// section is a line that divides a table: 一、华东区域, 第一季度, 【重点】.
	section = regexp.MustCompile(`(?i)^([（(]?[一二三四五六七八九十]{1,3}[)）、.．]\s*\S.*|第?[一二三四1-4]季度|(\d{2,4}年)?(\d{1,2}月份?|[上下]半年|第?[一二三四]季度|q[1-4])` +
		`|【.*】|.*[:：])$`)
	keyName = regexp.MustCompile(`(?i)(^id$|编号|編號|编码|单号|代码|号$|^no\.?$|number|code|\bid$|_id$|\bkey$)`)
)

// shape is what the rows of a table are usually like, learned from its first.
type shape struct {
	header  []Row
	width   int
	filled  int    // cells of a row that are
	texts   int    // of them those that are no values
	numbers []bool // columns that hold numbers
	keys    []bool // columns each row has another text in
}

// learn looks at the rows below a header.
func (h *head) learn(header []Row, names []string) shape {
	s := shape{header: header, width: len(names), numbers: make([]bool, len(names)), keys: make([]bool, len(names))}
	var fills, texts []int
	last := header[len(header)-1].Line
	under := slices.IndexFunc(h.rows, func(r Row) bool { return r.Line > last })
	if under < 0 {
		under = len(h.rows)
	}
	rows := h.below(under - 1)
	for _, r := range rows {
		n, t := 0, 0
		for _, c := range r.Cells {
			if c = strings.TrimSpace(c); c != "" {
				if n++; !isValue(c) {
					t++
				}
			}
		}
		fills, texts = append(fills, n), append(texts, t)
	}
	s.filled, s.texts = usual(fills), usual(texts)
	for c := range names {
		some, numbers, seen := 0, 0, map[string]bool{}
		for _, r := range rows {
			if text := cellAt(r.Cells, c); text != "" {
				some++
				seen[text] = true
				if _, ok := plainNumber(text); ok {
					numbers++
				}
			}
		}
		s.numbers[c] = some > 0 && 10*numbers >= 6*some
		named := keyName.MatchString(strings.TrimSpace(names[c]))
		distinct := some > 1 && 10*len(seen) >= 9*some
		s.keys[c] = distinct && named && !strings.Contains(names[c], "额")
	}
	return s
}

// usual is what one in four has more of, or as much: notes below a short table do not make its rows
// thin.
func usual(counts []int) int {
	if len(counts) == 0 {
		return 0
	}
	slices.Sort(counts)
	return counts[len(counts)*3/4]
}

// sums are the totals of the columns of numbers, of all rows and since the last sub-total.
type sums struct {
	all, since []float64
	rows       int // since
}

func (s *shape) newSums() *sums {
	return &sums{all: make([]float64, s.width), since: make([]float64, s.width)}
}

func (t *sums) add(s *shape, cells []string) {
	for c, number := range s.numbers {
		if number && c < len(cells) {
			if v, ok := plainNumber(cells[c]); ok {
				t.all[c] += v
				t.since[c] += v
			}
		}
	}
	t.rows++
}

func (t *sums) begin() {
	clear(t.since)
	t.rows = 0
}

// why tells why a row is to be set aside, "" where it is one of the table.
func (s *shape) why(r Row, spans []Span, t *sums) string {
	for _, h := range s.header {
		if sameTexts(h.Cells, r.Cells) && filled(r.Cells) > 1 {
			return Again
		}
	}
	n := filled(r.Cells)
	if n == 1 && s.filled > 2 && slices.ContainsFunc(spans, func(x Span) bool {
		return cellAt(r.Cells, x.Left) != "" && (x.Right-x.Left+1)*2 >= s.width
	}) {
		if first := s.firstText(r.Cells); remark.MatchString(first) {
			return Remark
		} else if sumOf(first) {
			return Sum
		}
		return Section
	}
	if s.isSum(r, t) {
		return Sum
	}
	if n == 1 && s.filled > 2 && section.MatchString(s.firstText(r.Cells)) && !remark.MatchString(s.firstText(r.Cells)) {
		return Section
	}
	if n > 1 && (drawn(r.Cells) || 2*n <= s.filled && allSay(r.Cells)) {
		return Remark
	}
	if n < s.filled && remark.MatchString(s.firstText(r.Cells)) && (2*n <= s.filled || allSay(r.Cells)) {
		return Remark
	}
	return ""
}

// drawn tells whether a row is a line: |---|---|.
func drawn(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.Trim(c, "-=_—─:+ \t") != "" })
}

// allSay tells whether each text of a row is a name and its value in one.
func allSay(cells []string) bool {
	for _, c := range cells {
		if !blankText(c) && !strings.ContainsAny(c, ":：") {
			return false
		}
	}
	return true
}

func (s *shape) firstText(cells []string) string {
	for _, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			return c
		}
	}
	return ""
}

// sumOf tells whether a text names a sum.
func sumOf(text string) bool {
	if len(text) > 80 {
		return false
	}
	text = strings.ToLower(text)
	return sumWord.MatchString(plainWord(text)) || sumBegin.MatchString(text) || sumEnd.MatchString(text)
}

// plainWord is a word without the blanks people put into it, and what they put behind.
func plainWord(text string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.ToLower(text)), ""), ":：=")
}

// isSum tells whether a row is a sum: it is called one, or it is one, and has nothing of its own
// besides, neither an id nor a day nor the texts the others have. A customer may be called
// "合计科技", and a deal "总计".
func (s *shape) isSum(r Row, t *sums) bool {
	word, texts, beside := -1, 0, -1 // the columns of its word, and of a text besides
	for c, text := range r.Cells {
		if blankText(text) {
			continue
		}
		text = strings.TrimSpace(text)
		merged := slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Code == "merged_filled" && n.Column == c+1 })
		switch {
		case word < 0 && sumMark(text) && sumOf(text):
			word = c
			texts++
			continue
		case merged:
			continue
		case isNumber(text):
		case isValue(text):
			return false // a day
		default:
			texts++
			beside = c
		}
		if c < len(s.keys) && s.keys[c] {
			return false
		}
	}
	if word < 0 {
		return (texts == 0 || texts == 1 && s.texts > 2) && t.holds(s, r.Cells)
	}
	plain := plainWord(r.Cells[word])
	switch {
	case utf8.RuneCountInString(plain) == 1: // a name may be this short
		return texts == 1 && t.holds(s, r.Cells)
	case texts == 1:
		return true
	case texts == 2 && s.texts > 2 && sumWord.MatchString(plain): // what it is the sum of, or how many
		return beside < word || strings.ContainsAny(r.Cells[beside], "0123456789")
	}
	return false
}

// sumMark is a quick look whether a text may name a sum.
func sumMark(text string) bool {
	if len(text) > 80 {
		return false
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case 't', 'T', 's', 'S':
			low := strings.ToLower(text)
			return strings.Contains(low, "total") || low == "sum" || inChinese(text)
		}
	}
	return inChinese(text)
}

func inChinese(text string) bool {
	return strings.Contains(text, "计") || strings.Contains(text, "計") || strings.Contains(text, "汇总") ||
		strings.Contains(text, "总和") || strings.Contains(text, "总额")
}

// holds tells whether the numbers of a row are the sums of those above.
func (t *sums) holds(s *shape, cells []string) bool {
	matched := 0
	for c, number := range s.numbers {
		if !number || c >= len(cells) {
			continue
		}
		v, ok := plainNumber(cells[c])
		if !ok {
			continue
		}
		if near(v, t.since[c]) && t.rows > 1 || near(v, t.all[c]) && t.all[c] != t.since[c] {
			if v != 0 {
				matched++
			}
			continue
		}
		return false
	}
	return matched > 0
}

func near(a, b float64) bool { return math.Abs(a-b) <= 0.005+1e-9*math.Abs(b) }
