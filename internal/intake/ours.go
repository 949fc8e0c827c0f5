package intake

import (
	"context"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/grid"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
	"yunchou/internal/text"

	"github.com/google/uuid"
)

// A table this program wrote comes back as it is: a list that was exported, or a template that was
// filled. Its headings are our own, and a column of ids says which records its rows are.

// IDTarget holds the ids of our own records. A row that has one speaks of that record and no other.
const IDTarget = "id"

// mostlyOurs is the share of a table's headings that are our own in one we wrote; somebody may have
// added a column.
const mostlyOurs = 0.8

// Titled gives targets the headings that our own tables have for them, in their order; columns whose
// target is not among them become one, which is filled in such tables alone.
func Titled(targets []Target, columns []sheet.Column) []Target {
	at := map[string]int{}
	for i, t := range targets {
		at[t.Name] = i
	}
	for _, c := range columns {
		if i, ok := at[c.Target]; ok {
			targets[i].Label, targets[i].Note, targets[i].Exported = c.Label, c.Note, c.Exported
		} else {
			targets = append(targets, Target{Name: c.Target, Label: c.Label, Note: c.Note, Exported: c.Exported})
		}
	}
	return targets
}

// ours finds the columns of a table we wrote; ok is false where it is none.
func (k Kind) ours(s *Sample, own []field.Field) (columns map[string]Cell, ok bool) {
	columns = map[string]Cell{}
	if _, takes := k.Target("custom.x"); !takes {
		own = nil
	}
	called := k.calledIn(0, own)
	if english := k.calledIn(1, own); s.count(english) > s.count(called) {
		called = english
	}
	headings, taken := 0, map[int]bool{}
	for i, h := range s.Header {
		key := HeaderKey(h)
		if key == "" {
			continue
		}
		headings++
		target := called[key]
		if target == IDTarget && !s.ids(i) {
			target = "externalId"
			if _, has := k.Target(target); !has {
				continue
			}
		}
		if _, twice := columns[target]; target == "" || twice {
			continue
		}
		columns[target], taken[i] = Cell{Column: strings.TrimSpace(h)}, true
	}
	if k.missing(columns) != "" {
		return nil, false
	}
	if !k.byID(columns) && !k.filledOut(columns) {
		return nil, false
	}
	if n := len(columns); n < 3 || float64(n) < mostlyOurs*float64(headings) {
		return nil, false
	}
	for i := range taken {
		s.Take(i)
	}
	for target := range columns {
		s.surely(k, target, 1)
	}
	return columns, true
}

// calledIn are the targets by what our own tables call them in a language, the first being Chinese.
func (k Kind) calledIn(language int, own []field.Field) map[string]string {
	out := map[string]string{}
	var taken []string
	for _, t := range k.Targets {
		if h := t.Label[language]; h != "" {
			taken = append(taken, h)
			out[HeaderKey(h)] = t.Name
		}
	}
	for i, h := range field.Headings(own, taken) {
		out[HeaderKey(h)] = "custom." + own[i].Key
	}
	return out
}

// count is how many headings are among some.
func (s *Sample) count(called map[string]string) (n int) {
	for _, h := range s.Header {
		if called[HeaderKey(h)] != "" {
			n++
		}
	}
	return n
}

// ids tells whether a column holds ids as we make them, and nothing else.
func (s *Sample) ids(column int) bool {
	if column >= len(s.distinct) || len(s.distinct[column]) == 0 {
		return false
	}
	for _, v := range s.distinct[column] {
		if !isID(v) {
			return false
		}
	}
	return true
}

// isID tells whether a text is an id as record.NewID makes them.
func isID(text string) bool {
	u, err := uuid.Parse(text)
	return err == nil && len(text) == 36 && u.Version() == 7
}

// known takes the column of a table that is mostly not ours whose ids are those of our records: what
// is left of one that was exported.
func (k Kind) known(ctx context.Context, tx database.Tx, a org.Actor, s *Sample) (column int, ok bool, err error) {
	label, has := k.Target(IDTarget)
	if !has || k.Ours == nil {
		return 0, false, nil
	}
	for i, h := range s.Header {
		key := HeaderKey(h)
		if key != HeaderKey(label.Label[0]) && key != HeaderKey(label.Label[1]) || !s.ids(i) {
			continue
		}
		ok, err = k.Ours(ctx, tx, a, s.distinct[i][:min(50, len(s.distinct[i]))])
		return i, ok, err
	}
	return 0, false, nil
}

// asWritten states how the cells of a table we wrote are to be read: nothing is learned.
func (k Kind) asWritten(columns map[string]Cell, fields map[string]field.Field) {
	for target, c := range columns {
		switch whatIs(k, target, fields) {
		case ADate:
			c.Format = "ymd"
		case AnSum, ANumber:
			c.Decimal = "."
		case ARate:
			c.Decimal, c.Rate = ".", "fraction"
		}
		columns[target] = c
	}
}

// ByID tells whether a table's rows say of which of our records they speak.
func (t *Table) ByID() bool { return t.Has(IDTarget) }

// unguarded takes off the apostrophe that a CSV has before what a spreadsheet would run, in a table we
// wrote.
func (t *Table) unguarded(cell string) string {
	if t.format.Type == grid.CSV && t.ByID() {
		return sheet.Plain(cell)
	}
	return cell
}

// Says tells what a row's cell says of what a record holds, "" where it says nothing else: held are
// the texts that a table we wrote has for it. A blank cell says nothing.
func (x *Row) Says(target string, held ...string) string {
	said := text.Fold(x.Words(target)) // only compared: what it is kept as, who keeps it tells
	for _, h := range held {
		for _, written := range []string{h, sheet.Neutral(h)} { // one a spreadsheet made of a CSV keeps the apostrophe
			if folded := text.Fold(written); said == folded || len(folded) > longestText && said == cutTo(folded, longestText) {
				return ""
			}
		}
	}
	return said
}

func (k Kind) byID(columns map[string]Cell) bool {
	_, ok := columns[IDTarget]
	return ok
}

// missing is a target that has to be filled and is not, "" for none: a row that names its record may
// say as little of it as it likes.
func (k Kind) missing(columns map[string]Cell) string {
	for _, t := range k.Targets {
		if _, has := columns[t.Name]; t.Required && !has && !k.byID(columns) {
			return t.Name
		}
	}
	return ""
}
