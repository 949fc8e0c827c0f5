package opportunity

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// NoRole is the role of whom nobody knows one of.
const NoRole = "unknown"

// DealRole is a role somebody had in a record, from a day ("" is nobody knows) to a day ("" is he has it). Ord counts
// those of one person.
type DealRole struct {
	ContactID, Role string
	Ord             int64
	From, To        calendar.Date
	SaidBy          string
}

// On tells whether it was had on a day.
func (r DealRole) On(day calendar.Date) bool { return r.From <= day && (r.To == "" || day < r.To) }

// putContacts writes who has a part in a record, and the roles they have from a day on.
func (s *Service) putContacts(ctx context.Context, tx database.Tx, a org.Actor, id string, was, now []DealContact, on calendar.Date) error {
	if err := s.Rows.SetContacts(ctx, tx, a.TenantID, id, now); err != nil {
		return err
	}
	role := func(list []DealContact, contact string) string {
		if at := placeOf(list, contact); at >= 0 && list[at].Role != NoRole {
			return list[at].Role
		}
		return ""
	}
	var people []string
	for _, c := range slices.Concat(was, now) {
		if !slices.Contains(people, c.ContactID) && role(was, c.ContactID) != role(now, c.ContactID) {
			people = append(people, c.ContactID)
		}
	}
	if len(people) == 0 {
		return nil
	}
	roles, err := s.Rows.Roles(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	for _, contact := range people {
		ord := int64(0)
		for _, r := range roles {
			if r.ContactID != contact {
				continue
			}
			never := r.From >= on
			if r.To == "" {
				if err := s.Rows.EndRole(ctx, tx, a.TenantID, id, r, on); err != nil {
					return err
				}
			}
			if r.To != "" || !never {
				ord = max(ord, r.Ord)
			}
		}
		if role := role(now, contact); role != "" {
			r := DealRole{ContactID: contact, Role: role, Ord: ord + 1, From: on, SaidBy: a.Effective()}
			if err := s.Rows.InsertRole(ctx, tx, a.TenantID, id, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// Judge says which role a person has in a record and what is thought of him, by the actor's word; who was not among
// its people joins them. Faults: those of SetContacts, org.date_in_future.
func (s *Service) Judge(ctx context.Context, a org.Actor, id string, version int, c DealContact) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	c.AsOf, c.SaidBy = cmp.Or(c.AsOf, a.Today), a.Effective()
	if _, err := calendar.Parse(string(c.AsOf)); err != nil {
		return calendar.BadDate("/asOf")
	}
	if c.AsOf > a.Today {
		return fault.Input("/asOf", "org.date_in_future", "the day has not come").With("today", string(a.Today))
	}
	return s.onOpen(ctx, a, id, version, func(tx database.Tx, o *Opportunity) (journal.Event, error) {
		was, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
		if err != nil {
			return journal.Event{}, err
		}
		now := slices.Clone(was)
		at := placeOf(now, c.ContactID)
		if at < 0 {
			if err := s.Accounts.CheckContacts(ctx, tx, a, "/contactId", []string{c.ContactID}); err != nil {
				return journal.Event{}, err
			}
			now, at = append(now, DealContact{ContactID: c.ContactID}), len(now)
		}
		now[at].Role, now[at].Judged = c.Role, c.Judged
		return s.writeContacts(ctx, tx, a, o, now, a.Today)
	})
}

// Relations are the people of a record and how we stand with them. Was is the cover before a day that was asked for,
// else before the last role began or ended, "" as its day where none did.
type Relations struct {
	People []Related
	Past   []DealRole
	Names  map[string]string
	Cover  relation.Covered
	Was    relation.Covered
	WasOn  calendar.Date
	Gaps   []relation.Gap
	Key    []string
	// Threads are who of ours met whom of them two-way about it.
	Threads []relation.Thread
	// Asks: nobody is key, and the record is so far that it is asked who decides.
	Asks bool
}

// Related is one of them, with the role he has and when he was last met two-way about the record; Days are the
// working days since then.
type Related struct {
	DealContact
	From  calendar.Date
	MetOn calendar.Date
	Days  *int
	Key   bool
	// Former had a role and has none now.
	Former bool
}

// Relations reads them of a record in the actor's sight, with the cover before a day beside that of today.
func (s *Service) Relations(ctx context.Context, a org.Actor, id string, before calendar.Date) (out Relations, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return out, err
	}
	if _, err := calendar.Parse(string(before)); err != nil && before != "" {
		return out, calendar.BadDate("/before")
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		o, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), id)
		if err == nil {
			out, err = s.relations(ctx, tx, a, o, before)
		}
		return err
	})
	return out, err
}

func (s *Service) relations(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, before calendar.Date) (out Relations, err error) {
	contacts, err := s.Rows.Contacts(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return out, err
	}
	if out.Past, err = s.Rows.Roles(ctx, tx, a.TenantID, o.ID); err != nil {
		return out, err
	}
	met, err := s.Talks.LastMet(ctx, tx, a, Ref(o.ID))
	if err != nil {
		return out, err
	}
	phase, err := s.PhaseIn(ctx, tx, a, o)
	if err != nil {
		return out, err
	}
	people := PeopleOn(contacts, out.Past, met, a.Today)
	out.Cover, out.Key = relation.Cover(people), relation.Key(people)
	cal := s.Calendar(a.TenantID)
	out.Gaps = relation.Gaps(people, a.Today, cal, phase == pipeline.Late)
	out.Asks = len(out.Key) == 0 && phase != pipeline.Early && o.State == Open
	for _, r := range out.Past {
		for _, day := range []calendar.Date{r.From, r.To} {
			if day > out.WasOn && day <= a.Today {
				out.WasOn = day
			}
		}
	}
	if out.WasOn = cmp.Or(before, out.WasOn); out.WasOn != "" {
		out.Was = relation.Cover(PeopleOn(contacts, out.Past, met, out.WasOn.Add(-1)))
	}
	var ids, there []string
	for _, r := range out.Past {
		ids = append(ids, r.ContactID)
	}
	for _, c := range contacts {
		there = append(there, c.ContactID)
	}
	if out.Threads, err = s.Talks.Threads(ctx, tx, a, Ref(o.ID), there); err != nil {
		return out, err
	}
	if out.Names, err = s.Accounts.FamilyNames(ctx, tx, a.TenantID, record.Contact, ids); err != nil {
		return out, err
	}
	for _, c := range contacts {
		r := Related{DealContact: c, MetOn: met[c.ContactID], Key: slices.Contains(out.Key, c.ContactID)}
		r.Judged = c.Judged.MetBy(r.MetOn, a.Today)
		for _, x := range out.Past {
			if x.ContactID == c.ContactID {
				r.Former = x.To != ""
				if x.To == "" {
					r.From = x.From
				}
			}
		}
		r.Former = r.Former && c.Role == NoRole
		if r.MetOn != "" {
			days := max(0, cal.WorkingDaysBetween(r.MetOn, a.Today))
			r.Days = &days
		}
		out.People = append(out.People, r)
	}
	return out, nil
}

// PeopleOn are those with a part in a record on a day, with the roles of that day: who had one before and has none
// then is none of them.
func PeopleOn(contacts []DealContact, roles []DealRole, met map[string]calendar.Date, day calendar.Date) (out []relation.Person) {
	for _, c := range contacts {
		p := relation.Person{ContactID: c.ContactID, Role: NoRole, Judged: c.Judged.MetBy(met[c.ContactID], day), MetOn: met[c.ContactID]}
		had := false
		for _, r := range roles {
			if r.ContactID != c.ContactID {
				continue
			}
			had = true
			if r.On(day) {
				p.Role = r.Role
			}
		}
		if former(p.Role, had) {
			continue
		}
		out = append(out, p)
	}
	return out
}

// Back tells that somebody who went has a part in a record again: a role, or an influence that makes him key. What he
// had passed to who followed him.
func (c DealContact) Back() bool {
	return c.Role != NoRole || relation.Person{Judged: c.Judged}.IsKey()
}

// former tells that somebody had a role and has none now: he has gone.
func former(role string, had bool) bool { return role == NoRole && had }

// PhaseIn is the phase of a record's stage.
func (s *Service) PhaseIn(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity) (pipeline.Phase, error) {
	v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
	if err != nil {
		return "", err
	}
	stage, _ := v.Stage(o.StageID)
	return stage.Phase, nil
}
