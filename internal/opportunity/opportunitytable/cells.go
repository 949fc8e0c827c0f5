package opportunitytable

import (
	"slices"
	"strings"

	"yunchou/internal/text"
)

// Code is what a word of either language, or the code itself, stands for; "" where it is none.
func (w Words) Code(word string) string {
	key := text.Match(word)
	if key == "" {
		return ""
	}
	for code, label := range w {
		if key == text.Match(code) || key == text.Match(label[0]) || key == text.Match(label[1]) {
			return code
		}
	}
	return ""
}

// In are the words in a language, in order.
func (w Words) In(locale string) (out []string) {
	for _, label := range w {
		out = append(out, label.In(locale))
	}
	slices.Sort(out)
	return out
}

// Item is one of several in a cell: its name, and what is said of it.
type Item struct{ Name, Says string }

// Kind of cell that holds several: how what is said of an item stands behind its name.
type Kind struct{ before, after string }

// Priced is "name: amount", Named is "name (role)" and Plain a name alone.
var (
	Priced = Kind{": ", ""}
	Named  = Kind{" (", ")"}
	Alone  = Kind{}
)

// special are the characters that end a name; one that holds some stands in quotation marks.
const special = ";；:：()（）\"\n\r"

// Write writes items into a cell.
func (k Kind) Write(items []Item) string {
	var out []string
	for _, i := range items {
		name := i.Name
		if strings.ContainsAny(name, special) {
			name = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
		if k.before != "" {
			name += k.before + i.Says + k.after
		}
		out = append(out, name)
	}
	return strings.Join(out, "; ")
}

// Read reads what Write wrote, or a person after it: items end at a semicolon or a new line. Of a
// name without anything said of it Says is "".
func (k Kind) Read(cell string) (items []Item) {
	for _, part := range split(cell) {
		i := k.item(strings.TrimSpace(part))
		if i.Name != "" {
			items = append(items, i)
		}
	}
	return items
}

// split cuts a cell at semicolons and new lines outside quotation marks.
func split(cell string) (parts []string) {
	quoted, from := false, 0
	for at, r := range cell {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(";；\n", r):
			parts = append(parts, cell[from:at])
			from = at + len(string(r))
		}
	}
	return append(parts, cell[from:])
}

// item takes name and what is said apart: the last mark of its kind divides them.
func (k Kind) item(part string) Item {
	name, says := part, ""
	if strings.HasPrefix(part, `"`) {
		if end := closing(part); end > 0 {
			name, says = strings.ReplaceAll(part[1:end], `""`, `"`), part[end+1:]
			return Item{text.Fold(name), strings.Trim(text.Fold(says), ":() ")}
		}
	}
	at := -1
	switch k {
	case Priced:
		at = strings.LastIndexAny(part, ":：")
	case Named:
		if strings.HasSuffix(part, ")") || strings.HasSuffix(part, "）") {
			at = strings.LastIndexAny(part, "(（")
		}
	}
	if at >= 0 {
		name, says = part[:at], part[at:]
	}
	return Item{text.Fold(name), strings.Trim(text.Fold(says), ":() ")}
}

// closing is where the quotation mark that a part begins with is closed, 0 where it is not.
func closing(part string) int {
	for i := 1; i < len(part); i++ {
		if part[i] != '"' {
			continue
		}
		if i+1 < len(part) && part[i+1] == '"' {
			i++
			continue
		}
		return i
	}
	return 0
}
