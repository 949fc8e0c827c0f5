package accountimport

import (
	"slices"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// contact makes a person, or changes the one who is there: found by his id in the source, else by
// name and account, and by the end of the mobile number where the row has one.
func (p *Accounts) contact(x *intake.Row) error {
	if id := x.Text(intake.IDTarget); id != "" {
		return p.ourContact(x, strings.ToLower(id))
	}
	r := p.run
	c := account.Contact{Name: x.Text("name"), Department: p.room(x, "department", 100), Title: p.room(x, "title", 100), Mobile: p.room(x, "mobile", 40), Phone: p.room(x, "phone", 40),
		Email: p.email(x), WeChat: p.room(x, "wechat", 100)}
	if c.Name == "" {
		x.Issue("error", "name", "input.required", "a contact needs a name")
		return nil
	}
	c.AccountID = p.Found(x, account.Account{Name: x.Text("account")})
	if x.Failed() {
		return nil
	}
	if !r.DryRun {
		if err := r.Flush(); err != nil {
			return err
		}
		if id, ok := p.Named(x.Text("account")); ok && c.AccountID != "" { // somebody else may have made it by then
			c.AccountID = id
		}
	}
	n := person{p, x, c, x.Text("externalId"), false}
	n.c.Title, n.gone = gone(x, c.Title)
	if r.Would(r.External(record.Contact).Get(n.ext)) { // of this dry run
		r.Sum.Unchanged["contact"]++
		return nil
	}
	made, err := n.write()
	if err != nil {
		return err
	}
	for _, tell := range made.notes {
		tell()
	}
	n.remember(made)
	if made.linked {
		p.given[made.id] = []record.External{{Source: r.Mapping.Source, ID: n.ext}}
	}
	switch {
	case made.new:
		r.Sum.Created["contact"]++
	case made.same:
		r.Sum.Unchanged["contact"]++
	default:
		r.Sum.Updated["contact"]++
	}
	if n.ext != "" {
		r.External(record.Contact).Set(n.ext, made.id)
	}
	return nil
}

// room is a text that is left out where there is no room for it.
func (p *Accounts) room(x *intake.Row, target string, most int) string {
	said := x.Text(target)
	if len(said) > most {
		x.Issue("warning", target, "import.text_cut", "only so much of it is kept")
		said = text.Cut(said, most)
	}
	return said
}

// email is an address, "" where the cell holds none.
func (p *Accounts) email(x *intake.Row) string {
	said := x.Text("email")
	if said != "" && (!strings.Contains(said, "@") || len(said) > 200) {
		x.Issue("warning", "email", "input.email_malformed", "an address has an @: left out")
		return ""
	}
	return said
}

// person is a row about a person.
type person struct {
	*Accounts
	x   *intake.Row
	c   account.Contact
	ext string
	// gone: the list says that he left.
	gone bool
}

// became is what became of it.
type became struct {
	told
	id          string
	new, linked bool // linked: it had no id in the source, and has the row's now
}

// write makes the person or changes the one who is there. In a dry run what hangs on an account
// that is not there is new.
func (n person) write() (became, error) {
	if n.run.DryRun && n.run.Invented(n.c.AccountID) {
		return n.wouldBe()
	}
	made, err := intake.Try(n.run, n.put)
	if n.run.DryRun && made.new {
		made.id = n.run.NewID()
	}
	return made, err
}

func (n person) put(tx database.Tx) (b became, err error) {
	r := n.run
	if err := r.Alone(r.Ctx, tx); err != nil {
		return b, err
	}
	if b.id, b.linked, err = n.there(tx); err != nil {
		return b, err
	}
	if b.id != "" {
		b.told, err = n.update(tx, b.id, b.linked)
		return b, err
	}
	b.id, b.new, n.c.ID = record.NewID(r.Actor.Now), true, ""
	n.c.ID = b.id
	if _, err := n.service.CreateContactIn(r.Ctx, tx, r.Actor, n.c); err != nil {
		return b, err
	}
	ref := record.Ref{Kind: record.Contact, ID: b.id}
	if n.ext != "" {
		if err := r.Keep(tx, ref, n.ext); err != nil {
			return b, err
		}
	}
	return b, r.Made(tx, ref)
}

// there finds the person a row speaks of, "" for none. Of several of one name at an account, and
// of one who has another id in the source, none is meant. Who has none gets the row's.
func (n person) there(tx database.Tx) (id string, linked bool, err error) {
	r := n.run
	if n.ext != "" {
		known, err := r.Known(tx, record.Contact, []string{n.ext})
		if err != nil || known[n.ext] != "" {
			return known[n.ext], false, err
		}
	}
	list, err := n.service.ContactsNamed(r.Ctx, tx, r.Actor, n.c.AccountID, n.c.Name)
	if err != nil {
		return "", false, err
	}
	tail := tailOf(n.c.Mobile)
	list = slices.DeleteFunc(list, func(o account.Contact) bool {
		other := tailOf(o.Mobile)
		return tail != "" && other != "" && tail != other
	})
	if len(list) == 0 { // who went to another account and kept his number
		if list, err = n.service.Elsewhere(r.Ctx, tx, r.Actor, n.c); err != nil {
			return "", false, err
		}
	}
	if len(list) != 1 {
		return "", false, nil
	}
	ids, err := n.service.Records.External(r.Ctx, tx, r.Actor.TenantID, list[0].ID)
	if err != nil || n.ext == "" {
		return list[0].ID, false, err
	}
	if slices.ContainsFunc(ids, func(e record.External) bool { return e.Source == r.Mapping.Source }) {
		return "", false, nil
	}
	return list[0].ID, true, r.Keep(tx, record.Ref{Kind: record.Contact, ID: list[0].ID}, n.ext)
}

// tailOf is the last four digits of a number.
func tailOf(number string) string {
	var digits []rune
	for _, c := range number {
		if c >= '0' && c <= '9' {
			digits = append(digits, c)
		}
	}
	if len(digits) < 4 {
		return ""
	}
	return string(digits[len(digits)-4:])
}

// update takes over what a row says differently of a person; a blank cell says nothing, and what
// somebody wrote here stays and is told, unless the file leads. Another post is proposed, and not written.
func (n person) update(tx database.Tx, id string, linked bool) (t told, err error) {
	r, x := n.run, n.x
	t.same = true
	was, err := n.service.TakeContactIn(r.Ctx, tx, r.Actor, id)
	if err != nil {
		return t, err
	}
	hands, err := n.service.HandsOnContact(r.Ctx, tx, r.Actor, was)
	if err != nil {
		return t, err
	}
	said := n.c
	if !n.posts.isFresh(id) { // of two rows of one list about somebody nobody knew the later one holds
		said, t.proposes = n.posts.told(was, n.c, n.gone)
	}
	next := was
	for _, f := range account.ContactFields {
		to, said := f.Of(&next), *f.Of(&said)
		if said == "" || said == *to {
			continue
		}
		if hands[f.Name] && x.Table.Spec.Leads != "file" {
			t.notes = append(t.notes, func() { x.Note(f.Name, "kept_by_hand", "", "") })
			continue
		}
		*to, t.same = said, false
	}
	if t.same && !linked {
		return t, nil
	}
	saved := was
	if !t.same {
		if saved, err = n.service.UpdateContactIn(r.Ctx, tx, r.Actor, next, account.Step{}); err != nil {
			return t, err
		}
	}
	after := account.ContactStated(saved)
	if linked || len(n.given[id]) > 0 {
		account.Given(after, record.External{Source: r.Mapping.Source, ID: n.ext})
	}
	return t, r.Changed(tx, record.Ref{Kind: record.Contact, ID: id}, saved.Version, account.ContactStated(was), after)
}
