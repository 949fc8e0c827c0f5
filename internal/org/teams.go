package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// AddTeam adds a team under a parent from a day on ("" is today; the root has no parent).
func (s *Service) AddTeam(ctx context.Context, a Actor, id, name, parent, region string, from calendar.Date) (Team, error) {
	t := Team{ID: id, Name: text.Fold(name), Region: text.Fold(region), Version: 1}
	if t.ID == "" {
		t.ID = record.NewID(a.Now)
	}
	if t.Name == "" {
		return Team{}, fault.Missing("/name")
	}
	if len(t.Name) > 100 {
		return Team{}, fault.Input("/name", "input.too_long", "at most 100 bytes").With("max", 100)
	}
	if from == "" {
		from = a.Today
	}
	if a.Structure.Teams[parent].ID == "" {
		return Team{}, fault.Input("/parentId", "org.team_unknown", "no such team")
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "team", ID: t.ID}, Kind: "team.added", On: from, Payload: map[string]any{"parentId": parent}}
	}
	err := s.change(ctx, a, event, func(tx database.Tx) error {
		if err := s.Rows.InsertTeam(ctx, tx, a.TenantID, t, a.Now); err != nil {
			return err
		}
		return s.Rows.InsertParent(ctx, tx, a.TenantID, TeamParent{ID: record.NewID(a.Now), TeamID: t.ID, ParentID: parent, Interval: Interval{From: from}})
	})
	return t, err
}

// MoveTeam hangs a team under another parent from a day on.
func (s *Service) MoveTeam(ctx context.Context, a Actor, team, parent string, from calendar.Date) error {
	if a.Structure.Teams[team].ID == "" || a.Structure.Teams[parent].ID == "" {
		return fault.New(fault.NotFound, "org.team_unknown", "no such team")
	}
	if from == "" {
		from = a.Today
	}
	if a.Structure.Within(parent, []string{team}, from) {
		return fault.New(fault.Rule, "org.team_cycle", "a team cannot hang under itself")
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "team", ID: team}, Kind: "team.moved", On: from, Payload: map[string]any{"parentId": parent}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, p := range a.Structure.parentsOf[team] {
			if p.To == "" {
				if p.From >= from {
					return fault.Input("/from", "org.interval_empty", "the team took its present place on or after that day").With("from", string(p.From))
				}
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "team_parent", p.ID, from); err != nil {
					return err
				}
			}
		}
		return s.Rows.InsertParent(ctx, tx, a.TenantID, TeamParent{ID: record.NewID(a.Now), TeamID: team, ParentID: parent, Interval: Interval{From: from}})
	})
}
