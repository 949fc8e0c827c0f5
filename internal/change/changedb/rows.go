// Package changedb is the SQL of who changed at customers.
package changedb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

// Rows implements change.Rows.
type Rows struct{}

const columns = `x.id, x.contact_id, x.account_id, x.kind, x.effective_on, x.source, x.state, x.successor_id, x.successor_name, x.to_account_id, x.department,
	x.title, x.opportunity_id, x.told_at, x.told_by, x.confirmed_at, x.confirmed_by, x.ended_at, x.ended_by, x.job_id, x.successor_job_id, x.batch_id, x.version`

func scan(r interface{ Scan(...any) error }) (c change.Change, err error) {
	var told, confirmed, ended database.Instant
	err = r.Scan(&c.ID, &c.ContactID, &c.AccountID, &c.Kind, &c.On, &c.Source, &c.State, database.Into(&c.SuccessorID), &c.SuccessorName,
		database.Into(&c.ToAccountID), &c.Department, &c.Title, database.Into(&c.OpportunityID), &told, &c.ToldBy, &confirmed,
		database.Into(&c.ConfirmedBy), &ended, database.Into(&c.EndedBy), database.Into(&c.JobID), database.Into(&c.SuccessorJobID), database.Into(&c.BatchID), &c.Version)
	c.ToldAt, c.ConfirmedAt, c.EndedAt = told.Time, confirmed.Ptr(), ended.Ptr()
	return c, err
}

// Get is one of an account in a scope. Fault: contact_change.unknown.
func (r Rows) Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (change.Change, error) {
	args := &database.Args{}
	c, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM contact_change x WHERE x.tenant_id = `+args.Add(tenant)+` AND x.id = `+args.Add(id)+
		` AND `+scopedb.Change(args, s), args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		return change.Change{}, fault.New(fault.NotFound, "contact_change.unknown", "no such change")
	}
	if err != nil {
		return c, err
	}
	list := []change.Change{c}
	err = r.withDeals(ctx, tx, tenant, list)
	return list[0], err
}

// passedOn tells of a deal, aliased d, of a change, aliased x, that its successor himself went since.
const passedOn = `EXISTS (SELECT 1 FROM contact_change y JOIN contact_change_deal e ON e.tenant_id = y.tenant_id AND e.change_id = y.id
	WHERE y.tenant_id = x.tenant_id AND y.contact_id = x.successor_id AND y.state IN ('confirmed', 'met') AND e.opportunity_id = d.opportunity_id
	AND (y.confirmed_at > x.confirmed_at OR y.confirmed_at = x.confirmed_at AND y.id > x.id))`

const dealColumns = passedOn + `, d.change_id, d.opportunity_id, d.role, d.late, d.due_on, d.due_at, d.task_id, d.talked_at, d.met_at, d.influence, d.had, d.lent`

func scanDeal(r *sql.Rows) (d change.Deal, err error) {
	var due, talked, met database.Instant
	err = r.Scan(&d.PassedOn, &d.ChangeID, &d.OpportunityID, &d.Role, &d.Late, &d.DueOn, &due, database.Into(&d.TaskID), &talked, &met, &d.Influence, database.Into(&d.Had), &d.Lent)
	d.DueAt, d.TalkedAt, d.MetAt = due.Time, talked.Ptr(), met.Ptr()
	return d, err
}

// withDeals reads along what each touches.
func (Rows) withDeals(ctx context.Context, tx database.Tx, tenant string, list []change.Change) error {
	if len(list) == 0 {
		return nil
	}
	args, at := &database.Args{}, map[string]int{}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i], at[c.ID] = c.ID, i
	}
	rows, err := tx.Query(ctx, `SELECT `+dealColumns+` FROM contact_change_deal d JOIN contact_change x ON x.tenant_id = d.tenant_id AND x.id = d.change_id
		WHERE d.tenant_id = `+args.Add(tenant)+` AND d.change_id IN `+database.In(args, ids)+` ORDER BY d.change_id, d.opportunity_id`, args.Values...)
	deals, err := database.All(rows, err, scanDeal)
	for _, d := range deals {
		c := &list[at[d.ChangeID]]
		c.Deals = append(c.Deals, d)
	}
	return err
}

// List are the last told in front, of accounts in a scope.
func (r Rows) List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, q change.Asked) ([]change.Change, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	w := `x.tenant_id = ` + company
	if !s.All {
		w += ` AND ` + scopedb.Change(args, s)
	}
	if q.Account != "" {
		w += ` AND x.account_id = ` + args.Add(q.Account)
	}
	if q.Contact != "" {
		id := args.Add(q.Contact)
		w += ` AND x.id IN (SELECT y.id FROM contact_change y WHERE y.tenant_id = ` + company + ` AND y.contact_id = ` + id +
			` UNION SELECT y.id FROM contact_change y WHERE y.tenant_id = ` + company + ` AND y.successor_id = ` + id + `)`
	}
	if q.Opportunity != "" {
		w += ` AND x.id IN (SELECT d.change_id FROM contact_change_deal d WHERE d.tenant_id = ` + company + ` AND d.opportunity_id = ` + args.Add(q.Opportunity) + `)`
	}
	if q.Batch != "" {
		w += ` AND x.batch_id = ` + args.Add(q.Batch)
	}
	if q.Open {
		w += ` AND x.state IN ('suspected', 'confirmed') AND (x.state = 'suspected' OR x.kind <> 'retitled' AND EXISTS (SELECT 1 FROM contact_change_deal d
			WHERE d.tenant_id = ` + company + ` AND d.change_id = x.id AND d.met_at IS NULL AND ` + scopedb.OpenDeal + ` AND NOT ` + passedOn + `))`
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM contact_change x WHERE `+w+` ORDER BY x.id DESC LIMIT `+args.Add(q.Limit), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (change.Change, error) { return scan(r) })
	if err != nil {
		return nil, err
	}
	return list, r.withDeals(ctx, tx, tenant, list)
}

// Followed are the confirmed ones with a successor among some people, not met about some opportunity.
func (r Rows) Followed(ctx context.Context, tx database.Tx, tenant string, contacts []string) ([]change.Change, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM contact_change x WHERE x.tenant_id = `+args.Add(tenant)+` AND x.successor_id IN `+
		database.In(args, contacts)+` AND x.state = 'confirmed' ORDER BY x.id LIMIT 100`, args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (change.Change, error) { return scan(r) })
	if err != nil {
		return nil, err
	}
	return list, r.withDeals(ctx, tx, tenant, list)
}

// Unmet are the deals in a scope that are open, of changes that are confirmed, and not met, the last told in front.
func (Rows) Unmet(ctx context.Context, tx database.Tx, tenant string, s org.Scope, limit int) ([]change.Deal, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+dealColumns+` FROM contact_change x CROSS JOIN contact_change_deal d
		WHERE x.tenant_id = `+args.Add(tenant)+` AND x.state IN ('suspected', 'confirmed') AND x.state = 'confirmed' AND d.tenant_id = x.tenant_id AND d.change_id = x.id
		AND d.met_at IS NULL AND `+scopedb.OpenDealIn(args, s)+` AND NOT `+passedOn+` ORDER BY x.id DESC, d.opportunity_id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, scanDeal)
}

// Doubted are the deals of some owners that are open, of changes that are suspected, the last told in front.
func (Rows) Doubted(ctx context.Context, tx database.Tx, tenant string, owners []string, limit int) ([]change.Deal, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+dealColumns+` FROM contact_change x CROSS JOIN contact_change_deal d
		WHERE x.tenant_id = `+args.Add(tenant)+` AND x.state IN ('suspected', 'confirmed') AND x.state = 'suspected' AND d.tenant_id = x.tenant_id AND d.change_id = x.id
		AND `+scopedb.OpenDealOf(args, owners)+` ORDER BY x.id DESC, d.opportunity_id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, scanDeal)
}

// TouchesOf are those that touch some opportunities, met and refuted ones too.
func (Rows) TouchesOf(ctx context.Context, tx database.Tx, tenant string, deals []string) ([]change.Touch, error) {
	if len(deals) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT x.id, d.opportunity_id, x.contact_id, x.successor_id, x.state, d.met_at IS NOT NULL, x.ended_at
		FROM contact_change_deal d JOIN contact_change x ON x.tenant_id = d.tenant_id AND x.id = d.change_id
		WHERE d.tenant_id = `+args.Add(tenant)+` AND d.opportunity_id IN `+database.In(args, deals)+` AND x.kind <> 'retitled' ORDER BY x.id, d.opportunity_id`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (t change.Touch, err error) {
		var ended database.Instant
		err = r.Scan(&t.ChangeID, &t.OpportunityID, &t.ContactID, database.Into(&t.SuccessorID), &t.State, &t.Met, &ended)
		t.EndedAt = ended.Ptr()
		return t, err
	})
}

// Save writes one whole.
func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, c change.Change, was int) error {
	values := []any{tenant, c.ID, string(c.State), database.Null(c.SuccessorID), c.SuccessorName, c.ConfirmedAt, database.Null(c.ConfirmedBy), c.EndedAt,
		database.Null(c.EndedBy), database.Null(c.JobID), database.Null(c.SuccessorJobID), c.Version}
	if was == 0 {
		_, err := tx.Exec(ctx, `INSERT INTO contact_change (tenant_id, id, state, successor_id, successor_name, confirmed_at, confirmed_by, ended_at, ended_by, job_id,
			successor_job_id, version, contact_id, account_id, kind, effective_on, source, to_account_id, department, title, opportunity_id, told_at, told_by, batch_id)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24)`, append(values, c.ContactID, c.AccountID, string(c.Kind),
			string(c.On), c.Source, database.Null(c.ToAccountID), c.Department, c.Title, database.Null(c.OpportunityID), c.ToldAt, c.ToldBy, database.Null(c.BatchID))...)
		if err := database.Taken(err, record.ErrIDTaken); err != nil {
			return err
		}
	} else {
		n, err := tx.Exec(ctx, `UPDATE contact_change SET state = $3, successor_id = $4, successor_name = $5, confirmed_at = $6, confirmed_by = $7, ended_at = $8,
			ended_by = $9, job_id = $10, successor_job_id = $11, version = $12 WHERE tenant_id = $1 AND id = $2 AND version = $13`, append(values, was)...)
		if err == nil && n == 0 {
			err = record.ErrStale
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM contact_change_deal WHERE tenant_id = $1 AND change_id = $2`, tenant, c.ID); err != nil {
			return err
		}
	}
	rows := make([][]any, len(c.Deals))
	for i, d := range c.Deals {
		rows[i] = []any{tenant, c.ID, d.OpportunityID, d.Role, d.Late, string(d.DueOn), d.DueAt, database.Null(d.TaskID), d.TalkedAt, d.MetAt,
			d.Influence, database.Null(d.Had), d.Lent}
	}
	return tx.InsertMany(ctx, "contact_change_deal", "tenant_id, change_id, opportunity_id, role, late, due_on, due_at, task_id, talked_at, met_at, influence, had, lent", "", rows)
}

// Forget blanks what is kept of a person.
func (Rows) Forget(ctx context.Context, tx database.Tx, tenant, contact string, names []string) error {
	if _, err := tx.Exec(ctx, `UPDATE contact_change SET department = '', title = '' WHERE tenant_id = $1 AND contact_id = $2`, tenant, contact); err != nil || len(names) == 0 {
		return err
	}
	args := &database.Args{}
	_, err := tx.Exec(ctx, `UPDATE contact_change SET successor_name = '' WHERE tenant_id = `+args.Add(tenant)+` AND successor_name <> '' AND successor_name IN `+
		database.In(args, names), args.Values...)
	return err
}
