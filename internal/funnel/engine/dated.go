package engine

import (
	"context"
	"math"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"

	"github.com/google/uuid"
)

// holding is a condition on what a deal was on the day whose facts count.
type holding func(d *deal) bool

// holds tells whether a deal counts by what it was on its day.
func (s *session) holds(d *deal) bool {
	for _, holds := range s.dated {
		if !holds(d) {
			return false
		}
	}
	return true
}

// dates compiles what of a filter has days: each condition takes of a deal what the group
// of the same name takes. State, stage and closing are the last stay's, of what was taken
// out too.
func (s *session) dates(ctx context.Context, tx database.Tx, rows Rows, q funnel.Query) error {
	f, number := q.Filter, s.index.texts.find
	add := func(asked bool, holds holding) {
		if asked {
			s.dated = append(s.dated, holds)
		}
	}
	region, industry, product := number(f.Region), number(f.Industry), number(f.ProductLine)
	add(f.Region != "", func(d *deal) bool { return d.c.regionOn(d.i, s.asOf) == region })
	add(f.Industry != "", func(d *deal) bool { return d.c.industryOn(d.i, s.on(d)) == industry })
	add(f.ProductLine != "", func(d *deal) (in bool) {
		d.c.linesOn(d.i, s.on(d), func(l line) { in = in || l.product == product })
		return in
	})
	expected := window(f.ExpectedFrom, f.ExpectedTo)
	add(f.ExpectedFrom != "" || f.ExpectedTo != "", func(d *deal) bool { return expected(d.c.expectedOn(d.i, s.asOf)) })
	closed := window(f.ClosedFrom, f.ClosedTo)
	add(f.ClosedFrom != "" || f.ClosedTo != "", func(d *deal) bool { return s.lastState(d) != open && closed(d.stateOn) })
	add(f.LossKind != "", func(d *deal) bool {
		state := s.lastState(d)
		kind, _ := s.loss(d)
		return (state == lost || state == withdrawn) && s.kindText(kind) == f.LossKind
	})
	if f.Stage != "" {
		stage := s.stands(f.Stage)
		add(true, func(d *deal) bool { return int(d.pair) < len(stage) && stage[d.pair] })
	}
	if len(f.States) > 0 {
		s.only = new([out + 1]bool)
		for _, state := range f.States {
			s.only[stateOf(string(state))] = true
		}
	}
	add(q.Priced(), s.priced(f.AmountMin, f.AmountMax))
	if f.Account == "" {
		return nil
	}
	of, err := s.ofAccount(ctx, tx, rows, q)
	add(true, of)
	return err
}

// lastState is the state of a deal's last stay, whether it was taken out or not.
func (s *session) lastState(d *deal) uint8 {
	if d.state != out {
		return d.state
	}
	return d.stays()[s.lastStay(d)].state()
}

// window tests a day for a half-open window; an unknown day lies in none.
func window(from, to calendar.Date) func(d day) bool {
	first, end := dayOf(from), dayOf(to)
	return func(d day) bool { return d != unknown && d >= first && (end == unknown || d < end) }
}

// stands tells of each stage of a version whether who stands there stands in a stage: it is
// that stage, or counts for it in the version shown.
func (s *session) stands(stage string) []bool {
	out, image := make([]bool, len(s.pairs)), s.imageOf(stage)
	for n, text := range s.pairs {
		_, own, _ := strings.Cut(text, pairMark)
		out[n] = own == stage || s.path.places[n].image == image
	}
	return out
}

// priced tests the amount a figure counts, in the reporting currency at the rate of its
// day, for bounds; what states none or has no rate lies within none.
func (s *session) priced(from, to *int64) holding {
	least, largest := int64(math.MinInt64), int64(math.MaxInt64)
	if from != nil {
		least = *from
	}
	if to != nil {
		largest = *to
	}
	return func(d *deal) bool {
		v := s.value(d)
		return v.minor != nothing && v.noRate == 0 && v.minor >= least && v.minor <= largest
	}
}

// belonged is whether a deal was an account's from a day on.
type belonged struct {
	from day
	its  bool
}

// ofAccount tests for the deals that were an account's on the day whose facts count. Whose
// deals were is in no column: of the few that ever were this one's it is read when asked.
func (s *session) ofAccount(ctx context.Context, tx database.Tx, rows Rows, q funnel.Query) (holding, error) {
	ids, err := rows.OfAccounts(ctx, tx, q.TenantID, []string{q.Filter.Account})
	if err != nil {
		return nil, err
	}
	for _, id := range s.index.formerly[q.Filter.Account] {
		ids = append(ids, id.String())
	}
	of := map[uuid.UUID][]belonged{}
	err = rows.Belonged(ctx, tx, q.TenantID, ids, func(id string, v Value) error {
		if k := v.known(); !k.at(q.LastKnown()) {
			return nil
		}
		key, err := uuid.Parse(id)
		of[key] = append(of[key], belonged{dayOf(v.Day), v.Text == q.Filter.Account})
		return err
	})
	return func(d *deal) (its bool) {
		on := s.on(d)
		for _, b := range of[d.c.id[d.i]] { // by day and entry
			if b.from <= on {
				its = b.its
			}
		}
		return its
	}, err
}
