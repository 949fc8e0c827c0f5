package tie

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
	"yunchou/internal/timetable"
)

// AskAroundKind names one in the journal.
const AskAroundKind = "ask_around"

// Widens is the kind of work that asks the rest.
const Widens = "ask_around.widen"

// AskAround (问一圈) is that colleagues are asked whether they know somebody: his name and former firm, and no more.
type AskAround struct {
	ID, AskerID, ContactID, Name, Former string
	AskedAt, WidensAt, EndsAt            time.Time

	AskerName, State string
	Known            []Knower // who knows him and said so, for who asks
}

// Knower is a colleague who said that he knows somebody.
type Knower struct{ MemberID, Name string }

// Said is whom an ask-around was put to and what he said.
type Said struct {
	AskID, MemberID string
	Wave            int
	Answer          string
}

// Answers.
const (
	Know      = "know"
	Dont      = "dont"
	RatherNot = "rather_not"
)

const (
	asksADay = 3
	mostWave = 500 // members asked first
)

// Whom is how many are asked first, and the rest: of the first those with customers of an industry the asker may know
// of, and in a region.
type Whom struct {
	ByIndustry, ByRegion, First, Rest int
	Industry, Region                  string
	first, rest                       []string
}

type askingAround interface {
	// SellsTo are members with accounts of a key, an industry or a region, each with why.
	SellsTo(ctx context.Context, tx database.Tx, tenant string, keys, industries, regions []string) (map[string][]string, error)
	// WhereFrom are industries and regions of accounts in scope: of a key, or where a contact is.
	WhereFrom(ctx context.Context, tx database.Tx, tenant string, s org.Scope, key, contact string) (industries, regions []string, err error)
	Industries(ctx context.Context, tx database.Tx, tenant string) ([]string, error)
	// AskArounds are a member's, the last in front; or those he was asked and has not answered.
	AskArounds(ctx context.Context, tx database.Tx, tenant, asker, asked string, limit int) ([]AskAround, error)
	AskAround(ctx context.Context, tx database.Tx, tenant, id string) (AskAround, bool, error)
	InsertAskAround(ctx context.Context, tx database.Tx, tenant string, k AskAround) error
	// SaidIn are the members asked in some ask-arounds.
	SaidIn(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]Said, error)
	InsertAsked(ctx context.Context, tx database.Tx, tenant, id string, wave int, members []string) error
	AnswerAskAround(ctx context.Context, tx database.Tx, tenant, id, member, answer string, at time.Time) error
}

func (k *AskAround) check() error {
	k.Name, k.Former = text.Fold(k.Name), text.Fold(k.Former)
	switch {
	case text.Match(k.Name) == "":
		return fault.Missing("/name")
	case text.Longer(k.Name, 100):
		return fault.Input("/name", "input.too_long", "at most 100 characters").With("max", 100)
	case text.Longer(k.Former, 100):
		return fault.Input("/former", "input.too_long", "at most 100 characters").With("max", 100)
	}
	return nil
}

// AskingWhom tells before it is asked how many would be. Faults: those of AskAround.
func (s *Service) AskingWhom(ctx context.Context, a org.Actor, k AskAround) (w Whom, err error) {
	if err := cmp.Or(own(a), a.Need(org.AccountRead), k.check()); err != nil {
		return w, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		w, err = s.whom(ctx, tx, a, k)
		return err
	})
	return w, err
}

// whom is who is asked first and who next: those who are here and may see customers. The industry is that of the firm
// where the asker sees it, else the one its name says; who sells to the firm itself is asked first and told in no count.
func (s *Service) whom(ctx context.Context, tx database.Tx, a org.Actor, k AskAround) (w Whom, err error) {
	key := text.Match(k.Former)
	industries, regions, err := s.Rows.WhereFrom(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), cmp.Or(key, "-"), k.ContactID)
	if err != nil {
		return w, err
	}
	all, err := s.Rows.Industries(ctx, tx, a.TenantID)
	if err != nil {
		return w, err
	}
	for _, i := range all {
		if short := strings.TrimSuffix(i, "行业"); key != "" && strings.Contains(k.Former, short) && !slices.Contains(industries, i) {
			industries = append(industries, i)
		}
	}
	sells, err := s.Rows.SellsTo(ctx, tx, a.TenantID, []string{cmp.Or(key, "-")}, industries, regions)
	if err != nil {
		return w, err
	}
	there, err := s.hereToday(ctx, tx, a)
	if err != nil {
		return w, err
	}
	if len(industries) > 0 {
		w.Industry = industries[0]
	}
	if len(regions) > 0 {
		w.Region = regions[0]
	}
	for _, m := range there {
		why := sells[m]
		switch {
		case slices.Contains(why, "industry"):
			w.ByIndustry++
		case slices.Contains(why, "region"):
			w.ByRegion++
		}
		if len(why) > 0 && len(w.first) < mostWave {
			w.first = append(w.first, m)
		} else {
			w.rest = append(w.rest, m)
		}
	}
	w.First = w.ByIndustry + w.ByRegion
	w.Rest = len(there) - w.First
	return w, nil
}

// hereToday are the colleagues who are not away and work with customers.
func (s *Service) hereToday(ctx context.Context, tx database.Tx, a org.Actor) (out []string, err error) {
	var ids []string
	for id := range a.Structure.Members {
		if id != a.MemberID && !a.Structure.Gone(id, a.Today) && org.NewActor(a.Company, a.Structure, id, "job", a.Now).Can(org.AccountRead) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	away, err := s.Times.AwayAt(ctx, tx, a.TenantID, ids, a.Now)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id string) bool { return away[id] }), nil
}

// AskAround asks those first who may know somebody, and everybody where there are none. The same asked again is the same one. Faults: ask_around.too_many,
// contact.unknown, tie.own_alone.
func (s *Service) AskAround(ctx context.Context, a org.Actor, k AskAround) (AskAround, error) {
	if err := cmp.Or(own(a), a.Need(org.AccountRead), k.check()); err != nil {
		return k, err
	}
	said := k
	return idempotency.Made(ctx, s.Keys, a.By(), k.ID, said, func(tx database.Tx) (AskAround, error) {
		k := k
		if err := record.UseID(&k.ID, a.Now); err != nil {
			return k, err
		}
		if k.ContactID != "" {
			if err := s.Accounts.CheckContacts(ctx, tx, a, "/contactId", []string{k.ContactID}); err != nil {
				return k, err
			}
		}
		if err := record.Take(ctx, tx, a.TenantID, a.MemberID); err != nil { // what he asks is counted one by one
			return k, err
		}
		mine, err := s.Rows.AskArounds(ctx, tx, a.TenantID, a.MemberID, "", mostAsked)
		if err != nil {
			return k, err
		}
		today := 0
		for _, o := range mine {
			if text.Match(o.Name) == text.Match(k.Name) && text.Match(o.Former) == text.Match(k.Former) && a.Now.Before(o.EndsAt) {
				list, err := s.answered(ctx, tx, a, []AskAround{o})
				return list[0], err
			}
			if o.AskedAt.Add(24 * time.Hour).After(a.Now) {
				today++
			}
		}
		if today >= asksADay {
			return k, fault.New(fault.Rule, "ask_around.too_many", "at most %d a day", asksADay).With("max", asksADay)
		}
		who, err := s.whom(ctx, tx, a, k)
		if err != nil {
			return k, err
		}
		k.AskerID, k.AskedAt, k.WidensAt, k.EndsAt = a.MemberID, a.Now, s.due(a, Days), s.due(a, 2*Days)
		tell(tx, a, AskAroundKind, k.ID, "asked")
		if err := s.Rows.InsertAskAround(ctx, tx, a.TenantID, k); err != nil {
			return k, err
		}
		first := who.first
		if len(first) == 0 { // nobody is nearer than the others: none of them waits
			first = who.rest
		}
		if err := s.Rows.InsertAsked(ctx, tx, a.TenantID, k.ID, 1, first); err != nil {
			return k, err
		}
		if _, err := s.Timetable.Add(ctx, tx, timetable.Row{TenantID: a.TenantID, Kind: Widens, Key: k.ID, Due: k.WidensAt, CreatedBy: a.MemberID}); err != nil {
			return k, err
		}
		list, err := s.answered(ctx, tx, a, []AskAround{k})
		return list[0], err
	})
}

// Fires is the timetable's kind: nobody of the first knows him.
func (s *Service) Fires() map[string]timetable.Handler {
	return map[string]timetable.Handler{Widens: {Fire: s.widen}}
}

func (s *Service) widen(ctx context.Context, tx database.Tx, r timetable.Row) error {
	k, there, err := s.Rows.AskAround(ctx, tx, r.TenantID, r.Key)
	if err != nil || !there {
		return err
	}
	said, err := s.Rows.SaidIn(ctx, tx, r.TenantID, []string{k.ID})
	if err != nil || slices.ContainsFunc(said, func(x Said) bool { return x.Answer == Know }) {
		return err
	}
	a, err := s.Job(ctx, tx, r.TenantID)
	if err != nil || a.Structure.Gone(k.AskerID, a.Today) {
		return err
	}
	a.MemberID = k.AskerID // who asks is not asked
	all, err := s.hereToday(ctx, tx, a)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(all, func(m string) bool { return slices.ContainsFunc(said, func(x Said) bool { return x.MemberID == m }) })
	tell(tx, a, AskAroundKind, k.ID, "widened")
	return s.Rows.InsertAsked(ctx, tx, r.TenantID, k.ID, 2, rest)
}

// answered shows who asks those who know him; who does not, would rather not say, or said nothing is not told apart.
func (s *Service) answered(ctx context.Context, tx database.Tx, a org.Actor, list []AskAround) ([]AskAround, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i, k := range list {
		ids[i] = k.ID
	}
	said, err := s.Rows.SaidIn(ctx, tx, a.TenantID, ids)
	for i := range list {
		k := &list[i]
		k.AskerName, k.State, k.Known = a.Structure.Members[k.AskerID].Name, Waiting, nil
		for _, x := range said {
			if x.AskID == k.ID && x.Answer == Know && !a.Structure.Gone(x.MemberID, a.Today) {
				k.Known = append(k.Known, Knower{x.MemberID, a.Structure.Members[x.MemberID].Name})
			}
		}
		if len(k.Known) > 0 {
			k.State = "known"
		} else if !a.Now.Before(k.EndsAt) {
			k.State = None
		}
	}
	return list, err
}

// AskArounds are those the actor asked, and those he is asked and has not answered. Fault: tie.own_alone.
func (s *Service) AskArounds(ctx context.Context, a org.Actor) (mine, asked []AskAround, err error) {
	if err := own(a); err != nil {
		return nil, nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if mine, err = s.Rows.AskArounds(ctx, tx, a.TenantID, a.MemberID, "", mostAsked); err != nil {
			return err
		}
		if mine, err = s.answered(ctx, tx, a, mine); err != nil {
			return err
		}
		asked, err = s.askedAround(ctx, tx, a)
		return err
	})
	return mine, asked, err
}

func (s *Service) askedAround(ctx context.Context, tx database.Tx, a org.Actor) (out []AskAround, err error) {
	list, err := s.Rows.AskArounds(ctx, tx, a.TenantID, "", a.MemberID, mostAsked)
	for _, k := range list {
		if a.Now.Before(k.EndsAt) && !a.Structure.Gone(k.AskerID, a.Today) {
			out = append(out, k.toAsked(a))
		}
	}
	return out, err
}

// toAsked is one as those asked see it: who asks, the name and the former firm.
func (k AskAround) toAsked(a org.Actor) AskAround {
	return AskAround{ID: k.ID, AskerID: k.AskerID, Name: k.Name, Former: k.Former, AskedAt: k.AskedAt, EndsAt: k.EndsAt, State: Waiting,
		AskerName: a.Structure.Members[k.AskerID].Name}
}

// AnswerAskAround says whether the actor knows him, once. Faults: ask_around.unknown, ask_around.answered, tie.own_alone.
func (s *Service) AnswerAskAround(ctx context.Context, a org.Actor, id, answer string) (AskAround, error) {
	if err := own(a); err != nil {
		return AskAround{}, err
	}
	if answer != Know && answer != Dont && answer != RatherNot {
		return AskAround{}, fault.Input("/answer", "ask_around.answer", "know, dont or rather_not")
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (AskAround, error) {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return AskAround{}, err
		}
		k, there, err := s.Rows.AskAround(ctx, tx, a.TenantID, id)
		if err != nil {
			return k, err
		}
		said, err := s.Rows.SaidIn(ctx, tx, a.TenantID, []string{id})
		if err != nil {
			return k, err
		}
		at := slices.IndexFunc(said, func(x Said) bool { return x.MemberID == a.MemberID })
		if !there || at < 0 {
			return AskAround{}, fault.New(fault.NotFound, "ask_around.unknown", "nobody asks you that")
		}
		if said[at].Answer != "" {
			return AskAround{}, fault.New(fault.Conflict, "ask_around.answered", "you have answered it")
		}
		if answer == Know {
			tell(tx, a, AskAroundKind, id, "known")
		}
		return k.toAsked(a), s.Rows.AnswerAskAround(ctx, tx, a.TenantID, id, a.MemberID, answer, a.Now)
	})
}
