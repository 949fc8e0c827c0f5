package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Change tells which rows of contact_change, aliased x, are in scope: a change is seen with the account it was at.
func Change(args *database.Args, s org.Scope) string {
	if s.All {
		return "1 = 1"
	}
	return "EXISTS (SELECT 1 FROM account a WHERE a.tenant_id = x.tenant_id AND a.id = x.account_id AND " + Account(args, s) + ")"
}

// OpenDeal tells that the opportunity a row, aliased d, is of is open.
const OpenDeal = `EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = d.tenant_id AND o.id = d.opportunity_id AND o.state = 'open' AND o.deleted_at IS NULL)`

// OpenDealIn tells that the opportunity a row, aliased d, is of is open and in a scope.
func OpenDealIn(args *database.Args, s org.Scope) string {
	return `EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = d.tenant_id AND o.id = d.opportunity_id AND o.state = 'open' AND o.deleted_at IS NULL
		AND ` + Opportunity(args, s) + `)`
}

// OpenDealOf tells that the opportunity a row, aliased d, is of is open and one of some owners'.
func OpenDealOf(args *database.Args, owners []string) string {
	return `EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = d.tenant_id AND o.id = d.opportunity_id AND o.state = 'open' AND o.deleted_at IS NULL
		AND o.owner_id IN ` + database.In(args, owners) + `)`
}
