package funnel

import (
	"context"
	"sort"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// adder adds sums and remembers what had no rate, and of how many deals the amount lies
// beyond what can be stated.
type adder struct {
	noRate map[string]*opportunity.Total
	beyond int64
}

func newAdder() *adder { return &adder{noRate: map[string]*opportunity.Total{}} }

// take returns what of a sum counts. What has no rate counts in none, however much it is: it is
// listed by currency.
func (ad *adder) take(s Sum, n int64) int64 {
	switch {
	case s.NoRate != "":
		ad.unrated(s, n)
		return 0
	case s.Overflow:
		ad.beyond += n
		return 0
	}
	return s.Minor
}

func (ad *adder) unrated(s Sum, n int64) {
	t := ad.noRate[s.NoRate]
	if t == nil {
		t = &opportunity.Total{Currency: s.NoRate}
		ad.noRate[s.NoRate] = t
	}
	t.Count += n
	t.TooLarge = t.TooLarge || s.Overflow
	t.AmountMinor += s.Raw
	bound(&t.AmountMinor, &t.TooLarge)
}

// list is what had no rate, by currency.
func (ad *adder) list() []opportunity.Total {
	out := []opportunity.Total{}
	for _, t := range ad.noRate {
		out = append(out, *t)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Currency < out[j].Currency })
	return out
}

// counts fills population, win rates, amounts and cycle days, whole and by group.
func (s *Service) counts(
	ctx context.Context, tx database.Tx, a org.Actor, q Query, r *Report, ad *adder,
) ([]Group, error) {
	whole := q
	whole.Group = ""
	byKey, err := s.countBy(ctx, tx, whole, r, ad)
	if err != nil {
		return nil, err
	}
	if g := byKey[""]; g != nil {
		r.Population, r.ClosedWinRate, r.Cycle = g.Population, g.ClosedWinRate, g.Cycle
		r.WonMinor, r.OpenMinor = g.WonMinor, g.OpenMinor
		r.LostMinor, r.TooLarge, r.UnlikeTax = g.lostMinor, g.TooLarge, g.UnlikeTax
	}
	r.ClosedWinRate.finish()
	r.CreatedWinRate = Rate{Won: r.Population.Won, Lost: r.Population.Created - r.Population.Won}
	r.CreatedWinRate.finish()
	r.CreatedWinRate.Lost = r.Population.Lost
	if g := byKey[""]; g != nil {
		if r.ClosedAmountWhy = g.amountWhy(); r.ClosedAmountWhy == "" {
			r.ClosedAmountBP = rate(r.WonMinor, r.LostMinor)
		}
	}
	if q.Group == "" {
		return nil, nil
	}
	if byKey, err = s.countBy(ctx, tx, q, nil, newAdder()); err != nil {
		return nil, err
	}
	called, err := q.calls(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	groups := make([]Group, 0, len(byKey))
	for id, g := range byKey {
		g.ID, g.Key = id, called(id)
		groups = append(groups, *g)
	}
	sort.Slice(groups, func(i, j int) bool {
		if groups[i].Key != groups[j].Key {
			return groups[i].Key < groups[j].Key
		}
		return groups[i].ID < groups[j].ID
	})
	return groups, nil
}

// calls is what the groups of a question are called by their ids.
func (q Query) calls(ctx context.Context, tx database.Tx, a org.Actor) (func(id string) string, error) {
	switch {
	case q.Group == ByOwner, q.Own.Type == field.Person:
		return func(id string) string { return a.Structure.Members[id].Name }, nil
	case q.Group == ByTeam:
		return func(id string) string { return a.Structure.Teams[id].Name }, nil
	case q.Group == ByProduct:
		names, err := q.source.ProductNames(ctx, tx, q.TenantID)
		return func(id string) string { return names[id] }, err
	case q.Own.Offers():
		return q.Own.Called, nil
	}
	return func(id string) string { return id }, nil
}

// countBy adds up counts by key. r, where given, receives what the whole leaves out.
func (s *Service) countBy(
	ctx context.Context, tx database.Tx, q Query, r *Report, ad *adder,
) (map[string]*Group, error) {
	counts, err := q.source.Counts(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	groups := map[string]*Group{}
	group := func(key string) *Group {
		if groups[key] == nil {
			groups[key] = &Group{}
		}
		return groups[key]
	}
	for _, c := range counts {
		g := group(c.Key)
		if c.InCreated {
			g.Population.add(c.State, c.N)
		}
		counted := c.State == "open" || (c.State == "won" || c.State == "lost") && c.InClosed
		var minor int64
		if counted {
			minor = ad.take(c.Sum, c.N)
		}
		g.take(c, minor)
		if r != nil {
			if !c.Dated {
				r.LeftOut.Undated += c.N
			}
			if !c.ClosedDated && (c.State == "won" || c.State == "lost") {
				r.LeftOut.ClosedUndated += c.N
			}
			if c.Pathless && c.InClosed {
				r.LeftOut.Pathless += c.N
			}
			if counted {
				r.LeftOut.NoAmount += c.NoAmount
			}
		}
	}
	cycles, err := q.source.Cycles(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	durations := map[string]map[string][]Duration{}
	for _, c := range cycles {
		if !c.Known {
			group(c.Key).Cycle.Unknown += c.N
			continue
		}
		if durations[c.Key] == nil {
			durations[c.Key] = map[string][]Duration{}
		}
		durations[c.Key][c.State] = append(durations[c.Key][c.State], Duration{c.Days, c.N})
	}
	for key, g := range groups {
		bound(&g.OpenMinor, &g.TooLarge.Open)
		bound(&g.WonMinor, &g.TooLarge.Won)
		bound(&g.lostMinor, &g.TooLarge.Lost)
		g.Cycle.Won, g.Cycle.Lost = Summarise(durations[key]["won"]), Summarise(durations[key]["lost"])
		g.ClosedWinRate.finish()
	}
	return groups, nil
}

// take adds what is open, and what was won and lost in the window.
func (g *Group) take(c Count, minor int64) {
	var unlike int64
	if c.UnlikeTax {
		unlike = c.N - c.NoAmount
	}
	switch {
	case c.State == "open":
		g.OpenMinor += minor
		g.TooLarge.Open = g.TooLarge.Open || c.tooLarge()
		g.UnlikeTax.Open += unlike
	case c.State == "won" && c.InClosed:
		g.ClosedWinRate.Won += c.N
		g.WonMinor += minor
		g.wonWorth += c.worth()
		g.TooLarge.Won = g.TooLarge.Won || c.tooLarge()
		g.UnlikeTax.Won += unlike
	case c.State == "lost" && c.InClosed:
		g.ClosedWinRate.Lost += c.N
		g.lostMinor += minor
		g.lostWorth += c.worth()
		g.TooLarge.Lost = g.TooLarge.Lost || c.tooLarge()
		g.UnlikeTax.Lost += unlike
	}
}

// amountWhy says why a win rate by amount is not stated, "" where it is: of wins that state what they were worth beside
// losses that do not it would be a rate of what was typed.
func (g *Group) amountWhy() string {
	switch {
	case g.TooLarge.Won || g.TooLarge.Lost:
		return "too_large"
	case 2*g.lostWorth < g.ClosedWinRate.Lost:
		return "losses_without"
	case 2*g.wonWorth < g.ClosedWinRate.Won:
		return "wins_without"
	}
	return ""
}

func (p *Population) add(state string, n int64) {
	p.Created += n
	switch state {
	case "open":
		p.Open += n
	case "won":
		p.Won += n
	case "lost":
		p.Lost += n
	case "withdrawn":
		p.Withdrawn += n
	}
}
