package identity

import (
	"context"

	"yunchou/internal/org"
)

// Guess pays for a guess as a sign-in from a device nobody knows does.
func (s *Service) Guess(ctx context.Context, name, address string) error {
	return s.pay(ctx, []cost{{budgetKey("name", name), ofName}, {budgetKey("address", address), ofAddress}}, true)
}

const (
	FreeOfName    = 5
	FreeOfAddress = 20
	PerMinute     = perMinute
)

// CheckPassword is the rule alone.
func CheckPassword(secret org.Secret) error { return checkPassword(secret) }
