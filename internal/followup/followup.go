// Package followup is what was said with the customer (跟进): when, by which channel, with
// whom, and his own words. A follow-up is about records of any kind; what a kind makes of
// it, an opportunity's contact clock for one, is the kind's business.
package followup

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/relation"
	"yunchou/internal/text"
)

// Kind is the kind of record a follow-up is.
const Kind = "follow_up"

// FollowUp is one contact with the customer. HappenedOn is when, RecordedAt when it was
// written down; Words are the customer's own. On are the records it is about, the one it
// was written at in front.
type FollowUp struct {
	ID         string
	On         []record.Ref
	Channel    string
	HappenedOn calendar.Date
	HappenedAt *time.Time
	TwoWay     bool
	Words      string
	Reason     string // why it was written down so long after, "" where it was not
	MemberID   string
	ContactIDs []string // of the customer's people
	MemberIDs  []string // of ours, beside MemberID
	RecordedAt time.Time
	RecordedBy string
	Version    int
}

// First is the id of the first record of a kind it is about, "" where there is none.
func (f FollowUp) First(kind string) string {
	for _, ref := range f.On {
		if ref.Kind == kind {
			return ref.ID
		}
	}
	return ""
}

// channels of a follow-up.
var channels = map[string]bool{"visit": true, "phone": true, "wechat": true, "email": true, "meeting": true, "video": true, "other": true}

// About names what follow-ups are looked up by; empty fields do not ask.
type About struct {
	ID, Contact string
	IDs         []string
	On          record.Ref
}

// Talk is what a record is told of a follow-up about it.
type Talk struct {
	On       calendar.Date
	TwoWay   bool
	Contacts []string
}

// Subject is a kind of record that is talked about.
type Subject interface {
	// Talked refuses a record or contacts out of the actor's sight, takes in what was
	// said, and tells which records that concerns beside: an opportunity's account.
	Talked(ctx context.Context, tx database.Tx, a org.Actor, id string, t Talk) ([]record.Ref, error)
}

// Rows is what the package needs of its tables; followupdb implements it.
type Rows interface {
	List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, about About, limit int) ([]FollowUp, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, list []FollowUp) error
	LastTwoWay(ctx context.Context, tx database.Tx, tenant string, on record.Ref, contacts []string) (calendar.Date, error)
	LastMet(ctx context.Context, tx database.Tx, tenant string, on record.Ref) (map[string]calendar.Date, error)
	// Threads are who of ours met whom of some people two-way since a day, of what is in scope; an empty on is of any record.
	Threads(ctx context.Context, tx database.Tx, tenant string, s org.Scope, on record.Ref, contacts []string, since calendar.Date) ([]relation.Thread, error)
	// MetAbout is the last day since one on which each of some people answered, by the opportunity it was about.
	MetAbout(ctx context.Context, tx database.Tx, tenant string, contacts []string, since calendar.Date) (map[string]map[string]calendar.Date, error)
	// LastMetOn is LastMet of several records of a kind.
	LastMetOn(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string]map[string]calendar.Date, error)
	// LastWith is the last two-way contact in scope with each of some people but one follow-up.
	LastWith(ctx context.Context, tx database.Tx, tenant string, s org.Scope, contacts []string, but string) (map[string]Last, error)
}

// Service holds the use cases.
type Service struct {
	DB       *database.DB
	Keys     *idempotency.Keys
	Rows     Rows
	Records  record.Rows
	Kinds    kinds.Registry
	Subjects map[string]Subject
}

// Ref names a follow-up in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: Kind, ID: id} }

// Log writes down a contact with the customer: channel, words, two-way or not, and, where
// it differs from now, when it happened. Whoever may read a record may say what was talked
// about it. The same id and content again is answered with the first one. Faults:
// org.date_in_future, org.backdated, followup.channel_unknown, followup.about_nothing,
// record.kind_unknown and those of the subjects.
func (s *Service) Log(ctx context.Context, a org.Actor, f FollowUp, reason string) (FollowUp, error) {
	said := f
	if err := f.prepare(a, s.Subjects, reason); err != nil {
		return f, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), said.ID, said, func(tx database.Tx) (FollowUp, error) { return s.log(ctx, tx, a, f) })
}

// LogIn is Log inside a transaction, of what is said with another change.
func (s *Service) LogIn(ctx context.Context, tx database.Tx, a org.Actor, f FollowUp, reason string) (FollowUp, error) {
	if err := f.prepare(a, s.Subjects, reason); err != nil {
		return f, err
	}
	return s.log(ctx, tx, a, f)
}

// prepare fills in what was not said and refuses what no follow-up may be.
func (f *FollowUp) prepare(a org.Actor, subjects map[string]Subject, reason string) error {
	if err := errors.Join(a.Need(org.OppWrite), record.UseID(&f.ID, a.Now)); err != nil {
		return err
	}
	if f.HappenedOn == "" {
		f.HappenedOn, f.HappenedAt = a.Today, &a.Now
	}
	f.ContactIDs, f.MemberIDs = append([]string{}, f.ContactIDs...), append([]string{}, f.MemberIDs...)
	f.Words, f.MemberID, f.RecordedAt, f.RecordedBy, f.Version = text.Words(f.Words), a.Effective(), a.Now, a.MemberID, 1
	f.Reason = ""
	if err := cmp.Or(f.check(a, subjects), a.CheckDate("/happenedOn", f.HappenedOn, reason)); err != nil {
		return err
	}
	if a.CheckDate("/happenedOn", f.HappenedOn, "") != nil { // kept where it was asked for
		f.Reason = text.Words(reason)
	}
	if text.Longer(f.Reason, 1000) {
		return fault.Input("/reason", "input.too_long", "at most 1000 characters").With("max", 1000)
	}
	return nil
}

// check refuses what no follow-up may be.
func (f FollowUp) check(a org.Actor, subjects map[string]Subject) error {
	_, badDay := calendar.Parse(string(f.HappenedOn))
	switch {
	case badDay != nil:
		return calendar.BadDate("/happenedOn")
	case !channels[f.Channel]:
		return fault.Input("/channel", "followup.channel_unknown", "visit, phone, wechat, email, meeting, video or other")
	case len(f.On) == 0:
		return fault.Input("/on", "followup.about_nothing", "name an opportunity or an account")
	case f.Words == "":
		return fault.Missing("/words")
	case text.Longer(f.Words, 8000):
		return fault.Input("/words", "input.too_long", "at most 8000 characters").With("max", 8000)
	}
	for _, ref := range f.On {
		if subjects[ref.Kind] == nil {
			return fault.Input("/on", "record.kind_unknown", "nothing is said about records of this kind")
		}
	}
	for _, id := range f.MemberIDs {
		if _, ok := a.Structure.Members[id]; !ok {
			return fault.Input("/memberIds", "org.member_unknown", "no such member")
		}
	}
	return nil
}

func (s *Service) log(ctx context.Context, tx database.Tx, a org.Actor, f FollowUp) (FollowUp, error) {
	old, err := s.Rows.List(ctx, tx, a.TenantID, org.Scope{All: true}, About{ID: f.ID}, 1)
	if err != nil {
		return f, err
	}
	if len(old) > 0 {
		return s.again(ctx, tx, a, f, old[0])
	}
	about := f.On
	if err := record.Take(ctx, tx, a.TenantID, idsOf(about)...); err != nil {
		return f, err
	}
	for _, ref := range about {
		beside, err := s.Subjects[ref.Kind].Talked(ctx, tx, a, ref.ID, Talk{f.HappenedOn, f.TwoWay, f.ContactIDs})
		if err != nil {
			return f, err
		}
		f.On = add(f.On, beside...)
	}
	if err := database.Taken(s.write(ctx, tx, a.TenantID, f), record.ErrIDTaken); err != nil {
		return f, err
	}
	journal.Append(tx, a.By(), followUpLogged(f))
	return f, nil
}

func idsOf(refs []record.Ref) []string {
	ids := make([]string, len(refs))
	for i, ref := range refs {
		ids[i] = ref.ID
	}
	return ids
}

// write writes the rows of a follow-up.
func (s *Service) write(ctx context.Context, tx database.Tx, tenant string, f FollowUp) error {
	if err := s.Rows.Insert(ctx, tx, tenant, []FollowUp{f}); err != nil {
		return err
	}
	return s.Records.InsertLinks(ctx, tx, tenant, f.links())
}

// again answers a follow-up sent twice with the first one.
func (s *Service) again(ctx context.Context, tx database.Tx, a org.Actor, f, old FollowUp) (FollowUp, error) {
	list, err := s.withRecords(ctx, tx, a.TenantID, []FollowUp{old})
	if err != nil {
		return f, err
	}
	same := old.RecordedBy == f.RecordedBy && text.Fold(old.Words) == text.Fold(f.Words)
	for _, ref := range f.On {
		same = same && len(add(list[0].On, ref)) == len(list[0].On)
	}
	if !same {
		return f, record.ErrIDTaken
	}
	return list[0], nil
}

// add appends what is not there yet.
func add(refs []record.Ref, more ...record.Ref) []record.Ref {
	out := append([]record.Ref{}, refs...)
	for _, m := range more {
		known := false
		for _, r := range out {
			known = known || r == m
		}
		if !known {
			out = append(out, m)
		}
	}
	return out
}

func (f FollowUp) links() (out []record.Link) {
	for _, ref := range f.On {
		out = append(out, record.Link{From: Ref(f.ID), To: ref})
	}
	return out
}

// most is how many follow-ups a list shows.
const most = 100

// List reads what was said about an account, with a person or about any record, newest
// first, as far as the actor may see it: what is about a deal is seen with the deal.
func (s *Service) List(ctx context.Context, a org.Actor, about About) (out []FollowUp, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.read(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), about)
		return err
	})
	return out, err
}

// OfRecord reads what was said about one record: whoever may read it may read all of it.
func (s *Service) OfRecord(ctx context.Context, a org.Actor, on record.Ref) (out []FollowUp, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		seen, err := s.Kinds.Names(ctx, tx, a, false, []record.Ref{on})
		if err == nil && len(seen) > 0 {
			out, err = s.read(ctx, tx, a.TenantID, org.Scope{All: true}, About{On: on})
		}
		return err
	})
	return out, err
}

func (s *Service) read(ctx context.Context, tx database.Tx, tenant string, scope org.Scope, about About) ([]FollowUp, error) {
	list, err := s.Rows.List(ctx, tx, tenant, scope, about, most)
	if err != nil {
		return nil, err
	}
	return s.withRecords(ctx, tx, tenant, list)
}

// withRecords reads along what follow-ups are about, opportunities in front.
func (s *Service) withRecords(ctx context.Context, tx database.Tx, tenant string, list []FollowUp) ([]FollowUp, error) {
	ids := make([]string, len(list))
	for i, f := range list {
		ids[i] = f.ID
	}
	links, err := s.Records.Links(ctx, tx, tenant, Kind, ids)
	for i := range list {
		list[i].On = links[list[i].ID]
	}
	return list, err
}

// With is what was said two-way with a person since a day, the last in front.
func (s *Service) With(ctx context.Context, tx database.Tx, a org.Actor, contact string, since calendar.Date) ([]FollowUp, error) {
	list, err := s.read(ctx, tx, a.TenantID, org.Scope{All: true}, About{Contact: contact})
	return slices.DeleteFunc(list, func(f FollowUp) bool { return !f.TwoWay || f.HappenedOn < since }), err
}

// LastTwoWay is the last day on which one of some people answered about a record.
func (s *Service) LastTwoWay(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, contacts []string) (calendar.Date, error) {
	return s.Rows.LastTwoWay(ctx, tx, a.TenantID, on, contacts)
}

// Threads are who of ours met whom of some people two-way about a record, of what is in scope.
func (s *Service) Threads(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, contacts []string) ([]relation.Thread, error) {
	return s.Rows.Threads(ctx, tx, a.TenantID, org.Scope{All: true}, on, contacts, "")
}

// MetSince are who of ours met whom of some people two-way since a day: all there is, and of it what the actor may see.
func (s *Service) MetSince(ctx context.Context, tx database.Tx, a org.Actor, contacts []string, since calendar.Date) (all, seen []relation.Thread, err error) {
	if all, err = s.Rows.Threads(ctx, tx, a.TenantID, org.Scope{All: true}, record.Ref{}, contacts, since); err != nil {
		return nil, nil, err
	}
	scope := a.Scope(record.Opportunity, org.Read)
	if scope.All {
		return all, all, nil
	}
	seen, err = s.Rows.Threads(ctx, tx, a.TenantID, scope, record.Ref{}, contacts, since)
	return all, seen, err
}

// MetAbout is the last day since one on which each of some people answered, by the opportunity it was about.
func (s *Service) MetAbout(ctx context.Context, tx database.Tx, a org.Actor, contacts []string, since calendar.Date) (map[string]map[string]calendar.Date, error) {
	return s.Rows.MetAbout(ctx, tx, a.TenantID, contacts, since)
}

// LastMet is the last day on which each person answered about a record.
func (s *Service) LastMet(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (map[string]calendar.Date, error) {
	return s.Rows.LastMet(ctx, tx, a.TenantID, on)
}

// Last is a contact with somebody: on which day, and how.
type Last struct {
	On      calendar.Date
	Channel string
}

// LastMetOn is LastMet of several records of a kind.
func (s *Service) LastMetOn(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string) (map[string]map[string]calendar.Date, error) {
	return s.Rows.LastMetOn(ctx, tx, a.TenantID, kind, ids)
}

// LastWith is the last two-way contact with each of some people, about whatever it was.
func (s *Service) LastWith(ctx context.Context, tx database.Tx, a org.Actor, contacts []string) (map[string]Last, error) {
	return s.Rows.LastWith(ctx, tx, a.TenantID, org.Scope{All: true}, contacts, "")
}

// LastSeen is LastWith of what the actor may read.
func (s *Service) LastSeen(ctx context.Context, tx database.Tx, a org.Actor, contacts []string) (map[string]Last, error) {
	return s.Rows.LastWith(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), contacts, "")
}

// LastBut is LastWith of all that was said but one follow-up.
func (s *Service) LastBut(ctx context.Context, tx database.Tx, a org.Actor, contacts []string, but string) (map[string]Last, error) {
	return s.Rows.LastWith(ctx, tx, a.TenantID, org.Scope{All: true}, contacts, but)
}
