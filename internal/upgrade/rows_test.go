package upgrade_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/upgrade"
)

// grown says by how many rows an upgrade makes a table longer, and which they are. Tables
// that are not named hold as many as before.
var grown = map[string]struct {
	by  int64
	why string
}{
	"journal":       {1 + 97, "the upgrade's own entry, whose number is that of what no entry is known of, and a baseline of every record"},
	"exchange_rate": {1, "the dollar of 1 April was stated twice; the first statement was overwritten and stands in its entry"},
	"ownership":     {8, "open records whose team followed their owner, who was transferred"},
	"seat_holder":   {3, "two who changed teams and one who left: the seat as it was known before its end was written"},
	// Eleven losses and withdrawals are credited by the shares of their day, and five of them
	// reversed when they were reopened. Of the wins one was reopened and two were deleted
	// (reversed, and the restored one credited anew), one had its day corrected (reversed on
	// the wrong day, credited on the right one), one came by an import that was undone.
	"credit_line": {23, "closings without lines, reversals in the place of voided lines"},
}

// renamed says where the rows of a table are that is gone.
var renamed = map[string]string{"next_step": "task"}

func TestWhatThereWasIsThere(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		before := figures(t).Rows
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for table, n := range before {
			var now int64
			err := db.Read(t.Context(), func(tx database.Tx) error {
				return tx.QueryRow(t.Context(), "SELECT count(*) FROM "+cmp.Or(renamed[table], table)).Scan(&now)
			})
			if err != nil {
				t.Fatal(table, err)
			}
			if now != n+grown[table].by {
				t.Errorf("%s had %d rows and has %d", table, n, now)
			}
		}
	})
}

// kept are the tables whose rows no baseline has, and why.
var kept = map[string]string{
	"journal": "it is what a replay reads", "journal_counter": "the journal's", "login": "directory", "session": "sessions", "password": "secrets", "known_device": "secrets", "sign_in_budget": "guesses", "setup_token": "secrets",
	"sign_in_policy": "of later versions", "second_factor_policy": "of later versions", "totp": "secrets", "recovery_code": "secrets",
	"passkey": "secrets", "passkey_directory": "secrets", "passkey_challenge": "secrets", "sign_in_ticket": "sessions",
	"session_token": "sessions", "idempotency_key": "cache", "import_issue": "of a run that is over", "import_mapping": "texts", "file_chunk": "file bytes",
}

func TestABaselineIsEveryRowOfEveryRecord(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		there := map[string]map[string]int{} // rows in entries, by table
		columns := map[string][]string{}
		read := func(query string, each func(payload string) error) {
			t.Helper()
			err := db.Read(t.Context(), func(tx database.Tx) error {
				rows, err := tx.Query(t.Context(), query)
				_, err = database.All(rows, err, func(r *sql.Rows) (s string, err error) {
					if err := r.Scan(&s); err != nil {
						return s, err
					}
					return s, each(s)
				})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		read(`SELECT payload FROM journal WHERE kind = 'upgrade.baseline'`, func(s string) error {
			return json.Unmarshal([]byte(s), &struct{ Columns *map[string][]string }{&columns})
		})
		read(`SELECT payload FROM journal WHERE kind = 'record.baseline'`, func(s string) error {
			var tables map[string][]json.RawMessage
			err := json.Unmarshal([]byte(s), &tables)
			for table, rows := range tables {
				if there[table] == nil {
					there[table] = map[string]int{}
				}
				for _, r := range rows {
					there[table][string(r)]++
				}
			}
			return err
		})
		seen := map[string]bool{}
		for _, k := range upgrade.Kinds {
			for _, p := range k.Parts {
				seen[p.Table] = true
			}
		}
		for table := range figures(t).Rows {
			if table = cmp.Or(renamed[table], table); !seen[table] && kept[table] == "" {
				t.Errorf("%s has no baseline", table)
			}
		}
		for table := range seen {
			for _, row := range listed(t, db, table, columns[table]) {
				there[table][row]--
			}
			for row, n := range there[table] {
				if n != 0 {
					t.Errorf("%s: %d times too often in the baseline: %s", table, n, row)
				}
			}
		}
	})
}

// listed is each row of a table as a list in JSON.
func listed(t *testing.T, db *database.DB, table string, columns []string) (out []string) {
	t.Helper()
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), "SELECT "+strings.Join(columns, ", ")+" FROM "+table)
		out, err = database.All(rows, err, func(r *sql.Rows) (string, error) {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := r.Scan(into...); err != nil {
				return "", err
			}
			row, err := json.Marshal(values)
			return string(row), err
		})
		return err
	})
	if err != nil {
		t.Fatal(table, err)
	}
	return out
}
