package org_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/identity"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t *testing.T, err error, want string) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("code %q (%v), want %q", got, err, want)
	}
}

// organisation is a world with the calls the tests make most.
type organisation struct {
	*apptest.World
	t *testing.T
}

func (o organisation) boss() org.Actor { return o.As("管理员") }

func (o organisation) transfer(name, team string, from calendar.Date) error {
	return o.Org.Transfer(o.Ctx, o.boss(), o.ID[name], o.ID[team], "", false, from)
}

func (o organisation) move(team, parent string, from calendar.Date) error {
	return o.Org.MoveTeam(o.Ctx, o.boss(), o.ID[team], o.ID[parent], from)
}

func (o organisation) leave(name string, on calendar.Date) error {
	_, err := o.Org.Leave(o.Ctx, o.boss(), o.ID[name], on)
	return err
}

// team is the name of a member's team on a day.
func (o organisation) team(name string, on calendar.Date) string {
	st := o.boss().Structure
	id, _ := st.TeamOf(o.ID[name], on)
	return st.Teams[id].Name
}

// mains counts a member's main posts on a day.
func (o organisation) mains(name string, on calendar.Date) (n int) {
	for _, h := range o.boss().Structure.Holdings {
		if h.MemberID == o.ID[name] && h.Main && h.On(on) {
			n++
		}
	}
	return n
}

// each runs a test of the organisation on both databases.
func each(t *testing.T, run func(t *testing.T, w organisation)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) { run(t, organisation{apptest.New(t, db), t}) })
}

func TestTwoAdministratorsTransferOneMember(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		w.Clock.Set("2026-03-09")
		before := w.boss() // both opened the page at the same time
		var wg sync.WaitGroup
		for _, team := range []string{"二组", "公司", "一组", "二组"} {
			wg.Go(func() {
				if err := w.Org.Transfer(w.Ctx, before, w.ID["陈露"], w.ID[team], "", false, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, day := range []calendar.Date{"2026-03-08", "2026-03-09", "2026-12-31"} {
			if n := w.mains("陈露", day); n != 1 {
				t.Errorf("%d main posts on %s", n, day)
			}
		}
	})
}

func TestWhoActsOnAnOlderVersionIsToldSo(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		w.Clock.Set("2026-03-09")
		seen := w.boss()
		seen.IfMatch = seen.Structure.Members[w.ID["陈露"]].Version
		must(t, w.Org.Transfer(w.Ctx, seen, w.ID["陈露"], w.ID["二组"], "", false, ""))
		code(t, w.Org.Transfer(w.Ctx, seen, w.ID["陈露"], w.ID["公司"], "", false, ""), "record.stale")
		code(t, w.Org.SetRole(w.Ctx, seen, w.ID["陈露"], org.Manager, nil, nil), "record.stale")
		code(t, w.Org.GiveLogin(w.Ctx, seen, w.ID["陈露"], "chenlu", "quite long enough 1"), "record.stale")
		_, err := w.Org.Leave(w.Ctx, seen, w.ID["陈露"], "")
		code(t, err, "record.stale")
		seen.IfMatch = w.boss().Structure.Teams[w.ID["一组"]].Version
		must(t, w.Org.MoveTeam(w.Ctx, seen, w.ID["一组"], w.ID["二组"], ""))
		code(t, w.Org.MoveTeam(w.Ctx, seen, w.ID["一组"], w.ID["公司"], ""), "record.stale")
		seen.IfMatch = w.boss().Company.Version
		must(t, w.Org.SaveSettings(w.Ctx, seen, org.Settings{Name: "新名", BackdateDays: 30, SumsWithTax: true}))
		code(t, w.Org.SaveSettings(w.Ctx, seen, org.Settings{Name: "旧名", BackdateDays: 60}), "record.stale")
	})
}

func TestNoTeamHangsUnderItselfOnAnyDay(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		tm, err := w.Org.AddTeam(w.Ctx, w.boss(), "", "三组", w.ID["公司"], "", org.Start)
		must(t, err)
		w.ID["三组"] = tm.ID
		must(t, w.move("一组", "二组", "2026-07-01"))
		code(t, w.move("二组", "一组", "2026-04-01"), "org.team_cycle") // it would be one from July on
		must(t, w.move("二组", "三组", "2026-05-01"))
		code(t, w.move("三组", "一组", "2026-06-01"), "org.team_cycle") // through a third team, in July
		code(t, w.move("二组", "二组", ""), "org.team_cycle")
		code(t, w.move("公司", "一组", ""), "org.root_stays")
		if n := len(w.boss().Structure.MembersUnder([]string{w.ID["公司"]}, "2026-07-02")); n != 6 {
			t.Errorf("%d people under the company in July, want 6", n)
		}
	})
}

// Two administrators hang two teams under one another at the same time: one does, the other is
// told of the ring. It is so with three.
func TestTeamsHungUnderOneAnotherAtOnceAreNoRing(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		tm, err := w.Org.AddTeam(w.Ctx, w.boss(), "", "三组", w.ID["公司"], "", org.Start)
		must(t, err)
		w.ID["三组"] = tm.ID
		for _, ring := range [][]string{{"一组", "二组"}, {"一组", "二组", "三组"}} {
			boss := w.boss()
			codes := apptest.AtOnce(len(ring), func(i int) error {
				return w.Org.MoveTeam(w.Ctx, boss, w.ID[ring[i]], w.ID[ring[(i+1)%len(ring)]], "")
			})
			if codes[""] != len(ring)-1 || codes["org.team_cycle"] != 1 {
				t.Errorf("%v: %v", ring, codes)
			}
			for _, name := range ring {
				must(t, w.move(name, "公司", ""))
			}
		}
	})
}

func TestARingBetweenTwoPlannedMovesIsSeen(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		// From April to May 一组 hangs under 二组; a move of 二组 under 一组 in that time alone is a ring.
		must(t, w.move("一组", "二组", "2026-04-01"))
		must(t, w.move("一组", "公司", "2026-05-01"))
		code(t, w.move("二组", "一组", "2026-04-10"), "org.team_cycle")
		must(t, w.move("二组", "一组", "2026-05-01"))
	})
}

func TestADayIsADay(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		for _, day := range []calendar.Date{"2026-3-5", "next week", "2026-02-30", "1026-03-05", "9999-01-01"} {
			code(t, w.transfer("陈露", "二组", day), "calendar.bad_date")
			code(t, w.move("一组", "二组", day), "calendar.bad_date")
			code(t, w.leave("陈露", day), "calendar.bad_date")
			code(t, w.Org.SetRate(w.Ctx, w.boss(), org.Rate{Currency: "USD", From: day, Rate: 7_000_000}), "calendar.bad_date")
			_, err := w.Org.AddTeam(w.Ctx, w.boss(), "", "三组", w.ID["公司"], "", day)
			code(t, err, "calendar.bad_date")
			_, err = w.Org.AddMember(w.Ctx, w.boss(), org.NewMember{Name: "新人", From: day})
			code(t, err, "calendar.bad_date")
		}
	})
}

func TestTransfersOfThePastAndTheFuture(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		w.Clock.Set("2026-03-09")
		m, err := w.Org.AddMember(w.Ctx, w.boss(), org.NewMember{Name: "新人", TeamID: w.ID["一组"], From: "2026-02-02"})
		must(t, err)
		w.ID["新人"] = m.ID
		code(t, w.transfer("新人", "二组", "2026-01-31"), "org.interval_empty") // before the seat began
		must(t, w.transfer("新人", "公司", "2026-06-01"))
		must(t, w.transfer("新人", "二组", "2026-02-16")) // dated back: until what is planned
		for day, want := range map[calendar.Date]string{"2026-02-01": "", "2026-02-02": "一组", "2026-02-16": "二组", "2026-05-31": "二组", "2026-06-01": "测试公司"} {
			if got := w.team("新人", day); got != want {
				t.Errorf("on %s: %q, want %q", day, got, want)
			}
		}
		must(t, w.transfer("新人", "一组", "2026-06-01")) // the plan was a mistake
		if got := w.team("新人", "2026-06-01"); got != "一组" || w.mains("新人", "2026-06-01") != 1 {
			t.Errorf("after the correction %q", got)
		}
	})
}

// TestWhatWasKnownBeforeATransferCanBeTold: a correction ends what was never true, and the
// organisation as it was known at each entry stays.
func TestWhatWasKnownBeforeATransferCanBeTold(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		known := func() (seq int64) {
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				list, err := journal.Since(w.Ctx, tx, w.Admin.TenantID, 0, 1000)
				seq = list[len(list)-1].Seq
				return err
			}))
			return seq
		}
		k0 := known()
		must(t, w.transfer("陈露", "二组", "2026-03-02"))
		must(t, w.move("二组", "一组", "2026-03-02"))
		k1 := known()
		must(t, w.transfer("陈露", "公司", "2026-03-02")) // it was the other team
		must(t, w.move("二组", "公司", "2026-03-02"))
		w.Clock.Set("2026-03-16")
		must(t, w.leave("陈露", ""))
		st := w.boss().Structure
		for name, tt := range map[string]struct {
			k            int64
			team, parent string
		}{"before": {k0, "一组", "测试公司"}, "with the mistake": {k1, "二组", "一组"}, "now": {1 << 60, "", "测试公司"}} {
			then := st.AsKnown(tt.k)
			team, _ := then.TeamOf(w.ID["陈露"], "2026-03-17")
			if got, parent := st.Teams[team].Name, st.Teams[then.ParentOf(w.ID["二组"], "2026-03-17")].Name; got != tt.team || parent != tt.parent {
				t.Errorf("%s: %s under %s, want %s under %s", name, got, parent, tt.team, tt.parent)
			}
		}
	})
}

func TestALeavingAnnouncedForLaterChangesNothingUntilThen(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["陈露"], "chenlu", secret))
		token, _, err := w.SignIn("chenlu", secret)
		must(t, err)
		must(t, w.leave("陈露", "2026-03-06"))
		_, _, err = w.Identity.Authenticate(w.Ctx, token, "form")
		must(t, err)
		w.Clock.Set("2026-03-05") // a session ends by itself when it is not used for a day
		token, _, err = w.SignIn("chenlu", secret)
		must(t, err)
		_, a, err := w.Identity.Authenticate(w.Ctx, token, "form")
		if err != nil || !a.Can(org.OppWrite) || w.team("陈露", a.Today) != "一组" {
			t.Errorf("on the last day: %v, may write %v, team %q", err, a.Can(org.OppWrite), w.team("陈露", a.Today))
		}
		w.Clock.Set("2026-03-06")
		_, _, err = w.Identity.Authenticate(w.Ctx, token, "form")
		code(t, err, "org.session_ended")
		_, _, err = w.SignIn("chenlu", secret)
		code(t, err, "org.sign_in_failed")
		if w.As("陈露").Can(org.OppRead) || w.team("陈露", "2026-03-06") != "" {
			t.Error("roles or seats go on")
		}
		// The name is free for another.
		must(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["小李"], "chenlu", identity.NewSecret()))
		code(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["周涛"], "chenlu", identity.NewSecret()), "org.login_taken")
	})
}

func TestLeavingIsBroughtForwardAndNotTwice(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		must(t, w.leave("陈露", "2026-05-01"))
		must(t, w.leave("陈露", "2026-04-01"))
		code(t, w.leave("陈露", "2026-04-15"), "org.left_already")
		if w.team("陈露", "2026-03-31") != "一组" || w.team("陈露", "2026-04-01") != "" {
			t.Error("the seat does not end on the earlier day")
		}
		code(t, w.transfer("陈露", "二组", "2026-04-01"), "org.member_left")
		must(t, w.transfer("陈露", "二组", "2026-03-16"))
		if w.team("陈露", "2026-03-31") != "二组" || w.team("陈露", "2026-04-01") != "" {
			t.Error("a transfer outlives the leaving")
		}
		must(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["陈露"], org.Manager, nil, nil))
		w.Clock.Set("2026-04-01")
		if w.As("陈露").Can(org.OppRead) {
			t.Error("a role outlives the leaving")
		}
		code(t, w.leave("陈露", "2026-03-20"), "org.left_already")
		code(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["陈露"], org.Rep, nil, nil), "org.member_left")
		code(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["陈露"], "chenlu", identity.NewSecret()), "org.member_left")
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		must(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["总监"], org.Admin, nil, nil))
		_, err := w.Org.Leave(w.Ctx, w.As("总监"), w.Admin.MemberID, "2026-05-01") // announced
		must(t, err)
		_, err = w.Org.Leave(w.Ctx, w.boss(), w.ID["总监"], "2026-04-01")
		code(t, err, "org.last_admin") // from May on there would be none
		code(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["总监"], org.Director, nil, nil), "org.last_admin")
		must(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["蒋跃"], org.Admin, nil, nil))
		_, err = w.Org.Leave(w.Ctx, w.boss(), w.ID["总监"], "2026-04-01")
		must(t, err)
		code(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["蒋跃"], org.Manager, nil, nil), "org.last_admin")
	})
}

func TestDelegationsEndWithALeaver(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		for _, name := range []string{"内勤", "二内勤"} {
			w.AddMember(name, w.ID["一组"], false, org.Assistant)
		}
		delegate := func(principal, assistant string) error {
			return w.Org.Delegate(w.Ctx, w.boss(), w.ID[principal], w.ID[assistant])
		}
		must(t, delegate("陈露", "内勤"))
		code(t, delegate("陈露", "内勤"), "org.delegated_already")
		must(t, delegate("内勤", "二内勤")) // a chain: it is no delegation from the first to the last
		must(t, delegate("小李", "二内勤"))
		may := func(assistant, principal string) bool {
			_, err := w.As(assistant).For(w.ID[principal])
			return err == nil
		}
		if !may("内勤", "陈露") || !may("二内勤", "内勤") || may("二内勤", "陈露") {
			t.Error("an assistant acts for the member who said so, and for no other")
		}
		must(t, w.leave("陈露", "2026-03-20"))
		if !may("内勤", "陈露") {
			t.Error("a leaving announced for later ended the delegation")
		}
		w.Clock.Set("2026-03-20")
		if may("内勤", "陈露") {
			t.Error("an assistant acts for a leaver")
		}
		must(t, w.leave("二内勤", ""))
		if may("二内勤", "小李") {
			t.Error("a leaver acts for others")
		}
		code(t, delegate("陈露", "内勤"), "org.member_left")
		code(t, delegate("小李", "二内勤"), "org.member_left")
	})
}

// leavings stands for those who know what a member still holds.
type leavings struct{ asked []string }

func (l *leavings) Left(_ context.Context, _ database.Tx, _ org.Actor, member string) ([]org.Held, error) {
	l.asked = append(l.asked, member)
	return []org.Held{{Kind: "opportunity", Count: 2}}, nil
}

func TestLeavingAnswersWhatIsStillHeld(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		known := &leavings{}
		w.Org.Leavings = known
		held, err := w.Org.Leave(w.Ctx, w.boss(), w.ID["陈露"], "2026-04-01")
		if err != nil || len(held) != 1 || held[0].Count != 2 || len(known.asked) == 0 || known.asked[0] != w.ID["陈露"] {
			t.Errorf("%+v %v, asked about %v", held, err, known.asked)
		}
	})
}

// TestTheJournalOfTheOrganisationSaysOldAndNewAndNoNames reads every entry the acts above
// write.
func TestTheJournalOfTheOrganisationSaysOldAndNewAndNoNames(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		must(t, w.transfer("陈露", "二组", "2026-03-02"))
		must(t, w.move("二组", "一组", "2026-03-02"))
		must(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["陈露"], org.Manager, nil, []string{"华东"}))
		must(t, w.Org.SetRate(w.Ctx, w.boss(), org.Rate{Currency: "USD", From: "2026-01-01", Rate: 7_000_000}))
		must(t, w.Org.SetRate(w.Ctx, w.boss(), org.Rate{Currency: "USD", From: "2026-02-01", Rate: 7_100_000}))
		must(t, w.Org.SaveSettings(w.Ctx, w.boss(), org.Settings{Name: "新名", BackdateDays: 30, WorkCalendar: org.Weekends}))
		must(t, w.leave("陈露", "2026-04-01"))
		want := map[string]string{
			"member.transferred":     `"team":{"old":"` + w.ID["一组"] + `","new":"` + w.ID["二组"] + `"}`,
			"team.moved":             `"parent":{"old":"` + w.ID["公司"] + `","new":"` + w.ID["一组"] + `"}`,
			"member.role_set":        `"role":{"old":"rep","new":"manager"}`,
			"member.left":            `"leftOn":{"old":"","new":"2026-04-01"}`,
			"company.rate_set":       `"rate":{"old":7000000,"new":7100000}`,
			"company.settings_saved": `"workCalendar":{"old":"CN","new":"weekends"},"sumsWithTax":{"old":true,"new":false}`,
			"company.created":        `"rootTeamId":"` + w.ID["公司"] + `"`,
		}
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			list, err := journal.Since(w.Ctx, tx, w.Admin.TenantID, 0, 1000)
			for _, e := range list {
				if strings.HasPrefix(e.Kind, "opportunity.") || strings.HasPrefix(e.Kind, "account.") || strings.HasPrefix(e.Kind, "pipeline.") {
					continue
				}
				if strings.Contains(string(e.Payload), want[e.Kind]) {
					delete(want, e.Kind)
				}
				for _, r := range string(e.Payload) {
					if r > 127 && !strings.Contains(string(e.Payload), "华东") { // a region is a code
						t.Errorf("%s holds a name: %s", e.Kind, e.Payload)
						break
					}
				}
				if !json.Valid(e.Payload) {
					t.Errorf("%s: %s", e.Kind, e.Payload)
				}
			}
			return err
		}))
		for kind, text := range want {
			t.Errorf("no %s says %s", kind, text)
		}
	})
}

// TestACompanyBeginsOnItsOwnDay: at one in the morning in Shanghai it is yesterday in UTC.
func TestACompanyBeginsOnItsOwnDay(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		at := calendar.Date("2026-03-09").In(w.boss().Company.Zone()).Add(3600e9)
		w.Org.Now = func() time.Time { return at }
		c, _, err := w.Org.CreateCompany(w.Ctx, org.Setup{Company: "第二家", AdminName: "老板"})
		must(t, err)
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			list, err := journal.Since(w.Ctx, tx, c.ID, 0, 10)
			if err == nil && list[0].HappenedOn != "2026-03-09" {
				t.Errorf("created on %s", list[0].HappenedOn)
			}
			return err
		}))
	})
}

// A company's days are those of a place: "Local" is another one on each machine.
func TestTheZoneOfACompanyIsAPlace(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		for _, zone := range []string{"Local", "Asia/Nowhere"} {
			_, _, err := w.Org.CreateCompany(w.Ctx, org.Setup{Company: "第二家", AdminName: "老板", Zone: zone})
			if fault.CodeOf(err) != "org.zone_unknown" {
				t.Errorf("%s: %v", zone, err)
			}
		}
	})
}

func TestAManagerKeepsALeaversRecordsInSight(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-09")
		must(t, w.leave("陈露", ""))
		w.Clock.Set("2026-03-16")
		must(t, w.move("一组", "二组", "")) // his last team moves on
		see := func(who string) string {
			_, err := w.Opportunities.Get(w.Ctx, w.As(who), o.ID)
			return fault.CodeOf(err)
		}
		if a, b := see("蒋跃"), see("何峰"); a != "" || b != "" {
			t.Errorf("the manager is answered %q, the manager above %q", a, b)
		}
		if a := see("小李"); a != "opportunity.unknown" {
			t.Errorf("a colleague is answered %q", a)
		}
		_, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: "离职"})
		must(t, err)
		r, err := w.Opportunities.Get(w.Ctx, w.As("小李"), o.ID)
		if err != nil || r.OwnerID != w.ID["小李"] {
			t.Errorf("after the hand-over it belongs to %s, %v", r.OwnerID, err)
		}
	})
}

func TestWhoSitsNowhereCountsWhereHeSatLast(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-09")
		must(t, w.transfer("陈露", "二组", ""))
		w.Clock.Set("2026-03-16")
		must(t, w.leave("陈露", ""))
		for who, want := range map[string]string{"蒋跃": "opportunity.unknown", "何峰": ""} {
			_, err := w.Opportunities.Get(w.Ctx, w.As(who), o.ID)
			code(t, err, want)
		}
		list, _, err := w.Opportunities.List(w.Ctx, w.As("总监"), opportunity.Filter{Team: w.ID["二组"]}, page.Request{}, w.Funnel)
		if err != nil || len(list.Items) != 1 {
			t.Errorf("the list of 二组 has %d, %v", len(list.Items), err)
		}
	})
}
