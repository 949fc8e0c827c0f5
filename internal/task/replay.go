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
		"task.added":       replay.Played(1, s.playAdded),
		"task.done":        replay.Played(1, s.playDone),
		"task.redated":     replay.Played(1, s.playRedated),
		"task.dropped":     replay.Played(1, s.playDropped),
		"task.handed_over": replay.Played(1, s.playHandedOver),
	}
}

func (s *Service) playAdded(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p added) error {
	return s.write(ctx, tx, a.TenantID, Task{ID: e.Subject.ID, MemberID: p.MemberID, DueOn: p.DueOn,
		CustomerAgreed: p.CustomerAgreed, CreatedAt: e.RecordedAt, CreatedBy: a.Effective(), Version: 1, On: p.On})
}

// playChange changes a task as an entry says.
func (s *Service) playChange(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, fn func(*Task)) error {
	t, err := s.Rows.Get(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil {
		return err
	}
	fn(&t)
	t.Version++
	return s.Rows.Save(ctx, tx, a.TenantID, t)
}

func (s *Service) playDone(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p done) error {
	return s.playChange(ctx, tx, a, e, func(t *Task) { t.DoneOn, t.DoneAt = p.DoneOn, &e.RecordedAt })
}

func (s *Service) playRedated(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p redated) error {
	return s.playChange(ctx, tx, a, e, func(t *Task) { t.DueOn = p.DueOn[1] })
}

func (s *Service) playDropped(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ dropped) error {
	return s.playChange(ctx, tx, a, e, func(t *Task) { t.DroppedAt = &e.RecordedAt })
}

func (s *Service) playHandedOver(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry,
	p handedOver) error {
	return s.playChange(ctx, tx, a, e, func(t *Task) { t.MemberID = p.MemberID[1] })
}
