package journal_test

import (
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// appendAll writes entries, each in a transaction of its own.
func appendAll(t *testing.T, w *apptest.World, list []journal.Event) {
	t.Helper()
	for _, e := range list {
		err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
			journal.Append(tx, journal.By{TenantID: w.Admin.TenantID, MemberID: w.Admin.MemberID, Path: "form", Now: w.Clock.Now()}, e)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, w *apptest.World, fn func(database.Tx) error) {
	t.Helper()
	if err := w.DB.Read(w.Ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// TestWhatWasKnownThen compares the number found by every 64th entry with a look at each.
func TestWhatWasKnownThen(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var instants []time.Time
		for n := range 300 { // several of one instant, and instants of none
			if n%3 == 0 || n > 150 && n < 230 {
				w.Clock.Move(time.Duration(1+n%2) * time.Second)
			}
			appendAll(t, w, []journal.Event{{Subject: record.Ref{Kind: "opportunity", ID: "x"}, Kind: "opportunity.described"}})
			instants = append(instants, w.Clock.Now(), w.Clock.Now().Add(time.Millisecond))
		}
		instants = append(instants, time.Unix(0, 0), w.Clock.Now().Add(time.Hour))
		read(t, w, func(tx database.Tx) error {
			all, err := journal.Since(w.Ctx, tx, w.Admin.TenantID, 0, 10_000)
			for _, at := range instants {
				want := int64(0)
				for _, e := range all {
					if e.RecordedAt.Before(at) {
						want = e.Seq
					}
				}
				got, err := journal.KnownBefore(w.Ctx, tx, w.Admin.TenantID, at)
				if err != nil || got != want {
					t.Fatalf("known before %s: %d (%v), want %d", at, got, err, want)
				}
			}
			return err
		})
	})
}

// TestEntriesAboutARecordWhoeverSeesThem: what an entry is about may be seen with another record,
// and another kind of record may have the same id.
func TestEntriesAboutARecordWhoeverSeesThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		person, customer := record.Ref{Kind: "contact", ID: "p"}, record.Ref{Kind: "account", ID: "a"}
		same := record.Ref{Kind: "account", ID: "p"}
		appendAll(t, w, []journal.Event{
			{Subject: person, Scope: customer, Kind: "contact.one"}, {Subject: customer, Kind: "account.two"},
			{Subject: person, Kind: "contact.three"}, {Subject: same, Kind: "account.four"},
			{Subject: person, Scope: same, Kind: "contact.five"}, {Subject: same, Scope: person, Kind: "account.six"},
		})
		read(t, w, func(tx database.Tx) error {
			for _, x := range []struct {
				of   record.Ref
				want []string
			}{
				{person, []string{"contact.one", "contact.three", "contact.five"}}, {customer, []string{"account.two"}},
				{same, []string{"account.four", "account.six"}},
			} {
				list, err := journal.After(w.Ctx, tx, w.Admin.TenantID, x.of, 0)
				var kinds []string
				for _, e := range list {
					kinds = append(kinds, e.Kind)
				}
				if err != nil || !slices.Equal(kinds, x.want) {
					t.Errorf("about %v: %v (%v), want %v", x.of, kinds, err, x.want)
				}
				first, err := journal.First(w.Ctx, tx, w.Admin.TenantID, x.of)
				if err != nil || first.Kind != x.want[0] {
					t.Errorf("the first about %v: %s (%v)", x.of, first.Kind, err)
				}
				later, err := journal.After(w.Ctx, tx, w.Admin.TenantID, x.of, database.Seq(list[0].Seq))
				if err != nil || len(later) != len(x.want)-1 {
					t.Errorf("after the first about %v: %v (%v)", x.of, later, err)
				}
			}
			return nil
		})
	})
}
