package funnel

import (
	"context"
	"sort"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// Rivals is how closed opportunities went by the competitors present in them.
type Rivals struct {
	Currency string              `json:"currency"`
	Rows     []Rival             `json:"rows" doc:"by how often they were met; an opportunity counts with each of its competitors"`
	NoRate   []opportunity.Total `json:"noRate"`
	Why      string              `json:"why,omitempty" doc:"why there is no figure: nothing_recorded"`
}

// Rival is one competitor's line; an empty id is "none named".
type Rival struct {
	CompetitorID string   `json:"competitorId"`
	Competitor   string   `json:"competitor"`
	Rate         Rate     `json:"winRate"`
	WonMinor     int64    `json:"wonAmountMinor"`
	LostMinor    int64    `json:"lostAmountMinor"`
	TooLarge     TooLarge `json:"tooLarge"`
	LostTo       int64    `json:"lostTo" doc:"lost to this one, of those lost"`
}

// Rivals answers for what closed in the window.
func (s *Service) Rivals(ctx context.Context, a org.Actor, in Ask) (out Rivals, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return out, err
	}
	in.Group = ""
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		rows, err := q.source.Rivals(ctx, tx, q)
		if err != nil {
			return err
		}
		out = rivals(rows)
		out.Currency = q.Currency
		if q.Known == NothingKnown {
			out.Why = NothingRecorded
		}
		return nil
	})
	return out, err
}

func rivals(rows []RivalSum) Rivals {
	by, ad := map[string]*Rival{}, newAdder()
	for _, x := range rows {
		r := by[x.CompetitorID]
		if r == nil {
			r = &Rival{CompetitorID: x.CompetitorID, Competitor: x.Competitor}
			by[x.CompetitorID] = r
		}
		minor := ad.take(x.Sum, x.N)
		if x.State == "won" {
			r.Rate.Won += x.N
			r.WonMinor += minor
			r.TooLarge.Won = r.TooLarge.Won || x.tooLarge()
			continue
		}
		r.Rate.Lost += x.N
		r.LostMinor += minor
		r.TooLarge.Lost = r.TooLarge.Lost || x.tooLarge()
		if x.LostTo {
			r.LostTo += x.N
		}
	}
	out := Rivals{Rows: []Rival{}}
	for _, r := range by {
		bound(&r.WonMinor, &r.TooLarge.Won)
		bound(&r.LostMinor, &r.TooLarge.Lost)
		r.Rate.finish()
		out.Rows = append(out.Rows, *r)
	}
	sort.Slice(out.Rows, func(i, j int) bool {
		x, y := out.Rows[i], out.Rows[j]
		if n, m := x.Rate.Won+x.Rate.Lost, y.Rate.Won+y.Rate.Lost; n != m {
			return n > m
		}
		return x.CompetitorID < y.CompetitorID
	})
	out.NoRate = ad.list()
	return out
}
