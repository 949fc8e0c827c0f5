// Package form learns how the values of a column are written, from all its texts, and reads
// them: days, amounts and rates as people and other systems write them. A text alone may be
// read in two ways (3/4/2026, 1.234); its column nearly always decides, and where it does not,
// somebody is asked. Nothing here touches a database.
package form

import (
	"strings"
)

// Column is what the texts of a column say of how they are written. The zero value has seen none.
type Column struct {
	Filled  int64 // texts that say something
	Nothing int64 // 待定, - and the like

	orders   uint8 // those every day so far can be read in
	days     int64 // whose order is in question
	dotted   int64 // of them 15.03.2026, which nobody writes with the month first
	point    int64 // numbers only a decimal point explains
	comma    int64
	mayPoint int64 // 1.234: a point or a thousand
	mayComma int64
	signed   int64 // 80%
	small    int64 // a rate below one that is not nought
	large    int64 // above one
	one      int64
	sample   []string
	seen     map[string]bool
	doubtful map[string]string // an example by what it leaves open
}

const (
	ymd = 1 << iota
	mdy
	dmy
)

// sampled is how many different texts of a column are kept to look at.
const sampled = 200

// See takes in a text, folded.
func (c *Column) See(text string) {
	if text == "" {
		return
	}
	if Nothing(text) {
		c.Nothing++
		return
	}
	c.Filled++
	if len(c.sample) < sampled && len(text) <= 100 && !c.seen[text] {
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[text] = true
		c.sample = append(c.sample, text)
	}
	if len(text) > 60 {
		return
	}
	c.day(text)
	c.number(text)
}

// Sample are the first different texts, at most 200.
func (c *Column) Sample() []string { return c.sample }

// day takes in three numbers that do not begin with a year of four digits.
func (c *Column) day(s string) {
	var n, long [3]int
	sep := byte(0)
	at := 0
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			if n[at], long[at] = n[at]*10+int(b-'0'), long[at]+1; long[at] > 4 {
				return
			}
			continue
		case at < 2 && long[at] > 0 && (b == '/' || b == '-' || b == '.') && (sep == 0 || sep == b):
			sep = b
			at++
			continue
		case at == 2 && long[2] > 0 && (b == ' ' || b == 'T'):
		default:
			return
		}
		break
	}
	if at < 2 || long[0] > 2 || long[1] > 2 || long[2] == 0 || long[2] == 3 {
		return
	}
	may := uint8(0)
	if long[2] > 1 && n[0] <= 12 && n[1] <= 31 {
		may |= mdy
	}
	if long[2] > 1 && n[1] <= 12 && n[0] <= 31 {
		may |= dmy
	}
	if long[0] == 2 && long[2] <= 2 && n[1] <= 12 && n[2] <= 31 {
		may |= ymd
	}
	if c.days == 0 {
		c.orders = ymd | mdy | dmy
	}
	c.days++
	if sep == '.' && long[2] == 4 {
		c.dotted++
	}
	if may != 0 {
		c.orders &= may
	}
	c.doubt("order", s)
}

// doubt keeps an example of what may be read in two ways.
func (c *Column) doubt(what, text string) {
	if c.doubtful == nil {
		c.doubtful = map[string]string{}
	}
	if c.doubtful[what] == "" {
		c.doubtful[what] = text
	}
}

// number takes in the first number of a text.
func (c *Column) number(s string) {
	from := strings.IndexAny(s, "0123456789.,")
	if from < 0 {
		return
	}
	to := from
	for to < len(s) && strings.IndexByte("0123456789.,", s[to]) >= 0 {
		to++
	}
	run := s[from:to]
	c.separators(run, s)
	if strings.Contains(s[to:], "%") {
		c.signed++
		return
	}
	if !mayBeRate(s[:from], run, s[to:]) {
		return
	}
	switch v := strings.Trim(strings.ReplaceAll(run, ",", "."), "0"); {
	case v == "" || v == ".":
	case v[0] == '.':
		c.small++
	case strings.Trim(v, ".0") == "1":
		c.one++
	default:
		c.large++
	}
}

// mayBeRate tells whether a number with what stands around it may be a rate: one above a hundred, a day or
// a text with a number in it says nothing of how rates are written.
func mayBeRate(before, run, after string) bool {
	whole, _, _ := strings.Cut(strings.ReplaceAll(run, ",", "."), ".")
	whole = strings.TrimLeft(whole, "0")
	return (len(whole) < 3 || whole == "100") && !strings.ContainsAny(before+after, "0123456789")
}

// separators takes in what the marks of a number can be.
func (c *Column) separators(run, text string) {
	points, commas := strings.Count(run, "."), strings.Count(run, ",")
	switch {
	case points+commas == 0:
	case points > 0 && commas > 0:
		if strings.LastIndexByte(run, '.') > strings.LastIndexByte(run, ',') {
			c.point++
		} else {
			c.comma++
		}
	case points > 1:
		c.comma += grouped(run, ".")
	case commas > 1:
		c.point += grouped(run, ",")
	default:
		mark := "."
		if commas == 1 {
			mark = ","
		}
		before, after, _ := strings.Cut(run, mark)
		may, is := &c.mayPoint, &c.point
		if mark == "," {
			may, is = &c.mayComma, &c.comma
		}
		switch {
		case after == "":
		case len(after) == 3 && len(before) > 0 && len(before) < 4 && before[0] != '0':
			*may++
			c.doubt("decimal", text)
		default:
			*is++
		}
	}
}

// grouped is 1 where a mark stands between groups of digits, as thousands are written.
func grouped(run, mark string) int64 {
	for i, g := range strings.Split(run, mark) {
		if i > 0 && len(g) != 3 && len(g) != 2 {
			return 0
		}
	}
	return 1
}

// Order is how days are written here. Where nobody can tell, it is "" and open are the orders
// they may be in.
func (c *Column) Order() (order string, open []string) {
	if c.days == 0 {
		return YMD, nil
	}
	may := c.orders
	if c.dotted == c.days && may&dmy != 0 {
		may = dmy
	}
	for _, o := range []struct {
		bit  uint8
		name string
	}{{ymd, YMD}, {mdy, MDY}, {dmy, DMY}} {
		if may&o.bit != 0 {
			open = append(open, o.name)
		}
	}
	switch len(open) {
	case 0: // days that contradict one another
		return "", []string{MDY, DMY}
	case 1:
		return open[0], nil
	}
	return "", open
}

// Decimal is the mark before the decimals, "." where there are none. Where nobody can tell, it is
// "" and open are both.
func (c *Column) Decimal() (mark string, open []string) {
	switch {
	case c.point > 0 && c.comma == 0:
		return ".", nil
	case c.comma > 0 && c.point == 0:
		return ",", nil
	case c.point > 0, c.mayPoint > 0:
		return "", []string{".", ","}
	}
	return ".", nil // money has no three decimals: 1,234 is a thousand
}

// Fraction tells whether rates are written 0.8 and not 80. Where nobody can tell, open is what they
// may be.
func (c *Column) Fraction() (fraction bool, open []string) {
	switch {
	case c.large > 0 && c.small > 0: // half a percent beside eighty, or four fifths beside eighty
		return false, []string{"percent", "fraction"}
	case c.signed > 0 && c.small+c.large+c.one == 0, c.large > 0:
		return false, nil
	case c.small > 0:
		return true, nil
	case c.one > 0:
		return false, []string{"percent", "fraction"}
	}
	return false, nil
}

// Doubt is an example of a text that leaves something open: "order", "decimal".
func (c *Column) Doubt(what string) string { return c.doubtful[what] }

// Numbered tells whether the column has numbers whose decimals can be seen.
func (c *Column) Numbered() bool { return c.point+c.comma > 0 }

// Dated tells whether the column has days whose order was in question.
func (c *Column) Dated() bool { return c.days > 0 }

// Like is the share of the column's different texts that are read, from 0 to 1; 0 of none.
func (c *Column) Like(read func(text string) bool) float64 {
	if len(c.sample) == 0 {
		return 0
	}
	n := 0
	for _, s := range c.sample {
		if read(s) {
			n++
		}
	}
	return float64(n) / float64(len(c.sample))
}
