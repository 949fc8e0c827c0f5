package tie_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/merge"
	"yunchou/internal/tie"
)

// rows counts what is kept of somebody in the tables of who knows whom, by an id in any of their columns.
func (w *world) rows(id string) (n int) {
	w.t.Helper()
	for _, q := range []string{"tie WHERE contact_id = $1 OR from_contact_id = $1 OR holder_id = $1", "contact_past WHERE contact_id = $1", "contact_background WHERE contact_id = $1",
		"member_past WHERE member_id = $1", "member_background WHERE member_id = $1", "introduction WHERE contact_id = $1 OR asker_id = $1 OR asked_id = $1",
		"ask_around WHERE contact_id = $1 OR asker_id = $1", "ask_around_asked WHERE member_id = $1"} {
		var one int
		w.ok(w.DB.Read(w.Ctx, func(tx database.Tx) error { return tx.QueryRow(w.Ctx, "SELECT count(*) FROM "+q, id).Scan(&one) }))
		n += one
	}
	return n
}

// heard leaves something in every table: 蒋跃 has ties and a background, is asked for an introduction and asks around.
func (w *world) heard() {
	w.t.Helper()
	w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate})
	w.tie("蒋跃", tie.Tie{FromContactID: w.wang, ContactID: w.zhao, Kind: tie.Superior, Direction: "above"})
	_, err := w.Ties.Give(w.Ctx, w.As("蒋跃"), tie.Mine{Schools: []tie.Past{{Name: "东南大学", FromYear: 2006, ToYear: 2010}}})
	w.ok(err)
	_, err = w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{ContactID: w.zhao, Token: w.ways("小李", w.zhao)[0].Token, Sentence: "请引荐"})
	w.ok(err)
	_, err = w.Ties.AskAround(w.Ctx, w.As("蒋跃"), tie.AskAround{Name: "赵兵", Former: "三励公司", ContactID: w.zhao})
	w.ok(err)
}

func TestWhoIsErasedAndWhoLeavesLeaveNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.heard()
		if w.rows(w.zhao) < 6 || w.rows(w.ID["蒋跃"]) < 5 {
			t.Fatalf("%d rows of him, %d of the member", w.rows(w.zhao), w.rows(w.ID["蒋跃"]))
		}
		by := w.As("管理员")
		c, err := w.Accounts.GetContact(w.Ctx, by, w.zhao)
		w.ok(err)
		by.IfMatch = c.Version
		w.ok(w.Accounts.EraseContact(w.Ctx, by, w.zhao))
		if n := w.rows(w.zhao); n != 0 {
			t.Errorf("%d rows of who was erased", n)
		}

		w = tell(t, db)
		w.heard()
		shared := w.tie("蒋跃", tie.Tie{ContactID: w.wang, Kind: tie.Ally, Visibility: tie.Shown})
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["蒋跃"], w.As("管理员").Today)
		w.ok(err)
		w.ok(w.Ties.Leavers(w.Ctx, w.Admin.TenantID))
		if n := w.rows(w.ID["蒋跃"]); n != 1 {
			t.Errorf("%d rows of who left, his shared tie is one", n)
		}
		list, err := w.Ties.List(w.Ctx, w.As("小李"), w.wang)
		w.ok(err)
		if len(list) != 1 || list[0].ID != shared.ID {
			t.Errorf("shared: %+v", list)
		}
		w.want("小李", "")
		mine, _, err := w.Ties.Introductions(w.Ctx, w.As("小李"))
		w.ok(err)
		if len(mine) != 1 || mine[0].State != tie.Waiting || mine[0].AskedID != "" {
			t.Errorf("who asked a colleague who left is told %+v", mine)
		}
	})
}

func TestTiesGoAlongWhenTwoAreOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate, Visibility: tie.Shown})
		twin := w.person("小李", "赵冰", w.fangzhou, "采购部经理")
		var m merge.Merge
		m, err := w.Accounts.MergeContacts(w.Ctx, w.As("管理员"), account.Merging{Kept: twin, Gone: w.zhao, Version: 1, GoneVersion: 1})
		w.ok(err)
		if got := said(w.ways("小李", twin)); got != "tie 蒋跃 boss" {
			t.Errorf("%q after %s", got, m.ID)
		}
		b, err := w.Ties.Background(w.Ctx, w.As("小李"), twin)
		w.ok(err)
		if len(b.Items) != 2 {
			t.Errorf("%+v", b)
		}
	})
}
