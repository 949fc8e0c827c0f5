package confirm

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/reader"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Reader finds new names in what was said, once in each follow-up.
func (s *Service) Reader() reader.Reader {
	return reader.Reader{Name: "confirmation", Kinds: []string{followup.LoggedKind}, Apply: s.talked}
}

// recent is how many days back a follow-up that is written down now may propose anything: older ones are history.
const recent = 30

// talked proposes that a key person was followed by somebody, where a new name stands in a two-way follow-up without
// him. New is a person of the account with whom nobody had spoken before, and who has no role in the opportunity.
// Either he has the key person's title in his department; or the key person is silent for as long as it takes to be
// asked after him, and the new one is not of another department. One pair is proposed once.
func (s *Service) talked(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
	f, err := followup.Said(e.Entry)
	if err != nil || !f.TwoWay || len(f.ContactIDs) == 0 || e.Path == "import" {
		return 0, err
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil || f.HappenedOn < a.Today.Add(-recent) {
		return 0, err
	}
	before, err := s.Talks.LastBut(ctx, tx, a, f.ContactIDs, f.ID)
	if err != nil {
		return 0, err
	}
	fresh := slices.DeleteFunc(slices.Clone(f.ContactIDs), func(id string) bool { return before[id].On != "" })
	if len(fresh) == 0 {
		return 0, nil
	}
	people, err := s.Accounts.PeopleIn(ctx, tx, a, fresh)
	if err != nil {
		return 0, err
	}
	deals, err := s.about(ctx, tx, a, f, people)
	if err != nil || len(deals) == 0 {
		return 0, err
	}
	return s.meets(ctx, tx, a, f, people, deals)
}

// about are the open opportunities a follow-up is about; where it is about none, those of the new ones' accounts.
func (s *Service) about(ctx context.Context, tx database.Tx, a org.Actor, f followup.FollowUp, people map[string]account.Contact) (out []opportunity.Opportunity, err error) {
	var ids []string
	for _, r := range f.On {
		if r.Kind == record.Opportunity {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) > 0 {
		seen, err := s.Deals.SeenIn(ctx, tx, a, ids)
		for _, o := range seen {
			if o.State == opportunity.Open && o.DeletedAt == nil {
				out = append(out, o)
			}
		}
		return out, err
	}
	var accounts []string
	for _, c := range people {
		if c.AccountID != "" && !slices.Contains(accounts, c.AccountID) {
			accounts = append(accounts, c.AccountID)
			list, err := s.Deals.OpenOfAccount(ctx, tx, a, c.AccountID)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
		}
	}
	return out, nil
}

// meets looks at each key person who was not there.
func (s *Service) meets(ctx context.Context, tx database.Tx, a org.Actor, f followup.FollowUp, people map[string]account.Contact,
	deals []opportunity.Opportunity) (n int, err error) {
	slices.SortFunc(deals, func(x, y opportunity.Opportunity) int { return strings.Compare(x.ID, y.ID) })
	stands, err := s.standings(ctx, tx, a, deals)
	if err != nil {
		return 0, err
	}
	proposed := map[string]bool{}
	for _, p := range stands {
		holder := a.MemberID
		if p.of.OwnerID != "" {
			holder = a.Structure.InPlaceOf(p.of.OwnerID, a.Today)
		}
		days, err := s.days(ctx, tx, a, holder)
		if err != nil {
			return n, err
		}
		for _, k := range p.keys {
			if slices.Contains(f.ContactIDs, k.ContactID) || proposed[k.ContactID] {
				continue
			}
			who, err := s.successor(ctx, tx, a, p, k, people, days.due(k.Asked, p.late()))
			if err != nil {
				return n, err
			}
			if who == "" {
				continue
			}
			proposed[k.ContactID] = true
			if id, err := s.propose(ctx, tx, a, change.New{ContactID: k.ContactID, SuccessorID: who, On: min(f.HappenedOn, a.Today)}); err != nil {
				if fault.CodeOf(err) == "contact_change.too_many" { // whoever knows tells it of those it is about
					continue
				}
				return n, err
			} else if id != "" {
				n++
			}
		}
	}
	return n, nil
}

// successor is which of some new people may follow a key person: who has his title before others.
func (s *Service) successor(ctx context.Context, tx database.Tx, a org.Actor, p people, k Stand, fresh map[string]account.Contact, silent bool) (string, error) {
	old, err := s.Accounts.PeopleIn(ctx, tx, a, []string{k.ContactID})
	if err != nil {
		return "", err
	}
	was, there := old[k.ContactID]
	if !there {
		return "", nil
	}
	best, rank := "", 0
	for _, id := range sorted(fresh) {
		c := fresh[id]
		role := slices.ContainsFunc(p.of.Roles, func(r opportunity.DealRole) bool { return r.ContactID == id })
		if n := follows(was, c, silent); n > rank && !role && c.AccountID == was.AccountID {
			best, rank = id, n
		}
	}
	if best == "" {
		return "", nil
	}
	had, err := s.Changes.Said(ctx, tx, a, k.ContactID, best)
	if err != nil || had {
		return "", err
	}
	return best, nil
}

// follows tells how likely somebody new follows somebody: 2 where he has his title in his department, 1 where that
// one is silent and nothing says that the new one is of another department, 0 otherwise.
func follows(was, now account.Contact, silent bool) int {
	same := func(a, b string) bool { return a == "" || b == "" || text.Fold(a) == text.Fold(b) }
	switch department := same(was.Department, now.Department); {
	case !department:
		return 0
	case was.Title != "" && text.Fold(was.Title) == text.Fold(now.Title):
		return 2
	case silent:
		return 1
	}
	return 0
}

func sorted(by map[string]account.Contact) (ids []string) {
	for id := range by {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
