package grid

import (
	"context"
	"errors"

	"yunchou/internal/fault"
)

// Limits bound what one file may cost to read. Each has a fault of its own, so that its
// owner knows what to do about it.
type Limits struct {
	Parts    int   // of a workbook's zip
	Packed   int64 // bytes of the parts that are read, as they lie in the zip
	Unpacked int64 // bytes they become, by reading, whatever the zip says of itself
	Ratio    int64 // of unpacked to packed, once more than RatioFrom is unpacked
	Other    int64 // bytes of any part that is neither a sheet nor its texts: it is held in memory
	Texts    int   // entries of the shared texts: each is held in memory
	Rows     int
	Columns  int
	Cells    int64 // rows times their widths
	Text     int   // bytes of one cell
	Depth    int   // of elements in elements
}

// RatioFrom is from where on the ratio is looked at: small workbooks pack well.
const RatioFrom = 64 << 20

// Usual is what a million rows of a company's lists stay below by far.
var Usual = Limits{
	Parts: 10_000, Packed: 256 << 20, Unpacked: 1 << 30, Ratio: 200, Other: 4 << 20, Texts: 1_000_000,
	Rows: 1 << 20, Columns: 1000, Cells: 100_000_000, Text: 1 << 20, Depth: 64,
}

// notSpreadsheet is made anew each time, as every fault here: whoever passes it on says of
// which file it is.
func notSpreadsheet() error {
	return fault.New(fault.Invalid, "file.not_spreadsheet", "the file cannot be read as .xlsx; it may be cut off or damaged")
}

func noSheets() error {
	return fault.New(fault.Invalid, "file.no_sheets", "the workbook has no sheets")
}

func tooSlow() error {
	return fault.New(fault.Invalid, "file.too_slow", "reading the file takes too long; save it as CSV, or in parts")
}

func tooLarge(mib int64) error {
	return fault.New(fault.Invalid, "file.bomb", "unpacked, the workbook is larger than %d MiB; save the sheet as CSV", mib>>20).
		With("maxMiB", mib>>20)
}

func tooMany(code string, n int64) error {
	return fault.New(fault.Invalid, code, "at most %d; divide the file", n).With("max", n)
}

// Late tells how a reading that was stopped ended: too slow if its time was over, and as
// the context says if somebody stopped it. nil is neither.
func Late(ctx context.Context) error {
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		return tooSlow()
	case err != nil:
		return err
	}
	return nil
}

// Row checks a row of whatever table: how many cells, and how long they are.
func (l Limits) Row(cells []string, line int) error {
	if len(cells) > l.Columns {
		return tooWide(l.Columns, line)
	}
	for _, c := range cells {
		if len(c) > l.Text {
			return textTooLong(l.Text).With("line", line)
		}
	}
	return nil
}

func textTooLong(n int) *fault.Fault {
	return fault.New(fault.Invalid, "file.text_too_long", "a cell holds more than %d KiB of text", n>>10).With("maxKiB", n>>10)
}

func tooWide(n, line int) error {
	return fault.New(fault.Invalid, "file.too_wide", "more than %d columns", n).With("line", line).With("max", n)
}
