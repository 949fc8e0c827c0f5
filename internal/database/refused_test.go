package database_test

import (
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestWhatWasRefusedIsCarriedToItsCompany: of a company that is there it stays, of a name nobody had
// it goes to the strangers', and of a company that is gone it goes.
func TestWhatWasRefusedIsCarriedToItsCompany(t *testing.T) {
	lite, err := database.OpenSQLite(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	t.Run("sqlite", func(t *testing.T) { carried(t, lite) })
	t.Run("postgresql", func(t *testing.T) {
		db, err := database.OpenPostgreSQL(t.Context(), databasetest.FromSQL(t, "SELECT 1"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		carried(t, db)
	})
}

func carried(t *testing.T, db *database.DB) {
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.MigrateTo(ctx, 11))
	must(db.Write(ctx, func(tx database.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO tenant (id, name, currency, time_zone, locale, backdate_days, created_at)
			VALUES ('here', 'x', 'CNY', 'Asia/Shanghai', 'zh-CN', 3, '2026-01-01T00:00:00.000Z')`); err != nil {
			return err
		}
		for _, tenant := range []string{"here", "gone", ""} {
			if _, err := tx.Exec(ctx, `INSERT INTO failed_act (tenant_id, id, hour, kind, member_id, address, times, first_at, last_at)
				VALUES ($1, 'of ' || $1, '2026-01-01T00:00:00.000Z', 'sign_in.failed', 'm', '192.0.2.1', 7, '2026-01-01T00:01:00.000Z', '2026-01-01T00:02:00.000Z')`, tenant); err != nil {
				return err
			}
		}
		return nil
	}))
	must(db.Migrate(ctx, true))
	must(db.Read(ctx, func(tx database.Tx) error {
		for query, want := range map[string]string{
			`SELECT tenant_id || id || kind || member_id || route || address || CAST(times AS text) FROM failed_act`: "hereof heresign_in.failedm192.0.2.17",
			`SELECT id || kind || route || address || CAST(times AS text) FROM stranger_act`:                         "of sign_in.failed192.0.2.17",
			`SELECT CAST(count(*) AS text) FROM failed_act`:                                                          "1",
			`SELECT CAST(count(*) AS text) FROM stranger_act`:                                                        "1",
		} {
			got := ""
			if err := tx.QueryRow(ctx, query).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %q, want %q, %v", query, got, want, err)
			}
		}
		return nil
	}))
	err := db.Write(ctx, func(tx database.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE failed_act SET tenant_id = 'nobody'`)
		return err
	})
	if err == nil {
		t.Error("it may be of a company that is not there")
	}
}
