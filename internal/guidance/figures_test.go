package guidance_test

import (
	"fmt"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
)

// TestAFigureHasItsRecords: as many are listed for each figure of the tables as it says, or told to be unseen; of whom
// the reader sees no figure he lists nothing.
func TestAFigureHasItsRecords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := qualified(w, "陈露", "二期改造")
		qualified(w, "陈露", "三期")
		at(t, w, "2026-03-09 09:00")
		answer(t, w, "蒋跃", ask(t, w, "陈露", guidance.Question, on, "蒋跃", "降不降？"), "不降")
		late := ask(t, w, "陈露", guidance.Help, on, "蒋跃", "帮一下")
		_, err := w.Guidance.Receive(w.Ctx, w.As("蒋跃"), late.ID)
		must(t, err)
		ask(t, w, "蒋跃", guidance.Advice, on, "", "先谈范围")
		at(t, w, "2026-03-10 16:00")
		fire(t, w)
		ask(t, w, "陈露", guidance.Question, on, "蒋跃", "带谁去？")
		w.Clock.Move(time.Minute)
		a := w.As("总监")
		want := map[guidance.Figure]int{guidance.FigureAsked: 3, guidance.FigureAnswered: 1, guidance.FigureUnanswered: 1, guidance.FigureInTime: 1,
			guidance.FigureReceived: 1, guidance.FigureAdvice: 2}
		for f, n := range want {
			list, unseen, err := w.Guidance.Behind(w.Ctx, a, w.ID["蒋跃"], f, "2026-03-01", a.Today)
			must(t, err)
			if len(list) != n || unseen != 0 {
				t.Errorf("%s: %d are listed and %d unseen, want %d", f, len(list), unseen, n)
			}
			_, _, err = w.Guidance.Behind(w.Ctx, w.As("何峰"), w.ID["蒋跃"], f, "2026-03-01", a.Today)
			refused(t, "figures of whom one does not lead", "org.member_unknown", err)
		}
		c := covered(t, w, "总监", "蒋跃", "2026-03-09")
		deals, unseen, err := w.Guidance.BehindCoverage(w.Ctx, a, w.ID["蒋跃"], "2026-03-09", a.Today)
		must(t, err)
		got := ""
		for _, x := range deals {
			got += fmt.Sprintf("%s %v %v; ", x.Name, x.Covered, x.Open)
		}
		if len(deals) != c.Due || unseen != 0 || got != "三期 false true; 二期改造 true false; " {
			t.Errorf("%+v are behind %+v", got, c)
		}
		_, _, err = w.Guidance.BehindCoverage(w.Ctx, w.As("陈露"), w.ID["蒋跃"], "2026-03-09", a.Today)
		refused(t, "the rep's view of her head", "org.member_unknown", err)
	})
}
