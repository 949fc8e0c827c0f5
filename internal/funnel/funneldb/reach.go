package funneldb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// reach is the first reach of some rungs, or of all, by each record, whether a stay of its
// was past the rung, and whether it stayed there itself. First_on is "" where the first
// day is unknown: the text sorts before every date, so an unknown is never hidden by a
// later known one. A stay a remap began reaches nothing: the record did not move. What came closed, with no stay in
// an open stage, reached the first stage when it began, and the end where it was won; what lies between nobody knows.
func (x *question) reach(stages ...string) {
	var rungs []string
	for k, s := range x.Path.Rungs {
		if len(stages) == 0 || slices.Contains(stages, s.ID) {
			rungs = append(rungs, "("+x.text(s.ID)+", CAST("+mask(k)+" AS bigint))")
		}
	}
	if rungs == nil { // nothing of the path
		rungs = []string{"(CAST('' AS text), CAST(0 AS bigint))"}
	}
	x.add("rung(stage_id, mask)", "VALUES "+strings.Join(rungs, ", "))
	first, top := mask(0), mask(len(x.Path.Rungs)-1)
	x.pathed()
	x.add("stayed", `SELECT DISTINCT id, image FROM live WHERE state IN ('open', 'won') AND image <> ''
		UNION SELECT id, `+x.text(x.Path.Rungs[0].ID)+` FROM live WHERE id NOT IN (SELECT id FROM pathed)`)
	x.add("climbed", `SELECT s.id, g.stage_id, MIN(COALESCE(s.entered_on, '')) AS first_on,
			MAX(`+truth("(s.past & g.mask) <> 0")+`) AS past
		FROM live s JOIN rung g ON (s.reaches & g.mask) <> 0
		WHERE s.state IN ('open', 'won') AND s.move <> 'remap'
			AND (s.id IN (SELECT id FROM pathed) OR g.mask = `+top+`) GROUP BY s.id, g.stage_id
		UNION ALL SELECT d.id, g.stage_id, COALESCE(MIN(d.start_on), ''), MAX(`+truth("s.state = 'won'")+`)
		FROM deal d JOIN live s ON s.id = d.id JOIN rung g ON g.mask = `+first+`
		WHERE (s.existed & `+first+`) <> 0 AND d.id NOT IN (SELECT id FROM pathed) GROUP BY d.id, g.stage_id`)
	x.add("reach", `SELECT c.id, c.stage_id, c.first_on, c.past, `+truth("s.id IS NOT NULL")+` AS stayed
		FROM climbed c LEFT JOIN stayed s ON s.id = c.id AND s.image = c.stage_id`)
}

// pathed is every deal that stood in an open stage of the pipeline; of the others nobody knows the path.
func (x *question) pathed() {
	if !x.has["pathed"] {
		x.add("pathed", `SELECT DISTINCT id FROM live WHERE state = 'open' AND pipeline_id = `+x.pipeline)
	}
}

// pathless is the condition of a deal that was closed and of which nobody knows the path.
const pathless = "d.state IN ('won', 'lost') AND d.id NOT IN (SELECT id FROM pathed)"

// mask is the bit of a rung.
func mask(rung int) string { return fmt.Sprint(uint64(1) << max(rung, 0)) }

// fate says what became of deal d that reached a stage, and, where advanced holds, went on.
func fate(advanced string) string {
	return `CASE WHEN ` + advanced + ` THEN 'advanced' WHEN d.state IN ('out', 'withdrawn') THEN 'out'
		WHEN d.state = 'won' THEN 'advanced' ELSE d.state END`
}

// Reached says what became of the deals that reached each stage.
func (Source) Reached(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.Reach, error) {
	x := ask(q)
	x.reach()
	x.add("row_", `SELECT r.stage_id, `+fate("r.past = 1")+` AS fate, r.stayed, r.first_on,
			`+truth("r.first_on <> ''")+` AS dated
		FROM reach r JOIN deal d ON d.id = r.id WHERE r.first_on = '' OR `+x.within("r.first_on"))
	list, err := run(ctx, tx, x, `SELECT stage_id, fate, dated, stayed, count(*), max(first_on) FROM row_
		GROUP BY stage_id, fate, dated, stayed`,
		func(r *sql.Rows) (c funnel.Reach, err error) {
			return c, r.Scan(&c.StageID, &c.Fate, &c.Dated, &c.Stayed, &c.N, &c.Youngest)
		})
	if err != nil {
		return nil, err
	}
	// The lost stage is reached by being lost.
	x = ask(q)
	lost, err := run(ctx, tx, x, `SELECT d.stage_id, count(*) FROM deal d
		WHERE d.state = 'lost' AND d.stage_id IS NOT NULL AND `+x.within("d.state_on")+`
		GROUP BY d.stage_id`, func(r *sql.Rows) (c funnel.Reach, err error) {
		c = funnel.Reach{Fate: "lost", Dated: true, Stayed: true}
		return c, r.Scan(&c.StageID, &c.N)
	})
	return append(list, lost...), err
}

// Qualified is what reached a stage, by state, with the days from there to the win.
func (Source) Qualified(
	ctx context.Context, tx database.Tx, q funnel.Query, stage string,
) ([]funnel.QualifiedSum, error) {
	x := ask(q)
	x.reach(stage)
	ended := truth("d.state IN ('won', 'lost') AND " + x.within("d.state_on"))
	body := x.summed([]column{{"state", "d.state"}, {"in_window", ended}, {"first_on", "r.first_on"},
		{"state_on", "d.state_on"}}, records,
		`FROM reach r JOIN deal d ON d.id = r.id WHERE d.state IN ('open', 'won', 'lost')`)
	return totals(ctx, tx, x, body, summing[funnel.QualifiedSum]{
		scan: func(r *sql.Rows, c *funnel.QualifiedSum, tail ...any) error {
			var from, to calendar.Date
			err := r.Scan(append([]any{&c.State, &c.InWindow, &from, database.Into(&to)}, tail...)...)
			c.Days, c.Known = daysBetween(from, to)
			return err
		},
		place: func(c *funnel.QualifiedSum) (*int64, *funnel.Sum) { return &c.N, &c.Sum },
	})
}

// Cohorts joins the first reaches of two stages.
func (Source) Cohorts(
	ctx context.Context, tx database.Tx, q funnel.Query, stage, target string,
) ([]funnel.CohortCell, error) {
	x := ask(q)
	x.cohort(stage, target)
	return run(ctx, tx, x, `SELECT entered, reached, fate, count(*) FROM cohort GROUP BY entered, reached, fate`,
		func(r *sql.Rows) (c funnel.CohortCell, err error) {
			return c, r.Scan(&c.Entered, &c.Reached, &c.Fate, &c.N)
		})
}

// cohort is one row per deal that reached a stage: the month it did, the month it reached
// the target, and what became of it. A target that existed in none of the deal's versions
// it could neither reach nor miss: it is in no cohort; nor is one whose path nobody knows, but up to the win.
func (x *question) cohort(stage, target string) {
	x.reach(stage, target)
	to := x.Path.Rung(target)
	could := `SELECT DISTINCT id FROM live WHERE (existed & ` + mask(to) + `) <> 0`
	if to != len(x.Path.Rungs)-1 {
		could += ` AND id IN (SELECT id FROM pathed)`
	}
	x.add("could", could)
	x.add("cohort", `SELECT d.id, substr(r.first_on, 1, 7) AS entered,
			CASE WHEN n.id IS NULL THEN '' WHEN n.first_on = '' THEN '?' ELSE substr(n.first_on, 1, 7) END AS reached,
			`+fate("n.id IS NOT NULL")+` AS fate
		FROM reach r JOIN deal d ON d.id = r.id JOIN could c ON c.id = r.id
		LEFT JOIN reach n ON n.id = r.id AND n.stage_id = `+x.text(target)+`
		WHERE r.stage_id = `+x.text(stage)+` AND (r.first_on = '' OR `+x.within("r.first_on")+`)`)
}

// Resolved counts, over the whole company, what was won and lost of all that reached each
// stage, as of the question's day and knowledge.
func (Source) Resolved(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.ResolvedCount, error) {
	q.Filter, q.Figures, q.Group, q.From, q.To = opportunity.Filter{}, org.Figures{All: true}, "", "", ""
	x := ask(q)
	x.reach()
	return run(ctx, tx, x, `SELECT r.stage_id, sum(`+truth("d.state = 'won'")+`), sum(`+truth("d.state = 'lost'")+`)
		FROM reach r JOIN deal d ON d.id = r.id WHERE d.state IN ('won', 'lost') GROUP BY r.stage_id`,
		func(r *sql.Rows) (c funnel.ResolvedCount, err error) { return c, r.Scan(&c.StageID, &c.Won, &c.Lost) })
}
