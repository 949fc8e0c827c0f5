package pinyin

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	gopinyin "github.com/mozillazg/go-pinyin"
)

// Version changes with what names are read as: tables that keep readings of an older one are read again.
const Version = 1

//go:embed words.txt
var wordsText string

//go:embed characters.txt
var charactersText string

//go:embed surnames.txt
var surnamesText string

// word is one whose characters are read as nowhere else.
type word struct {
	letters  string
	readings []string
	typings  [][]string // of each character, how its reading is typed
}

// tables are what is known of characters, looked up once.
type tables struct {
	common   [lastCommon - firstCommon + 1]char
	rare     map[rune]char
	words    map[rune][]word     // by the first character, the longest first
	surnames map[string][]string // that of the family first, and those of the character
	valid    map[string]bool     // every syllable a reading is made of
	begins   map[string]bool     // and what one begins with
}

// char is what a character reads as.
type char struct {
	readings []string // that alone first; none where none is known
	every    []string // those and what words and families have it read as
	initials uint32   // a bit for each letter one of these begins with
	inWord   bool     // is read otherwise in some words, or as a family name
}

// The Han characters in common use.
const (
	firstCommon rune = 0x4e00
	lastCommon  rune = 0x9fff
)

var known = sync.OnceValue(func() *tables {
	t := &tables{rare: map[rune]char{}, words: map[rune][]word{}, surnames: map[string][]string{}, valid: map[string]bool{}, begins: map[string]bool{}}
	for r := firstCommon; r <= lastCommon; r++ {
		t.read(r, dictionary(r))
	}
	lines(charactersText, func(letter rune, said []string) { t.read(letter, said[1:]...) })
	lines(wordsText, func(first rune, said []string) {
		w := word{letters: said[0], readings: said[1:]}
		for i, r := range []rune(said[0]) {
			w.typings = append(w.typings, typings(said[1+i]))
			t.alsoReads(r, w.typings[i])
		}
		t.words[first] = append(t.words[first], w)
	})
	for _, list := range t.words {
		longestFirst(list)
	}
	lines(surnamesText, func(letter rune, said []string) {
		family := typings(said[1])
		t.alsoReads(letter, family)
		for _, reading := range t.of(letter).readings {
			family = appendNew(family, reading)
		}
		t.surnames[said[0]] = family
	})
	return t
})

// lines calls each with the first character and the words of every line that is not a remark.
func lines(text string, each func(first rune, said []string)) {
	for line := range strings.Lines(text) {
		if said := strings.Fields(line); len(said) > 1 && said[0] != "#" {
			first, _ := utf8.DecodeRuneInString(said[0])
			each(first, said)
		}
	}
}

func longestFirst(list []word) {
	for i := range list {
		for k := i; k > 0 && len(list[k].letters) > len(list[k-1].letters); k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
}

// read notes how a character is read alone, and its other readings.
func (t *tables) read(r rune, readings ...string) {
	c := char{}
	for _, reading := range readings {
		if reading != "" {
			c.readings = append(c.readings, typings(reading)...)
		}
	}
	for _, reading := range c.readings {
		t.syllable(&c, reading)
	}
	t.set(r, c)
}

// typings are how a syllable is typed: ü is v on a Chinese keyboard and u in a passport.
func typings(reading string) []string {
	if strings.HasPrefix(reading, "lv") || strings.HasPrefix(reading, "nv") {
		return []string{reading, strings.Replace(reading, "v", "u", 1)}
	}
	return []string{reading}
}

// alsoReads notes that a word or a family name has a character read so.
func (t *tables) alsoReads(r rune, readings []string) {
	c := t.of(r)
	c.inWord = true
	for _, reading := range readings {
		t.syllable(&c, reading)
	}
	t.set(r, c)
}

// syllable notes that a character may be read so.
func (t *tables) syllable(c *char, reading string) {
	c.every = appendNew(c.every, reading)
	c.initials |= initial(reading[0])
	t.valid[reading] = true
	for n := range len(reading) {
		t.begins[reading[:n+1]] = true
	}
}

// initial is the bit of a letter, 0 of what is none.
func initial(c byte) uint32 {
	if c < 'a' || c > 'z' {
		return 0
	}
	return 1 << (c - 'a')
}

// alone is the likeliest reading; "" where none is known.
func (c *char) alone() string {
	if len(c.readings) == 0 {
		return ""
	}
	return c.readings[0]
}

func (t *tables) set(r rune, c char) {
	if r >= firstCommon && r <= lastCommon {
		t.common[r-firstCommon] = c
	} else {
		t.rare[r] = c
	}
}

// of is what is known of a Han character; a rare one is looked up in the dictionary.
func (t *tables) of(r rune) char {
	if r >= firstCommon && r <= lastCommon {
		return t.common[r-firstCommon]
	}
	if c, there := t.rare[r]; there {
		return c
	}
	if reading := dictionary(r); reading != "" {
		return char{readings: []string{reading}, every: []string{reading}, initials: initial(reading[0])}
	}
	return char{}
}

// wordAt is the longest word a text begins with whose characters are read as nowhere else, of no letters
// where it begins with none.
func (t *tables) wordAt(text string) word {
	first, _ := utf8.DecodeRuneInString(text)
	for _, w := range t.words[first] {
		if strings.HasPrefix(text, w.letters) {
			return w
		}
	}
	return word{}
}

// dictionary is the reading of a character alone, in ASCII letters, "" where none is known.
func dictionary(r rune) string {
	p := gopinyin.SinglePinyin(r, gopinyin.NewArgs())
	if len(p) == 0 {
		return ""
	}
	for i := range len(p[0]) {
		if p[0][i] < 'a' || p[0][i] > 'z' {
			return ""
		}
	}
	return p[0]
}
