package pinyin

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Beginning asks many folded names in lower case what Begins asks of one: it reads what names
// are mostly made of, Han characters in common use, Latin letters and digits, from tables, and
// leaves a name with any other letter to Begins.
type Beginning struct {
	letters  string
	readings []string
	initials []byte
}

// NewBeginning asks for letters in lower case.
func NewBeginning(letters string) Beginning {
	return Beginning{letters, common(), commonInitials()}
}

// commonInitials are the first letters of the readings of common; 0 where none is known.
var commonInitials = sync.OnceValue(func() []byte {
	out := make([]byte, len(common()))
	for i, reading := range common() {
		if reading != "" {
			out[i] = reading[0]
		}
	}
	return out
})

// Of tells whether a name's reading or initials begin with the letters.
func (b *Beginning) Of(name string) bool {
	if b.letters == "" {
		return Begins(name, b.letters)
	}
	begins, known := b.initialsOf(name)
	if known && !begins {
		begins, known = b.readingOf(name)
	}
	if !known {
		return Begins(name, b.letters)
	}
	return begins
}

// initialsOf tells it of the initials; not known is a name with a letter that is in no table.
func (b *Beginning) initialsOf(name string) (begins, known bool) {
	left, start := b.letters, true
	for i := 0; i < len(name); {
		var initial byte
		switch c := name[i]; {
		case c >= utf8.RuneSelf:
			at, ok := commonAt(name[i:])
			if !ok || b.initials[at] == 0 {
				return false, false
			}
			initial, start = b.initials[at], true
			i += 3
		case 'A' <= c && c <= 'Z':
			return false, false
		case 'a' <= c && c <= 'z':
			i++
			if !start {
				continue
			}
			initial, start = c, false
		case '0' <= c && c <= '9':
			i++
			initial, start = c, false
		default:
			i++
			start = true
			continue
		}
		if left[0] != initial {
			return false, true
		}
		if left = left[1:]; left == "" {
			return true, true
		}
	}
	return false, true
}

// readingOf tells it of the reading.
func (b *Beginning) readingOf(name string) (begins, known bool) {
	left := b.letters
	for i := 0; i < len(name); {
		c := name[i]
		switch {
		case c >= utf8.RuneSelf:
			at, ok := commonAt(name[i:])
			if !ok || b.readings[at] == "" {
				return false, false
			}
			i += 3
			reading := b.readings[at]
			if len(reading) >= len(left) {
				return strings.HasPrefix(reading, left), true
			}
			if left[:len(reading)] != reading {
				return false, true
			}
			left = left[len(reading):]
			continue
		case 'A' <= c && c <= 'Z':
			return false, false
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		default:
			i++
			continue
		}
		i++
		if left[0] != c {
			return false, true
		}
		if left = left[1:]; left == "" {
			return true, true
		}
	}
	return false, true
}

// commonAt is the place in the tables of a name's first character, which takes three bytes.
func commonAt(name string) (at int, ok bool) {
	if len(name) < 3 || name[0]&0xf0 != 0xe0 {
		return 0, false
	}
	r := rune(name[0]&0x0f)<<12 | rune(name[1]&0x3f)<<6 | rune(name[2]&0x3f)
	if r < firstCommon || r > lastCommon {
		return 0, false
	}
	return int(r - firstCommon), true
}
