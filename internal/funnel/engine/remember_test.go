package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// TestWhatIsRememberedIsWhatWouldBeCounted asks the same questions again and again while deals
// are written, few and many, by sessions that began before others as well, and compares with
// what is added up anew.
func TestWhatIsRememberedIsWhatWouldBeCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	first, q := synthetic(1)
	now := &snapshot{index: newIndex(first.index.numbering), around: first.around}
	var made []*Deal
	play := func(replaced, added int) {
		next := &snapshot{index: now.index, around: now.around, chunks: now.chunks}
		var some []Deal
		for i := range added {
			made = append(made, played(madeUp(rng, len(made)+i, 0), rng))
			some = append(some, *made[len(made)-1])
		}
		for range replaced {
			d := made[rng.IntN(len(made))]
			again := played(madeUp(rng, 0, 0), rng)
			again.ID = d.ID
			*d = *again
			some = append(some, *d)
		}
		slices.SortFunc(some, func(a, b Deal) int { return strings.Compare(a.ID, b.ID) })
		some = slices.CompactFunc(some, func(a, b Deal) bool { return a.ID == b.ID })
		rows := make([]row, len(some))
		for i := range some {
			var err error
			if rows[i], err = next.deal(&some[i]); err != nil {
				t.Fatal(err)
			}
		}
		next.replace(rows)
		(&tenant{}).publish(next)
		now = next
	}
	play(0, 3*chunkSize-20)
	least := int64(40_000_000)
	var asked []funnel.Query
	for _, from := range []calendar.Date{"", "2023-04-01", "2025-01-01"} {
		for _, as := range []calendar.Date{"2026-03-01", "2024-02-01"} {
			for _, f := range []opportunity.Filter{{}, {Owner: "m7"}, {AmountMin: &least}, {Source: "s3"}} {
				x := q
				x.From, x.AsOf, x.Filter = from, as, f
				x.Filter.WithDeleted = true
				asked = append(asked, x)
			}
		}
	}
	earlier := []*snapshot{now}
	brought := 0
	for round := range 14 {
		switch {
		case round%5 == 4:
			play(400, 10) // more chunks' worth than is brought up
		case round%3 == 0:
			play(1+rng.IntN(3), 15) // into the next chunk
		default:
			for range rng.IntN(12) { // further than a chunk remembers
				play(1, 0)
			}
		}
		earlier = append(earlier, now)
		for _, x := range asked {
			of := now
			if rng.IntN(5) == 0 {
				of = earlier[rng.IntN(len(earlier))]
			}
			want, got := answers(t, of, x, false), answers(t, of, x, true)
			if want != got {
				w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
				for n := range w {
					if w[n] != g[n] {
						t.Errorf("round %d, figure %d: added up\n%.300s\nremembered\n%.300s", round, n, w[n], g[n])
					}
				}
				t.FailNow()
			}
		}
		for _, m := range now.index.memos.by {
			if m.sums != nil && m.behind == 0 {
				brought++
			}
		}
	}
	if brought == 0 {
		t.Error("nothing was remembered")
	}
	if most := memoBytes + memoBytesEach*now.size(); now.index.memos.bytes > most {
		t.Errorf("%d bytes are remembered, %d is the most", now.index.memos.bytes, most)
	}
}

// played is a deal that was not closed, or closed on a day nobody knows, or deleted, for a part.
func played(d *Deal, rng *rand.Rand) *Deal {
	switch last := len(d.Stays) - 1; rng.IntN(6) {
	case 0, 1:
		d.Stays, d.State, d.ClosedOn, d.Credits = d.Stays[:last], "open", "", nil
	case 2:
		d.Stays[last].EnteredOn = ""
	case 3:
		d.Deleted = rng.IntN(3) == 0
	}
	return d
}

// answers is what a session says to everything, as text.
func answers(t *testing.T, of *snapshot, q funnel.Query, remembering bool) (out string) {
	t.Helper()
	s := &session{snapshot: of}
	if err := s.prepare(t.Context(), database.Tx{}, nil, q); err != nil {
		t.Fatal(err)
	}
	if !remembering {
		s.memos = newMemos()
	} else if s.remembered.text == "" {
		t.Fatal("not remembered", q)
	}
	byOwner := q
	byOwner.Group = funnel.ByOwner
	for _, ask := range []func(ctx context.Context, tx database.Tx) (any, error){
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Counts(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Counts(ctx, tx, byOwner)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Cycles(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Reached(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) {
			stays, err := s.Stays(ctx, tx, q)
			one, err := lines(stays.Lengths, err)
			two, err := lines(stays.Days, err)
			three, err := lines(stays.Worked, err)
			return slices.Concat(one, two, three), err
		},
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Open(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Qualified(ctx, tx, q, "s2")) },
		func(ctx context.Context, tx database.Tx) (any, error) {
			return lines(s.Cohorts(ctx, tx, q, "s0", "s2"))
		},
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Rivals(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Losses(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Against(ctx, tx, q, "r1")) },
		func(ctx context.Context, tx database.Tx) (any, error) { return lines(s.Resolved(ctx, tx, q)) },
		func(ctx context.Context, tx database.Tx) (any, error) { return s.MultiCredit(ctx, tx, byOwner) },
	} {
		got, err := ask(t.Context(), database.Tx{})
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(got)
	}
	return out
}

// lines are rows in an order of their own.
func lines[T any](list []T, err error) ([]string, error) {
	var out []string
	for _, x := range list {
		raw, failed := json.Marshal(x)
		out, err = append(out, string(raw)), errors.Join(err, failed)
	}
	slices.Sort(out)
	return out, err
}

// TestWhoBeganBeforeANameWasThereSpoilsNoSum: one asks who began before a deal of a new member was
// written, and numbered his question without him, then one who began after, the first again, and
// another one.
func TestWhoBeganBeforeANameWasThereSpoilsNoSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	first, q := synthetic(1)
	q.Filter.WithDeleted = true
	var deals []Deal
	for i := range 50 {
		deals = append(deals, *madeUp(rng, i, 0))
	}
	before := &snapshot{index: newIndex(first.index.numbering), around: first.around}
	before.replace(rowsOf(t, before, deals...))
	(&tenant{}).publish(before)
	hers, byOwner := q, q
	hers.Filter.Owner, byOwner.Group = "new one", funnel.ByOwner
	asks := func(of *snapshot) func() string {
		all, alone := sessionOf(t, of, byOwner), sessionOf(t, of, hers)
		return func() string {
			a, err := lines(all.Counts(t.Context(), database.Tx{}, byOwner))
			b, failed := lines(alone.Counts(t.Context(), database.Tx{}, hers))
			if err != nil || failed != nil {
				t.Fatal(err, failed)
			}
			return strings.Join(append(a, b...), "\n")
		}
	}
	early := asks(before)
	was := early()
	d := deals[7]
	last := d.Stays[len(d.Stays)-1]
	d.OwnerID, d.Credits = "new one", nil
	for _, m := range []string{"new one", "another new one"} {
		d.Credits = append(d.Credits, Credit{StayID: last.ID, MemberID: m, TeamID: d.TeamID, On: last.EnteredOn, ShareBP: 5000})
	}
	after := before.with(before.chunks)
	after.replace(rowsOf(t, after, d))
	(&tenant{}).publish(after)
	now := asks(after)()
	if now == was {
		t.Fatal("the new member's deal is not counted")
	}
	if got := early(); got != was {
		t.Errorf("who began before:\n%s\nwant\n%s", got, was)
	}
	if got := asks(after)(); got != now {
		t.Errorf("who asks then:\n%s\nwant\n%s", got, now)
	}
}

func rowsOf(t *testing.T, of *snapshot, deals ...Deal) (rows []row) {
	t.Helper()
	for i := range deals {
		r, err := of.deal(&deals[i])
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

func sessionOf(t *testing.T, of *snapshot, q funnel.Query) *session {
	t.Helper()
	s := &session{snapshot: of}
	if err := s.prepare(t.Context(), database.Tx{}, nil, q); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhatWasGivenUpIsNotRemembered: who asks ever other things and goes away leaves nothing.
func TestWhatWasGivenUpIsNotRemembered(t *testing.T) {
	s, q := synthetic(3000)
	ctx, gone := context.WithCancel(t.Context())
	gone()
	for n := range 50 {
		q.Filter.Query = fmt.Sprint("商机", n)
		asked := sessionOf(t, s.snapshot, q)
		if _, err := asked.Losses(ctx, database.Tx{}, q); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if err := asked.Foresee(ctx, database.Tx{}, q, funnel.Foreseen{Qualified: "s2", Whole: true}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if n, bytes := len(s.index.memos.by), s.index.memos.bytes; n > 0 || bytes > 0 {
		t.Errorf("%d sums, %d bytes", n, bytes)
	}
}

// TestWhoGoesAwayWaitsForNoSum: another is bringing up what is asked for; who asks alone, and who asks
// for a whole report, goes when his time is over, and the sum stays.
func TestWhoGoesAwayWaitsForNoSum(t *testing.T) {
	s, q := synthetic(3000)
	if _, err := s.Losses(t.Context(), database.Tx{}, q); err != nil {
		t.Fatal(err)
	}
	held := s.index.memos.find(memoKey{s.remembered, "losses"})
	held.held <- struct{}{}
	ctx, gone := context.WithCancel(t.Context())
	gone()
	asked := sessionOf(t, s.snapshot, q)
	if _, err := asked.Losses(ctx, database.Tx{}, q); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	err := asked.Foresee(ctx, database.Tx{}, q, funnel.Foreseen{Qualified: "s2", Whole: true})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	<-held.held
	if kept := s.index.memos.by; len(kept) != 1 || kept[memoKey{s.remembered, "losses"}] != held {
		t.Errorf("%d sums are left", len(kept))
	}
	if _, err := asked.Losses(t.Context(), database.Tx{}, q); err != nil {
		t.Fatal(err)
	}
}
