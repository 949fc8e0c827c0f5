package identity

import (
	"context"
	"errors"

	"yunchou/internal/audit"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// failures are the faults the audit trail counts, by code.
var failures = map[string]string{"org.sign_in_failed": audit.SignInFailed, "identity.wait": audit.SignInRefused,
	"org.password_wrong": audit.PasswordFailed, "identity.code_wrong": audit.FactorFailed, "identity.passkey_refused": audit.FactorFailed, org.BeyondOwnPowers: audit.PowersRefused}

// failed counts an attempt that came to nothing, and gives its fault back. Of a name nobody has
// only from where it came is kept.
func (s *Service) failed(ctx context.Context, of Login, address string, err error) error {
	kind := failures[fault.CodeOf(err)]
	if kind == "" {
		return err
	}
	return errors.Join(err, s.Trail.Note(ctx, audit.Failure{TenantID: of.TenantID, MemberID: of.MemberID, Kind: kind,
		Address: address, At: s.Now()}))
}

// Refused counts that somebody tried what is beyond his powers.
func (s *Service) Refused(ctx context.Context, a org.Actor) error {
	return s.Trail.Note(ctx, audit.Failure{TenantID: a.TenantID, MemberID: a.MemberID, Kind: audit.PowersRefused, Address: a.Address, At: a.Now})
}
