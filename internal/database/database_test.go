package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"

	"github.com/google/go-cmp/cmp"
)

func newTenant(t *testing.T, db *database.DB, id string) {
	t.Helper()
	err := db.Write(context.Background(), func(tx database.Tx) error {
		if _, err := tx.Exec(context.Background(), `INSERT INTO tenant (id, name, currency, time_zone, locale, created_at) VALUES ($1, $1, 'CNY', 'Asia/Shanghai', 'zh-CN', '')`, id); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), `INSERT INTO journal_counter (tenant_id, seq) VALUES ($1, 0)`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func entry(id string) database.Entry {
	return database.Entry{TenantID: "a", ID: id, Path: "api", SubjectKind: "x", SubjectID: "x", ScopeKind: "x", ScopeID: "x", Kind: "x", Version: 1, Payload: "{}"}
}

func TestPlaceholdersMayRepeatInAnyOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		err := db.Read(context.Background(), func(tx database.Tx) error {
			var s string
			err := tx.QueryRow(context.Background(), `SELECT CAST($2 AS text) || CAST($1 AS text) || CAST($2 AS text)`, "a", "b").Scan(&s)
			if s != "bab" {
				t.Errorf("got %q", s)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestJournalHasNoGapsUnderConcurrentWritersAndFailures(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		newTenant(t, db, "a")
		failed := errors.New("changed my mind")
		done := make(chan error)
		for i := range 40 {
			go func() {
				done <- db.Write(ctx, func(tx database.Tx) error {
					tx.Append(entry(string(rune('a'+i)) + "1"))
					tx.Append(entry(string(rune('a'+i)) + "2"))
					if i%4 == 0 {
						return failed
					}
					if i%4 == 1 && db.Dialect() == database.SQLite {
						panic("a bug in one request")
					}
					return nil
				})
			}()
		}
		succeeded := 0
		for range 40 {
			if err := <-done; err == nil {
				succeeded++
			}
		}
		var n, low, high int
		err := db.Read(ctx, func(tx database.Tx) error {
			return tx.QueryRow(ctx, `SELECT count(*), min(seq), max(seq) FROM journal WHERE tenant_id = 'a'`).Scan(&n, &low, &high)
		})
		if err != nil || n != 2*succeeded || low != 1 || high != n {
			t.Errorf("%d entries from %d to %d after %d writes, %v", n, low, high, succeeded, err)
		}
	})
}

func TestUniqueAndForeignKeysAreRecognised(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		newTenant(t, db, "a")
		err := db.Write(ctx, func(tx database.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO journal_counter (tenant_id, seq) VALUES ('a', 0)`)
			return err
		})
		if !errors.Is(err, database.ErrUnique) {
			t.Errorf("want ErrUnique, got %v", err)
		}
		err = db.Write(ctx, func(tx database.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO journal_counter (tenant_id, seq) VALUES ('nobody', 0)`)
			return err
		})
		if !errors.Is(err, database.ErrReference) {
			t.Errorf("want ErrReference, got %v", err)
		}
	})
}

func TestBackupIsACompleteDatabase(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	to := filepath.Join(t.TempDir(), database.FileName)
	if _, err := db.Backup(context.Background(), to); err != nil {
		t.Fatal(err)
	}
	restored, err := database.OpenSQLite(filepath.Dir(to))
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if err := restored.Migrate(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	var n int
	err = restored.Read(context.Background(), func(tx database.Tx) error {
		return tx.QueryRow(context.Background(), `SELECT count(*) FROM tenant`).Scan(&n)
	})
	if err != nil || n != 1 {
		t.Errorf("%d companies, %v", n, err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		err := db.Write(ctx, func(tx database.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE goose_db_version SET version_id = 9999 WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(ctx, true); !errors.Is(err, database.ErrNewer) {
			t.Errorf("got %v", err)
		}
	})
}

// TestASchemaWithAGapIsBroughtUpToDate: a change numbered below the newest that is there is made up for, not forgotten.
func TestASchemaWithAGapIsBroughtUpToDate(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		err := db.Write(ctx, func(tx database.Tx) error {
			for _, undo := range []string{`ALTER TABLE tenant DROP COLUMN meet_early`, `ALTER TABLE tenant DROP COLUMN meet_middle`,
				`ALTER TABLE tenant DROP COLUMN meet_late`, `DELETE FROM goose_db_version WHERE version_id = 62`} {
				if _, err := tx.Exec(ctx, undo); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(ctx, true); err != nil {
			t.Fatal(err)
		}
		if err := db.Read(ctx, func(tx database.Tx) error {
			var n int
			return tx.QueryRow(ctx, `SELECT count(meet_early) + count(meet_middle) + count(meet_late) FROM tenant`).Scan(&n)
		}); err != nil {
			t.Error(err)
		}
	})
}

// directory lists the tables and indexes whose keys may begin with something other than the
// tenant: they are how a tenant is found.
var directory = map[string]string{
	"tenant":                "the company table itself",
	"login":                 "finds the company of a login name",
	"session_token":         "finds the company of a session token",
	"passkey_directory":     "finds the company of a passkey",
	"passkey_challenge":     "before anybody is signed in",
	"passkey_challenge_age": "what nobody signed is forgotten",
	"sign_in_ticket":        "before anybody is signed in",
	"sign_in_ticket_age":    "what is over is forgotten",
	"sign_in_budget":        "guesses at names nobody has, too",
	"setup_token":           "there is no company yet",
	"sign_in_budget_age":    "what is old of them is forgotten",
	"timetable_due":         "one process looks for what is due of every company",
	"deleted_company":       "its rows are gone",
	"stranger_act":          "who is refused before anybody knows of which company he is",
	"stranger_act_counted":  "the same",
	"stranger_act_time":     "the same",
	"stranger_act_kind":     "the same",
	"stranger_act_address":  "the same",
}

// TestEveryKeyBeginsWithTheTenant reads the SQLite schema text, which is the
// source of the PostgreSQL one; the next test compares the two.
func TestEveryKeyBeginsWithTheTenant(t *testing.T) {
	db := databasetest.SQLite(t)
	ctx := context.Background()
	key := regexp.MustCompile(`(?i)(PRIMARY KEY|UNIQUE|FOREIGN KEY)\s*\(([^)]*)\)(?:\s*REFERENCES\s+(\w+)\s*\(([^)]*)\))?`)
	tables := 0
	err := db.Read(ctx, func(tx database.Tx) error {
		rows, err := tx.Query(ctx, `SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, text string
			if err := rows.Scan(&name, &text); err != nil {
				return err
			}
			if strings.HasPrefix(text, "CREATE INDEX") || strings.HasPrefix(text, "CREATE UNIQUE INDEX") {
				if !strings.Contains(text, "(tenant_id") && directory[name] == "" {
					t.Errorf("index %s does not begin with tenant_id", name)
				}
				continue
			}
			tables++
			if _, ok := directory[name]; ok {
				continue
			}
			found := key.FindAllStringSubmatch(text, -1)
			if len(found) == 0 && !strings.Contains(text, "tenant_id text NOT NULL PRIMARY KEY") {
				t.Errorf("%s has no key", name)
			}
			for _, k := range found {
				if !strings.HasPrefix(k[2], "tenant_id") {
					t.Errorf("%s: %s does not begin with tenant_id", name, k[0])
				}
				if k[3] != "" && k[3] != "tenant" && !strings.HasPrefix(k[4], "tenant_id") {
					t.Errorf("%s: reference %s does not carry the tenant", name, k[0])
				}
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if tables < 40 {
		t.Errorf("only %d tables looked at", tables)
	}
}

// TestTablesReadByTheirRecordLieInItsOrder holds to decision 0011.
func TestTablesReadByTheirRecordLieInItsOrder(t *testing.T) {
	db := databasetest.SQLite(t)
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT name FROM pragma_table_list WHERE wr ORDER BY name`)
		names, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
		if diff := cmp.Diff([]string{"dated_value", "external_ref", "opportunity_share", "ownership", "record_link", "stay"}, names); diff != "" {
			t.Error(diff)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBothEnginesHaveTheSameTablesAndColumns(t *testing.T) {
	lite, pg := columns(t, databasetest.SQLite(t)), columns(t, databasetest.PostgreSQL(t))
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Error(diff)
	}
}

func columns(t *testing.T, db *database.DB) []string {
	query := `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 THEN ' not null' ELSE '' END
		FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`
	if db.Dialect() == database.PostgreSQL {
		query = `SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'`
	}
	var out []string
	err := db.Read(context.Background(), func(tx database.Tx) error {
		rows, err := tx.Query(context.Background(), query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(out)
	return out
}

// TestADataDirectoryMayHaveAnyName: what means something in a connection string must
// not, in a folder's name.
func TestADataDirectoryMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"a#b", "百 分%20之 x?y=1&z", "plain"} {
		parent := t.TempDir()
		dir := filepath.Join(parent, name)
		db, err := database.OpenSQLite(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), func(tx database.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE tenant SET name = name`)
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := db.Backup(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		beside, err := os.ReadDir(parent)
		if err != nil || len(beside) != 1 {
			t.Errorf("%s: files beside the directory: %v %v", name, beside, err)
		}
	}
}

func TestManyRowsGoInWholeOrNotAtAll(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		newTenant(t, db, "a")
		insert := func(n int, same bool) error {
			rows := make([][]any, n)
			for i := range rows {
				seq := i + 1
				if same {
					seq = 1
				}
				rows[i] = []any{"a", seq, fmt.Sprint("条目 ", i), time.Date(2026, 2, 28, 1, 2, 3, 4e6, time.UTC), "2026-02-28", "m", database.Null(""), "api", "x", "x\t\\N\n", "x", "x", "x", 1, `{"名":"\\"}`}
			}
			return db.Write(ctx, func(tx database.Tx) error {
				return tx.InsertMany(ctx, "journal", `tenant_id, seq, id, recorded_at, happened_on, actor_id,
					on_behalf_of, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload`, "", rows)
			})
		}
		count := func() (n int, last string) {
			err := db.Read(ctx, func(tx database.Tx) error {
				return tx.QueryRow(ctx, `SELECT count(*), COALESCE(max(id || recorded_at || subject_id || payload), '') FROM journal WHERE tenant_id = 'a' AND on_behalf_of IS NULL`).Scan(&n, &last)
			})
			if err != nil {
				t.Fatal(err)
			}
			return n, last
		}
		if err := insert(700, true); !errors.Is(err, database.ErrUnique) {
			t.Errorf("one number 700 times: %v", err)
		}
		if n, _ := count(); n != 0 {
			t.Errorf("%d rows of a refused insert", n)
		}
		if err := insert(700, false); err != nil {
			t.Fatal(err)
		}
		if n, last := count(); n != 700 || last != "条目 992026-02-28T01:02:03.004Zx\t\\N\n"+`{"名":"\\"}` {
			t.Errorf("%d rows, the last %q", n, last)
		}
	})
}

// TestAListOfAnyLength: few values or very many, of whatever letters, are asked for alike.
func TestAListOfAnyLength(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		odd := []string{`it's "quoted" \ <&>`, "换行\n", "c\u2028", "a", ""}
		found := func(values []string) (names []string) {
			args := &database.Args{}
			marks := make([]string, len(odd))
			for i, v := range odd {
				marks[i] = "(" + args.Add(v) + ")"
			}
			query := "WITH s(v) AS (VALUES ('b'), " + strings.Join(marks, ", ") + ") SELECT v FROM s WHERE v IN " + database.In(args, values) + " ORDER BY v"
			err := db.Read(t.Context(), func(tx database.Tx) error {
				rows, err := tx.Query(t.Context(), query, args.Values...)
				names, err = database.All(rows, err, func(r *sql.Rows) (v string, err error) { return v, r.Scan(&v) })
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		want := append([]string{}, odd...)
		sort.Strings(want)
		many := append([]string{}, odd...)
		for i := range 44_000 {
			many = append(many, fmt.Sprintf("%036d", i))
		}
		for name, values := range map[string][]string{"five": odd, "44,000": many} {
			if diff := cmp.Diff(want, found(values)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if got := found([]string{"a"}); len(got) != 1 {
			t.Errorf("one: %q", got)
		}
		if got := found(nil); len(got) != 0 {
			t.Errorf("none: %q", got)
		}
	})
}

// TestAListIsSoughtInTheIndex: whatever the database knows of a table, some of its rows by a list
// of their ids cost no walk over all of them, asked for or left out twice with the same values.
func TestAListIsSoughtInTheIndex(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		err := db.Write(t.Context(), func(tx database.Tx) error {
			if _, err := tx.Exec(t.Context(), `CREATE TABLE listed (tenant_id text NOT NULL, id text NOT NULL, n text NOT NULL, PRIMARY KEY (tenant_id, id, n))`); err != nil {
				return err
			}
			var rows [][]any
			for i := range 3_000 {
				rows = append(rows, []any{"a", fmt.Sprintf("%05d", i/3), fmt.Sprint(i % 3)})
			}
			return tx.InsertMany(t.Context(), "listed", "tenant_id, id, n", "", rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		args := &database.Args{}
		base := `FROM listed WHERE tenant_id = ` + args.Add("a") + ` AND id IN ` + database.In(args, []string{"00001", "00005", "00007", "00011", "00013"})
		err = db.Read(t.Context(), func(tx database.Tx) error {
			explain := map[database.Dialect]string{database.SQLite: "EXPLAIN QUERY PLAN ", database.PostgreSQL: "EXPLAIN "}[db.Dialect()]
			rows, err := tx.Query(t.Context(), explain+`SELECT n `+base+` ORDER BY id`, args.Values...)
			plan, err := database.All(rows, err, func(r *sql.Rows) (line string, err error) {
				var none int
				if db.Dialect() == database.SQLite {
					return line, r.Scan(&none, &none, &none, &line)
				}
				return line, r.Scan(&line)
			})
			if err != nil {
				return err
			}
			said := strings.Join(plan, "\n")
			if want := map[database.Dialect]string{database.SQLite: "(tenant_id=? AND id=?)", database.PostgreSQL: "id = ANY"}[db.Dialect()]; !strings.Contains(said, want) || strings.Contains(said, "Join") {
				t.Errorf("not %q but\n%s", want, said)
			}
			var in, out int
			if err := tx.QueryRow(t.Context(), `SELECT count(*) `+base, args.Values...).Scan(&in); err != nil {
				return err
			}
			err = tx.QueryRow(t.Context(), `SELECT count(*) `+strings.Replace(base, "id IN", "id NOT IN", 1), args.Values...).Scan(&out)
			if in != 15 || out != 2_985 {
				t.Errorf("%d among and %d not among", in, out)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestACopyIsMadeSureOf(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	to := filepath.Join(t.TempDir(), "copy.db")
	if made, err := db.Backup(t.Context(), to); err != nil || made.Rows["tenant"] != 1 || made.Schema != database.Schema() {
		t.Fatal(made, err)
	}
	if err := db.Verify(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if about, err := os.Stat(to); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("who may read the copy: %v %v", about.Mode(), err)
	}
	newTenant(t, db, "b")
	if err := db.Verify(t.Context(), to); err == nil || !strings.Contains(err.Error(), "rows of") {
		t.Errorf("a copy without a row passes: %v", err)
	}
	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(raw) / 2; i < len(raw)/2+8192; i++ {
		raw[i] = 0x55
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Verify(t.Context(), to); err == nil {
		t.Error("a damaged copy passes")
	}
}
