package pinyin

import (
	"strings"

	"yunchou/internal/text"
)

// Asked is what somebody typed to find a name. A name is found where it holds Part or Bare, where a reading or its
// initials begin with Letters, where they hold Letters and these are initialsWithin or more, or where its syllables hold one
// of Splits from the beginning of a syllable on.
type Asked struct {
	Part string // plain; "" asks nothing
	// Bare is Part with its umlauts written as names keep them, mueller as muller; "" where it has none.
	Bare    string
	Letters string // without blanks
	// Splits are the ways Letters fall into syllables, the last perhaps not finished: chongq as chong'q.
	Splits []string
	Within bool // Letters may stand within the initials
}

const (
	// initialsWithin: two letters stand within the initials of every tenth name.
	initialsWithin = 3
	// mostSplits: xianxian is split in four ways; beyond this it is no name any more.
	mostSplits = 64
)

var unspaced = strings.NewReplacer(" ", "", "'", "").Replace

// Ask reads what somebody typed.
func Ask(query string) Asked {
	a := Asked{Part: text.Plain(query)}
	a.Letters = unspaced(a.Part)
	a.Bare = bare(a.Part)
	a.Within = len(a.Letters) >= initialsWithin
	if len(a.Letters) > 1 {
		a.Splits = splits(known(), a.Letters)
	}
	return a
}

// leastBare: a shorter text with two vowels is more often a syllable or a word of its own.
const leastBare = 4

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "aa", "a")

// bare is a Latin text whose two vowels may stand for ä, ö, ü, ø or å without its second ones, "" where it has none
// or is whole syllables throughout: xuefeng is 雪峰.
func bare(part string) string {
	out := umlauts.Replace(part)
	if out == part || len(part) < leastBare || strings.ContainsFunc(part, func(r rune) bool { return r > 'z' }) {
		return ""
	}
	t := known()
	for _, split := range splits(t, unspaced(part)) {
		if t.valid[split[strings.LastIndex(split, "'")+1:]] {
			return ""
		}
	}
	return out
}

// splits are the ways letters fall into syllables; none where they do not, or in too many.
func splits(t *tables, letters string) (out []string) {
	var walk func(before, left string)
	walk = func(before, left string) {
		if len(out) > mostSplits {
			return
		}
		if t.begins[left] {
			out = append(out, before+left)
		}
		for n := 1; n < len(left) && t.begins[left[:n]]; n++ {
			if t.valid[left[:n]] {
				walk(before+left[:n]+"'", left[n:])
			}
		}
	}
	walk("", letters)
	if len(out) > mostSplits {
		return nil
	}
	return out
}

// Holds tells whether a name is found, from what tables keep of it. It is what SQL is asked, said once
// more; memory asks Matcher.
func (a *Asked) Holds(name string, s Spelled) bool {
	if a.Part == "" || strings.Contains(text.Plain(name), a.Part) {
		return true
	}
	if a.Letters == "" {
		return false
	}
	if a.Bare != "" && strings.Contains(text.Plain(name), a.Bare) {
		return true
	}
	syllables, _, _ := strings.Cut(s.Others, "|")
	if strings.HasPrefix(s.Full, a.Letters) || strings.Contains(" "+s.Initials, " "+a.Letters) || strings.Contains(syllables, " "+a.Letters) ||
		a.Within && strings.Contains(s.Initials, a.Letters) {
		return true
	}
	for _, split := range a.Splits {
		if strings.Contains(syllables, "'"+split) {
			return true
		}
	}
	return false
}
