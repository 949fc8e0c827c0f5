package identity_test

import (
	"testing"

	"yunchou/internal/identity"
	"yunchou/internal/journal/journaltest"
)

// payloads are what each kind and version of entry of sign-in decodes into.
var payloads = map[string]func() any{
	"member.password_set 1":            func() any { return &struct{}{} },
	"member.sessions_ended 1":          func() any { return &identity.SessionsEnded{} },
	"company.sign_in_policy_saved 1":   func() any { return &identity.PolicySaved{} },
	"member.factor_added 1":            func() any { return &identity.FactorNamed{} },
	"member.factor_removed 1":          func() any { return &identity.FactorNamed{} },
	"member.factors_removed 1":         func() any { return &identity.FactorsRemoved{} },
	"member.recovery_codes_made 1":     func() any { return &identity.RecoveryMade{} },
	"member.recovery_code_used 1":      func() any { return &identity.RecoveryUsed{} },
	"company.second_factor_required 1": func() any { return &identity.FactorRequired{} },
	"member.signed_in 1":               func() any { return &identity.SignedIn{} },
	"member.signed_out 1":              func() any { return &identity.SignedOut{} },
}

func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", payloads)
}
