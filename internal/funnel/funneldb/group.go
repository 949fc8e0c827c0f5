package funneldb

import "yunchou/internal/funnel"

// grouping is how records are sorted into groups: the key, the joins it needs, the amount
// of a row, and when that is the whole of which Go has to find the group's part.
type grouping struct{ key, join, minor, part string }

// whole is a grouping whose amounts are whole records'.
func whole(key, join string) grouping { return grouping{key, join, "d.minor", "1 = 0"} }

// records is no grouping.
var records = whole("''", "")

func (x *question) grouped() grouping {
	switch x.Group {
	case funnel.ByOwner:
		return whole("g.key_", ` JOIN (SELECT DISTINCT id, member_id AS key_ FROM kept WHERE passes = 1) g ON g.id = d.id`)
	case funnel.ByTeam:
		return whole("g.key_", ` JOIN (SELECT DISTINCT id, team_id AS key_ FROM kept WHERE passes = 1) g ON g.id = d.id`)
	case funnel.ByProduct:
		return x.byProduct()
	case funnel.ByRegion:
		return whole("d.region", "")
	case funnel.BySource:
		return whole("d.source", "")
	case funnel.ByIndustry:
		x.account()
		return whole("COALESCE(a.industry, '')", ` LEFT JOIN account_on a ON a.id = d.id`)
	case funnel.ByClass:
		x.account()
		return whole("COALESCE(a.class, '')", ` LEFT JOIN account_on a ON a.id = d.id`)
	case funnel.ByMonth:
		return whole("COALESCE(substr(d.start_on, 1, 7), '')", "")
	}
	if x.Own.ID != "" {
		return whole("COALESCE(own.text_value, '')", ` LEFT JOIN custom_value own ON own.tenant_id = `+x.tenant+
			` AND own.record_id = d.id AND own.field_id = `+x.args.Add(x.Own.ID))
	}
	return records
}

// lines are the product lines of each record as of its day, one row a product line.
func (x *question) lines() {
	from := `standing d JOIN dated_value v ON v.tenant_id = ` + x.tenant + ` AND v.record_id = d.id WHERE v.field = 'line'`
	x.add("line", x.latest("l.record_id AS id, l.key AS product_line_id, l.number_value AS minor", from, "d.on_day")+`
			AND l.number_value IS NOT NULL`)
}

// byProduct gives each product line its part of the converted amount. In the reporting
// currency, where lines add up to the amount, that is what the line says.
func (x *question) byProduct() grouping {
	x.lines()
	x.add("line_of", `SELECT id, product_line_id, minor, COUNT(*) OVER w AS several,
			SUM(CASE WHEN minor BETWEEN 0 AND `+most+` THEN minor END) OVER w AS whole
		FROM line WINDOW w AS (PARTITION BY id)`)
	said := `d.currency = ` + x.reporting + ` AND l.whole = d.minor`
	return grouping{key: "COALESCE(l.product_line_id, '')", join: ` LEFT JOIN line_of l ON l.id = d.id`,
		minor: `CASE WHEN ` + said + ` THEN l.minor ELSE d.minor END`,
		part:  `CASE WHEN ` + said + ` THEN 0 ELSE 1 END = 1 AND l.several > 1`}
}

// account is the account of each record as of its day, with its industry of today and its
// class of that day.
func (x *question) account() {
	dated := func(record, field string) string {
		return `(SELECT v.text_value FROM dated_value v
			WHERE v.tenant_id = ` + x.tenant + ` AND v.record_id = ` + record + ` AND v.field = '` + field + `' AND v.key = ''
				AND v.day <= d.on_day AND ` + x.known("v") + ` ORDER BY v.day DESC, v.seq DESC LIMIT 1)`
	}
	x.add("belongs", `SELECT d.id, d.on_day, `+dated("d.id", "account")+` AS account_id FROM standing d`)
	x.add("account_on", `SELECT d.id, a.industry, `+dated("a.id", "class")+` AS class
		FROM belongs d JOIN account a ON a.tenant_id = `+x.tenant+` AND a.id = d.account_id`)
}
