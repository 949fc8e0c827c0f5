package engine

import (
	"testing"
)

func TestAnEntryOfAnUnknownKindConcernsWhatItsScopeIs(t *testing.T) {
	c := Concerns{"opportunity": Opportunities, "account": Accounts, "contact": Nothing}
	for _, tt := range []struct {
		name string
		x    Touch
		want Concern
		id   string
	}{
		{"an opportunity", Touch{SubjectKind: "opportunity", SubjectID: "o"}, Opportunities, "o"},
		{"an account", Touch{SubjectKind: "account", SubjectID: "a"}, Accounts, "a"},
		{"a contact, which no column speaks of",
			Touch{SubjectKind: "contact", ScopeKind: "account", ScopeID: "a"}, Nothing, ""},
		{"a new kind that hangs on an opportunity",
			Touch{SubjectKind: "receipt", ScopeKind: "opportunity", ScopeID: "o"}, Opportunities, "o"},
		{"a new kind that hangs on an account",
			Touch{SubjectKind: "visit", ScopeKind: "account", ScopeID: "a"}, Accounts, "a"},
		{"a new kind that hangs on nothing known",
			Touch{SubjectKind: "plan", ScopeKind: "plan", ScopeID: "p"}, Surroundings, "p"},
	} {
		if got, id := c.of(tt.x); got != tt.want || got != Nothing && id != tt.id {
			t.Errorf("%s concerns %v %q", tt.name, got, id)
		}
	}
}
