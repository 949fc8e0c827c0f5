package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/scopedb"
)

// Parts reads what hangs on some records, each list in the order one record shows it.
func (Rows) Parts(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]opportunity.Parts, error) {
	out := make(map[string]opportunity.Parts, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	each := func(query, order string, take func(r *sql.Rows, id *string, p *opportunity.Parts) error) error {
		args := &database.Args{}
		rows, err := tx.Query(ctx, query+` = `+args.Add(tenant)+` AND oc.opportunity_id IN `+database.In(args, ids)+` ORDER BY `+order, args.Values...)
		_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var id string
			var one opportunity.Parts
			if err = take(r, &id, &one); err != nil {
				return none, err
			}
			p := out[id]
			p.Lines, p.Contacts = append(p.Lines, one.Lines...), append(p.Contacts, one.Contacts...)
			p.Competitors = append(p.Competitors, one.Competitors...)
			out[id] = p
			return none, nil
		})
		return err
	}
	err := each(`SELECT oc.opportunity_id, oc.product_line_id, oc.amount_minor, oc.note FROM opportunity_line oc WHERE oc.tenant_id`, `oc.opportunity_id, oc.ord`,
		func(r *sql.Rows, id *string, p *opportunity.Parts) error {
			var l opportunity.Line
			err := r.Scan(id, &l.ProductLineID, &l.AmountMinor, &l.Note)
			p.Lines = []opportunity.Line{l}
			return err
		})
	if err != nil {
		return nil, err
	}
	err = each(`SELECT oc.opportunity_id, oc.contact_id, c.name, c.title, oc.role, `+judged+` FROM opportunity_contact oc`+scopedb.JoinContact+` WHERE oc.tenant_id`,
		`oc.opportunity_id, c.pinyin, c.id`, func(r *sql.Rows, id *string, p *opportunity.Parts) error {
			var c opportunity.DealContact
			err := r.Scan(append([]any{id, &c.ContactID, &c.Name, &c.Title, &c.Role}, judgedInto(&c)...)...)
			p.Contacts = []opportunity.DealContact{c}
			return err
		})
	if err != nil {
		return nil, err
	}
	err = each(`SELECT DISTINCT oc.opportunity_id, c.id, c.name FROM opportunity_competitor oc`+scopedb.JoinCompetitor+` WHERE oc.tenant_id`,
		`oc.opportunity_id, c.name, c.id`, func(r *sql.Rows, id *string, p *opportunity.Parts) error {
			var c account.Competitor
			err := r.Scan(id, &c.ID, &c.Name)
			p.Competitors = []account.Competitor{c}
			return err
		})
	return out, err
}
