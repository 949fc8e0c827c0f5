package identitydb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
)

// SaveChallenge keeps what a passkey has to sign, and forgets what nobody signed in time.
func (Rows) SaveChallenge(ctx context.Context, tx database.Tx, key, data string, expires, now time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM passkey_challenge WHERE expires_at <= $1`, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO passkey_challenge (bound_hash, data, expires_at) VALUES ($1,$2,$3)
		ON CONFLICT (bound_hash) DO UPDATE SET data = EXCLUDED.data, expires_at = EXCLUDED.expires_at`, key, data, expires)
	return err
}

// TakeChallenge takes it away: each is good once. "" where there is none.
func (Rows) TakeChallenge(ctx context.Context, tx database.Tx, key string, now time.Time) (data string, err error) {
	var expires database.Instant
	err = tx.QueryRow(ctx, `DELETE FROM passkey_challenge WHERE bound_hash = $1 RETURNING data, expires_at`, key).Scan(&data, &expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !now.Before(expires.Time) {
		return "", nil
	}
	return data, err
}

// InsertTicket keeps one, and forgets those that are over.
func (Rows) InsertTicket(ctx context.Context, tx database.Tx, t identity.Ticket, now time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sign_in_ticket WHERE expires_at <= $1`, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO sign_in_ticket (token_hash, tenant_id, member_id, start_hash, name_key, device_hash, expires_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`, t.TokenHash, t.TenantID, t.MemberID, t.StartHash, t.NameKey, t.DeviceHash, t.ExpiresAt)
	return err
}

// Ticket is one by its token.
func (Rows) Ticket(ctx context.Context, tx database.Tx, tokenHash string) (t identity.Ticket, err error) {
	var expires database.Instant
	err = tx.QueryRow(ctx, `SELECT token_hash, tenant_id, member_id, start_hash, name_key, device_hash, expires_at FROM sign_in_ticket
		WHERE token_hash = $1`, tokenHash).Scan(&t.TokenHash, &t.TenantID, &t.MemberID, &t.StartHash, &t.NameKey, &t.DeviceHash, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.Unauthenticated, "identity.ticket_over", "no such ticket")
	}
	t.ExpiresAt = expires.Time
	return t, err
}

func (Rows) DeleteTicket(ctx context.Context, tx database.Tx, tokenHash string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM sign_in_ticket WHERE token_hash = $1`, tokenHash)
}

func (Rows) DeleteTicketsOf(ctx context.Context, tx database.Tx, of identity.Whose) error {
	_, err := tx.Exec(ctx, `DELETE FROM sign_in_ticket WHERE tenant_id = $1 AND member_id = $2`, of.TenantID, of.MemberID)
	return err
}

func (Rows) ConfirmSession(ctx context.Context, tx database.Tx, tenant, session string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE session SET confirmed_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, session, now)
	return err
}
