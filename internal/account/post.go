package account

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Step is when and why a person's post became another: another account, department or title.
type Step struct {
	On     calendar.Date // "" is today
	Reason string
	// Never: what it was before was never so. It is said of the post there is, and no other begins.
	Never bool
	// Another: it is another post, also where nobody had said what it was before.
	Another bool
}

func (s *Step) check() error {
	s.Reason = text.Line(s.Reason)
	if s.On != "" {
		if _, err := calendar.Parse(string(s.On)); err != nil {
			return calendar.BadDate("/movedOn")
		}
	}
	return checkText("/movedWhy", s.Reason, 1500)
}

// stepped is what of a post is another: account, department, title. What is spelt otherwise is the same, and what
// nobody had said is no other unless the step says so; nor is what is said no more.
func stepped(was, now Contact, step Step) (changed []string) {
	if was.AccountID != now.AccountID {
		return []string{"account"}
	}
	another := func(was, now string) bool {
		return (was != "" || step.Another) && now != "" && called(was) != called(now)
	}
	if another(was.Department, now.Department) {
		changed = append(changed, "department")
	}
	if another(was.Title, now.Title) {
		changed = append(changed, "title")
	}
	return changed
}

// post is the present one of a person as it was read with him.
func (c Contact) post() (Employment, bool) {
	at := slices.IndexFunc(c.Jobs, func(e Employment) bool { return e.To == "" && e.AccountID == c.AccountID })
	if at < 0 {
		return Employment{}, false
	}
	return c.Jobs[at], true
}

// takeStep writes what a change of a person says of his posts: another account, department or title ends the one
// and begins another. What is said of a post on the day it began is said of that one; so is a new spelling, and
// what was not known of it. Who goes to another account is there.
func (s *Service) takeStep(ctx context.Context, tx database.Tx, a org.Actor, was Contact, now *Contact, step Step) error {
	on := cmp.Or(step.On, a.Today)
	changed := stepped(was, *now, step)
	present, known := was.post()
	job := Employment{ID: record.NewID(a.Now), AccountID: now.AccountID, Department: now.Department, Title: now.Title, From: on, Reason: step.Reason}
	switch {
	case slices.Contains(changed, "account"):
		if err := s.employer(ctx, tx, a, now.AccountID); err != nil {
			return err
		}
		now.GoneOn = ""
		journal.Append(tx, a.By(), contactEvent(now.ID, was.AccountID, "moved", on, contactMoved{[2]string{was.AccountID, now.AccountID}, job.ID}))
		return s.move(ctx, tx, a.TenantID, now.ID, was.AccountID, job)
	case !known:
		return nil
	case len(changed) > 0 && present.From < on && !step.Never:
		journal.Append(tx, a.By(), contactEvent(now.ID, now.AccountID, "posted", on, contactPosted{now.AccountID, job.ID, changed}))
		return s.move(ctx, tx, a.TenantID, now.ID, now.AccountID, job)
	}
	present.Department, present.Title = cmp.Or(now.Department, present.Department), cmp.Or(now.Title, present.Title)
	return s.Rows.SaveEmployment(ctx, tx, a.TenantID, present)
}

// Goes notes that a person left his employer on a day, for nobody knows where: his post ends, and he stays with the
// account he was at. Who has gone already is left as he is. Faults: contact.unknown.
func (s *Service) Goes(ctx context.Context, tx database.Tx, a org.Actor, id string, on calendar.Date) error {
	c, err := s.TakeContactIn(ctx, tx, a, id)
	if err != nil || c.GoneOn != "" {
		return err
	}
	c.GoneOn = on
	c.Version++
	journal.Append(tx, a.By(), contactEvent(id, c.AccountID, "gone", on, contactGone{c.AccountID}))
	if err := s.Rows.EndEmployment(ctx, tx, a.TenantID, id, c.AccountID, on); err != nil {
		return err
	}
	return s.Rows.SaveContact(ctx, tx, a.TenantID, c)
}

// Stays takes back that a person left: his last post goes on. Who is there is left as he is.
func (s *Service) Stays(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	c, err := s.TakeContactIn(ctx, tx, a, id)
	if err != nil || c.GoneOn == "" {
		return err
	}
	c.GoneOn = ""
	c.Version++
	journal.Append(tx, a.By(), contactEvent(id, c.AccountID, "stayed", a.Today, contactGone{c.AccountID}))
	if err := s.Rows.ReopenEmployment(ctx, tx, a.TenantID, id, c.AccountID); err != nil {
		return err
	}
	return s.Rows.SaveContact(ctx, tx, a.TenantID, c)
}

// PostOf is a person's present post.
func (c Contact) PostOf() Employment {
	e, _ := c.post()
	return e
}

// Unpost takes back a step that never was: where the person still has the post it began, that is taken out, and the
// one before goes on with its account, department and title. It tells whether anything was taken back.
func (s *Service) Unpost(ctx context.Context, tx database.Tx, a org.Actor, id, job string) (bool, error) {
	c, err := s.TakeContactIn(ctx, tx, a, id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	now, has := c.post()
	if !has || now.ID != job {
		return false, nil
	}
	before := slices.DeleteFunc(slices.Clone(c.Jobs), func(e Employment) bool { return e.To == "" || e.To != now.From })
	if len(before) == 0 {
		return false, nil
	}
	last := before[len(before)-1]
	p := contactUnposted{[2]string{c.AccountID, last.AccountID}, job}
	next := c
	next.AccountID, next.Department, next.Title = last.AccountID, last.Department, last.Title
	next.Version++
	journal.Append(tx, a.By(), contactEvent(id, c.AccountID, "unposted", a.Today, p))
	journal.Append(tx, a.By(), contactEvent(id, next.AccountID, "changed", a.Today, contactChangedOf(c, next, nil)))
	if err := s.unpost(ctx, tx, a.TenantID, id, p); err != nil {
		return false, err
	}
	return true, s.Rows.SaveContact(ctx, tx, a.TenantID, next)
}

func (s *Service) unpost(ctx context.Context, tx database.Tx, tenant, id string, p contactUnposted) error {
	if err := s.Rows.RemoveEmployment(ctx, tx, tenant, p.JobID); err != nil {
		return err
	}
	return s.Rows.ReopenEmployment(ctx, tx, tenant, id, p.AccountID[1])
}

// ContactIn is a person with all his posts, wherever he is.
func (s *Service) ContactIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Contact, error) {
	return s.Rows.Contact(ctx, tx, a.TenantID, org.Scope{All: true}, id)
}

// Meet refuses a new person who looks the same as one the actor sees, until he says that it is another. Fault:
// contact.looks_same.
func (s *Service) Meet(ctx context.Context, tx database.Tx, a org.Actor, c Contact) error {
	return s.meet(ctx, tx, a, Contact{}, c)
}

// Seen are those of some accounts that the actor sees, with their names.
func (s *Service) Seen(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]string, error) {
	if len(ids) == 0 || !a.Can(org.AccountRead) {
		return nil, nil
	}
	return s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), ids)
}

// OwnerIn is who owns an account that is there, whoever may see it; "" where it is deleted, or none.
func (s *Service) OwnerIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (string, error) {
	all, err := s.Rows.ByID(ctx, tx, a.TenantID, []string{id})
	c, there := all[id]
	if err != nil || !there || c.DeletedAt != nil {
		return "", err
	}
	return c.OwnerID, nil
}

// SeenLive is Seen of those that are not deleted.
func (s *Service) SeenLive(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]string, error) {
	seen, err := s.Seen(ctx, tx, a, ids)
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	return s.Rows.Live(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(seen)))
}
