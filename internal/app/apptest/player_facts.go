package apptest

import (
	"database/sql"
	"fmt"

	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/database"
)

// Facts reads from the rows how every record stood at a moment, by the names truth's Facts
// gives: what was written, before anybody counts it.
func (p *Player) Facts(m truth.Moment) map[string]string {
	out := map[string]string{}
	last := map[string][2]string{} // day and number of what holds so far
	holds := func(record, field, day string, seq int64) bool {
		key, at := record+" "+field, [2]string{day, fmt.Sprintf("%020d", seq)}
		if was := last[key]; was[0] > at[0] || was[0] == at[0] && was[1] > at[1] {
			return false
		}
		last[key] = at
		return true
	}
	p.rows(`SELECT opportunity_id, state, COALESCE(stage_id, ''), version_id, COALESCE(entered_on, ''), amount_minor, contract_minor,
		COALESCE(currency, ''), COALESCE(loss_kind, '') FROM stay WHERE tenant_id = $1 AND COALESCE(entered_on, recorded_on) <= $2
		AND seq <= $3 AND (ended_seq IS NULL OR ended_seq > $3) ORDER BY ord`, m, func(r *sql.Rows) error {
		var id, state, stage, version, entered, currency, kind string
		var amount, contract sql.NullInt64
		err := r.Scan(&id, &state, &stage, &version, &entered, &amount, &contract, &currency, &kind)
		if state == truth.Won {
			amount = contract
		}
		truth.Stood(out, id, state, stage, version, entered, pointer(amount), currency, kind)
		return err
	})
	p.rows(`SELECT record_id, COALESCE(member_id, ''), COALESCE(team_id, ''), from_on, seq FROM ownership WHERE tenant_id = $1
		AND record_kind = 'opportunity' AND from_on <= $2 AND seq <= $3 AND (ended_seq IS NULL OR ended_seq > $3)
		ORDER BY ord`, m, func(r *sql.Rows) error {
		var id, member, team, day string
		var seq int64
		err := r.Scan(&id, &member, &team, &day, &seq)
		if holds(id, "owner", day, seq) && out[id+" state"] != "" && member != "" {
			out[id+" owner"] = member + " of " + team
		}
		return err
	})
	p.rows(`SELECT record_id, field, key, day, seq, number_value, COALESCE(text_value, '') FROM dated_value
		WHERE tenant_id = $1 AND day <= $2 AND seq <= $3 AND (ended_seq IS NULL OR ended_seq > $3)
		AND field IN ('amount', 'expected', 'confidence', 'deleted', 'line', 'share', 'account', 'region')
		AND record_id IN (SELECT o.id FROM opportunity o WHERE o.tenant_id = $1)`, m, func(r *sql.Rows) error {
		var id, field, key, day, text string
		var seq int64
		var number sql.NullInt64
		err := r.Scan(&id, &field, &key, &day, &seq, &number, &text)
		if holds(id, field+key, day, seq) && out[id+" state"] != "" {
			truth.Held(out, id, field, key, pointer(number), text)
		}
		return err
	})
	return out
}

func pointer(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

func (p *Player) rows(text string, m truth.Moment, each func(*sql.Rows) error) {
	p.T.Helper()
	p.must(p.DB.Read(p.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(p.Ctx, text, p.Admin.TenantID, m.Day, m.K)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}))
}
