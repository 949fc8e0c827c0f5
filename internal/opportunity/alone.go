package opportunity

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// OpenPerson is somebody with a part in an open record.
type OpenPerson struct {
	Opportunity
	DealContact
	Had bool // a role, at any time
}

// Carrier is one of ours with the key persons he alone has met in half a year (单靠几个能人), and what hangs on them:
// each open record once, in the company's currency.
type Carrier struct {
	MemberID string
	People   []Carried
	Deals    int
	Worth    int64
}

// Carried is one of those persons: when he was last met, and the records in which he is key.
type Carried struct {
	ContactID, Name, Title string
	AccountID, Account     string
	MetOn                  calendar.Date
	Deals                  []Opportunity
}

// Carriers are the members who alone have met a key person of an open record in the actor's sight within
// relation.AloneDays, those with most worth on them in front. That nobody else met him is said of the whole company;
// whom one met is told of what the actor may see alone.
func (s *Service) Carriers(ctx context.Context, a org.Actor) (out []Carrier, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.carriers(ctx, tx, a)
		return err
	})
	return out, err
}

func (s *Service) carriers(ctx context.Context, tx database.Tx, a org.Actor) ([]Carrier, error) {
	people, err := s.Rows.OpenPeople(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read))
	if err != nil || len(people) == 0 {
		return nil, err
	}
	ids := map[string]bool{}
	for _, p := range people {
		ids[p.ContactID] = true
	}
	contacts, since := slices.Sorted(maps.Keys(ids)), a.Today.Add(-relation.AloneDays)
	about, err := s.Talks.MetAbout(ctx, tx, a, contacts, since)
	if err != nil {
		return nil, err
	}
	all, seen, err := s.Talks.MetSince(ctx, tx, a, contacts, since)
	if err != nil {
		return nil, err
	}
	allOf, seenOf := byContact(all), byContact(seen)
	still := func(member string) bool { return a.AtWork("", member) == nil }
	by := map[string]*Carrier{}
	for _, p := range keyOf(people, about) {
		one := relation.Alone(allOf[p.ContactID], p.ContactID, still)
		known := relation.Alone(seenOf[p.ContactID], p.ContactID, still)
		if one.MemberID == "" || known.MemberID == "" {
			continue
		}
		c := by[one.MemberID]
		if c == nil {
			c = &Carrier{MemberID: one.MemberID}
			by[one.MemberID] = c
		}
		c.carry(p, known.On)
	}
	out := make([]Carrier, 0, len(by))
	for _, c := range by {
		out = append(out, c.counted())
	}
	slices.SortFunc(out, func(x, y Carrier) int {
		return cmp.Or(cmp.Compare(y.Worth, x.Worth), cmp.Compare(len(y.People), len(x.People)), cmp.Compare(x.MemberID, y.MemberID))
	})
	return out, nil
}

func byContact(list []relation.Thread) map[string][]relation.Thread {
	out := map[string][]relation.Thread{}
	for _, t := range list {
		out[t.ContactID] = append(out[t.ContactID], t)
	}
	return out
}

// keyOf are those of some people, record by record, who are key there.
func keyOf(people []OpenPerson, met map[string]map[string]calendar.Date) (out []OpenPerson) {
	for len(people) > 0 {
		deal, n := people[0].ID, 0
		var of []relation.Person
		for ; n < len(people) && people[n].ID == deal; n++ {
			p := people[n]
			if former(p.Role, p.Had) {
				continue
			}
			of = append(of, relation.Person{ContactID: p.ContactID, Role: p.Role, Judged: p.Judged, MetOn: met[deal][p.ContactID]})
		}
		key := relation.Key(of)
		for _, p := range people[:n] {
			if slices.Contains(key, p.ContactID) {
				out = append(out, p)
			}
		}
		people = people[n:]
	}
	return out
}

func (c *Carrier) carry(p OpenPerson, met calendar.Date) {
	at := slices.IndexFunc(c.People, func(x Carried) bool { return x.ContactID == p.ContactID })
	if at < 0 {
		at = len(c.People)
		c.People = append(c.People, Carried{ContactID: p.ContactID, Name: p.DealContact.Name, Title: p.Title, AccountID: p.AccountID, Account: p.AccountName, MetOn: met})
	}
	c.People[at].Deals = append(c.People[at].Deals, p.Opportunity)
}

// counted is a carrier with each of his records counted once, the people with most on them in front.
func (c *Carrier) counted() Carrier {
	deals := map[string]bool{}
	for _, p := range c.People {
		for _, o := range p.Deals {
			if !deals[o.ID] {
				deals[o.ID] = true
				c.Worth += minorOf(o.ReportingMinor)
			}
		}
	}
	c.Deals = len(deals)
	worth := func(p Carried) (sum int64) {
		for _, o := range p.Deals {
			sum += minorOf(o.ReportingMinor)
		}
		return sum
	}
	slices.SortFunc(c.People, func(x, y Carried) int {
		return cmp.Or(cmp.Compare(worth(y), worth(x)), cmp.Compare(x.ContactID, y.ContactID))
	})
	return *c
}
