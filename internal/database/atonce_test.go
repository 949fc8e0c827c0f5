package database_test

import (
	"context"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestWhatIsReadAtOnceIsOfOneSnapshot: whoever has a part in an answer sees the same moment, whatever
// is written meanwhile, writes nothing, and what is begun aside goes on by itself.
func TestWhatIsReadAtOnceIsOfOneSnapshot(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		write := func(ctx context.Context, name string) error {
			return db.Write(ctx, func(tx database.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO tenant (id, name, currency, time_zone, locale, created_at) VALUES ($1, $1, 'CNY', 'Asia/Shanghai', 'zh-CN', '2026-03-02T02:00:00.000Z')`, name)
				return err
			})
		}
		count := func(ctx context.Context) (n int) {
			t.Helper()
			if err := db.Read(ctx, func(tx database.Tx) error {
				return tx.QueryRow(ctx, `SELECT count(*) FROM tenant`).Scan(&n)
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		var aside context.Context
		err := db.AtOnce(ctx, func(within context.Context) error {
			if n := count(within); n != 0 {
				t.Errorf("%d before", n)
			}
			if err := write(ctx, "甲"); err != nil {
				return err
			}
			err := db.AtOnce(within, func(again context.Context) error {
				if n := count(again); n != 0 {
					t.Errorf("%d in the same snapshot", n)
				}
				return nil
			})
			if write(within, "乙") == nil {
				t.Error("a snapshot is written into")
			}
			aside = database.Aside(within)
			if n := count(aside); n != 1 {
				t.Errorf("%d aside, which has a transaction of its own", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(aside); n != 1 {
			t.Errorf("%d aside, when the snapshot is gone", n)
		}
	})
}
