package engine

import (
	"fmt"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"

	"pgregory.net/rapid"
)

// asking is a session over some rows of a pipeline of two versions: v with the stages a, b,
// c, won and lost, and w, where b stands before a and c is gone.
func asking(t *testing.T, asOf calendar.Date, deals ...*Deal) *session {
	t.Helper()
	stages := func(ids ...string) (out []pipeline.Stage) {
		for i, id := range ids {
			kind := pipeline.Open
			if i >= len(ids)-2 {
				kind = []pipeline.Kind{pipeline.Won, pipeline.Lost}[i-len(ids)+2]
			}
			out = append(out, pipeline.Stage{ID: id, Kind: kind})
		}
		return out
	}
	v := pipeline.Version{ID: "v", PipelineID: "p", Number: 1, Stages: stages("a", "b", "c", "won", "lost")}
	w := pipeline.Version{ID: "w", PipelineID: "p", Number: 2, Stages: stages("b", "a", "won", "lost"),
		Mapping: map[string]string{"c": "b"}}
	x := newIndex(newNumbering())
	s := &snapshot{index: x, around: x.surroundings(Around{Versions: []VersionRow{{"v", "p"}, {"w", "p"}, {"u", "q"}}})}
	var rows []row
	for _, d := range deals {
		r, err := x.deal(d)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	s.chunks = []*chunk{newChunk(rows)}
	(&tenant{}).publish(s)
	q := funnel.Query{Pipeline: v, Path: pipeline.NewPath(v, []pipeline.Version{v, w}), AsOf: asOf, Currency: "CNY",
		Figures: org.Figures{All: true}}
	out := &session{snapshot: s}
	if err := out.prepare(t.Context(), database.Tx{}, nil, q); err != nil {
		t.Fatal(err)
	}
	return out
}

const anID = "01890a5d-ac96-774b-bcce-b302099a8057"

// TestEachRungIsReachedAsTheWholePathSays holds the walk down a ladder, and the walk by
// bits where versions are ordered otherwise, to the question about each rung alone.
func TestEachRungIsReachedAsTheWholePathSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := &Deal{ID: anID, PipelineID: "p"}
		versions := rapid.SampledFrom([][]string{{"v"}, {"v", "w"}, {"v", "w", "u"}}).Draw(r, "versions")
		for i := range rapid.IntRange(1, 6).Draw(r, "stays") {
			s := Stay{ID: fmt.Sprint(i), VersionID: rapid.SampledFrom(versions).Draw(r, "version"),
				StageID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "stage"),
				State:   "open", Move: string(rapid.SampledFrom(moves[1:]).Draw(r, "move")), RecordedOn: "2026-03-05"}
			if rapid.IntRange(0, 4).Draw(r, "known") > 0 {
				s.EnteredOn = calendar.Date("2026-03-01").Add(rapid.IntRange(0, 20).Draw(r, "day"))
			}
			if rapid.IntRange(0, 5).Draw(r, "won") == 0 {
				s.StageID, s.State = "won", "won"
			}
			d.Stays = append(d.Stays, s)
		}
		s := asking(t, calendar.Date("2026-03-01").Add(rapid.IntRange(0, 20).Draw(r, "on")), d)
		for state, list := range population(s)[0] {
			for _, p := range list {
				x := &deal{pick: p, state: uint8(state), c: s.chunks[0]}
				var all reached
				s.reach(x, &all)
				for k := range s.path.rungs {
					first, past := s.firstReach(x, k)
					if all.first[k] != first || all.past>>k&1 != bit(past) || s.reaches(x)>>k&1 != bit(first != notReached) {
						r.Fatalf("rung %d: %d %v, alone %d %v", k, all.first[k], all.past>>k&1, first, past)
					}
				}
			}
		}
	})
}

// TestWhatIsAnnouncedCountsFromItsDay: a transfer that is to come, which no list shows yet.
func TestWhatIsAnnouncedCountsFromItsDay(t *testing.T) {
	d := &Deal{ID: anID, PipelineID: "p", Currency: "CNY", OwnerID: "陈露", TeamID: "一组",
		Stays: []Stay{{ID: "1", VersionID: "v", StageID: "a", State: "open", Move: "create", EnteredOn: "2026-03-02"}},
		Owners: []Ownership{{MemberID: "陈露", TeamID: "一组", From: "2026-03-02"},
			{MemberID: "陈露", TeamID: "二组", From: "2026-05-01"}}}
	for on, want := range map[calendar.Date]string{"2026-03-02": "一组", "2026-04-30": "一组", "2026-05-01": "二组",
		"2027-01-01": "二组"} {
		s := asking(t, on, d)
		counts, err := s.Counts(t.Context(), database.Tx{}, funnel.Query{Group: funnel.ByTeam})
		if err != nil || len(counts) != 1 || counts[0].Key != want {
			t.Errorf("on %s it counts for %+v, %v", on, counts, err)
		}
		if team := s.text[s.chunks[0].team.at(0)]; team != "一组" {
			t.Errorf("lists show %s", team)
		}
	}
}
