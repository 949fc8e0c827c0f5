package field

import (
	"strings"

	"yunchou/internal/text"
)

// Headings are what the columns of own fields are called in a table, behind those that are taken: a
// label that another column has gets its key.
func Headings(fields []Field, taken []string) (out []string) {
	used := map[string]bool{}
	for _, t := range taken {
		used[headingKey(t)] = true
	}
	for _, f := range fields {
		name := f.Label
		if used[headingKey(name)] {
			name += " (" + f.Key + ")"
		}
		used[headingKey(name)] = true
		out = append(out, name)
	}
	return out
}

func headingKey(s string) string { return strings.ToLower(text.Fold(s)) }
