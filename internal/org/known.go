package org

import (
	"cmp"
	"math"
	"slices"

	"yunchou/internal/calendar"
)

// Index prepares the look-ups; call it once after filling the fields with every row, the
// ended ones too.
func (s *Structure) Index() {
	s.everParents, s.everHoldings = s.Parents, s.Holdings
	s.know(math.MaxInt64)
}

// AsKnown is the tree and the seats as they were known at the journal's entry k; members,
// roles and names are as today. docs/facts.md says what counts.
func (s *Structure) AsKnown(k int64) *Structure {
	out := *s
	out.know(k)
	return &out
}

// know keeps the rows that count at entry k and indexes them.
func (s *Structure) know(k int64) {
	s.Parents, s.Holdings = knownParents(s.everParents, k), nil
	for _, h := range s.everHoldings {
		if counts(h.Seq, h.EndedSeq, k) {
			s.Holdings = append(s.Holdings, h)
		}
	}
	slices.SortStableFunc(s.Holdings, func(a, b Holding) int {
		return cmp.Or(cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.From, b.From),
			cmp.Compare(mainFirst[a.Main], mainFirst[b.Main]), cmp.Compare(a.ID, b.ID))
	})
	s.holdingsOf, s.heldBy = map[string][]Holding{}, map[string][]Holding{}
	s.parentsOf, s.grantsOf = map[string][]TeamParent{}, map[string][]Grant{}
	s.trees = &trees{days: map[calendar.Date]*tree{}}
	for _, h := range s.Holdings {
		s.holdingsOf[h.MemberID] = append(s.holdingsOf[h.MemberID], h)
		s.heldBy[h.SeatID] = append(s.heldBy[h.SeatID], h)
	}
	for _, p := range s.Parents {
		s.parentsOf[p.TeamID] = append(s.parentsOf[p.TeamID], p)
	}
	for _, g := range s.Grants {
		s.grantsOf[g.MemberID] = append(s.grantsOf[g.MemberID], g)
	}
}

var mainFirst = map[bool]int{true: 0, false: 1}

func counts(seq, ended, k int64) bool { return seq <= k && (ended == 0 || ended > k) }

// knownParents are a tree's rows that count at entry k, of several of a team and day the
// last written; nothing closes a row but the team's next.
func knownParents(ever []TeamParent, k int64) []TeamParent {
	var out []TeamParent
	for _, p := range ever {
		if counts(p.Seq, p.EndedSeq, k) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b TeamParent) int {
		return cmp.Or(cmp.Compare(a.TeamID, b.TeamID), cmp.Compare(a.From, b.From), cmp.Compare(a.Seq, b.Seq))
	})
	kept := out[:0]
	for i, p := range out {
		var next TeamParent
		if i+1 < len(out) && out[i+1].TeamID == p.TeamID {
			next = out[i+1]
		}
		if next.From == p.From {
			continue
		}
		p.To = next.From
		kept = append(kept, p)
	}
	return kept
}
