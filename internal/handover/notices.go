package handover

import (
	"context"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/org"
	"yunchou/internal/reader"
)

// Notices tell who is to confirm what was handed over to him, and whose it was where somebody else gave it away.
func (s *Service) Notices() notice.Source {
	return notice.Source{
		Kinds: map[string]bool{noticeMade: true, noticeGivenAway: false},
		Tells: map[string]notice.Teller{"handover.made": tellMade},
		Shows: map[string]notice.Shower{RefKind: s.show},
	}
}

// Kinds of notice.
const (
	noticeMade      = "handover.made"
	noticeGivenAway = "handover.given_away"
)

func tellMade(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p made
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	return []notice.To{{MemberID: p.ToID, Kind: noticeMade}, {MemberID: p.FromID, Kind: noticeGivenAway}}, nil
}

// show shows a hand-over to the two it is between.
func (s *Service) show(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	list, err := s.Rows.Between(ctx, tx, a.TenantID, a.Effective(), ids)
	out := map[string]notice.Shown{}
	for id, h := range list {
		out[id] = notice.Shown{On: Ref(id), Count: h.Count()}
	}
	return out, err
}
