package opportunity

import (
	"context"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// LogFollowUp writes down a contact with the customer: channel, words, two-way or
// not, and, where it differs from now, when it happened. It feeds the contact
// clock where it was two-way with a person who has a role in the deal; people
// named for the first time join the deal's contacts. A visit without a deal is about
// the account alone. The same id and words again is answered with the first one.
// Faults: org.date_in_future, org.backdated, followup.channel_unknown,
// followup.about_nothing.
func (s *Service) LogFollowUp(ctx context.Context, a org.Actor, f FollowUp, reason string) (FollowUp, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return f, err
	}
	if err := record.UseID(&f.ID, a.Now); err != nil {
		return f, err
	}
	if f.HappenedOn == "" {
		f.HappenedOn, f.HappenedAt = a.Today, &a.Now
	}
	f.Words, f.MemberID, f.RecordedAt, f.RecordedBy, f.Version = text.Fold(f.Words), a.Effective(), a.Now, a.MemberID, 1
	if _, err := calendar.Parse(string(f.HappenedOn)); err != nil {
		return f, fault.Input("/happenedOn", "calendar.bad_date", "dates are written 2026-02-28")
	}
	if err := a.CheckDate("/happenedOn", f.HappenedOn, reason); err != nil {
		return f, err
	}
	if err := f.check(a); err != nil {
		return f, err
	}
	err := s.DB.Write(ctx, func(tx database.Tx) error {
		if old, err := s.Rows.FollowUps(ctx, tx, a.TenantID, org.Scope{All: true}, About{ID: f.ID}, 1); err != nil {
			return err
		} else if len(old) > 0 {
			same := old[0].RecordedBy == f.RecordedBy && old[0].Words == f.Words && old[0].OpportunityID == f.OpportunityID
			if !same {
				return errIDTaken
			}
			f = old[0]
			return nil
		}
		if f.OpportunityID == "" {
			return s.logAtAccount(ctx, tx, a, f)
		}
		o, err := s.take(ctx, tx, a, a.Read, f.OpportunityID) // a deal team member may write one too
		if err != nil {
			return err
		}
		f.AccountID = o.AccountID
		if err := s.join(ctx, tx, a, o.ID, f.ContactIDs); err != nil {
			return err
		}
		if err := s.Rows.InsertFollowUps(ctx, tx, a.TenantID, []FollowUp{f}); errors.Is(err, database.ErrUnique) {
			return errIDTaken
		} else if err != nil {
			return err
		}
		if f.TwoWay && len(f.ContactIDs) > 0 && f.HappenedOn > o.ContactOn {
			was := o
			o.ContactOn = f.HappenedOn
			o.Version++
			if err := s.Rows.SaveChanged(ctx, tx, a.TenantID, was, o); err != nil {
				return err
			}
		}
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "follow_up", ID: f.ID}, Scope: Ref(o.ID), Kind: "follow_up.logged", On: f.HappenedOn,
			Payload: map[string]any{"channel": f.Channel, "twoWay": f.TwoWay, "contacts": f.ContactIDs, "members": f.MemberIDs}})
		return nil
	})
	return f, err
}

// check refuses what no follow-up may be.
func (f FollowUp) check(a org.Actor) error {
	switch {
	case !Channels[f.Channel]:
		return fault.Input("/channel", "followup.channel_unknown", "visit, phone, wechat, email, meeting or other")
	case f.OpportunityID == "" && f.AccountID == "":
		return fault.Input("/accountId", "followup.about_nothing", "name an opportunity or an account")
	case f.Words == "":
		return fault.Missing("/words")
	case len(f.Words) > 8000:
		return fault.Input("/words", "input.too_long", "at most 8000 bytes").With("max", 8000)
	}
	for _, id := range f.MemberIDs {
		if _, ok := a.Structure.Members[id]; !ok {
			return fault.Input("/memberIds", "org.member_unknown", "no such member")
		}
	}
	return nil
}

// join makes people who were talked to the deal's contacts, their role not yet known.
func (s *Service) join(ctx context.Context, tx database.Tx, a org.Actor, id string, contacts []string) error {
	roles, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, c := range roles {
		known[c.ContactID] = true
	}
	grown := roles
	for _, contact := range contacts {
		if _, err := s.Accounts.Rows.Contact(ctx, tx, a.TenantID, a.Read, contact); err != nil {
			return fault.Input("/contactIds", "contact.unknown", "no such contact")
		}
		if !known[contact] {
			known[contact] = true
			grown = append(grown, DealContact{ContactID: contact, Role: "unknown"})
		}
	}
	if len(grown) == len(roles) {
		return nil
	}
	return s.Rows.SetContacts(ctx, tx, a.TenantID, id, grown)
}

// logAtAccount writes a follow-up that concerns no deal: it feeds no clock.
func (s *Service) logAtAccount(ctx context.Context, tx database.Tx, a org.Actor, f FollowUp) error {
	if _, err := s.Accounts.Rows.Get(ctx, tx, a.TenantID, a.Read, f.AccountID); err != nil {
		return err
	}
	for _, id := range f.ContactIDs {
		if _, err := s.Accounts.Rows.Contact(ctx, tx, a.TenantID, a.Read, id); err != nil {
			return fault.Input("/contactIds", "contact.unknown", "no such contact")
		}
	}
	journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "follow_up", ID: f.ID}, Scope: account.Ref(f.AccountID), Kind: "follow_up.logged", On: f.HappenedOn,
		Payload: map[string]any{"channel": f.Channel, "twoWay": f.TwoWay, "contacts": f.ContactIDs, "members": f.MemberIDs}})
	return s.Rows.InsertFollowUps(ctx, tx, a.TenantID, []FollowUp{f})
}

// FollowUps lists what was said with an account or a person, newest first, at most
// 100, in the actor's scope.
func (s *Service) FollowUps(ctx context.Context, a org.Actor, about About) (out []FollowUp, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.FollowUps(ctx, tx, a.TenantID, a.Read, about, 100)
		return err
	})
	return out, err
}
