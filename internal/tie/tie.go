// Package tie is who of us knows whom (关系网): what people say of their own schools and employers, what is known of a
// contact's, ties that are noted, and what follows from them and from what was said with customers. Who knows somebody
// is worked out when it is asked, and kept nowhere. What is noted is its holder's: he says who sees it.
package tie

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
	"yunchou/internal/timetable"
	"yunchou/internal/worktime"
)

// Kinds of tie.
const (
	Classmate   = "classmate"    // 同学
	ExColleague = "ex_colleague" // 前同事
	Hometown    = "hometown"     // 同乡
	Family      = "family"       // 亲友
	Superior    = "superior"     // 上下级
	Teammate    = "teammate"     // 同组
	Ally        = "ally"         // 盟友
	Rival       = "rival"        // 对手: he knows him, and is asked for nothing
)

var kinds = []string{Classmate, ExColleague, Hometown, Family, Superior, Teammate, Ally, Rival}

// Who sees a tie.
const (
	Private = "private" // 仅自己
	Askable = "askable" // 可被问到: that a colleague knows him, and not which
	Shown   = "shown"   // 同事可见
)

var visibilities = []string{Private, Askable, Shown}

// Sources are by whom or what something of a contact is known.
var Sources = []string{"card", "public", "self", "colleague"}

// Tie (关系) is one, of its holder with a contact, or, with a From, of two contacts as its holder knows it.
type Tie struct {
	ID, HolderID, FromContactID, ContactID string
	Kind                                   string
	Direction                              string // of a Superior: "above" where the first is the other's superior, or "below"
	Strength                               int    // 1 to 3
	From, To                               calendar.Date
	Visibility                             string
	Avoid                                  bool // 需回避: never offered, and told to compliance
	Source                                 string
	MadeAt                                 time.Time
	Version                                int

	// Names are read along.
	HolderName, FromName, ContactName, AccountName string
}

// MemberID is whose tie it is, "" of one between contacts.
func (t Tie) MemberID() string {
	if t.FromContactID != "" {
		return ""
	}
	return t.HolderID
}

// Asked narrows ties: of a contact on either side, of a holder, to be avoided.
type Asked struct {
	Contacts []string
	Between  bool // both sides are of Contacts
	Holder   string
	Avoid    bool
	Limit    int
}

const mostTies = 500

// Rows is what the package needs of tables; tiedb implements it.
type Rows interface {
	backgrounds
	Ties(ctx context.Context, tx database.Tx, tenant string, q Asked) ([]Tie, error)
	// Tie is one of a holder's. Fault: tie.unknown.
	Tie(ctx context.Context, tx database.Tx, tenant, holder, id string) (Tie, error)
	// Any is one, whosever.
	Any(ctx context.Context, tx database.Tx, tenant, id string) (Tie, bool, error)
	InsertTie(ctx context.Context, tx database.Tx, tenant string, t Tie) error
	SaveTie(ctx context.Context, tx database.Tx, tenant string, t Tie, was int) error
	DeleteTie(ctx context.Context, tx database.Tx, tenant, id string) error
	// Forget removes what is kept of a contact, by his id and what he is called.
	Forget(ctx context.Context, tx database.Tx, tenant, contact string, nameKeys []string) error
	// ForgetMember removes what a member said and did not share.
	ForgetMember(ctx context.Context, tx database.Tx, tenant, member string) error
	// Holders are the members of whom something is kept that goes with them.
	Holders(ctx context.Context, tx database.Tx, tenant string) ([]string, error)
	knowing
	waiting
	introducing
	askingAround
}

// Service holds the use cases.
type Service struct {
	DB        *database.DB
	Keys      *idempotency.Keys
	Rows      Rows
	Accounts  *account.Service
	Timetable *timetable.Service
	Times     *worktime.Service
	Calendar  func(tenant string) calendar.Calendar
	Job       func(ctx context.Context, tx database.Tx, tenant string) (org.Actor, error)
}

var errOwnAlone = fault.New(fault.Forbidden, "tie.own_alone", "what people know of each other is told and read by themselves, not by who acts for them")

// own refuses who acts for somebody else.
func own(a org.Actor) error {
	if a.OnBehalfOf != "" {
		return errOwnAlone
	}
	return nil
}

// me is who asks as himself, "" for who acts for somebody.
func me(a org.Actor) string {
	if a.OnBehalfOf != "" {
		return ""
	}
	return a.MemberID
}

// Kinds of records that entries are about. They hold nothing: what is noted is its holder's, and goes with him or the
// person it is about.
const (
	RefKind        = "tie"
	backgroundKind = "background"
)

type nothing struct{}

func tell(tx database.Tx, a org.Actor, kind, id, event string) {
	journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: kind, ID: id}, Kind: kind + "." + event, On: a.Today, Payload: nothing{}})
}

func (t *Tie) check(a org.Actor) error {
	t.Strength, t.Visibility, t.Source = cmp.Or(t.Strength, 2), cmp.Or(t.Visibility, Askable), cmp.Or(t.Source, "self")
	switch {
	case t.ContactID == "":
		return fault.Missing("/contactId")
	case t.ContactID == t.FromContactID:
		return fault.Input("/contactId", "tie.same", "nobody has a tie with himself")
	case !slices.Contains(kinds, t.Kind):
		return fault.Input("/kind", "tie.kind_unknown", "no such kind of tie")
	case !slices.Contains(visibilities, t.Visibility):
		return fault.Input("/visibility", "tie.visibility_unknown", "private, askable or shown")
	case !slices.Contains(Sources, t.Source):
		return fault.Input("/source", "tie.source_unknown", "card, public, self or colleague")
	case t.Strength < 1 || t.Strength > 3:
		return fault.Input("/strength", "tie.strength", "1 to 3")
	case t.Kind == Superior && t.Direction != "above" && t.Direction != "below":
		return fault.Input("/direction", "tie.direction", "above or below")
	}
	if t.Kind != Superior {
		t.Direction = ""
	}
	for pointer, d := range map[string]calendar.Date{"/from": t.From, "/to": t.To} {
		if d == "" {
			continue
		}
		if _, err := calendar.Parse(string(d)); err != nil {
			return calendar.BadDate(pointer)
		}
	}
	if t.To != "" && t.From > t.To {
		return fault.Input("/to", "tie.ends_before", "it ends before it begins")
	}
	return nil
}

// Note keeps a tie of the actor's own, or with a From one he knows of. Faults: contact.unknown, tie.there,
// tie.own_alone.
func (s *Service) Note(ctx context.Context, a org.Actor, t Tie) (Tie, error) {
	if err := cmp.Or(own(a), a.Need(org.AccountRead), t.check(a)); err != nil {
		return t, err
	}
	said := t
	return idempotency.Made(ctx, s.Keys, a.By(), t.ID, said, func(tx database.Tx) (Tie, error) {
		t := t
		t.HolderID, t.MadeAt, t.Version = a.MemberID, a.Now, 1
		if err := record.UseID(&t.ID, a.Now); err != nil {
			return t, err
		}
		if err := s.there(ctx, tx, a, t); err != nil {
			return t, err
		}
		tell(tx, a, RefKind, t.ID, "noted")
		if err := s.Rows.InsertTie(ctx, tx, a.TenantID, t); err != nil {
			return t, err
		}
		return s.named(ctx, tx, a, t)
	})
}

func (s *Service) there(ctx context.Context, tx database.Tx, a org.Actor, t Tie) error {
	if err := record.Take(ctx, tx, a.TenantID, t.ContactID); err != nil {
		return err
	}
	if err := s.Accounts.CheckContacts(ctx, tx, a, "/contactId", []string{t.ContactID}); err != nil {
		return err
	}
	if t.FromContactID != "" {
		if err := s.Accounts.CheckContacts(ctx, tx, a, "/fromContactId", []string{t.FromContactID}); err != nil {
			return err
		}
	}
	list, err := s.Rows.Ties(ctx, tx, a.TenantID, Asked{Contacts: []string{t.ContactID}, Holder: a.MemberID, Limit: mostTies})
	for _, o := range list {
		if o.Kind == t.Kind && o.ContactID == t.ContactID && o.FromContactID == t.FromContactID {
			return fault.New(fault.Conflict, "tie.there", "it is noted already").With("id", o.ID)
		}
	}
	return err
}

// Change replaces what the actor noted but for whom it is with. Faults: tie.unknown, record.stale, tie.own_alone.
func (s *Service) Change(ctx context.Context, a org.Actor, t Tie) (Tie, error) {
	if err := own(a); err != nil {
		return t, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Tie, error) {
		was, err := s.Rows.Tie(ctx, tx, a.TenantID, a.MemberID, t.ID)
		if err != nil {
			return t, err
		}
		next := t
		next.HolderID, next.FromContactID, next.ContactID, next.MadeAt, next.Version = was.HolderID, was.FromContactID, was.ContactID, was.MadeAt, was.Version+1
		if err := cmp.Or(a.HasRead(was.Version), next.check(a)); err != nil {
			return t, err
		}
		tell(tx, a, RefKind, t.ID, "changed")
		if err := s.Rows.SaveTie(ctx, tx, a.TenantID, next, was.Version); err != nil {
			return t, err
		}
		return s.named(ctx, tx, a, next)
	})
}

// TakeBack removes one of the actor's for good. Faults: tie.unknown, tie.own_alone.
func (s *Service) TakeBack(ctx context.Context, a org.Actor, id string) error {
	if err := own(a); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if _, err := s.Rows.Tie(ctx, tx, a.TenantID, a.MemberID, id); err != nil {
			return err
		}
		tell(tx, a, RefKind, id, "taken_back")
		return s.Rows.DeleteTie(ctx, tx, a.TenantID, id)
	})
}

func (s *Service) named(ctx context.Context, tx database.Tx, a org.Actor, t Tie) (Tie, error) {
	list, err := s.readable(ctx, tx, a, []Tie{t})
	if err != nil || len(list) == 0 {
		return t, err
	}
	return list[0], nil
}

// List are the ties the actor reads: his own, and of a contact those that are shown; of two contacts, where he sees
// both. Of one to be avoided the holder and compliance alone read. Fault: contact.unknown.
func (s *Service) List(ctx context.Context, a org.Actor, contact string) (out []Tie, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		q := Asked{Holder: me(a), Limit: mostTies}
		if contact != "" {
			if err := s.sees(ctx, tx, a, contact); err != nil {
				return err
			}
			q = Asked{Contacts: []string{contact}, Limit: mostTies}
		} else if q.Holder == "" {
			out = nil
			return nil
		}
		list, err := s.Rows.Ties(ctx, tx, a.TenantID, q)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(t Tie) bool { return !t.readBy(me(a)) })
		out, err = s.readable(ctx, tx, a, list)
		return err
	})
	return out, err
}

// Between are the ties of some contacts with each other that the actor reads: his own, and those that are shown,
// where he sees both.
func (s *Service) Between(ctx context.Context, a org.Actor, contacts []string) (out []Tie, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	if len(contacts) == 0 {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.Ties(ctx, tx, a.TenantID, Asked{Contacts: contacts, Between: true, Limit: mostTies})
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(t Tie) bool { return !t.readBy(me(a)) })
		out, err = s.readable(ctx, tx, a, list)
		return err
	})
	return out, err
}

func (t Tie) readBy(member string) bool {
	return member != "" && t.HolderID == member || t.Visibility == Shown && !t.Avoid
}

// sees refuses a contact out of the actor's sight. Fault: contact.unknown.
func (s *Service) sees(ctx context.Context, tx database.Tx, a org.Actor, contact string) error {
	people, err := s.Rows.People(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), Who{IDs: []string{contact}})
	if err == nil && (len(people) == 0 || !people[0].Seen) {
		err = fault.New(fault.NotFound, "contact.unknown", "no such contact")
	}
	return err
}

// readable names who ties are of and with; those of others with people out of sight are left out.
func (s *Service) readable(ctx context.Context, tx database.Tx, a org.Actor, list []Tie) ([]Tie, error) {
	ids := map[string]bool{}
	for _, t := range list {
		ids[t.ContactID] = true
		if t.FromContactID != "" {
			ids[t.FromContactID] = true
		}
	}
	people, err := s.people(ctx, tx, a, ids)
	if err != nil {
		return nil, err
	}
	var out []Tie
	told := map[Tie]bool{} // two people who were merged leave a tie with himself, and the same one twice
	for _, t := range list {
		same := Tie{HolderID: t.HolderID, FromContactID: t.FromContactID, ContactID: t.ContactID, Kind: t.Kind, Avoid: t.Avoid}
		if t.FromContactID == t.ContactID || told[same] {
			continue
		}
		told[same] = true
		to, from := people[t.ContactID], people[t.FromContactID]
		if t.HolderID != me(a) && (!to.Seen || t.FromContactID != "" && !from.Seen) {
			continue
		}
		t.HolderName = a.Structure.Members[t.HolderID].Name
		t.ContactName, t.FromName = to.Name, from.Name
		if to.Seen {
			t.AccountName = to.AccountName
		}
		out = append(out, t)
	}
	return out, nil
}

func (s *Service) people(ctx context.Context, tx database.Tx, a org.Actor, ids map[string]bool) (map[string]Person, error) {
	out := map[string]Person{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := s.Rows.People(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), Who{IDs: sorted(ids)})
	for _, p := range list {
		out[p.ID] = p
	}
	return out, err
}

// Avoided are the ties to be avoided, for compliance, the last noted in front.
func (s *Service) Avoided(ctx context.Context, a org.Actor) (out []Tie, err error) {
	if err := a.Need(org.ComplianceRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.Ties(ctx, tx, a.TenantID, Asked{Avoid: true, Limit: mostTies})
		if err != nil {
			return err
		}
		out, err = s.readable(ctx, tx, a.Reaching(org.Scope{All: true}), list)
		return err
	})
	return out, err
}

// Forget removes what is kept of a person (account.Forgets).
func (s *Service) Forget(ctx context.Context, tx database.Tx, a org.Actor, p account.Person) error {
	var keys []string
	for _, t := range p.Texts {
		if key := text.Match(t); key != "" {
			keys = append(keys, key)
		}
	}
	return s.Rows.Forget(ctx, tx, a.TenantID, p.ID, keys)
}

// Leavers removes what members who have left said and did not share.
func (s *Service) Leavers(ctx context.Context, tenant string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		a, err := s.Job(ctx, tx, tenant)
		if err != nil {
			return err
		}
		holders, err := s.Rows.Holders(ctx, tx, tenant)
		if err != nil {
			return err
		}
		for _, m := range holders {
			if !a.Structure.Gone(m, a.Today) {
				continue
			}
			tell(tx, a, backgroundKind, m, "left")
			if err := s.Rows.ForgetMember(ctx, tx, tenant, m); err != nil {
				return fmt.Errorf("what a leaver knows: %w", err)
			}
		}
		return nil
	})
}
