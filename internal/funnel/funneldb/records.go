package funneldb

import (
	"context"
	"database/sql"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// Records lists the ids behind a figure, newest first, and how many there are.
func (Source) Records(ctx context.Context, tx database.Tx, q funnel.Query, m funnel.Measure, offset, limit int) ([]string, int64, error) {
	if m.Name == "stayed" || m.Name == "staying" {
		return stayed(ctx, tx, q, m, offset, limit)
	}
	x := ask(q)
	x.add("picked", x.measure(m))
	body := `FROM picked d`
	if m.Key != nil && q.Group != "" {
		key, join, _ := x.grouped()
		body += join + ` WHERE ` + key + ` = ` + x.args.Add(*m.Key)
	}
	var total int64
	if err := tx.QueryRow(ctx, x.sql(`SELECT count(*) `+body), x.args.Values...).Scan(&total); err != nil {
		return nil, 0, err
	}
	ids, err := run(ctx, tx, x, `SELECT d.id `+body+` ORDER BY d.state_on DESC NULLS LAST, d.id LIMIT `+x.args.Add(limit)+` OFFSET `+x.args.Add(offset), func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	return ids, total, err
}

// stayed lists the deals with a stay of some length in a stage. Working days are
// counted here: SQL has no calendar.
func stayed(ctx context.Context, tx database.Tx, q funnel.Query, m funnel.Measure, offset, limit int) ([]string, int64, error) {
	x := ask(q)
	open, end := m.Name == "staying", "(s.left_on IS NULL OR s.left_on > "+x.asOf+")"
	if !open {
		end = "s.left_on <= " + x.asOf + " AND " + x.within("s.left_on")
	}
	type row struct {
		id       string
		from, to calendar.Date
	}
	group := ""
	join := ""
	if m.Key != nil && q.Group != "" {
		var key string
		key, join, _ = x.grouped()
		group = " AND " + key + " = " + x.args.Add(*m.Key)
	}
	rows, err := run(ctx, tx, x, `SELECT d.id, s.entered_on, s.left_on FROM deal d CROSS JOIN stay s`+join+`
		WHERE s.tenant_id = `+x.tenant+` AND s.opportunity_id = d.id AND COALESCE(s.pipeline_id, '') = `+x.pipeline+` AND s.state = 'open' AND d.state <> 'out' AND `+x.counts("s")+`
		AND s.stage_id = `+x.args.Add(m.StageID)+` AND s.entered_on IS NOT NULL AND `+end+group+` ORDER BY d.state_on DESC NULLS LAST, d.id`, func(r *sql.Rows) (v row, err error) {
		return v, r.Scan(&v.id, &v.from, database.Into(&v.to))
	})
	if err != nil {
		return nil, 0, err
	}
	var ids []string
	for _, v := range rows {
		if open {
			v.to = q.AsOf
		} else if v.to < v.from {
			continue
		}
		if m.Bin.Holds(q.Calendar.WorkingDaysBetween(v.from, v.to)) && (len(ids) == 0 || ids[len(ids)-1] != v.id) {
			ids = append(ids, v.id)
		}
	}
	from := min(offset, len(ids))
	return ids[from:min(len(ids), from+limit)], int64(len(ids)), nil
}

// measure selects the deals behind a figure; each case is the condition under
// which the report counts a deal in it.
func (x *question) measure(m funnel.Measure) string {
	deals := func(condition string) string { return `SELECT d.* FROM deal d WHERE ` + condition }
	switch m.Name {
	case "created":
		return deals(`d.state <> 'out' AND ` + x.within("d.start_on"))
	case "created_open", "created_won", "created_lost", "created_withdrawn":
		return deals(`d.state = '` + strings.TrimPrefix(m.Name, "created_") + `' AND ` + x.within("d.start_on"))
	case "open":
		return deals(`d.state = 'open'`)
	case "won", "lost":
		return deals(`d.state = '` + m.Name + `' AND ` + x.within("d.state_on"))
	case "stage_now":
		return deals(`d.state = 'open' AND d.stage_id = ` + x.args.Add(m.StageID))
	case "undated":
		return deals(`d.state <> 'out' AND d.start_on IS NULL`)
	case "closed_undated":
		return deals(`d.state IN ('won', 'lost') AND d.state_on IS NULL`)
	case "no_amount":
		return deals(`(` + amount + `) IS NULL AND (d.state = 'open' OR d.state IN ('won', 'lost') AND ` + x.within("d.state_on") + `)`)
	case "lost_kind":
		return deals(`d.state = 'lost' AND ` + x.within("d.state_on") + ` AND COALESCE(d.loss_kind, 'unknown') = ` + x.args.Add(m.LossKind))
	case "lost_stage":
		return deals(`d.state = 'lost' AND ` + x.within("d.state_on") + ` AND ` + strings.ReplaceAll(lostFrom, "o_tenant", x.tenant) + ` = ` + x.args.Add(m.StageID))
	case "expected":
		return deals(`d.state = 'open' AND d.expected_on >= ` + x.asOf + ` AND substr(d.expected_on, 1, 7) = ` + x.args.Add(m.Month))
	case "expected_overdue":
		return deals(`d.state = 'open' AND d.expected_on < ` + x.asOf)
	case "expected_none":
		return deals(`d.state = 'open' AND d.expected_on IS NULL`)
	case "rival_won", "rival_lost":
		x.present()
		which := `NOT EXISTS (SELECT 1 FROM present p WHERE p.opportunity_id = d.id)`
		if m.CompetitorID != "" {
			which = `EXISTS (SELECT 1 FROM present p WHERE p.opportunity_id = d.id AND p.competitor_id = ` + x.args.Add(m.CompetitorID) + `)`
		}
		return deals(`d.state = '` + strings.TrimPrefix(m.Name, "rival_") + `' AND ` + x.within("d.state_on") + ` AND ` + which)
	case "cohort", "cohort_reached":
		x.cohort(m.StageID, m.Target)
		which := `c.entered = ` + x.args.Add(m.Month) + ` AND c.fate <> 'out'`
		if m.Name == "cohort_reached" {
			which += ` AND c.reached NOT IN ('', '?') AND c.reached <= ` + x.args.Add(funnel.MonthAfter(m.Month, m.Months))
		}
		return `SELECT d.* FROM deal d JOIN cohort c ON c.id = d.id WHERE ` + which
	case "loss":
		return deals(`d.state = 'lost' AND ` + x.within("d.state_on") + ` AND COALESCE(d.loss_kind, 'unknown') = ` + x.args.Add(m.LossKind) + ` AND COALESCE(d.competitor_id, '') = ` + x.args.Add(m.CompetitorID) +
			` AND ` + strings.ReplaceAll(lostFrom, "o_tenant", x.tenant) + ` = ` + x.args.Add(m.StageID))
	}
	x.reach()
	x.nextStage()
	cohort := map[string]string{"reached": "<> 'out'", "advanced": "= 'advanced'", "stage_lost": "= 'lost'", "stage_open": "= 'open'", "taken_out": "= 'out'"}[m.Name]
	when := "r.first_on = ''"
	switch {
	case m.Name == "stage_undated":
		cohort = "<> 'out'"
	case x.Windowed():
		when = "r.first_on <> '' AND " + x.within("r.first_on")
	default:
		when = "1 = 1"
	}
	return `SELECT d.* FROM reach r JOIN deal d ON d.id = r.opportunity_id JOIN step t ON t.stage_id = r.stage_id LEFT JOIN reach n ON n.opportunity_id = r.opportunity_id AND n.stage_id = t.next_id
		WHERE r.stage_id = ` + x.args.Add(m.StageID) + ` AND ` + when + ` AND ` + fate + ` ` + cohort
}
