// Package confirm asks owners whether the key persons of their open opportunities still are (确认): only after those
// who have been silent for long, a few a day, with one tap to answer. A two-way contact confirms by itself. What is
// answered may propose a change of a person; so does a new name where a key person is silent.
package confirm

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/idempotency"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
	"yunchou/internal/worktime"
)

// RefKind names a confirmation in the journal.
const RefKind = "confirmation"

// Ref names one.
func Ref(id string) record.Ref { return record.Ref{Kind: RefKind, ID: id} }

// Answer is what was said.
type Answer string

const (
	Still       Answer = "still"       // 还是他
	Changed     Answer = "changed"     // 换了
	Unreachable Answer = "unreachable" // 联系不上
	Named       Answer = "named"       // who decides, where nobody was key
	Skipped     Answer = "skipped"     // nobody knows yet who decides
)

// ADay is after how many people one member is asked a day, those he answered about counted.
const ADay = 3

// InRow is how many of the same answer in a row, without any contact, say something: the next manager is told of
// what was only tapped, and a change is proposed of who is not to be reached.
const InRow = 2

// Confirmation is one answer. Run counts those in a row that say the same without a contact between them, from the
// day Since on.
type Confirmation struct {
	ID, OpportunityID, ContactID string // of nobody: who decides was asked, and nobody known
	Answer                       Answer
	MemberID                     string // who was asked
	On                           calendar.Date
	At                           time.Time
	By                           string // who answered, for him
	Run                          int
	Since                        calendar.Date
	ChangeID                     string // the change it was answered with, or
	Proposed                     bool   // which it proposed
	Joined                       bool   // the person is among the opportunity's by it
	UndoneAt                     *time.Time
}

// How a key person was confirmed last, beside the channels of a contact.
const (
	ByTap    = "tap"    // 仅点选
	ByRole   = "role"   // somebody gave him a role, or judged him
	ByChange = "change" // a change of him was found not to hold
	ByNobody = ""
)

// Stand is how a key person of an opportunity stands: on which day he was last confirmed and how, when his owner was
// last asked, and how often in a row the same was answered without a contact.
type Stand struct {
	relation.Person
	Name, Title string
	// On is the day he was last confirmed, by a contact, a tap or otherwise; "" is never.
	On  calendar.Date
	How string
	// TalkedOn is the day of the last two-way contact with him, "" is never. This and On are of contacts the reader sees.
	TalkedOn calendar.Date
	// Asked is from which day he is silent: the last contact of anybody, answer, or whatever else says that he is there.
	Asked calendar.Date
	Run   int
	Last  Answer
	Since calendar.Date
}

// people are how the key persons of an opportunity stand; none is where who decides is asked, with since when that was
// not asked; neither is where a change of one of them is open, or it is too early to ask who decides.
type people struct {
	of      opportunity.Peopled
	keys    []Stand
	who     bool
	skipped calendar.Date
}

// facts are what is known of some opportunities' people.
type facts struct {
	met     map[string]map[string]calendar.Date // about which opportunity, with whom
	talked  map[string]followup.Last
	touched map[string][]change.Touch
	answers map[string][]Confirmation // in the order they were given, those taken back too
	unsaid  map[string]bool           // the changes whose answer was taken back, in whatever opportunity
	zone    *time.Location
	today   calendar.Date
}

// standing tells how an opportunity's key persons stand.
func (f *facts) standing(o opportunity.Peopled) people {
	out := people{of: o}
	all := opportunity.PeopleOn(o.Contacts, o.Roles, f.met[o.ID], f.today)
	open := false
	var fresh []string // who follows somebody, and was not met
	for _, t := range f.touched[o.ID] {
		switch t.State {
		case change.Suspected:
			open = true
		case change.Confirmed:
			open = true
			if !t.Met && t.SuccessorID != "" {
				fresh = append(fresh, t.SuccessorID)
			}
			all = without(all, t.ContactID, o.Contacts)
		case change.Met:
			all = without(all, t.ContactID, o.Contacts)
		}
	}
	keys := relation.Key(all)
	if len(keys) == 0 {
		keys = f.named(o.ID, all)
	}
	for _, p := range all {
		if slices.Contains(keys, p.ContactID) && !slices.Contains(fresh, p.ContactID) && !f.suspected(o.ID, p.ContactID) {
			out.keys = append(out.keys, f.stand(o, p))
		}
	}
	slices.SortFunc(out.keys, func(a, b Stand) int {
		return cmp.Or(cmp.Compare(influence(b), influence(a)), cmp.Compare(a.ContactID, b.ContactID))
	})
	if out.who = len(keys) == 0 && !open && o.Phase != pipeline.Early; out.who {
		for _, c := range f.answers[o.ID] {
			if c.UndoneAt == nil && c.ContactID == "" {
				out.skipped = max(out.skipped, c.On)
			}
		}
	}
	return out
}

func influence(s Stand) int64 {
	if s.Influence == nil {
		return 0
	}
	return *s.Influence
}

// without leaves out who went, unless he is back: what he had passed to who followed him, and what he has was given
// to him since.
func without(list []relation.Person, contact string, now []opportunity.DealContact) []relation.Person {
	if slices.ContainsFunc(now, func(c opportunity.DealContact) bool { return c.ContactID == contact && c.Back() }) {
		return list
	}
	return slices.DeleteFunc(list, func(p relation.Person) bool { return p.ContactID == contact })
}

// named is who was last said to decide, while he is among the people.
func (f *facts) named(id string, all []relation.Person) []string {
	for _, c := range slices.Backward(f.answers[id]) {
		if c.UndoneAt == nil && c.Answer == Named && slices.ContainsFunc(all, func(p relation.Person) bool { return p.ContactID == c.ContactID }) {
			return []string{c.ContactID}
		}
	}
	return nil
}

func (f *facts) suspected(id, contact string) bool {
	return slices.ContainsFunc(f.touched[id], func(t change.Touch) bool { return t.State == change.Suspected && t.ContactID == contact })
}

// stand tells how one stands.
func (f *facts) stand(o opportunity.Peopled, p relation.Person) Stand {
	s := Stand{Person: p}
	for _, c := range o.Contacts {
		if c.ContactID == p.ContactID {
			s.Name, s.Title = c.Name, c.Title
		}
	}
	for _, r := range o.Roles {
		if r.ContactID == p.ContactID && r.To == "" {
			s.by(r.From, ByRole)
		}
	}
	if s.On == "" { // without a role: since somebody said what he thinks of him
		s.by(p.AsOf, ByRole)
	}
	last := f.talked[p.ContactID]
	s.Asked = s.On
	for _, c := range f.answers[o.ID] {
		if c.UndoneAt == nil && c.ContactID == p.ContactID {
			s.Asked = max(s.Asked, c.On)
			if c.Answer == Still || c.Answer == Named {
				s.by(c.On, ByTap)
			}
			s.after(c, last.On)
		}
	}
	for _, t := range f.touched[o.ID] {
		if t.State == change.Refuted && t.ContactID == p.ContactID && t.EndedAt != nil && !f.unsaid[t.ChangeID] {
			day := calendar.DateOf(*t.EndedAt, f.zone)
			s.Asked = max(s.Asked, day)
			s.by(day, ByChange)
		}
	}
	s.Asked = max(s.Asked, last.On)
	return s
}

// shown takes in the last contact with him the reader sees: of others he learns neither when it was, nor how.
func (s *Stand) shown(last followup.Last) {
	s.TalkedOn = last.On
	s.by(last.On, last.Channel)
}

// by notes that he was confirmed on a day; what comes later in the telling counts where the day is the same.
func (s *Stand) by(day calendar.Date, how string) {
	if day != "" && day >= s.On {
		s.On, s.How = day, how
	}
}

// after counts an answer: those in a row that say the same, given after the day of the last contact.
func (s *Stand) after(c Confirmation, talked calendar.Date) {
	switch {
	case c.On <= talked:
		s.Run, s.Last, s.Since = 0, "", ""
	case c.Answer == s.Last:
		s.Run++
	default:
		s.Run, s.Last, s.Since = 1, c.Answer, c.On
	}
}

// Rows is what the package needs of its table; confirmdb implements it.
type Rows interface {
	// Of are all answers about some opportunities in the order they were given, those taken back too.
	Of(ctx context.Context, tx database.Tx, tenant string, deals []string) (map[string][]Confirmation, error)
	// Unsaid are those of some changes that were proposed by an answer which was taken back.
	Unsaid(ctx context.Context, tx database.Tx, tenant string, changes []string) (map[string]bool, error)
	// Get is one. Fault: confirmation.unknown.
	Get(ctx context.Context, tx database.Tx, tenant, id string) (Confirmation, error)
	// On are those a member was asked for on a day that were not taken back.
	On(ctx context.Context, tx database.Tx, tenant, member string, day calendar.Date) ([]Confirmation, error)
	// Tapped are the last answers about key persons of open opportunities that were tapped twice in a row or more,
	// of some owners.
	Tapped(ctx context.Context, tx database.Tx, tenant string, owners []string, limit int) ([]Confirmation, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, c Confirmation) error
	// Undo takes one back: the one before it is the last one again.
	Undo(ctx context.Context, tx database.Tx, tenant string, c Confirmation) error
}

// Service holds the use cases.
type Service struct {
	DB       *database.DB
	Keys     *idempotency.Keys
	Rows     Rows
	Accounts *account.Service
	Deals    *opportunity.Service
	Talks    *followup.Service
	Changes  *change.Service
	Times    *worktime.Service
	Job      func(ctx context.Context, tx database.Tx, tenant string) (org.Actor, error)
}

// late tells whether they are of an opportunity in the late phase.
func (p people) late() bool { return p.of.Phase == pipeline.Late }
