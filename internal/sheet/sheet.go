// Package sheet writes tables for spreadsheets: CSV as Excel reads it, and XLSX.
// Text that a spreadsheet would run as a formula is neutralised in CSV; in XLSX
// text cells are text and cannot run.
package sheet

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"yunchou/internal/fault"
	"yunchou/internal/money"

	"github.com/xuri/excelize/v2"
)

// Formats a table is written in.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Amount is money: minor units of a currency; nil is an empty cell.
type Amount struct {
	Minor    *int64
	Currency string
}

// Percent is a rate in basis points; nil is an empty cell.
type Percent struct{ BP *int64 }

// Writer takes rows one by one. A cell is a string, a count (int64), a number (*float64,
// nil is empty), an Amount or a Percent.
type Writer interface {
	Row(cells []any) error
	Close() error
}

// New begins a table. Fault: sheet.format_unknown.
func New(w io.Writer, format string) (Writer, error) {
	switch format {
	case CSV:
		if _, err := io.WriteString(w, "\ufeff"); err != nil { // Excel takes a CSV without it for the system's code page
			return nil, err
		}
		c := csv.NewWriter(w)
		c.UseCRLF = true
		return &csvTable{c}, nil
	case XLSX:
		f := excelize.NewFile()
		s, err := f.NewStreamWriter("Sheet1")
		return &xlsxTable{w, f, s, 0}, err
	}
	return nil, fault.Input("/format", "sheet.format_unknown", "csv or xlsx")
}

type csvTable struct{ w *csv.Writer }

// Neutral puts an apostrophe before what a spreadsheet would take for a formula.
func Neutral(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func (t *csvTable) Row(cells []any) error {
	out := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			out[i] = Neutral(c)
		case int64:
			out[i] = strconv.FormatInt(c, 10)
		case *float64:
			if c != nil {
				out[i] = strconv.FormatFloat(*c, 'f', -1, 64)
			}
		case Amount:
			if c.Minor != nil {
				out[i] = money.Decimal(*c.Minor, money.Digits(c.Currency))
			}
		case Percent:
			if c.BP != nil {
				out[i] = money.Decimal(*c.BP, 2) + "%"
			}
		}
	}
	return t.w.Write(out)
}

func (t *csvTable) Close() error {
	t.w.Flush()
	return t.w.Error()
}

type xlsxTable struct {
	out io.Writer
	f   *excelize.File
	s   *excelize.StreamWriter
	row int
}

func (t *xlsxTable) Row(cells []any) error {
	t.row++
	out := make([]any, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			out[i] = c
		case int64:
			out[i] = c
		case *float64:
			if c != nil {
				out[i] = *c
			}
		case Amount:
			out[i] = number(c.Minor, money.Digits(c.Currency))
		case Percent:
			out[i] = number(c.BP, 4)
		}
	}
	return t.s.SetRow("A"+strconv.Itoa(t.row), out)
}

// number is exact to 15 digits, which is what a spreadsheet holds.
func number(v *int64, digits int) any {
	if v == nil {
		return nil
	}
	f, err := strconv.ParseFloat(money.Decimal(*v, digits), 64)
	if err != nil {
		return money.Decimal(*v, digits)
	}
	return f
}

func (t *xlsxTable) Close() error {
	if err := t.s.Flush(); err != nil {
		return err
	}
	if err := t.f.Write(t.out); err != nil {
		return err
	}
	return t.f.Close()
}
