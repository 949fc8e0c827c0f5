package app_test

import (
	"fmt"
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

const dealsInMoney = `version: 1
source: crm
pipelines:
  - {name: 简易, stages: [{name: 一, kind: open, phase: early, success: 10}, {name: 赢, kind: won}, {name: 输, kind: lost}]}
files:
  - {match: x.csv, kind: opportunity, pipeline: 简易, columns: {externalId: id, name: name, owner: owner, stage: stage, amount: amount,
      currency: currency, product: product, createdOn: created, closedOn: closed, expectedOn: expected, confidence: confidence}}
`

const headOfMoney = "id,name,owner,stage,amount,currency,product,created,closed,expected,confidence\n"

// closings are what a row says of a deal of 100 in 主轴, besides that it is closed on 03-05.
var closings = map[string]string{
	"lost":                   "输,150,CNY,主轴,2026-01-05,2026-03-05,,",
	"lost at what it was":    "输,100,CNY,主轴,2026-01-05,2026-03-05,,",
	"lost, another product":  "输,150,CNY,磨床,2026-01-05,2026-03-05,,",
	"lost, another currency": "输,150,USD,主轴,2026-01-05,2026-03-05,,",
	"lost, and expected":     "输,150,CNY,主轴,2026-01-05,2026-03-05,2026-07-31,10%",
	"won":                    "赢,150,CNY,主轴,2026-01-05,2026-03-05,,",
	"won, another currency":  "赢,150,USD,磨床,2026-01-05,2026-03-05,,",
	"withdrawn":              "withdrawn,150,CNY,磨床,2026-01-05,2026-03-05,,",
}

// TestWhatAnImportSaysWasClosedIsWhatWasClosed: list, record, credit and report say the same,
// whatever was written of the deal since the day it was closed; undone, it is as it was.
func TestWhatAnImportSaysWasClosedIsWhatWasClosed(t *testing.T) {
	for what, row := range closings {
		for _, edited := range []bool{false, true} {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				must(t, w.Org.SetRate(w.Ctx, w.As("管理员"), org.Rate{Currency: "USD", From: "2026-01-01", Rate: 7_000_000}))
				s := newSource(w, dealsInMoney, map[string]string{"x.csv": headOfMoney + "1,一号线,陈露,一,100,CNY,主轴,2026-01-05,,2026-06-30,\n"})
				s.run()
				was := s.named("一号线")
				if edited { // somebody wrote another amount after the day of the closing
					w.Clock.Set("2026-03-07")
					amount := int64(120_00)
					next := &amount
					_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), was.ID, 0, opportunity.Patch{AmountMinor: &next})
					must(t, err)
					was = s.named("一号线")
				}
				w.Clock.Set("2026-03-09")
				more := newSource(w, dealsInMoney, map[string]string{"x.csv": headOfMoney + "1,一号线,陈露," + row + "\n"})
				b := more.run()
				if b.Summary.Updated["opportunity"] != 1 || b.Summary.Errors > 0 {
					t.Fatalf("%s: %+v", what, *b.Summary)
				}
				s.closedAsSaid(what, row)
				if edited && what == "lost, another product" {
					played(t, db, databasetest.Another(t, db), &apptest.Player{World: w})
				}
				if u := more.undo(b.ID); len(u.Kept) > 0 {
					t.Errorf("%s: undone: %+v", what, u)
				}
				now := s.named("一号线")
				if now.State != opportunity.Open || *now.AmountMinor != *was.AmountMinor || now.Currency != "CNY" || len(now.Lines) != 1 || now.Lines[0] != was.Lines[0] {
					t.Errorf("%s: undone it is %s of %d %s in %+v", what, now.State, *now.AmountMinor, now.Currency, now.Lines)
				}
				s.listAndReportAgree(what + ", undone")
			})
		}
	}
}

// closedAsSaid compares list, record, credit and report with what a row said.
func (s *source) closedAsSaid(what, row string) {
	s.T.Helper()
	var amount int64 = 150_00
	if what == "lost at what it was" {
		amount = 100_00
	}
	r := s.named("一号线")
	if r.State == opportunity.Open || *r.AmountMinor != amount || r.ClosedOn != "2026-03-05" || len(r.Lines) != 1 || r.Lines[0].AmountMinor != amount {
		s.T.Errorf("%s: the list says %s of %d in %+v", what, r.State, *r.AmountMinor, r.Lines)
	}
	if n := s.count(`SELECT COALESCE(sum(amount_minor), 0) FROM credit_line WHERE fact_id = $1`, r.ID); n != amount {
		s.T.Errorf("%s: credited %d", what, n)
	}
	if n := s.count(`SELECT count(*) FROM (SELECT product_line_id FROM credit_line WHERE fact_id = $1 GROUP BY product_line_id
		HAVING sum(share_bp) <> 0 AND product_line_id <> $2) AS x`, r.ID, r.Lines[0].ProductLineID); n != 0 {
		s.T.Errorf("%s: credited to another product", what)
	}
	s.listAndReportAgree(what)
}

// listAndReportAgree compares the one deal's amount in the list with the report's.
func (s *source) listAndReportAgree(what string) {
	s.T.Helper()
	r := s.named("一号线")
	rep, err := s.Funnel.Report(s.Ctx, s.As("管理员"), funnel.Ask{Pipeline: "简易"})
	must(s.T, err)
	worth := *r.AmountMinor
	if r.Currency == "USD" {
		worth *= 7
	}
	got := map[opportunity.State]int64{opportunity.Lost: rep.LostMinor, opportunity.Won: rep.WonMinor, opportunity.Open: rep.OpenMinor}
	if n, there := got[r.State]; there && n != worth {
		s.T.Errorf("%s: the list says %d, the report %d", what, worth, n)
	}
}

// TestAClosingAnImportSaidKeepsItsAmountWhenItsDayIsCorrected: to a day before or after somebody
// wrote another amount.
func TestAClosingAnImportSaidKeepsItsAmountWhenItsDayIsCorrected(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		must(t, w.Org.SetRate(w.Ctx, w.As("管理员"), org.Rate{Currency: "USD", From: "2026-01-01", Rate: 7_000_000}))
		s := newSource(w, dealsInMoney, map[string]string{"x.csv": headOfMoney + "1,一号线,陈露,一,100,CNY,主轴,2026-01-05,,2026-06-30,\n"})
		s.run()
		w.Clock.Set("2026-03-06")
		amount := int64(120_00)
		next := &amount
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), s.named("一号线").ID, 0, opportunity.Patch{AmountMinor: &next})
		must(t, err)
		w.Clock.Set("2026-03-09")
		newSource(w, dealsInMoney, map[string]string{"x.csv": headOfMoney + "1,一号线,陈露," + closings["lost, another product"] + "\n"}).run()
		for _, on := range []calendar.Date{"2026-03-07", "2026-03-04"} {
			_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("管理员"), s.named("一号线").ID, on, "写错了")
			must(t, err)
			if n := s.count(`SELECT amount_minor FROM stay WHERE ended_seq IS NULL AND state = 'lost'`); n != 150_00 {
				t.Errorf("on %s it is lost at %d", on, n)
			}
			s.listAndReportAgree("corrected to " + string(on))
		}
		played(t, db, databasetest.Another(t, db), &apptest.Player{World: w})
		_, err = w.Opportunities.Move(w.Ctx, w.As("管理员"), s.named("一号线").ID, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
		must(t, err)
		s.listAndReportAgree("reopened")
	})
}

// TestAnImportHandsNothingOn: a row that names another owner changes the rest and says so.
func TestAnImportHandsNothingOn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		row := "1,一号线,%s,%s,150,CNY,主轴,2026-01-05,%s,,\n"
		s := newSource(w, dealsInMoney, map[string]string{"x.csv": headOfMoney + fmt.Sprintf(row, "陈露", "一", "")})
		s.run()
		w.Clock.Set("2026-03-09")
		b := newSource(w, dealsInMoney, map[string]string{"x.csv": headOfMoney + fmt.Sprintf(row, "小李", "输", "2026-03-05")}).run()
		issues, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
		must(t, err)
		said := slices.ContainsFunc(issues, func(i intake.Issue) bool { return i.Code == "import.owner_kept" && i.Line == 2 && i.Value == "小李" })
		if r := s.named("一号线"); r.OwnerID != w.ID["陈露"] || r.State != opportunity.Lost || !said {
			t.Errorf("%s, %s, %+v", r.OwnerID, r.State, b.Summary.Notes)
		}
		if n := s.count(`SELECT count(*) FROM credit_line WHERE member_id <> $1`, w.ID["陈露"]); n != 0 {
			t.Errorf("%d credit lines are another's", n)
		}
	})
}
