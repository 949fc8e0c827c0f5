package pinyin

import (
	"strings"
	"unicode/utf8"
)

// Matcher finds plain names by what somebody typed, for whoever asks of a hundred thousand of them: most
// are told apart by tables, without being spelt.
type Matcher struct {
	Asked
	t     *tables
	first uint32 // the bit of the first letter
}

// NewMatcher reads what somebody typed.
func NewMatcher(query string) Matcher {
	m := Matcher{Asked: Ask(query), t: known()}
	if m.Letters != "" {
		m.first = initial(m.Letters[0])
	}
	return m
}

// Of tells whether a plain name is found.
func (m *Matcher) Of(name string) bool { return strings.Contains(name, m.Part) || m.Reads(name) }

// Reads tells whether a plain name is found by its readings, or by umlauts that were typed as two letters.
func (m *Matcher) Reads(name string) bool {
	if m.Letters == "" {
		return false
	}
	if m.Bare != "" && strings.Contains(name, m.Bare) {
		return true
	}
	may, sure := m.glance(name)
	return may && (sure || m.spells(name) > Not)
}

// glance walks over a name once: whether it may be found, and whether that is sure.
func (m *Matcher) glance(name string) (may, sure bool) {
	start, begins := true, true
	for at := 0; at < len(name); {
		c := name[at]
		var bits uint32
		size := 1
		switch {
		case c >= utf8.RuneSelf:
			ch := m.t.commonAt(name[at:])
			if ch == nil || len(ch.every) == 0 {
				return true, false // a letter the tables lack
			}
			bits, size = ch.initials, 3
		case 'a' <= c && c <= 'z':
			bits = 1 << (c - 'a')
		case '0' <= c && c <= '9':
			if c == m.Letters[0] {
				bits = m.first | 1<<31
			}
		default:
			start = true
			at++
			continue
		}
		if bits&m.first != 0 || bits>>31 != 0 {
			if may, sure = m.from(name[at:], start, begins); may {
				return may, sure
			}
		}
		start, begins = size == 3, false
		at += size
	}
	return false, false
}

// from tells it of what stands from a letter on: of readings and initials where it begins the name, and of
// what may stand within elsewhere.
func (m *Matcher) from(rest string, start, begins bool) (may, sure bool) {
	if begins || m.Within && (start || !isLatin(rest[0])) {
		if may, sure = m.initialsOf(rest, start || begins); may {
			return may, sure
		}
	}
	if begins || len(m.Splits) > 0 && rest[0] >= utf8.RuneSelf {
		return m.readingOf(rest, !begins)
	}
	return false, false
}

// initialsOf tells whether the initials of what stands here begin with the letters.
func (m *Matcher) initialsOf(rest string, start bool) (may, sure bool) {
	left := m.Letters
	for sure = true; len(rest) > 0; {
		c := rest[0]
		switch {
		case c >= utf8.RuneSelf:
			ch := m.t.commonAt(rest)
			if ch == nil || len(ch.every) == 0 {
				return true, false
			}
			if ch.initials&initial(left[0]) == 0 {
				return false, false
			}
			sure = sure && len(ch.every) == 1
			start, rest, left = true, rest[3:], left[1:]
		case 'a' <= c && c <= 'z':
			rest = rest[1:]
			if !start {
				continue
			}
			if c != left[0] {
				return false, false
			}
			start, left = false, left[1:]
		case '0' <= c && c <= '9':
			if c != left[0] {
				return false, false
			}
			start, rest, left = false, rest[1:], left[1:]
		default:
			start, rest = true, rest[1:]
			continue
		}
		if left == "" {
			return true, sure
		}
	}
	return false, false
}

// readingOf tells whether the reading of what stands here begins with the letters, of Han letters alone
// where within.
func (m *Matcher) readingOf(rest string, within bool) (may, sure bool) {
	return m.goesOn(rest, m.Letters, within)
}

func (m *Matcher) goesOn(rest, left string, within bool) (may, sure bool) {
	for len(rest) > 0 {
		c := rest[0]
		switch {
		case c >= utf8.RuneSelf:
			ch := m.t.commonAt(rest)
			if ch == nil || len(ch.every) == 0 {
				return true, false
			}
			if len(ch.every) > 1 {
				return m.oneGoesOn(ch.every, rest[3:], left, within), false
			}
			reading := ch.every[0]
			if len(reading) >= len(left) {
				return strings.HasPrefix(reading, left), true
			}
			if left[:len(reading)] != reading {
				return false, false
			}
			left, rest = left[len(reading):], rest[3:]
			continue
		case isPlain(c):
			if within || c != left[0] {
				return false, false
			}
			if left = left[1:]; left == "" {
				return true, true
			}
		}
		rest = rest[1:]
	}
	return false, false
}

// oneGoesOn tells whether one of a character's readings, with what stands behind it, begins with what is
// left; which of them it is read as here is not asked.
func (m *Matcher) oneGoesOn(readings []string, rest, left string, within bool) bool {
	for _, reading := range readings {
		if strings.HasPrefix(reading, left) {
			return true
		}
		if still, goes := strings.CutPrefix(left, reading); goes {
			if may, _ := m.goesOn(rest, still, within); may {
				return true
			}
		}
	}
	return false
}

// commonAt is the character a name goes on with, nil where the tables lack it.
func (t *tables) commonAt(name string) *char {
	if len(name) < 3 || name[0]&0xf0 != 0xe0 {
		return nil
	}
	r := rune(name[0]&0x0f)<<12 | rune(name[1]&0x3f)<<6 | rune(name[2]&0x3f)
	if r < firstCommon || r > lastCommon {
		return nil
	}
	return &t.common[r-firstCommon]
}

// Rank is how well a name is found.
type Rank uint8

const (
	Not    Rank = iota
	Inside      // in the middle of a word, or of the initials
	Word        // from the beginning of a word or of a syllable on
	Begins      // from its beginning on
	Whole
)

// Rank tells how well a plain name is found.
func (m *Matcher) Rank(name string) Rank {
	best := max(holding(name, m.Part), holding(name, m.Bare))
	if best >= Begins || m.Letters == "" {
		return best
	}
	if may, _ := m.glance(name); !may {
		return best
	}
	return max(best, m.spells(name))
}

// holding tells how well a plain name is found by a part of it.
func holding(name, part string) (best Rank) {
	if name == part && part != "" {
		return Whole
	}
	for from := 0; part != ""; {
		at := strings.Index(name[from:], part)
		if at < 0 {
			break
		}
		if at += from; at == 0 {
			return Begins
		}
		best = max(best, Inside)
		if before, _ := utf8.DecodeLastRuneInString(name[:at]); !runsOn(before, name[at:]) {
			best = Word
			break
		}
		from = at + 1
		for from < len(name) && !utf8.RuneStart(name[from]) {
			from++
		}
	}
	return best
}

// runsOn tells whether a letter is within a word or a number that goes on.
func runsOn(before rune, rest string) bool {
	return before < utf8.RuneSelf && isPlain(byte(before)) && rest[0] < utf8.RuneSelf && isPlain(rest[0]) &&
		isDigit(byte(before)) == isDigit(rest[0])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLatin(c byte) bool { return 'a' <= c && c <= 'z' }

// spells tells how well a plain name is found by its readings, of all that are plausible.
func (m *Matcher) spells(name string) Rank {
	var room [24]piece
	list := pieces(room[:0], name)
	all := 1
	for i := range list {
		all *= max(1, len(list[i].readings))
		if all > mostSpellings {
			best := Not
			for _, way := range otherwise(list) {
				for k := range way {
					way[k].readings = way[k].readings[:min(1, len(way[k].readings))]
				}
				best = max(best, m.spelt(way))
			}
			return best
		}
	}
	return m.spelt(list)
}

// spelt tells it of pieces each of which may be read as all of its readings.
func (m *Matcher) spelt(list []piece) Rank {
	if begins, whole := reads(list, m.Letters); begins {
		if whole {
			return Whole
		}
		return Begins
	}
	if initials(list, m.Letters) {
		return Begins
	}
	for i := range list {
		if len(m.Splits) == 0 {
			break
		}
		n := i
		for n < len(list) && len(list[n].readings) > 0 {
			n++
		}
		if begins, _ := reads(list[i:n], m.Letters); begins {
			return Word
		}
	}
	for i := range list {
		if m.Within && initials(list[i:], m.Letters) {
			return Inside
		}
	}
	return Not
}

// reads tells whether a reading of pieces begins with letters, and whether one is these.
func reads(list []piece, left string) (begins, whole bool) {
	if len(list) == 0 {
		return false, false
	}
	try := func(reading string) {
		if strings.HasPrefix(reading, left) {
			begins, whole = true, whole || len(reading) == len(left) && len(list) == 1
		} else if rest, goes := strings.CutPrefix(left, reading); goes {
			b, w := reads(list[1:], rest)
			begins, whole = begins || b, whole || w
		}
	}
	if len(list[0].readings) == 0 {
		try(list[0].letter)
	}
	for _, reading := range list[0].readings {
		try(reading)
	}
	return begins, whole
}

// initials tells whether initials of pieces begin with letters.
func initials(list []piece, left string) bool {
	for i := range list {
		p := &list[i]
		if !p.start {
			continue
		}
		goes, rest := strings.HasPrefix(left, p.letter) && len(p.readings) == 0, ""
		if goes {
			rest = left[len(p.letter):]
		}
		for _, reading := range p.readings {
			if left[0] == reading[0] {
				goes, rest = true, left[1:]
			}
		}
		if !goes {
			return false
		}
		if left = rest; left == "" {
			return true
		}
	}
	return false
}
