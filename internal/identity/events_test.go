package identity_test

import (
	"testing"

	"yunchou/internal/identity"
	"yunchou/internal/journal/journaltest"
)

// payloads are what each kind and version of entry of sign-in decodes into.
var payloads = map[string]func() any{
	"member.password_set 1":          func() any { return &struct{}{} },
	"member.sessions_ended 1":        func() any { return &identity.SessionsEnded{} },
	"company.sign_in_policy_saved 1": func() any { return &identity.PolicySaved{} },
}

func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", payloads)
}
