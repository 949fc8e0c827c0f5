// Package pinyin turns names into keys for search and sorting: 华新机电 becomes
// "huaxinjidian" and "hxjd". Latin text passes through in lower case.
package pinyin

import (
	"strings"
	"unicode"

	gopinyin "github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// Keys returns the full reading and the initials (首字母) of a name.
func Keys(name string) (full, initials string) {
	args := gopinyin.NewArgs()
	var f, in strings.Builder
	start := true
	for _, r := range strings.ToLower(Fold(name)) {
		switch {
		case unicode.Is(unicode.Han, r):
			if p := gopinyin.SinglePinyin(r, args); len(p) > 0 && p[0] != "" {
				f.WriteString(p[0])
				in.WriteByte(p[0][0])
			} else {
				f.WriteRune(r)
				in.WriteRune(r)
			}
			start = true
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			f.WriteRune(r)
			if start || unicode.IsDigit(r) {
				in.WriteRune(r)
			}
			start = false
		default:
			start = true
		}
	}
	return f.String(), in.String()
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
