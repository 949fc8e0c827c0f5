package change

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/reader"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

const most = 200 // changes a list holds

// take reads one that is about to be changed, where the actor sees its account. Faults: contact_change.unknown,
// record.stale.
func (s *Service) take(ctx context.Context, tx database.Tx, a org.Actor, id string) (Change, error) {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return Change{}, err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id)
	if err != nil {
		return c, err
	}
	return c, a.HasRead(c.Version)
}

// Follows is what is known of a successor when a change is confirmed.
type Follows struct {
	SuccessorID, SuccessorName string
	EvenIfSame                 bool
}

// Confirm says that a suspected change is so, or who follows where nobody knew. Faults: contact_change.unknown,
// contact_change.ended, contact_change.own_successor, contact.unknown, contact.looks_same, record.stale.
func (s *Service) Confirm(ctx context.Context, a org.Actor, id string, f Follows) (Change, error) {
	return s.act(ctx, a, func(tx database.Tx) (Change, error) {
		c, err := s.take(ctx, tx, a, id)
		if err != nil {
			return c, err
		}
		if f.SuccessorID != "" || f.SuccessorName != "" {
			if known, err := s.known(ctx, tx, a, c); err != nil || known {
				return c, cmp.Or(err, error(fault.New(fault.Conflict, "contact_change.followed", "who follows is known already")))
			}
			c.SuccessorID, c.SuccessorName = f.SuccessorID, text.Fold(f.SuccessorName)
		}
		if err := cmp.Or(c.check(a), s.Accounts.CheckContacts(ctx, tx, a, "/successorId", nonEmpty(f.SuccessorID))); err != nil {
			return c, err
		}
		switch c.State {
		case Suspected:
			if err := s.mayConfirm(ctx, tx, a, c); err != nil {
				return c, err
			}
			wide := a.Reaching(org.Scope{All: true})
			as := writing{wide, wide}
			if f.SuccessorID != "" {
				as.follows = a
			}
			return s.confirm(ctx, tx, a, c, f.EvenIfSame, as)
		case Confirmed:
			return s.found(ctx, tx, a, c, f.EvenIfSame)
		}
		return c, errEnded
	})
}

// known tells whether it is known who follows: of one who was erased it is not any more.
func (s *Service) known(ctx context.Context, tx database.Tx, a org.Actor, c Change) (bool, error) {
	if c.State != Confirmed || c.SuccessorID == "" {
		return false, nil
	}
	name, err := s.nameOf(ctx, tx, a, c.SuccessorID)
	return name != "", err
}

// mayConfirm lets those who may change the person, and owners of what is touched: they are asked. Fault:
// contact.unknown.
func (s *Service) mayConfirm(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	_, refused := s.Accounts.TakeContactIn(ctx, tx, a, c.ContactID)
	if !fault.Is(refused, fault.NotFound) {
		return refused
	}
	for _, d := range c.Deals {
		o, err := s.Deals.AnyIn(ctx, tx, a, d.OpportunityID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if who := holder(a, o.OwnerID); err == nil && who != "" && a.Is(who) {
			return nil
		}
	}
	return refused
}

// maySay lets those who may confirm a change, and who told it, say who follows and that it did not hold; of a person who
// is there no more everybody who sees it. Fault: contact.unknown.
func (s *Service) maySay(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	if a.Is(c.ToldBy) {
		return nil
	}
	if _, err := s.Accounts.ContactIn(ctx, tx, a, c.ContactID); fault.Is(err, fault.NotFound) {
		return nil
	}
	return s.mayConfirm(ctx, tx, a, c)
}

func (s *Service) act(ctx context.Context, a org.Actor, fn func(tx database.Tx) (Change, error)) (Change, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return Change{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Change, error) {
		c, err := fn(tx)
		if err != nil {
			return c, err
		}
		return s.shown(ctx, tx, a, c)
	})
}

// found notes who follows: the same clock goes on, and the task says whom to meet.
func (s *Service) found(ctx context.Context, tx database.Tx, a org.Actor, c Change, evenIfSame bool) (Change, error) {
	if c.SuccessorID == "" && c.SuccessorName == "" {
		return c, nil
	}
	if err := s.maySay(ctx, tx, a, c); err != nil {
		return c, err
	}
	var ids []string
	for _, d := range c.Deals {
		ids = append(ids, d.OpportunityID)
	}
	if err := record.Take(ctx, tx, a.TenantID, ids...); err != nil {
		return c, err
	}
	if err := s.follows(ctx, tx, a, &c, evenIfSame); err != nil {
		return c, err
	}
	what, err := s.what(ctx, tx, a, c)
	if err != nil {
		return c, err
	}
	old := slices.Clone(c.Deals)
	var open []opportunity.Touched
	var clocks []Deal
	for _, d := range c.Deals {
		o, err := s.Deals.AnyIn(ctx, tx, a, d.OpportunityID)
		if err != nil {
			return c, err
		}
		if o.State != opportunity.Open || o.DeletedAt != nil {
			continue
		}
		if d.Succession, err = s.Deals.Inherit(ctx, tx, a, o.ID, c.SuccessorID, d.Role, d.Succession, c.On); err != nil {
			return c, err
		}
		at := slices.IndexFunc(c.Deals, func(x Deal) bool { return x.OpportunityID == d.OpportunityID })
		c.Deals[at].Succession = d.Succession
		open = append(open, opportunity.Touched{Opportunity: o})
	}
	if err := s.heard(ctx, tx, a, &c); err != nil {
		return c, err
	}
	for _, o := range open {
		clocks = append(clocks, c.Deals[slices.IndexFunc(c.Deals, func(x Deal) bool { return x.OpportunityID == o.ID })])
	}
	if err := s.set(ctx, tx, a, open, clocks, what); err != nil {
		return c, err
	}
	for _, d := range clocks {
		at := slices.IndexFunc(c.Deals, func(x Deal) bool { return x.OpportunityID == d.OpportunityID })
		c.Deals[at].TaskID = d.TaskID
	}
	if err := s.drop(ctx, tx, a, old); err != nil {
		return c, err
	}
	return s.save(ctx, tx, a, c, c.Version, "followed")
}

// Refute says that a change did not hold: what it wrote of posts and roles is taken back as far as it still stands,
// and its tasks are dropped. Who told it may, and who may say that it is so. Faults: contact_change.unknown,
// contact_change.ended, contact.unknown, record.stale.
func (s *Service) Refute(ctx context.Context, a org.Actor, id string) (Change, error) {
	return s.act(ctx, a, func(tx database.Tx) (Change, error) { return s.refute(ctx, tx, a, id) })
}

// RefuteIn is Refute inside a transaction.
func (s *Service) RefuteIn(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	_, err := s.refute(ctx, tx, a, id)
	return err
}

func (s *Service) refute(ctx context.Context, tx database.Tx, a org.Actor, id string) (Change, error) {
	c, err := s.take(ctx, tx, a, id)
	if err != nil {
		return c, err
	}
	if c.State != Suspected && c.State != Confirmed {
		return c, errEnded
	}
	if err := s.maySay(ctx, tx, a, c); err != nil {
		return c, err
	}
	if c.State == Confirmed {
		if err := s.takeBack(ctx, tx, a, c); err != nil {
			return c, err
		}
	}
	if err := s.drop(ctx, tx, a, c.Deals); err != nil {
		return c, err
	}
	now := a.Now
	was := c.State
	c.State, c.EndedAt, c.EndedBy = Refuted, &now, a.Effective()
	if c, err = s.save(ctx, tx, a, c, c.Version, "refuted"); err != nil {
		return c, err
	}
	if was == Confirmed {
		if err := s.followsAgain(ctx, tx, a, c); err != nil {
			return c, err
		}
	}
	return c, s.toMeetAgain(ctx, tx, a, c)
}

// followsAgain sets the first meetings anew with somebody who has not gone after all.
func (s *Service) followsAgain(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	return s.chained(ctx, tx, a, c, func(o Change, mine []Deal) error {
		what, err := s.what(ctx, tx, a, o)
		if err != nil {
			return err
		}
		waits, err := s.waiting(ctx, tx, a, o)
		if err != nil {
			return err
		}
		var open []opportunity.Touched
		mine = slices.DeleteFunc(mine, func(d Deal) bool { return !waits(d) })
		for _, d := range mine {
			x, err := s.Deals.AnyIn(ctx, tx, a, d.OpportunityID)
			if err != nil {
				return err
			}
			open = append(open, opportunity.Touched{Opportunity: x})
		}
		if err := s.set(ctx, tx, a, open, mine, what); err != nil {
			return err
		}
		for _, d := range mine {
			at := slices.IndexFunc(o.Deals, func(x Deal) bool { return x.OpportunityID == d.OpportunityID })
			o.Deals[at].TaskID = d.TaskID
		}
		_, err = s.save(ctx, tx, a, o, o.Version, "followed")
		return err
	})
}

func (s *Service) takeBack(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	var ids []string
	for _, d := range c.Deals {
		ids = append(ids, d.OpportunityID)
	}
	if err := record.Take(ctx, tx, a.TenantID, ids...); err != nil {
		return err
	}
	for _, d := range c.Deals {
		if err := s.Deals.Unsucceed(ctx, tx, a, d.OpportunityID, c.ContactID, c.SuccessorID, d.Role, d.Succession, c.On); err != nil {
			return err
		}
	}
	wide := a.Reaching(org.Scope{All: true})
	if gone, err := s.Accounts.ContactIn(ctx, tx, a, c.ContactID); c.Kind == Left && c.ToAccountID == "" && err == nil && gone.GoneOn == c.On { // it was by the change
		if err := s.Accounts.Stays(ctx, tx, wide, c.ContactID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	for contact, job := range map[string]string{c.ContactID: c.JobID, c.SuccessorID: c.SuccessorJobID} {
		if job == "" {
			continue
		}
		if _, err := s.Accounts.Unpost(ctx, tx, wide, contact, job); err != nil {
			return err
		}
	}
	return nil
}

// save writes a change with its entry.
func (s *Service) save(ctx context.Context, tx database.Tx, a org.Actor, c Change, was int, event string) (Change, error) {
	c.Version = was + 1
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(c.ID), Scope: account.Ref(c.AccountID), Kind: "contact_change." + event, On: c.On, Payload: standsOf(c)})
	return c, s.Rows.Save(ctx, tx, a.TenantID, c, was)
}

// Get reads one whose account the actor sees. Fault: contact_change.unknown.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (out Change, err error) {
	list, err := s.list(ctx, a, func(tx database.Tx) ([]Change, error) {
		c, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id)
		return []Change{c}, err
	})
	if err != nil {
		return out, err
	}
	return list[0], nil
}

// GetIn is Get inside a transaction, as the rows say. Fault: contact_change.unknown.
func (s *Service) GetIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Change, error) {
	return s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id)
}

// Said tells whether it was ever said of a person that a certain one follows him, whatever became of it.
func (s *Service) Said(ctx context.Context, tx database.Tx, a org.Actor, contact, successor string) (bool, error) {
	list, err := s.Rows.List(ctx, tx, a.TenantID, org.Scope{All: true}, Asked{Contact: contact, Limit: most})
	return slices.ContainsFunc(list, func(c Change) bool { return c.ContactID == contact && c.SuccessorID == successor }), err
}

// List reads those of accounts in the actor's sight, the last told in front.
func (s *Service) List(ctx context.Context, a org.Actor, q Asked) ([]Change, error) {
	q.Limit = most
	return s.list(ctx, a, func(tx database.Tx) ([]Change, error) {
		return s.Rows.List(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), q)
	})
}

func (s *Service) list(ctx context.Context, a org.Actor, read func(tx database.Tx) ([]Change, error)) (out []Change, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := read(tx)
		if err != nil {
			return err
		}
		out = nil
		for _, c := range list {
			c, err := s.shown(ctx, tx, a, c)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

// shown is a change as the actor sees it: with names, without the opportunities he does not see and where somebody
// went that he does not see.
func (s *Service) shown(ctx context.Context, tx database.Tx, a org.Actor, c Change) (Change, error) {
	names, err := s.Accounts.FamilyNames(ctx, tx, a.TenantID, record.Contact, nonEmpty(c.ContactID, c.SuccessorID))
	if err != nil {
		return c, err
	}
	c.ContactName = names[c.ContactID]
	if c.SuccessorID != "" {
		c.SuccessorName = names[c.SuccessorID]
	}
	seen, err := s.Accounts.Seen(ctx, tx, a, nonEmpty(c.AccountID, c.ToAccountID))
	if err != nil {
		return c, err
	}
	c.AccountName, c.ToAccountName = seen[c.AccountID], seen[c.ToAccountID]
	if c.ToAccountID != "" && c.ToAccountName == "" { // nor what he is there
		c.ToAccountID, c.Department, c.Title = "", "", ""
	}
	return c, s.dealsShown(ctx, tx, a, &c)
}

func (s *Service) dealsShown(ctx context.Context, tx database.Tx, a org.Actor, c *Change) error {
	var ids []string
	for _, d := range c.Deals {
		ids = append(ids, d.OpportunityID)
	}
	deals, err := s.Deals.SeenIn(ctx, tx, a, ids)
	if err != nil {
		return err
	}
	late, err := s.Deals.LateIn(ctx, tx, a, deals)
	if err != nil {
		return err
	}
	if c.State == Confirmed && slices.ContainsFunc(c.Deals, func(d Deal) bool { return d.MetAt != nil }) { // what is closed waits for nobody
		waits, err := s.waiting(ctx, tx, a, *c)
		if err != nil {
			return err
		}
		if c.metAbout(waits) {
			c.State = Met
		}
	}
	all, of := c.Deals, s.Times.Each(ctx, tx, a)
	c.Deals = nil
	for _, d := range all {
		o, sees := deals[d.OpportunityID]
		if !sees || d.MetAt == nil && (d.PassedOn || o.State != opportunity.Open || o.DeletedAt != nil) {
			continue
		}
		d.Late = d.Late || late[d.OpportunityID]
		d.Name, d.OwnerID, d.Lamp, d.ChangeID = o.Name, o.OwnerID, d.LampAt(a.Now), c.ID
		if who := holder(a, o.OwnerID); who != "" {
			hours, err := of(who)
			if err != nil {
				return err
			}
			d.Left = hours.Minutes(a.Now, d.DueAt)
		}
		c.Deals = append(c.Deals, d)
	}
	if _, sees := deals[c.OpportunityID]; c.OpportunityID != "" && !sees {
		if more, err := s.Deals.SeenIn(ctx, tx, a, []string{c.OpportunityID}); err != nil || len(more) == 0 {
			c.OpportunityID = ""
			return err
		}
	}
	return nil
}

func nonEmpty(ids ...string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// Reader has what is said with a successor stop the clocks, once for each follow-up.
func (s *Service) Reader() reader.Reader {
	return reader.Reader{Name: "contact_change", Kinds: []string{followup.LoggedKind}, First: reader.FromStart, Lost: reader.FromCommon, Apply: s.talked}
}

func (s *Service) talked(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
	f, err := followup.Said(e.Entry)
	if err != nil || !f.TwoWay || len(f.ContactIDs) == 0 {
		return 0, err
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil {
		return 0, err
	}
	if Meets(f.Channel) {
		if _, err := s.Tasks.MetIn(ctx, tx, a, f.ContactIDs, append(slices.Clone(f.MemberIDs), f.MemberID), f.HappenedOn); err != nil {
			return 0, err
		}
	}
	list, err := s.Rows.Followed(ctx, tx, e.TenantID, f.ContactIDs)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	for _, c := range list {
		if f.HappenedOn < c.On {
			continue
		}
		was, event := c.Version, "talked"
		old := c.Deals
		if !c.hear(f) {
			continue
		}
		if err := s.finish(ctx, tx, a, old, c.Deals, f); err != nil {
			return 0, err
		}
		waits, err := s.waiting(ctx, tx, a, c)
		if err != nil {
			return 0, err
		}
		if c.metAbout(waits) {
			c.State, c.EndedAt, c.EndedBy, event = Met, &f.RecordedAt, f.MemberID, "met"
		}
		if _, err := s.save(ctx, tx, a, c, was, event); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// finish ends the first-meeting tasks of the opportunities about which the successor was met now, on the day he was.
func (s *Service) finish(ctx context.Context, tx database.Tx, a org.Actor, was, now []Deal, f followup.FollowUp) error {
	a.MemberID = f.MemberID // it is he who did it
	for i, d := range now {
		if d.MetAt == nil || was[i].MetAt != nil || d.TaskID == "" {
			continue
		}
		if err := s.Tasks.FinishIn(ctx, tx, a.Reaching(org.Scope{All: true}), d.TaskID, f.HappenedOn); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// hear takes in what was said with the successor: about one of the opportunities, or where it is about none of them,
// about all. It tells whether anything is another.
func (c *Change) hear(f followup.FollowUp) (changed bool) {
	about := func(d Deal) bool { return slices.Contains(f.On, opportunity.Ref(d.OpportunityID)) }
	all := !slices.ContainsFunc(f.On, func(r record.Ref) bool { return r.Kind == record.Opportunity })
	c.Deals = slices.Clone(c.Deals)
	for i := range c.Deals {
		d := &c.Deals[i]
		if !all && !about(*d) || d.MetAt != nil {
			continue
		}
		at := f.RecordedAt
		switch {
		case Meets(f.Channel):
			d.MetAt, changed = &at, true
		case d.TalkedAt == nil:
			d.TalkedAt, changed = &at, true
		}
	}
	return changed
}
