package followup

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/text"
)

// Talked answers for follow-ups where records are talked about (kinds.Kind).
type Talked struct {
	*Service
	kinds.NothingHangs
}

// Scope implements kinds.Kind.
func (Talked) Scope(a org.Actor, write bool) (org.Scope, bool) {
	return a.Scope(record.Opportunity, org.Read), !write && a.Can(org.OppRead)
}

// Names are the first words of those follow-ups the actor sees; nothing is changed by their talk.
func (k Talked) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	scope, some := k.Scope(a, write)
	if !some || len(ids) == 0 {
		return nil, nil
	}
	list, err := k.Rows.List(ctx, tx, a.TenantID, scope, About{IDs: ids}, len(ids))
	out := map[string]string{}
	for _, f := range list {
		out[f.ID] = text.First(text.Line(f.Words), 40)
	}
	return out, err
}

// Whose is who was there (conversation.Whose).
func (k Talked) Whose(ctx context.Context, tx database.Tx, tenant, id string) (string, error) {
	list, err := k.Rows.List(ctx, tx, tenant, org.Scope{All: true}, About{ID: id}, 1)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].MemberID, nil
}
