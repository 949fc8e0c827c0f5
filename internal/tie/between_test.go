package tie_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/tie"
)

// Who reads how two people at customers stand to each other: who noted it, and where it is shown whoever sees both; not of
// one to be avoided; and only what is between those asked about. Against a plain reading of random ties.
func TestTiesBetweenPeople(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		r := rand.New(rand.NewPCG(14, 11))
		readers := []string{"蒋跃", "小李", "陈露", "周涛", "管理员"}
		people := []string{w.zhao, w.wang}
		for i, owner := range []string{"小李", "陈露", "周涛", "小李", "周涛"} {
			people = append(people, w.person(owner, fmt.Sprintf("客户人%d", i), w.firm(owner, fmt.Sprintf("客户%d", i)), "经理"))
		}
		sees := map[string]map[string]bool{}
		for _, name := range readers {
			sees[name] = map[string]bool{}
			for _, id := range people {
				_, err := w.Accounts.GetContact(w.Ctx, w.As(name), id)
				if err != nil && !fault.Is(err, fault.NotFound) {
					t.Fatal(err)
				}
				sees[name][id] = err == nil
			}
		}
		type noted struct {
			tie.Tie
			by string
		}
		all := map[string]noted{}
		kinds := []string{tie.Teammate, tie.Superior, tie.Rival, tie.Classmate}
		for range 150 {
			by, from, to := readers[r.IntN(len(readers))], people[r.IntN(len(people))], people[r.IntN(len(people))]
			x := tie.Tie{FromContactID: from, ContactID: to, Kind: kinds[r.IntN(len(kinds))], Visibility: []string{tie.Private, tie.Askable, tie.Shown, tie.Shown}[r.IntN(4)], Avoid: r.IntN(8) == 0}
			if x.Kind == tie.Superior {
				x.Direction = "below"
			}
			if r.IntN(6) == 0 {
				x.FromContactID = ""
			}
			made, err := w.Ties.Note(w.Ctx, w.As(by), x)
			if err == nil {
				all[made.ID] = noted{made, by}
			} else if fault.As(err) == nil {
				t.Fatal(err)
			}
		}
		found := 0
		for _, name := range readers {
			for range 8 {
				asked := []string{}
				for _, id := range people {
					if r.IntN(3) > 0 {
						asked = append(asked, id)
					}
				}
				want := map[[3]string]bool{}
				for _, x := range all {
					mine := x.by == name
					if slices.Contains(asked, x.ContactID) && slices.Contains(asked, x.FromContactID) &&
						(mine || x.Visibility == tie.Shown && !x.Avoid && sees[name][x.ContactID] && sees[name][x.FromContactID]) {
						want[[3]string{x.FromContactID, x.ContactID, x.Kind}] = true
					}
				}
				list, err := w.Ties.Between(w.Ctx, w.As(name), asked)
				w.ok(err)
				got := map[[3]string]bool{}
				for _, x := range list {
					got[[3]string{x.FromContactID, x.ContactID, x.Kind}] = true
				}
				if !maps.Equal(want, got) {
					t.Errorf("%s of %d: %v, want %v", name, len(asked), got, want)
				}
				found += len(got)
			}
		}
		if found < 30 || len(all) < 25 {
			t.Errorf("%d found of %d ties", found, len(all))
		}
		if list, err := w.Ties.Between(w.Ctx, w.As("蒋跃"), []string{"nobody", w.zhao}); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}
