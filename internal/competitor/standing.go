package competitor

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
	"yunchou/internal/text"
)

// Line is a competitor with what the reader sees of it.
type Line struct {
	account.Competitor
	Standing
	Last   *Sighting           // the last sighting, nil where the reader sees none
	Worth  []opportunity.Total // of the open opportunities it is on
	People int64               // contacts who came from it
}

const mostCounted = 5_000 // people who came from any competitor: more are not counted one by one

type lines interface {
	// Lasts are the last sightings in sight, one of each competitor.
	Lasts(ctx context.Context, tx database.Tx, tenant string, v Sees) ([]Sighting, error)
	// Worth is what the open opportunities in a scope are worth that competitors are on, by currency; withoutTax is how
	// the company sums.
	Worth(ctx context.Context, tx database.Tx, tenant string, deals org.Scope, withoutTax bool) (map[string][]opportunity.Total, error)
}

// Lines are the competitors a text finds by any of their names, all where there is none, with how they stand as far as
// the actor sees it. Spellings are counted as the competitor they are.
func (s *Service) Lines(ctx context.Context, a org.Actor, query string) (out []Line, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		out = nil
		found := account.CompetitorsCalled(all, query)
		for _, c := range all {
			if c.SameAs == "" && (text.Blank(query) || found[c.ID] > pinyin.Not) {
				out = append(out, Line{Competitor: c})
			}
		}
		return s.filled(ctx, tx, a, all, out)
	})
	return out, err
}

func (s *Service) filled(ctx context.Context, tx database.Tx, a org.Actor, all []account.Competitor, list []Line) error {
	v := sees(a)
	standing, err := s.Rows.Standing(ctx, tx, a.TenantID, v)
	if err != nil {
		return err
	}
	worth, err := s.Rows.Worth(ctx, tx, a.TenantID, v.Deals, !a.Company.SumsWithTax)
	if err != nil {
		return err
	}
	lasts, err := s.Rows.Lasts(ctx, tx, a.TenantID, v)
	if err == nil {
		err = s.shown(ctx, tx, a, all, lasts)
	}
	if err != nil {
		return err
	}
	last := map[string]*Sighting{}
	for i := range lasts {
		last[lasts[i].CompetitorID] = &lasts[i]
	}
	of, w := keys(all), Whose{Limit: mostCounted}
	for key := range of {
		w.Keys = append(w.Keys, key)
	}
	people, err := s.people(ctx, tx, a, all, of, w)
	came := map[string]int64{}
	for _, p := range people {
		came[p.CompetitorID]++
	}
	for i := range list {
		l := &list[i]
		l.Standing, l.Worth, l.Last, l.People = standing[l.ID], worth[l.ID], last[l.ID], came[l.ID]
	}
	return err
}
