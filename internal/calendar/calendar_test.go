package calendar

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// The figures are practice.md 2.G's and equal to the npm package chinese-days 1.5.7.
func TestWorkingDaysOf2026(t *testing.T) {
	want := []int{21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23}
	for m, w := range want {
		from := Date("2026-01-01").Time().AddDate(0, m, 0)
		a, b := Date(from.Format("2006-01-02")), Date(from.AddDate(0, 1, 0).Format("2006-01-02"))
		if got := China.WorkingDaysIn(a, b); got != w {
			t.Errorf("month %d: %d working days, want %d", m+1, got, w)
		}
	}
	for year, want := range map[string]int{"2024": 251, "2025": 248, "2026": 248, "2027": 248} {
		next := Date(year + "-12-31").Add(1)
		if got := China.WorkingDaysIn(Date(year+"-01-01"), next); got != want {
			t.Errorf("%s: %d, want %d", year, got, want)
		}
	}
}

func TestAnEmptyYearIsMissingNotFree(t *testing.T) {
	if s := China.Status(2028); s != Missing {
		t.Errorf("2028 is %s", s)
	}
	if s := China.Status(2026); s != Official {
		t.Errorf("2026 is %s", s)
	}
	if s := China.Status(2031); s != Missing {
		t.Errorf("2031 is %s", s)
	}
}

func TestSpringFestivalAndMakeUpDay(t *testing.T) {
	for _, tt := range []struct {
		from, to Date
		want     int
	}{
		{"2026-02-12", "2026-02-24", 3}, // 02-13, 02-14 (make-up Saturday), 02-24
		{"2026-02-12", "2026-02-27", 6},
		{"2026-02-24", "2026-02-12", -3},
		{"2026-02-16", "2026-02-16", 0},
	} {
		if got := China.WorkingDaysBetween(tt.from, tt.to); got != tt.want {
			t.Errorf("%s to %s: %d, want %d", tt.from, tt.to, got, tt.want)
		}
	}
	if got := China.Before("2026-02-27", 5); got != "2026-02-12" {
		t.Errorf("cutoff %s", got)
	}
}

func TestDaysAgreeWithTheTimePackage(t *testing.T) {
	for d := Date("1899-12-25"); d < "2110-03-05"; d = d.Add(17) {
		if got, want := d.Days(), int(d.Time().Unix()/86400); got != want && d >= "1970-01-01" {
			t.Fatalf("%s is day %d, want %d", d, got, want)
		}
		if d.Add(17).Sub(d) != 17 {
			t.Fatalf("%s plus 17", d)
		}
	}
}

// A day begins where its first instant is, also where clocks go forward or back at midnight, so
// that what was recorded in the last hour of a day was known by its end.
func TestADayBeginsWhereTheOneBeforeEnds(t *testing.T) {
	for _, name := range []string{"Asia/Shanghai", "America/Bogota", "America/New_York", "America/Havana", "America/Santiago",
		"America/Asuncion", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Asia/Amman", "Atlantic/Azores"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for d := Date("2005-01-01"); d < "2035-01-01"; d = d.Add(1) {
			at := d.In(zone)
			if is, before := DateOf(at, zone), DateOf(at.Add(-time.Nanosecond), zone); is != d || before != d.Add(-1) {
				t.Errorf("%s: %s begins at %s, before which it is %s", name, d, at, before)
			}
		}
	}
}

func TestWhatIsNotCertainSaysSo(t *testing.T) {
	got := China.Uncertain("2026-11-01", "2028-02-01")
	if len(got) != 2 || got[0] != (YearStatus{2027, Published}) || got[1] != (YearStatus{2028, Missing}) {
		t.Errorf("%v", got)
	}
	if got := WeekendsOnly.Uncertain("2020-01-01", "2040-01-01"); len(got) != 0 {
		t.Errorf("a company without Chinese holidays is told of %v", got)
	}
	if WeekendsOnly.WorkingDaysIn("2026-02-16", "2026-02-23") != 5 {
		t.Error("the Spring Festival is off where it is not kept")
	}
}

// The notice for 2023 ruled 2022-12-31.
func TestANoticeMayRuleTheDecemberBefore(t *testing.T) {
	y, err := ParseYear([]byte(`{"year":2023,"papers":[],"days":[{"name":"元旦","date":"2022-12-31","isOffDay":true},{"name":"元旦","date":"2023-01-02","isOffDay":true}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if c := New(y); c.WorkingDaysIn("2022-12-30", "2023-01-04") != 2 || c.Status(2022) != Missing {
		t.Errorf("%d working days, 2022 is %s", c.WorkingDaysIn("2022-12-30", "2023-01-04"), c.Status(2022))
	}
	of2022 := Year{Year: 2022, Days: []Day{{Date: "2022-12-31"}, {Date: "2022-01-03", Off: true}}}
	for range 20 {
		if New(y, of2022).IsWorkingDay("2022-12-31") {
			t.Fatal("the notice of the year before counts where the next one rules the day")
		}
	}
	if _, err := ParseYear([]byte(`{"year":2023,"days":[{"date":"2022-11-30","isOffDay":true}]}`)); err == nil {
		t.Error("a day of the November before was taken")
	}
}

// TestManyHolidaysAreNotAllRemembered: who loads other holidays again and again leaves no
// calendar of each behind.
func TestManyHolidaysAreNotAllRemembered(t *testing.T) {
	for n := range 3 * keptCalendars {
		text := fmt.Sprintf(`{"year":2026,"papers":["%d"],"days":[{"name":"元旦","date":"2026-01-01","isOffDay":true}]}`, n)
		if c, err := Of([]string{text}); err != nil || c.IsWorkingDay("2026-01-01") {
			t.Fatal(err)
		}
		if len(built.by) > keptCalendars {
			t.Fatalf("%d calendars remembered", len(built.by))
		}
	}
}

// TestAZoneIsReadOnce: a zone asked for again costs no reading of its file, and a name that is
// no zone is refused each time.
func TestAZoneIsReadOnce(t *testing.T) {
	first, err := Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() {
		if again, err := Zone("Asia/Shanghai"); again != first || err != nil {
			t.Fatal(again, err)
		}
	}); n > 1 {
		t.Errorf("%v allocations for a zone that is known", n)
	}
	for n := range 2 * mostZones { // as many spellings as one likes
		if _, err := Zone("Asia/" + strings.Repeat("./", n%500) + strings.Repeat("/", n/500) + "Shanghai"); err != nil {
			t.Fatal(err)
		}
	}
	if n := known.Load(); n > mostZones {
		t.Errorf("%d zones are kept", n)
	}
	for range 2 {
		if z, err := Zone("Asia/Nowhere"); err == nil {
			t.Errorf("%v is a zone", z)
		}
	}
}

func TestTheScreenTakesTheDaysARecordMayHave(t *testing.T) {
	screen, err := os.ReadFile("../../web/src/ui/dates.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		fmt.Sprintf("firstDay = '%d-01-01'", FirstYear), fmt.Sprintf("lastDay = '%d-12-31'", LastYear),
	} {
		if !strings.Contains(string(screen), line) {
			t.Errorf("no %s in ui/dates.ts", line)
		}
	}
}
