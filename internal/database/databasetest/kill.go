package databasetest

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
)

// childOf names the database a process of a test's own works on.
const childOf = "YUNCHOU_TEST_CHILD_OF"

// ChildOf is the database this process works on until it is killed, "" where it is not one that Killing began.
func ChildOf() string { return os.Getenv(childOf) }

// Kill has a further process of the test's own program, which runs its TestChild, work on a database, until it is killed
// (SIGKILL). Restart kills the one that works longer after a random time, and begins another.
type Kill struct {
	t       testing.TB
	url     string
	env     []string
	rng     *rand.Rand
	running []*exec.Cmd
}

// Killing begins two processes on a database. The test ends them.
func Killing(t testing.TB, url string, env ...string) *Kill {
	k := &Kill{t: t, url: url, env: env, rng: rand.New(rand.NewPCG(3, 5))}
	k.running = []*exec.Cmd{k.begin(), k.begin()}
	t.Cleanup(k.All)
	return k
}

func (k *Kill) begin() *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(append(os.Environ(), childOf+"="+k.url), k.env...)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	return cmd
}

func end(cmd *exec.Cmd) {
	cmd.Process.Kill() //nolint:errcheck // it may have ended
	cmd.Wait()         //nolint:errcheck // it was killed
}

// All kills both.
func (k *Kill) All() {
	for _, cmd := range k.running {
		end(cmd)
	}
	k.running = nil
}

// Restart kills one process at a random moment within a time, and begins another.
func (k *Kill) Restart(within time.Duration) {
	k.t.Helper()
	time.Sleep(time.Duration(k.rng.Int64N(int64(within))))
	end(k.running[0])
	k.running = append(k.running[1:], k.begin())
}

// Rounds is how often a test kills: many times in make soak.
func Rounds(usual, soak int) int {
	if os.Getenv("YUNCHOU_SOAK") != "" {
		return soak
	}
	return usual
}
