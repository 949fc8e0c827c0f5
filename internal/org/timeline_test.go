package org

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
)

// holdings reads "甲* 01-05..03-01, 乙 02-01..": the seat, a star where it is the main post,
// and its days of 2026, the last one not in it.
func holdings(text string) (out []Holding) {
	for i, part := range strings.Split(text, ", ") {
		if part == "" {
			continue
		}
		seat, days, _ := strings.Cut(part, " ")
		from, to, _ := strings.Cut(days, "..")
		h := Holding{ID: fmt.Sprint("h", i), SeatID: strings.TrimSuffix(seat, "*"), MemberID: "m",
			Main: strings.HasSuffix(seat, "*"), Interval: Interval{From: of2026(from), To: of2026(to)}}
		out = append(out, h)
	}
	return out
}

func of2026(day string) calendar.Date {
	if day == "" {
		return ""
	}
	return calendar.Date("2026-" + day)
}

func told(list []Holding) string {
	var out []string
	for _, h := range list {
		star := ""
		if h.Main {
			star = "*"
		}
		short := func(d calendar.Date) string { return strings.TrimPrefix(string(d), "2026-") }
		out = append(out, short(h.From)+" "+h.SeatID+star+" .."+short(h.To))
	}
	sort.Strings(out)
	for i, s := range out {
		from, rest, _ := strings.Cut(s, " ")
		seat, to, _ := strings.Cut(rest, " ..")
		out[i] = seat + " " + from + ".." + to
	}
	return strings.Join(out, ", ")
}

func TestATransferTakesTheDaysThatAreFree(t *testing.T) {
	for _, tt := range []struct{ name, before, from, limit, after, wantCode string }{
		{"today ends the present post", "甲* 01-05..", "03-02", "", "甲* 01-05..03-02, 新* 03-02..", ""},
		{"on the day the post began it is corrected", "甲* 01-05..", "01-05", "", "新* 01-05..", ""},
		{"before the first post nothing is known", "甲* 01-05..", "01-04", "", "", "org.interval_empty"},
		{"dated back into an earlier post it lasts until that one ended", "甲* 01-05..03-01, 乙* 03-01..", "02-02", "",
			"甲* 01-05..02-02, 新* 02-02..03-01, 乙* 03-01..", ""},
		{"before a move that is planned it lasts until that one", "甲* 01-05..05-01, 乙* 05-01..", "04-01", "",
			"甲* 01-05..04-01, 新* 04-01..05-01, 乙* 05-01..", ""},
		{"on the day of a planned move it takes its place", "甲* 01-05..05-01, 乙* 05-01..", "05-01", "", "甲* 01-05..05-01, 新* 05-01..", ""},
		{"a second post stays", "甲* 01-05.., 副 02-01..", "03-02", "", "甲* 01-05..03-02, 副 02-01.., 新* 03-02..", ""},
		{"in a time without a post it lasts until the next", "甲* 01-05..02-01, 乙* 04-01..", "03-02", "",
			"甲* 01-05..02-01, 新* 03-02..04-01, 乙* 04-01..", ""},
		{"who is leaving gets it until then", "甲* 01-05..04-01", "03-02", "04-01", "甲* 01-05..03-02, 新* 03-02..04-01", ""},
		{"who had no seat gets the first", "", "03-02", "", "新* 03-02..", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rest, while, err := moved(holdings(tt.before), of2026(tt.from), of2026(tt.limit))
			if got := fault.CodeOf(err); got != tt.wantCode {
				t.Fatalf("code %q, want %q", got, tt.wantCode)
			}
			if err != nil {
				return
			}
			if got := told(append(rest, Holding{SeatID: "新", Main: true, Interval: while})); got != tt.after {
				t.Errorf("%s: got %s, want %s", tt.name, got, tt.after)
			}
		})
	}
}

func TestOneOfSeveralPostsLeads(t *testing.T) {
	for _, tt := range []struct{ name, before, chosen, from, after string }{
		{"from a day on", "甲* 01-05.., 乙 02-01..", "h1", "03-02", "甲* 01-05..03-02, 乙 02-01..03-02, 甲 03-02.., 乙* 03-02.."},
		{"as long as it lasts", "甲* 01-05.., 乙 02-01..04-01", "h1", "03-02",
			"甲* 01-05..03-02, 乙 02-01..03-02, 甲 03-02..04-01, 乙* 03-02..04-01, 甲* 04-01.."},
		{"before it began it leads from its first day", "甲* 01-05.., 乙 04-01..", "h1", "03-02",
			"甲* 01-05..04-01, 乙* 04-01.., 甲 04-01.."},
		{"what leads already goes on", "甲* 01-05.., 乙 02-01..", "h0", "03-02", "甲* 01-05..03-02, 乙 02-01..03-02, 甲* 03-02.., 乙 03-02.."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := told(leading(holdings(tt.before), tt.chosen, of2026(tt.from)))
			if want := told(holdings(tt.after)); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestEverythingEndsOnADay(t *testing.T) {
	before := holdings("甲* 01-05..03-01, 乙* 03-01.., 副 02-01.., 后* 05-01..")
	if got, want := told(truncated(before, "2026-04-01")), "甲* 01-05..03-01, 副 02-01..04-01, 乙* 03-01..04-01"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestWhatStaysTheSameIsNotWrittenAgain: a row that says the same stays, the others are
// ended and written anew, so that what was known before can be told.
func TestWhatStaysTheSameIsNotWrittenAgain(t *testing.T) {
	before := holdings("甲* 01-05.., 副 02-01..")
	rest, while, err := moved(before, "2026-03-02", "")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	id := func() string { n++; return fmt.Sprint("new", n) }
	var out []string
	for _, c := range difference(before, append(rest, Holding{ID: "x", SeatID: "新", MemberID: "m", Main: true, Interval: while}), id) {
		line := ""
		if c.Old != nil {
			line = c.Old.ID + "→"
		}
		if c.New != nil {
			line += c.New.ID + ":" + told([]Holding{*c.New})
		}
		out = append(out, line)
	}
	if got, want := strings.Join(out, "; "), "h0→new1:甲* 01-05..03-02; x:新* 03-02.."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// places reads "甲 01-05, 乙 03-01": under whom from which day of 2026.
func places(text string) (out []TeamParent) {
	for i, part := range strings.Split(text, ", ") {
		parent, from, _ := strings.Cut(part, " ")
		out = append(out, TeamParent{ID: fmt.Sprint("p", i), TeamID: "t", ParentID: parent, Interval: Interval{From: of2026(from)}})
	}
	return knownParents(out, 1)
}

func TestATeamHangsUntilItsNextPlace(t *testing.T) {
	for _, tt := range []struct{ name, before, from, after, wantCode string }{
		{"from today", "甲 01-05", "03-02", "甲 01-05, 新 03-02", ""},
		{"dated back between two places", "甲 01-05, 乙 03-01", "02-02", "甲 01-05, 新 02-02, 乙 03-01", ""},
		{"before a move that is planned", "甲 01-05, 乙 05-01", "04-01", "甲 01-05, 新 04-01, 乙 05-01", ""},
		{"on the day of a move it corrects it", "甲 01-05, 乙 03-01", "03-01", "甲 01-05, 新 03-01", ""},
		{"before the team was there", "甲 01-05", "01-04", "", "org.interval_empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := places(tt.before)
			changes, err := hang(before, "新", of2026(tt.from), func() string { return "new" })
			if got := fault.CodeOf(err); got != tt.wantCode {
				t.Fatalf("code %q, want %q", got, tt.wantCode)
			}
			if err != nil {
				return
			}
			after := changed(before, changes, func(p TeamParent) string { return p.ID })
			want := places(tt.after)
			got := knownParents(after, 1)
			for i := range want {
				if len(got) != len(want) || got[i].ParentID != want[i].ParentID || got[i].Interval != want[i].Interval {
					t.Fatalf("got %+v, want %+v", got, want)
				}
				for _, p := range after { // what is stored agrees with what follows from the next row
					if p.From == want[i].From && p.To != want[i].To {
						t.Errorf("stored until %q, the next place begins %q", p.To, want[i].To)
					}
				}
			}
		})
	}
}

func TestAsKnownAtAnEntry(t *testing.T) {
	s := &Structure{
		Teams: map[string]Team{"t": {ID: "t"}}, Seats: map[string]Seat{"甲": {ID: "甲", TeamID: "甲组"}, "乙": {ID: "乙", TeamID: "乙组"}},
		Parents: []TeamParent{
			{ID: "1", TeamID: "t", ParentID: "甲", Interval: Interval{From: "2026-01-05", To: "2026-03-01"}, Seq: 1},
			{ID: "2", TeamID: "t", ParentID: "乙", Interval: Interval{From: "2026-03-01"}, Seq: 5, EndedSeq: 7},
			{ID: "3", TeamID: "t", ParentID: "丙", Interval: Interval{From: "2026-03-01"}, Seq: 7},
		},
		Holdings: []Holding{
			{ID: "1", SeatID: "甲", MemberID: "m", Main: true, Interval: Interval{From: "2026-01-05"}, Seq: 2, EndedSeq: 6},
			{ID: "2", SeatID: "甲", MemberID: "m", Main: true, Interval: Interval{From: "2026-01-05", To: "2026-03-01"}, Seq: 6},
			{ID: "3", SeatID: "乙", MemberID: "m", Main: true, Interval: Interval{From: "2026-03-01"}, Seq: 6},
		},
	}
	s.Index()
	for _, tt := range []struct {
		name         string
		k            int64
		on           calendar.Date
		parent, team string
	}{
		{"before anything was written", 0, "2026-04-01", "", ""},
		{"before the moves were known", 4, "2026-04-01", "甲", "甲组"},
		{"with the mistaken move", 5, "2026-04-01", "乙", "甲组"},
		{"the days before it", 5, "2026-02-01", "甲", "甲组"},
		{"with the member's transfer", 6, "2026-04-01", "乙", "乙组"},
		{"with the correction", 7, "2026-04-01", "丙", "乙组"},
		{"as known now", 1 << 40, "2026-02-01", "甲", "甲组"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			then := s.AsKnown(tt.k)
			team, _ := then.TeamOf("m", tt.on)
			if parent := then.ParentOf("t", tt.on); parent != tt.parent || team != tt.team {
				t.Errorf("parent %q team %q, want %q %q", parent, team, tt.parent, tt.team)
			}
		})
	}
	if s.ParentOf("t", "2026-04-01") != "丙" {
		t.Error("asking for another entry changed the structure")
	}
}
