package identity

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"yunchou/internal/fault"
	"yunchou/internal/org"

	"golang.org/x/text/unicode/norm"
)

// Passwords by NIST SP 800-63B-4: long enough to be alone (15), no rule of what they are made
// of, spaces and every script welcome, none that is common or made of what everybody can read
// about its owner.
const minPassword, maxPassword = 15, 200

// The list is made by `go run ./internal/identity/commonlist`: what people are known to
// choose, put together from words, keys beside one another and what is hung on behind.
//
//go:embed common.txt.gz
var packed []byte

var commonPasswords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // embedded
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		out[lines.Text()] = true
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
	return out
})

// checkPassword refuses what is no password. Faults: org.password_length,
// identity.password_common, identity.password_personal.
func checkPassword(s org.Secret) error {
	n := utf8.RuneCountInString(s.Text)
	if n < minPassword || n > maxPassword {
		f := fault.Input(s.Pointer, "org.password_length", "use %d to %d characters", minPassword, maxPassword)
		return f.With("min", minPassword).With("max", maxPassword)
	}
	folded := strings.ToLower(norm.NFKC.String(s.Text))
	if common(folded) {
		return fault.Input(s.Pointer, "identity.password_common", "many people have chosen this one, or one like it")
	}
	if personal(folded, s.Login, s.Name, s.Company, "yunchou", "运筹") {
		return fault.Input(s.Pointer, "identity.password_personal", "made of a name others know")
	}
	return nil
}

// common tells a password of the list, one that repeats itself, and one of the list that
// figures and signs make longer.
func common(folded string) bool {
	list := commonPasswords()
	bare := strings.TrimFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
	return list[folded] || bare == "" || list[bare] || list[period(folded)] || utf8.RuneCountInString(period(folded)) <= 5 ||
		list[period(bare)]
}

// period is the shortest beginning that repeated makes a text.
func period(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}

// personal tells a password that is hardly more than words others know, and figures.
func personal(folded string, words ...string) bool {
	for _, w := range words {
		if w = strings.ToLower(norm.NFKC.String(w)); utf8.RuneCountInString(w) >= 2 {
			folded = strings.ReplaceAll(folded, w, "")
		}
	}
	left := 0
	for _, r := range folded {
		if unicode.IsLetter(r) {
			left++
		}
	}
	return left < 5 && utf8.RuneCountInString(folded) < minPassword
}
