package guidance_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/record"
)

func TestWordsSaidWithTheSameUseAreKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		k := ask(t, w, "蒋跃", guidance.Advice, deal(w), "陈露", "先见总工")
		_, err := w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words(""))
		must(t, err)
		k, err = w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words("见了，总工要 12 秒节拍"))
		if err != nil {
			return // refused is all right: he knows that it was not taken
		}
		if got := k.Word(k.Outcome.UsedID); got != "见了，总工要 12 秒节拍" {
			t.Errorf("it was taken without a fault, and what he said is %q", got)
		}
	})
}

func TestACorrectionSentAgainWithAnotherDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		in := guidance.New{ID: record.NewID(w.Now()), Kind: guidance.Correction, On: deal(w), ToID: w.ID["陈露"], Text: "报价前先评审", Fact: "有评审记录", CheckOn: "2026-03-09"}
		_, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		must(t, err)
		in.CheckOn, in.Fact = "2026-04-09", "别的事实"
		_, err = w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		refused(t, "another fact and another day", "record.id_taken", err)
	})
}
