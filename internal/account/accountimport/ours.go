package accountimport

import (
	"strconv"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/record"
)

// once tells whether a row is the first of its id; another is refused.
func (p *Accounts) once(x *intake.Row, id string) bool {
	if p.edited[id] {
		x.Issue("error", intake.IDTarget, "import.id_twice", "another row has this id")
		return false
	}
	p.edited[id] = true
	return true
}

// unknown refuses a row whose id is none of a record in the actor's scope, and does not tell why.
func unknown(x *intake.Row, err error) error {
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		x.Issue("error", intake.IDTarget, "import.id_unknown", "none of your records has this id")
		return nil
	}
	return err
}

// editing is an account of ours that a row names by its id.
type editing struct {
	*Accounts
	x      *intake.Row
	was    account.Account
	above  string
	since  account.Hands
	parent string // its id, where the row says another
	custom field.Values
	notes  []func()
}

// ours changes the account whose id a row has, where its cells differ from what it holds.
func (p *Accounts) ours(x *intake.Row, id string) error {
	if !p.once(x, id) {
		return nil
	}
	e := &editing{Accounts: p, x: x}
	r := p.run
	was, err := p.service.Get(r.Ctx, r.Actor, id)
	if err != nil {
		return unknown(x, err)
	}
	e.was = was
	err = r.DB.Read(r.Ctx, func(tx database.Tx) (err error) {
		if e.above, err = p.service.Called(r.Ctx, tx, r.Actor, e.was.ParentID); err != nil {
			return err
		}
		if after := asOf(x); after > 0 {
			e.since, err = p.service.Since(r.Ctx, tx, r.Actor, id, after)
		}
		return err
	})
	if err != nil {
		return err
	}
	if e.was.DeletedAt != nil {
		if x.Deleted(e.was.Name); !x.Restores() {
			return nil
		}
	}
	e.reads()
	t, err := p.change(x, id, e.fills)
	if err != nil {
		return unknown(x, err)
	}
	for _, tell := range append(t.notes, e.notes...) {
		tell()
	}
	if t.same {
		r.Sum.Unchanged["account"]++
	} else {
		r.Sum.Updated["account"]++
	}
	return nil
}

// asOf is the entry a row's table was written after, 0 where it does not say.
func asOf(x *intake.Row) database.Seq {
	n, _ := strconv.ParseInt(strings.ReplaceAll(x.Text("asOf"), ",", ""), 10, 64)
	return database.Seq(n)
}

// reads reads what is found once: own fields, the account above, and what no import changes.
func (e *editing) reads() {
	x, members := e.x, intake.PartOf[*orgimport.Members](e.run)
	if x.Says("owner", e.run.Actor.Structure.Members[e.was.OwnerID].Name) != "" {
		x.Issue("warning", "owner", "import.owner_kept", "records change hands by a hand-over")
	}
	if x.Says("createdOn", string(e.was.CreatedOn)) != "" {
		if on, _ := x.Date("createdOn"); on != "" && on != e.was.CreatedOn {
			x.Issue("warning", "createdOn", "import.kept_here", "no import changes this")
		}
	}
	if above := x.Says("parent", e.above); above != "" {
		id, ok := e.Named(above)
		switch {
		case !ok || e.run.Invented(id):
			x.Issue("warning", "parent", "account.unknown", "no account of this name")
		case id != e.was.ParentID:
			e.parent = id
		}
	}
	e.custom = field.Values{}
	for key, f := range e.run.Fields(record.Account) {
		target := "custom." + key
		if x.Has(target) && x.Text(target) != "" {
			if said := x.OwnValue(target, f, members.Named); said != "" {
				e.custom[key] = said
			}
		}
	}
}

// fills takes over what the row says differently; what was written here since the table was stays,
// unless the file leads.
func (e *editing) fills(next *account.Account, now account.Stated, _ account.Hands) (notes []func(), err error) {
	x, changed := e.x, false
	takes := func(target, said, held string) bool {
		if e.since[target] && x.Table.Spec.Leads != "file" {
			notes = append(notes, func() { x.Note(target, "changed_since_export", said, held) })
			return false
		}
		notes = append(notes, func() { x.Note(target, "cell_changed", held, said) })
		changed = true
		return true
	}
	for target, to := range map[string]*string{"name": &next.Name, "industry": &next.Industry, "region": &next.Region, "class": &next.Class} {
		if said := x.Says(target, *to); said != "" && takes(target, said, *to) {
			*to = said
		}
	}
	if e.parent != "" && takes("parent", x.Text("parent"), e.above) {
		next.ParentID = e.parent
	}
	next.Custom = field.Values{}
	for key, said := range e.custom {
		f := e.run.Fields(record.Account)[key]
		held := now.Custom[key]
		shown := held
		if f.Type == field.Person {
			shown = e.run.Actor.Structure.Members[held].Name
		}
		if x.Says("custom."+key, shown) == "" {
			continue
		}
		v, err := f.Parse(said, e.run.Actor)
		if err != nil {
			return notes, err
		}
		if f.Format(v, e.run.Actor.Company.Currency) != held && takes("custom."+key, x.Text("custom."+key), shown) {
			next.Custom[key] = said
		}
	}
	if !changed {
		return notes, intake.ErrUnchanged
	}
	return notes, nil
}

// ourContact changes the person whose id a row has, where its cells differ.
func (p *Accounts) ourContact(x *intake.Row, id string) error {
	if !p.once(x, id) {
		return nil
	}
	r, employer := p.run, ""
	if name := x.Text("account"); name != "" {
		employer, _ = p.Named(name)
	}
	if r.Invented(employer) {
		employer = ""
	}
	t, err := intake.Try(r, func(tx database.Tx) (t told, err error) {
		t.same = true
		was, err := p.service.TakeContactIn(r.Ctx, tx, r.Actor, id)
		if err != nil {
			return t, err
		}
		next, step := was, account.Step{Never: true} // another spelling is said of the post there is
		said := account.Contact{Department: x.Says("department", was.Department), Title: x.Says("title", was.Title)}
		if x.Says("account", was.AccountName) != "" {
			said.AccountID = employer
		}
		var left bool
		said.Title, left = gone(x, said.Title)
		filled, proposes := p.posts.told(was, said, left)
		t.proposes = proposes
		for _, f := range account.ContactFields {
			to := f.Of(&next)
			if to == &next.AccountID || proposes != nil && (to == &next.Department || to == &next.Title) {
				continue
			}
			if said := x.Says(f.Name, *to, account.Mask(*to)); said != "" {
				t.notes = append(t.notes, func() { x.Note(f.Name, "cell_changed", "", "") })
				*to, t.same = said, false
			}
		}
		if filled.AccountID != "" && filled.AccountID != was.AccountID {
			t.notes = append(t.notes, func() { x.Note("account", "cell_changed", was.AccountName, x.Text("account")) })
			next.AccountID, t.same = employer, false
		}
		if t.same {
			return t, nil
		}
		saved, err := p.service.UpdateContactIn(r.Ctx, tx, r.Actor, next, step)
		if err != nil {
			return t, err
		}
		return t, r.Changed(tx, record.Ref{Kind: record.Contact, ID: id}, saved.Version, account.ContactStated(was), account.ContactStated(saved))
	})
	if err != nil {
		return unknown(x, err)
	}
	for _, tell := range t.notes {
		tell()
	}
	p.posts.add(x, t.proposes)
	if t.same {
		r.Sum.Unchanged["contact"]++
	} else {
		r.Sum.Updated["contact"]++
	}
	return nil
}
