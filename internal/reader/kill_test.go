package reader_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// childOf names the database a process of the test's own works on.
const childOf = "YUNCHOU_TEST_READERS_OF"

// TestMain has the test's program be one of the processes it kills.
func TestMain(m *testing.M) {
	url := os.Getenv(childOf)
	if url == "" {
		os.Exit(m.Run())
	}
	db, err := database.OpenPostgreSQL(context.Background(), url)
	if err != nil {
		os.Exit(1)
	}
	begin(db, writing("a"), writing("b"), writing("c"))
	select {} // until it is killed
}

// TestAProcessKilledAtAnyMomentLosesAndDoublesNothing: two processes on one PostgreSQL run three readers under
// writers, and one of them after the other is killed (SIGKILL), 8 times (300 in make soak).
func TestAProcessKilledAtAnyMomentLosesAndDoublesNothing(t *testing.T) {
	url := databasetest.PostgreSQLURL(t)
	db, err := database.OpenPostgreSQL(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	execute(t, db, applied)
	w := apptest.New(t, db)
	tenants := []string{w.Admin.TenantID, w.Another().Admin.TenantID}
	child := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childOf+"="+url)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	kill := func(cmd *exec.Cmd) {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		cmd.Wait() //nolint:errcheck // it was killed
	}
	rounds := 8
	if os.Getenv("YUNCHOU_SOAK") != "" {
		rounds = 300
	}
	over := make(chan struct{})
	var writers sync.WaitGroup
	for i := range 2 {
		writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				case <-time.After(5 * time.Millisecond):
					write(t, db, tenants[(i+n)%2], "test.a", "test.b")
				}
			}
		})
	}
	rng := rand.New(rand.NewPCG(7, 11))
	running := []*exec.Cmd{child(), child()}
	for round := range rounds {
		before := count(t, db, `SELECT count(*) FROM test_applied`)
		eventually(t, "some entries are applied", func() bool { return count(t, db, `SELECT count(*) FROM test_applied`) > before+20 })
		time.Sleep(time.Duration(rng.IntN(60_000)) * time.Microsecond)
		kill(running[round%2])
		running[round%2] = child()
	}
	close(over)
	writers.Wait()
	exactlyOnce(t, db, "a", "b", "c")
	for _, cmd := range running {
		kill(cmd)
	}
}
