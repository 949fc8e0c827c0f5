package worktime_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/worktime"
)

// office is how is worked in one case.
type office struct {
	t     *testing.T
	line  string
	years []calendar.Year
	plain bool
	rules []worktime.From
	away  []worktime.Away
}

func TestCases(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums, o := 0, &office{t: t}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		word, rest, _ := strings.Cut(line, " ")
		switch o.line = line; word {
		case "", "#":
		case "case":
			o = &office{t: t, line: line, years: calendar.ShippedYears(), rules: []worktime.From{{Rule: usual()}}}
		case "pattern":
			o.rules[0].Pattern = o.pattern(rest)
		case "hours":
			o.rules[0].Hours = o.hours(rest)
		case "zone":
			o.rules[0].Zone = o.zone(rest)
		case "calendar":
			o.plain = rest == "weekends"
		case "away":
			from, to, _ := strings.Cut(rest, " to ")
			o.away = append(o.away, worktime.Away{From: o.instant(from), To: o.instant(to)})
		case "correct":
			o.correct(rest)
		case "from":
			parts := strings.SplitN(rest, " ", 3)
			rule := worktime.Rule{Pattern: o.pattern(parts[1]), Hours: o.hours(parts[2]), Zone: o.rules[0].Zone}
			o.rules = append(o.rules, worktime.From{Day: calendar.Date(parts[0]), Rule: rule})
		default:
			o.expect(line)
			sums++
		}
	}
	if sums < 60 {
		t.Errorf("only %d sums", sums)
	}
}

func usual() worktime.Rule {
	shanghai, _ := calendar.Zone("Asia/Shanghai")
	return worktime.Rule{Hours: worktime.Usual, Zone: shanghai}
}

func (o *office) schedule() worktime.Schedule {
	cal := calendar.New(o.years...)
	if o.plain {
		cal = calendar.WeekendsOnly
	}
	return worktime.New(cal, o.rules, o.away...)
}

func (o *office) expect(line string) {
	said, want, _ := strings.Cut(line, " = ")
	s, got := o.schedule(), ""
	if days, ok := strings.CutPrefix(said, "uncertain "); ok {
		from, to, _ := strings.Cut(days, " to ")
		got = uncertain(s.Uncertain(o.instant(from+" 00:00"), o.instant(to+" 00:00")))
	} else if from, n, ok := strings.Cut(said, " + "); ok {
		minutes := int(o.duration(n).Minutes())
		due := s.After(o.instant(from), minutes)
		got = due.In(o.rules[0].Zone).Format("2006-01-02 15:04")
		if back := s.Minutes(o.instant(from), due); back != minutes {
			o.t.Errorf("%s: counted back it is %d minutes", line, back)
		}
	} else if from, to, ok := strings.Cut(said, " to "); ok {
		got, want = s.Worked(o.instant(from), o.instant(to)).String(), o.duration(want).String()
	} else if from, to, ok := strings.Cut(said, " opens "); ok {
		got, want = s.Opening(o.instant(from)).In(o.rules[0].Zone).Format("2006-01-02 15:04"), to
	} else {
		o.t.Fatalf("not a sum: %s", line)
	}
	if got != want {
		o.t.Errorf("%s: got %s", line, got)
	}
}

func uncertain(years []calendar.YearStatus) string {
	var said []string
	for _, y := range years {
		said = append(said, fmt.Sprint(y.Year, " ", y.Status))
	}
	if said == nil {
		return "none"
	}
	return strings.Join(said, ", ")
}

func (o *office) correct(said string) {
	day, how, _ := strings.Cut(said, " ")
	for i, y := range o.years {
		if !strings.HasPrefix(day, fmt.Sprint(y.Year)) {
			continue
		}
		y.Days = append([]calendar.Day{}, y.Days...)
		o.years[i].Days = append(y.Days, calendar.Day{Date: calendar.Date(day), Off: how == "off"})
	}
}

func (o *office) instant(said string) time.Time {
	zone := o.rules[0].Zone
	if len(said) > 16 {
		zone, said = o.zone(said[17:]), said[:16]
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", said, zone)
	return must(o, at, err)
}

func (o *office) duration(said string) time.Duration {
	d, err := time.ParseDuration(said)
	return must(o, d, err)
}

func (o *office) zone(name string) *time.Location {
	z, err := calendar.Zone(name)
	return must(o, z, err)
}

func (o *office) hours(said string) worktime.Hours {
	h, err := worktime.ParseHours(said)
	return must(o, h, err)
}

func (o *office) pattern(said string) calendar.Pattern {
	words := strings.Fields(said)
	p := calendar.Pattern{Kind: calendar.Kind(words[0])}
	for _, w := range words[1:] {
		switch {
		case w == "holidays":
			p.OnHolidays = true
		case p.Kind == calendar.Alternate:
			p.SixDayWeek = calendar.Date(w)
		default:
			day, err := time.Parse("Mon", w)
			must(o, day, err)
			for d := range time.Weekday(7) {
				if strings.HasPrefix(d.String(), w) {
					p.Weekdays |= calendar.Week(d)
				}
			}
		}
	}
	return must(o, p, p.Check())
}

func must[T any](o *office, v T, err error) T {
	if err != nil {
		o.t.Fatalf("%s: %v", o.line, err)
	}
	return v
}
