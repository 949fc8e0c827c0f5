package tie

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// IntroductionKind names one in the journal.
const IntroductionKind = "introduction"

// Introduction (引荐) is that a colleague was asked to introduce somebody to a person.
type Introduction struct {
	ID, AskerID, AskedID string
	Named                bool   // the asker knew whom he asked
	ContactID            string // "" where only a name is known
	Seen                 bool   // the asker sees the person
	Name, Former         string // as he typed it, where he does not
	Sentence             string
	AskedAt, DueAt       time.Time
	AnsweredAt           *time.Time
	Agreed               bool

	// Read along: the person as the asker passed him on, the state as the asker sees it, and who asks or was asked as
	// far as the reader may know.
	AccountName, Title, State, AskerName, AskedName string
}

// States of one as its asker sees it: a refusal is none, and no answer is, from the same moment.
const (
	Waiting = "waiting"
	Agreed  = "agreed"
	None    = "none" // 暂无
)

// Days are the working days after which there is no answer.
const Days = 2 // as long as the first meeting with a successor may take

const (
	introductionsADay = 20
	again             = 90 * 24 * time.Hour // what was asked is not asked again for so long
	mostAsked         = 100
)

type introducing interface {
	// Introductions are those asked by a member, or of him and not answered, the last in front.
	Introductions(ctx context.Context, tx database.Tx, tenant, asker, asked string, limit int) ([]Introduction, error)
	Introduction(ctx context.Context, tx database.Tx, tenant, id string) (Introduction, bool, error)
	InsertIntroduction(ctx context.Context, tx database.Tx, tenant string, i Introduction) error
	AnswerIntroduction(ctx context.Context, tx database.Tx, tenant, id string, at time.Time, agreed bool) error
}

func (i *Introduction) stateAt(now time.Time) string {
	switch {
	case i.Agreed:
		return Agreed
	case !now.Before(i.DueAt):
		return None
	}
	return Waiting
}

var errToken = fault.Input("/token", "introduction.way_gone", "there is no such way any more; ask anew who knows him")

// Asking is what is asked of whom: the token of a way, the contact where there is one, and a sentence.
type Asking struct{ ID, ContactID, Token, Sentence string }

// Introduce asks the colleague a way leads over to introduce the actor: asked once more it is the same one. Faults:
// introduction.way_gone, introduction.too_many, contact.unknown, tie.own_alone.
func (s *Service) Introduce(ctx context.Context, a org.Actor, in Asking) (Introduction, error) {
	sentence := text.Line(in.Sentence)
	var q said
	raw, err := base64.RawURLEncoding.DecodeString(in.Token)
	if err != nil || json.Unmarshal(raw, &q) != nil {
		return Introduction{}, errToken
	}
	if err := own(a); err != nil {
		return Introduction{}, err
	}
	if err := a.Need(org.AccountRead); err != nil {
		return Introduction{}, err
	}
	if text.Longer(sentence, 200) {
		return Introduction{}, fault.Input("/sentence", "input.too_long", "at most 200 characters").With("max", 200)
	}
	if sentence == "" {
		return Introduction{}, fault.Missing("/sentence")
	}
	return idempotency.Made(ctx, s.Keys, a.By(), in.ID, in, func(tx database.Tx) (Introduction, error) {
		found, err := s.ways(ctx, tx, a, Question{q.Contact, q.Name, q.Former})
		if err != nil {
			return Introduction{}, err
		}
		for _, w := range found.Ways {
			if w.Way == Predecessor || w.ContactID != q.To || w.MemberID != q.Member || in.ContactID != "" && in.ContactID != w.ContactID {
				continue
			}
			return s.ask(ctx, tx, a, w, q, Introduction{ID: in.ID, Sentence: sentence})
		}
		return Introduction{}, errToken
	})
}

func (s *Service) ask(ctx context.Context, tx database.Tx, a org.Actor, w Way, q said, i Introduction) (Introduction, error) {
	i.AskerID, i.AskedID, i.Named, i.ContactID, i.Seen, i.AskedAt, i.DueAt = a.MemberID, w.MemberID, w.MemberID != "", w.to, w.ContactID != "", a.Now, s.due(a, Days)
	if err := record.UseID(&i.ID, a.Now); err != nil {
		return i, err
	}
	if i.AskedID == a.MemberID {
		return i, fault.Input("/token", "introduction.self", "you know him yourself")
	}
	if !i.Named {
		i.AskedID = w.hidden
	}
	if !i.Seen {
		i.Name, i.Former = q.Name, q.Former
	}
	if i.ContactID == virtual {
		i.ContactID = ""
	}
	if err := record.Take(ctx, tx, a.TenantID, a.MemberID); err != nil { // what he asks is counted one by one
		return i, err
	}
	mine, err := s.Rows.Introductions(ctx, tx, a.TenantID, a.MemberID, "", mostAsked)
	if err != nil {
		return i, err
	}
	today := 0
	for _, o := range mine {
		same := o.ContactID == i.ContactID && o.Name == i.Name && o.Named == i.Named && (!i.Named || o.AskedID == i.AskedID)
		if same && o.AskedAt.Add(again).After(a.Now) {
			list := []Introduction{o}
			err := s.asAsker(ctx, tx, a, list)
			return list[0], err
		}
		if o.AskedAt.Add(24 * time.Hour).After(a.Now) {
			today++
		}
	}
	if today >= introductionsADay {
		return i, fault.New(fault.Rule, "introduction.too_many", "at most %d a day", introductionsADay).With("max", introductionsADay)
	}
	tell(tx, a, IntroductionKind, i.ID, "asked")
	if err := s.Rows.InsertIntroduction(ctx, tx, a.TenantID, i); err != nil {
		return i, err
	}
	list := []Introduction{i}
	err = s.asAsker(ctx, tx, a, list)
	return list[0], err
}

// due is the end of the nth working day from today.
func (s *Service) due(a org.Actor, days int) time.Time {
	return s.Calendar(a.TenantID).AddWorkingDays(a.Today, days).Add(1).In(a.Company.Zone()).UTC().Truncate(time.Millisecond)
}

// Introductions are those the actor asked for, and those he is asked for and has not answered. Fault: tie.own_alone.
func (s *Service) Introductions(ctx context.Context, a org.Actor) (mine, asked []Introduction, err error) {
	if err := own(a); err != nil {
		return nil, nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if mine, err = s.Rows.Introductions(ctx, tx, a.TenantID, a.MemberID, "", mostAsked); err != nil {
			return err
		}
		if err := s.asAsker(ctx, tx, a, mine); err != nil {
			return err
		}
		asked, err = s.askedOf(ctx, tx, a)
		return err
	})
	return mine, asked, err
}

func (s *Service) askedOf(ctx context.Context, tx database.Tx, a org.Actor) (out []Introduction, err error) {
	list, err := s.Rows.Introductions(ctx, tx, a.TenantID, "", a.MemberID, mostAsked)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		if i.AnsweredAt == nil && !a.Structure.Gone(i.AskerID, a.Today) {
			out = append(out, i)
		}
	}
	return out, s.asAsked(ctx, tx, a, out)
}

// asAsker shows what who asked may know: whom he asked where he knew it or that one agreed, and no answer but that.
func (s *Service) asAsker(ctx context.Context, tx database.Tx, a org.Actor, list []Introduction) error {
	people, err := s.passed(ctx, tx, a, list)
	for n := range list {
		i := &list[n]
		i.State, i.AnsweredAt = i.stateAt(a.Now), nil
		if !i.Named && !i.Agreed {
			i.AskedID = ""
		}
		i.AskedName, i.AskerName = a.Structure.Members[i.AskedID].Name, a.Structure.Members[i.AskerID].Name
		if !i.Seen || !people[i.ContactID].Seen {
			i.ContactID = ""
		}
	}
	return err
}

// asAsked shows who asks, the person as he passed him on, and his sentence.
func (s *Service) asAsked(ctx context.Context, tx database.Tx, a org.Actor, list []Introduction) error {
	people, err := s.passed(ctx, tx, a, list)
	for n := range list {
		i := &list[n]
		i.State, i.AskerName, i.AskedName = Waiting, a.Structure.Members[i.AskerID].Name, a.Structure.Members[i.AskedID].Name
		if !people[i.ContactID].Seen {
			i.ContactID = ""
		}
	}
	return err
}

// passed reads along the people whom the askers see, as they pass them on, and returns them as the actor sees them. Of
// one whom his asker sees no more nothing is passed on but his name.
func (s *Service) passed(ctx context.Context, tx database.Tx, a org.Actor, list []Introduction) (map[string]Person, error) {
	by, all := map[string]map[string]bool{}, map[string]bool{}
	for _, i := range list {
		if i.ContactID == "" {
			continue
		}
		if by[i.AskerID] == nil {
			by[i.AskerID] = map[string]bool{}
		}
		by[i.AskerID][i.ContactID], all[i.ContactID] = true, true
	}
	for asker, ids := range by {
		seen, err := s.people(ctx, tx, org.NewActor(a.Company, a.Structure, asker, "job", a.Now), ids)
		if err != nil {
			return nil, err
		}
		for n := range list {
			if i := &list[n]; i.Seen && i.AskerID == asker {
				p := seen[i.ContactID]
				if i.Name = p.Name; p.Seen {
					i.AccountName, i.Title = p.AccountName, p.Title
				}
			}
		}
	}
	return s.people(ctx, tx, a, all)
}

var errUnasked = fault.New(fault.NotFound, "introduction.unknown", "nobody asks you for it")

// AnswerIntroduction agrees or does not, once. Who asked learns of it where it was agreed, and of nothing otherwise.
// Faults: introduction.unknown, introduction.answered, tie.own_alone.
func (s *Service) AnswerIntroduction(ctx context.Context, a org.Actor, id string, agree bool) (Introduction, error) {
	if err := own(a); err != nil {
		return Introduction{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Introduction, error) {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return Introduction{}, err
		}
		i, there, err := s.Rows.Introduction(ctx, tx, a.TenantID, id)
		if err != nil {
			return i, err
		}
		if !there || i.AskedID != a.MemberID {
			return Introduction{}, errUnasked
		}
		if i.AnsweredAt != nil {
			return i, fault.New(fault.Conflict, "introduction.answered", "you have answered it")
		}
		now := a.Now
		i.AnsweredAt, i.Agreed = &now, agree
		if agree {
			tell(tx, a, IntroductionKind, id, "agreed")
		}
		if err := s.Rows.AnswerIntroduction(ctx, tx, a.TenantID, id, now, agree); err != nil {
			return i, err
		}
		list := []Introduction{i}
		err = s.asAsked(ctx, tx, a, list)
		if list[0].State = "declined"; agree {
			list[0].State = Agreed
		}
		return list[0], err
	})
}
