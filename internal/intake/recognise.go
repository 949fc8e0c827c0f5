package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"yunchou/internal/intake/form"
	"yunchou/internal/text"
)

// likely is from where on a column is taken for a target's.
const likely = 0.5

// pairing is a column that may be a target's.
type pairing struct {
	column, target int
	score          float64
}

// recognise finds the columns of a file of a kind by what they are called and what they hold, and
// tells how well the file fits; 0 where one that is required is not there. Each pair of column and
// target is weighed, and the best are taken first.
func (k Kind) recognise(s *Sample) (columns map[string]Cell, fits float64) {
	columns = map[string]Cell{}
	var all []pairing
	for t := range k.Targets {
		for c, h := range s.Header {
			if strings.TrimSpace(h) == "" {
				continue
			}
			if score := k.weigh(k.Targets[t], h, s.look(c)); score >= likely {
				all = append(all, pairing{c, t, score})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b pairing) int { return cmp.Compare(b.score, a.score) })
	for _, p := range all {
		name := k.Targets[p.target].Name
		if _, ok := columns[name]; ok || !s.Take(p.column) {
			continue
		}
		columns[name] = Cell{Column: strings.TrimSpace(s.Header[p.column])}
		fits += p.score
		if s.sure == nil {
			s.sure = map[string]float64{}
		}
		s.sure[k.Name+"."+name] = p.score
	}
	k.byContent(s, columns)
	for _, t := range k.Targets {
		if _, ok := columns[t.Name]; t.Required && !ok {
			return columns, 0
		}
	}
	return columns, fits
}

// byContent finds what is called like nothing we know but can be nothing else: addresses and numbers
// of phones.
func (k Kind) byContent(s *Sample, columns map[string]Cell) {
	for _, t := range k.Targets {
		if _, ok := columns[t.Name]; ok || t.Holds != Emails && t.Holds != Phones {
			continue
		}
		for c := range s.Header {
			l := s.look(c)
			if t.Holds == Emails && l.Email > 0.8 || t.Holds == Phones && l.Phone*(1-l.Day)*l.Once() > 0.8 && strings.ContainsAny(s.Header[c], "机话phone") {
				if s.Take(c) {
					columns[t.Name] = Cell{Column: strings.TrimSpace(s.Header[c])}
					break
				}
			}
		}
	}
}

// weigh is how surely a column is a target's, from 0 to about 1.
func (k Kind) weigh(t Target, heading string, l form.Looks) float64 {
	score := 0.0
	h := form.NameOf(heading)
	for _, own := range append([]string{""}, k.Own...) {
		name := h
		if own != "" {
			rest, ok := strings.CutPrefix(text.Fold(strings.ToLower(heading)), own)
			if !ok || strings.Trim(rest, " _-") == "" {
				continue
			}
			name = form.NameOf(rest)
		}
		for i, n := range t.Columns {
			like := name.Like(form.NameOf(n)) - 0.002*float64(i) // of two, what is said first
			if own != "" {
				like *= 0.97
			}
			score = max(score, like)
		}
	}
	if t.Date && ahead.MatchString(heading) != t.Ahead {
		score *= 0.6
	}
	return score * t.suits(l)
}

// ahead says of a day that it is to come.
var ahead = regexp.MustCompile(`(?i)预计|计划|预期|目标|拟|expect|\best\b|\best\.|estimat|forecast|planned|target`)

// suits is how well what a column holds suits a target: 1 says nothing against it.
func (t Target) suits(l form.Looks) float64 {
	if l.Filled == 0 {
		return 0.9
	}
	switch {
	case t.Date:
		return share(l.Day, 0.15)
	case t.Amount:
		return share(l.Number, 0.15) * (1 - 0.8*l.Day)
	case t.Rate:
		return share(l.Number, 0.1)
	}
	data := max(l.Day, l.Number)
	switch t.Holds {
	case OneEach:
		return (1 - 0.9*l.Day) * share(l.Once(), 0.4)
	case Repeated:
		if l.Once() > 0.95 && l.Filled > 3 {
			return 0.3
		}
		return 1 - 0.9*l.Day
	case Few:
		if l.Distinct > 40 && l.Once() > 0.3 {
			return 0.2
		}
		return 1 - 0.85*data
	case Persons:
		return (1 - 0.9*data) * (1 - 0.5*l.Company) * (1 - 0.9*l.Email) * (0.95 + 0.1*l.Person)
	case Companies:
		return (1 - 0.9*data) * (1 - 0.4*l.Person) * (0.97 + 0.06*l.Company)
	case Phones:
		return share(l.Phone*(1-l.Day), 0.2)
	case Emails:
		return share(l.Email, 0.1)
	case Codes, Words:
		return 1 - 0.85*data
	}
	return 1
}

// share is 1 where most cells are as they should be, and low where hardly one is.
func share(of, low float64) float64 {
	if of >= 0.6 {
		return 1
	}
	return low + (1-low)*of/0.6
}

// look is what a column looks like.
func (s *Sample) look(c int) form.Looks { return s.looks[c] }
