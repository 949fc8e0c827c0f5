package identity

import (
	"context"
	"crypto/rand"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// recoveryCodes is how many make a set. One has 16 of 31 letters, 79 bits.
const recoveryCodes = 10

// recoverySet is a new set: as it is shown once, and as it is kept.
type recoverySet struct{ plain, hashes []string }

// newRecovery makes a set. It hashes, and belongs before the transaction.
func (s *Service) newRecovery(ctx context.Context) (set recoverySet, err error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return set, err
	}
	for range recoveryCodes {
		code := NewSecret()
		hash, err := hashWith(ctx, s.hashCost(), salt, code)
		if err != nil {
			return recoverySet{}, err
		}
		set.hashes = append(set.hashes, hash)
		set.plain = append(set.plain, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return set, nil
}

// firstRecovery makes a set for whoever has none.
func (s *Service) firstRecovery(ctx context.Context, of Whose) (recoverySet, error) {
	hash, err := s.recoveryHash(ctx, of)
	if err != nil || hash != "" {
		return recoverySet{}, err
	}
	return s.newRecovery(ctx)
}

func (s *Service) recoveryHash(ctx context.Context, of Whose) (hash string, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		hash, err = s.Rows.RecoveryHash(ctx, tx, of)
		return err
	})
	return hash, err
}

// NewRecovery makes the actor a new set of recovery codes; the old ones are good for nothing.
// Faults: identity.confirm_first, identity.no_factor, identity.busy.
func (s *Service) NewRecovery(ctx context.Context, a org.Actor, in Session) ([]string, error) {
	if err := in.confirmed(a.Now); err != nil {
		return nil, err
	}
	set, err := s.newRecovery(ctx)
	if err != nil {
		return nil, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) ([]string, error) {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return nil, err
		}
		if has, err := s.hasFactor(ctx, tx, whose(a)); err != nil {
			return nil, err
		} else if !has {
			return nil, fault.New(fault.Rule, "identity.no_factor", "recovery codes stand in for a factor: set one up first")
		}
		return s.added(ctx, tx, a, in, set)
	})
}

// plainRecovery is a code as it was made, whatever of dashes, spaces and capitals was typed.
func plainRecovery(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == ' ':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, code)
}
