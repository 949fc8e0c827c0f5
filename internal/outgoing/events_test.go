package outgoing

import (
	"testing"

	"yunchou/internal/journal/journaltest"
	"yunchou/internal/org"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"notice.chosen 1": func() any { return &Chosen{} },
		"mail.set 1":      func() any { return &MailSet{} },
		"robot.set 1":     func() any { return &RobotSet{} },
		"robot.removed 1": func() any { return &RobotSet{} },
	})
}

// TestNoEntryHoldsAnAddressOrASecret: how mail and robots are reached stays in the row.
func TestNoEntryHoldsAnAddressOrASecret(t *testing.T) {
	x := Setting{Site: "https://intern.example.com", Mail: true, Host: "smtp", Port: 25, Security: Plain, Login: "crm-login", Sealed: "sealed", Sender: "crm@example.com"}
	journaltest.Wordless(t, mailSet(org.Actor{}, Setting{}, x), "intern", "crm-login", "sealed", "crm@example.com")
	journaltest.Wordless(t, robotSet(org.Actor{}, Robot{}, Robot{Kind: WeCom, Sealed: "sealed", SecretSealed: "sealed2", LastFour: "abcd"}), "sealed", "abcd")
}
