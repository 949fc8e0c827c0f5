package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Plain is a text as it is searched for and read aloud: folded, in lower case, letters without their
// accents (café as cafe, Müller as muller, Đà Nẵng as da nang, Łódź as lodz, Straße as strasse). Plain
// of what is plain is the same.
func Plain(s string) string {
	if isPlain(s) {
		return s
	}
	s = Fold(s)
	if isPlain(s) {
		return s
	}
	var out strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch bare, known := barely[r]; {
		case known:
			out.WriteString(bare)
		case unicode.Is(unicode.Mn, r) && accented(out.String()):
		default:
			out.WriteRune(r)
		}
	}
	// Marks that were kept, of kana and Hangul, are joined to their letters again.
	return strings.Join(strings.Fields(norm.NFC.String(out.String())), " ")
}

// accented tells of the letter written last that its marks are accents, and no part of its sound.
func accented(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// barely are letters that are one of their own to Unicode, as people type them who lack the key.
var barely = map[rune]string{'ß': "ss", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ħ': "h", 'ŧ': "t",
	'ς': "σ", 'ŋ': "n", 'ĸ': "k", 'ə': "e", 'ʼ': "'", '’': "'"}

// isPlain tells of what most names are made of, Han letters and ASCII in lower case with single
// blanks, that it needs no folding.
func isPlain(s string) bool {
	blank := true
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			switch {
			case c == ' ' && blank, c < ' ', c == 0x7f, 'A' <= c && c <= 'Z':
				return false
			}
			blank = c == ' '
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r < 0x4e00 || r > 0x9fff {
			return false
		}
		blank = false
		i += size
	}
	return !blank || s == ""
}
