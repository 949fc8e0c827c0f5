package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about accounts, people, product lines and competitors.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"account.created":           replay.Played(2, s.playCreated),
		"account.changed":           replay.Played(2, s.playChanged),
		"account.handed_over":       replay.Played(1, s.playHandedOver),
		"account.deleted":           replay.Played(1, s.playDeleted),
		"account.restored":          replay.Played(1, s.playDeleted),
		"account.unrecorded":        replay.Played(1, s.playUnrecorded),
		"account.exported":          replay.Nothing,
		"contact.exported":          replay.Nothing,
		"contact.created":           replay.Played(2, s.playContactCreated),
		"contact.moved":             replay.Played(2, s.playContactMoved),
		"contact.changed":           replay.Played(2, s.playContactChanged),
		"contact.erased":            replay.Played(2, s.playContactErased),
		"contact.taken_out":         replay.Nothing,
		"contact.unrecorded":        replay.Played(1, s.playContactUnrecorded),
		"account.merged":            replay.Played(1, s.playMerged),
		"account.unmerged":          replay.Played(1, s.playUnmerged),
		"contact.merged":            replay.Played(1, s.playContactMerged),
		"contact.unmerged":          replay.Played(1, s.playContactUnmerged),
		"product_line.added":        replay.Played(2, s.playProductLine),
		"product_line.expert_named": replay.Played(1, s.playExpertNamed),
		"product_line.expert_ended": replay.Played(1, s.playExpertEnded),
		"competitor.added":          replay.Played(1, s.playCompetitor),
		"competitor.named":          replay.Played(1, s.playNamed),
		"competitor.merged":         replay.Played(1, s.playRivalMerged),
		"competitor.split":          replay.Played(1, s.playRivalSplit),
		"contact.posted":            replay.Played(2, s.playContactPosted),
		"contact.unposted":          replay.Played(2, s.playContactUnposted),
		"contact.gone":              replay.Played(2, s.playContactGone),
		"contact.stayed":            replay.Played(2, s.playContactStayed),
	}
}

func (s *Service) playCreated(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p created) error {
	c := p.account(e.Subject.ID)
	c.CreatedAt, c.CreatedBy = e.RecordedAt, a.Effective()
	if p.BatchID != "" {
		c.CreatedBy = e.ActorID
	}
	if err := s.enter(ctx, tx, a, e.HappenedOn, p.BatchID, []Account{c}, []database.Seq{database.Seq(e.Seq)}); err != nil {
		return err
	}
	return s.playOwn(ctx, tx, a.TenantID, c.ID, p.Custom)
}

// again changes an account as an entry says.
func (s *Service) again(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	never []database.Seq, fn func(c *Account)) (Account, error) {
	was, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, e.Subject.ID)
	if err != nil {
		return was, err
	}
	c := was
	fn(&c)
	c.Version++
	return c, s.put(ctx, tx, a, was, c, written{e.HappenedOn, database.Seq(e.Seq), never})
}

func (s *Service) playChanged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p changed) error {
	if _, err := s.again(ctx, tx, a, e, p.Ended, p.apply); err != nil {
		return err
	}
	if err := s.call(ctx, tx, a, e.Subject.ID, p.Called, p.NotCalled); err != nil {
		return err
	}
	return s.playOwn(ctx, tx, a.TenantID, e.Subject.ID, p.Custom)
}

func (s *Service) playHandedOver(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p handedOver) error {
	c, err := s.again(ctx, tx, a, e, nil, func(c *Account) { c.OwnerID, c.TeamID = p.OwnerID[1], p.TeamID[1] })
	if err != nil {
		return err
	}
	return s.owned(ctx, tx, a, c, e.HappenedOn, database.Seq(e.Seq), p.HandoverID)
}

func (s *Service) playDeleted(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p hidden) error {
	_, err := s.again(ctx, tx, a, e, p.never(), func(c *Account) {
		c.DeletedAt = nil
		if e.Kind == "account.deleted" {
			c.DeletedAt = &e.RecordedAt
		}
	})
	return err
}

func (s *Service) playUnrecorded(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ noMore) error {
	c, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, e.Subject.ID)
	if err != nil {
		return err
	}
	return s.takeOut(ctx, tx, a, c, database.Seq(e.Seq))
}

func (s *Service) playContactCreated(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p contactCreated) error {
	c := Contact{ID: e.Subject.ID, AccountID: p.AccountID, CreatedAt: e.RecordedAt, CreatedBy: a.Effective(), Version: 1}
	return s.enterContact(ctx, tx, a.TenantID, c, p.JobID)
}

func (s *Service) playContactMoved(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p contactMoved) error {
	job := Employment{ID: p.JobID, AccountID: p.AccountID[1], From: e.HappenedOn}
	return s.move(ctx, tx, a.TenantID, e.Subject.ID, p.AccountID[0], job)
}

func (s *Service) playContactPosted(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p contactPosted) error {
	return s.move(ctx, tx, a.TenantID, e.Subject.ID, p.AccountID, Employment{ID: p.JobID, AccountID: p.AccountID, From: e.HappenedOn})
}

func (s *Service) playContactUnposted(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p contactUnposted) error {
	return s.unpost(ctx, tx, a.TenantID, e.Subject.ID, p)
}

func (s *Service) playContactGone(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p contactGone) error {
	return s.playPresence(ctx, tx, a, e.Subject.ID, func(c *Contact) error {
		c.GoneOn = e.HappenedOn
		return s.Rows.EndEmployment(ctx, tx, a.TenantID, c.ID, p.AccountID, e.HappenedOn)
	})
}

func (s *Service) playContactStayed(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p contactGone) error {
	return s.playPresence(ctx, tx, a, e.Subject.ID, func(c *Contact) error {
		c.GoneOn = ""
		return s.Rows.ReopenEmployment(ctx, tx, a.TenantID, c.ID, p.AccountID)
	})
}

func (s *Service) playPresence(ctx context.Context, tx database.Tx, a org.Actor, id string, change func(c *Contact) error) error {
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	if err == nil {
		err = change(&c)
	}
	if err != nil {
		return err
	}
	c.Version++
	return s.Rows.SaveContact(ctx, tx, a.TenantID, c)
}

func (s *Service) playContactChanged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p contactChanged) error {
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, org.Scope{All: true}, e.Subject.ID)
	if err != nil {
		return err
	}
	if c.AccountID != p.AccountID[1] {
		c.GoneOn = ""
	}
	c.AccountID = p.AccountID[1]
	c.Version++
	return s.Rows.SaveContact(ctx, tx, a.TenantID, c)
}

func (s *Service) playContactErased(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	_ erased) error {
	return s.erase(ctx, tx, a, e.Subject.ID)
}

func (s *Service) playContactUnrecorded(ctx context.Context, tx database.Tx, a org.Actor,
	e journal.Entry, _ noMore) error {
	return s.takeOutContact(ctx, tx, a, e.Subject.ID)
}

// What nothing is called by any more is called by its id, where no two may be called alike.
func (s *Service) playProductLine(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p productLineAdded) error {
	line := ProductLine{ID: e.Subject.ID, Name: e.Subject.ID, ListPriceMinor: p.ListPriceMinor}
	return s.Rows.InsertProductLine(ctx, tx, a.TenantID, line, e.RecordedAt)
}
