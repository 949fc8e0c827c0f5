package truth

import (
	"fmt"
	"strings"
)

// Tell lists all that was written about a record, for whoever reads a difference.
func (c *Company) Tell(id string) string {
	d := c.deal(id)
	var b strings.Builder
	line := func(k Known, format string, args ...any) {
		ended := ""
		if k.Ended > 0 {
			ended = fmt.Sprintf(", ended by %d", k.Ended)
		}
		fmt.Fprintf(&b, "  %-10s written %d%s: %s\n", k.Day, k.Seq, ended, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "%s %s, created %s\n", d.Name, d.ID, d.Created)
	for _, s := range d.stays {
		what := s.State + " in " + c.stageName(s)
		if s.Remapped {
			what += ", remapped"
		}
		if s.Entered == "" {
			what += ", day unknown"
		}
		if s.State != Open {
			what += " " + amount(s.Amount) + " " + s.LossKind + " " + s.Competitor
		}
		line(s.Known, "stay %d %s", s.Ord, what)
		for _, l := range s.credit {
			fmt.Fprintf(&b, "    credit %s of %s, %s %d bp, %s, product %q\n", l.Member, l.Team, l.Kind, l.BP, number(l.Minor), l.Product)
		}
	}
	for _, r := range d.owners {
		line(r.Known, "owner %s of %s", r.Value.Member, r.Value.Team)
	}
	for _, r := range d.amounts {
		line(r.Known, "amount %s", amount(r.Value))
	}
	for _, r := range d.lines {
		line(r.Known, "lines %v", r.Value)
	}
	for _, r := range d.expected {
		line(r.Known, "expected %s", r.Value)
	}
	for _, r := range d.confidence {
		line(r.Known, "confidence %s", number(r.Value))
	}
	for _, r := range d.accounts {
		line(r.Known, "account %s", r.Value)
	}
	for _, r := range d.regions {
		line(r.Known, "region %s", r.Value)
	}
	for _, r := range d.shares {
		line(r.Known, "shares %v", r.Value)
	}
	for _, r := range d.deleted {
		line(r.Known, "deleted %v", r.Value)
	}
	return c.Named(b.String())
}

func (c *Company) stageName(s Stay) string {
	if s.Stage == "" {
		return "no stage"
	}
	v := c.versionByID(s.Version)
	if i := v.index(s.Stage); i >= 0 {
		return fmt.Sprintf("%s (version %d)", v.Stages[i].Name, v.Number)
	}
	return s.Stage
}

func amount(m Money) string { return number(m.Minor) + " " + m.Currency }

func number(n *int64) string {
	if n == nil {
		return "—"
	}
	return fmt.Sprint(*n)
}

// Named puts names in the place of ids.
func (c *Company) Named(text string) string {
	var pairs []string
	for id, name := range c.Names {
		pairs = append(pairs, id, name)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
