package desk_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/timetable"
)

// asks has a member ask why, from his desk.
func (w *world) asks(who, id string) desk.Mark {
	w.t.Helper()
	m, err := w.decide(who, id, desk.Deciding{Decision: desk.Asked, What: "签约日过了,为什么?"})
	w.must(err)
	return m
}

// waits tells the member's line of a record that waits for an answer, nil where none does.
func (w *world) waits(who, id string) *desk.Line {
	w.t.Helper()
	for _, l := range w.read(who).Asked {
		if l.On.ID == id {
			return &l
		}
	}
	return nil
}

// lapse has what is due of a note happen.
func (w *world) lapse(note string) {
	w.t.Helper()
	w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		return w.Guidance.Fires()[guidance.Due].Fire(w.Ctx, tx, timetable.Row{TenantID: w.Admin.TenantID, Kind: guidance.Due, Payload: []byte(`{"noteId":"` + note + `"}`)})
	}))
}

// TestAskingWhyRestsALineUntilTheAnswer: what may happen after a manager asked from his desk on 2026-03-10 at
// 10:00; a rep's eight hours are over on the 11th at 10:00.
func TestAskingWhyRestsALineUntilTheAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, tt := range []struct {
			name  string
			on    calendar.Date
			act   func(w *world, id, note string)
			waits bool
			kinds string // of the line that stands, "" is none
		}{
			{"the next day", "2026-03-11", func(*world, string, string) {}, true, ""},
			{"received, which is no answer", "2026-03-10", func(w *world, _, note string) {
				_, err := w.Guidance.Receive(w.Ctx, w.As("小李"), note)
				w.must(err)
			}, true, ""},
			{"answered", "2026-03-10", func(w *world, _, note string) {
				_, err := w.Guidance.Answer(w.Ctx, w.As("小李"), note, guidance.Answer{Text: "客户在走审批"})
				w.must(err)
			}, false, "passed answered "},
			{"taken back", "2026-03-10", func(w *world, _, note string) {
				_, err := w.Guidance.Recall(w.Ctx, w.As("蒋跃"), note)
				w.must(err)
			}, false, "passed "},
			{"not answered in time", "2026-03-12", func(w *world, _, note string) { w.lapse(note) }, false, "passed unanswered "},
			{"a promise is late meanwhile", "2026-03-10", func(w *world, id, _ string) {
				w.step("小李", id, "2026-03-10", true)
				w.Clock.Set("2026-03-11")
			}, false, "passed promise asked "},
			{"signed, so nothing is to be asked", "2026-03-10", func(w *world, id, _ string) { w.redate("小李", id, "2026-05-29") }, false, ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				w := newWorld(t, db, "2026-03-02")
				id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
				w.Clock.Set("2026-03-10")
				m := w.asks("蒋跃", id)
				note, err := w.Guidance.Get(w.Ctx, w.As("小李"), m.NoteID)
				w.must(err)
				if note.Holder() != w.ID["小李"] || note.On != opportunity.Ref(id) || m.ToID != w.ID["小李"] {
					t.Fatalf("what was asked: %+v %+v", m, note)
				}
				l := w.waits("蒋跃", id)
				if l == nil || l.Name != "二期改造" || w.line("蒋跃", id) != nil {
					t.Fatalf("at once: %+v", l)
				}
				if s := l.Signs[len(l.Signs)-1]; s.Kind != desk.SignAsked || s.ID != m.NoteID || s.MemberID != w.ID["小李"] || s.At == nil {
					t.Errorf("it says %+v", s)
				}
				w.Clock.Set(tt.on)
				tt.act(w, id, m.NoteID)
				if got := w.waits("蒋跃", id) != nil; got != tt.waits {
					t.Errorf("waits for an answer: %v, want %v", got, tt.waits)
				}
				got := ""
				if l := w.line("蒋跃", id); l != nil {
					got = kinds(l)
				}
				if got != tt.kinds {
					t.Errorf("it stands with %q, want %q", got, tt.kinds)
				}
			})
		}
	})
}

// TestWhoAsksHasLookedAfterIt: a line climbs five working days after the question, which was asked on the fourth.
func TestWhoAsksHasLookedAfterIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
		w.Clock.Set("2026-03-12")
		w.asks("蒋跃", id)
		w.Clock.Set("2026-03-18")
		w.stands("总监", id, false, "four working days after the question")
		w.Clock.Set("2026-03-19")
		w.stands("总监", id, true, "five working days after the question")
	})
}

// TestWhatIsAskedOfAReaderStandsOnHisDesk: a rep's call for help to his manager stands when it is overdue, and
// climbed it stands on the desk of the next level at once, however small the deal; who has no deal of it either.
func TestWhatIsAskedOfAReaderStandsOnHisDesk(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "小单", "2026-12-31", 1_000_00)
		help := func(to string) string {
			t.Helper()
			k, err := w.Guidance.Ask(w.Ctx, w.As("小李"), guidance.New{Kind: guidance.Help, On: opportunity.Ref(id), ToID: w.ID[to], Text: "价格怎么谈?"})
			w.must(err)
			return k.ID
		}
		note := help("蒋跃")
		w.stands("蒋跃", id, false, "his time runs")
		w.Clock.Set("2026-03-04")
		if l := w.line("蒋跃", id); l == nil || kinds(l) != "owed " || !l.Late() {
			t.Errorf("his time is over: %+v", l)
		}
		w.lapse(note)
		w.stands("蒋跃", id, false, "it is his no more")
		if l := w.line("总监", id); l == nil || l.Signs[0].MemberID != w.ID["小李"] {
			t.Errorf("it climbed: %+v", l)
		}
		// An expert of another team sees the note, and no deal.
		other := help("何峰")
		w.Clock.Set("2026-03-06")
		w.lapse(note)
		if l := w.line("何峰", other); l == nil || l.On != (record.Ref{Kind: guidance.NoteKind, ID: other}) || l.Name != "" {
			t.Errorf("of a deal he does not see: %+v", l)
		}
	})
}

// TestTwoAskAtOnce: of four questions at once about one line one is asked.
func TestTwoAskAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
		w.Clock.Set("2026-03-10")
		l := w.line("蒋跃", id)
		codes := apptest.AtOnce(4, func(int) error {
			_, err := w.Desk.Decide(w.Ctx, w.As("蒋跃"), desk.Deciding{Of: l.On, Facts: l.Facts, Decision: desk.Asked, What: "为什么?"})
			return err
		})
		if codes[""] != 1 || codes["desk.decided_already"] != 3 {
			t.Errorf("%v", codes)
		}
	})
}
