package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestKilledAtAnyMomentEveryAcknowledgedMoveIsThere kills a serving process under a
// stream of moves, 12 times (500 in make soak), on both databases.
func TestKilledAtAnyMomentEveryAcknowledgedMoveIsThere(t *testing.T) {
	eachDatabase(t, killing)
}

// eachDatabase runs a test of the built program on both databases: args name the one to
// serve, open opens it once the program is gone.
func eachDatabase(t *testing.T, run func(t *testing.T, bin string, args []string, open func() (*database.DB, error))) {
	bin := built(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		run(t, bin, []string{"--data", dir}, func() (*database.DB, error) { return database.OpenSQLite(dir) })
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		url := databasetest.PostgreSQLURL(t)
		run(t, bin, []string{"--data", t.TempDir(), "--database-url", url},
			func() (*database.DB, error) { return database.OpenPostgreSQL(context.Background(), url) })
	})
}

// victim is a running server and a signed-in client.
type victim struct {
	cmd    *exec.Cmd
	base   string
	client *http.Client
	csrf   string
	setup  []string // what was found of the token printed at start
}

func start(t *testing.T, bin string, args []string) *victim {
	t.Helper()
	return begin(t, exec.Command(bin, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...))
}

// begin starts a server and reads where it is.
func begin(t *testing.T, cmd *exec.Cmd) *victim {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 600)
	n, err := out.Read(buf)
	if err != nil {
		t.Fatalf("the server did not start: %v", err)
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // the pipe ends with the process
	url := regexp.MustCompile(`https?://\S+`).FindString(string(buf[:n]))
	token := regexp.MustCompile(`#setup=(\S+)`).FindStringSubmatch(string(buf[:n]))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &victim{cmd: cmd, base: url, client: &http.Client{Jar: jar, Timeout: 20 * time.Second}, setup: token}
}

func (v *victim) call(method, path, body string, into any) (int, error) {
	r, err := http.NewRequest(method, v.base+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-CSRF-Token", v.csrf)
	res, err := v.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && into != nil && res.StatusCode < 300 {
		err = json.Unmarshal(raw, into)
	}
	return res.StatusCode, err
}

func (v *victim) signIn(t *testing.T, path, body string) {
	t.Helper()
	var me struct {
		CSRF string `json:"csrfToken"`
	}
	if len(v.setup) > 1 && path == "/api/setup" {
		body = fmt.Sprintf(`{"token":%q,`, v.setup[1]) + body[1:]
	}
	if code, err := v.call("GET", "/api/session/start", "", &me); err != nil || code != 200 {
		t.Fatalf("start: %d %v", code, err)
	}
	v.csrf = me.CSRF
	if code, err := v.call("POST", path, body, &me); err != nil || code != 200 {
		t.Fatalf("%s: %d %v", path, code, err)
	}
	v.csrf = me.CSRF
}

func killing(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
	v := start(t, bin, args)
	v.signIn(t, "/api/setup", setUp)
	var opps []string
	var stages [2]string
	for i := range 8 {
		var o struct {
			ID       string `json:"id"`
			Pipeline struct {
				Stages []struct {
					ID string `json:"id"`
				} `json:"stages"`
			} `json:"pipeline"`
		}
		if code, err := v.call("POST", "/api/opportunities", fmt.Sprintf(`{"name":"商机%d","amountMinor":100}`, i), &o); err != nil || code != 201 {
			t.Fatalf("create: %d %v", code, err)
		}
		if code, err := v.call("GET", "/api/opportunities/"+o.ID, "", &o); err != nil || code != 200 {
			t.Fatalf("read: %d %v", code, err)
		}
		opps = append(opps, o.ID)
		stages = [2]string{o.Pipeline.Stages[0].ID, o.Pipeline.Stages[1].ID}
	}
	var mu sync.Mutex
	acknowledged := map[string]int{} // moves answered 200, by opportunity
	attempted := map[string]int{}
	var told often
	from, to := rounds(t, 12, 500)
	for round := from; round < to; round++ {
		rng := rand.New(rand.NewPCG(5, uint64(round)))
		var wg sync.WaitGroup
		var answered atomic.Int64 // this round's moves
		for _, id := range opps {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for {
					mu.Lock()
					attempted[id]++
					mu.Unlock()
					// Each client walks one record to and fro; where it stands is asked first.
					var now struct {
						StageID string `json:"stageId"`
					}
					if _, err := v.call("GET", "/api/opportunities/"+id, "", &now); err != nil {
						return
					}
					to := stages[0]
					if now.StageID == stages[0] {
						to = stages[1]
					}
					code, err := v.call("POST", "/api/opportunities/"+id+"/move", `{"to":"`+to+`","reason":"r","exception":"e"}`, nil)
					if err != nil {
						return
					}
					if code == 200 {
						mu.Lock()
						acknowledged[id]++
						mu.Unlock()
						answered.Add(1)
					}
				}
			}()
		}
		// The kill comes at any moment of the work, counted in moves: a slow machine
		// then kills as much work as a quick one.
		enough, patience := int64(1+rng.IntN(60)), time.Now().Add(30*time.Second)
		for answered.Load() < enough && time.Now().Before(patience) {
			time.Sleep(time.Millisecond)
		}
		if answered.Load() == 0 {
			t.Fatal("no move was answered in 30 s: the test moved nothing")
		}
		time.Sleep(time.Duration(rng.IntN(20_000)) * time.Microsecond)
		if err := v.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		_ = v.cmd.Wait()
		check(t, open, opps, acknowledged, attempted)
		v = start(t, bin, args)
		v.signIn(t, "/api/session", signIn)
		told.tell(t, "%d of %d kills, %d acknowledged moves", round+1-from, to-from, total(acknowledged))
	}
	t.Logf("%d kills, %d acknowledged moves, none lost", to-from, total(acknowledged))
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// check opens the database the killed process left and looks at every record:
// acknowledged moves are there, stays are a whole chain, the journal has no gap and
// as many moves as there are stays.
func check(t *testing.T, open func() (*database.DB, error), opps []string, acknowledged, attempted map[string]int) {
	t.Helper()
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	err = db.Read(ctx, func(tx database.Tx) error {
		for _, id := range opps {
			var stays, openStays, moves int
			var current, last string
			err := tx.QueryRow(ctx, `SELECT count(*), count(CASE WHEN left_on IS NULL THEN 1 END) FROM stay WHERE opportunity_id = $1`, id).Scan(&stays, &openStays)
			if err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `SELECT count(*) FROM journal WHERE subject_id = $1 AND kind = 'opportunity.moved'`, id).Scan(&moves); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `SELECT stage_id FROM opportunity WHERE id = $1`, id).Scan(&current); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `SELECT stage_id FROM stay WHERE opportunity_id = $1 ORDER BY ord DESC LIMIT 1`, id).Scan(&last); err != nil {
				return err
			}
			if stays-1 < acknowledged[id] {
				t.Errorf("%d moves acknowledged, %d in the log", acknowledged[id], stays-1)
			}
			if stays-1 > attempted[id] {
				t.Errorf("%d moves attempted, %d in the log", attempted[id], stays-1)
			}
			if openStays != 1 || moves != stays-1 || current != last {
				t.Errorf("not whole: %d stays, %d open, %d entries, stage %s, last stay %s", stays, openStays, moves, current, last)
			}
		}
		var n, high int
		if err := tx.QueryRow(ctx, `SELECT count(*), max(seq) FROM journal`).Scan(&n, &high); err != nil {
			return err
		}
		if n != high {
			t.Errorf("the journal has %d entries and ends at %d", n, high)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
