package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"yunchou/internal/fault"
)

const (
	// maxRow bounds a row of a CSV: a quote nobody closes would else take the rest of
	// the file for one cell.
	maxRow = 8 << 20
	// maxText bounds a text of a workbook; Excel itself ends at 32,767 characters.
	maxText = 1 << 20
)

// maxUnzipped bounds what a workbook may become: 2 GiB. A test that is short of time
// makes do with less.
var maxUnzipped int64 = 2 << 30

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

// checkWorkbook reads through a workbook's parts once, without keeping anything, before
// a library that keeps texts whole, and takes broken XML for the end of the sheet, does:
// what is too large is refused here, whatever the file says of its own sizes, and what
// is damaged too. Faults: file.not_spreadsheet, file.bomb, file.text_too_long.
func checkWorkbook(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return errNotSpreadsheet
	}
	defer z.Close()
	// Sizes first, at the speed of unpacking: reading XML is twenty times slower, and a
	// bomb must not get that far.
	for _, check := range []func(g *guarded) error{unpackable, wellFormed} {
		total := int64(0)
		for _, f := range z.File {
			if !strings.HasSuffix(f.Name, ".xml") {
				continue // pictures and the like are not opened
			}
			if err := checkPart(f, &total, check); err != nil {
				return err
			}
		}
	}
	return nil
}

func unpackable(g *guarded) error {
	_, err := io.Copy(io.Discard, g)
	return err
}

func wellFormed(g *guarded) error {
	d := xml.NewDecoder(g)
	for {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

var errNotSpreadsheet = fault.New(fault.Invalid, "file.not_spreadsheet", "the file cannot be read as .xlsx; it may be cut off or damaged")

func checkPart(f *zip.File, total *int64, check func(*guarded) error) error {
	in, err := f.Open()
	if err != nil {
		return errNotSpreadsheet
	}
	defer in.Close()
	g := &guarded{r: in, total: total}
	err = check(g)
	switch {
	case g.refused != nil:
		return g.refused
	case err != nil:
		return errNotSpreadsheet
	}
	return nil
}

// guarded reads a part and refuses to go on where it, or a text in it, is too large.
type guarded struct {
	r       io.Reader
	total   *int64
	run     int // bytes since the last mark
	refused error
}

func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if *g.total += int64(n); *g.total > maxUnzipped {
		g.refused = fault.New(fault.Invalid, "file.bomb", "unpacked, the workbook is larger than %d GiB; save the sheet as CSV", maxUnzipped>>30)
	}
	if i := bytes.IndexByte(p[:n], '<'); i < 0 {
		g.run += n
	} else if g.run += i; g.run <= maxText {
		g.run = n - 1 - bytes.LastIndexByte(p[:n], '<')
	}
	if g.run > maxText {
		g.refused = fault.New(fault.Invalid, "file.text_too_long", "a cell of the workbook holds more than %d MiB of text", maxText>>20)
	}
	if g.refused != nil {
		return 0, g.refused
	}
	return n, err
}
