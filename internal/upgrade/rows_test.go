package upgrade_test

import (
	"cmp"
	"testing"

	"yunchou/internal/database"
)

// grown says by how many rows an upgrade makes a table longer, and which they are. Tables
// that are not named hold as many as before.
var grown = map[string]struct {
	by  int64
	why string
}{
	"journal":       {1, "the upgrade's own entry, whose number is that of what no entry is known of"},
	"exchange_rate": {1, "the dollar of 1 April was stated twice; the first statement was overwritten and stands in its entry"},
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
