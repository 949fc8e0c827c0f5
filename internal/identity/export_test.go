package identity

import (
	"context"

	"yunchou/internal/org"
)

// Guess pays for a guess as a sign-in from a device nobody knows does.
func (s *Service) Guess(ctx context.Context, name, address string) error {
	return s.pay(ctx, []cost{{key: budgetKey("name", name), of: ofName}, {key: budgetKey("address", address), of: ofAddress, others: true}}, true)
}

const (
	FreeOfName    = 5
	FreeOfAddress = 20
	PerMinute     = perMinute
	FreeOfCode    = 5
)

// CheckPassword is the rule alone.
func CheckPassword(secret org.Secret) error { return checkPassword(secret) }

// FreeOfPasskeys is how many signs-in by passkey an address begins without waiting.
var FreeOfPasskeys = ofPasskeys.free
