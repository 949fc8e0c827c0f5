package form

import (
	"strings"
	"unicode"

	"yunchou/internal/text"
)

// Name is a column's heading, or one of the names people give a field, ready to be compared.
type Name struct {
	key    string   // lower case, without brackets, blanks and marks
	tokens []string // of letters
	han    []rune   // of Han characters
}

// NameOf takes a heading apart: "Opportunity Owner (ID)", "SalesPersonID", "预计签约日期(必填)*".
func NameOf(heading string) Name {
	heading = text.Simplified(bracketed.ReplaceAllString(heading, " "))
	var n Name
	word := []rune{}
	end := func() {
		if token := translated(strings.ToLower(string(word))); token != "" {
			n.tokens = append(n.tokens, strings.Fields(token)...)
		}
		word = word[:0]
	}
	var before rune
	for _, r := range heading {
		switch {
		case unicode.Is(unicode.Han, r):
			end()
			n.han = append(n.han, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) && len(word) > 0:
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				end()
			}
			word = append(word, r)
		default:
			end()
		}
		before = r
	}
	end()
	if as, ok := overseas[string(n.han)]; ok {
		n.han = []rune(as)
	}
	n.key = strings.Join(n.tokens, " ") + string(n.han)
	return n
}

// Names are what a heading may be the name of: what it says as a whole, and, where it is made of
// several lines, what its lower ones say, "金额 预计" as 预计金额 too.
func Names(heading string) []Name {
	out := []Name{NameOf(heading)}
	parts := strings.Fields(bracketed.ReplaceAllString(heading, " "))
	for _, p := range parts {
		if first := []rune(p); len(first) < 2 || !unicode.Is(unicode.Han, first[0]) {
			return out
		}
	}
	if n := len(parts); n > 1 {
		last, above := parts[n-1], parts[n-2]
		out = append(out, NameOf(above+last), NameOf(last+above), NameOf(last))
	}
	return out
}

// stems are forms of words that stand for one another in headings.
var stems = map[string]string{"created": "create", "creation": "create", "closed": "close", "closing": "close", "expected": "expect", "estimated": "est",
	"won": "win", "lost": "loss", "assigned": "assign", "modified": "modify", "updated": "update", "no": "id", "number": "id", "num": "id",
	"client": "customer", "organisation": "organization", "telephone": "phone", "salesperson": "seller", "mail": "email"}

func singular(w string) string {
	if s, ok := stems[w]; ok {
		return s
	}
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") {
		return w[:len(w)-1]
	}
	return w
}

// Key is what two headings that say the same have in common.
func (n Name) Key() string { return n.key }

// Like is how much one heading says what the other does, from 0 to 1.
func (n Name) Like(name Name) float64 {
	switch {
	case n.key == "" || name.key == "":
		return 0
	case n.key == name.key:
		return 1
	}
	return max(n.hanLike(name), n.lettersLike(name))
}

// hanLike compares by pairs of characters (Dice's coefficient); what stands at the end of a Chinese
// compound is what it is about, what stands before it which one.
func (n Name) hanLike(name Name) float64 {
	a, b := string(n.han), string(name.han)
	if a == "" || b == "" {
		return 0
	}
	like := 0.9 * dice(pairs(n.han), pairs(name.han))
	short, long := float64(min(len(n.han), len(name.han))), float64(max(len(n.han), len(name.han)))
	switch {
	case a == b && len(n.tokens) > 0: // 客户ID and 客户
		return 0.6
	case strings.HasSuffix(a, b) || strings.HasSuffix(b, a):
		like = max(like, 0.5+0.45*short/long)
	case strings.HasPrefix(a, b):
		like = max(like, 0.3+0.45*short/long)
	}
	if len(n.tokens) > 0 != (len(name.tokens) > 0) {
		like *= 0.8
	}
	return like
}

func pairs(rs []rune) (out []string) {
	if len(rs) == 1 {
		return []string{string(rs)}
	}
	for i := 1; i < len(rs); i++ {
		out = append(out, string(rs[i-1:i+1]))
	}
	return out
}

func dice(a, b []string) float64 {
	both := 0
	left := map[string]int{}
	for _, x := range a {
		left[x]++
	}
	for _, x := range b {
		if left[x] > 0 {
			left[x]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}

// little are words that say little of which column it is.
var little = map[string]float64{"the": 0, "of": 0, "a": 0, "an": 0, "in": 0, "to": 0.3, "full": 0.2, "total": 0.3, "current": 0.3, "record": 0.3, "item": 0.3,
	"info": 0.2, "sale": 0.5, "sales": 0.5, "crm": 0.2, "primary": 0.2, "type": 0.5, "name": 0.6, "date": 0.7, "on": 0.5, "time": 0.7, "at": 0.3, "by": 1,
	"code": 0.6, "address": 0.3, "main": 0.2, "field": 0.2}

// moment are words for when, which stand for one another.
var moment = map[string]bool{"date": true, "on": true, "time": true, "at": true, "day": true, "create": true, "close": true}

func weight(token string) float64 {
	if w, ok := little[token]; ok {
		return w
	}
	return 1
}

// lettersLike compares by words; the last is what an English compound is about.
func (n Name) lettersLike(name Name) float64 {
	if len(n.tokens) == 0 || len(name.tokens) == 0 {
		return 0
	}
	both, all := 0.0, 0.0
	for _, x := range n.tokens {
		all += weight(x)
		for _, y := range name.tokens {
			if x == y {
				both += weight(x)
				break
			}
		}
	}
	for _, y := range name.tokens {
		all += weight(y)
	}
	if all == 0 {
		return 0
	}
	like := 0.95 * 2 * both / all
	last, end := n.tokens[len(n.tokens)-1], name.tokens[len(name.tokens)-1]
	if last != end && !(moment[last] && moment[end]) {
		like *= 0.7
	}
	return like
}
