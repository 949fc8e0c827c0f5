package confirm

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// New is an answer: about a key person, or with no person about who decides: Named with one, or with a name, or Skipped.
type New struct {
	ID, OpportunityID, ContactID string
	Answer                       Answer
	Name                         string // of who is no contact yet
	EvenIfSame                   bool
	ChangeID                     string // the change that was told with it
}

var (
	errNotAsked = fault.New(fault.Forbidden, "confirmation.not_asked", "its owner is asked, or who has it in his place")
	errNotDue   = fault.New(fault.Conflict, "confirmation.not_due", "nobody asks after him now: he was answered about, or somebody spoke with him")
	errTooLate  = fault.New(fault.Conflict, "confirmation.too_late", "it is taken back on the same day, by who was asked, and before anything followed from it")
)

// Answer notes what the actor says when he is asked. Changed without a change that was told begins a suspected one, and
// so does the second time in a row that somebody is not to be reached. The same again on one day is answered with
// the first. Faults: opportunity.unknown, confirmation.not_asked, confirmation.not_due, confirmation.answer_unknown,
// contact_change.unknown, contact.unknown, contact.looks_same.
func (s *Service) Answer(ctx context.Context, a org.Actor, in New) (Confirmation, error) {
	if err := cmp.Or(a.Need(org.OppWrite), in.check()); err != nil {
		return Confirmation{}, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), in.ID, in, func(tx database.Tx) (Confirmation, error) { return s.answer(ctx, tx, a, in) })
}

func (in New) check() error {
	ofWho := in.Answer == Named || in.Answer == Skipped
	switch {
	case !slices.Contains([]Answer{Still, Changed, Unreachable, Named, Skipped}, in.Answer):
		return fault.Input("/answer", "confirmation.answer_unknown", "still, changed or unreachable; or named, skipped")
	case !ofWho && in.ContactID == "" || in.Answer == Named && in.ContactID == "" && in.Name == "":
		return fault.Missing("/contactId")
	case in.Answer == Skipped && in.ContactID != "":
		return fault.Input("/contactId", "confirmation.answer_unknown", "skipped is of nobody")
	}
	return nil
}

func (s *Service) answer(ctx context.Context, tx database.Tx, a org.Actor, in New) (Confirmation, error) {
	c := Confirmation{ID: in.ID, OpportunityID: in.OpportunityID, ContactID: in.ContactID, Answer: in.Answer, MemberID: a.Effective(), On: a.Today,
		At: a.Now, By: a.MemberID, Run: 1, Since: a.Today, ChangeID: in.ChangeID}
	if err := record.UseID(&c.ID, a.Now); err != nil {
		return c, err
	}
	if err := record.Take(ctx, tx, a.TenantID, in.OpportunityID); err != nil {
		return c, err
	}
	o, err := s.deal(ctx, tx, a, in.OpportunityID)
	switch {
	case err != nil:
		return c, err
	case o.OwnerID == "" || a.Structure.InPlaceOf(o.OwnerID, a.Today) != c.MemberID:
		return c, errNotAsked
	case o.State != opportunity.Open || o.DeletedAt != nil:
		return c, errNotDue
	}
	if was, there, err := s.before(ctx, tx, a, c); err != nil || there {
		return was, err
	}
	asked, err := s.askedAbout(ctx, tx, a, o, c)
	if err != nil {
		return c, err
	}
	if asked.Last == c.Answer {
		c.Run, c.Since = asked.Run+1, asked.Since
	}
	if err := s.follows(ctx, tx, a, in, &c); err != nil {
		return c, err
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(c.ID), Scope: opportunity.Ref(c.OpportunityID), Kind: "confirmation.answered", On: c.On, Payload: answeredOf(c)})
	return c, s.Rows.Insert(ctx, tx, a.TenantID, c)
}

// before is the same answer as it was given today.
func (s *Service) before(ctx context.Context, tx database.Tx, a org.Actor, c Confirmation) (Confirmation, bool, error) {
	all, err := s.Rows.Of(ctx, tx, a.TenantID, []string{c.OpportunityID})
	for _, was := range all[c.OpportunityID] {
		if was.UndoneAt == nil && was.On == c.On && was.MemberID == c.MemberID && was.Answer == c.Answer && c.ContactID != "" && was.ContactID == c.ContactID {
			return was, true, err
		}
	}
	return c, false, err
}

// askedAbout is how who was answered about stands. What is told with a change needs no question any more.
func (s *Service) askedAbout(ctx context.Context, tx database.Tx, a org.Actor, o opportunity.Opportunity, c Confirmation) (Stand, error) {
	if c.Answer == Changed && c.ChangeID != "" {
		told, err := s.Changes.GetIn(ctx, tx, a.Reaching(org.Scope{All: true}), c.ChangeID) // he may have told it without seeing the account
		if fault.Is(err, fault.NotFound) || err == nil && told.ContactID != c.ContactID {
			err = fault.Input("/changeId", "contact_change.unknown", "there is no such change of this person")
		}
		return Stand{}, err
	}
	days, err := s.days(ctx, tx, a, a.Effective())
	if err != nil {
		return Stand{}, err
	}
	list, err := s.standings(ctx, tx, a, []opportunity.Opportunity{o})
	if err != nil {
		return Stand{}, err
	}
	late := list[0].late()
	if c.Answer == Named || c.Answer == Skipped {
		if list[0].who && days.due(list[0].skipped, late) {
			return Stand{}, nil
		}
		return Stand{}, errNotDue
	}
	for _, k := range list[0].keys {
		if k.ContactID == c.ContactID && days.due(k.Asked, late) {
			return k, nil
		}
	}
	return Stand{}, errNotDue
}

// follows does what follows from an answer.
func (s *Service) follows(ctx context.Context, tx database.Tx, a org.Actor, in New, c *Confirmation) (err error) {
	switch {
	case c.Answer == Named:
		if c.ContactID == "" {
			if c.ContactID, err = s.made(ctx, tx, a, in); err != nil {
				return err
			}
		}
		c.Joined, err = s.Deals.JoinIn(ctx, tx, a, c.OpportunityID, c.ContactID)
		return err
	case c.Answer == Changed && c.ChangeID == "", c.Answer == Unreachable && c.Run >= InRow:
		c.ChangeID, err = s.propose(ctx, tx, a, change.New{ContactID: c.ContactID})
		c.Proposed = err == nil && c.ChangeID != ""
	}
	return err
}

// made is a new contact of the opportunity's account.
func (s *Service) made(ctx context.Context, tx database.Tx, a org.Actor, in New) (string, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return "", err
	}
	o, err := s.deal(ctx, tx, a, in.OpportunityID)
	if err != nil {
		return "", err
	}
	x, err := s.Accounts.CreateContactIn(ctx, tx, a, account.Contact{ID: record.NewID(a.Now), Name: in.Name, AccountID: o.AccountID, EvenIfSame: in.EvenIfSame})
	if err == nil {
		err = s.Accounts.Meet(ctx, tx, a, x)
	}
	return x.ID, err
}

// propose begins a suspected change, whatever of the person the actor may write: he is asked after him. Where one is
// open already there is none to propose.
func (s *Service) propose(ctx context.Context, tx database.Tx, a org.Actor, in change.New) (string, error) {
	in.Kind, in.Source, in.Suspect = change.Moved, "record", true
	c, err := s.Changes.TellIn(ctx, tx, a.Reaching(org.Scope{All: true}), in)
	if fault.CodeOf(err) == "contact_change.open" {
		return "", nil
	}
	return c.ID, err
}

// Undo takes an answer back, on the day it was given. A change it proposed is taken back with it, as long as nobody
// confirmed it. Faults: confirmation.unknown, confirmation.too_late.
func (s *Service) Undo(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		now := a.Now
		c, err := s.Rows.Get(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		if c.MemberID != a.Effective() { // whose answers they are is nobody else's business
			return errUnknown
		}
		if err := record.Take(ctx, tx, a.TenantID, c.OpportunityID); err != nil {
			return err
		}
		if c, err = s.Rows.Get(ctx, tx, a.TenantID, id); err != nil || c.UndoneAt != nil {
			return err
		}
		if c.On != a.Today || c.ChangeID != "" && !c.Proposed {
			return errTooLate
		}
		if err := s.takeBack(ctx, tx, a, c); err != nil {
			return err
		}
		c.UndoneAt = &now
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(c.ID), Scope: opportunity.Ref(c.OpportunityID), Kind: "confirmation.undone", On: a.Today,
			Payload: undone{c.OpportunityID, c.ContactID}})
		return s.Rows.Undo(ctx, tx, a.TenantID, c)
	})
}

func (s *Service) takeBack(ctx context.Context, tx database.Tx, a org.Actor, c Confirmation) error {
	if c.Joined {
		return s.Deals.UnjoinIn(ctx, tx, a, c.OpportunityID, c.ContactID)
	}
	if !c.Proposed {
		return nil
	}
	wide := a.Reaching(org.Scope{All: true})
	told, err := s.Changes.GetIn(ctx, tx, wide, c.ChangeID)
	switch {
	case err != nil:
		return err
	case told.State == change.Refuted:
		return nil
	case told.State != change.Suspected:
		return errTooLate
	}
	return s.Changes.RefuteIn(ctx, tx, wide, c.ChangeID)
}

var errUnknown = fault.New(fault.NotFound, "confirmation.unknown", "no such confirmation")
