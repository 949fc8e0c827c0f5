package intake

import (
	"cmp"
	"slices"
	"strings"

	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/intake/form"
	"yunchou/internal/org"
)

// Is is what a target's cells are, beyond texts.
type Is string

const (
	ADate   Is = "date"
	AnSum   Is = "amount"
	ANumber Is = "number" // in no currency
	ARate   Is = "rate"
)

// reading is how the cells of one target are written, learned from all of them or stated by the
// mapping.
type reading struct {
	is      Is
	cell    Cell
	column  *form.Column
	heading form.Heading // what the column's name says, and what stands above the table
	days    form.Days
	numbers form.Numbers
	rates   form.Percents
	open    []string // the forms it may be in, where nobody can tell
	known   map[string]form.Day
}

// Reading is how the cells of a column are read: it is shown before anything is written, and may
// be stated in the mapping.
type Reading struct {
	Field    string `json:"field"`
	Column   string `json:"column"`
	Is       Is     `json:"is" enum:"date,amount,number,rate"`
	Format   string `json:"format,omitempty" doc:"of days: ymd, mdy, dmy"`
	Decimal  string `json:"decimal,omitempty" doc:"the mark before decimals: . or ,"`
	Unit     int64  `json:"unit,omitempty" doc:"what a cell without a unit of its own is counted in: 10000 for 万"`
	Currency string `json:"currency,omitempty" doc:"of a cell that names none"`
	Rate     string `json:"rate,omitempty" doc:"percent: 80 is 80 %; fraction: 0.8 is"`
	// Open are the forms it may be in where nobody can tell: one of them is to be stated.
	Open     []string  `json:"open,omitempty"`
	Doubt    string    `json:"doubt,omitempty" doc:"a cell that may be read in two ways"`
	Choices  []Choice  `json:"choices,omitempty" doc:"what that cell is in each of the open forms"`
	Filled   int64     `json:"filled"`
	Empty    int64     `json:"empty" doc:"cells such as 待定 and -, which say nothing"`
	Examples []Example `json:"examples"`
	Unread   []string  `json:"unread" doc:"of the first different cells, those that cannot be read: they are left empty"`
}

// Example is a cell and what it is read as.
type Example struct {
	Text  string `json:"text"`
	Read  string `json:"read"`
	About bool   `json:"about" doc:"a period, an estimate or a range: read by the rule docs/import.md states"`
}

// Choice is what a cell is in one of the forms its column may be in; Read is empty where it is nothing.
type Choice struct {
	Form string `json:"form"`
	Read string `json:"read"`
}

// whatIs tells what a target's cells are; "" is text.
func whatIs(kind Kind, target string, fields map[string]field.Field) Is {
	if key, ok := strings.CutPrefix(target, "custom."); ok {
		switch fields[key].Type {
		case field.Date:
			return ADate
		case field.Money:
			return AnSum
		case field.Number:
			return ANumber
		}
		return ""
	}
	known, _ := kind.Target(target)
	switch {
	case known.Date:
		return ADate
	case known.Amount:
		return AnSum
	case known.Rate:
		return ARate
	}
	return ""
}

// happened tells whether a target's days are of what has happened.
func happened(kind Kind, target string) bool {
	known, _ := kind.Target(target)
	return known.Date && !known.Ahead
}

// readingOf begins to learn a target's column; nil where its cells are texts.
func readingOf(is Is, past bool, cell Cell, above string, a org.Actor) *reading {
	if is == "" || cell.Column == "" {
		return nil
	}
	r := &reading{is: is, cell: cell, column: &form.Column{}, heading: form.HeadingOf(cell.Column)}
	if over := form.HeadingOf("(" + above + ")"); r.heading.Scale == 0 && is == AnSum {
		r.heading.Scale = over.Scale
		r.heading.Currency = cmp.Or(r.heading.Currency, over.Currency)
	}
	own := a.Company.Currency
	r.days = form.Days{Zone: a.Company.Zone(), Today: a.Today, Past: past}
	r.numbers = form.Numbers{Own: own}
	if is == AnSum {
		r.numbers.Scale, r.numbers.Currency = r.heading.Scale, r.heading.Currency
		if cell.Unit != "" {
			r.numbers.Scale = form.Scale(cell.Unit)
		}
		r.numbers.Currency = cmp.Or(cell.Currency, r.numbers.Currency)
	}
	return r
}

// decide tells how the columns of a file are written. One that leaves it open is written as those
// are that do not: one person, or one program, wrote them all.
func decide(all map[string]*reading) {
	order, decimal := agreed(all)
	for _, r := range all {
		r.open = nil
		switch r.is {
		case ADate:
			found, open := r.column.Order()
			if found == "" && slices.Contains(open, order) {
				found = order
			}
			r.days.Order = cmp.Or(r.cell.Format, found)
			r.doubts(r.days.Order == "", open)
		case ARate:
			fraction, open := r.column.Fraction()
			r.rates.Fraction = fraction && !r.heading.Percent || r.cell.Rate == "fraction"
			if r.cell.Rate == "percent" {
				r.rates.Fraction = false
			}
			r.doubts(r.cell.Rate == "" && !r.heading.Percent, open)
		}
		if r.is != ADate {
			found, open := r.column.Decimal()
			r.numbers.Decimal = cmp.Or(r.cell.Decimal, found, decimal)
			r.rates.Decimal = r.numbers.Decimal
			r.doubts(r.numbers.Decimal == "", open)
		}
	}
}

func (r *reading) doubts(is bool, open []string) {
	if is && len(open) > 0 {
		r.open = open
	}
}

// agreed is the order of days, and the decimal mark, that all columns of a file share which leave
// no doubt.
func agreed(all map[string]*reading) (order, decimal string) {
	orders, marks := map[string]bool{}, map[string]bool{}
	for _, r := range all {
		if o, _ := r.column.Order(); r.is == ADate && r.column.Dated() && o != "" {
			orders[o] = true
		}
		if m, _ := r.column.Decimal(); r.is != ADate && r.column.Numbered() && m != "" {
			marks[m] = true
		}
	}
	only := func(set map[string]bool) (one string) {
		if len(set) == 1 {
			for one = range set {
			}
		}
		return one
	}
	return only(orders), only(marks)
}

// fault refuses a column whose form nobody can tell.
func (r *reading) fault(file string) error {
	if len(r.open) == 0 {
		return nil
	}
	code, what := "mapping.date_ambiguous", "order"
	switch r.open[0] {
	case "percent", "fraction":
		code, what = "mapping.rate_ambiguous", ""
	case ".", ",":
		code, what = "mapping.decimal_ambiguous", "decimal"
	}
	f := fault.New(fault.Invalid, "mapping.date_ambiguous", "%s: column %q may be read in several ways (%s): state which: %s", file, r.cell.Column,
		r.column.Doubt(what), strings.Join(r.open, " or ")).With("file", file).With("column", r.cell.Column).With("example", r.column.Doubt(what))
	f.Code = code
	return f
}

// said is the reading as it is shown.
func (r *reading) said(target string) Reading {
	out := Reading{Field: target, Column: r.cell.Column, Is: r.is, Open: r.open, Filled: r.column.Filled, Empty: r.column.Nothing,
		Examples: []Example{}, Unread: []string{}}
	out.Doubt, out.Choices = r.asks()
	switch r.is {
	case ADate:
		out.Format = r.days.Order
	case ARate:
		out.Rate = "percent"
		if r.rates.Fraction {
			out.Rate = "fraction"
		}
	case AnSum:
		out.Unit = max(r.numbers.Scale, 1)
		out.Currency = r.numbers.Currency
	}
	if r.is != ADate {
		out.Decimal = r.numbers.Decimal
	}
	shapes := map[string]bool{}
	for _, text := range r.column.Sample() {
		read, about, ok := r.shown(text)
		shape := shapeOf(text)
		switch {
		case !ok:
			if len(out.Unread) < 10 && !r.mayBeRead(text) {
				out.Unread = append(out.Unread, text)
			}
		case ok && len(out.Examples) < 6 && !shapes[shape]:
			shapes[shape] = true
			out.Examples = append(out.Examples, Example{Text: text, Read: read, About: about})
		}
	}
	return out
}

// asks is a cell the open forms read differently, and what it is in each; nothing where none is open.
func (r *reading) asks() (doubt string, choices []Choice) {
	for _, text := range r.column.Sample() {
		list, differ := r.choices(text)
		if differ {
			return text, list
		}
	}
	if len(r.open) == 0 {
		return "", nil
	}
	what := "decimal"
	if r.is == ADate {
		what = "order"
	}
	list, _ := r.choices(r.column.Doubt(what))
	return r.column.Doubt(what), list
}

// choices are what a text is in each of the open forms, and whether that differs.
func (r *reading) choices(text string) (list []Choice, differ bool) {
	for i, form := range r.open {
		read, _, _ := r.as(form).shown(text)
		list = append(list, Choice{form, read})
		differ = differ || i > 0 && read != list[i-1].Read
	}
	return list, differ
}

// mayBeRead tells whether a text is something in one of the open forms.
func (r *reading) mayBeRead(text string) bool {
	list, _ := r.choices(text)
	return slices.ContainsFunc(list, func(c Choice) bool { return c.Read != "" })
}

// as is the reading in one of its open forms.
func (r *reading) as(form string) *reading {
	in := *r
	in.known = nil
	switch form {
	case ".", ",":
		in.numbers.Decimal, in.rates.Decimal = form, form
	case "percent", "fraction":
		in.rates.Fraction = form == "fraction"
	default:
		in.days.Order = form
	}
	return &in
}

// shapeOf is a text with every digit as 0: examples of one shape say the same.
func shapeOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, text)
}

// shown is a cell as it is read, for people: 2026-12-31, 600000 CNY, 80%.
func (r *reading) shown(text string) (read string, about, ok bool) {
	switch r.is {
	case ADate:
		d, err := r.day(text)
		read = string(d.On)
		if d.At != nil {
			read += d.At.In(r.days.Zone).Format(" 15:04")
		}
		return read, d.About, err == nil
	case ARate:
		bp, about, err := r.rates.Read(text)
		return decimal(bp, 2) + "%", about, err == nil
	}
	n, err := r.numbers.Read(text)
	if err != nil || n.Value.Sign() < 0 && r.is == AnSum {
		return "", false, false
	}
	return strings.TrimSpace(plain(n.Value) + " " + n.Currency), n.About, true
}

// mostKnown is how many different days of a column are remembered.
const mostKnown = 4096

// day reads a day; those that take thought are remembered.
func (r *reading) day(text string) (form.Day, error) {
	if d, ok := r.known[text]; ok {
		return d, nil
	}
	d, err := r.days.Read(text)
	if err == nil && len(r.known) < mostKnown {
		if r.known == nil {
			r.known = map[string]form.Day{}
		}
		r.known[text] = d
	}
	return d, err
}
