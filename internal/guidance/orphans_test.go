package guidance_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// begun is a note as far as it got, and the boxes it is to be in: a letter each, a to answer or come back, o of what
// is owed of advice, c to be looked at.
type begun struct {
	what  string
	note  guidance.Kept
	boxes string
}

// begin gives every kind of note both ways between a rep and who leads him, and brings each to every state.
func begin(t *testing.T, w *apptest.World, on record.Ref) (all []begun) {
	t.Helper()
	for _, way := range [][2]string{{"陈露", "蒋跃"}, {"蒋跃", "陈露"}} {
		asker, to := way[0], way[1]
		for _, kind := range guidance.Kinds {
			if kind == guidance.Correction && asker == "陈露" {
				continue
			}
			note := func() guidance.Kept { return ask(t, w, asker, kind, on, to, "降不降？") }
			add := func(state string, k guidance.Kept, boxes string) {
				if kind == guidance.Correction {
					boxes += "c"
				}
				all = append(all, begun{fmt.Sprintf("%s's %s, %s", asker, kind, state), k, boxes})
			}
			switch k := note(); kind {
			case guidance.Praise:
				add("given", k, "")
				continue
			case guidance.Advice:
				add("given", k, "o")
				k, err := w.Guidance.Use(w.Ctx, w.As(to), note().ID, guidance.Used, words(""))
				must(t, err)
				add("used", k, "o")
				continue
			default:
				add("open", k, "a")
			}
			answered := answer(t, w, to, note(), "不降")
			add("answered", answered, "o")
			none, err := w.Guidance.Reject(w.Ctx, w.As(asker), answer(t, w, to, note(), "再看").ID, words(""))
			must(t, err)
			add("no answer", none, "a")
			if kind == guidance.Correction {
				continue
			}
			taken, err := w.Guidance.Recall(w.Ctx, w.As(asker), note().ID)
			must(t, err)
			add("recalled", taken, "")
		}
	}
	return all
}

// inBoxes are the boxes of living members a note is in, a letter each, and whose they are.
func inBoxes(t *testing.T, w *apptest.World) (letters, whose map[string]string) {
	t.Helper()
	admin := w.As("管理员")
	letters, whose = map[string]string{}, map[string]string{}
	for letter, boxes := range map[string][]guidance.Box{"a": {guidance.ToAnswer, guidance.Returns}, "o": {guidance.Outcomes}, "c": {guidance.Checks}} {
		for _, name := range everybody {
			if admin.Structure.Gone(w.ID[name], admin.Today) {
				continue
			}
			for _, b := range boxes {
				list, err := w.Guidance.Box(w.Ctx, w.As(name), b, page.Request{Limit: 200})
				must(t, err)
				for _, k := range list.Items {
					letters[k.ID] += letter
					whose[k.ID] += letter + name + " "
					may(t, name, b, k)
				}
			}
		}
	}
	return letters, whose
}

// may fails where somebody may not do what his box asks him for.
func may(t *testing.T, who string, b guidance.Box, k guidance.Kept) {
	t.Helper()
	is := map[guidance.Box]bool{guidance.ToAnswer: k.May.Answer, guidance.Returns: k.May.Settle, guidance.Outcomes: k.May.Use, guidance.Checks: k.May.Check}
	if !is[b] || k.Text == "" {
		t.Errorf("%s has %s in %s, and may not do it, or reads %q", who, k.Kind, b, k.Text)
	}
}

func sorted(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}

// TestNothingIsOrphaned: whoever leaves and whatever is handed over, what a note waits for is in exactly one living
// member's box, who reads it and may do it.
func TestNothingIsOrphaned(t *testing.T) {
	leave := func(who string) func(*testing.T, *apptest.World, record.Ref) {
		return func(t *testing.T, w *apptest.World, _ record.Ref) {
			_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID[who], w.As("管理员").Today)
			must(t, err)
			must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
				return w.Guidance.GoesAway(w.Ctx, tx, w.Admin.TenantID, w.ID[who], "left "+who, w.Now())
			}))
		}
	}
	hand := func(to string) func(*testing.T, *apptest.World, record.Ref) {
		return func(t *testing.T, w *apptest.World, on record.Ref) {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: on.Kind, IDs: []string{on.ID}, ToID: w.ID[to], Reason: "分工"})
			must(t, err)
		}
	}
	type change = func(*testing.T, *apptest.World, record.Ref)
	for what, changes := range map[string][]change{
		"nobody goes":                         nil,
		"the rep leaves":                      {leave("陈露")},
		"who leads him leaves":                {leave("蒋跃")},
		"both leave":                          {leave("陈露"), leave("蒋跃")},
		"both leave, the other way":           {leave("蒋跃"), leave("陈露")},
		"all who lead leave":                  {leave("陈露"), leave("蒋跃"), leave("总监")},
		"it is handed over":                   {hand("周涛")},
		"it is handed over, and the rep left": {leave("陈露"), hand("周涛")},
		"who was handed it leaves too":        {hand("周涛"), leave("周涛")},
	} {
		t.Run(what, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				at(t, w, "2026-03-03 09:00")
				on := deal(w)
				all := begin(t, w, on)
				for _, c := range changes {
					c(t, w, on)
					fire(t, w)
				}
				same := func(when string) {
					t.Helper()
					letters, whose := inBoxes(t, w)
					for _, b := range all {
						if got := sorted(letters[b.note.ID]); got != sorted(b.boxes) {
							t.Errorf("%s, %s: it is in the boxes %q (%s), want %q", when, b.what, got, whose[b.note.ID], b.boxes)
						}
					}
				}
				w.Clock.Move(7 * 24 * time.Hour) // the day of the checks
				same("before it climbs")
				w.Clock.Move(3 * 24 * time.Hour)
				fire(t, w)
				same("when it has come back")
			})
		})
	}
}

// TestWhoOwes: what is owed of advice goes along with the record; of who has left, to who leads his team.
func TestWhoOwes(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		k := ask(t, w, "蒋跃", guidance.Advice, on, "陈露", "先锁交期")
		has := func(when, want string) {
			t.Helper()
			_, whose := inBoxes(t, w)
			if whose[k.ID] != want {
				t.Errorf("%s: %q, want %q", when, whose[k.ID], want)
			}
		}
		has("given", "o陈露 ")
		_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: on.Kind, IDs: []string{on.ID}, ToID: w.ID["周涛"], Reason: "分工"})
		must(t, err)
		has("handed over", "o周涛 ")
		_, err = w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words(""))
		refused(t, "who gave it away", "guidance.unknown", err)
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["周涛"], w.As("管理员").Today)
		must(t, err)
		has("who has the record left", "o何峰 ")
		got, err := w.Guidance.Use(w.Ctx, w.As("何峰"), k.ID, guidance.Used, words(""))
		must(t, err)
		if got.Outcome.From != w.ID["何峰"] {
			t.Errorf("it is said by %s", name(w, got.Outcome.From))
		}
	})
}
