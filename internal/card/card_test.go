package card

import (
	"os"
	"strings"
	"testing"
)

// TestWhatATextTellsOfAPerson: each case of testdata/cards.txt is a text, a line of ===, and what is read of it, field by
// field; what is not listed is empty, but for the rest, which is compared where it is listed.
func TestWhatATextTellsOfAPerson(t *testing.T) {
	raw, err := os.ReadFile("testdata/cards.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimSpace(string(raw)), "\n######\n")
	if len(cases) < 40 {
		t.Errorf("%d cases", len(cases))
	}
	for _, one := range cases {
		said, want, _ := strings.Cut(one, "\n===\n")
		got := shown(Read(said))
		if !strings.Contains("\n"+want, "\nrest ") {
			got = withoutRest(got)
		}
		if got != strings.TrimSpace(want) {
			t.Errorf("%s\n--- got\n%s\n--- want\n%s\n", said, got, want)
		}
	}
}

func shown(c Card) string {
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+" "+value)
		}
	}
	post := func(before string, p Post) {
		add(before+"company", p.Company)
		add(before+"department", p.Department)
		add(before+"title", p.Title)
	}
	add("name", c.Name)
	post("", c.Post)
	add("mobile", c.Mobile)
	add("phone", c.Phone)
	add("email", c.Email)
	add("wechat", c.WeChat)
	add("address", c.Address)
	for _, p := range c.Former {
		post("former ", p)
	}
	for _, r := range c.Rest {
		add("rest", r)
	}
	return strings.Join(out, "\n")
}

func withoutRest(said string) string {
	var out []string
	for _, line := range strings.Split(said, "\n") {
		if !strings.HasPrefix(line, "rest ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
