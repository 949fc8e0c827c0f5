package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// Peopled is an open record with the customer's people in it, the roles anybody had, and its phase.
type Peopled struct {
	Opportunity
	Phase     pipeline.Phase
	StageName string
	Contacts  []DealContact
	Roles     []DealRole
}

// PeopledMost is how many open records of some owners are looked at, those worth most in front.
const PeopledMost = 2_000

// OpenOf are the open records of some owners, those worth most in front, without their people.
func (s *Service) OpenOf(ctx context.Context, tx database.Tx, a org.Actor, owners []string) ([]Opportunity, error) {
	return s.Rows.OpenOf(ctx, tx, a.TenantID, owners, PeopledMost)
}

// HasWith tells whether the actor has an open record with a person among its people, or has it in the place of one who left.
func (s *Service) HasWith(ctx context.Context, tx database.Tx, a org.Actor, contact string) (bool, error) {
	me := a.Effective()
	return s.Rows.HasWith(ctx, tx, a.TenantID, append([]string{me}, a.Structure.LeftTo(me, a.Today)...), contact)
}

// OpenOfAccount are the open records of an account, without their people.
func (s *Service) OpenOfAccount(ctx context.Context, tx database.Tx, a org.Actor, account string) ([]Opportunity, error) {
	return s.Rows.OpenWith(ctx, tx, a.TenantID, account, "", openMost)
}

// Peopled reads the people of some records along.
func (s *Service) Peopled(ctx context.Context, tx database.Tx, a org.Actor, list []Opportunity) ([]Peopled, error) {
	ids := make([]string, len(list))
	for i, o := range list {
		ids[i] = o.ID
	}
	contacts, err := s.Rows.ContactsOf(ctx, tx, a.TenantID, ids)
	if err != nil {
		return nil, err
	}
	roles, err := s.Rows.RolesOf(ctx, tx, a.TenantID, ids)
	if err != nil {
		return nil, err
	}
	names, err := s.Pipelines.Names(ctx, tx, a.TenantID)
	if err != nil {
		return nil, err
	}
	out, versions := make([]Peopled, len(list)), map[string]pipeline.Version{}
	for i, o := range list {
		v, known := versions[o.VersionID]
		if !known {
			if v, err = s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID); err != nil {
				return nil, err
			}
			versions[o.VersionID] = v
		}
		stage, _ := v.Stage(o.StageID)
		out[i] = Peopled{o, stage.Phase, names.Stages[o.StageID], contacts[o.ID], roles[o.ID]}
	}
	return out, nil
}

// JoinIn has a person be among those of an open record, his role not known, and tells whether he was not. Fault:
// contact.unknown.
func (s *Service) JoinIn(ctx context.Context, tx database.Tx, a org.Actor, id, contact string) (joined bool, err error) {
	was, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Read), id)
	if err != nil {
		return false, err
	}
	list, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil || placeOf(list, contact) >= 0 {
		return false, err
	}
	if err := s.Accounts.CheckContacts(ctx, tx, a, "/contactId", []string{contact}); err != nil {
		return false, err
	}
	return true, s.recastOn(ctx, tx, a, was, append(list, DealContact{ContactID: contact, Role: NoRole}), a.Today)
}

// UnjoinIn takes him out again, as long as nobody gave him a role or spoke with him about it.
func (s *Service) UnjoinIn(ctx context.Context, tx database.Tx, a org.Actor, id, contact string) error {
	was, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Read), id)
	if err != nil {
		return err
	}
	list, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	met, err := s.Talks.LastMet(ctx, tx, a, Ref(id))
	at := placeOf(list, contact)
	if err != nil || at < 0 || list[at].Role != NoRole || list[at].Judged != (relation.Judged{}) || met[contact] != "" {
		return err
	}
	return s.recastOn(ctx, tx, a, was, append(list[:at:at], list[at+1:]...), a.Today)
}

// KeyPersons are the key persons of those of some records that are open, record by record.
func (s *Service) KeyPersons(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (list []Peopled, keys map[string][]string, err error) {
	known, err := s.Rows.ByID(ctx, tx, a.TenantID, ids)
	if err != nil {
		return nil, nil, err
	}
	var open []Opportunity
	for _, id := range ids {
		if o, there := known[id]; there && o.State == Open && o.DeletedAt == nil {
			open = append(open, o)
		}
	}
	if list, err = s.Peopled(ctx, tx, a, open); err != nil || len(list) == 0 {
		return nil, nil, err
	}
	met, err := s.Talks.LastMetOn(ctx, tx, a, record.Opportunity, ids)
	keys = map[string][]string{}
	for _, o := range list {
		keys[o.ID] = relation.Key(PeopleOn(o.Contacts, o.Roles, met[o.ID], a.Today))
	}
	return list, keys, err
}

// LateIn are which of some records are in a late phase.
func (s *Service) LateIn(ctx context.Context, tx database.Tx, a org.Actor, list map[string]Opportunity) (map[string]bool, error) {
	late, versions := map[string]bool{}, map[string]pipeline.Version{}
	for id, o := range list {
		v, known := versions[o.VersionID]
		if !known {
			var err error
			if v, err = s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID); err != nil {
				return nil, err
			}
			versions[o.VersionID] = v
		}
		stage, _ := v.Stage(o.StageID)
		late[id] = stage.Phase == pipeline.Late
	}
	return late, nil
}

// ReceivedOn is the day from which whoever owns a record has it from somebody else; "" where nobody had it before him.
func (s *Service) ReceivedOn(ctx context.Context, tx database.Tx, a org.Actor, id string) (calendar.Date, error) {
	owners, err := s.Records.Owners(ctx, tx, a.TenantID, id)
	since := owners.Since(a.Today)
	if len(owners) == 0 || owners[0].From >= since {
		since = ""
	}
	return since, err
}

// TalkedTo is when each of some people was last in a two-way contact with anybody of us, and how.
func (s *Service) TalkedTo(ctx context.Context, tx database.Tx, a org.Actor, contacts []string) (map[string]followup.Last, error) {
	return s.Talks.LastWith(ctx, tx, a, contacts)
}

// MetAbout is LastMet of several records.
func (s *Service) MetAbout(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]map[string]calendar.Date, error) {
	return s.Talks.LastMetOn(ctx, tx, a, record.Opportunity, ids)
}

// MetBy are who of ours met whom of some people two-way since a day.
func (s *Service) MetBy(ctx context.Context, tx database.Tx, a org.Actor, contacts []string, since calendar.Date) ([]relation.Thread, error) {
	all, _, err := s.Talks.MetSince(ctx, tx, a, contacts, since)
	return all, err
}
