package engine

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/funnel"

	"github.com/google/uuid"
)

// Records implements funnel.Source: it opens a figure. Every condition is the one
// under which the measure counts a deal.
func (s *session) Records(
	ctx context.Context, _ database.Tx, q funnel.Query, m funnel.Measure, offset, limit int,
) ([]string, int64, error) {
	behind := s.behind(m)
	f := figure[*hits]{counted: counted{states: everyone}, empty: func() *hits { return &hits{} }, each: func(d *deal, to *hits) {
		if behind(d) && (m.Key == nil || q.Group == "" || s.inGroup(q.Group, d, *m.Key)) {
			to.list = append(to.list, hit{d.stateOn, d.c.id[d.i]})
		}
	}}
	found := &adding[*hits]{figure: &f, s: s}
	if err := s.walk(ctx, found); err != nil {
		return nil, 0, err
	}
	all := found.sums.list
	slices.SortFunc(all, func(a, b hit) int { // newest first, unknown days last
		if a.on != b.on {
			return int(b.on) - int(a.on)
		}
		return bytes.Compare(a.id[:], b.id[:])
	})
	from := min(offset, len(all))
	ids := make([]string, 0, limit)
	for _, h := range all[from:min(len(all), from+limit)] {
		ids = append(ids, h.id.String())
	}
	return ids, int64(len(all)), nil
}

// hit is a record behind a figure.
type hit struct {
	on day
	id uuid.UUID
}

type hits struct{ list []hit }

func (h *hits) add(o *hits) { h.list = append(h.list, o.list...) }
func (h *hits) take(*hits)  {} // they are not remembered
func (h *hits) size() int   { return 0 }

// inGroup tells whether a deal counts in a group.
func (s *session) inGroup(by funnel.GroupBy, d *deal, key string) (in bool) {
	s.keys(by, d, func(k symbol, m month, _ value) { in = in || s.keyText(k, m) == key })
	return in
}

// behind is the condition under which a figure counts a deal.
func (s *session) behind(m funnel.Measure) func(d *deal) bool {
	began := func(d *deal) bool { return s.within(d.startOn) }
	ended := func(d *deal) bool { return s.within(d.stateOn) }
	switch m.Name {
	case "created":
		return func(d *deal) bool { return d.state != out && began(d) }
	case "created_open", "created_won", "created_lost", "created_withdrawn":
		want := stateOf(strings.TrimPrefix(m.Name, "created_"))
		return func(d *deal) bool { return d.state == want && began(d) }
	case "open":
		return func(d *deal) bool { return d.state == open }
	case "closed":
		return func(d *deal) bool { return (d.state == won || d.state == lost) && ended(d) }
	case "won", "lost":
		want := stateOf(m.Name)
		return func(d *deal) bool { return d.state == want && ended(d) }
	case "stage_now":
		stage := s.imageOf(m.StageID)
		return func(d *deal) bool { return d.state == open && s.place(d.pair).image == stage }
	case "undated":
		return func(d *deal) bool { return d.state != out && d.startOn == unknown }
	case "closed_undated":
		return func(d *deal) bool { return (d.state == won || d.state == lost) && d.stateOn == unknown }
	case "pathless":
		return func(d *deal) bool { return (d.state == won || d.state == lost) && ended(d) && s.pathless(d) }
	case "no_amount":
		return func(d *deal) bool {
			minor, _ := s.amount(d)
			return minor == nothing && (d.state == open || (d.state == won || d.state == lost) && ended(d))
		}
	case "unlike_tax":
		return func(d *deal) bool {
			minor, _ := s.amount(d)
			return minor != nothing && s.unlike(d) && (d.state == open || (d.state == won || d.state == lost) && ended(d))
		}
	case "loss", "lost_kind", "lost_stage":
		return s.behindLoss(m, ended)
	case "expected", "expected_overdue", "expected_none":
		return s.behindExpected(m)
	case "rival_won", "rival_lost":
		want := stateOf(strings.TrimPrefix(m.Name, "rival_"))
		return func(d *deal) bool { return d.state == want && ended(d) && s.met(d, m.CompetitorID) }
	case "rival_closed":
		return func(d *deal) bool {
			return (d.state == won || d.state == lost) && ended(d) && s.met(d, m.CompetitorID)
		}
	case "rival_lost_to":
		return func(d *deal) bool {
			_, against := s.loss(d)
			return d.state == lost && ended(d) && against != 0 && s.text[against] == m.CompetitorID
		}
	case "rival_lost_stage":
		return func(d *deal) bool {
			return d.state == lost && ended(d) && s.met(d, m.CompetitorID) && s.stageText(s.lostFrom(d)) == m.StageID
		}
	case "qualified_open", "qualified_closed", "qualified_won":
		return s.behindQualified(m, ended)
	}
	switch {
	case m.OfTriangle():
		return s.behindTriangle(m)
	case m.OfStays():
		return s.behindStay(m)
	}
	return s.behindCohort(m)
}

// behindExpected opens what is expected to close in a month, before the day, or on none.
func (s *session) behindExpected(m funnel.Measure) func(d *deal) bool {
	return func(d *deal) bool {
		on := d.c.expectedOn(d.i, s.asOf)
		switch {
		case d.state != open:
			return false
		case m.Name == "expected_none" || on == unknown:
			return m.Name == "expected_none" && on == unknown
		case m.Name == "expected_overdue":
			return on < s.asOf
		}
		return on >= s.asOf && monthOf(on).text() == m.Month
	}
}

// met tells whether a competitor was present, "" whether none was.
func (s *session) met(d *deal, competitor string) (met bool) {
	s.rivals(d, func(c symbol, _ bool) { met = met || s.text[c] == competitor })
	return met
}

// behindQualified opens the factors of the velocity: what is open, and what was won in known days.
func (s *session) behindQualified(m funnel.Measure, ended func(*deal) bool) func(d *deal) bool {
	rung := s.rung(m.StageID)
	return func(d *deal) bool {
		on, _ := s.firstReach(d, rung)
		if on == notReached {
			return false
		}
		switch m.Name {
		case "qualified_open":
			return d.state == open
		case "qualified_closed":
			return (d.state == won || d.state == lost) && ended(d)
		}
		return d.state == won && ended(d) && on != unknown && on <= d.stateOn
	}
}

// behindTriangle opens a cohort's month, what became of it, or what of it had reached the target in time.
func (s *session) behindTriangle(m funnel.Measure) func(d *deal) bool {
	from, to := s.rung(m.StageID), s.rung(m.Target)
	end := funnel.MonthAfter(m.Month, m.Months)
	became := map[string]uint8{"cohort_advanced": advanced, "cohort_lost": wasLost, "cohort_open": stillOpen,
		"cohort_out": takenOut}[m.Name]
	return func(d *deal) bool {
		k, in := s.cohort(d, from, to)
		if !in || k.entered.text() != m.Month {
			return false
		}
		switch m.Name {
		case "cohort":
			return k.fate != takenOut
		case "cohort_reached":
			return k.fate != takenOut && k.reached != 0 && k.reached.text() <= end
		}
		return k.fate == became
	}
}

// behindStay opens the stays of some length in a stage.
func (s *session) behindStay(m funnel.Measure) func(d *deal) bool {
	stage := s.imageOf(m.StageID)
	in := func(image int16) bool { return image == stage || m.StageID == "" && image >= 0 }
	holds := func(x, next *stay) bool {
		entered, left := x.entered(), s.asOf
		if x.since > s.asOf || !in(s.place(x.pair).image) || x.state() != open || entered == unknown {
			return false
		}
		if m.Name != "stays" && (next == nil) != (m.Name == "staying") {
			return false
		}
		if next != nil {
			if left = next.entered(); left < entered || !s.within(left) { // unknown is before all
				return false
			}
			if m.Name == "stayed_forward" && !next.forward() {
				return false
			}
		}
		return m.Bin.Holds(int(s.worked(entered, left)))
	}
	return func(d *deal) bool {
		stays := d.stays()
		for k := range stays {
			if d.state != out && holds(&stays[k], s.next(stays, k)) {
				return true
			}
		}
		return false
	}
}

// behindLoss opens a line of losses: by kind, by the stage they were lost from, or by both
// and the competitor.
func (s *session) behindLoss(m funnel.Measure, ended func(*deal) bool) func(d *deal) bool {
	return func(d *deal) bool {
		if d.state != lost || !ended(d) {
			return false
		}
		kind, competitor := s.loss(d)
		sameKind, sameStage := s.kindText(kind) == m.LossKind, s.stageText(s.lostFrom(d)) == m.StageID
		switch m.Name {
		case "lost_kind":
			return sameKind
		case "lost_stage":
			return sameStage
		}
		return sameKind && sameStage && s.text[competitor] == m.CompetitorID
	}
}

// behindCohort opens the figures of a stage's cohort.
func (s *session) behindCohort(m funnel.Measure) func(d *deal) bool {
	rung := s.rung(m.StageID)
	want, named := map[string]uint8{"advanced": advanced, "stage_lost": wasLost, "stage_open": stillOpen,
		"taken_out": takenOut}[m.Name]
	return func(d *deal) bool {
		first, past := s.firstReach(d, rung)
		switch {
		case first == notReached:
			return false
		case m.Name == "stage_undated":
			if first != unknown {
				return false
			}
		case (s.from != unknown || s.to != unknown) && !s.within(first):
			return false
		}
		became := fate(d, past)
		if named {
			return became == want
		}
		return became != takenOut
	}
}
