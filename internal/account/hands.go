package account

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Hands are the fields of an account or a person that somebody wrote here, where no import has
// written over them since; own fields are "custom." and their keys. The journal knows by which
// path each entry came.
type Hands map[string]bool

// set takes in that a field was written, by a person or by an import.
func (h Hands) set(field string, person bool) {
	if person {
		h[field] = true
	} else {
		delete(h, field)
	}
}

// HandsOn reads it of an account.
func (s *Service) HandsOn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Hands, error) {
	return s.handsAfter(ctx, tx, a, id, 0)
}

func (s *Service) handsAfter(ctx context.Context, tx database.Tx, a org.Actor, id string, after database.Seq) (Hands, error) {
	list, err := journal.After(ctx, tx, a.TenantID, Ref(id), after)
	if err != nil {
		return nil, err
	}
	fields, err := s.Fields.List(ctx, tx, a.TenantID, record.Account)
	keys := map[string]string{}
	for _, f := range fields {
		keys[f.ID] = f.Key
	}
	never := map[int64]bool{} // what an undone import wrote was never written
	for _, e := range list {
		var p changed
		if e.Kind == "account.changed" && json.Unmarshal(e.Payload, &p) == nil {
			for _, seq := range p.Ended {
				never[int64(seq)], never[e.Seq] = true, true
			}
		}
	}
	h := Hands{}
	for _, e := range list {
		if e.Path != "job" && !never[e.Seq] {
			h.take(e, keys)
		}
	}
	return h, err
}

func (h Hands) take(e journal.Entry, keys map[string]string) {
	person := e.Path != "import"
	switch e.Kind {
	case "account.created":
		var p created
		if !person || json.Unmarshal(e.Payload, &p) != nil {
			return
		}
		h["name"] = true
		for field, said := range map[string]string{"industry": p.Industry, "region": p.Region, "class": p.Class, "parent": p.ParentID} {
			if said != "" {
				h[field] = true
			}
		}
		h.own(p.Custom, keys, person)
	case "account.changed":
		var p changed
		if json.Unmarshal(e.Payload, &p) != nil {
			return
		}
		for field, pair := range map[string][2]string{"industry": p.Industry, "region": p.Region, "class": p.Class, "parent": p.ParentID} {
			if pair[0] != pair[1] {
				h.set(field, person)
			}
		}
		if p.Renamed {
			h.set("name", person)
		}
		h.own(p.Custom, keys, person)
	}
}

func (h Hands) own(list []own, keys map[string]string, person bool) {
	for _, o := range list {
		h.set("custom."+keys[o.FieldID], person)
	}
}

// HandsOnContact reads it of a person.
func (s *Service) HandsOnContact(ctx context.Context, tx database.Tx, a org.Actor, c Contact) (Hands, error) {
	list, err := journal.After(ctx, tx, a.TenantID, ContactRef(c.ID), 0)
	h := Hands{}
	for _, e := range list {
		person := e.Path != "import" && e.Path != "job"
		switch e.Kind {
		case "contact.created":
			for _, f := range ContactFields {
				if person && *f.Of(&c) != "" {
					h[f.Name] = true
				}
			}
		case "contact.changed":
			var p contactChanged
			if json.Unmarshal(e.Payload, &p) == nil {
				for _, f := range p.Changed {
					h.set(f, person)
				}
			}
		case "contact.moved":
			h.set("account", person)
		}
	}
	return h, err
}

// ContactField is what a person's row holds, and how it is called.
type ContactField struct {
	Name string
	Of   func(*Contact) *string
}

// ContactFields are those an import may change, in order.
var ContactFields = []ContactField{
	{"name", func(c *Contact) *string { return &c.Name }},
	{"account", func(c *Contact) *string { return &c.AccountID }},
	{"department", func(c *Contact) *string { return &c.Department }},
	{"title", func(c *Contact) *string { return &c.Title }},
	{"mobile", func(c *Contact) *string { return &c.Mobile }},
	{"phone", func(c *Contact) *string { return &c.Phone }},
	{"email", func(c *Contact) *string { return &c.Email }},
	{"wechat", func(c *Contact) *string { return &c.WeChat }},
}

// ContactStated is what an import may change of a person, as it was found and as it was left.
func ContactStated(c Contact) map[string]string {
	out := map[string]string{}
	for _, f := range ContactFields {
		out[f.Name] = *f.Of(&c)
	}
	return out
}

// UnstateContact gives back what an import changed of a person, where he still has what it wrote.
func (s *Service) UnstateContact(ctx context.Context, tx database.Tx, a org.Actor, id string, before, after map[string]string) (back, kept bool, err error) {
	was, err := s.TakeContactIn(ctx, tx, a, id)
	if fault.Is(err, fault.NotFound) {
		return false, false, nil // erased since: nothing is left to give back
	}
	if err != nil {
		return false, false, err
	}
	next := was
	for _, f := range ContactFields {
		holds := f.Of(&next)
		switch {
		case before[f.Name] == after[f.Name], *holds == before[f.Name]:
		case *holds == after[f.Name]:
			*holds, back = before[f.Name], true
		default:
			kept = true
		}
	}
	if back {
		_, err = s.UpdateContactIn(ctx, tx, a, next, Step{Never: true})
	}
	for k, ext := range after {
		if source, ok := strings.CutPrefix(k, given); ok {
			back = true
			err = errors.Join(err, s.Records.ForgetExternal(ctx, tx, a.TenantID, record.Ref{Kind: record.Contact, ID: id}, record.External{Source: source, ID: ext}))
		}
	}
	return back, kept, err
}

// given stands before the source of an id that a change gave a person.
const given = "given "

// Given says that a change gave a person an id in another system.
func Given(stated map[string]string, e record.External) { stated[given+e.Source] = e.ID }
