package form

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
)

// Number is an amount as a cell says it.
type Number struct {
	Value    *big.Rat // of the whole: 12万 is 120,000
	Currency string   // ISO 4217, "" where the cell names none
	About    bool     // 约60万, 60万左右, 50-60万: Value is the middle of what is said
}

// Numbers is how the amounts of a column are written.
type Numbers struct {
	Decimal  string // "." or ","; "" is "."
	Scale    int64  // of the whole, for a cell without a unit of its own; 0 is 1
	Currency string // of a cell that names none: ISO 4217 or a sign
	Own      string // the company's, which tells whose "$" and "¥" are
}

// ErrNumber is a text that is no amount.
var ErrNumber = errors.New("not an amount")

var (
	about  = regexp.MustCompile(`约|大概|大致|左右|上下|近似|估计|预估|预计|暂定|暂估|暂按|approximately|approx\.?|about|\bca\.?\b|circa|roughly|est\.|~|≈|∼|±|以上|以下|以内|不到|不低于|不超过|不少于|至少|最多|超过|[><≥≤]|=|\+$|[多余几]`)
	fromTo = regexp.MustCompile(`^(.*[^\s].*?)\s*(?:-|–|—|~|∼|～|至|到|\bto\b|\bbis\b)\s*(.*[^\s].*)$`)
	// aside is a remark that changes nothing: 120(含税).
	aside = regexp.MustCompile(`\s*[(\[](?:不?含税|未税|税[前后]|含运费|人民币|净价|暂定价?|预算价?|合同价|incl\.?(?: vat| tax)?|excl\.?(?: vat| tax)?|net|gross)[)\]]\s*$`)
	lead  = regexp.MustCompile(`^(?:约|大约|近|超|逾|过)+`)
)

// Read reads an amount. Error: ErrNumber.
func (n Numbers) Read(text string) (Number, error) {
	if v, ok := plain(text); ok {
		return n.whole(Number{Value: v}, false), nil
	}
	s := aside.ReplaceAllString(strings.ToLower(strings.TrimSpace(text)), "")
	if Nothing(s) || len(s) > 80 {
		return Number{}, ErrNumber
	}
	if x, err := n.one(s); err == nil {
		return x, nil
	}
	if x, err := n.rangeOf(s); err == nil { // before the words of about: "~" is both
		return x, nil
	}
	bare := strings.TrimSpace(lead.ReplaceAllString(about.ReplaceAllString(s, " "), ""))
	if bare == s {
		return Number{}, ErrNumber
	}
	x, err := n.one(bare)
	if err != nil {
		x, err = n.rangeOf(bare)
	}
	x.About = true
	return x, err
}

// rangeOf reads "50-60万", "50万~60万", "50 to 60".
func (n Numbers) rangeOf(s string) (Number, error) {
	m := fromTo.FindStringSubmatch(s)
	if m == nil {
		return Number{}, ErrNumber
	}
	return n.between(m[1], m[2])
}

// between is the middle of a range; the unit and currency of its end hold for both.
func (n Numbers) between(from, to string) (Number, error) {
	to = strings.TrimSpace(lead.ReplaceAllString(about.ReplaceAllString(to, " "), ""))
	from = strings.TrimSpace(lead.ReplaceAllString(about.ReplaceAllString(from, " "), ""))
	hi, unit, err := n.signed(to)
	if err != nil {
		return Number{}, err
	}
	lo, own, err := n.signed(from)
	if err != nil {
		return Number{}, err
	}
	if own == 0 && unit > 0 {
		lo.Value.Mul(lo.Value, new(big.Rat).SetInt64(unit))
	}
	if unit == 0 && own > 0 {
		hi.Value.Mul(hi.Value, new(big.Rat).SetInt64(own))
	}
	if lo.Value.Sign() < 0 || hi.Value.Cmp(lo.Value) < 0 || lo.Currency != "" && hi.Currency != "" && lo.Currency != hi.Currency {
		return Number{}, ErrNumber
	}
	x := Number{Value: lo.Value.Add(lo.Value, hi.Value), Currency: hi.Currency, About: true}
	x.Value.Mul(x.Value, big.NewRat(1, 2))
	if x.Currency == "" {
		x.Currency = lo.Currency
	}
	return n.whole(x, unit > 0 || own > 0), nil
}

// one reads an amount that is neither about something nor a range.
func (n Numbers) one(s string) (Number, error) {
	x, unit, err := n.signed(s)
	if err != nil {
		return x, err
	}
	return n.whole(x, unit > 0), nil
}

// whole gives a value its column's unit where the cell has none, and a currency.
func (n Numbers) whole(x Number, unit bool) Number {
	if !unit && n.Scale > 1 {
		x.Value.Mul(x.Value, new(big.Rat).SetInt64(n.Scale))
	}
	if x.Currency == "" {
		x.Currency = n.Currency
	}
	if x.Currency != "" {
		x.Currency = resolved(x.Currency, n.Own)
	}
	return x
}

// signed reads a sign, a currency, and what is left as numbers with units; unit is the cell's
// own, 0 for none.
func (n Numbers) signed(s string) (x Number, unit int64, err error) {
	minus := false
	for range 3 { // -¥(5), ¥-5, 5-
		if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
			s, minus = strings.TrimSpace(s[1:len(s)-1]), true
		}
		if rest, ok := strings.CutPrefix(s, "-"); ok {
			s, minus = strings.TrimSpace(rest), true
		} else if rest, ok := strings.CutSuffix(s, "-"); ok {
			s, minus = strings.TrimSpace(rest), true
		}
		s = strings.TrimSpace(strings.TrimPrefix(s, "+"))
		if x.Currency == "" {
			s, x.Currency = cutCurrency(s)
		}
	}
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "整"), "正"))
	if x.Value, unit, err = n.counted(s); err != nil {
		return x, 0, err
	}
	if minus {
		x.Value.Neg(x.Value)
	}
	return x, unit, nil
}

// counted reads numbers with their units, one after the other: 12, 12万, 1亿2000万, 三十万元.
func (n Numbers) counted(s string) (total *big.Rat, unit int64, err error) {
	if s == "" { // a currency alone
		return nil, 0, ErrNumber
	}
	if v, ok := hanNumber(strings.TrimRight(s, "元圆")); ok {
		unit = 1
		return new(big.Rat).SetInt64(v), unit, nil
	}
	total = new(big.Rat)
	last := int64(1) << 62
	for first := true; s != ""; first = false {
		end := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.,' \u00a0\u2009\u202f’", r) })
		if end < 0 {
			end = len(s)
		}
		if e := exponent(s[end:]); e > 0 && end > 0 {
			end += e
		}
		v, ok := n.digits(strings.TrimSpace(s[:end]))
		if !ok {
			return nil, 0, ErrNumber
		}
		s = strings.TrimSpace(s[end:])
		scale := int64(0)
		for s != "" { // 1.2千万
			rest, u := prefixUnit(s)
			if u == 0 {
				break
			}
			s, scale = rest, max(scale, 1)*u
		}
		switch {
		case scale == 0 && (s != "" || !first):
			return nil, 0, ErrNumber
		case scale >= last: // 3万2亿 is no number
			return nil, 0, ErrNumber
		case scale > 0:
			v.Mul(v, new(big.Rat).SetInt64(scale))
			unit, last = max(unit, scale), scale
		}
		total.Add(total, v)
	}
	return total, unit, nil
}

func prefixUnit(s string) (rest string, scale int64) {
	for _, w := range unitsLongestFirst {
		if after, ok := strings.CutPrefix(s, w); ok && !joins(w, after, false) {
			return strings.TrimSpace(after), units[w]
		}
	}
	return s, 0
}

var power = regexp.MustCompile(`^e[+-]?\d{1,2}`)

// exponent is how long an exponent at the beginning of a text is.
func exponent(s string) int { return len(power.FindString(s)) }

// plain reads what needs no thought: digits, and a point with one, two or more than three after it.
func plain(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 18 {
		return nil, false
	}
	var v int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return nil, false
		}
		v = v*10 + int64(s[i]-'0')
	}
	return new(big.Rat).SetInt64(v), true
}

// digits reads one number with its separators.
func (n Numbers) digits(s string) (*big.Rat, bool) {
	decimal := byte('.')
	if n.Decimal == "," {
		decimal = ','
	}
	mark := strings.Index(s, "e")
	power := ""
	if mark > 0 {
		s, power = s[:mark], s[mark:]
	}
	whole, fraction := s, ""
	if i := strings.LastIndexByte(s, decimal); i >= 0 {
		whole, fraction = s[:i], s[i+1:]
		if strings.IndexFunc(fraction, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
			return nil, false
		}
	}
	groups := strings.FieldsFunc(whole, func(r rune) bool { return strings.ContainsRune(",.' \u00a0\u2009\u202f’", r) })
	if strings.IndexByte(whole, decimal) >= 0 {
		return nil, false
	}
	for i, g := range groups { // the last has three digits, those before three, two (India) or four (万)
		if i > 0 && len(groups) > 1 && (len(g) < 2 || len(g) > 4 || i == len(groups)-1 && len(g) == 2) {
			return nil, false
		}
	}
	joined := strings.Join(groups, "")
	if joined == "" && fraction == "" {
		return nil, false
	}
	if joined == "" {
		joined = "0"
	}
	if fraction != "" {
		joined += "." + fraction
	}
	return new(big.Rat).SetString(joined + power)
}
