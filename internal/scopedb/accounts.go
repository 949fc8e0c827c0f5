package scopedb

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Accounts is a scope as lists of accounts and of their people are asked by it. What it holds is
// what Account and Contact tell of each row; how it is found is chosen by how much there is: few
// are gathered by whose they and their deals are, of many a list finds its page by looking.
type Accounts struct {
	scope org.Scope
	few   bool
}

// Gathered is up to how many accounts and deals a scope is gathered from: as many cost about what
// asking each of 10,000 accounts does. A variable for tests.
var Gathered = 5000

// AccountsOf chooses how a scope's accounts are found.
func AccountsOf(ctx context.Context, tx database.Tx, tenant string, s org.Scope) (Accounts, error) {
	s.Write = false
	if s.All || len(s.ProductLines) > 0 || len(s.Regions) > 0 {
		return Accounts{scope: s}, nil
	}
	args, n := &database.Args{}, 0
	err := tx.QueryRow(ctx, `SELECT count(*) FROM (`+owned(args, tenant, s)+` LIMIT `+args.Add(Gathered+1)+`) counted`,
		args.Values...).Scan(&n)
	return Accounts{s, n <= Gathered}, err
}

// owned are the accounts a scope owns, and those whose deals it owns or works in, some twice.
func owned(args *database.Args, tenant string, s org.Scope) string {
	const union = " UNION ALL " // a UNION would have SQLite walk the index of accounts, for their order
	company, owners := args.Add(tenant), database.In(args, s.Owners)
	const live = " AND o.deleted_at IS NULL" // without an account it is nobody's id
	sql := "SELECT x.id FROM account x WHERE x.tenant_id = " + company + " AND x.owner_id IN " + owners +
		union + "SELECT o.account_id FROM opportunity o WHERE o.tenant_id = " + company + " AND o.owner_id IN " + owners + live
	if len(s.DealTeams) > 0 {
		sql += union + ofDealTeams(args, company, s) + live
	}
	return sql
}

// ofDealTeams are the accounts of the deals a scope's members work in.
func ofDealTeams(args *database.Args, company string, s org.Scope) string {
	return "SELECT o.account_id FROM deal_team dt CROSS JOIN opportunity o WHERE dt.tenant_id = " + company +
		" AND dt.member_id IN " + database.In(args, s.DealTeams) + " AND o.tenant_id = dt.tenant_id AND o.id = dt.opportunity_id"
}

// Where tells which rows of the account table, aliased a, are in scope.
func (x Accounts) Where(args *database.Args, tenant string) string {
	switch s := x.scope; {
	case s.All:
		return "1 = 1"
	case x.few:
		return "a.id IN (" + owned(args, tenant, s) + ")"
	default:
		return many(args, tenant, s)
	}
}

// many looks at each account: whose it is, then whose its deals are, which one index tells.
// Deals of other owners are looked at only for product lines and regions.
func many(args *database.Args, tenant string, s org.Scope) string {
	owners := database.In(args, s.Owners)
	or := "a.owner_id IN " + owners
	if len(s.Regions) > 0 {
		or += " OR a.region IN " + database.In(args, s.Regions)
	}
	if len(s.DealTeams) > 0 {
		or += " OR a.id IN (" + ofDealTeams(args, args.Add(tenant), s) + " AND o.deleted_at IS NULL)"
	}
	const deal = " OR EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = a.tenant_id AND o.account_id = a.id AND o.deleted_at IS NULL AND "
	// The few deals of an account are compared with the owners, not looked up for each of them.
	or += deal + "COALESCE(o.owner_id, '') IN " + owners + ")"
	if len(s.ProductLines)+len(s.Regions) > 0 {
		or += deal + opportunity(args, org.Scope{ProductLines: s.ProductLines, Regions: s.Regions}, "(NULL)") + ")"
	}
	return "(" + or + ")"
}

// People tells which rows of the contact table, aliased c, are in scope.
func (x Accounts) People(args *database.Args, tenant string) string {
	switch s := x.scope; {
	case s.All:
		return "1 = 1"
	case x.few:
		return "c.account_id IN (" + owned(args, tenant, s) + ")"
	default:
		return "EXISTS (SELECT 1 FROM account a WHERE a.tenant_id = c.tenant_id AND a.id = c.account_id AND " + many(args, tenant, s) + ")"
	}
}
