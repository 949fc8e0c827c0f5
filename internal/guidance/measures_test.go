package guidance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/record"
)

// TestAMonthOfReceivedIsNothingAnswered: a month of 收到 is nothing answered: 收到 is no answer, and who answers nothing has no median.
func TestAMonthOfReceivedIsNothingAnswered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		for day := range 20 {
			w.Clock.Set(w.As("陈露").Today)
			k := ask(t, w, "陈露", guidance.Question, on, "蒋跃", fmt.Sprint("第", day))
			_, err := w.Guidance.Receive(w.Ctx, w.As("蒋跃"), k.ID)
			must(t, err)
			w.Clock.Move(24 * time.Hour)
			fire(t, w)
		}
		for _, m := range measures(t, w, "总监") {
			switch name(w, m.MemberID) {
			case "蒋跃":
				if m.Asked != 20 || m.Answered != 0 || m.Unanswered+m.Late < 18 || m.ReceivedOnly < 18 || m.Median != nil || m.P90 != nil {
					t.Errorf("a month of 收到 is %+v", m)
				}
			case "总监":
				if m.Asked < 18 || m.Answered != 0 {
					t.Errorf("what climbed is %+v", m)
				}
			}
		}
	})
}

// TestAnAnswerThatWasNoneIsNotAnAnswer: what was said of it and after it is one turn; one that climbed and is answered
// by whom it was taken from is nobody's.
func TestAnAnswerThatWasNoneIsNotAnAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		at(t, w, "2026-03-02 10:00")
		k := ask(t, w, "陈露", guidance.Question, on, "蒋跃", "降不降？")
		at(t, w, "2026-03-02 10:05")
		answer(t, w, "蒋跃", k, "看到了")
		_, err := w.Guidance.Reject(w.Ctx, w.As("陈露"), k.ID, words("没答到"))
		must(t, err)
		late := ask(t, w, "陈露", guidance.Help, on, "", "帮一下")
		at(t, w, "2026-03-04 10:00")
		fire(t, w)
		answer(t, w, "蒋跃", late, "晚了")
		is(t, w, "answered by whom it was taken from", "陈露", late, "answered: 蒋跃 asked 480/480 climbed, 总监 climbed 475/480 answered")
		for _, m := range measures(t, w, "总监") {
			switch name(w, m.MemberID) {
			case "蒋跃":
				if m.Asked != 2 || m.Answered != 0 || m.Unanswered != 2 || m.Median != nil {
					t.Errorf("he who said he saw it is %+v", m)
				}
			case "总监":
				if m.Answered != 0 {
					t.Errorf("who answered nothing is %+v", m)
				}
			}
		}
	})
}

func measures(t *testing.T, w *apptest.World, who string) []guidance.Measure {
	t.Helper()
	a := w.As(who)
	list, err := w.Guidance.Measures(w.Ctx, a, "2026-03-01", a.Today)
	must(t, err)
	return list
}

// counted is a figure by SQL alone.
func counted(t *testing.T, w *apptest.World, member, where string) (n int) {
	t.Helper()
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT count(*) FROM guidance_turn WHERE tenant_id = $1 AND member_id = $2 AND `+where, w.Admin.TenantID, member).Scan(&n)
	}))
	return n
}

// TestMeasuresAreWhatSQLCounts over random months, and the median is that of a sorted list in which what is not
// answered comes last.
func TestMeasuresAreWhatSQLCounts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		rng := rand.New(rand.NewPCG(13, 1))
		on := deal(w)
		people := []string{"陈露", "蒋跃", "总监"}
		var open []string
		for range 120 {
			w.Clock.Move(time.Duration(rng.IntN(240)) * time.Minute)
			fire(t, w)
			if rng.IntN(2) == 0 {
				who := people[rng.IntN(3)]
				to := people[rng.IntN(3)]
				if who != to {
					open = append(open, ask(t, w, who, guidance.Help, on, to, "帮一下").ID)
				}
				continue
			}
			if len(open) > 0 {
				act(t, w, rng, open[rng.IntN(len(open))])
			}
		}
		for _, span := range [][2]calendar.Date{{"2026-03-01", w.As("总监").Today}, {"2026-03-04", "2026-03-06"}, {"2026-03-07", "2026-03-09"}} {
			countsAlike(t, w, span[0], span[1])
		}
	})
}

// countsAlike compares the measures of some days with what SQL counts of the turns that began in them.
func countsAlike(t *testing.T, w *apptest.World, from, to calendar.Date) {
	t.Helper()
	in := " AND from_at >= '" + database.Time(from.In(shanghai)) + "' AND from_at < '" + database.Time(to.Add(1).In(shanghai)) + "'"
	list, err := w.Guidance.Measures(w.Ctx, w.As("总监"), from, to)
	must(t, err)
	if len(list) != 3 {
		t.Errorf("from %s to %s there are %+v", from, to, list)
	}
	for _, m := range list {
		unanswered := "ended IN ('climbed', 'returned')" + in
		late := "ended IS NULL AND due_at < '" + database.Time(w.Now()) + "'" + in
		for what, pair := range map[string][2]int{
			"asked":      {m.Asked, counted(t, w, m.MemberID, "(ended IS NULL OR ended NOT IN ('moved', 'recalled'))"+in)},
			"answered":   {m.Answered, counted(t, w, m.MemberID, "ended = 'answered'"+in)},
			"unanswered": {m.Unanswered, counted(t, w, m.MemberID, unanswered)},
			"late":       {m.Late, counted(t, w, m.MemberID, late)},
			"received":   {m.ReceivedOnly, counted(t, w, m.MemberID, "received_at IS NOT NULL AND ("+unanswered+" OR "+late+")")},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s of %s: %d, SQL counts %d", what, name(w, m.MemberID), pair[0], pair[1])
			}
		}
		if want := middle(t, w, m.MemberID, in, late); fmt.Sprint(want) != fmt.Sprint(deref(m.Median)) {
			t.Errorf("median of %s: %v, want %v", name(w, m.MemberID), deref(m.Median), want)
		}
	}
}

func deref(p *int) any {
	if p == nil {
		return nil
	}
	return *p
}

// middle is the middle of the minutes of a member's turns, those not answered after all others, and nothing where it
// is one of them.
func middle(t *testing.T, w *apptest.World, member, in, late string) any {
	t.Helper()
	const never = 1 << 30
	var all []int
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT CASE WHEN ended = 'answered' THEN used_minutes ELSE 1073741824 END FROM guidance_turn WHERE tenant_id = $1 AND member_id = $2
			AND (ended IN ('answered', 'climbed', 'returned')`+in+` OR `+late+`) ORDER BY 1`, w.Admin.TenantID, member)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				return err
			}
			all = append(all, n)
		}
		return rows.Err()
	}))
	if len(all) == 0 || all[(len(all)-1)/2] == never {
		return nil
	}
	return all[(len(all)-1)/2]
}

// act does something about a note, as it may be done.
func act(t *testing.T, w *apptest.World, rng *rand.Rand, id string) {
	t.Helper()
	k, err := w.Guidance.Get(w.Ctx, w.As("总监"), id)
	must(t, err)
	holder := name(w, k.Holder())
	if !slices.Contains([]string{"陈露", "蒋跃", "总监"}, holder) {
		return
	}
	switch rng.IntN(3) {
	case 0:
		_, err = w.Guidance.Receive(w.Ctx, w.As(holder), id)
	case 1:
		_, err = w.Guidance.Answer(w.Ctx, w.As(holder), id, guidance.Answer{Text: "好", WantsOutcome: true})
	default:
		_, err = w.Guidance.Recall(w.Ctx, w.As(name(w, k.AskerID)), id)
	}
	must(t, err)
}

// TestWhoCanHelp: the superior in front, then who won most like it.
func TestWhoCanHelp(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		list, err := w.Guidance.Helpers(w.Ctx, w.As("陈露"), on)
		must(t, err)
		if len(list) != 1 || name(w, list[0].MemberID) != "蒋跃" || list[0].Why != guidance.Superior {
			t.Errorf("there are %+v", list)
		}
		_, err = w.Guidance.Helpers(w.Ctx, w.As("周涛"), on)
		refused(t, "a record he does not read", "record.unknown", err)
		_, err = w.Guidance.Helpers(w.Ctx, w.As("周涛"), record.Ref{Kind: "team", ID: w.ID["一组"]})
		refused(t, "no record of this kind", "record.kind_unknown", err)
	})
}
