package safekeepdb

// rule is what must be so in the tables: its query names the rows that contradict it, company
// and id.
type rule struct{ name, query string }

// live are the stays that hold.
const live = `(SELECT tenant_id, opportunity_id, ord, id, state, stage_id, entered_on, recorded_on, left_on, left_move FROM stay
	WHERE voided_at IS NULL AND ended_seq IS NULL)`

// inOrder are the live stays, each with the next.
const inOrder = `(SELECT s.tenant_id, s.opportunity_id, s.id, s.state, s.stage_id, s.entered_on, s.recorded_on, s.left_on, s.left_move, s.ord,
	lead(s.id) OVER w AS next_id, lead(s.entered_on) OVER w AS next_on
	FROM ` + live + ` s WINDOW w AS (PARTITION BY s.tenant_id, s.opportunity_id ORDER BY s.ord))`

// latest is the last dated value of a field that holds, of every record.
func latest(field string) string {
	return `(SELECT tenant_id, record_id, number_value, text_value FROM (SELECT tenant_id, record_id, number_value, text_value,
		row_number() OVER (PARTITION BY tenant_id, record_id, key ORDER BY day DESC, seq DESC) AS n
		FROM dated_value WHERE field = '` + field + `' AND ended_seq IS NULL) d WHERE n = 1)`
}

// repeats is the rule that a column says what the dated value of a field says last.
func repeats(table, field, column, value string) rule {
	return rule{table + "." + field, `SELECT o.tenant_id, o.id FROM ` + table + ` o JOIN ` + latest(field) + ` v ON v.tenant_id = o.tenant_id AND v.record_id = o.id
		WHERE o.deleted_at IS NULL AND ` + column + ` IS DISTINCT FROM ` + value}
}

// deleting is the rule that no company is half deleted; of one that is, nothing else is said.
const deleting = "company.deleting"

var rules = []rule{
	{deleting, `SELECT d.id, d.id FROM deleted_company d JOIN tenant t ON t.id = d.id`},
	{"journal.gaps", `SELECT tenant_id, CAST(max(seq) AS text) FROM journal GROUP BY tenant_id HAVING count(*) <> max(seq) OR min(seq) <> 1`},
	{"journal.counter", `SELECT c.tenant_id, CAST(c.seq AS text) FROM journal_counter c
		WHERE c.seq <> COALESCE((SELECT max(j.seq) FROM journal j WHERE j.tenant_id = c.tenant_id), 0)
		OR c.recorded_at < COALESCE((SELECT j.recorded_at FROM journal j WHERE j.tenant_id = c.tenant_id ORDER BY j.seq DESC LIMIT 1), '')`},
	{"journal.goes_back", `SELECT tenant_id, id FROM (SELECT tenant_id, id, recorded_at,
		lag(recorded_at) OVER (PARTITION BY tenant_id ORDER BY seq) AS before FROM journal) j WHERE before > recorded_at`},
	{"journal.ahead", `SELECT s.tenant_id, s.id FROM stay s JOIN journal_counter c ON c.tenant_id = s.tenant_id
		WHERE s.seq > c.seq OR s.ended_seq > c.seq`},

	{"stay.none", `SELECT o.tenant_id, o.id FROM opportunity o WHERE o.deleted_at IS NULL AND NOT EXISTS
		(SELECT 1 FROM ` + live + ` s WHERE s.tenant_id = o.tenant_id AND s.opportunity_id = o.id)`},
	{"stay.open", `SELECT tenant_id, opportunity_id FROM ` + live + ` s GROUP BY tenant_id, opportunity_id
		HAVING count(CASE WHEN left_move IS NULL THEN 1 END) <> 1`},
	{"stay.ended", `SELECT tenant_id, id FROM stay WHERE (voided_at IS NULL) <> (ended_seq IS NULL)`},
	{"stay.order", `SELECT tenant_id, id FROM ` + inOrder + ` s WHERE next_on < entered_on`},
	{"stay.left", `SELECT tenant_id, id FROM ` + inOrder + ` s WHERE next_id IS NOT NULL AND (left_move IS NULL OR left_on IS DISTINCT FROM next_on)
		OR next_id IS NULL AND (left_move IS NOT NULL OR left_on IS NOT NULL)`},

	{"opportunity.stage", `SELECT o.tenant_id, o.id FROM opportunity o JOIN ` + inOrder + ` s ON s.tenant_id = o.tenant_id AND s.opportunity_id = o.id
		WHERE s.next_id IS NULL AND (o.state <> s.state OR o.stage_id IS DISTINCT FROM s.stage_id OR o.entered_on IS DISTINCT FROM s.entered_on
		OR o.deleted_at IS NULL AND o.stay_on IS DISTINCT FROM COALESCE(s.entered_on, s.recorded_on)
		OR o.closed_on IS DISTINCT FROM CASE WHEN s.state <> 'open' THEN s.entered_on END)`},
	repeats("opportunity", "amount", "o.amount_minor", "v.number_value"),
	repeats("opportunity", "expected", "o.expected_on", "v.text_value"),
	repeats("opportunity", "confidence", "o.confidence_bp", "v.number_value"),
	repeats("opportunity", "account", "o.account_id", "v.text_value"),
	repeats("opportunity", "region", "o.region", "COALESCE(v.text_value, '')"),
	repeats("account", "class", "o.class", "COALESCE(v.text_value, '')"),
	repeats("account", "region", "o.region", "COALESCE(v.text_value, '')"),

	{"ownership.several", `SELECT tenant_id, record_id FROM ownership WHERE to_on IS NULL AND ended_seq IS NULL
		GROUP BY tenant_id, record_id HAVING count(*) > 1`},
	{"ownership.order", `SELECT tenant_id, record_id FROM ownership WHERE to_on < from_on AND ended_seq IS NULL`},
	{"opportunity.owner", owner("opportunity")},
	{"account.owner", owner("account")},

	{"credit.reversal", `SELECT r.tenant_id, r.id FROM credit_line r LEFT JOIN credit_line l ON l.tenant_id = r.tenant_id AND l.id = r.reverses
		WHERE r.reverses IS NOT NULL AND (l.id IS NULL OR l.reverses IS NOT NULL OR abs(r.share_bp) <> abs(l.share_bp)
		OR abs(r.amount_minor) IS DISTINCT FROM abs(l.amount_minor) OR r.member_id <> l.member_id)`},
	{"credit.sum", `SELECT o.tenant_id, o.id FROM opportunity o JOIN ` + inOrder + ` s ON s.tenant_id = o.tenant_id AND s.opportunity_id = o.id
		JOIN stay f ON f.tenant_id = s.tenant_id AND f.opportunity_id = s.opportunity_id AND f.ord = s.ord
		JOIN (SELECT tenant_id, stay_id, sum(amount_minor) AS minor FROM credit_line WHERE kind = 'direct' AND stay_id IS NOT NULL
			GROUP BY tenant_id, stay_id) c ON c.tenant_id = s.tenant_id AND c.stay_id = s.id
		WHERE s.next_id IS NULL AND o.deleted_at IS NULL AND COALESCE(f.contract_minor, f.amount_minor, 0) <> COALESCE(c.minor, 0)`},

	{"file.content", `SELECT f.tenant_id, f.id FROM file f WHERE NOT EXISTS
		(SELECT 1 FROM file_chunk c WHERE c.tenant_id = f.tenant_id AND c.hash = f.hash) AND f.size > 0`},
	{"contact.erased", `SELECT c.tenant_id, c.id FROM contact c WHERE (c.name <> '' OR c.mobile <> '' OR c.phone <> '' OR c.email <> '' OR c.wechat <> '')
		AND EXISTS (SELECT 1 FROM journal j WHERE j.tenant_id = c.tenant_id AND j.audited AND j.subject_kind = 'contact' AND j.subject_id = c.id AND j.kind = 'contact.erased')`},
}

// owner is the rule that a record's owner is the last that was written down.
func owner(table string) string {
	return `SELECT o.tenant_id, o.id FROM ` + table + ` o JOIN ownership w ON w.tenant_id = o.tenant_id AND w.record_id = o.id
		WHERE w.to_on IS NULL AND w.ended_seq IS NULL AND o.deleted_at IS NULL AND o.owner_id IS DISTINCT FROM w.member_id`
}
