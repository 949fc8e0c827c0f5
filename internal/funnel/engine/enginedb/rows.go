// Package enginedb is the SQL the in-memory funnel is loaded and fed by.
package enginedb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/opportunity/opportunitydb"
)

// Rows implements engine.Rows.
type Rows struct{}

func (Rows) Tail(ctx context.Context, tx database.Tx, tenant string) (seq int64, id string, err error) {
	err = tx.QueryRow(ctx, `SELECT seq, id FROM journal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`, tenant).Scan(&seq, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return seq, id, err
}

func (Rows) EntryID(ctx context.Context, tx database.Tx, tenant string, seq int64) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM journal WHERE tenant_id = $1 AND seq = $2`, tenant, seq).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func (Rows) Touched(ctx context.Context, tx database.Tx, tenant string, after int64, limit int) ([]engine.Touch, error) {
	rows, err := tx.Query(ctx, `SELECT seq, id, subject_kind, subject_id, scope_kind, scope_id FROM journal WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, tenant, after, limit)
	return database.All(rows, err, func(r *sql.Rows) (t engine.Touch, err error) {
		return t, r.Scan(&t.Seq, &t.ID, &t.SubjectKind, &t.SubjectID, &t.ScopeKind, &t.ScopeID)
	})
}

// idsAtOnce bounds the ids bound to one statement.
const idsAtOnce = 400

func (Rows) Size(ctx context.Context, tx database.Tx, tenant string) (n int64, err error) {
	return n, tx.QueryRow(ctx, `SELECT count(*) FROM opportunity WHERE tenant_id = $1`, tenant).Scan(&n)
}

// Page reads a run of opportunities with all that hangs on them: their ids first, so
// that every part is read by its range of keys.
func (r Rows) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	var last sql.NullString
	err := tx.QueryRow(ctx, `SELECT max(id) FROM (SELECT id FROM opportunity WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3) AS page`, tenant, after, limit).Scan(&last)
	if err != nil || !last.Valid {
		return nil, err
	}
	return r.deals(ctx, tx, tenant, func(args *database.Args, id string) string {
		return id + " > " + args.Add(after) + " AND " + id + " <= " + args.Add(last.String)
	})
}

// Deals reads opportunities with all that hangs on them.
func (r Rows) Deals(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]engine.Deal, error) {
	var out []engine.Deal
	for from := 0; from < len(ids); from += idsAtOnce {
		some := ids[from:min(len(ids), from+idsAtOnce)]
		part, err := r.deals(ctx, tx, tenant, func(args *database.Args, id string) string { return id + " IN " + database.In(args, some) })
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// deals reads the opportunities some condition on the id holds. Everything comes in
// the order of ids, so each part is added to the opportunity whose turn it is.
func (Rows) deals(ctx context.Context, tx database.Tx, tenant string, which func(args *database.Args, id string) string) ([]engine.Deal, error) {
	query := func(body, id, tail string) (*sql.Rows, error) {
		args := &database.Args{}
		text := body + args.Add(tenant) + " AND " + which(args, id)
		return tx.Query(ctx, text+" "+tail, args.Values...)
	}
	rows, err := query(`SELECT o.id, o.name, o.pipeline_id, o.stage_id, o.state, o.deleted_at IS NOT NULL, o.created_on, o.entered_on, o.closed_on, o.expected_on, o.amount_minor, o.contract_minor, o.confidence_bp,
		o.currency, o.owner_id, o.region, o.source, a.industry, a.class, o.loss_kind, o.competitor_id
		FROM opportunity o LEFT JOIN account a ON a.tenant_id = o.tenant_id AND a.id = o.account_id WHERE o.tenant_id = `, "o.id", "ORDER BY o.id")
	deals, err := database.All(rows, err, func(r *sql.Rows) (d engine.Deal, err error) {
		return d, r.Scan(&d.ID, &d.Name, &d.PipelineID, database.Into(&d.StageID), &d.State, &d.Deleted, database.Into(&d.CreatedOn), database.Into(&d.EnteredOn), database.Into(&d.ClosedOn), database.Into(&d.ExpectedOn),
			&d.AmountMinor, &d.ContractMinor, &d.ConfidenceBP, &d.Currency, database.Into(&d.OwnerID), &d.Region, &d.Source, database.Into(&d.Industry), database.Into(&d.Class),
			database.Into(&d.LossKind), database.Into(&d.CompetitorID))
	})
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		rows, err := query(p.body, p.id, p.tail)
		if err != nil {
			return nil, err
		}
		if err := p.beside(rows, deals); err != nil {
			return nil, err
		}
	}
	return deals, nil
}

// part is what hangs on opportunities in one table: a query up to the tenant, the column
// of the opportunity, and how a row is added to its opportunity.
type part struct {
	body, id, tail string
	scan           func(r *sql.Rows, of func(id string) *engine.Deal) error
}

// beside walks a part beside the opportunities it hangs on.
func (p part) beside(rows *sql.Rows, deals []engine.Deal) error {
	defer rows.Close()
	at := 0
	var none engine.Deal
	for rows.Next() {
		err := p.scan(rows, func(id string) *engine.Deal {
			for at < len(deals) && deals[at].ID < id {
				at++
			}
			if at == len(deals) || deals[at].ID != id {
				return &none
			}
			return &deals[at]
		})
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

var parts = []part{
	{`SELECT s.opportunity_id, s.stage_id, s.state, s.entered_on, s.left_on, s.recorded_on, s.move, s.left_move FROM stay s WHERE s.voided_at IS NULL AND s.tenant_id = `, "s.opportunity_id", "ORDER BY s.opportunity_id, s.ord", func(r *sql.Rows, of func(string) *engine.Deal) error {
		var id string
		var s engine.Stay
		err := r.Scan(&id, database.Into(&s.StageID), &s.State, database.Into(&s.EnteredOn), database.Into(&s.LeftOn), database.Into(&s.RecordedOn), &s.Move, database.Into(&s.LeftMove))
		d := of(id)
		d.Stays = append(d.Stays, s)
		return err
	}},
	{`SELECT w.record_id, w.member_id, w.from_on, w.to_on FROM ownership w WHERE w.record_kind = 'opportunity' AND w.tenant_id = `, "w.record_id", "ORDER BY w.record_id, w.ord", func(r *sql.Rows, of func(string) *engine.Deal) error {
		var id string
		var o engine.Ownership
		err := r.Scan(&id, database.Into(&o.MemberID), database.Into(&o.From), database.Into(&o.To))
		d := of(id)
		d.Owners = append(d.Owners, o)
		return err
	}},
	{`SELECT l.opportunity_id, l.product_line_id, CAST(sum(l.amount_minor) AS bigint) FROM opportunity_line l WHERE l.tenant_id = `, "l.opportunity_id", "GROUP BY l.opportunity_id, l.product_line_id ORDER BY l.opportunity_id, l.product_line_id", func(r *sql.Rows, of func(string) *engine.Deal) error {
		var id string
		var l engine.Line
		err := r.Scan(&id, &l.ProductLineID, &l.Minor)
		d := of(id)
		d.Lines = append(d.Lines, l)
		return err
	}},
	{`SELECT r.opportunity_id, r.competitor_id FROM opportunity_competitor r WHERE r.tenant_id = `, "r.opportunity_id", "ORDER BY r.opportunity_id, r.competitor_id", func(r *sql.Rows, of func(string) *engine.Deal) error {
		var id, c string
		err := r.Scan(&id, &c)
		d := of(id)
		d.Rivals = append(d.Rivals, c)
		return err
	}},
	{`SELECT t.opportunity_id, t.member_id FROM deal_team t WHERE t.tenant_id = `, "t.opportunity_id", "ORDER BY t.opportunity_id, t.member_id", func(r *sql.Rows, of func(string) *engine.Deal) error {
		var id, m string
		err := r.Scan(&id, &m)
		d := of(id)
		d.Team = append(d.Team, m)
		return err
	}},
}

func (Rows) OfAccounts(ctx context.Context, tx database.Tx, tenant string, accounts []string) (out []string, err error) {
	for from := 0; from < len(accounts); from += idsAtOnce {
		args := &database.Args{}
		rows, err := tx.Query(ctx, `SELECT id FROM opportunity WHERE tenant_id = `+args.Add(tenant)+` AND account_id IN `+database.In(args, accounts[from:min(len(accounts), from+idsAtOnce)]), args.Values...)
		part, err := database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

func (Rows) Around(ctx context.Context, tx database.Tx, tenant string) (a engine.Around, err error) {
	rows, err := tx.Query(ctx, `SELECT id, pipeline_id, kind, position FROM stage WHERE tenant_id = $1`, tenant)
	if a.Stages, err = database.All(rows, err, func(r *sql.Rows) (s engine.StageRow, err error) {
		return s, r.Scan(&s.ID, &s.PipelineID, &s.Kind, &s.Position)
	}); err != nil {
		return a, err
	}
	rows, err = tx.Query(ctx, `SELECT currency, from_on, rate FROM exchange_rate WHERE tenant_id = $1 ORDER BY currency, from_on, seq`, tenant)
	if a.Rates, err = database.All(rows, err, func(r *sql.Rows) (x engine.RateRow, err error) {
		return x, r.Scan(&x.Currency, &x.From, &x.Rate)
	}); err != nil {
		return a, err
	}
	rows, err = tx.Query(ctx, `SELECT h.member_id, s.team_id, h.from_on, h.to_on FROM seat_holder h JOIN seat s ON s.tenant_id = h.tenant_id AND s.id = h.seat_id WHERE h.tenant_id = $1 AND h.main AND h.ended_seq IS NULL ORDER BY h.member_id, h.from_on DESC`, tenant)
	if a.Seats, err = database.All(rows, err, func(r *sql.Rows) (s engine.SeatRow, err error) {
		return s, r.Scan(&s.MemberID, &s.TeamID, &s.From, database.Into(&s.To))
	}); err != nil {
		return a, err
	}
	rows, err = tx.Query(ctx, `SELECT id, name FROM competitor WHERE tenant_id = $1`, tenant)
	pairs, err := database.All(rows, err, func(r *sql.Rows) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) })
	a.Competitors = map[string]string{}
	for _, p := range pairs {
		a.Competitors[p[0]] = p[1]
	}
	return a, err
}

func (Rows) Matching(ctx context.Context, tx database.Tx, q funnel.Query) ([]string, error) {
	f := q.Filter
	f.WithDeleted = true
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT o.id FROM opportunity o WHERE `+opportunitydb.Where(args, q.TenantID, q.Scope, f), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
