package truth

import (
	"fmt"
	"sort"
)

// Record is one as its maker stated it. Stage and version are those it began in.
type Record struct {
	ID, Name                 string
	Pipeline, Version, Stage string
	Owner                    string
	Amount                   *int64
	Currency                 string
	Expected                 Date
	Confidence               *int64
	Lines                    []Line
	Account, Region          string
}

// Create tells of a record made by form.
func (c *Company) Create(at Act, n Record) {
	d := &Deal{ID: n.ID, Name: n.Name, Created: at.Day}
	d.enter(at, at.Day, Stay{Pipeline: n.Pipeline, Version: n.Version, Stage: n.Stage, State: Open})
	c.own(d, at, at.Day, n.Owner)
	if n.Owner != "" {
		put(&d.shares, at, at.Day, []Share{{n.Owner, "direct", 10000}})
	}
	d.state(at, at.Day, n)
	c.deals = append(c.deals, d)
}

// state writes what a record says from a day on.
func (d *Deal) state(at Act, day Date, n Record) {
	put(&d.amounts, at, day, Money{n.Amount, n.Currency})
	put(&d.expected, at, day, n.Expected)
	put(&d.confidence, at, day, n.Confidence)
	put(&d.accounts, at, day, n.Account)
	put(&d.regions, at, day, n.Region)
	if len(n.Lines) > 0 {
		put(&d.lines, at, day, n.Lines)
	}
}

const ordStep = 1000

// Visit is one step of a history another system recorded; an unknown day is "".
type Visit struct {
	Stage, State string
	On           Date
}

// Imported is a record with its history.
type Imported struct {
	Record
	Created  Date
	Visits   []Visit
	LossKind string
}

// Import tells of records with their histories. What the source says of a record it says
// from the first day it knows of it, or where it knows none from the day of the import;
// whose it is, it says of all time.
func (c *Company) Import(at Act, list []Imported) {
	for _, in := range list {
		d := &Deal{ID: in.ID, Name: in.Name, Created: in.Created}
		first := Date("")
		for _, v := range in.Visits {
			d.enterBy(at, v.On, Stay{Pipeline: in.Pipeline, Version: in.Version, Stage: v.Stage, State: v.State}, true)
			if v.On != "" && (first == "" || v.On < first) {
				first = v.On
			}
		}
		if in.Created != "" && (first == "" || in.Created < first) {
			first = in.Created
		}
		if first == "" {
			first = at.Day
		}
		if in.Owner != "" {
			team := c.mainTeam(in.Owner, at.Day)
			put(&d.owners, at, "", Owner{Member: in.Owner, Team: team})
			put(&d.shares, at, first, []Share{{in.Owner, "direct", 10000}})
			c.foresee(d, at)
		}
		d.state(at, first, in.Record)
		c.deals = append(c.deals, d)
		for i := range d.stays {
			if s := &d.stays[i]; s.State != Open {
				s.Amount, s.LossKind = Money{in.Amount, in.Currency}, in.LossKind
				s.credit = c.creditOf(d, at, *s)
			}
		}
	}
}

// ImportUndone tells that a batch was taken back: its records were never true.
func (c *Company) ImportUndone(at Act, ids []string) {
	for _, id := range ids {
		d := c.deal(id)
		for i := range d.stays {
			d.stays[i].end(at)
		}
	}
}

func (s *Stay) end(at Act) {
	if s.Ended == 0 {
		s.Ended = at.Seq
	}
}

// Move is an accepted move. Stage "" is withdrawn. Stage and version of a reopening are
// those it went to.
type Move struct {
	On                       Date
	Pipeline, Version, Stage string
	State                    string
	Reopened                 bool
	LossKind, Competitor     string
	Contract                 *int64 // of a win; nil is the amount
}

// Move tells of one.
func (c *Company) Move(at Act, id string, mv Move) {
	d := c.deal(id)
	s := Stay{Pipeline: mv.Pipeline, Version: mv.Version, Stage: mv.Stage, State: mv.State,
		LossKind: mv.LossKind, Competitor: mv.Competitor}
	switch {
	case mv.State == Won:
		s.Amount, _ = last(d.amounts, Moment{at.Day, at.Seq})
		if mv.Contract != nil {
			s.Amount.Minor = mv.Contract
		}
		c.signed(d, at, mv.On, s.Amount)
	case mv.State == Open && !mv.Reopened:
		c.capped(d, at, mv)
	}
	d.enter(at, mv.On, s)
	c.close(d, at, &d.stays[len(d.stays)-1])
	switch {
	case mv.Reopened:
		c.rejoin(d, at)
	case mv.State != Open:
		c.keep(d, at)
	}
}

// close gives a stay what it is to be as a closing: the amount of a loss or withdrawal, and
// the credit.
func (c *Company) close(d *Deal, at Act, s *Stay) {
	if s.State == Lost || s.State == Withdrawn {
		var stated bool
		if s.Amount, stated = last(d.amounts, Moment{s.Day, at.Seq}); !stated {
			s.Amount.Currency = earliest(d.amounts, at).Currency
		}
	}
	if s.State != Open {
		s.credit = c.creditOf(d, at, *s)
	}
}

// enter appends a stay; one of an unknown day counts from the day it is written down.
func (d *Deal) enter(at Act, on Date, s Stay) { d.enterBy(at, on, s, false) }

// onlyDay is the minute of what has only a day.
const onlyDay = -1

func (d *Deal) enterBy(at Act, on Date, s Stay, imported bool) {
	s.ID, s.Ord, s.made = fmt.Sprint(len(d.stays)+1), ordStep, at.Seq
	for _, o := range d.stays {
		s.Ord = max(s.Ord, (o.Ord/ordStep+1)*ordStep)
	}
	s.Known, s.Entered, s.Minute = Known{Day: on, Seq: at.Seq}, on, onlyDay
	if on == at.Day && !imported {
		s.Minute = at.Minute
	}
	if on == "" {
		s.Day = at.Day
	}
	d.stays = append(d.stays, s)
}

// now is the stay a record is in, whatever day is written on it; one whose import was
// undone is in none.
func (d *Deal) now(at Act) Stay {
	if list := d.counting(at); len(list) > 0 {
		return *list[len(list)-1]
	}
	return Stay{}
}

// signed makes the contract the amount from the closing's day on, and splits the lines as
// they were split.
func (c *Company) signed(d *Deal, at Act, on Date, contract Money) {
	today := Moment{at.Day, at.Seq}
	held, _ := last(d.amounts, today)
	if same(held.Minor, contract.Minor) {
		return
	}
	put(&d.amounts, at, on, contract)
	d.resplit(at, on, contract.Minor)
}

// resplit shares a new amount over the lines in their old proportion.
func (d *Deal) resplit(at Act, on Date, minor *int64) {
	lines, _ := last(d.lines, Moment{at.Day, at.Seq})
	if len(lines) == 0 || minor == nil {
		return
	}
	weights := make([]int64, len(lines))
	for i, l := range lines {
		weights[i] = l.Minor
	}
	next := make([]Line, len(lines))
	for i, part := range split(*minor, weights) {
		next[i] = Line{lines[i].Product, part}
	}
	put(&d.lines, at, on, next)
}

// capped lowers a confidence above what may be stated in the stage moved to.
func (c *Company) capped(d *Deal, at Act, mv Move) {
	held, _ := last(d.confidence, Moment{at.Day, at.Seq})
	for _, s := range c.versionByID(mv.Version).Stages {
		if s.ID == mv.Stage && held != nil && *held > s.CapBP {
			least := s.CapBP
			put(&d.confidence, at, mv.On, &least)
		}
	}
}

// TakeBack tells that a move was a mistake: what it wrote was never true, and the stay
// before goes on. Which is its place among the stays that count today.
func (c *Company) TakeBack(at Act, id string, which int) {
	d := c.deal(id)
	before := d.counting(at)
	wrong := before[which]
	wrong.end(at)
	if which+1 < len(before) { // who went there and back never left
		if was, next := before[which-1], before[which+1]; next.Stage == was.Stage && next.Pipeline == was.Pipeline {
			next.end(at)
		}
	}
	if wrong.made != d.stays[0].made {
		end(d.amounts, at, func(r Dated[Money]) bool { return r.Seq == wrong.made })
		end(d.lines, at, func(r Dated[[]Line]) bool { return r.Seq == wrong.made })
		end(d.confidence, at, func(r Dated[*int64]) bool { return r.Seq == wrong.made })
		end(d.owners, at, func(r Dated[Owner]) bool { return r.Seq == wrong.made })
		end(d.shares, at, func(r Dated[[]Share]) bool { return r.Seq == wrong.made })
	}
	switch {
	case wrong.State != Open:
		c.rejoin(d, at)
	case d.now(at).State != Open:
		c.keep(d, at)
	}
	c.remap(d, at, c.InForce(d.now(at).Pipeline, Moment{at.Day, at.Seq}))
}

// Correct tells that a stay began on another day. What the move wrote moves along, and a
// closing is what it would have been; what a new record stated holds from the day it was
// made all the same.
func (c *Company) Correct(at Act, id string, which int, on Date) {
	d := c.deal(id)
	wrong := d.counting(at)[which]
	wrong.end(at)
	right := *wrong
	right.Known, right.Entered, right.Minute = Known{Day: on, Seq: at.Seq}, on, onlyDay
	right.ID, right.made = fmt.Sprint(len(d.stays)+1), at.Seq
	for _, s := range d.stays { // behind all that stood in its place before
		if s.Ord/ordStep == right.Ord/ordStep {
			right.Ord = max(right.Ord, s.Ord+1)
		}
	}
	if made := wrong.made; made != d.stays[0].made {
		redate(&d.amounts, at, made, on)
		redate(&d.lines, at, made, on)
		redate(&d.confidence, at, made, on)
	}
	for _, r := range d.owners { // the team it came to is the new stay's
		if r.Ended == 0 && r.Seq == wrong.made && wrong.made != d.stays[0].made {
			end(d.owners, at, func(o Dated[Owner]) bool { return o == r })
			put(&d.owners, at, r.Day, r.Value)
		}
	}
	for _, r := range d.shares { // and so is whose share it is since
		if r.Ended == 0 && r.Seq == wrong.made && wrong.made != d.stays[0].made {
			end(d.shares, at, func(o Dated[[]Share]) bool { return o.Seq == wrong.made })
			put(&d.shares, at, r.Day, r.Value)
			break
		}
	}
	d.stays = append(d.stays, right)
	c.close(d, at, &d.stays[len(d.stays)-1])
}

// counting are the stays that count today, in order.
func (d *Deal) counting(at Act) (out []*Stay) {
	for i := range d.stays {
		if (Moment{forever, at.Seq}).Counts(d.stays[i].Known) {
			out = append(out, &d.stays[i])
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Ord < out[j].Ord })
	return out
}

// redate ends the rows an act wrote and writes them for another day.
func redate[T any](rows *[]Dated[T], at Act, made int64, on Date) {
	for _, r := range *rows {
		if r.Ended == 0 && r.Seq == made {
			end(*rows, at, func(o Dated[T]) bool { return o.Seq == made })
			put(rows, at, on, r.Value)
			return
		}
	}
}

// Edit tells of new values; nil fields stay.
type Edit struct {
	Amount     **int64
	Currency   *string
	Expected   *Date
	Confidence **int64
	Lines      *[]Line
	Account    *string // and the region that came with it
	Region     string
}

// Edit tells of an edit, which holds from the day it is made.
func (c *Company) Edit(at Act, id string, e Edit) {
	d := c.deal(id)
	today := Moment{at.Day, at.Seq}
	held, _ := last(d.amounts, today)
	next := held
	if e.Amount != nil {
		next.Minor = *e.Amount
	}
	if e.Currency != nil {
		next.Currency = *e.Currency
	}
	if !same(held.Minor, next.Minor) || held.Currency != next.Currency {
		put(&d.amounts, at, at.Day, next)
	}
	switch {
	case e.Lines != nil:
		put(&d.lines, at, at.Day, *e.Lines)
	case !same(held.Minor, next.Minor):
		d.resplit(at, at.Day, next.Minor)
	}
	if e.Account != nil && *e.Account != d.account(today) {
		put(&d.accounts, at, at.Day, *e.Account)
		put(&d.regions, at, at.Day, e.Region)
	}
	if e.Expected != nil {
		put(&d.expected, at, at.Day, *e.Expected)
	}
	if e.Confidence != nil {
		put(&d.confidence, at, at.Day, *e.Confidence)
	}
}

// account is the one a record is of, "" where it is of none.
func (d *Deal) account(m Moment) string {
	id, _ := last(d.accounts, m)
	return id
}

func (d *Deal) region(m Moment) string {
	region, _ := last(d.regions, m)
	return region
}

// SetShares tells who is to be credited from today on.
func (c *Company) SetShares(at Act, id string, shares []Share) {
	put(&c.deal(id).shares, at, at.Day, shares)
}

// Delete tells of a deletion, or with restored of the opposite.
func (c *Company) Delete(at Act, id string, restored bool) {
	d := c.deal(id)
	put(&d.deleted, at, at.Day, !restored)
	if restored {
		c.rejoin(d, at)
	} else {
		c.keep(d, at)
	}
}

// ChangePipeline tells of a record moved to the first stage of another.
func (c *Company) ChangePipeline(at Act, id, pipeline, version, stage string) {
	c.deal(id).enter(at, at.Day, Stay{Pipeline: pipeline, Version: version, Stage: stage, State: Open})
}

// SetRate states an exchange rate from a day on.
func (c *Company) SetRate(at Act, currency string, from Date, millionth int64) {
	put(&c.rates, at, from, Rate{currency, millionth})
}

func same(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
