// Package confirmdb is the SQL of what owners answered about key persons.
package confirmdb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/confirm"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

// Rows implements confirm.Rows.
type Rows struct{}

const columns = `d.id, d.opportunity_id, d.contact_id, d.answer, d.member_id, d.answered_on, d.answered_at, d.answered_by, d.run, d.since_on, d.change_id,
	d.proposed, d.joined, d.undone_at`

func scan(r interface{ Scan(...any) error }) (c confirm.Confirmation, err error) {
	var at, undone database.Instant
	err = r.Scan(&c.ID, &c.OpportunityID, database.Into(&c.ContactID), &c.Answer, &c.MemberID, &c.On, &at, &c.By, &c.Run, &c.Since, database.Into(&c.ChangeID),
		&c.Proposed, &c.Joined, &undone)
	c.At, c.UndoneAt = at.Time, undone.Ptr()
	return c, err
}

func one(r *sql.Rows) (confirm.Confirmation, error) { return scan(r) }

// Of are all answers about some opportunities in the order they were given, those taken back too.
func (Rows) Of(ctx context.Context, tx database.Tx, tenant string, deals []string) (map[string][]confirm.Confirmation, error) {
	out := map[string][]confirm.Confirmation{}
	if len(deals) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM confirmation d WHERE d.tenant_id = `+args.Add(tenant)+` AND d.opportunity_id IN `+
		database.In(args, deals)+` ORDER BY d.answered_at, d.id`, args.Values...)
	list, err := database.All(rows, err, one)
	for _, c := range list {
		out[c.OpportunityID] = append(out[c.OpportunityID], c)
	}
	return out, err
}

// Unsaid are those of some changes that were proposed by an answer which was taken back.
func (Rows) Unsaid(ctx context.Context, tx database.Tx, tenant string, changes []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(changes) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT d.change_id FROM confirmation d WHERE d.tenant_id = `+args.Add(tenant)+` AND d.change_id IN `+database.In(args, changes)+
		` AND d.undone_at IS NOT NULL`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		err = r.Scan(&id)
		out[id] = true
		return none, err
	})
	return out, err
}

// Get is one. Fault: confirmation.unknown.
func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (confirm.Confirmation, error) {
	c, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM confirmation d WHERE d.tenant_id = $1 AND d.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return c, fault.New(fault.NotFound, "confirmation.unknown", "no such confirmation")
	}
	return c, err
}

// On are those a member was asked for on a day that were not taken back.
func (Rows) On(ctx context.Context, tx database.Tx, tenant, member string, day calendar.Date) ([]confirm.Confirmation, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM confirmation d WHERE d.tenant_id = $1 AND d.member_id = $2 AND d.answered_on = $3
		AND d.undone_at IS NULL ORDER BY d.answered_at, d.id LIMIT 100`, tenant, member, string(day))
	return database.All(rows, err, one)
}

// Tapped are the last answers about key persons of open opportunities that were tapped twice in a row or more.
func (Rows) Tapped(ctx context.Context, tx database.Tx, tenant string, owners []string, limit int) ([]confirm.Confirmation, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM confirmation d WHERE d.tenant_id = `+args.Add(tenant)+` AND d.latest AND d.run >= 2 AND d.answer = 'still'
		AND `+scopedb.OpenDealOf(args, owners)+` ORDER BY d.id DESC LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, one)
}

// pair names the answers about one person of an opportunity, or about who decides.
const pair = ` WHERE tenant_id = $1 AND opportunity_id = $2 AND contact_id IS NOT DISTINCT FROM $3`

// Insert writes one, the last of its pair.
func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, c confirm.Confirmation) error {
	if _, err := tx.Exec(ctx, `UPDATE confirmation SET latest = false`+pair+` AND latest`, tenant, c.OpportunityID, database.Null(c.ContactID)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO confirmation (tenant_id, id, opportunity_id, contact_id, answer, member_id, answered_on, answered_at, answered_by, run,
		since_on, change_id, proposed, joined, latest, undone_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,true,NULL)`,
		tenant, c.ID, c.OpportunityID, database.Null(c.ContactID), string(c.Answer), c.MemberID, string(c.On), c.At, c.By, c.Run, string(c.Since),
		database.Null(c.ChangeID), c.Proposed, c.Joined)
	return database.Taken(err, record.ErrIDTaken)
}

// Undo takes one back: the one before it is the last one again.
func (Rows) Undo(ctx context.Context, tx database.Tx, tenant string, c confirm.Confirmation) error {
	if _, err := tx.Exec(ctx, `UPDATE confirmation SET latest = false, undone_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, c.ID, c.UndoneAt); err != nil {
		return err
	}
	of := []any{tenant, c.OpportunityID, database.Null(c.ContactID)}
	_, err := tx.Exec(ctx, `UPDATE confirmation SET latest = true WHERE tenant_id = $1 AND id = (SELECT id FROM confirmation`+pair+
		` AND undone_at IS NULL ORDER BY answered_at DESC, id DESC LIMIT 1)`, of...)
	return err
}
