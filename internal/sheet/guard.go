package sheet

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// unread are parts of a workbook its cells are not in: they are neither checked nor opened.
var unread = []string{"docprops/", "customxml/", "xl/media/", "xl/drawings/", "xl/theme/", "xl/charts/", "xl/pivot",
	"xl/externallinks/", "xl/printersettings/", "xl/comments", "xl/threadedcomments/", "xl/persons/", "xl/tables/",
	"xl/querytables/", "xl/slicer", "xl/calcchain.xml", "xl/styles.xml", "xl/ctrlprops/", "xl/activex/", "xl/embeddings/",
	"xl/diagrams/", "xl/model/", "xl/richdata/", "xl/metadata.xml", "xl/connections.xml", "xl/xmlmaps.xml",
	"xl/worksheets/_rels/"}

// partName is a part's name as the library that reads it compares names.
func partName(f *zip.File) string { return strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")) }

// wanted tells whether a part is read at all.
func wanted(f *zip.File) bool {
	name := partName(f)
	if ext := path.Ext(name); ext != ".xml" && ext != ".rels" {
		return false
	}
	for _, prefix := range unread {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return true
}

// checked reads through the parts of a workbook once, without keeping anything, before a
// library that keeps texts whole, makes a row of every number it is told, and takes broken
// XML for the end of a sheet, does. What is too large is refused here, whatever the file
// says of its own sizes, and what is damaged too. It returns the parts to be read.
// Faults: file.not_spreadsheet, file.bomb, file.text_too_long, file.too_wide,
// file.too_many_rows, file.too_many_cells, file.too_many_texts, file.too_slow.
func checked(ctx context.Context, z *zip.Reader, l Limits) ([]*zip.File, error) {
	if len(z.File) > l.Parts {
		return nil, tooLarge(l.Unpacked)
	}
	var parts []*zip.File
	g := &guard{ctx: ctx, limits: l}
	for _, f := range z.File {
		if wanted(f) {
			parts = append(parts, f)
			g.packed += int64(min(f.CompressedSize64, 1<<40))
		}
	}
	if g.packed > l.Packed {
		return nil, tooLarge(l.Packed)
	}
	// Sizes first, at the speed of unpacking: reading XML is twenty times slower, and a
	// bomb must not get that far.
	for _, look := range []func(*part) error{unpackable, readable} {
		g.total = 0
		for _, f := range parts {
			if err := g.part(f, look); err != nil {
				return nil, err
			}
		}
	}
	return parts, nil
}

// guard is what the parts of one workbook have cost so far.
type guard struct {
	ctx           context.Context
	limits        Limits
	packed, total int64
	cells         int64
	texts         int
}

// part is one of them as it is read.
type part struct {
	*guard
	r       io.Reader
	most    int64 // bytes it may become
	size    int64
	token   int // bytes since the last token
	refused error
}

func (g *guard) part(f *zip.File, look func(*part) error) error {
	in, err := f.Open()
	if err != nil {
		return notSpreadsheet()
	}
	defer in.Close()
	most := g.limits.Unpacked
	if name := partName(f); !strings.HasPrefix(name, "xl/worksheets/sheet") && name != "xl/sharedstrings.xml" {
		most = g.limits.Other
	}
	p := &part{guard: g, r: in, most: most}
	err = look(p)
	switch {
	case p.refused != nil:
		return p.refused
	case err != nil:
		return notSpreadsheet()
	}
	return nil
}

func (p *part) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.total, p.size, p.token = p.total+int64(n), p.size+int64(n), p.token+n
	switch late := Late(p.ctx); {
	case late != nil:
		p.refused = late
	case p.size > p.most:
		p.refused = tooLarge(p.most)
	case p.total > p.limits.Unpacked, p.total > RatioFrom && p.total/p.limits.Ratio > p.packed:
		p.refused = tooLarge(p.limits.Unpacked)
	case p.token > p.limits.Text+readAhead:
		p.refused = textTooLong(p.limits.Text)
	}
	if p.refused != nil {
		return 0, p.refused
	}
	return n, err
}

func unpackable(p *part) error {
	block := make([]byte, 64<<10)
	for {
		_, err := p.Read(block)
		if p.token = 0; errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// readAhead is what the decoder reads beyond a token.
const readAhead = 4 << 10

// readable walks a part's elements and counts what reading it for good would hold.
func readable(p *part) error {
	d := xml.NewDecoder(bufio.NewReaderSize(p, readAhead))
	w := walk{part: p}
	for {
		p.token = 0
		tok, err := d.RawToken()
		switch t := tok.(type) {
		case xml.StartElement:
			err = w.start(t, d.InputOffset())
		case xml.EndElement:
			w.end(t)
		case xml.Directive: // a document type: what it declares would be put in for three letters
			err = notSpreadsheet()
		}
		switch {
		case errors.Is(err, io.EOF) && w.depth == 0:
			return nil
		case err != nil:
			return err
		case w.whole != "" && d.InputOffset()-w.began > int64(p.limits.Text):
			p.refused = textTooLong(p.limits.Text)
			return p.refused
		}
	}
}

// walk is where in a part one is.
type walk struct {
	*part
	depth     int
	whole     string // the element that is held in memory whole, once one is open: a cell, a text
	began     int64
	row, cell int
}

func (w *walk) start(t xml.StartElement, at int64) error {
	if w.depth++; w.depth > w.limits.Depth {
		return notSpreadsheet()
	}
	name := t.Name.Local
	if w.whole == "" && (name == "c" || name == "si") {
		w.whole, w.began = name, at
	}
	switch name {
	case "row":
		w.row, w.cell = w.row+1, 0
		if n, err := strconv.Atoi(attribute(t, "r")); err == nil {
			w.row = n
		} else if attribute(t, "r") != "" {
			w.row = w.limits.Rows + 1 // no number a sheet has
		}
		if w.row > w.limits.Rows || w.row < 0 {
			w.refused = tooMany("file.too_many_rows", int64(w.limits.Rows))
		}
	case "c":
		w.column(attribute(t, "r"))
	case "si":
		if w.texts++; w.texts > w.limits.Texts {
			w.refused = tooMany("file.too_many_texts", int64(w.limits.Texts))
		}
	}
	return w.refused
}

func (w *walk) end(t xml.EndElement) {
	w.depth--
	if t.Name.Local == w.whole {
		w.whole = ""
	}
}

// column counts a cell, and those left out before it, which a reader fills with nothing.
func (w *walk) column(reference string) {
	at := w.cell + 1
	if n := lettersOf(reference); n > 0 {
		at = n
	}
	if at > w.limits.Columns {
		w.refused = tooWide(w.limits.Columns, w.row)
		return
	}
	if at > w.cell {
		w.cells += int64(at - w.cell)
		w.cell = at
	}
	if w.cells++; w.cells > w.limits.Cells { // written twice in one place it costs as well
		w.refused = tooMany("file.too_many_cells", w.limits.Cells)
	}
}

// lettersOf is the column of a reference such as "AB12", 0 if there is none.
func lettersOf(reference string) (column int) {
	for _, c := range []byte(strings.ToUpper(reference)) {
		if c < 'A' || c > 'Z' || column > 1<<20 {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	return column
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
