package competitor

import (
	"context"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Person is a contact who was at a competitor before, or is there: by a post at an account that is called as it is, or by what is known
// of his life before.
type Person struct {
	ContactID, Name, Title string
	AccountID, AccountName string
	Employer               string
	Until                  calendar.Date // a year or a day; "" is not known
	CompetitorID           string
	CompetitorName         string
	Role                   string // in the opportunity asked about
	On                     bool   // the competitor is on that opportunity
}

// Whose narrows people: of competitors by the keys of what they are called; of an opportunity those with a part in it, of
// an account those who are there.
type Whose struct {
	Keys                 []string
	Opportunity, Account string
	Limit                int
}

type people interface {
	// People are contacts in a scope who were at an employer of one of some keys: Employer is the key until it is named.
	People(ctx context.Context, tx database.Tx, tenant string, contacts, accounts org.Scope, w Whose) ([]Person, error)
	// On are the competitors of an opportunity, as they are read.
	On(ctx context.Context, tx database.Tx, tenant, opportunity string) ([]string, error)
}

const mostPeople = 100 // of a competitor: who came from it at our customers

// keys are what competitors are called, with the competitor that each is.
func keys(all []account.Competitor) map[string]string {
	out := map[string]string{}
	for _, c := range all {
		of := c.ID
		if c.SameAs != "" {
			of = c.SameAs
		}
		for _, n := range append([]string{c.Name}, c.Aliases...) {
			if key := text.Match(n); key != "" {
				out[key] = of
			}
		}
	}
	return out
}

// cameFrom are people in sight who came from a competitor.
func (s *Service) cameFrom(ctx context.Context, tx database.Tx, a org.Actor, all []account.Competitor, id string) ([]Person, error) {
	of, w := keys(all), Whose{Limit: mostPeople}
	for key, c := range of {
		if c == id {
			w.Keys = append(w.Keys, key)
		}
	}
	return s.people(ctx, tx, a, all, of, w)
}

func (s *Service) people(ctx context.Context, tx database.Tx, a org.Actor, all []account.Competitor, of map[string]string, w Whose) ([]Person, error) {
	if len(w.Keys) == 0 {
		return nil, nil
	}
	slices.Sort(w.Keys)
	list, err := s.Rows.People(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), a.Scope(record.Account, org.Read), w)
	if err != nil {
		return nil, err
	}
	called := map[string]string{}
	for _, c := range all {
		called[c.ID] = c.Name
	}
	var out []Person
	told := map[[2]string]bool{}
	for _, p := range list {
		p.CompetitorID = of[text.Match(p.Employer)]
		p.CompetitorName = called[p.CompetitorID]
		if who := [2]string{p.ContactID, p.CompetitorID}; p.CompetitorID != "" && !told[who] {
			told[who] = true
			out = append(out, p)
		}
	}
	return out, nil
}

// People are those with a part in an opportunity, or at an account, who came from any competitor; those whose competitor
// is on the opportunity in front. Of what the actor does not see there is nobody.
func (s *Service) People(ctx context.Context, a org.Actor, deal, at string) (out []Person, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out = nil
		if deal != "" {
			if seen, err := s.Deals.SeenIn(ctx, tx, a, []string{deal}); err != nil || len(seen) == 0 {
				return err
			}
		} else if seen, err := s.Accounts.Seen(ctx, tx, a, []string{at}); err != nil || len(seen) == 0 {
			return err
		}
		all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		of, w := keys(all), Whose{Opportunity: deal, Account: at, Limit: mostPeople}
		for key := range of {
			w.Keys = append(w.Keys, key)
		}
		if out, err = s.people(ctx, tx, a, all, of, w); err != nil || deal == "" {
			return err
		}
		on, err := s.Rows.On(ctx, tx, a.TenantID, deal)
		for i := range out {
			out[i].On = slices.Contains(on, out[i].CompetitorID)
		}
		slices.SortStableFunc(out, func(x, y Person) int {
			switch {
			case x.On == y.On:
				return 0
			case x.On:
				return -1
			}
			return 1
		})
		return err
	})
	return out, err
}
