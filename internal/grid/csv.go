package grid

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"yunchou/internal/fault"
)

// maxRow bounds a row of a CSV: a quote nobody closes would else take the rest of the file for one
// cell.
const maxRow = 2 << 20

// sheetColumns is how many columns a sheet of a spreadsheet has.
const sheetColumns = 1 << 14

// text opens a file as a CSV.
func (g *File) text(f *os.File, s Stated) (err error) {
	broken := false
	if g.Encoding, g.Candidates, broken, err = detect(g.ctx, f, s.Encoding); err != nil {
		return err
	}
	separator, skip, err := g.separator(f, s.Separator)
	if err != nil {
		return err
	}
	g.Type, g.Separator = CSV, string(separator)
	g.rows = func(string) (source, error) {
		in, err := g.decoded(f)
		if err != nil {
			return nil, err
		}
		return g.csvRows(f, in, separator, skip, broken || g.Encoding != UTF8 && g.Encoding != UTF8BOM)
	}
	return nil
}

// decoded reads the file from its beginning.
func (g *File) decoded(f *os.File) (io.Reader, error) {
	from := int64(0)
	if g.Encoding == UTF8BOM {
		from = 3
	}
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return nil, err
	}
	return decoding(f, g.Encoding), nil
}

// csvRows are the rows of a CSV.
type csvRows struct {
	g      *File
	f      *os.File
	row    *ration
	c      *csv.Reader
	rows   int
	before int // lines before the first row
	broken bool
	width  int   // of the row before
	freed  []Row // that stood in a cell
}

func (g *File) csvRows(f *os.File, in io.Reader, separator rune, skip int, broken bool) (source, error) {
	row := &ration{in, maxRow}
	if g.oldBreaks {
		row.r = returns{in}
	}
	buf := bufio.NewReaderSize(row, 1<<16)
	for range skip {
		if _, err := buf.ReadString('\n'); err != nil {
			return nil, err
		}
	}
	c := csv.NewReader(buf)
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = separator, -1, true, true
	return &csvRows{g: g, f: f, row: row, c: c, before: skip, broken: broken}, nil
}

func (x *csvRows) close() error { return nil }

// next returns the next row. Faults: file.row_too_long, file.csv_malformed and those of the limits.
func (x *csvRows) next() (Row, error) {
	if len(x.freed) > 0 {
		r := x.freed[0]
		x.freed = x.freed[1:]
		return r, x.g.limits.Row(r.Cells, r.Line)
	}
	if x.rows++; x.rows%1000 == 0 {
		if err := Late(x.g.ctx); err != nil {
			return Row{}, err
		}
	}
	x.row.left = maxRow
	began := x.c.InputOffset()
	cells, err := x.c.Read()
	var bad *csv.ParseError
	switch {
	case errors.Is(err, errRow):
		line := x.before + 1 + x.lineOf(began)
		return Row{Line: line}, fault.New(fault.Invalid, "file.row_too_long",
			"line %d goes on for more than %d MiB: is a quotation mark not closed?", line, maxRow>>20).With("line", line)
	case errors.As(err, &bad):
		line := x.before + bad.Line
		return Row{Line: line}, fault.New(fault.Invalid, "file.csv_malformed", "line %d: %v", line, bad.Err).With("line", line)
	case err != nil:
		return Row{}, err
	}
	line, _ := x.c.FieldPos(0)
	r := Row{Line: x.before + line, Cells: cells}
	if x.broken {
		r.mend()
	}
	if n := len(r.Cells); n > x.g.limits.Columns && n <= sheetColumns { // a sheet whose columns somebody once marked ends in nothing
		for n > 0 && blankText(r.Cells[n-1]) {
			n--
		}
		r.Cells = r.Cells[:n]
	}
	x.swallowed(&r)
	return r, x.g.limits.Row(r.Cells, r.Line)
}

// mend names bytes that are none of the file's encoding: they became the replacement character, or
// become it here.
func (r *Row) mend() {
	for i, c := range r.Cells {
		if !utf8.ValidString(c) || strings.Contains(c, "\ufffd") {
			r.Cells[i] = strings.ToValidUTF8(c, "\ufffd")
			r.Notes = append(r.Notes, Note{r.Line, i + 1, "broken_bytes", brief(r.Cells[i])})
		}
	}
}

// lineOf counts the lines before an offset of the text.
func (x *csvRows) lineOf(offset int64) (lines int) {
	in, err := x.g.decoded(x.f)
	if err != nil {
		return 0
	}
	r := bufio.NewReaderSize(io.LimitReader(in, offset), 1<<16)
	for {
		part, err := r.ReadSlice('\n')
		if len(part) > 0 && part[len(part)-1] == '\n' {
			lines++
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return lines
		}
	}
}

// returns are the line breaks of old Macintoshes, made those of others.
type returns struct{ r io.Reader }

func (x returns) Read(p []byte) (int, error) {
	n, err := x.r.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// ration lets a CSV reader have so many bytes for one row.
type ration struct {
	r    io.Reader
	left int
}

var errRow = errors.New("row too long")

func (x *ration) Read(p []byte) (int, error) {
	if x.left <= 0 {
		return 0, errRow
	}
	n, err := x.r.Read(p[:min(len(p), x.left)])
	x.left -= n
	return n, err
}

// separators that are looked for, in the order of preference.
var separators = []rune{',', ';', '\t', '|', '，', '；'}

// headBytes is how much of a file its separator is judged by.
const headBytes = 64 << 10

// separator finds what stands between the cells, and how many lines before the first row say
// nothing else: Excel's "sep=;".
func (g *File) separator(f *os.File, stated string) (sep rune, skip int, err error) {
	in, err := g.decoded(f)
	if err != nil {
		return 0, 0, err
	}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, 0, err
	}
	text := string(head[:n])
	if g.oldBreaks = strings.Contains(text, "\r") && !strings.Contains(text, "\n"); g.oldBreaks {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	first, rest, _ := strings.Cut(text, "\n")
	if said, ok := strings.CutPrefix(strings.TrimRight(strings.Trim(first, "\""), "\r\""), "sep="); ok {
		if r, size := utf8.DecodeRuneInString(said); size > 0 && size == len(said) && usable(r) {
			sep, skip, text = r, 1, rest
		}
	}
	if r, _ := utf8.DecodeRuneInString(stated); stated != "" {
		if !usable(r) {
			return 0, 0, fault.New(fault.Invalid, "file.separator_unknown", "a separator is one character, such as ; or a tab")
		}
		return r, skip, nil
	}
	if skip > 0 {
		return sep, skip, nil
	}
	return steadiest(text, n == headBytes), 0, nil
}

// usable tells whether a CSV can be divided at a character.
func usable(r rune) bool { return r != utf8.RuneError && r != '"' && r != '\r' && r != '\n' && r != 0 }

// steadiest is the character of which most lines have the same number, outside quotes: a comma in
// prices or in a note is not in every line.
func steadiest(text string, cut bool) rune {
	var lines []map[rune]int
	counts, quoted, some := map[rune]int{}, false, false
	end := func() {
		if some {
			lines = append(lines, counts)
		}
		counts, some = map[rune]int{}, false
	}
	start, before := true, ' '
	for _, r := range text {
		last := before
		before = r
		switch {
		case r == '"':
			// A quote within a text that was not quoted is a sign of inches.
			quoted = !quoted && (start || last == '"')
			some = true
		case quoted:
		case r == '\n':
			end()
			start = true
			continue
		case slices.Contains(separators, r):
			counts[r]++
			some, start = true, true
			continue
		default:
			some = some || r > ' '
		}
		start = false
	}
	if !cut {
		end()
	}
	best, most := ',', 0.0
	for _, sep := range separators {
		if s := steadiness(lines, sep); s > most+0.01 {
			best, most = sep, s
		}
	}
	return best
}

// steadiness is the share of lines that have as many of a separator as most have, and a little for
// each.
func steadiness(lines []map[rune]int, sep rune) float64 {
	by, with := map[int]int{}, 0
	for _, l := range lines {
		if l[sep] > 0 {
			by[l[sep]]++
			with++
		}
	}
	usual, often := 0, 0
	for n, count := range by {
		if count > often || count == often && n > usual {
			usual, often = n, count
		}
	}
	if often == 0 {
		return 0
	}
	return float64(often)/float64(len(lines)) + 0.3*float64(with)/float64(len(lines)) + 0.02*float64(min(usual, 20))
}
