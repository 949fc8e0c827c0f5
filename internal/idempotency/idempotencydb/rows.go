// Package idempotencydb is the SQL of package idempotency.
package idempotencydb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// Rows implements idempotency.Rows.
type Rows struct{}

// Remembered returns what a member's key was used for and its answer; "" where it is new.
func (Rows) Remembered(ctx context.Context, tx database.Tx, by journal.By, key string) (hash, response string, err error) {
	err = tx.QueryRow(ctx, `SELECT request_hash, response FROM idempotency_key WHERE tenant_id = $1 AND member_id = $2 AND key = $3`,
		by.TenantID, by.MemberID, key).Scan(&hash, &response)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return hash, response, err
}

// Remember keeps an answer.
func (Rows) Remember(ctx context.Context, tx database.Tx, by journal.By, key, hash, response string) error {
	_, err := tx.Exec(ctx, `INSERT INTO idempotency_key (tenant_id, member_id, key, request_hash, response, created_at)
		VALUES ($1,$2,$3,$4,$5,$6)`, by.TenantID, by.MemberID, key, hash, response, by.Now)
	return err
}

// Forget takes back the answers that name an id.
func (Rows) Forget(ctx context.Context, tx database.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM idempotency_key WHERE tenant_id = $1 AND response LIKE $2 ESCAPE '!'`, tenant, database.Containing(id))
	return err
}

// Purge takes back the answers given before an instant.
func (Rows) Purge(ctx context.Context, tx database.Tx, tenant string, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM idempotency_key WHERE tenant_id = $1 AND created_at < $2`, tenant, before)
	return err
}
