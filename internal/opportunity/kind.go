package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Kind answers for opportunities where records of any kind are spoken of (kinds.Kind).
type Kind struct{ *Service }

// Scope implements kinds.Kind.
func (Kind) Scope(a org.Actor, write bool) (org.Scope, bool) {
	if write {
		return a.Scope(record.Opportunity, org.Write), a.Can(org.OppWrite)
	}
	return a.Scope(record.Opportunity, org.Read), a.Can(org.OppRead)
}

// Names tells the names of those records that the actor may read or, with write, change.
func (k Kind) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	scope, some := k.Scope(a, write)
	if !some {
		return nil, nil
	}
	return k.Rows.Names(ctx, tx, a.TenantID, scope, ids)
}

// MayHang refuses a record out of the actor's write scope, and a closed one.
func (k Kind) MayHang(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	o, err := k.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), id)
	switch {
	case err != nil:
		return err
	case o.DeletedAt != nil:
		return errUnknown
	case o.State != Open:
		return fault.New(fault.Rule, "opportunity.closed", "the opportunity is closed")
	}
	return nil
}

// OpenAt tells how many open records hang on an account (account.Deals).
func (s *Service) OpenAt(ctx context.Context, tx database.Tx, tenant, account string) (int64, error) {
	return s.Rows.CountOpen(ctx, tx, tenant, account, "")
}

// OpenIn tells how many open records belong to a team (org.TeamRecords).
func (s *Service) OpenIn(ctx context.Context, tx database.Tx, a org.Actor, team string) (int64, error) {
	return s.Rows.CountOpen(ctx, tx, a.TenantID, "", team)
}

// OpenByStage counts the open records of a pipeline in each stage (pipeline.Remapper).
func (s *Service) OpenByStage(ctx context.Context, tx database.Tx, tenant, pipeline string) (map[string]int64, error) {
	return s.Rows.OpenByStage(ctx, tx, tenant, pipeline)
}

// AnyIn reads a record inside a transaction, whoever may see it: an import matches its rows
// against all there is.
func (s *Service) AnyIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Opportunity, error) {
	return s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
}
