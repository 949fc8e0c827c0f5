//go:build unix

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"yunchou/internal/database"
)

// TestAPowerCutLosesNothingThatWasAcknowledged: a kill leaves what the system has in memory, a power
// cut does not. Of what a server wrote after a moment, any part is lost as disks lose it: the log's
// tail is cut off, empty, garbled, or there in pieces. What was acknowledged by that moment is there;
// the database is whole, and so is it beside a backup that is put back. 15 times (300 in make soak).
func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	bin, dir, backup := built(t), t.TempDir(), filepath.Join(t.TempDir(), "backup.db")
	v := start(t, bin, []string{"--data", dir})
	defer func() { _ = v.cmd.Process.Kill(); _ = v.cmd.Wait() }()
	v.signIn(t, "/api/setup", setUp)
	if out, err := exec.Command(bin, "backup", "--data", dir, "--to", backup).CombinedOutput(); err != nil {
		t.Fatalf("backup: %v %s", err, out)
	}
	w := writing(v)
	from, to := rounds(t, 15, 300)
	acknowledged, lost := 0, 0
	for round := from; round < to; round++ {
		cut := w.moments(t, v, dir)
		rng := rand.New(rand.NewPCG(9, uint64(round)))
		broken := t.TempDir()
		log, how := cut.log(rng, round%5)
		err := os.WriteFile(filepath.Join(broken, database.FileName), cut.file, 0o600)
		if err == nil {
			err = os.WriteFile(filepath.Join(broken, database.FileName+"-wal"), log, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		found := wholeAfterCut(t, broken, fmt.Sprintf("round %d, %s", round, how))
		if round%5 == round/5%5 { // each way of losing, in turn
			restore := exec.Command(bin, "restore", "--data", broken, "--from", backup, "--no-erasures")
			if out, err := restore.CombinedOutput(); err != nil {
				t.Fatalf("round %d: restore: %v %s", round, err, out)
			}
			found = everywhere(t, broken)
		}
		for _, id := range cut.acknowledged {
			if !found[id] {
				t.Errorf("round %d, %s: %s was acknowledged and is not there", round, how, id)
			}
		}
		acknowledged += len(cut.acknowledged)
		lost += cut.later - len(found)
		if t.Failed() {
			return
		}
	}
	if lost <= 0 {
		t.Error("nothing was lost in any round: no power was cut")
	}
	t.Logf("%d rounds: %d acknowledged before, none lost; %d of those after", to-from, acknowledged, lost)
}

// wholeAfterCut looks through a database as `yunchou check` does, and tells its deals.
func wholeAfterCut(t *testing.T, dir, when string) map[string]bool {
	t.Helper()
	db, err := database.OpenSQLite(dir)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	if err := db.Whole(t.Context()); err != nil {
		t.Errorf("%s: %v", when, err)
	}
	found := map[string]bool{}
	for _, id := range opportunities(t, db) {
		found[id] = true
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if told, err := walked(t, []string{"--data", dir}); err != nil {
		t.Errorf("%s: %v\n%s", when, err, told)
	}
	return found
}

// powerCut is a database at a moment, and what its server wrote to the log after it.
type powerCut struct {
	acknowledged []string // before the moment
	later        int      // deals acknowledged by the end
	file         []byte
	before, wal  []byte // the log at the moment, and later
	kept         int    // bytes of it in which what was acknowledged lies: these the disk has
}

// moments stops the server, looks at what it has written, lets it write on, and looks again. Where
// the log was begun anew between the two, it tries again.
func (w *writers) moments(t *testing.T, v *victim, dir string) (p powerCut) {
	t.Helper()
	for range 50 {
		path, n := filepath.Join(dir, database.FileName), len(w.sofar())
		w.until(t, n+3)
		p.acknowledged = w.sofar()
		v.still(t, func() {
			p.file, p.before = must(os.ReadFile(path)), must(os.ReadFile(path+"-wal"))
		})
		w.until(t, len(p.acknowledged)+6)
		v.still(t, func() { p.wal = must(os.ReadFile(path + "-wal")) })
		p.later = len(w.sofar())
		var same bool
		if p.kept, same = committed(p.before, p.wal); same && p.kept < len(p.wal) {
			return p
		}
	}
	t.Fatal("the log was begun anew each time")
	return p
}

// sofar are the deals that were acknowledged until now.
func (w *writers) sofar() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.made...)
}

// still does something while the server stands still.
func (v *victim) still(t *testing.T, do func()) {
	t.Helper()
	if err := v.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.cmd.Process.Signal(syscall.SIGCONT) }()
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(v.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("the server does not stand still: %v %v", status, err)
	}
	do()
}

// A log's header and that of each page in it (https://www.sqlite.org/fileformat2.html#walformat).
const logHead, frameHead = 32, 24

// committed is how much of a log its whole transactions take, and whether a later one goes on from
// it: frames of an older use of the file carry other salts.
func committed(log, later []byte) (end int, same bool) {
	if len(log) < logHead || len(later) < len(log) || !bytes.Equal(log[:logHead], later[:logHead]) {
		return 0, false
	}
	frame := frameHead + int(binary.BigEndian.Uint32(log[8:]))
	for at := logHead; at+frame <= len(log) && bytes.Equal(log[at+8:at+16], log[16:24]); at += frame {
		if binary.BigEndian.Uint32(log[at+4:]) != 0 { // the last of a transaction
			end = at + frame
		}
	}
	return end, end > 0 && bytes.Equal(log[:end], later[:end])
}

// log is the log as a disk without power has it: all that was made sure of, and some of the rest.
func (p powerCut) log(rng *rand.Rand, way int) (log []byte, how string) {
	frame := frameHead + int(binary.BigEndian.Uint32(p.wal[8:]))
	tail := len(p.wal) - p.kept
	switch way {
	case 0:
		n := rng.IntN(tail/frame + 1)
		return p.wal[:p.kept+n*frame], fmt.Sprintf("%d frames of the tail are there", n)
	case 1:
		n := rng.IntN(tail)
		return p.wal[:p.kept+n], fmt.Sprintf("%d bytes of the tail are there", n)
	case 2: // the file had grown, what is in it had not arrived
		n := rng.IntN(tail)
		return append(bytes.Clone(p.wal[:p.kept+n]), make([]byte, tail-n)...), fmt.Sprintf("empty from byte %d of the tail", n)
	case 3:
		log = bytes.Clone(p.wal)
		for n := 1 + rng.IntN(8); n > 0; n-- {
			log[p.kept+rng.IntN(tail)] ^= byte(1 + rng.IntN(255))
		}
		return log, "garbled bytes in the tail"
	}
	log = bytes.Clone(p.wal) // blocks arrive in any order; one that did not is what it was
	const block = 4096
	var old []string
	for at := p.kept / block * block; at < len(log); at += block {
		if rng.IntN(3) > 0 {
			continue
		}
		part := log[at:min(at+block, len(log))]
		clear(part[copy(part, p.before[min(at, len(p.before)):]):])
		old = append(old, fmt.Sprint(at/block))
	}
	return log, "blocks not arrived: " + strings.Join(old, ", ")
}

// TestAnAcknowledgedWriteIsOnTheDisk: SQLite's commit waits for the disk (synchronous = FULL) on the
// connection that writes, as the test above takes for granted. With NORMAL it does not in WAL mode.
func TestAnAcknowledgedWriteIsOnTheDisk(t *testing.T) {
	db, err := database.OpenSQLite(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mode string
	var waits int
	err = db.Write(t.Context(), func(tx database.Tx) error {
		if err := tx.QueryRow(t.Context(), `PRAGMA synchronous`).Scan(&waits); err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `PRAGMA journal_mode`).Scan(&mode)
	})
	if err != nil || waits < 2 || mode != "wal" { // 2 is FULL, 3 EXTRA
		t.Errorf("synchronous is %d, journal_mode %s: %v", waits, mode, err)
	}
}
