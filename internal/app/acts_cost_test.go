package app_test

import (
	"cmp"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// TestActsCost prints what each of the everyday acts writes and costs, on deals picked at random
// among 20,000 with 100,000 stays and 100,000 entries: on SQLite pages of its log, by the table
// and index they belong to, on PostgreSQL bytes of its log, and on both the CPU.
func TestActsCost(t *testing.T) {
	benchmarking(t)
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		db := databasetest.SQLite(t)
		if kind == "PostgreSQL" {
			db = databasetest.PostgreSQL(t)
		}
		w := apptest.New(t, db)
		w.Fill(20_000)
		w.FillTrail(100_000)
		c := &acting{t: t, w: w, rng: rand.New(rand.NewPCG(1, 2)), actor: w.As("管理员"), stage: map[string]string{}}
		c.find()
		each := 300
		for range each { // what is cached is cached, and recent entries lie among old ones
			for _, x := range c.acts() {
				if err := x.do(); err != nil {
					t.Fatalf("%s: %v", x.name, err)
				}
			}
		}
		fmt.Printf("\n%s\n| act | written | CPU |\n|---|---:|---:|\n", kind)
		where := map[string]map[string]float64{}
		for _, x := range c.acts() {
			where[x.name] = c.measure(x, each)
		}
		for _, x := range c.acts() {
			if parts := where[x.name]; len(parts) > 0 {
				names := slices.SortedFunc(maps.Keys(parts), func(a, b string) int { return cmp.Or(cmp.Compare(parts[b], parts[a]), cmp.Compare(a, b)) })
				for i, n := range names {
					names[i] = fmt.Sprintf("%s %.1f", n, parts[n])
				}
				fmt.Printf("%s: %s\n", x.name, strings.Join(names, ", "))
			}
		}
	}
}

// acting does things to random open deals.
type acting struct {
	t     *testing.T
	w     *apptest.World
	rng   *rand.Rand
	actor org.Actor
	deals []string
	stage map[string]string // of each deal
	tasks []string
	n     int64
}

type act struct {
	name string
	do   func() error
}

func (c *acting) find() {
	w := c.w
	err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT id, stage_id FROM opportunity WHERE tenant_id = $1 AND state = 'open'`, c.actor.TenantID)
		list, err := database.All(rows, err, func(r *sql.Rows) (at [2]string, err error) { return at, r.Scan(&at[0], &at[1]) })
		for _, x := range list {
			c.stage[x[0]] = x[1]
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.deals = slices.Sorted(maps.Keys(c.stage))
}

func (c *acting) deal() string { return c.deals[c.rng.IntN(len(c.deals))] }

func (c *acting) acts() []act {
	w, ctx := c.w, c.w.Ctx
	var open []string
	for _, s := range w.Bid.Stages {
		if s.Kind == "open" {
			open = append(open, s.ID)
		}
	}
	return []act{
		{"a move", func() error {
			id := c.deal()
			at := slices.Index(open, c.stage[id])
			o, err := w.Opportunities.Move(ctx, c.actor, id, opportunity.MoveRequest{To: open[(at+1)%len(open)], Exception: "急", Reason: "r"})
			c.stage[id] = o.StageID
			return err
		}},
		{"an amount", func() error {
			c.n++
			amount := 1_000_000 + c.n
			p := &amount
			_, err := w.Opportunities.Edit(ctx, c.actor, c.deal(), 0, opportunity.Patch{AmountMinor: &p})
			return err
		}},
		{"a task", func() error {
			made, err := w.Tasks.Add(ctx, c.actor, task.Task{What: "打电话", On: []record.Ref{opportunity.Ref(c.deal())}, DueOn: c.actor.Today.Add(7)})
			c.tasks = append(c.tasks, made.ID)
			return err
		}},
		{"a task done", func() error {
			i := c.rng.IntN(len(c.tasks))
			id := c.tasks[i]
			c.tasks = slices.Delete(c.tasks, i, i+1)
			_, err := w.Tasks.Finish(ctx, c.actor, id, "约好了")
			return err
		}},
		{"a follow-up", func() error {
			_, err := w.FollowUps.Log(ctx, c.actor, followup.FollowUp{On: []record.Ref{opportunity.Ref(c.deal())}, Channel: "phone", Words: "约了"}, "")
			return err
		}},
		{"a deal", func() error {
			amount := int64(100_000_00)
			_, err := w.Opportunities.Create(ctx, c.actor, opportunity.New{Name: "商机" + strconv.Itoa(c.rng.IntN(1e6)), AccountID: w.Account, PipelineID: w.Bid.PipelineID, AmountMinor: &amount})
			return err
		}},
	}
}

// measure does an act so many times, and prints what one wrote and cost.
func (c *acting) measure(x act, times int) map[string]float64 {
	db := c.w.DB
	log := &walLog{t: c.t, db: db}
	log.begin()
	before := databasetest.CPU(db)
	for range times {
		if err := x.do(); err != nil {
			c.t.Fatalf("%s: %v", x.name, err)
		}
	}
	cpu := (databasetest.CPU(db) - before) / time.Duration(times)
	pages, size := log.end()
	if db.Dialect() == database.PostgreSQL {
		fmt.Printf("| %s | %.1f KB | %.2f ms |\n", x.name, float64(size)/float64(times)/1000, float64(cpu.Microseconds())/1000)
		return nil
	}
	fmt.Printf("| %s | %.1f pages | %.2f ms |\n", x.name, float64(len(pages))/float64(times), float64(cpu.Microseconds())/1000)
	return log.whose(pages, times)
}

// walLog reads what was appended to an engine's log.
type walLog struct {
	t      *testing.T
	db     *database.DB
	salt   string
	frames int
	lsn    int64
}

func (l *walLog) begin() {
	if l.db.Dialect() == database.SQLite {
		l.pragma("PRAGMA wal_autocheckpoint = 0")
		l.salt, _, l.frames = l.read()
		return
	}
	l.lsn = l.position()
}

func (l *walLog) end() (pages []uint32, size int64) {
	if l.db.Dialect() == database.PostgreSQL {
		return nil, l.position() - l.lsn
	}
	salt, pages, frames := l.read()
	l.pragma("PRAGMA wal_autocheckpoint = 1000")
	if salt == l.salt {
		pages, frames = pages[l.frames:], frames-l.frames
	}
	return pages, int64(frames) * 4096
}

func (l *walLog) pragma(text string) {
	if err := l.db.Write(l.t.Context(), func(tx database.Tx) error { _, err := tx.Exec(l.t.Context(), text); return err }); err != nil {
		l.t.Fatal(err)
	}
}

// read reads the pages in SQLite's log that belong to its present round.
func (l *walLog) read() (salt string, pages []uint32, frames int) {
	raw, err := os.ReadFile(l.db.Path() + "-wal")
	if err != nil || len(raw) < 32 {
		return "", nil, 0
	}
	salt = string(raw[16:24])
	size := 24 + int(binary.BigEndian.Uint32(raw[8:]))
	for at := 32; at+size <= len(raw) && string(raw[at+8:at+16]) == salt; at += size {
		pages = append(pages, binary.BigEndian.Uint32(raw[at:]))
	}
	return salt, pages, len(pages)
}

func (l *walLog) position() (lsn int64) {
	ctx := l.t.Context()
	err := l.db.Read(ctx, func(tx database.Tx) error {
		return tx.QueryRow(ctx, `SELECT CAST(pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bigint)`).Scan(&lsn)
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return lsn
}

// whose tells the pages by the table or index they belong to, per act.
func (l *walLog) whose(pages []uint32, times int) map[string]float64 {
	of := map[uint32]string{}
	ctx := l.t.Context()
	err := l.db.Read(ctx, func(tx database.Tx) error {
		rows, err := tx.Query(ctx, `SELECT name, pageno FROM dbstat`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var page uint32
			if err := rows.Scan(&name, &page); err != nil {
				return err
			}
			of[page] = name
		}
		return rows.Err()
	})
	if err != nil {
		l.t.Fatal(err)
	}
	out := map[string]float64{}
	for _, p := range pages {
		out[cmp.Or(of[p], "free")] += 1 / float64(times)
	}
	return out
}
