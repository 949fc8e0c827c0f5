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
func (Source) Records(
	ctx context.Context, tx database.Tx, q funnel.Query, m funnel.Measure, offset, limit int,
) ([]string, int64, error) {
	if m.OfStays() {
		ids, err := stayed(ctx, tx, q, m)
		from := min(offset, len(ids))
		return ids[from:min(len(ids), from+limit)], int64(len(ids)), err
	}
	x := ask(q)
	x.add("picked", x.measure(m))
	body := `FROM picked d` + x.inGroup(m)
	var total int64
	if err := tx.QueryRow(ctx, x.sql(`SELECT count(*) `+body), x.args.Values...).Scan(&total); err != nil {
		return nil, 0, err
	}
	ids, err := run(ctx, tx, x, `SELECT d.id `+body+newest+` LIMIT `+x.args.Add(limit)+` OFFSET `+x.args.Add(offset),
		func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	return ids, total, err
}

// newest is the order of the records behind a figure.
const newest = ` ORDER BY d.state_on DESC NULLS LAST, d.id`

// inGroup joins what keeps the deals of one group, where one is asked for.
func (x *question) inGroup(m funnel.Measure) string {
	if m.Key == nil || x.Group == "" {
		return ""
	}
	g := x.grouped()
	return g.join + ` WHERE ` + g.key + ` = ` + x.args.Add(*m.Key)
}

// stayed lists the deals with a stay of some length in a stage. Working days are
// counted here: SQL has no calendar.
func stayed(ctx context.Context, tx database.Tx, q funnel.Query, m funnel.Measure) ([]string, error) {
	x := ask(q)
	end := "s.left_move IS NULL"
	ended := func() string { return "s.left_on IS NOT NULL AND " + x.within("s.left_on") } // adds its days, which PostgreSQL wants used
	switch m.Name {
	case "stayed", "stayed_forward":
		end = ended()
	case "stays":
		end = "(" + end + " OR " + ended() + ")"
	}
	if m.Name == "stayed_forward" {
		end += " AND " + forward
	}
	if m.StageID != "" {
		end += " AND s.image = " + x.args.Add(m.StageID)
	}
	x.add("picked", `SELECT d.*, s.entered_on, s.left_on, `+truth("s.left_move IS NULL")+` AS going FROM deal d JOIN live s ON s.id = d.id
		WHERE s.image <> '' AND s.state = 'open' AND d.state <> 'out' AND s.entered_on IS NOT NULL AND `+end)
	type row struct {
		id       string
		going    bool
		from, to calendar.Date
	}
	rows, err := run(ctx, tx, x, `SELECT d.id, d.going, d.entered_on, d.left_on FROM picked d`+x.inGroup(m)+newest,
		func(r *sql.Rows) (v row, err error) { return v, r.Scan(&v.id, &v.going, &v.from, database.Into(&v.to)) })
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, v := range rows {
		if v.going {
			v.to = q.AsOf
		}
		if v.to < v.from || !m.Bin.Holds(q.Calendar.WorkingDaysBetween(v.from, v.to)) {
			continue
		}
		if len(ids) == 0 || ids[len(ids)-1] != v.id {
			ids = append(ids, v.id)
		}
	}
	return ids, nil
}

// measure selects the deals behind a figure; each case is the condition under
// which the report counts a deal in it.
func (x *question) measure(m funnel.Measure) string {
	deals := func(conditions ...string) string {
		return `SELECT d.* FROM deal d WHERE ` + strings.Join(conditions, " AND ")
	}
	began := func() string { return x.within("d.start_on") }
	ended := func() string { return x.within("d.state_on") }
	switch m.Name {
	case "created":
		return deals("d.state <> 'out'", began())
	case "created_open", "created_won", "created_lost", "created_withdrawn":
		return deals("d.state = '"+strings.TrimPrefix(m.Name, "created_")+"'", began())
	case "open":
		return deals("d.state = 'open'")
	case "closed":
		return deals("d.state IN ('won', 'lost')", ended())
	case "won", "lost":
		return deals("d.state = '"+m.Name+"'", ended())
	case "stage_now":
		return deals("d.state = 'open'", "d.stage_id = "+x.args.Add(m.StageID))
	case "undated":
		return deals("d.state <> 'out'", "d.start_on IS NULL")
	case "closed_undated":
		return deals("d.state IN ('won', 'lost')", "d.state_on IS NULL")
	case "pathless":
		x.pathed()
		return deals(pathless, ended())
	case "no_amount":
		return deals("d.minor IS NULL", "(d.state = 'open' OR d.state IN ('won', 'lost') AND "+ended()+")")
	case "unlike_tax":
		return deals("d.minor IS NOT NULL", "d.unlike = 1", "(d.state = 'open' OR d.state IN ('won', 'lost') AND "+ended()+")")
	case "expected":
		return deals("d.state = 'open'", "d.expected_on >= "+x.asOf, "substr(d.expected_on, 1, 7) = "+x.args.Add(m.Month))
	case "expected_overdue":
		return deals("d.state = 'open'", "d.expected_on < "+x.asOf)
	case "expected_none":
		return deals("d.state = 'open'", "d.expected_on IS NULL")
	case "rival_won", "rival_lost", "rival_closed", "rival_lost_to", "rival_lost_stage":
		return x.ofRival(m)
	case "cohort", "cohort_reached", "cohort_advanced", "cohort_lost", "cohort_open", "cohort_out":
		return deals("d.id IN (" + x.ofTriangle(m) + ")")
	case "qualified_open":
		x.reach(m.StageID)
		return deals("d.state = 'open'", "d.id IN (SELECT id FROM reach)")
	case "qualified_closed":
		x.reach(m.StageID)
		return deals("d.state IN ('won', 'lost')", ended(), "d.id IN (SELECT id FROM reach)")
	case "qualified_won":
		x.reach(m.StageID)
		return deals("d.state = 'won'", ended(),
			"d.id IN (SELECT r.id FROM reach r WHERE r.first_on <> '' AND r.first_on <= d.state_on)")
	case "loss", "lost_kind", "lost_stage":
		return x.ofLoss(m)
	}
	return x.ofCohort(m)
}

// ofRival selects the deals of a competitor: won, lost or closed where it was present, lost to it, or lost from a stage.
func (x *question) ofRival(m funnel.Measure) string {
	if m.Name == "rival_lost_to" {
		return `SELECT d.* FROM deal d WHERE d.state = 'lost' AND d.competitor_id = ` + x.args.Add(m.CompetitorID) + ` AND ` + x.within("d.state_on")
	}
	x.present()
	which := "d.id NOT IN (SELECT id FROM present)"
	if m.CompetitorID != "" {
		which = "d.id IN (SELECT id FROM present WHERE competitor_id = " + x.args.Add(m.CompetitorID) + ")"
	}
	out := `SELECT d.* FROM deal d`
	switch m.Name {
	case "rival_closed":
		which += " AND d.state IN ('won', 'lost')"
	case "rival_lost_stage":
		out += x.lostFrom()
		which += " AND d.state = 'lost' AND COALESCE(f.image, '') = " + x.args.Add(m.StageID)
	default:
		which += " AND d.state = '" + strings.TrimPrefix(m.Name, "rival_") + "'"
	}
	return out + " WHERE " + which + " AND " + x.within("d.state_on")
}

// ofTriangle selects the deals of a cohort's month: all, those of one fate, or those that had
// reached the target in time.
func (x *question) ofTriangle(m funnel.Measure) string {
	x.cohort(m.StageID, m.Target)
	which := "SELECT c.id FROM cohort c WHERE c.entered = " + x.args.Add(m.Month)
	switch became := strings.TrimPrefix(m.Name, "cohort_"); became {
	case "cohort":
		return which + " AND c.fate <> 'out'"
	case "reached":
		return which + " AND c.fate <> 'out' AND c.reached NOT IN ('', '?') AND c.reached <= " +
			x.args.Add(funnel.MonthAfter(m.Month, m.Months))
	default:
		return which + " AND c.fate = '" + became + "'"
	}
}

// ofLoss selects the deals of a line of losses: by kind, by the stage they were lost from,
// or by both and the competitor.
func (x *question) ofLoss(m funnel.Measure) string {
	out := `SELECT d.* FROM deal d` + x.lostFrom() + ` WHERE d.state = 'lost' AND ` + x.within("d.state_on")
	if m.Name != "lost_stage" {
		out += " AND COALESCE(d.loss_kind, 'unknown') = " + x.args.Add(m.LossKind)
	}
	if m.Name != "lost_kind" {
		out += " AND COALESCE(f.image, '') = " + x.args.Add(m.StageID)
	}
	if m.Name == "loss" {
		out += " AND COALESCE(d.competitor_id, '') = " + x.args.Add(m.CompetitorID)
	}
	return out
}

// ofCohort selects the deals behind the figures of a stage's cohort.
func (x *question) ofCohort(m funnel.Measure) string {
	x.reach(m.StageID)
	became := "<> 'out'"
	if fate, one := cohortFates[m.Name]; one {
		became = "= '" + fate + "'"
	}
	when := "1 = 1"
	switch {
	case m.Name == "stage_undated":
		when = "r.first_on = ''"
	case x.Windowed():
		when = "r.first_on <> '' AND " + x.within("r.first_on")
	}
	return `SELECT d.* FROM reach r JOIN deal d ON d.id = r.id WHERE ` + when + ` AND ` + fate("r.past = 1") + ` ` + became
}

// cohortFates are the measures of a cohort that are of one fate.
var cohortFates = map[string]string{"advanced": "advanced", "stage_lost": "lost", "stage_open": "open", "taken_out": "out"}
