package guidance_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/worktime"
)

// away enters a member's leave for two days, with who stands in for him.
func away(t *testing.T, w *apptest.World, who, deputy string, from calendar.Date) {
	t.Helper()
	_, err := w.Times.Enter(w.Ctx, w.As(who), w.ID[who], worktime.Asked{From: worktime.Moment{On: from},
		To: worktime.Moment{On: from.Add(1)}, DeputyID: w.ID[deputy], Kind: "annual"})
	must(t, err)
}

// TestWhoStandsInIsNotAskedHisOwn: then it goes to who is there above, and where nobody is it waits for who is away.
func TestWhoStandsInIsNotAskedHisOwn(t *testing.T) {
	for what, c := range map[string]struct {
		away [][2]string
		want string
	}{
		"the superior is there": {[][2]string{{"蒋跃", "陈露"}}, "open: 总监 deputy until 03-03 18:00"},
		"his deputy is there":   {[][2]string{{"蒋跃", "陈露"}, {"总监", "何峰"}}, "open: 何峰 deputy until 03-03 18:00"},
		"nobody else is":        {[][2]string{{"蒋跃", "陈露"}, {"总监", "陈露"}}, "open: 蒋跃 asked until 03-05 18:00"},
	} {
		t.Run(what, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				for _, x := range c.away {
					away(t, w, x[0], x[1], "2026-03-03")
				}
				at(t, w, "2026-03-03 10:00")
				for _, kind := range []guidance.Kind{guidance.Question, guidance.Help} {
					at(t, w, "2026-03-03 09:00")
					is(t, w, string(kind), "陈露", ask(t, w, "陈露", kind, deal(w), "蒋跃", "降不降？"), c.want)
				}
			})
		})
	}
}

// TestSentAgainByWhoReadsItNoMore: who stood in and answered sends it again, and is answered with what he said and no
// other word; who said nothing is not.
func TestSentAgainByWhoReadsItNoMore(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		away(t, w, "蒋跃", "何峰", "2026-03-03")
		at(t, w, "2026-03-03 09:00")
		k := ask(t, w, "陈露", guidance.Question, on, "蒋跃", "降不降？")
		said := guidance.Answer{MessageID: record.NewID(w.Now()), Text: "不降"}
		for range 2 {
			got, err := w.Guidance.Answer(w.Ctx, w.As("何峰"), k.ID, said)
			must(t, err)
			if got.State() != guidance.Settled || got.Version != k.Version+1 || got.Word(said.MessageID) != "不降" {
				t.Errorf("he is answered with %+v", got)
			}
		}
		got, err := w.Guidance.Answer(w.Ctx, w.As("何峰"), k.ID, said)
		must(t, err)
		if got.Text != "" || got.Thread.ID != "" {
			t.Errorf("he still reads %q", got.Text)
		}
		_, err = w.Guidance.Answer(w.Ctx, w.As("周涛"), k.ID, said)
		refused(t, "the same from another", "guidance.unknown", err)
		said.MessageID = record.NewID(w.Now())
		_, err = w.Guidance.Answer(w.Ctx, w.As("何峰"), k.ID, said)
		refused(t, "more from him", "guidance.unknown", err)
	})
}

func TestADeputyOfAnotherTeamDoesNotSendItToHisManager(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 10:00")
		_, err := w.Times.Enter(w.Ctx, w.As("陈露"), w.ID["陈露"], worktime.Asked{From: worktime.Moment{On: "2026-03-02"},
			To: worktime.Moment{On: "2026-03-13"}, DeputyID: w.ID["周涛"], Kind: "annual"})
		must(t, err)
		k := ask(t, w, "蒋跃", guidance.Question, deal(w), "陈露", "为什么停着？")
		at(t, w, "2026-03-03 11:00")
		fire(t, w)
		is(t, w, "unanswered", "蒋跃", k, "returned: 周涛 deputy 480/480 returned")
		_, err = w.Guidance.Get(w.Ctx, w.As("何峰"), k.ID)
		refused(t, "another team's manager reads it", "guidance.unknown", err)
	})
}

func TestACorrectionIsNotReadByAnotherTeamsManager(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 10:00")
		_, err := w.Times.Enter(w.Ctx, w.As("陈露"), w.ID["陈露"], worktime.Asked{From: worktime.Moment{On: "2026-03-02"},
			To: worktime.Moment{On: "2026-03-13"}, DeputyID: w.ID["周涛"], Kind: "annual"})
		must(t, err)
		k := ask(t, w, "蒋跃", guidance.Correction, deal(w), "陈露", "报价前先评审，上次又没做")
		at(t, w, "2026-03-20 11:00")
		fire(t, w)
		is(t, w, "weeks later", "蒋跃", k, "returned: 周涛 deputy 480/480 returned")
		_, err = w.Guidance.Get(w.Ctx, w.As("何峰"), k.ID)
		refused(t, "another team's manager reads a correction of 陈露", "guidance.unknown", err)
	})
}
