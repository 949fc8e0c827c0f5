package grid

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
)

// mostMerges is how many merged places of a sheet are looked at; more have only files made by
// machines, which name what they mean in each row.
const mostMerges = 100_000

// merge is a merged place: its first and last line and column, columns counted from 0.
type merge struct{ from, to, left, right int }

// Span is a place that is merged across columns, counted from 0.
type Span struct{ Line, Left, Right int }

// lookOver reads through a sheet without taking its cells apart, at the speed of unpacking: how
// many rows there are, which places are merged, and whether it is too large at all. The merged
// places stand after the rows, and are wanted before.
func (w *workbook) lookOver(s *sheetPart) error {
	most := w.l.Unpacked
	in, err := w.open(s.part, most)
	if err != nil {
		return err
	}
	defer in.close()
	const overlap = 256 // a tag of either kind is shorter
	block, kept := make([]byte, 256<<10), 0
	for {
		n, err := io.ReadFull(in, block[kept:])
		if e := Late(w.ctx); e != nil {
			return e
		}
		part := block[:kept+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		upTo := len(part)
		if !last {
			upTo -= overlap
		}
		s.count(part, upTo)
		if last {
			break
		}
		kept = copy(block, part[upTo:])
	}
	slices.SortFunc(s.merges, func(a, b merge) int { return a.from - b.from })
	return nil
}

// count finds the tags that begin before a place.
func (s *sheetPart) count(part []byte, upTo int) {
	for i := 0; i < upTo; {
		at := bytes.IndexByte(part[i:upTo], '<')
		if at < 0 {
			return
		}
		i += at + 1
		rest := part[i:min(len(part), i+200)]
		if colon := bytes.IndexByte(rest[:min(len(rest), 8)], ':'); colon >= 0 {
			rest = rest[colon+1:]
		}
		switch {
		case bytes.HasPrefix(rest, []byte("row ")), bytes.HasPrefix(rest, []byte("row>")):
			s.Rows++
		case bytes.HasPrefix(rest, []byte("mergeCell ")):
			s.merged(rest)
		}
	}
}

func (s *sheetPart) merged(tag []byte) {
	_, tag, found := bytes.Cut(tag, []byte(`ref="`))
	reference, _, whole := bytes.Cut(tag, []byte(`"`))
	first, last, two := bytes.Cut(reference, []byte(":"))
	if !found || !whole || !two || len(s.merges) >= mostMerges {
		return
	}
	left, from := place(first)
	right, to := place(last)
	if left > 0 && from > 0 && right >= left && to >= from && (right > left || to > from) {
		s.merges = append(s.merges, merge{from, to, left - 1, right - 1})
	}
}

// place is the column and the line of a reference, counted from 1; 0 where there is none.
func place(reference []byte) (column, line int) {
	column = lettersOf(reference)
	digits := bytes.TrimLeft(reference, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$")
	line, err := strconv.Atoi(string(digits))
	if err != nil {
		return 0, 0
	}
	return column, line
}

func spansOf(merges []merge) (out []Span) {
	for _, m := range merges {
		if m.right > m.left {
			out = append(out, Span{m.from, m.left, m.right})
		}
	}
	return out
}

// fillDown gives each row of a place that is merged downwards what stands in its first.
type fillDown struct {
	merges []merge
	begun  int
	open   []filling // by column
}

type filling struct {
	to    int
	value string
}

func (d *fillDown) fill(row *Row, columns int) {
	for d.begun < len(d.merges) && d.merges[d.begun].from <= row.Line {
		m := d.merges[d.begun]
		d.begun++
		if m.to == m.from || m.left >= columns || m.to < row.Line {
			continue
		}
		for len(d.open) <= m.left {
			d.open = append(d.open, filling{})
		}
		value := ""
		if m.from == row.Line && m.left < len(row.Cells) {
			value = row.Cells[m.left]
		}
		d.open[m.left] = filling{m.to, value}
	}
	for i, f := range d.open {
		if f.value == "" || f.to < row.Line {
			continue
		}
		if i < len(row.Cells) && row.Cells[i] != "" || len(row.Cells) == 0 {
			continue // a row without a cell of its own stays none
		}
		for len(row.Cells) <= i {
			row.Cells = append(row.Cells, "")
		}
		row.Cells[i] = f.value
		code := "merged_filled"
		if isNumber(f.value) {
			code = "merged_number_filled" // whose sum may be another than its reader's
		}
		row.Notes = append(row.Notes, Note{row.Line, i + 1, code, brief(f.value)})
	}
}
