package text

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestWordsStayAsTheyWereWritten: what people see stays, what nobody sees goes.
func TestWordsStayAsTheyWereWritten(t *testing.T) {
	for _, x := range []struct{ said, words, line string }{
		{"客户说：“价格（含税）太高，再议。”\n第二行", "客户说：“价格（含税）太高，再议。”\n第二行", "客户说：“价格（含税）太高，再议。” 第二行"},
		{" \t一\r\n二\r三\u2028四 \n", "一\n二\n三\n四", "一 二 三 四"},
		{"一\n\n\n \n二", "一\n\n二", "一 二"},
		{"一\n  · 甲\n\t· 乙", "一\n  · 甲\n · 乙", "一 · 甲 · 乙"},
		{"\u202eABC\u202c\u200b\ufeff\x00\x1b", "ABC", "ABC"},
		{"a\u00a0b", "a b", "a b"},
		{"一\n\u3000\u3000二", "一\n\u3000\u3000二", "一 二"},
		{"cafe\u0301 ２０ ㎡", "café ２０ ㎡", "café ２０ ㎡"},
		{"👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"\n\u200e\n", "", ""},
		{"\u200d", "", ""},
	} {
		if got := Words(x.said); got != x.words {
			t.Errorf("%q in words: %q, want %q", x.said, got, x.words)
		}
		if got := Line(x.said); got != x.line {
			t.Errorf("%q in a line: %q, want %q", x.said, got, x.line)
		}
	}
}

// TestWordsOfWordsAreTheSame: sent twice they are one, and nothing of a word is lost.
func TestWordsOfWordsAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.String().Draw(t, "said")
		if words := Words(said); Words(words) != words || Fold(words) != Fold(said) {
			t.Errorf("%q: %q, then %q", said, words, Words(words))
		}
		line := Line(said)
		for _, r := range line {
			if r == '\n' || unicode.IsControl(r) {
				t.Errorf("%q: a line has %q", said, r)
			}
		}
		if Line(line) != line {
			t.Errorf("%q: %q, then %q", said, line, Line(line))
		}
	})
}

// TestLongerCountsCharacters: a sentence of Chinese is as long as one in English.
func TestLongerCountsCharacters(t *testing.T) {
	if Longer("价格太高", 4) || !Longer("价格太高了", 4) || Longer("price", 5) || !Longer("prices", 5) {
		t.Error("a text is not measured in characters")
	}
}
