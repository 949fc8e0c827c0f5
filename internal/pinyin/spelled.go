package pinyin

import (
	"slices"
	"strings"

	"yunchou/internal/text"
)

// Spelled is what a table keeps of a name to find and to order it by.
type Spelled struct {
	Full string // the reading most would give it: its order
	// Initials are those of every plausible reading, the likeliest first, with blanks between.
	Initials string
	// Others is all else a name is found by, in parts: the syllables of its Han letters, each behind
	// an apostrophe ('chong'qing'gang'tie), what else it may be read as, each behind a blank, and where it
	// is not the name in lower case, the plain name behind a bar. "" where nothing is to be added.
	Others string
}

// mostSpellings is how many ways a name is read at most. Chosen, not measured: it bounds what a table keeps.
const mostSpellings = 8

// SpelledOf spells a name.
func SpelledOf(name string) Spelled {
	plain := text.Plain(name)
	var out Spelled
	var initials, syllables, fulls []string
	for n, way := range ways(pieces(nil, plain)) {
		full, first := spelling(way)
		if n == 0 {
			out.Full = full
		} else if full != out.Full {
			fulls = appendNew(fulls, " "+full)
		}
		initials = appendNew(initials, first)
		for _, run := range runs(way) {
			syllables = appendNew(syllables, "'"+strings.Join(run, "'"))
		}
	}
	out.Initials = strings.Join(initials, " ")
	out.Others = strings.Join(syllables, ";") + strings.Join(fulls, "")
	if plain != asciiLower(name) {
		out.Others += "|" + plain
	}
	return out
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// asciiLower is what both databases make of a name in lower case.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// ways are the plausible readings of pieces, the likeliest first: every combination where these are few,
// and else the likeliest with one character read otherwise.
func ways(list []piece) [][]piece {
	all := 1
	for i := range list {
		if all *= max(1, len(list[i].readings)); all > mostSpellings {
			return otherwise(list)
		}
	}
	out := [][]piece{list}
	for i := range list {
		for _, way := range slices.Clone(out) {
			for k := 1; k < len(list[i].readings); k++ {
				out = append(out, read(way, i, k))
			}
		}
	}
	return out
}

// otherwise are the likeliest reading and those that differ in one character from it: the second readings
// of all characters before the third of any.
func otherwise(list []piece) [][]piece {
	out := [][]piece{list}
	for k, more := 1, true; more; k++ {
		more = false
		for i := range list {
			if k >= len(list[i].readings) {
				continue
			}
			if more = true; len(out) < mostSpellings {
				out = append(out, read(list, i, k))
			}
		}
	}
	return out
}

// read is a way with one character read otherwise.
func read(way []piece, i, k int) []piece {
	out := slices.Clone(way)
	other := out[i].readings[k]
	out[i].readings = append([]string{other}, slices.DeleteFunc(slices.Clone(out[i].readings), func(s string) bool { return s == other })...)
	return out
}

// runs are the syllables of Han letters that follow one another, as a way reads them.
func runs(way []piece) (out [][]string) {
	follows := false
	for i := range way {
		p := &way[i]
		if len(p.readings) == 0 {
			follows = false
			continue
		}
		if !follows {
			out, follows = append(out, nil), true
		}
		out[len(out)-1] = append(out[len(out)-1], p.readings[0])
	}
	return out
}
