package conversation

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell tells of the first message of a day in a thread how much was said that day (timeline.Teller): thirty
// messages of an afternoon are one line, and it stands on the day they were said.
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	at := timeline.About(MessageKind, items)
	if len(at) == 0 {
		return nil
	}
	days, err := s.Rows.Days(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(at)))
	if err != nil {
		return err
	}
	for id, of := range at {
		for _, i := range of {
			i.Text = days[id].Text
			if err := i.Say(told{i.Scope.ID, days[id].Kind, days[id].Said}); err != nil {
				return err
			}
		}
	}
	return nil
}

// told is what a timeline says of a day's talk.
type told struct {
	ThreadID string `json:"threadId"`
	Kind     string `json:"threadKind"`
	Said     int64  `json:"said"`
}
