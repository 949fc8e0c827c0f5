package replaydb

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
)

// chunk is how many rows are written at once.
const chunk = 500

// Copy copies a table as it is into another database, a chunk at a time.
func Copy(ctx context.Context, from database.Tx, to *database.DB, table string) error {
	columns, err := Columns(ctx, from, table)
	if err != nil {
		return err
	}
	list := strings.Join(columns, ", ")
	var rows [][]any
	write := func() error {
		some := rows
		rows = nil
		return to.Write(database.Long(ctx), func(tx database.Tx) error {
			return tx.InsertMany(ctx, table, list, "", some)
		})
	}
	err = Each(ctx, from, "SELECT "+list+" FROM "+table, func(values []any) error {
		if rows = append(rows, slices.Clone(values)); len(rows) < chunk {
			return nil
		}
		return write()
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return write()
}
