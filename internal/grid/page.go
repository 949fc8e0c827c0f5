package grid

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Many office systems export the table of a web page under the name of a spreadsheet.

var pageBegins = []string{"<html", "<!doctype html", "<table", "<meta", "<head", "<style", "<body", "<div"}

// isPage tells whether a file begins as a web page does.
func isPage(head []byte) bool {
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	for _, begin := range pageBegins {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

var charset = regexp.MustCompile(`(?i)charset\s*=\s*["']?\s*([a-z0-9_-]+)`)

// page opens a file as a web page with a table.
func (g *File) page(f *os.File, s Stated) (err error) {
	head := make([]byte, 4096)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	stated := s.Encoding
	if said := charset.FindSubmatch(head[:n]); said != nil && stated == "" {
		if name, err := encodingNamed(string(said[1])); err == nil && name != UTF8 {
			stated = name
		}
	}
	if g.Encoding, g.Candidates, _, err = detect(g.ctx, f, stated); err != nil {
		return err
	}
	g.Type = HTML
	g.rows = func(string) (source, error) { return g.pageRows(f) }
	rows, err := g.pageRows(f)
	if err != nil {
		return err
	}
	_, err = rows.next()
	if errors.Is(err, io.EOF) {
		return notTable("HTML")
	}
	return err
}

func (g *File) pageRows(f *os.File) (*pageRows, error) {
	in, err := g.decoded(f)
	if err != nil {
		return nil, err
	}
	z := html.NewTokenizer(in)
	z.SetMaxBuf(g.limits.Text)
	return &pageRows{g: g, z: z}, nil
}

// pageRows are the rows of a page's tables, one after the other.
type pageRows struct {
	g     *File
	z     *html.Tokenizer
	line  int
	deep  int // tables in tables
	down  []filling
	cells []string
	text  strings.Builder
	in    bool // a cell
	span  int  // columns of it
	rows  int  // of it
	cost  int64
}

func (x *pageRows) close() error { return nil }

// next returns the next row. Fault: file.not_table, of tables in tables, which lay a page out.
func (x *pageRows) next() (Row, error) {
	for {
		kind := x.z.Next()
		if kind == html.ErrorToken {
			return x.end()
		}
		if x.cost++; x.cost%4096 == 0 {
			if err := Late(x.g.ctx); err != nil {
				return Row{}, err
			}
		}
		if x.cost > x.g.limits.Cells {
			return Row{}, tooMany("file.too_many_cells", x.g.limits.Cells)
		}
		switch kind {
		case html.TextToken:
			if x.in {
				x.text.Write(x.z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			row, err := x.tag(kind == html.EndTagToken)
			if row != nil || err != nil {
				return *orNone(row), err
			}
		}
		if x.text.Len() > x.g.limits.Text {
			return Row{}, textTooLong(x.g.limits.Text).With("line", x.line)
		}
	}
}

func orNone(row *Row) *Row {
	if row == nil {
		return &Row{}
	}
	return row
}

func (x *pageRows) end() (Row, error) {
	switch err := x.z.Err(); {
	case errors.Is(err, html.ErrBufferExceeded):
		return Row{}, textTooLong(x.g.limits.Text).With("line", x.line)
	case !errors.Is(err, io.EOF):
		return Row{}, err
	}
	if row, err := x.rowEnds(); row != nil || err != nil {
		return *orNone(row), err
	}
	return Row{}, io.EOF
}

// tag takes in a tag; a row that was before it is over where another begins.
func (x *pageRows) tag(ends bool) (*Row, error) {
	name, more := x.z.TagName()
	switch string(name) {
	case "table":
		if !ends {
			if x.deep++; x.deep > 1 {
				return nil, notTable("HTML")
			}
			return nil, nil
		}
		x.deep = 0
		row, err := x.rowEnds()
		x.down = nil
		return row, err
	case "tr":
		row, err := x.rowEnds()
		if !ends {
			x.line++
		}
		return row, err
	case "td", "th":
		err := x.cellEnds()
		if x.deep == 1 && !ends {
			x.in, x.span, x.rows = true, 1, 1
			x.spans(more)
		}
		return nil, err
	case "br", "p", "div":
		if x.in {
			x.text.WriteByte(' ')
		}
	}
	return nil, nil
}

func (x *pageRows) spans(more bool) {
	for more {
		var key, value []byte
		key, value, more = x.z.TagAttr()
		n, err := strconv.Atoi(string(value))
		if err != nil || n < 1 {
			continue
		}
		switch string(key) {
		case "colspan":
			x.span = min(n, x.g.limits.Columns)
		case "rowspan":
			x.rows = min(n, x.g.limits.Rows)
		}
	}
}

// cellEnds puts the cell that is open into its place: past those that reach down from above.
func (x *pageRows) cellEnds() error {
	if !x.in {
		return nil
	}
	x.in = false
	text := strings.Join(strings.Fields(strings.ReplaceAll(x.text.String(), "\u00a0", " ")), " ")
	x.text.Reset()
	x.reachDown()
	at := len(x.cells)
	if x.cost += int64(x.span); at+x.span > x.g.limits.Columns {
		return tooWide(x.g.limits.Columns, x.line)
	}
	for n := range x.span {
		if n == 0 {
			x.cells = append(x.cells, text)
		} else {
			x.cells = append(x.cells, "")
		}
		if x.rows > 1 {
			for len(x.down) <= at+n {
				x.down = append(x.down, filling{})
			}
			x.down[at+n] = filling{to: x.line + x.rows - 1}
			if n == 0 {
				x.down[at].value = text
			}
		}
	}
	return nil
}

// reachDown adds the cells that begin in a row above.
func (x *pageRows) reachDown() {
	for at := len(x.cells); at < len(x.down) && x.down[at].to >= x.line; at++ {
		x.cells = append(x.cells, x.down[at].value)
	}
}

func (x *pageRows) rowEnds() (*Row, error) {
	if err := x.cellEnds(); err != nil {
		return nil, err
	}
	if len(x.cells) == 0 {
		return nil, nil
	}
	x.reachDown()
	row := Row{Line: x.line, Cells: x.cells}
	x.cells = nil
	return &row, x.g.limits.Row(row.Cells, row.Line)
}
