package funneldb

import (
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/org"
)

// attributed tells whether the question asks to whom a record is attributed.
func (x *question) attributed() bool {
	return !x.Figures.All || x.Filter.Owner != "" || x.Filter.Team != "" || x.byHolder()
}

// byHolder tells whether the groups are members or teams.
func (x *question) byHolder() bool { return x.Group == funnel.ByOwner || x.Group == funnel.ByTeam }

// kept joins what is attributed within the question's scope and filter, and says when an
// amount must be split: where several are credited and some are not asked for, or each
// for himself.
func (x *question) kept() (join, partial string) {
	x.held()
	x.add("kept", `SELECT h.id, h.member_id, h.team_id, h.share_bp, `+truth(x.passes())+` AS passes
		FROM holder h JOIN standing d ON d.id = h.id`)
	x.add("counted", `SELECT id, COUNT(*) AS parts, SUM(passes) AS passing FROM kept GROUP BY id`)
	partial = truth("k.passing < k.parts")
	if x.byHolder() {
		partial = truth("k.parts > 1")
	}
	return ` JOIN counted k ON k.id = d.id AND k.passing > 0`, partial
}

// held is to whom each record is attributed, one row a member and team. Of what is closed
// that is the credit of that closing which does not cancel; of what is open or taken out,
// and of a closing nobody was credited with, who held it on its day.
func (x *question) held() {
	x.add("credit", `SELECT d.id, c.member_id, COALESCE(c.team_id, '') AS team_id,
			COALESCE(c.product_line_id, '') AS product_line_id, MAX(c.share_bp) AS share_bp,
			CAST(SUM(CASE WHEN c.amount_minor BETWEEN `+least+` AND `+most+` THEN c.amount_minor END) AS bigint) AS minor
		FROM standing d JOIN credit_line c ON c.tenant_id = `+x.tenant+` AND c.fact_id = d.id AND c.stay_id = d.stay_id
		WHERE d.state IN ('won', 'lost', 'withdrawn') AND c.kind = 'direct'
			AND COALESCE(c.credited_on, '') <= `+x.asOf+` AND c.seq <= `+x.bound+`
		GROUP BY d.id, c.member_id, COALESCE(c.team_id, ''), COALESCE(c.product_line_id, '') HAVING SUM(c.share_bp) > 0`)
	x.add("owner", `SELECT id, member_id, team_id FROM (SELECT d.id, w.member_id, w.team_id,
				ROW_NUMBER() OVER (PARTITION BY d.id ORDER BY w.from_on DESC, w.seq DESC, w.ord DESC) AS place
			FROM standing d JOIN ownership w ON w.tenant_id = `+x.tenant+` AND w.record_id = d.id
			WHERE w.from_on <= d.on_day AND `+x.known("w")+`) AS o
		WHERE place = 1`)
	x.add("credited", `SELECT id, member_id, team_id, MAX(share_bp) AS share_bp FROM credit
		GROUP BY id, member_id, team_id`)
	x.add("holder", `SELECT id, member_id, team_id, share_bp FROM credited
		UNION ALL SELECT d.id, COALESCE(w.member_id, ''), COALESCE(w.team_id, ''), 10000
		FROM standing d LEFT JOIN owner w ON w.id = d.id LEFT JOIN (SELECT DISTINCT id FROM credited) c ON c.id = d.id
		WHERE c.id IS NULL`)
}

// passes tells whether what is attributed to h of record d counts: it is within the scope
// of the asker's figures, and the owner's and the team's that are asked for, the team by
// the tree of the day. Who sees figures of a product line or region sees whole records.
func (x *question) passes() string {
	all := []string{x.inScope(x.Figures)}
	if x.Filter.Owner != "" {
		all = append(all, "h.member_id = "+x.args.Add(x.Filter.Owner))
	}
	if x.Filter.Team != "" {
		or := []string{"1 = 0"}
		for _, s := range x.Spans {
			during := "d.on_day >= " + x.args.Add(string(s.From))
			if s.To != "" {
				during += " AND d.on_day < " + x.args.Add(string(s.To))
			}
			or = append(or, during+" AND h.team_id IN "+database.In(&x.args, s.Teams))
		}
		all = append(all, "("+strings.Join(or, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

func (x *question) inScope(f org.Figures) string {
	if f.All {
		return "1 = 1"
	}
	or := []string{"1 = 0"}
	if len(f.Members) > 0 {
		or = append(or, "h.member_id IN "+database.In(&x.args, f.Members))
	}
	if len(f.Teams) > 0 {
		or = append(or, "h.team_id IN "+database.In(&x.args, f.Teams))
	}
	if len(f.Regions) > 0 {
		or = append(or, "d.region IN "+database.In(&x.args, f.Regions))
	}
	if len(f.ProductLines) > 0 {
		x.lines()
		or = append(or, "d.id IN (SELECT id FROM line WHERE product_line_id IN "+database.In(&x.args, f.ProductLines)+")")
	}
	return "(" + strings.Join(or, " OR ") + ")"
}
