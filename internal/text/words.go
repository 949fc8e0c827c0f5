package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Words is what somebody wrote, as he wrote it: full-width punctuation and line breaks stay. What
// cannot be seen goes (control and direction marks, blanks at the ends), of several empty lines one
// is left, and letters with accents have one form. Words of words are the same. Whoever compares
// words folds both.
func Words(s string) string {
	if Blank(s) {
		return ""
	}
	lines := linesOf(s)
	out := lines[:0]
	for _, line := range lines {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// Line is Words in one line, where there is room for one.
func Line(s string) string {
	if Blank(s) {
		return ""
	}
	lines := linesOf(s)
	out := lines[:0]
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, " ")
}

// linesOf are a text's lines without what cannot be seen.
func linesOf(s string) []string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Split(norm.NFC.String(strings.Map(seen, s)), "\n")
}

// seen is a character as it is kept, -1 where it is not.
func seen(r rune) rune {
	const widthless, joiner, wide = '\u200c', '\u200d', '\u3000'
	switch {
	case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
		return '\n'
	case r == wide, r == widthless, r == joiner: // a paragraph begins with two; letters and pictures are joined by the others
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// Longer tells whether a text has more characters than that.
func Longer(s string, most int) bool { return len(s) > most && utf8.RuneCountInString(s) > most }

// First is the beginning of a text that has at most so many characters.
func First(s string, most int) string {
	if !Longer(s, most) {
		return s
	}
	return strings.TrimRightFunc(string([]rune(s)[:most]), unicode.IsSpace)
}
