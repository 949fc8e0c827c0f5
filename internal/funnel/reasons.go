package funnel

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Reasons are why deals were lost, in the words of whoever closed them, as they stand today.
type Reasons struct {
	Rows []Reason `json:"rows" doc:"the most frequent first, at most 50"`
	Lost int64    `json:"lost" doc:"lost in the window"`
	Read int64    `json:"read" doc:"of these, the newest of which the reason was read: at most 5000, and only deals the reader may open"`
	Rest int64    `json:"rest" doc:"of those read, with reasons rarer than the rows"`
}

// Reason is one, as it was typed; "" where nobody gave any.
type Reason struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// What of reasons is read and shown: more are as many sentences as deals.
const (
	mostReasonsRead  = 5000
	mostReasonsShown = 50
)

// Reasons answers for what was lost in the window.
func (s *Service) Reasons(ctx context.Context, a org.Actor, in Ask) (out Reasons, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return out, err
	}
	in.Group = ""
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		said, lost, err := s.reasons(ctx, tx, a, q)
		out = counted(said)
		out.Lost = lost
		return err
	})
	return out, err
}

// givenReason is the reason of one deal.
type givenReason struct{ id, reason string }

// reasons are those of the newest losses the actor may open, newest first, and how many losses there are.
func (s *Service) reasons(ctx context.Context, tx database.Tx, a org.Actor, q Query) (said []givenReason, lost int64, err error) {
	ids, lost, err := q.source.Records(ctx, tx, q, Measure{Name: "lost"}, 0, mostReasonsRead)
	if err != nil {
		return nil, 0, err
	}
	words, err := s.Opportunities.LossReasons(ctx, tx, a, ids)
	for _, id := range ids {
		if reason, may := words[id]; may {
			said = append(said, givenReason{id, reason})
		}
	}
	return said, lost, err
}

// counted counts reasons. One that is written in several ways is one, and is told as it was last.
func counted(said []givenReason) Reasons {
	by := map[string]*Reason{}
	for _, x := range said {
		key := text.Fold(x.reason)
		if by[key] == nil {
			by[key] = &Reason{Reason: x.reason}
		}
		by[key].Count++
	}
	out := Reasons{Rows: []Reason{}, Read: int64(len(said))}
	for _, reason := range by {
		out.Rows = append(out.Rows, *reason)
	}
	slices.SortFunc(out.Rows, func(x, y Reason) int { return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Reason, y.Reason)) })
	if len(out.Rows) > mostReasonsShown {
		for _, rare := range out.Rows[mostReasonsShown:] {
			out.Rest += rare.Count
		}
		out.Rows = out.Rows[:mostReasonsShown]
	}
	return out
}

// ofReason opens a reason: the deals lost for it.
func (s *Service) ofReason(ctx context.Context, tx database.Tx, a org.Actor, q Query, reason string, offset, limit int) ([]string, int64, error) {
	said, _, err := s.reasons(ctx, tx, a, q)
	var ids []string
	reason = text.Fold(reason)
	for _, x := range said {
		if text.Fold(x.reason) == reason {
			ids = append(ids, x.id)
		}
	}
	from := min(offset, len(ids))
	return ids[from:min(len(ids), from+limit)], int64(len(ids)), err
}
