package identity

import (
	"context"
	"crypto/subtle"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// SetupToken makes the token without which nobody sets a new installation up, to be printed
// where its operator reads. Of several processes on one database each has its own; any of
// them will do, until there is a company. "" is: there is one.
func (s *Service) SetupToken(ctx context.Context) (string, error) {
	all, err := s.Org.Companies(ctx)
	if err != nil || len(all) > 0 {
		return "", err
	}
	token := secretToken()
	return database.Write(ctx, s.DB, func(tx database.Tx) (string, error) {
		return token, s.Rows.InsertSetupToken(ctx, tx, tokenHash(token), s.Now())
	})
}

// MaySetUp refuses whoever has no token of the start. Faults: org.set_up_already,
// identity.setup_token_wrong.
func (s *Service) MaySetUp(ctx context.Context, token string) error {
	all, err := s.Org.Companies(ctx)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		return fault.New(fault.Conflict, "org.set_up_already", "the installation is set up; ask its administrator for a sign-in")
	}
	var known []string
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		known, err = s.Rows.SetupTokens(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, hash := range known {
		if subtle.ConstantTimeCompare([]byte(hash), []byte(tokenHash(token))) == 1 {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "identity.setup_token_wrong", "the token the program printed at its start is another")
}

// SetUp forgets the tokens: there is a company.
func (s *Service) SetUp(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.DeleteSetupTokens(ctx, tx) })
}
