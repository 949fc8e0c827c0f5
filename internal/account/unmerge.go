package account

import (
	"context"
	"encoding/json"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Unmerged is a merge that was taken back: how much went back, and what stayed because it was changed since.
// Fields are those the one that stayed keeps.
type Unmerged struct {
	Merge  merge.Merge
	Back   int
	Stayed int
	Fields []string
}

// Unmerge takes a merge back: the one that went is there again with all that moved and was not changed since.
// Asked twice it answers the same. Faults: merge.unknown, merge.undone, and those of changing either record.
func (s *Service) Unmerge(ctx context.Context, a org.Actor, id string) (Unmerged, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return Unmerged{}, err
	}
	return idempotency.Once(ctx, s.Keys, a.By(), "unmerge "+id, "", func(tx database.Tx) (Unmerged, error) { return s.unmerge(ctx, tx, a, id) })
}

func (s *Service) unmerge(ctx context.Context, tx database.Tx, a org.Actor, id string) (Unmerged, error) {
	scopes := map[string]org.Scope{record.Account: a.Scope(record.Account, org.Read), record.Contact: a.Scope(record.Contact, org.Read)}
	m, err := s.Merges.Get(ctx, tx, a.TenantID, id, scopes)
	if err != nil {
		return Unmerged{}, err
	}
	u := unmerging{Service: s, a: a, out: Unmerged{Merge: m, Fields: []string{}}}
	if u.p, err = s.told(ctx, tx, a, m); err != nil {
		return u.out, err
	}
	taken := slices.Concat([]string{m.KeptID, m.GoneID}, u.p.Deals, u.p.People, u.p.Children, dealsOf(u.p.Casts))
	if err := record.Take(ctx, tx, a.TenantID, taken...); err != nil {
		return u.out, err
	}
	if m, err = s.Merges.Get(ctx, tx, a.TenantID, id, scopes); err != nil {
		return u.out, err
	}
	if err := u.may(ctx, tx, m); err != nil {
		return u.out, err
	}
	if m.UndoneAt != nil {
		return u.out, fault.New(fault.Conflict, "merge.undone", "it was taken back already")
	}
	if u.out.Merge.Before = m.Before; m.Kind == record.Contact {
		err = u.contacts(ctx, tx, m)
	} else {
		err = u.accounts(ctx, tx, m)
	}
	u.out.Merge.UndoneAt, u.out.Merge.Before = &a.Now, merge.Before{}
	u.out.Stayed = u.p.count() + u.externals - u.out.Back
	slices.Sort(u.out.Fields)
	return u.out, err
}

// told is what the entry of a merge tells of it.
func (s *Service) told(ctx context.Context, tx database.Tx, a org.Actor, m merge.Merge) (p merged, err error) {
	list, err := journal.After(ctx, tx, a.TenantID, record.Ref{Kind: m.Kind, ID: m.KeptID}, 0)
	for _, e := range list {
		if e.Kind == m.Kind+".merged" {
			var one merged
			if err := json.Unmarshal(e.Payload, &one); err != nil {
				return p, err
			}
			if one.MergeID == m.ID {
				p = one
			}
		}
	}
	return p, err
}

// unmerging is one merge being taken back.
type unmerging struct {
	*Service
	a         org.Actor
	p         merged
	out       Unmerged
	externals int // of a person, which no entry tells
}

// may refuses who may not change both.
func (u *unmerging) may(ctx context.Context, tx database.Tx, m merge.Merge) error {
	if m.Kind == record.Contact {
		_, err := u.TakeContactIn(ctx, tx, u.a, m.KeptID)
		return err
	}
	if _, err := u.TakeIn(ctx, tx, u.a, m.KeptID); err != nil {
		return err
	}
	_, err := u.Rows.Get(ctx, tx, u.a.TenantID, u.a.Scope(record.Account, org.Write), m.GoneID)
	if fault.Is(err, fault.NotFound) {
		return errNotBoth
	}
	return err
}

func (u *unmerging) accounts(ctx context.Context, tx database.Tx, m merge.Merge) error {
	a := u.a
	still, err := u.Merges.Still(ctx, tx, a.TenantID, Ref(m.KeptID), u.p.Moved)
	if err != nil {
		return err
	}
	back := merged{MergeID: m.ID, GoneID: m.GoneID, Moved: still}
	if back.External, err = u.called(ctx, tx, m.KeptID, u.p.External); err != nil {
		return err
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(m.KeptID), Kind: "account.unmerged", On: a.Today, Payload: back})
	if err := u.returnAccount(ctx, tx, a, m.KeptID, back); err != nil {
		return err
	}
	gone, err := u.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, m.GoneID)
	if err != nil {
		return err
	}
	if err := u.hide(ctx, tx, a, gone, false, hidden{}); err != nil {
		return err
	}
	deals, err := u.Deals.Rehome(ctx, tx, a, m.KeptID, m.GoneID, u.p.Deals)
	if err != nil {
		return err
	}
	people, err := u.rehomePeople(ctx, tx, a, m.KeptID, m.GoneID, u.p.People)
	if err != nil {
		return err
	}
	children, err := u.adopt(ctx, tx, a, m.KeptID, m.GoneID, u.p.Children)
	if err != nil {
		return err
	}
	u.out.Back = back.count() + len(deals) + len(people) + len(children)
	kept, err := u.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, m.KeptID)
	if err != nil {
		return err
	}
	if err := u.ownOf(ctx, tx, a, &kept, &gone); err != nil {
		return err
	}
	return u.setFields(ctx, tx, a, m.KeptID, u.unchanged(kept.values(), m.Before.Fields), 0)
}

// unchanged are the fields that hold what was taken; the others were written since and stay.
func (u *unmerging) unchanged(now map[string]string, taken map[string][2]string) map[string][2]string {
	out := map[string][2]string{}
	for name, pair := range taken {
		if now[name] == pair[1] {
			out[name] = pair
		} else {
			u.out.Fields = append(u.out.Fields, name)
		}
	}
	return out
}

// called are those of some ids in other systems that a record has now.
func (u *unmerging) called(ctx context.Context, tx database.Tx, id string, list []record.External) ([]record.External, error) {
	now, err := u.Records.External(ctx, tx, u.a.TenantID, id)
	return slices.DeleteFunc(slices.Clone(list), func(e record.External) bool { return !slices.Contains(now, e) }), err
}

// returnAccount has what moved name the account that went again.
func (s *Service) returnAccount(ctx context.Context, tx database.Tx, a org.Actor, kept string, p merged) error {
	if err := s.Merges.Return(ctx, tx, a.TenantID, Ref(kept), Ref(p.GoneID), p.Moved); err != nil {
		return err
	}
	if err := s.recall(ctx, tx, a.TenantID, Ref(kept), Ref(p.GoneID), p.External); err != nil {
		return err
	}
	return s.Merges.Undo(ctx, tx, a.TenantID, p.MergeID, a.Now)
}

// returnContact has what moved name the person who went again, and brings him back.
func (s *Service) returnContact(ctx context.Context, tx database.Tx, a org.Actor, kept string, p merged) error {
	if err := s.Merges.Return(ctx, tx, a.TenantID, ContactRef(kept), ContactRef(p.GoneID), p.Moved); err != nil {
		return err
	}
	if err := s.Rows.ShowContact(ctx, tx, a.TenantID, p.GoneID); err != nil {
		return err
	}
	return s.Merges.Undo(ctx, tx, a.TenantID, p.MergeID, a.Now)
}

func (u *unmerging) contacts(ctx context.Context, tx database.Tx, m merge.Merge) error {
	a := u.a
	kept, err := u.Rows.Contact(ctx, tx, a.TenantID, org.Scope{All: true}, m.KeptID)
	if err != nil {
		return err
	}
	back := merged{MergeID: m.ID, GoneID: m.GoneID}
	if back.Moved, err = u.Merges.Still(ctx, tx, a.TenantID, ContactRef(m.KeptID), u.p.Moved); err != nil {
		return err
	}
	external, err := u.called(ctx, tx, m.KeptID, m.Before.External)
	if err != nil {
		return err
	}
	journal.Append(tx, a.By(), contactMerged("unmerged", m.KeptID, kept.AccountID, a, back))
	if err := u.returnContact(ctx, tx, a, m.KeptID, back); err != nil {
		return err
	}
	if err := u.recall(ctx, tx, a.TenantID, ContactRef(m.KeptID), ContactRef(m.GoneID), external); err != nil {
		return err
	}
	if err := u.follow(ctx, tx, m.GoneID); err != nil {
		return err
	}
	casts, err := u.Deals.CastBack(ctx, tx, a, m.KeptID, m.GoneID, u.p.Casts)
	if err != nil {
		return err
	}
	u.externals = len(m.Before.External)
	u.out.Back = back.count() + casts + len(external)
	values, err := u.Fields.Load(ctx, tx, a.TenantID, record.Contact, a.Company.Currency, []string{m.KeptID})
	if err != nil {
		return err
	}
	kept.Custom = values[m.KeptID]
	return u.setContactFields(ctx, tx, a, m.KeptID, u.unchanged(kept.values(), m.Before.Fields), 0)
}

// follow puts a person who is there again at what his account went into meanwhile.
func (u *unmerging) follow(ctx context.Context, tx database.Tx, id string) error {
	c, err := u.Rows.Contact(ctx, tx, u.a.TenantID, org.Scope{All: true}, id)
	if err != nil {
		return err
	}
	at, err := u.standing(ctx, tx, u.a.TenantID, Ref(c.AccountID))
	if err != nil || at == c.AccountID {
		return err
	}
	_, err = u.rehomePeople(ctx, tx, u.a, c.AccountID, at, []string{id})
	return err
}
