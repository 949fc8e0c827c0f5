package opportunity_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// TestWhoCarriesKeyPeopleAlone: random deals, people and meetings, and what each reader is told of them, against
// counting it all one by one.
func TestWhoCarriesKeyPeopleAlone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		rng := rand.New(rand.NewPCG(7, 7))
		type meeting struct {
			on           calendar.Date
			deal         int
			contact      string
			by, beside   string
			both, erased bool
		}
		type deal struct {
			id, owner string
			worth     int64
			roles     map[string]string
			influence map[string]int64
			open      bool
		}
		sellers := []string{"小李", "陈露", "周涛"}
		var contacts []string
		for i := range 9 {
			c, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: fmt.Sprintf("人%d", i), AccountID: w.Account})
			ok(err)
			contacts = append(contacts, c.ID)
		}
		var deals []deal
		for i := range 8 {
			d := deal{owner: sellers[i%3], worth: int64(100 * (i + 1)), roles: map[string]string{}, influence: map[string]int64{}, open: true}
			o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: fmt.Sprintf("单%d", i), OwnerID: w.ID[d.owner], AccountID: w.Account,
				AmountMinor: &d.worth, ClashReason: "各做各的"})
			ok(err)
			d.id = o.ID
			for _, c := range contacts {
				if rng.IntN(3) > 0 {
					continue
				}
				d.roles[c] = []string{"economic", "user", "coach", "unknown", "technical"}[rng.IntN(5)]
				j := opportunity.DealContact{ContactID: c, Role: d.roles[c]}
				if rng.IntN(2) == 0 {
					n := int64(1 + rng.IntN(5))
					d.influence[c], j.Influence = n, &n
				}
				ok(w.Opportunities.Judge(w.Ctx, w.As("管理员"), d.id, 0, j))
			}
			deals = append(deals, d)
		}
		var met []meeting
		for range 40 {
			m := meeting{deal: rng.IntN(len(deals)), contact: contacts[rng.IntN(len(contacts))], both: rng.IntN(4) > 0}
			m.by = deals[m.deal].owner
			if rng.IntN(4) == 0 {
				m.beside = sellers[rng.IntN(3)]
			}
			m.on = calendar.Date("2026-03-02").Add(-rng.IntN(360))
			f := followup.FollowUp{On: []record.Ref{opportunity.Ref(deals[m.deal].id)}, Channel: "visit", HappenedOn: m.on, TwoWay: m.both, Words: "谈了", ContactIDs: []string{m.contact}}
			if m.beside != "" {
				f.MemberIDs = []string{w.ID[m.beside]}
			}
			_, err := w.FollowUps.Log(w.Ctx, w.As(m.by), f, "补记")
			ok(err)
			met = append(met, m)
		}
		w.Clock.Set("2026-03-03")
		for _, d := range deals { // some go: they had a role and have none
			for _, c := range contacts {
				if role := d.roles[c]; role != "" && role != "unknown" && rng.IntN(4) == 0 {
					four := int64(4)
					ok(w.Opportunities.Judge(w.Ctx, w.As("管理员"), d.id, 0, opportunity.DealContact{ContactID: c, Role: "unknown", Judged: relation.Judged{Influence: &four}}))
					delete(d.roles, c)
				}
			}
		}
		today := w.As("管理员").Today
		since := today.Add(-relation.AloneDays)

		// The same by counting.
		sees := map[string][]string{"小李": {"小李"}, "陈露": {"陈露"}, "周涛": {"周涛"}, "蒋跃": {"小李", "陈露"}, "管理员": sellers}
		for reader, owners := range sees {
			want := map[string]map[string][]string{} // by member and contact
			for i, d := range deals {
				if !slices.Contains(owners, d.owner) {
					continue
				}
				for _, c := range contacts {
					if _, there := d.roles[c]; !there {
						continue
					}
					isKey := func(x string) bool {
						_, there := d.roles[x]
						return there && (d.roles[x] == "economic" || d.roles[x] == "coach" || d.influence[x] >= 4)
					}
					key := isKey(c)
					if !slices.ContainsFunc(contacts, isKey) {
						last := func(x string) (on calendar.Date) {
							for _, m := range met {
								if _, there := d.roles[x]; there && m.deal == i && m.contact == x && m.both && m.on >= since {
									on = max(on, m.on)
								}
							}
							return on
						}
						key = last(c) != ""
						for _, x := range contacts {
							if last(x) > last(c) || last(x) == last(c) && x < c && last(x) != "" {
								key = false
							}
						}
					}
					all, seen := map[string]bool{}, map[string]bool{}
					for _, m := range met {
						if m.contact != c || !m.both || m.on < since {
							continue
						}
						for _, who := range []string{m.by, m.beside} {
							if who != "" {
								all[who] = true
								seen[who] = seen[who] || slices.Contains(owners, deals[m.deal].owner)
							}
						}
					}
					for who := range all {
						if key && len(all) == 1 && seen[who] {
							if want[w.ID[who]] == nil {
								want[w.ID[who]] = map[string][]string{}
							}
							want[w.ID[who]][c] = append(want[w.ID[who]][c], d.id)
						}
					}
				}
			}
			got, err := w.Opportunities.Carriers(w.Ctx, w.As(reader))
			ok(err)
			have := map[string]map[string][]string{}
			for _, c := range got {
				have[c.MemberID] = map[string][]string{}
				once, worth := map[string]bool{}, int64(0)
				for _, p := range c.People {
					for _, o := range p.Deals {
						have[c.MemberID][p.ContactID] = append(have[c.MemberID][p.ContactID], o.ID)
						if !once[o.ID] {
							once[o.ID] = true
							worth += *o.AmountMinor
						}
					}
				}
				if c.Deals != len(once) || c.Worth != worth {
					t.Errorf("%s: %d deals worth %d, want %d and %d", reader, c.Deals, c.Worth, len(once), worth)
				}
			}
			for _, m := range []map[string]map[string][]string{want, have} {
				for _, people := range m {
					for _, ids := range people {
						slices.Sort(ids)
					}
				}
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s: %s", reader, diff)
			}
			if reader == "管理员" && len(want) == 0 {
				t.Error("nobody carries anybody: the history says nothing")
			}
		}
	})
}
