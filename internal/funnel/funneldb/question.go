package funneldb

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitydb"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// question is a query being written: its arguments and common table expressions.
type question struct {
	funnel.Query
	args database.Args
	with []string
	has  map[string]bool
	// placeholders used again and again
	tenant, pipeline, asOf, bound, reporting string
}

func ask(q funnel.Query) *question {
	x := &question{Query: q, has: map[string]bool{}}
	x.tenant, x.pipeline = x.args.Add(q.TenantID), x.args.Add(q.Pipeline.PipelineID)
	x.asOf, x.bound, x.reporting = x.args.Add(string(q.AsOf)), x.args.Add(q.LastKnown()), x.args.Add(q.Currency)
	x.live()
	x.standing()
	x.deal()
	return x
}

// add writes a common table expression, once. Each is computed once: several are asked for
// per row of another, and both engines would otherwise compute them anew.
func (x *question) add(name, body string) {
	if !x.has[name] {
		x.has[name] = true
		x.with = append(x.with, name+" AS MATERIALIZED ("+body+")")
	}
}

func (x *question) sql(body string) string {
	return "WITH " + strings.Join(x.with, ",\n") + "\n" + body
}

// within tells whether a date expression lies in the window; an unknown date lies
// in none, and everything lies in no window.
func (x *question) within(date string) string {
	if !x.Windowed() {
		return "1 = 1"
	}
	w := []string{date + " IS NOT NULL"}
	if x.From != "" {
		w = append(w, date+" >= "+x.args.Add(string(x.From)))
	}
	if x.To != "" {
		w = append(w, date+" < "+x.args.Add(string(x.To)))
	}
	return "(" + strings.Join(w, " AND ") + ")"
}

// known tells whether a row was written by the question's last entry and not ended by it.
func (x *question) known(row string) string {
	return fmt.Sprintf("%[1]s.seq <= %[2]s AND (%[1]s.ended_seq IS NULL OR %[1]s.ended_seq > %[2]s)", row, x.bound)
}

// among keeps a table to the records the filter finds as they are today; what has days is
// dated's, and the scope of a figure is Figures.
func (x *question) among(column string) string {
	f := x.AsToday()
	if reflect.DeepEqual(f, opportunity.Filter{WithDeleted: true}) {
		return ""
	}
	if !x.has["opp"] { // a placeholder nobody names has no type
		x.add("opp", `SELECT o.id FROM opportunity o WHERE `+opportunitydb.Where(&x.args, x.TenantID, org.Scope{All: true},
			f))
	}
	return " AND " + column + " IN (SELECT id FROM opp)"
}

// live is every stay that is live as of the day, with what its stage is on the path (NULL
// in other pipelines) and with the next live stay, whose entering is its leaving. A stay
// written before entries ended stays is not live once it is voided.
func (x *question) live() {
	x.places()
	which := x.among("s.opportunity_id")
	x.add("live", `SELECT s.opportunity_id AS id, s.ord, s.id AS stay_id, s.pipeline_id, s.stage_id, s.state, s.move, s.entered_on,
			COALESCE(s.entered_on, s.recorded_on) AS day, p.image, p.reaches, p.past, p.existed,
			LEAD(s.entered_on) OVER w AS left_on, s.entered_at, LEAD(s.entered_at) OVER w AS left_at, LEAD(s.move) OVER w AS left_move
		FROM stay s LEFT JOIN place p ON p.version_id = s.version_id AND p.stage_id = s.stage_id
		WHERE s.tenant_id = `+x.tenant+which+` AND COALESCE(s.entered_on, s.recorded_on) <= `+x.asOf+`
			AND `+x.known("s")+` AND (s.ended_seq IS NOT NULL OR s.voided_at IS NULL)
		WINDOW w AS (PARTITION BY s.opportunity_id ORDER BY s.ord)`)
	x.add("was", `SELECT id, MIN(CASE WHEN state = 'open' THEN entered_on END) AS first_on, MAX(`+truth("pipeline_id = "+x.pipeline)+`) AS here
		FROM live GROUP BY id`)
}

// places puts the stages of every version on the path: the stage of the report each counts
// for ("" is none), and the rungs it reaches, is past and knew, a bit per rung.
func (x *question) places() {
	type row struct {
		version, stage, image string
		at                    pipeline.Place
	}
	var rows []row
	x.Path.Each(func(version, stage string, at pipeline.Place) {
		image := ""
		if at.Image >= 0 {
			image = x.Path.Version.Stages[at.Image].ID
		}
		rows = append(rows, row{version, stage, image, at})
	})
	slices.SortFunc(rows, func(a, b row) int { // the same text for the same question
		return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.stage, b.stage))
	})
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = fmt.Sprintf("(%s, %s, %s, CAST(%d AS bigint), CAST(%d AS bigint), CAST(%d AS bigint))",
			x.text(r.version), x.text(r.stage), x.text(r.image), r.at.Reaches, r.at.Past, r.at.Exists)
	}
	x.add("place(version_id, stage_id, image, reaches, past, existed)", "VALUES "+strings.Join(texts, ", "))
}

// text is a placeholder whose type both engines can tell.
func (x *question) text(v string) string { return "CAST(" + x.args.Add(v) + " AS text)" }

// latest selects of dated values the row that holds for each record, field and key.
func (x *question) latest(columns, from, on string) string {
	return `SELECT ` + columns + ` FROM (SELECT v.record_id, v.field, v.key, v.number_value, v.text_value,
			LEAD(v.seq) OVER (PARTITION BY v.record_id, v.field, v.key ORDER BY v.day, v.seq) AS later
		FROM ` + from + ` AND v.day <= ` + on + ` AND ` + x.known("v") + `) AS l WHERE l.later IS NULL`
}

// stated is what was stated of each record, one row a record.
func (x *question) stated() {
	from := `dated_value v WHERE v.tenant_id = ` + x.tenant + x.among("v.record_id") + `
		AND v.field IN ('amount', 'expected', 'confidence', 'region', 'deleted', 'tax') AND v.key = ''`
	x.add("held", x.latest("l.record_id, l.field, l.number_value, l.text_value", from, x.asOf))
	x.add("stated", `SELECT record_id AS id,
			MAX(CASE WHEN field = 'amount' THEN number_value END) AS minor,
			MAX(CASE WHEN field = 'amount' THEN text_value END) AS currency,
			MAX(CASE WHEN field = 'expected' THEN text_value END) AS expected_on,
			MAX(CASE WHEN field = 'confidence' THEN number_value END) AS confidence_bp,
			MAX(CASE WHEN field = 'region' THEN text_value END) AS region,
			MAX(CASE WHEN field = 'tax' THEN text_value END) AS tax,
			MAX(CASE WHEN field = 'tax' THEN number_value END) AS tax_bp,
			MAX(CASE WHEN field = 'deleted' THEN number_value END) AS deleted
		FROM held GROUP BY record_id`)
}

// standing is where each record that is or was in the pipeline stands: its state, the day
// its figures belong to (of closing; the question's for what is open or taken out), and
// its amount and currency: of a closing the stay's, else what was stated. A closing whose
// stay has no currency was written without its facts: today's columns have them.
func (x *question) standing() {
	x.stated()
	x.add("last_stay", `SELECT c.id, c.ord, c.stay_id, c.image, c.stage_id, c.state AS own_state, c.entered_on, c.day, w.first_on,
			CASE WHEN c.pipeline_id <> `+x.pipeline+` OR v.deleted = 1 THEN 'out' ELSE c.state END AS state,
			v.minor, COALESCE(v.currency, o.currency) AS currency, v.expected_on, v.confidence_bp, COALESCE(v.region, '') AS region,
			CASE WHEN c.state = 'won' THEN COALESCE(o.contract_minor, o.amount_minor) ELSE o.amount_minor END AS was_minor,
			o.currency AS was_currency, o.loss_kind AS was_kind, o.competitor_id AS was_competitor,
			`+x.unlike("v")+` AS unlike, o.created_on, o.source
		FROM live c JOIN was w ON w.id = c.id AND w.here = 1
		JOIN opportunity o ON o.tenant_id = `+x.tenant+` AND o.id = c.id LEFT JOIN stated v ON v.id = c.id
		WHERE c.left_move IS NULL`)
	x.add("standing", `SELECT c.id, c.stay_id, c.state, CASE WHEN c.image <> '' THEN c.image END AS stage_id,
			c.entered_on AS state_on, COALESCE(c.created_on, c.first_on) AS start_on,
			CASE WHEN c.state IN ('open', 'out') THEN `+x.asOf+` ELSE c.day END AS on_day,
			CASE WHEN c.state IN ('open', 'out') THEN c.minor WHEN s.currency IS NULL THEN c.was_minor
				WHEN c.state = 'won' THEN COALESCE(s.contract_minor, s.amount_minor) ELSE s.amount_minor END AS minor,
			CASE WHEN c.state IN ('open', 'out') THEN c.currency ELSE COALESCE(s.currency, c.was_currency) END AS currency,
			CASE WHEN s.currency IS NULL THEN c.was_kind ELSE s.loss_kind END AS loss_kind,
			`+x.sameRival("CASE WHEN s.currency IS NULL THEN c.was_competitor ELSE s.competitor_id END")+` AS competitor_id,
			c.unlike, c.expected_on, c.confidence_bp, c.region, c.source, c.own_state, c.stage_id AS own_stage
		FROM last_stay c JOIN stay s ON s.tenant_id = `+x.tenant+` AND s.opportunity_id = c.id AND s.ord = c.ord`)
}

// unlike is 1 where an amount is with tax though the company sums without it, or without.
func (x *question) unlike(stated string) string {
	own := "with"
	if x.Filter.WithoutTax {
		own = "without"
	}
	return truth("COALESCE(" + stated + ".tax, 'with') <> '" + own + "' AND COALESCE(" + stated + ".tax_bp, -1) <> 0")
}

// deal is what counts in the figure, each with the exchange rate of its day and, where it
// is attributed to several and not to all of them asked for, marked partial.
func (x *question) deal() {
	kept, partial := "", "0"
	if x.attributed() {
		kept, partial = x.kept()
	}
	name := "deal"
	if x.Priced() {
		name = "priced"
	}
	x.add(name, `SELECT d.*, `+partial+` AS partial,
			CASE WHEN d.currency = `+x.reporting+` THEN `+strconv.Itoa(money.RateScale)+`
				ELSE (SELECT r.rate FROM exchange_rate r
				WHERE r.tenant_id = `+x.tenant+` AND r.currency = d.currency AND r.from_on <= d.on_day AND r.seq <= `+x.bound+`
				ORDER BY r.from_on DESC, r.seq DESC LIMIT 1) END AS rate
		FROM standing d`+kept+x.dated())
	if x.Priced() {
		x.add("deal", `SELECT p.* FROM (SELECT d.*, d.minor AS raw, d.currency AS currency_, d.rate AS rate_ FROM priced d) AS p
			WHERE raw IS NOT NULL AND rate_ IS NOT NULL AND `+x.worthWithin())
	}
}
