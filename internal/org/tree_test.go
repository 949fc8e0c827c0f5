package org

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/record"
)

// tall is a tree of n teams, eight under each, a leader and two more in each.
func tall(n int) *Structure {
	s := &Structure{Members: map[string]Member{}, Teams: map[string]Team{}, Seats: map[string]Seat{},
		Positions: map[string]Position{"lead": {ID: "lead", Leads: true}, "rep": {ID: "rep"}}}
	always := Interval{From: Start}
	for i := range n {
		id, parent := fmt.Sprint("t", i), ""
		if i > 0 {
			parent = fmt.Sprint("t", (i-1)/8)
		}
		s.Teams[id] = Team{ID: id}
		s.Parents = append(s.Parents, TeamParent{ID: id, TeamID: id, ParentID: parent, Interval: always})
		for k := range 3 {
			m, pos := fmt.Sprint("m", i, "-", k), "rep"
			if k == 0 {
				pos = "lead"
			}
			s.Members[m] = Member{ID: m}
			s.Seats[m] = Seat{ID: m, TeamID: id, PositionID: pos, Interval: always}
			s.Holdings = append(s.Holdings, Holding{ID: m, SeatID: m, MemberID: m, Main: true, Interval: always})
			s.Grants = append(s.Grants, Grant{ID: m, MemberID: m, Role: Manager, Interval: always})
		}
	}
	s.Index()
	return s
}

// TestASubtreeIsWhatWalkingUpSays: the tree of a day answers as each team walked up by
// itself does.
func TestASubtreeIsWhatWalkingUpSays(t *testing.T) {
	s := tall(200)
	for root := range s.Teams {
		var teams, members []string
		for id := range s.Teams {
			if s.Within(id, []string{root}, "2026-03-02") {
				teams = append(teams, id)
			}
		}
		for _, h := range s.Holdings {
			if s.Within(s.Seats[h.SeatID].TeamID, []string{root}, "2026-03-02") {
				members = append(members, h.MemberID)
			}
		}
		sort.Strings(teams)
		sort.Strings(members)
		if got := s.teamsUnder([]string{root}, "2026-03-02"); fmt.Sprint(got) != fmt.Sprint(teams) {
			t.Errorf("teams under %s: %v, want %v", root, got, teams)
		}
		if got := s.MembersUnder([]string{root, root}, "2026-03-02"); fmt.Sprint(got) != fmt.Sprint(members) {
			t.Errorf("members under %s: %v, want %v", root, got, members)
		}
	}
}

// BenchmarkActor is what each request of a manager pays, in a company of 10,000 teams: at the
// bottom of the tree, over 24 people, and at its top, over 30,000.
func BenchmarkActor(b *testing.B) {
	s := tall(10_000)
	for _, who := range []string{"m1300-0", "m1-0", "m0-0"} {
		b.Run(who, func(b *testing.B) {
			for range b.N {
				a := NewActor(Company{ID: "c", TimeZone: "Asia/Shanghai"}, s, who, "api", time.Unix(1_772_500_000, 0))
				if a.Scope(record.Opportunity, Read).Empty() {
					b.Fatal("sees nothing")
				}
			}
		})
	}
}

// TestTeamsNobodyHasAreNotRemembered: a list is asked for by any team, and what was invented
// must not stay in memory.
func TestTeamsNobodyHasAreNotRemembered(t *testing.T) {
	s := tall(9)
	s.Index()
	for n := range 3 * keptBranches {
		s.MembersUnder([]string{fmt.Sprint("invented", n)}, "2026-03-02")
	}
	s.MembersUnder([]string{strings.Repeat("x", longestRoots+1)}, "2026-03-02")
	for _, tree := range s.trees.days {
		if len(tree.under) > keptBranches {
			t.Errorf("%d branches remembered", len(tree.under))
		}
		for key := range tree.under {
			if len(key) > longestRoots {
				t.Errorf("a key of %d bytes is remembered", len(key))
			}
		}
	}
}
