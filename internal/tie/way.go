package tie

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"yunchou/internal/calendar"
)

// Kinds of way.
const (
	ByTie        = "tie"
	Met          = "met"
	ColleagueMet = "colleagues_met"
	BySchool     = "school"
	ByEmployer   = "employer"
	Through      = "through"
	Predecessor  = "predecessor"
	Someone      = "someone" // a colleague, and nothing else
)

// Way is one way to somebody. MemberID is "" of a Someone, and of a Predecessor, who is no colleague.
type Way struct {
	Way                           string
	ContactID                     string // the person it leads to, "" where the asker does not see him
	MemberID, MemberName          string
	Own, Boss                     bool
	Kind, Direction               string
	Strength                      int
	School, Employer              string
	FromYear, ToYear              int
	Entered                       int // the year the person began at the school in common
	MetOn                         calendar.Date
	Met                           int
	ThroughContactID, ThroughName string
	Token                         string
	group                         int
	to                            string // the person, seen or not
	hidden                        string // whom a Someone is
}

// Groups, the nearest first. Where a colleague who is not named stands says nothing of how near he is.
const (
	own1 = iota
	boss1
	others
	someoneNext
	beside
	predecessors
)

func direct(w Way) int {
	switch {
	case w.Own:
		return own1
	case w.Boss:
		return boss1
	}
	return others
}

var byWay = map[string]int{ByTie: 0, BySchool: 1, ByEmployer: 2, Met: 3, ColleagueMet: 4, Through: 5, Someone: 6, Predecessor: 7}

// near orders ways of one group: the stronger tie, a tie or a shared past before talks, the more recent, the more often.
func near(x, y Way) int {
	return cmp.Or(cmp.Compare(y.Strength, x.Strength), cmp.Compare(byWay[x.Way], byWay[y.Way]), cmp.Compare(y.MetOn, x.MetOn), cmp.Compare(y.Met, x.Met),
		cmp.Compare(x.School+x.Employer, y.School+y.Employer), cmp.Compare(x.FromYear, y.FromYear), cmp.Compare(x.ToYear, y.ToYear), cmp.Compare(x.Kind, y.Kind),
		cmp.Compare(x.ThroughContactID, y.ThroughContactID), cmp.Compare(x.MemberID, y.MemberID))
}

func nearer(x, y Way) int {
	rank := func(w Way) int {
		if w.group == beside {
			return direct(w)
		}
		return 0
	}
	return cmp.Or(cmp.Compare(x.group, y.group), cmp.Compare(rank(x), rank(y)), near(x, y), cmp.Compare(x.to, y.to))
}

// said is what a token holds: the question again, and whom it names. It is no secret: who asks with it is answered
// anew, and gets what the answer has.
type said struct {
	Contact string `json:"c,omitempty"`
	Name    string `json:"n,omitempty"`
	Former  string `json:"f,omitempty"`
	To      string `json:"t,omitempty"` // the person, where the asker sees him
	Member  string `json:"m,omitempty"`
}

func token(q Question, w Way) string {
	raw, err := json.Marshal(said{q.ContactID, q.Name, q.Former, w.ContactID, w.MemberID})
	if err != nil {
		panic(err) // our own struct
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// at has a tie of classmates or former colleagues say where that was, and tells whether it is one.
func (w *Way) at(past Way) bool {
	if w.Way != ByTie || w.School+w.Employer != "" || (w.Kind != Classmate || past.Way != BySchool) && (w.Kind != ExColleague || past.Way != ByEmployer) {
		return false
	}
	w.School, w.Employer, w.Entered = past.School, past.Employer, past.Entered
	if w.FromYear+w.ToYear == 0 {
		w.FromYear, w.ToYear = past.FromYear, past.ToYear
	}
	return true
}
