// Package timelinedb finds the entries of a timeline.
package timelinedb

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
	"yunchou/internal/timeline"
)

// Rows implements timeline.Rows.
type Rows struct {
	// Talks tells which threads somebody reads.
	Talks func(org.Actor) org.Reading
}

func (r Rows) Parts(ctx context.Context, tx database.Tx, a org.Actor, q timeline.Asked, ids []string, before *journal.Place, limit int) ([][]journal.Entry, error) {
	h := scopedb.Happening{Kind: q.Of.Kind, IDs: ids, Talks: r.Talks(a), Only: q.Only}
	if a.Can(org.OppRead) {
		h.Deals = a.Scope(record.Opportunity, org.Read)
	}
	parts := h.Parts()
	out := make([][]journal.Entry, len(parts))
	reads := make([]func(database.Tx) error, len(parts))
	for i, which := range parts {
		reads[i] = func(tx database.Tx) (err error) {
			out[i], err = journal.Happened(ctx, tx, a.TenantID, which, before, limit)
			return err
		}
	}
	return out, tx.Abreast(ctx, reads...)
}
