package grid

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// meaning is what a number format says of a number.
type meaning byte

const (
	asNumber meaning = iota
	asDay
	asTime // of a day; a number from 1 on has a day as well
	asSpan // hours, of any number
	asShare
	asID // with leading zeros, or with characters of its own among the digits
)

// style is what is kept of a number format: its meaning, not its looks.
type style struct {
	kind   meaning
	digits string // of an id: "0" for each digit, other characters as they are
	before string // a currency
	after  string // a unit
}

// styleOf reads a format's code. Of its sections, for positive, negative and no amount, the first
// counts.
func styleOf(code string) style {
	f := formatCode{}
	f.read(code)
	switch {
	case f.span:
		return style{kind: asSpan}
	case f.day:
		return style{kind: asDay}
	case f.time:
		return style{kind: asTime}
	case f.share:
		return style{kind: asShare}
	case f.isID():
		return style{kind: asID, digits: f.shape}
	}
	s := style{before: f.currency}
	if !f.scaled && slices.Contains(units, strings.TrimSpace(f.literal)) {
		s.after = strings.TrimSpace(f.literal)
	}
	return s
}

// units are words a format may put behind a number that make it another amount.
var units = []string{"元", "千", "千元", "万", "万元", "百万", "百万元", "千万", "千万元",
	"亿", "亿元", "萬", "萬元", "億", "億元",
	"k", "K", "M", "m", "bn", "B", "mn", "K USD", "USD", "EUR", "CNY", "RMB", "€", "$", "£", "￥", "¥", "%"}

// formatCode is a code as it is taken apart.
type formatCode struct {
	day, time, span, share bool
	general, scaled        bool
	currency, literal      string
	shape                  string // the digits and what stands among them
}

func (f *formatCode) isID() bool {
	zeros := strings.Count(f.shape, "0")
	return zeros >= 2 && !f.general && !f.scaled && f.currency == "" && !strings.ContainsAny(f.shape, "#?.,/E") &&
		!slices.Contains(units, strings.TrimSpace(f.literal))
}

func (f *formatCode) read(code string) {
	if strings.EqualFold(code, "General") || code == "@" {
		f.general = true
		return
	}
	r := []rune(code)
	minutes := false
	for i := 0; i < len(r) && r[i] != ';'; i++ {
		switch c := r[i]; c {
		case '"':
			end := i + 1
			for end < len(r) && r[end] != '"' {
				end++
			}
			f.says(string(r[i+1 : min(end, len(r))]))
			i = end
		case '\\', '!':
			if i++; i < len(r) {
				f.scaled = f.scaled || r[i] == '.' // a point put in to show 12,345 as 1.2 of ten thousand
				f.says(string(r[i]))
			}
		case '_', '*':
			i++
		case '[':
			end := i + 1
			for end < len(r) && r[end] != ']' {
				end++
			}
			f.bracket(string(r[i+1 : min(end, len(r))]))
			i = end
		case '0', '#', '?', '.', '/':
			f.shape += string(c)
		case ',':
			f.shape += ","
		case '%':
			f.share = true
		case 'E', 'e':
			if i+1 < len(r) && (r[i+1] == '+' || r[i+1] == '-') {
				f.shape += "E"
				i++
			} else {
				f.day = true // the year, as some locales write it
			}
		case 'y', 'Y', 'd', 'D', 'g', 'G', 'b', 'B':
			if strings.HasPrefix(strings.ToLower(string(r[i:])), "general") {
				f.general = true
				i += len("general") - 1
				continue
			}
			f.day = true
		case 'h', 'H', 's', 'S':
			f.time = true
		case 'm', 'M':
			minutes = true
		default:
			f.says(string(c))
		}
	}
	if minutes && !f.time { // a month, or minutes beside an hour or a second
		f.day = true
	}
	f.scaled = f.scaled || strings.HasSuffix(f.shape, ",")
}

// says takes in a text that is shown as it is.
func (f *formatCode) says(text string) {
	f.scaled = f.scaled || strings.HasSuffix(f.shape, ",") // a comma behind the digits divides by a thousand
	trimmed := strings.TrimSpace(text)
	switch {
	case f.currency == "" && !strings.ContainsAny(f.shape, "0#?") && slices.Contains(signs, trimmed):
		f.currency = trimmed
	case strings.ContainsAny(f.shape, "0#?") && slices.Contains(signs, trimmed):
		f.currency = trimmed // behind the number: 1,234 €
	default:
		f.literal += text
		f.shape += text
	}
}

// signs are currencies as formats write them.
var signs = []string{"$", "¥", "￥", "€", "£", "₩", "₹", "₽", "元", "US$", "HK$", "NT$", "A$", "C$", "S$", "R$",
	"CHF", "USD", "EUR", "CNY", "RMB", "JPY", "GBP", "HKD", "TWD", "SGD", "AUD", "CAD", "KRW", "INR",
	"BRL", "SEK", "NOK", "DKK", "PLN", "zł", "kr"}

// byLocale are currencies whose sign alone would say another, by the locale a format names.
var byLocale = map[string]string{
	"$|C09": "AUD", "$|1009": "CAD", "$|C0C": "CAD", "$|1409": "NZD", "$|1004": "SGD", "$|C04": "HKD",
	"$|404": "TWD", "¥|411": "JPY", "￥|411": "JPY", "¥|11": "JPY", "$|80A": "MXN",
}

// bracket takes in what stands in brackets: a currency and its locale ($€-407), hours beyond a day
// (h), a colour or a condition.
func (f *formatCode) bracket(text string) {
	if money, ok := strings.CutPrefix(text, "$"); ok {
		sign, locale, _ := strings.Cut(money, "-")
		sign = strings.TrimSpace(sign)
		if code := byLocale[sign+"|"+strings.ToUpper(strings.TrimLeft(locale, "0"))]; code != "" {
			sign = code
		}
		if sign != "" {
			f.currency = sign
		}
		return
	}
	switch strings.ToLower(text) {
	case "h", "hh", "m", "mm", "s", "ss":
		f.span = true
	}
}

// epoch is how a workbook counts its days: from 1904 on, or from 1900.
type epoch bool

// lastDay is the 31st of December 9999 in the days of 1900.
const lastDay = 2958465

// text is a stored number as its reader sees it, in the one form of its meaning.
func (s style) text(raw string, from epoch) string {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return raw
	}
	switch s.kind {
	case asDay:
		return dayText(v, from, raw)
	case asTime:
		if v >= 1 {
			return dayText(v, from, raw)
		}
		return clock(v)
	case asSpan:
		return clock(v)
	case asShare:
		return decimal(raw, v, 2) + "%"
	case asID:
		return s.id(decimal(raw, v, 0))
	}
	number := decimal(raw, v, 0)
	if s.before == "" {
		return number + s.after
	}
	sign := ""
	if rest, below := strings.CutPrefix(number, "-"); below {
		sign, number = "-", rest
	}
	before := s.before
	if r := []rune(before); len(r) > 1 && unicode.IsLetter(r[len(r)-1]) {
		before += " "
	}
	if before == "元" {
		return sign + number + before
	}
	return sign + before + number + s.after
}

// decimal is a number in plain digits, its point moved right. A whole number is as exact as it is
// stored; of others a spreadsheet means 15 digits, and what follows is how it calculates.
func decimal(raw string, v float64, right int) string {
	if right == 0 && whole(raw) {
		return raw
	}
	if v == 0 {
		return "0"
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e21 && right == 0 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 14, 64), "e")
	e, err := strconv.Atoi(exponent)
	if err != nil || e > 300 || e < -300 {
		return raw
	}
	sign := ""
	if rest, below := strings.CutPrefix(mantissa, "-"); below {
		sign, mantissa = "-", rest
	}
	digits := strings.Replace(mantissa, ".", "", 1)
	point := 1 + e + right
	if point <= 0 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if more := point - len(digits); more > 0 {
		digits += strings.Repeat("0", more)
	}
	out := digits[:point]
	if rest := strings.TrimRight(digits[point:], "0"); rest != "" {
		out += "." + rest
	}
	return sign + out
}

// whole tells whether a stored number is digits alone.
func whole(raw string) bool {
	raw = strings.TrimPrefix(raw, "-")
	if raw == "" || len(raw) > 40 {
		return false
	}
	for _, c := range []byte(raw) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// id puts a number's digits into the places of its format.
func (s style) id(number string) string {
	if !whole(number) || strings.HasPrefix(number, "-") {
		return number
	}
	places := strings.Count(s.digits, "0")
	if len(number) < places {
		number = strings.Repeat("0", places-len(number)) + number
	}
	var out strings.Builder
	over := len(number) - places // the first place takes what is too much
	for _, c := range s.digits {
		if c != '0' {
			out.WriteRune(c)
			continue
		}
		n := 1 + over
		over = 0
		out.WriteString(number[:n])
		number = number[n:]
	}
	return out.String()
}

// dayText is a number of days as a day, with its time where it has one.
func dayText(v float64, from epoch, raw string) string {
	last, days := float64(lastDay+1), math.Floor(v)
	if bool(from) {
		last -= 1462
	}
	if v < 0 || v >= last {
		return raw
	}
	seconds := math.Round((v - days) * 86400)
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case bool(from):
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60: // spreadsheets have a 29th of February 1900, as number 60
		begin = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	t := begin.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	if seconds == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// clock is a part of a day, or hours of several.
func clock(v float64) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	if v > 1e6 {
		v = 1e6
	}
	s := int64(math.Round(v * 86400))
	two := func(n int64) string {
		if n < 10 {
			return "0" + strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	return sign + two(s/3600) + ":" + two(s/60%60) + ":" + two(s%60)
}

// isoText is a day or an instant some programs store as text, without what says nothing.
func isoText(text string) string {
	if t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(text, "Z")); err == nil {
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
			return t.Format(time.DateOnly)
		}
		return t.Format(time.DateTime)
	}
	return text
}
