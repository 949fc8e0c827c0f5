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
		s.surely(k, name, p.score)
	}
	k.byContent(s, columns)
	k.worth(s, columns)
	if k.missing(columns) != "" {
		return columns, 0
	}
	if len(k.Called) > 0 && !slices.ContainsFunc(k.Called, func(t string) bool { _, ok := columns[t]; return ok }) {
		fits /= 2
	}
	return columns, fits
}

// byContent finds what is called like nothing we know but can be nothing else: addresses, numbers of
// phones, and the ids another system gives its records, in a column called as those are.
func (k Kind) byContent(s *Sample, columns map[string]Cell) {
	for _, t := range k.Targets {
		if _, ok := columns[t.Name]; ok || t.Holds != Emails && t.Holds != Phones && t.Name != "externalId" {
			continue
		}
		for c, h := range s.Header {
			l := s.look(c)
			is := false
			switch t.Holds {
			case Emails:
				is = l.Email > 0.8
			case Phones:
				is = l.Phone*(1-l.Day)*l.Once() > 0.8 && strings.ContainsAny(h, "机话phone")
			default:
				name := form.NameOf(h).Key()
				is = l.Code > 0.9 && l.Once() > 0.99 && slices.ContainsFunc(k.Own, func(own string) bool { return form.NameOf(own).Key() == name })
			}
			if is {
				if s.Take(c) {
					columns[t.Name] = Cell{Column: strings.TrimSpace(s.Header[c])}
					break
				}
			}
		}
	}
}

// ofMoney are words for what something is worth, whatever else a heading says.
var ofMoney = regexp.MustCompile(`(?i)额|价|款|钱|元|预估|预算|投资|规模|标的|造价|amount|value|revenue|price|cost|total|budget|worth|betrag|summe|montant|importe`)

// worth finds what a deal is worth where no column is called so: the first of numbers whose heading is of
// money, or names a unit. It is no sure find.
func (k Kind) worth(s *Sample, columns map[string]Cell) {
	if _, ok := columns["amount"]; ok {
		return
	}
	if t, ok := k.Target("amount"); !ok || !t.Amount {
		return
	}
	for c, h := range s.Header {
		l, said := s.look(c), form.HeadingOf(h)
		if l.Number < 0.8 || l.Day > 0.2 || l.Filled == 0 || said.Percent || said.Scale == 0 && said.Currency == "" && !ofMoney.MatchString(text.Simplified(h)) {
			continue
		}
		if s.Take(c) {
			columns["amount"] = Cell{Column: strings.TrimSpace(h)}
			s.surely(k, "amount", likely)
			return
		}
	}
}

// weigh is how surely a column is a target's, from 0 to about 1.
func (k Kind) weigh(t Target, heading string, l form.Looks) float64 {
	score, says := 0.0, k.names(heading)
	for i, n := range t.Columns {
		called := form.NameOf(n)
		for j, h := range says {
			like := h.Like(called) - 0.002*float64(i) // of two, what is said first
			if j > 0 {
				like *= 0.97
			}
			score = max(score, like)
		}
	}
	if k.othersID(t, heading) {
		score *= 0.3
	}
	if t.Date && ahead.MatchString(heading) != t.Ahead {
		score *= 0.6
	}
	return score * t.suits(l)
}

// names are what a heading may say: as it is, line by line, and without the word of the kind before it.
func (k Kind) names(heading string) []form.Name {
	out := form.Names(heading)
	folded := text.Simplified(text.Fold(strings.ToLower(heading)))
	for range 2 { // "Deal - Deal created"
		for _, own := range k.Own {
			if rest, ok := strings.CutPrefix(folded, own); ok && strings.Trim(rest, " _-") != "" {
				folded = strings.Trim(rest, " _-")
				out = append(out, form.NameOf(folded))
				break
			}
		}
	}
	return out
}

// othersID tells whether a column holds the ids of another kind's records: of two deals at one customer
// 客户编号 is the same.
func (k Kind) othersID(t Target, heading string) bool {
	if t.Holds != OneEach {
		return false
	}
	folded := text.Simplified(text.Fold(strings.ToLower(heading)))
	begins := func(word string) bool {
		rest, ok := strings.CutPrefix(folded, word)
		return ok && strings.Trim(rest, " _-") != ""
	}
	return slices.ContainsFunc(k.others, begins) && !slices.ContainsFunc(k.Own, begins)
}

// ahead says of a day that it is to come.
var ahead = regexp.MustCompile(`(?i)预计|预估|預計|计划|計劃|预期|予定|予想|目标|拟|voraussichtlich|erwartet|geplant|prévu|previst|estimad|expect|\best\b|\best\.|estimat|forecast|planned|target`)

// suits is how well what a column holds suits a target: 1 says nothing against it.
func (t Target) suits(l form.Looks) float64 {
	if l.Filled == 0 {
		return 0.75
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
	case Words, Persons, Companies, Few:
		if l.Code > 0.8 { // 5f0c1a2e-… and 0065g00000AbCdE are nobody's words
			return 0.1
		}
	}
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
		if l.Distinct <= 15 && l.Once() <= 0.6 { // stages may be called 10% and 30%
			return 1 - 0.3*data
		}
		return 1 - 0.85*data
	case Persons:
		return (1 - 0.9*data) * (1 - 0.5*l.Company) * (1 - 0.9*l.Email) * (0.95 + 0.1*l.Person)
	case Companies:
		return (1 - 0.9*data) * (1 - 0.9*l.Tiny) * (1 - 0.4*l.Person) * (0.97 + 0.06*l.Company)
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

// surely remembers how sure a suggestion is.
func (s *Sample) surely(k Kind, target string, score float64) {
	if s.sure == nil {
		s.sure = map[string]float64{}
	}
	s.sure[k.Name+"."+target] = score
}

// look is what a column looks like.
func (s *Sample) look(c int) form.Looks { return s.looks[c] }
