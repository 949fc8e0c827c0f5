package accountimport

import (
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// posts is what the lists of one run tell of people's posts. A list is read to its end before anything is proposed:
// who follows may stand before or behind who went.
type posts struct {
	proposals account.Proposals
	waiting   []*proposal
	came      *intake.Index // posts at accounts → who came to them with this run
	fresh     *intake.Index // people of this run, by their ids
	tried     *intake.Index // of whom a dry run proposed something, which was taken back
}

// proposal is what a row tells of a person who is there.
type proposal struct {
	account.Proposal
	was account.Contact
	x   *intake.Row
}

func keyOf(at, department, title string) string {
	if department+title == "" {
		return ""
	}
	return at + "\x00" + account.PostKey(department, title)
}

func (p *posts) isFresh(id string) bool { return p.fresh.Get(id) != "" }

// told takes apart what a row says of a person who is there: what fills in what was not known, and what is proposed.
func (p *posts) told(was, said account.Contact, gone bool) (account.Contact, *proposal) {
	filled, proposes, any := was.Told(said, gone)
	said.AccountID, said.Department, said.Title = filled.AccountID, filled.Department, filled.Title
	if !any {
		return said, nil
	}
	return said, &proposal{Proposal: proposes, was: was}
}

func (p *posts) add(x *intake.Row, of *proposal) {
	if of == nil {
		return
	}
	of.x = x
	p.waiting = append(p.waiting, of)
	at := of.was.AccountID
	if of.AccountID != "" {
		at = of.AccountID
	}
	p.comes(keyOf(at, of.Department, of.Title), of.ContactID)
}

// comes notes who came to a post; of two nobody is meant.
func (p *posts) comes(post, id string) {
	if post == "" || id == "" {
		return
	}
	if other := p.came.Get(post); other != "" && other != id {
		id = several
	}
	p.came.Set(post, id)
}

const several = "several"

// remember notes what a row made of a person.
func (n person) remember(b became) {
	n.posts.add(n.x, b.proposes)
	if !b.new || n.gone {
		return
	}
	if !n.run.DryRun {
		n.posts.fresh.Set(b.id, b.id)
	}
	n.posts.comes(keyOf(n.c.AccountID, n.c.Department, n.c.Title), b.id)
}

// wouldBe is a person at an account that a dry run would make: he is new, or known elsewhere.
func (n person) wouldBe() (b became, err error) {
	err = n.run.DB.Read(n.run.Ctx, func(tx database.Tx) error {
		list, err := n.service.Elsewhere(n.run.Ctx, tx, n.run.Actor, n.c)
		if err != nil || len(list) != 1 {
			return err
		}
		b.id, b.same = list[0].ID, true
		_, b.proposes = n.posts.told(list[0], n.c, n.gone)
		return nil
	})
	if b.id == "" {
		b.id, b.new = n.run.NewID(), true
	}
	return b, err
}

// gone tells whether a row says that its person left, in a column of its own or with the title; rest is the title.
func gone(x *intake.Row, title string) (rest string, left bool) {
	rest, left = account.SaysGone(title)
	said := x.Text("inPost")
	if _, says := account.SaysGone(said); says && said != "" {
		left = true
	}
	return rest, left || slices.Contains([]string{"否", "no", "n"}, text.Match(said))
}

// people reads a list of people, and then proposes what it tells of those who are there.
func (p *Accounts) people(t *intake.Table) error {
	if err := t.Rows(p.contact); err != nil {
		return err
	}
	list := p.posts.waiting
	p.posts.waiting = nil
	for _, of := range list {
		if err := p.propose(of); err != nil {
			return err
		}
	}
	return nil
}

// propose has a change be suspected, with whoever came to the post as the successor. In a dry run it is tried.
func (p *Accounts) propose(of *proposal) error {
	r := p.run
	of.BatchID = r.BatchID
	if id := p.posts.came.Get(keyOf(of.was.AccountID, of.was.Department, of.was.Title)); id != several && id != of.ContactID {
		of.SuccessorID = id
	}
	if r.Would(of.SuccessorID) {
		of.SuccessorID, of.Retitled = "", false
	}
	if r.Invented(of.AccountID) { // nothing can be told of an account that is not there yet
		of.AccountID = ""
	}
	heard, err := intake.Try(r, func(tx database.Tx) (account.Heard, error) {
		if r.DryRun && p.posts.tried.Get(of.ContactID) != "" {
			return account.HeardWaits, nil
		}
		heard, err := p.posts.proposals.Propose(r.Ctx, tx, r.Actor, of.Proposal)
		if err != nil || heard != account.HeardNew {
			return heard, err
		}
		now, err := p.service.ContactIn(r.Ctx, tx, r.Actor, of.ContactID)
		if err != nil {
			return heard, err
		}
		ref := record.Ref{Kind: record.Contact, ID: of.ContactID}
		return heard, p.noteProposal(tx, ref, now)
	})
	if fault.As(err) != nil {
		of.x.Warn("title", err, "the change of this person was not proposed")
		return nil
	}
	if err != nil {
		return err
	}
	if heard == account.HeardNew {
		p.posts.tried.Set(of.ContactID, of.ContactID)
		r.Sum.Proposed++
	}
	of.x.Note("title", string(heard), "", "")
	return nil
}

// noteProposal has an undo look at a person about whom something was proposed, whether his row changed or not.
func (p *Accounts) noteProposal(tx database.Tx, ref record.Ref, now account.Contact) error {
	r := p.run
	list, err := r.Standing(tx, ref)
	if err != nil || slices.ContainsFunc(list, func(c intake.Change) bool { return c.BatchID == r.BatchID }) {
		return err
	}
	stated := account.ContactStated(now)
	return r.Changed(tx, ref, now.Version, stated, stated)
}
