package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Sighting tells which rows of the table sighting, aliased x, are in scope: what is about an opportunity is seen with it,
// and what is about an account alone with the account. Of what is deleted nothing is seen.
func Sighting(args *database.Args, deals, accounts org.Scope) string {
	return "(x.opportunity_id IS NOT NULL AND EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = x.tenant_id AND o.id = x.opportunity_id AND o.deleted_at IS NULL AND " +
		Opportunity(args, deals) + ") OR x.opportunity_id IS NULL AND EXISTS (SELECT 1 FROM account a WHERE a.tenant_id = x.tenant_id AND a.id = x.account_id AND a.deleted_at IS NULL AND " +
		Account(args, accounts) + "))"
}

// SightingAt is the account a sighting, aliased x, is at: of an opportunity's its account of today.
const SightingAt = "COALESCE((SELECT oa.account_id FROM opportunity oa WHERE oa.tenant_id = x.tenant_id AND oa.id = x.opportunity_id), x.account_id)"

// AtAccount tells that a sighting, aliased x, is at an account, about whichever of its opportunities or none.
func AtAccount(args *database.Args, company, id string) string {
	at := args.Add(id)
	return "x.id IN (SELECT xa.id FROM sighting xa WHERE xa.tenant_id = " + company + " AND xa.account_id = " + at + " AND xa.opportunity_id IS NULL" +
		" UNION SELECT xo.id FROM opportunity oo JOIN sighting xo ON xo.tenant_id = oo.tenant_id AND xo.opportunity_id = oo.id WHERE oo.tenant_id = " + company +
		" AND oo.account_id = " + at + ")"
}

// SightingsOf selects the sightings that stand of opportunities since a day, and of their accounts alone: the opportunity
// in front of the columns of the sighting, aliased x.
func SightingsOf(args *database.Args, company, columns string, opportunities []string, since string) string {
	of, from := database.In(args, opportunities), args.Add(since)
	return "SELECT x.opportunity_id AS of_deal, " + columns + " FROM sighting x WHERE x.tenant_id = " + company + " AND x.opportunity_id IN " + of +
		" AND x.withdrawn_at IS NULL AND x.seen_on >= " + from +
		" UNION ALL SELECT o.id AS of_deal, " + columns + " FROM opportunity o JOIN sighting x ON x.tenant_id = o.tenant_id AND x.account_id = o.account_id AND x.opportunity_id IS NULL" +
		" WHERE o.tenant_id = " + company + " AND o.id IN " + of + " AND x.withdrawn_at IS NULL AND x.seen_on >= " + from
}

// RivalsSeen selects competitors with how often they were seen in scope, when last, and at how many accounts.
func RivalsSeen(args *database.Args, company string, deals, accounts org.Scope) string {
	return "SELECT COALESCE(c.same_as, c.id), count(*), max(x.seen_on), count(DISTINCT " + SightingAt + ") FROM sighting x JOIN competitor c ON c.tenant_id = x.tenant_id" +
		" AND c.id = x.competitor_id WHERE x.tenant_id = " + company + " AND x.withdrawn_at IS NULL AND " + Sighting(args, deals, accounts) + " GROUP BY COALESCE(c.same_as, c.id)"
}

// RivalsOpen selects competitors with how many open opportunities in scope they are on, by the ids they were written under.
func RivalsOpen(args *database.Args, company string, deals org.Scope) string {
	return "SELECT COALESCE(c.same_as, c.id), count(DISTINCT o.id) FROM opportunity_competitor oc JOIN competitor c ON c.tenant_id = oc.tenant_id AND c.id = oc.competitor_id" +
		" JOIN opportunity o ON o.tenant_id = oc.tenant_id AND o.id = oc.opportunity_id WHERE oc.tenant_id = " + company +
		" AND o.state = 'open' AND o.deleted_at IS NULL AND " + Opportunity(args, deals) + " GROUP BY COALESCE(c.same_as, c.id)"
}

// RivalsLast selects the last sighting in scope of each competitor, by its id.
func RivalsLast(args *database.Args, company string, deals, accounts org.Scope) string {
	return "SELECT id FROM (SELECT x.id AS id, row_number() OVER (PARTITION BY COALESCE(c.same_as, c.id) ORDER BY x.seen_on DESC, x.id DESC) AS n FROM sighting x" +
		" JOIN competitor c ON c.tenant_id = x.tenant_id AND c.id = x.competitor_id WHERE x.tenant_id = " + company + " AND x.withdrawn_at IS NULL AND " +
		Sighting(args, deals, accounts) + ") seen WHERE n = 1"
}

// RivalsWorth selects competitors with each open opportunity in scope they are on, once however they were written.
func RivalsWorth(args *database.Args, company string, deals org.Scope) string {
	return "SELECT DISTINCT COALESCE(c.same_as, c.id) AS rival, o.id, o.currency, o.amount_minor, o.tax_included, o.tax_bp FROM opportunity_competitor oc" +
		" JOIN competitor c ON c.tenant_id = oc.tenant_id AND c.id = oc.competitor_id JOIN opportunity o ON o.tenant_id = oc.tenant_id AND o.id = oc.opportunity_id" +
		" WHERE oc.tenant_id = " + company + " AND o.state = 'open' AND o.deleted_at IS NULL AND " + Opportunity(args, deals)
}

// RivalsOn selects the competitors of an opportunity, as they are read.
func RivalsOn(args *database.Args, company, opportunity string) string {
	return "SELECT DISTINCT c.id FROM opportunity_competitor oc" + JoinCompetitor + "WHERE oc.tenant_id = " + company + " AND oc.opportunity_id = " + args.Add(opportunity) + " ORDER BY c.id"
}

// FromRivals selects people in scope with an employer of one of some keys: person, name, title, account, what that is
// called, the employer as it is written, until when, and the role in an opportunity. An employer that is an account out
// of scope is not told.
func FromRivals(args *database.Args, company string, contacts, accounts org.Scope, keys []string, deal, account string, limit int) string {
	among := database.In(args, keys)
	seen := "c.tenant_id = " + company + " AND c.deleted_at IS NULL AND " + Contact(args, contacts)
	role := "''"
	if deal != "" {
		of := args.Add(deal)
		seen += " AND c.id IN (SELECT dc.contact_id FROM opportunity_contact dc WHERE dc.tenant_id = " + company + " AND dc.opportunity_id = " + of + ")"
		role = "COALESCE((SELECT dr.role FROM opportunity_contact dr WHERE dr.tenant_id = c.tenant_id AND dr.contact_id = c.id AND dr.opportunity_id = " + of + "), '')"
	}
	if account != "" {
		seen += " AND c.account_id = " + args.Add(account)
	}
	columns := "c.id AS who, c.name, c.title, c.account_id, COALESCE((SELECT ca.name FROM account ca WHERE ca.tenant_id = c.tenant_id AND ca.id = c.account_id), ''), "
	return "SELECT " + columns + "p.name AS employer, CASE WHEN p.to_year > 0 THEN CAST(p.to_year AS text) ELSE '' END AS until_on, " + role +
		" FROM contact_past p JOIN contact c ON c.tenant_id = p.tenant_id AND c.id = p.contact_id WHERE p.tenant_id = " + company +
		" AND p.kind = 'employer' AND p.name_key IN " + among + " AND " + seen +
		" UNION SELECT " + columns + "a.name AS employer, COALESCE(e.to_on, '') AS until_on, " + role +
		" FROM account a JOIN employment e ON e.tenant_id = a.tenant_id AND e.account_id = a.id JOIN contact c ON c.tenant_id = e.tenant_id AND c.id = e.contact_id" +
		" WHERE a.tenant_id = " + company + " AND a.name_key IN " + among + " AND " + Account(args, accounts) + " AND " + seen +
		" AND (e.to_on IS NOT NULL OR c.account_id <> e.account_id) ORDER BY until_on DESC, who, employer LIMIT " + args.Add(limit)
}
