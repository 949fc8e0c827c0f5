package engine

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"

	"github.com/google/uuid"
)

// Records implements funnel.Source: it opens a figure. Every condition is the one
// under which the measure counts a deal.
func (s *session) Records(_ context.Context, _ database.Tx, q funnel.Query, m funnel.Measure, offset, limit int) ([]string, int64, error) {
	behind := s.behind(q, m)
	type hit struct {
		on day
		id uuid.UUID
	}
	var all []hit
	var mu sync.Mutex
	sweep(s, everyone, func() (func(d *deal), func()) {
		var mine []hit
		return func(d *deal) {
				if behind(d) && (m.Key == nil || q.Group == "" || s.inGroup(q.Group, d, *m.Key)) {
					mine = append(mine, hit{d.stateOn, d.c.id[d.i]})
				}
			}, func() {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, mine...)
			}
	})
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

// inGroup tells whether a deal counts in a group.
func (s *session) inGroup(by funnel.GroupBy, d *deal, key string) (in bool) {
	s.keys(by, d, func(k symbol, m month, _ int64) { in = in || s.keyText(k, m) == key })
	return in
}

// behind is the condition under which a figure counts a deal.
func (s *session) behind(q funnel.Query, m funnel.Measure) func(d *deal) bool {
	stage, known := s.path[m.StageID]
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
	case "won", "lost":
		want := stateOf(m.Name)
		return func(d *deal) bool { return d.state == want && ended(d) }
	case "stage_now":
		return func(d *deal) bool { return known && d.state == open && d.stage == stage }
	case "undated":
		return func(d *deal) bool { return d.state != out && d.startOn == unknown }
	case "closed_undated":
		return func(d *deal) bool { return (d.state == won || d.state == lost) && d.stateOn == unknown }
	case "no_amount":
		return func(d *deal) bool {
			return d.amount() == nothing && (d.state == open || (d.state == won || d.state == lost) && ended(d))
		}
	case "lost_kind":
		return func(d *deal) bool { return d.state == lost && ended(d) && s.lossKind(d) == m.LossKind }
	case "lost_stage":
		return func(d *deal) bool { return d.state == lost && ended(d) && s.stages[d.lostFrom()] == m.StageID }
	case "expected":
		return func(d *deal) bool {
			on := d.c.expected.at(d.i)
			return d.state == open && on != unknown && on >= s.asOf && monthOf(on).text() == m.Month
		}
	case "expected_overdue":
		return func(d *deal) bool {
			on := d.c.expected.at(d.i)
			return d.state == open && on != unknown && on < s.asOf
		}
	case "expected_none":
		return func(d *deal) bool { return d.state == open && d.c.expected.at(d.i) == unknown }
	case "rival_won", "rival_lost":
		want := stateOf(strings.TrimPrefix(m.Name, "rival_"))
		return func(d *deal) bool { return d.state == want && ended(d) && s.met(d, m.CompetitorID) }
	case "cohort", "cohort_reached":
		return s.behindTriangle(q, m)
	case "stayed", "staying":
		return s.behindStay(m, stage, known)
	case "loss":
		return s.behindLoss(m, ended)
	}
	return s.behindCohort(q, m)
}

// met tells whether a competitor was present, "" whether none was.
func (s *session) met(d *deal, competitor string) bool {
	rivals := d.c.rivals.at(d.i)
	if competitor == "" {
		return len(rivals) == 0
	}
	return slices.ContainsFunc(rivals, func(c symbol) bool { return s.text[c] == competitor })
}

// behindTriangle opens a cohort's month, or what of it had reached the target in time.
func (s *session) behindTriangle(q funnel.Query, m funnel.Measure) func(d *deal) bool {
	path, ok := s.two(q, m.StageID, m.Target)
	end := funnel.MonthAfter(m.Month, m.Months)
	return func(d *deal) bool {
		if !ok {
			return false
		}
		k, in := s.cohort(d, &path)
		if !in || k.fate == takenOut || k.entered.text() != m.Month {
			return false
		}
		return m.Name == "cohort" || k.reached != 0 && k.reached.text() <= end
	}
}

// behindStay opens the stays of some length in a stage.
func (s *session) behindStay(m funnel.Measure, stage stageNumber, known bool) func(d *deal) bool {
	return func(d *deal) bool {
		if !known || d.state == out {
			return false
		}
		return slices.ContainsFunc(d.stays(), func(x stay) bool {
			entered, left := x.entered(), x.left
			if x.stage != stage || x.state() != open || entered == unknown || x.since > s.asOf {
				return false
			}
			if ongoing := left == unknown || left > s.asOf; ongoing != (m.Name == "staying") {
				return false
			} else if ongoing {
				left = s.asOf
			} else if left < entered || !s.within(left) {
				return false
			}
			return m.Bin.Holds(int(s.worked(entered, left)))
		})
	}
}

func (s *session) lossKind(d *deal) string {
	if kind := s.text[d.c.lossKind.at(d.i)]; kind != "" {
		return kind
	}
	return unknownLoss
}

func (s *session) behindLoss(m funnel.Measure, ended func(*deal) bool) func(d *deal) bool {
	return func(d *deal) bool {
		if d.state != lost || !ended(d) {
			return false
		}
		return s.lossKind(d) == m.LossKind && s.text[d.c.competitor.at(d.i)] == m.CompetitorID && s.stages[d.lostFrom()] == m.StageID
	}
}

// behindCohort opens the figures of a stage's cohort.
func (s *session) behindCohort(q funnel.Query, m funnel.Measure) func(d *deal) bool {
	rungs := s.rungs(q.Pipeline)
	at := slices.IndexFunc(rungs, func(r rung) bool { return r.id == m.StageID })
	if at < 0 {
		return func(*deal) bool { return false }
	}
	path := s.ladder(rungs[at:min(len(rungs), at+2)])
	want, named := map[string]uint8{"advanced": advanced, "stage_lost": wasLost, "stage_open": stillOpen, "taken_out": takenOut}[m.Name]
	return func(d *deal) bool {
		var r reached
		s.reach(d, &path, &r)
		first := &r.first
		switch {
		case first[0] == notReached:
			return false
		case m.Name == "stage_undated":
			if first[0] != unknown {
				return false
			}
		case (s.from != unknown || s.to != unknown) && !s.within(first[0]):
			return false
		}
		became := fate(d, len(path.rungs) > 1 && first[1] != notReached)
		if named {
			return became == want
		}
		return became != takenOut
	}
}
