package conversation

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about conversations.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"thread.opened":      replay.Played(1, s.playOpened),
		"message.said":       replay.Played(1, s.playSaid),
		"message.edited":     replay.Played(1, s.playEdited),
		"message.taken_back": replay.Played(1, s.playTakenBack),
	}
}

func (s *Service) playOpened(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p opened) error {
	return s.insert(ctx, tx, a.TenantID, Thread{ID: e.Subject.ID, Kind: p.Kind, On: p.On, ToID: p.ToID,
		CreatedAt: e.RecordedAt, CreatedBy: s.author(a, p.Kind), LastAt: e.RecordedAt})
}

func (s *Service) playSaid(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p said) error {
	t, err := s.Rows.AnyThread(ctx, tx, a.TenantID, p.ThreadID)
	if err != nil {
		return err
	}
	return s.write(ctx, tx, a.TenantID, t, &Message{ID: e.Subject.ID, ThreadID: p.ThreadID, N: p.N, Mentions: p.Mentions,
		SaidOn: e.HappenedOn, SaidAt: e.RecordedAt, SaidBy: s.author(a, t.Kind), Version: 1})
}

func (s *Service) playEdited(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p edited) error {
	return s.playChange(ctx, tx, a, e, func(m *Message) { m.Mentions, m.EditedAt = p.Mentions, &e.RecordedAt })
}

func (s *Service) playTakenBack(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ takenBack) error {
	return s.playChange(ctx, tx, a, e, func(m *Message) { m.Mentions, m.TakenBackAt = nil, &e.RecordedAt })
}

func (s *Service) playChange(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, fn func(*Message)) error {
	m, err := s.Rows.Message(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil {
		return err
	}
	fn(&m)
	return s.save(ctx, tx, a.TenantID, &m)
}
