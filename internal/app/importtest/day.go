package importtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// day writes a day in its field's form, and tells which day that says: of a period it is the last, of
// its first third the 10th and of its second the 20th.
func (w *writer) day(target, value string) (cell, string) {
	d, err := time.Parse(time.DateOnly, value)
	if err != nil {
		panic(err)
	}
	at := d.Add(time.Duration(w.r.IntN(24*60)) * time.Minute)
	switch form := w.f.Days[target]; form {
	case "serial":
		return cell{text: strconv.Itoa(serial(d, false)), number: strconv.Itoa(serial(d, w.f.Date1904)), format: "yyyy-mm-dd"}, value
	case "native":
		n := strconv.Itoa(serial(d, w.f.Date1904))
		return cell{number: n, format: []string{"yyyy-mm-dd", "m/d/yyyy", `yyyy"年"m"月"d"日"`}[w.r.IntN(3)], text: n}, value
	case "native time":
		n := fmt.Sprintf("%.6f", float64(serial(d, w.f.Date1904))+float64(at.Hour()*60+at.Minute())/1440)
		return cell{number: n, format: "yyyy/m/d h:mm", text: n}, value
	case "zoned":
		local := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.FixedZone("", 8*3600))
		if w.r.IntN(2) == 0 {
			return cell{text: local.UTC().Format(time.RFC3339)}, value
		}
		return cell{text: local.Format(time.RFC3339)}, value
	case "2006/1/2 下午3:04":
		half := "上午"
		if at.Hour() >= 12 {
			half = "下午"
		}
		return cell{text: at.Format("2006/1/2 ") + half + at.Format("3:04")}, value
	case "month end", "quarter", "year month", "no year", "month part", "Jan 2006":
		return w.period(form, d)
	default:
		return cell{text: at.Format(form)}, value
	}
}

// Plain is a text as it is kept: full-width forms as half-width ones, blanks of any kind as one.
func Plain(text string) string { return strings.Join(strings.Fields(norm.NFKC.String(text)), " ") }

// serial is a spreadsheet's number of a day.
func serial(d time.Time, from1904 bool) int {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return int(d.Sub(first).Hours() / 24)
}

// period writes the period a day is in.
func (w *writer) period(form string, d time.Time) (cell, string) {
	y, m := d.Year(), int(d.Month())
	last := func(y, m int) string {
		return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	switch form {
	case "month end":
		if t, _ := time.Parse(time.DateOnly, last(y, m)); w.today.Sub(t).Hours() > 50*24 { // long past: it needs its year
			return cell{text: fmt.Sprintf("%d年%d月底", y, m)}, last(y, m)
		}
		return cell{text: fmt.Sprintf("%d月底", m)}, last(y, m)
	case "quarter":
		q := (m + 2) / 3
		text := fmt.Sprintf("%d年Q%d", y, q)
		if !w.zh() {
			text = fmt.Sprintf("Q%d %d", q, y)
		}
		return cell{text: text}, last(y, 3*q)
	case "year month":
		return cell{text: fmt.Sprintf("%d年%d月", y, m)}, last(y, m)
	case "Jan 2006":
		return cell{text: d.Format(form)}, last(y, m)
	case "no year":
		return cell{text: fmt.Sprintf("%d月%d日", m, d.Day())}, d.Format(time.DateOnly)
	}
	part := []string{"初", "中旬", "底"}[w.r.IntN(3)]
	month := fmt.Sprintf("%04d-%02d-", y, m)
	return cell{text: fmt.Sprintf("%d年%d月%s", y, m, part)}, strings.NewReplacer("初", month+"10", "中旬", month+"20", "底", last(y, m)).Replace(part)
}
