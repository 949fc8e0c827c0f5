package funnel

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Against is how what closed went where one competitor was present, beside the rest.
type Against struct {
	CompetitorID string         `json:"competitorId" doc:"the competitor that stays, of a spelling"`
	Competitor   string         `json:"competitor"`
	Rate         Rate           `json:"winRate" doc:"where it was present"`
	Without      Rate           `json:"without" doc:"where it was not"`
	LostTo       int64          `json:"lostTo" doc:"lost to it, of those lost"`
	Stages       []AgainstStage `json:"stages" doc:"where it was lost from, in the order of the pipeline; an unknown stage last"`
	Groups       []AgainstGroup `json:"groups" doc:"by groupBy, those it was met in most in front"`
	Why          string         `json:"why,omitempty" doc:"why there is no figure: nothing_recorded"`
}

// Share is a part of a whole, with its 95 % interval (Wilson).
type Share struct {
	N      int64 `json:"n"`
	Of     int64 `json:"of"`
	BP     *int  `json:"bp" doc:"basis points; null of nothing"`
	LowBP  *int  `json:"lowBp"`
	HighBP *int  `json:"highBp"`
}

func shareOf(n, of int64) Share {
	s := Share{N: n, Of: of}
	if s.BP = rate(n, of-n); s.BP != nil {
		low, high := Wilson(n, of)
		s.LowBP, s.HighBP = &low, &high
	}
	return s
}

// AgainstStage is a stage opportunities were lost from.
type AgainstStage struct {
	StageID string `json:"stageId"`
	Stage   string `json:"stage"`
	Lost    Share  `json:"lost" doc:"of what was lost where it was present"`
	LostTo  int64  `json:"lostTo" doc:"of these, to it"`
	Without Share  `json:"without" doc:"of what was lost where it was not"`
}

// AgainstGroup is a segment.
type AgainstGroup struct {
	Key     string `json:"key" doc:"name, or the value grouped by; empty is none"`
	ID      string `json:"id"`
	Rate    Rate   `json:"winRate"`
	Without Rate   `json:"without"`
	LostTo  int64  `json:"lostTo"`
}

// Against answers for what closed in the window. Fault: competitor.unknown.
func (s *Service) Against(ctx context.Context, a org.Actor, in Ask, competitor string) (out Against, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return out, err
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		it, err := s.Opportunities.Accounts.OneCompetitor(ctx, tx, a, competitor)
		if err != nil {
			return err
		}
		whole := q
		whole.Group = ""
		all, err := q.source.Against(ctx, tx, whole, it.ID)
		if err != nil {
			return err
		}
		out = against(q, all)
		out.CompetitorID, out.Competitor, out.Groups = it.ID, it.Name, []AgainstGroup{}
		if q.Known == NothingKnown {
			out.Why = NothingRecorded
		}
		if q.Group == "" {
			return nil
		}
		split, err := q.source.Against(ctx, tx, q, it.ID)
		if err != nil {
			return err
		}
		called, err := q.calls(ctx, tx, a)
		out.Groups = againstGroups(split, called)
		return err
	})
	return out, err
}

// take counts with or without it.
func (c AgainstCount) take(met, without *Rate) {
	r := without
	if c.Met {
		r = met
	}
	if c.State == "won" {
		r.Won += c.N
	} else {
		r.Lost += c.N
	}
}

func (c AgainstCount) lostTo() int64 {
	if c.LostTo {
		return c.N
	}
	return 0
}

func against(q Query, all []AgainstCount) Against {
	out := Against{Stages: []AgainstStage{}}
	type from struct {
		met, without Rate
		to           int64
	}
	stages := map[string]*from{}
	for _, c := range all {
		c.take(&out.Rate, &out.Without)
		out.LostTo += c.lostTo()
		if c.State == "won" {
			continue
		}
		if stages[c.StageID] == nil {
			stages[c.StageID] = &from{}
		}
		f := stages[c.StageID]
		c.take(&f.met, &f.without)
		f.to += c.lostTo()
	}
	line := func(id, name string) {
		if f := stages[id]; f != nil {
			out.Stages = append(out.Stages, AgainstStage{StageID: id, Stage: name, LostTo: f.to,
				Lost: shareOf(f.met.Lost, out.Rate.Lost), Without: shareOf(f.without.Lost, out.Without.Lost)})
		}
	}
	for _, st := range q.Pipeline.Stages {
		line(st.ID, st.Name)
	}
	line("", "")
	out.Rate.finish()
	out.Without.finish()
	return out
}

func againstGroups(split []AgainstCount, called func(id string) string) []AgainstGroup {
	by := map[string]*AgainstGroup{}
	for _, c := range split {
		g := by[c.Key]
		if g == nil {
			g = &AgainstGroup{ID: c.Key, Key: called(c.Key)}
			by[c.Key] = g
		}
		c.take(&g.Rate, &g.Without)
		g.LostTo += c.lostTo()
	}
	out := make([]AgainstGroup, 0, len(by))
	for _, g := range by {
		if g.Rate.Won+g.Rate.Lost == 0 {
			continue // it was never met there
		}
		g.Rate.finish()
		g.Without.finish()
		out = append(out, *g)
	}
	slices.SortFunc(out, func(x, y AgainstGroup) int {
		return cmp.Or(cmp.Compare(y.Rate.Won+y.Rate.Lost, x.Rate.Won+x.Rate.Lost), cmp.Compare(x.Key, y.Key), cmp.Compare(x.ID, y.ID))
	})
	return out
}
