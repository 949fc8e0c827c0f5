package intake

import (
	"encoding/json"
	"errors"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

func (r *run) product(x *row) error {
	name := x.text("name")
	if name == "" {
		x.issue("error", "name", "input.required", "a product line needs a name")
		return nil
	}
	price := x.amount("listPrice", r.a.Company.Currency)
	if x.failed {
		return nil
	}
	if _, ok := r.products[text.Match(name)]; ok {
		r.sum.Unchanged["product"]++
		return nil
	}
	_, err := r.newProduct(account.ProductLine{Name: name, Series: x.text("series"), ListPriceMinor: price})
	return err
}

func (r *run) newProduct(p account.ProductLine) (string, error) {
	p.ID = "new-" + p.Name
	if !r.opt.DryRun {
		line, err := database.Write(r.ctx, r.DB, func(tx database.Tx) (account.ProductLine, error) {
			return r.Accounts.ProductLineIn(r.ctx, tx, r.a, p)
		})
		if err != nil {
			return "", err
		}
		p.ID = line.ID
	}
	r.products[text.Match(p.Name)] = p.ID
	r.sum.Created["product"]++
	return p.ID, nil
}

func (r *run) account(x *row) error {
	name := x.text("name")
	if name == "" {
		x.issue("error", "name", "input.required", "an account needs a name")
		return nil
	}
	created, _ := x.past("createdOn")
	c := account.Account{Name: name, Industry: x.text("industry"), Region: x.text("region"), Class: x.text("class"), CreatedOn: created, Custom: field.Values{}}
	if owner := x.text("owner"); owner != "" {
		c.OwnerID = r.owner(x, owner)
	}
	x.custom("account", c.Custom)
	if ext := x.text("externalId"); ext != "" {
		c.External = []record.External{{Source: r.m.Source, ID: ext}}
	}
	if x.failed {
		return nil
	}
	if id := r.knownAccount(c); id != "" {
		r.accounts[text.Match(name)] = id
		return r.updateAccount(x, id, c)
	}
	if c.OwnerID != "" {
		if err := r.a.AtWork("/owner", c.OwnerID); err != nil {
			return err
		}
	}
	r.addAccount(x, c)
	return nil
}

// knownAccount finds the account a row speaks of: by its id in the source, else by name.
func (r *run) knownAccount(c account.Account) string {
	for _, e := range c.External {
		if id := r.external["account"][e.ID]; id != "" {
			return id
		}
	}
	return r.accounts[text.Match(c.Name)]
}

// addAccount queues a new account for the next flush; x is its own row, nil where it has none.
func (r *run) addAccount(x *row, c account.Account) string {
	c.ID = record.NewID(r.a.Now)
	c.CreatedAt, c.CreatedBy, c.Version = r.a.Now, r.a.MemberID, 1
	if c.OwnerID != "" {
		c.TeamID, _ = r.a.Structure.TeamOf(c.OwnerID, r.a.Today)
	}
	r.newAccounts = append(r.newAccounts, newAccount{c, x})
	for _, e := range c.External {
		r.external["account"][e.ID] = c.ID
	}
	r.accounts[text.Match(c.Name)] = c.ID
	r.makes(c.ID)
	r.sum.Created["account"]++
	return c.ID
}

// updateAccount fills what the file says differently.
func (r *run) updateAccount(x *row, id string, c account.Account) error {
	if r.isNew(id) || r.opt.DryRun && r.made[id] {
		r.sum.Unchanged["account"]++
		return nil
	}
	old, err := r.Accounts.Get(r.ctx, r.a, id)
	if err != nil {
		return err
	}
	if old.DeletedAt != nil {
		if x.deleted(old.Name); !x.restores() {
			return nil
		}
	}
	if r.opt.DryRun {
		r.sum.Unchanged["account"]++
		return nil
	}
	err = r.changeAccount(x, id, func(next *account.Account, now account.Stated) error { return r.fillAccount(next, now, c) })
	switch {
	case errors.Is(err, errUnchanged):
		r.sum.Unchanged["account"]++
		return nil
	case err == nil:
		r.sum.Updated["account"]++
	}
	return err
}

// fillAccount takes over what a row says differently.
func (r *run) fillAccount(next *account.Account, now account.Stated, c account.Account) error {
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
	for k, v := range c.Custom {
		f := r.fields["account"][k]
		parsed, err := f.Parse(v, r.a)
		if err != nil {
			return err
		}
		changed = changed || now.Custom[k] != f.Format(parsed, r.a.Company.Currency)
	}
	if !changed {
		return errUnchanged
	}
	return nil
}

// changeAccount changes an account and writes down what it found and left, in one write. A
// deleted one is restored first, where the file is to restore.
func (r *run) changeAccount(x *row, id string, change func(next *account.Account, now account.Stated) error) error {
	return r.write(func(tx database.Tx) error {
		old, err := r.Accounts.TakeIn(r.ctx, tx, r.a, id)
		if err != nil {
			return err
		}
		before, err := r.Accounts.StatedOf(r.ctx, tx, r.a, old)
		if err != nil {
			return err
		}
		saved := old
		if old.DeletedAt != nil {
			if !x.restores() {
				return errUnchanged
			}
			if err := r.Accounts.DeleteIn(r.ctx, tx, r.a, id, 0, false); err != nil {
				return err
			}
			if saved, err = r.Accounts.TakeIn(r.ctx, tx, r.a, id); err != nil {
				return err
			}
		}
		next := saved
		next.BatchID = r.opt.BatchID
		if err = change(&next, before); err == nil {
			saved, err = r.Accounts.UpdateIn(r.ctx, tx, r.a, next)
		}
		if err != nil && !(errors.Is(err, errUnchanged) && saved.Version != old.Version) {
			return err
		}
		after, err := r.Accounts.StatedOf(r.ctx, tx, r.a, saved)
		if err != nil {
			return err
		}
		return r.changed(tx, Change{Kind: "account", ID: id, Version: saved.Version}, before, after)
	})
}

// changed writes down what a change found and left.
func (r *run) changed(tx database.Tx, c Change, before, after any) error {
	was, err := json.Marshal(before)
	if err != nil {
		return err
	}
	now, err := json.Marshal(after)
	if err != nil {
		return err
	}
	c.Before, c.After = string(was), string(now)
	return r.Rows.InsertChanges(r.ctx, tx, r.a.TenantID, r.opt.BatchID, []Change{c})
}

func (r *run) isNew(id string) bool {
	for _, c := range r.newAccounts {
		if c.ID == id {
			return true
		}
	}
	return false
}

// parents links subsidiaries once all accounts of the file are there.
func (r *run) parents(t *table) error {
	if _, ok := t.spec.Columns["parent"]; !ok || r.opt.DryRun {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	rows, refused := r.sum.Rows, r.sum.Refused
	err := r.rows(t, func(x *row) error {
		parent := x.text("parent")
		if parent == "" {
			return nil
		}
		id, ok := r.accounts[text.Match(parent)]
		child := r.accounts[text.Match(x.text("name"))]
		if !ok || child == "" {
			x.issue("warning", "parent", "account.unknown", "no account of this name")
			return nil
		}
		err := r.changeAccount(x, child, func(next *account.Account, _ account.Stated) error {
			if next.ParentID == id {
				return errUnchanged
			}
			next.ParentID, next.Custom = id, nil
			return nil
		})
		if errors.Is(err, errUnchanged) {
			return nil
		}
		return err
	})
	r.sum.Rows, r.sum.Refused = rows, refused
	return err
}

// custom parses company-field columns into values by key.
func (x *row) custom(record string, into field.Values) {
	for target := range x.t.spec.Columns {
		key, ok := strings.CutPrefix(target, "custom.")
		if !ok {
			continue
		}
		f, known := x.run.fields[record][key]
		if !known {
			x.issue("error", target, "field.unknown", "the company has no such field; list it under fields")
			continue
		}
		value := x.text(target)
		if value == "" {
			continue
		}
		switch f.Type {
		case field.Date:
			d, _ := x.date(target)
			value = string(d)
		case field.Person:
			value = x.run.members[text.Match(value)]
		}
		if value == "" {
			continue
		}
		if _, err := f.Parse(value, x.run.a); err != nil {
			x.refuse(target, err, "not a "+string(f.Type))
			continue
		}
		into[key] = value
	}
}

func (r *run) contact(x *row) error {
	c := account.Contact{Name: x.text("name"), Title: x.text("title"), Mobile: x.text("mobile"), Phone: x.text("phone"), Email: x.text("email"), WeChat: x.text("wechat")}
	acc := x.text("account")
	if c.Name == "" {
		x.issue("error", "name", "input.required", "a contact needs a name")
		return nil
	}
	if acc != "" {
		id, ok := r.accounts[text.Match(acc)]
		if !ok {
			x.issue("error", "account", "account.unknown", "no account of this name")
			return nil
		}
		c.AccountID = id
	}
	ext := x.text("externalId")
	if r.external["contact"][ext] != "" {
		r.sum.Unchanged["contact"]++
		return nil
	}
	r.sum.Created["contact"]++
	if r.opt.DryRun {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	c.ID = record.NewID(r.a.Now)
	there, err := written(r, func(tx database.Tx) (string, error) { return r.newContact(tx, c, ext) })
	if err == nil && there != c.ID {
		r.sum.Created["contact"]--
		r.sum.Unchanged["contact"]++
	}
	if err == nil && ext != "" {
		r.external["contact"][ext] = there
	}
	return err
}

// newContact writes a person, unless the one of the id is there by now.
func (r *run) newContact(tx database.Tx, c account.Contact, ext string) (id string, err error) {
	if ext != "" {
		if err := r.alone(r.ctx, tx); err != nil {
			return "", err
		}
		known, err := r.Records.KnownExternal(r.ctx, tx, r.a.TenantID, "contact", r.m.Source, []string{ext})
		if err != nil || known[ext] != "" {
			return known[ext], err
		}
	}
	if _, err := r.Accounts.CreateContactIn(r.ctx, tx, r.a, c); err != nil {
		return "", err
	}
	if ext != "" {
		ref := map[record.External]string{{Source: r.m.Source, ID: ext}: c.ID}
		if err := r.Records.InsertExternal(r.ctx, tx, r.a.TenantID, "contact", ref); err != nil {
			return "", err
		}
	}
	return c.ID, r.Rows.InsertChanges(r.ctx, tx, r.a.TenantID, r.opt.BatchID, []Change{{Kind: "contact", ID: c.ID, Created: true, Version: 1}})
}
