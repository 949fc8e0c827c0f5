package change

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/text"
	"yunchou/internal/worktime"
)

// New is what is told of a change: who, what, from when, who follows, and who says so.
type New struct {
	ID, ContactID                  string
	Kind                           Kind
	On                             calendar.Date // "" is today
	SuccessorID, SuccessorName     string        // neither: nobody knows
	EvenIfSame                     bool          // the successor is another than whoever looks the same
	ToAccountID, Department, Title string
	OpportunityID                  string
	Source                         string
	// Suspect: nobody is sure yet. The owners are asked, and nothing begins.
	Suspect bool
	// BatchID is the import that proposes it.
	BatchID string
}

var (
	errEnded = fault.New(fault.Conflict, "contact_change.ended", "it was met or did not hold; tell of another")
)

// Tell notes that a person changed. Confirmed at once, it flags the open opportunities he had a part in, tells their
// owners and who leads them, and sets a task to meet the successor; suspected, it asks the owners. The same id and
// content again is answered with the first one. Faults: contact.unknown, contact.looks_same, contact_change.open,
// contact_change.own_successor, contact_change.too_many, org.date_in_future.
func (s *Service) Tell(ctx context.Context, a org.Actor, in New) (Change, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return Change{}, err
	}
	said := in
	return idempotency.Made(ctx, s.Keys, a.By(), said.ID, said, func(tx database.Tx) (Change, error) {
		c, err := s.TellIn(ctx, tx, a, in)
		if err != nil {
			return c, err
		}
		return s.shown(ctx, tx, a, c)
	})
}

// TellIn is Tell inside a transaction.
func (s *Service) TellIn(ctx context.Context, tx database.Tx, a org.Actor, in New) (Change, error) {
	c := Change{ID: in.ID, ContactID: in.ContactID, Kind: in.Kind, On: cmp.Or(in.On, a.Today), Source: cmp.Or(in.Source, "other"), State: Suspected,
		SuccessorID: in.SuccessorID, SuccessorName: text.Fold(in.SuccessorName), ToAccountID: in.ToAccountID, Department: text.Fold(in.Department),
		Title: text.Fold(in.Title), OpportunityID: in.OpportunityID, BatchID: in.BatchID, ToldAt: a.Now, ToldBy: a.Effective()}
	if err := errors.Join(record.UseID(&c.ID, a.Now), c.check(a)); err != nil {
		return c, err
	}
	if old, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, c.ID); err == nil {
		if old.ContactID == c.ContactID && old.Kind == c.Kind && old.ToldBy == c.ToldBy {
			return old, nil
		}
		return c, record.ErrIDTaken
	} else if !fault.Is(err, fault.NotFound) {
		return c, err
	}
	who, as, err := s.told(ctx, tx, a, c)
	if err != nil {
		return c, err
	}
	c.AccountID = who.AccountID
	if err := s.seen(ctx, tx, a, c); err != nil {
		return c, err
	}
	if err := s.alone(ctx, tx, a, c); err != nil {
		return c, err
	}
	if in.Suspect {
		return s.suspect(ctx, tx, a, c)
	}
	return s.confirm(ctx, tx, a, c, in.EvenIfSame, as)
}

// told reads whom a change is of, and by whose sight it is written: who may change him tells of him, and so does who has
// an open opportunity with him among its people, because he is asked after him. Fault: contact.unknown.
func (s *Service) told(ctx context.Context, tx database.Tx, a org.Actor, c Change) (account.Contact, writing, error) {
	who, refused := s.Accounts.TakeContactIn(ctx, tx, a, c.ContactID)
	if !fault.Is(refused, fault.NotFound) {
		return who, writing{a, a}, refused
	}
	his, err := s.Deals.HasWith(ctx, tx, a, c.ContactID)
	if err != nil || !his {
		return account.Contact{}, writing{}, cmp.Or(err, refused)
	}
	wide := a.Reaching(org.Scope{All: true})
	as := writing{wide, wide}
	if c.SuccessorID != "" {
		as.follows = a
	}
	who, err = s.Accounts.TakeContactIn(ctx, tx, wide, c.ContactID)
	return who, as, err
}

func (c *Change) check(a org.Actor) error {
	switch {
	case !slices.Contains([]Kind{Moved, Left, Handed, Retitled}, c.Kind):
		return fault.Input("/kind", "contact_change.kind_unknown", "moved, left, handed or retitled")
	case !slices.Contains(Sources, c.Source):
		return fault.Input("/source", "contact_change.source_unknown", "who says so is not known")
	case c.SuccessorID != "" && c.SuccessorID == c.ContactID:
		return fault.Input("/successorId", "contact_change.own_successor", "nobody follows himself")
	case c.Kind == Retitled && c.Title == "" && c.Department == "":
		return fault.Missing("/title")
	}
	if _, err := calendar.Parse(string(c.On)); err != nil {
		return calendar.BadDate("/on")
	}
	if c.On > a.Today {
		return fault.Input("/on", "org.date_in_future", "the day has not come yet").With("today", string(a.Today))
	}
	if c.SuccessorID != "" {
		c.SuccessorName = ""
	}
	for pointer, said := range map[string]string{"/successorName": c.SuccessorName, "/department": c.Department, "/title": c.Title} {
		if text.Longer(said, 100) {
			return fault.Input(pointer, "input.too_long", "at most 100 characters").With("max", 100)
		}
	}
	return nil
}

// alone refuses a second change of a person while one is open, but of another single matter. Fault:
// contact_change.open (params id).
func (s *Service) alone(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	list, err := s.Rows.List(ctx, tx, a.TenantID, org.Scope{All: true}, Asked{Contact: c.ContactID, Open: true, Limit: most})
	for _, o := range list {
		if o.ContactID == c.ContactID && o.ID != c.ID && o.OpportunityID == c.OpportunityID && c.Kind != Retitled && o.Kind != Retitled {
			return fault.New(fault.Conflict, "contact_change.open", "a change of this person is open already").With("id", o.ID)
		}
	}
	return err
}

// seen refuses what the actor does not see. Faults: contact.unknown, account.unknown, opportunity.unknown.
func (s *Service) seen(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	if err := s.Accounts.CheckContacts(ctx, tx, a, "/successorId", nonEmpty(c.SuccessorID)); err != nil {
		return err
	}
	if c.ToAccountID != "" {
		if there, err := s.Accounts.Seen(ctx, tx, a, []string{c.ToAccountID}); err != nil || len(there) == 0 {
			return cmp.Or(err, error(fault.Input("/toAccountId", "account.unknown", "no such account")))
		}
	}
	if c.OpportunityID != "" {
		if there, err := s.Deals.SeenIn(ctx, tx, a, []string{c.OpportunityID}); err != nil || len(there) == 0 {
			return cmp.Or(err, error(fault.Input("/opportunityId", "opportunity.unknown", "no such opportunity")))
		}
	}
	return nil
}

// touched are the opportunities it touches, or would.
func (s *Service) touched(ctx context.Context, tx database.Tx, a org.Actor, c Change) ([]opportunity.Touched, error) {
	if c.Kind == Retitled {
		return nil, nil
	}
	return s.Deals.Touched(ctx, tx, a, c.AccountID, c.ContactID, c.OpportunityID, c.On)
}

// holder is who answers for an opportunity: its owner, or who stands in for one who has left; "" is nobody.
func holder(a org.Actor, owner string) string {
	if owner == "" {
		return ""
	}
	return a.Structure.InPlaceOf(owner, a.Today)
}

// suspect asks the owners, with a task for each.
func (s *Service) suspect(ctx context.Context, tx database.Tx, a org.Actor, c Change) (Change, error) {
	list, err := s.touched(ctx, tx, a, c)
	if err != nil {
		return c, err
	}
	name, err := s.nameOf(ctx, tx, a, c.ContactID)
	if err != nil {
		return c, err
	}
	if err := record.Take(ctx, tx, a.TenantID, idsOf(list)...); err != nil {
		return c, err
	}
	hours := s.Times.Each(ctx, tx, a)
	for _, t := range list {
		d, err := s.clocked(a, t, hours)
		if err != nil {
			return c, err
		}
		c.Deals = append(c.Deals, d)
	}
	if err := s.set(ctx, tx, a, list, c.Deals, words(a).ask(name)); err != nil {
		return c, err
	}
	return s.save(ctx, tx, a, c, 0, "told")
}

func idsOf(list []opportunity.Touched) (ids []string) {
	for _, t := range list {
		ids = append(ids, t.ID)
	}
	return ids
}

func (s *Service) nameOf(ctx context.Context, tx database.Tx, a org.Actor, contact string) (string, error) {
	names, err := s.Accounts.FamilyNames(ctx, tx, a.TenantID, record.Contact, []string{contact})
	return names[contact], err
}

// clocked is an opportunity with its clock: the last working minute of the day.
func (s *Service) clocked(a org.Actor, t opportunity.Touched, of func(member string) (worktime.Schedule, error)) (Deal, error) {
	d := Deal{OpportunityID: t.ID, Role: t.Role, Late: t.Phase == pipeline.Late, DueOn: s.Calendar(a.TenantID).AddWorkingDays(a.Today, a.Company.MeetDays.In(string(t.Phase)))}
	from, to := d.DueOn.In(a.Company.Zone()), d.DueOn.Add(1).In(a.Company.Zone())
	d.DueAt = to
	if who := holder(a, t.OwnerID); who != "" {
		hours, err := of(who)
		if err != nil {
			return d, err
		}
		if worked := hours.Minutes(from, to); worked > 0 {
			d.DueAt = hours.After(from, worked)
		}
	}
	d.DueAt = d.DueAt.UTC().Truncate(time.Millisecond)
	return d, nil
}

// set is what the owners are to do by then; where nobody answers for one there is no task.
func (s *Service) set(ctx context.Context, tx database.Tx, a org.Actor, list []opportunity.Touched, deals []Deal, what string) error {
	var tasks []task.Task
	var of []int
	for i, t := range list {
		deals[i].TaskID = ""
		if who := holder(a, t.OwnerID); who != "" && deals[i].MetAt == nil {
			tasks = append(tasks, task.Task{What: what, MemberID: who, DueOn: max(deals[i].DueOn, a.Today), On: []record.Ref{opportunity.Ref(t.ID)}})
			of = append(of, i)
		}
	}
	// Whoever tells of it need not see every opportunity it touches: the task is the owner's.
	ids, err := s.Tasks.AddAllIn(ctx, tx, a.Reaching(org.Scope{All: true}), tasks)
	for n, id := range ids {
		deals[of[n]].TaskID = id
	}
	return err
}

// writing is by whose sight the posts of a change are written: of who follows, and of who went. What was told before
// was told by somebody who saw it; whoever says that it is so need not.
type writing struct{ follows, went org.Actor }

// confirm writes what follows from a change that is so: posts, roles, clocks and tasks.
func (s *Service) confirm(ctx context.Context, tx database.Tx, a org.Actor, c Change, evenIfSame bool, as writing) (Change, error) {
	was := c.Version
	list, err := s.touched(ctx, tx, a, c)
	if err != nil {
		return c, err
	}
	if err := record.Take(ctx, tx, a.TenantID, idsOf(list)...); err != nil {
		return c, err
	}
	if err := s.follows(ctx, tx, as.follows, &c, evenIfSame); err != nil {
		return c, err
	}
	if err := s.goes(ctx, tx, as.went, &c); err != nil {
		return c, err
	}
	if c.Kind != Retitled { // who has gone is met as a key person no more, and who handed matters on not about those
		var about []record.Ref
		if c.Kind == Handed {
			about = []record.Ref{}
			for _, t := range list {
				about = append(about, opportunity.Ref(t.ID))
			}
		}
		if err := s.Tasks.NotMeetIn(ctx, tx, a, c.ContactID, about); err != nil {
			return c, err
		}
	}
	c.State, c.ConfirmedAt, c.ConfirmedBy = Confirmed, &a.Now, a.Effective()
	asked := c.Deals
	c.Deals = nil
	what, err := s.what(ctx, tx, a, c)
	if err != nil {
		return c, err
	}
	hours := s.Times.Each(ctx, tx, a)
	for _, t := range list {
		d, err := s.clocked(a, t, hours)
		if err == nil {
			d.Succession, err = s.Deals.Succeed(ctx, tx, a, t.ID, c.ContactID, c.SuccessorID, c.On)
		}
		if err != nil {
			return c, err
		}
		c.Deals = append(c.Deals, d)
	}
	if err := s.heard(ctx, tx, a, &c); err != nil {
		return c, err
	}
	if err := s.set(ctx, tx, a, list, c.Deals, what); err != nil {
		return c, err
	}
	if err := s.drop(ctx, tx, a, asked); err != nil {
		return c, err
	}
	if err := s.passesOn(ctx, tx, a, c); err != nil {
		return c, err
	}
	return s.save(ctx, tx, a, c, was, "confirmed")
}

// heard takes in what was said with the successor since he follows and before anybody told of it.
func (s *Service) heard(ctx context.Context, tx database.Tx, a org.Actor, c *Change) error {
	if c.SuccessorID == "" {
		return nil
	}
	list, err := s.Talks.With(ctx, tx, a, c.SuccessorID, c.On)
	if err != nil {
		return err
	}
	changed := false
	for _, f := range list {
		changed = c.hear(f) || changed
	}
	if !changed {
		return nil
	}
	waits, err := s.waiting(ctx, tx, a, *c)
	if err == nil && c.metAbout(waits) {
		c.State, c.EndedAt, c.EndedBy = Met, &a.Now, list[0].MemberID
	}
	return err
}

// waiting tells of which opportunities the successor is still to be met: those that are open.
func (s *Service) waiting(ctx context.Context, tx database.Tx, a org.Actor, c Change) (func(Deal) bool, error) {
	ids := []string{}
	for _, d := range c.Deals {
		if d.MetAt == nil && !d.PassedOn {
			ids = append(ids, d.OpportunityID)
		}
	}
	all, err := s.Deals.SeenIn(ctx, tx, a.Reaching(org.Scope{All: true}), ids)
	return func(d Deal) bool {
		o, there := all[d.OpportunityID]
		return there && o.State == opportunity.Open && o.DeletedAt == nil
	}, err
}

// passesOn ends the first meetings with somebody who has gone himself: who follows him is met.
func (s *Service) passesOn(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	return s.chained(ctx, tx, a, c, func(_ Change, mine []Deal) error { return s.drop(ctx, tx, a, mine) })
}

// chained are the changes whose successor is who changes now, each with the opportunities of both about which he was
// not met.
func (s *Service) chained(ctx context.Context, tx database.Tx, a org.Actor, c Change, each func(o Change, mine []Deal) error) error {
	list, err := s.Rows.Followed(ctx, tx, a.TenantID, []string{c.ContactID})
	for _, o := range list {
		var mine []Deal
		for _, d := range o.Deals {
			if d.MetAt == nil && slices.ContainsFunc(c.Deals, func(x Deal) bool { return x.OpportunityID == d.OpportunityID }) {
				mine = append(mine, d)
			}
		}
		if o.ID != c.ID && len(mine) > 0 && err == nil {
			err = each(o, mine)
		}
	}
	return err
}

// drop takes back tasks whose question is answered.
func (s *Service) drop(ctx context.Context, tx database.Tx, a org.Actor, deals []Deal) error {
	for _, d := range deals {
		if d.TaskID == "" {
			continue
		}
		if err := s.Tasks.DropIn(ctx, tx, a.Reaching(org.Scope{All: true}), d.TaskID); err != nil {
			return err
		}
	}
	return nil
}

// what is to be done: meet who follows, or find him.
func (s *Service) what(ctx context.Context, tx database.Tx, a org.Actor, c Change) (string, error) {
	name, err := s.nameOf(ctx, tx, a, cmp.Or(c.SuccessorID, c.ContactID))
	if err != nil || c.SuccessorID == "" {
		return words(a).find(name), err
	}
	return words(a).meet(name), nil
}

// follows has the successor be a contact of the account: who was none is made one, who is elsewhere goes there.
func (s *Service) follows(ctx context.Context, tx database.Tx, a org.Actor, c *Change, evenIfSame bool) error {
	if c.Kind == Retitled {
		c.SuccessorID, c.SuccessorName = "", ""
		return nil
	}
	if c.SuccessorID == "" && c.SuccessorName != "" {
		made, err := s.Accounts.CreateContactIn(ctx, tx, a, account.Contact{ID: record.NewID(a.Now), Name: c.SuccessorName, AccountID: c.AccountID, EvenIfSame: evenIfSame})
		if err == nil {
			err = s.Accounts.Meet(ctx, tx, a, made)
		}
		if err != nil {
			return err
		}
		c.SuccessorID, c.SuccessorName = made.ID, ""
		return nil
	}
	if c.SuccessorID == "" || c.Kind == Handed {
		return nil
	}
	x, err := s.Accounts.TakeContactIn(ctx, tx, a, c.SuccessorID)
	if err != nil || x.AccountID == c.AccountID && x.GoneOn == "" {
		return err
	}
	x.AccountID, x.Department, x.Title = c.AccountID, "", ""
	if _, err = s.Accounts.UpdateContactIn(ctx, tx, a, x, account.Step{On: c.On}); err != nil {
		return err
	}
	if x, err = s.Accounts.TakeContactIn(ctx, tx, a, x.ID); err == nil {
		c.SuccessorJobID = x.PostOf().ID
	}
	return err
}

// goes writes the post of who went, as far as it is known.
func (s *Service) goes(ctx context.Context, tx database.Tx, a org.Actor, c *Change) error {
	if c.Kind == Left && c.ToAccountID == "" {
		return s.Accounts.Goes(ctx, tx, a, c.ContactID, c.On)
	}
	if c.Kind == Handed || c.ToAccountID+c.Department+c.Title == "" {
		return nil
	}
	x, err := s.Accounts.TakeContactIn(ctx, tx, a, c.ContactID)
	if err != nil {
		return err
	}
	before := x.PostOf().ID
	if c.ToAccountID != "" && c.ToAccountID != x.AccountID {
		x.AccountID, x.Department, x.Title = c.ToAccountID, "", ""
	}
	x.Department, x.Title = cmp.Or(c.Department, x.Department), cmp.Or(c.Title, x.Title)
	if _, err := s.Accounts.UpdateContactIn(ctx, tx, a, x, account.Step{On: c.On, Another: c.Kind == Moved}); err != nil {
		return err
	}
	if x, err = s.Accounts.ContactIn(ctx, tx, a, x.ID); err == nil && x.PostOf().ID != before {
		c.JobID = x.PostOf().ID
	}
	return err
}
