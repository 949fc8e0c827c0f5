package accountimport

import (
	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/record"
)

// contact makes a person, unless the one of the id is there.
func (p *Accounts) contact(x *intake.Row) error {
	r := p.run
	c := account.Contact{Name: x.Text("name"), Title: x.Text("title"), Mobile: x.Text("mobile"), Phone: x.Text("phone"),
		Email: x.Text("email"), WeChat: x.Text("wechat")}
	acc := x.Text("account")
	if c.Name == "" {
		x.Issue("error", "name", "input.required", "a contact needs a name")
		return nil
	}
	if acc != "" {
		id, ok := p.Named(acc)
		if !ok {
			x.Issue("error", "account", "account.unknown", "no account of this name")
			return nil
		}
		c.AccountID = id
	}
	ext := x.Text("externalId")
	if r.External(record.Contact).Get(ext) != "" {
		r.Sum.Unchanged["contact"]++
		return nil
	}
	if r.DryRun {
		r.Sum.Created["contact"]++
		return nil
	}
	if err := r.Flush(); err != nil {
		return err
	}
	c.ID = record.NewID(r.Actor.Now)
	there, err := intake.Write(r, func(tx database.Tx) (string, error) { return p.newContact(tx, c, ext) })
	if err != nil {
		return err
	}
	if there == c.ID {
		r.Sum.Created["contact"]++
	} else {
		r.Sum.Unchanged["contact"]++
	}
	if ext != "" {
		r.External(record.Contact).Set(ext, there)
	}
	return nil
}

// newContact writes a person, unless the one of the id is there by now.
func (p *Accounts) newContact(tx database.Tx, c account.Contact, ext string) (id string, err error) {
	r := p.run
	if ext != "" {
		if err := r.Alone(r.Ctx, tx); err != nil {
			return "", err
		}
		known, err := r.Known(tx, record.Contact, []string{ext})
		if err != nil || known[ext] != "" {
			return known[ext], err
		}
	}
	if _, err := p.service.CreateContactIn(r.Ctx, tx, r.Actor, c); err != nil {
		return "", err
	}
	ref := record.Ref{Kind: record.Contact, ID: c.ID}
	if ext != "" {
		if err := r.Keep(tx, ref, ext); err != nil {
			return "", err
		}
	}
	return c.ID, r.Made(tx, ref)
}
