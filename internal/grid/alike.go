package grid

import (
	"slices"
	"strings"

	"yunchou/internal/fault"
)

// mostAlike is how many rows sheets may have together to be held against one another: of a workbook with
// more, one sheet is read at a time.
const mostAlike = 50_000

// Alike are the sheets whose tables have the same columns as one: a sheet for each month, or person. Hidden
// ones are none. In what they hold nobody looks.
func (g *File) Alike(t *Table, s Stated) (out []string, err error) {
	rows := 0
	for _, sheet := range g.Sheets {
		rows += sheet.Rows
	}
	if t.Layout.Headless || len(g.Sheets) < 2 || len(g.Sheets) > mostSheets || rows > mostAlike {
		return nil, nil
	}
	for _, sheet := range g.Sheets {
		if sheet.Hidden || sheet.Name == t.Layout.Sheet {
			continue
		}
		other, err := g.Table(Stated{Sheet: sheet.Name, Known: s.Known})
		if fault.As(err) != nil {
			continue
		} else if err != nil {
			return nil, err
		}
		if err := other.Close(); err != nil {
			return nil, err
		}
		if sameHeader(t.Header, other.Header) {
			out = append(out, sheet.Name)
		}
	}
	return out, nil
}

func sameHeader(a, b []string) bool {
	return slices.EqualFunc(a, b, func(x, y string) bool {
		return strings.Join(strings.Fields(x), " ") == strings.Join(strings.Fields(y), " ")
	})
}
