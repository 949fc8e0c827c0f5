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
		var letter, reading string
		var k kind
		letter, k, name = letterOf(name)
		initial := ""
		switch k {
		case none:
			start = true
			continue
		case han:
			start = true
			reading, initial = letter, letter
			if known := readingOf(letter); known != "" {
				reading, initial = known, known[:1]
			}
		default:
			reading = letter
			if start || k == digit {
				initial = letter
			}
			start = false
		}
		if !each(reading, initial) {
			return
		}
	}
}

// kind is what a letter is to a reading.
type kind uint8

const (
	none kind = iota // a mark or a space, which is not read
	latin
	digit
	han
)

// letterOf takes the first letter off a name, in lower case. What names are mostly made of is
// told without a look at the tables.
func letterOf(name string) (letter string, k kind, rest string) {
	if c := name[0]; c < utf8.RuneSelf {
		switch letter, rest = name[:1], name[1:]; {
		case 'a' <= c && c <= 'z':
			return letter, latin, rest
		case '0' <= c && c <= '9':
			return letter, digit, rest
		case 'A' <= c && c <= 'Z':
			return strings.ToLower(letter), latin, rest
		}
		return letter, none, rest
	}
	r, size := utf8.DecodeRuneInString(name)
	letter, rest = name[:size], name[size:]
	if r >= firstCommon && r <= lastCommon {
		return letter, han, rest
	}
	if lower := unicode.ToLower(r); lower != r {
		r, letter = lower, string(lower)
	}
	switch {
	case unicode.Is(unicode.Han, r):
		return letter, han, rest
	case unicode.IsDigit(r):
		return letter, digit, rest
	case unicode.IsLetter(r):
		return letter, latin, rest
	}
	return letter, none, rest
}

// Compare orders two folded names by their readings, as Keys tells them, without making
// them. Where they begin alike nothing is looked up.
func Compare(a, b string) int {
	alike := 0
	for alike < len(a) && alike < len(b) && a[alike] == b[alike] {
		alike++
	}
	if alike < len(a) && alike < len(b) && isPlain(a[alike]) && isPlain(b[alike]) {
		return int(a[alike]) - int(b[alike]) // each is its own reading
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

// isPlain tells a letter that reads as itself.
func isPlain(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// next is the reading of a folded name's next letter that has one, and the name after it; ""
// is the end.
func next(name string) (reading, rest string) {
	for len(name) > 0 {
		var k kind
		if reading, k, name = letterOf(name); k == none {
			continue
		}
		if k == han {
			if known := readingOf(reading); known != "" {
				reading = known
			}
		}
		return reading, name
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
func readingOf(letter string) string {
	r, _ := utf8.DecodeRuneInString(letter)
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
