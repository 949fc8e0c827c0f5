// Package orgdb is the SQL of the organisation, and of the data scope.
package orgdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Rows implements org.Rows.
type Rows struct{}

func notFound(err error, code string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, code, "no such row")
	}
	return err
}

// JoinCompany, before an id, takes a company into the query of who reads it along with rows of its own.
const JoinCompany = ` JOIN tenant c ON c.id = `

// CompanyColumns are the columns of a company, whose row is c.
const CompanyColumns = `c.id, c.name, c.currency, c.time_zone, c.locale, c.backdate_days, c.org_version, c.work_calendar, c.sums_with_tax,
	c.meet_early, c.meet_middle, c.meet_late, c.version, c.closing_at IS NOT NULL`

// IntoCompany is where CompanyColumns go.
func IntoCompany(c *org.Company) []any {
	return []any{&c.ID, &c.Name, &c.Currency, &c.TimeZone, &c.Locale, &c.BackdateDays, &c.OrgVersion,
		&c.WorkCalendar, &c.SumsWithTax, &c.MeetDays.Early, &c.MeetDays.Middle, &c.MeetDays.Late, &c.Version, &c.Closing}
}

func scanCompany(row interface{ Scan(...any) error }) (c org.Company, err error) {
	return c, row.Scan(IntoCompany(&c)...)
}

func (Rows) Companies(ctx context.Context, tx database.Tx) ([]org.Company, error) {
	rows, err := tx.Query(ctx, `SELECT `+CompanyColumns+` FROM tenant c ORDER BY created_at, id LIMIT 1000`)
	return database.All(rows, err, func(r *sql.Rows) (org.Company, error) { return scanCompany(r) })
}

func (Rows) Company(ctx context.Context, tx database.Tx, tenant string) (org.Company, error) {
	c, err := scanCompany(tx.QueryRow(ctx, `SELECT `+CompanyColumns+` FROM tenant c WHERE c.id = $1`, tenant))
	return c, notFound(err, "org.company_unknown")
}

func (Rows) InsertCompany(ctx context.Context, tx database.Tx, c org.Company, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO tenant (id, name, currency, time_zone, locale, backdate_days, work_calendar, sums_with_tax, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		c.ID, c.Name, c.Currency, c.TimeZone, c.Locale, c.BackdateDays, c.WorkCalendar, c.SumsWithTax, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO journal_counter (tenant_id, seq) VALUES ($1, 0)`, c.ID)
	return err
}

// GoOn has the company's entries numbered from one that is there.
func (Rows) GoOn(ctx context.Context, tx database.Tx, tenant string, last journal.Entry) error {
	// One that is played from its baseline has no number yet.
	_, err := tx.Exec(ctx, `INSERT INTO journal_counter (tenant_id, seq, recorded_at) VALUES ($1, $2, $3)
		ON CONFLICT (tenant_id) DO UPDATE SET seq = EXCLUDED.seq, recorded_at = EXCLUDED.recorded_at`,
		tenant, last.Seq, database.Time(last.RecordedAt))
	return err
}

func (Rows) SaveCompany(ctx context.Context, tx database.Tx, c org.Company) error {
	n, err := tx.Exec(ctx, `UPDATE tenant SET name = $2, backdate_days = $3, work_calendar = $4, sums_with_tax = $5, version = $6,
		meet_early = $8, meet_middle = $9, meet_late = $10 WHERE id = $1 AND version = $7`,
		c.ID, c.Name, c.BackdateDays, c.WorkCalendar, c.SumsWithTax, c.Version, c.Version-1, c.MeetDays.Early, c.MeetDays.Middle, c.MeetDays.Late)
	return oneSaved(n, err)
}

func (Rows) BumpVersion(ctx context.Context, tx database.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `UPDATE tenant SET org_version = org_version + 1 WHERE id = $1`, tenant)
	return err
}

func (Rows) InsertMember(ctx context.Context, tx database.Tx, tenant string, m org.Member, now time.Time) error {
	spelled := pinyin.SpelledOf(m.Name)
	_, err := tx.Exec(ctx, `INSERT INTO member (tenant_id, id, name, name_key, pinyin, initials, spelled, email, phone, login_name, locale, joined_on, created_at, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, tenant, m.ID, m.Name, text.Match(m.Name), spelled.Full, spelled.Initials, spelled.Others, m.Email, m.Phone,
		database.Null(m.Login), m.Locale, database.Null(m.JoinedOn), now, m.Version)
	return err
}

func (Rows) SaveMember(ctx context.Context, tx database.Tx, tenant string, m org.Member) error {
	spelled := pinyin.SpelledOf(m.Name)
	n, err := tx.Exec(ctx, `UPDATE member SET name = $3, name_key = $4, pinyin = $5, initials = $6, email = $7, phone = $8,
		login_name = $9, locale = $10, left_on = $11, back_on = $12, version = $13, spelled = $15 WHERE tenant_id = $1 AND id = $2 AND version = $14`,
		tenant, m.ID, m.Name, text.Match(m.Name), spelled.Full, spelled.Initials, m.Email, m.Phone,
		database.Null(m.Login), m.Locale, database.Null(m.LeftOn), database.Null(m.BackOn), m.Version, m.Version-1, spelled.Others)
	return oneSaved(n, err)
}

// oneSaved: a row whose version is another was not saved.
func oneSaved(n int64, err error) error {
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}

func (Rows) InsertTeam(ctx context.Context, tx database.Tx, tenant string, t org.Team, now time.Time, seq database.Seq) error {
	return tx.InsertMany(ctx, "team", "tenant_id, id, name, name_key, region, created_at, version, created_seq", "",
		[][]any{{tenant, t.ID, t.Name, text.Match(t.Name), t.Region, now, t.Version, seq}})
}

func (Rows) SaveTeam(ctx context.Context, tx database.Tx, tenant string, t org.Team) error {
	n, err := tx.Exec(ctx, `UPDATE team SET name = $3, name_key = $4, region = $5, closed_on = $6, version = $7
		WHERE tenant_id = $1 AND id = $2 AND version = $8`,
		tenant, t.ID, t.Name, text.Match(t.Name), t.Region, database.Null(t.ClosedOn), t.Version, t.Version-1)
	return oneSaved(n, err)
}

// knownYears are a company's calendar years as they were known at an entry. Those that
// were there when it first used the program count before they were written down too.
const knownYears = ` FROM holiday_year h WHERE tenant_id = $1 AND seq = (SELECT max(seq) FROM holiday_year l
	WHERE l.tenant_id = h.tenant_id AND l.year = h.year AND (l.seq <= $2
	OR l.source = 'shipped' AND l.loaded_at = (SELECT min(f.loaded_at) FROM holiday_year f WHERE f.tenant_id = $1 AND f.source = 'shipped')))
	ORDER BY year LIMIT 200`

// HolidayYears reads a company's calendar years as they were known at an entry.
func (Rows) HolidayYears(ctx context.Context, tx database.Tx, tenant string, known int64) ([]org.HolidayYear, error) {
	rows, err := tx.Query(ctx, `SELECT body, source`+knownYears, tenant, known)
	return database.All(rows, err, func(r *sql.Rows) (y org.HolidayYear, err error) {
		var body string
		if err := r.Scan(&body, &y.Origin); err != nil {
			return y, err
		}
		return y, json.Unmarshal([]byte(body), &y.Year)
	})
}

// HolidayTexts reads them as they are written.
func (Rows) HolidayTexts(ctx context.Context, tx database.Tx, tenant string, known int64) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT body`+knownYears, tenant, known)
	return database.All(rows, err, func(r *sql.Rows) (body string, err error) { return body, r.Scan(&body) })
}

// SaveHolidayYear states a year; the one before stays, as what was known until then.
func (Rows) SaveHolidayYear(ctx context.Context, tx database.Tx, tenant string, y org.HolidayYear, now time.Time, seq database.Seq) error {
	body, err := json.Marshal(y.Year)
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "holiday_year", "tenant_id, year, seq, body, status, source, loaded_at", "",
		[][]any{{tenant, y.Year.Year, seq, string(body), string(y.Status), y.Origin, now}})
}

func (Rows) Rates(ctx context.Context, tx database.Tx, tenant string) ([]org.Rate, error) {
	rows, err := tx.Query(ctx, `SELECT currency, from_on, rate FROM exchange_rate r WHERE tenant_id = $1 AND seq = (SELECT max(seq) FROM exchange_rate l WHERE l.tenant_id = r.tenant_id AND l.currency = r.currency AND l.from_on = r.from_on) ORDER BY currency, from_on DESC LIMIT 10000`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (x org.Rate, err error) { return x, r.Scan(&x.Currency, &x.From, &x.Rate) })
}

// SaveRate states a rate; the one before stays, as what was known until then.
func (Rows) SaveRate(ctx context.Context, tx database.Tx, tenant string, r org.Rate, seq database.Seq) error {
	return tx.InsertMany(ctx, "exchange_rate", "tenant_id, currency, from_on, seq, rate", "", [][]any{{tenant, r.Currency, string(r.From), seq, r.Rate}})
}
