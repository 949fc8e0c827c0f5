package text_test

import (
	"testing"
	"unicode"

	"yunchou/internal/text"
)

// TestFoldedIsFolded: what is folded holds nothing that cannot be seen and is folded already, whatever the character;
// and what cannot be seen keeps no accent from its letter.
func TestFoldedIsFolded(t *testing.T) {
	for r := rune(1); r <= 0xe0fff; r++ {
		if r == 0x33480 {
			r = 0xe0000 // nothing is between, and private use after
		}
		for _, said := range []string{string(r), "e" + string(r) + "\u0301", "Ⅰ" + string(r) + "\u0300"} {
			folded := text.Fold(said)
			if text.Fold(folded) != folded {
				t.Fatalf("%q: %q, then %q", said, folded, text.Fold(folded))
			}
			for _, x := range folded {
				if unicode.IsControl(x) || unicode.Is(unicode.Cf, x) {
					t.Fatalf("%q: %q holds %U", said, folded, x)
				}
			}
			if (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) && !unicode.IsSpace(r) && said[:1] == "e" && len(said) > 3 && folded != "é" {
				t.Fatalf("%q: %q", said, folded)
			}
		}
	}
}
