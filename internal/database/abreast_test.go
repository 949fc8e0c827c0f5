package database_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

func makeTenants(t *testing.T, db *database.DB, names ...string) {
	t.Helper()
	err := db.Write(t.Context(), func(tx database.Tx) error {
		for _, n := range names {
			if err := tx.Soon(t.Context(), insertTenant, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

const insertTenant = `INSERT INTO tenant (id, name, currency, time_zone, locale, created_at) VALUES ($1, $1, 'CNY', 'Asia/Shanghai', 'zh-CN', '2026-03-02T02:00:00.000Z')`

// Reads that are asked abreast answer as those asked in turn, whichever of them ask more than once, the
// same as others, or others abreast; what fails fails as it would alone, and what follows is asked as ever.
func TestReadsAbreastAnswerAsInTurn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		makeTenants(t, db, "甲", "乙", "丙")
		name := func(tx database.Tx, id string) (name string, err error) {
			return name, tx.QueryRow(ctx, `SELECT name FROM tenant WHERE id = $1`, id).Scan(&name)
		}
		broken := errors.New("broken")
		err := db.Read(ctx, func(tx database.Tx) error {
			var got [5]string
			chain := func(i int, ids ...string) func(database.Tx) error {
				return func(tx database.Tx) error {
					got[i] = ""
					for _, id := range ids {
						n, err := name(tx, id)
						if err != nil {
							return err
						}
						got[i] += n
					}
					return nil
				}
			}
			if err := tx.Abreast(ctx, chain(0, "甲"), chain(1, "甲", "乙", "丙"), chain(2), func(tx database.Tx) error {
				return tx.Abreast(ctx, chain(3, "丙", "乙"), chain(4, "乙"))
			}); err != nil {
				return err
			}
			if want := [5]string{"甲", "甲乙丙", "", "丙乙", "乙"}; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			err := tx.Abreast(ctx, chain(0, "甲"), func(tx database.Tx) error {
				if _, err := name(tx, "乙"); err != nil {
					return err
				}
				return broken
			}, chain(1, "乙", "丙"))
			if err != broken {
				t.Errorf("a read that fails: %v", err)
			}
			err = tx.Abreast(ctx, chain(0, "甲"), func(tx database.Tx) error {
				_, err := name(tx, "丁")
				return err
			})
			if err == nil {
				t.Error("a row that is not there is read")
			}
			n, err := name(tx, "丙")
			if n != "丙" {
				t.Errorf("afterwards: %q", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// What one asks abreast in one snapshot is answered to several capabilities.
func TestCapabilitiesReadAbreast(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		makeTenants(t, db, "甲", "乙")
		var n, m int
		count := func(into *int, below string) func(context.Context) error {
			return func(ctx context.Context) error {
				return db.Read(ctx, func(tx database.Tx) error {
					return tx.QueryRow(ctx, `SELECT count(*) FROM tenant WHERE id < $1`, below).Scan(into)
				})
			}
		}
		if err := db.Abreast(t.Context(), count(&n, "鿿"), count(&m, "a")); err != nil || n != 2 || m != 0 {
			t.Errorf("%d and %d: %v", n, m, err)
		}
	})
}

// A statement nobody asks the outcome of is there before what follows it, fails the write it is of and
// no other, and leaves nothing of it; a write that does nothing begins nothing.
func TestWhatIsPutOffIsThereOrFails(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		count := func(tx database.Tx) (n int, err error) {
			return n, tx.QueryRow(ctx, `SELECT count(*) FROM tenant WHERE id <> $1`, "").Scan(&n)
		}
		err := db.Write(ctx, func(tx database.Tx) error {
			if err := tx.Soon(ctx, insertTenant, "甲"); err != nil {
				return err
			}
			n, err := count(tx)
			if n != 1 {
				t.Errorf("%d are seen after one was put off", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, then := range []func(tx database.Tx) error{
			func(database.Tx) error { return nil }, // it fails with the commit
			func(tx database.Tx) error { _, err := count(tx); return err },
			func(tx database.Tx) error { _, err := tx.Exec(ctx, insertTenant, "丙"); return err },
			func(tx database.Tx) error { return tx.Soon(ctx, insertTenant, "丁") },
		} {
			err := db.Write(ctx, func(tx database.Tx) error {
				if err := tx.Soon(ctx, insertTenant, fmt.Sprint("乙", i)); err != nil {
					return err
				}
				if err := tx.Soon(ctx, insertTenant, "甲"); err != nil { // which is there
					return err
				}
				return then(tx)
			})
			if !errors.Is(err, database.ErrUnique) {
				t.Errorf("%d: %v", i, err)
			}
		}
		must := func(err error) {
			if err != nil {
				t.Error(err)
			}
		}
		must(db.Write(ctx, func(database.Tx) error { return nil }))
		must(db.Read(ctx, func(tx database.Tx) error {
			n, err := count(tx)
			if n != 1 {
				t.Errorf("%d after writes that failed", n)
			}
			return err
		}))
	})
}

// TestAPagesPartsAreNotPlannedAnew: a page's parts keep their plans, and what comes after the page
// on the same connections is planned as ever.
func TestAPagesPartsAreNotPlannedAnew(t *testing.T) {
	db := databasetest.PostgreSQL(t)
	mode := func(ctx context.Context) (mode string) {
		err := db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, "SHOW plan_cache_mode").Scan(&mode) })
		if err != nil {
			t.Fatal(err)
		}
		return mode
	}
	var within string
	err := db.Abreast(t.Context(), func(ctx context.Context) error {
		return db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, "SHOW plan_cache_mode").Scan(&within) })
	})
	if err != nil || within != "force_generic_plan" {
		t.Errorf("%q %v", within, err)
	}
	// What is planned once within a transaction leaves the rest of it as it was planned before.
	for before, plan := range map[string]func(database.Tx, context.Context) error{
		"auto":               func(database.Tx, context.Context) error { return nil },
		"force_custom_plan":  database.Tx.PlanAnew,
		"force_generic_plan": database.Tx.PlanOnce,
	} {
		var within, after string
		err := db.Read(t.Context(), func(tx database.Tx) error {
			show := func(mode *string) error { return tx.QueryRow(t.Context(), "SHOW plan_cache_mode").Scan(mode) }
			return errors.Join(plan(tx, t.Context()), tx.PlannedOnce(t.Context(), func() error { return show(&within) }), show(&after))
		})
		if err != nil || within != "force_generic_plan" || after != before {
			t.Errorf("%q, then %q where it was %q: %v", within, after, before, err)
		}
	}
	for range 20 {
		if after := mode(t.Context()); after != "auto" {
			t.Errorf("afterwards %q", after)
		}
	}
}
