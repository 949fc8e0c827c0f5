package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Standing is how some deals stand: how many are open, what they are worth together, and how many of
// them ask for something. Each count is that of the list by the filter of its name.
type Standing struct {
	Open       int64 `json:"open"`
	Stalled    int64 `json:"stalled"`
	Overstayed int64 `json:"overstayed"`
	Passed     int64 `json:"passed" doc:"expected on a day that has passed"`
	NoNextStep int64 `json:"noNextStep"`
	Waiting    int64 `json:"waiting" doc:"for an acceptance in the stage they stand in"`
	// Worth is what the open ones add up to in the company's currency at today's rates.
	Worth Sum `json:"-"`
}

// Matters are the filters of a Standing; all are among the first.
func Matters() []Filter {
	return []Filter{
		{States: []State{Open}}, {Stalled: true}, {Overstayed: true}, {Passed: true}, {NoNextStep: true}, {Waiting: true},
	}
}

// Counts are the numbers of a Standing, in the order of its filters.
func (s *Standing) Counts() []*int64 {
	return []*int64{&s.Open, &s.Stalled, &s.Overstayed, &s.Passed, &s.NoNextStep, &s.Waiting}
}

// Add adds another's deals.
func (s *Standing) Add(o Standing) {
	more := o.Counts()
	for k, n := range s.Counts() {
		*n += *more[k]
	}
	s.Worth.Merge(&o.Worth)
}

// Standings are the standings of the deals an actor sees, over all pipelines, by their owner; "" owns
// what nobody does.
func (s *Service) Standings(ctx context.Context, a org.Actor, limits LimitSource) (by map[string]Standing, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		matters := Matters()
		for n := range matters {
			if err := s.Resolve(ctx, tx, a, &matters[n], limits); err != nil {
				return err
			}
		}
		scope := a.Scope(record.Opportunity, org.Read)
		if s.Memory != nil {
			w := Wanted{TenantID: a.TenantID, Scope: scope, Currency: a.Company.Currency, Today: a.Today}
			var known bool
			if by, known, err = s.Memory.Standings(ctx, tx, w, matters); err != nil || known {
				return err
			}
		}
		by, err = s.Rows.Standings(ctx, tx, a.TenantID, scope, matters)
		return err
	})
	return by, err
}
