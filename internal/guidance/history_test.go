package guidance_test

import (
	"fmt"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// weeksOf words a member's weeks as a reader sees them, those that have ended: "covered/due".
func weeksOf(t *testing.T, w *apptest.World, reader, of string, from calendar.Date) (said []string) {
	t.Helper()
	a := w.As(reader)
	list, err := w.Guidance.Covered(w.Ctx, a, from, a.Today)
	must(t, err)
	for _, c := range list {
		if c.MemberID == w.ID[of] && c.WeekOn.Add(7) <= a.Today {
			said = append(said, fmt.Sprintf("%s %d/%d", c.WeekOn, c.Covered, c.Due))
		}
	}
	return said
}

// TestWeeksStayWhoseTheyWere: whoever led the owner then has the week, looked at or missed, whatever changes hands
// since; a week in which it changed is due of nobody who did not have all of it.
func TestWeeksStayWhoseTheyWere(t *testing.T) {
	for what, change := range map[string]func(t *testing.T, w *apptest.World, on record.Ref){
		"the owner goes to another team": func(t *testing.T, w *apptest.World, _ record.Ref) {
			must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, ""))
		},
		"the deal goes to another owner": func(t *testing.T, w *apptest.World, on record.Ref) {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: on.Kind, IDs: []string{on.ID}, ToID: w.ID["周涛"], Reason: "分工"})
			must(t, err)
		},
	} {
		t.Run(what, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				on := qualified(w, "陈露", "二期改造")
				w.Clock.Set("2026-03-10")
				looks(t, w, "蒋跃", on)
				w.Clock.Move(time.Hour)
				says(t, w, "陈露", on)
				before := []string{"2026-03-09 1/1", "2026-03-16 0/1"}
				w.Clock.Set("2026-03-23")
				same := func(when string, reader, of string, want []string) {
					t.Helper()
					if got := weeksOf(t, w, reader, of, "2026-03-02"); fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("%s, %s's weeks for %s: %v, want %v", when, of, reader, got, want)
					}
				}
				same("before", "蒋跃", "蒋跃", before)
				w.Clock.Set("2026-03-25")
				change(t, w, on)
				w.Clock.Set("2026-04-06")
				for _, reader := range []string{"总监", "蒋跃", "管理员"} {
					if reader != "管理员" || w.As(reader).Figures.All {
						same("after", reader, "蒋跃", before)
					}
				}
				says(t, w, "陈露", opportunity.Ref(w.Opportunity("陈露", "别的").ID))
				same("after", "总监", "何峰", []string{"2026-03-30 0/1"})
				same("after", "何峰", "何峰", []string{"2026-03-30 0/1"})
			})
		})
	}
}

// TestWhatIsClosedIsNotMissed: whoever could not look at it until the end of its week did not miss it; who did has it.
func TestWhatIsClosedIsNotMissed(t *testing.T) {
	for looked, want := range map[bool]guidance.Coverage{false: {}, true: {Due: 1, Covered: 1}} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			on := qualified(w, "陈露", "二期改造")
			w.Clock.Move(time.Hour)
			looks(t, w, "蒋跃", on)
			w.Clock.Set("2026-03-06")
			says(t, w, "陈露", on)
			w.Clock.Set("2026-03-09")
			if looked {
				looks(t, w, "蒋跃", on)
			}
			w.Clock.Move(time.Minute)
			w.Move("陈露", on.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
			w.Clock.Move(time.Minute)
			if n := len(waits(t, w, "蒋跃")); n != 0 {
				t.Errorf("%d wait", n)
			}
			w.Clock.Set("2026-03-17")
			if c := covered(t, w, "总监", "蒋跃", "2026-03-09"); c != want {
				t.Errorf("looked at is %v: it is %+v, want %+v", looked, c, want)
			}
		})
	}
}

// TestNobodyCoversHisOwn: what the owner gives in his manager's name is no look, whatever it is; what the manager gives is.
func TestNobodyCoversHisOwn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := qualified(w, "陈露", "二期改造")
		must(t, w.Org.Delegate(w.Ctx, w.As("管理员"), w.ID["蒋跃"], w.ID["陈露"]))
		w.Clock.Move(time.Hour)
		named, err := w.As("陈露").For(w.ID["蒋跃"])
		must(t, err)
		for _, kind := range []guidance.Kind{guidance.Question, guidance.Advice, guidance.Resource, guidance.Help} {
			_, err := w.Guidance.Ask(w.Ctx, named, guidance.New{Kind: kind, On: on, ToID: w.ID["总监"], Text: "看一下"})
			must(t, err)
			if n := len(waits(t, w, "蒋跃")); n != 1 {
				t.Errorf("after a %s in his name %d wait", kind, n)
			}
		}
		_, err = w.Guidance.Ask(w.Ctx, named, guidance.New{Kind: guidance.Question, On: on, Text: "看一下"})
		refused(t, "she asks herself in his name", "guidance.of_yourself", err)
		ask(t, w, "蒋跃", guidance.Question, on, "总监", "看一下")
		if n := len(waits(t, w, "蒋跃")); n != 0 {
			t.Errorf("after a question of his own %d wait", n)
		}
	})
}

// TestATurnCountsWhereItBegan: what was asked in one week and climbs in the next is of the next for who has it then.
func TestATurnCountsWhereItBegan(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-06 17:00")
		on := deal(w)
		k := ask(t, w, "陈露", guidance.Help, on, "", "帮一下")
		advised := ask(t, w, "蒋跃", guidance.Advice, on, "", "先谈范围")
		at(t, w, "2026-03-10 10:00")
		fire(t, w)
		_, err := w.Guidance.Use(w.Ctx, w.As("陈露"), advised.ID, guidance.Used, words(""))
		must(t, err)
		is(t, w, "climbed", "陈露", k, "open: 蒋跃 asked 480/480 climbed, 总监 climbed until 03-10 17:00")
		for span, want := range map[[2]calendar.Date]string{
			{"2026-03-02", "2026-03-08"}: "蒋跃 1/0/1 used 1",
			{"2026-03-09", "2026-03-10"}: "总监 1/1/0 used 0",
		} {
			list, err := w.Guidance.Measures(w.Ctx, w.As("总监"), span[0], span[1])
			must(t, err)
			got := ""
			for _, m := range list {
				got += fmt.Sprintf("%s %d/%d/%d used %d", name(w, m.MemberID), m.Asked, m.Running, m.Unanswered, m.Used)
			}
			if got != want {
				t.Errorf("%v: %s, want %s", span, got, want)
			}
		}
	})
}

func TestWhatIsListedForThisWeekIsCountedInIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-05")
		qualified(w, "陈露", "二期改造")
		for _, day := range []calendar.Date{"2026-03-30", "2026-04-06", "2026-04-07", "2026-04-08", "2026-04-13"} {
			w.Clock.Set(day)
			list := waits(t, w, "蒋跃")
			c := covered(t, w, "总监", "蒋跃", day)
			due := 0
			for _, x := range list {
				if x.DueOn < guidance.Monday(day).Add(7) {
					due++
				}
			}
			if due != c.Open {
				t.Errorf("%s: %d listed as due this week, the table has %d open (%+v)", day, due, c.Open, c)
			}
		}
	})
}

func TestWhatWasNotQualifiedYetIsNotLate(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-18")
		w.Supply("陈露", o.ID)
		w.Move("陈露", o.ID, "入围")
		w.Clock.Move(time.Minute)
		missed := covered(t, w, "总监", "蒋跃", "2026-03-02").Missed
		for _, x := range waits(t, w, "蒋跃") {
			if x.Late && missed == 0 {
				t.Errorf("the list says it is late, the table that nothing was missed: since %s, due %s", x.Since, x.DueOn)
			}
		}
	})
}
