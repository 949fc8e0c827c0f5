package grid

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"yunchou/internal/fault"
)

// workbook is an opened .xlsx (ECMA-376, part 1): what is read once of it, and its sheets, which
// are read row by row. Parts a cell's text is not in are not opened.
type workbook struct {
	ctx    context.Context
	l      Limits
	parts  map[string]*zip.File // by name in lower case
	total  int64                // bytes unpacked so far of all parts, each counted once
	sheets []*sheetPart
	from   epoch
	styles []style // by the number cells name
	texts  *texts
}

// sheetPart is a sheet and what was seen of it before its rows are read.
type sheetPart struct {
	Sheet
	part   *zip.File
	merges []merge
}

// partName is a part's name without case, which programs do not agree on.
func partName(f *zip.File) string { return strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")) }

// workbook opens a zip as a workbook.
func (g *File) workbook(f *os.File) error {
	about, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, about.Size())
	if err != nil {
		return notSpreadsheet()
	}
	if len(z.File) > g.limits.Parts {
		return tooLarge(g.limits.Unpacked)
	}
	if kind := otherZip(z); kind != "" {
		return notTable(kind)
	}
	w := &workbook{ctx: g.ctx, l: g.limits, parts: map[string]*zip.File{}}
	packed := int64(0)
	for _, f := range z.File {
		w.parts[partName(f)] = f
		if strings.HasPrefix(partName(f), "xl/worksheets/") {
			packed += int64(min(f.CompressedSize64, 1<<40))
		}
	}
	if packed > g.limits.Packed {
		return tooLarge(g.limits.Packed)
	}
	if err := w.learn(); err != nil {
		return err
	}
	g.Type, g.close = XLSX, func() error { return errors.Join(w.texts.close(), f.Close()) }
	for _, s := range w.sheets {
		g.Sheets = append(g.Sheets, s.Sheet)
	}
	g.rows, g.spans = w.rows, w.spans
	return nil
}

// learn reads all but the cells.
func (w *workbook) learn() error {
	main := "xl/workbook.xml"
	types, err := w.relations("_rels/.rels", "")
	if err != nil {
		return err
	}
	for _, r := range types {
		if strings.HasSuffix(r.kind, "/officeDocument") && w.parts[r.target] != nil {
			main = r.target
		}
	}
	if w.parts[main] == nil {
		return notSpreadsheet()
	}
	related, err := w.relations(path.Dir(main)+"/_rels/"+path.Base(main)+".rels", path.Dir(main))
	if err != nil {
		return err
	}
	if err := w.book(main, related); err != nil {
		return err
	}
	w.texts = &texts{most: w.l.Texts}
	for _, r := range related {
		switch {
		case strings.HasSuffix(r.kind, "/styles"):
			err = w.readStyles(r.target)
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = w.readTexts(r.target)
		}
		if err != nil {
			return errors.Join(err, w.texts.close())
		}
	}
	if w.texts.n() == 0 { // some programs forget to relate it
		err = w.readTexts("xl/sharedstrings.xml")
	}
	for _, s := range w.sheets {
		if err == nil {
			err = w.lookOver(s)
		}
	}
	if err != nil {
		return errors.Join(err, w.texts.close())
	}
	return nil
}

// relation leads from a part to another.
type relation struct{ id, kind, target string }

// relations reads a part of relations; a workbook may be without.
func (w *workbook) relations(name, dir string) (out []relation, err error) {
	err = w.scan(strings.ToLower(name), w.l.Other, func(s *scanner) error {
		for s.next() {
			if !s.starts("Relationship") {
				continue
			}
			target := strings.ReplaceAll(s.plain("Target"), `\`, "/")
			if rooted, ok := strings.CutPrefix(target, "/"); ok {
				target = rooted
			} else {
				target = path.Join(dir, target)
			}
			if out = append(out, relation{s.plain("Id"), s.plain("Type"), strings.ToLower(target)}); len(out) > w.l.Parts {
				return tooLarge(w.l.Unpacked)
			}
		}
		return s.failed()
	})
	return out, err
}

// book reads the list of sheets and how the workbook counts days.
func (w *workbook) book(name string, related []relation) error {
	by := map[string]relation{}
	for _, r := range related {
		by[r.id] = r
	}
	listed := 0
	err := w.scan(name, w.l.Other, func(s *scanner) error {
		for s.next() {
			switch {
			case s.starts("workbookPr"):
				on := s.plain("date1904")
				w.from = epoch(on == "1" || on == "true")
			case s.starts("sheet"):
				sheet := Sheet{Name: s.plain("name"), Hidden: strings.HasSuffix(strings.ToLower(s.plain("state")), "hidden")}
				r := by[s.plain("id")]
				part := w.parts[r.target]
				if listed++; listed > w.l.Parts {
					return tooLarge(w.l.Unpacked)
				}
				if part == nil || strings.HasSuffix(r.kind, "/chartsheet") || strings.HasSuffix(r.kind, "/dialogsheet") {
					continue
				}
				w.sheets = append(w.sheets, &sheetPart{Sheet: sheet, part: part})
			}
		}
		return s.failed()
	})
	if err == nil && len(w.sheets) == 0 {
		err = noSheets()
	}
	return err
}

// open opens a part, bounded in what it may become.
func (w *workbook) open(f *zip.File, most int64) (*unpacked, error) {
	in, err := f.Open()
	if err != nil {
		return nil, notSpreadsheet()
	}
	return &unpacked{w: w, in: in, packed: int64(min(f.CompressedSize64, 1<<40)), most: most}, nil
}

// scan reads a part by its name; one that is not there holds nothing.
func (w *workbook) scan(name string, most int64, read func(*scanner) error) error {
	f := w.parts[name]
	if f == nil {
		return nil
	}
	in, err := w.open(f, most)
	if err != nil {
		return err
	}
	defer in.close()
	return read(newScanner(w.ctx, in, w.l))
}

// unpacked is a part as it is unpacked: its own size, and that of all, are counted by reading,
// whatever the zip says.
type unpacked struct {
	w            *workbook
	in           io.ReadCloser
	packed, size int64
	most         int64
	again        bool // it was counted before
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	u.size += int64(n)
	if !u.again {
		u.w.total += int64(n)
	}
	l := u.w.l
	switch {
	case u.size > u.most:
		return 0, tooLarge(u.most)
	case u.w.total > l.Unpacked, u.size > RatioFrom && u.size/l.Ratio > u.packed:
		return 0, tooLarge(l.Unpacked)
	case err != nil && !errors.Is(err, io.EOF):
		return 0, notSpreadsheet()
	}
	return n, err
}

func (u *unpacked) close() { u.in.Close() } //nolint:errcheck // it was read only

// named finds a sheet. Fault: file.sheet_unknown.
func (w *workbook) named(name string) (*sheetPart, error) {
	var names []string
	for _, s := range w.sheets {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return nil, fault.New(fault.Invalid, "file.sheet_unknown", "no sheet of this name").With("sheets", names[:min(len(names), 50)])
}

func (w *workbook) rows(name string) (source, error) {
	s, err := w.named(name)
	if err != nil {
		return nil, err
	}
	in, err := w.open(s.part, w.l.Unpacked)
	if err != nil {
		return nil, err
	}
	in.again = true
	return &sheetRows{w: w, in: in, s: newScanner(w.ctx, in, w.l), down: fillDown{merges: s.merges}}, nil
}

func (w *workbook) spans(name string) []Span {
	s, err := w.named(name)
	if err != nil {
		return nil
	}
	return spansOf(s.merges)
}
