package grid

import (
	"slices"
	"strconv"
	"strings"
)

// names makes the names of the columns from the rows of a header: of several rows joined, and of
// columns without one, where something stands in them, the letter a spreadsheet calls them by. The
// names that stand twice are told apart, and listed.
func (h *head) names(rows []Row, letters bool) (out []string, twice []string) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
	}
	used := h.used(rows[len(rows)-1].Line)
	if letters {
		width = max(width, len(used))
	}
	for c := range width {
		name := h.name(rows, c)
		if blankText(name) && c < len(used) && used[c] {
			name = Letters(c)
		} else if blankText(name) {
			name = ""
		}
		out = append(out, name)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return distinct(out)
}

// used tells of each column whether something stands in it below a line.
func (h *head) used(line int) (out []bool) {
	for _, r := range h.rows {
		if r.Line <= line {
			continue
		}
		for c, text := range r.Cells {
			if blankText(text) {
				continue
			}
			for len(out) <= c {
				out = append(out, false)
			}
			out[c] = true
		}
	}
	return out
}

// name joins what the rows of a header say of a column.
func (h *head) name(rows []Row, c int) string {
	if len(rows) == 1 {
		if c < len(rows[0].Cells) && cellAt(rows[0].Cells, c) != "" {
			return rows[0].Cells[c] // as it is written
		}
		return h.over(rows[0], c)
	}
	var parts []string
	for n, r := range rows {
		part := strings.Join(strings.Fields(cellAt(r.Cells, c)), " ")
		if part == "" {
			part = h.over(r, c)
		}
		if part == "" && n < len(rows)-1 && len(h.spans) == 0 {
			part = besides(rows, n, c)
		}
		if part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// over is the name a column has by a place that is merged across it.
func (h *head) over(r Row, c int) string {
	for _, s := range h.spans[r.Line] {
		if c > s.Left && c <= s.Right {
			return strings.Join(strings.Fields(cellAt(r.Cells, s.Left)), " ")
		}
	}
	return ""
}

// besides is the name of the group a column is in, in a file that knows no merged places: that of
// the next column to the left that has one, if all between have names of their own below.
func besides(rows []Row, n, c int) string {
	named := func(c int) bool {
		return slices.ContainsFunc(rows[n+1:], func(r Row) bool { return cellAt(r.Cells, c) != "" })
	}
	for ; c >= 0 && named(c); c-- {
		if text := cellAt(rows[n].Cells, c); text != "" {
			return text
		}
	}
	return ""
}

// distinct numbers names that stand more than once.
func distinct(names []string) (out, twice []string) {
	count := map[string]int{}
	key := func(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
	for _, n := range names {
		count[key(n)]++
	}
	taken := map[string]bool{}
	for _, n := range names {
		k := key(n)
		if n == "" || !taken[k] {
			taken[k] = n != ""
			out = append(out, n)
			continue
		}
		again := n
		for i := 2; ; i++ {
			again = strings.TrimSpace(n) + " (" + strconv.Itoa(i) + ")"
			if !taken[key(again)] && count[key(again)] == 0 {
				break
			}
		}
		taken[key(again)] = true
		twice = append(twice, again)
		out = append(out, again)
	}
	return out, twice
}
