package grid

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// sheetRows reads a sheet row by row.
type sheetRows struct {
	w     *workbook
	in    *unpacked
	s     *scanner
	down  fillDown
	row   Row
	cells int64
	col   int // of the last cell, counted from 1
	raw   []byte
}

func (x *sheetRows) close() error {
	x.in.close()
	return nil
}

// next returns the next row that holds anything.
func (x *sheetRows) next() (Row, error) {
	for x.s.next() {
		if !x.s.starts("row") {
			continue
		}
		x.row.Line++
		if r := x.s.attribute("r"); r != nil {
			n, err := strconv.Atoi(string(r))
			if err != nil {
				n = x.w.l.Rows + 1 // no number a sheet has
			}
			x.row.Line = n
		}
		if x.row.Line > x.w.l.Rows || x.row.Line < 0 {
			return Row{}, tooMany("file.too_many_rows", int64(x.w.l.Rows))
		}
		if err := x.cellsOfRow(); err != nil {
			return Row{}, err
		}
		x.down.fill(&x.row, x.w.l.Columns)
		if len(x.row.Cells) > 0 {
			return x.row, x.w.l.Row(x.row.Cells, x.row.Line)
		}
	}
	if err := x.s.failed(); err != nil {
		return Row{}, err
	}
	return Row{}, io.EOF
}

func (x *sheetRows) cellsOfRow() error {
	x.row.Cells, x.row.Notes, x.col = x.row.Cells[:0], nil, 0
	for !x.s.ends("row") {
		if !x.s.next() {
			return errors.Join(x.s.failed(), notOpenAtEnd(x.s))
		}
		if x.s.starts("c") {
			if err := x.cell(); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell reads a cell to its end and puts it in its place.
func (x *sheetRows) cell() error {
	s, began := x.s, x.s.place()
	x.col++
	if n := lettersOf(s.attribute("r")); n > 0 {
		x.col = n
	}
	if x.cells++; x.cells > x.w.l.Cells { // written twice in one place it costs as well
		return tooMany("file.too_many_cells", x.w.l.Cells)
	}
	kind, number := kindOf(s.attribute("t")), s.number("s", 0)
	x.raw = x.raw[:0]
	want := false
	for !s.ends("c") {
		var into *[]byte
		if want {
			into = &x.raw
		}
		if !s.collect(into) {
			return errors.Join(s.failed(), notOpenAtEnd(s))
		}
		if s.place()-began > int64(s.most) {
			return textTooLong(x.w.l.Text).With("line", x.row.Line)
		}
		want = s.starts("v")
		if s.starts("is") {
			if err := s.runs("is", began, &x.raw); err != nil {
				return err
			}
		}
	}
	if len(x.raw) == 0 {
		return nil
	}
	text, err := x.value(kind, number)
	if err != nil || text == "" {
		return err
	}
	return x.put(text)
}

func (x *sheetRows) put(text string) error {
	if x.col > x.w.l.Columns {
		return tooWide(x.w.l.Columns, x.row.Line)
	}
	if before := len(x.row.Cells); x.col > before { // those left out are held as well
		if x.cells += int64(x.col - before - 1); x.cells > x.w.l.Cells {
			return tooMany("file.too_many_cells", x.w.l.Cells)
		}
		for len(x.row.Cells) < x.col {
			x.row.Cells = append(x.row.Cells, "")
		}
	}
	x.row.Cells[x.col-1] = text
	return nil
}

// cellKind is what a cell's stored text is.
type cellKind byte

const (
	numeric cellKind = iota
	shared
	written // a text that stands in the cell
	logical
	failure
	iso // a day or an instant as text
)

func kindOf(t []byte) cellKind {
	switch string(t) {
	case "s":
		return shared
	case "str", "inlineStr":
		return written
	case "b":
		return logical
	case "e":
		return failure
	case "d":
		return iso
	}
	return numeric
}

// value is the text of a cell for its reader.
func (x *sheetRows) value(kind cellKind, style int) (string, error) {
	switch kind {
	case shared:
		i, err := strconv.Atoi(string(bytes.TrimSpace(x.raw)))
		if err != nil {
			return "", notSpreadsheet()
		}
		return x.w.texts.get(i)
	case written:
		return string(plainText(x.raw)), nil
	case logical:
		if string(x.raw) == "1" || string(x.raw) == "true" {
			return "TRUE", nil
		}
		return "FALSE", nil
	case failure:
		x.row.Notes = append(x.row.Notes, Note{x.row.Line, x.col, "cell_error", brief(string(validText(x.raw)))})
		return "", nil
	case iso:
		return isoText(string(validText(x.raw))), nil
	}
	return x.w.styled(style).text(string(bytes.TrimSpace(validText(x.raw))), x.w.from), nil
}

func validText(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, []byte("\ufffd"))
}

// brief is the beginning of a text, to quote it.
func brief(text string) string {
	const most = 40
	if r := []rune(text[:min(len(text), 4*most+4)]); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// lettersOf is the column of a reference such as "AB12", 0 if there is none.
func lettersOf(reference []byte) (column int) {
	for _, c := range reference {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || column > 1<<20 {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	return column
}

// Letters is what a spreadsheet calls the nth column, the first being 0.
func Letters(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return Letters(n/26-1) + string(rune('A'+n%26))
}
