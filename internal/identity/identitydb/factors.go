package identitydb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// TOTP is the member's app in use, or the one that waits for its first code.
func (Rows) TOTP(ctx context.Context, tx database.Tx, of identity.Whose, confirmed bool) (identity.TOTP, error) {
	t := identity.TOTP{Whose: of, Confirmed: confirmed}
	var made, used database.Instant
	err := tx.QueryRow(ctx, `SELECT sealed, last_step, made_at, used_at FROM totp WHERE tenant_id = $1 AND member_id = $2 AND confirmed = $3`,
		of.TenantID, of.MemberID, confirmed).Scan(&t.Sealed, &t.LastStep, &made, &used)
	t.MadeAt, t.UsedAt = made.Time, used.Time
	return t, notFound(err, "identity.totp_none")
}

// SaveTOTP puts it in the place of one in the same state.
func (Rows) SaveTOTP(ctx context.Context, tx database.Tx, t identity.TOTP) error {
	_, err := tx.Exec(ctx, `INSERT INTO totp (tenant_id, member_id, confirmed, sealed, last_step, made_at) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (tenant_id, member_id, confirmed) DO UPDATE SET sealed = EXCLUDED.sealed, last_step = EXCLUDED.last_step,
		made_at = EXCLUDED.made_at, used_at = NULL`, t.TenantID, t.MemberID, t.Confirmed, t.Sealed, t.LastStep, t.MadeAt)
	return err
}

// TakeStep notes that a code was used, and refuses one that is not newer than the last.
func (Rows) TakeStep(ctx context.Context, tx database.Tx, of identity.Whose, step int64, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE totp SET last_step = $3, used_at = $4 WHERE tenant_id = $1 AND member_id = $2 AND confirmed = true
		AND last_step < $3`, of.TenantID, of.MemberID, step, now)
	return n == 1, err
}

func (Rows) DeleteTOTP(ctx context.Context, tx database.Tx, of identity.Whose, confirmed bool) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM totp WHERE tenant_id = $1 AND member_id = $2 AND confirmed = $3`, of.TenantID, of.MemberID, confirmed)
}

const passkeyColumns = `p.tenant_id, p.member_id, p.id, p.name, p.host, p.credential, p.made_at, p.used_at`

func scanPasskey(row interface{ Scan(...any) error }) (p identity.Passkey, err error) {
	var made, used database.Instant
	err = row.Scan(&p.TenantID, &p.MemberID, &p.ID, &p.Name, &p.Host, &p.Credential, &made, &used)
	p.MadeAt, p.UsedAt = made.Time, used.Time
	return p, err
}

// Passkeys are a member's, the oldest first.
func (Rows) Passkeys(ctx context.Context, tx database.Tx, of identity.Whose) ([]identity.Passkey, error) {
	rows, err := tx.Query(ctx, `SELECT `+passkeyColumns+` FROM passkey p WHERE p.tenant_id = $1 AND p.member_id = $2
		ORDER BY p.made_at, p.id LIMIT 100`, of.TenantID, of.MemberID)
	return database.All(rows, err, func(r *sql.Rows) (identity.Passkey, error) { return scanPasskey(r) })
}

// PasskeyByCredential finds whose a credential is.
func (Rows) PasskeyByCredential(ctx context.Context, tx database.Tx, credentialHash string) (identity.Passkey, error) {
	p, err := scanPasskey(tx.QueryRow(ctx, `SELECT `+passkeyColumns+` FROM passkey_directory d
		JOIN passkey p ON p.tenant_id = d.tenant_id AND p.id = d.passkey_id WHERE d.credential_hash = $1`, credentialHash))
	return p, notFound(err, "identity.passkey_unknown")
}

func (Rows) InsertPasskey(ctx context.Context, tx database.Tx, p identity.Passkey, credentialHash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO passkey (tenant_id, id, member_id, name, host, credential, made_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		p.TenantID, p.ID, p.MemberID, p.Name, p.Host, p.Credential, p.MadeAt)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO passkey_directory (credential_hash, tenant_id, passkey_id) VALUES ($1,$2,$3)`, credentialHash, p.TenantID, p.ID)
	return err
}

// SavePasskey keeps what a passkey is after it has signed. Fault: identity.passkey_refused,
// where it was removed or used meanwhile.
func (Rows) SavePasskey(ctx context.Context, tx database.Tx, p identity.Passkey) error {
	n, err := tx.Exec(ctx, `UPDATE passkey SET credential = $3, used_at = $4 WHERE tenant_id = $1 AND id = $2 AND credential = $5`,
		p.TenantID, p.ID, p.Credential, p.UsedAt, p.Read)
	if err == nil && n == 0 {
		err = fault.New(fault.Unauthenticated, "identity.passkey_refused", "the passkey is no more, or was used at the same time: try again")
	}
	return err
}

func (Rows) DeletePasskey(ctx context.Context, tx database.Tx, of identity.Whose, id string) (int64, error) {
	_, err := tx.Exec(ctx, `DELETE FROM passkey_directory WHERE tenant_id = $1 AND passkey_id IN
		(SELECT id FROM passkey WHERE tenant_id = $1 AND id = $2 AND member_id = $3)`, of.TenantID, id, of.MemberID)
	if err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `DELETE FROM passkey WHERE tenant_id = $1 AND id = $2 AND member_id = $3`, of.TenantID, id, of.MemberID)
}

// RecoveryHash is any hash of the set, for its salt; "" where there is none.
func (Rows) RecoveryHash(ctx context.Context, tx database.Tx, of identity.Whose) (hash string, err error) {
	err = tx.QueryRow(ctx, `SELECT hash FROM recovery_code WHERE tenant_id = $1 AND member_id = $2 ORDER BY number LIMIT 1`,
		of.TenantID, of.MemberID).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// Recovery tells how many codes are left, and when the set was made.
func (Rows) Recovery(ctx context.Context, tx database.Tx, of identity.Whose) (left int, made time.Time, err error) {
	var at database.Instant
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FILTER (WHERE used_at IS NULL), MAX(made_at) FROM recovery_code WHERE tenant_id = $1 AND member_id = $2`,
		of.TenantID, of.MemberID).Scan(&left, &at)
	return left, at.Time, err
}

// ReplaceRecovery puts a set in the place of the one there is.
func (Rows) ReplaceRecovery(ctx context.Context, tx database.Tx, of identity.Whose, hashes []string, now time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE tenant_id = $1 AND member_id = $2`, of.TenantID, of.MemberID); err != nil {
		return err
	}
	for i, h := range hashes {
		if _, err := tx.Exec(ctx, `INSERT INTO recovery_code (tenant_id, member_id, number, hash, made_at) VALUES ($1,$2,$3,$4,$5)`,
			of.TenantID, of.MemberID, i+1, h, now); err != nil {
			return err
		}
	}
	return nil
}

// UseRecovery uses a code up, which is good once.
func (Rows) UseRecovery(ctx context.Context, tx database.Tx, of identity.Whose, hash string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE recovery_code SET used_at = $4 WHERE tenant_id = $1 AND member_id = $2 AND hash = $3 AND used_at IS NULL`,
		of.TenantID, of.MemberID, hash, now)
	return n == 1, err
}

// FactorPolicy is the company's; of one that said nothing no role needs a factor.
func (Rows) FactorPolicy(ctx context.Context, tx database.Tx, tenant string) (identity.FactorPolicy, error) {
	p := identity.FactorPolicy{Version: 1}
	roles := ""
	err := tx.QueryRow(ctx, `SELECT roles, version FROM second_factor_policy WHERE tenant_id = $1`, tenant).Scan(&roles, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	p.Roles = rolesOf(roles)
	return p, err
}

func (Rows) SaveFactorPolicy(ctx context.Context, tx database.Tx, tenant string, p identity.FactorPolicy) error {
	var roles []string
	for _, r := range p.Roles {
		roles = append(roles, string(r))
	}
	_, err := tx.Exec(ctx, `INSERT INTO second_factor_policy (tenant_id, roles, version) VALUES ($1,$2,$3)
		ON CONFLICT (tenant_id) DO UPDATE SET roles = EXCLUDED.roles, version = EXCLUDED.version`, tenant, strings.Join(roles, ","), p.Version)
	return err
}

func rolesOf(text string) []org.RoleKey {
	out := []org.RoleKey{}
	for r := range strings.SplitSeq(text, ",") {
		if r != "" {
			out = append(out, org.RoleKey(r))
		}
	}
	return out
}

// WithFactor are the members who have one.
func (Rows) WithFactor(ctx context.Context, tx database.Tx, tenant string) (map[string]bool, error) {
	rows, err := tx.Query(ctx, `SELECT member_id FROM totp WHERE tenant_id = $1 AND confirmed = true
		UNION SELECT member_id FROM passkey WHERE tenant_id = $1`, tenant)
	list, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	out := map[string]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, err
}

// Seals are the sealed seeds of a company's members.
func (Rows) Seals(ctx context.Context, tx database.Tx, tenant string) ([]identity.TOTP, error) {
	rows, err := tx.Query(ctx, `SELECT tenant_id, member_id, sealed FROM totp WHERE tenant_id = $1 AND confirmed = true`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (t identity.TOTP, err error) {
		return t, r.Scan(&t.TenantID, &t.MemberID, &t.Sealed)
	})
}
