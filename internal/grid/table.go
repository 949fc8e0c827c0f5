package grid

import (
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"yunchou/internal/fault"
)

// Table is the table of a file: its header, and its rows one by one.
type Table struct {
	Layout Layout
	Header []string
	// Twice are names of the header that stood there before; they were numbered.
	Twice []string
	// Grid are the first rows of the file as they are, what is above the table included.
	Grid []Row
	// Aside are the rows set aside so far, the first KeptAside of them, and how many there are.
	Aside      []Aside
	AsideCount int

	shape     shape
	sums      *sums
	spans     map[int][]Span
	src       source
	waiting   []Row // of the head
	thin      []Row // of which one does not know yet
	decided   []Row // of which one does
	last      int   // the line the row before ended on
	manyLines bool  // a cell may have several
	unnamed   []int // columns
	end       int   // the line the last row of the table, or sum, ended on
	beyond    bool  // another table is being read, below
}

// mostSheets is how many sheets a table is looked for in.
const mostSheets = 50

// gridRows is how many rows are kept as they are.
const gridRows = 30

// Table finds the table of a file. Of several sheets the one that looks most like a table is taken,
// hidden ones only where no other has any. Faults: file.empty, file.sheet_unknown,
// file.header_unknown and those of the limits.
func (g *File) Table(s Stated) (*Table, error) {
	sheet := s.Sheet
	if sheet == "" && len(g.Sheets) > 1 {
		var err error
		if sheet, err = g.likeliest(s); err != nil {
			return nil, err
		}
	} else if sheet == "" && len(g.Sheets) == 1 {
		sheet = g.Sheets[0].Name
	}
	h, src, err := g.head(sheet, s, headRows)
	if err != nil {
		return nil, err
	}
	t, err := h.table(s, g.Type != CSV)
	if err != nil {
		return nil, errors.Join(err, src.close())
	}
	t.src, t.Layout.Sheet, t.manyLines = src, sheet, g.Type == CSV
	return t, nil
}

// likeliest is the sheet that looks most like a table.
func (g *File) likeliest(s Stated) (string, error) {
	best, most := g.Sheets[0].Name, math.Inf(-1)
	for _, sheet := range g.Sheets[:min(len(g.Sheets), mostSheets)] {
		h, src, err := g.head(sheet.Name, s, headerIn+comparedTo)
		if err != nil {
			return "", err
		}
		if err := src.close(); err != nil {
			return "", err
		}
		score := math.Inf(-1)
		if l := h.find(); l.Header > 0 {
			score = l.score * math.Log10(10+float64(sheet.Rows))
			i := slices.IndexFunc(h.rows, func(r Row) bool { return r.Line == l.Header })
			if filled(h.rows[i].Cells) < 2 || l.FirstData == 0 {
				score -= 50
			}
		}
		if sheet.Hidden {
			score -= 1000
		}
		if score > most {
			best, most = sheet.Name, score
		}
	}
	return best, nil
}

// head reads the beginning of a sheet.
func (g *File) head(sheet string, s Stated, most int) (*head, source, error) {
	src, err := g.rows(sheet)
	if err != nil {
		return nil, nil, err
	}
	h := &head{spans: map[int][]Span{}, known: s.Known}
	for _, x := range g.spans(sheet) {
		h.spans[x.Line] = append(h.spans[x.Line], x)
	}
	bytes := 0
	for len(h.rows) < most && bytes < 16<<20 {
		r, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, nil, errors.Join(err, src.close())
		}
		for _, c := range r.Cells {
			bytes += len(c) + 16
		}
		h.rows = append(h.rows, Row{r.Line, slices.Clone(r.Cells), r.Notes})
	}
	return h, src, nil
}

// table finds the table in the head.
func (h *head) table(s Stated, letters bool) (*Table, error) {
	l, err := h.stated(s)
	if err != nil {
		return nil, err
	}
	if l.Header == 0 {
		return nil, fault.New(fault.Invalid, "file.empty", "the file has no header row")
	}
	first := slices.IndexFunc(h.rows, func(r Row) bool { return r.Line == l.Header })
	header := h.rows[first : first+l.HeaderRows]
	if l.Headless {
		header = []Row{lettered(h.rows[first:])}
	}
	t := &Table{Layout: l, spans: h.spans, waiting: h.rows[first+l.HeaderRows:]}
	for _, r := range h.rows[:min(len(h.rows), gridRows)] {
		t.Grid = append(t.Grid, Row{Line: r.Line, Cells: r.Cells})
	}
	t.Header, t.Twice = h.names(header, letters)
	t.shape = h.learn(header, t.Header)
	t.sums = t.shape.newSums()
	for c, name := range t.Header {
		if name == "" {
			t.unnamed = append(t.unnamed, c)
		}
	}
	for _, r := range h.rows[:first] {
		if filled(r.Cells) > 0 {
			t.setAside(r, Title)
		}
	}
	t.last = header[len(header)-1].Line
	t.end = t.last
	return t, nil
}

// stated is the layout as it was said, and as it is found where nothing was. Fault:
// file.header_unknown.
func (h *head) stated(s Stated) (Layout, error) {
	if s.Header == 0 {
		l := h.find()
		if s.Headless && !l.Headless && l.Header > 0 {
			l = h.without(slices.IndexFunc(h.rows, func(r Row) bool { return r.Line == l.Header }))
		}
		return l, nil
	}
	first := slices.IndexFunc(h.rows, func(r Row) bool { return r.Line == s.Header && filled(r.Cells) > 0 })
	if first < 0 || s.HeaderRows < 0 || s.HeaderRows > 10 || first+s.HeaderRows > len(h.rows) {
		return Layout{}, fault.New(fault.Invalid, "file.header_unknown", "line %d holds no header", s.Header).With("line", s.Header)
	}
	if s.Headless {
		l := h.layout(first, first)
		return Layout{Header: l.Header, Headless: true, FirstData: l.Header, Unit: l.Unit}, nil
	}
	last := first + s.HeaderRows - 1
	if s.HeaderRows == 0 {
		last = first
		for last+1 < len(h.rows) && last-first+1 < headerMost && h.joins(last, last+1) {
			last++
		}
	}
	return h.layout(first, last), nil
}

// Close lets go of what the rows are read from.
func (t *Table) Close() error { return t.src.close() }

func (t *Table) setAside(r Row, why string) {
	if t.AsideCount++; t.AsideCount > KeptAside {
		return
	}
	var texts []string
	for _, c := range r.Cells {
		if c = strings.TrimSpace(c); c != "" && len(texts) < 8 {
			texts = append(texts, c)
		}
	}
	t.Aside = append(t.Aside, Aside{r.Line, why, brief(strings.Join(texts, " "))})
}

// Next returns the next row of the table, io.EOF after the last. What is none of its rows is set
// aside on the way. Its cells are used again by the next.
func (t *Table) Next() (Row, error) {
	for {
		if len(t.decided) > 0 {
			r := t.decided[0]
			t.decided = t.decided[1:]
			return t.row(r), nil
		}
		r, err := t.read()
		if errors.Is(err, io.EOF) && len(t.thin) > 0 {
			t.ended()
			continue
		} else if err != nil {
			return r, err
		}
		n := filled(r.Cells)
		if n == 0 {
			continue
		}
		if t.beyond = t.beyond || t.another(&r); t.beyond {
			if t.beyond = !sameTexts(t.shape.header[len(t.shape.header)-1].Cells, r.Cells); t.beyond {
				for _, title := range append(t.thin, r) {
					t.setAside(title, Remark)
				}
				t.thin = nil
				t.after(r)
				continue
			}
		}
		if why := t.shape.why(r, t.spans[r.Line], t.sums); why != "" {
			t.setAside(r, why)
			t.after(r)
			if why == Sum {
				t.sums.begin()
				t.end = t.last
			}
			continue
		}
		thin := n == 1 && t.shape.filled > 2 && len(t.thin) < mostThin
		switch {
		case thin:
			t.thin = append(t.thin, Row{r.Line, slices.Clone(r.Cells), r.Notes})
		case len(t.thin) > 0: // rows of the table follow, so that those were some as well
			t.decided = append(t.thin, Row{r.Line, slices.Clone(r.Cells), r.Notes})
			t.thin = nil
		default:
			return t.row(r), nil
		}
	}
}

// another tells whether a row heads another table, below this one and an empty line: names over fewer
// columns than this one has, and in the next row values where this one has texts.
func (t *Table) another(r *Row) bool {
	n := filled(r.Cells)
	if r.Line <= t.end+1 || n < 2 || n >= t.shape.filled || slices.ContainsFunc(r.Cells, func(c string) bool { return !blankText(c) && !isLabel(strings.TrimSpace(c)) }) {
		return false
	}
	cells := slices.Clone(r.Cells) // the next row uses the same place
	r.Cells = cells
	next, err := t.read()
	if err != nil {
		return false
	}
	t.waiting = append([]Row{{next.Line, slices.Clone(next.Cells), next.Notes}}, t.waiting...)
	values := false
	for c := range max(len(cells), len(next.Cells)) {
		text := cellAt(next.Cells, c)
		if (cellAt(cells, c) == "") != (text == "") {
			return false
		}
		values = values || isValue(text) && c < len(t.shape.numbers) && !t.shape.numbers[c]
	}
	return values && next.Line == r.Line+1
}

// mostThin is how many rows of one cell wait to see what follows them: notes stand below a table,
// and a row somebody has begun to fill in stands among others.
const mostThin = 20

func (t *Table) read() (Row, error) {
	if len(t.waiting) > 0 {
		r := t.waiting[0]
		t.waiting = t.waiting[1:]
		return r, nil
	}
	return t.src.next()
}

// row is a row of the table: what stands under no name is told.
func (t *Table) row(r Row) Row {
	t.sums.add(&t.shape, r.Cells)
	for _, c := range t.unnamed {
		if text := cellAt(r.Cells, c); text != "" {
			r.Notes = append(r.Notes, Note{r.Line, c + 1, "cell_unnamed", brief(text)})
		}
	}
	for c := len(t.Header); c < len(r.Cells); c++ {
		if !blankText(r.Cells[c]) {
			r.Notes = append(r.Notes, Note{r.Line, c + 1, "row_longer", brief(strings.TrimSpace(r.Cells[c]))})
			break
		}
	}
	t.after(r)
	t.end = t.last
	return r
}

// after remembers where a row ends: in a CSV a cell may have several lines.
func (t *Table) after(r Row) {
	t.last = r.Line
	if t.manyLines {
		for _, c := range r.Cells {
			t.last += strings.Count(c, "\n")
		}
	}
}

// ended judges the rows of one cell at the end: what stands after an empty line, or is a sentence,
// is a note.
func (t *Table) ended() {
	below := false
	for _, r := range t.thin {
		text := t.shape.firstText(r.Cells)
		below = below || r.Line > t.last+1 || strings.ContainsAny(text, "。；;：:！!") || len([]rune(text)) > 30
		if below {
			t.setAside(r, Remark)
		} else {
			t.decided = append(t.decided, r)
		}
		t.after(r)
	}
	t.thin = nil
}
