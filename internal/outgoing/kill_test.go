package outgoing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/outgoing"
	"yunchou/internal/outgoing/robothttp"
	"yunchou/internal/outgoing/smtp"
	"yunchou/internal/outgoing/smtp/smtptest"
	"yunchou/internal/task"
	"yunchou/internal/timetable"
)

// childKey names the file of the key of a process of the test's own.
const childKey = "YUNCHOU_TEST_OUTGOING_KEY"

// TestChild is the process that is killed.
func TestChild(t *testing.T) {
	url := databasetest.ChildOf()
	if url == "" {
		t.Skip("only as a child")
	}
	t.Cleanup(outgoing.Hurry())
	db, err := database.OpenPostgreSQL(t.Context(), url)
	must(t, err)
	process(t, t.Context(), db, os.Getenv(childKey), time.Now)
}

// process follows the journal and sends, until the context ends: a program of its own on a database.
func process(t *testing.T, ctx context.Context, db *database.DB, key string, now func() time.Time) {
	a := apptest.Reopen(t, db, now)
	a.Identity.Key = &identity.Key{Path: key}
	a.Outgoing.Site, a.Outgoing.AnyHost, a.Outgoing.Post, a.Outgoing.Hooks = site, true, smtp.Post{}, robothttp.New(true)
	a.Feed.Poll, a.Readers.Patience = 50*time.Millisecond, 200*time.Millisecond
	sends := a.Outgoing.Handlers()
	often := sends[outgoing.Job]
	often.Every = 200 * time.Millisecond
	sends[outgoing.Job] = often
	var busy sync.WaitGroup
	busy.Go(func() { a.Follow(ctx) })
	busy.Go(func() {
		(&timetable.Runner{Service: a.Timetable, Log: a.Log, Lease: time.Second, Poll: 20 * time.Millisecond}).Run(ctx, sends)
	})
	busy.Wait()
}

var linked = regexp.MustCompile(`/notices/(\d+)`)

// group is a stand-in for a maker of robots: it counts how often it heard of each notice.
type group struct {
	*httptest.Server
	mu    sync.Mutex
	heard map[string]int
}

func newGroup(t *testing.T) *group {
	g := &group{heard: map[string]int{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var said struct{ Text struct{ Content string } }
		if json.Unmarshal(raw, &said) != nil || r.URL.Query().Get("key") != "k" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		g.mu.Lock()
		for _, m := range linked.FindAllStringSubmatch(said.Text.Content, -1) {
			g.heard[m[1]]++
		}
		g.mu.Unlock()
		io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`) //nolint:errcheck // who hung up hears nothing
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *group) count(seq string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.heard[seq]
}

// town is a company whose mail goes to a stand-in and whose team has a stand-in's robot. Nothing is quiet.
type town struct {
	world
	mail  *smtptest.Server
	group *group
	key   string
	tasks int
}

func newTown(t *testing.T, db *database.DB) *town {
	w := &town{world: world{World: apptest.New(t, db), out: &outside{}}, mail: smtptest.New(t), group: newGroup(t), key: filepath.Join(t.TempDir(), "key")}
	w.mail.Delay = 8 * time.Millisecond // so that a process may die while it waits
	t.Cleanup(outgoing.Hurry())
	w.Follows(w.App)() // its readers have their places
	w.Identity.Key = &identity.Key{Path: w.key}
	w.Outgoing.Site, w.Outgoing.AnyHost = site, true
	c := outgoing.Usual
	c.Quiet, c.Rests, c.Digest = false, false, false
	for _, who := range []string{"陈露", "小李"} {
		must(t, w.Org.Describe(w.Ctx, w.As("管理员"), w.ID[who], org.Details{Name: who, Email: "a" + fmt.Sprint(len(w.ID[who])) + "@example.com"}))
		_, err := w.Outgoing.Choose(w.Ctx, w.As(who), c)
		must(t, err)
	}
	_, err := w.Outgoing.SaveSetting(w.Ctx, w.As("管理员"), outgoing.Setting{Mail: true, Host: "127.0.0.1", Port: w.mail.Port, Security: outgoing.Plain, Sender: "crm@example.com"}, "")
	must(t, err)
	must(t, w.Outgoing.SetRobot(w.Ctx, w.As("管理员"), w.ID["一组"], outgoing.WeCom, w.group.URL+"/x?key=k", ""))
	return w
}

// give gives some tasks.
func (w *town) give(t *testing.T, n int) {
	for range n {
		_, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID[[]string{"陈露", "小李"}[w.tasks%2]], What: "送样", DueOn: w.As("蒋跃").Today.Add(2)})
		must(t, err)
		w.tasks++
	}
}

func (w *town) ask(t *testing.T, query string) (out [][3]string) {
	t.Helper()
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, query, w.Admin.TenantID)
		if err != nil {
			return err
		}
		defer rows.Close()
		out = nil
		for rows.Next() {
			var x [3]string
			if err := rows.Scan(&x[0], &x[1], &x[2]); err != nil {
				return err
			}
			out = append(out, x)
		}
		return rows.Err()
	}))
	return out
}

// nothingIsLost holds what arrived against what was told: a row for each notice and way, each sent or shown to the
// administrator as one nobody knows of, none more than twice under its id.
func (w *town) nothingIsLost(t *testing.T, what string) {
	t.Helper()
	const open = `SELECT id, way, state FROM outgoing WHERE tenant_id = $1 AND state = 'queued'`
	told := func() int {
		return len(w.ask(t, `SELECT kind, kind, kind FROM notice WHERE tenant_id = $1 AND kind = 'task.given'`))
	}
	w.Eventually("all is told and nothing waits", func() bool { return told() == w.tasks && len(w.ask(t, open)) == 0 })
	arrived := map[string]int{}
	for _, m := range w.mail.Taken() {
		arrived[m.ID()]++
	}
	rows, twice, unsure := map[string]int{}, 0, 0
	for _, r := range w.ask(t, `SELECT way || ' ' || id, CAST(seq AS text), state FROM outgoing WHERE tenant_id = $1`) {
		way, id := r[0][:len("robot")], ""
		n := 0
		if way == "robot" {
			n = w.group.count(r[1])
		} else {
			way, id = "mail", r[0][len("mail "):]
			n = arrived[id]
		}
		rows[way]++
		switch {
		case n > 2:
			t.Errorf("%s: a %s went %d times", what, way, n)
		case r[2] == string(outgoing.Sent) && n == 0:
			t.Errorf("%s: a %s is said to be sent, and is lost", what, way)
		case r[2] == string(outgoing.GivenUp):
			unsure++
		case r[2] != string(outgoing.Sent):
			t.Errorf("%s: a %s is %s", what, way, r[2])
		}
		if n == 2 {
			twice++
		}
	}
	if rows["mail"] != w.tasks || rows["robot"] != w.tasks {
		t.Errorf("%s: %v rows for %d tasks", what, rows, w.tasks)
	}
	t.Logf("%s: %d tasks, %d messages went twice, of %d nobody knows", what, w.tasks, twice, unsure)
}

// TestAProcessKilledAtAnyMomentLosesNothing: two processes on one PostgreSQL tell and send, and one of them after the
// other is killed (SIGKILL), 10 times (150 in make soak).
func TestAProcessKilledAtAnyMomentLosesNothing(t *testing.T) {
	url := databasetest.PostgreSQLURL(t)
	db, err := database.OpenPostgreSQL(t.Context(), url)
	must(t, err)
	defer db.Close()
	w := newTown(t, db)
	k := databasetest.Killing(t, url, childKey+"="+w.key)
	for range databasetest.Rounds(10, 150) {
		before := len(w.mail.Taken())
		var busy sync.WaitGroup
		busy.Go(func() { w.give(t, 30) })
		w.Eventually("something is sent", func() bool { return len(w.mail.Taken()) > before })
		k.Restart(80 * time.Millisecond)
		busy.Wait()
	}
	w.nothingIsLost(t, "after kills")
}

// TestRestartsAndAClockThatJumpsLoseNothing: on SQLite a process is ended at any moment and started anew, each time with
// its clock an hour or two off.
func TestRestartsAndAClockThatJumpsLoseNothing(t *testing.T) {
	w := newTown(t, databasetest.SQLite(t))
	rng := rand.New(rand.NewPCG(7, 9))
	run := func(off time.Duration) (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			process(t, ctx, w.DB, w.key, func() time.Time { return w.Clock.Now().Add(off) })
		}()
		return func() { cancel(); <-done }
	}
	for round := range 8 {
		stop := run([]time.Duration{0, 2 * time.Hour, -2 * time.Hour, time.Hour}[round%4])
		before := len(w.mail.Taken())
		w.give(t, 10)
		if round%4 < 2 { // behind its own clock of before, what it wrote then is not due yet
			w.Eventually("something is sent", func() bool { return len(w.mail.Taken()) > before })
		}
		time.Sleep(time.Duration(rng.IntN(40_000)) * time.Microsecond)
		stop()
	}
	w.Clock.Move(5 * time.Hour)
	defer run(0)()
	w.nothingIsLost(t, "after restarts")
}

// TestABackupThatWasPutBackRepeatsWithTheSameIds: what was sent since may go once more, under the id it had.
func TestABackupThatWasPutBackRepeatsWithTheSameIds(t *testing.T) {
	w := newTown(t, databasetest.SQLite(t))
	w.give(t, 5)
	dir := t.TempDir()
	_, err := w.DB.Backup(t.Context(), filepath.Join(dir, database.FileName))
	must(t, err)
	run := func(db *database.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); process(t, ctx, db, w.key, w.Clock.Now) }()
		w.Eventually("all is sent", func() bool {
			w.Clock.Move(time.Second)
			return len(w.ask(t, `SELECT id, way, state FROM outgoing WHERE tenant_id = $1 AND state = 'sent'`)) == 10
		})
		cancel()
		<-done
	}
	run(w.DB)
	first := map[string]int{}
	for _, m := range w.mail.Taken() {
		first[m.ID()]++
	}
	w.DB = databasetest.SQLiteIn(t, dir)
	run(w.DB)
	for _, m := range w.mail.Taken()[len(first):] {
		if first[m.ID()] != 1 {
			t.Errorf("%s is an id nobody had", m.ID())
		}
	}
	if len(w.mail.Taken()) != 10 || len(first) != 5 {
		t.Errorf("%d mails, %d ids", len(w.mail.Taken()), len(first))
	}
}
