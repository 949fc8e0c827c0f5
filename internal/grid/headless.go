package grid

import (
	"regexp"
	"strings"
)

// headless tells whether a table has no header: the row that would head it says what its rows say. It is one of them
// where a day or an amount stands in it over days or amounts, where no name stands over them, and few of its texts are
// usual names: a stage may be called as a column is.
func (h *head) headless(i int) bool {
	cells, below := h.rows[i].Cells, h.below(i)
	if filled(cells) < 2 || len(below) == 0 {
		return false
	}
	data, known := 0, 0
	for c := range cells {
		text := cellAt(cells, c)
		if text == "" {
			continue
		}
		if h.known != nil && h.known(text) {
			known++
		}
		some, values, told := 0, 0, 0
		for _, r := range below {
			under := cellAt(r.Cells, c)
			if under == "" {
				continue
			}
			some++
			if isValue(under) {
				values++
			}
			if isDatum(under) {
				told++
			}
		}
		switch {
		case 10*values >= 6*some && some > 0 && !isValue(text):
			return false // a name over values
		case isDatum(text) && 10*told >= 6*some && some > 0:
			data++
		}
	}
	return data > 0 && 2*known < filled(cells)
}

// isDatum tells whether a text says something of one row: a whole day, or a number that counts neither rows nor years.
func isDatum(text string) bool {
	if wholeDay.MatchString(text) {
		return true
	}
	v, plain := plainNumber(text)
	return plain && (v >= 2200 || v >= 100 && v < 1900 || strings.Contains(text, "."))
}

var wholeDay = regexp.MustCompile(`^\d{1,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}`)

// without is the layout of a table that has no header, of which a row is known: it begins with the first row that is as
// wide as half of it.
func (h *head) without(i int) Layout {
	first := i
	for first > 0 && 2*filled(h.rows[first-1].Cells) >= filled(h.rows[i].Cells) {
		first--
	}
	return Layout{Header: h.rows[first].Line, Headless: true, FirstData: h.rows[first].Line, Unit: h.unit(first)}
}

// lettered is a header of letters, as a spreadsheet calls columns, over some rows.
func lettered(rows []Row) Row {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
	}
	out := Row{Line: rows[0].Line - 1}
	for c := range width {
		out.Cells = append(out.Cells, Letters(c))
	}
	return out
}
