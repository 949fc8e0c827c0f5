package account

import (
	"context"
	"maps"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// tellable is what payloads about accounts and people name.
type tellable struct {
	AccountID any    `json:"accountId"`
	ParentID  any    `json:"parentId"`
	GoneID    string `json:"goneId"`
}

// Tell names people, accounts and own fields (timeline.Teller).
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref, items []*timeline.Item) error {
	people := timeline.About(record.Contact, items)
	if err := s.tellPeople(ctx, tx, a, of, people); err != nil {
		return err
	}
	if err := s.tellAccounts(ctx, tx, a, items); err != nil {
		return err
	}
	return s.Fields.TellNames(ctx, tx, a, items)
}

// tellPeople names whom entries are about: who is in sight, and of those who left an account what
// they were called there, as whoever sees the account does.
func (s *Service) tellPeople(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref, at map[string][]*timeline.Item) error {
	if len(at) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(at))
	names, err := s.ContactsCalled(ctx, tx, a, ids)
	if err != nil {
		return err
	}
	if of.Kind == record.Account && len(names) < len(ids) {
		left, err := s.Rows.Left(ctx, tx, a.TenantID, of.ID)
		if err != nil {
			return err
		}
		for _, f := range left {
			if _, seen := names[f.ID]; !seen {
				names[f.ID] = f.Name
			}
		}
	}
	for id, items := range at {
		for _, i := range items {
			i.Name = names[id]
		}
	}
	return nil
}

// tellAccounts names the accounts payloads name, and leaves out of merges what moved.
func (s *Service) tellAccounts(ctx context.Context, tx database.Tx, a org.Actor, items []*timeline.Item) error {
	var gone, there []string
	at := map[*timeline.Item][]string{}
	for _, i := range items {
		if i.Subject.Kind != record.Account && i.Subject.Kind != record.Contact && i.Kind != "opportunity.changed" {
			continue
		}
		var p tellable
		if err := i.Said(&p); err != nil {
			continue // a move of a deal has none
		}
		if strings.HasSuffix(i.Kind, "merged") {
			gone = append(gone, p.GoneID)
			at[i] = []string{p.GoneID}
			if err := i.Say(map[string]string{"goneId": p.GoneID}); err != nil {
				return err
			}
			continue
		}
		if i.Kind == "contact.erased" {
			i.Payload = nil
		}
		at[i] = append(texts(p.AccountID), texts(p.ParentID)...)
		there = append(there, at[i]...)
	}
	names := map[string]string{}
	if len(there) > 0 {
		seen, err := s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), there)
		if err != nil {
			return err
		}
		maps.Copy(names, seen)
	}
	for _, kind := range []string{record.Account, record.Contact} {
		called, err := s.FamilyNames(ctx, tx, a.TenantID, kind, gone)
		if err != nil {
			return err
		}
		maps.Copy(names, called)
	}
	for i, ids := range at {
		for _, id := range ids {
			if name := names[id]; name != "" {
				i.Names[id] = name
			}
		}
	}
	return nil
}

// texts are the ids of a text, or of a pair of them.
func texts(v any) (out []string) {
	switch v := v.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, x := range v {
			out = append(out, texts(x)...)
		}
	}
	return slices.DeleteFunc(out, func(id string) bool { return id == "" })
}

// ContactsCalled are the names of those people that the actor sees.
func (s *Service) ContactsCalled(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]string, error) {
	return s.Rows.ContactNames(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), ids)
}
