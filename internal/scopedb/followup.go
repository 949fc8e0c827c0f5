package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// FollowUp tells which rows of the follow_up table, aliased f, are in scope: what is about
// deals is seen with one of them, and what is about an account alone with the account.
func FollowUp(args *database.Args, s org.Scope) string {
	if s.All {
		return "1 = 1"
	}
	const link = "SELECT 1 FROM record_link fl"
	const of = " WHERE fl.tenant_id = f.tenant_id AND fl.kind = 'follow_up' AND fl.id = f.id AND fl.to_kind = "
	deal := link + " JOIN opportunity o ON o.tenant_id = fl.tenant_id AND o.id = fl.to_id" + of + "'opportunity'"
	account := link + " JOIN account a ON a.tenant_id = fl.tenant_id AND a.id = fl.to_id" + of + "'account'"
	return "(EXISTS (" + deal + " AND " + Opportunity(args, s) + ") OR NOT EXISTS (" + link + of + "'opportunity') AND EXISTS (" +
		account + " AND " + Account(args, s) + "))"
}
