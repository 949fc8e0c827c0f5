package funneldb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// Stays are the open stays by their length, each for the stage of the report it counts for.
func (Source) Stays(ctx context.Context, tx database.Tx, q funnel.Query) (out funnel.Stays, err error) {
	x := ask(q)
	x.add("row_", `SELECT s.image AS stage_id, s.entered_on, s.left_on, `+truth("s.left_move IS NOT NULL")+` AS ended,
			`+truth(forward)+` AS forward, s.move,
			`+truth("s.left_on IS NOT NULL AND "+x.within("s.left_on"))+` AS in_window,
			`+truth(x.within("s.entered_on"))+` AS began
		FROM deal d JOIN live s ON s.id = d.id WHERE s.image <> '' AND s.state = 'open' AND d.state <> 'out'`)
	keys := `stage_id, entered_on, left_on, ended, forward, move, in_window, began`
	body := `SELECT ` + keys + `, count(*) FROM row_ GROUP BY ` + keys
	out.Lengths, err = run(ctx, tx, x, body, func(r *sql.Rows) (s funnel.StayLength, err error) {
		var from, to calendar.Date
		err = r.Scan(&s.StageID, database.Into(&from), database.Into(&to), &s.Ended, &s.Forward, &s.Move,
			&s.InWindow, &s.BeganWindow, &s.N)
		if !s.Ended {
			to = q.AsOf
		}
		long, known := daysBetween(from, to)
		if s.Known = known; known {
			s.Working = q.Calendar.WorkingDaysBetween(from, to)
		}
		if known && s.Ended && s.InWindow {
			out.Days = append(out.Days, funnel.StaySpan{StageID: s.StageID, Length: long, Forward: s.Forward, N: s.N})
		}
		return s, err
	})
	if err == nil {
		out.Worked, err = worked(ctx, tx, q)
	}
	return out, err
}

// worked is the quarters worked in the stays that ended in the window. They are told here: SQL has
// neither calendar nor zone.
func worked(ctx context.Context, tx database.Tx, q funnel.Query) ([]funnel.StaySpan, error) {
	x := ask(q)
	x.add("row_", `SELECT s.image AS stage_id, s.entered_on, s.left_on, `+truth(forward)+` AS forward,
			CASE WHEN s.left_at IS NOT NULL THEN s.entered_at END AS entered_at,
			CASE WHEN s.entered_at IS NOT NULL THEN s.left_at END AS left_at,
			(SELECT t.time_zone FROM tenant t WHERE t.id = `+x.tenant+`) AS zone
		FROM deal d JOIN live s ON s.id = d.id WHERE s.image <> '' AND s.state = 'open' AND d.state <> 'out'
			AND s.left_on >= s.entered_on AND `+x.within("s.left_on"))
	keys := `stage_id, entered_on, left_on, forward, entered_at, left_at, zone`
	return run(ctx, tx, x, `SELECT `+keys+`, count(*) FROM row_ GROUP BY `+keys, func(r *sql.Rows) (s funnel.StaySpan, err error) {
		var from, to calendar.Date
		var entered, left database.Instant
		var name string
		if err = r.Scan(&s.StageID, &from, &to, &s.Forward, &entered, &left, &name, &s.N); err != nil {
			return s, err
		}
		zone, err := calendar.Zone(name)
		if err != nil {
			return s, err
		}
		s.Length = calendar.Quarters * q.Calendar.WorkingDaysBetween(from, to)
		began, known := calendar.QuarterOf(entered.Time, from, zone)
		ended, also := calendar.QuarterOf(left.Time, to, zone)
		if known && also {
			s.Length = q.Calendar.QuartersBetween(from, began, to, ended)
		}
		return s, nil
	})
}

// wonNow is the live stays of the company's won records, as known now.
const wonNow = `WITH
	live AS MATERIALIZED (
		SELECT s.opportunity_id, s.ord, s.version_id, s.stage_id, s.state, s.move, s.entered_on,
			LEAD(s.entered_on) OVER w AS left_on, LEAD(s.move) OVER w AS left_move
		FROM stay s WHERE s.tenant_id = $1 AND s.ended_seq IS NULL AND s.voided_at IS NULL
		WINDOW w AS (PARTITION BY s.opportunity_id ORDER BY s.ord)),
	won AS MATERIALIZED (
		SELECT l.opportunity_id FROM live l JOIN opportunity o ON o.tenant_id = $1 AND o.id = l.opportunity_id
		WHERE l.left_move IS NULL AND l.state = 'won' AND o.deleted_at IS NULL),
	stay_of_won AS MATERIALIZED (SELECT l.* FROM won JOIN live l ON l.opportunity_id = won.opportunity_id)`

// WonStays are the ended stays of won records, as known now.
func (Source) WonStays(ctx context.Context, tx database.Tx, tenant string) ([]funnel.WonSpan, error) {
	rows, err := tx.Query(ctx, wonNow+`
		SELECT stage_id, entered_on, left_on, count(*) FROM stay_of_won
		WHERE state = 'open' AND entered_on IS NOT NULL AND left_on >= entered_on
		GROUP BY stage_id, entered_on, left_on`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (s funnel.WonSpan, err error) {
		return s, r.Scan(&s.StageID, &s.From, &s.To, &s.N)
	})
}

// WonGaps are the days between those on which won records broke new ground.
func (s Source) WonGaps(ctx context.Context, tx database.Tx, tenant string) (gaps []funnel.WonSpan, err error) {
	ground, err := s.WonGround(ctx, tx, tenant)
	for i := 1; i < len(ground); i++ {
		if before, after := ground[i-1], ground[i]; before.OpportunityID == after.OpportunityID {
			gaps = append(gaps, funnel.WonSpan{StageID: before.StageID, From: before.On, To: after.On, N: 1})
		}
	}
	return gaps, err
}

// Ground is a day on which a won opportunity broke new ground in a stage.
type Ground struct {
	OpportunityID, StageID string
	On                     calendar.Date
}

// WonGround lists the days on which won records broke new ground, as known now: each
// stage's first entry where no stay before had reached it, each milestone's first accepted
// submission, and the win. A stay before reached it if its stage stands there or beyond in
// the version of the later one; a remap breaks none.
func (Source) WonGround(ctx context.Context, tx database.Tx, tenant string) ([]Ground, error) {
	rows, err := tx.Query(ctx, wonNow+`,
		ranked AS MATERIALIZED (
			SELECT s.opportunity_id, s.ord, s.version_id, s.stage_id, s.entered_on, s.move, v.position FROM stay_of_won s
			JOIN stage_version v ON v.tenant_id = $1 AND v.version_id = s.version_id AND v.stage_id = s.stage_id
			WHERE s.state IN ('open', 'won')),
		walked AS MATERIALIZED (
			SELECT DISTINCT s.opportunity_id, s.ord FROM ranked s
			JOIN ranked b ON b.opportunity_id = s.opportunity_id AND b.ord < s.ord
			JOIN stage_version v ON v.tenant_id = $1 AND v.version_id = s.version_id AND v.stage_id = b.stage_id
				AND v.position >= s.position),
		event AS (
			SELECT s.opportunity_id, s.entered_on AS happened_on, s.stage_id FROM ranked s
			LEFT JOIN walked k ON k.opportunity_id = s.opportunity_id AND k.ord = s.ord
			WHERE k.ord IS NULL AND s.move <> 'remap' AND s.entered_on IS NOT NULL
			UNION ALL SELECT e.opportunity_id, MIN(e.submitted_on), e.stage_id FROM won
			JOIN evidence e ON e.tenant_id = $1 AND e.opportunity_id = won.opportunity_id
			WHERE e.status = 'accepted' GROUP BY e.opportunity_id, e.stage_id, e.milestone_key)
		SELECT opportunity_id, stage_id, happened_on FROM event ORDER BY opportunity_id, happened_on, stage_id`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (g Ground, err error) {
		return g, r.Scan(&g.OpportunityID, &g.StageID, &g.On)
	})
}

// forward is the condition of a stay that was left by advancing, skipping or winning.
const forward = "s.left_move IN ('advance', 'skip', 'win')"
