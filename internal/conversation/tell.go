package conversation

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell tells of the first message of a day in a thread how much was said that day (timeline.Teller): thirty
// messages of an afternoon are one line, and it stands on the day they were said. Of a follow-up it tells how much was
// said about it.
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	if err := s.tellTalked(ctx, tx, a, items); err != nil {
		return err
	}
	at := timeline.About(MessageKind, items)
	if len(at) == 0 {
		return nil
	}
	days, err := s.Rows.Days(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(at)))
	if err != nil {
		return err
	}
	answers, err := s.answers(ctx, tx, a, at)
	if err != nil {
		return err
	}
	for id, of := range at {
		for _, i := range of {
			var m said
			if err := json.Unmarshal(i.Payload, &m); err != nil {
				return err
			}
			i.Text = days[id].Text
			if err := i.Say(told{i.Scope.ID, days[id].Kind, days[id].Said, m.N == 1, answers[id]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// answers are those of the messages that answer their thread.
func (s *Service) answers(ctx context.Context, tx database.Tx, a org.Actor, at map[string][]*timeline.Item) (map[string]bool, error) {
	if s.Stands == nil {
		return nil, nil
	}
	var threads []string
	for _, of := range at {
		threads = append(threads, of[0].Scope.ID)
	}
	slices.Sort(threads)
	return s.Stands.Answers(ctx, tx, a.TenantID, slices.Compact(threads))
}

// talkedOf are the kinds of record that have no page of their own: what is said about them is told where they are.
const talkedOf = "follow_up"

func (s *Service) tellTalked(ctx context.Context, tx database.Tx, a org.Actor, items []*timeline.Item) error {
	at := timeline.About(talkedOf, items)
	if len(at) == 0 {
		return nil
	}
	n, err := s.Rows.SaidOn(ctx, tx, a.TenantID, s.Reading(a), talkedOf, slices.Sorted(maps.Keys(at)))
	for id, of := range at {
		for _, i := range of {
			i.Talked = n[id]
		}
	}
	return err
}

// told is what a timeline says of a day's talk, by its first message: whether that begins the thread, or answers it.
type told struct {
	ThreadID string `json:"threadId"`
	Kind     string `json:"threadKind"`
	Said     int64  `json:"said"`
	Begins   bool   `json:"begins"`
	Answers  bool   `json:"answers"`
}
