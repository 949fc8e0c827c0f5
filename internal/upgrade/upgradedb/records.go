package upgradedb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/upgrade"
)

// Accounts reads a run of accounts with their owners and entries.
func (Rows) Accounts(ctx context.Context, tx database.Tx, company, after string, limit int) ([]upgrade.Account, error) {
	rows, err := tx.Query(ctx, `SELECT id, class, region, created_on, deleted_at IS NOT NULL FROM account
		WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3`, company, after, limit)
	list, err := database.All(rows, err, func(r *sql.Rows) (a upgrade.Account, err error) {
		return a, r.Scan(&a.ID, &a.Class, &a.Region, database.Into(&a.CreatedOn), &a.Deleted)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	b := beside{ctx: ctx, tx: tx, company: company, first: list[0].ID, last: list[len(list)-1].ID, at: map[string]int{}}
	for i, a := range list {
		b.at[a.ID] = i
	}
	err = errors.Join(
		b.owners("account", func(i int, w upgrade.Owner) { list[i].Owners = append(list[i].Owners, w) }),
		b.entries("account", func(i int, e upgrade.Entry) { list[i].Entries = append(list[i].Entries, e) }))
	return list, err
}

// Opportunities reads a run of opportunities with all that hangs on them.
func (Rows) Opportunities(ctx context.Context, tx database.Tx, company, after string, limit int) ([]upgrade.Opportunity, error) {
	rows, err := tx.Query(ctx, `SELECT o.id, o.account_id, o.region, o.amount_minor, o.currency, o.tax_included, o.expected_on, o.confidence_bp, o.created_on,
		o.state, o.signed_on, o.contract_minor, o.loss_kind, o.loss_reason, o.competitor_id, o.deleted_at IS NOT NULL,
		EXISTS (SELECT 1 FROM import_change i JOIN import_batch b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
			WHERE i.tenant_id = o.tenant_id AND i.batch_id = o.batch_id AND i.record_kind = 'opportunity' AND i.record_id = o.id AND i.created AND b.status = 'undone')
		FROM opportunity o WHERE o.tenant_id = $1 AND o.id > $2 ORDER BY o.id LIMIT $3`, company, after, limit)
	list, err := database.All(rows, err, func(r *sql.Rows) (o upgrade.Opportunity, err error) {
		return o, r.Scan(&o.ID, database.Into(&o.AccountID), &o.Region, &o.AmountMinor, &o.Currency, &o.WithTax, database.Into(&o.ExpectedOn), &o.ConfidenceBP,
			database.Into(&o.CreatedOn), &o.State, database.Into(&o.SignedOn), &o.ContractMinor, database.Into(&o.LossKind), database.Into(&o.LossReason),
			database.Into(&o.CompetitorID), &o.Deleted, &o.Undone)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	b := beside{ctx: ctx, tx: tx, company: company, first: list[0].ID, last: list[len(list)-1].ID, at: map[string]int{}}
	for i, o := range list {
		b.at[o.ID] = i
	}
	err = errors.Join(
		b.stays(list), b.credit(list), b.parts(list),
		b.owners("opportunity", func(i int, w upgrade.Owner) { list[i].Owners = append(list[i].Owners, w) }),
		b.entries("opportunity", func(i int, e upgrade.Entry) { list[i].Entries = append(list[i].Entries, e) }))
	return list, err
}

// beside reads what hangs on a run of records, by the range of their ids.
type beside struct {
	ctx                  context.Context
	tx                   database.Tx
	company, first, last string
	at                   map[string]int // where each record is in the list
}

// each runs a query about the range and hands each row to the record it names.
func (b beside) each(query string, scan func(*sql.Rows) (id string, add func(i int), err error), more ...any) error {
	rows, err := b.tx.Query(b.ctx, query, append([]any{b.company, b.first, b.last}, more...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		id, add, err := scan(rows)
		if err != nil {
			return err
		}
		if i, ok := b.at[id]; ok {
			add(i)
		}
	}
	return rows.Err()
}

func (b beside) owners(kind string, add func(int, upgrade.Owner)) error {
	return b.each(`SELECT record_id, ord, member_id, team_id, handover_id, from_on FROM ownership
		WHERE tenant_id = $1 AND record_id >= $2 AND record_id <= $3 AND record_kind = $4 ORDER BY record_id, ord`, func(r *sql.Rows) (id string, _ func(int), err error) {
		var w upgrade.Owner
		err = r.Scan(&id, &w.Ord, database.Into(&w.MemberID), database.Into(&w.TeamID), database.Into(&w.HandoverID), &w.From)
		return id, func(i int) { add(i, w) }, err
	}, kind)
}

func (b beside) entries(kind string, add func(int, upgrade.Entry)) error {
	const kinds = ` AND j.kind IN ('opportunity.created', 'opportunity.recorded', 'opportunity.changed', 'opportunity.moved', 'opportunity.stay_corrected',
		'opportunity.handed_over', 'opportunity.shares_set', 'opportunity.exception_seen', 'opportunity.deleted', 'opportunity.restored',
		'account.created', 'account.changed', 'account.deleted', 'account.restored')`
	// As journal.After finds them: by their scope, and what has another scope by its subject.
	return b.each(`SELECT `+entryColumns+` FROM journal j WHERE j.tenant_id = $1 AND j.scope_kind = $4 AND j.scope_id >= $2 AND j.scope_id <= $3
			AND j.subject_kind = j.scope_kind AND j.subject_id = j.scope_id`+kinds+`
		UNION ALL SELECT `+entryColumns+` FROM journal j WHERE j.tenant_id = $1 AND j.subject_kind = $4 AND j.subject_id >= $2 AND j.subject_id <= $3
			AND (j.scope_id <> j.subject_id OR j.scope_kind <> j.subject_kind)`+kinds+`
		ORDER BY subject_id, seq`, func(r *sql.Rows) (string, func(int), error) {
		e, err := scanEntry(r)
		return e.SubjectID, func(i int) { add(i, e) }, err
	}, kind)
}

func (b beside) stays(list []upgrade.Opportunity) error {
	return b.each(`SELECT opportunity_id, ord, id, stage_id, state, move, version_id, entered_on, recorded_at, recorded_on, reason, exception, voided_at IS NOT NULL
		FROM stay WHERE tenant_id = $1 AND opportunity_id >= $2 AND opportunity_id <= $3 ORDER BY opportunity_id, ord`, func(r *sql.Rows) (id string, _ func(int), err error) {
		var s upgrade.Stay
		err = r.Scan(&id, &s.Ord, &s.ID, database.Into(&s.StageID), &s.State, &s.Move, &s.VersionID, database.Into(&s.EnteredOn), &s.RecordedAt, &s.RecordedOn,
			&s.Reason, &s.Exception, &s.Voided)
		return id, func(i int) { list[i].Stays = append(list[i].Stays, s) }, err
	})
}

func (b beside) credit(list []upgrade.Opportunity) error {
	return b.each(`SELECT fact_id, id, member_id, team_id, position_id, kind, share_bp, amount_minor, currency, credited_on, voided_at
		FROM credit_line WHERE tenant_id = $1 AND fact_id >= $2 AND fact_id <= $3 ORDER BY fact_id, id`, func(r *sql.Rows) (id string, _ func(int), err error) {
		var l upgrade.Credited
		err = r.Scan(&id, &l.ID, &l.MemberID, database.Into(&l.TeamID), database.Into(&l.PositionID), &l.Kind, &l.ShareBP, &l.AmountMinor, &l.Currency,
			database.Into(&l.On), database.Into(&l.VoidedAt))
		l.FactID, l.Outcome = id, "won"
		return id, func(i int) { list[i].Credit = append(list[i].Credit, l) }, err
	})
}

func (b beside) parts(list []upgrade.Opportunity) error {
	return errors.Join(
		b.each(`SELECT opportunity_id, member_id, kind, share_bp FROM opportunity_share
			WHERE tenant_id = $1 AND opportunity_id >= $2 AND opportunity_id <= $3 ORDER BY opportunity_id, kind, share_bp DESC, member_id`,
			func(r *sql.Rows) (id string, _ func(int), err error) {
				var s credit.Share
				err = r.Scan(&id, &s.MemberID, &s.Kind, &s.BP)
				return id, func(i int) { list[i].Shares = append(list[i].Shares, s) }, err
			}),
		b.each(`SELECT opportunity_id, product_line_id, amount_minor FROM opportunity_line
			WHERE tenant_id = $1 AND opportunity_id >= $2 AND opportunity_id <= $3 ORDER BY opportunity_id, ord`,
			func(r *sql.Rows) (id string, _ func(int), err error) {
				var l credit.Product
				err = r.Scan(&id, &l.ProductLineID, &l.Minor)
				return id, func(i int) { list[i].Lines = append(list[i].Lines, l) }, err
			}))
}
