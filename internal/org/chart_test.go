package org_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
)

// TestTheChartShowsWhoStandsIn: a team nobody leads names the next superior, a seat its leaver, and an empty team is
// there.
func TestTheChartShowsWhoStandsIn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("管理员")
		empty, err := w.Org.AddTeam(w.Ctx, a, "", "三组", w.ID["一组"], "", "")
		if err != nil {
			t.Fatal(err)
		}
		before := node(t, w, w.ID["一组"])
		if len(before.Heads) != 1 || len(before.StandIn) != 0 || len(before.Vacant) != 0 {
			t.Fatalf("一组 before: %+v", before)
		}
		head := before.Heads[0]
		if n := node(t, w, empty.ID); n.People != 0 || len(n.Members) != 0 || !reflect.DeepEqual(n.StandIn, []string{head}) {
			t.Errorf("an empty team: %+v", n)
		}
		w.Clock.Move(24 * time.Hour)
		a = w.As("管理员")
		if _, err := w.Org.Leave(w.Ctx, a, head, a.Today); err != nil {
			t.Fatal(err)
		}
		n := node(t, w, w.ID["一组"])
		if len(n.Heads) != 0 || n.People != before.People-1 {
			t.Errorf("一组 after its head left: %+v", n)
		}
		up := node(t, w, n.ParentID)
		for len(up.Heads) == 0 && up.ParentID != "" {
			up = node(t, w, up.ParentID)
		}
		if !reflect.DeepEqual(n.StandIn, up.Heads) || !reflect.DeepEqual(node(t, w, empty.ID).StandIn, up.Heads) {
			t.Errorf("%v stand in, want %v", n.StandIn, up.Heads)
		}
		if len(n.Vacant) != 1 || n.Vacant[0].Last.MemberID != head || n.Vacant[0].Last.To != a.Today {
			t.Errorf("vacant: %+v", n.Vacant)
		}
	})
}

func node(t *testing.T, w *apptest.World, team string) org.Node {
	t.Helper()
	a := w.As("管理员")
	for _, n := range a.Structure.Chart(a.Today) {
		if n.Team.ID == team {
			return n
		}
	}
	t.Fatalf("no team %s in the chart", team)
	return org.Node{}
}

// TestTheChartIsSearched by characters, pinyin and initials.
func TestTheChartIsSearched(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	a := w.As("管理员")
	chart := a.Structure.Chart(a.Today)
	for query, want := range map[string][2][]string{
		"陈露": {{}, {w.ID["陈露"]}}, "chenlu": {{}, {w.ID["陈露"]}}, "cl": {{}, {w.ID["陈露"]}},
		"一组": {{w.ID["一组"]}, {}}, "yizu": {{w.ID["一组"]}, {}}, "没有这个人": {{}, {}},
	} {
		teams, members := a.Structure.Found(chart, query)
		if !reflect.DeepEqual([2][]string{teams, members}, want) {
			t.Errorf("%s finds %v %v, want %v", query, teams, members, want)
		}
	}
}

// TestTheChartOfManyIsQuick: 2,000 people in 200 teams.
func TestTheChartOfManyIsQuick(t *testing.T) {
	s := &org.Structure{Teams: map[string]org.Team{}, Members: map[string]org.Member{}, Seats: map[string]org.Seat{},
		Positions: map[string]org.Position{"p": {ID: "p"}}}
	for i := range 200 {
		id := fmt.Sprint("t", i)
		s.Teams[id] = org.Team{ID: id, Name: id}
		if i > 0 {
			s.Parents = append(s.Parents, org.TeamParent{ID: "h" + id, TeamID: id, ParentID: fmt.Sprint("t", (i-1)/5), Interval: org.Interval{From: "2020-01-01"}})
		}
	}
	for i := range 2000 {
		id := fmt.Sprint("m", i)
		s.Members[id] = org.Member{ID: id, Name: id, Pinyin: id}
		s.Seats[id] = org.Seat{ID: id, TeamID: fmt.Sprint("t", i%200), PositionID: "p"}
		s.Holdings = append(s.Holdings, org.Holding{ID: id, SeatID: id, MemberID: id, Main: true})
	}
	s.Index()
	from := time.Now()
	chart := s.Chart("2026-03-02")
	took := time.Since(from)
	if chart[0].Team.ID != "t0" || chart[0].People != 2000 {
		t.Errorf("%s has %d people", chart[0].Team.ID, chart[0].People)
	}
	t.Logf("%s", took)
	if took > time.Second {
		t.Errorf("took %s", took)
	}
}
