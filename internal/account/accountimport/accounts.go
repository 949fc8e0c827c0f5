// Package accountimport reads files of accounts, contacts and product lines, makes the accounts
// and product lines other files name, and takes back what an import made or changed.
package accountimport

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

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
	byName  *intake.Index                // by match key
	exact   *intake.Index                // by name, of those the run met
	given   map[string][]record.External // ids in the source this run gave accounts that had none
	alike   map[string]string            // by a name that is not an account's own, what that is called
	claimed map[string]bool              // match keys of names that have an id in the source, of this run
	waiting []newAccount
	edited  map[string]bool // records of ours that rows named by their ids
	posts   posts
}

// newAccount waits to be written; x is its row, nil where another record named it.
type newAccount struct {
	account.Account
	x *intake.Row
}

// Begin reads the names of accounts.
func (i Importer) Begin(r *intake.Run) (intake.Part, error) {
	p := &Accounts{run: r, service: i.Accounts, posts: posts{proposals: i.Proposals, came: &intake.Index{}, fresh: &intake.Index{}, tried: &intake.Index{}}, exact: &intake.Index{}, alike: map[string]string{}, given: map[string][]record.External{}, claimed: map[string]bool{}, edited: map[string]bool{}}
	err := r.DB.Read(r.Ctx, func(tx database.Tx) error {
		known, err := i.Accounts.IDsByName(r.Ctx, tx, r.Actor)
		p.byName = intake.IndexOf(known)
		return err
	})
	return p, err
}

// Named finds an account by name, also one that waits.
func (p *Accounts) Named(name string) (id string, ok bool) {
	id = cmp.Or(p.exact.Get(text.Fold(name)), p.byName.Get(text.Match(name)))
	return id, id != ""
}

// Of finds the account a row names in a target, also one that waits. One that is called alike and not
// the same is told: whether 江北机电 and 江北机电有限公司 are one, whoever imports them knows.
func (p *Accounts) Of(x *intake.Row, target, name string) (id string, ok bool) {
	id, ok = p.Named(name)
	if !ok || p.exact.Get(text.Fold(name)) == id {
		return id, ok
	}
	called, known := p.alike[name]
	if !known {
		called = p.called(id)
		p.alike[name] = called
	}
	if text.Fold(called) != text.Fold(name) {
		x.Note(target, "account_alike", name, called)
	}
	return id, ok
}

// Found finds the account a row names, "" where it names none; one that is not there is made, or the row
// refused, as the mapping says.
func (p *Accounts) Found(x *intake.Row, c account.Account) string {
	if c.Name == "" {
		return ""
	}
	if id, ok := p.Of(x, "account", c.Name); ok {
		return id
	}
	switch {
	case x.Empties():
		x.Note("account", "left_empty", c.Name, "")
	case x.Refuses():
		x.Issue("error", "account", "account.unknown", "no account of this name")
	case len(c.Name) > 200:
		x.Issue("warning", "account", "import.name_too_long", "at most 200 bytes: the record has no account")
	default:
		return p.Add(c)
	}
	return ""
}

// called is an account's name, "" of one a dry run would make.
func (p *Accounts) called(id string) string {
	for _, c := range p.waiting {
		if c.ID == id && !p.run.DryRun {
			return c.Name
		}
	}
	c, err := p.service.Get(p.run.Ctx, p.run.Actor, id)
	if err != nil {
		return "" // it is not there yet
	}
	return c.Name
}

// Is tells whether a name is that of an account.
func (p *Accounts) Is(id, name string) bool {
	named, _ := p.Named(name)
	return id != "" && named == id
}

// read reads accounts, and links subsidiaries once all of the file are there.
func (p *Accounts) read(t *intake.Table) error {
	if err := t.Rows(p.account); err != nil {
		return err
	}
	if !t.Has("parent") {
		return nil
	}
	if err := p.run.Flush(); err != nil {
		return err
	}
	return t.Again(p.parent)
}

func (p *Accounts) account(x *intake.Row) error {
	if id := x.Text(intake.IDTarget); id != "" {
		return p.ours(x, strings.ToLower(id))
	}
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
	id, err := p.known(c)
	if err != nil {
		return err
	}
	if id != "" {
		if p.byID(c) == "" {
			p.Of(x, "name", name)
		}
		if err := p.link(c, id); err != nil {
			return err
		}
		p.names(c, id)
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

// known finds the account a row speaks of: by its id in the source, else by name. Of a row with an
// id that is not there, an account of a like name that has another id is another.
func (p *Accounts) known(c account.Account) (string, error) {
	if id := p.byID(c); id != "" {
		return id, nil
	}
	id, _ := p.Named(c.Name)
	if id == "" || len(c.External) == 0 {
		return id, nil
	}
	if p.claimed[text.Match(c.Name)] {
		return "", nil
	}
	if p.run.Invented(id) || p.waits(id) {
		return id, nil
	}
	var others []record.External
	err := p.run.DB.Read(p.run.Ctx, func(tx database.Tx) (err error) {
		others, err = p.service.Records.External(p.run.Ctx, tx, p.run.Actor.TenantID, id)
		return err
	})
	if slices.ContainsFunc(others, func(e record.External) bool { return e.Source == p.run.Mapping.Source }) {
		return "", err
	}
	return id, err
}

// names finds an account from now on by what a row calls it, the same name before a like one.
func (p *Accounts) names(c account.Account, id string) {
	key := text.Match(c.Name)
	p.exact.Set(text.Fold(c.Name), id)
	if !p.claimed[key] {
		p.byName.Set(key, id)
	}
	if len(c.External) > 0 {
		p.claimed[key] = true
	}
}

// link keeps the id in the source of an account that was found by name: the next time it is found by
// that, whatever it is called then.
func (p *Accounts) link(c account.Account, id string) error {
	if len(c.External) == 0 || p.byID(c) != "" {
		return nil
	}
	ext := c.External[0].ID
	p.run.External(record.Account).Set(ext, id)
	for i := range p.waiting {
		if w := &p.waiting[i]; w.ID == id && !p.run.DryRun {
			w.External = append(w.External, c.External[0])
			return nil
		}
	}
	if p.run.DryRun {
		return nil
	}
	p.given[id] = append(p.given[id], c.External[0])
	return p.run.Write(func(tx database.Tx) error {
		was, now, err := p.service.Call(p.run.Ctx, tx, p.run.Actor, id, c.External[0], p.run.BatchID)
		if err != nil {
			return err
		}
		before, err := p.service.StatedOf(p.run.Ctx, tx, p.run.Actor, was)
		after := before
		after.Given = p.given[id]
		return errors.Join(err, p.run.Changed(tx, account.Ref(id), now.Version, before, after))
	})
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
	p.names(c, id)
}

// update fills what the file says differently.
func (p *Accounts) update(x *intake.Row, id string, c account.Account) error {
	r := p.run
	if p.again(id, c) || r.Would(id) {
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
	custom, invented := r.Definite(record.Account, c.Custom)
	c.Custom = custom
	told, err := p.change(x, id, func(next *account.Account, now account.Stated, hands account.Hands) ([]func(), error) {
		return p.fill(x, next, now, c, hands)
	})
	if err != nil && !errors.Is(err, intake.ErrUnchanged) {
		return err
	}
	for _, tell := range told.notes {
		tell()
	}
	if told.same && !invented {
		r.Sum.Unchanged["account"]++
	} else {
		r.Sum.Updated["account"]++
	}
	return nil
}

// told is what a change of a record that is there found: what is to be told of it, and whether it
// is as it was.
type told struct {
	notes []func()
	// proposes is what is told of a person and not written.
	proposes *proposal
	same     bool
}

// again has an account that waits hold what a later row says of it.
func (p *Accounts) again(id string, c account.Account) bool {
	for i := range p.waiting {
		w := &p.waiting[i]
		if w.ID != id {
			continue
		}
		if !p.run.DryRun { // there all have one id
			w.Industry, w.Region, w.Class = cmp.Or(c.Industry, w.Industry), cmp.Or(c.Region, w.Region), cmp.Or(c.Class, w.Class)
			w.CreatedOn = cmp.Or(w.CreatedOn, c.CreatedOn)
			if w.Custom == nil {
				w.Custom = field.Values{}
			}
			maps.Copy(w.Custom, c.Custom)
		}
		return true
	}
	return false
}

func (p *Accounts) waits(id string) bool {
	for _, c := range p.waiting {
		if c.ID == id {
			return true
		}
	}
	return false
}

// fill takes over what a row says differently; what somebody wrote here stays and is told, unless
// the file leads. A name is taken where the row has the account's id.
func (p *Accounts) fill(x *intake.Row, next *account.Account, now account.Stated, c account.Account, hands account.Hands) (notes []func(), err error) {
	changed := false
	takes := func(field, said, held string) bool {
		if said == "" || said == held {
			return false
		}
		if hands[field] && x.Table.Spec.Leads != "file" {
			notes = append(notes, func() { x.Note(field, "kept_by_hand", said, held) })
			return false
		}
		changed = true
		return true
	}
	for _, f := range []struct {
		name string
		to   *string
		said string
	}{{"industry", &next.Industry, c.Industry}, {"region", &next.Region, c.Region}, {"class", &next.Class, c.Class}} {
		if takes(f.name, f.said, *f.to) {
			*f.to = f.said
		}
	}
	if p.byID(c) == next.ID && takes("name", c.Name, next.Name) {
		next.Name = c.Name
	}
	next.Custom = field.Values{}
	a := p.run.Actor
	for k, v := range c.Custom {
		f := p.run.Fields(record.Account)[k]
		parsed, err := f.Parse(v, a)
		if err != nil {
			return notes, err
		}
		if takes("custom."+k, f.Format(parsed, a.Company.Currency), now.Custom[k]) {
			next.Custom[k] = v
		}
	}
	if !changed {
		return notes, intake.ErrUnchanged
	}
	return notes, nil
}

// byID is the account a row's id names, "" for none.
func (p *Accounts) byID(c account.Account) string {
	for _, e := range c.External {
		if id := p.run.External(record.Account).Get(e.ID); id != "" {
			return id
		}
	}
	return ""
}

// changing changes an account as a row says.
type changing func(next *account.Account, now account.Stated, hands account.Hands) ([]func(), error)

// change changes an account and writes down what it found and left, in one write. A deleted one
// is restored first, where the file is to restore.
func (p *Accounts) change(x *intake.Row, id string, change changing) (told, error) {
	r := p.run
	return intake.Try(r, func(tx database.Tx) (t told, err error) {
		t.same = true
		old, err := p.service.TakeIn(r.Ctx, tx, r.Actor, id)
		if err != nil {
			return t, err
		}
		before, err := p.service.StatedOf(r.Ctx, tx, r.Actor, old)
		if err != nil {
			return t, err
		}
		saved := old
		if old.DeletedAt != nil {
			if !x.Restores() {
				return t, nil
			}
			if err := p.service.DeleteIn(r.Ctx, tx, r.Actor, id, 0, false); err != nil {
				return t, err
			}
			if saved, err = p.service.TakeIn(r.Ctx, tx, r.Actor, id); err != nil {
				return t, err
			}
		}
		hands, err := p.service.HandsOn(r.Ctx, tx, r.Actor, id)
		if err != nil {
			return t, err
		}
		next := saved
		next.BatchID = r.BatchID
		if t.notes, err = change(&next, before, hands); err == nil {
			saved, err = p.service.UpdateIn(r.Ctx, tx, r.Actor, next)
		}
		if err != nil && !errors.Is(err, intake.ErrUnchanged) {
			return t, err
		}
		if t.same = saved.Version == old.Version; t.same {
			return t, nil
		}
		after, err := p.service.StatedOf(r.Ctx, tx, r.Actor, saved)
		if err != nil {
			return t, err
		}
		after.Given = p.given[id]
		return t, r.Changed(tx, record.Ref{Kind: record.Account, ID: id}, saved.Version, before, after)
	})
}

func (p *Accounts) parent(x *intake.Row) error {
	parent := x.Text("parent")
	if parent == "" || x.Text(intake.IDTarget) != "" { // told with all else then
		return nil
	}
	id, ok := p.Named(parent)
	child, _ := p.Named(x.Text("name"))
	if !ok || child == "" {
		x.Issue("warning", "parent", "account.unknown", "no account of this name")
		return nil
	}
	if p.run.Invented(id) || p.run.Invented(child) {
		return nil
	}
	_, err := p.change(x, child, func(next *account.Account, _ account.Stated, hands account.Hands) ([]func(), error) {
		if next.ParentID == id || hands["parent"] && x.Table.Spec.Leads != "file" {
			return nil, intake.ErrUnchanged
		}
		next.ParentID, next.Custom = id, nil
		return nil, nil
	})
	return err
}
