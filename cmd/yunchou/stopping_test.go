package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/database"
)

// TestLargeWorkEndsWhenAskedTo: a look at a large file, its import and its undo are jobs. Asked to
// end, the process ends in seconds, whatever it is at; the next one goes on with the look and the
// undo, and tells of the import what is there. Each can be cancelled too. 8 MB, 200 in make soak.
func TestLargeWorkEndsWhenAskedTo(t *testing.T) {
	eachDatabase(t, stopping)
}

// stopHang is twenty times what a stop takes.
const stopHang = time.Minute

// work is a server, and what it is at.
type work struct {
	*victim
	t     *testing.T
	begin func() *victim
	took  time.Duration // the longest stop
}

// progress is an import as it is told of.
type progress struct {
	ID, Status, Error string
	RowsDone          int
	Summary           struct{ Created map[string]int }
	Undone            struct{ Removed, Left int }
}

func stopping(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
	size, chunks := int64(8<<20), 1
	if soaking() {
		size, chunks = 200<<20, 50
	}
	w := &work{t: t, begin: func() *victim { return start(t, bin, args) }}
	w.victim = w.begin()
	defer func() { _ = w.cmd.Process.Kill(); _ = w.cmd.Wait() }()
	w.signIn(t, "/api/setup", setUp)
	w.client.Timeout = 10 * time.Minute
	s := &stormy{victim: w.victim, t: t, seen: map[int]int{}}
	table := &tableReader{left: size, filler: strings.Repeat("备注", 60)}
	var up struct{ ID string }
	if status := s.send("POST", "/api/imports/files?name=a.csv", "application/octet-stream", table, &up); status != 201 {
		t.Fatalf("an upload: %d", status)
	}
	ask := func(dry bool) string {
		const yaml = "version: 1\nsource: crm\nfiles: [{match: a.csv, kind: account, columns: {externalId: 编号, name: 客户名称}}]\n"
		var b progress
		w.gets("POST", "/api/imports", fmt.Sprintf(`{"files":{"a.csv":%q},"yaml":%q,"dryRun":%v}`, up.ID, yaml, dry), 202, &b)
		return b.ID
	}
	begun := func(p progress) bool { return p.RowsDone > 0 }
	written := func(p progress) bool { return p.RowsDone >= chunks*500 }
	someUndone := func(p progress) bool { return p.Undone.Removed > 0 }

	look := ask(true)
	w.until(look, "running", begun)
	w.stop()
	if p := w.until(look, "done", nil); p.Summary.Created["account"] != table.rows {
		t.Errorf("taken up, the look saw %d of %d", p.Summary.Created["account"], table.rows)
	}
	look = ask(true)
	w.until(look, "running", begun)
	w.gets("POST", "/api/imports/"+look+"/cancel", "", 204, nil)
	w.until(look, "cancelled", nil)

	imported := ask(false)
	w.until(imported, "running", written)
	w.stop()
	p := w.until(imported, "failed", nil)
	if n := w.accounts(open); p.Error != "import.interrupted" || n == 0 || n != p.Summary.Created["account"] {
		t.Errorf("interrupted: %s, of %v %d are there", p.Error, p.Summary.Created, n)
	}
	w.gets("POST", "/api/imports/"+imported+"/undo", "", 202, nil)
	w.until(imported, "undoing", someUndone)
	w.stop()
	w.until(imported, "undone", nil)
	if n := w.accounts(open); n != 0 {
		t.Errorf("undone, %d are there", n)
	}

	again := ask(false)
	w.until(again, "running", written)
	w.gets("POST", "/api/imports/"+again+"/cancel", "", 204, nil)
	p = w.until(again, "cancelled", nil)
	if n := w.accounts(open); n == 0 || n != p.Summary.Created["account"] {
		t.Errorf("cancelled: of %v %d are there", p.Summary.Created, n)
	}
	w.gets("POST", "/api/imports/"+again+"/undo", "", 202, nil)
	w.until(again, "undoing", someUndone)
	w.gets("POST", "/api/imports/"+again+"/cancel", "", 204, nil)
	w.until(again, "cancelled", nil)
	w.gets("POST", "/api/imports/"+again+"/undo", "", 202, nil)
	w.until(again, "undone", nil)
	if n := w.accounts(open); n != 0 {
		t.Errorf("undone in two goes, %d are there", n)
	}
	t.Logf("%d MB, %d rows: %d written of the first import and %d of the second; the longest of three stops took %v",
		size>>20, table.rows, w.created(imported), w.created(again), w.took.Round(time.Millisecond))
}

// gets asks for something and wants a status.
func (w *work) gets(method, path, body string, want int, into any) {
	w.t.Helper()
	if status, err := w.call(method, path, body, into); err != nil || status != want {
		w.t.Fatalf("%s %s: %d %v", method, path, status, err)
	}
}

// until waits until an import has a status, and as far as is asked.
func (w *work) until(id, status string, far func(progress) bool) (p progress) {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		w.gets("GET", "/api/imports/"+id, "", 200, &p)
		switch {
		case p.Status == status && (far == nil || far(p)):
			return p
		case p.Status != status && p.Status != "running" && p.Status != "undoing", time.Now().After(end):
			w.t.Fatalf("it is %s %s and was to be %s", p.Status, p.Error, status)
		}
	}
}

// stop asks the process to end, and begins the next one.
func (w *work) stop() {
	w.t.Helper()
	began := time.Now()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- w.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			w.t.Errorf("it ended with %v", err)
		}
	case <-time.After(stopHang):
		w.t.Fatal("it does not end")
	}
	w.took = max(w.took, time.Since(began))
	w.victim = w.begin()
	w.signIn(w.t, "/api/session", signIn)
}

// accounts counts the customers that are there.
func (w *work) accounts(open func() (*database.DB, error)) int {
	w.t.Helper()
	return count(w.t, open, `SELECT count(*) FROM account WHERE deleted_at IS NULL`)
}

// count asks the database of a server for a number.
func count(t *testing.T, open func() (*database.DB, error), query string) (n int) {
	t.Helper()
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Read(t.Context(), func(tx database.Tx) error { return tx.QueryRow(t.Context(), query).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *work) created(id string) int {
	var p progress
	w.gets("GET", "/api/imports/"+id, "", 200, &p)
	return p.Summary.Created["account"]
}
