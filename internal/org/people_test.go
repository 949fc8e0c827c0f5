package org_test

import (
	"strings"
	"sync"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// back has somebody come back to a team.
func (o organisation) back(name, team string, from calendar.Date) error {
	return o.Org.ComeBack(o.Ctx, o.boss(), o.ID[name], org.Comeback{Post: org.Post{TeamID: o.ID[team], From: from}, Role: org.Rep})
}

// stays lists a member's teams by the days they begin.
func (o organisation) stays(name string) string {
	st := o.boss().Structure
	var out []string
	for _, h := range st.PostsOf(o.ID[name]) {
		star := ""
		if h.Main {
			star = "*"
		}
		out = append(out, st.Teams[st.Seats[h.SeatID].TeamID].Name+star+" "+strings.TrimPrefix(string(h.From), "2026-")+".."+strings.TrimPrefix(string(h.To), "2026-"))
	}
	return strings.ReplaceAll(strings.Join(out, ", "), string(org.Start), "always")
}

func TestComingBack(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["陈露"], "chenlu", secret))
		code(t, w.back("陈露", "二组", ""), "org.not_left")
		must(t, w.leave("陈露", "2026-03-09"))
		w.Clock.Set("2026-03-16")
		code(t, w.back("陈露", "二组", "2026-03-06"), "org.interval_empty")
		must(t, w.back("陈露", "二组", "2026-04-01")) // from a later day
		code(t, w.back("陈露", "一组", "2026-05-01"), "org.back_already")
		if _, _, err := w.SignIn("chenlu", secret); fault.CodeOf(err) != "org.sign_in_failed" {
			t.Errorf("signs in before being back: %v", err)
		}
		w.Clock.Set("2026-04-01")
		if got, want := w.stays("陈露"), "一组* always..03-09, 二组* 04-01.."; got != want {
			t.Errorf("posts %s, want %s", got, want)
		}
		if !w.As("陈露").Can(org.OppWrite) {
			t.Error("back, and may not write")
		}
		_, _, err := w.SignIn("chenlu", secret)
		code(t, err, "org.sign_in_failed") // the old password is nobody's
		secret = identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["陈露"], "chenlu", secret))
		_, _, err = w.SignIn("chenlu", secret)
		must(t, err)
		code(t, w.transfer("陈露", "一组", "2026-03-20"), "org.member_left") // no post in a time without him
		must(t, w.leave("陈露", "2026-06-01"))                             // and leaves again
		if got, want := w.stays("陈露"), "一组* always..03-09, 二组* 04-01..06-01"; got != want {
			t.Errorf("posts %s, want %s", got, want)
		}
	})
}

func TestComingBackOnTheDayOfLeaving(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.boss(), w.ID["陈露"], "chenlu", secret))
		must(t, w.leave("陈露", "2026-04-01"))
		must(t, w.back("陈露", "一组", "2026-04-01")) // changed her mind before the day
		w.Clock.Set("2026-04-02")
		_, _, err := w.SignIn("chenlu", secret)
		must(t, err)
		if m := w.boss().Structure.Members[w.ID["陈露"]]; m.LeftOn != "" || w.team("陈露", "2026-04-01") != "一组" {
			t.Errorf("left on %q, team %q", m.LeftOn, w.team("陈露", "2026-04-01"))
		}
		must(t, w.leave("陈露", "")) // today, and back today
		must(t, w.back("陈露", "二组", ""))
		if got, want := w.stays("陈露"), "一组* always..04-01, 一组* 04-01..04-02, 二组* 04-02.."; got != want {
			t.Errorf("posts %s, want %s", got, want)
		}
		if n := w.mains("陈露", "2026-04-02"); n != 1 || !w.As("陈露").Can(org.OppWrite) {
			t.Errorf("%d main posts", n)
		}
	})
}

// Who was away twice sits nowhere on the days of either absence, whatever is dated back.
func TestNoPostOnDaysOfAnAbsence(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		back := func(day calendar.Date) {
			w.Clock.Set(day)
			must(t, w.Org.ComeBack(w.Ctx, w.boss(), w.ID["陈露"], org.Comeback{Post: org.Post{TeamID: w.ID["二组"], From: day}}))
		}
		w.Clock.Set("2026-03-05")
		must(t, w.leave("陈露", "2026-03-05"))
		back("2026-03-10")
		w.Clock.Set("2026-03-18")
		must(t, w.leave("陈露", "2026-03-20"))
		for _, second := range []bool{false, true} {
			if second {
				back("2026-03-25")
			}
			code(t, w.Org.Transfer(w.Ctx, w.boss(), w.ID["陈露"], w.ID["一组"], "", false, "2026-03-07"), "org.member_left")
			code(t, w.Org.AddPost(w.Ctx, w.boss(), w.ID["陈露"], org.Post{TeamID: w.ID["一组"], From: "2026-03-07"}), "org.member_left")
		}
		must(t, w.Org.Transfer(w.Ctx, w.boss(), w.ID["陈露"], w.ID["一组"], "", false, "2026-03-12"))
	})
}

func TestWhoIsToComeBackDoesNot(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		must(t, w.leave("陈露", "2026-03-09"))
		must(t, w.back("陈露", "一组", "2026-05-01"))
		code(t, w.leave("陈露", "2026-04-01"), "org.left_already")
		must(t, w.leave("陈露", "2026-05-01"))
		w.Clock.Set("2026-06-01")
		if got, want := w.stays("陈露"), "一组* always..03-09"; got != want || w.As("陈露").Can(org.OppRead) {
			t.Errorf("posts %s, want %s", got, want)
		}
	})
}

func TestALeaverSeesNothingAndIsSeenWhereHeSatLast(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		must(t, w.leave("陈露", "2026-03-02"))
		must(t, w.back("陈露", "二组", "2026-03-02"))
		o := w.Opportunity("陈露", "二期改造")
		for who, want := range map[string]string{"蒋跃": "opportunity.unknown", "何峰": ""} { // she sits in 二组 now
			_, err := w.Opportunities.Get(w.Ctx, w.As(who), o.ID)
			code(t, err, want)
		}
	})
}

func TestTwoPosts(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		w.Clock.Set("2026-03-09")
		add := func(team string, from calendar.Date) error {
			return w.Org.AddPost(w.Ctx, w.boss(), w.ID["蒋跃"], org.Post{TeamID: w.ID[team], Leads: true, From: from})
		}
		seat := func(team string, on calendar.Date) string {
			st := w.boss().Structure
			for _, h := range st.PostsOf(w.ID["蒋跃"]) {
				if h.On(on) && st.Seats[h.SeatID].TeamID == w.ID[team] {
					return h.SeatID
				}
			}
			return ""
		}
		must(t, add("二组", "2026-04-01"))
		code(t, add("二组", "2026-05-01"), "org.post_held")
		o := w.Opportunity("周涛", "南方线") // of 二组, whose deals he is to see from April on
		see := func() string {
			_, err := w.Opportunities.Get(w.Ctx, w.As("蒋跃"), o.ID)
			return fault.CodeOf(err)
		}
		if see() == "" {
			t.Error("sees what he is to lead later")
		}
		w.Clock.Set("2026-04-01")
		if got := see(); got != "" || w.team("蒋跃", "2026-04-01") != "一组" {
			t.Errorf("leads both: %q, main team %s", got, w.team("蒋跃", "2026-04-01"))
		}
		code(t, w.Org.EndPost(w.Ctx, w.boss(), w.ID["蒋跃"], seat("一组", "2026-04-01"), "2026-04-20"), "org.main_post_stays")
		must(t, w.Org.SetMainPost(w.Ctx, w.boss(), w.ID["蒋跃"], seat("二组", "2026-04-01"), "2026-04-10"))
		if a, b := w.team("蒋跃", "2026-04-09"), w.team("蒋跃", "2026-04-10"); a != "一组" || b != "二组" || w.mains("蒋跃", "2026-04-10") != 1 {
			t.Errorf("main team %s, then %s", a, b)
		}
		must(t, w.Org.EndPost(w.Ctx, w.boss(), w.ID["蒋跃"], seat("一组", "2026-04-01"), "2026-04-20"))
		if got, want := w.stays("蒋跃"), "一组* always..04-10, 二组 04-01..04-10, 二组* 04-10.., 一组 04-10..04-20"; got != want {
			t.Errorf("posts %s, want %s", got, want)
		}
		code(t, w.Org.EndPost(w.Ctx, w.boss(), w.ID["蒋跃"], "none", ""), "org.post_unknown")
		code(t, w.Org.SetMainPost(w.Ctx, w.boss(), w.ID["蒋跃"], "none", ""), "org.post_unknown")
		must(t, w.transfer("蒋跃", "公司", "2026-05-01")) // the main one moves, and he has no other
		if got := w.team("蒋跃", "2026-05-01"); got != "测试公司" {
			t.Errorf("after the transfer %s", got)
		}
	})
}

// TestTwoAdministratorsFillOneSeat: the second is told that it is taken.
func TestTwoAdministratorsFillOneSeat(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		seat, err := w.Org.OpenSeat(w.Ctx, w.boss(), org.Post{TeamID: w.ID["二组"], Position: "大客户经理"})
		must(t, err)
		before := w.boss()
		var wg sync.WaitGroup
		codes := make(chan string, 2)
		for _, name := range []string{"陈露", "小李"} {
			wg.Go(func() { codes <- fault.CodeOf(w.Org.TransferTo(w.Ctx, before, w.ID[name], org.Post{SeatID: seat.ID})) })
		}
		wg.Wait()
		if a, b := <-codes, <-codes; a+b != "org.seat_taken" {
			t.Errorf("answers %q and %q", a, b)
		}
	})
}

func TestSeatsWithoutHolders(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		vacant := func() (n int) {
			for _, p := range w.boss().Structure.Headcount(w.boss().Today) {
				if p.Holder.ID == "" {
					n++
				}
			}
			return n
		}
		seat, err := w.Org.OpenSeat(w.Ctx, w.boss(), org.Post{TeamID: w.ID["二组"]})
		must(t, err)
		if n := vacant(); n != 1 {
			t.Fatalf("%d vacant seats", n)
		}
		must(t, w.transfer("陈露", "二组", "")) // takes the free one, and leaves hers
		if n := vacant(); n != 1 {
			t.Errorf("after a transfer %d vacant seats, want the one in 一组", n)
		}
		code(t, w.Org.CloseSeat(w.Ctx, w.boss(), seat.ID, ""), "org.seat_held")
		must(t, w.leave("陈露", "2026-03-20"))
		code(t, w.Org.CloseSeat(w.Ctx, w.boss(), seat.ID, "2026-03-19"), "org.seat_held")
		must(t, w.Org.CloseSeat(w.Ctx, w.boss(), seat.ID, "2026-03-20"))
		code(t, w.Org.CloseSeat(w.Ctx, w.boss(), seat.ID, "2026-03-20"), "org.seat_unknown")
		code(t, w.Org.TransferTo(w.Ctx, w.boss(), w.ID["小李"], org.Post{SeatID: seat.ID, From: "2026-03-20"}), "org.seat_closed")
		code(t, w.Org.TransferTo(w.Ctx, w.boss(), w.ID["小李"], org.Post{SeatID: "none"}), "org.seat_unknown")
		_, err = w.Org.OpenSeat(w.Ctx, w.boss(), org.Post{TeamID: "none"})
		code(t, err, "org.team_unknown")
	})
}

func TestATeamIsClosedWhenItIsEmpty(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		closeIt := func(team string, on calendar.Date) error {
			return w.Org.CloseTeam(w.Ctx, w.boss(), w.ID[team], on)
		}
		must(t, w.move("一组", "二组", "2026-04-01"))
		o := w.Opportunity("周涛", "南方线")
		w.Clock.Set("2026-03-16")
		code(t, closeIt("公司", ""), "org.root_stays")
		code(t, closeIt("二组", "2026-05-01"), "org.team_has_seats")
		must(t, w.leave("周涛", "2026-03-16"))
		must(t, w.transfer("何峰", "公司", "2026-03-16"))
		for _, p := range w.boss().Structure.Headcount("2026-03-16") {
			if p.TeamID == w.ID["二组"] {
				must(t, w.Org.CloseSeat(w.Ctx, w.boss(), p.ID, "2026-03-16"))
			}
		}
		code(t, closeIt("二组", "2026-03-16"), "org.team_has_teams") // 一组 hangs under it from April on
		must(t, w.move("一组", "公司", "2026-04-01"))                  // the plan is dropped
		code(t, closeIt("二组", "2026-03-16"), "org.team_has_records")
		_, err := w.Handovers.HandOver(w.Ctx, w.boss(), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["何峰"], Reason: "离职"})
		must(t, err)
		must(t, closeIt("二组", "2026-03-16"))
		code(t, w.transfer("陈露", "二组", "2026-03-20"), "org.team_closed")
		code(t, w.move("一组", "二组", "2026-03-20"), "org.team_closed")
		_, err = w.Org.AddTeam(w.Ctx, w.boss(), "", "三组", w.ID["二组"], "", "2026-03-20")
		code(t, err, "org.team_closed")
		_, err = w.Org.OpenSeat(w.Ctx, w.boss(), org.Post{TeamID: w.ID["二组"]})
		code(t, err, "org.team_closed")
		w.Clock.Set("2026-03-17")
		code(t, closeIt("二组", ""), "org.team_closed")
	})
}

func TestNamesAreChangedAndNotKeptInTheJournal(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		a := w.boss()
		a.IfMatch = 1
		must(t, w.Org.Describe(w.Ctx, a, w.ID["陈露"], org.Details{Name: " 陈 露露 ", Phone: "13800005678", Locale: "en-US"}))
		code(t, w.Org.Describe(w.Ctx, a, w.ID["陈露"], org.Details{Name: "陈露"}), "record.stale")
		code(t, w.Org.Describe(w.Ctx, w.boss(), w.ID["陈露"], org.Details{}), "input.required")
		code(t, w.Org.Describe(w.Ctx, w.boss(), w.ID["陈露"], org.Details{Name: strings.Repeat("长", 50)}), "input.too_long")
		code(t, w.Org.Describe(w.Ctx, w.boss(), w.ID["陈露"], org.Details{Name: "陈露", Locale: "fr"}), "org.locale_unknown")
		must(t, w.Org.DescribeTeam(w.Ctx, a, w.ID["一组"], "华东一组", "华东"))
		code(t, w.Org.DescribeTeam(w.Ctx, a, w.ID["一组"], "一组", ""), "record.stale")
		st := w.boss().Structure
		if m := st.Members[w.ID["陈露"]]; m.Name != "陈 露露" || m.Phone != "13800005678" || m.Locale != "en-US" || !strings.HasPrefix(m.Pinyin, "chen") {
			t.Errorf("%+v", m)
		}
		if got := st.Teams[w.ID["一组"]].Name; got != "华东一组" {
			t.Error(got)
		}
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			var n int
			err := tx.QueryRow(w.Ctx, `SELECT count(*) FROM journal WHERE payload LIKE '%露露%' OR payload LIKE '%13800005678%' OR payload LIKE '%一组%'`).Scan(&n)
			if n != 0 {
				t.Errorf("%d entries hold a name or a number", n)
			}
			return err
		}))
	})
}

func TestADelegationEnds(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		w.AddMember("内勤", w.ID["一组"], false, org.Assistant)
		end := func(on calendar.Date) error {
			return w.Org.EndDelegation(w.Ctx, w.boss(), w.ID["陈露"], w.ID["内勤"], on)
		}
		may := func() bool { _, err := w.As("内勤").For(w.ID["陈露"]); return err == nil }
		code(t, end(""), "org.delegation_unknown")
		must(t, w.Org.Delegate(w.Ctx, w.boss(), w.ID["陈露"], w.ID["内勤"]))
		must(t, end("2026-03-20"))
		if !may() {
			t.Error("it ends before its day")
		}
		must(t, end("2026-03-09")) // earlier
		w.Clock.Set("2026-03-09")
		if may() {
			t.Error("it goes on")
		}
		must(t, w.Org.Delegate(w.Ctx, w.boss(), w.ID["陈露"], w.ID["内勤"]))
		must(t, end(""))
		if may() {
			t.Error("begun and ended on a day, it goes on")
		}
	})
}

func TestTwoTeamsUnderOneAreNotCalledTheSame(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		parent := w.boss().Structure.ParentOf(w.ID["一组"], w.boss().Today)
		add := func(called, under string) (string, error) {
			tm, err := w.Org.AddTeam(w.Ctx, w.boss(), "", called, under, "", "")
			return tm.ID, err
		}
		a, err := add("甲组", parent)
		must(t, err)
		_, err = add("甲组", parent)
		code(t, err, "org.team_name_taken")
		b, err := add("甲组", w.ID["一组"]) // elsewhere it may be called so
		must(t, err)
		code(t, w.Org.MoveTeam(w.Ctx, w.boss(), b, parent, ""), "org.team_name_taken")
		must(t, w.Org.DescribeTeam(w.Ctx, w.boss(), b, "乙组", ""))
		must(t, w.Org.MoveTeam(w.Ctx, w.boss(), b, parent, ""))
		code(t, w.Org.DescribeTeam(w.Ctx, w.boss(), b, "甲组", ""), "org.team_name_taken")
		must(t, w.Org.DescribeTeam(w.Ctx, w.boss(), b, "乙组", "华东"))
		must(t, w.Org.CloseTeam(w.Ctx, w.boss(), a, w.boss().Today))
		must(t, w.Org.DescribeTeam(w.Ctx, w.boss(), b, "甲组", "")) // the closed one's name is free again
	})
}

// TestAPostIsCalledByWhatItsHolderDoes: who administers is no salesman, though nobody said what
// his post is called; a post somebody named keeps its name.
func TestAPostIsCalledByWhatItsHolderDoes(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		post := func(m org.Member) string {
			st := w.boss().Structure
			_, position := st.TeamOf(m.ID, w.boss().Today)
			return st.Positions[position].Name
		}
		for _, tt := range []struct {
			role  org.RoleKey
			leads bool
			named string
			want  string
		}{
			{org.Operations, false, "", "销售运营"}, {org.Admin, false, "", "管理员"}, {org.Assistant, false, "", "内勤"},
			{org.Director, true, "", "总监"}, {org.Rep, false, "", "销售"}, {org.Manager, true, "", "主管"}, {"", false, "", "销售"},
			{org.Operations, false, "运营专员", "运营专员"},
		} {
			m, err := w.Org.AddMember(w.Ctx, w.boss(), org.NewMember{Name: "新人", TeamID: w.ID["二组"], Position: tt.named, Leads: tt.leads, Role: tt.role})
			must(t, err)
			if got := post(m); got != tt.want {
				t.Errorf("%s %v %q: %s, want %s", tt.role, tt.leads, tt.named, got, tt.want)
			}
		}
		must(t, w.leave("陈露", ""))
		must(t, w.Org.ComeBack(w.Ctx, w.boss(), w.ID["陈露"], org.Comeback{Post: org.Post{TeamID: w.ID["二组"]}, Role: org.Operations}))
		if got := post(org.Member{ID: w.ID["陈露"]}); got != "销售运营" {
			t.Errorf("came back as operations: %s", got)
		}
	})
}
