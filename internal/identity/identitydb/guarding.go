package identitydb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/identity"
)

// Budget is what was spent, zero where nothing was.
func (Rows) Budget(ctx context.Context, tx database.Tx, key string) (identity.Budget, error) {
	b := identity.Budget{Key: key}
	var at, open database.Instant
	err := tx.QueryRow(ctx, `SELECT spent, spent_at, open_at FROM sign_in_budget WHERE key = $1`, key).Scan(&b.Spent, &at, &open)
	if errors.Is(err, sql.ErrNoRows) {
		return b, nil
	}
	b.At, b.OpenAt = at.Time, open.Time
	return b, err
}

func (Rows) SaveBudget(ctx context.Context, tx database.Tx, b identity.Budget) error {
	_, err := tx.Exec(ctx, `INSERT INTO sign_in_budget (key, spent, spent_at, open_at) VALUES ($1,$2,$3,$4)
		ON CONFLICT (key) DO UPDATE SET spent = EXCLUDED.spent, spent_at = EXCLUDED.spent_at, open_at = EXCLUDED.open_at`,
		b.Key, b.Spent, b.At, b.OpenAt)
	return err
}

func (Rows) ForgetBudgets(ctx context.Context, tx database.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM sign_in_budget WHERE spent_at < $1`, before)
	return err
}

// Device is the member's of a login, by its token; zero where it is not known.
func (Rows) Device(ctx context.Context, tx database.Tx, of identity.Login, tokenHash string) (d identity.Device, err error) {
	var created, seen database.Instant
	err = tx.QueryRow(ctx, `SELECT tenant_id, id, member_id, token_hash, created_at, seen_at FROM known_device
		WHERE tenant_id = $1 AND member_id = $2 AND token_hash = $3`, of.TenantID, of.MemberID, tokenHash).
		Scan(&d.TenantID, &d.ID, &d.MemberID, &d.TokenHash, &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Device{}, nil
	}
	d.CreatedAt, d.SeenAt = created.Time, seen.Time
	return d, err
}

func (Rows) SaveDevice(ctx context.Context, tx database.Tx, d identity.Device) error {
	_, err := tx.Exec(ctx, `INSERT INTO known_device (tenant_id, id, member_id, token_hash, created_at, seen_at) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (tenant_id, id) DO UPDATE SET token_hash = EXCLUDED.token_hash, seen_at = EXCLUDED.seen_at`,
		d.TenantID, d.ID, d.MemberID, d.TokenHash, d.CreatedAt, d.SeenAt)
	return err
}

// ForgetDevices forgets all of a member's but the newest.
func (Rows) ForgetDevices(ctx context.Context, tx database.Tx, tenant, member string, but int) error {
	_, err := tx.Exec(ctx, `DELETE FROM known_device WHERE tenant_id = $1 AND member_id = $2 AND id NOT IN (SELECT id FROM known_device
		WHERE tenant_id = $1 AND member_id = $2 ORDER BY seen_at DESC, id DESC LIMIT $3)`, tenant, member, but)
	return err
}

// Policy is the company's, or identity.DefaultPolicy.
func (Rows) Policy(ctx context.Context, tx database.Tx, tenant string) (p identity.Policy, err error) {
	err = tx.QueryRow(ctx, `SELECT idle_minutes, absolute_hours, version FROM sign_in_policy WHERE tenant_id = $1`, tenant).
		Scan(&p.IdleMinutes, &p.AbsoluteHours, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.DefaultPolicy, nil
	}
	return p, err
}

func (Rows) SavePolicy(ctx context.Context, tx database.Tx, tenant string, p identity.Policy) error {
	_, err := tx.Exec(ctx, `INSERT INTO sign_in_policy (tenant_id, idle_minutes, absolute_hours, version) VALUES ($1,$2,$3,$4)
		ON CONFLICT (tenant_id) DO UPDATE SET idle_minutes = EXCLUDED.idle_minutes, absolute_hours = EXCLUDED.absolute_hours,
		version = EXCLUDED.version`, tenant, p.IdleMinutes, p.AbsoluteHours, p.Version)
	return err
}

// SetupTokens are the hashes of those that were printed.
func (Rows) SetupTokens(ctx context.Context, tx database.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT token_hash FROM setup_token ORDER BY created_at DESC LIMIT 100`)
	return database.All(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
}

func (Rows) InsertSetupToken(ctx context.Context, tx database.Tx, tokenHash string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO setup_token (token_hash, created_at) VALUES ($1,$2)`, tokenHash, now)
	return err
}

func (Rows) DeleteSetupTokens(ctx context.Context, tx database.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM setup_token`)
	return err
}
