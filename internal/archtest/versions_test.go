package archtest

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestSQLiteRunsWithItsOwnLibc: modernc.org/sqlite is generated for one version of
// modernc.org/libc, the one its go.mod names; with another it may fail in ways no test sees.
func TestSQLiteRunsWithItsOwnLibc(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(raw)
	if named == nil {
		t.Fatal("sqlite names no libc")
	}
	used, err := exec.Command("go", "list", "-m", "-f", "{{with .Replace}}{{.Version}}{{else}}{{.Version}}{{end}}", "modernc.org/libc").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(used)); got != string(named[1]) {
		t.Errorf("built with libc %s, sqlite wants %s: change the replace line of go.mod", got, named[1])
	}
}
