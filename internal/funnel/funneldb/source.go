// Package funneldb answers funnel questions in SQL. It is slow beside the
// in-memory engine and stays as the reference the engine is compared with: every
// answer begins with the same "deal" relation, one row per opportunity in scope
// with its state as of the report's date.
package funneldb

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/opportunity/opportunitydb"
)

// Source implements funnel.Source.
type Source struct{}

// question is a query being written: its arguments and common table expressions.
type question struct {
	funnel.Query
	args database.Args
	with []string
	// placeholders used again and again
	tenant, pipeline, asOf string
}

func ask(q funnel.Query) *question {
	x := &question{Query: q}
	x.tenant, x.pipeline, x.asOf = x.args.Add(q.TenantID), x.args.Add(q.Pipeline.PipelineID), x.args.Add(string(q.AsOf))
	x.deal()
	x.price()
	return x
}

// add writes a common table expression. Each is computed once: several are asked for
// per row of another, and both engines would otherwise compute them anew.
func (x *question) add(name, body string) {
	x.with = append(x.with, name+" AS MATERIALIZED ("+body+")")
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

// counts says whether a stay was there on the report's date: by the day it was
// entered, or, where that is unknown, by the day it was written down.
func (x *question) counts(stay string) string {
	return stay + ".voided_at IS NULL AND COALESCE(" + stay + ".entered_on, " + stay + ".recorded_on) <= " + x.asOf
}

// deal is one row per opportunity that is or was in the pipeline, in scope: its
// state and stage as of the report's date ("out" where it was deleted or moved to
// another pipeline), when it began and when that state began.
func (x *question) deal() {
	filter := x.Filter
	filter.WithDeleted = true
	where := opportunitydb.Where(&x.args, x.TenantID, x.Scope, filter)
	if x.AsOf >= x.Today {
		// Today the opportunity's own columns say it; a test holds the two equal.
		x.add("cur", `SELECT o.id AS opportunity_id, o.stage_id, o.state, CASE WHEN o.state = 'open' THEN o.entered_on ELSE o.closed_on END AS state_on, o.pipeline_id
			FROM opportunity o WHERE o.tenant_id = `+x.tenant)
	} else {
		x.add("ranked", `SELECT s.opportunity_id, s.stage_id, s.state, s.entered_on AS state_on, s.pipeline_id,
			ROW_NUMBER() OVER (PARTITION BY s.opportunity_id ORDER BY s.ord DESC) AS place FROM stay s WHERE s.tenant_id = `+x.tenant+` AND `+x.counts("s"))
		x.add("cur", `SELECT opportunity_id, stage_id, state, state_on, pipeline_id FROM ranked WHERE place = 1`)
	}
	x.add("unpriced", `SELECT o.id, o.amount_minor, o.contract_minor, o.currency, o.confidence_bp, o.expected_on, o.account_id, o.region, o.source, o.owner_id, o.loss_kind, o.competitor_id, c.stage_id, c.state_on,
		CASE WHEN o.deleted_at IS NOT NULL OR c.pipeline_id <> `+x.pipeline+` THEN 'out' ELSE c.state END AS state,
		COALESCE(o.created_on, (SELECT MIN(f.entered_on) FROM stay f WHERE f.tenant_id = o.tenant_id AND f.opportunity_id = o.id AND f.voided_at IS NULL)) AS start_on,
		CASE WHEN c.state = 'open' OR c.state_on IS NULL THEN `+x.asOf+` ELSE c.state_on END AS group_on
		FROM cur c JOIN opportunity o ON o.tenant_id = `+x.tenant+` AND o.id = c.opportunity_id
		WHERE (c.pipeline_id = `+x.pipeline+` OR EXISTS (SELECT 1 FROM stay m WHERE m.tenant_id = o.tenant_id AND m.opportunity_id = o.id AND m.pipeline_id = `+x.pipeline+` AND m.left_move = 'change_pipeline'))
		AND `+where)
}

// amount is what an opportunity is worth: the contract once won.
const amount = `CASE WHEN d.state = 'won' THEN COALESCE(d.contract_minor, d.amount_minor) ELSE d.amount_minor END`

// price gives each deal the exchange rate of its date: of closing, or of the report
// for what is open.
func (x *question) price() {
	x.add("deal", `SELECT d.*, CASE WHEN d.currency = `+x.args.Add(x.Currency)+` THEN `+strconv.Itoa(money.RateScale)+` ELSE (SELECT r.rate FROM exchange_rate r
		WHERE r.tenant_id = `+x.tenant+` AND r.currency = d.currency AND r.from_on <= d.group_on ORDER BY r.from_on DESC, r.seq DESC LIMIT 1) END AS rate FROM unpriced d`)
}

// sums are the columns of a row relation from which totals adds: the currency where
// there is no rate, the amount as it is, and the amount in the reporting currency.
// Each record is converted alone, as money.Convert does, so that parts add up to
// the whole.
func (x *question) sums(minor string) string {
	reporting := money.Digits(x.Currency)
	factor := func(d int) (times, by int) {
		times, by = 1, money.RateScale
		for ; d < reporting; d++ {
			times *= 10
		}
		for ; d > reporting; d-- {
			by *= 10
		}
		return times, by
	}
	formula := func(d int) string {
		times, by := factor(d)
		return fmt.Sprintf("(m_ * %[1]d / %[2]d) * d.rate + (m_ * %[1]d %% %[2]d * d.rate + %[3]d) / %[2]d", times, by, by/2)
	}
	worth := "CASE"
	for _, d := range []int{0, 3} {
		worth += " WHEN d.currency IN ('" + strings.Join(money.WithDigits(d), "', '") + "') THEN " + formula(d)
	}
	worth += " ELSE " + formula(2) + " END"
	return `CASE WHEN d.rate IS NULL THEN d.currency ELSE '' END AS no_rate, ` + minor + ` AS raw, ` + strings.ReplaceAll(worth, "m_", "("+minor+")") + ` AS worth`
}

// totals are the aggregates over such rows, to be scanned into a funnel.Sum.
const totals = `no_rate, CAST(COALESCE(sum(worth), 0) AS bigint), CAST(COALESCE(sum(raw), 0) AS bigint), count(*) - count(raw)`

func into(s *funnel.Sum) []any { return []any{&s.NoRate, &s.Minor, &s.Raw, &s.NoAmount} }

// grouped returns the key expression, the joins it needs, and the amount of a row
// in that grouping.
func (x *question) grouped() (key, join, minor string) {
	owner := `COALESCE((SELECT w.member_id FROM ownership w WHERE w.tenant_id = ` + x.tenant + ` AND w.record_id = d.id AND w.from_on <= d.group_on AND (w.to_on IS NULL OR d.group_on < w.to_on) ORDER BY w.ord DESC LIMIT 1), d.owner_id)`
	switch x.Group {
	case funnel.ByOwner:
		return "COALESCE(" + owner + ", '')", "", amount
	case funnel.ByTeam:
		return `COALESCE((SELECT se.team_id FROM seat_holder h JOIN seat se ON se.tenant_id = h.tenant_id AND se.id = h.seat_id
			WHERE h.tenant_id = ` + x.tenant + ` AND h.member_id = ` + owner + ` AND h.main AND h.ended_seq IS NULL AND h.from_on <= d.group_on AND (h.to_on IS NULL OR d.group_on < h.to_on) ORDER BY h.from_on DESC LIMIT 1), '')`, "", amount
	case funnel.ByProduct:
		return "COALESCE(l.product_line_id, '')", ` LEFT JOIN (SELECT opportunity_id, product_line_id, CAST(sum(amount_minor) AS bigint) AS minor FROM opportunity_line WHERE tenant_id = ` + x.tenant + ` GROUP BY opportunity_id, product_line_id) l ON l.opportunity_id = d.id`,
			"CASE WHEN l.minor IS NULL OR d.amount_minor IS NULL THEN " + amount + " ELSE l.minor END"
	case funnel.ByRegion:
		return "d.region", "", amount
	case funnel.BySource:
		return "d.source", "", amount
	case funnel.ByIndustry, funnel.ByClass:
		column := "industry"
		if x.Group == funnel.ByClass {
			column = "class"
		}
		return "COALESCE(a." + column + ", '')", ` LEFT JOIN account a ON a.tenant_id = ` + x.tenant + ` AND a.id = d.account_id`, amount
	case funnel.ByMonth:
		return "COALESCE(substr(d.start_on, 1, 7), '')", "", amount
	}
	return "''", "", amount
}

func (x *question) sql(body string) string {
	return "WITH " + strings.Join(x.with, ",\n") + "\n" + body
}

// run scans every row of the answer.
func run[T any](ctx context.Context, tx database.Tx, x *question, body string, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := tx.Query(ctx, x.sql(body), x.args.Values...)
	return database.All(rows, err, scan)
}

// Ready has nothing to wait for.
func (Source) Ready(context.Context, string) error { return nil }

// Begin keeps PostgreSQL from walking one computed relation for each row of
// another: it takes them for small, because it cannot know how many rows a window
// function leaves.
func (s Source) Begin(ctx context.Context, tx database.Tx, _ funnel.Query) (funnel.Source, error) {
	if tx.Dialect() != database.PostgreSQL {
		return s, nil
	}
	if err := tx.PlanAnew(ctx); err != nil {
		return s, err
	}
	_, err := tx.Exec(ctx, "SET LOCAL enable_nestloop = off")
	return s, err
}

func (Source) Counts(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.Count, error) {
	x := ask(q)
	key, join, minor := x.grouped()
	x.add("row_", `SELECT `+key+` AS key_, d.state, CASE WHEN `+x.within("d.start_on")+` THEN 1 ELSE 0 END AS in_created, CASE WHEN `+x.within("d.state_on")+` THEN 1 ELSE 0 END AS in_closed,
		CASE WHEN d.start_on IS NULL THEN 0 ELSE 1 END AS dated, CASE WHEN d.state_on IS NULL THEN 0 ELSE 1 END AS closed_dated,
		`+x.sums(minor)+` FROM deal d`+join+` WHERE d.state <> 'out'`)
	return run(ctx, tx, x, `SELECT key_, state, in_created, in_closed, dated, closed_dated, count(*), `+totals+`
		FROM row_ WHERE NOT (state <> 'open' AND in_created = 0 AND in_closed = 0 AND dated = 1 AND closed_dated = 1) GROUP BY key_, state, in_created, in_closed, dated, closed_dated, no_rate`, func(r *sql.Rows) (c funnel.Count, err error) {
		err = r.Scan(append([]any{&c.Key, &c.State, &c.InCreated, &c.InClosed, &c.Dated, &c.ClosedDated, &c.N}, into(&c.Sum)...)...)
		return c, err
	})
}

func (Source) Cycles(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.Cycled, error) {
	x := ask(q)
	key, join, _ := x.grouped()
	x.add("row_", `SELECT `+key+` AS key_, d.state, d.start_on, d.state_on FROM deal d`+join+` WHERE d.state IN ('won', 'lost') AND `+x.within("d.state_on"))
	return run(ctx, tx, x, `SELECT key_, state, start_on, state_on, count(*) FROM row_ GROUP BY key_, state, start_on, state_on`, func(r *sql.Rows) (c funnel.Cycled, err error) {
		var from, to calendar.Date
		err = r.Scan(&c.Key, &c.State, database.Into(&from), database.Into(&to), &c.N)
		c.Days, c.Known = daysBetween(from, to)
		return c, err
	})
}

// daysBetween is the calendar days from one to another, not known where one is unknown
// or the last lies before the first.
func daysBetween(from, to calendar.Date) (days int, known bool) {
	if from == "" || to == "" || to < from {
		return 0, false
	}
	return to.Sub(from), true
}

// reach is the first reach of each stage by each opportunity: by entry, or by the
// jump that passed it. First_on is "" where the first is undated: the text sorts
// before every date, so an unknown is never hidden by a later known one.
func (x *question) reach() {
	x.add("reach", `SELECT k.id AS stage_id, k.position, s.opportunity_id, MIN(COALESCE(s.entered_on, '')) AS first_on, MAX(CASE WHEN s.stage_id = k.id THEN 1 ELSE 0 END) AS stayed
		FROM stay s JOIN stage st ON st.tenant_id = s.tenant_id AND st.id = s.stage_id AND st.kind IN ('open', 'won')
		JOIN stage k ON k.tenant_id = s.tenant_id AND k.pipeline_id = `+x.pipeline+` AND k.kind IN ('open', 'won') AND k.position <= st.position
		WHERE s.tenant_id = `+x.tenant+` AND s.pipeline_id = `+x.pipeline+` AND `+x.counts("s")+` GROUP BY k.id, k.position, s.opportunity_id`)
}

// fate says what became of a deal that reached stage r, for a query that joins
// reach n as the next stage.
const fate = `CASE WHEN n.opportunity_id IS NOT NULL THEN 'advanced' WHEN d.state IN ('out', 'withdrawn') THEN 'out' WHEN d.state = 'won' THEN 'advanced' ELSE d.state END`

// nextStage relates each stage of the version in force to the one after it; the
// won stage comes after the last open one.
func (x *question) nextStage() {
	var rows []string
	open := []string{}
	won := ""
	for _, s := range x.Pipeline.Stages {
		switch s.Kind {
		case "open":
			open = append(open, s.ID)
		case "won":
			won = s.ID
		}
	}
	open = append(open, won)
	for i, id := range open {
		next := ""
		if i+1 < len(open) {
			next = open[i+1]
		}
		rows = append(rows, "SELECT CAST("+x.args.Add(id)+" AS text) AS stage_id, CAST("+x.args.Add(next)+" AS text) AS next_id")
	}
	x.add("step", strings.Join(rows, " UNION ALL "))
}

func (Source) Reached(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.Reach, error) {
	x := ask(q)
	x.reach()
	x.nextStage()
	x.add("row_", `SELECT r.stage_id, `+fate+` AS fate, CASE WHEN r.first_on = '' THEN 0 ELSE 1 END AS dated, r.stayed, r.first_on
		FROM reach r JOIN deal d ON d.id = r.opportunity_id JOIN step t ON t.stage_id = r.stage_id
		LEFT JOIN reach n ON n.opportunity_id = r.opportunity_id AND n.stage_id = t.next_id
		WHERE r.first_on = '' OR `+x.within("r.first_on"))
	list, err := run(ctx, tx, x, `SELECT stage_id, fate, dated, stayed, count(*), max(first_on) FROM row_ GROUP BY stage_id, fate, dated, stayed`, func(r *sql.Rows) (c funnel.Reach, err error) {
		return c, r.Scan(&c.StageID, &c.Fate, &c.Dated, &c.Stayed, &c.N, &c.Youngest)
	})
	if err != nil {
		return nil, err
	}
	// The lost stage is reached by being lost.
	x = ask(q)
	lost, err := run(ctx, tx, x, `SELECT d.stage_id, count(*) FROM deal d WHERE d.state = 'lost' AND d.stage_id IS NOT NULL AND `+x.within("d.state_on")+` GROUP BY d.stage_id`, func(r *sql.Rows) (c funnel.Reach, err error) {
		c = funnel.Reach{Fate: "lost", Dated: true, Stayed: true}
		return c, r.Scan(&c.StageID, &c.N)
	})
	return append(list, lost...), err
}

// Stays seeks by opportunity: CROSS JOIN keeps the engines from walking all stays
// first, and COALESCE from seeking by pipeline, which finds all of them each time.
func (Source) Stays(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.StayLength, error) {
	x := ask(q)
	left := "CASE WHEN s.left_on <= " + x.asOf + " THEN s.left_on END"
	x.add("row_", `SELECT s.stage_id, s.entered_on, `+left+` AS left_on, CASE WHEN s.left_move IN ('advance', 'skip', 'win') THEN 1 ELSE 0 END AS forward, s.move,
		CASE WHEN s.left_on <= `+x.asOf+` AND `+x.within("s.left_on")+` THEN 1 ELSE 0 END AS in_window, CASE WHEN `+x.within("s.entered_on")+` THEN 1 ELSE 0 END AS began
		FROM deal d CROSS JOIN stay s
		WHERE s.tenant_id = `+x.tenant+` AND s.opportunity_id = d.id AND COALESCE(s.pipeline_id, '') = `+x.pipeline+` AND s.state = 'open' AND d.state <> 'out' AND `+x.counts("s"))
	return run(ctx, tx, x, `SELECT stage_id, entered_on, left_on, forward, move, in_window, began, count(*) FROM row_ GROUP BY stage_id, entered_on, left_on, forward, move, in_window, began`,
		func(r *sql.Rows) (s funnel.StayLength, err error) {
			var from, to calendar.Date
			err = r.Scan(&s.StageID, database.Into(&from), database.Into(&to), &s.Forward, &s.Move, &s.InWindow, &s.BeganWindow, &s.N)
			if s.Ended = to != ""; !s.Ended {
				to = q.AsOf
			}
			if s.Days, s.Known = daysBetween(from, to); s.Known {
				s.Working = q.Calendar.WorkingDaysBetween(from, to)
			}
			return s, err
		})
}

func (Source) Open(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.OpenSum, error) {
	x := ask(q)
	x.add("row_", `SELECT d.stage_id, COALESCE(substr(d.expected_on, 1, 7), '') AS month, CASE WHEN d.expected_on < `+x.asOf+` THEN 1 ELSE 0 END AS overdue, d.confidence_bp, `+x.sums("d.amount_minor")+`
		FROM deal d WHERE d.state = 'open' AND d.stage_id IS NOT NULL`)
	return run(ctx, tx, x, `SELECT stage_id, month, overdue, confidence_bp, count(*), `+totals+` FROM row_ GROUP BY stage_id, month, overdue, confidence_bp, no_rate`,
		func(r *sql.Rows) (o funnel.OpenSum, err error) {
			err = r.Scan(append([]any{&o.StageID, &o.Month, &o.Overdue, &o.ConfidenceBP, &o.N}, into(&o.Sum)...)...)
			return o, err
		})
}

func (Source) Qualified(ctx context.Context, tx database.Tx, q funnel.Query, stage string) ([]funnel.QualifiedSum, error) {
	x := ask(q)
	x.reach()
	x.add("row_", `SELECT d.state, CASE WHEN d.state IN ('won', 'lost') AND `+x.within("d.state_on")+` THEN 1 ELSE 0 END AS in_window, r.first_on, d.state_on, `+x.sums(amount)+`
		FROM reach r JOIN deal d ON d.id = r.opportunity_id WHERE r.stage_id = `+x.args.Add(stage)+` AND d.state IN ('open', 'won', 'lost')`)
	return run(ctx, tx, x, `SELECT state, in_window, first_on, state_on, count(*), `+totals+` FROM row_ GROUP BY state, in_window, first_on, state_on, no_rate`,
		func(r *sql.Rows) (c funnel.QualifiedSum, err error) {
			var from, to calendar.Date
			err = r.Scan(append([]any{&c.State, &c.InWindow, database.Into(&from), database.Into(&to), &c.N}, into(&c.Sum)...)...)
			c.Days, c.Known = daysBetween(from, to)
			return c, err
		})
}

// lostFrom is the open stage a lost deal stood in, "" where the path is unknown.
const lostFrom = `COALESCE((SELECT s.stage_id FROM stay s WHERE s.tenant_id = o_tenant AND s.opportunity_id = d.id AND s.voided_at IS NULL AND s.state = 'open' ORDER BY s.ord DESC LIMIT 1), '')`

func (Source) Losses(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.LossSum, error) {
	x := ask(q)
	x.add("row_", `SELECT COALESCE(d.loss_kind, 'unknown') AS kind, COALESCE(d.competitor_id, '') AS competitor_id,
		COALESCE((SELECT c.name FROM competitor c WHERE c.tenant_id = `+x.tenant+` AND c.id = d.competitor_id), '') AS competitor,
		`+strings.ReplaceAll(lostFrom, "o_tenant", x.tenant)+` AS from_stage, `+x.sums("d.amount_minor")+` FROM deal d WHERE d.state = 'lost' AND `+x.within("d.state_on"))
	return run(ctx, tx, x, `SELECT kind, competitor_id, competitor, from_stage, count(*), `+totals+` FROM row_
		GROUP BY kind, competitor_id, competitor, from_stage, no_rate`, func(r *sql.Rows) (l funnel.LossSum, err error) {
		err = r.Scan(append([]any{&l.Kind, &l.CompetitorID, &l.Competitor, &l.StageID, &l.N}, into(&l.Sum)...)...)
		return l, err
	})
}

// Cohorts joins the first reaches of two stages.
func (Source) Cohorts(ctx context.Context, tx database.Tx, q funnel.Query, stage, target string) ([]funnel.CohortCell, error) {
	x := ask(q)
	x.cohort(stage, target)
	return run(ctx, tx, x, `SELECT entered, reached, fate, count(*) FROM cohort GROUP BY entered, reached, fate`, func(r *sql.Rows) (c funnel.CohortCell, err error) {
		return c, r.Scan(&c.Entered, &c.Reached, &c.Fate, &c.N)
	})
}

// cohort is one row per deal that reached a stage: the month it did, the month it
// reached the target, and what became of it.
func (x *question) cohort(stage, target string) {
	x.reach()
	x.add("cohort", `SELECT d.id, d.state_on, substr(r.first_on, 1, 7) AS entered, CASE WHEN n.opportunity_id IS NULL THEN '' WHEN n.first_on = '' THEN '?' ELSE substr(n.first_on, 1, 7) END AS reached, `+fate+` AS fate
		FROM reach r JOIN deal d ON d.id = r.opportunity_id LEFT JOIN reach n ON n.opportunity_id = r.opportunity_id AND n.stage_id = `+x.args.Add(target)+`
		WHERE r.stage_id = `+x.args.Add(stage)+` AND (r.first_on = '' OR `+x.within("r.first_on")+`)`)
}

// present is the competitors of each opportunity: those named in it, and the one it
// was lost to.
func (x *question) present() {
	x.add("present", `SELECT opportunity_id, competitor_id FROM opportunity_competitor WHERE tenant_id = `+x.tenant+`
		UNION SELECT id, competitor_id FROM opportunity WHERE tenant_id = `+x.tenant+` AND competitor_id IS NOT NULL`)
}

func (Source) Rivals(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.RivalSum, error) {
	x := ask(q)
	x.present()
	x.add("row_", `SELECT COALESCE(p.competitor_id, '') AS competitor_id, COALESCE((SELECT c.name FROM competitor c WHERE c.tenant_id = `+x.tenant+` AND c.id = p.competitor_id), '') AS competitor, d.state,
		CASE WHEN d.state = 'lost' AND d.competitor_id = p.competitor_id THEN 1 ELSE 0 END AS lost_to, `+x.sums(amount)+`
		FROM deal d LEFT JOIN present p ON p.opportunity_id = d.id WHERE d.state IN ('won', 'lost') AND `+x.within("d.state_on"))
	return run(ctx, tx, x, `SELECT competitor_id, competitor, state, lost_to, count(*), `+totals+` FROM row_ GROUP BY competitor_id, competitor, state, lost_to, no_rate`, func(r *sql.Rows) (v funnel.RivalSum, err error) {
		err = r.Scan(append([]any{&v.CompetitorID, &v.Competitor, &v.State, &v.LostTo, &v.N}, into(&v.Sum)...)...)
		return v, err
	})
}

func (Source) MultiProduct(ctx context.Context, tx database.Tx, q funnel.Query) (int64, error) {
	x := ask(q)
	var n int64
	err := tx.QueryRow(ctx, x.sql(`SELECT count(*) FROM deal d WHERE d.state <> 'out' AND (SELECT count(DISTINCT l.product_line_id) FROM opportunity_line l WHERE l.tenant_id = `+x.tenant+` AND l.opportunity_id = d.id) > 1`), x.args.Values...).Scan(&n)
	return n, err
}

// MultiCredit counts what is attributed to several of the groups.
func (Source) MultiCredit(context.Context, database.Tx, funnel.Query) (int64, error) { return 0, nil }

func (Source) ProductNames(ctx context.Context, tx database.Tx, tenant string) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT id, name FROM product_line WHERE tenant_id = $1`, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}

func (Source) WonStays(ctx context.Context, tx database.Tx, tenant string) ([]funnel.WonStay, error) {
	rows, err := tx.Query(ctx, `SELECT s.stage_id, s.entered_on, s.left_on, count(*) FROM stay s JOIN opportunity o ON o.tenant_id = s.tenant_id AND o.id = s.opportunity_id
		WHERE s.tenant_id = $1 AND o.state = 'won' AND o.deleted_at IS NULL AND s.state = 'open' AND s.voided_at IS NULL AND s.entered_on IS NOT NULL AND s.left_on >= s.entered_on
		GROUP BY s.stage_id, s.entered_on, s.left_on`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (s funnel.WonStay, err error) { return s, r.Scan(&s.StageID, &s.From, &s.To, &s.N) })
}

// WonGround lists the days on which won records broke new ground: each stage's
// first entry, each milestone's first accepted submission, and the win.
func (Source) WonGround(ctx context.Context, tx database.Tx, tenant string) ([]funnel.Ground, error) {
	rows, err := tx.Query(ctx, `WITH event AS (
			SELECT s.opportunity_id, MIN(s.entered_on) AS happened_on, s.stage_id FROM stay s JOIN opportunity o ON o.tenant_id = s.tenant_id AND o.id = s.opportunity_id
			WHERE s.tenant_id = $1 AND o.state = 'won' AND o.deleted_at IS NULL AND s.voided_at IS NULL AND s.state IN ('open', 'won') AND s.entered_on IS NOT NULL GROUP BY s.opportunity_id, s.stage_id
			UNION ALL
			SELECT e.opportunity_id, MIN(e.submitted_on), e.stage_id FROM evidence e JOIN opportunity o ON o.tenant_id = e.tenant_id AND o.id = e.opportunity_id
			WHERE e.tenant_id = $1 AND e.status = 'accepted' AND o.state = 'won' AND o.deleted_at IS NULL GROUP BY e.opportunity_id, e.stage_id, e.milestone_key)
		SELECT opportunity_id, stage_id, happened_on FROM event ORDER BY opportunity_id, happened_on, stage_id`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (g funnel.Ground, err error) { return g, r.Scan(&g.OpportunityID, &g.StageID, &g.On) })
}

func (Source) Resolved(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.ResolvedCount, error) {
	tenant, pipelineID := q.TenantID, q.Pipeline.PipelineID
	rows, err := tx.Query(ctx, `WITH reached AS (
			SELECT DISTINCT k.id AS stage_id, s.opportunity_id FROM stay s JOIN stage st ON st.tenant_id = s.tenant_id AND st.id = s.stage_id AND st.kind IN ('open', 'won')
			JOIN stage k ON k.tenant_id = s.tenant_id AND k.pipeline_id = $2 AND k.kind = 'open' AND k.position <= st.position
			WHERE s.tenant_id = $1 AND s.pipeline_id = $2 AND s.voided_at IS NULL)
		SELECT r.stage_id, count(CASE WHEN o.state = 'won' THEN 1 END), count(CASE WHEN o.state = 'lost' THEN 1 END) FROM reached r
		JOIN opportunity o ON o.tenant_id = $1 AND o.id = r.opportunity_id WHERE o.pipeline_id = $2 AND o.deleted_at IS NULL AND o.state IN ('won', 'lost') GROUP BY r.stage_id`, tenant, pipelineID)
	return database.All(rows, err, func(r *sql.Rows) (c funnel.ResolvedCount, err error) { return c, r.Scan(&c.StageID, &c.Won, &c.Lost) })
}

// Rates returns the rate in force of every currency.
func (Source) Rates(ctx context.Context, tx database.Tx, tenant string, on calendar.Date, _ int64) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `SELECT currency, rate FROM exchange_rate WHERE tenant_id = $1 AND from_on <= $2 ORDER BY from_on, seq`, tenant, string(on))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var currency string
		var rate int64
		if err := rows.Scan(&currency, &rate); err != nil {
			return nil, err
		}
		out[currency] = rate
	}
	return out, rows.Err()
}
