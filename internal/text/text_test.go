package text_test

import (
	"testing"

	"yunchou/internal/text"
)

// TestOneFormOfWhatIsTyped: widths, blanks and marks nobody sees.
func TestOneFormOfWhatIsTyped(t *testing.T) {
	for in, want := range map[string]string{
		"ＡＢＣ１２３":                  "ABC123",
		"上海　华新\u00a0机电":           "上海 华新 机电",
		" a\tb\r\nc ":             "a b c",
		"王\u200b强\u200e":          "王强",
		"\u212b":                  "Å", // the Ångström sign
		"O\u0308L":                "ÖL",
		"㈱华新":                     "(株)华新",
		"１２，５００．００":               "12,500.00",
		"\ufeff编号":                "编号",
		"":                        "",
		"\u202e(gnp.exe)\u202c报价": "(gnp.exe)报价",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

// TestTheSameNameTypedTwice: names are one by what Match makes of them.
func TestTheSameNameTypedTwice(t *testing.T) {
	for _, pair := range [][2]string{
		{"华新机电有限公司", "华新机电"}, {"ABC（上海）", "ａｂｃ(上海)"}, {"Öl-Werke", "ÖL WERKE"}, {"O\u0308l", "öl"},
		{"ΣΙΓΜΑ", "σιγμα"}, {"ИНТЕР", "интер"}, {"STRAẞE", "straße"}, {"３Ｍ中国", "3M 中国"},
	} {
		if text.Match(pair[0]) != text.Match(pair[1]) {
			t.Errorf("%q is %q, %q is %q", pair[0], text.Match(pair[0]), pair[1], text.Match(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"Straße", "Strasse"}, {"华新", "華新"}, {"公司", ""}} {
		if text.Match(pair[0]) == text.Match(pair[1]) {
			t.Errorf("%q and %q are one", pair[0], pair[1])
		}
	}
}
