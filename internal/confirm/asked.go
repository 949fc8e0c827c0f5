package confirm

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
	"yunchou/internal/worktime"
)

// Question is after whom somebody is asked today: a key person of an opportunity, or with no person who decides.
type Question struct {
	opportunity.Peopled
	AccountName                              string
	ContactID, Name, Department, Title, Role string
	Mobile, Phone                            string
	// TalkedOn is the day of the last two-way contact with him, and On the day he was last confirmed and How; Days are
	// the working days of who is asked since he is silent, nil where he always was.
	TalkedOn, On calendar.Date
	How          string
	Days         *int
	// Run is how often in a row the last answer was given without any contact.
	Last Answer
	Run  int
}

// Today is what a member is asked today, and what he answered today.
type Today struct {
	Questions []Question
	Answered  []Confirmation
}

// page is how many opportunities are looked at together at first, because most who are asked are among those worth
// most, and more how many then.
const (
	page = 60
	more = 1_000
)

// Asked is after whom the actor is asked today: of the open opportunities he owns or has in the place of one who
// left, those worth most in front.
func (s *Service) Asked(ctx context.Context, a org.Actor) (out Today, err error) {
	if !a.Can(org.OppWrite) {
		return out, nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.asked(ctx, tx, a)
		return err
	})
	return out, err
}

func (s *Service) asked(ctx context.Context, tx database.Tx, a org.Actor) (out Today, err error) {
	me := a.Effective()
	if out.Answered, err = s.Rows.On(ctx, tx, a.TenantID, me, a.Today); err != nil {
		return out, err
	}
	left := ADay - len(out.Answered)
	if left <= 0 {
		return out, nil
	}
	days, err := s.days(ctx, tx, a, me)
	if err != nil {
		return out, err
	}
	deals, err := s.Deals.OpenOf(ctx, tx, a, append([]string{me}, a.Structure.LeftTo(me, a.Today)...))
	if err != nil {
		return out, err
	}
	for size := page; len(deals) > 0; size = more {
		size = min(size, len(deals))
		list, err := s.questions(ctx, tx, a, days, deals[:size])
		if err != nil {
			return out, err
		}
		out.Questions = append(out.Questions, list...)
		if len(out.Questions) >= left {
			out.Questions = out.Questions[:left]
			break
		}
		deals = deals[size:]
	}
	return out, s.named(ctx, tx, a, days, out.Questions)
}

// questions are those that are due of some opportunities, in their order.
func (s *Service) questions(ctx context.Context, tx database.Tx, a org.Actor, days *days, deals []opportunity.Opportunity) (out []Question, err error) {
	list, err := s.standings(ctx, tx, a, deals)
	for _, p := range list {
		late := p.of.Phase == pipeline.Late
		if p.who && days.due(p.skipped, late) {
			out = append(out, Question{Peopled: p.of, On: p.skipped})
		}
		for _, k := range p.keys {
			if days.due(k.Asked, late) {
				out = append(out, Question{Peopled: p.of, ContactID: k.ContactID, Name: k.Name, Title: k.Title, Role: k.Role, On: k.On, How: k.How,
					Last: k.Last, Run: k.Run})
			}
		}
	}
	return out, err
}

// standings are how the key persons of some opportunities stand.
func (s *Service) standings(ctx context.Context, tx database.Tx, a org.Actor, deals []opportunity.Opportunity) (out []people, err error) {
	list, err := s.Deals.Peopled(ctx, tx, a, deals)
	if err != nil {
		return nil, err
	}
	f := facts{touched: map[string][]change.Touch{}, zone: a.Company.Zone(), today: a.Today}
	var all, keyless, contacts, refuted []string
	for _, o := range list {
		all = append(all, o.ID)
		if !slices.ContainsFunc(opportunity.PeopleOn(o.Contacts, o.Roles, nil, a.Today), relation.Person.IsKey) {
			keyless = append(keyless, o.ID)
		}
		for _, c := range o.Contacts {
			contacts = append(contacts, c.ContactID)
		}
	}
	touches, err := s.Changes.TouchesOf(ctx, tx, a, all)
	if err != nil {
		return nil, err
	}
	for _, t := range touches {
		f.touched[t.OpportunityID] = append(f.touched[t.OpportunityID], t)
		keyless = append(keyless, t.OpportunityID) // who was key may be none any more
		if t.State == change.Refuted {
			refuted = append(refuted, t.ChangeID)
		}
	}
	if f.unsaid, err = s.Rows.Unsaid(ctx, tx, a.TenantID, refuted); err != nil {
		return nil, err
	}
	slices.Sort(keyless)
	slices.Sort(contacts)
	if f.met, err = s.Deals.MetAbout(ctx, tx, a, slices.Compact(keyless)); err != nil {
		return nil, err
	}
	if f.talked, err = s.Deals.TalkedTo(ctx, tx, a, slices.Compact(contacts)); err != nil {
		return nil, err
	}
	if f.answers, err = s.Rows.Of(ctx, tx, a.TenantID, all); err != nil {
		return nil, err
	}
	for _, o := range list {
		out = append(out, f.standing(o))
	}
	return out, nil
}

// named completes what is shown of questions: who is gone is asked after no more.
func (s *Service) named(ctx context.Context, tx database.Tx, a org.Actor, days *days, list []Question) error {
	var contacts, accounts []string
	for _, q := range list {
		if q.ContactID != "" {
			contacts = append(contacts, q.ContactID)
		}
		if q.AccountID != "" {
			accounts = append(accounts, q.AccountID)
		}
	}
	people, err := s.Accounts.PeopleIn(ctx, tx, a, contacts)
	if err != nil {
		return err
	}
	talked, err := s.Talks.LastSeen(ctx, tx, a, contacts)
	if err != nil {
		return err
	}
	names, err := s.Accounts.Seen(ctx, tx, a, accounts)
	for i := range list {
		q := &list[i]
		k := Stand{On: q.On, How: q.How}
		k.shown(talked[q.ContactID])
		q.On, q.How, q.TalkedOn = k.On, k.How, k.TalkedOn
		c := people[q.ContactID]
		q.AccountName, q.Department, q.Mobile, q.Phone = names[q.AccountID], c.Department, c.Mobile, c.Phone
		if since := max(q.TalkedOn, q.On); since != "" {
			q.Days = days.since(since)
		}
	}
	return err
}

// days count the working days of one member: by his teams over time, less his absences.
type days struct {
	hours worktime.Schedule
	zone  *time.Location
	today calendar.Date
	// silent are the last days on which a confirmation is old enough, in the late phase and otherwise.
	late, usual calendar.Date
}

// furthest is how many days back are counted.
const furthest = 400

func (s *Service) days(ctx context.Context, tx database.Tx, a org.Actor, member string) (*days, error) {
	hours, err := s.Times.Of(ctx, tx, a, member)
	d := &days{hours: hours, zone: a.Company.Zone(), today: a.Today}
	if err != nil {
		return d, err
	}
	d.late, d.usual = d.before(relation.Limit(true)), d.before(relation.Limit(false))
	return d, nil
}

func (d *days) works(day calendar.Date) bool {
	return d.hours.Minutes(day.In(d.zone), day.Add(1).In(d.zone)) > 0
}

// before is the last day since which so many working days, today among them, have begun.
func (d *days) before(n int) calendar.Date {
	day := d.today
	for back := 0; n > 0 && back < furthest; back++ {
		if d.works(day) {
			n--
		}
		day = day.Add(-1)
	}
	return day
}

// due tells whether whoever was last confirmed on a day is asked after; "" is never.
func (d *days) due(last calendar.Date, late bool) bool {
	if late {
		return last <= d.late
	}
	return last <= d.usual
}

// since are the working days since a day, nil where it is too long ago to be counted.
func (d *days) since(day calendar.Date) *int {
	n := 0
	for back := 0; back < furthest; back++ {
		at := d.today.Add(-back)
		if at <= day {
			return &n
		}
		if d.works(at) {
			n++
		}
	}
	return nil
}

// Deal are how the key persons of an opportunity in the actor's sight stand. Fault: opportunity.unknown.
func (s *Service) Deal(ctx context.Context, a org.Actor, id string) (out []Stand, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		o, err := s.deal(ctx, tx, a, id)
		if err != nil {
			return err
		}
		list, err := s.standings(ctx, tx, a, []opportunity.Opportunity{o})
		if err != nil {
			return err
		}
		out = list[0].keys
		return s.seen(ctx, tx, a, out)
	})
	return out, err
}

// seen has key persons say of the last contact with them what the actor may read.
func (s *Service) seen(ctx context.Context, tx database.Tx, a org.Actor, lists ...[]Stand) error {
	var ids []string
	for _, list := range lists {
		for _, k := range list {
			ids = append(ids, k.ContactID)
		}
	}
	talked, err := s.Talks.LastSeen(ctx, tx, a, ids)
	for _, list := range lists {
		for i := range list {
			list[i].shown(talked[list[i].ContactID])
		}
	}
	return err
}

// deal is one in the actor's sight.
func (s *Service) deal(ctx context.Context, tx database.Tx, a org.Actor, id string) (opportunity.Opportunity, error) {
	seen, err := s.Deals.SeenIn(ctx, tx, a, []string{id})
	o, sees := seen[id]
	if err == nil && !sees {
		err = fault.New(fault.NotFound, record.Opportunity+".unknown", "no such opportunity")
	}
	return o, err
}
