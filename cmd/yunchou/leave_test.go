package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// TestClientsThatLeaveHarmNobody cuts uploads, creations and moves off while others create
// records, for five seconds (ten minutes in make soak), on both databases. Every record
// answered 2xx is there, none answered with an error is, and what was cut off is whole or
// not there at all.
func TestClientsThatLeaveHarmNobody(t *testing.T) {
	eachDatabase(t, leaving)
}

func leavingFor() time.Duration {
	if soaking() {
		return 10 * time.Minute
	}
	return 5 * time.Second
}

// crowd is who stays and who leaves.
type crowd struct {
	v       *victim
	mine    string // a record to attach to
	stages  [2]string
	mu      sync.Mutex
	answers map[string]answer // by the id of the record to create
	uploads atomic.Int64
	left    atomic.Int64
}

func leaving(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
	c := &crowd{v: start(t, bin, args), answers: map[string]answer{}}
	defer func() { _ = c.v.cmd.Process.Kill(); _ = c.v.cmd.Wait() }()
	c.v.signIn(t, "/api/setup", setUp)
	var o struct {
		ID       string `json:"id"`
		Pipeline struct {
			Stages []struct {
				ID string `json:"id"`
			} `json:"stages"`
		} `json:"pipeline"`
	}
	if code, err := c.v.call("POST", "/api/opportunities", `{"name":"二期改造","amountMinor":100}`, &o); err != nil || code != 201 {
		t.Fatalf("create: %d %v", code, err)
	}
	if code, err := c.v.call("GET", "/api/opportunities/"+o.ID, "", &o); err != nil || code != 200 {
		t.Fatalf("read: %d %v", code, err)
	}
	c.mine, c.stages = o.ID, [2]string{o.Pipeline.Stages[0].ID, o.Pipeline.Stages[1].ID}
	end := time.Now().Add(leavingFor())
	var wg sync.WaitGroup
	during := func(each func(rng *rand.Rand)) {
		seed := rand.Uint64()
		wg.Go(func() {
			for rng := rand.New(rand.NewPCG(seed, 1)); time.Now().Before(end); {
				each(rng)
			}
		})
	}
	for range 6 {
		during(c.create)
	}
	during(c.upload)
	during(c.leaveQuickly)
	wg.Wait()
	if err := c.v.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.v.cmd.Wait()
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c.check(t, db)
	whole(t, db)
}

// create adds a record and keeps the answer.
func (c *crowd) create(*rand.Rand) {
	id := record.NewID(time.Now())
	got, err := c.v.ask("POST", "/api/opportunities", `{"id":"`+id+`","name":"并发","amountMinor":100}`, nil)
	if err != nil {
		got = answer{code: err.Error()} // no answer: nothing is said
	}
	c.mu.Lock()
	c.answers[id] = got
	c.mu.Unlock()
}

// distinct is how many files are sent before they come again: a file that is there already is
// kept once, and ten minutes must not fill the disk.
const distinct = 100

// upload sends a whole file and leaves while it is being written.
func (c *crowd) upload(rng *rand.Rand) {
	n := c.uploads.Add(1) % distinct
	body := append(fmt.Appendf(nil, "%%PDF-1.7 file %d ", n), bytes.Repeat([]byte("客户资料 "), (12+int(n)%8)<<20/13)...)
	conn, err := c.send("/api/opportunities/"+c.mine+"/files?name=f.pdf", body)
	if err != nil {
		return
	}
	time.Sleep(time.Duration(50+rng.IntN(550)) * time.Millisecond)
	conn.Close()
	c.left.Add(1)
}

// leaveQuickly asks for something small and does not wait for the answer.
func (c *crowd) leaveQuickly(rng *rand.Rand) {
	path, body := "/api/opportunities", `{"name":"走了","amountMinor":100}`
	switch rng.IntN(3) {
	case 0:
		path, body = "/api/opportunities/"+c.mine+"/move", `{"to":"`+c.stages[rng.IntN(2)]+`","reason":"r","exception":"e"}`
	case 1:
		path, body = "/api/accounts", fmt.Sprintf(`{"name":"走了 %d"}`, rng.Uint64())
	}
	conn, err := c.send(path, []byte(body))
	if err != nil {
		return
	}
	time.Sleep(time.Duration(rng.IntN(8000)) * time.Microsecond)
	conn.Close()
	c.left.Add(1)
	time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
}

// send writes a request onto a connection of its own.
func (c *crowd) send(path string, body []byte) (net.Conn, error) {
	at, err := url.Parse(c.v.base)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", at.Host)
	if err != nil {
		return nil, err
	}
	var cookies []string
	for _, k := range c.v.client.Jar.Cookies(at) {
		cookies = append(cookies, k.Name+"="+k.Value)
	}
	kind := "application/json"
	if strings.Contains(path, "/files") {
		kind = "application/octet-stream"
	}
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-CSRF-Token: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		path, strings.Join(cookies, "; "), c.v.csrf, kind, len(body), body)
	return conn, err
}

// check compares every answer with what is there.
func (c *crowd) check(t *testing.T, db *database.DB) {
	t.Helper()
	there := map[string]bool{}
	ctx := context.Background()
	err := db.Read(ctx, func(tx database.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM opportunity`)
		ids, err := database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
		for _, id := range ids {
			there[id] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	byAnswer := map[answer]int{}
	for id, a := range c.answers {
		byAnswer[a]++
		switch {
		case a.status == 0 || a.code == "unavailable": // no answer, or one that says it is not known
		case a.status < 300 && !there[id]:
			t.Errorf("%s was answered %v and is not there", id, a)
		case a.status >= 300 && there[id]:
			t.Errorf("%s was answered %v and is there", id, a)
		}
		if a.status != 201 {
			t.Errorf("a bystander was answered %v", a)
		}
	}
	cut, written := map[string]int{}, 0 // what was written although, or before, its client left
	for what, query := range map[string]string{
		"files":     `SELECT count(*) FROM file`,
		"moves":     `SELECT count(*) FROM journal WHERE kind = 'opportunity.moved'`,
		"creations": `SELECT count(*) FROM opportunity WHERE name = '走了'`,
		"accounts":  `SELECT count(*) FROM account`,
	} {
		var n int
		err := db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) })
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		cut[what] = n
		written += n
	}
	t.Logf("%v beside %d who left; of theirs %v", byAnswer, c.left.Load(), cut)
	if byAnswer[answer{status: 201}] == 0 || c.left.Load() == 0 || written == 0 {
		t.Error("nobody created, nobody left, or nothing of theirs was written")
	}
}

// whole looks for halves: entries without a number between, records without their first
// stay or entry, files without their entry.
func whole(t *testing.T, db *database.DB) {
	t.Helper()
	ctx := context.Background()
	for what, query := range map[string]string{
		"gaps in the journal":             `SELECT max(seq) - count(*) FROM journal`,
		"records without a stay":          `SELECT count(*) FROM opportunity o WHERE NOT EXISTS (SELECT 1 FROM stay s WHERE s.tenant_id = o.tenant_id AND s.opportunity_id = o.id)`,
		"records without an entry":        `SELECT (SELECT count(*) FROM opportunity) - (SELECT count(*) FROM journal WHERE kind = 'opportunity.created')`,
		"files without an entry":          `SELECT (SELECT count(*) FROM file) - (SELECT count(*) FROM journal WHERE kind = 'file.attached')`,
		"files without content":           `SELECT count(*) FROM file f WHERE NOT EXISTS (SELECT 1 FROM file_chunk c WHERE c.tenant_id = f.tenant_id AND c.hash = f.hash)`,
		"content without a file":          `SELECT count(*) FROM file_chunk c WHERE NOT EXISTS (SELECT 1 FROM file f WHERE c.tenant_id = f.tenant_id AND c.hash = f.hash)`,
		"accounts without an entry":       `SELECT (SELECT count(*) FROM account) - (SELECT count(*) FROM journal WHERE kind = 'account.created')`,
		"accounts without an owner":       `SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM ownership w WHERE w.tenant_id = a.tenant_id AND w.record_id = a.id)`,
		"moves without a stay of its own": `SELECT (SELECT count(*) FROM journal WHERE kind = 'opportunity.moved') - (SELECT count(*) FROM stay) + (SELECT count(*) FROM opportunity)`,
	} {
		var n int
		err := db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) })
		if err != nil || n != 0 {
			t.Errorf("%s: %d %v", what, n, err)
		}
	}
}
