package desk

import (
	"context"
	"slices"
	"strconv"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Counted is how lines of a kind ended.
type Counted struct {
	Kind  string
	Acted int64 // done, handed over, or asked about
	Waved int64 // not an issue
	Later int64 // put off
}

const (
	countedDays = 90 // days that are looked back
	leastWaved  = 10 // decisions below which nothing is said of a kind
)

// TooEarly tells whether a kind is mostly waved away, so that its limit asks too early.
func (s *Service) TooEarly(c Counted) bool {
	return slices.Contains(s.Limited, c.Kind) && c.mostlyWaved()
}

func (c Counted) mostlyWaved() bool { return c.Acted+c.Waved >= leastWaved && c.Waved > c.Acted }

// Counts are the kinds of lines by how they ended in the last 90 days, over the company.
func (s *Service) Counts(ctx context.Context, a org.Actor) (list []Counted, err error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err = s.Rows.Counts(ctx, tx, a.TenantID, since(a.Today))
		return err
	})
	return list, err
}

func since(today calendar.Date) calendar.Date { return today.Add(-countedDays) }

// waved is the source of what is asked of whoever sets limits.
type waved struct{ *Service }

// LimitKind is the kind of a line about a limit; its id is the kind of sign.
const LimitKind = "limit"

// Signs implements Source.
func (w waved) Signs(ctx context.Context, tx database.Tx, k *Ask) (out []Found, err error) {
	if !k.Actor.Can(org.PipelineEdit) {
		return nil, nil
	}
	list, err := w.Rows.Counts(ctx, tx, k.Actor.TenantID, since(k.Actor.Today))
	for _, c := range list {
		if w.TooEarly(c) {
			out = append(out, Found{record.Ref{Kind: LimitKind, ID: c.Kind}, Sign{Kind: "limit", Name: c.Kind, Count: c.Waved,
				Limit: int(c.Acted + c.Waved), Facts: []string{c.Kind, strconv.FormatInt(c.Waved/leastWaved, 10)}}})
		}
	}
	return out, err
}

// Add counts decisions.
func (c *Counted) Add(d Decision, n int64) {
	switch d {
	case Done, Handed, Asked:
		c.Acted += n
	case NotIssue:
		c.Waved += n
	case Until:
		c.Later += n
	}
}
