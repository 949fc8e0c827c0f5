package file_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/file"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// walk is a list to its end, a few at a time.
func walk(t *testing.T, w *apptest.World, a org.Actor, all bool, r page.Request) (out []file.Kept) {
	t.Helper()
	for {
		list, err := w.Files.List(w.Ctx, a, all, r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, list.Items...)
		if r.Cursor = list.Next; r.Cursor == "" {
			return out
		}
	}
}

// attachAround has files of random sizes attached to deals, accounts and people of both teams.
func attachAround(t *testing.T, w *apptest.World, rng *rand.Rand) (all []file.File) {
	t.Helper()
	type place struct {
		who string
		on  record.Ref
	}
	var places []place
	for _, who := range []string{"陈露", "小李", "周涛"} {
		o := w.Opportunity(who, who+"的商机")
		places = append(places, place{who, opportunity.Ref(o.ID)})
	}
	places = append(places, place{"陈露", account.Ref(w.Account)}, place{"陈露", account.ContactRef(w.Contact("陈露", "刘工"))})
	for i := range 40 {
		p := places[rng.IntN(len(places))]
		w.Clock.Move(time.Second)
		content := fmt.Sprintf("%d %s", i, strings.Repeat("x", rng.IntN(6)*100))
		f, err := w.Files.Put(w.Ctx, w.As(p.who), p.on, fmt.Sprintf("%d.txt", i), strings.NewReader(content))
		if err != nil {
			t.Fatal(p, err)
		}
		all = append(all, f)
	}
	return all
}

// TestFilesAreFoundBySizeAndAgeByWhoSeesTheirRecords: a list has what the record shows, no more and
// no less, in order and over pages; the sums have all, and say how much of it is out of sight.
func TestFilesAreFoundBySizeAndAgeByWhoSeesTheirRecords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rng := apptest.New(t, db), rand.New(rand.NewPCG(9, 18))
		w.AddMember("运营", w.ID["一组"], false, org.Operations)
		all := attachAround(t, w, rng)
		gone := all[7]
		if err := w.Files.Remove(w.Ctx, w.As("管理员"), gone.ID); err != nil {
			t.Fatal(err)
		}
		// What she attached stays hers when the deal goes to another team, and out of her sight.
		o := w.Opportunity("陈露", "转走的")
		far, err := w.Files.Put(w.Ctx, w.As("陈露"), opportunity.Ref(o.ID), "转走的.txt", strings.NewReader(strings.Repeat("y", 5000)))
		must(t, err)
		all = append(all, far)
		must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(w.Ctx, `UPDATE opportunity SET owner_id = $1, account_id = NULL WHERE tenant_id = $2 AND id = $3`,
				w.ID["周涛"], w.Admin.TenantID, o.ID)
			return err
		}))
		hidden := 0
		for _, who := range []string{"陈露", "小李", "周涛", "蒋跃", "何峰", "总监", "运营", "管理员"} {
			a := w.As(who)
			for _, company := range []bool{false, true} {
				if company && !a.Can(org.SettingsEdit) {
					if _, err := w.Files.List(w.Ctx, a, true, page.Request{Sort: "size"}); fault.CodeOf(err) != "org.permission_missing" {
						t.Errorf("%s lists the company's: %v", who, err)
					}
					if _, err := w.Files.Room(w.Ctx, a, true); fault.CodeOf(err) != "org.permission_missing" {
						t.Errorf("%s is told how much the company has: %v", who, err)
					}
					continue
				}
				var want []file.File // each asked for by itself
				var room file.Room
				for _, f := range all {
					if f.ID == gone.ID || !company && f.CreatedBy != a.MemberID {
						continue
					}
					room.Used += f.Size
					if got, err := w.Files.Get(w.Ctx, a, f.ID); err == nil {
						want = append(want, got)
						room.Files++
					} else {
						room.Hidden++
						room.HiddenBytes += f.Size
					}
				}
				hidden += int(room.Hidden)
				for _, r := range []page.Request{{Sort: "size", Desc: true}, {Sort: "size"}, {Sort: "created"}, {Sort: "created", Desc: true}} {
					r.Limit = 1 + rng.IntN(9)
					slices.SortFunc(want, func(x, y file.File) int {
						by := cmp.Compare(x.ID, y.ID)
						if r.Sort == "size" {
							by = cmp.Or(cmp.Compare(x.Size, y.Size), by)
						}
						if r.Desc {
							by = -by
						}
						return by
					})
					got := walk(t, w, a, company, r)
					if g, x := ids(got, func(k file.Kept) string { return k.ID }), ids(want, func(f file.File) string { return f.ID }); g != x {
						t.Errorf("%s, the company's %v, %+v:\n got %s\nwant %s", who, company, r, g, x)
					}
					for _, k := range got {
						if k.OnName == "" {
							t.Errorf("%s is not told what %s hangs on", who, k.Name)
						}
					}
				}
				most, ofCompany := int64(file.MemberRoom), int64(file.CompanyRoom)
				if room.Most = most; company {
					room.Most = ofCompany
				}
				if got, err := w.Files.Room(w.Ctx, a, company); err != nil || got != room {
					t.Errorf("%s, the company's %v: %+v, want %+v, %v", who, company, got, room, err)
				}
			}
		}
		if hidden == 0 {
			t.Error("nothing was out of sight")
		}
	})
}

func ids[T any](list []T, id func(T) string) string {
	var out []string
	for _, x := range list {
		out = append(out, id(x)[28:])
	}
	return strings.Join(out, " ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatMayBeRemovedIsSaid: what hangs on a record one only reads stays, and so does evidence.
func TestWhatMayBeRemovedIsSaid(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		attachAround(t, w, rand.New(rand.NewPCG(1, 2)))
		for _, who := range []string{"陈露", "周涛", "总监", "管理员"} {
			a := w.As(who)
			for _, company := range []bool{false, true} {
				if company && !a.Can(org.SettingsEdit) {
					continue
				}
				for _, k := range walk(t, w, a, company, page.Request{Sort: "size", Limit: 200}) {
					err := w.Files.Remove(w.Ctx, a, k.ID)
					if (err == nil) != k.Mine {
						t.Errorf("%s may remove %s: said %v, %v", who, k.Name, k.Mine, err)
					}
				}
			}
		}
	})
}
