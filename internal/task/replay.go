package task

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about tasks.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"task.added":           replay.Played(1, s.playAdded),
		"task.handed_over":     replay.Played(1, s.playHandedOver),
		"task.offer_answered":  replay.Played(1, s.playAnswered),
		"task.series_ended":    replay.Played(1, s.playSeriesEnded),
		"task.done":            played(s, playDone),
		"task.result_said":     played(s, saidBy(FactResult)),
		"task.reopened":        played(s, playReopened),
		"task.redated":         played(s, playRedated),
		"task.dropped":         played(s, playDropped),
		"task.received":        played(s, saidBy(FactReceived)),
		"task.planned":         played(s, saidBy(FactPlanned)),
		"task.progressed":      played(s, saidBy(FactProgressed)),
		"task.reviewed":        played(s, playReviewed),
		"task.offered":         played(s, playOffered),
		"task.offer_withdrawn": played(s, playWithdrawn),
		"task.partners_set":    played(s, playPartners),
		"task.part_done":       played(s, playPartDone),
		"task.part_reopened":   played(s, playPartReopened),
	}
}

func (s *Service) playAdded(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p added) error {
	t := Task{ID: e.Subject.ID, MemberID: p.MemberID, DueOn: p.DueOn, CustomerAgreed: p.CustomerAgreed, CreatedAt: e.RecordedAt,
		CreatedBy: a.Effective(), Version: 1, On: p.On, Long: p.Long, SeriesID: p.SeriesID, SeriesDay: p.SeriesDay, Repeat: p.Repeat, Meets: p.Meets}
	if p.CreatedBy != "" {
		t.CreatedBy = p.CreatedBy
	}
	for _, x := range p.Parties {
		t.Parties = append(t.Parties, Party{MemberID: x.MemberID, Part: x.Part})
	}
	t.Facts = []Fact{t.given(e.HappenedOn)}
	if err := s.write(ctx, tx, a.TenantID, t); err != nil || t.SeriesID == "" {
		return err
	}
	_, err := s.noteSeries(ctx, tx, a.TenantID, t)
	return err
}

// played plays a change of one task.
func played[P any](s *Service, fn func(t *Task, a org.Actor, e journal.Entry, p P) Fact) org.Replay {
	return replay.Played(1, func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p P) error {
		return s.playChange(ctx, tx, a, e, func(t *Task) (Fact, error) { return fn(t, a, e, p), nil })
	})
}

// playChange changes a task as an entry says.
func (s *Service) playChange(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, fn func(*Task) (Fact, error)) error {
	t, err := s.Rows.Get(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil {
		return err
	}
	list := []Task{t}
	if err := s.withParts(ctx, tx, a.TenantID, []string{t.ID}, list); err != nil {
		return err
	}
	f, err := fn(&list[0])
	if err != nil {
		return err
	}
	list[0].Version++
	list[0].noteAt(f, a.Effective(), e.RecordedAt, e.HappenedOn)
	return s.save(ctx, tx, a.TenantID, list[0])
}

func playDone(t *Task, _ org.Actor, e journal.Entry, p done) Fact {
	t.DoneOn, t.DoneAt = p.DoneOn, &e.RecordedAt
	t.endOffer()
	return Fact{Kind: FactDone}
}

func playReopened(t *Task, _ org.Actor, _ journal.Entry, _ done) Fact {
	t.DoneOn, t.DoneAt, t.Result = "", nil, ""
	return Fact{Kind: FactReopened}
}

func playRedated(t *Task, _ org.Actor, _ journal.Entry, p redated) Fact {
	t.DueOn, t.CustomerAgreed = p.DueOn[1], t.CustomerAgreed || p.Agreed
	return Fact{Kind: FactRedated, DueOn: p.DueOn[1], Agreed: p.Agreed}
}

func playDropped(t *Task, _ org.Actor, e journal.Entry, _ dropped) Fact {
	t.DroppedAt = &e.RecordedAt
	t.endOffer()
	return Fact{Kind: FactDropped}
}

func saidBy(kind string) func(*Task, org.Actor, journal.Entry, noted) Fact {
	return func(_ *Task, a org.Actor, _ journal.Entry, _ noted) Fact {
		return Fact{Kind: kind, MemberID: a.Effective()}
	}
}

func playReviewed(t *Task, _ org.Actor, _ journal.Entry, p reviewed) Fact {
	if p.Accepted {
		return Fact{Kind: FactAccepted, MemberID: t.MemberID}
	}
	t.DoneOn, t.DoneAt, t.Result = "", nil, ""
	return Fact{Kind: FactSentBack, MemberID: t.MemberID}
}

func playOffered(t *Task, _ org.Actor, _ journal.Entry, p offered) Fact {
	t.OfferedTo = p.ToID
	return Fact{Kind: FactOffered, MemberID: p.ToID}
}

func playWithdrawn(t *Task, _ org.Actor, _ journal.Entry, p offered) Fact {
	t.endOffer()
	return Fact{Kind: FactWithdrawn, MemberID: p.ToID}
}

func playPartners(t *Task, _ org.Actor, _ journal.Entry, p partners) Fact {
	var parties []Party
	for _, x := range p.Parties {
		parties = append(parties, Party{MemberID: x.MemberID, Part: x.Part})
	}
	return t.withParties(parties).fact
}

func playPartDone(t *Task, _ org.Actor, e journal.Entry, p partDone) Fact {
	if i := t.partOf(p.MemberID); i >= 0 {
		t.Parties[i].DoneOn, t.Parties[i].DoneAt = e.HappenedOn, &e.RecordedAt
	}
	return Fact{Kind: FactPartDone, MemberID: p.MemberID}
}

func playPartReopened(t *Task, _ org.Actor, _ journal.Entry, p partDone) Fact {
	if i := t.partOf(p.MemberID); i >= 0 {
		t.Parties[i].DoneOn, t.Parties[i].DoneAt = "", nil
	}
	return Fact{Kind: FactPartOpen, MemberID: p.MemberID}
}

func (s *Service) playAnswered(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p answered) error {
	return s.playChange(ctx, tx, a, e, func(t *Task) (Fact, error) {
		if !p.Accepted {
			t.endOffer()
			return Fact{Kind: FactDeclined, MemberID: p.MemberID[1]}, nil
		}
		if err := s.passOn(ctx, tx, a.TenantID, *t, p.MemberID[1]); err != nil {
			return Fact{}, err
		}
		t.becomes(p.MemberID[1])
		return Fact{Kind: FactHanded, MemberID: p.MemberID[1]}, nil
	})
}

func (s *Service) playHandedOver(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p handedOver) error {
	return s.playChange(ctx, tx, a, e, func(t *Task) (Fact, error) {
		from, to := p.MemberID[0], p.MemberID[1]
		if err := s.passFrom(ctx, tx, a.TenantID, *t, from, to); err != nil {
			return Fact{}, err
		}
		return t.givenOn(from, to), nil
	})
}

func (s *Service) playSeriesEnded(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p seriesEnded) error {
	of, err := s.Rows.Series(ctx, tx, a.TenantID, p.SeriesID)
	if err != nil {
		return err
	}
	of.EndedAt = &e.RecordedAt
	if err := s.Rows.SaveSeries(ctx, tx, a.TenantID, of); err != nil {
		return err
	}
	return s.playChange(ctx, tx, a, e, func(*Task) (Fact, error) { return Fact{Kind: FactEnded}, nil })
}
