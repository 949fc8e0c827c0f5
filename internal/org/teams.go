package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// AddTeam adds a team under a parent from a day on ("" is today; the root has no parent).
func (s *Service) AddTeam(ctx context.Context, a Actor, id, called, parent, region string, from calendar.Date) (Team, error) {
	t := Team{ID: id, Region: text.Fold(region), Version: 1}
	if t.ID == "" {
		t.ID = record.NewID(a.Now)
	}
	var err error
	if t.Name, err = name("/name", called); err != nil {
		return Team{}, err
	}
	if from, err = a.day("/from", from); err != nil {
		return Team{}, err
	}
	return change(ctx, s, a, record.Ref{}, func(e *edit) (Team, journal.Event, error) {
		if e.st.Teams[t.ID].ID != "" {
			return t, journal.Event{}, record.ErrIDTaken
		}
		if e.st.Teams[parent].ID == "" {
			return t, journal.Event{}, fault.Input("/parentId", "org.team_unknown", "no such team")
		}
		e.newTeam = &t
		place := TeamParent{ID: e.newID(), TeamID: t.ID, ParentID: parent, Interval: Interval{From: from}}
		e.Parents = append(e.Parents, Change[TeamParent]{New: &place})
		return t, teamAdded(t.ID, from, TeamAdded{ParentID: parent, Changes: e.Changes}), nil
	})
}

// MoveTeam hangs a team under another parent from a day on, until the next move that was
// already planned; on the day its present place began it corrects that place. Faults:
// org.team_unknown, org.team_cycle where the team would hang under itself on some later
// day, org.interval_empty before the team was there.
func (s *Service) MoveTeam(ctx context.Context, a Actor, team, parent string, from calendar.Date) error {
	_, err := change(ctx, s, a, ofTeam(team), func(e *edit) (none struct{}, event journal.Event, err error) {
		if e.st.Teams[parent].ID == "" {
			return none, event, fault.Input("/parentId", "org.team_unknown", "no such team")
		}
		if from, err = a.day("/from", from); err != nil {
			return none, event, err
		}
		if e.root() == team {
			return none, event, fault.New(fault.Rule, "org.root_stays", "the company's own team has nothing above it")
		}
		before := e.st.ParentOf(team, from)
		if e.Parents, err = hang(e.st.parentsOf[team], parent, from, e.newID); err != nil {
			return none, event, err
		}
		return none, teamMoved(team, from, TeamMoved{ParentID: Was[string]{before, parent}, Changes: e.Changes}), nil
	})
	return err
}

// root is the team that hangs under none.
func (e *edit) root() string {
	for _, p := range e.st.Parents {
		if p.ParentID == "" {
			return p.TeamID
		}
	}
	return ""
}
