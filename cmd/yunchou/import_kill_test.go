package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/replay/replaytest"
)

const killedMapping = `version: 1
source: crm
company: {name: ACME, currency: CNY, timeZone: Asia/Shanghai, locale: zh-CN}
pipelines:
  - name: P
    stages:
      - {name: Lead, kind: open, phase: early, success: 10, allowSkip: true}
      - {name: Offer, kind: open, phase: late, success: 60, qualified: true, allowSkip: true}
      - {name: Won, kind: won}
      - {name: Lost, kind: lost}
files:
  - {match: accounts.csv, kind: account, columns: {externalId: id, name: name, industry: industry}}
  - {match: people.csv, kind: contact, columns: {externalId: id, name: name, account: account}}
  - {match: deals.csv, kind: opportunity, pipeline: P, columns: {externalId: id, name: name, account: account, owner: owner, stage: stage,
      amount: amount, product: product, createdOn: created, closedOn: closed}}
  - {match: nameless.csv, kind: opportunity, pipeline: P, columns: {name: name, account: account, stage: stage, amount: amount, createdOn: created}}
  - {match: log.csv, kind: events, pipeline: P, columns: {case: case, activity: activity, time: time, account: account}}
`

// killedFiles are files of every kind, of some hundred records each.
func killedFiles(t *testing.T) (paths []string) {
	dir := t.TempDir()
	text := map[string]string{"accounts.csv": "id,name,industry\n", "people.csv": "id,name,account\n", "nameless.csv": "name,account,stage,amount,created\n",
		"deals.csv": "id,name,account,owner,stage,amount,product,created,closed\n", "log.csv": "case,activity,time,account\n"}
	for i := range 900 {
		stage, closed := []string{"Lead", "Offer", "Won", "Lost"}[i%4], ""
		if i%4 > 1 {
			closed = "2026-03-05"
		}
		if i%5 == 0 {
			text["accounts.csv"] += fmt.Sprintf("A%d,客户%d厂,汽车\n", i, i)
			text["people.csv"] += fmt.Sprintf("P%d,联系人%d,客户%d厂\n", i, i, i)
		}
		text["deals.csv"] += fmt.Sprintf("D%d,项目%d,客户%d厂,销售%d,%s,%d.50,产品%d,2026-01-05,%s\n", i, i, i, i%7, stage, 100+i, i%3, closed)
		if i%3 == 0 {
			text["nameless.csv"] += fmt.Sprintf("无号%d,客户%d厂,Lead,%d,2026-02-01\n", i%200, i, i)
			text["log.csv"] += fmt.Sprintf("L%d,Lead,2026-01-05 09:00:00,新户%d厂\nL%d,Offer,2026-02-05 09:00:00,\n", i, i, i)
		}
	}
	for _, name := range []string{"accounts.csv", "people.csv", "deals.csv", "nameless.csv", "log.csv"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	mapping := filepath.Join(dir, "m.yaml")
	if err := os.WriteFile(mapping, []byte(killedMapping), 0o600); err != nil {
		t.Fatal(err)
	}
	return append([]string{"--mapping", mapping}, paths...)
}

// broughtIn is what imports left, in the words of the tables.
func broughtIn(t *testing.T, open func() (*database.DB, error)) (out []string) {
	db := must(open())
	defer db.Close()
	for _, query := range []string{
		`SELECT 'deal', o.name, COALESCE(x.external_id, ''), COALESCE(a.name, ''), COALESCE(m.name, ''), COALESCE(s.name, ''), o.state, COALESCE(CAST(o.amount_minor AS text), ''),
			COALESCE(o.created_on, ''), COALESCE(o.closed_on, '') FROM opportunity o LEFT JOIN external_ref x ON x.record_id = o.id LEFT JOIN account a ON a.id = o.account_id
			LEFT JOIN member m ON m.id = o.owner_id LEFT JOIN stage s ON s.id = o.stage_id`,
		`SELECT 'line', o.name, p.name, l.amount_minor FROM opportunity_line l JOIN opportunity o ON o.id = l.opportunity_id JOIN product_line p ON p.id = l.product_line_id`,
		`SELECT 'stay', o.name, COALESCE(x.external_id, ''), COALESCE(s.name, ''), y.state, COALESCE(y.entered_on, ''), COALESCE(y.left_on, '') FROM stay y
			JOIN opportunity o ON o.id = y.opportunity_id LEFT JOIN external_ref x ON x.record_id = o.id LEFT JOIN stage s ON s.id = y.stage_id WHERE y.voided_at IS NULL`,
		`SELECT 'account', a.name, COALESCE(x.external_id, ''), a.industry FROM account a LEFT JOIN external_ref x ON x.record_id = a.id`,
		`SELECT 'contact', c.name, COALESCE(x.external_id, ''), COALESCE(a.name, '') FROM contact c LEFT JOIN external_ref x ON x.record_id = c.id
			LEFT JOIN account a ON a.id = c.account_id`,
		`SELECT 'credit', o.name, c.credited_on, sum(c.amount_minor) FROM credit_line c JOIN opportunity o ON o.id = c.fact_id GROUP BY 2, 3`,
		`SELECT 'member', name FROM member`, `SELECT 'product', name FROM product_line`, `SELECT 'pipeline', name FROM pipeline`,
	} {
		for _, row := range replaytest.Rows(t, db, query) {
			out = append(out, strings.Join(row, "|"))
		}
	}
	slices.Sort(out)
	return out
}

// TestAnImportKilledAtAnyMomentGoesOn: what was written is whole, and the same files once more bring the
// rest, each record once. An import each, killed again and again (40 in make soak).
func TestAnImportKilledAtAnyMomentGoesOn(t *testing.T) {
	bin, files := built(t), killedFiles(t)
	var want []string
	from, to := rounds(t, 1, 40)
	for round := from; round < to; round++ {
		eachFresh(t, fmt.Sprint(round), func(t *testing.T, args []string, open func() (*database.DB, error)) {
			run := func(patience time.Duration) error {
				ctx, stop := context.WithTimeout(t.Context(), patience)
				defer stop()
				return exec.CommandContext(ctx, bin, slices.Concat([]string{"import"}, args, files)...).Run() // SIGKILL
			}
			rng := rand.New(rand.NewPCG(uint64(round), 31))
			if want == nil {
				undisturbed := t.TempDir()
				if out, err := exec.Command(bin, slices.Concat([]string{"import", "--data", undisturbed}, files)...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				want = broughtIn(t, func() (*database.DB, error) { return database.OpenSQLite(undisturbed) })
			}
			kills := 0
			next := func(p time.Duration) time.Duration { return p*14/10 + time.Duration(rng.IntN(200))*time.Millisecond }
			for patience := time.Duration(200+rng.IntN(400)) * time.Millisecond; run(patience) != nil; patience = next(patience) {
				if kills++; kills > 60 {
					t.Fatal("it never ends")
				}
			}
			got := broughtIn(t, open)
			for _, row := range got {
				if _, there := slices.BinarySearch(want, row); !there {
					t.Errorf("after %d kills there is %s", kills, row)
				}
			}
			for _, row := range want {
				if _, there := slices.BinarySearch(got, row); !there {
					t.Errorf("after %d kills there is no %s", kills, row)
				}
			}
			if len(got) != len(want) {
				t.Errorf("after %d kills %d rows, want %d", kills, len(got), len(want))
			}
			if out, err := checked(t, args); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			t.Log(kills, "kills")
		})
	}
}

// eachFresh runs a test on a new database of each kind, one after the other.
func eachFresh(t *testing.T, name string, run func(t *testing.T, args []string, open func() (*database.DB, error))) {
	t.Run(name+" sqlite", func(t *testing.T) {
		dir := t.TempDir()
		run(t, []string{"--data", dir}, func() (*database.DB, error) { return database.OpenSQLite(dir) })
	})
	t.Run(name+" postgresql", func(t *testing.T) {
		url := databasetest.PostgreSQLURL(t)
		run(t, []string{"--data", t.TempDir(), "--database-url", url},
			func() (*database.DB, error) { return database.OpenPostgreSQL(context.Background(), url) })
	})
}
