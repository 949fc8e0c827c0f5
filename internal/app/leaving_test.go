package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// leavesAt is a context that ends in the middle of a write: at the first statement of a kind after
// so many of another.
func leavesAt(ctx context.Context, after int32, of, statement string) (context.Context, *atomic.Bool) {
	ctx, leave := context.WithCancel(ctx)
	var seen atomic.Int32
	left := &atomic.Bool{}
	return database.Observed(ctx, func(query string, _ []any) {
		if strings.Contains(query, of) {
			seen.Add(1)
		}
		if seen.Load() >= after && strings.Contains(query, statement) && left.CompareAndSwap(false, true) {
			leave()
		}
	}), left
}

// besides has others write until done is closed, some at the same time: each is answered truly.
func besides(w *apptest.World, done <-chan struct{}) *sync.WaitGroup {
	var wg sync.WaitGroup
	for strand := range 2 {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				name := fmt.Sprint("别人的 ", strand, " ", n)
				c, err := w.Accounts.Create(w.Ctx, w.As("周涛"), account.Account{Name: name}, false)
				if err != nil {
					w.T.Error(err)
					return
				}
				if got, err := w.Accounts.Get(w.Ctx, w.As("周涛"), c.ID); err != nil || got.Name != name {
					w.T.Errorf("answered with %s, stored is %q, %v", name, got.Name, err)
				}
			}
		})
	}
	return &wg
}

// TestAnImportThatIsLeftInTheMiddleOfAChunkSaysWhatIsThere: the chunk is whole, the summary counts
// it, the undo takes it back, and others who write meanwhile are answered truly.
func TestAnImportThatIsLeftInTheMiddleOfAChunkSaysWhatIsThere(t *testing.T) {
	const deals = 1000
	const deal = "FROM competitor" // is asked as a deal with one is written
	for _, tt := range []struct {
		name      string
		after     int32
		statement string
	}{
		{"at the first deal", 1, deal},
		{"at a later one", 300, deal},
		{"at the chunk's entries", 1, "UPDATE journal_counter"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				s := newSource(w, everything, everyKind(deals))
				before := s.count(`SELECT count(*) FROM account`)
				ctx, left := leavesAt(w.Ctx, tt.after, deal, tt.statement)
				done := make(chan struct{})
				others := besides(w, done)
				b, err := s.Intake.Import(ctx, w.As("管理员"), s.m, s.files, false)
				close(done)
				others.Wait()
				if !left.Load() || err == nil || b.Status != "failed" || b.Error != "import.interrupted" {
					t.Fatalf("nobody left, or it went on: %s %s %v", b.Status, b.Error, err)
				}
				theirs := s.count(`SELECT count(*) FROM account WHERE name LIKE '别人的%'`)
				s.counts(map[string]int64{
					"opportunity": b.Summary.Created["opportunity"],
					"contact":     b.Summary.Created["contact"],
					"account":     before + theirs + b.Summary.Created["account"],
				})
				if n := b.Summary.Created["opportunity"]; n == deals || tt.after > 1 && n == 0 {
					t.Errorf("%d of %d deals: it did not end in the middle", n, deals)
				}
				if gaps := s.count(`SELECT max(seq) - count(*) FROM journal`); gaps != 0 {
					t.Errorf("%d gaps in the journal", gaps)
				}
				s.undo(b.ID)
				s.counts(map[string]int64{
					"opportunity WHERE deleted_at IS NULL": 0,
					"contact WHERE deleted_at IS NULL":     0,
					"account WHERE deleted_at IS NULL":     before + theirs,
				})
			})
		})
	}
}
