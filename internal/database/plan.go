package database

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
)

// How PostgreSQL plans the statements of a transaction.
const (
	planAsItThinks = "auto"
	planAnew       = "force_custom_plan"
	planOnce       = "force_generic_plan"
)

// PlanAnew has PostgreSQL plan the rest of the transaction's statements for the values
// they bind: lists and reports bind very different ones to one text, and a generic plan
// made for the last is often wrong for the next. Statements that seek by key keep their
// plans; planning them each time would cost more than they do.
func (tx Tx) PlanAnew(ctx context.Context) error { return tx.plan(ctx, planAnew) }

// PlanOnce has PostgreSQL keep one plan for each of the rest of the transaction's statements,
// whatever they bind: for parts of a page, each of which seeks a few rows by their keys. Left to
// itself it plans many of them each time, because it thinks of a list as ten values where there are
// two; that is most of what they cost it.
func (tx Tx) PlanOnce(ctx context.Context) error { return tx.plan(ctx, planOnce) }

// PlannedOnce runs fn, whose statements are planned once, and has the rest of the transaction's planned
// as before.
func (tx Tx) PlannedOnce(ctx context.Context, fn func() error) error {
	before := cmp.Or(tx.pending.plan, planAsItThinks)
	if err := tx.plan(ctx, planOnce); err != nil {
		return err
	}
	err := fn()
	return errors.Join(err, tx.plan(ctx, before))
}

func (tx Tx) plan(ctx context.Context, how string) error {
	if tx.dialect == SQLite || how == cmp.Or(tx.pending.plan, planAsItThinks) {
		return nil
	}
	tx.pending.plan = how
	err := onPostgres(tx.conn, func(c *postgresConn) error {
		c.soon = slices.DeleteFunc(c.soon, func(s putOff) bool { return strings.HasPrefix(s.query, setPlan) }) // nothing was asked by it
		return nil
	})
	return errors.Join(err, tx.Soon(ctx, setPlan+how))
}

const setPlan = "SET LOCAL plan_cache_mode = "
