package opportunity

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// Touched is an open record a change of a person touches.
type Touched struct {
	Opportunity
	Phase pipeline.Phase
	Role  string
}

// touchedMost is how many records one change touches at most: a write holds no more. Of more it is told one by one.
const touchedMost = 800

// openMost is how many open records of an account are looked at: none has more.
const openMost = 20_000

var errTooMany = fault.New(fault.Rule, "contact_change.too_many", "it would touch more than %d open opportunities; tell it of those alone that it is about",
	touchedMost).With("max", touchedMost)

// Touched are the open records in which a person had a role on a day, or is key by his influence; where nobody in one is
// key, those of which he is whom was last met two-way, or where nobody was, one of its people; and those without any people of
// the account he was at; with only of that one alone. Whatever the actor's scope: whose they are is told, not what they are.
func (s *Service) Touched(ctx context.Context, tx database.Tx, a org.Actor, account, contact, only string, on calendar.Date) (out []Touched, err error) {
	list, err := s.Rows.OpenWith(ctx, tx, a.TenantID, account, contact, openMost)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		if only != "" && o.ID != only {
			continue
		}
		role, touched, err := s.heldBy(ctx, tx, a, o, account, contact, on)
		if err != nil {
			return nil, err
		}
		if !touched {
			continue
		}
		phase, err := s.PhaseIn(ctx, tx, a, o)
		if err != nil {
			return nil, err
		}
		if out = append(out, Touched{o, phase, role}); len(out) > touchedMost {
			return nil, errTooMany
		}
	}
	return out, nil
}

func (s *Service) heldBy(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, account, contact string, on calendar.Date) (string, bool, error) {
	contacts, err := s.Rows.Contacts(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return "", false, err
	}
	roles, err := s.Rows.Roles(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return "", false, err
	}
	role, had := "", false
	for _, r := range roles {
		if r.ContactID != contact {
			continue
		}
		if r.To == "" { // what he has still is what goes to who follows
			role = r.Role
		}
		had = had || r.To == "" || r.On(on)
	}
	if had {
		return role, true, nil
	}
	if len(contacts) == 0 { // a list of opportunities is enough
		return "", account != "" && o.AccountID == account, nil
	}
	if placeOf(contacts, contact) < 0 {
		return "", false, nil
	}
	met, err := s.Talks.LastMet(ctx, tx, a, Ref(o.ID))
	if err != nil {
		return "", false, err
	}
	people := PeopleOn(contacts, roles, met, on)
	if !slices.ContainsFunc(people, func(p relation.Person) bool { return p.ContactID == contact }) {
		return "", false, nil // he had a role, and has none any more
	}
	key := relation.Key(people)
	return "", len(key) == 0 || slices.Contains(key, contact), nil
}

// Succession is what a change of a person did to an open record's people, for taking it back: the influence who went had;
// the role who follows had before, "" where he was not among them; and whether he has his influence by it.
type Succession struct {
	Influence *int64
	Had       string
	Lent      bool
}

// weights are what roles weigh: who follows somebody keeps one of his own that weighs more.
var weights = map[string]int{"economic": 6, "approver": 5, "coach": 4, "blocker": 3, "technical": 2, "user": 1}

// Succeed ends what role a person has in an open record on a day; a successor takes it over with its influence, not
// met and of an attitude nobody knows; one of his own that weighs more he keeps. Who has gone stays among its people,
// without a role, and where he was key by his influence alone, without that. Whoever tells of the change may, whatever
// his scope.
func (s *Service) Succeed(ctx context.Context, tx database.Tx, a org.Actor, id, from, to string, on calendar.Date) (p Succession, err error) {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil || was.State != Open || was.DeletedAt != nil {
		return p, err
	}
	list, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return p, err
	}
	role := NoRole
	if at := placeOf(list, from); at >= 0 {
		role, p.Influence = list[at].Role, list[at].Influence
		if list[at].Role == NoRole {
			list[at].Influence = nil
		}
		list[at].Role = NoRole
	}
	if to != "" && to != from {
		list = p.pass(list, to, role, on)
	}
	return p, s.recastOn(ctx, tx, a, was, list, on)
}

// pass gives a role and the influence to who follows.
func (p *Succession) pass(list []DealContact, to, role string, on calendar.Date) []DealContact {
	at := placeOf(list, to)
	if at < 0 { // nobody said so: he was not met, as far as is known
		none := int64(0)
		list, at = append(list, DealContact{ContactID: to, Role: NoRole, Judged: relation.Judged{Coverage: &none, AsOf: on}}), len(list)
	} else {
		p.Had = list[at].Role
	}
	if weights[role] > weights[list[at].Role] {
		list[at].Role = role
	}
	if list[at].Influence == nil && p.Influence != nil {
		list[at].Influence, p.Lent = p.Influence, true
	}
	return list
}

// Unsucceed gives a role back to who had it, as if the change never was, as far as it stands: who took it over has the
// one he had before, and is none of its people where he is one by the change alone.
func (s *Service) Unsucceed(ctx context.Context, tx database.Tx, a org.Actor, id, from, to, role string, p Succession, on calendar.Date) error {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if fault.Is(err, fault.NotFound) || err == nil && (was.State != Open || was.DeletedAt != nil) {
		return nil
	}
	if err != nil {
		return err
	}
	list, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	if at := placeOf(list, from); at >= 0 && list[at].Role == NoRole {
		list[at].Role = cmp.Or(role, NoRole)
		list[at].Influence = cmp.Or(list[at].Influence, p.Influence)
	}
	if at := placeOf(list, to); to != "" && at >= 0 {
		met, err := s.Talks.LastMet(ctx, tx, a, Ref(id))
		if err != nil {
			return err
		}
		list = p.back(list, at, role, met[to] != "")
	}
	return s.recastOn(ctx, tx, a, was, list, on)
}

func (p Succession) back(list []DealContact, at int, role string, met bool) []DealContact {
	c := &list[at]
	if c.Role == role && weights[role] > weights[p.Had] {
		c.Role = cmp.Or(p.Had, NoRole)
	}
	if p.Lent && c.Influence != nil && *c.Influence == *p.Influence {
		c.Influence = nil
	}
	judged := c.Attitude != nil || c.Influence != nil || c.Coverage != nil && *c.Coverage > 0
	if p.Had == "" && c.Role == NoRole && !met && !judged {
		return slices.Delete(list, at, at+1)
	}
	return list
}

func (s *Service) recastOn(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, list []DealContact, on calendar.Date) error {
	o := was
	e, err := s.writeContacts(ctx, tx, a, &o, list, on)
	if err != nil {
		return err
	}
	_, err = s.save(ctx, tx, a, was, &o, e)
	return err
}

// Inherit gives what somebody had in an open record to who follows him, once he is known.
func (s *Service) Inherit(ctx context.Context, tx database.Tx, a org.Actor, id, to, role string, p Succession, on calendar.Date) (Succession, error) {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil || was.State != Open || was.DeletedAt != nil {
		return p, err
	}
	list, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return p, err
	}
	list = p.pass(list, to, role, on)
	return p, s.recastOn(ctx, tx, a, was, list, on)
}

// SeenIn are those of some records the actor sees.
func (s *Service) SeenIn(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]Opportunity, error) {
	if len(ids) == 0 || !a.Can(org.OppRead) {
		return nil, nil
	}
	names, err := s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), ids)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	all, err := s.Rows.ByID(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(names)))
	return all, err
}
