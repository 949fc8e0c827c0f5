package guidance

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/text"
	"yunchou/internal/timetable"
	"yunchou/internal/worktime"
)

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB        *database.DB
	Rows      Rows
	Talks     *conversation.Service
	Kinds     kinds.Registry // of records that are talked about
	Times     *worktime.Service
	Calendar  func(tenant string) calendar.Calendar
	Timetable *timetable.Service
	Records   Whose
	Contacts  Contacts
	Winners   Winners
	Experts   Experts
	Deals     Deals
	As        func(ctx context.Context, tx database.Tx, tenant string) (org.Actor, error) // the program itself, now
}

// Whose tells who answers for a record on a day.
type Whose interface {
	Whose(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (member string, err error)
}

// Contacts tells when the customer is met next about a record.
type Contacts interface {
	// NextMet is the first day from a day on that was agreed with the customer, "" where there is none.
	NextMet(ctx context.Context, tx database.Tx, tenant string, on record.Ref, from calendar.Date) (calendar.Date, error)
	// NextStep is the day of the next step after a day, "" where there is none.
	NextStep(ctx context.Context, tx database.Tx, tenant string, on record.Ref, after calendar.Date) (calendar.Date, error)
}

// Winners tells who won records like one.
type Winners interface {
	Winners(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, limit int) (members []string, won []int64, err error)
}

// Faults.
var (
	ErrUnknown   = fault.New(fault.NotFound, "guidance.unknown", "no such note")
	errYourself  = fault.Input("/toId", "guidance.of_yourself", "one does not ask oneself")
	errNobody    = fault.Input("/toId", "guidance.nobody", "name whom it is for")
	errUnseen    = fault.Input("/toId", "guidance.to_unseen", "the member does not read this record; ask for help, which carries its words along")
	errNotHis    = fault.Input("/kind", "guidance.correction_down", "a correction is given to somebody who reports to you")
	errNoOutcome = fault.New(fault.Rule, "guidance.no_outcome", "nobody is to say what became of it")
	errUsedFirst = fault.New(fault.Rule, "guidance.used_first", "say first whether it was used")
	errNoCheck   = fault.New(fault.Rule, "guidance.no_check", "there is nothing to look at any more")
	errTooEarly  = fault.New(fault.Rule, "guidance.check_early", "its day has not come")
)

// Due is the kind of the timetable's rows for turns that are due.
const Due = "guidance.due"

// New is a note as it is asked. A day of a check goes with a correction alone.
type New struct {
	ID        string
	Kind      Kind
	On        record.Ref
	ToID      string // "" is whoever answers for the record; of a call for help the superior
	Text      string
	Mentions  []string
	ContactAt *time.Time // a contact with the customer that is known of
	Fact      string
	CheckOn   calendar.Date
}

func (in *New) check(a org.Actor) error {
	switch {
	case in.ContactAt != nil && in.ContactAt.Before(a.Now):
		return fault.Input("/contactAt", "guidance.contact_past", "the contact with the customer lies ahead")
	case in.Kind != Correction && (in.Fact != "" || in.CheckOn != ""):
		return fault.Input("/check", "guidance.check_of_correction", "only a correction is looked at again")
	case in.Kind != Correction:
		return nil
	case in.Fact == "":
		return fault.Missing("/check/fact")
	}
	if _, err := calendar.Parse(string(in.CheckOn)); err != nil {
		return calendar.BadDate("/check/on")
	}
	if in.CheckOn <= a.Today {
		return fault.Input("/check/on", "guidance.check_past", "the day it is looked at lies ahead")
	}
	return nil
}

// Ask gives a note about a record the actor reads. The same ids and content again are answered with the first.
// Faults: guidance.of_yourself, guidance.nobody, guidance.to_unseen, guidance.correction_down,
// guidance.check_of_correction, guidance.check_past, org.member_unknown, conversation.mention_left and those of
// conversation.Service.Open.
func (s *Service) Ask(ctx context.Context, a org.Actor, in New) (Kept, error) {
	if err := in.check(a); err != nil {
		return Kept{}, err
	}
	if err := record.UseID(&in.ID, a.Now); err != nil {
		return Kept{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Kept, error) { return s.AskIn(ctx, tx, a, in) })
}

// AskIn is Ask inside a transaction.
func (s *Service) AskIn(ctx context.Context, tx database.Tx, a org.Actor, in New) (Kept, error) {
	if err := record.Take(ctx, tx, a.TenantID, in.ID); err != nil {
		return Kept{}, err
	}
	if old, err := s.Rows.Get(ctx, tx, a.TenantID, in.ID); !fault.Is(err, fault.NotFound) {
		if err != nil {
			return old, err
		}
		return s.again(ctx, tx, a, old, in)
	}
	to, err := s.addressee(ctx, tx, a, in)
	if err != nil {
		return Kept{}, err
	}
	t := conversation.Thread{ID: in.ID, Kind: string(in.Kind), On: in.On, ToID: to}
	if _, err := s.Talks.OpenIn(ctx, tx, a, t, conversation.Said{Text: in.Text, Mentions: in.Mentions}); err != nil {
		return Kept{}, err
	}
	k := Kept{ID: in.ID, On: in.On, ToID: to, AskedAt: a.Now}
	if err := s.first(ctx, tx, a, &k, in); err != nil {
		return k, err
	}
	if in.Kind == Correction {
		m, err := s.Talks.SayIn(ctx, tx, a, in.ID, conversation.Said{Text: in.Fact})
		if err != nil {
			return k, err
		}
		k.Check = &Check{FactID: m.ID, On: in.CheckOn}
	}
	if in.Kind == Advice {
		if err := s.wantOutcome(ctx, tx, a, &k, to); err != nil {
			return k, err
		}
	}
	if err := s.save(ctx, tx, a, &k, 0, "guidance.asked"); err != nil {
		return k, err
	}
	return s.whole(ctx, tx, a, k)
}

// again answers what was asked before with that, where it is the same.
func (s *Service) again(ctx context.Context, tx database.Tx, a org.Actor, old Kept, in New) (Kept, error) {
	k, err := s.whole(ctx, tx, a, old)
	same := k.AskerID == a.Effective() && k.Kind == in.Kind && k.On == in.On && (in.ToID == "" || in.ToID == k.ToID) && k.Text == text.Words(in.Text)
	if c := k.Check; same && c != nil {
		same = c.On == in.CheckOn && k.Word(c.FactID) == text.Words(in.Fact)
	}
	if err == nil && !same {
		err = record.ErrIDTaken
	}
	return k, err
}

// addressee is whom a note is for, about a record the actor reads.
func (s *Service) addressee(ctx context.Context, tx database.Tx, a org.Actor, in New) (to string, err error) {
	if err := s.Talks.MayTalk(ctx, tx, a, in.On); err != nil {
		return "", err
	}
	me := a.Effective()
	switch to = in.ToID; {
	case to == "" && in.Kind == Help:
		for _, m := range a.Structure.Superiors(me, a.Today) {
			if !a.Structure.Gone(m, a.Today) {
				return m, nil
			}
		}
		return "", errNobody
	case to == "":
		if to, err = s.Records.Whose(ctx, tx, a, in.On); err != nil {
			return "", err
		}
	}
	member, known := a.Structure.Members[to]
	switch {
	case to == "":
		return "", errNobody
	case !known:
		return "", fault.Input("/toId", "org.member_unknown", "no such member")
	case a.Is(to):
		return "", errYourself
	case a.Structure.Gone(to, a.Today):
		return "", fault.Input("/toId", "conversation.mention_left", "the member has left and reads nothing any more").With("name", member.Name)
	case in.Kind == Correction && !reports(a, to, me):
		return "", errNotHis
	case in.Kind == Help:
		return to, nil
	}
	seen, err := s.Kinds.Names(ctx, tx, org.NewActor(a.Company, a.Structure, to, a.Path, a.Now), false, []record.Ref{in.On})
	if err == nil && len(seen) == 0 {
		err = errUnseen.With("name", member.Name)
	}
	return to, err
}

// reports tells whether a member reports to another, however far.
func reports(a org.Actor, member, to string) bool {
	for _, m := range a.Structure.Superiors(member, a.Today) {
		if m == to {
			return true
		}
	}
	return false
}

// first begins the clock: of whoever answers for the addressee, where he is away.
func (s *Service) first(ctx context.Context, tx database.Tx, a org.Actor, k *Kept, in New) error {
	turn, works, err := s.turnOf(ctx, tx, a, k.ToID, a.Effective(), a.Now)
	if err != nil {
		return err
	}
	turn.From = a.Now
	var contact *time.Time
	if in.Kind.Timed() {
		if contact, err = s.contact(ctx, tx, a, in); err != nil {
			return err
		}
	}
	k.Note = Ask(in.Kind, a.Effective(), turn, works, contact)
	return nil
}

// contact is when the customer is met next: as it was said, or as a promise to him says.
func (s *Service) contact(ctx context.Context, tx database.Tx, a org.Actor, in New) (*time.Time, error) {
	day, err := s.Contacts.NextMet(ctx, tx, a.TenantID, in.On, a.Today)
	if err != nil || day == "" {
		return in.ContactAt, err
	}
	at := day.In(a.Company.Zone())
	if in.ContactAt != nil && in.ContactAt.Before(at) || at.Before(a.Now) && in.ContactAt != nil {
		return in.ContactAt, nil
	}
	return &at, nil
}

// turnOf is a whole turn of whoever answers for a member at an instant, and when he works. Nobody is asked what
// he asked himself: where he stands in for the member, it goes to who is there above the member, and where nobody
// is, it waits for the member.
func (s *Service) turnOf(ctx context.Context, tx database.Tx, a org.Actor, member, asker string, at time.Time) (Turn, worktime.Schedule, error) {
	r, err := s.rules(ctx, tx, a.TenantID)
	if err != nil {
		return Turn{}, worktime.Schedule{}, err
	}
	t := Turn{MemberID: member, Why: Asked, Limit: r.Limit()}
	for _, m := range append([]string{member}, a.Structure.Superiors(member, a.Today)...) {
		who, err := s.Times.Answerer(ctx, tx, a, m, at)
		if err != nil {
			return t, worktime.Schedule{}, err
		}
		if who.MemberID != "" && who.MemberID != asker {
			if t.MemberID = who.MemberID; t.MemberID != member {
				t.Why = Deputy
			}
			break
		}
	}
	works, err := s.Times.Of(ctx, tx, a, t.MemberID)
	return t, works, err
}

// wantOutcome has a member say what became of it: by the next step about the record, or in three working days.
func (s *Service) wantOutcome(ctx context.Context, tx database.Tx, a org.Actor, k *Kept, from string) error {
	due, err := s.Contacts.NextStep(ctx, tx, a.TenantID, k.On, a.Today)
	if due <= a.Today {
		due = s.Calendar(a.TenantID).AddWorkingDays(a.Today, UnsaidIn)
	}
	if err != nil {
		return err
	}
	k.Outcome = &Outcome{From: from, DueOn: due}
	if k.On.Kind == record.Opportunity || k.On.Kind == record.Account {
		k.Outcome.Owner, err = s.Records.Whose(ctx, tx, a, k.On)
		k.Outcome.AsOwner = k.Outcome.Owner == from
	}
	if !k.Outcome.AsOwner {
		k.Outcome.Owner = ""
	}
	return err
}

// save writes a note with its turns from one on, tells the journal, and puts on the timetable what is due.
func (s *Service) save(ctx context.Context, tx database.Tx, a org.Actor, k *Kept, turns int, event string) error {
	k.Version++
	k.tell(tx, a, event)
	if err := s.Rows.Save(ctx, tx, a.TenantID, *k, turns); err != nil {
		return err
	}
	t := k.Open()
	if t == nil {
		return nil
	}
	if t.MemberID != k.ToID && t.ReceivedAt == nil && t.CustomerAt == nil { // somebody else has it now
		if err := s.Talks.Joins(ctx, tx, a.TenantID, k.ID, t.MemberID); err != nil {
			return err
		}
	}
	// The version tells a due that was put off and set back to its first hour from the first, whose row has been done.
	key := k.ID + " " + strconv.Itoa(len(k.Turns)) + " " + strconv.Itoa(k.Version) + " " + strconv.FormatInt(t.Due.UnixMilli(), 36)
	_, err := s.Timetable.Add(ctx, tx, timetable.Row{TenantID: a.TenantID, Kind: Due, Key: key, Due: t.Due, Payload: payloadOf(k.ID)})
	return err
}

// payload of a row of the timetable names the note.
type payload struct {
	NoteID string `json:"noteId"`
}

func payloadOf(id string) json.RawMessage {
	raw, _ := json.Marshal(payload{id}) // a string
	return raw
}
