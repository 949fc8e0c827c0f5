package sheet

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"yunchou/internal/fault"

	"github.com/xuri/excelize/v2"
)

// inMemory is how large a sheet, or the texts of all, are read in memory; larger ones are
// unpacked to a temporary file.
const inMemory = 1 << 20

// Workbook is one sheet of a workbook, read row by row.
type Workbook struct {
	Sheet string
	ctx   context.Context
	l     Limits
	file  *excelize.File
	rows  *excelize.Rows
	line  int
}

// OpenWorkbook checks a workbook and opens one of its sheets, the first where name is "".
// The context bounds the time of the reading, to its end. Faults: those of the check,
// file.no_sheets, file.sheet_unknown.
func OpenWorkbook(ctx context.Context, path, name string, l Limits) (*Workbook, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, notSpreadsheet()
	}
	defer z.Close()
	parts, err := checked(ctx, &z.Reader, l)
	if err != nil {
		return nil, err
	}
	w := &Workbook{Sheet: name, ctx: ctx, l: l}
	if w.file, err = openParts(parts, l); err != nil {
		return nil, err
	}
	if err := guarded(w.first); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// openParts opens a copy of a workbook that holds nothing but the parts that were checked.
func openParts(parts []*zip.File, l Limits) (x *excelize.File, err error) {
	f, err := os.CreateTemp("", "yunchou-*.xlsx")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	z := zip.NewWriter(f)
	for _, p := range parts {
		if err := z.Copy(p); err != nil {
			return nil, errors.Join(notSpreadsheet(), f.Close())
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		return nil, err
	}
	err = guarded(func() error {
		x, err = excelize.OpenFile(f.Name(), excelize.Options{UnzipSizeLimit: l.Unpacked, UnzipXMLSizeLimit: min(inMemory, l.Unpacked)})
		return err
	})
	if err != nil {
		if x != nil {
			_ = x.Close()
		}
		return nil, notSpreadsheet()
	}
	return x, nil
}

func (w *Workbook) first() (err error) {
	list := w.file.GetSheetList()
	if len(list) == 0 {
		return noSheets()
	}
	if w.Sheet == "" {
		w.Sheet = list[0]
	}
	if w.rows, err = w.file.Rows(w.Sheet); err != nil {
		w.rows = nil
		return fault.New(fault.Invalid, "file.sheet_unknown", "no sheet of this name").With("sheets", list[:min(len(list), 50)])
	}
	return nil
}

// Next returns the next row that is not empty, its cells as they are stored, and its number;
// io.EOF after the last.
func (w *Workbook) Next() (cells []string, line int, err error) {
	err = guarded(func() error {
		for w.rows.Next() {
			if w.line++; w.line%1000 == 0 {
				if err := Late(w.ctx); err != nil {
					return err
				}
			}
			cells, err = w.rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				return unreadable(w.line)
			}
			if len(cells) > 0 {
				return w.l.Row(cells, w.line)
			}
		}
		if err := w.rows.Error(); err != nil {
			return unreadable(w.line)
		}
		return io.EOF
	})
	return cells, w.line, err
}

func unreadable(line int) error {
	return fault.New(fault.Invalid, "file.not_spreadsheet", "row %d cannot be read", line).With("line", line)
}

// Close lets go of what was unpacked.
func (w *Workbook) Close() error {
	var err error
	if w.rows != nil {
		err = w.rows.Close()
	}
	return errors.Join(err, w.file.Close())
}

// guarded has the library read: what it stumbles over is a damaged file, and no end of the
// program.
func guarded(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w (%v)", notSpreadsheet(), p)
		}
	}()
	return read()
}
