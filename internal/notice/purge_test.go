package notice_test

import (
	"fmt"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/notice"
	"yunchou/internal/page"
	"yunchou/internal/task"
)

// TestWhatWasReadGoesAfter400Days and not before; what is unread stays, but of who has left; counts stay as they were, and
// a page that comes back hears just what it missed.
func TestWhatWasReadGoesAfter400Days(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		give := func(who string) {
			_, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID[who], What: "送样", DueOn: w.As("蒋跃").Today.Add(9)})
			must(t, err)
			w.CaughtUp(notice.Name)
		}
		listed := func(who string) (out []int64) {
			list, err := w.Notices.List(w.Ctx, w.As(who), notice.Asked{}, page.Request{})
			must(t, err)
			for _, n := range list.Items {
				out = append(out, n.Seq)
			}
			return out
		}
		stand := func(when, want string) {
			t.Helper()
			must(t, w.Notices.Purge(w.Ctx, w.Admin.TenantID))
			unread, do, err := w.Notices.Waiting(w.Ctx, w.As("陈露"))
			must(t, err)
			if got := fmt.Sprint(len(listed("陈露")), unread, do, len(listed("小李"))); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		for _, who := range []string{"陈露", "陈露", "陈露", "小李", "周涛", "周涛"} {
			give(who)
		}
		chen := listed("陈露")
		must(t, w.Notices.Read(w.Ctx, w.As("陈露"), chen[1:], 0))
		must(t, w.Notices.Read(w.Ctx, w.As("周涛"), nil, 1<<40))
		w.Clock.Move(399 * 24 * time.Hour)
		stand("after 399 days", "3 1 1 1")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], w.As("管理员").Today)
		must(t, err)
		w.Clock.Move(2 * 24 * time.Hour)
		zhou := listed("周涛")
		stand("after 401 days", "1 1 1 0")
		s, told, err := w.Live.Open(w.Ctx, w.As("陈露"))
		must(t, err)
		defer s.Close()
		if told != zhou[0] {
			t.Errorf("pages go by %d, the last was %d", told, zhou[0])
		}
		give("陈露")
		missed, err := w.Live.Missed(w.Ctx, w.As("陈露"), zhou[0], listed("陈露")[0])
		must(t, err)
		if len(missed) != 1 || missed[0].Seq != listed("陈露")[0] {
			t.Errorf("who comes back missed %v", missed)
		}
		stand("with a new one", "2 2 2 0")
	})
}
