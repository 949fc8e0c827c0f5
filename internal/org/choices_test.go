package org_test

import (
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// workedIn counts the working days of a month by the choices of a day, as known at an entry.
func (o organisation) workedIn(month calendar.Date, day calendar.Date, known int64) (n int) {
	must(o.t, o.DB.Read(o.Ctx, func(tx database.Tx) error {
		of, err := o.Org.ChoicesKnown(o.Ctx, tx, o.boss().Company, known)
		if err == nil {
			n = of(day).Calendar.WorkingDaysIn(month, calendar.DateOfCivil(month.Time().Year(), int(month.Time().Month())+1, 1))
		}
		return err
	}))
	return n
}

// lastEntry is the number of the company's last entry.
func (o organisation) lastEntry() (seq int64) {
	must(o.t, o.DB.Read(o.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(o.Ctx, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, o.Admin.TenantID).Scan(&seq)
	}))
	return seq
}

// A year that came with the program was there before it was written down; another that a
// person loads, or that a later program brings, counts for what is known from then on.
func TestYearsCountAsTheyWereKnown(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		const always = int64(1) << 62
		shipped := calendar.China.WorkingDaysIn("2026-05-01", "2026-06-01")
		for _, known := range []int64{-1, 1, w.lastEntry()} {
			if n := w.workedIn("2026-05-01", "2026-03-02", known); n != shipped {
				t.Errorf("known at %d: %d working days, want %d", known, n, shipped)
			}
		}
		before := w.lastEntry()
		_, err := w.Org.LoadHolidays(w.Ctx, w.boss(), []byte(`{"year":2026,"papers":[],"days":[
			{"name":"节","date":"2026-05-04","isOffDay":true}]}`))
		must(t, err)
		w.Clock.Set("2026-03-03")
		must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
			y := calendar.Year{Year: 2028, Days: []calendar.Day{{Date: "2028-05-01", Off: true}}}
			return w.Org.Rows.SaveHolidayYear(w.Ctx, tx, w.Admin.TenantID, org.HolidayYear{Year: y, Origin: org.Shipped}, w.Clock.Now(), database.Seq(before+1))
		}))
		if n := w.workedIn("2026-05-01", "2026-03-02", before); n != shipped {
			t.Errorf("before it was loaded: %d working days, want %d", n, shipped)
		}
		if n := w.workedIn("2026-05-01", "2026-03-02", always); n != 20 {
			t.Errorf("loaded by a person: %d working days, want 20", n)
		}
		if n := w.workedIn("2028-05-01", "2026-03-02", before); n != 23 {
			t.Errorf("May 2028 had %d working days before a program brought it, want 23", n)
		}
		if n := w.workedIn("2028-05-01", "2026-03-02", always); n != 22 {
			t.Errorf("May 2028 has %d working days, want 22", n)
		}
	})
}

// A choice holds from the day it is made, known from the entry that made it.
func TestAChoiceHoldsFromItsDay(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		const always = int64(1) << 62
		plain := calendar.WeekendsOnly.WorkingDaysIn("2026-05-01", "2026-06-01")
		china := calendar.China.WorkingDaysIn("2026-05-01", "2026-06-01")
		before := w.lastEntry()
		w.Clock.Set("2026-03-09")
		must(t, w.Org.SaveSettings(w.Ctx, w.boss(), org.Settings{Name: "新名", WorkCalendar: org.Weekends}))
		for _, tt := range []struct {
			day   calendar.Date
			known int64
			want  int
		}{{"2026-03-08", always, china}, {"2026-03-09", always, plain}, {"2026-04-01", always, plain}, {"2026-04-01", before, china}, {"2026-04-01", -1, china}} {
			if n := w.workedIn("2026-05-01", tt.day, tt.known); n != tt.want {
				t.Errorf("as of %s, known at %d: %d working days, want %d", tt.day, tt.known, n, tt.want)
			}
		}
	})
}

// A company outside the mainland has its weekends only, and no year is missing there.
func TestACompanyElsewhereHasItsWeekendsOnly(t *testing.T) {
	each(t, func(t *testing.T, w organisation) {
		for zone, want := range map[string]string{"Asia/Shanghai": org.ChinaCalendar, "Europe/Berlin": org.Weekends, "Asia/Singapore": org.Weekends} {
			c, _, err := w.Org.CreateCompany(w.Ctx, org.Setup{Company: zone, AdminName: "老板", Zone: zone})
			must(t, err)
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				of, err := w.Org.ChoicesKnown(w.Ctx, tx, c, 1<<62)
				must(t, err)
				plain := len(of("2026-03-02").Calendar.Uncertain("2026-01-01", "2028-02-01")) == 0
				if c.WorkCalendar != want || plain != (want == org.Weekends) {
					t.Errorf("%s counts by %s, and its years are certain: %v", zone, c.WorkCalendar, plain)
				}
				return nil
			}))
		}
	})
}
