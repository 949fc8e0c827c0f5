// Package orgdb is the SQL of the organisation, and of the data scope.
package orgdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
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

const companyColumns = `id, name, currency, time_zone, locale, backdate_days, org_version`

func scanCompany(row interface{ Scan(...any) error }) (c org.Company, err error) {
	err = row.Scan(&c.ID, &c.Name, &c.Currency, &c.TimeZone, &c.Locale, &c.BackdateDays, &c.OrgVersion)
	return c, err
}

func (Rows) Companies(ctx context.Context, tx database.Tx) ([]org.Company, error) {
	rows, err := tx.Query(ctx, `SELECT `+companyColumns+` FROM tenant ORDER BY created_at, id LIMIT 1000`)
	return database.All(rows, err, func(r *sql.Rows) (org.Company, error) { return scanCompany(r) })
}

func (Rows) Company(ctx context.Context, tx database.Tx, tenant string) (org.Company, error) {
	c, err := scanCompany(tx.QueryRow(ctx, `SELECT `+companyColumns+` FROM tenant WHERE id = $1`, tenant))
	return c, notFound(err, "org.company_unknown")
}

func (Rows) InsertCompany(ctx context.Context, tx database.Tx, c org.Company, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO tenant (id, name, currency, time_zone, locale, backdate_days, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		c.ID, c.Name, c.Currency, c.TimeZone, c.Locale, c.BackdateDays, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO journal_counter (tenant_id, seq) VALUES ($1, 0)`, c.ID)
	return err
}

func (Rows) SaveCompany(ctx context.Context, tx database.Tx, c org.Company) error {
	_, err := tx.Exec(ctx, `UPDATE tenant SET name = $2, backdate_days = $3 WHERE id = $1`, c.ID, c.Name, c.BackdateDays)
	return err
}

func (Rows) BumpVersion(ctx context.Context, tx database.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `UPDATE tenant SET org_version = org_version + 1 WHERE id = $1`, tenant)
	return err
}

// Structure reads the whole organisation; it is small beside what people sell.
func (Rows) Structure(ctx context.Context, tx database.Tx, tenant string) (*org.Structure, error) {
	s := &org.Structure{Members: map[string]org.Member{}, Teams: map[string]org.Team{}, Positions: map[string]org.Position{}, Seats: map[string]org.Seat{}}
	read := func(query string, scan func(*sql.Rows) error) error {
		rows, err := tx.Query(ctx, query, tenant)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	text := database.Into[string]
	day := database.Into[calendar.Date]
	return s, errors.Join(
		read(`SELECT id, name, pinyin, initials, email, phone, login_name, locale, joined_on, left_on, version FROM member WHERE tenant_id = $1`, func(r *sql.Rows) error {
			var m org.Member
			err := r.Scan(&m.ID, &m.Name, &m.Pinyin, &m.Initials, &m.Email, &m.Phone, text(&m.Login), &m.Locale, day(&m.JoinedOn), day(&m.LeftOn), &m.Version)
			s.Members[m.ID] = m
			return err
		}),
		read(`SELECT id, name, region, closed_on, version FROM team WHERE tenant_id = $1`, func(r *sql.Rows) error {
			var t org.Team
			err := r.Scan(&t.ID, &t.Name, &t.Region, day(&t.ClosedOn), &t.Version)
			s.Teams[t.ID] = t
			return err
		}),
		read(`SELECT id, team_id, parent_id, from_on, to_on FROM team_parent WHERE tenant_id = $1 ORDER BY team_id, from_on`, func(r *sql.Rows) error {
			var p org.TeamParent
			err := r.Scan(&p.ID, &p.TeamID, text(&p.ParentID), &p.From, day(&p.To))
			s.Parents = append(s.Parents, p)
			return err
		}),
		read(`SELECT id, name, leads FROM position WHERE tenant_id = $1`, func(r *sql.Rows) error {
			var p org.Position
			err := r.Scan(&p.ID, &p.Name, &p.Leads)
			s.Positions[p.ID] = p
			return err
		}),
		read(`SELECT id, team_id, position_id, from_on, to_on FROM seat WHERE tenant_id = $1`, func(r *sql.Rows) error {
			var p org.Seat
			err := r.Scan(&p.ID, &p.TeamID, &p.PositionID, &p.From, day(&p.To))
			s.Seats[p.ID] = p
			return err
		}),
		read(`SELECT id, seat_id, member_id, main, from_on, to_on FROM seat_holder WHERE tenant_id = $1 ORDER BY member_id, from_on`, func(r *sql.Rows) error {
			var h org.Holding
			err := r.Scan(&h.ID, &h.SeatID, &h.MemberID, &h.Main, &h.From, day(&h.To))
			s.Holdings = append(s.Holdings, h)
			return err
		}),
		read(`SELECT id, member_id, role, product_lines, regions, from_on, to_on FROM member_role WHERE tenant_id = $1 ORDER BY member_id, from_on`, func(r *sql.Rows) error {
			var g org.Grant
			var lines, regions string
			err := r.Scan(&g.ID, &g.MemberID, &g.Role, &lines, &regions, &g.From, day(&g.To))
			err = errors.Join(err, json.Unmarshal([]byte(lines), &g.ProductLines), json.Unmarshal([]byte(regions), &g.Regions))
			s.Grants = append(s.Grants, g)
			return err
		}),
		read(`SELECT id, principal_id, assistant_id, from_on, to_on FROM delegation WHERE tenant_id = $1`, func(r *sql.Rows) error {
			var d org.Delegation
			err := r.Scan(&d.ID, &d.PrincipalID, &d.AssistantID, &d.From, day(&d.To))
			s.Delegations = append(s.Delegations, d)
			return err
		}))
}

func (Rows) InsertMember(ctx context.Context, tx database.Tx, tenant string, m org.Member, now time.Time) error {
	m.Pinyin, m.Initials = pinyin.Keys(m.Name)
	_, err := tx.Exec(ctx, `INSERT INTO member (tenant_id, id, name, name_key, pinyin, initials, email, phone, login_name, locale, joined_on, created_at, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`, tenant, m.ID, m.Name, text.Match(m.Name), m.Pinyin, m.Initials, m.Email, m.Phone,
		database.Null(m.Login), m.Locale, database.Null(m.JoinedOn), now, m.Version)
	return err
}

func (Rows) SaveMember(ctx context.Context, tx database.Tx, tenant string, m org.Member) error {
	m.Pinyin, m.Initials = pinyin.Keys(m.Name)
	n, err := tx.Exec(ctx, `UPDATE member SET name = $3, name_key = $4, pinyin = $5, initials = $6, email = $7, phone = $8, login_name = $9, locale = $10, left_on = $11, version = $12
		WHERE tenant_id = $1 AND id = $2 AND version = $13`, tenant, m.ID, m.Name, text.Match(m.Name), m.Pinyin, m.Initials, m.Email, m.Phone,
		database.Null(m.Login), m.Locale, database.Null(m.LeftOn), m.Version, m.Version-1)
	if err == nil && n == 0 {
		return fault.New(fault.Stale, "record.stale", "changed by someone else")
	}
	return err
}

func (Rows) InsertTeam(ctx context.Context, tx database.Tx, tenant string, t org.Team, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO team (tenant_id, id, name, name_key, region, created_at, version) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		tenant, t.ID, t.Name, text.Match(t.Name), t.Region, now, t.Version)
	return err
}

func (Rows) SaveTeam(ctx context.Context, tx database.Tx, tenant string, t org.Team) error {
	_, err := tx.Exec(ctx, `UPDATE team SET name = $3, name_key = $4, region = $5, closed_on = $6, version = version + 1 WHERE tenant_id = $1 AND id = $2`,
		tenant, t.ID, t.Name, text.Match(t.Name), t.Region, database.Null(t.ClosedOn))
	return err
}

func (Rows) InsertParent(ctx context.Context, tx database.Tx, tenant string, p org.TeamParent) error {
	_, err := tx.Exec(ctx, `INSERT INTO team_parent (tenant_id, id, team_id, parent_id, from_on) VALUES ($1,$2,$3,$4,$5)`, tenant, p.ID, p.TeamID, database.Null(p.ParentID), string(p.From))
	return err
}

func (Rows) InsertPosition(ctx context.Context, tx database.Tx, tenant string, p org.Position) error {
	_, err := tx.Exec(ctx, `INSERT INTO position (tenant_id, id, name, leads) VALUES ($1,$2,$3,$4)`, tenant, p.ID, p.Name, p.Leads)
	return err
}

func (Rows) InsertSeat(ctx context.Context, tx database.Tx, tenant string, s org.Seat) error {
	_, err := tx.Exec(ctx, `INSERT INTO seat (tenant_id, id, team_id, position_id, from_on) VALUES ($1,$2,$3,$4,$5)`, tenant, s.ID, s.TeamID, s.PositionID, string(s.From))
	return err
}

func (Rows) InsertHolding(ctx context.Context, tx database.Tx, tenant string, h org.Holding) error {
	_, err := tx.Exec(ctx, `INSERT INTO seat_holder (tenant_id, id, seat_id, member_id, main, from_on) VALUES ($1,$2,$3,$4,$5,$6)`, tenant, h.ID, h.SeatID, h.MemberID, h.Main, string(h.From))
	return err
}

func (Rows) InsertGrant(ctx context.Context, tx database.Tx, tenant string, g org.Grant) error {
	lines, _ := json.Marshal(append([]string{}, g.ProductLines...))
	regions, _ := json.Marshal(append([]string{}, g.Regions...))
	_, err := tx.Exec(ctx, `INSERT INTO member_role (tenant_id, id, member_id, role, product_lines, regions, from_on) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		tenant, g.ID, g.MemberID, string(g.Role), string(lines), string(regions), string(g.From))
	return err
}

func (Rows) InsertDelegation(ctx context.Context, tx database.Tx, tenant string, d org.Delegation) error {
	_, err := tx.Exec(ctx, `INSERT INTO delegation (tenant_id, id, principal_id, assistant_id, from_on) VALUES ($1,$2,$3,$4,$5)`, tenant, d.ID, d.PrincipalID, d.AssistantID, string(d.From))
	return err
}

// intervalTables may be ended by name; anything else is a programming error.
var intervalTables = map[string]bool{"seat_holder": true, "member_role": true, "team_parent": true, "delegation": true}

func (Rows) EndInterval(ctx context.Context, tx database.Tx, tenant, table, id string, on calendar.Date) error {
	if !intervalTables[table] {
		return fmt.Errorf("orgdb: %s holds no intervals", table)
	}
	_, err := tx.Exec(ctx, `UPDATE `+table+` SET to_on = $3 WHERE tenant_id = $1 AND id = $2 AND to_on IS NULL`, tenant, id, string(on))
	return err
}

func (Rows) Login(ctx context.Context, tx database.Tx, name string) (l org.Login, err error) {
	var locked database.Instant
	err = tx.QueryRow(ctx, `SELECT name, tenant_id, member_id, failures, locked_until FROM login WHERE name = $1`, name).
		Scan(&l.Name, &l.TenantID, &l.MemberID, &l.Failures, &locked)
	l.LockedUntil = locked.Time
	return l, notFound(err, "org.login_unknown")
}

func (Rows) InsertLogin(ctx context.Context, tx database.Tx, l org.Login) error {
	_, err := tx.Exec(ctx, `INSERT INTO login (name, tenant_id, member_id) VALUES ($1,$2,$3)`, l.Name, l.TenantID, l.MemberID)
	return err
}

func (Rows) DeleteLogin(ctx context.Context, tx database.Tx, name string) error {
	_, err := tx.Exec(ctx, `DELETE FROM login WHERE name = $1`, name)
	return err
}

func (Rows) SaveLoginFailures(ctx context.Context, tx database.Tx, l org.Login) error {
	var locked *time.Time
	if !l.LockedUntil.IsZero() {
		locked = &l.LockedUntil
	}
	_, err := tx.Exec(ctx, `UPDATE login SET failures = $2, locked_until = $3 WHERE name = $1`, l.Name, l.Failures, locked)
	return err
}

func (Rows) PasswordHash(ctx context.Context, tx database.Tx, tenant, member string) (hash string, mustChange bool, err error) {
	err = tx.QueryRow(ctx, `SELECT password_hash, must_change_password FROM member WHERE tenant_id = $1 AND id = $2`, tenant, member).Scan(database.Into(&hash), &mustChange)
	return hash, mustChange, notFound(err, "org.member_unknown")
}

func (Rows) SetPassword(ctx context.Context, tx database.Tx, tenant, member, hash string, mustChange bool) error {
	_, err := tx.Exec(ctx, `UPDATE member SET password_hash = $3, must_change_password = $4 WHERE tenant_id = $1 AND id = $2`, tenant, member, hash, mustChange)
	return err
}

func (Rows) InsertSession(ctx context.Context, tx database.Tx, s org.Session, tokenHash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO session (tenant_id, id, member_id, csrf_token, agent, created_at, seen_at, expires_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		s.TenantID, s.ID, s.MemberID, s.CSRF, s.Agent, s.CreatedAt, s.SeenAt, s.ExpiresAt)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO session_token (token_hash, tenant_id, session_id) VALUES ($1,$2,$3)`, tokenHash, s.TenantID, s.ID)
	return err
}

const sessionColumns = `s.tenant_id, s.id, s.member_id, s.csrf_token, s.agent, s.created_at, s.seen_at, s.expires_at, s.revoked_at`

func scanSession(row interface{ Scan(...any) error }) (s org.Session, err error) {
	var created, seen, expires, revoked database.Instant
	err = row.Scan(&s.TenantID, &s.ID, &s.MemberID, &s.CSRF, &s.Agent, &created, &seen, &expires, &revoked)
	s.CreatedAt, s.SeenAt, s.ExpiresAt, s.RevokedAt = created.Time, seen.Time, expires.Time, revoked.Time
	return s, err
}

func (Rows) SessionByToken(ctx context.Context, tx database.Tx, tokenHash string) (org.Session, error) {
	s, err := scanSession(tx.QueryRow(ctx, `SELECT `+sessionColumns+` FROM session_token t JOIN session s ON s.tenant_id = t.tenant_id AND s.id = t.session_id WHERE t.token_hash = $1`, tokenHash))
	return s, notFound(err, "org.session_unknown")
}

func (Rows) Sessions(ctx context.Context, tx database.Tx, tenant, member string) ([]org.Session, error) {
	rows, err := tx.Query(ctx, `SELECT `+sessionColumns+` FROM session s WHERE s.tenant_id = $1 AND s.member_id = $2 AND s.revoked_at IS NULL ORDER BY s.created_at DESC, s.id LIMIT 100`, tenant, member)
	return database.All(rows, err, func(r *sql.Rows) (org.Session, error) { return scanSession(r) })
}

func (Rows) TouchSession(ctx context.Context, tx database.Tx, tenant, id string, seen time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE session SET seen_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, seen)
	return err
}

func (Rows) RevokeSessions(ctx context.Context, tx database.Tx, tenant, member, id string, now time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE session SET revoked_at = $4 WHERE tenant_id = $1 AND member_id = $2 AND ($3 = '' OR id = $3) AND revoked_at IS NULL`, tenant, member, id, now)
}

func (Rows) HolidayYears(ctx context.Context, tx database.Tx, tenant string) ([]calendar.Year, error) {
	rows, err := tx.Query(ctx, `SELECT body FROM holiday_year h WHERE tenant_id = $1 AND seq = (SELECT max(seq) FROM holiday_year l WHERE l.tenant_id = h.tenant_id AND l.year = h.year) ORDER BY year LIMIT 200`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (y calendar.Year, err error) {
		var body string
		if err := r.Scan(&body); err != nil {
			return y, err
		}
		return y, json.Unmarshal([]byte(body), &y)
	})
}

func (Rows) SaveHolidayYear(ctx context.Context, tx database.Tx, tenant string, y calendar.Year, now time.Time, seq database.Seq) error {
	body, err := json.Marshal(y)
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "holiday_year", "tenant_id, year, seq, body, status, loaded_at", "", [][]any{{tenant, y.Year, seq, string(body), string(calendar.Official), now}})
}

func (Rows) Rates(ctx context.Context, tx database.Tx, tenant string) ([]org.Rate, error) {
	rows, err := tx.Query(ctx, `SELECT currency, from_on, rate FROM exchange_rate r WHERE tenant_id = $1 AND seq = (SELECT max(seq) FROM exchange_rate l WHERE l.tenant_id = r.tenant_id AND l.currency = r.currency AND l.from_on = r.from_on) ORDER BY currency, from_on DESC LIMIT 10000`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (x org.Rate, err error) { return x, r.Scan(&x.Currency, &x.From, &x.Rate) })
}

// SaveRate states a rate; the one before stays, as what was known until then.
func (Rows) SaveRate(ctx context.Context, tx database.Tx, tenant string, r org.Rate, seq database.Seq) error {
	return tx.InsertMany(ctx, "exchange_rate", "tenant_id, currency, from_on, seq, rate", "", [][]any{{tenant, r.Currency, string(r.From), seq, r.Rate}})
}
