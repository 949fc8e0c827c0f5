// Package sheet writes tables for spreadsheets: CSV as Excel reads it, and XLSX.
// Text that a spreadsheet would run as a formula is neutralised in CSV; in XLSX
// text cells are text and cannot run.
package sheet

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode"

	"yunchou/internal/fault"
	"yunchou/internal/money"
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
// nil is empty), an Amount, a Percent or, in the first row, a Heading.
type Writer interface {
	Row(cells []any) error
	Close() error
}

// MostRows is how many rows a table has at most, its headings aside: a spreadsheet shows
// 1,048,576, and whoever needs more asks for parts.
const MostRows = 1_000_000

// New begins a table, which is written to w as its rows come and is never held as a whole.
// Beyond MostRows a row is refused with export.too_many_rows. Fault: sheet.format_unknown.
func New(w io.Writer, format string) (Writer, error) {
	t, err := begin(w, format)
	return &bounded{Writer: t}, err
}

// bounded is a table of MostRows and a row of headings.
type bounded struct {
	Writer
	rows int
}

func (b *bounded) Row(cells []any) error {
	if b.rows > MostRows {
		return fault.New(fault.Invalid, "export.too_many_rows", "a table has at most 1,000,000 rows; filter the list").With("max", MostRows)
	}
	b.rows++
	return b.Writer.Row(cells)
}

func begin(w io.Writer, format string) (Writer, error) {
	switch format {
	case CSV:
		if _, err := io.WriteString(w, "\ufeff"); err != nil { // Excel takes a CSV without it for the system's code page
			return nil, err
		}
		c := csv.NewWriter(w)
		c.UseCRLF = true
		return &csvTable{c}, nil
	case XLSX:
		return beginXLSX(w)
	}
	return nil, fault.Input("/format", "sheet.format_unknown", "csv or xlsx")
}

type csvTable struct{ w *csv.Writer }

// Neutral puts an apostrophe before what a spreadsheet would take for a formula: one of the
// characters OWASP lists (CSV injection), their full-width forms, which some locales read as
// the same, and either after blanks, which a spreadsheet may leave out. A text that looks as if one
// stood there gets one more, so that Plain gives back what was written.
func Neutral(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && Neutral(rest) != rest {
		return "'" + text
	}
	if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") || strings.HasPrefix(text, "\n") {
		return "'" + text
	}
	for _, r := range strings.TrimLeftFunc(text, invisible) {
		if strings.ContainsRune("=+-@＝＋－＠", r) {
			return "'" + text
		}
		break
	}
	return text
}

// invisible is what stands before a text without being seen.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
}

func (t *csvTable) Row(cells []any) error {
	out := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			out[i] = Neutral(c)
		case Heading:
			out[i] = Neutral(c.Text)
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
