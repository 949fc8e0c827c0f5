package opportunity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/relation"
)

// TestRolesAreIntervals: a role begins and ends on its day and stays to be read; what is thought of a person stays
// when the list is set anew, and a successor takes a role over with its influence and nothing else.
func TestRolesAreIntervals(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var ids []string
		for _, name := range []string{"王建国", "赵兵"} {
			c, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: name, AccountID: w.Account})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, c.ID)
		}
		o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "生产线视觉检测", OwnerID: w.ID["小李"], AccountID: w.Account})
		if err != nil {
			t.Fatal(err)
		}
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		two, five, four := int64(2), int64(5), int64(4)
		ok(w.Opportunities.SetContacts(w.Ctx, w.As("小李"), o.ID, 0, []opportunity.DealContact{{ContactID: ids[0], Role: "economic"}}))
		w.Clock.Set("2026-03-10")
		ok(w.Opportunities.Judge(w.Ctx, w.As("小李"), o.ID, 0, opportunity.DealContact{ContactID: ids[0], Role: "economic",
			Judged: relation.Judged{Attitude: &two, Influence: &five, Coverage: &four}}))
		ok(w.Opportunities.SetContacts(w.Ctx, w.As("小李"), o.ID, 0, []opportunity.DealContact{{ContactID: ids[0], Role: "economic"}}))
		w.Clock.Set("2026-03-12")
		ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := w.Opportunities.Succeed(w.Ctx, tx, w.As("小李"), o.ID, ids[0], ids[1], "2026-03-11")
			return err
		}))
		r, err := w.Opportunities.Relations(w.Ctx, w.As("小李"), o.ID, "")
		ok(err)
		type had struct {
			who      string
			role     string
			from, to calendar.Date
		}
		var got []had
		for _, x := range r.Past {
			got = append(got, had{r.Names[x.ContactID], x.Role, x.From, x.To})
		}
		if diff := cmp.Diff([]had{{"王建国", "economic", apptest.Start, "2026-03-11"}, {"赵兵", "economic", "2026-03-11", ""}}, got, cmp.AllowUnexported(had{})); diff != "" {
			t.Error(diff)
		}
		if r.Cover.BP != 0 || !r.Cover.Known || r.Was.BP != 10_000 || len(r.Key) != 1 || r.Key[0] != ids[1] {
			t.Errorf("cover %+v, before %+v, key %v", r.Cover, r.Was, r.Key)
		}
		for _, p := range r.People {
			if p.ContactID == ids[0] && (!p.Former || *p.Attitude != 2) || p.ContactID == ids[1] && (*p.Influence != 5 || *p.Coverage != 0 || p.Attitude != nil) {
				t.Errorf("%+v", p)
			}
		}
		w.Again([]string{""}, "deal_role", "opportunity_contact")
	})
}
