package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	headed   = regexp.MustCompile(`^# (\d+)\. `)
	linkedTo = regexp.MustCompile(`\]\(((?:[\w.-]+/)*[\w.-]+\.md)(?:#[\w-]*)?\)`)
)

// TestEveryDecisionHasANumberOfItsOwn: the one its file is called by and its heading says.
func TestEveryDecisionHasANumberOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	for file := range files(t, ".md", "../../docs/decisions") {
		number, _, _ := strings.Cut(filepath.Base(file), "-")
		if other := seen[number]; other != "" {
			t.Errorf("%s and %s are both decision %s", file, other, number)
		}
		seen[number] = file
		m := headed.FindStringSubmatch(read(t, file))
		if m == nil || fmt.Sprintf("%04s", m[1]) != number {
			t.Errorf("%s is headed %v", file, m)
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d decisions seen", len(seen))
	}
}

// TestEveryLinkOfTheDocumentsLeadsSomewhere, and one to a decision is called by its number.
func TestEveryLinkOfTheDocumentsLeadsSomewhere(t *testing.T) {
	links := 0
	for file := range files(t, ".md", "../../docs") {
		for _, m := range linkedTo.FindAllStringSubmatch(read(t, file), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", file, m[1], err)
			}
		}
		for _, m := range numbered.FindAllStringSubmatch(read(t, file), -1) {
			if fmt.Sprintf("%04s", m[1]) != m[2] {
				t.Errorf("%s calls decision %s %s", file, m[2], m[1])
			}
		}
	}
	if links < 40 {
		t.Errorf("only %d links seen", links)
	}
}

var numbered = regexp.MustCompile(`\[(\d+)\]\((?:decisions/)?(\d{4})-`)
