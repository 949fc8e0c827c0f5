package confirm_test

import (
	"slices"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/confirm"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// asks has a late opportunity of a seller's with a decision maker nobody has spoken with for a week.
func (w *world) asks(owner, name string) (deal, contact string) {
	w.t.Helper()
	w.Clock.Set("2026-03-02")
	deal, contact = w.sells(owner, name, "商务确认", 50), w.person("决策人"+name, "经理")
	w.role("管理员", deal, contact, "economic")
	w.Clock.Set("2026-03-09")
	w.expect("before", owner, name+" 决策人"+name)
	return deal, contact
}

func (w *world) says(seller, deal, contact string, said confirm.Answer) error {
	_, err := w.Confirms.Answer(w.Ctx, w.As(seller), confirm.New{OpportunityID: deal, ContactID: contact, Answer: said})
	return err
}

// TestBetweenAskAndTap: what was asked may be no question any more when it is answered.
func TestBetweenAskAndTap(t *testing.T) {
	for name, x := range map[string]struct {
		between func(w *world, deal, contact string)
		want    string
	}{
		"handed over": {func(w *world, deal, _ string) {
			w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
				_, err := tx.Exec(w.Ctx, `UPDATE opportunity SET owner_id = $2 WHERE id = $1`, deal, w.ID["陈露"])
				return err
			}))
			w.expect("now hers", "陈露", "一单 决策人一单")
		}, "opportunity.unknown"},
		"lost": {func(w *world, deal, _ string) {
			w.Move("管理员", deal, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
		}, "confirmation.not_due"},
		"deleted": {func(w *world, deal, _ string) { w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), deal, true)) }, "confirmation.not_due"},
		"erased":  {func(w *world, _, contact string) { w.ok(w.Accounts.EraseContact(w.Ctx, w.As("管理员"), contact)) }, "confirmation.not_due"},
		"merged": {func(w *world, _, contact string) {
			_, err := w.Accounts.MergeContacts(w.Ctx, w.As("管理员"), account.Merging{Gone: contact, Kept: w.person("就是他", "经理"), Version: 1, GoneVersion: 1})
			w.ok(err)
		}, "confirmation.not_due"},
		"doubted": {func(w *world, _, contact string) {
			_, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: contact, Kind: change.Left, Suspect: true})
			w.ok(err)
		}, "confirmation.not_due"},
		"replaced": {func(w *world, _, contact string) {
			_, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: contact, Kind: change.Left, SuccessorName: "赵兵"})
			w.ok(err)
		}, "confirmation.not_due"},
		"doubted and refuted": {func(w *world, _, contact string) {
			c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: contact, Kind: change.Left, Suspect: true})
			w.ok(err)
			_, err = w.Changes.Refute(w.Ctx, w.As("管理员"), c.ID)
			w.ok(err)
		}, "confirmation.not_due"},
		"spoken with": {func(w *world, deal, contact string) { w.talk("管理员", deal, "wechat", contact) }, "confirmation.not_due"},
		"without his role": {func(w *world, deal, contact string) {
			w.role("管理员", deal, contact, "unknown")
		}, "confirmation.not_due"},
	} {
		t.Run(name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := begin(t, db)
				deal, contact := w.asks("小李", "一单")
				x.between(w, deal, contact)
				before := len(w.open(contact))
				for _, said := range []confirm.Answer{confirm.Still, confirm.Changed, confirm.Unreachable} {
					if err := w.says("小李", deal, contact, said); fault.CodeOf(err) != x.want {
						t.Errorf("%s: %v, not %s", said, err, x.want)
					}
				}
				if now := w.open(contact); len(now) != before {
					t.Errorf("%d open changes, not %d", len(now), before)
				}
			})
		})
	}
}

// TestTwoTapsAtOnce: one of two answers counts, and the same twice is one.
func TestTwoTapsAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		for n, taps := range [][2]confirm.Answer{{confirm.Still, confirm.Unreachable}, {confirm.Still, confirm.Still}, {confirm.Changed, confirm.Changed}} {
			deal, contact := w.asks("小李", string(rune('甲'+n)))
			a, errs := w.As("小李"), [2]error{}
			var wg sync.WaitGroup
			for i, said := range taps {
				wg.Go(func() {
					_, errs[i] = w.Confirms.Answer(w.Ctx, a, confirm.New{OpportunityID: deal, ContactID: contact, Answer: said})
				})
			}
			wg.Wait()
			failed := 0
			for _, err := range errs {
				if err != nil {
					failed++
					if fault.CodeOf(err) != "confirmation.not_due" {
						t.Errorf("%v: %v", taps, err)
					}
				}
			}
			if want := map[bool]int{true: 0, false: 1}[taps[0] == taps[1]]; failed != want {
				t.Errorf("%v: %v", taps, errs)
			}
			rows := 0
			w.ok(db.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT count(*) FROM confirmation WHERE opportunity_id = $1`, deal).Scan(&rows)
			}))
			if rows != 1 {
				t.Errorf("%v: %d rows", taps, rows)
			}
			w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), deal, true))
		}
	})
}

// TestNoSecondDoubt: while a change of somebody is open, being out of reach in another opportunity proposes none.
func TestNoSecondDoubt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, contact := w.asks("小李", "一单")
		w.ok(w.says("小李", deal, contact, confirm.Changed))
		w.Clock.Set("2026-03-10") // he is key in another one only now
		other := w.sells("陈露", "又一单", "商务确认", 20)
		w.role("管理员", other, contact, "economic")
		for _, day := range []calendar.Date{"2026-03-17", "2026-03-24"} {
			w.Clock.Set(day)
			w.ok(w.says("陈露", other, contact, confirm.Unreachable))
		}
		if list := w.open(contact); len(list) != 1 {
			t.Errorf("%d open changes", len(list))
		}
	})
}

// moves has somebody work at a customer nobody of the sellers sees.
func (w *world) moves(contact string) account.Contact {
	w.t.Helper()
	other, err := w.Accounts.Create(w.Ctx, w.As("管理员"), account.Account{Name: "三励公司"}, false)
	w.ok(err)
	c, err := w.Accounts.GetContact(w.Ctx, w.As("管理员"), contact)
	w.ok(err)
	c.AccountID = other.ID
	c, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), c, account.Step{})
	w.ok(err)
	return c
}

// TestMovedAway: who works at another customer now is still asked after, until somebody says who follows.
func TestMovedAway(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, contact := w.asks("小李", "一单")
		w.moves(contact)
		w.expect("moved away", "小李", "一单 决策人一单")
		w.ok(w.says("小李", deal, contact, confirm.Changed))
		if list := w.open(contact); len(list) != 1 || !slices.ContainsFunc(list[0].Deals, func(d change.Deal) bool { return d.OpportunityID == deal }) {
			t.Errorf("%+v", list)
		}
	})
}

// TestWhoMayAnswer: nobody of another team sees or answers it, nor who only reads.
func TestWhoMayAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, contact := w.asks("小李", "一单")
		for who, want := range map[string]string{"周涛": "opportunity.unknown", "何峰": "opportunity.unknown", "蒋跃": "confirmation.not_asked", "总监": "confirmation.not_asked"} {
			if err := w.says(who, deal, contact, confirm.Still); fault.CodeOf(err) != want {
				t.Errorf("%s: %v, not %s", who, err, want)
			}
			if got := w.asked(who); len(got) != 0 {
				t.Errorf("%s is asked %q", who, got)
			}
		}
		for _, who := range []string{"周涛", "何峰"} {
			if _, err := w.Confirms.Deal(w.Ctx, w.As(who), deal); fault.CodeOf(err) != "opportunity.unknown" {
				t.Errorf("%s: %v", who, err)
			}
		}
		w.AddMember("产品经理", w.ID["一组"], false, org.ProductManager)
		reader := w.As("产品经理")
		if reader.Can(org.OppWrite) {
			t.Fatal("a product manager writes opportunities: take another reader")
		}
		if _, err := w.Confirms.Answer(w.Ctx, reader, confirm.New{OpportunityID: deal, ContactID: contact, Answer: confirm.Still}); fault.CodeOf(err) != "org.permission_missing" {
			t.Errorf("who only reads: %v", err)
		}
	})
}

// TestConfirmedShowsNoOthersContacts: a contact of a colleague the reader does not see confirms, and says neither when it
// was nor how.
func TestConfirmedShowsNoOthersContacts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, contact := w.asks("小李", "一单")
		hidden := w.sells("周涛", "别组的一单", "", 20)
		w.role("管理员", hidden, contact, "user")
		w.Clock.Set("2026-03-10")
		_, err := w.FollowUps.Log(w.Ctx, w.As("管理员"), followup.FollowUp{On: []record.Ref{opportunity.Ref(hidden)}, Channel: "video", TwoWay: true, Words: "谈价", ContactIDs: []string{contact}}, "")
		w.ok(err)
		w.expect("somebody spoke with him", "小李")
		for who, want := range map[string]confirm.Stand{
			"小李": {On: "2026-03-02", How: confirm.ByRole}, "蒋跃": {On: "2026-03-02", How: confirm.ByRole},
			"总监": {On: "2026-03-10", How: "video", TalkedOn: "2026-03-10"}, "管理员": {On: "2026-03-10", How: "video", TalkedOn: "2026-03-10"}} {
			list, err := w.Confirms.Deal(w.Ctx, w.As(who), deal)
			w.ok(err)
			if len(list) != 1 || list[0].On != want.On || list[0].How != want.How || list[0].TalkedOn != want.TalkedOn {
				t.Errorf("%s sees %+v, not %+v", who, list, want)
			}
		}
		w.Clock.Set("2026-03-17")
		today, err := w.Confirms.Asked(w.Ctx, w.As("小李"))
		w.ok(err)
		if q := today.Questions; len(q) != 1 || q[0].On != "2026-03-02" || q[0].How != confirm.ByRole || q[0].TalkedOn != "" || *q[0].Days != 11 {
			t.Errorf("asked with %+v", q)
		}
	})
}

// TestWhoIsAskedTells: an owner who may not change the person tells who follows all the same; who has nothing to do with
// him does not.
func TestWhoIsAskedTells(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, contact := w.asks("周涛", "一单")
		moved := w.moves(contact)
		if _, err := w.Accounts.UpdateContact(w.Ctx, w.As("周涛"), moved, account.Step{}); !fault.Is(err, fault.NotFound) {
			t.Fatalf("he may change the person: %v", err)
		}
		told := change.New{ContactID: contact, Kind: change.Moved, SuccessorName: "赵兵", Source: "colleague"}
		if _, err := w.Changes.Tell(w.Ctx, w.As("何峰"), told); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("who only leads him: %v", err)
		}
		c, err := w.Changes.Tell(w.Ctx, w.As("周涛"), told)
		w.ok(err)
		got, err := w.Confirms.Answer(w.Ctx, w.As("周涛"), confirm.New{OpportunityID: deal, ContactID: contact, Answer: confirm.Changed, ChangeID: c.ID})
		w.ok(err)
		if list := w.open(contact); got.Proposed || len(list) != 1 || list[0].State != change.Confirmed || list[0].Deals[0].Lamp != change.Red {
			t.Errorf("%+v %+v", got, list)
		}
		w.expect("answered", "周涛")
	})
}

// TestLeft: the runs of who left stay, and who has his opportunities goes on with them.
func TestLeft(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, contact := w.asks("小李", "一单")
		w.ok(w.says("小李", deal, contact, confirm.Unreachable))
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-10")
		w.ok(err)
		w.Clock.Set("2026-03-16")
		w.ok(w.says("蒋跃", deal, contact, confirm.Unreachable))
		if len(w.open(contact)) != 1 {
			t.Error("nothing is proposed the second time")
		}
	})
}

// TestErased: what was answered about a person who is erased names nobody any more.
func TestErased(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		stop := w.Follows(w.Process())
		defer stop()
		deal, contact := w.asks("小李", "一单")
		w.ok(w.says("小李", deal, contact, confirm.Still))
		w.Clock.Set("2026-03-16")
		w.ok(w.says("小李", deal, contact, confirm.Still))
		if w.sign("蒋跃", deal) == nil || w.noticed("蒋跃", "confirmation.tapped") != 1 {
			t.Fatal("he does not see it")
		}
		w.ok(w.Accounts.EraseContact(w.Ctx, w.As("管理员"), contact))
		list, err := w.Confirms.Deal(w.Ctx, w.As("蒋跃"), deal)
		w.ok(err)
		if w.sign("蒋跃", deal) != nil || len(list) != 0 || w.noticed("蒋跃", "confirmation.tapped") != 0 {
			t.Errorf("%+v", list)
		}
		w.expect("who decides is asked", "小李", "一单 ?")
	})
}
