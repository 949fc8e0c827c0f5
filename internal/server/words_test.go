package server

import (
	"path/filepath"
	"regexp"
	"testing"

	"yunchou/internal/audit"
	"yunchou/internal/journal/journaltest"
)

// trailed are the kinds of entries the audit trail reads, by their names.
var trailed = regexp.MustCompile(`^((member|role|team|seat|company|import|handover|saved_view|pipeline|field)\..*|.*\.exported|contact\.(erased|taken_out)|opportunity\.team_set)$`)

// TestEveryActOfTheTrailHasItsWords: who adds an act says it in both languages.
func TestEveryActOfTheTrailHasItsWords(t *testing.T) {
	files, err := filepath.Glob("../*/testdata/entries.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of entries, %v", len(files), err)
	}
	kinds := map[string]bool{}
	for kind := range journaltest.Kinds(t, files...) {
		if kind = kind[:len(kind)-2]; trailed.MatchString(kind) {
			kinds[kind] = true
		}
	}
	for _, outcome := range []string{audit.Failed, audit.Refused} {
		for _, kind := range (audit.Query{Outcome: outcome}).Failures() {
			kinds[kind] = true
		}
	}
	if len(kinds) < 50 {
		t.Errorf("only %d kinds seen", len(kinds))
	}
	for kind := range kinds {
		for _, locale := range []string{"zh-CN", "en-US"} {
			if key := "audit.kind." + kind; words(locale, key) == key {
				t.Errorf("%s has no words in %s", kind, locale)
			}
		}
	}
}
