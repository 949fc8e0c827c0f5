package grid

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Layout is where the table stands in a file. Lines are counted from 1.
type Layout struct {
	Sheet      string `json:"sheet,omitempty"`
	Header     int    `json:"header" doc:"the line the header begins on"`
	HeaderRows int    `json:"headerRows" doc:"how many rows the header has"`
	Headless   bool   `json:"headless" doc:"it has none: columns are called A, B, C, and header is the line of its first row"`
	FirstData  int    `json:"firstData" doc:"the line of the first row after it; 0 where there is none"`
	Unit       string `json:"unit,omitempty" doc:"what is said above the table of the unit of its amounts: 万元, k USD"`

	score float64
	width int // columns of the header that have a name
}

// Among how many rows a header is looked for, and how many below are compared with it.
const (
	headRows   = 400
	headerIn   = 60
	comparedTo = 40
	headerMost = 3 // rows of one header
)

// head is the beginning of a sheet.
type head struct {
	rows  []Row
	spans map[int][]Span // by line
	known func(string) bool
}

// find tells where the table begins. What heads a table are names: texts without digits, each of
// its own, over columns that are filled, often with values.
func (h *head) find() Layout {
	best, most := -1, 0.0
	for i := range h.rows[:min(len(h.rows), headerIn)] {
		if s := h.score(i); best < 0 && s > -100 || s > most {
			best, most = i, s
		}
	}
	if best < 0 {
		return Layout{}
	}
	var l Layout
	if h.headless(best) {
		l = h.without(best)
	} else {
		l = h.layout(h.extent(best))
	}
	l.score = most
	return l
}

func (h *head) layout(first, last int) Layout {
	l := Layout{Header: h.rows[first].Line, HeaderRows: last - first + 1, Unit: h.unit(first)}
	for _, r := range h.rows[last+1:] {
		if filled(r.Cells) > 0 {
			l.FirstData = r.Line
			break
		}
	}
	return l
}

// score tells how much a row looks like a header.
func (h *head) score(i int) float64 {
	cells := h.rows[i].Cells
	n, labels, known := 0, 0, 0
	seen := map[string]bool{}
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		n++
		seen[c] = true
		if isLabel(c) {
			labels++
		}
		if h.known != nil && h.known(c) {
			known++
		}
	}
	if n == 0 {
		return -1000
	}
	below := h.below(i)
	coverage, contrast, repeated := h.compare(i, n, below)
	s := float64(labels)/float64(n) + 2*coverage + 1.5*contrast - 1.5*repeated + 0.5*float64(len(seen))/float64(n) +
		0.5*float64(min(known, 5)) - 0.02*float64(i)
	if n > 1 && filledBefore(h.rows[:i]) == 0 && 2*labels > n { // most files have no title
		s += 0.3
	}
	if len(below) == 0 { // nothing under it: a header of an empty table, or the last note
		s -= 1
	}
	return s
}

func filledBefore(rows []Row) (n int) {
	for _, r := range rows {
		n += filled(r.Cells)
	}
	return n
}

// isLabel tells whether a text may head a column.
func isLabel(text string) bool {
	if utf8.RuneCountInString(text) > 60 || isValue(text) {
		return false
	}
	if saysSomething.MatchString(text) { // "printed: 2026-03-02"
		return false
	}
	return strings.IndexFunc(text, unicode.IsLetter) >= 0 || text == "#" || text == "%"
}

// saysSomething is a text that is a name and its value in one; "case:concept:name" is a name.
var saysSomething = regexp.MustCompile(`：\s*\S|:\s+\S|:\d|\p{Han}\s*:\s*\S`)

// below are the rows a header is compared with.
func (h *head) below(i int) []Row {
	var out []Row
	for _, r := range h.rows[i+1:] {
		if filled(r.Cells) > 0 {
			out = append(out, r)
		}
		if len(out) == comparedTo {
			break
		}
	}
	return out
}

// compare holds a row against those below: which share of their cells stands under one of its, over
// how many of its names there are values, and how many of its texts stand there again.
func (h *head) compare(i, n int, below []Row) (coverage, contrast, repeated float64) {
	cells := h.rows[i].Cells
	under := func(c int) bool { return cellAt(cells, c) != "" }
	if n > 1 {
		spans := h.spans[h.rows[i].Line]
		plain := under
		under = func(c int) bool {
			return plain(c) || slices.ContainsFunc(spans, func(s Span) bool { return c >= s.Left && c <= s.Right })
		}
	}
	all, covered := 0, 0
	for _, r := range below {
		if sameTexts(cells, r.Cells) {
			continue // the header again, on the next page
		}
		for c := range r.Cells {
			if !blankText(r.Cells[c]) {
				all++
				if under(c) {
					covered++
				}
			}
		}
	}
	valued, again := 0, 0
	for c := range cells {
		name := cellAt(cells, c)
		if name == "" {
			continue
		}
		some, values, same := 0, 0, false
		for _, r := range below {
			text := cellAt(r.Cells, c)
			if text == "" || sameTexts(cells, r.Cells) {
				continue
			}
			some++
			same = same || text == name
			if strings.ContainsAny(text, "0123456789") {
				values++
			}
		}
		named := isLabel(name) && (!strings.ContainsAny(name, "0123456789") || isValue(firstUnder(below, c)))
		if some > 0 && 10*values >= 6*some && named {
			valued++
		}
		if same {
			again++
		}
	}
	if all > 0 {
		coverage = float64(covered) / float64(all)
	}
	return coverage, float64(valued) / float64(n), float64(again) / float64(n)
}

func firstUnder(rows []Row, c int) string {
	for _, r := range rows {
		if text := cellAt(r.Cells, c); text != "" {
			return text
		}
	}
	return ""
}

// sameTexts tells whether two rows hold the same texts.
func sameTexts(a, b []string) bool {
	some := 0
	for i := range max(len(a), len(b)) {
		x, y := cellAt(a, i), cellAt(b, i)
		if x != y {
			return false
		}
		if x != "" {
			some++
		}
	}
	return some > 0
}

// extent finds the other rows of a header of several.
func (h *head) extent(i int) (first, last int) {
	first, last = i, i
	for last+1 < len(h.rows) && last-first+1 < headerMost && h.joins(last, last+1) {
		last++
	}
	for first > 0 && last-first+1 < headerMost && h.joins(first-1, first) {
		first--
	}
	return first, last
}

// joins tells whether two rows that follow each other head the table together: the upper one's
// names stand over groups of the lower one's.
func (h *head) joins(upper, lower int) bool {
	u, l := h.rows[upper], h.rows[lower]
	if l.Line != u.Line+1 || !h.allLabels(u.Cells) || !h.allLabels(l.Cells) {
		return false
	}
	if unitsOnly(l.Cells) {
		return true
	}
	names := filled(l.Cells)
	grouped, downwards, beside, alone := 0, 0, 0, 0
	for _, s := range h.spans[u.Line] {
		under := 0
		for c := s.Left; c <= s.Right; c++ {
			if cellAt(l.Cells, c) != "" {
				under++
			}
		}
		if under >= 2 && under < names {
			grouped++
		}
	}
	group := false // the last name of the upper row has blanks beside it, over names
	for c := range max(len(u.Cells), len(l.Cells)) {
		above, under := cellAt(u.Cells, c), cellAt(l.Cells, c)
		switch {
		case above != "" && above == under:
			downwards++
			group = false
		case above != "" && under == "":
			alone++
			group = false
		case above != "":
			group = true
		case under != "" && group:
			beside++
		case under != "":
			return grouped > 0 // a name without one above, and no group before it
		}
	}
	if names == downwards {
		return false
	}
	// Without merged places, as in a CSV, one completes the other.
	return grouped > 0 || downwards > 0 && names > downwards && filled(u.Cells) > 1 && beside > 0 || alone > 0 && beside > 0
}

// allLabels tells whether a row holds names alone.
func (h *head) allLabels(cells []string) bool {
	some := false
	for _, c := range cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if !isLabel(c) && !unitWord.MatchString(c) || unitSaid.MatchString(c) && !unitWord.MatchString(c) {
			return false
		}
		some = true
	}
	return some
}

var (
	// unitWord is a unit alone, as the second row of a header has.
	unitWord = regexp.MustCompile(`^[(（\[【]?\s*(?i:元|千元|万元|百万元|亿元|万|千|亿|人民币|美元|天|个|台|套|人|%|％|` +
		`CNY|RMB|USD|EUR|k|m|days|yyyy[-/]mm[-/]dd)\s*[)）\]】]?$`)
	// unitSaid is a line above the table that says its unit.
	unitSaid = regexp.MustCompile(`(?i)(?:单位|單位|币种|货币|\bunits?\b|\bcurrency\b|\bamounts? in\b)` +
		`\s*[:：为]?\s*([^\s()（）\[\]【】][^()（）\[\]【】]*)`)
)

// unitsOnly tells whether a row holds units alone.
func unitsOnly(cells []string) bool {
	some := false
	for _, c := range cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if !unitWord.MatchString(c) {
			return false
		}
		some = true
	}
	return some
}

// unit is what the rows above a header say of it.
func (h *head) unit(header int) string {
	for i := header - 1; i >= 0; i-- {
		for _, c := range h.rows[i].Cells {
			if said := unitSaid.FindStringSubmatch(c); said != nil {
				return brief(strings.TrimSpace(said[1]))
			}
		}
	}
	return ""
}
