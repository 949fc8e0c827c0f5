package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// What is read to say who of us knows somebody: people, their posts, and what was said with them two-way. Each is a
// whole statement, because which rows there are is told by others' tables.

// KnownPeople selects people by ids, or by the reading of a name: id, name, its key and reading, account, what that is
// called, title, the day he left, and whether he is in scope; those in scope in front.
func KnownPeople(args *database.Args, tenant string, s org.Scope, ids []string, reading string, limit int) string {
	seen := "1 = 1"
	if !s.All {
		seen = Contact(args, s)
	}
	w := "c.tenant_id = " + args.Add(tenant) + " AND c.deleted_at IS NULL"
	if reading != "" {
		w += " AND c.pinyin = " + args.Add(reading)
	} else {
		w += " AND c.id IN " + database.In(args, ids)
	}
	return `SELECT id, name, name_key, pinyin, account_id, called, title, gone_on, seen FROM (SELECT c.id, c.name, c.name_key, c.pinyin, c.account_id,
		COALESCE((SELECT ka.name FROM account ka WHERE ka.tenant_id = c.tenant_id AND ka.id = c.account_id), '') AS called, c.title, c.gone_on,
		CASE WHEN ` + seen + ` THEN 1 ELSE 0 END AS seen FROM contact c WHERE ` + w + `) people ORDER BY seen DESC, id LIMIT ` + args.Add(limit)
}

// KnownPosts selects the posts of people, or of an account called by one of some keys: person, key and name of the
// account, from, to, title, and whether the account is in scope.
func KnownPosts(args *database.Args, tenant string, s org.Scope, people, keys []string, limit int) string {
	seen := "1 = 1"
	if !s.All {
		seen = Account(args, s)
	}
	columns := `SELECT e.contact_id, a.name_key, a.name, e.from_on, e.to_on, e.title, CASE WHEN ` + seen + ` THEN 1 ELSE 0 END`
	if people != nil {
		return columns + ` FROM employment e JOIN account a ON a.tenant_id = e.tenant_id AND a.id = e.account_id WHERE e.tenant_id = ` + args.Add(tenant) +
			` AND e.contact_id IN ` + database.In(args, people) + ` ORDER BY e.contact_id, e.id LIMIT ` + args.Add(limit)
	}
	return columns + ` FROM account a JOIN employment e ON e.tenant_id = a.tenant_id AND e.account_id = a.id WHERE a.tenant_id = ` + args.Add(tenant) +
		` AND a.name_key IN ` + database.In(args, keys) + ` ORDER BY e.account_id, e.id LIMIT ` + args.Add(limit)
}

// KnownTalks selects what was said two-way with people, the last in front: person, follow-up, day, who said it down and
// who of us was there (one row for each).
func KnownTalks(args *database.Args, tenant string, people []string, limit int) string {
	company, among := args.Add(tenant), database.In(args, people)
	const from = ` FROM follow_up_contact fc JOIN follow_up f ON f.tenant_id = fc.tenant_id AND f.id = fc.follow_up_id`
	where := ` WHERE fc.tenant_id = ` + company + ` AND fc.contact_id IN ` + among + ` AND f.two_way AND f.deleted_at IS NULL`
	return `SELECT fc.contact_id, f.id, f.happened_on AS day, f.member_id AS who` + from + where +
		` UNION SELECT fc.contact_id, f.id, f.happened_on AS day, fl.member_id AS who` + from +
		` JOIN follow_up_colleague fl ON fl.tenant_id = fc.tenant_id AND fl.follow_up_id = fc.follow_up_id` + where + ` ORDER BY day DESC, 2, 4 LIMIT ` + args.Add(limit)
}

// SeenTalks selects those of some follow-ups that are in scope.
func SeenTalks(args *database.Args, tenant string, s org.Scope, ids []string) string {
	return `SELECT f.id FROM follow_up f WHERE f.tenant_id = ` + args.Add(tenant) + ` AND f.id IN ` + database.In(args, ids) + ` AND ` + FollowUp(args, s)
}

// Predecessors selects whom people follow and who is at the customer still: successor, predecessor, and what he thinks
// of us in a deal in scope, the last that was said.
func Predecessors(args *database.Args, tenant string, s org.Scope, people []string) string {
	company := args.Add(tenant)
	return `SELECT x.successor_id, x.contact_id, COALESCE((SELECT oc.attitude FROM opportunity_contact oc JOIN opportunity o ON o.tenant_id = oc.tenant_id AND o.id = oc.opportunity_id
		WHERE oc.tenant_id = x.tenant_id AND oc.contact_id = x.contact_id AND oc.attitude IS NOT NULL AND o.deleted_at IS NULL AND ` + Opportunity(args, s) + `
		ORDER BY oc.as_of DESC, o.id LIMIT 1), -9) AS attitude
		FROM contact_change x JOIN contact c ON c.tenant_id = x.tenant_id AND c.id = x.contact_id
		WHERE x.tenant_id = ` + company + ` AND x.successor_id IN ` + database.In(args, people) + ` AND x.state IN ('confirmed', 'met')
		AND c.deleted_at IS NULL AND c.gone_on IS NULL AND c.account_id = x.account_id ORDER BY x.id`
}

// SellsTo selects members with accounts of a name key, an industry or a region: the member and which of them it is.
func SellsTo(args *database.Args, tenant string, keys, industries, regions []string) string {
	company := args.Add(tenant)
	part := func(why, column string, values []string) string {
		return `SELECT DISTINCT a.owner_id AS who, '` + why + `' AS why FROM account a WHERE a.tenant_id = ` + company +
			` AND a.owner_id IS NOT NULL AND a.deleted_at IS NULL AND a.` + column + ` IN ` + database.In(args, values)
	}
	return part("firm", "name_key", keys) + ` UNION ` + part("industry", "industry", industries) + ` UNION ` + part("region", "region", regions) + ` ORDER BY 1, 2`
}

// Industries selects the industries there are among accounts, and, where the reader sees it, those of accounts of a
// name key.
const Industries = `SELECT DISTINCT a.industry FROM account a WHERE a.tenant_id = $1 AND a.industry <> '' ORDER BY 1 LIMIT 500`

// WhereFrom selects industry and region of accounts in scope: by a name key, or of a person.
func WhereFrom(args *database.Args, tenant string, s org.Scope, key, contact string) string {
	w := `a.tenant_id = ` + args.Add(tenant) + ` AND a.deleted_at IS NULL AND (a.name_key = ` + args.Add(key) + ` OR a.id IN (SELECT c.account_id FROM contact c
		WHERE c.tenant_id = a.tenant_id AND c.id = ` + args.Add(contact) + `))`
	if !s.All {
		w += ` AND ` + Account(args, s)
	}
	return `SELECT a.industry, a.region, a.name_key FROM account a WHERE ` + w + ` ORDER BY a.id LIMIT 50`
}
