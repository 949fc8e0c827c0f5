package intake

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/text"
)

// Row is one row being read; More are further lines of the same record.
type Row struct {
	Run   *Run
	Table *Table
	Line  int // in the file
	More  []*Row

	cells  []string
	failed bool
	added  bool // its amount is in the file's total
}

// Failed tells whether an error of one of its cells keeps the row out. Of further lines each
// has its own.
func (x *Row) Failed() bool { return x.failed }

// Fail keeps the row out, for an error that was told elsewhere.
func (x *Row) Fail() { x.failed = true }

// Issue tells of a cell: an error keeps the row out, a warning does not. Its code has its words
// in the web's locales, under problem.
func (x *Row) Issue(level, field, code, detail string) {
	x.tell(Issue{Level: level, Field: field, Code: code, Detail: detail})
}

// tell takes down something about a cell, with what stands there.
func (x *Row) tell(i Issue) {
	if i.Level == "error" {
		x.failed = true
		x.Run.Sum.Errors++
	} else {
		x.Run.Sum.Warnings++
	}
	if x.Run.opt.Issue == nil {
		return
	}
	if target, ok := x.Table.kind.Points[i.Field]; ok && !x.Has(i.Field) {
		i.Field = target
	}
	i.File, i.Line = x.Table.Name(), x.Line
	i.Column, i.Value = x.quote(i.Field)
	x.Run.opt.Issue(i)
}

// longestText is how many bytes of a cell are taken; the rest is cut off, and told.
const longestText = 4000

// cutTo takes a text's first bytes, and no half of a character.
func cutTo(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// longestQuote is how many characters of a cell are quoted.
const longestQuote = 40

// quote is what a field's columns are called in the file, and what stands in them in this row.
func (x *Row) quote(field string) (column, value string) {
	var columns, values []string
	for _, name := range x.Table.Spec.Columns[field].columns() {
		i, ok := x.Table.at[HeaderKey(name)]
		if !ok || i >= len(x.Table.header) {
			continue
		}
		columns = append(columns, strings.TrimSpace(x.Table.header[i]))
		if i < len(x.cells) {
			values = append(values, strings.TrimSpace(x.cells[i]))
		}
	}
	value = strings.Join(values, " ")
	if r := []rune(value); len(r) > longestQuote {
		value = string(r[:longestQuote-1]) + "…"
	}
	return strings.Join(columns, " + "), value
}

// Refuse makes a fault an issue of the cell. Any other error is not the file's: it ends the
// run.
func (x *Row) Refuse(field string, err error, detail string) {
	f := fault.As(err)
	if f == nil {
		x.failed, x.Run.broken = true, errors.Join(x.Run.broken, err)
		return
	}
	x.tell(Issue{Level: "error", Field: field, Code: f.Code, Params: f.Params, Detail: detail})
}

// Warn makes a fault a warning of the cell, which is left out; the record is not.
func (x *Row) Warn(field string, err error, detail string) {
	if f := fault.As(err); f != nil {
		x.tell(Issue{Level: "warning", Field: field, Code: f.Code, Params: f.Params, Detail: detail})
	}
}

// Note counts a kind of dirt, or of reading between the lines: value was read as to. Its code
// has its words in the web's locales, under note.
func (x *Row) Note(field, code, value, to string) {
	x.Run.Tell(Note{File: x.Table.Name(), Field: field, Code: code, Value: value, To: to, Line: x.Line})
}

// Has tells whether the mapping fills a target.
func (x *Row) Has(target string) bool { return x.Table.Has(target) }

// cell returns a column's text, cleaned; marks of emptiness are "".
func (x *Row) cell(column string, clean func(string) string) string {
	i := x.Table.at[column]
	if i >= len(x.cells) {
		return ""
	}
	raw := x.Table.unguarded(x.cells[i])
	cleaned := clean(raw)
	if trimmed := strings.Trim(raw, " \t\r\n"); cleaned != trimmed {
		if strings.ContainsRune(raw, '\u00a0') {
			x.Note(column, "no_break_space", "", "")
		} else {
			x.Note(column, "text_normalised", "", "")
		}
	}
	if plain := text.Fold(raw); x.Run.Mapping.isEmpty(plain) {
		if plain != "" {
			x.Note(column, "empty_marker", plain, "")
		}
		return ""
	}
	return cleaned
}

// Text returns a target's value after templates and value mapping: a name, a number, a word that is
// compared.
func (x *Row) Text(target string) string { return x.text(target, text.Fold) }

// Words is Text of what somebody said: it stays as it was written.
func (x *Row) Words(target string) string { return x.text(target, text.Words) }

// WordsInLine is Words where there is room for one line.
func (x *Row) WordsInLine(target string) string { return x.text(target, text.Line) }

func (x *Row) text(target string, clean func(string) string) string {
	c, ok := x.Table.Spec.Columns[target]
	if !ok {
		return ""
	}
	var value string
	switch {
	case c.Template != "":
		some := false
		value = placeholder.ReplaceAllStringFunc(c.Template, func(p string) string {
			v := x.cell(p[1:len(p)-1], clean)
			some = some || v != ""
			return v
		})
		if !some {
			return ""
		}
		value = strings.Trim(clean(value), " ·-–—|/,")
	case c.Column != "":
		value = x.cell(c.Column, clean)
		if value == "" && c.Const != "" {
			value = c.Const
		}
	default:
		value = c.Const
	}
	if to, ok := c.Values[text.Fold(value)]; ok {
		if to != value {
			x.Note(target, "value_mapped", value, to)
		}
		value = to
	}
	if len(value) > longestText {
		x.tell(Issue{Level: "warning", Field: target, Code: "import.cut_short", Params: map[string]any{"max": longestText}})
		value = cutTo(value, longestText)
	}
	return value
}

// Custom reads the columns of a record kind's own fields into values by key; person finds a
// member by name.
func (x *Row) Custom(kind string, into field.Values, person func(name string) string) {
	for target := range x.Table.Spec.Columns {
		key, ok := strings.CutPrefix(target, "custom.")
		if !ok {
			continue
		}
		f, known := x.Run.fields[kind][key]
		if !known {
			x.Issue("error", target, "field.unknown", "the company has no such field; list it under fields")
			continue
		}
		if value := x.OwnValue(target, f, person); value != "" {
			into[key] = value
		}
	}
}

// OwnValue reads the value of one own field, "" where there is none or it cannot be read, which is
// told.
func (x *Row) OwnValue(target string, f field.Field, person func(name string) string) string {
	value := x.own(target, f, person)
	if value == "" {
		return ""
	}
	if f.Retired {
		x.leave(target, "field.retired", fault.Input("", "field.retired", "asked for no more").With("field", f.Label))
		return ""
	}
	if _, err := f.Parse(value, x.Run.Actor); err != nil {
		x.leave(target, fault.CodeOf(err), fault.As(err))
		return ""
	}
	return value
}

// Repeated settles a second row with the same external id in one run, as the mapping says, and
// returns the id its record has.
func (x *Row) Repeated(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	key := sumOf(x.Table.Spec.Kind + "\x00" + id)
	x.Run.seen[key]++
	n := int(x.Run.seen[key])
	if n > 1 && x.Table.Spec.Repeated == "keep" {
		x.Note("externalId", "id_repeated_kept", "", "")
		return id + "#" + strconv.Itoa(n), nil
	}
	if n > 1 {
		x.Note("externalId", "id_repeated_updates", "", "")
		return id, x.Run.Flush() // the first must be there to be updated
	}
	return id, nil
}

// Empties tells whether names that are not there leave their cells empty.
func (x *Row) Empties() bool { return x.Table.Spec.Unknown == "empty" }

// Refuses tells whether names that are not there are refused, not made.
func (x *Row) Refuses() bool { return x.Table.Spec.Unknown == "refuse" }

// Restores tells whether the file's deleted records come back.
func (x *Row) Restores() bool { return x.Table.Spec.Deleted == "restore" }

// Deleted tells of a row whose record is deleted, by its name, and whether it came back.
func (x *Row) Deleted(name string) {
	if x.Restores() {
		x.Note("externalId", "record_restored", "", "")
		return
	}
	x.Run.Sum.Deleted++
	x.Issue("warning", "externalId", "import.record_deleted", name)
}
