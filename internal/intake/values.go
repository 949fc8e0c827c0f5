package intake

import (
	"math/big"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/intake/form"
	"yunchou/internal/money"
)

// What stands in a cell that cannot be read is told, the cell is left empty, and the row comes
// in: only what makes a record impossible keeps it out, and that its importer knows.

// leave tells that a cell is left empty.
func (x *Row) leave(target, code string, f *fault.Fault) {
	i := Issue{Level: "warning", Field: target, Code: code}
	if f != nil {
		i.Params, i.Detail = f.Params, f.Detail
	}
	x.tell(i)
}

// aboutCell tells what a period, an estimate or a range was read as.
func (x *Row) aboutCell(target, code, read string) {
	x.tell(Issue{Level: "warning", Field: target, Code: code, Params: map[string]any{"read": read}})
}

// typed is a target's text, where it is no mark of having nothing to say, and how it is read; a text
// the mapping states is read as everybody writes it.
func (x *Row) typed(target string, is Is) (string, *reading) {
	text := x.Text(target)
	if text != "" && form.Nothing(text) {
		x.Note(target, "empty_marker", text, "")
		return "", nil
	}
	r := x.Table.readings[target]
	if r == nil && text != "" {
		r = readingOf(is, happened(x.Table.kind, target), Cell{Column: target, Unit: x.Table.Spec.Columns[target].Unit}, "", x.Run.Actor)
		r.days.Order, r.numbers.Decimal = form.YMD, "."
	}
	return text, r
}

// Date reads a day, "" where there is none or it cannot be read, and the instant where the cell
// holds one.
func (x *Row) Date(target string) (calendar.Date, *time.Time) {
	return x.date(target, "")
}

// Past reads the day of what has happened: one that has not come cannot be, since it would stand
// in no figure until then; of a period that has begun it is the last day that has come.
func (x *Row) Past(target string) (calendar.Date, *time.Time) {
	return x.date(target, x.Run.Actor.Today)
}

func (x *Row) date(target string, last calendar.Date) (calendar.Date, *time.Time) {
	text, r := x.typed(target, ADate)
	if text == "" {
		return "", nil
	}
	d, err := r.day(text)
	if err != nil {
		x.leave(target, "import.bad_date", &fault.Fault{Detail: err.Error()})
		return "", nil
	}
	if last != "" && d.On > last {
		if !d.About || d.On.Sub(last) > 366 {
			x.leave(target, "import.date_in_future", nil)
			return "", nil
		}
		d.On = last
	}
	if d.About {
		x.aboutCell(target, "import.about_date", string(d.On))
	}
	return d.On, d.At
}

// Amount reads an amount in minor units of a currency, nil where there is none or it cannot be read.
// One in another currency is left out, and told.
func (x *Row) Amount(target, currency string) *int64 {
	v, in := x.Money(target, currency)
	if v != nil && in != currency {
		x.otherCurrency(target, in, currency)
		return nil
	}
	return v
}

func (x *Row) otherCurrency(target, in, wanted string) {
	x.leave(target, "import.other_currency", &fault.Fault{Params: map[string]any{"currency": in, "wanted": wanted}})
}

// Money reads an amount in minor units of the currency it is in: the one the cell or its column
// names, else the given one. nil is none, or one that cannot be read.
func (x *Row) Money(target, currency string) (*int64, string) {
	text, r := x.typed(target, AnSum)
	if text == "" {
		return nil, currency
	}
	numbers, stated := r.numbers, x.Text("currency") != ""
	if numbers.Own = currency; stated {
		numbers.Currency = "" // the row's leads before its column's
	}
	n, err := numbers.Read(text)
	if err != nil {
		x.leave(target, "import.bad_amount", nil)
		return nil, currency
	}
	if stated && n.Currency != "" && n.Currency != currency {
		x.otherCurrency(target, n.Currency, currency)
		return nil, currency
	}
	if n.Currency != "" {
		currency = n.Currency
	}
	if n.Value.Sign() < 0 {
		x.leave(target, "import.negative_amount", nil)
		return nil, currency
	}
	v, err := money.Minor(n.Value, currency)
	if err != nil || v > money.MaxMinor {
		x.leave(target, "import.amount_too_large", nil)
		return nil, currency
	}
	if n.About {
		x.aboutCell(target, "import.about_amount", plain(n.Value))
	}
	if target == "amount" && !x.added { // a row may be asked again, in another currency
		x.added = true
		x.Table.add(v, currency)
	}
	return &v, currency
}

// Currency reads the text of a column of currencies as an ISO 4217 code, the company's own where
// there is none. False is a text that names no currency: what it belongs to cannot be counted.
func (x *Row) Currency(target string) (string, bool) {
	own := x.Run.Actor.Company.Currency
	text := x.Text(target)
	if text == "" || form.Nothing(text) {
		return own, true
	}
	if code := form.Currency(text, own); code != "" {
		return code, true
	}
	x.leave(target, "import.currency_unknown", nil)
	return own, false
}

// Percent reads 80%, 80 and 0.8 as basis points, nil where there is none or it cannot be read.
func (x *Row) Percent(target string) *int64 {
	text, r := x.typed(target, ARate)
	if text == "" {
		return nil
	}
	bp, about, err := r.rates.Read(text)
	if err != nil {
		x.leave(target, "import.bad_percent", nil)
		return nil
	}
	if about {
		x.aboutCell(target, "import.about_rate", decimal(bp, 2)+"%")
	}
	return &bp
}

// own reads the value of an own field as a person would type it, "" where there is none or it
// cannot be read; person finds a member by name.
func (x *Row) own(target string, f field.Field, person func(name string) string) string {
	switch f.Type {
	case field.Date:
		d, _ := x.Date(target)
		return string(d)
	case field.Money:
		own := x.Run.Actor.Company.Currency
		if v := x.Amount(target, own); v != nil {
			return money.Decimal(*v, money.Digits(own))
		}
		return ""
	case field.Number:
		return x.number(target)
	case field.Text:
		return x.WordsInLine(target)
	}
	value := x.Text(target)
	if value != "" && f.Type == field.Person {
		value = person(value)
	}
	return value
}

// number reads a number in no currency.
func (x *Row) number(target string) string {
	text, r := x.typed(target, ANumber)
	if text == "" {
		return ""
	}
	n, err := r.numbers.Read(strings.TrimSuffix(text, "%"))
	if err != nil {
		x.leave(target, "import.bad_number", nil)
		return ""
	}
	if n.About {
		x.aboutCell(target, "import.about_amount", plain(n.Value))
	}
	return plain(n.Value)
}

// plain writes a number without separators, with three decimals at most.
func plain(r *big.Rat) string {
	s := r.FloatString(3)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func decimal(n int64, digits int) string {
	return strings.TrimSuffix(strings.TrimRight(money.Decimal(n, digits), "0"), ".")
}
