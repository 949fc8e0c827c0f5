package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/intake"

	"github.com/google/go-cmp/cmp"
)

const readDeals = `version: 1
source: crm
pipelines:
  - name: P1
    stages:
      - {name: Lead, kind: open, phase: early, success: 10, standardDays: 10, maxDays: 30}
      - {name: Proposal, kind: open, phase: middle, success: 50, standardDays: 10, maxDays: 30, qualified: true}
      - {name: Won, kind: won}
      - {name: Lost, kind: lost}
files:
  - match: "*"
    kind: opportunity
    pipeline: P1
    columns: {externalId: id, name: name, stage: stage, amount: %AMOUNT%, expectedOn: exp, confidence: rate}
`

// TestTheFormOfAColumnIsLearnedFromAllOfIt: of amounts, days and rates; what is open is asked, and
// what is stated leads.
func TestTheFormOfAColumnIsLearnedFromAllOfIt(t *testing.T) {
	for _, tt := range []struct {
		name, amount, text string
		want               map[string]string // id → what the record says
		code               string
	}{
		{"commas", "amount", "id;name;stage;amount;exp;rate\n1;a;Lead;512,77;3/4/2027;0,5\n2;b;Lead;1.234,56;13/4/2027;1\n3;c;Lead;1 234,50;;\n4;d;Lead;1.234;;\n",
			map[string]string{"1": "51277 CNY 2027-04-03 5000", "2": "123456 CNY 2027-04-13 10000", "3": "123450 CNY  -", "4": "123400 CNY  -"}, ""},
		{"ten thousands in the heading", "预计金额(万元)", "id,name,stage,预计金额(万元),exp,rate\n1,a,Lead,98,12月底,80%\n2,b,Lead,约60万,2027年Q3,八成\n3,c,Lead,待定,-,高\n4,d,Lead,50-60,2027/3/5,\n",
			map[string]string{"1": "98000000 CNY 2026-12-31 8000", "2": "60000000 CNY 2027-09-30 8000", "3": "- CNY  -", "4": "55000000 CNY 2027-03-05 -"}, ""},
		{"signs", "amount", "id,name,stage,amount,exp,rate\n1,a,Lead,\"$1,000.00\",,\n2,b,Lead,€10,,\n3,c,Lead,(500),,\n4,d,Lead,1.2千万,,\n",
			map[string]string{"1": "100000 USD  -", "2": "1000 EUR  -", "3": "- CNY  -", "4": "1200000000 CNY  -"}, ""},
		{"months or days", "amount", "id,name,stage,amount,exp,rate\n1,a,Lead,1,3/4/2027,\n", nil, "mapping.date_ambiguous"},
		{"thousands or decimals", "amount", "id,name,stage,amount,exp,rate\n1,a,Lead,1.234,,\n", nil, "mapping.decimal_ambiguous"},
		{"one or all", "amount", "id,name,stage,amount,exp,rate\n1,a,Lead,1,,1\n", nil, "mapping.rate_ambiguous"},
		{"stated", `{column: amount, decimal: ","}`, "id,name,stage,amount,exp,rate\n1,a,Lead,1.234,,\n", map[string]string{"1": "123400 CNY  -"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { readAs(t, tt.amount, tt.text, tt.want, tt.code) })
	}
}

// TestWhatLinesAreWorthIsWhatTheySay: of a record whose lines say nothing nobody knows what it is worth,
// and one of an unknown currency keeps its product.
func TestWhatLinesAreWorthIsWhatTheySay(t *testing.T) {
	lines := strings.Replace(readDeals, "pipeline: P1\n    columns: {", "pipeline: P1\n    repeated: lines\n    columns: {currency: cur, product: product, ", 1)
	text := "id,name,stage,amount,cur,product,exp,rate\n1,a,Lead,待定,,甲,,\n1,a,Lead,\"$1,000\",,乙,,\n1,a,Lead,$5,,丙,,\n2,b,Lead,待定,,甲,,\n2,b,Lead,-,,乙,,\n3,c,Lead,7,火星币,甲,,\n"
	want := map[string]string{"1": "100500 USD  -", "2": "- CNY  -", "3": "- CNY  -"}
	readBy(t, strings.ReplaceAll(lines, "%AMOUNT%", "amount"), text, want, "")
	single := strings.Replace(lines, "    repeated: lines\n", "", 1)
	readBy(t, strings.ReplaceAll(single, "%AMOUNT%", "amount"), "id,name,stage,amount,cur,product,exp,rate\n3,c,Lead,7,火星币,甲,,\n",
		map[string]string{"3": "- CNY  -"}, "", `SELECT count(*) FROM opportunity_line`)
}

func readAs(t *testing.T, amount, text string, want map[string]string, code string) {
	readBy(t, strings.ReplaceAll(readDeals, "%AMOUNT%", amount), text, want, code)
}

// readBy imports a file by a mapping and compares the deals; of each query the answer is one.
func readBy(t *testing.T, mapping, text string, want map[string]string, code string, once ...string) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		path := filepath.Join(t.TempDir(), "x.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := intake.ParseMapping([]byte(mapping))
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "x.csv", Path: path}}, false)
		if fault.CodeOf(err) != code && (err != nil || code != "") {
			t.Fatalf("%v, want %q", err, code)
		}
		if code != "" {
			return
		}
		if b.Summary.Refused > 0 {
			t.Errorf("%d refused", b.Summary.Refused)
		}
		got := map[string]string{}
		err = db.Read(w.Ctx, func(tx database.Tx) error {
			rows, err := tx.Query(w.Ctx, `SELECT x.external_id, coalesce(cast(o.amount_minor AS text), '-'), o.currency, coalesce(cast(o.expected_on AS text), ''),
				coalesce(cast(o.confidence_bp AS text), '-') FROM opportunity o JOIN external_ref x ON x.record_id = o.id`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id, amount, currency, expected, rate string
				if err := rows.Scan(&id, &amount, &currency, &expected, &rate); err != nil {
					return err
				}
				got[id] = amount + " " + currency + " " + expected + " " + rate
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		for _, query := range once {
			if n := one(t, db, query); n != 1 {
				t.Errorf("%s: %d", query, n)
			}
		}
	})
}
