package org_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// TestHowFarEachRoleReaches: 甲 sits in 一组 under 总部, where the member is, who leads where
// the role leads; 内勤 types for 甲.
func TestHowFarEachRoleReaches(t *testing.T) {
	for _, tt := range []struct {
		role  org.RoleKey
		kind  string
		read  string
		write string
	}{
		{org.Rep, record.Opportunity, "own team", "own"},
		{org.Rep, record.Account, "own team", "own team"},
		{org.Rep, record.Task, "own team", "own"},
		{org.Rep, record.Credit, "own", ""},
		{org.Assistant, record.Opportunity, "own", "own"},
		{org.Manager, record.Opportunity, "under own team", "under own team"},
		{org.Manager, record.Credit, "under own team", ""},
		{org.Director, record.Opportunity, "all", "under own team"},
		{org.Director, record.Contact, "all", "under own team"},
		{org.ProductManager, record.Opportunity, "lines", ""},
		{org.ProductManager, record.Task, "own", "own"},
		{org.Partner, record.Opportunity, "own team", ""},
		{org.Partner, record.Task, "own team", "own"},
		{org.Operations, record.Account, "all", "all"},
		{org.Admin, record.Task, "all", "all"},
		{"of the company", record.Opportunity, "regions", ""},
		{"of the company", record.Account, "", ""}, // what is not stated is not reached
		{org.Rep, "payslip", "", ""},
	} {
		t.Run(fmt.Sprint(tt.role, " ", tt.kind), func(t *testing.T) {
			s := &org.Structure{Members: map[string]org.Member{"m": {ID: "m"}, "甲": {ID: "甲"}},
				Teams:     map[string]org.Team{"总部": {ID: "总部"}, "一组": {ID: "一组"}},
				Positions: map[string]org.Position{"lead": {ID: "lead", Leads: true}, "rep": {ID: "rep"}},
				Seats:     map[string]org.Seat{"1": {ID: "1", TeamID: "总部", PositionID: "lead"}, "2": {ID: "2", TeamID: "一组", PositionID: "rep"}},
				Parents: []org.TeamParent{{ID: "1", TeamID: "总部", Interval: org.Interval{From: org.Start}},
					{ID: "2", TeamID: "一组", ParentID: "总部", Interval: org.Interval{From: org.Start}}},
				Holdings: []org.Holding{{ID: "1", SeatID: "1", MemberID: "m", Main: true, Interval: org.Interval{From: org.Start}},
					{ID: "2", SeatID: "2", MemberID: "甲", Main: true, Interval: org.Interval{From: org.Start}}},
				Grants: []org.Grant{{ID: "1", MemberID: "m", Role: tt.role, ProductLines: []string{"主轴"}, Regions: []string{"华东"},
					Interval: org.Interval{From: org.Start}}},
				Roles: map[org.RoleKey]org.Role{"of the company": {Key: "of the company",
					Reach: map[string]org.Reaches{record.Opportunity: {Read: org.Regions}}}}}
			s.Index()
			a := org.NewActor(org.Company{ID: "c", TimeZone: "UTC"}, s, "m", "api", time.Now())
			if got := words(a.Scope(tt.kind, org.Read)); got != tt.read {
				t.Errorf("reads %q, want %q", got, tt.read)
			}
			if got := words(a.Scope(tt.kind, org.Write)); got != tt.write {
				t.Errorf("writes %q, want %q", got, tt.write)
			}
		})
	}
}

func words(s org.Scope) string {
	var out []string
	for what, holds := range map[string]bool{"all": s.All, "own": contains(s.Owners, "m"), "under": contains(s.Owners, "甲"),
		"team": contains(s.DealTeams, "m"), "lines": contains(s.ProductLines, "主轴"), "regions": contains(s.Regions, "华东")} {
		if holds {
			out = append(out, what)
		}
	}
	order := map[string]int{"all": 0, "under": 1, "own": 2, "team": 3, "lines": 4, "regions": 5}
	sort.Slice(out, func(i, j int) bool { return order[out[i]] < order[out[j]] })
	return strings.Join(out, " ")
}

func contains(list []string, v string) bool {
	return strings.Contains(" "+strings.Join(list, " ")+" ", " "+v+" ")
}

func TestACompanyMakesRolesOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		in := org.NewRole{From: org.Rep, Name: "大客户销售", Permissions: []org.Permission{org.OppRead, org.AccountRead},
			Reach: map[string]org.Reaches{record.Opportunity: {Read: org.Regions}}}
		r, err := w.Org.AddRole(w.Ctx, w.boss(), in)
		must(t, err)
		_, err = w.Org.AddRole(w.Ctx, w.boss(), in)
		code(t, err, "org.role_name_taken")
		again := in
		again.Key = r.Key
		if twice, err := w.Org.AddRole(w.Ctx, w.boss(), again); err != nil || twice.Version != r.Version {
			t.Errorf("sent twice: %+v %v", twice, err)
		}
		again.Name = "别的"
		_, err = w.Org.AddRole(w.Ctx, w.boss(), again)
		code(t, err, "record.id_taken")
		o := w.Opportunity("周涛", "南方线") // in 华东, where 二组 is
		must(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["陈露"], r.Key, nil, []string{"华东"}))
		see := func() string {
			_, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
			return fault.CodeOf(err)
		}
		if got := see(); got != "" {
			t.Errorf("a role by region: %q", got)
		}
		if w.As("陈露").Can(org.OppWrite) {
			t.Error("may write, which the role does not say")
		}
		in.Reach = map[string]org.Reaches{record.Opportunity: {Read: org.Own}}
		stale := w.boss()
		stale.IfMatch = r.Version
		r, err = w.Org.SaveRole(w.Ctx, stale, r.Key, in)
		must(t, err)
		_, err = w.Org.SaveRole(w.Ctx, stale, r.Key, in)
		code(t, err, "record.stale")
		if got := see(); got != "opportunity.unknown" {
			t.Errorf("after the role was narrowed: %q", got)
		}
		code(t, w.Org.RetireRole(w.Ctx, w.boss(), r.Key), "org.role_in_use")
		must(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["陈露"], org.Rep, nil, nil))
		must(t, w.Org.RetireRole(w.Ctx, w.boss(), r.Key))
		code(t, w.Org.SetRole(w.Ctx, w.boss(), w.ID["陈露"], r.Key, nil, nil), "org.role_unknown")
		_, err = w.Org.SaveRole(w.Ctx, w.boss(), org.Rep, in)
		code(t, err, "org.role_preset")
		code(t, w.Org.RetireRole(w.Ctx, w.boss(), org.Rep), "org.role_preset")
	})
}

func TestARoleThatCannotBeMeant(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		for _, tt := range []struct {
			name string
			in   org.NewRole
			want string
		}{
			{"without a name", org.NewRole{}, "input.required"},
			{"with a permission nobody knows", org.NewRole{Name: "x", Permissions: []org.Permission{"fly"}}, "org.permission_unknown"},
			{"for a kind nobody knows", org.NewRole{Name: "x", Reach: map[string]org.Reaches{"payslip": {Read: org.Own}}}, "record.kind_unknown"},
			{"changing what it cannot see", org.NewRole{Name: "x", Reach: map[string]org.Reaches{record.Account: {Read: org.Own, Write: org.Subtree}}}, "org.write_beyond_read"},
			{"changing by region what it sees by line", org.NewRole{Name: "x", Reach: map[string]org.Reaches{record.Account: {Read: org.Lines, Write: org.Regions}}}, "org.write_beyond_read"},
			{"changing credit", org.NewRole{Name: "x", Reach: map[string]org.Reaches{record.Credit: {Read: org.Own, Write: org.Own}}}, "org.write_beyond_read"},
			{"a copy of none", org.NewRole{Name: "x", From: "none"}, "org.role_unknown"},
			{"with an id that is none", org.NewRole{Name: "x", Key: "x"}, "record.id_malformed"},
		} {
			_, err := w.Org.AddRole(w.Ctx, w.boss(), tt.in)
			if got := fault.CodeOf(err); got != tt.want {
				t.Errorf("a role %s: %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

func TestAPartnerFinishesWhatIsHis(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		w.AddMember("售前", w.ID["公司"], false, org.Partner)
		o := w.Opportunity("陈露", "二期改造")
		promised, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "出方案", MemberID: w.ID["售前"], DueOn: "2026-03-06",
			On: []record.Ref{{Kind: record.Opportunity, ID: o.ID}}})
		must(t, err)
		others, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-10", On: promised.On})
		must(t, err)
		_, err = w.Tasks.Finish(w.Ctx, w.As("售前"), promised.ID, "已发")
		must(t, err)
		if _, err = w.Tasks.Finish(w.Ctx, w.As("售前"), others.ID, "x"); err == nil {
			t.Error("a partner finished what is another's")
		}
	})
}

func TestARepWritesTheAccountsOfHisDealsAndNoOthers(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		o := w.Opportunity("陈露", "二期改造")
		rename := func(who, to string) string {
			c, err := w.Accounts.Get(w.Ctx, w.As(who), w.Account)
			if err == nil {
				c.Name = to
				_, err = w.Accounts.Update(w.Ctx, w.As(who), c)
			}
			return fault.CodeOf(err)
		}
		if got := rename("小李", "别名"); got == "" {
			t.Error("a colleague changed the account")
		}
		must(t, w.Opportunities.SetTeam(w.Ctx, w.As("陈露"), o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID["小李"], Role: "协助"}}))
		if got := rename("小李", "华新机电股份"); got != "" {
			t.Errorf("who is in the deal's team: %q", got)
		}
		if got := rename("陈露", "华新机电"); got != "" {
			t.Errorf("the owner: %q", got)
		}
	})
}
