package text_test

import (
	"testing"
	"unicode"

	"yunchou/internal/text"

	"golang.org/x/text/unicode/norm"
)

func TestAccentsAreFolded(t *testing.T) {
	for said, want := range map[string]string{
		"Café ": "cafe", "MÜLLER": "muller", "Straße": "strasse", "STRAẞE": "strasse", "Đà Nẵng": "da nang", "Łódź": "lodz",
		"Ångström Æther": "angstrom aether", "İstanbul ıSPARTA": "istanbul isparta", "ΣΊΣΥΦΟΣ": "σισυφοσ", "Ёлка": "елка", "ＡＢＣ　１２３": "abc 123",
		"がぎ": "がぎ", "한국": "한국", "重庆 ABB": "重庆 abb", "㐂𠮷龘": "㐂𠮷龘", "e\u0301": "e", "": "", " a  b ": "a b", "O’Neil": "o'neil",
	} {
		if got := text.Plain(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// TestPlainIsPlain: what is stored plain and made plain again is found as before.
func TestPlainIsPlain(t *testing.T) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) || r >= 0xd800 && r <= 0xdfff {
			continue
		}
		for _, s := range []string{string(r), "a" + string(r) + "\u0301"} {
			plain := text.Plain(s)
			if again := text.Plain(plain); again != plain {
				t.Errorf("%q: %q, again %q (%x)", s, plain, again, norm.NFD.String(s))
			}
		}
	}
}
