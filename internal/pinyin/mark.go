package pinyin

import (
	"strings"
	"unicode"

	"yunchou/internal/text"
)

// Mark tells where in a name what was typed stands, by its letters, its readings or its initials: from one
// letter of it to before another, counted in letters. Both are 0 where it stands nowhere in the name.
func (m *Matcher) Mark(name string) (from, to int) {
	plain, letter := aligned(name)
	if plain != text.Plain(name) {
		return 0, 0
	}
	for _, part := range []string{m.Part, m.Bare} {
		if at := strings.Index(plain, part); part != "" && at >= 0 {
			return letter[at], letter[at+len(part)-1] + 1
		}
	}
	if m.Letters == "" || !m.Reads(plain) {
		return 0, 0
	}
	list, at := pieces(nil, plain), make([]int, 0, len(plain))
	for rest := plain; rest != ""; {
		_, k, behind := letterOf(rest)
		if k != none {
			at = append(at, letter[len(plain)-len(rest)])
		}
		rest = behind
	}
	i, n := m.stretch(list)
	if n == 0 {
		return 0, 0
	}
	return at[i], at[i+n-1] + 1
}

// aligned is a name made plain letter by letter, and for each byte of that the letter of the name it is of.
func aligned(name string) (plain string, letter []int) {
	var out strings.Builder
	for k, r := range []rune(name) {
		p := text.Plain(string(r))
		if unicode.IsSpace(r) {
			p = " "
		}
		for range len(p) {
			letter = append(letter, k)
		}
		out.WriteString(p)
	}
	return out.String(), letter
}

// stretch is the first of the pieces that read or begin as what was typed, and how many these are.
func (m *Matcher) stretch(list []piece) (from, n int) {
	if n = readTo(list, m.Letters); n > 0 {
		return 0, n
	}
	if n = initialsTo(list, m.Letters); n > 0 {
		return 0, n
	}
	for i := range list {
		if n = readTo(list[i:], m.Letters); n > 0 && len(list[i].readings) > 0 {
			return i, n
		}
	}
	for i := range list {
		if n = initialsTo(list[i:], m.Letters); n > 0 {
			return i, n
		}
	}
	return 0, 0
}

// readTo is how many pieces from the first on read as letters, 0 where they do not.
func readTo(list []piece, left string) int {
	if len(list) == 0 {
		return 0
	}
	spoken := list[0].readings
	if len(spoken) == 0 {
		spoken = []string{list[0].letter}
	}
	for _, reading := range spoken {
		if strings.HasPrefix(reading, left) {
			return 1
		}
		if rest, goes := strings.CutPrefix(left, reading); goes {
			if n := readTo(list[1:], rest); n > 0 {
				return n + 1
			}
		}
	}
	return 0
}

// initialsTo is how many pieces from the first on begin with letters, 0 where they do not.
func initialsTo(list []piece, left string) int {
	for n := range list {
		if list[n].start {
			if !initials(list[n:n+1], left[:1]) {
				return 0
			}
			if left = left[1:]; left == "" {
				return n + 1
			}
		} else if n == 0 {
			return 0
		}
	}
	return 0
}
