// Package desk is what waits for a member (指挥台): signs that capabilities find, put together by the record
// they are of, weighed by one rule, cut at what a person can look after, and decided on one by one. It knows no
// capability: each is a Source, and a new one adds itself. What was decided is kept here; whether a line stands
// is computed when it is read.
package desk

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/money"
	"yunchou/internal/record"
)

// Sign is one reason for which a record needs somebody.
type Sign struct {
	Kind string
	// Late tells that it comes before what is weighed: a promised day, or a key person, that is over.
	Late bool
	// Days are the working days it is over its limit, or has waited where it has none.
	Days  int
	Limit int           // working days; 0 is none
	On    calendar.Date // the day it is about, or since when it waits
	// Who and what it tells of: the screen's words are made of them.
	MemberID, ID, Name, Text string
	Count                    int64
	// Facts tell when it is another one, and do not change by a day that goes by.
	Facts []string
}

// Found is a sign of a record.
type Found struct {
	On record.Ref
	Sign
}

// Line is a record with all signs of it, as it stands on a desk.
type Line struct {
	On      record.Ref
	OwnerID string
	Name    string
	Signs   []Sign
	// WorthMinor is the amount in the company's currency at today's rate, nil where there is none.
	WorthMinor *int64
	// RateBP is the calibrated rate of its stage, by which the amount is weighed.
	RateBP int
	// Facts are what a decision was about.
	Facts Facts
	// Level is how far above its owner the reader is: 0 is the owner, 1 the lowest manager.
	Level int
}

// mostDays bounds what a line weighs: what nobody looked after for a year does not hide the rest.
const mostDays = 20

// Late tells whether a line comes before what is weighed.
func (l Line) Late() bool { return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Late }) }

// Days are the most working days one of its signs is over, as they count.
func (l Line) Days() (days int) {
	for _, s := range l.Signs {
		most := mostDays
		if s.Limit > 0 {
			most = 2 * s.Limit // as opportunity.Excess counts them
		}
		days = max(days, min(s.Days, most))
	}
	return days
}

// Cost is what it weighs: the calibrated amount, in the company's currency, times the working days over.
func (l Line) Cost() int64 {
	if l.WorthMinor == nil {
		return 0
	}
	return money.Weighted(*l.WorthMinor, l.RateBP) * int64(l.Days())
}

// Compare is the rule (优先规则), and the only place of it: promised days and key people first when late, the
// longest over in front of those of one weight; then what weighs most; then what is worth most, and what
// waited longest.
func Compare(a, b Line) int {
	late := func(l Line) int {
		if l.Late() {
			return 0
		}
		return 1
	}
	worth := func(l Line) int64 {
		if l.WorthMinor == nil {
			return -1
		}
		return *l.WorthMinor
	}
	return cmp.Or(cmp.Compare(late(a), late(b)), cmp.Compare(b.Cost(), a.Cost()), cmp.Compare(b.Days(), a.Days()),
		cmp.Compare(worth(b), worth(a)), cmp.Compare(a.On.Kind, b.On.Kind), cmp.Compare(a.On.ID, b.On.ID))
}

// Facts are what a line says as numbers: a decision holds as long as nothing is among them that was not there.
type Facts []string

// FactsOf are the facts of signs and of whose the record is. A kind is part of each: a limit that is newly
// crossed is a new fact.
func FactsOf(owner string, signs []Sign) Facts {
	var f Facts
	add := func(parts ...string) {
		h := fnv.New64a()
		for _, p := range parts {
			_, _ = h.Write([]byte(p))
			_, _ = h.Write([]byte{0})
		}
		f = append(f, strconv.FormatUint(h.Sum64(), 36))
	}
	if owner != "" {
		add("owner", owner)
	}
	for _, s := range signs {
		add(append([]string{s.Kind}, s.Facts...)...)
	}
	slices.Sort(f)
	return slices.Compact(f)
}

// Within tells whether all facts were among others: some may be gone, none is new.
func (f Facts) Within(known Facts) bool {
	return !slices.ContainsFunc(f, func(one string) bool { return !slices.Contains(known, one) })
}

// Text is how facts are kept and sent.
func (f Facts) Text() string { return strings.Join(f, " ") }

// ParseFacts reads Text.
func ParseFacts(text string) Facts { return strings.Fields(text) }
