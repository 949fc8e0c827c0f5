package guidance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/timetable"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails where an error has another code.
func refused(t *testing.T, what, code string, err error) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// deal is one of 陈露's, at her account.
func deal(w *apptest.World) record.Ref {
	return opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
}

// ask has somebody give a note; to "" is whoever it falls to.
func ask(t *testing.T, w *apptest.World, who string, kind guidance.Kind, on record.Ref, to, text string) guidance.Kept {
	t.Helper()
	in := guidance.New{Kind: kind, On: on, ToID: w.ID[to], Text: text}
	if kind == guidance.Correction {
		in.Fact, in.CheckOn = "报价前有评审记录", w.As(who).Today.Add(7)
	}
	k, err := w.Guidance.Ask(w.Ctx, w.As(who), in)
	must(t, err)
	return k
}

func answer(t *testing.T, w *apptest.World, who string, k guidance.Kept, text string) guidance.Kept {
	t.Helper()
	k, err := w.Guidance.Answer(w.Ctx, w.As(who), k.ID, guidance.Answer{Text: text, WantsOutcome: true})
	must(t, err)
	return k
}

func words(text string) conversation.Said { return conversation.Said{Text: text} }

// at puts the clock on an hour of a day in Shanghai.
func at(t *testing.T, w *apptest.World, when string) {
	t.Helper()
	is, err := time.ParseInLocation("2006-01-02 15:04", when, shanghai)
	must(t, err)
	w.Clock.Move(is.Sub(w.Clock.Now()))
}

// fire has what is due happen, as the timetable does, and tells how many rows that were.
func fire(t *testing.T, w *apptest.World) (fired int) {
	t.Helper()
	kinds := w.Guidance.Fires()
	for range 100 {
		var due []timetable.Row
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
			due, err = w.Timetable.Rows.Due(w.Ctx, tx, []string{guidance.Due, guidance.Away}, timetable.Lease{By: "test", For: time.Minute, Now: w.Now()}, 100)
			return err
		}))
		if len(due) == 0 {
			return fired
		}
		for _, r := range due {
			must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
				there, err := w.Timetable.Rows.Fire(w.Ctx, tx, r, w.Now())
				if err != nil || !there {
					return err
				}
				return kinds[r.Kind].Fire(w.Ctx, tx, r)
			}))
			fired++
		}
	}
	t.Fatal("it does not end")
	return 0
}

// is fails where a note stands otherwise. Turns are "who why used/limit end", minutes of work.
func is(t *testing.T, w *apptest.World, when, who string, k guidance.Kept, want string) {
	t.Helper()
	k, err := w.Guidance.Get(w.Ctx, w.As(who), k.ID)
	must(t, err)
	var turns []string
	for _, x := range k.Turns {
		one := name(w, x.MemberID) + " " + string(x.Why)
		if x.EndedAt != nil {
			one += fmt.Sprintf(" %d/%d %s", x.Used, x.Limit, x.End)
		} else {
			one += " until " + x.Due.In(shanghai).Format("01-02 15:04")
		}
		turns = append(turns, one)
	}
	if got := string(k.State()) + ": " + strings.Join(turns, ", "); got != want {
		t.Errorf("%s: it is\n%s\nwant\n%s", when, got, want)
	}
}

func name(w *apptest.World, id string) string {
	for name, is := range w.ID {
		if is == id {
			return name
		}
	}
	return id
}

// box counts the notes in somebody's box, and fails where the count that is told is another.
func box(t *testing.T, w *apptest.World, who string, b guidance.Box) (n int64) {
	t.Helper()
	list, err := w.Guidance.Box(w.Ctx, w.As(who), b, page.Request{})
	must(t, err)
	counts, err := w.Guidance.Waiting(w.Ctx, w.As(who))
	must(t, err)
	n = int64(len(list.Items))
	told := map[guidance.Box]int64{guidance.ToAnswer: counts.ToAnswer, guidance.Returns: counts.Returned, guidance.Outcomes: counts.Outcomes,
		guidance.Checks: counts.Checks, guidance.Asks: n}
	if told[b] != n {
		t.Errorf("%s: %d are listed in %s and %d counted", who, n, b, told[b])
	}
	return n
}

// follows has the readers of the journal run until the test ends; what it returns waits until they are at its end.
func follows(t *testing.T, w *apptest.World) (caughtUp func()) {
	t.Helper()
	ctx, stop := context.WithCancel(w.Ctx)
	done := make(chan struct{})
	go func() { defer close(done); w.Follow(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	caughtUp = func() {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			var behind int64
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT (SELECT max(seq) FROM journal WHERE tenant_id = $1)
					- COALESCE((SELECT seq FROM reader WHERE tenant_id = $1 AND name = 'guidance.away'), 0)`, w.Admin.TenantID).Scan(&behind)
			}))
			if behind == 0 {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("after 30 s the reader is %d entries behind", behind)
			}
		}
	}
	caughtUp()
	return caughtUp
}

// dueOf is when a note is due as it is kept, which the timetable goes by.
func dueOf(t *testing.T, w *apptest.World, id string) string {
	t.Helper()
	var due database.Instant
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT due_at FROM guidance WHERE tenant_id = $1 AND id = $2`, w.Admin.TenantID, id).Scan(&due)
	}))
	return due.In(shanghai).Format("01-02 15:04")
}
