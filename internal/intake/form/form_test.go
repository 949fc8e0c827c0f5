package form

import (
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/text"
)

var shanghai = time.FixedZone("CST", 8*3600)

func TestDays(t *testing.T) {
	for _, c := range []struct{ order, text, on, at string }{
		{"", "2026-03-15", "2026-03-15", ""},
		{"", "2026/3/5", "2026-03-05", ""},
		{"", "2026.3.5", "2026-03-05", ""},
		{"", "2026年3月5日", "2026-03-05", ""},
		{"", "2026 年 3 月 5 日", "2026-03-05", ""},
		{"", "二〇二六年三月五日", "2026-03-05", ""},
		{"", "26年3月5日", "2026-03-05", ""},
		{"", "20260305", "2026-03-05", ""},
		{"", "２０２６－０３－０５", "2026-03-05", ""},
		{"", "2026-03-05 14:30", "2026-03-05", "06:30"},
		{"", "2026-03-05 14:30:15", "2026-03-05", "06:30:15"},
		{"", "2026/3/5 下午2:30", "2026-03-05", "06:30"},
		{"", "2026年3月5日 下午3点20分", "2026-03-05", "07:20"},
		{"", "2026年3月5日15时20分", "2026-03-05", "07:20"},
		{"", "2026-03-05 上午12:05", "2026-03-05", "16:05-1"},
		{"mdy", "3/5/2026 2:30:15 PM", "2026-03-05", "06:30:15"},
		{"mdy", "3/5/26 12:01 AM", "2026-03-05", "16:01-1"},
		{"mdy", "5/1/23", "2023-05-01", ""},
		{"dmy", "5/1/23", "2023-01-05", ""},
		{"ymd", "23/5/1", "2023-05-01", ""},
		{"dmy", "15.03.2026", "2026-03-15", ""},
		{"", "1-May-23", "2023-05-01", ""},
		{"", "May 1, 2023", "2023-05-01", ""},
		{"", "1st May 2023", "2023-05-01", ""},
		{"", "Mon, 1 May 2023", "2023-05-01", ""},
		{"", "September 30, 2023", "2023-09-30", ""},
		{"", "2023-May-01", "2023-05-01", ""},
		{"", "2023-05-01T23:30:00Z", "2023-05-02", "23:30-1"},
		{"", "2023-05-01T10:00:00.000+0000", "2023-05-01", "10:00"},
		{"", "45000", "2023-03-15", ""},
		{"", "45000.5", "2023-03-15", "04:00"},
		{"", "1683000000", "2023-05-02", "04:00"},
		{"", "2026-03-05(周四)", "2026-03-05", ""},
		{"", "12月底", "2026-12-31", "~"},
		{"", "十二月底", "2026-12-31", "~"},
		{"", "12月15日", "2026-12-15", "~"},
		{"", "1月初", "2027-01-10", "~"},
		{"", "3月中旬", "2027-03-20", "~"},
		{"", "2026年Q3", "2026-09-30", "~"},
		{"", "2026Q3", "2026-09-30", "~"},
		{"", "Q3 2026", "2026-09-30", "~"},
		{"", "2026年三季度", "2026-09-30", "~"},
		{"", "2026年第四季度初", "2026-10-31", "~"},
		{"", "2026年12月", "2026-12-31", "~"},
		{"", "2026-12", "2026-12-31", "~"},
		{"", "Dec 2026", "2026-12-31", "~"},
		{"", "Dec-26", "2026-12-31", "~"},
		{"", "2026年上半年", "2026-06-30", "~"},
		{"", "年底", "2026-12-31", "~"},
		{"", "2026年底", "2026-12-31", "~"},
		{"", "明年3月", "2027-03-31", "~"},
		{"", "本月底", "2026-11-30", "~"},
		{"", "下个月", "2026-12-31", "~"},
		{"", "下季度", "2027-03-31", "~"},
		{"", "12月底前", "2026-12-31", "~"},
		{"", "预计12月", "2026-12-31", "~"},
		{"", "2026/12/20左右", "2026-12-20", "~"},
		{"", "before Dec 2026", "2026-12-31", "~"},
	} {
		day, err := Days{Order: c.order, Zone: shanghai, Today: "2026-11-26"}.Read(text.Fold(c.text))
		if err != nil || string(day.On) != c.on || day.About != (c.at == "~") {
			t.Errorf("%q (%s): %v about %v, %v; want %s", c.text, c.order, day.On, day.About, err, c.on)
			continue
		}
		at := ""
		if day.At != nil {
			at = day.At.UTC().Format("15:04:05")
			if at[6:] == "00" {
				at = at[:5]
			}
			if calendar.Date(day.At.UTC().Format(time.DateOnly)) < day.On {
				at += "-1"
			}
		}
		if c.at != "~" && at != c.at {
			t.Errorf("%q: at %q; want %q", c.text, at, c.at)
		}
	}
}

// A day without its year is of the year that makes sense: behind us or before us.
func TestTheYearOfADay(t *testing.T) {
	for _, c := range []struct {
		today, text, ahead, past string
	}{
		{"2026-11-26", "12月底", "2026-12-31", "2025-12-31"}, {"2026-03-02", "12月底", "2026-12-31", "2025-12-31"},
		{"2027-01-10", "12月底", "2026-12-31", "2026-12-31"}, {"2026-11-26", "3月5日", "2027-03-05", "2026-03-05"},
		{"2026-11-26", "11月", "2026-11-30", "2026-11-30"}, {"2026-11-26", "Q1", "2027-03-31", "2026-03-31"},
		{"2026-11-26", "11月1日", "2026-11-01", "2026-11-01"},
	} {
		for _, past := range []bool{false, true} {
			d, err := Days{Zone: shanghai, Today: calendar.Date(c.today), Past: past}.Read(c.text)
			want := c.ahead
			if past {
				want = c.past
			}
			if err != nil || string(d.On) != want {
				t.Errorf("%s on %s, past %v: %v %v; want %s", c.text, c.today, past, d.On, err, want)
			}
		}
	}
}

func TestNoDays(t *testing.T) {
	for _, s := range []string{"待定", "-", "2026-02-30", "2026年13月", "13/13/2026", "soon", "ACME", "12", "3.14", "138001380001", "May", "2026-01-01x", "第三", "99999"} {
		if s == "May" { // a month
			continue
		}
		if day, err := (Days{Order: MDY, Zone: shanghai, Today: "2026-11-26"}).Read(s); err == nil {
			t.Errorf("%q is read as %v", s, day.On)
		}
	}
	if _, err := (Days{Zone: shanghai, Today: "2026-11-26"}).Read("3/4/2026"); err != ErrDayOrder {
		t.Errorf("3/4/2026 without an order: %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		form           Numbers
		text, want     string
		currency, mark string
	}{
		{Numbers{}, "1,234.50", "1234.5", "", ""},
		{Numbers{Scale: 10_000}, "120(含税)", "1200000", "", ""},
		{Numbers{}, "12万（不含税）", "120000", "", ""},
		{Numbers{Decimal: ","}, "512,77", "512.77", "", ""},
		{Numbers{Decimal: ","}, "1.234,56", "1234.56", "", ""},
		{Numbers{Decimal: ","}, "1.234.567,00", "1234567", "", ""},
		{Numbers{Decimal: ","}, "1 234,50", "1234.5", "", ""},
		{Numbers{Decimal: ","}, "10,5", "10.5", "", ""},
		{Numbers{}, "1'234.50", "1234.5", "", ""},
		{Numbers{}, "1,23,456.00", "123456", "", ""},
		{Numbers{}, "$1,000.00", "1000", "USD", ""},
		{Numbers{Own: "HKD"}, "$1,000.00", "1000", "HKD", ""},
		{Numbers{}, "€1,000.00", "1000", "EUR", ""},
		{Numbers{}, "€ 1,000", "1000", "EUR", ""},
		{Numbers{}, "¥1,000.00", "1000", "CNY", ""},
		{Numbers{Own: "JPY"}, "￥1,000", "1000", "JPY", ""},
		{Numbers{}, "USD 1,000", "1000", "USD", ""},
		{Numbers{}, "1,000 USD", "1000", "USD", ""},
		{Numbers{}, "£1,000", "1000", "GBP", ""},
		{Numbers{}, "HK$500k", "500000", "HKD", ""},
		{Numbers{}, "100万美元", "1000000", "USD", ""},
		{Numbers{}, "12万", "120000", "", ""},
		{Numbers{}, "1000元", "1000", "", ""},
		{Numbers{}, "人民币1000元整", "1000", "CNY", ""},
		{Numbers{}, "(500)", "-500", "", ""},
		{Numbers{}, "-500", "-500", "", ""},
		{Numbers{}, "500-", "-500", "", ""},
		{Numbers{}, "1e5", "100000", "", ""},
		{Numbers{}, "1.2千万", "12000000", "", ""},
		{Numbers{}, "12万元", "120000", "", ""},
		{Numbers{}, "３０００", "3000", "", ""},
		{Numbers{}, "1亿2000万", "120000000", "", ""},
		{Numbers{}, "三十万", "300000", "", ""},
		{Numbers{}, "壹佰贰拾万元整", "1200000", "", ""},
		{Numbers{}, "1.5M", "1500000", "", ""},
		{Numbers{}, "30w", "300000", "", ""},
		{Numbers{}, "约60万", "600000", "", "~"},
		{Numbers{}, "60万左右", "600000", "", "~"},
		{Numbers{}, "~60万", "600000", "", "~"},
		{Numbers{}, "60万+", "600000", "", "~"},
		{Numbers{}, ">60万", "600000", "", "~"},
		{Numbers{}, "60多万", "600000", "", "~"},
		{Numbers{}, "50-60万", "550000", "", "~"},
		{Numbers{}, "50万~60万", "550000", "", "~"},
		{Numbers{}, "50万至60万", "550000", "", "~"},
		{Numbers{}, "约50-60万", "550000", "", "~"},
		{Numbers{}, "$1,000-$2,000", "1500", "USD", "~"},
		{Numbers{Scale: 10_000}, "98", "980000", "", ""},
		{Numbers{Scale: 10_000}, "98.5", "985000", "", ""},
		{Numbers{Scale: 10_000}, "50万", "500000", "", ""},
		{Numbers{Scale: 10_000}, "1000元", "1000", "", ""},
		{Numbers{Scale: 10_000}, "50-60", "550000", "", "~"},
		{Numbers{Scale: 1000, Currency: "USD"}, "12", "12000", "USD", ""},
	} {
		x, err := c.form.Read(text.Fold(c.text))
		if err != nil {
			t.Errorf("%q: %v; want %s", c.text, err, c.want)
			continue
		}
		got := x.Value.RatString()
		if !x.Value.IsInt() {
			got = trimmed(x.Value.FloatString(4))
		}
		if got != c.want || x.Currency != c.currency || x.About != (c.mark == "~") {
			t.Errorf("%q: %s %s about %v; want %s %s", c.text, got, x.Currency, x.About, c.want, c.currency)
		}
	}
	for _, s := range []string{"待定", "-", "", "abc", "1.2.3", "2026-03-15", "1,23.4,5", "12个", "万", "3万2亿", "1 2 3", "13800138000 转 8"} {
		if x, err := (Numbers{}).Read(s); err == nil {
			t.Errorf("%q is read as %s", s, x.Value)
		}
	}
}

func trimmed(s string) string {
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	return s
}

func TestPercents(t *testing.T) {
	for _, c := range []struct {
		fraction bool
		text     string
		bp       int64
	}{{false, "80%", 8000}, {true, "80%", 8000}, {false, "80", 8000}, {true, "0.8", 8000}, {false, "0.5", 50}, {false, "8成", 8000}, {false, "八成", 8000},
		{false, "12.345%", 1235}, {false, "约80%", 8000}, {false, "70%-80%", 7500}} {
		if bp, _, err := (Percents{Fraction: c.fraction}).Read(text.Fold(c.text)); err != nil || bp != c.bp {
			t.Errorf("%q: %d %v; want %d", c.text, bp, err, c.bp)
		}
	}
	for _, s := range []string{"高", "120%", "-5%", "待定"} {
		if bp, _, err := (Percents{}).Read(s); err == nil {
			t.Errorf("%q is read as %d", s, bp)
		}
	}
}

func TestHeadings(t *testing.T) {
	for text, want := range map[string]Heading{
		"预计金额(万元)":            {Scale: 10_000},
		"预计金额（万元）":            {Scale: 10_000},
		"金额/万":                {Scale: 10_000},
		"合同额万元":               {Scale: 10_000},
		"单位:万元":               {Scale: 10_000},
		"单位:人民币万元":            {Scale: 10_000, Currency: "CNY"},
		"金额(万美元)":             {Scale: 10_000, Currency: "USD"},
		"Amount (USD k)":      {Scale: 1000, Currency: "USD"},
		"Amount (kUSD)":       {Scale: 1000, Currency: "USD"},
		"Revenue, $M":         {Scale: 1_000_000, Currency: "$"},
		"Amount in thousands": {Scale: 1000},
		"Amount (EUR)":        {Currency: "EUR"},
		"金额(含税)":              {},
		"金额":                  {},
		"Total Amount":        {},
		"赢率(%)":               {Percent: true},
		"金额[元]":               {Scale: 1},
	} {
		if got := HeadingOf(text); got != want {
			t.Errorf("%q: %+v; want %+v", text, got, want)
		}
	}
}

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		texts          []string
		order, decimal string
		fraction       bool
		open           int
	}{
		{[]string{"3/4/2019", "13/4/2019"}, DMY, ".", false, 0},
		{[]string{"3/4/2019", "4/13/2019"}, MDY, ".", false, 0},
		{[]string{"3/4/2019"}, "", ".", false, 1},
		{[]string{"23/4/9", "25/4/30"}, YMD, ".", false, 0},
		{[]string{"04.05.2019"}, DMY, ".", false, 0},
		{[]string{"2019-05-04", "待定"}, YMD, ".", false, 0},
		{[]string{"13/4/2019", "4/13/2019"}, "", ".", false, 1},
		{[]string{"512,77", "1.234"}, YMD, ",", false, 0},
		{[]string{"1,234", "500"}, YMD, ".", false, 0},
		{[]string{"1.234"}, YMD, "", false, 1},
		{[]string{"1.234.567"}, YMD, ",", false, 0},
		{[]string{"1,234,567"}, YMD, ".", false, 0},
		{[]string{"0.8", "1"}, YMD, ".", true, 0},
		{[]string{"0.8", "80"}, YMD, ".", false, 1},
		{[]string{"0.8", "2026-02-30", "5000", "约8月 80"}, YMD, ".", true, 0}, // what is no rate says nothing of rates
		{[]string{"0", "1"}, YMD, ".", false, 1},
		{[]string{"80%", "5%"}, YMD, ".", false, 0},
	} {
		var col Column
		for _, s := range c.texts {
			col.See(s)
		}
		order, a := col.Order()
		decimal, b := col.Decimal()
		fraction, d := col.Fraction()
		open := 0
		for _, o := range [][]string{a, b, d} {
			if len(o) > 0 {
				open++
			}
		}
		if order != c.order || decimal != c.decimal || open != c.open || len(d) == 0 && fraction != c.fraction {
			t.Errorf("%q: %q %q %v, open %d; want %q %q %v, %d", c.texts, order, decimal, fraction, open, c.order, c.decimal, c.fraction, c.open)
		}
	}
}

func TestCurrency(t *testing.T) {
	for in, want := range map[string]string{"人民币": "CNY", "RMB": "CNY", "usd": "USD", "美元": "USD", "$": "USD", "元": "CNY", "CNY - 人民币": "CNY", "€": "EUR",
		"XAF": "XAF", "钱": "", "": ""} {
		if got := Currency(in, "CNY"); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
}

// Every text is read or refused, and none takes long or ends the program.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"2026-03-15", "约60万", "50-60万", "12月底", "(500)", "1,234.5", "Q3", "八成"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = text.Fold(s)
		var c Column
		c.See(s)
		_, _ = Numbers{Scale: 10_000}.Read(s)
		_, _, _ = Percents{}.Read(s)
		if d, err := (Days{Order: MDY, Zone: shanghai, Today: "2026-11-26"}).Read(s); err == nil {
			if _, err := calendar.Parse(string(d.On)); err != nil {
				t.Errorf("%q: %v", s, err)
			}
		}
		HeadingOf(s)
	})
}

// TestWhatIsYetToBeTalkedOfIsNothing: a price to be agreed is no amount that cannot be read.
func TestWhatIsYetToBeTalkedOfIsNothing(t *testing.T) {
	for text, want := range map[string]bool{"面议": true, "另议": true, "待议": true, "TBD": true, "面议科技": false, "议价中": false} {
		if Nothing(text) != want {
			t.Errorf("%s says nothing: %v", text, !want)
		}
	}
}
