package notice_test

import (
	"context"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/notice"
	"yunchou/internal/task"
)

// stopping has the program stop in the second look for rows.
type stopping struct {
	notice.Rows
	looks *int
	stop  func()
}

func (r stopping) Since(ctx context.Context, tx database.Tx, tenant string, told notice.Mark, limit int) ([]notice.Notice, error) {
	if *r.looks++; *r.looks == 2 {
		r.stop()
	}
	return r.Rows.Since(ctx, tx, tenant, told, limit)
}

// TestTheHubStopsWhileSomethingIsDue: an entry tells somebody and its row is not there yet, so that the company is due again;
// where the program stops just then, the hub ends.
func TestTheHubStopsWhileSomethingIsDue(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ctx, stop := context.WithCancel(w.Ctx)
		defer stop()
		looks := 0
		w.Live.Rows = stopping{w.Live.Rows, &looks, stop}
		s, _, err := w.Live.Open(w.Ctx, w.As("陈露"))
		must(t, err)
		defer s.Close()
		_, err = w.Tasks.Add(w.Ctx, w.As("管理员"), task.Task{MemberID: w.ID["陈露"], What: "开会", DueOn: "2026-03-31"})
		must(t, err)
		w.Live.Moved(w.Admin.TenantID, 0)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.Live.Run(ctx) // and no reader, which would write the row
		}()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatal("it runs still")
		}
		if looks < 2 {
			t.Errorf("%d looks: the stop was not met", looks)
		}
	})
}
