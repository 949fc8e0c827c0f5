package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Looks are what a person's texts look like in others' words: as they are, in capitals or
// not, and a number with whatever people put between its digits.
type Looks []look

// look is a text in lower case, or the digits of a number.
type look struct {
	text   string
	number bool
}

// numberHas is how many digits make a text a number people write in groups.
const numberHas = 6

// LooksOf are those of some texts.
func LooksOf(texts []string) (out Looks) {
	for _, text := range texts {
		text = asciiLower(strings.TrimSpace(text))
		if text == "" {
			continue
		}
		if digits := digitsOf(text); len(digits) >= numberHas {
			out = append(out, look{digits, true})
		} else {
			out = append(out, look{text, false})
		}
	}
	return out
}

// between is what people put between the digits of a number.
func between(r rune) bool { return strings.ContainsRune("-.()·", r) || unicode.IsSpace(r) }

// digitsOf is the digits of a text that holds nothing but those and what stands between them.
func digitsOf(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			out.WriteRune(r)
		case r != '+' && !between(r):
			return ""
		}
	}
	return out.String()
}

// Patterns are for LIKE, in lower case: they find all that looks so, and more. containing is the
// pattern of what holds a text.
func (of Looks) Patterns(containing func(string) string) (out []string) {
	for _, l := range of {
		if l.number {
			out = append(out, "%"+strings.Join(strings.Split(l.text, ""), "%")+"%")
		} else {
			out = append(out, containing(l.text))
		}
	}
	return out
}

// asciiLower lowers what both databases lower; every byte stays where it was.
func asciiLower(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// at is where the look stands first in a text in lower case, -1 where it does not.
func (l look) at(low string) (from, to int) {
	if !l.number {
		from = strings.Index(low, l.text)
		return from, from + len(l.text)
	}
	for from = range len(low) {
		if low[from] != l.text[0] {
			continue
		}
		if n := l.reaches(low[from:]); n > 0 {
			return from, from + n
		}
	}
	return -1, -1
}

// reaches is how much of a text's beginning is the number, 0 where it does not begin so.
func (l look) reaches(text string) int {
	digit := 0
	for i, r := range text {
		switch {
		case r == rune(l.text[digit]):
			if digit++; digit == len(l.text) {
				return i + 1
			}
		case !between(r):
			return 0
		}
	}
	return 0
}

// First is where the first of them stands in a text, nil where none does.
func (of Looks) First(text string) (at []int) {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "?")
	}
	low := asciiLower(text)
	for _, l := range of {
		if from, to := l.at(low); from >= 0 && (at == nil || from < at[0]) {
			at = []int{from, to}
		}
	}
	return at
}

// In tells whether one of them stands in a text.
func (of Looks) In(text string) bool { return of.First(text) != nil }

// stands is what stands where a person stood.
const stands = "***"

// Without puts that in the place of every one of them.
func (of Looks) Without(text string) string {
	var out strings.Builder
	for {
		at := of.First(text)
		if at == nil {
			return out.String() + text
		}
		out.WriteString(text[:at[0]] + stands)
		text = text[at[1]:]
	}
}
