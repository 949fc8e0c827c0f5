package tie_test

import (
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/tie"
)

// TestTheDeskCountsWhatTheListsHold: what waits for a member is what he is shown when he opens it, and no more.
func TestTheDeskCountsWhatTheListsHold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.Clock.Set("2026-03-05")
		waits := func(when string, want tie.Waits) {
			t.Helper()
			for _, who := range []string{"蒋跃", "小李"} {
				_, asked, err := w.Ties.Introductions(w.Ctx, w.As(who))
				w.ok(err)
				_, around, err := w.Ties.AskArounds(w.Ctx, w.As(who))
				w.ok(err)
				got, err := w.Ties.Waiting(w.Ctx, w.As(who))
				w.ok(err)
				if got.Introductions != len(asked) || got.AskArounds != len(around) {
					t.Errorf("%s, %s: %+v, listed %d and %d", when, who, got, len(asked), len(around))
				}
				if who == "蒋跃" && got != want {
					t.Errorf("%s: %+v, want %+v", when, got, want)
				}
			}
		}
		waits("at first", tie.Waits{Background: tie.Unasked})
		_, err := w.Ties.Give(w.Ctx, w.As("蒋跃"), tie.Mine{Schools: []tie.Past{{Name: "东南大学", FromYear: 2006, ToYear: 2010}}})
		w.ok(err)
		i, err := w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{ContactID: w.zhao, Token: w.ways("小李", w.zhao)[0].Token, Sentence: "请引荐"})
		w.ok(err)
		_, err = w.Ties.AskAround(w.Ctx, w.As("小李"), tie.AskAround{Name: "贺文涛"})
		w.ok(err)
		k, err := w.Ties.AskAround(w.Ctx, w.As("陈露"), tie.AskAround{Name: "施颖"})
		w.ok(err)
		waits("asked", tie.Waits{Introductions: 1, AskArounds: 2, Background: tie.Given})
		_, err = w.Ties.AnswerIntroduction(w.Ctx, w.As("蒋跃"), i.ID, false)
		w.ok(err)
		_, err = w.Ties.AnswerAskAround(w.Ctx, w.As("蒋跃"), k.ID, tie.Dont)
		w.ok(err)
		waits("answered", tie.Waits{AskArounds: 1, Background: tie.Given})
		w.Clock.Set("2026-03-20")
		waits("over", tie.Waits{Background: tie.Given})
		acting := w.As("蒋跃")
		acting.OnBehalfOf = w.ID["总监"]
		if got, err := w.Ties.Waiting(w.Ctx, acting); err != nil || got != (tie.Waits{Background: tie.Skipped}) {
			t.Errorf("who acts for somebody: %+v %v", got, err)
		}
	})
}
