package org_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// TestTheOrganisationIsPlayedAgain: the journal gives back the organisation and the company's
// choices, after one of each use case and what comes of them later.
func TestTheOrganisationIsPlayedAgain(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		everything(t, w)
		later(t, w)
		b := w.Again([]string{"company.", "member.", "team.", "seat.", "role."}, "tenant", "member", "team", "team_parent",
			"position", "seat", "seat_holder", "member_role", "delegation", "role", "exchange_rate", "holiday_year", "journal_counter")
		again, err := b.Org.Actor(w.Ctx, w.Admin.TenantID, w.Admin.MemberID, "form")
		must(t, err)
		for _, day := range []calendar.Date{"2026-02-14", "2026-10-01", "2028-01-03"} {
			if was, is := w.Org.Calendar(w.Admin.TenantID), b.Org.Calendar(w.Admin.TenantID); was.IsWorkingDay(day) != is.IsWorkingDay(day) {
				t.Errorf("%s was a working day: %t", day, was.IsWorkingDay(day))
			}
		}
		before := len(journalOf(t, w, b.DB))
		must(t, b.Org.Adopt(w.Ctx, again))
		if n := len(journalOf(t, w, b.DB)); n != before {
			t.Errorf("the shipped years are written down again: %d entries", n-before)
		}
		must(t, b.Org.SetRate(w.Ctx, again, org.Rate{Currency: "EUR", From: "2026-02-01", Rate: 7_900_000})) // it goes on
	})
}

// later is what one of each use case leaves out.
func later(t *testing.T, w organisation) {
	t.Helper()
	a := w.boss
	must(t, w.Org.SaveSettings(w.Ctx, a(), org.Settings{Name: "新名", BackdateDays: 10, WorkCalendar: org.Weekends}))
	must(t, w.Org.SetMeetDays(w.Ctx, a(), org.MeetDays{Early: 5, Middle: 3, Late: 1}))
	must(t, w.Org.SaveSettings(w.Ctx, a(), org.Settings{Name: "旧名", BackdateDays: 10, WorkCalendar: org.ChinaCalendar}))
	must(t, w.Org.SetRate(w.Ctx, a(), org.Rate{Currency: "USD", From: "2026-02-01", Rate: 7_200_000}))
	// Away for no day, and not coming back after all.
	must(t, w.leave("总监", "2026-03-20"))
	must(t, w.back("总监", "二组", "2026-03-20"))
	must(t, w.leave("周涛", "2026-03-10"))
	must(t, w.back("周涛", "一组", "2026-04-10"))
	must(t, w.leave("周涛", "2026-04-10"))
	// A sign-in name that a leaver kept goes to somebody else.
	must(t, w.Org.GiveLogin(w.Ctx, a(), w.ID["小李"], "sales1", identity.NewSecret()))
	must(t, w.leave("小李", "2026-03-25"))
	// A role that is changed after it was taken out of use, and one for some regions.
	role, err := w.Org.AddRole(w.Ctx, a(), org.NewRole{Name: "华东", Permissions: []org.Permission{org.OppRead}})
	must(t, err)
	must(t, w.Org.RetireRole(w.Ctx, a(), role.Key))
	w.Clock.Set("2026-04-15")
	_, err = w.Org.SaveRole(w.Ctx, a(), role.Key, org.NewRole{Name: "华南", Permissions: []org.Permission{org.AccountRead}})
	must(t, err)
	line, err := w.Accounts.AddProductLine(w.Ctx, a(), account.ProductLine{Name: "主轴"})
	must(t, err)
	must(t, w.Org.SetRole(w.Ctx, a(), w.ID["蒋跃"], org.ProductManager, []string{line.ID}, []string{"华东"}))
	m, err := w.Org.AddMember(w.Ctx, a(), org.NewMember{Name: "新人", TeamID: w.ID["二组"], Login: "sales1", Secret: identity.NewSecret(), Leads: true,
		Position: "组长", Role: org.Manager, From: "2026-04-01"})
	must(t, err)
	must(t, w.Org.Delegate(w.Ctx, a(), m.ID, w.ID["何峰"]))
	_, err = w.Org.LoadHolidays(w.Ctx, a(), []byte(`{"year":2028,"papers":["https://example.com"],"status":"estimated","days":[
		{"name":"元旦","date":"2028-01-03","isOffDay":true},{"name":"元旦","date":"2028-01-08","isOffDay":false}]}`))
	must(t, err)
	// A mistake that is corrected on its own day: a row that was never true.
	must(t, w.transfer("何峰", "一组", "2026-04-15"))
	must(t, w.transfer("何峰", "二组", "2026-04-15"))
	must(t, w.move("二组", "一组", "2026-05-01"))
	must(t, w.move("二组", "公司", "2026-05-01"))
}

func journalOf(t *testing.T, w organisation, db *database.DB) (kinds []string) {
	t.Helper()
	must(t, db.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT kind FROM journal WHERE tenant_id = $1`, w.Admin.TenantID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			if err := rows.Scan(&kind); err != nil {
				return err
			}
			kinds = append(kinds, kind)
		}
		return rows.Err()
	}))
	return kinds
}
