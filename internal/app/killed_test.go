package app_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/task"
)

// childClock names the file in which a process of the test's own finds how far its clock is from the machine's.
const childClock = "YUNCHOU_TEST_CLOCK"

// clockOf is a clock that goes, and is as far from the machine's as a file says, and off by more.
func clockOf(path string, off time.Duration) func() time.Time {
	return func() time.Time {
		raw, _ := os.ReadFile(path) //nolint:errcheck // then it is the machine's, and the test fails
		ms, _ := strconv.ParseInt(string(raw), 10, 64)
		return time.Now().Add(time.Duration(ms)*time.Millisecond + off)
	}
}

// TestChild is the process that is killed.
func TestChild(t *testing.T) {
	url := databasetest.ChildOf()
	if url == "" {
		t.Skip("only as a child")
	}
	db, err := database.OpenPostgreSQL(t.Context(), url)
	must(t, err)
	works(t, t.Context(), db, clockOf(os.Getenv(childClock), 0))
}

// works follows the journal and works the timetable off, until the context ends: a program of its own on a database.
func works(t *testing.T, ctx context.Context, db *database.DB, now func() time.Time) {
	a := apptest.Reopen(t, db, now)
	a.Feed.Poll, a.Readers.Patience = 50*time.Millisecond, 200*time.Millisecond
	var busy sync.WaitGroup
	busy.Go(func() { a.Follow(ctx) })
	busy.Go(func() { a.Work(ctx) })
	busy.Wait()
}

// answerless is a company in which nobody answers: questions come back, calls for help climb first, and a task comes
// again each working day.
type answerless struct {
	*apptest.World
	t      *testing.T
	clock  string
	off    time.Duration
	deal   string
	series string
	notes  map[string]guidance.Kind
}

func newAnswerless(t *testing.T, db *database.DB) *answerless {
	h := &answerless{World: apptest.New(t, db), t: t, clock: filepath.Join(t.TempDir(), "clock"), notes: map[string]guidance.Kind{}}
	h.off = h.Clock.Now().Sub(time.Now())
	h.passes(0)
	h.Follows(h.App)() // its readers have their places
	h.deal = h.Opportunity("陈露", "二期改造").ID
	x, err := h.Tasks.Add(h.Ctx, h.As("蒋跃"), task.Task{What: "日报", DueOn: apptest.Start, MemberID: h.ID["陈露"], Repeat: &task.Repeat{Every: "day", Holidays: "skip"}})
	must(t, err)
	h.series = x.SeriesID
	return h
}

// passes has time pass, for the children too.
func (h *answerless) passes(d time.Duration) {
	h.t.Helper()
	h.off += d
	must(h.t, os.WriteFile(h.clock+".new", []byte(strconv.FormatInt(h.off.Milliseconds(), 10)), 0o600))
	must(h.t, os.Rename(h.clock+".new", h.clock))
	h.Clock.Move(time.Now().Add(h.off).Sub(h.Clock.Now()))
}

func (h *answerless) asks(n int) {
	h.t.Helper()
	for range n {
		h.passes(0)
		for kind, who := range map[guidance.Kind][2]string{guidance.Question: {"蒋跃", "陈露"}, guidance.Help: {"陈露", "蒋跃"}} {
			k, err := h.Guidance.Ask(h.Ctx, h.As(who[0]), guidance.New{Kind: kind, On: opportunity.Ref(h.deal), ToID: h.ID[who[1]], Text: "节拍多少？"})
			must(h.t, err)
			h.notes[k.ID] = kind
		}
	}
}

// rows asks the database for a column, with the company's id first.
func (h *answerless) rows(query string, args ...any) (out []string) {
	h.t.Helper()
	must(h.t, h.DB.Read(h.Ctx, func(tx database.Tx) error {
		out = nil
		rows, err := tx.Query(h.Ctx, query, append([]any{h.Admin.TenantID}, args...)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	}))
	return out
}

// settles waits until nothing is due and all is told.
func (h *answerless) settles() {
	h.t.Helper()
	h.Eventually("nothing is due", func() bool {
		h.passes(0)
		return len(h.rows(`SELECT id FROM timetable WHERE tenant_id = $1 AND done_at IS NULL AND kind IN ($2, $3) AND due_at <= $4`,
			guidance.Due, task.Comes, database.Time(h.Clock.Now()))) == 0
	})
	h.CaughtUp(notice.Name)
}

// eachOnce holds what was told and made against what should have been: each turn of each note, each working day.
func (h *answerless) eachOnce(what string) {
	h.t.Helper()
	h.passes(5 * 24 * time.Hour)
	h.settles()
	h.passes(5 * 24 * time.Hour) // what climbed comes back
	h.settles()
	want := map[string]int{}
	tell := func(note, who, kind string) { want[note+" "+h.ID[who]+" "+kind]++ }
	for id, kind := range h.notes {
		if kind == guidance.Question {
			tell(id, "陈露", "guidance.asked")
			tell(id, "蒋跃", "guidance.returned")
			continue
		}
		tell(id, "蒋跃", "guidance.called")
		tell(id, "总监", "guidance.climbed")
		tell(id, "陈露", "guidance.went_up")
		tell(id, "陈露", "guidance.returned")
	}
	got := map[string]int{}
	for _, l := range h.rows(`SELECT about_id || ' ' || member_id || ' ' || kind FROM notice WHERE tenant_id = $1 AND kind LIKE 'guidance.%'`) {
		got[l]++
	}
	if !maps.Equal(got, want) {
		h.t.Errorf("%s: %d notices were told, %d should have been", what, len(got), len(want))
		for l, n := range want {
			if got[l] != n {
				h.t.Errorf("%s: told %d times, not %d: %s", what, got[l], n, l)
			}
		}
	}
	made := h.rows(`SELECT series_day FROM task WHERE tenant_id = $1 AND series_id = $2 ORDER BY series_day`, h.series)
	told := h.rows(`SELECT t.series_day FROM task t JOIN notice n ON n.tenant_id = t.tenant_id AND n.about_id = t.id AND n.kind = 'task.given'
		WHERE t.tenant_id = $1 AND t.series_id = $2 ORDER BY t.series_day`, h.series)
	if fmt.Sprint(made) != fmt.Sprint(told) {
		h.t.Errorf("%s: made for %v, told of %v", what, made, told)
	}
	h.t.Logf("%s: %d notes, %d notices, %d days", what, len(h.notes), len(got), len(made))
	for i := 1; i < len(made); i++ {
		if made[i] <= made[i-1] {
			h.t.Errorf("%s: a day is made twice: %v", what, made)
		}
	}
}

// everyDay holds that there is a task of each working day up to a day, by the days of the week: there are no holidays then.
func (h *answerless) everyDay(to calendar.Date) {
	h.t.Helper()
	made := map[string]bool{}
	for _, d := range h.rows(`SELECT series_day FROM task WHERE tenant_id = $1 AND series_id = $2`, h.series) {
		made[d] = true
	}
	for d := apptest.Start; d <= to; d = d.Add(1) {
		if w := d.Time().Weekday(); made[string(d)] != (w != time.Saturday && w != time.Sunday) {
			h.t.Errorf("of %s a task is made: %v", d, made[string(d)])
		}
	}
}

// TestKilledProcessesTellAndMakeEachOnce: two processes on one PostgreSQL, of which one after the other is killed (SIGKILL)
// while turns run out and tasks come again, 6 times (100 in make soak), and a day on which neither runs.
func TestKilledProcessesTellAndMakeEachOnce(t *testing.T) {
	url := databasetest.PostgreSQLURL(t)
	db, err := database.OpenPostgreSQL(t.Context(), url)
	must(t, err)
	defer db.Close()
	h := newAnswerless(t, db)
	k := databasetest.Killing(t, url, childClock+"="+h.clock)
	for range databasetest.Rounds(6, 100) {
		h.asks(2)
		h.passes(24 * time.Hour)
		k.Restart(300 * time.Millisecond)
		h.settles()
	}
	day := h.As("陈露").Today
	h.asks(2)
	k.All()
	h.passes(24 * time.Hour)
	defer databasetest.Killing(t, url, childClock+"="+h.clock).All()
	h.settles()
	h.everyDay(day)
	h.eachOnce("after kills and a day of downtime")
}

// run begins a process of which the clock is off, until what it returns is called.
func (h *answerless) run(off time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); works(h.t, ctx, h.DB, clockOf(h.clock, off)) }()
	return func() { cancel(); <-done }
}

// TestRestartsClocksAndABackupTellAndMakeEachOnce: on SQLite a process that is ended at any moment, each time with its clock
// two hours off; then a backup that was put back, whose history goes on as if nothing had followed.
func TestRestartsClocksAndABackupTellAndMakeEachOnce(t *testing.T) {
	h := newAnswerless(t, databasetest.SQLite(t))
	for round := range databasetest.Rounds(6, 100) {
		stop := h.run([]time.Duration{0, 2 * time.Hour, -2 * time.Hour}[round%3])
		h.asks(2)
		h.passes(24 * time.Hour)
		time.Sleep(time.Duration(round%5) * 60 * time.Millisecond)
		stop()
	}
	dir := t.TempDir()
	_, err := h.DB.Backup(t.Context(), filepath.Join(dir, database.FileName))
	must(t, err)
	kept, at := maps.Clone(h.notes), h.off
	stop := h.run(0)
	h.asks(2)
	h.eachOnce("after restarts")
	stop()
	back := databasetest.SQLiteIn(t, dir)
	h.notes = kept
	h.App = apptest.Reopen(t, back, h.Clock.Now)
	h.passes(at - h.off)
	defer h.run(0)()
	h.asks(2)
	h.eachOnce("after a backup was put back")
}
