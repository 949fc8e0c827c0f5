// Package identitydb is the SQL of sign-in.
package identitydb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/org/orgdb"
)

// Rows implements identity.Rows.
type Rows struct{}

func notFound(err error, code string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, code, "no such row")
	}
	return err
}

// Logins are those of a name, of each company that has it.
func (Rows) Logins(ctx context.Context, tx database.Tx, name string) ([]identity.Login, error) {
	rows, err := tx.Query(ctx, `SELECT name, tenant_id, member_id FROM login WHERE name = $1 ORDER BY tenant_id LIMIT 1000`, name)
	return database.All(rows, err, func(r *sql.Rows) (l identity.Login, err error) {
		return l, r.Scan(&l.Name, &l.TenantID, &l.MemberID)
	})
}

func (Rows) InsertLogin(ctx context.Context, tx database.Tx, l identity.Login) error {
	_, err := tx.Exec(ctx, `INSERT INTO login (name, tenant_id, member_id) VALUES ($1,$2,$3)`, l.Name, l.TenantID, l.MemberID)
	return err
}

func (Rows) DeleteLogin(ctx context.Context, tx database.Tx, tenant, name string) error {
	_, err := tx.Exec(ctx, `DELETE FROM login WHERE name = $1 AND tenant_id = $2`, name, tenant)
	return err
}

// Password is that of a member; one without has none.
func (Rows) Password(ctx context.Context, tx database.Tx, tenant, member string) (p identity.Password, err error) {
	var set database.Instant
	err = tx.QueryRow(ctx, `SELECT hash, must_change, set_at FROM password WHERE tenant_id = $1 AND member_id = $2`, tenant, member).
		Scan(&p.Hash, &p.MustChange, &set)
	p.SetAt = set.Time
	return p, notFound(err, "org.password_unknown")
}

func (Rows) SetPassword(ctx context.Context, tx database.Tx, tenant, member string, p identity.Password, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO password (tenant_id, member_id, hash, must_change, set_at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (tenant_id, member_id) DO UPDATE SET hash = EXCLUDED.hash, must_change = EXCLUDED.must_change, set_at = EXCLUDED.set_at`,
		tenant, member, p.Hash, p.MustChange, now)
	return err
}

func (Rows) InsertSession(ctx context.Context, tx database.Tx, s identity.Session, tokenHash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO session (tenant_id, id, member_id, csrf_token, agent, created_at, seen_at, expires_at, address, way)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		s.TenantID, s.ID, s.MemberID, s.CSRF, s.Agent, s.CreatedAt, s.SeenAt, s.ExpiresAt, s.Address, s.Way)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO session_token (token_hash, tenant_id, session_id) VALUES ($1,$2,$3)`, tokenHash, s.TenantID, s.ID)
	return err
}

// A session comes with what the company says of its length, whether another password is due
// first, and whether the member has a second factor and whose roles need one.
const (
	sessionColumns = `s.tenant_id, s.id, s.member_id, s.csrf_token, s.agent, s.address, s.way, s.created_at, s.seen_at, s.expires_at, s.revoked_at,
		s.confirmed_at, COALESCE(p.must_change, false), y.idle_minutes, y.absolute_hours, y.version, COALESCE(f.roles, ''),
		EXISTS (SELECT 1 FROM totp o WHERE o.tenant_id = s.tenant_id AND o.member_id = s.member_id AND o.confirmed = true)
			OR EXISTS (SELECT 1 FROM passkey k WHERE k.tenant_id = s.tenant_id AND k.member_id = s.member_id)`
	sessionJoins = ` LEFT JOIN password p ON p.tenant_id = s.tenant_id AND p.member_id = s.member_id
		LEFT JOIN sign_in_policy y ON y.tenant_id = s.tenant_id
		LEFT JOIN second_factor_policy f ON f.tenant_id = s.tenant_id `
)

func scanSession(row interface{ Scan(...any) error }, more ...any) (s identity.Session, err error) {
	var created, seen, expires, revoked, confirmed database.Instant
	var roles string
	var idle, absolute, version sql.NullInt64
	err = row.Scan(append([]any{&s.TenantID, &s.ID, &s.MemberID, &s.CSRF, &s.Agent, &s.Address, &s.Way, &created, &seen, &expires, &revoked,
		&confirmed, &s.MustChange, &idle, &absolute, &version, &roles, &s.HasFactor}, more...)...)
	s.ConfirmedAt, s.Required.Roles = confirmed.Time, rolesOf(roles)
	s.CreatedAt, s.SeenAt, s.ExpiresAt, s.RevokedAt = created.Time, seen.Time, expires.Time, revoked.Time
	if s.Policy = identity.DefaultPolicy; version.Valid {
		s.Policy = identity.Policy{IdleMinutes: int(idle.Int64), AbsoluteHours: int(absolute.Int64), Version: int(version.Int64)}
	}
	return s, err
}

// SessionByToken reads a session and its company in one query: it is the whole of what most requests ask
// before they begin.
func (Rows) SessionByToken(ctx context.Context, tx database.Tx, tokenHash string) (s identity.Session, c org.Company, err error) {
	row := tx.QueryRow(ctx, `SELECT `+sessionColumns+`, `+orgdb.CompanyColumns+` FROM session_token t
		JOIN session s ON s.tenant_id = t.tenant_id AND s.id = t.session_id`+orgdb.JoinCompany+`t.tenant_id`+sessionJoins+`WHERE t.token_hash = $1`, tokenHash)
	s, err = scanSession(row, orgdb.IntoCompany(&c)...)
	return s, c, notFound(err, "org.session_unknown")
}

func (Rows) Sessions(ctx context.Context, tx database.Tx, tenant, member string) ([]identity.Session, error) {
	rows, err := tx.Query(ctx, `SELECT `+sessionColumns+` FROM session s`+sessionJoins+`WHERE s.tenant_id = $1 AND s.member_id = $2
		AND s.revoked_at IS NULL ORDER BY s.created_at DESC, s.id LIMIT 100`, tenant, member)
	return database.All(rows, err, func(r *sql.Rows) (identity.Session, error) { return scanSession(r) })
}

func (Rows) TouchSession(ctx context.Context, tx database.Tx, tenant, id string, seen time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE session SET seen_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, seen)
	return err
}

func (Rows) RevokeSessions(ctx context.Context, tx database.Tx, of identity.Ending, now time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE session SET revoked_at = $5 WHERE tenant_id = $1 AND member_id = $2 AND ($3 = '' OR id = $3) AND id <> $4
		AND revoked_at IS NULL`, of.TenantID, of.MemberID, of.ID, of.But, now)
}

// IsOpen tells whether a session is there and nobody has ended it.
func (Rows) IsOpen(ctx context.Context, tx database.Tx, tenant, id string) (open bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM session WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL)`, tenant, id).Scan(&open)
	return open, err
}

// LiveSessions is not bound to one tenant: it is for whoever runs the process.
func (Rows) LiveSessions(ctx context.Context, tx database.Tx, now time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM session WHERE revoked_at IS NULL AND expires_at > $1`, database.Time(now)).Scan(&n)
	return n, err
}

// PurgeSessions takes back sessions that ended before an instant, and their tokens.
func (Rows) PurgeSessions(ctx context.Context, tx database.Tx, tenant string, before time.Time) error {
	const ended = `tenant_id = $1 AND (expires_at < $2 OR revoked_at < $2)`
	if _, err := tx.Exec(ctx, `DELETE FROM session_token WHERE tenant_id = $1 AND session_id IN (SELECT id FROM session WHERE `+ended+`)`, tenant, before); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE `+ended, tenant, before)
	return err
}
