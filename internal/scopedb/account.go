package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Account tells which rows of the account table, aliased a, are in scope. Seen are the
// accounts owned in scope, and those of opportunities in scope. Changed are those owned in
// scope, and those the deal team of an open opportunity serves: to have a deal at an
// account makes it nobody's to rename.
func Account(args *database.Args, s org.Scope) string {
	if s.All {
		return "1 = 1"
	}
	owners := database.In(args, s.Owners)
	or := "a.owner_id IN " + owners
	if len(s.Regions) > 0 {
		or += " OR a.region IN " + database.In(args, s.Regions)
	}
	const deal = " OR EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = a.tenant_id AND o.account_id = a.id AND o.deleted_at IS NULL AND "
	switch {
	case !s.Write:
		or += deal + opportunity(args, s, owners) + ")"
	case len(s.DealTeams) > 0:
		or += deal + "o.state = 'open' AND " + inDealTeam(args, s) + ")"
	}
	return "(" + or + ")"
}
