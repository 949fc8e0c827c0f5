package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/database"
)

// TestAnErasureCutShortIsFinished: the program is killed while it writes its file anew after an
// erasure, or just before. Whoever was told that somebody is erased finds no trace of him once
// the work was taken up again, and the database is sound. 8 kills each (200 in make soak).
func TestAnErasureCutShortIsFinished(t *testing.T) {
	eachDatabase(t, erasing)
}

func erasing(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
	v := start(t, bin, args)
	v.signIn(t, "/api/setup", setUp)
	v.stop(t)
	enlarge(t, open)
	v = start(t, bin, args)
	v.signIn(t, "/api/session", signIn)
	var a struct{ ID string }
	if code, err := v.call("POST", "/api/accounts", `{"name":"华新机电"}`, &a); err != nil || code != 201 {
		t.Fatalf("account: %d %v", code, err)
	}
	var erased []string
	cut := 0 // kills before the file was written anew
	from, to := rounds(t, 8, 200)
	for round := from; round < to; round++ {
		rng := rand.New(rand.NewPCG(13, uint64(round)))
		name := fmt.Sprintf("欧阳第%05d人", round)
		var c struct{ ID string }
		if code, err := v.call("POST", "/api/contacts", fmt.Sprintf(`{"name":%q,"accountId":%q}`, name, a.ID), &c); err != nil || code != 201 {
			t.Fatalf("contact: %d %v", code, err)
		}
		late := time.AfterFunc(time.Duration(rng.IntN(400))*time.Millisecond, func() { _ = v.cmd.Process.Kill() })
		if v.erases(c.ID) {
			erased = append(erased, name)
			time.Sleep(400 * time.Millisecond)
		}
		late.Stop()
		_ = v.cmd.Process.Kill()
		_ = v.cmd.Wait()
		if len(filesWith(t, args[1], name)) > 0 {
			cut++
		}
		v = start(t, bin, args)
		v.signIn(t, "/api/session", signIn)
	}
	if sqlite := len(args) == 2; len(erased) == 0 || cut == 0 && sqlite {
		t.Fatalf("of %d kills %d came after an answer, %d before the end of the work: nothing was tried", to-from, len(erased), cut)
	}
	var left []string
	for patience := time.Now().Add(4 * time.Minute); time.Now().Before(patience); time.Sleep(time.Second) {
		if left = filesWith(t, args[1], erased...); len(left) == 0 {
			break
		}
	}
	if len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	v.stop(t)
	db := must(open()) // not before: who closes a file it reads gives up SQLite's locks on it
	defer db.Close()
	for _, name := range erased {
		if there := rowsWith(t, db, name); len(there) > 0 {
			t.Errorf("%s is still in %v", name, there)
		}
	}
	byHand(t, db, `DELETE FROM journal WHERE kind = 'x'`)
	if out, err := checked(t, args); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%d kills, %d of them before the work was done, %d erased, no trace of any", to-from, cut, len(erased))
}

// erases tells whether the erasure of a person who was just made was acknowledged.
func (v *victim) erases(id string) bool {
	r, err := http.NewRequest("POST", v.base+"/api/contacts/"+id+"/erase", strings.NewReader("{}"))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-CSRF-Token", v.csrf)
	r.Header.Set("If-Match", `"1"`)
	res, err := v.client.Do(r)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusNoContent
}

// stop ends a server as an operator does.
func (v *victim) stop(t *testing.T) {
	t.Helper()
	if err := v.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = v.cmd.Wait()
}

// enlarge makes a database large enough that writing it anew takes a while.
func enlarge(t *testing.T, open func() (*database.DB, error)) {
	t.Helper()
	db := must(open())
	defer db.Close()
	byHand(t, db, `INSERT INTO journal (tenant_id, seq, id, recorded_at, happened_on, actor_id, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
		SELECT t.id, 100000 + i, CAST(i AS text), '2026-03-02T02:00:00.000Z', '2026-03-02', '', 'job', 'x', 'x', 'x', 'x', 'x', 1, '{}' FROM n, tenant t`)
}
