// Package upgradedb is the SQL of carrying an older program's rows over. It reads and writes
// the tables of every capability, as a migration does.
package upgradedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/upgrade"
)

// Rows implements upgrade.Rows.
type Rows struct{}

// Waiting lists the companies that are not carried over.
func (Rows) Waiting(ctx context.Context, tx database.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT tenant_id FROM carried WHERE step = 'facts' AND done_at IS NULL ORDER BY tenant_id`)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// Company reads what a rebuilding needs of a company.
func (Rows) Company(ctx context.Context, tx database.Tx, id string, now time.Time) (upgrade.Company, error) {
	c := upgrade.Company{ID: id, Rates: map[string]int64{}}
	zone := ""
	err := tx.QueryRow(ctx, `SELECT t.currency, t.time_zone, c.baseline_seq FROM tenant t JOIN carried c ON c.tenant_id = t.id AND c.step = 'facts'
		WHERE t.id = $1`, id).Scan(&c.Currency, &zone, &c.Baseline)
	if err != nil {
		return c, err
	}
	if c.Zone, err = calendar.Zone(zone); err != nil {
		return c, err
	}
	c.Today = calendar.DateOf(now, c.Zone)
	rows, err := tx.Query(ctx, `SELECT h.id, h.seat_id, h.member_id, s.team_id, s.position_id, h.main, h.from_on, h.to_on
		FROM seat_holder h JOIN seat s ON s.tenant_id = h.tenant_id AND s.id = h.seat_id
		WHERE h.tenant_id = $1 AND h.ended_seq IS NULL ORDER BY h.member_id, h.from_on, h.id`, id)
	c.Holdings, err = database.All(rows, err, func(r *sql.Rows) (h upgrade.Holding, err error) {
		return h, r.Scan(&h.ID, &h.SeatID, &h.MemberID, &h.TeamID, &h.PositionID, &h.Main, &h.From, database.Into(&h.To))
	})
	if err != nil {
		return c, err
	}
	// Every chunk asks, so it seeks: entries about members are audited ones. Ordered by an expression,
	// or SQLite would walk over all entries in their order instead of sorting these few.
	rows, err = tx.Query(ctx, `SELECT subject_id, happened_on, seq, payload FROM journal
		WHERE tenant_id = $1 AND audited AND kind = 'member.transferred' ORDER BY +seq`, id)
	c.Transfers, err = database.All(rows, err, func(r *sql.Rows) (t upgrade.Transfer, err error) {
		var payload []byte
		err = errors.Join(r.Scan(&t.MemberID, &t.On, &t.Seq, &payload), json.Unmarshal(payload, &struct {
			TeamID *string `json:"teamId"`
		}{&t.After}))
		t.Before, _ = c.Seat(t.MemberID, t.On.Add(-1))
		return t, err
	})
	if err != nil {
		return c, err
	}
	rows, err = tx.Query(ctx, `SELECT currency, rate FROM exchange_rate WHERE tenant_id = $1 AND from_on <= $2 ORDER BY from_on, seq`, id, string(c.Today))
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var currency string
		var rate int64
		if err := rows.Scan(&currency, &rate); err != nil {
			return c, err
		}
		c.Rates[currency] = rate // the last stands
	}
	return c, rows.Err()
}

// Step reads how far a step is; one that was not begun is at its beginning.
func (Rows) Step(ctx context.Context, tx database.Tx, company, step string) (s upgrade.Step, err error) {
	err = tx.QueryRow(ctx, `SELECT after_id, records, baseline_seq, done_at IS NOT NULL FROM carried WHERE tenant_id = $1 AND step = $2`,
		company, step).Scan(&s.After, &s.Records, &s.Baseline, &s.Done)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	return s, err
}

// SaveStep keeps how far a step is.
func (Rows) SaveStep(ctx context.Context, tx database.Tx, company, step string, s upgrade.Step, now time.Time) error {
	var done any
	if s.Done {
		done = now
	}
	_, err := tx.Exec(ctx, `INSERT INTO carried (tenant_id, step, after_id, records, baseline_seq, done_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (tenant_id, step) DO UPDATE SET after_id = excluded.after_id, records = excluded.records, done_at = excluded.done_at`,
		company, step, s.After, s.Records, s.Baseline, done)
	return err
}

// SetBaseline keeps the number of the upgrade's own entry.
func (Rows) SetBaseline(tx database.Tx, company string, seq database.Seq) {
	tx.Later(`UPDATE carried SET baseline_seq = $1 WHERE tenant_id = $2 AND step = 'facts'`, seq, company)
}

// Count counts what is to be carried over.
func (Rows) Count(ctx context.Context, tx database.Tx, company string) (accounts, opportunities int64, err error) {
	err = tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM account WHERE tenant_id = $1), (SELECT count(*) FROM opportunity WHERE tenant_id = $1)`,
		company).Scan(&accounts, &opportunities)
	return accounts, opportunities, err
}

const entryColumns = `j.seq, j.id, j.kind, j.path, j.subject_id, j.happened_on, j.recorded_at, j.payload`

func scanEntry(r *sql.Rows) (e upgrade.Entry, err error) {
	var payload string
	err = r.Scan(&e.Seq, &e.ID, &e.Kind, &e.Path, &e.SubjectID, &e.On, &e.RecordedAt, &payload)
	e.Payload = []byte(payload)
	return e, err
}

// Organisation reads what is dated in a company, and the entries about it.
func (Rows) Organisation(ctx context.Context, tx database.Tx, company string) (o upgrade.Organisation, err error) {
	list := func(to *[]string, query string) {
		if err != nil {
			return
		}
		rows, e := tx.Query(ctx, query, company)
		*to, err = database.All(rows, e, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	}
	places := func(to *[]upgrade.Place, query string) {
		if err != nil {
			return
		}
		rows, e := tx.Query(ctx, query, company)
		*to, err = database.All(rows, e, func(r *sql.Rows) (p upgrade.Place, err error) {
			return p, r.Scan(&p.ID, &p.Of, &p.From, database.Into(&p.To))
		})
	}
	list(&o.Versions, `SELECT id FROM pipeline_version WHERE tenant_id = $1 ORDER BY id`)
	list(&o.Teams, `SELECT id FROM team WHERE tenant_id = $1 ORDER BY id`)
	places(&o.Parents, `SELECT id, team_id, from_on, to_on FROM team_parent WHERE tenant_id = $1 ORDER BY team_id, from_on, id`)
	places(&o.Seats, `SELECT id, member_id, from_on, to_on FROM seat_holder WHERE tenant_id = $1 ORDER BY member_id, from_on, id`)
	if err != nil {
		return o, err
	}
	rows, err := tx.Query(ctx, `SELECT year FROM holiday_year WHERE tenant_id = $1 ORDER BY year`, company)
	o.Years, err = database.All(rows, err, func(r *sql.Rows) (y int64, err error) { return y, r.Scan(&y) })
	if err != nil {
		return o, err
	}
	rows, err = tx.Query(ctx, `SELECT currency, from_on, rate FROM exchange_rate WHERE tenant_id = $1 ORDER BY currency, from_on`, company)
	o.Rates, err = database.All(rows, err, func(r *sql.Rows) (x upgrade.Rate, err error) { return x, r.Scan(&x.Currency, &x.From, &x.Rate) })
	if err != nil {
		return o, err
	}
	rows, err = tx.Query(ctx, `SELECT `+entryColumns+` FROM journal j WHERE j.tenant_id = $1 AND j.audited
		AND j.kind IN ('company.rate_set', 'company.holidays_loaded', 'pipeline.published', 'team.added', 'team.moved', 'member.added', 'member.transferred', 'member.left')
		ORDER BY +j.seq`, company)
	o.Entries, err = database.All(rows, err, scanEntry)
	return o, err
}

// SaveOrganisation writes the numbers, and the rows that were overwritten.
func (Rows) SaveOrganisation(ctx context.Context, tx database.Tx, company string, f upgrade.OrganisationFacts) error {
	for _, set := range []struct {
		query string
		by    map[string]int64
	}{{`UPDATE pipeline_version SET seq = $3 WHERE tenant_id = $1 AND id = $2`, f.Versions}, {`UPDATE team SET created_seq = $3 WHERE tenant_id = $1 AND id = $2`, f.Teams}} {
		for id, seq := range set.by {
			if _, err := tx.Exec(ctx, set.query, company, id, seq); err != nil {
				return err
			}
		}
	}
	for year, seq := range f.Years {
		if _, err := tx.Exec(ctx, `UPDATE holiday_year SET seq = $3 WHERE tenant_id = $1 AND year = $2 AND seq = 0`, company, year, seq); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE dated_value SET seq = $2 WHERE tenant_id = $1 AND record_id = $1 AND seq = 0`, company, f.Choices)
	if err != nil {
		return err
	}
	for _, p := range f.Parents {
		if _, err := tx.Exec(ctx, `UPDATE team_parent SET seq = $3 WHERE tenant_id = $1 AND id = $2`, company, p.ID, p.Seq); err != nil {
			return err
		}
	}
	for _, p := range f.Seats {
		if err := saveSeat(ctx, tx, company, p); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM exchange_rate WHERE tenant_id = $1 AND seq = 0`, company); err != nil {
		return err
	}
	rates := make([][]any, len(f.Rates))
	for i, r := range f.Rates {
		rates[i] = []any{company, r.Currency, string(r.From), r.Seq, r.Rate}
	}
	return tx.InsertMany(ctx, "exchange_rate", "tenant_id, currency, from_on, seq, rate", "", rates)
}

// saveSeat numbers a member's place; as it was before its end was written it is kept beside.
func saveSeat(ctx context.Context, tx database.Tx, company string, p upgrade.PlaceFacts) error {
	if p.Before != 0 {
		_, err := tx.Exec(ctx, `INSERT INTO seat_holder (tenant_id, id, seat_id, member_id, main, from_on, seq, ended_seq)
			SELECT tenant_id, $3, seat_id, member_id, main, from_on, $4, $5 FROM seat_holder WHERE tenant_id = $1 AND id = $2`,
			company, p.ID, upgrade.NewID(), p.Before, p.Seq)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE seat_holder SET seq = $3 WHERE tenant_id = $1 AND id = $2`, company, p.ID, p.Seq)
	return err
}
