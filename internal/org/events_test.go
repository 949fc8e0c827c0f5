package org_test

import (
	"fmt"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/identity"
	"yunchou/internal/journal/journaltest"
	"yunchou/internal/org"
)

// payloads are what each kind and version of entry of the organisation decodes into; what a
// version 1 said is read by the fields it had.
var payloads = map[string]func() any{
	"company.created 3":         func() any { return &org.CompanyCreated{} },
	"company.holidays_loaded 2": func() any { return &org.HolidaysLoaded{} },
	"company.rate_set 2":        func() any { return &org.RateSet{} },
	"company.settings_saved 2":  func() any { return &org.SettingsSaved{} },
	"company.meet_days_set 1":   func() any { return &org.MeetDaysSet{} },
	"member.added 2":            func() any { return &org.MemberAdded{} },
	"member.transferred 2":      func() any { return &org.MemberTransferred{} },
	"member.left 2":             func() any { return &org.MemberLeft{} },
	"member.returned 1":         func() any { return &org.MemberReturned{} },
	"member.role_set 2":         func() any { return &org.MemberRoleSet{} },
	"member.delegated 2":        func() any { return &org.MemberDelegated{} },
	"member.delegation_ended 1": func() any { return &org.MemberDelegated{} },
	"member.post_added 1":       func() any { return &org.MemberPost{} },
	"member.post_ended 1":       func() any { return &org.MemberPost{} },
	"member.main_post_set 1":    func() any { return &org.MemberPost{} },
	"member.described 1":        func() any { return &org.MemberDescribed{} },
	"member.login_given 2":      func() any { return &org.MemberLoginGiven{} },
	"member.login_withdrawn 1":  func() any { return &struct{}{} },
	"team.added 2":              func() any { return &org.TeamAdded{} },
	"team.moved 2":              func() any { return &org.TeamMoved{} },
	"team.described 1":          func() any { return &org.TeamDescribed{} },
	"team.closed 1":             func() any { return &org.TeamClosed{} },
	"seat.opened 1":             func() any { return &org.SeatOpened{} },
	"seat.closed 1":             func() any { return &org.SeatClosed{} },
	"role.added 1":              func() any { return &org.RoleAdded{} },
	"role.changed 1":            func() any { return &org.RoleChanged{} },
	"role.retired 1":            func() any { return &struct{}{} },
	// What is written no more.
	"company.created 2":         func() any { return &org.CompanyCreated{} },
	"company.holidays_loaded 1": func() any { return &struct{ Year, Days int }{} },
	"company.created 1":         func() any { return &struct{ Currency string }{} },
	"company.rate_set 1":        func() any { return &org.Rate{} },
	"company.settings_saved 1":  func() any { return &struct{ BackdateDays []int }{} },
	"member.added 1":            func() any { return &struct{ TeamID, Role string }{} },
	"member.transferred 1":      func() any { return &struct{ TeamID string }{} },
	"member.left 1":             func() any { return &struct{}{} },
	"member.login_given 1":      func() any { return &struct{}{} },
	"member.role_set 1":         func() any { return &struct{ Role string }{} },
	"member.delegated 1":        func() any { return &struct{ AssistantID string }{} },
	"team.added 1":              func() any { return &struct{ ParentID string }{} },
	"team.moved 1":              func() any { return &struct{ ParentID string }{} },
}

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version;
// a line is never changed, a new shape is a new version and a new line.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", payloads)
}

// TestEveryEntryOfTheOrganisationHasItsPayload goes through every use case and finds each
// entry in the table above.
func TestEveryEntryOfTheOrganisationHasItsPayload(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		everything(t, w)
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			rows, err := tx.Query(w.Ctx, `SELECT kind, version, payload FROM journal WHERE tenant_id = $1 ORDER BY seq`, w.Admin.TenantID)
			if err != nil {
				return err
			}
			defer rows.Close()
			seen := map[string]string{}
			for rows.Next() {
				var kind, payload string
				var version int
				if err := rows.Scan(&kind, &version, &payload); err != nil {
					return err
				}
				seen[fmt.Sprint(kind, " ", version)] = payload
			}
			for kind := range payloads {
				if payload, ok := seen[kind]; ok {
					t.Log(kind, payload) // what testdata/entries.txt keeps one of
					continue
				}
				if journaltest.Newest(payloads, kind) {
					t.Errorf("%s was not written", kind)
				}
			}
			return rows.Err()
		}))
	})
}

// everything is one of each use case.
func everything(t *testing.T, w organisation) {
	t.Helper()
	a, who := w.boss, w.ID["陈露"]
	must(t, w.Org.SetRate(w.Ctx, a(), org.Rate{Currency: "USD", From: "2026-02-01", Rate: 7_100_000}))
	must(t, w.Org.SaveSettings(w.Ctx, a(), org.Settings{Name: "新名", BackdateDays: 30, SumsWithTax: true}))
	must(t, w.Org.SetMeetDays(w.Ctx, a(), org.MeetDays{Early: 5, Middle: 3, Late: 1}))
	_, err := w.Org.LoadHolidays(w.Ctx, a(), []byte(`{"year":2028,"papers":[],"days":[{"name":"元旦","date":"2028-01-01","isOffDay":true}]}`))
	must(t, err)
	must(t, w.transfer("陈露", "二组", "2026-03-02"))
	must(t, w.Org.AddPost(w.Ctx, a(), who, org.Post{TeamID: w.ID["公司"], From: "2026-03-09"}))
	first, seat := "", ""
	for _, h := range a().Structure.PostsOf(who) {
		if h.From == "2026-03-09" {
			seat = h.SeatID
		} else if h.From == "2026-03-02" {
			first = h.SeatID
		}
	}
	must(t, w.Org.SetMainPost(w.Ctx, a(), who, seat, "2026-03-10"))
	must(t, w.Org.SetMainPost(w.Ctx, a(), who, first, "2026-03-12"))
	must(t, w.Org.EndPost(w.Ctx, a(), who, seat, "2026-03-20"))
	must(t, w.Org.CloseSeat(w.Ctx, a(), seat, "2026-03-20"))
	_, err = w.Org.OpenSeat(w.Ctx, a(), org.Post{TeamID: w.ID["一组"]})
	must(t, err)
	r, err := w.Org.AddRole(w.Ctx, a(), org.NewRole{From: org.Rep, Name: "大客户", Permissions: []org.Permission{org.OppRead},
		Reach: map[string]org.Reaches{"opportunity": {Read: org.Own, Write: org.Own}}})
	must(t, err)
	_, err = w.Org.SaveRole(w.Ctx, a(), r.Key, org.NewRole{Name: "大客户经理"})
	must(t, err)
	must(t, w.Org.RetireRole(w.Ctx, a(), r.Key))
	must(t, w.Org.SetRole(w.Ctx, a(), who, org.Manager, nil, []string{"华东"}))
	must(t, w.Org.GiveLogin(w.Ctx, a(), who, "chenlu", identity.NewSecret()))
	must(t, w.Org.GiveLogin(w.Ctx, a(), w.Admin.MemberID, "boss", identity.NewSecret()))
	must(t, w.Identity.ResetPassword(w.Ctx, a(), who, identity.NewSecret()))
	must(t, w.Org.TakeLogin(w.Ctx, a(), who))
	must(t, w.Org.Delegate(w.Ctx, a(), who, w.ID["小李"]))
	must(t, w.Org.EndDelegation(w.Ctx, a(), who, w.ID["小李"], ""))
	must(t, w.Org.Describe(w.Ctx, a(), who, org.Details{Name: "陈露露", Locale: "en-US"}))
	must(t, w.leave("陈露", "2026-04-01"))
	must(t, w.back("陈露", "一组", "2026-05-01"))
	tm, err := w.Org.AddTeam(w.Ctx, a(), "", "三组", w.ID["公司"], "华南", "2026-03-02")
	must(t, err)
	must(t, w.Org.MoveTeam(w.Ctx, a(), tm.ID, w.ID["一组"], "2026-04-01"))
	must(t, w.Org.DescribeTeam(w.Ctx, a(), tm.ID, "南方组", "华南"))
	must(t, w.Org.CloseTeam(w.Ctx, a(), tm.ID, "2026-06-01"))
}
