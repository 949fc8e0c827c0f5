package funneldb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity/opportunitydb"
	"yunchou/internal/org"
)

// Ledger reads what a waterfall is made of. What has days changes over time, so it is not
// filtered here, nor scoped, but as of each moment; region, account and product lines are
// read where they are asked for.
// What nothing was written about is as its own columns say, unless a new owner or team was
// announced.
func (Source) Ledger(ctx context.Context, tx database.Tx, q funnel.Query, after int64) ([]funnel.LedgerDeal, error) {
	args, placed := &database.Args{}, byPlace(q)
	where := opportunitydb.Where(args, q.TenantID, org.Scope{All: true}, q.AsToday())
	touched := `(o.id IN (SELECT j.subject_id FROM journal j WHERE j.tenant_id = ` + args.Add(q.TenantID) + ` AND j.seq > ` + args.Add(after) +
		` AND j.subject_kind = 'opportunity') OR EXISTS (SELECT 1 FROM ownership w WHERE w.tenant_id = o.tenant_id AND w.record_id = o.id
			AND w.from_on >= ` + args.Add(string(q.From)) + `))`
	industry, line := "NULL", "NULL"
	if placed {
		industry = "(SELECT a.industry FROM account a WHERE a.tenant_id = o.tenant_id AND a.id = o.account_id)"
	}
	if lines := q.Figures.ProductLines; len(lines) > 0 { // one of the scope is as good as all
		line = `(SELECT min(l.product_line_id) FROM opportunity_line l WHERE l.tenant_id = o.tenant_id AND l.opportunity_id = o.id
			AND l.product_line_id IN ` + database.In(args, lines) + `)`
	}
	rows, err := tx.Query(ctx, `SELECT o.id, o.state, o.pipeline_id, o.owner_id, o.team_id, o.currency, o.expected_on, o.amount_minor,
		o.region, o.account_id, `+industry+`, `+line+`,
		CASE WHEN `+touched+` THEN 1 ELSE 0 END FROM opportunity o WHERE `+where+` AND (o.state = 'open' AND o.deleted_at IS NULL OR `+touched+`)
		ORDER BY o.id`, args.Values...)
	var again []string
	deals, err := database.All(rows, err, func(r *sql.Rows) (funnel.LedgerDeal, error) {
		var id, state, pipeline, owner, team, currency string
		var region, account, industry, line string
		var expected calendar.Date
		var amount *int64
		var changed int
		err := r.Scan(&id, &state, &pipeline, database.Into(&owner), database.Into(&team), &currency, database.Into(&expected), &amount,
			&region, database.Into(&account), database.Into(&industry), database.Into(&line), &changed)
		if changed == 1 {
			again = append(again, id)
			return funnel.LedgerDeal{ID: id}, err
		}
		d := funnel.NewLedgerDeal(id, state, pipeline, owner, team, currency, expected, amount)
		if placed {
			d.Values = append(d.Values, funnel.LedgerValue{Field: "region", Text: region},
				funnel.LedgerValue{Field: "account", Text: account, Industry: industry})
		}
		if line != "" {
			d.Values = append(d.Values, funnel.LedgerValue{Field: "line", Key: line, Number: new(int64)})
		}
		return d, err
	})
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, d := range deals {
		at[d.ID] = i
	}
	const some = 400
	for from := 0; from < len(again); from += some {
		ids := again[from:min(len(again), from+some)]
		if err := facts(ctx, tx, q, ids, func(id string) *funnel.LedgerDeal { return &deals[at[id]] }); err != nil {
			return nil, err
		}
	}
	return deals, nil
}

// byPlace tells whether a waterfall asks where deals are, of which account or product line.
func byPlace(q funnel.Query) bool {
	return q.Filter.Region != "" || q.Filter.Account != "" || q.Filter.Industry != "" || q.Figures.Narrowed()
}

// facts reads all that was ever written of some deals, ended facts too.
func facts(ctx context.Context, tx database.Tx, q funnel.Query, ids []string, of func(id string) *funnel.LedgerDeal) error {
	read := func(query, tail string, scan func(r *sql.Rows) error) error {
		args := &database.Args{}
		rows, err := tx.Query(ctx, query+args.Add(q.TenantID)+tail+database.In(args, ids)+" ORDER BY 1, 2", args.Values...)
		_, err = database.All(rows, err, func(r *sql.Rows) (struct{}, error) { return struct{}{}, scan(r) })
		return err
	}
	err := read(`SELECT opportunity_id, ord, COALESCE(entered_on, recorded_on), seq, COALESCE(ended_seq, 0), state, pipeline_id FROM stay
		WHERE tenant_id = `, ` AND opportunity_id IN `, func(r *sql.Rows) error {
		var id string
		var ord int64
		var s funnel.LedgerStay
		err := r.Scan(&id, &ord, &s.Day, &s.Seq, &s.Ended, &s.State, &s.PipelineID)
		d := of(id)
		d.Stays = append(d.Stays, s)
		return err
	})
	if err != nil {
		return err
	}
	fields, industry := `'amount', 'expected', 'deleted'`, "NULL"
	if byPlace(q) {
		fields += `, 'region', 'account', 'line'`
		industry = `CASE WHEN v.field = 'account' THEN (SELECT a.industry FROM account a WHERE a.tenant_id = v.tenant_id
			AND a.id = v.text_value) END`
	}
	err = read(`SELECT v.record_id, v.seq, v.day, COALESCE(v.ended_seq, 0), v.field, v.key, v.number_value, v.text_value, `+industry+`
		FROM dated_value v WHERE v.field IN (`+fields+`) AND v.tenant_id = `, ` AND v.record_id IN `, func(r *sql.Rows) error {
		var id string
		var v funnel.LedgerValue
		err := r.Scan(&id, &v.Seq, &v.Day, &v.Ended, &v.Field, &v.Key, &v.Number, database.Into(&v.Text), database.Into(&v.Industry))
		d := of(id)
		d.Values = append(d.Values, v)
		return err
	})
	if err != nil {
		return err
	}
	return read(`SELECT record_id, ord, seq, from_on, COALESCE(ended_seq, 0), member_id, team_id FROM ownership
		WHERE tenant_id = `, ` AND record_id IN `, func(r *sql.Rows) error {
		var id string
		var ord int64
		var o funnel.LedgerOwner
		err := r.Scan(&id, &ord, &o.Seq, &o.Day, &o.Ended, database.Into(&o.MemberID), database.Into(&o.TeamID))
		d := of(id)
		d.Owners = append(d.Owners, o)
		return err
	})
}
