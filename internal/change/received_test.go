package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// meets are the open first meetings of a member after hand-overs: who on which day, in the order of days.
func (w *world) meets(member string) string {
	w.t.Helper()
	var out []string
	w.ok(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		list, err := w.Tasks.Meeting(w.Ctx, tx, w.As("管理员"), w.ID[member])
		out = nil
		for _, t := range list {
			out = append(out, string(t.DueOn[5:])+" "+strings.TrimPrefix(t.What, "接手后首次见"))
		}
		return err
	}))
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (w *world) hand(kind, id, to string) {
	w.t.Helper()
	_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: kind, IDs: []string{id}, ToID: w.ID[to], Reason: "换人跟"})
	w.ok(err)
}

func (w *world) says(by, channel, with string, on record.Ref) {
	w.t.Helper()
	_, err := w.FollowUps.Log(w.Ctx, w.As(by), followup.FollowUp{On: []record.Ref{on}, Channel: channel, TwoWay: true, Words: "交接完了，聊了需求", ContactIDs: []string{with}}, "")
	w.ok(err)
}

func (w *world) key(deal, contact string, influence int64) {
	w.t.Helper()
	w.ok(w.Opportunities.Judge(w.Ctx, w.As("管理员"), deal, 0, opportunity.DealContact{ContactID: contact, Role: "approver", Judged: relation.Judged{Influence: &influence}}))
}

// TestWhoReceivesADealMeetsItsKeyPersons: each has a date, three a day, the late phase in front; only the receiver's own
// visit, meeting, call or video does it; whoever he knows has none, and who goes has none any more.
func TestWhoReceivesADealMeetsItsKeyPersons(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		w.ok(w.Org.SetMeetDays(w.Ctx, w.As("管理员"), org.MeetDays{Early: 5, Middle: 3, Late: 2}))
		early := w.sells("小李", "二期")
		people := map[string]string{"王建国": w.wang}
		for i, name := range []string{"钱一", "孙二", "周三", "吴四"} {
			people[name] = w.person(name, w.Account)
			w.key(early.ID, people[name], int64(5-i%2))
		}
		user, one := w.person("郑五", w.Account), int64(1)
		w.ok(w.Opportunities.Judge(w.Ctx, w.As("管理员"), early.ID, 0, opportunity.DealContact{ContactID: user, Role: "user", Judged: relation.Judged{Influence: &one}}))
		w.key(early.ID, w.wang, 5)
		w.says("陈露", "phone", people["吴四"], opportunity.Ref(w.Opportunity("陈露", "她自己的").ID)) // she knows him
		w.Clock.Set("2026-03-06")
		// On the Friday. Two working days for the late phase are until the Tuesday, five until the Friday after.
		w.hand("opportunity", w.deal.ID, "陈露")
		if got := w.meets("陈露"); got != "03-10 王建国" {
			t.Fatalf("after the late one: %s", got)
		}
		w.hand("opportunity", early.ID, "陈露")
		if got := w.meets("陈露"); got != "03-10 王建国, 03-13 周三, 03-13 孙二, 03-13 钱一" {
			t.Fatalf("after the early one: %s", got)
		}
		w.says("蒋跃", "visit", w.wang, opportunity.Ref(w.deal.ID))
		w.says("陈露", "wechat", w.wang, opportunity.Ref(w.deal.ID))
		w.CaughtUp("contact_change")
		if got := w.meets("陈露"); !strings.HasPrefix(got, "03-10 王建国") {
			t.Errorf("what is written, and what another heard, met him: %s", got)
		}
		w.says("陈露", "visit", w.wang, opportunity.Ref(w.deal.ID))
		w.CaughtUp("contact_change")
		if got := w.meets("陈露"); got != "03-13 周三, 03-13 孙二, 03-13 钱一" {
			t.Errorf("after she met him: %s", got)
		}
		_, err := w.Changes.Tell(w.Ctx, w.As("陈露"), change.New{ContactID: people["孙二"], Kind: change.Left, SuccessorName: "赵兵", Source: "self"})
		w.ok(err)
		if got := w.meets("陈露"); got != "03-13 周三, 03-13 钱一" {
			t.Errorf("after one has left: %s", got)
		}
		w.hand("opportunity", early.ID, "小李") // back: what is to be done goes along and is not set twice; whom he never spoke with is new
		if got := w.meets("陈露") + " | " + w.meets("小李"); got != " | 03-13 周三, 03-13 王建国, 03-13 钱一, 03-16 吴四" {
			t.Errorf("after it went back: %s", got)
		}
	})
}

// TestManyKeyPersonsAreNotMetOnOneDay: who receives ten has three a day, and weekends are none.
func TestManyKeyPersonsAreNotMetOnOneDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, false)
		for i := range 9 {
			w.key(w.deal.ID, w.person(fmt.Sprintf("客户%d", i), w.Account), 4)
		}
		w.hand("opportunity", w.deal.ID, "陈露") // on the Thursday
		days := map[string]int{}
		for _, x := range strings.Split(w.meets("陈露"), ", ") {
			days[x[:5]]++
		}
		if fmt.Sprint(days) != "map[03-09:3 03-10:3 03-11:3 03-12:1]" {
			t.Errorf("%v", days)
		}
	})
}

// TestWhoReceivesACustomerMeetsItsKeyPersons: those of its open opportunities, whoever has these; one whose change is
// open is met as the change says.
func TestWhoReceivesACustomerMeetsItsKeyPersons(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		other := w.person("钱一", w.Account)
		w.key(w.deal.ID, other, 5)
		_, err := w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵", Source: "self"})
		w.ok(err)
		w.hand("account", w.Account, "蒋跃")
		if got := w.meets("蒋跃"); got != "03-09 钱一" {
			t.Errorf("%s", got)
		}
		if got := w.meets("小李"); got != "" {
			t.Errorf("the owner of the opportunity: %s", got)
		}
	})
}

// TestOneDateForOnePerson: two who are to meet the same person give their records to a third, who has one date, the
// earlier.
func TestOneDateForOnePerson(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, false)
		second := w.sells("小李", "二期")
		w.key(second.ID, w.wang, 5)
		w.hand("opportunity", w.deal.ID, "陈露")
		w.Clock.Set("2026-03-06")
		w.hand("opportunity", second.ID, "周涛")
		w.hand("opportunity", second.ID, "蒋跃")
		w.hand("opportunity", w.deal.ID, "蒋跃")
		for member, want := range map[string]string{"陈露": "", "周涛": "", "蒋跃": "03-09 王建国"} {
			if got := w.meets(member); got != want {
				t.Errorf("%s: %q, not %q", member, got, want)
			}
		}
	})
}
