// Package accountimport reads files of accounts, contacts and product lines, makes the accounts
// and product lines other files name, and takes back what an import made or changed.
package accountimport

import (
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Accounts are the accounts rows name, and those that wait to be written.
type Accounts struct {
	run     *intake.Run
	service *account.Service
	byName  *intake.Index // by match key
	waiting []newAccount
}

// newAccount waits to be written; x is its row, nil where another record named it.
type newAccount struct {
	account.Account
	x *intake.Row
}

// Begin reads the names of accounts.
func (i Importer) Begin(r *intake.Run) (intake.Part, error) {
	p := &Accounts{run: r, service: i.Accounts}
	err := r.DB.Read(r.Ctx, func(tx database.Tx) error {
		known, err := i.Accounts.IDsByName(r.Ctx, tx, r.Actor)
		p.byName = intake.IndexOf(known)
		return err
	})
	return p, err
}

// Named finds an account by name, also one that waits.
func (p *Accounts) Named(name string) (id string, ok bool) {
	id = p.byName.Get(text.Match(name))
	return id, id != ""
}

// Is tells whether a name is that of an account.
func (p *Accounts) Is(id, name string) bool { return id != "" && p.byName.Get(text.Match(name)) == id }

// read reads accounts, and links subsidiaries once all of the file are there.
func (p *Accounts) read(t *intake.Table) error {
	if err := t.Rows(p.account); err != nil {
		return err
	}
	if !t.Has("parent") || p.run.DryRun {
		return nil
	}
	if err := p.run.Flush(); err != nil {
		return err
	}
	return t.Again(p.parent)
}

func (p *Accounts) account(x *intake.Row) error {
	name := x.Text("name")
	if name == "" {
		x.Issue("error", "name", "input.required", "an account needs a name")
		return nil
	}
	created, _ := x.Past("createdOn")
	c := account.Account{Name: name, Industry: x.Text("industry"), Region: x.Text("region"), Class: x.Text("class"),
		CreatedOn: created, Custom: field.Values{}}
	members := intake.PartOf[*orgimport.Members](p.run)
	if owner := x.Text("owner"); owner != "" {
		c.OwnerID = members.Owner(x, owner)
	}
	x.Custom(record.Account, c.Custom, members.Named)
	if ext := x.Text("externalId"); ext != "" {
		c.External = []record.External{{Source: p.run.Mapping.Source, ID: ext}}
	}
	if x.Failed() {
		return nil
	}
	if id := p.known(c); id != "" {
		p.byName.Set(text.Match(name), id)
		return p.update(x, id, c)
	}
	if c.OwnerID != "" {
		if err := p.run.Actor.AtWork("/owner", c.OwnerID); err != nil && !p.run.Invented(c.OwnerID) {
			x.Warn("owner", err, "the account has no owner")
			c.OwnerID = ""
		}
	}
	p.add(x, c)
	return nil
}

// known finds the account a row speaks of: by its id in the source, else by name.
func (p *Accounts) known(c account.Account) string {
	for _, e := range c.External {
		if id := p.run.External(record.Account).Get(e.ID); id != "" {
			return id
		}
	}
	return p.byName.Get(text.Match(c.Name))
}

// Add lets a new account wait that a row of another kind names, and returns its id.
func (p *Accounts) Add(c account.Account) string { return p.add(nil, c) }

func (p *Accounts) add(x *intake.Row, c account.Account) string {
	a := p.run.Actor
	c.ID = p.run.NewID()
	c.CreatedAt, c.CreatedBy, c.Version = a.Now, a.MemberID, 1
	if c.OwnerID != "" {
		c.TeamID, _ = a.Structure.TeamOf(c.OwnerID, a.Today)
	}
	p.waiting = append(p.waiting, newAccount{c, x})
	p.knows(c, c.ID)
	return c.ID
}

// knows finds an account from now on by what a row calls it.
func (p *Accounts) knows(c account.Account, id string) {
	for _, e := range c.External {
		p.run.External(record.Account).Set(e.ID, id)
	}
	p.byName.Set(text.Match(c.Name), id)
}

// update fills what the file says differently.
func (p *Accounts) update(x *intake.Row, id string, c account.Account) error {
	r := p.run
	if p.waits(id) || r.Would(id) {
		r.Sum.Unchanged["account"]++
		return nil
	}
	old, err := p.service.Get(r.Ctx, r.Actor, id)
	if err != nil {
		return err
	}
	if old.DeletedAt != nil {
		if x.Deleted(old.Name); !x.Restores() {
			return nil
		}
	}
	if r.DryRun {
		r.Sum.Unchanged["account"]++
		return nil
	}
	err = p.change(x, id, func(next *account.Account, now account.Stated) error { return p.fill(next, now, c) })
	switch {
	case errors.Is(err, intake.ErrUnchanged):
		r.Sum.Unchanged["account"]++
		return nil
	case err == nil:
		r.Sum.Updated["account"]++
	}
	return err
}

func (p *Accounts) waits(id string) bool {
	for _, c := range p.waiting {
		if c.ID == id {
			return true
		}
	}
	return false
}

// fill takes over what a row says differently.
func (p *Accounts) fill(next *account.Account, now account.Stated, c account.Account) error {
	changed := false
	pick := func(to *string, from string) {
		if from != "" && *to != from {
			*to, changed = from, true
		}
	}
	pick(&next.Industry, c.Industry)
	pick(&next.Region, c.Region)
	pick(&next.Class, c.Class)
	next.Custom = c.Custom
	a := p.run.Actor
	for k, v := range c.Custom {
		f := p.run.Fields(record.Account)[k]
		parsed, err := f.Parse(v, a)
		if err != nil {
			return err
		}
		changed = changed || now.Custom[k] != f.Format(parsed, a.Company.Currency)
	}
	if !changed {
		return intake.ErrUnchanged
	}
	return nil
}

// change changes an account and writes down what it found and left, in one write. A deleted one
// is restored first, where the file is to restore.
func (p *Accounts) change(x *intake.Row, id string, change func(next *account.Account, now account.Stated) error) error {
	r := p.run
	return r.Write(func(tx database.Tx) error {
		old, err := p.service.TakeIn(r.Ctx, tx, r.Actor, id)
		if err != nil {
			return err
		}
		before, err := p.service.StatedOf(r.Ctx, tx, r.Actor, old)
		if err != nil {
			return err
		}
		saved := old
		if old.DeletedAt != nil {
			if !x.Restores() {
				return intake.ErrUnchanged
			}
			if err := p.service.DeleteIn(r.Ctx, tx, r.Actor, id, 0, false); err != nil {
				return err
			}
			if saved, err = p.service.TakeIn(r.Ctx, tx, r.Actor, id); err != nil {
				return err
			}
		}
		next := saved
		next.BatchID = r.BatchID
		if err = change(&next, before); err == nil {
			saved, err = p.service.UpdateIn(r.Ctx, tx, r.Actor, next)
		}
		if err != nil && !(errors.Is(err, intake.ErrUnchanged) && saved.Version != old.Version) {
			return err
		}
		after, err := p.service.StatedOf(r.Ctx, tx, r.Actor, saved)
		if err != nil {
			return err
		}
		return r.Changed(tx, record.Ref{Kind: record.Account, ID: id}, saved.Version, before, after)
	})
}

func (p *Accounts) parent(x *intake.Row) error {
	parent := x.Text("parent")
	if parent == "" {
		return nil
	}
	id, ok := p.Named(parent)
	child, _ := p.Named(x.Text("name"))
	if !ok || child == "" {
		x.Issue("warning", "parent", "account.unknown", "no account of this name")
		return nil
	}
	err := p.change(x, child, func(next *account.Account, _ account.Stated) error {
		if next.ParentID == id {
			return intake.ErrUnchanged
		}
		next.ParentID, next.Custom = id, nil
		return nil
	})
	if errors.Is(err, intake.ErrUnchanged) {
		return nil
	}
	return err
}
