// Package mention finds where a person is named in what people wrote — follow-ups, tasks,
// evidence, reasons, notes, attachments — and takes the person out of it, at an erasure. The
// rows of the person himself are the account package's.
package mention

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/file"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/text"
)

// Most is how many places are shown, and taken out, in one erasure.
const Most = 500

// Place kinds that are no column of a table.
const (
	Attached = "file.attached" // a file that hangs on the person
	Content  = "file.content"  // a text or table that names the person
)

// Mention is one place. What it hangs on is named, and its text quoted, where the actor may read
// that; else it is only said that there is one.
type Mention struct {
	account.Place
	On     record.Ref // "" where it hangs on nothing
	OnName string
	Text   string // an excerpt
	Hidden bool   // in a record out of sight
	ByHand bool   // a name of a record: whoever may changes it there
}

// Found is what a search found: Namesakes are others who are called so, More that there are
// places beyond.
type Found struct {
	Items     []Mention
	Namesakes int
	More      bool
}

// Rows is what the package needs of the tables texts lie in.
type Rows interface {
	// Containing reads texts that may name a person, from every column there is; patterns are for
	// LIKE, in lower case.
	Containing(ctx context.Context, tx database.Tx, tenant string, patterns []string, limit int) ([]Written, error)
	// At reads the texts of a place.
	At(ctx context.Context, tx database.Tx, tenant string, p account.Place) ([]string, error)
	// Write puts a text where another stands in a place.
	Write(ctx context.Context, tx database.Tx, tenant string, p account.Place, was, now string) error
	// Knows tells whether there is such a kind of place, and whether it is changed here.
	Knows(kind string) (known, byHand bool)
}

// Written is a text as it stands in a column.
type Written struct {
	account.Place
	On   record.Ref
	Text string
}

// Service finds and takes out.
type Service struct {
	DB       *database.DB
	Rows     Rows
	Accounts *account.Service
	Files    *file.Store
	Kinds    kinds.Registry
}

// Find searches for a person the actor may erase. Faults: those of reading a contact.
func (s *Service) Find(ctx context.Context, a org.Actor, contact string) (out Found, err error) {
	if err := a.Need(org.ContactErase); err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.find(ctx, tx, a, contact)
		return err
	})
	return out, err
}

func (s *Service) find(ctx context.Context, tx database.Tx, a org.Actor, contact string) (out Found, err error) {
	person, namesakes, err := s.Accounts.PersonIn(ctx, tx, a, contact)
	if err != nil {
		return out, err
	}
	out.Namesakes = namesakes
	of := text.LooksOf(person.Texts)
	var all []Written
	if len(of) > 0 {
		rows, err := s.Rows.Containing(ctx, tx, a.TenantID, of.Patterns(database.Containing), Most+1)
		if err != nil {
			return out, err
		}
		for _, w := range rows {
			if w.ID != contact && of.In(w.Text) {
				all = append(all, w)
			}
		}
		if err := s.Files.Plain(ctx, tx, a, func(f file.File, said string) {
			if of.In(said) {
				all = append(all, Written{account.Place{Kind: Content, ID: f.ID}, f.On, f.Name + ": " + said})
			}
		}); err != nil {
			return out, err
		}
	}
	hanging, err := s.Files.OfIn(ctx, tx, a, account.ContactRef(contact))
	if err != nil {
		return out, err
	}
	for _, f := range hanging {
		all = append(all, Written{account.Place{Kind: Attached, ID: f.ID}, f.On, f.Name})
	}
	if out.More = len(all) > Most; out.More {
		all = all[:Most]
	}
	out.Items, err = s.shown(ctx, tx, a, of, all)
	return out, err
}

// shown quotes what the actor may read.
func (s *Service) shown(ctx context.Context, tx database.Tx, a org.Actor, of text.Looks, all []Written) ([]Mention, error) {
	var refs []record.Ref
	for _, w := range all {
		if w.On.ID != "" && !slices.Contains(refs, w.On) {
			refs = append(refs, w.On)
		}
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, refs)
	if err != nil {
		return nil, err
	}
	out := make([]Mention, 0, len(all))
	for _, w := range all {
		name, seen := names[w.On]
		m := Mention{Place: w.Place, On: w.On, OnName: name, Hidden: w.On.ID != "" && !seen}
		if m.Hidden {
			m.On = record.Ref{Kind: w.On.Kind}
		} else {
			m.Text = excerpt(of, w.Text)
		}
		_, m.ByHand = s.Rows.Knows(w.Kind)
		out = append(out, m)
	}
	return out, nil
}

// TakeOut implements account.Mentions: what stands for the person in those places is replaced;
// a file that holds or hangs on the person goes, also where it is evidence, because the law asks
// for more than a milestone does (PIPL, article 47). What names nobody any more is left.
// Fault: contact.place_unknown.
func (s *Service) TakeOut(ctx context.Context, tx database.Tx, a org.Actor, p account.Person, places []account.Place) error {
	of := text.LooksOf(p.Texts)
	for _, place := range places {
		var err error
		switch known, byHand := s.Rows.Knows(place.Kind); {
		case place.Kind == Attached || place.Kind == Content:
			err = s.removeFile(ctx, tx, a, of, p, place)
		case !known || byHand:
			err = fault.Input("/places", "contact.place_unknown", "no such place to take a person out of")
		default:
			err = s.rewrite(ctx, tx, a, of, place)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) rewrite(ctx context.Context, tx database.Tx, a org.Actor, of text.Looks, place account.Place) error {
	texts, err := s.Rows.At(ctx, tx, a.TenantID, place)
	if err != nil {
		return err
	}
	for _, was := range texts {
		if now := of.Without(was); now != was {
			if err := s.Rows.Write(ctx, tx, a.TenantID, place, was, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeFile removes a file that hangs on the person or names the person, and no other.
func (s *Service) removeFile(ctx context.Context, tx database.Tx, a org.Actor, of text.Looks, p account.Person, place account.Place) error {
	f, said, err := s.Files.PlainIn(ctx, tx, a, place.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if f.On == account.ContactRef(p.ID) || place.Kind == Content && of.In(said) {
		return s.Files.RemoveIn(ctx, tx, a, f)
	}
	return nil
}

// short is how much of a text around the person is quoted, in characters on each side.
const short = 40

func excerpt(of text.Looks, said string) string {
	from, to := 0, 0
	if at := of.First(said); at != nil {
		from, to = at[0], at[1]
	}
	before, after := []rune(said[:from]), []rune(said[to:])
	head, tail := "", ""
	if len(before) > short {
		before, head = before[len(before)-short:], "…"
	}
	if len(after) > short {
		after, tail = after[:short], "…"
	}
	return strings.TrimSpace(head + string(before) + said[from:to] + string(after) + tail)
}
