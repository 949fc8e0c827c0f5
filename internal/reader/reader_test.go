package reader_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/reader"
	"yunchou/internal/reader/readerdb"
	"yunchou/internal/record"
)

// applied is a table of a test's own: what readers did, with no key that could hide a second time.
const applied = `CREATE TABLE IF NOT EXISTS test_applied (tenant_id text NOT NULL, name text NOT NULL, seq bigint NOT NULL, entry_id text NOT NULL, effect_key text NOT NULL)`

func execute(t testing.TB, db *database.DB, query string, args ...any) {
	t.Helper()
	err := db.Write(context.Background(), func(tx database.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writing is a reader that writes down what it is told.
func writing(name string, more ...func(*reader.Reader)) reader.Reader {
	x := reader.Reader{Name: name, First: reader.FromStart, Apply: func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
		_, err := tx.Exec(ctx, `INSERT INTO test_applied (tenant_id, name, seq, entry_id, effect_key) VALUES ($1,$2,$3,$4,$5)`,
			e.TenantID, e.Reader, e.Seq, e.ID, e.Key())
		return 1, err
	}}
	for _, m := range more {
		m(&x)
	}
	return x
}

// process is one of several on a database.
type process struct {
	*reader.Runner
	stop context.CancelFunc
	done chan struct{}
}

func begin(db *database.DB, readers ...reader.Reader) *process { return beginWith(db, nil, readers...) }

func beginWith(db *database.DB, set func(*process), readers ...reader.Reader) *process {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	feed := &reader.Feed{DB: db, Rows: readerdb.Rows{}, Log: log, Poll: 50 * time.Millisecond}
	ctx, stop := context.WithCancel(context.Background())
	p := &process{stop: stop, done: make(chan struct{}),
		Runner: &reader.Runner{DB: db, Rows: readerdb.Rows{}, Feed: feed, Log: log, Now: time.Now, Patience: 200 * time.Millisecond}}
	if set != nil {
		set(p)
	}
	var running sync.WaitGroup
	ready := make(chan struct{})
	running.Go(func() { feed.Run(ctx, func() { close(ready) }) })
	<-ready
	running.Go(func() { p.Run(ctx, readers) })
	go func() { running.Wait(); close(p.done) }()
	return p
}

func (p *process) end() {
	p.stop()
	<-p.done
}

// write adds entries to a company's journal.
func write(t testing.TB, db *database.DB, tenant string, kinds ...string) {
	t.Helper()
	err := db.Write(context.Background(), func(tx database.Tx) error {
		for _, kind := range kinds {
			journal.Append(tx, journal.By{TenantID: tenant, MemberID: "m", Path: "job", Now: time.Now()},
				journal.Event{Subject: record.Ref{Kind: "test", ID: "x"}, Kind: kind})
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// eventually waits for what processes do.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("in 30 s not: " + what)
}

func count(t testing.TB, db *database.DB, query string, args ...any) (n int64) {
	t.Helper()
	ctx := context.Background()
	if err := db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// exactlyOnce holds what readers wrote down against the journal.
func exactlyOnce(t *testing.T, db *database.DB, names ...string) {
	t.Helper()
	for _, name := range names {
		missing := func() int64 {
			return count(t, db, `SELECT count(*) FROM journal j WHERE NOT EXISTS (SELECT 1 FROM test_applied a
				WHERE a.name = $1 AND a.tenant_id = j.tenant_id AND a.seq = j.seq AND a.entry_id = j.id)`, name)
		}
		eventually(t, name+" applied every entry", func() bool { return missing() == 0 })
		if n := count(t, db, `SELECT count(*) FROM (SELECT tenant_id, seq FROM test_applied WHERE name = $1
			GROUP BY tenant_id, seq HAVING count(*) > 1) twice`, name); n > 0 {
			t.Errorf("%s applied %d entries more than once", name, n)
		}
		if n := count(t, db, `SELECT count(*) FROM test_applied a WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM journal j
			WHERE a.tenant_id = j.tenant_id AND a.seq = j.seq AND a.entry_id = j.id)`, name); n > 0 {
			t.Errorf("%s applied %d entries that are not in the journal", name, n)
		}
		if n := count(t, db, `SELECT count(*) - count(DISTINCT effect_key) FROM test_applied WHERE name = $1`, name); n > 0 {
			t.Errorf("%s gave %d keys twice", name, n)
		}
	}
}

// TestReadersApplyEachEntryExactlyOnceThroughKills: writers, three readers of two companies, processes that
// end at any moment, between effect and commit too, and that stop as they should.
func TestReadersApplyEachEntryExactlyOnceThroughKills(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		execute(t, db, applied)
		w := apptest.New(t, db)
		tenants := []string{w.Admin.TenantID, w.Another().Admin.TenantID}
		rng := rand.New(rand.NewPCG(1, 2))
		var dying atomic.Int64 // one in so many effects is cut off before its commit
		dies := func(x *reader.Reader) {
			apply := x.Apply
			x.Apply = func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
				n, err := apply(ctx, tx, e)
				if dying.Add(1)%23 == 0 {
					return n, errors.New("killed between effect and commit")
				}
				return n, err
			}
		}
		names := []string{"a", "b", "c"}
		readers := func() (out []reader.Reader) {
			for _, name := range names {
				out = append(out, writing(name, dies))
			}
			return out
		}
		var writers sync.WaitGroup
		for i := range 4 {
			writers.Go(func() {
				for n := range 60 {
					write(t, db, tenants[(i+n)%2], []string{"test.a", "test.b", "test.c"}[:1+n%3]...)
					time.Sleep(time.Millisecond)
				}
			})
		}
		for range 6 {
			one, two := begin(db, readers()...), begin(db, readers()...)
			time.Sleep(time.Duration(20+rng.IntN(120)) * time.Millisecond)
			one.end()
			two.end()
		}
		writers.Wait()
		last := begin(db, readers()...)
		defer last.end()
		exactlyOnce(t, db, names...)
	})
}

// TestAPoisonedEntryStopsItsReaderAlone: in its company; what stood before it is applied, others go on, and it
// is seen.
func TestAPoisonedEntryStopsItsReaderAlone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		execute(t, db, applied)
		w := apptest.New(t, db)
		ill, well := w.Admin.TenantID, w.Another().Admin.TenantID
		var cured atomic.Bool
		refuses := func(x *reader.Reader) {
			apply := x.Apply
			x.Apply = func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
				if e.Kind == "test.poison" && !cured.Load() {
					return 0, fault.New(fault.Rule, "test.poisoned", "张三 wrote this")
				}
				return apply(ctx, tx, e)
			}
		}
		write(t, db, ill, "test.a", "test.b", "test.poison", "test.c")
		p := begin(db, writing("ill", refuses), writing("well"))
		defer p.end()
		write(t, db, well, "test.a")
		of := func(name, tenant string) int64 {
			return count(t, db, `SELECT count(*) FROM test_applied WHERE name = $1 AND tenant_id = $2`, name, tenant)
		}
		all := func(tenant string) int64 {
			return count(t, db, `SELECT count(*) FROM journal WHERE tenant_id = $1`, tenant)
		}
		eventually(t, "others go on", func() bool {
			return of("well", ill) == all(ill) && of("well", well) == all(well) && of("ill", well) == all(well)
		})
		eventually(t, "it is noted", func() bool {
			return count(t, db, `SELECT count(*) FROM reader WHERE name = 'ill' AND attempts > 0 AND error = 'test.poisoned' AND failing_since IS NOT NULL`) == 1
		})
		if got := of("ill", ill); got != all(ill)-2 {
			t.Errorf("%d of %d entries before the poisoned one", got, all(ill)-2)
		}
		var lags []reader.Lag
		if err := db.Read(w.Ctx, func(tx database.Tx) (err error) {
			lags, err = readerdb.Rows{}.Lags(w.Ctx, tx, []string{"ill", "well"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if l := lags[0]; l.Failing != 1 || l.Entries != 2 || l.Companies != 1 || l.Oldest.IsZero() || lags[1].Failing != 0 {
			t.Errorf("%+v", lags)
		}
		cured.Store(true)
		exactlyOnce(t, db, "ill", "well")
	})
}

// TestATransactionWritesAtMostAThousandRecords: entries that make many are applied fewer at a time; one that
// makes more is refused, and said to be.
func TestATransactionWritesAtMostAThousandRecords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		execute(t, db, applied)
		tenant := apptest.New(t, db).Admin.TenantID
		many := func(x *reader.Reader) {
			apply := x.Apply
			x.Kinds = []string{"test.many", "test.more"}
			x.Apply = func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
				_, err := apply(ctx, tx, e)
				if e.Kind == "test.more" {
					return database.MaxRecords + 1, err
				}
				return 400, err
			}
		}
		for range 7 {
			write(t, db, tenant, "test.many", "test.other")
		}
		write(t, db, tenant, "test.more")
		p := begin(db, writing("many", many))
		defer p.end()
		eventually(t, "the seven are applied", func() bool { return count(t, db, `SELECT count(*) FROM test_applied`) == 7 })
		eventually(t, "the last is refused", func() bool {
			return count(t, db, `SELECT count(*) FROM reader WHERE error = 'too_many_records'`) == 1
		})
		if n := count(t, db, `SELECT count(*) FROM test_applied`); n != 7 {
			t.Errorf("%d applied", n)
		}
	})
}

// TestAProcessThatIsGoneIsWaitedForByNobodysClock: what it holds is taken once its place did not move for as
// long as patience, and not while it does.
func TestAProcessThatIsGoneIsWaitedForByNobodysClock(t *testing.T) {
	db := databasetest.PostgreSQL(t)
	execute(t, db, applied)
	tenant := apptest.New(t, db).Admin.TenantID
	seq := count(t, db, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, tenant) - 1
	execute(t, db, `INSERT INTO reader (tenant_id, name, seq, entry_id, holder, turn)
		SELECT tenant_id, 'a', seq, id, 'gone', 7 FROM journal WHERE tenant_id = $1 AND seq = $2`, tenant, seq)
	began := time.Now()
	off := func(p *process) { // this one's wall clock is two hours behind
		p.Now = func() time.Time { return time.Now().Add(-2 * time.Hour) }
		p.Patience = 600 * time.Millisecond
	}
	p := beginWith(db, off, writing("a"))
	defer p.end()
	for range 3 { // the holder lives: its place changes
		time.Sleep(300 * time.Millisecond)
		execute(t, db, `UPDATE reader SET turn = turn + 1 WHERE holder = 'gone'`)
	}
	if n := count(t, db, `SELECT count(*) FROM reader WHERE holder = 'gone'`); n != 1 {
		t.Error("it was taken from one who lives")
	}
	eventually(t, "it is taken", func() bool { return count(t, db, `SELECT count(*) FROM test_applied`) == 1 })
	if took := time.Since(began); took < 1500*time.Millisecond {
		t.Errorf("taken after %s", took)
	}
}

// TestAReaderWhoseEntryIsGoneTakesUpByItsRule: the history is another one after a part was put back.
func TestAReaderWhoseEntryIsGoneTakesUpByItsRule(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		execute(t, db, applied)
		tenant := apptest.New(t, db).Admin.TenantID
		rules := map[string]reader.Where{"start": reader.FromStart, "now": reader.FromNow, "common": reader.FromCommon}
		head := count(t, db, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, tenant)
		var readers []reader.Reader
		for name, rule := range rules {
			readers = append(readers, writing(name, func(x *reader.Reader) { x.Lost = rule }))
			execute(t, db, `INSERT INTO reader (tenant_id, name, seq, entry_id) VALUES ($1,$2,$3,'of another history')`, tenant, name, head-2)
		}
		execute(t, db, `INSERT INTO reader (tenant_id, name, seq, entry_id) VALUES ($1,'beyond',$2,'of a longer one')`, tenant, head+100)
		readers = append(readers, writing("beyond", func(x *reader.Reader) { x.Lost = reader.FromCommon }))
		p := begin(db, readers...)
		defer p.end()
		want := map[string]int64{"start": head, "now": 0, "common": 2, "beyond": 0}
		for name, n := range want {
			eventually(t, name, func() bool {
				return count(t, db, `SELECT count(*) FROM reader WHERE name = $1 AND seq = $2`, name, head) == 1 &&
					count(t, db, `SELECT count(*) FROM test_applied WHERE name = $1`, name) == n
			})
		}
		write(t, db, tenant, "test.a")
		for name, n := range want {
			eventually(t, name+" goes on", func() bool { return count(t, db, `SELECT count(*) FROM test_applied WHERE name = $1`, name) == n+1 })
		}
	})
}

// TestWhoBeganBeforeACompanyReadsItFromItsFirstEntry, and one that is new in an old company by its rule.
func TestWhoBeganBeforeACompanyReadsItFromItsFirstEntry(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		execute(t, db, applied)
		w := apptest.New(t, db)
		p := begin(db, writing("new", func(x *reader.Reader) { x.First = reader.FromNow }))
		defer p.end()
		eventually(t, "it has its place", func() bool { return count(t, db, `SELECT count(*) FROM reader`) == 1 })
		young := w.Another().Admin.TenantID
		eventually(t, "the young company is read whole", func() bool {
			return count(t, db, `SELECT count(*) FROM test_applied WHERE tenant_id = $1`, young) ==
				count(t, db, `SELECT count(*) FROM journal WHERE tenant_id = $1`, young)
		})
		if n := count(t, db, `SELECT count(*) FROM test_applied WHERE tenant_id <> $1`, young); n != 0 {
			t.Errorf("%d old entries were applied", n)
		}
	})
}
