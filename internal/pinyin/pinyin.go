// Package pinyin reads names aloud, for search and for order: 华新机电 is "huaxinjidian" and "hxjd",
// 重庆钢铁 "chongqinggangtie", 单晓 "shanxiao" and, in case, "danxiao". Latin text passes through plain.
// Where words and families have a character read otherwise than alone is told by words.txt and
// surnames.txt, what it may be read as besides by characters.txt, and everything else by go-pinyin.
package pinyin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"yunchou/internal/text"
)

// Keys returns the full reading and the initials (首字母) of a name, as most would read it.
func Keys(name string) (full, initials string) { return spelling(pieces(nil, text.Plain(name))) }

// kind is what a letter is to a reading.
type kind uint8

const (
	none kind = iota // a mark or a space, which is not read
	latin
	digit
	han
)

// piece is a letter of a plain name that is read.
type piece struct {
	letter   string
	start    bool     // of a word, so that it is among the initials
	readings []string // of a Han character, the likeliest first; none where none is known
}

func (p *piece) reading() string {
	if len(p.readings) > 0 {
		return p.readings[0]
	}
	return p.letter
}

// pieces adds the letters of a plain name that are read to out. Their readings are the tables' own.
func pieces(out []piece, name string) []piece {
	t := known()
	family := familyName(t, name)
	start := true
	var told [][]string // readings of a word's characters that are still to come
	for len(name) > 0 {
		letter, k, rest := letterOf(name)
		at := name
		name = rest
		switch k {
		case none:
			start = true
			continue
		case han:
			p := piece{letter: letter, start: true}
			r, _ := utf8.DecodeRuneInString(letter)
			c := t.of(r)
			// Of two words that share a letter the later has it: 南京市长江大桥 has a 长江 and no 市长.
			if c.inWord && len(told) <= 1 {
				if w := t.wordAt(at); w.letters != "" {
					told = w.typings
				}
			}
			switch {
			case len(told) > 0:
				p.readings, told = told[0], told[1:]
			case len(out) == 0 && family != nil:
				p.readings = family
			default:
				p.readings = c.readings
			}
			out, start = append(out, p), true
			continue
		}
		out = append(out, piece{letter: letter, start: start || k == digit})
		start = false
	}
	return out
}

// familyName is the reading of a person's family name where the character alone is read otherwise: a
// person is a name of two or three Han letters that does not begin with a word we know.
func familyName(t *tables, name string) []string {
	if len(name) < 6 || len(name) > 12 || name[0] < utf8.RuneSelf {
		return nil
	}
	_, size := utf8.DecodeRuneInString(name)
	readings, there := t.surnames[name[:size]]
	if !there {
		return nil
	}
	if n := utf8.RuneCountInString(name); n < 2 || n > 3 {
		return nil
	}
	if t.wordAt(name).letters != "" {
		return nil
	}
	for _, r := range name {
		if !unicode.Is(unicode.Han, r) {
			return nil
		}
	}
	return readings
}

// spelling is the full reading and the initials of pieces.
func spelling(list []piece) (full, initials string) {
	var f, in strings.Builder
	for i := range list {
		reading := list[i].reading()
		f.WriteString(reading)
		if list[i].start {
			_, size := utf8.DecodeRuneInString(reading)
			in.WriteString(reading[:size])
		}
	}
	return f.String(), in.String()
}

// letterOf takes the first letter off a plain name.
func letterOf(name string) (letter string, k kind, rest string) {
	if c := name[0]; c < utf8.RuneSelf {
		switch letter, rest = name[:1], name[1:]; {
		case 'a' <= c && c <= 'z':
			return letter, latin, rest
		case '0' <= c && c <= '9':
			return letter, digit, rest
		}
		return letter, none, rest
	}
	r, size := utf8.DecodeRuneInString(name)
	letter, rest = name[:size], name[size:]
	switch {
	case r >= firstCommon && r <= lastCommon, unicode.Is(unicode.Han, r):
		return letter, han, rest
	case unicode.IsDigit(r):
		return letter, digit, rest
	case unicode.IsLetter(r):
		return letter, latin, rest
	}
	return letter, none, rest
}

// Compare orders two plain names by their readings, as Keys tells them, without making them.
func Compare(a, b string) int {
	alike := 0
	for alike < len(a) && alike < len(b) && a[alike] == b[alike] {
		alike++
	}
	if alike < len(a) && alike < len(b) && isPlain(a[alike]) && isPlain(b[alike]) {
		return int(a[alike]) - int(b[alike]) // each is its own reading
	}
	t := known()
	alike = t.apart(a, b, alike)
	x, y := speaker{t: t, name: a[alike:]}, speaker{t: t, name: b[alike:]}
	if alike == 0 {
		x.family, y.family = familyName(t, a), familyName(t, b)
	}
	return x.compare(&y)
}

// apart is how much two names that are alike so far are read alike: up to the last character that
// others of its name may change the reading of.
func (t *tables) apart(a, b string, alike int) int {
	within := func(s string) bool { return alike < len(s) && !utf8.RuneStart(s[alike]) }
	for alike > 0 && (within(a) || within(b)) {
		alike--
	}
	if first, size := utf8.DecodeRuneInString(a); size <= alike && first >= firstCommon && t.of(first).inWord {
		return 0
	}
	for alike > 0 {
		r, size := utf8.DecodeLastRuneInString(a[:alike])
		if r < firstCommon || r <= lastCommon && !t.common[r-firstCommon].inWord {
			break
		}
		alike -= size
	}
	return alike
}

// speaker reads a plain name letter by letter.
type speaker struct {
	t      *tables
	name   string   // what is still to be read
	told   []string // readings of a word that are still to come
	family []string // the readings of the first letter, where that is a family name
}

// next is the reading of the next letter that has one; "" is the end.
func (s *speaker) next() (reading string) {
	for len(s.name) > 0 {
		letter, k, rest := letterOf(s.name)
		if k == han {
			reading = s.han(letter)
			s.name = rest
			return reading
		}
		if s.name, s.told = rest, nil; k != none {
			return letter
		}
	}
	return ""
}

func (s *speaker) han(letter string) (reading string) {
	r, _ := utf8.DecodeRuneInString(letter)
	c := s.t.of(r)
	if c.inWord && len(s.told) <= 1 && s.family == nil {
		if w := s.t.wordAt(s.name); w.letters != "" {
			s.told = w.readings
		}
	}
	switch {
	case len(s.told) > 0:
		reading, s.told = s.told[0], s.told[1:]
	case s.family != nil:
		reading = s.family[0]
	default:
		reading = c.alone()
	}
	s.family = nil
	if reading == "" {
		return letter
	}
	return reading
}

// compare orders what two have still to read; each is asked no further than they differ.
func (s *speaker) compare(o *speaker) int {
	var x, y string // of each reading what is not compared yet
	for {
		if x == "" {
			x = s.next()
		}
		if y == "" {
			y = o.next()
		}
		n := min(len(x), len(y))
		if n == 0 {
			return len(x) - len(y)
		}
		if c := strings.Compare(x[:n], y[:n]); c != 0 {
			return c
		}
		x, y = x[n:], y[n:]
	}
}

// isPlain tells a letter that reads as itself.
func isPlain(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
