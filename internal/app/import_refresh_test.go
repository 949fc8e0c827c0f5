package app_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
)

const refreshMapping = `version: 1
source: cur
pipelines:
  - name: P1
    stages:
      - {name: Lead, kind: open, phase: early, success: 10}
      - {name: Proposal, kind: open, phase: middle, success: 50, qualified: true}
      - {name: Won, kind: won}
      - {name: Lost, kind: lost}
files:
  - {match: "*", kind: opportunity, pipeline: P1, columns: {externalId: id, name: name, stage: stage, amount: amount, currency: currency,
      owner: owner, account: account, expectedOn: exp, source: source}}
`

const refreshHead = "id,name,stage,amount,currency,owner,account,exp,source\n"

func (s *source) refreshed(rows string) *source {
	return newSource(s.World, refreshMapping, map[string]string{"x.csv": refreshHead + rows})
}

func (s *source) issuesOf(b intake.Batch) (out []string) {
	s.T.Helper()
	list, err := s.Intake.Issues(s.Ctx, s.As("管理员"), b.ID, 0, 50)
	must(s.T, err)
	for _, i := range list {
		out = append(out, i.Level+" "+i.Field+" "+i.Code)
	}
	return out
}

// TestARefreshChangesWhatTheFileSays: currency and amount together, the account; a blank cell says
// nothing; an owner is told of, and nobody is made for a value that is not taken.
func TestARefreshChangesWhatTheFileSays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, refreshMapping, nil)
		s.refreshed("c1,RC-1,Lead,1000,USD,陈露,重导甲公司,2026-12-31,展会\n").run()
		b := s.refreshed("c1,RC-1,Lead,7000,CNY,新来的人,重导乙公司,,\n").dryRunSaysTheSame()
		r := s.named("RC-1")
		if *r.AmountMinor != 7000_00 || r.Currency != "CNY" || r.AccountName != "重导乙公司" || r.ExpectedOn != "2026-12-31" || r.Source != "展会" ||
			r.OwnerID != w.ID["陈露"] || b.Summary.Updated["opportunity"] != 1 || b.Summary.Created["member"] != 0 {
			t.Errorf("%+v %+v", r.Opportunity, b.Summary)
		}
		if got := s.issuesOf(b); !slices.Equal(got, []string{"warning owner import.owner_kept"}) {
			t.Error(got)
		}
		blank := s.refreshed("c1,,Lead,,,,,,\n").dryRunSaysTheSame()
		if blank.Summary.Unchanged["opportunity"] != 1 || s.named("RC-1").AccountName != "重导乙公司" {
			t.Errorf("%+v", blank.Summary)
		}
		// In the record's currency where the file does not say another.
		s.refreshed("c1,,Lead,1000,USD,,,,\n").run()
		s.refreshed("c1,,Lead,2000,,,,,\n").dryRunSaysTheSame()
		if r := s.named("RC-1"); *r.AmountMinor != 2000_00 || r.Currency != "USD" {
			t.Errorf("%d %s", *r.AmountMinor, r.Currency)
		}
		if u := s.undo(b.ID); len(u.Kept) != 1 {
			t.Errorf("%+v", u)
		}
		if now := s.named("RC-1"); now.AccountName != "重导甲公司" || now.OwnerID != w.ID["陈露"] || *now.AmountMinor != 2000_00 {
			t.Errorf("undone: %+v", now.Opportunity)
		}
	})
}

// TestWhatWasChangedHereStays: until the file leads.
func TestWhatWasChangedHereStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, refreshMapping, nil)
		s.refreshed("c1,RC-1,Lead,1000,CNY,陈露,甲公司,,展会\n").run()
		id := s.named("RC-1").ID
		name, amount := "RC-1(手改)", int64(555_00)
		next := &amount
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), id, 0, opportunity.Patch{Name: &name, AmountMinor: &next})
		must(t, err)
		row := "c1,RC-1,Lead,9000,CNY,,,,官网\n"
		b := s.refreshed(row).dryRunSaysTheSame()
		r := s.named("RC-1")
		if r.Name != name || *r.AmountMinor != amount || r.Source != "官网" || b.Summary.Updated["opportunity"] != 1 {
			t.Errorf("%+v %+v", r.Opportunity, b.Summary)
		}
		told := map[string]string{}
		for _, n := range b.Summary.Notes {
			if n.Code == "kept_by_hand" {
				told[n.Field] = n.Value + " → " + n.To
			}
		}
		if told["name"] != "RC-1 → "+name || told["amount"] != "9000.00 CNY → 555.00 CNY" {
			t.Errorf("%v", told)
		}
		leads := s.refreshed(row)
		leads.m.Files[0].Leads = "file"
		leads.dryRunSaysTheSame()
		if r := s.named("RC-1"); r.Name != "RC-1" || *r.AmountMinor != 9000_00 {
			t.Errorf("%+v", r.Opportunity)
		}
		// What the file wrote last is the file's again.
		s.refreshed("c1,RC-2,Lead,9100,CNY,,,,\n").dryRunSaysTheSame()
		if r := s.named("RC-2"); *r.AmountMinor != 9100_00 {
			t.Errorf("%+v", r.Opportunity)
		}
	})
}

// TestAStageEnteredHereStandsUntilTheFileSaysANewerOne, and why something was lost stays unknown
// where the file does not say.
func TestAStageEnteredHereStandsUntilTheFileSaysANewerOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, refreshMapping, nil)
		s.refreshed("c1,RC-1,Lead,1000,CNY,陈露,甲公司,,\n").run()
		r := s.named("RC-1")
		to, _ := r.Pipeline.StageNamed("Proposal")
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), r.ID, opportunity.MoveRequest{To: to.ID})
		must(t, err)
		b := s.refreshed("c1,RC-1,Lead,1000,CNY,,,,\n").dryRunSaysTheSame()
		if got := s.issuesOf(b); !slices.Equal(got, []string{"warning stage import.stage_kept"}) || s.named("RC-1").StageID != to.ID {
			t.Errorf("%v %+v", got, b.Summary)
		}
		b = s.refreshed("c1,RC-1,Lost,1000,CNY,,,,\n").dryRunSaysTheSame()
		if r := s.named("RC-1"); r.State != opportunity.Lost || r.LossKind != opportunity.UnknownLoss || r.LossReason != "" {
			t.Errorf("%s %s %q, %v", r.State, r.LossKind, r.LossReason, s.issuesOf(b))
		}
	})
}

// TestSeveralOfOneNameAreNotTheFirst: an owner is the one who is there, or whom the email names,
// or nobody.
func TestSeveralOfOneNameAreNotTheFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		first := w.ID["陈露"]
		w.AddMember("陈露", w.ID["二组"], false, "rep")
		s := newSource(w, refreshMapping, nil)
		b := s.refreshed("c1,RC-1,Lead,1000,CNY,陈露,甲公司,,\n").dryRunSaysTheSame()
		if got := s.issuesOf(b); !slices.Equal(got, []string{"warning owner import.member_ambiguous"}) || s.named("RC-1").OwnerID != "" {
			t.Errorf("%v", got)
		}
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), first, "2026-03-02")
		must(t, err)
		s.refreshed("c2,RC-2,Lead,1000,CNY,陈露,甲公司,,\n").dryRunSaysTheSame()
		if s.named("RC-2").OwnerID != w.ID["陈露"] {
			t.Error("it is not the one who is there")
		}
	})
}

// TestNothingOptionalDropsARow: what is wrong beside what makes a record is told, and left out.
func TestNothingOptionalDropsARow(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		long := strings.Repeat("长", 501) // twice that is too long for a reason, once for a name
		s := newSource(w, `version: 1
source: crm
files:
  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: id, name: name, stage: stage, createdOn: created, closedOn: closed,
      expectedOn: expected, lossKind: kind, lossReason: why, source: source, entered.入围: listed}}
`, map[string]string{"x.csv": "id,name,stage,created,closed,expected,kind,why,source,listed\n" +
			"1," + long + ",机会,2026-01-05,2026-09-30,,,,,\n" +
			"2,二,丢单,2026-01-05,2026-02-01,,莫名其妙,," + long + ",2026-02-20\n" +
			"3,三,中标,2026-01-05,2026-02-01,,,太贵,,\n" +
			"4,四,丢单,2026-02-05,2026-01-01,,," + strings.Repeat(long, 2) + ",,\n" +
			"5,五,没这个阶段,2026-02-05,,,,,,\n"})
		b := s.dryRunSaysTheSame()
		want := []string{"warning name import.text_cut", "warning source import.text_cut", "warning closedOn import.closed_before_entered",
			"warning lossReason import.won_with_loss_reason", "warning lossReason import.text_cut", "error stage pipeline.stage_unknown"}
		if got := s.issuesOf(b); !slices.Equal(got, want) || b.Summary.Created["opportunity"] != 4 || b.Summary.Refused != 1 {
			t.Errorf("%q %+v", got, b.Summary)
		}
		if one := s.named("长"); one.ExpectedOn != "2026-09-30" || utf8.RuneCountInString(one.Name) > 300 {
			t.Errorf("%s %d", one.ExpectedOn, len(one.Name))
		}
		if two := s.named("二"); two.State != opportunity.Lost || two.LossKind != opportunity.UnknownLoss || two.LossReason != "莫名其妙" ||
			two.ClosedOn != "2026-02-01" || len(two.Stays) != 1 {
			t.Errorf("%+v", two.Opportunity)
		}
	})
}

// TestRowsWithoutIDsAreNotDoubled: they are found by name and account, two of one name each.
func TestRowsWithoutIDsAreNotDoubled(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, refreshMapping, nil)
		rows := ",一号,Lead,1000,CNY,陈露,甲公司,,\n,一号,Lead,2000,CNY,陈露,甲公司,,\n,一号,Lead,3000,CNY,陈露,乙公司,,\n"
		if b := s.refreshed(rows).dryRunSaysTheSame(); b.Summary.Created["opportunity"] != 3 {
			t.Errorf("%+v", b.Summary)
		}
		b := s.refreshed(strings.Replace(rows, "3000", "3500", 1) + ",二号,Lead,1,CNY,,,,\n").dryRunSaysTheSame()
		if b.Summary.Created["opportunity"] != 1 || b.Summary.Updated["opportunity"] != 1 || b.Summary.Unchanged["opportunity"] != 2 {
			t.Errorf("%+v", b.Summary)
		}
		if !slices.ContainsFunc(b.Summary.Notes, func(n intake.Note) bool { return n.Code == "matched_by_name" && n.Count == 3 }) {
			t.Errorf("%+v", b.Summary.Notes)
		}
		if n := s.count(`SELECT count(*) FROM opportunity WHERE amount_minor IN (100000, 200000, 350000)`); n != 3 {
			t.Errorf("%d as the file says", n)
		}
	})
}

// TestWhatWasWonBeforeItWasWrittenDownIsWon: of a list of how things stand nobody knows since when; the next edition, or
// whoever closes the deal, says a day before the first one was imported.
func TestWhatWasWonBeforeItWasWrittenDownIsWon(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		week := string(w.As("管理员").Today.Add(-7))
		mapping := strings.Replace(refreshMapping, "source: source}", "source: source, closedOn: closed}", 1)
		read := func(rows string) *source {
			return newSource(w, mapping, map[string]string{"x.csv": strings.TrimSpace(refreshHead) + ",closed\n" + rows})
		}
		s := read("c1,RC-1,Proposal,1000,CNY,陈露,甲公司,,,\nc2,RC-2,Proposal,1000,CNY,陈露,甲公司,,,\nc3,RC-3,Proposal,1000,CNY,陈露,甲公司,,,\n")
		s.run()
		b := read("c1,RC-1,Won,1000,CNY,陈露,甲公司,,," + week + "\nc2,RC-2,Lost,1000,CNY,陈露,甲公司,,," + week + "\n").dryRunSaysTheSame()
		for name, want := range map[string]opportunity.State{"RC-1": opportunity.Won, "RC-2": opportunity.Lost} {
			if r := s.named(name); r.State != want || string(r.ClosedOn) != week {
				t.Errorf("%s: %s on %q, with %v", name, r.State, r.ClosedOn, s.issuesOf(b))
			}
		}
		r, a := s.named("RC-3"), w.As("陈露")
		won, err := w.Pipelines.Get(w.Ctx, a, "P1")
		must(t, err)
		_, err = w.Opportunities.Move(w.Ctx, a, r.ID, opportunity.MoveRequest{Version: r.Version, To: won.OfKind("won").ID, On: a.Today.Add(-7)})
		must(t, err)
		if r = s.named("RC-3"); string(r.ClosedOn) != week {
			t.Errorf("closed on %q", r.ClosedOn)
		}
		if u := s.undo(b.ID); len(u.Kept) != 0 || s.named("RC-1").State != opportunity.Open {
			t.Errorf("undone: %+v %s", u, s.named("RC-1").State)
		}
	})
}
