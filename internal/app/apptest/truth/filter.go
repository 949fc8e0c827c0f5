package truth

import "slices"

// Filter keeps some records of a question, by what they were on their day: of what is
// closed the closing's where it says so, else the question's. What is empty asks nothing.
type Filter struct {
	Region, Account, Industry, Product, Stage, LossKind string
	States                                              []string
	ClosedFrom, ClosedTo, ExpectedFrom, ExpectedTo      Date // half-open
	Least, Most                                         *int64
}

// customer is what is told of an account: its industry is as it is today, its class is
// dated.
type customer struct {
	industry string
	classes  []Dated[string]
}

// Customer tells of an account, or of a change of one.
func (c *Company) Customer(at Act, id, industry, class string) {
	a := c.customers[id]
	if a == nil {
		a = &customer{}
		c.customers[id] = a
	}
	a.industry = industry
	put(&a.classes, at, at.Day, class)
}

// moment is when the filter, and a group, looks at a record: at its closing, or with the
// question.
func (x seen) moment() Moment {
	if x.closed() {
		return Moment{x.last.Day, x.m.K}
	}
	return x.m
}

func (c *Company) industry(x seen, m Moment) string {
	if a := c.customers[x.deal.account(m)]; a != nil {
		return a.industry
	}
	return ""
}

func (c *Company) class(x seen, m Moment) string {
	if a := c.customers[x.deal.account(m)]; a != nil {
		class, _ := last(a.classes, m)
		return class
	}
	return ""
}

// passes tells whether a filter keeps a record.
func (c *Company) passes(x seen, q Question) bool {
	f, m, at := q.Filter, x.moment(), x.m
	if c.Faults.FilterOfToday {
		m = Moment{forever, always}
		at = m
	}
	lines, _ := last(x.deal.lines, m)
	expected, _ := last(x.deal.expected, at)
	is := func(asked, it string) bool { return asked == "" || asked == it }
	stage := f.Stage == "" || x.last.Stage == f.Stage || c.countsFor(x.last, c.chosen(q, x.m)) == f.Stage
	closed := f.ClosedFrom == "" && f.ClosedTo == "" || x.last.State != Open && between(x.last.Entered, f.ClosedFrom, f.ClosedTo)
	lost := f.LossKind == "" || (x.last.State == Lost || x.last.State == Withdrawn) && x.last.LossKind == f.LossKind
	return is(f.Region, x.deal.region(at)) && is(f.Account, x.deal.account(m)) && is(f.Industry, c.industry(x, m)) && stage && closed && lost &&
		(f.Product == "" || slices.ContainsFunc(lines, func(l Line) bool { return l.Product == f.Product })) &&
		(f.ExpectedFrom == "" && f.ExpectedTo == "" || between(expected, f.ExpectedFrom, f.ExpectedTo)) &&
		(len(f.States) == 0 || slices.Contains(f.States, x.last.State)) && c.priced(x, q, m)
}

// between tells whether a day lies in a half-open window; an unknown one does not.
func between(d, from, to Date) bool { return d != "" && d >= from && (to == "" || d < to) }

// priced tells whether the whole amount a figure counts lies within the bounds, at the rate
// of its day; what is not stated, or has no rate, does not.
func (c *Company) priced(x seen, q Question, m Moment) bool {
	f := q.Filter
	if f.Least == nil && f.Most == nil {
		return true
	}
	money := x.last.Amount
	if !x.closed() || c.Faults.FilterOfToday {
		money, _ = last(x.deal.amounts, m)
	}
	if money.Minor == nil {
		return false
	}
	minor := *money.Minor
	if money.Currency != c.Currency {
		if q.rates != nil {
			m = *q.rates
		}
		rate, ok := c.rateOf(money.Currency, m)
		if !ok {
			return false
		}
		minor = convert(minor, money.Currency, c.Currency, rate)
	}
	return (f.Least == nil || minor >= *f.Least) && (f.Most == nil || minor <= *f.Most)
}
