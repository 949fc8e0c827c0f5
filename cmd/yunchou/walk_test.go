package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func walked(t *testing.T, args []string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := dispatch(t.Context(), append([]string{"check"}, args...), &out)
	return out.String(), err
}

// TestTheOperatorIsToldWhatContradictsItself: whole, a database passes; what contradicts itself
// is named by rule and id, and nothing a person wrote is printed.
func TestTheOperatorIsToldWhatContradictsItself(t *testing.T) {
	for name, pg := range map[string]bool{"sqlite": false, "postgresql": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, args := lived(t, pg)
			secret := w.Opportunity("陈露", "秘密项目")
			if out, err := walked(t, args); err != nil || !strings.Contains(out, "Whole") {
				t.Fatalf("%v\n%s", err, out)
			}
			byHand(t, w.DB, `UPDATE opportunity SET amount_minor = 4711471147 WHERE id = '`+secret.ID+`'`)
			out, err := walked(t, args)
			if !errors.Is(err, errUnsound) || !strings.Contains(out, "opportunity.amount: 1") || !strings.Contains(out, secret.ID) {
				t.Errorf("%v\n%s", err, out)
			}
			if strings.Contains(out, "秘密") || strings.Contains(out, "4711471147") {
				t.Errorf("says what people wrote: %s", out)
			}
		})
	}
}

// TestColumnsThatAreNoMoreWhatWasWrittenAreTold, and those of an older program are not.
func TestColumnsThatAreNoMoreWhatWasWrittenAreTold(t *testing.T) {
	w, args := lived(t, false)
	dir := filepath.Join(args[1], "columns")
	w.Engine.Dir = dir
	if err := errors.Join(w.Engine.Ready(t.Context(), w.Admin.TenantID), w.Engine.Keep()); err != nil {
		t.Fatal(err)
	}
	if out, err := walked(t, args); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path := filepath.Join(dir, w.Admin.TenantID+".columns")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 4
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := walked(t, args); !errors.Is(err, errUnsound) || !strings.Contains(out, columnsRule) {
		t.Errorf("%v\n%s", err, out)
	}
}
