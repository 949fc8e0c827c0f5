package confirm_test

import (
	"testing"

	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestWhoCameBackIsAskedAfter: who went and has a part in it again is asked after as anybody is: by his follower going
// in turn, or by a role that was given to him since.
func TestWhoCameBackIsAskedAfter(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, how := range []string{"follows who followed him", "has a role again"} {
			w := begin(t, db)
			stop := w.Follows(w.Process())
			deal := w.sells("小李", "产线", "商务确认", 50)
			wang, zhao := w.person("王建国", "经理"), w.person("赵兵", "工程师")
			w.role("小李", deal, wang, "economic")
			goes := func(who, then string) {
				_, err := w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: who, Kind: change.Handed, SuccessorID: then})
				w.ok(err)
				w.talk("小李", deal, "visit", then)
				w.CaughtUp("contact_change")
			}
			goes(wang, zhao)
			if how == "has a role again" {
				w.role("小李", deal, zhao, "user")
				w.role("小李", deal, wang, "economic")
			} else {
				goes(zhao, wang)
			}
			w.Clock.Set("2026-05-06")
			w.expect(how, "小李", "产线 王建国")
			stop()
			db = databasetest.Another(t, db)
		}
	})
}
