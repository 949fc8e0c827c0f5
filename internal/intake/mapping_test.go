package intake_test

import (
	"os"
	"path/filepath"
	"testing"

	"yunchou/internal/intake"

	"github.com/google/go-cmp/cmp"
)

// TestAMappingIsReadAsItWasWritten: the examples, and texts that YAML would take for
// something else, are the same after they were saved.
func TestAMappingIsReadAsItWasWritten(t *testing.T) {
	paths, err := filepath.Glob("../../examples/mappings/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	texts := map[string]string{"awkward": `version: 1
source: "2026-01-01"
empty: ["", " ", -, "no", "~", "null", "0x1F", 'a: b', "#", "tab\there", "行\n行", "😀"]
files:
  - match: x.csv
    kind: opportunity
    columns:
      externalId: 1.0
      name: yes
      stage: {column: 阶段, values: {1: 一, yes: 二, 1.50: 三}}
      amount: {column: 金额, unit: 10000}
`, "json": `{"version":1,"source":"x","files":[{"match":"a*","kind":"b","columns":{"x":"\u4e00"}}]}`}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = string(raw)
	}
	for name, text := range texts {
		m, err := intake.ParseMapping([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := intake.ParseMapping([]byte(m.YAML()))
		if err != nil {
			t.Errorf("%s, saved: %v\n%s", name, err, m.YAML())
		}
		if d := cmp.Diff(m, again); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	m, err := intake.ParseMapping([]byte(texts["awkward"]))
	if err != nil {
		t.Fatal(err)
	}
	columns := m.Files[0].Columns
	if m.Source != "2026-01-01" || m.Empty[2] != "-" || columns["externalId"].Column != "1.0" || columns["name"].Column != "yes" ||
		columns["stage"].Values["1.50"] != "三" || columns["amount"].Unit != "10000" {
		t.Errorf("read as something else: %+v", m)
	}
	for _, wrong := range []string{"source: a\nsource: b", "nonsense: 1", "files: x", "\tsource: x", "a: &a [*a]"} {
		if _, err := intake.ParseMapping([]byte(wrong)); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
