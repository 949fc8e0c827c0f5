package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"
)

// TestARestoreLosesNothingThatWasAcknowledged: while people write, a backup is made and a restore
// is refused; the server is killed, the restore too, again and again, until one is let live.
// Whatever a server ever acknowledged is in the database or in one that was kept, and all of
// them are whole. Twice (20 times in make soak).
func TestARestoreLosesNothingThatWasAcknowledged(t *testing.T) {
	bin, dir, away := built(t), t.TempDir(), t.TempDir()
	args := []string{"--data", dir}
	var acknowledged []string
	v := start(t, bin, args)
	v.signIn(t, "/api/setup", setUp)
	refused, cut := 0, 0
	from, to := rounds(t, 2, 20)
	for round := from; round < to; round++ {
		rng := rand.New(rand.NewPCG(3, uint64(round)))
		w := writing(v)
		backup := filepath.Join(away, fmt.Sprintf("backup-%d.db", round))
		w.until(t, 20)
		if out, err := exec.Command(bin, "backup", "--data", dir, "--to", backup).CombinedOutput(); err != nil {
			t.Fatalf("backup: %v %s", err, out)
		}
		w.until(t, 40)
		restore := []string{"restore", "--data", dir, "--from", backup}
		out, err := exec.Command(bin, restore...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "data.in_use") {
			t.Fatalf("restored under a running server: %s", out)
		}
		refused++
		w.until(t, 60)
		if err := v.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, w.wait()...)
		_ = v.cmd.Wait()
		for range 4 {
			ctx, stop := context.WithTimeout(t.Context(), time.Duration(rng.IntN(400))*time.Millisecond)
			if err := exec.CommandContext(ctx, bin, restore...).Run(); err != nil {
				cut++
			}
			stop()
		}
		if out, err := exec.Command(bin, restore...).CombinedOutput(); err != nil {
			t.Fatalf("restore: %v %s", err, out)
		}
		found := everywhere(t, dir)
		for _, id := range acknowledged {
			if !found[id] {
				t.Errorf("round %d: %s was acknowledged and is nowhere", round, id)
			}
		}
		v = start(t, bin, args)
		v.signIn(t, "/api/session", signIn)
	}
	t.Logf("%d rounds: %d acknowledged, none lost; %d restores refused, %d cut short", to-from, len(acknowledged), refused, cut)
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

// everywhere are the deals of a directory's database and of those that were kept beside it.
func everywhere(t *testing.T, dir string) map[string]bool {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(dir, "before-restore-*"))
	if err != nil || len(kept) == 0 {
		t.Fatal(kept, err)
	}
	out := map[string]bool{}
	for _, d := range append(kept, dir) {
		db, err := database.OpenSQLite(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Whole(t.Context()); err != nil {
			t.Errorf("%s: %v", d, err)
		}
		for _, id := range opportunities(t, db) {
			out[id] = true
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if told, err := walked(t, []string{"--data", d}); err != nil {
			t.Errorf("%s: %v\n%s", d, err, told)
		}
	}
	return out
}

func opportunities(t *testing.T, db *database.DB) (ids []string) {
	t.Helper()
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT id FROM opportunity`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// writers are clients that make deals until their server is gone.
type writers struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	made []string
}

func writing(v *victim) *writers {
	w := &writers{}
	for n := range 4 {
		w.wg.Go(func() {
			for i := 0; ; i++ {
				var o struct {
					ID string `json:"id"`
				}
				code, err := v.call("POST", "/api/opportunities", fmt.Sprintf(`{"name":"商机 %d %d","amountMinor":100}`, n, i), &o)
				if err != nil {
					return
				}
				if code == 201 {
					w.mu.Lock()
					w.made = append(w.made, o.ID)
					w.mu.Unlock()
				}
			}
		})
	}
	return w
}

// until waits until so many were made.
func (w *writers) until(t *testing.T, n int) {
	t.Helper()
	for patience := time.Now().Add(time.Minute); time.Now().Before(patience); time.Sleep(time.Millisecond) {
		w.mu.Lock()
		enough := len(w.made) >= n
		w.mu.Unlock()
		if enough {
			return
		}
	}
	t.Fatalf("fewer than %d deals were made in a minute", n)
}

func (w *writers) wait() []string {
	w.wg.Wait()
	return w.made
}
