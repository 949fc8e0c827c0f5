package account

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pinyin"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Searched is what the search that crosses kinds asks of one: the best so many of a scope.
type Searched struct {
	TenantID, Query string
	Mine            string // whose records come first of those found as well
	Scope           org.Scope
	Most            int
}

// Best are the accounts in the actor's scope a text finds, the best first, and how many there are.
func (s *Service) Best(ctx context.Context, a org.Actor, query string, most int) (out []Account, count int64, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, 0, err
	}
	w := Searched{a.TenantID, query, a.Effective(), a.Scope(record.Account, org.Read), most}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if s.Memory != nil {
			ids, n, known, err := s.Memory.BestAccounts(ctx, tx, w)
			if err != nil {
				return err
			}
			if known {
				count = n
				byID, err := s.Rows.ByID(ctx, tx, a.TenantID, ids)
				out = record.InOrder(ids, byID)
				return err
			}
		}
		list, err := s.Rows.List(ctx, tx, a.TenantID, w.Scope, Filter{Query: query}, page.Request{Sort: "name", Limit: most})
		if out = list.Items; err != nil || list.Next == "" {
			count = int64(len(out))
			return err
		}
		count, err = s.Rows.Count(ctx, tx, a.TenantID, w.Scope, Filter{Query: query})
		return err
	})
	return out, count, err
}

// CompetitorsCalled is how well a text finds competitors by any of their names, spellings as the competitor they are.
func CompetitorsCalled(all []Competitor, query string) map[string]pinyin.Rank {
	out := map[string]pinyin.Rank{}
	m := pinyin.NewMatcher(query)
	for _, c := range all {
		of := cmp.Or(c.SameAs, c.ID)
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			out[of] = max(out[of], m.Rank(text.Plain(name)))
		}
	}
	return out
}

// BestCompetitors are the competitors a text finds by any of their names, the best first, and how many there are.
func (s *Service) BestCompetitors(ctx context.Context, a org.Actor, query string, most int) (out []Competitor, count int64, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, 0, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err := s.CompetitorsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		found := CompetitorsCalled(all, query)
		all = slices.DeleteFunc(all, func(c Competitor) bool { return c.SameAs != "" || found[c.ID] <= pinyin.Not })
		slices.SortStableFunc(all, func(x, y Competitor) int { return cmp.Compare(found[y.ID], found[x.ID]) })
		out, count = all[:min(len(all), most)], int64(len(all))
		return nil
	})
	return out, count, err
}

// BestContacts are the people in the actor's scope a text finds by their names, the best first, and how many
// there are; of digits, those a number of theirs holds them in, too. Whoever sees numbers masked finds
// by what he sees of them: their ends.
func (s *Service) BestContacts(ctx context.Context, a org.Actor, query string, most int) (out []Contact, count int64, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, 0, err
	}
	w := Searched{a.TenantID, query, "", a.Scope(record.Contact, org.Read), most}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if out, count, err = s.bestContacts(ctx, tx, w); err != nil || len(out) == most {
			return err
		}
		digits, number := digitsOf(query)
		if !number {
			return nil
		}
		called, err := s.Rows.ContactsCalled(ctx, tx, a.TenantID, w.Scope, digits, !a.Can(org.AccountWrite), most)
		for _, c := range called {
			if len(out) < most && !holds(out, c.ID) {
				out, count = append(out, c), count+1
			}
		}
		return err
	})
	return out, count, err
}

func (s *Service) bestContacts(ctx context.Context, tx database.Tx, w Searched) ([]Contact, int64, error) {
	if s.Memory != nil {
		ids, n, known, err := s.Memory.BestContacts(ctx, tx, w)
		if err != nil {
			return nil, 0, err
		}
		if known {
			byID, err := s.Rows.ContactsByID(ctx, tx, w.TenantID, ids)
			return record.InOrder(ids, byID), n, err
		}
	}
	list, err := s.Rows.Contacts(ctx, tx, w.TenantID, w.Scope, "", w.Query, page.Request{Sort: "name", Limit: w.Most})
	return list.Items, int64(len(list.Items)), err
}

func holds(list []Contact, id string) bool {
	for i := range list {
		if list[i].ID == id {
			return true
		}
	}
	return false
}

// digitsOf are the digits of what may be a part of a number as people write one; fewer than four are none.
func digitsOf(query string) (digits string, number bool) {
	for _, r := range query {
		switch {
		case r >= '0' && r <= '9':
			digits += string(r)
		case r != ' ' && r != '-' && r != '+' && r != '(' && r != ')':
			return "", false
		}
	}
	return digits, len(digits) >= 4
}
