package org

import (
	"context"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// AddTeam adds a team under a parent from a day on ("" is today; the root has no parent).
// The same id and content again are answered with the first one. Faults: record.id_taken,
// org.team_unknown, org.team_name_taken.
func (s *Service) AddTeam(ctx context.Context, a Actor, id, called, parent, region string, from calendar.Date) (Team, error) {
	said := []string{called, parent, region, string(from)}
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
	return making(ctx, s, a, id, said, func(e *edit) (Team, journal.Event, error) {
		t := t // a second run begins anew
		if e.st.Teams[t.ID].ID != "" {
			return t, journal.Event{}, record.ErrIDTaken
		}
		if e.st.Teams[parent].ID == "" {
			return t, journal.Event{}, fault.Input("/parentId", "org.team_unknown", "no such team")
		}
		if err := e.nameFree(t.ID, parent, t.Name, from); err != nil {
			return t, journal.Event{}, err
		}
		e.newTeam = &t
		place := TeamParent{ID: e.newID(), TeamID: t.ID, ParentID: parent, Interval: Interval{From: from}}
		e.Parents = append(e.Parents, Change[TeamParent]{New: &place})
		return t, teamAdded(t.ID, from, TeamAdded{ParentID: parent, Region: t.Region, Changes: e.Changes}), nil
	})
}

// MoveTeam hangs a team under another parent from a day on, until the next move that was
// already planned; on the day its present place began it corrects that place. Faults:
// org.team_unknown, org.team_name_taken, org.team_cycle where the team would hang under itself on some later
// day, org.interval_empty before the team was there.
func (s *Service) MoveTeam(ctx context.Context, a Actor, team, parent string, from calendar.Date) error {
	_, err := change(ctx, s, a, ofTeam(team), func(e *edit) (none struct{}, event journal.Event, err error) {
		if e.st.Teams[parent].ID == "" {
			return none, event, fault.Input("/parentId", "org.team_unknown", "no such team")
		}
		from, err := a.day("/from", from)
		if err != nil {
			return none, event, err
		}
		if e.root() == team {
			return none, event, fault.New(fault.Rule, "org.root_stays", "the company's own team has nothing above it")
		}
		if err := e.nameFree(team, parent, e.team.Name, from); err != nil {
			return none, event, err
		}
		before := e.st.ParentOf(team, from)
		if e.Parents, err = hang(e.st.parentsOf[team], parent, from, e.newID); err != nil {
			return none, event, err
		}
		return none, teamMoved(team, from, TeamMoved{ParentID: Was[string]{before, parent}, Changes: e.Changes}), nil
	})
	return err
}

// nameFree refuses a name that another team, open on a day or later, has under the same
// parent: nobody could tell the two apart.
func (e *edit) nameFree(team, parent, called string, from calendar.Date) error {
	for _, p := range e.st.Parents {
		other := e.st.Teams[p.TeamID]
		open := other.ClosedOn == "" || other.ClosedOn > from
		if other.ID != team && p.ParentID == parent && p.Meets(Interval{From: from}) && open &&
			strings.EqualFold(other.Name, called) {
			return fault.New(fault.Rule, "org.team_name_taken", "a team there is called so already").With("name", other.Name)
		}
	}
	return nil
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

// DescribeTeam changes what a team is called and its region. Faults: input.required,
// input.too_long, org.team_name_taken.
func (s *Service) DescribeTeam(ctx context.Context, a Actor, team, called, region string) error {
	folded, err := name("/name", called)
	if err != nil {
		return err
	}
	_, err = change(ctx, s, a, ofTeam(team), func(e *edit) (none struct{}, event journal.Event, err error) {
		p := TeamDescribed{Renamed: e.team.Name != folded, Region: Was[string]{e.team.Region, text.Fold(region)}}
		if p.Renamed {
			for _, place := range e.st.parentsOf[team] {
				if !place.Meets(Interval{From: a.Today}) {
					continue
				}
				if err := e.nameFree(team, place.ParentID, folded, a.Today); err != nil {
					return none, event, err
				}
			}
		}
		e.team.Name, e.team.Region = folded, p.Region.New
		return none, teamDescribed(team, p), nil
	})
	return err
}

// CloseTeam closes a team on a day ("" is today): from then on nobody sits in it and nothing
// hangs under it or belongs to it. Faults: org.root_stays, org.team_closed,
// org.interval_empty before the team was there, and what still stands in the way:
// org.team_has_seats, org.team_has_teams, org.team_has_records.
func (s *Service) CloseTeam(ctx context.Context, a Actor, team string, on calendar.Date) error {
	_, err := change(ctx, s, a, ofTeam(team), func(e *edit) (none struct{}, event journal.Event, err error) {
		on, err := a.day("/on", on)
		if err != nil {
			return none, event, err
		}
		places := e.st.parentsOf[team]
		switch {
		case e.root() == team:
			return none, event, fault.New(fault.Rule, "org.root_stays", "the company's own team is not closed")
		case e.team.ClosedOn != "" && e.team.ClosedOn <= a.Today:
			return none, event, ErrTeamClosed(e.team)
		case len(places) == 0 || on < places[0].From:
			return none, event, errBeforeItBegan
		}
		if err := e.emptyFrom(ctx, team, on); err != nil {
			return none, event, err
		}
		p := TeamClosed{ClosedOn: Was[calendar.Date]{e.team.ClosedOn, on}}
		e.team.ClosedOn = on
		return none, teamClosed(team, p), nil
	})
	return err
}

// emptyFrom refuses where a team is not empty from a day on.
func (e *edit) emptyFrom(ctx context.Context, team string, on calendar.Date) error {
	after := Interval{From: on}
	seats, teams := 0, 0
	for _, seat := range e.st.Seats {
		if seat.TeamID == team && seat.Meets(after) {
			seats++
		}
	}
	for _, p := range e.st.Parents {
		if closed := e.st.Teams[p.TeamID].ClosedOn; p.ParentID == team && p.Meets(after) && (closed == "" || closed > on) {
			teams++
		}
	}
	switch {
	case seats > 0:
		return fault.New(fault.Rule, "org.team_has_seats", "close the team's seats first").With("count", seats)
	case teams > 0:
		return fault.New(fault.Rule, "org.team_has_teams", "move or close the teams under it first").With("count", teams)
	case e.s.TeamRecords == nil:
		return nil
	}
	open, err := e.s.TeamRecords.OpenIn(ctx, e.tx, e.a, team)
	if err == nil && open > 0 {
		return fault.New(fault.Rule, "org.team_has_records", "open records belong to the team: hand them over first").With("count", open)
	}
	return err
}
