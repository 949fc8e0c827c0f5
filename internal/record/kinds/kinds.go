// Package kinds is what may be asked about a record of any kind, so that a task, a
// follow-up or a file hangs on any of them and knows none by name: each capability
// registers the kinds it keeps.
package kinds

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Kind answers for the records of one kind.
type Kind interface {
	// Scope is the data scope the actor reads or, with write, changes its records in; false where
	// nothing of the kind is his.
	Scope(a org.Actor, write bool) (org.Scope, bool)
	// Names tells the names of those records that the actor may read or, with write, change.
	Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error)
	// MayHang refuses a record the actor may not change, and one that takes nothing new.
	MayHang(ctx context.Context, tx database.Tx, a org.Actor, id string) error
}

// NothingHangs is of kinds that are talked about, or have files, and on which no task and no follow-up hangs.
type NothingHangs struct{}

// MayHang implements Kind. Fault: record.kind_unknown.
func (NothingHangs) MayHang(context.Context, database.Tx, org.Actor, string) error { return errHangs }

var errHangs = fault.Input("/on", "record.kind_unknown", "nothing hangs on records of this kind")

// Registry is every kind by its name.
type Registry map[string]Kind

// And is the registry with further kinds.
func (r Registry) And(more Registry) Registry {
	out := maps.Clone(r)
	maps.Copy(out, more)
	return out
}

// Names tells the names of those records that the actor may read or, with write, change.
// A record of a kind nobody answers for is nobody's to read.
func (r Registry) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, refs []record.Ref) (map[record.Ref]string, error) {
	ids := map[string][]string{}
	for _, ref := range refs {
		if r[ref.Kind] != nil {
			ids[ref.Kind] = append(ids[ref.Kind], ref.ID)
		}
	}
	out := map[record.Ref]string{}
	reads := make([]func(database.Tx) error, len(ids))
	for i, kind := range slices.Sorted(maps.Keys(ids)) {
		reads[i] = func(tx database.Tx) error {
			names, err := r[kind].Names(ctx, tx, a, write, ids[kind])
			for id, name := range names {
				out[record.Ref{Kind: kind, ID: id}] = name
			}
			return err
		}
	}
	if err := tx.Abreast(ctx, reads...); err != nil {
		return nil, err
	}
	return out, nil
}

// Scopes are the data scopes the actor reads or, with write, changes records in, by their kind:
// for lists of what hangs on records, where scope is part of the query (scopedb.Attached).
func (r Registry) Scopes(a org.Actor, write bool) map[string]org.Scope {
	out := map[string]org.Scope{}
	for kind, k := range r {
		if s, some := k.Scope(a, write); some {
			out[kind] = s
		}
	}
	return out
}

// Sees is Names that asks of every kind, whichever the records are of, and of no record too:
// what hangs on a record out of sight takes the same work to refuse as what is not there.
func (r Registry) Sees(ctx context.Context, tx database.Tx, a org.Actor, write bool, refs []record.Ref) (map[record.Ref]string, error) {
	asked := slices.Clone(refs)
	for kind := range r {
		if !slices.ContainsFunc(refs, func(ref record.Ref) bool { return ref.Kind == kind }) {
			asked = append(asked, record.Ref{Kind: kind}) // nothing has that id
		}
	}
	return r.Names(ctx, tx, a, write, asked)
}

// MayHang refuses where one of the records is of no known kind, may not be changed by the
// actor or takes nothing new. They are taken together, before any of them is asked: two who name
// the same ones in another order do not wait for each other, and what is closed or deleted at the
// same time is so before, or after. Fault: record.kind_unknown, and those of the kinds.
func (r Registry) MayHang(ctx context.Context, tx database.Tx, a org.Actor, refs []record.Ref) error {
	ids := make([]string, len(refs))
	for i, ref := range refs {
		if r[ref.Kind] == nil {
			return errHangs
		}
		ids[i] = ref.ID
	}
	if err := record.Take(ctx, tx, a.TenantID, ids...); err != nil {
		return err
	}
	for _, ref := range refs {
		if err := r[ref.Kind].MayHang(ctx, tx, a, ref.ID); err != nil {
			return err
		}
	}
	return nil
}
