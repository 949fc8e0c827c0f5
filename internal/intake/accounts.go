package intake

import (
	"encoding/json"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
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
	if r.opt.DryRun {
		p.ID = "new-" + p.Name
	} else {
		err := r.DB.Write(r.ctx, func(tx database.Tx) (err error) {
			p, err = r.Accounts.AddProductLineIn(r.ctx, tx, r.a, p)
			return err
		})
		if err != nil {
			return "", err
		}
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
	created, _ := x.date("createdOn")
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
	if id, ok := r.accounts[text.Match(name)]; ok {
		return r.updateAccount(x, id, c)
	}
	r.addAccount(c)
	return nil
}

// addAccount queues a new account for the next flush.
func (r *run) addAccount(c account.Account) string {
	c.ID = record.NewID(r.a.Now)
	c.CreatedAt, c.CreatedBy, c.Version = r.a.Now, r.a.MemberID, 1
	if c.OwnerID != "" {
		c.TeamID, _ = r.a.Structure.TeamOf(c.OwnerID, r.a.Today)
	}
	r.newAccounts = append(r.newAccounts, c)
	r.accounts[text.Match(c.Name)] = c.ID
	r.sum.Created["account"]++
	return c.ID
}

// updateAccount fills what the file says differently.
func (r *run) updateAccount(x *row, id string, c account.Account) error {
	if r.opt.DryRun || r.isNew(id) {
		r.sum.Unchanged["account"]++
		return nil
	}
	old, err := r.Accounts.Get(r.ctx, r.a, id)
	if err != nil {
		return err
	}
	next := old
	next.Custom = c.Custom
	pick := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	pick(&next.Industry, c.Industry)
	pick(&next.Region, c.Region)
	pick(&next.Class, c.Class)
	same := next.Industry == old.Industry && next.Region == old.Region && next.Class == old.Class
	for k, v := range c.Custom {
		f := r.fields["account"][k]
		parsed, err := f.Parse(v, r.a)
		if err != nil {
			return err
		}
		same = same && old.Custom[k] == f.Format(parsed, r.a.Company.Currency)
	}
	if same {
		r.sum.Unchanged["account"]++
		return nil
	}
	saved, err := r.Accounts.Update(r.ctx, r.a, next)
	if err != nil {
		return err
	}
	r.sum.Updated["account"]++
	before, _ := json.Marshal(map[string][2]string{"industry": {old.Industry, saved.Industry}, "region": {old.Region, saved.Region}, "class": {old.Class, saved.Class}})
	r.changes = append(r.changes, Change{Kind: "account", ID: id, Before: string(before), Version: saved.Version})
	return nil
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
		c, err := r.Accounts.Get(r.ctx, r.a, child)
		if err != nil || c.ParentID == id {
			return err
		}
		c.ParentID, c.Custom = id, nil
		saved, err := r.Accounts.Update(r.ctx, r.a, c)
		if err == nil {
			err = r.DB.Write(r.ctx, func(tx database.Tx) error {
				return r.Rows.BumpChange(r.ctx, tx, r.a.TenantID, r.opt.BatchID, "account", child, saved.Version)
			})
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
			x.issue("error", target, fault.CodeOf(err), "not a "+string(f.Type))
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
	r.sum.Created["contact"]++
	if r.opt.DryRun {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	_, err := r.Accounts.CreateContact(r.ctx, r.a, c)
	return err
}
