package app_test

import (
	"os"
	"testing"

	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// plants are faults put into the rows, each with the table it touches and how that is put
// right again from a copy.
var plants = []struct{ name, table, plant, mend string }{
	{"left-day rewrite", "stay",
		`UPDATE stay SET entered_on = (SELECT r.entered_on FROM stay r WHERE r.tenant_id = stay.tenant_id
			AND r.opportunity_id = stay.opportunity_id AND r.seq = stay.ended_seq)
			WHERE EXISTS (SELECT 1 FROM stay r WHERE r.tenant_id = stay.tenant_id
			AND r.opportunity_id = stay.opportunity_id AND r.seq = stay.ended_seq)`,
		`UPDATE stay SET entered_on = c.entered_on FROM copied c WHERE c.id = stay.id`},
	{"rank by newest version", "stay",
		`UPDATE stay SET version_id = (SELECT v.id FROM pipeline_version v WHERE v.tenant_id = stay.tenant_id
			AND v.pipeline_id = stay.pipeline_id ORDER BY v.number DESC LIMIT 1)`,
		`UPDATE stay SET version_id = c.version_id FROM copied c WHERE c.id = stay.id`},
	{"reversal on a wrong day", "credit_line",
		`UPDATE credit_line SET credited_on = (SELECT o.credited_on FROM credit_line o
			WHERE o.tenant_id = credit_line.tenant_id AND o.id = credit_line.reverses) WHERE reversal = 'ceased'`,
		`UPDATE credit_line SET credited_on = c.credited_on FROM copied c WHERE c.id = credit_line.id`},
	{"owner of today", "ownership",
		`UPDATE ownership SET member_id = (SELECT o.owner_id FROM opportunity o
			WHERE o.tenant_id = ownership.tenant_id AND o.id = ownership.record_id) WHERE record_kind = 'opportunity'`,
		`UPDATE ownership SET member_id = c.member_id FROM copied c
			WHERE c.record_id = ownership.record_id AND c.ord = ownership.ord`},
	{"rate overwritten", "exchange_rate",
		`UPDATE exchange_rate SET rate = (SELECT r.rate FROM exchange_rate r WHERE r.tenant_id = exchange_rate.tenant_id
			AND r.currency = exchange_rate.currency ORDER BY r.seq DESC LIMIT 1)`,
		`UPDATE exchange_rate SET rate = c.rate FROM copied c WHERE c.currency = exchange_rate.currency
			AND c.from_on = exchange_rate.from_on AND c.seq = exchange_rate.seq`},
	{"filter of today", "dated_value",
		`UPDATE dated_value SET text_value = (SELECT o.account_id FROM opportunity o
			WHERE o.tenant_id = dated_value.tenant_id AND o.id = dated_value.record_id) WHERE field = 'account'`,
		`UPDATE dated_value SET text_value = c.text_value FROM copied c WHERE c.record_id = dated_value.record_id
			AND c.field = dated_value.field AND c.key = dated_value.key AND c.day = dated_value.day AND c.seq = dated_value.seq`},
}

// TestFaultsInTheRowsAreFound spoils the rows of a company in six ways, one after another:
// each time the same questions are answered wrongly, from memory and by SQL, and the
// comparison says so. The databases have them by turns, and each has all in make soak.
func TestFaultsInTheRowsAreFound(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := &story{check: newCheck(t, db, 5), days: map[calendar.Date]bool{}}
		s.quiet = true
		s.lived()
		exec := func(text string) {
			t.Helper()
			s.must(db.Write(t.Context(), func(tx database.Tx) error {
				_, err := tx.Exec(t.Context(), text)
				return err
			}))
		}
		sources := map[string]func() *funnel.Service{"from memory": func() *funnel.Service { return fromMemory(s.App) },
			"by SQL": func() *funnel.Service { return reference(s.App) }}
		for how, by := range sources {
			if n := s.differences(by()); n > 0 {
				t.Fatalf("%s, %d answers are wrong before anything is planted", how, n)
			}
		}
		for i, p := range plants {
			if os.Getenv("YUNCHOU_SOAK") == "" && (i%2 == 0) != (db.Dialect() == database.SQLite) {
				continue // the other database has its turn
			}
			exec(`CREATE TABLE copied AS SELECT * FROM ` + p.table)
			exec(p.plant)
			for how, by := range sources {
				if s.differences(by()) == 0 {
					t.Errorf("%s: nothing was found %s", p.name, how)
				}
			}
			exec(p.mend)
			exec(`DROP TABLE copied`)
			if s.differences(reference(s.App)) > 0 {
				t.Fatalf("%s: not mended", p.name)
			}
		}
	})
}

// lived plays what each of the faults would show in: a corrected day, a hand-over, a win
// shared and reopened, a stage that goes, a rate stated anew, another account.
func (s *story) lived() {
	s.at("03-03").made("小李", 1000)
	s.at("03-04").to("入围")
	second := s.deal
	s.Edit(second, opportunity.Patch{AccountID: &s.Customers[0]})
	s.Rate("USD", on("03-02"), 7_000_000)
	amount := int64(500)
	s.deal = s.Create(opportunity.New{Name: "美元", PipelineID: s.Bid.PipelineID, OwnerID: s.ID["陈露"], AmountMinor: &amount,
		Currency: "USD"})
	s.Share(s.deal, []opportunity.Share{{MemberID: s.ID["陈露"], Kind: "direct", BP: 6000},
		{MemberID: s.ID["周涛"], Kind: "direct", BP: 4000}})
	s.at("03-05").won(600)
	s.at("03-10").Correct(second, 1, on("03-09"))
	s.at("03-11").HandOver(second, s.ID["周涛"])
	s.Edit(second, opportunity.Patch{AccountID: &s.Customers[1]})
	s.at("03-12").to("reopen")
	s.at("03-13").without("入围", "报价")
	s.at("03-14").Rate("USD", on("03-02"), 8_000_000)
}

// differences asks about a day in the middle of it, and counts what is answered wrongly.
func (s *story) differences(by *funnel.Service) int {
	s.t.Helper()
	s.memory, s.sql, s.found = by, by, 0
	for _, then := range []bool{false, true} {
		q := truth.Question{Pipeline: s.Bid.PipelineID, Day: on("03-08"), Then: then, Group: "owner"}
		s.report("管理员", q)
		s.forecast("管理员", q)
		q.Filter.Account = s.Customers[0]
		s.report("管理员", q)
	}
	return s.found
}
