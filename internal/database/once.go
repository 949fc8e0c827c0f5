package database

import "context"

// Once is what a read answers, which a transaction that sees one snapshot asks once and remembers under a
// key: several capabilities need the same of the company for one page. Nobody changes what is answered. A
// write asks each time, since it, and on PostgreSQL others beside it, may have written meanwhile.
func Once[T any](ctx context.Context, tx Tx, key any, read func(ctx context.Context, tx Tx) (T, error)) (T, error) {
	if !tx.Snapshot() {
		return read(ctx, tx)
	}
	if v, known := tx.pending.once[key].(T); known {
		return v, nil
	}
	v, err := read(ctx, tx)
	if err == nil {
		if tx.pending.once == nil {
			tx.pending.once = map[any]any{}
		}
		tx.pending.once[key] = v
	}
	return v, err
}

// Snapshot tells that all the transaction reads is of one moment, and that it writes nothing.
func (tx Tx) Snapshot() bool { return tx.bound == nil }
