package worktime

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Replays plays what is said about working time and absences. Why somebody was away is no part of it.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"team.working_time_set":    org.Play(s.playTeam),
		"member.absence_entered":   org.Play(s.playEntered),
		"member.absence_changed":   org.Play(s.playChanged),
		"member.absence_withdrawn": org.Play(s.playWithdrawn),
	}
}

func (s *Service) playTeam(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p TeamSet) error {
	way, err := p.Is.way()
	if err != nil {
		return err
	}
	return s.Rows.SaveSetting(ctx, tx, a.TenantID, Setting{TeamID: e.Subject.ID, From: p.From, Way: way}, database.Seq(e.Seq))
}

func (s *Service) playEntered(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p AbsenceSaid) error {
	return s.Rows.InsertAbsence(ctx, tx, a.TenantID, Absence{ID: p.AbsenceID, MemberID: e.Subject.ID, Away: Away{p.Begins, p.Ends},
		DeputyID: p.DeputyID, Kind: "other", Version: 1})
}

func (s *Service) playChanged(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p AbsenceChanged) error {
	b, err := s.Rows.Absence(ctx, tx, a.TenantID, p.AbsenceID)
	if err != nil {
		return err
	}
	b.Away, b.DeputyID = Away{p.Begins.New, p.Ends.New}, p.DeputyID.New
	b.Version++
	return s.Rows.SaveAbsence(ctx, tx, a.TenantID, b)
}

func (s *Service) playWithdrawn(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p AbsenceSaid) error {
	b, err := s.Rows.Absence(ctx, tx, a.TenantID, p.AbsenceID)
	if err != nil {
		return err
	}
	return s.Rows.SaveAbsence(ctx, tx, a.TenantID, b.withdrawn())
}
