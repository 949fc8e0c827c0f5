// Package relation is how we stand with the people of an opportunity (关系): who of them is a key person, how well
// they are covered, and what is missing. Pure rules over plain values; who has which role is the opportunity's, and
// who was met when the follow-ups'.
package relation

import (
	"cmp"
	"slices"

	"yunchou/internal/calendar"
)

// Judged is what is thought of a person: attitude -2 to 2, influence 1 to 5, coverage 0 to 4; nil is not known.
// AsOf is the day, SaidBy the member who said so.
type Judged struct {
	Attitude  *int64        `json:"attitude,omitempty" minimum:"-2" maximum:"2" doc:"-2 against to 2 strongly for us; left out where nobody knows"`
	Influence *int64        `json:"influence,omitempty" minimum:"1" maximum:"5"`
	Coverage  *int64        `json:"coverage,omitempty" minimum:"0" maximum:"4" doc:"0 never met to 4 very close"`
	AsOf      calendar.Date `json:"asOf,omitempty" maxLength:"10"`
	SaidBy    string        `json:"saidBy,omitempty" maxLength:"60" readOnly:"true"`
}

// MetBy is what is thought of somebody on a day who was met two-way on another: never met (0) is over with that, and is
// one (1) until somebody says otherwise. What a person said on the day of the meeting or since stands.
func (j Judged) MetBy(met, day calendar.Date) Judged {
	if j.Coverage == nil || *j.Coverage != 0 || met == "" || met > day || met < j.AsOf || met == j.AsOf && j.SaidBy != "" {
		return j
	}
	one := int64(1)
	j.Coverage = &one
	return j
}

// Person is somebody with a part in an opportunity now. MetOn is the day he was last met two-way about it, "" where
// he was not.
type Person struct {
	ContactID, Role string
	Judged
	MetOn calendar.Date
}

// The roles that are key by themselves.
var keyRoles = []string{"economic", "approver", "coach"}

// influential makes a person key whatever his role.
const influential = 4

// IsKey tells whether a person has a key role: economic, approver or coach, or an influence of four or more.
func (p Person) IsKey() bool {
	return slices.Contains(keyRoles, p.Role) || p.Influence != nil && *p.Influence >= influential
}

// Key are the key persons: those with a key role; where nobody has one, whoever was last met two-way. Nobody is an
// empty list: then it is asked who decides.
func Key(people []Person) (ids []string) {
	for _, p := range people {
		if p.IsKey() {
			ids = append(ids, p.ContactID)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	var last Person
	for _, p := range people {
		if p.MetOn != "" && (p.MetOn > last.MetOn || p.MetOn == last.MetOn && p.ContactID < last.ContactID) {
			last = p
		}
	}
	if last.ContactID == "" {
		return nil
	}
	return []string{last.ContactID}
}

// Part is what a key person adds to the cover, in hundredths of a point of influence.
type Part struct {
	ContactID string `json:"contactId"`
	Influence int64  `json:"influence"`
	Covered   int64  `json:"covered" doc:"in hundredths"`
}

// Covered is how well the key persons are covered, in basis points: the sum of influence × coverage/4 × (attitude+2)/4
// over the sum of their influence. What is not known of attitude or coverage counts as nothing; a key person without
// an influence is in neither sum, and counted in Unjudged. Known is false where nobody is left.
type Covered struct {
	BP       int64  `json:"bp"`
	Known    bool   `json:"known"`
	Parts    []Part `json:"parts"`
	Unjudged int    `json:"unjudged" doc:"key persons of no known influence, who are not counted"`
}

// Cover works it out.
func Cover(people []Person) Covered {
	c := Covered{Parts: []Part{}}
	var whole, covered int64 // covered in sixteenths of a point
	for _, p := range people {
		if !p.IsKey() {
			continue
		}
		if p.Influence == nil {
			c.Unjudged++
			continue
		}
		var one int64
		if p.Coverage != nil && p.Attitude != nil {
			one = *p.Influence * *p.Coverage * (*p.Attitude + 2)
		}
		whole, covered = whole+*p.Influence, covered+one
		c.Parts = append(c.Parts, Part{p.ContactID, *p.Influence, (one*100 + 8) / 16})
	}
	if whole > 0 {
		c.Known, c.BP = true, (covered*10_000+whole*8)/(whole*16)
	}
	return c
}

// What may be missing.
const (
	NoEconomic      = "no_economic"      // nobody is known who decides on the money
	Unmet           = "unmet"            // a key person nobody has met
	SingleThread    = "single_thread"    // one person alone was met two-way in 30 days
	SupporterSilent = "supporter_silent" // the strongest supporter has not been met for long
)

// Gap is something that is missing: of whom, and for how many working days; Days is nil where there was never any.
type Gap struct {
	Kind      string `json:"kind" enum:"no_economic,unmet,single_thread,supporter_silent"`
	ContactID string `json:"contactId"`
	Days      *int   `json:"days"`
}

// Late and Usual are after how many working days a key person is asked after again: in the late phase, and otherwise.
const (
	Late  = 5
	Usual = 15
)

// Limit is that of a phase.
func Limit(late bool) int {
	if late {
		return Late
	}
	return Usual
}

// threadDays are how many days back contacts are looked at for a single thread.
const threadDays = 30

// Gaps are what is missing of an opportunity's people on a day.
func Gaps(people []Person, today calendar.Date, cal calendar.Calendar, late bool) []Gap {
	out := []Gap{}
	economic := slices.ContainsFunc(people, func(p Person) bool { return p.Role == "economic" })
	if !economic {
		out = append(out, Gap{Kind: NoEconomic})
	}
	var met []Person
	for _, p := range people {
		if p.IsKey() && p.MetOn == "" && (p.Coverage == nil || *p.Coverage == 0) {
			out = append(out, Gap{Kind: Unmet, ContactID: p.ContactID})
		}
		if p.MetOn != "" && p.MetOn > today.Add(-threadDays) {
			met = append(met, p)
		}
	}
	if len(met) == 1 {
		out = append(out, Gap{Kind: SingleThread, ContactID: met[0].ContactID})
	}
	best, some := strongest(people)
	if !some {
		return out
	}
	if best.MetOn == "" {
		return append(out, Gap{Kind: SupporterSilent, ContactID: best.ContactID})
	}
	if days := cal.WorkingDaysBetween(best.MetOn, today); days > Limit(late) {
		out = append(out, Gap{Kind: SupporterSilent, ContactID: best.ContactID, Days: &days})
	}
	return out
}

// strongest is the supporter with the highest attitude, of several the most influential.
func strongest(people []Person) (best Person, some bool) {
	of := func(n *int64) int64 {
		if n == nil {
			return 0
		}
		return *n
	}
	for _, p := range people {
		if of(p.Attitude) > 0 && (!some || cmp.Or(cmp.Compare(of(p.Attitude), of(best.Attitude)),
			cmp.Compare(of(p.Influence), of(best.Influence)), cmp.Compare(best.ContactID, p.ContactID)) > 0) {
			best, some = p, true
		}
	}
	return best, some
}

// Thread is that one of ours met somebody two-way: the last time, by which channel, and how often.
type Thread struct {
	MemberID  string        `json:"memberId"`
	ContactID string        `json:"contactId"`
	On        calendar.Date `json:"on" doc:"the last time"`
	Channel   string        `json:"channel" enum:"visit,phone,wechat,email,meeting,video,other" doc:"of the last time"`
	Times     int64         `json:"times"`
}

// AloneDays are how many days back it is looked whether a person is known to one of ours alone: who has met nobody
// else of us in half a year is lost with the one he met.
const AloneDays = 180

// Alone is who of ours alone met a person, of those who still are; "" where nobody or several did.
func Alone(met []Thread, contact string, still func(member string) bool) (one Thread) {
	for _, t := range met {
		if t.ContactID != contact || !still(t.MemberID) || t.MemberID == one.MemberID && t.On <= one.On {
			continue
		}
		if one.MemberID != "" && one.MemberID != t.MemberID {
			return Thread{}
		}
		one = t
	}
	return one
}
