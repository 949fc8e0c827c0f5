// Package pinyin turns names into keys for search and sorting: 华新机电 becomes
// "huaxinjidian" and "hxjd". Latin text passes through in lower case.
package pinyin

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"yunchou/internal/text"

	gopinyin "github.com/mozillazg/go-pinyin"
)

// Keys returns the full reading and the initials (首字母) of a name.
func Keys(name string) (full, initials string) {
	var f, in strings.Builder
	spell(text.Fold(name), func(reading, initial string) bool {
		f.WriteString(reading)
		in.WriteString(initial)
		return true
	})
	return f.String(), in.String()
}

// spell calls each with what every letter of a folded name adds to its reading and to its
// initials, in lower case, until it returns false.
func spell(name string, each func(reading, initial string) bool) {
	start := true
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		letter := name[:size]
		name = name[size:]
		if lower := unicode.ToLower(r); lower != r {
			r, letter = lower, string(lower)
		}
		switch {
		case unicode.Is(unicode.Han, r):
			reading, initial := letter, letter
			if known := readingOf(r); known != "" {
				reading, initial = known, known[:1]
			}
			start = true
			if !each(reading, initial) {
				return
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			initial := ""
			if start || unicode.IsDigit(r) {
				initial = letter
			}
			start = false
			if !each(letter, initial) {
				return
			}
		default:
			start = true
		}
	}
}

// Compare orders two folded names by their readings, as Keys tells them, without making
// them. Where they begin alike nothing is looked up.
func Compare(a, b string) int {
	alike := 0
	for alike < len(a) && alike < len(b) && a[alike] == b[alike] {
		alike++
	}
	within := func(s string) bool { return alike < len(s) && !utf8.RuneStart(s[alike]) }
	for alike > 0 && (within(a) || within(b)) {
		alike--
	}
	a, b = a[alike:], b[alike:]
	var x, y string // of each reading what is not compared yet
	for {
		if x == "" {
			x, a = next(a)
		}
		if y == "" {
			y, b = next(b)
		}
		n := min(len(x), len(y))
		if n == 0 {
			return len(x) - len(y)
		}
		if c := strings.Compare(x[:n], y[:n]); c != 0 {
			return c
		}
		x, y = x[n:], y[n:]
	}
}

// next is the reading of a folded name's next letter that has one, and the name after it; ""
// is the end.
func next(name string) (reading, rest string) {
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		letter := name[:size]
		name = name[size:]
		if lower := unicode.ToLower(r); lower != r {
			r, letter = lower, string(lower)
		}
		if unicode.Is(unicode.Han, r) {
			if known := readingOf(r); known != "" {
				return known, name
			}
			return letter, name
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return letter, name
		}
	}
	return "", ""
}

// Search is what a search text asks of names: for a part of the name in lower case, or for
// letters the reading or the initials begin with. Both are empty where it asks nothing.
func Search(query string) (part, letters string) {
	part = strings.ToLower(text.Fold(query))
	return part, strings.ReplaceAll(part, " ", "")
}

// Begins tells whether the reading or the initials of a folded name begin with some
// letters in lower case: what Keys would tell, without making them, for whoever asks of a
// hundred thousand names.
func Begins(name, letters string) bool {
	full, initials := letters, letters // what is still to come
	fullGoes, initialsGo, found := true, true, false
	spell(name, func(reading, initial string) bool {
		if fullGoes {
			full, fullGoes, found = eat(full, reading)
		}
		if initialsGo && !found {
			initials, initialsGo, found = eat(initials, initial)
		}
		return !found && (fullGoes || initialsGo)
	})
	return found
}

// eat takes a part off the front of what is to come.
func eat(left, part string) (rest string, goes, done bool) {
	if strings.HasPrefix(part, left) {
		return "", false, true
	}
	rest, goes = strings.CutPrefix(left, part)
	return rest, goes, false
}

// readingOf is the reading of a Han character, "" where none is known.
func readingOf(r rune) string {
	if r >= firstCommon && r <= lastCommon {
		return common()[r-firstCommon]
	}
	return dictionary(r)
}

// The Han characters in common use, and their readings, looked up once.
const (
	firstCommon rune = 0x4e00
	lastCommon  rune = 0x9fff
)

var common = sync.OnceValue(func() []string {
	out := make([]string, lastCommon-firstCommon+1)
	for i := range out {
		out[i] = dictionary(firstCommon + rune(i))
	}
	return out
})

func dictionary(r rune) string {
	if p := gopinyin.SinglePinyin(r, gopinyin.NewArgs()); len(p) > 0 {
		return p[0]
	}
	return ""
}
