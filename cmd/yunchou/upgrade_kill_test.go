package main

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestAnUpgradeKilledAtAnyMomentGoesOn kills the program while it changes the schema of a
// company of schema 5 and carries its histories over, again and again. The start that is let
// live ends it: the report is that of a company upgraded in one go, and the journal gives back
// the tables.
func TestAnUpgradeKilledAtAnyMomentGoesOn(t *testing.T) {
	bin := built(t)
	for name, old := range map[string]func(*testing.T) []string{"sqlite": oldFile, "postgresql": oldServer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			once, args := old(t), old(t)
			began := time.Now()
			want := reported(t, bin, once)
			whole := time.Since(began)
			killed := 0
			from, to := rounds(t, 12, 500)
			for round := from; round < to; round++ {
				rng := rand.New(rand.NewPCG(6, uint64(round)))
				after := time.Duration(rng.Float64() * 1.1 * float64(whole))
				ctx, stop := context.WithTimeout(t.Context(), after)
				cmd := exec.CommandContext(ctx, bin, report(args)...) // killed, not asked to end
				if out, err := cmd.CombinedOutput(); ctx.Err() != nil {
					killed++
				} else if err != nil {
					t.Errorf("after %d kills: %v %s", killed, err, out)
				}
				stop()
			}
			if got := reported(t, bin, args); got != want {
				t.Errorf("after %d kills the report is\n%s\nand not\n%s", killed, got, want)
			}
			if out, err := checked(t, args); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%d kills within %v", killed, whole)
			if killed == 0 {
				t.Error("nothing was killed")
			}
		})
	}
}

func report(args []string) []string {
	return append([]string{"report", "funnel", "--pipeline", "投标流程", "--as-of", "2026-06-05", "--json", "--backup-done"}, args...)
}

// reported upgrades where it has to, and asks for the report.
func reported(t *testing.T, bin string, args []string) string {
	t.Helper()
	cmd := exec.Command(bin, report(args)...)
	var told strings.Builder
	cmd.Stderr = &told
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v %s", err, told.String())
	}
	return string(out)
}

// oldFile and oldServer are a company of schema 5, and the flags that name it.
func oldFile(t *testing.T) []string {
	dir := t.TempDir()
	raw := schema5(t, "v5.sqlite.gz")
	// A copy that was cut short is made anew.
	part := filepath.Join(dir, "backups", "before-schema-6.part")
	if err := errors.Join(os.WriteFile(filepath.Join(dir, database.FileName), raw, 0o600), os.Mkdir(filepath.Dir(part), 0o700),
		os.WriteFile(part, []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return []string{"--data", dir}
}

func oldServer(t *testing.T) []string {
	return []string{"--database-url", databasetest.FromSQL(t, string(schema5(t, "v5.postgres.sql.gz")))}
}

func schema5(t *testing.T, name string) []byte {
	t.Helper()
	packed, err := os.Open("../../internal/upgrade/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return raw
}
