package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// names asks for the names of some tenants and puts them where they are told.
func names(into *[]string, ids ...string) database.Asked {
	args := &database.Args{}
	return database.Asked{
		Query: `SELECT name FROM tenant WHERE id IN ` + database.In(args, ids) + ` ORDER BY name`, Args: args.Values,
		Read: func(rows *sql.Rows) (err error) {
			*into, err = database.All(rows, nil, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
			return err
		},
	}
}

// Queries that are asked together answer as each would alone, with nothing, few and many values bound,
// in a read, in a write and among reads that are asked abreast; where one is left unread, or fails, what
// is asked next is answered with its own.
func TestQueriesAskedTogetherAnswerAsAlone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		makeTenants(t, db, "a", "b", "c", "d", "e", "f")
		ask := func(tx database.Tx) error {
			var one, many, none []string
			unread := names(new([]string), "a", "b", "c")
			unread.Read = func(rows *sql.Rows) error { rows.Next(); return nil }
			err := tx.AskAll(ctx, names(&one, "b"), unread, names(&many, "f", "e", "d", "c", "b"), names(&none))
			if err != nil {
				return err
			}
			if got := fmt.Sprint(one, many, none); got != "[b] [b c d e f] []" {
				t.Errorf("answered %s", got)
			}
			var next string
			err = tx.QueryRow(ctx, `SELECT name FROM tenant WHERE id = $1`, "a").Scan(&next)
			if err == nil && next != "a" {
				t.Errorf("asked next, %q %v", next, err)
			}
			return err
		}
		abreast := func(tx database.Tx) error { return tx.Abreast(ctx, ask, ask) }
		write := func(tx database.Tx) error {
			if err := tx.Soon(ctx, `UPDATE tenant SET name = 'other' WHERE id = $1`, "none"); err != nil {
				return err
			}
			return ask(tx)
		}
		for name, err := range map[string]error{"read": db.Read(ctx, ask), "abreast": db.Read(ctx, abreast), "write": db.Write(ctx, write)} {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		broken := errors.New("broken")
		fails := []database.Asked{
			{Query: `SELECT name FROM nowhere WHERE id = $1`, Args: []any{"a"}, Read: func(*sql.Rows) error { return nil }},
			{Query: `SELECT name FROM tenant WHERE id >= $1`, Args: []any{"a"}, Read: func(*sql.Rows) error { return broken }},
		}
		for _, f := range fails {
			var before, after []string
			err := db.Read(ctx, func(tx database.Tx) error { return tx.AskAll(ctx, names(&before, "a"), f, names(&after, "b")) })
			if err == nil || after != nil || strings.Contains(f.Query, "tenant") && !errors.Is(err, broken) {
				t.Errorf("%s: %v, then %v", f.Query, err, after)
			}
			if err := db.Read(ctx, ask); err != nil {
				t.Errorf("after %s: %v", f.Query, err)
			}
		}
	})
}

// A read ends with its caller, wherever it is, and whoever has its connection next is answered with his own.
func TestAReadThatIsLeftLeavesNothingBehind(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ids := []string{"a", "b", "c", "d", "e", "f"}
		makeTenants(t, db, ids...)
		left := 0
		for i := range 300 {
			ctx, leave := context.WithCancel(t.Context())
			timer := time.AfterFunc(time.Duration(i%60)*20*time.Microsecond, leave)
			err := db.Read(ctx, func(tx database.Tx) error {
				for _, id := range ids {
					var one string
					var two, three []string
					if err := tx.QueryRow(ctx, `SELECT name FROM tenant WHERE id = $1`, id).Scan(&one); err != nil {
						return err
					}
					if err := tx.AskAll(ctx, names(&two, id), names(&three, ids...)); err != nil {
						return err
					}
					if one != id || !slices.Equal(two, []string{id}) || !slices.Equal(three, ids) {
						t.Errorf("asked %s: %s %v %v", id, one, two, three)
					}
				}
				return nil
			})
			timer.Stop()
			leave()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("left: %v", err)
			}
			if err != nil {
				left++
			}
		}
		if left == 0 {
			t.Error("nobody left in time")
		}
	})
}

// What PostgreSQL is working on when its caller goes ends there too.
func TestWhoLeavesStopsTheWork(t *testing.T) {
	db := databasetest.PostgreSQL(t)
	ctx, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer leave()
	began := time.Now()
	err := db.Read(ctx, func(tx database.Tx) error {
		rows, err := tx.Query(ctx, `SELECT pg_sleep($1)`, "60")
		if err == nil {
			defer rows.Close()
			for rows.Next() {
				continue
			}
			err = rows.Err()
		}
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var asleep bool
		err := db.Read(t.Context(), func(tx database.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity
				WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND state = 'active')`).Scan(&asleep)
		})
		if err != nil {
			t.Fatal(err)
		}
		if !asleep {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("it sleeps on")
		}
	}
}

// A glance is one query on a snapshot of its own, whose values and errors are a read's; what asks more, or
// writes, is told so on PostgreSQL, and what comes after it is not touched.
func TestAGlanceIsOneQuery(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		makeTenants(t, db, "a", "b")
		one := func(tx database.Tx, id string) (name string, err error) {
			return name, tx.QueryRow(ctx, `SELECT name FROM tenant WHERE id = $1`, id).Scan(&name)
		}
		for range 3 {
			var name string
			err := db.Glance(ctx, func(tx database.Tx) (err error) { name, err = one(tx, "b"); return err })
			if err != nil || name != "b" {
				t.Errorf("%q %v", name, err)
			}
		}
		if err := db.Glance(ctx, func(tx database.Tx) error { _, err := one(tx, "none"); return err }); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("of nothing: %v", err)
		}
		left, leave := context.WithCancel(ctx)
		leave()
		if err := db.Glance(left, func(tx database.Tx) error { _, err := one(tx, "a"); return err }); !errors.Is(err, context.Canceled) {
			t.Errorf("of who left: %v", err)
		}
		// Within others' snapshot it is of theirs.
		err := db.AtOnce(ctx, func(ctx context.Context) error {
			if err := db.Write(context.Background(), func(tx database.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE tenant SET name = 'other' WHERE id = 'none'`)
				return err
			}); err != nil {
				return err
			}
			return db.Glance(ctx, func(tx database.Tx) error { _, err := one(tx, "a"); return err })
		})
		if err != nil {
			t.Error(err)
		}
		if db.Dialect() == database.SQLite {
			return
		}
		for what, more := range map[string]func(tx database.Tx) error{
			"another": func(tx database.Tx) error { _, err := one(tx, "b"); return err },
			"write":   func(tx database.Tx) error { _, err := tx.Exec(ctx, `UPDATE tenant SET name = $1`, "x"); return err },
			"several": func(tx database.Tx) error {
				var a, b []string
				return tx.AskAll(ctx, names(&a, "a"), names(&b, "b"))
			},
			"abreast": func(tx database.Tx) error {
				read := func(tx database.Tx) error { _, err := one(tx, "b"); return err }
				return tx.Abreast(ctx, read, read)
			},
			"before it": func(tx database.Tx) error {
				if err := tx.PlanOnce(ctx); err != nil {
					return err
				}
				_, err := one(tx, "b")
				return err
			},
		} {
			err := db.Glance(ctx, func(tx database.Tx) error {
				if _, err := one(tx, "a"); err != nil {
					return err
				}
				return more(tx)
			})
			if err == nil {
				t.Errorf("%s was answered", what)
			}
			if err := db.Read(ctx, func(tx database.Tx) error { _, err := one(tx, "b"); return err }); err != nil {
				t.Errorf("after %s: %v", what, err)
			}
		}
	})
}

// A snapshot asks the same once, and a write each time: it may have written it.
func TestASnapshotAsksTheSameOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		makeTenants(t, db, "a", "b")
		asked := 0
		name := func(tx database.Tx, id string) (string, error) {
			return database.Once(ctx, tx, "name of "+id, func(ctx context.Context, tx database.Tx) (name string, err error) {
				asked++
				return name, tx.QueryRow(ctx, `SELECT name FROM tenant WHERE id = $1`, id).Scan(&name)
			})
		}
		both := func(tx database.Tx) error {
			for _, id := range []string{"a", "b", "a", "b"} {
				if n, err := name(tx, id); err != nil || n != id {
					return fmt.Errorf("%s is called %q: %w", id, n, err)
				}
			}
			return nil
		}
		if err := db.Read(ctx, both); err != nil || asked != 2 {
			t.Errorf("a read asked %d times: %v", asked, err)
		}
		asked = 0
		if err := db.Read(ctx, both); err != nil || asked != 2 {
			t.Errorf("the next asked %d times: %v", asked, err)
		}
		err := db.Write(ctx, func(tx database.Tx) error {
			if err := both(tx); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE tenant SET name = $1 WHERE id = $2`, "later", "a"); err != nil {
				return err
			}
			n, err := name(tx, "a")
			if n != "later" {
				t.Errorf("what it wrote is %q to it", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
