package funneldb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// truth is 1 where a condition holds: both engines read it as a bool, and group by it.
func truth(condition string) string { return "CASE WHEN " + condition + " THEN 1 ELSE 0 END" }

// Counts are numbers and amounts by key, state and place in the window.
func (Source) Counts(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.Count, error) {
	x := ask(q)
	x.pathed()
	g, began, ended := x.grouped(), x.within("d.start_on"), x.within("d.state_on")
	body := x.summed([]column{{"key_", g.key}, {"state", "d.state"},
		{"in_created", truth(began)}, {"in_closed", truth(ended)}, {"dated", truth("d.start_on IS NOT NULL")},
		{"closed_dated", truth("d.state_on IS NOT NULL")}, {"unlike_tax", "d.unlike"},
		{"pathless", truth(pathless)}}, g,
		`FROM deal d`+g.join+` WHERE d.state <> 'out' AND (d.state = 'open' OR `+began+` OR `+ended+`
			OR d.start_on IS NULL OR d.state_on IS NULL)`)
	return totals(ctx, tx, x, body, summing[funnel.Count]{
		scan: func(r *sql.Rows, c *funnel.Count, tail ...any) error {
			return r.Scan(append([]any{&c.Key, &c.State, &c.InCreated, &c.InClosed, &c.Dated, &c.ClosedDated, &c.UnlikeTax, &c.Pathless}, tail...)...)
		},
		place: func(c *funnel.Count) (*int64, *funnel.Sum) { return &c.N, &c.Sum },
		of: func(c funnel.Count) some {
			switch q.Group {
			case funnel.ByOwner:
				return some{holder: func(h holder) bool { return h.member == c.Key }}
			case funnel.ByTeam:
				return some{holder: func(h holder) bool { return h.team == c.Key }}
			case funnel.ByProduct:
				return some{product: &c.Key}
			}
			return some{}
		},
	})
}

// Cycles are the calendar days from beginning to closing.
func (Source) Cycles(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.Cycled, error) {
	x := ask(q)
	g := x.grouped()
	x.add("row_", `SELECT `+g.key+` AS key_, d.state, d.start_on, d.state_on FROM deal d`+g.join+`
		WHERE d.state IN ('won', 'lost') AND `+x.within("d.state_on"))
	return run(ctx, tx, x, `SELECT key_, state, start_on, state_on, count(*) FROM row_
		GROUP BY key_, state, start_on, state_on`,
		func(r *sql.Rows) (c funnel.Cycled, err error) {
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

// Open is what is open, by stage, month of expected close and stated confidence.
func (Source) Open(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.OpenSum, error) {
	x := ask(q)
	body := x.summed([]column{{"stage_id", "d.stage_id"}, {"month", "COALESCE(substr(d.expected_on, 1, 7), '')"},
		{"overdue", truth("d.expected_on < " + x.asOf)}, {"confidence_bp", "d.confidence_bp"}}, records,
		`FROM deal d WHERE d.state = 'open' AND d.stage_id IS NOT NULL`)
	stated := map[int64]*int64{} // equal values by one address, so that equal answers are equal
	return totals(ctx, tx, x, body, summing[funnel.OpenSum]{
		scan: func(r *sql.Rows, o *funnel.OpenSum, tail ...any) error {
			err := r.Scan(append([]any{&o.StageID, &o.Month, &o.Overdue, &o.ConfidenceBP}, tail...)...)
			if bp := o.ConfidenceBP; bp != nil {
				if stated[*bp] == nil {
					stated[*bp] = bp
				}
				o.ConfidenceBP = stated[*bp]
			}
			return err
		},
		place: func(o *funnel.OpenSum) (*int64, *funnel.Sum) { return &o.N, &o.Sum },
	})
}

// lostFrom joins the stage each deal stood open in last, as f.image: "" is none of the
// report's, and NULL that its path is unknown.
func (x *question) lostFrom() string {
	x.add("last_open", `SELECT id, image FROM (
			SELECT id, image, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ord DESC) AS place FROM live WHERE state = 'open') AS o
		WHERE place = 1`)
	return ` LEFT JOIN last_open f ON f.id = d.id`
}

// competitor is the name of one, of today.
func (x *question) competitor(id string) string {
	return `COALESCE((SELECT c.name FROM competitor c WHERE c.tenant_id = ` + x.tenant + ` AND c.id = ` + id + `), '')`
}

// sameRival is the competitor a spelling of one is read as.
func (x *question) sameRival(id string) string {
	return `COALESCE((SELECT sr.same_as FROM competitor sr WHERE sr.tenant_id = ` + x.tenant + ` AND sr.id = ` + id + `), ` + id + `)`
}

// Losses are what was lost in the window, by what the closing says of it.
func (Source) Losses(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.LossSum, error) {
	x := ask(q)
	body := x.summed([]column{{"kind", "COALESCE(d.loss_kind, 'unknown')"}, {"from_stage", "COALESCE(f.image, '')"},
		{"competitor_id", "COALESCE(d.competitor_id, '')"}, {"competitor", x.competitor("d.competitor_id")}}, records,
		`FROM deal d`+x.lostFrom()+` WHERE d.state = 'lost' AND `+x.within("d.state_on"))
	return totals(ctx, tx, x, body, summing[funnel.LossSum]{
		scan: func(r *sql.Rows, l *funnel.LossSum, tail ...any) error {
			return r.Scan(append([]any{&l.Kind, &l.StageID, &l.CompetitorID, &l.Competitor}, tail...)...)
		},
		place: func(l *funnel.LossSum) (*int64, *funnel.Sum) { return &l.N, &l.Sum },
	})
}

// present is the competitors of each deal: those named in it, as today, and the one it
// was lost to.
func (x *question) present() {
	x.add("present", `SELECT n.opportunity_id AS id, `+x.sameRival("n.competitor_id")+` AS competitor_id FROM opportunity_competitor n
		WHERE n.tenant_id = `+x.tenant+`
		UNION SELECT d.id, d.competitor_id FROM deal d WHERE d.competitor_id IS NOT NULL`)
}

// Rivals are what closed in the window, once with each competitor present.
func (Source) Rivals(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.RivalSum, error) {
	x := ask(q)
	x.present()
	body := x.summed([]column{{"competitor_id", "COALESCE(p.competitor_id, '')"},
		{"competitor", x.competitor("p.competitor_id")}, {"state", "d.state"},
		{"lost_to", truth("d.state = 'lost' AND d.competitor_id = p.competitor_id")}}, records,
		`FROM deal d LEFT JOIN present p ON p.id = d.id WHERE d.state IN ('won', 'lost') AND `+x.within("d.state_on"))
	return totals(ctx, tx, x, body, summing[funnel.RivalSum]{
		scan: func(r *sql.Rows, v *funnel.RivalSum, tail ...any) error {
			return r.Scan(append([]any{&v.CompetitorID, &v.Competitor, &v.State, &v.LostTo}, tail...)...)
		},
		place: func(v *funnel.RivalSum) (*int64, *funnel.Sum) { return &v.N, &v.Sum },
	})
}

// Against are what closed in the window, by whether one competitor was present.
func (Source) Against(ctx context.Context, tx database.Tx, q funnel.Query, competitor string) ([]funnel.AgainstCount, error) {
	x := ask(q)
	x.present()
	x.add("it", `SELECT `+x.sameRival("CAST("+x.args.Add(competitor)+" AS text)")+` AS id`)
	g := x.grouped()
	x.add("row_", `SELECT `+g.key+` AS key_, d.state, `+truth("d.id IN (SELECT p.id FROM present p JOIN it ON it.id = p.competitor_id)")+` AS met,
			`+truth("d.state = 'lost' AND d.competitor_id = (SELECT id FROM it)")+` AS lost_to,
			CASE WHEN d.state = 'lost' THEN COALESCE(f.image, '') ELSE '' END AS from_stage
		FROM deal d`+g.join+x.lostFrom()+` WHERE d.state IN ('won', 'lost') AND `+x.within("d.state_on"))
	return run(ctx, tx, x, `SELECT key_, state, from_stage, met, lost_to, count(*) FROM row_
		GROUP BY key_, state, from_stage, met, lost_to`,
		func(r *sql.Rows) (c funnel.AgainstCount, err error) {
			return c, r.Scan(&c.Key, &c.State, &c.StageID, &c.Met, &c.LostTo, &c.N)
		})
}

// MultiProduct counts the deals in several product lines as of their day.
func (Source) MultiProduct(ctx context.Context, tx database.Tx, q funnel.Query) (n int64, err error) {
	x := ask(q)
	x.lines()
	err = tx.QueryRow(ctx, x.sql(`SELECT count(*) FROM (SELECT d.id FROM deal d JOIN line l ON l.id = d.id
		WHERE d.state <> 'out' GROUP BY d.id HAVING count(*) > 1) AS several`), x.args.Values...).Scan(&n)
	return n, err
}

// MultiCredit counts the deals attributed to several of the groups, of those the figure
// shows: members or teams.
func (Source) MultiCredit(ctx context.Context, tx database.Tx, q funnel.Query) (n int64, err error) {
	x := ask(q)
	if !x.byHolder() {
		return 0, nil
	}
	err = tx.QueryRow(ctx, x.sql(`SELECT count(*) FROM (SELECT d.id FROM deal d`+x.grouped().join+`
		WHERE d.state <> 'out' GROUP BY d.id HAVING count(*) > 1) AS several`), x.args.Values...).Scan(&n)
	return n, err
}
