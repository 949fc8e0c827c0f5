package worktime

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Absence (请假) is a time a member is away. Why stays in the row: it may be an illness.
type Absence struct {
	ID, MemberID string
	Away
	DeputyID  string // who answers meanwhile; "" is the superior
	Kind      string // one of Kinds
	Note      string
	Withdrawn bool
	Version   int
	// Zone is that of the member's team as it begins: what clocks show there.
	Zone string
}

// Kinds of absence.
var Kinds = []string{"annual", "sick", "personal", "family", "other"}

const (
	mostNote = 200 // characters
	longest  = 366 * 24 * time.Hour
)

// Moment is a day and a time of it: "" is its beginning or, for an end, its end; "noon" is where its
// halves meet; else a time of the clock.
type Moment struct {
	On calendar.Date
	At string
}

// Asked is what somebody enters of an absence.
type Asked struct {
	ID       string // one its sender has chosen, or ""
	From, To Moment
	DeputyID string
	Kind     string
	Note     string
}

// May tells whether the actor enters a member's absences: his own, those of whom he leads, and, who
// edits the organisation, everybody's. Faults: worktime.not_yours, org.member_unknown.
func May(a org.Actor, member string) error {
	_, known := a.Structure.Members[member]
	switch {
	case a.Can(org.OrgEdit) && !known:
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	case a.Can(org.OrgEdit), a.Effective() == member, slices.Contains(a.Structure.Superiors(member, a.Today), a.Effective()):
		return nil
	}
	return fault.New(fault.Forbidden, "worktime.not_yours", "leave is entered by the member, a superior or an administrator")
}

// InReach are the members whose leave the actor may enter, and what of it ends after a day has begun,
// the first to end first.
func (s *Service) InReach(ctx context.Context, a org.Actor, after calendar.Date) (members []string, out []Absence, err error) {
	if err := a.Need(org.SignedIn); err != nil {
		return nil, nil, err
	}
	for id := range a.Structure.Members {
		if May(a, id) == nil {
			members = append(members, id)
		}
	}
	slices.Sort(members)
	since, err := begins(a, cmp.Or(after, a.Today))
	if err != nil {
		return nil, nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if out, err = s.Rows.AbsencesOfMany(ctx, tx, a.TenantID, members, since); err != nil {
			return err
		}
		return s.zoned(ctx, tx, a, out)
	})
	return members, out, err
}

// begins is when a day does, in the company's zone. Fault: calendar.bad_date.
func begins(a org.Actor, day calendar.Date) (time.Time, error) {
	if _, err := calendar.Parse(string(day)); err != nil {
		return time.Time{}, calendar.BadDate("/after")
	}
	return day.In(a.Company.Zone()), nil
}

// ErrUnknown is the fault of an absence that is not there, or not the actor's.
var ErrUnknown = fault.New(fault.NotFound, "worktime.absence_unknown", "no such leave")

// Absences are a member's that end after a day has begun, the first to end first. Faults: those of May.
func (s *Service) Absences(ctx context.Context, a org.Actor, member string, after calendar.Date) (out []Absence, err error) {
	if err := May(a, member); err != nil {
		return nil, err
	}
	since := time.Time{}
	if after != "" {
		if since, err = begins(a, after); err != nil {
			return nil, err
		}
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if out, err = s.Rows.Absences(ctx, tx, a.TenantID, member, since); err != nil {
			return err
		}
		return s.zoned(ctx, tx, a, out)
	})
	return out, err
}

// zoned tells of absences in which zone their members are.
func (s *Service) zoned(ctx context.Context, tx database.Tx, a org.Actor, list []Absence) error {
	all, err := s.Rows.Settings(ctx, tx, a.TenantID)
	book := bookOf(all)
	for i, b := range list {
		list[i].Zone = ruleOn(book.rulesOf(a, b.MemberID), calendar.DateOf(b.From, a.Company.Zone())).Zone.String()
	}
	return err
}

func ruleOn(rules []From, day calendar.Date) Rule {
	rule := rules[0].Rule
	for _, r := range rules {
		if r.Day <= day {
			rule = r.Rule
		}
	}
	return rule
}

// Enter enters an absence of a member. The same id and content again are answered with the first one.
// Faults: those of May, record.id_taken, calendar.bad_date, worktime.bad_clock,
// worktime.absence_empty, worktime.absence_too_long, worktime.absence_overlaps, input.not_one_of,
// input.too_long, worktime.deputy_unknown, worktime.deputy_left, worktime.deputy_circle.
func (s *Service) Enter(ctx context.Context, a org.Actor, member string, in Asked) (Absence, error) {
	if err := May(a, member); err != nil {
		return Absence{}, err
	}
	if err := record.CheckID(in.ID); err != nil {
		return Absence{}, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), in.ID, []any{member, in}, func(tx database.Tx) (Absence, error) {
		made := Absence{ID: in.ID, MemberID: member, Version: 1}
		if made.ID == "" {
			made.ID = record.NewID(a.Now)
		}
		if err := s.fill(ctx, tx, a, &made, in); err != nil {
			return made, err
		}
		journal.Append(tx, a.By(), entered(made, a.Today))
		return made, database.Taken(s.Rows.InsertAbsence(ctx, tx, a.TenantID, made), record.ErrIDTaken)
	})
}

// Change changes an absence. Faults: worktime.absence_unknown, record.stale, and those of Enter.
func (s *Service) Change(ctx context.Context, a org.Actor, id string, in Asked) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		was, err := s.mine(ctx, tx, a, id)
		if err != nil {
			return err
		}
		is := was
		if err := s.fill(ctx, tx, a, &is, in); err != nil {
			return err
		}
		is.Version++
		journal.Append(tx, a.By(), changed(was, is, a.Today))
		return s.Rows.SaveAbsence(ctx, tx, a.TenantID, is)
	})
}

// Withdraw takes an absence back, with what was said of it. Faults: worktime.absence_unknown,
// record.stale.
func (s *Service) Withdraw(ctx context.Context, a org.Actor, id string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		was, err := s.mine(ctx, tx, a, id)
		if err != nil {
			return err
		}
		journal.Append(tx, a.By(), withdrawn(was, a.Today))
		return s.Rows.SaveAbsence(ctx, tx, a.TenantID, was.withdrawn())
	})
}

func (b Absence) withdrawn() Absence {
	b.Withdrawn, b.Kind, b.Note = true, "other", ""
	b.Version++
	return b
}

// mine is an absence the actor may change; another is none.
func (s *Service) mine(ctx context.Context, tx database.Tx, a org.Actor, id string) (Absence, error) {
	was, err := s.Rows.Absence(ctx, tx, a.TenantID, id)
	if err != nil {
		return was, err
	}
	if was.Withdrawn || May(a, was.MemberID) != nil {
		return was, ErrUnknown
	}
	return was, a.HasRead(was.Version)
}

// fill reads what was entered into an absence.
func (s *Service) fill(ctx context.Context, tx database.Tx, a org.Actor, b *Absence, in Asked) error {
	if err := tx.Alone(ctx, "absences "+a.TenantID); err != nil {
		return err
	}
	all, err := s.Rows.Settings(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	rules := bookOf(all).rulesOf(a, b.MemberID)
	if b.From, err = instant(rules, in.From, "/from", false); err != nil {
		return err
	}
	if b.To, err = instant(rules, in.To, "/to", true); err != nil {
		return err
	}
	b.DeputyID, b.Kind, b.Note = in.DeputyID, in.Kind, text.Words(in.Note)
	switch {
	case !b.From.Before(b.To):
		return fault.Input("/to", "worktime.absence_empty", "leave ends after it begins")
	case b.To.Sub(b.From) > longest:
		return fault.Input("/to", "worktime.absence_too_long", "at most a year at once: enter the rest as another")
	case !slices.Contains(Kinds, b.Kind):
		return fault.Input("/kind", "input.not_one_of", "annual, sick, personal, family or other")
	case text.Longer(b.Note, mostNote):
		return fault.Input("/note", "input.too_long", "at most %d characters", mostNote).With("max", mostNote)
	}
	if err := s.overlaps(ctx, tx, a, *b); err != nil {
		return err
	}
	return s.checkDeputy(ctx, tx, a, *b)
}

// instant is a moment where the member works on that day.
func instant(rules []From, m Moment, pointer string, ends bool) (time.Time, error) {
	if _, err := calendar.Parse(string(m.On)); err != nil {
		return time.Time{}, calendar.BadDate(pointer)
	}
	rule := ruleOn(rules, m.On)
	at, err := Minute(0), error(nil)
	switch {
	case m.At == "" && ends:
		return m.On.Add(1).In(rule.Zone).UTC(), nil
	case m.At == "":
		return m.On.In(rule.Zone).UTC(), nil
	case m.At == "noon":
		at = rule.Hours.Noon()
	default:
		if at, err = ParseMinute(m.At); err != nil {
			return time.Time{}, fault.Input(pointer+"Time", fault.CodeOf(err), "times are written 09:00")
		}
	}
	day := m.On.Time()
	return time.Date(day.Year(), day.Month(), day.Day(), int(at/60), int(at%60), 0, 0, rule.Zone).UTC(), nil
}

// overlaps refuses two absences of one member at once: nobody could tell who stands in.
func (s *Service) overlaps(ctx context.Context, tx database.Tx, a org.Actor, b Absence) error {
	others, err := s.Rows.Absences(ctx, tx, a.TenantID, b.MemberID, b.From)
	for _, o := range others {
		if o.ID != b.ID && o.From.Before(b.To) {
			return fault.Input("/from", "worktime.absence_overlaps", "there is leave already in this time: change that one").
				With("on", string(calendar.DateOf(o.From, a.Company.Zone())))
		}
	}
	return err
}

// checkDeputy refuses a deputy who has left by the end, and one who, away too, would send everybody
// back to the member.
func (s *Service) checkDeputy(ctx context.Context, tx database.Tx, a org.Actor, b Absence) error {
	if b.DeputyID == "" {
		return nil
	}
	if _, known := a.Structure.Members[b.DeputyID]; !known || b.DeputyID == b.MemberID {
		return fault.Input("/deputyId", "worktime.deputy_unknown", "another member is needed")
	}
	if a.Structure.Gone(b.DeputyID, calendar.DateOf(b.To.Add(-1), a.Company.Zone())) {
		return fault.Input("/deputyId", "worktime.deputy_left", "the deputy has left the company by then")
	}
	seen := map[string]bool{}
	var leadsBack func(member string, while Away) (bool, error)
	leadsBack = func(member string, while Away) (bool, error) {
		if member == b.MemberID {
			return true, nil
		}
		if seen[member] {
			return false, nil
		}
		seen[member] = true
		theirs, err := s.Rows.Absences(ctx, tx, a.TenantID, member, while.From)
		for _, t := range theirs {
			if err != nil || t.DeputyID == "" || !t.From.Before(while.To) {
				continue
			}
			if back, err := leadsBack(t.DeputyID, while.and(t.Away)); back || err != nil {
				return back, err
			}
		}
		return false, err
	}
	back, err := leadsBack(b.DeputyID, b.Away)
	if err == nil && back {
		return fault.Input("/deputyId", "worktime.deputy_circle", "the deputy is away then, and has this member as deputy")
	}
	return err
}

// and is the time two have in common.
func (w Away) and(o Away) Away {
	if w.From.Before(o.From) {
		w.From = o.From
	}
	if o.To.Before(w.To) {
		w.To = o.To
	}
	return w
}
