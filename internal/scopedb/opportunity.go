// Package scopedb compiles a data scope into the predicate of each kind of record. Every
// list, count, report, export and search asks here, so what the list hides the count hides
// too. It is the one room that names several capabilities' tables: whether a record is in
// scope is told by its relations, and those lie with others.
package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Opportunity tells which rows of the opportunity table, aliased o, are in scope.
func Opportunity(args *database.Args, s org.Scope) string {
	if s.All {
		return "1 = 1"
	}
	return opportunity(args, s, database.In(args, s.Owners))
}

// opportunity is the predicate with the owners bound already.
func opportunity(args *database.Args, s org.Scope, owners string) string {
	or := "o.owner_id IN " + owners
	if len(s.DealTeams) > 0 {
		or += " OR " + inDealTeam(args, s)
	}
	if len(s.ProductLines) > 0 {
		or += " OR EXISTS (SELECT 1 FROM opportunity_line ol WHERE ol.tenant_id = o.tenant_id AND ol.opportunity_id = o.id AND ol.product_line_id IN " +
			database.In(args, s.ProductLines) + ")"
	}
	if len(s.Regions) > 0 {
		or += " OR o.region IN " + database.In(args, s.Regions)
	}
	return "(" + or + ")"
}

func inDealTeam(args *database.Args, s org.Scope) string {
	return "EXISTS (SELECT 1 FROM deal_team dt WHERE dt.tenant_id = o.tenant_id AND dt.opportunity_id = o.id AND dt.member_id IN " +
		database.In(args, s.DealTeams) + ")"
}
