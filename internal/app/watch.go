package app

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/outgoing"
	"yunchou/internal/reader"
	"yunchou/internal/timetable"
)

// Watch says how an operator's tools reach the metrics, which are nobody else's: at an address
// of their own, with a token at the program's, or both; without either not at all.
type Watch struct {
	Listen string // "" is no address of their own
	Token  string // "" is none
}

// Standing is what of the program's state only the database knows.
type Standing struct {
	Queue    timetable.Queue
	Sessions int
	Columns  engine.Stats
	Readers  []reader.Lag
	Outgoing outgoing.Queue
}

// Standing reads it on one snapshot, and beside it how the columns stand.
func (a *App) Standing(ctx context.Context) (out Standing, err error) {
	err = a.DB.Read(ctx, func(tx database.Tx) (err error) {
		if out.Queue, err = a.Timetable.Standing(ctx, tx); err != nil {
			return err
		}
		if out.Readers, err = a.Readers.Lags(ctx, tx, a.readers()); err != nil {
			return err
		}
		if out.Outgoing, err = a.Outgoing.Standing(ctx, tx); err != nil {
			return err
		}
		out.Sessions, err = a.Identity.Live(ctx, tx)
		return err
	})
	if err == nil {
		out.Columns, err = a.Engine.Stats(ctx)
	}
	return out, err
}
