package identity_test

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// payloads are what each kind and version of entry of sign-in decodes into.
var payloads = map[string]func() any{
	"member.password_set 1": func() any { return &struct{}{} },
}

func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", payloads)
}
