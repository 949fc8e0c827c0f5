// Package text makes what people type comparable: one form for widths and blanks, and a
// key under which two spellings of a name are the same. Readings of Chinese names are
// pinyin's.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold normalises what people type: full-width forms become half-width, every
// kind of blank (no-break spaces too) one space, control and direction marks go.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune { // before letters are put together: what cannot be seen keeps none apart
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
}

// Blank tells whether nobody would see anything of a text: what must be said has to be more.
func Blank(s string) bool { return Fold(s) == "" }

// Cut is the beginning of a text that is at most so many bytes, in whole characters.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.TrimRight(s[:most], " ")
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
