package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
)

const judged = `oc.attitude, oc.influence, oc.coverage, oc.as_of, oc.said_by`

func judgedInto(c *opportunity.DealContact) []any {
	return []any{&c.Attitude, &c.Influence, &c.Coverage, database.Into(&c.AsOf), database.Into(&c.SaidBy)}
}

// Roles are all that anybody had in a record.
func (Rows) Roles(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.DealRole, error) {
	rows, err := tx.Query(ctx, `SELECT contact_id, ord, role, from_on, to_on, said_by FROM deal_role
		WHERE tenant_id = $1 AND opportunity_id = $2 ORDER BY from_on NULLS FIRST, contact_id, ord`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (x opportunity.DealRole, err error) {
		return x, r.Scan(&x.ContactID, &x.Ord, &x.Role, database.Into(&x.From), database.Into(&x.To), &x.SaidBy)
	})
}

func (Rows) InsertRole(ctx context.Context, tx database.Tx, tenant, id string, r opportunity.DealRole) error {
	return tx.Soon(ctx, `INSERT INTO deal_role (tenant_id, opportunity_id, contact_id, ord, role, from_on, to_on, said_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, tenant, id, r.ContactID, r.Ord, r.Role, database.Null(r.From), database.Null(r.To), r.SaidBy)
}

// EndRole ends one; one that had not begun by then never was.
func (Rows) EndRole(ctx context.Context, tx database.Tx, tenant, id string, r opportunity.DealRole, on calendar.Date) error {
	args := []any{tenant, id, r.ContactID, r.Ord}
	const which = ` WHERE tenant_id = $1 AND opportunity_id = $2 AND contact_id = $3 AND ord = $4`
	if r.From >= on {
		return tx.Soon(ctx, `DELETE FROM deal_role`+which, args...)
	}
	return tx.Soon(ctx, `UPDATE deal_role SET to_on = $5`+which, append(args, string(on))...)
}

// OpenWith are the open records of an account without any people, and those in which a person has a part or had a role;
// without a person all of the account.
func (Rows) OpenWith(ctx context.Context, tx database.Tx, tenant, account, contact string, limit int) ([]opportunity.Opportunity, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	of := `SELECT x.id FROM opportunity x WHERE x.tenant_id = ` + company + ` AND x.account_id = ` + args.Add(account)
	if contact != "" {
		who := args.Add(contact)
		of += ` AND NOT EXISTS (SELECT 1 FROM opportunity_contact oc` + scopedb.JoinContact + `
			WHERE oc.tenant_id = x.tenant_id AND oc.opportunity_id = x.id AND c.deleted_at IS NULL)
			UNION SELECT oc.opportunity_id FROM opportunity_contact oc WHERE oc.tenant_id = ` + company + ` AND oc.contact_id = ` + who + `
			UNION SELECT r.opportunity_id FROM deal_role r WHERE r.tenant_id = ` + company + ` AND r.contact_id = ` + who
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM opportunity o WHERE o.tenant_id = `+company+` AND o.id IN (`+of+
		`) AND o.state = 'open' AND o.deleted_at IS NULL ORDER BY o.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (opportunity.Opportunity, error) {
		one, err := scan(r)
		return one.Opportunity, err
	})
}

// OpenPeople are the people of the open records in scope, record by record.
func (Rows) OpenPeople(ctx context.Context, tx database.Tx, tenant string, s org.Scope) ([]opportunity.OpenPerson, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT o.id, o.name, o.owner_id, o.amount_minor, o.currency, o.reporting_minor, o.account_id, `+scopedb.AccountName+`,
		oc.contact_id, c.name, c.title, oc.role, oc.attitude, oc.influence, oc.coverage,
		EXISTS (SELECT 1 FROM deal_role r WHERE r.tenant_id = oc.tenant_id AND r.opportunity_id = oc.opportunity_id AND r.contact_id = oc.contact_id)
		FROM opportunity o JOIN opportunity_contact oc ON oc.tenant_id = o.tenant_id AND oc.opportunity_id = o.id`+scopedb.JoinContact+`
		WHERE o.tenant_id = `+args.Add(tenant)+` AND o.state = 'open' AND o.deleted_at IS NULL AND `+scopedb.Opportunity(args, s)+`
		ORDER BY o.id, oc.contact_id`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (p opportunity.OpenPerson, err error) {
		err = r.Scan(&p.ID, &p.Opportunity.Name, database.Into(&p.OwnerID), &p.AmountMinor, &p.Currency, &p.ReportingMinor, database.Into(&p.AccountID),
			database.Into(&p.AccountName), &p.ContactID, &p.DealContact.Name, &p.Title, &p.Role, &p.Attitude, &p.Influence, &p.Coverage, &p.Had)
		p.State = opportunity.Open
		return p, err
	})
}

// ContactsOf are the people of several records.
func (Rows) ContactsOf(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]opportunity.DealContact, error) {
	args, out := &database.Args{}, map[string][]opportunity.DealContact{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := tx.Query(ctx, `SELECT oc.opportunity_id, oc.contact_id, c.name, c.title, oc.role, `+judged+` FROM opportunity_contact oc`+scopedb.JoinContact+`
		WHERE oc.tenant_id = `+args.Add(tenant)+` AND oc.opportunity_id IN `+database.In(args, ids)+`
		AND c.deleted_at IS NULL ORDER BY oc.opportunity_id, oc.contact_id`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var of string
		var c opportunity.DealContact
		err = r.Scan(append([]any{&of, &c.ContactID, &c.Name, &c.Title, &c.Role}, judgedInto(&c)...)...)
		out[of] = append(out[of], c)
		return none, err
	})
	return out, err
}

// RolesOf are the roles anybody had in several records.
func (Rows) RolesOf(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]opportunity.DealRole, error) {
	args, out := &database.Args{}, map[string][]opportunity.DealRole{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := tx.Query(ctx, `SELECT opportunity_id, contact_id, ord, role, from_on, to_on, said_by FROM deal_role
		WHERE tenant_id = `+args.Add(tenant)+` AND opportunity_id IN `+database.In(args, ids)+` ORDER BY opportunity_id, contact_id, ord`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var of string
		var x opportunity.DealRole
		err = r.Scan(&of, &x.ContactID, &x.Ord, &x.Role, database.Into(&x.From), database.Into(&x.To), &x.SaidBy)
		out[of] = append(out[of], x)
		return none, err
	})
	return out, err
}

// OpenOf are the open records of some owners, those worth most in the company's currency in front.
func (Rows) OpenOf(ctx context.Context, tx database.Tx, tenant string, owners []string, limit int) ([]opportunity.Opportunity, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+` AND o.owner_id IN `+database.In(args, owners)+
		` AND o.state = 'open' AND o.deleted_at IS NULL ORDER BY o.reporting_minor DESC NULLS LAST, o.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (opportunity.Opportunity, error) {
		one, err := scan(r)
		return one.Opportunity, err
	})
}

// HasWith tells whether one of some owners has an open record with a person among its people.
func (Rows) HasWith(ctx context.Context, tx database.Tx, tenant string, owners []string, contact string) (has bool, err error) {
	args := &database.Args{}
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM opportunity_contact oc JOIN opportunity o ON o.tenant_id = oc.tenant_id AND o.id = oc.opportunity_id
		WHERE oc.tenant_id = `+args.Add(tenant)+` AND oc.contact_id = `+args.Add(contact)+` AND o.owner_id IN `+database.In(args, owners)+
		` AND o.state = 'open' AND o.deleted_at IS NULL)`, args.Values...).Scan(&has)
	return has, err
}
