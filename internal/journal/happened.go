package journal

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// Place is where an entry stands among what happened: by its day, then by when it was written down.
type Place struct {
	On  calendar.Date
	At  time.Time
	Seq int64
}

// Happened returns entries, aliased j, by when they happened, the last first, before a place; nil is
// from the last on. which narrows them; company is the placeholder of the company's id.
func Happened(ctx context.Context, tx database.Tx, tenant string, which func(args *database.Args, company string) string,
	before *Place, limit int,
) ([]Entry, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	where := "j.tenant_id = " + company + " AND " + which(args, company)
	if before != nil {
		on := args.Add(string(before.On))
		where += " AND j.happened_on <= " + on + " AND (j.happened_on, j.recorded_at, j.seq) < (" + on + ", " +
			args.Add(database.Time(before.At)) + ", " + args.Add(before.Seq) + ")"
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM journal j WHERE `+where+
		` ORDER BY j.happened_on DESC, j.recorded_at DESC, j.seq DESC LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, scan)
}
