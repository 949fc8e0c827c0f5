package engine

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"

	"github.com/google/uuid"
)

// bySQL tells whether columns cannot answer a filter.
func bySQL(f opportunity.Filter) bool {
	return f.Account != "" || f.Query != "" || f.NoNextStep || f.Stalled || f.Overstayed || len(f.Conditions) > 0 || len(f.IDs) > 0 || f.Deleted
}

// filter compiles scope and filter into one test of a row. What columns cannot answer
// — one account's, a search text, a company field, a missing next step — is asked of SQL
// first, which finds the few by its indexes.
func filter(ctx context.Context, tx database.Tx, rows Rows, t *tenant, q funnel.Query) (func(*chunk, int) bool, error) {
	f, number := q.Filter, t.numbers.texts.find
	if bySQL(f) {
		ids, err := rows.Matching(ctx, tx, q)
		if err != nil {
			return nil, err
		}
		in := make(map[uuid.UUID]bool, len(ids))
		for _, text := range ids {
			id, err := uuid.Parse(text)
			if err != nil {
				return nil, err
			}
			in[id] = true
		}
		return func(c *chunk, i int) bool { return in[c.id[i]] }, nil
	}
	var tests []func(c *chunk, i int) bool
	set := func(list []string) map[symbol]bool {
		out := map[symbol]bool{}
		for _, text := range list {
			if n := number(text); n > 0 {
				out[n] = true
			}
		}
		return out
	}
	if !q.Scope.All {
		owners, teams, lines, regions := set(q.Scope.Owners), set(q.Scope.DealTeams), set(q.Scope.ProductLines), set(q.Scope.Regions)
		tests = append(tests, func(c *chunk, i int) bool {
			return owners[c.owner.at(i)] || regions[c.region.at(i)] || len(teams) > 0 && c.teamHas(i, teams) || len(lines) > 0 && c.lineHas(i, lines)
		})
	}
	equal := func(text string, of func(c *chunk) *column[symbol]) {
		if text == "" {
			return
		}
		want := number(text)
		tests = append(tests, func(c *chunk, i int) bool { return of(c).at(i) == want })
	}
	equal(f.Pipeline, func(c *chunk) *column[symbol] { return &c.pipeline })
	if f.Stage != "" {
		want := t.numbers.stages.find(f.Stage)
		tests = append(tests, func(c *chunk, i int) bool { return symbol(c.stage.at(i)) == want })
	}
	equal(f.Owner, func(c *chunk) *column[symbol] { return &c.owner })
	equal(f.Region, func(c *chunk) *column[symbol] { return &c.region })
	equal(f.Source, func(c *chunk) *column[symbol] { return &c.source })
	equal(f.LossKind, func(c *chunk) *column[symbol] { return &c.lossKind })
	equal(f.Industry, func(c *chunk) *column[symbol] { return &c.industry })
	if f.Team != "" {
		owners := set(f.Owners)
		tests = append(tests, func(c *chunk, i int) bool { return owners[c.owner.at(i)] })
	}
	if f.ProductLine != "" {
		lines := set([]string{f.ProductLine})
		tests = append(tests, func(c *chunk, i int) bool { return c.lineHas(i, lines) })
	}
	if len(f.States) > 0 {
		var in [out + 1]bool
		for _, s := range f.States {
			in[stateOf(string(s))] = true
		}
		tests = append(tests, func(c *chunk, i int) bool { return in[c.state.at(i)] })
	}
	between := func(from, to day, of func(c *chunk) *column[day]) {
		if from == unknown && to == unknown {
			return
		}
		tests = append(tests, func(c *chunk, i int) bool {
			d := of(c).at(i)
			return d != unknown && (from == unknown || d >= from) && (to == unknown || d < to)
		})
	}
	between(dayOf(f.CreatedFrom), dayOf(f.CreatedTo), func(c *chunk) *column[day] { return &c.created })
	between(dayOf(f.ClosedFrom), dayOf(f.ClosedTo), func(c *chunk) *column[day] { return &c.closed })
	between(dayOf(f.ExpectedFrom), dayOf(f.ExpectedTo), func(c *chunk) *column[day] { return &c.expected })
	if f.AmountMin != nil {
		least := *f.AmountMin
		tests = append(tests, func(c *chunk, i int) bool {
			minor := c.amount.at(i)
			return minor != nothing && minor >= least
		})
	}
	if f.AmountMax != nil {
		most := *f.AmountMax
		tests = append(tests, func(c *chunk, i int) bool {
			minor := c.amount.at(i)
			return minor != nothing && minor <= most
		})
	}
	return func(c *chunk, i int) bool {
		for _, test := range tests {
			if !test(c, i) {
				return false
			}
		}
		return true
	}, nil
}

func (c *chunk) teamHas(i int, set map[symbol]bool) bool {
	for _, m := range c.team.at(i) {
		if set[m] {
			return true
		}
	}
	return false
}

func (c *chunk) lineHas(i int, set map[symbol]bool) bool {
	for _, l := range c.lines.at(i) {
		if set[l.product] {
			return true
		}
	}
	return false
}
