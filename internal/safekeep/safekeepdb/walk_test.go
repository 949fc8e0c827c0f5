package safekeepdb_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/safekeep/safekeepdb"
)

// planted are contradictions made by hand, and the rule each breaks.
var planted = []struct{ rule, statement string }{
	{"company.deleting", `INSERT INTO deleted_company (id, deleted_at) SELECT id, '2026-03-02T02:00:00.000Z' FROM tenant`},
	{"journal.gaps", `DELETE FROM journal WHERE seq = 3`},
	{"journal.counter", `UPDATE journal_counter SET seq = seq + 5`},
	{"journal.goes_back", `UPDATE journal SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE seq = 9`},
	{"journal.ahead", `UPDATE stay SET seq = 1000000 WHERE opportunity_id = '{deal}'`},
	{"stay.none", `UPDATE stay SET ended_seq = 1, voided_at = '2026-03-02T00:00:00.000Z' WHERE opportunity_id = '{deal}'`},
	{"stay.open", `UPDATE stay SET left_move = 'advance' WHERE opportunity_id = '{deal}'`},
	{"stay.ended", `UPDATE stay SET ended_seq = 1 WHERE opportunity_id = '{deal}'`},
	{"stay.order", `UPDATE stay SET entered_on = '2030-01-01' WHERE opportunity_id = '{deal}' AND ord = (SELECT min(ord) FROM stay WHERE opportunity_id = '{deal}')`},
	{"stay.left", `UPDATE stay SET left_on = '2026-03-01' WHERE opportunity_id = '{deal}' AND left_move IS NOT NULL`},
	{"opportunity.stage", `UPDATE opportunity SET closed_on = '2026-03-02' WHERE id = '{deal}'`},
	{"opportunity.amount", `UPDATE opportunity SET amount_minor = 4711 WHERE id = '{deal}'`},
	{"opportunity.account", `UPDATE opportunity SET account_id = NULL WHERE id = '{deal}'`},
	{"ownership.order", `UPDATE ownership SET to_on = '2000-01-01' WHERE record_id = '{deal}'`},
	{"opportunity.owner", `UPDATE opportunity SET owner_id = '{other}' WHERE id = '{deal}'`},
	{"credit.sum", `UPDATE credit_line SET amount_minor = 1 WHERE fact_id = '{won}'`},
	{"file.content", `DELETE FROM file_chunk`},
	{"file.bytes", `UPDATE file_chunk SET body = 'QUJD'`},
	{"contact.erased", `UPDATE contact SET mobile = '13800138000' WHERE deleted_at IS NOT NULL`},
}

// TestEachContradictionIsFoundUnderItsName: whole, a database has none; what somebody changed,
// took away or put in by hand is found.
func TestEachContradictionIsFoundUnderItsName(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		deal, won := aLife(t, w)
		values := strings.NewReplacer("{deal}", deal, "{won}", won, "{other}", w.ID["周涛"])
		if found := walk(t, db, ""); len(found) > 0 {
			t.Fatal(found)
		}
		for _, x := range planted {
			if found := walk(t, db, values.Replace(x.statement)); !slices.Contains(found, x.rule) {
				t.Errorf("%s: found %v", x.rule, found)
			}
		}
	})
}

// walk looks at everything after a statement, which is taken back.
func walk(t *testing.T, db *database.DB, statement string) (rules []string) {
	t.Helper()
	errBack := errors.New("taken back")
	found := make(chan string, 1000)
	err := db.Write(t.Context(), func(tx database.Tx) error {
		if statement != "" {
			if n, err := tx.Exec(t.Context(), statement); err != nil || n == 0 {
				return errors.Join(err, errors.New("nothing was changed by "+statement))
			}
		}
		err := safekeepdb.Walk(t.Context(), tx, func(f safekeepdb.Finding) { found <- f.Rule })
		return errors.Join(errBack, err)
	})
	if err == nil || err.Error() != errBack.Error() {
		t.Error(err)
	}
	close(found)
	for rule := range found {
		rules = append(rules, rule)
	}
	return rules
}

// aLife is a deal that moved on, one that was won, a file, and a person who was erased.
func aLife(t *testing.T, w *apptest.World) (moved, won string) {
	t.Helper()
	o, p := w.Opportunity("陈露", "商机甲"), w.Opportunity("陈露", "商机乙")
	w.Clock.Set("2026-03-09")
	hurry := func(r *opportunity.MoveRequest) { r.Exception = "急" }
	w.Move("陈露", o.ID, w.Bid.Stages[1].Name, hurry)
	w.Move("陈露", p.ID, "中标", hurry, func(r *opportunity.MoveRequest) {
		amount := int64(100_000_00)
		r.ContractMinor, r.SignedOn = &amount, "2026-03-09"
	})
	_, err := w.Files.Put(t.Context(), w.As("陈露"), record.Ref{Kind: "opportunity", ID: o.ID}, "报价.txt", strings.NewReader("一百万"))
	if err == nil {
		err = w.Accounts.EraseContact(t.Context(), w.As("管理员"), w.Contact("陈露", "张三"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return o.ID, p.ID
}
