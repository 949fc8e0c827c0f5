package text

import "testing"

// TestAPersonIsKnownHoweverWritten: in capitals or not, a number in groups; and nobody else is.
func TestAPersonIsKnownHoweverWritten(t *testing.T) {
	of := LooksOf([]string{"欧阳修远", "13987654321", "+86 21-5888 1234", "Xiu@Example.com", " ", "张"})
	for text, want := range map[string]string{
		"欧阳修远和欧阳修远":                   "***和***",
		"电话139 8765-4321。":            "电话***。",
		"139-8765-4322":               "139-8765-4322",
		"1391398765432113987654321":   "139******",
		"(86)(21)58881234 转 8":        "(*** 转 8",
		"写给 XIU@example.COM":          "写给 ***",
		"xiu@example.org":             "xiu@example.org",
		"欧阳先生":                        "欧阳先生",
		"":                            "",
		"1398765432":                  "1398765432",
		"138 139\u00a08765\u30004321": "138 ***",
	} {
		if got := of.Without(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if of.In(text) != (text != want) {
			t.Errorf("%q is told as %t", text, of.In(text))
		}
	}
	if got := LooksOf([]string{"Xiu@Example.com", "139-876-543"}).Patterns(func(s string) string { return "%" + s + "%" }); got[0] != "%xiu@example.com%" || got[1] != "%1%3%9%8%7%6%5%4%3%" {
		t.Errorf("%q", got)
	}
}
