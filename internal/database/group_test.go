package database_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// togetherOnSQLite begins writes one after another while the writer is held, so that they
// share a group in this order, and returns their answers. On PostgreSQL they run at once.
func togetherOnSQLite(t *testing.T, db *database.DB, writes ...func() error) []error {
	t.Helper()
	release, held := make(chan struct{}), make(chan error, 1)
	if db.Dialect() == database.SQLite {
		began := make(chan struct{})
		go func() {
			held <- db.Write(context.Background(), func(database.Tx) error { close(began); <-release; return nil })
		}()
		<-began
	} else {
		held <- nil
	}
	answers := make([]chan error, len(writes))
	for i, w := range writes {
		answers[i] = make(chan error, 1)
		go func() { answers[i] <- w() }()
		for db.Dialect() == database.SQLite && db.Waiting() <= i {
			time.Sleep(50 * time.Microsecond)
		}
	}
	close(release)
	if err := <-held; err != nil {
		t.Fatal(err)
	}
	out := make([]error, len(writes))
	for i := range answers {
		out[i] = <-answers[i]
	}
	return out
}

// member writes two tokens and a journal entry, each named after it.
func member(ctx context.Context, db *database.DB, id string) error {
	return db.Write(ctx, func(tx database.Tx) error { return writeMember(ctx, tx, id) })
}

func writeMember(ctx context.Context, tx database.Tx, id string) error {
	for _, half := range []string{"first", "second"} {
		if _, err := tx.Exec(ctx, `INSERT INTO session_token (token_hash, tenant_id, session_id) VALUES ($1, 'a', 's')`, id+" "+half); err != nil {
			return err
		}
	}
	tx.Append(entry(id))
	return nil
}

// written is how much of a member is there: 0 nothing, 3 all of it.
func written(t *testing.T, db *database.DB, id string) (n int) {
	t.Helper()
	ctx := context.Background()
	err := db.Read(ctx, func(tx database.Tx) error {
		return tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM session_token WHERE token_hash LIKE $1 || ' %') + (SELECT count(*) FROM journal WHERE id = $1)`, id).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// answeredTruly checks that a member's answer says what is there.
func answeredTruly(t *testing.T, db *database.DB, id string, err error) {
	t.Helper()
	want := 0
	if err == nil {
		want = 3
	}
	if n := written(t, db, id); n != want {
		t.Errorf("%s was answered %v, and %d of its 3 rows are there", id, err, n)
	}
}

func noGaps(t *testing.T, db *database.DB) {
	t.Helper()
	ctx := context.Background()
	var n, last int
	err := db.Read(ctx, func(tx database.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*), COALESCE(max(seq), 0) FROM journal WHERE tenant_id = 'a'`).Scan(&n, &last)
	})
	if err != nil || n != last {
		t.Errorf("%d entries, the last numbered %d, %v", n, last, err)
	}
}

// One client goes away while its INSERT runs; two others share the group.
func TestACancelledWriterDoesNotHarmItsGroup(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		bg := context.Background()
		ctx, cancel := context.WithCancel(bg)
		answers := togetherOnSQLite(t, db,
			func() error { return member(bg, db, "before") },
			func() error {
				return db.Write(ctx, func(tx database.Tx) error {
					time.AfterFunc(20*time.Millisecond, cancel)
					if err := writeMember(ctx, tx, "gone"); err != nil {
						return err
					}
					return manyRowsOf(ctx, tx, 60_000)
				})
			},
			func() error { return member(bg, db, "after") })
		for i, id := range []string{"before", "", "after"} {
			if id == "" {
				continue
			}
			if answers[i] != nil {
				t.Errorf("%s was refused because another client went away: %v", id, answers[i])
			}
			answeredTruly(t, db, id, answers[i])
		}
		if err := member(bg, db, "later"); err != nil {
			t.Errorf("the writer afterwards: %v", err)
		}
		if n := written(t, db, "gone"); n != 3 {
			t.Errorf("%d of the write whose caller went away", n)
		}
		if db.Dialect() == database.PostgreSQL && answers[1] != nil {
			t.Errorf("written, and answered %v", answers[1])
		}
		noGaps(t, db)
	})
}

// manyRowsOf inserts so many rows in one statement.
func manyRowsOf(ctx context.Context, tx database.Tx, n int) error {
	_, err := tx.Exec(ctx, `INSERT INTO session_token (token_hash, tenant_id, session_id)
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT 'h' || CAST(i AS text), 'a', 's' FROM n`, n)
	return err
}

// Whoever goes away, at whichever statement of a group: everyone else's answer is true,
// and of who went all or nothing is there.
func TestWhoeverLeavesAtWhicheverStatementTheOthersAreAnsweredTruly(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		const members = 4
		for leaver := range members {
			for at, ran := int32(1), true; ran; at++ {
				name := func(i int) string { return fmt.Sprintf("%d leaves at %d: %d", leaver, at, i) }
				contexts, cancel := make([]context.Context, members), context.CancelFunc(nil)
				for i := range contexts {
					contexts[i] = context.Background()
				}
				contexts[leaver], cancel = context.WithCancel(context.Background())
				var statements atomic.Int32
				for i, ctx := range contexts { // counted over the whole group
					contexts[i] = database.Observed(ctx, func(string, []any) {
						if statements.Add(1) == at {
							cancel()
						}
					})
				}
				var writes []func() error
				for i, ctx := range contexts {
					writes = append(writes, func() error { return member(ctx, db, name(i)) })
				}
				for i, err := range togetherOnSQLite(t, db, writes...) {
					if i != leaver {
						if err != nil {
							t.Errorf("%s: %v", name(i), err)
						}
						answeredTruly(t, db, name(i), err)
					} else if n := written(t, db, name(i)); n != 0 && n != 3 {
						t.Errorf("%s: %d of 3 rows", name(i), n)
					}
				}
				ran = statements.Load() >= at
				cancel()
			}
		}
		noGaps(t, db)
	})
}

// SQLite takes a transaction back by itself. The members that ran before are run again,
// those behind never write outside a transaction, the one it happened to is refused.
func TestALostTransactionIsNoticed(t *testing.T) {
	again := func(ctx context.Context, tx database.Tx) error {
		_, err := tx.Exec(ctx, `INSERT OR ROLLBACK INTO journal_counter (tenant_id, seq) VALUES ('a', 0)`)
		return err
	}
	asked := func(ctx context.Context, tx database.Tx) error {
		var seq int
		return tx.QueryRow(ctx, `INSERT OR ROLLBACK INTO journal_counter (tenant_id, seq) VALUES ('b', 0), ('a', 0) RETURNING seq`).Scan(&seq)
	}
	for name, lose := range map[string]func(context.Context, database.Tx) error{"in a statement": again, "in a query": asked} {
		for _, swallowed := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", swallowed ", swallowed), func(t *testing.T) {
				t.Parallel()
				db := databasetest.SQLite(t)
				newTenant(t, db, "a")
				ctx := context.Background()
				var runs, after atomic.Int32
				answers := togetherOnSQLite(t, db,
					func() error {
						return db.Write(ctx, func(tx database.Tx) error { runs.Add(1); return writeMember(ctx, tx, "before") })
					},
					func() error {
						return db.Write(ctx, func(tx database.Tx) error {
							err := lose(ctx, tx)
							if !swallowed {
								return err
							}
							if err := writeMember(ctx, tx, "blind"); err == nil {
								t.Error("wrote on in a transaction that is gone")
							}
							return nil
						})
					},
					func() error {
						return db.Write(ctx, func(tx database.Tx) error { after.Add(1); return writeMember(ctx, tx, "after") })
					})
				if answers[0] != nil || answers[1] == nil || answers[2] != nil {
					t.Errorf("answers %v", answers)
				}
				for i, id := range []string{"before", "blind", "after"} {
					answeredTruly(t, db, id, answers[i])
				}
				if runs.Load() != 2 || after.Load() != 1 {
					t.Errorf("before ran %d times, after %d", runs.Load(), after.Load())
				}
				noGaps(t, db)
			})
		}
	}
}

// A full disk refuses who filled it and nobody else.
func TestAFullDiskRefusesWhoFilledIt(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	ctx := context.Background()
	answers := togetherOnSQLite(t, db,
		func() error { return member(ctx, db, "before") },
		func() error {
			return db.Write(ctx, func(tx database.Tx) error {
				defer func() { _, _ = tx.Exec(ctx, `PRAGMA max_page_count = 1000000`) }()
				if _, err := tx.Exec(ctx, `PRAGMA max_page_count = 1`); err != nil { // no more than there are
					return err
				}
				return errors.Join(writeMember(ctx, tx, "filler"), manyRowsOf(ctx, tx, 20_000))
			})
		},
		func() error { return member(ctx, db, "after") })
	if answers[0] != nil || database.TroubleOf(answers[1]) != database.Full || answers[2] != nil {
		t.Errorf("answers %v", answers)
	}
	for i, id := range []string{"before", "filler", "after"} {
		answeredTruly(t, db, id, answers[i])
	}
	noGaps(t, db)
}

// A write that goes on for too long is taken back; who shared its group is not, and the
// next time it goes alone.
func TestAWriteHasABound(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		db.SetBound(time.Second)
		ctx := context.Background()
		endless := func(tx database.Tx) error {
			if err := writeMember(ctx, tx, "endless"); err != nil {
				return err
			}
			return manyRowsOf(ctx, tx, 3_000_000)
		}
		var runs atomic.Int32
		for round := range 2 {
			before, after := fmt.Sprint("before ", round), fmt.Sprint("after ", round)
			answers := togetherOnSQLite(t, db,
				func() error {
					return db.Write(ctx, func(tx database.Tx) error { runs.Add(1); return writeMember(ctx, tx, before) })
				},
				func() error { return db.Write(ctx, endless) },
				func() error { return member(ctx, db, after) })
			if answers[0] != nil || !errors.Is(answers[1], database.ErrTooLong) || answers[2] != nil {
				t.Errorf("answers %v", answers)
			}
			if database.TroubleOf(answers[1]) != database.Slow {
				t.Errorf("%v is not known as slow", answers[1])
			}
			for i, id := range []string{before, "endless", after} {
				answeredTruly(t, db, id, answers[i])
			}
		}
		want := int32(2)
		if db.Dialect() == database.SQLite {
			want = 3 // the second time the endless one went alone
		}
		if runs.Load() != want {
			t.Errorf("who came before ran %d times, want %d", runs.Load(), want)
		}
		noGaps(t, db)
	})
}

// What was taken back because its time was over has had it: the others do not wait for it again.
func TestWhoseTimeIsOverIsNotGivenItAgain(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	db.SetBound(200 * time.Millisecond)
	ctx := context.Background()
	runs := 0 // of the writer alone, until it has answered
	answers := togetherOnSQLite(t, db,
		func() error { return member(ctx, db, "before") },
		func() error {
			return db.Write(ctx, func(tx database.Tx) error {
				runs++
				if err := writeMember(ctx, tx, "endless"); err != nil {
					return err
				}
				time.Sleep(300 * time.Millisecond) // no statement SQLite could take the transaction back for
				return nil
			})
		},
		func() error { return member(ctx, db, "after") })
	if runs != 1 || answers[0] != nil || !errors.Is(answers[1], database.ErrTooLong) || answers[2] != nil {
		t.Errorf("ran %d times, answers %v", runs, answers)
	}
	for i, id := range []string{"before", "endless", "after"} {
		answeredTruly(t, db, id, answers[i])
	}
	noGaps(t, db)
}

// An error that is swallowed does not make a write that was cut off a whole one.
func TestAWriteCutOffIsRefusedWhateverItMakesOfIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		db.SetBound(time.Second)
		ctx := context.Background()
		err := db.Write(ctx, func(tx database.Tx) error {
			if err := writeMember(ctx, tx, "blind"); err != nil {
				return err
			}
			var n int
			_ = tx.QueryRow(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n`).Scan(&n)
			return nil
		})
		if !errors.Is(err, database.ErrTooLong) {
			t.Errorf("answered %v", err)
		}
		answeredTruly(t, db, "blind", err)
	})
}

// What was long once shares again when it has been short for a while.
func TestWhatWasLongOnceSharesAgain(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	db.SetBound(100 * time.Millisecond)
	ctx := context.Background()
	runs, slow, lose := 0, true, false // of the writer alone, one after another
	write := func(tx database.Tx) error {
		runs++
		if slow {
			return manyRowsOf(ctx, tx, 3_000_000)
		}
		if lose {
			_, err := tx.Exec(ctx, `INSERT OR ROLLBACK INTO journal_counter (tenant_id, seq) VALUES ('a', 0)`)
			return err
		}
		return nil
	}
	if err := db.Write(ctx, write); !errors.Is(err, database.ErrTooLong) {
		t.Fatalf("answered %v", err)
	}
	slow = false
	db.SetBound(time.Minute)
	shares := func() bool {
		before := 0
		lose = true
		togetherOnSQLite(t, db, func() error { return db.Write(ctx, func(database.Tx) error { before++; return nil }) },
			func() error { return db.Write(ctx, write) })
		lose = false
		return before == 2 // lost with it, and run again
	}
	if shares() {
		t.Error("it shared a transaction at once")
	}
	for range 19 {
		if err := db.Write(ctx, write); err != nil {
			t.Fatal(err)
		}
	}
	if !shares() {
		t.Errorf("after %d runs it still goes alone", runs)
	}
}

// A commit that was sent is waited for, for a bound of its own; beyond it nobody knows, and
// that is what is said.
func TestACommitIsNotCutOffHalfway(t *testing.T) {
	db := databasetest.PostgreSQL(t)
	newTenant(t, db, "a")
	ctx := context.Background()
	err := db.Write(ctx, func(tx database.Tx) error { // a commit as slow as the key of the last row says
		for _, q := range []string{
			`CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(CAST(NEW.session_id AS float)); RETURN NULL; END'`,
			`CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON session_token DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly()`,
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	db.SetBound(time.Second)
	write := func(work, commit string) error {
		return db.Write(ctx, func(tx database.Tx) error {
			if _, err := tx.Exec(ctx, `SELECT pg_sleep($1)`, work); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO session_token (token_hash, tenant_id, session_id) VALUES ($1, 'a', $2)`, work+"+"+commit, commit)
			return err
		})
	}
	if err := write("0.6", "0.6"); err != nil {
		t.Errorf("together longer than the bound, each within it: %v", err)
	}
	if err := write("0", "3"); !errors.Is(err, database.ErrUnknown) || database.TroubleOf(err) != database.Away {
		t.Errorf("a commit without an answer: %v", err)
	}
	if err := write("3", "0"); !errors.Is(err, database.ErrTooLong) {
		t.Errorf("work without an end: %v", err)
	}
}

// What is known to be long takes nobody along when it fails.
func TestWhatIsKnownToBeLongGoesAlone(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	ctx := context.Background()
	var runs atomic.Int32
	counted := func(id string) func() error {
		return func() error {
			return db.Write(ctx, func(tx database.Tx) error { runs.Add(1); return writeMember(ctx, tx, id) })
		}
	}
	answers := togetherOnSQLite(t, db, counted("before"),
		func() error {
			return db.Write(database.Long(ctx), func(tx database.Tx) error {
				_, err := tx.Exec(ctx, `INSERT OR ROLLBACK INTO journal_counter (tenant_id, seq) VALUES ('a', 0)`)
				return err
			})
		}, counted("after"))
	if answers[0] != nil || !errors.Is(answers[1], database.ErrUnique) || answers[2] != nil || runs.Load() != 2 {
		t.Errorf("answers %v, %d runs", answers, runs.Load())
	}
}

// A panic takes back its own savepoint, on PostgreSQL its own transaction.
func TestAPanicIsItsOwn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		ctx := context.Background()
		answers := togetherOnSQLite(t, db,
			func() error { return member(ctx, db, "before") },
			func() error {
				return db.Write(ctx, func(tx database.Tx) error {
					if err := writeMember(ctx, tx, "bug"); err != nil {
						return err
					}
					panic("a bug in one request")
				})
			},
			func() error { return member(ctx, db, "after") })
		if answers[0] != nil || answers[1] == nil || !strings.Contains(answers[1].Error(), "a bug in one request") || answers[2] != nil {
			t.Errorf("answers %v", answers)
		}
		for i, id := range []string{"before", "bug", "after"} {
			answeredTruly(t, db, id, answers[i])
		}
		noGaps(t, db)
	})
}

// A caller that goes away does not read an answer that is still being written. Run it with
// -race; without, it checks that success never comes without an answer.
func TestACallerThatLeavesNeverSeesHalfAnAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		type answer struct{ id, text string }
		for i := range 200 {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Duration(i%20)*50*time.Microsecond, cancel)
			id := fmt.Sprint("x", i)
			got, err := database.Write(ctx, db, func(tx database.Tx) (answer, error) {
				return answer{id, id + "!"}, writeMember(ctx, tx, id)
			})
			if err == nil && got != (answer{id, id + "!"}) || err != nil && got != (answer{}) {
				t.Errorf("%v with %v", got, err)
			}
			if err == nil {
				answeredTruly(t, db, id, nil)
			}
			cancel()
		}
		noGaps(t, db)
	})
}

// Who fails before it wrote leaves nothing to take back; who fails after it had, has the group run
// again, and the next ones go where one alone is taken back.
func TestAGroupIsRunAgainOnlyForWhatWasWritten(t *testing.T) {
	db := databasetest.SQLite(t)
	newTenant(t, db, "a")
	ctx, refused := context.Background(), errors.New("refused")
	ran := map[string]int{} // by the writer alone, until it has answered
	group := func(name string, failing func(database.Tx) error) {
		t.Helper()
		writes, ids := []func() error{}, []string{name + " before", "", name + " after"}
		for _, id := range ids {
			writes = append(writes, func() error {
				return db.Write(ctx, func(tx database.Tx) error {
					ran[name]++
					if id == "" {
						return errors.Join(failing(tx), refused)
					}
					return writeMember(ctx, tx, id)
				})
			})
		}
		for i, err := range togetherOnSQLite(t, db, writes...) {
			if ids[i] == "" && !errors.Is(err, refused) || ids[i] != "" && err != nil {
				t.Errorf("%s: %q was answered %v", name, ids[i], err)
			}
			if ids[i] != "" {
				answeredTruly(t, db, ids[i], err)
			}
		}
	}
	group("nothing", func(tx database.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE session_token SET token_hash = 'x' WHERE token_hash = 'not there'`)
		return err
	})
	half := func(tx database.Tx) error { return writeMember(ctx, tx, "refused") }
	returning := func(tx database.Tx) error {
		var hash string
		return tx.QueryRow(ctx, `INSERT INTO session_token (token_hash, tenant_id, session_id) VALUES ('refused first', 'a', 's') RETURNING token_hash`).Scan(&hash)
	}
	group("half", half)
	group("again", half)
	for n := range database.CarefulGroups {
		group(fmt.Sprint("quiet ", n), func(database.Tx) error { return nil })
	}
	group("returning", returning)
	want := map[string]int{"nothing": 3, "half": 5, "again": 3, "quiet 0": 3, "returning": 5}
	for name, n := range want {
		if ran[name] != n {
			t.Errorf("%s: ran %d times, want %d", name, ran[name], n)
		}
	}
	if n := written(t, db, "refused"); n != 0 {
		t.Errorf("%d rows of who was refused are there", n)
	}
	noGaps(t, db)
}

// Of writers that were answered together the quickest would have every second commit to itself.
func TestThoseOfAGroupShareTheNext(t *testing.T) {
	come := make(chan struct{})
	time.AfterFunc(10*time.Millisecond, func() { close(come) })
	if n := database.Gather(3, time.Minute, come, come); n != 3 {
		t.Errorf("%d of 3 share a commit", n)
	}
	if n := database.Gather(3, time.Millisecond); n != 1 {
		t.Errorf("%d share a commit where nobody comes back", n)
	}
	if n := database.Gather(1, time.Hour); n != 1 {
		t.Errorf("%d share a commit of a lone writer, who waits for nobody", n)
	}
}

// A statement without end of its own is ended by the caller of a read, wherever the end finds it, and
// the connections serve the next.
func TestAReadEndsWithItsCaller(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for i := range 20 {
			ctx, leave := context.WithTimeout(t.Context(), time.Duration(i)*time.Millisecond)
			err := db.Read(ctx, func(tx database.Tx) error {
				for {
					var n int64
					err := tx.QueryRow(ctx, `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $1)
						SELECT count(*) FROM c`, []int64{10, 1_000_000_000}[i%2]).Scan(&n)
					if err != nil {
						return err
					}
				}
			})
			leave()
			if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
				t.Fatalf("left after %d ms: %v", i, err)
			}
			err = db.Read(t.Context(), func(tx database.Tx) error {
				var n int64
				return tx.QueryRow(t.Context(), `SELECT 1`).Scan(&n)
			})
			if err != nil {
				t.Fatalf("the next: %v", err)
			}
		}
	})
}
