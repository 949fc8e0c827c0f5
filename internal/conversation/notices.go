package conversation

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/notice"
	"yunchou/internal/org"
	"yunchou/internal/reader"
)

// Notices tell who takes part in a thread what is said there, and whom a message names.
func (s *Service) Notices() notice.Source {
	return notice.Source{
		Kinds: map[string]bool{noticeSaid: false, noticeNamed: false},
		Tells: map[string]notice.Teller{"message.said": s.tellSaid, "message.edited": s.tellEdited, "message.taken_back": s.tellTakenBack},
		Reads: s.readsEntry,
		Shows: map[string]notice.Shower{MessageKind: s.showMessages, ThreadKind: s.ShowThreads},
	}
}

// Kinds of notice.
const (
	noticeSaid  = "message.said"
	noticeNamed = "message.named"
)

// readsEntry: the thread is one he finds today; who had a part in it may have handed the record on.
func (s *Service) readsEntry(ctx context.Context, tx database.Tx, a org.Actor, e reader.Entry) (bool, error) {
	_, err := s.Rows.Thread(ctx, tx, e.TenantID, s.Reading(a), e.Scope.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s *Service) tellSaid(ctx context.Context, tx database.Tx, e reader.Entry) ([]notice.To, error) {
	var p said
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	var out []notice.To
	for _, id := range p.Mentions {
		out = append(out, notice.To{MemberID: id, Kind: noticeNamed})
	}
	told, err := s.toldOtherwise(ctx, tx, e)
	if err != nil {
		return nil, err
	}
	parties, err := s.Rows.Parties(ctx, tx, e.TenantID, p.ThreadID, p.N)
	for _, id := range parties {
		to := notice.To{MemberID: id, Kind: noticeSaid}
		if told {
			to.Kind = ""
		}
		out = append(out, to)
	}
	return out, err
}

// toldOtherwise tells that a message was said by an act that tells of itself: a question is one, and its answer.
func (s *Service) toldOtherwise(ctx context.Context, tx database.Tx, e reader.Entry) (bool, error) {
	const near = 6 // entries to either side that may be of the same act
	list, err := journal.SinceOf(ctx, tx, e.TenantID, e.Seq-near-1, nil, 2*near+1)
	return slices.ContainsFunc(list, func(x journal.Entry) bool {
		own := strings.HasPrefix(x.Kind, "message.") || strings.HasPrefix(x.Kind, "thread.")
		return !own && x.Scope == e.Scope && x.RecordedAt.Equal(e.RecordedAt)
	}), err
}

// tellEdited names whom a message names now and did not before.
func (s *Service) tellEdited(ctx context.Context, tx database.Tx, e reader.Entry) ([]notice.To, error) {
	var now edited
	if err := json.Unmarshal(e.Payload, &now); err != nil {
		return nil, err
	}
	before, err := journal.After(ctx, tx, e.TenantID, e.Subject, 0)
	if err != nil {
		return nil, err
	}
	out, err := s.stir(ctx, tx, e)
	for _, id := range now.Mentions {
		known := slices.ContainsFunc(before, func(x journal.Entry) bool {
			var was edited
			return x.Seq < e.Seq && json.Unmarshal(x.Payload, &was) == nil && slices.Contains(was.Mentions, id)
		})
		if !known {
			out = append(out, notice.To{MemberID: id, Kind: noticeNamed})
		}
	}
	return out, err
}

func (s *Service) tellTakenBack(ctx context.Context, tx database.Tx, e reader.Entry) ([]notice.To, error) {
	return s.stir(ctx, tx, e)
}

// stir has the pages of those who take part in a thread be stale.
func (s *Service) stir(ctx context.Context, tx database.Tx, e reader.Entry) (out []notice.To, err error) {
	parties, err := s.Rows.Parties(ctx, tx, e.TenantID, e.Scope.ID, math.MaxInt64)
	for _, id := range parties {
		out = append(out, notice.To{MemberID: id})
	}
	return out, err
}

// showMessages shows what was said, to who reads the thread.
func (s *Service) showMessages(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	said, err := s.Rows.Words(ctx, tx, a.TenantID, s.Reading(a), ids)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, a, said)
}

// ShowThreads shows threads by their first message, to who reads them: whatever is a thread is shown so.
func (s *Service) ShowThreads(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	begun, err := s.Rows.Begun(ctx, tx, a.TenantID, s.Reading(a), ids)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, a, begun)
}

func (s *Service) shown(ctx context.Context, tx database.Tx, a org.Actor, list map[string]Thread) (map[string]notice.Shown, error) {
	on := recordsOf(list)
	names, err := s.Kinds.Names(ctx, tx, a, false, on)
	out := map[string]notice.Shown{}
	for id, t := range list {
		x := notice.Shown{On: t.On, Name: names[t.On], ThreadID: t.ID}
		for _, m := range t.Last {
			x.Text = m.Text
		}
		out[id] = x
	}
	return out, err
}
