package grid

import (
	"encoding/csv"
	"slices"
	"strings"
)

// swallowed finds rows that stand in a cell, because a quotation mark before it is not closed: they are
// rows again where each fits the table, else the cell is named.
func (x *csvRows) swallowed(r *Row) {
	short := len(r.Cells) < x.width
	for i, c := range r.Cells {
		if x.width < 2 || strings.IndexByte(c, '\n') < 0 {
			continue
		}
		if rows := x.free(r, i); rows != nil {
			r.Cells = slices.Clone(rows[0].Cells)
			r.Notes = append(r.Notes, Note{r.Line, i + 1, "quote_open", brief(rows[0].Cells[i])})
			x.freed = rows[1:]
			break
		}
		if (short || strings.IndexByte(c, '"') >= 0) && strings.Count(c, string(x.c.Comma)) >= x.width-1 {
			_, line, _ := strings.Cut(c, "\n")
			r.Notes = append(r.Notes, Note{r.Line, i + 1, "row_in_cell", brief(line)})
		}
	}
	x.width = len(r.Cells)
}

// free takes the rows out of a cell, nil where its lines are none: each has as many cells as the row
// before. An address of several lines is no rows.
func (x *csvRows) free(r *Row, column int) (out []Row) {
	text := strings.TrimRight(r.Cells[column], "\n")
	if rest := r.Cells[column+1:]; len(rest) > 0 { // they stood behind the mark that ended the cell
		text += `"` + string(x.c.Comma) + strings.Join(rest, string(x.c.Comma))
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 2 || x.width < 3 && strings.IndexByte(text, '"') < 0 {
		return nil
	}
	for n, line := range lines {
		c := csv.NewReader(strings.NewReader(line))
		c.Comma, c.FieldsPerRecord, c.LazyQuotes = x.c.Comma, -1, true
		cells, err := c.Read()
		if n == 0 {
			cells = append(slices.Clone(r.Cells[:column]), cells...)
		}
		if err != nil || len(cells) != x.width {
			return nil
		}
		out = append(out, Row{Line: r.Line + n, Cells: cells})
	}
	return out
}
