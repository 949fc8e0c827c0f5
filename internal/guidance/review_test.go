package guidance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// qualified is a deal of somebody's at a qualified stage.
func qualified(w *apptest.World, owner, name string) record.Ref {
	o := w.Opportunity(owner, name)
	w.Supply(owner, o.ID)
	return opportunity.Ref(w.Move(owner, o.ID, "入围").ID)
}

func says(t *testing.T, w *apptest.World, who string, on record.Ref) {
	t.Helper()
	_, err := w.FollowUps.Log(w.Ctx, w.As(who), followup.FollowUp{On: []record.Ref{on}, Channel: "phone", Words: "谈价"}, "")
	must(t, err)
}

func looks(t *testing.T, w *apptest.World, who string, on record.Ref) {
	t.Helper()
	_, err := w.Guidance.See(w.Ctx, w.As(who), guidance.Look{DealID: on.ID, Facts: []guidance.What{guidance.OfTalk, guidance.OfStep}, Text: "报价和下一步"})
	must(t, err)
}

func waits(t *testing.T, w *apptest.World, who string) []guidance.ToLook {
	t.Helper()
	list, count, err := w.Guidance.ToLook(w.Ctx, w.As(who), 50)
	must(t, err)
	if count != len(list) {
		t.Errorf("%s: %d counted, %d listed", who, count, len(list))
	}
	return list
}

// covered adds up what somebody sees of a member's weeks.
func covered(t *testing.T, w *apptest.World, reader, of string, from calendar.Date) (sum guidance.Coverage) {
	t.Helper()
	a := w.As(reader)
	list, err := w.Guidance.Covered(w.Ctx, a, from, a.Today)
	must(t, err)
	for _, c := range list {
		if c.MemberID == w.ID[of] {
			sum.Due, sum.Covered, sum.Missed, sum.Open = sum.Due+c.Due, sum.Covered+c.Covered, sum.Missed+c.Missed, sum.Open+c.Open
			sum.BulkOnly += c.BulkOnly
		}
	}
	return sum
}

// TestAMonthOfBulkMarksCoversNothing: 收到 to every question and 已阅 to all at once is 0 answered and 0 covered.
func TestAMonthOfBulkMarksCoversNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var deals []record.Ref
		var ids []string
		for i := range 5 {
			deals = append(deals, qualified(w, "陈露", fmt.Sprint("项目", i)))
			ids = append(ids, deals[i].ID)
		}
		for week := range 4 {
			w.Clock.Set(calendar.Date("2026-03-09").Add(7 * week))
			for _, on := range deals {
				says(t, w, "陈露", on)
			}
			k := ask(t, w, "陈露", guidance.Question, deals[week], "蒋跃", "降不降？")
			w.Clock.Move(time.Hour)
			_, err := w.Guidance.Receive(w.Ctx, w.As("蒋跃"), k.ID)
			must(t, err)
			n, err := w.Guidance.SeeMany(w.Ctx, w.As("蒋跃"), ids)
			must(t, err)
			if n != 5 || len(waits(t, w, "蒋跃")) != 5 {
				t.Errorf("%d marked at once, %d wait", n, len(waits(t, w, "蒋跃")))
			}
			fire(t, w)
		}
		w.Clock.Set("2026-04-06")
		fire(t, w)
		if c := covered(t, w, "总监", "蒋跃", "2026-03-09"); c.Due != 25 || c.Covered != 0 || c.Missed != 20 || c.Open != 5 || c.BulkOnly != 20 {
			t.Errorf("a month of bulk marks is %+v", c)
		}
		for _, m := range measures(t, w, "总监") {
			if m.MemberID == w.ID["蒋跃"] && (m.Asked != 4 || m.Answered != 0) {
				t.Errorf("a month of 收到 is %+v", m)
			}
		}
	})
}

// TestALookSaysAtWhat and is seen by the rep; nobody marks his own, and a note given is a look.
func TestALookSaysAtWhat(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		early := opportunity.Ref(w.Opportunity("陈露", "还早").ID)
		on, noted := qualified(w, "陈露", "二期改造"), qualified(w, "陈露", "三期")
		list := waits(t, w, "蒋跃")
		if len(list) != 2 || list[0].Late || list[0].DueOn != "2026-03-15" || list[0].Name == "" {
			t.Errorf("there wait %+v", list)
		}
		if len(waits(t, w, "总监"))+len(waits(t, w, "陈露"))+len(waits(t, w, "何峰")) != 0 {
			t.Error("it waits for others too")
		}
		w.Clock.Move(time.Minute)
		for who, code := range map[string]string{"陈露": "guidance.look_own", "周涛": "record.unknown", "何峰": "record.unknown"} {
			_, err := w.Guidance.See(w.Ctx, w.As(who), guidance.Look{DealID: on.ID, Facts: []guidance.What{guidance.OfTalk}})
			refused(t, who+" looks", code, err)
		}
		must(t, w.Org.Delegate(w.Ctx, w.As("管理员"), w.ID["蒋跃"], w.ID["陈露"]))
		w.Clock.Move(time.Minute)
		acting, err := w.As("陈露").For(w.ID["蒋跃"])
		must(t, err)
		_, err = w.Guidance.See(w.Ctx, acting, guidance.Look{DealID: on.ID, Facts: []guidance.What{guidance.OfTalk}})
		refused(t, "the owner looks in his manager's name", "guidance.look_own", err)
		_, err = w.Guidance.SeeMany(w.Ctx, acting, []string{on.ID})
		refused(t, "the owner marks many in his manager's name", "guidance.look_own", err)
		_, err = w.Guidance.See(w.Ctx, w.As("蒋跃"), guidance.Look{DealID: on.ID})
		refused(t, "at nothing", "guidance.look_what", err)
		looks(t, w, "蒋跃", on)
		ask(t, w, "蒋跃", guidance.Advice, noted, "", "先见总工")
		if n := len(waits(t, w, "蒋跃")); n != 0 {
			t.Errorf("%d wait after both were looked at", n)
		}
		seen, err := w.Guidance.Looks(w.Ctx, w.As("陈露"), on.ID)
		must(t, err)
		if len(seen) != 1 || seen[0].MemberID != w.ID["蒋跃"] || seen[0].Said() != "step talk" || seen[0].Text != "报价和下一步" {
			t.Errorf("the rep sees %+v", seen)
		}
		w.Clock.Move(time.Minute)
		says(t, w, "陈露", on)
		says(t, w, "陈露", early)
		if list := waits(t, w, "蒋跃"); len(list) != 1 || list[0].ID != on.ID || fmt.Sprint(list[0].News) != "[talk]" {
			t.Errorf("after a follow-up there wait %+v", list)
		}
		w.Clock.Set("2026-03-16")
		if list := waits(t, w, "蒋跃"); len(list) != 1 || !list[0].Late && list[0].DueOn != "2026-03-22" {
			t.Errorf("two weeks later there wait %+v", list)
		}
	})
}

// TestATeamIsLookedAtAsOftenAsItSays: each working day, a follow-up of Monday is due on Tuesday.
func TestATeamIsLookedAtAsOftenAsItSays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin := w.As("管理员")
		admin.IfMatch = 1
		_, err := w.Guidance.SetRules(w.Ctx, admin, guidance.Rules{LimitHours: 8, Cadences: []guidance.Cadence{{TeamID: w.ID["一组"], PerWeek: 5}}})
		must(t, err)
		on, other := qualified(w, "陈露", "二期改造"), qualified(w, "周涛", "三期")
		if list := waits(t, w, "蒋跃"); len(list) != 1 || list[0].ID != on.ID || list[0].DueOn != "2026-03-03" {
			t.Errorf("there wait %+v", list)
		}
		if list := waits(t, w, "何峰"); len(list) != 1 || list[0].ID != other.ID || list[0].DueOn != "2026-03-15" {
			t.Errorf("in the other team there wait %+v", list)
		}
		w.Clock.Set("2026-03-04")
		if c := covered(t, w, "总监", "蒋跃", "2026-03-02"); c.Due != 2 || c.Missed != 1 || c.Open != 1 {
			t.Errorf("on Wednesday it is %+v", c)
		}
	})
}

// coverageBySQL counts a week of a manager by SQL alone, of deals that are looked at once a week.
const coverageBySQL = `WITH f AS (SELECT j.scope_id AS deal, j.recorded_at AS at FROM journal j JOIN opportunity o ON o.tenant_id = j.tenant_id AND o.id = j.scope_id
		WHERE j.tenant_id = $1 AND j.scope_kind = 'opportunity' AND o.owner_id IN (SELECT id FROM member WHERE tenant_id = $1 AND name = $3)
		AND (j.kind LIKE 'opportunity.%' OR j.kind = 'follow_up.logged' OR j.kind LIKE 'evidence.s%') AND j.actor_id <> $2 AND o.stage_id <> $6),
	l AS (SELECT opportunity_id AS deal, looked_at AS at FROM guidance_look WHERE tenant_id = $1 AND member_id = $2 AND NOT bulk
		UNION ALL SELECT on_id, asked_at FROM guidance WHERE tenant_id = $1 AND asker_id = $2 AND kind <> 'praise' AND state <> 'recalled'),
	stale AS (SELECT DISTINCT f.deal FROM f WHERE f.at < $4 AND NOT EXISTS (SELECT 1 FROM l WHERE l.deal = f.deal AND l.at > f.at AND l.at < $4)),
	fresh AS (SELECT DISTINCT f.deal FROM f WHERE f.at >= $4 AND f.at < $5 AND EXISTS (SELECT 1 FROM l WHERE l.deal = f.deal AND l.at > f.at AND l.at < $5))
	SELECT (SELECT count(*) FROM (SELECT deal FROM stale UNION SELECT deal FROM fresh) d),
		(SELECT count(*) FROM (SELECT deal FROM stale WHERE EXISTS (SELECT 1 FROM l WHERE l.deal = stale.deal AND l.at >= $4 AND l.at < $5)
			UNION SELECT deal FROM fresh) d)`

// TestCoverageIsWhatSQLCounts over random weeks.
func TestCoverageIsWhatSQLCounts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		rng := rand.New(rand.NewPCG(35, 1))
		var deals []record.Ref
		early := w.Opportunity("陈露", "还早")
		for i := range 6 {
			deals = append(deals, qualified(w, "陈露", fmt.Sprint("项目", i)))
		}
		for w.As("陈露").Today < "2026-03-29" {
			w.Clock.Move(time.Duration(1+rng.IntN(900)) * time.Minute)
			on := deals[rng.IntN(len(deals))]
			switch rng.IntN(16) {
			case 0, 1, 6, 7, 8, 9, 10:
				says(t, w, "陈露", on)
			case 2:
				looks(t, w, "蒋跃", on)
			case 3, 11:
				_, err := w.Guidance.SeeMany(w.Ctx, w.As("蒋跃"), []string{on.ID})
				must(t, err)
			case 4:
				ask(t, w, "蒋跃", []guidance.Kind{guidance.Question, guidance.Praise, guidance.Advice}[rng.IntN(3)], on, "", "看一下")
			case 5:
				says(t, w, "蒋跃", on)
			}
		}
		w.Clock.Set("2026-03-30")
		a, some := w.As("总监"), 0
		list, err := w.Guidance.Covered(w.Ctx, a, "2026-03-02", "2026-03-29")
		must(t, err)
		for _, c := range list {
			var due, seen int
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, coverageBySQL, a.TenantID, c.MemberID, "陈露", database.Time(c.WeekOn.In(shanghai)),
					database.Time(c.WeekOn.Add(7).In(shanghai)), early.StageID).Scan(&due, &seen)
			}))
			if c.Due != due || c.Covered != seen || c.Missed != due-seen || c.Open != 0 {
				t.Errorf("the week of %s is %+v, SQL counts %d due and %d covered", c.WeekOn, c, due, seen)
			}
			some += c.Covered*1000 + c.Missed
		}
		if len(list) != 4 || some < 4000 || some%1000 == 0 {
			t.Errorf("the weeks are %+v", list)
		}
	})
}
