// Package pinyin turns names into keys for search and sorting: 华新机电 becomes
// "huaxinjidian" and "hxjd". Latin text passes through in lower case.
package pinyin

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	gopinyin "github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// Keys returns the full reading and the initials (首字母) of a name.
func Keys(name string) (full, initials string) {
	var f, in strings.Builder
	spell(Fold(name), func(reading, initial string) bool {
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

// Search is what a search text asks of names: for a part of the name in lower case, or for
// letters the reading or the initials begin with. Both are empty where it asks nothing.
func Search(text string) (part, letters string) {
	part = strings.ToLower(Fold(text))
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

// Fold normalises what people type: full-width forms become half-width, every
// kind of blank (no-break spaces too) one space, control and direction marks go.
func Fold(s string) string {
	s = norm.NFKC.String(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Match is the key two names are compared by: folded, lower case, no blanks or
// punctuation, without the usual company suffixes.
func Match(name string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, Fold(name))
	for _, suffix := range []string{"有限责任公司", "股份有限公司", "有限公司", "集团公司", "公司"} {
		if t := strings.TrimSuffix(s, suffix); t != s && t != "" {
			return t
		}
	}
	return s
}
