package accountimport

import (
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Waiting is how many accounts wait to be written.
func (p *Accounts) Waiting() int { return len(p.waiting) }

// Take hands them over.
func (p *Accounts) Take() intake.Writing {
	w := writing{p, p.waiting}
	p.waiting = nil
	return w
}

// writing is new accounts on their way.
type writing struct {
	*Accounts
	list []newAccount
}

// Write writes the accounts that are not there, with owner, own fields and external ids.
func (w writing) Write(tx database.Tx, met intake.Met) (made []record.Ref, err error) {
	r := w.run
	if err := w.look(tx, met); err != nil {
		return nil, err
	}
	var values []field.Stored
	var list []account.Account
	for _, c := range w.list {
		if met[c.ID].ID != "" {
			continue
		}
		for key, text := range c.Custom {
			f := r.Fields(record.Account)[key]
			v, err := f.Parse(text, r.Actor)
			if err != nil {
				return nil, err
			}
			values = append(values, field.Stored{Record: c.ID, Field: f.ID, Value: v})
		}
		list = append(list, c.Account)
		made = append(made, record.Ref{Kind: record.Account, ID: c.ID})
	}
	return made, w.service.Record(r.Ctx, tx, r.Actor, r.BatchID, list, values)
}

// look finds which are there by now: by name, and by id in the source.
func (w writing) look(tx database.Tx, met intake.Met) error {
	r := w.run
	var list []account.Account
	var ids []string
	for _, c := range w.list {
		list = append(list, c.Account)
		for _, e := range c.External {
			ids = append(ids, e.ID)
		}
	}
	named, err := w.service.Named(r.Ctx, tx, r.Actor, list)
	if err != nil {
		return err
	}
	known, err := r.Known(tx, record.Account, ids)
	if err != nil {
		return err
	}
	for _, c := range w.list {
		id, err := w.sameName(tx, c, named[text.Match(c.Name)])
		if err != nil {
			return err
		}
		for _, e := range c.External {
			if other := known[e.ID]; other != "" {
				id = other
			}
		}
		met[c.ID] = intake.Meeting{ID: id}
	}
	return nil
}

// sameName is the account of a like name, unless each has an id of its own in the source.
func (w writing) sameName(tx database.Tx, c newAccount, id string) (string, error) {
	if id == "" || len(c.External) == 0 {
		return id, nil
	}
	others, err := w.service.Records.External(w.run.Ctx, tx, w.run.Actor.TenantID, id)
	if slices.ContainsFunc(others, func(e record.External) bool { return e.Source == w.run.Mapping.Source }) {
		return "", err
	}
	return id, err
}

// Settle counts those that were written and goes on with those that were there: their rows
// speak of records somebody else made.
func (w writing) Settle(met intake.Met) error {
	for _, c := range w.list {
		if met[c.ID].ID == "" {
			w.run.Sum.Created["account"]++
		}
	}
	for _, c := range w.list {
		id := met[c.ID].ID
		if id == "" {
			continue
		}
		w.knows(c.Account, id)
		if c.x == nil {
			continue
		}
		if err := w.run.Refused(c.x, w.update(c.x, id, c.Account)); err != nil {
			return err
		}
	}
	return nil
}
