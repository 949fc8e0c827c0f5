package opportunity

import (
	"cmp"
	"context"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Record is everything one page shows of an opportunity.
type Record struct {
	Opportunity
	Pipeline    pipeline.Version
	StageNames  map[string]string // of every stage it stood in, gone ones too
	Names       pipeline.Names    // of what its evidence shows
	Clocks      Clocks
	Phase       *PhaseStay // of an open record
	Stays       []Stay
	Lines       []Line
	Shares      []Share
	Team        []TeamMember
	Contacts    []DealContact
	Competitors []account.Competitor
	Evidence    []Evidence
	Credit      []credit.Line // that stand today
	External    []record.External
	Gaps        []pipeline.Gap // between the record and its next stage
	Ways        []pipeline.Way // to each later stage
	NextStepOn  calendar.Date  // proposed for a next step
	// OwnerTeams are the teams the owner has posts in today, the main one first.
	OwnerTeams []string
	MayWrite   bool
	MayDecide  bool
	versions   []pipeline.Version // of its pipeline
}

// within tells whether the record lies in a scope.
func (r *Record) within(s org.Scope) bool {
	var team, lines []string
	for _, m := range r.Team {
		team = append(team, m.MemberID)
	}
	for _, l := range r.Lines {
		lines = append(lines, l.ProductLineID)
	}
	return s.Allows(r.OwnerID, team, lines, r.Region)
}

// Get reads one record with all that its page shows.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (r Record, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return r, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if r.Opportunity, err = s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), id); err != nil {
			return err
		}
		if r.Pipeline, err = s.Pipelines.Version(ctx, tx, a.TenantID, r.VersionID); err != nil {
			return err
		}
		if err := r.parts(ctx, tx, s, a); err != nil {
			return err
		}
		if r.StageNames, err = s.stageNames(ctx, tx, a.TenantID, r.Stays); err != nil {
			return err
		}
		r.OwnerTeams = a.Structure.TeamsOf(r.OwnerID, a.Today)
		r.MayWrite = a.Can(org.OppWrite) && r.within(a.Scope(record.Opportunity, org.Write))
		r.MayDecide = r.MayWrite && a.Can(org.EvidenceDecide)
		r.Clocks = r.ClocksOn(a.Today, s.Calendar(a.TenantID))
		if st, i := r.Pipeline.Stage(r.StageID); i >= 0 && r.State == Open {
			done := doneFrom(r.Evidence)
			r.Gaps, r.Ways = st.Gaps(done), r.Pipeline.Ways(st.ID, done)
			r.NextStepOn = nextStepOn(st, a.Today, s.Calendar(a.TenantID))
		}
		r.Phase, err = s.phaseOf(ctx, tx, a, &r)
		return err
	})
	return r, err
}

// nextStepDays is within how many working days a next step is proposed where the stage does not say.
const nextStepDays = 3 // what forms have proposed from the start

// nextStepOn is the working day proposed for a next step.
func nextStepOn(st pipeline.Stage, today calendar.Date, cal calendar.Calendar) calendar.Date {
	return cal.AddWorkingDays(today, cmp.Or(st.NextStepDays, nextStepDays))
}

// parts reads what hangs on the record, none of which waits for another.
func (r *Record) parts(ctx context.Context, tx database.Tx, s *Service, a org.Actor) error {
	tenant, id := a.TenantID, r.ID
	return tx.Abreast(ctx,
		func(tx database.Tx) (err error) { r.Stays, err = s.Rows.Stays(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Lines, err = s.Rows.Lines(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Shares, err = s.Rows.Shares(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Team, err = s.Rows.Team(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Contacts, err = s.Rows.Contacts(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Competitors, err = s.Rows.Competitors(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Evidence, err = s.Rows.Evidence(ctx, tx, tenant, id); return },
		func(tx database.Tx) error {
			lines, err := s.Credit.Of(ctx, tx, tenant, []string{id})
			r.Credit = credit.Standing(lines, a.Today, lastSeq)
			return err
		},
		func(tx database.Tx) (err error) { r.External, err = s.Records.External(ctx, tx, tenant, id); return },
		func(tx database.Tx) (err error) { r.Names, err = s.Pipelines.Names(ctx, tx, tenant); return },
		func(tx database.Tx) (err error) {
			r.versions, err = s.Pipelines.Versions(ctx, tx, tenant, r.Pipeline.PipelineID)
			return
		},
		func(tx database.Tx) error {
			one := []Opportunity{r.Opportunity}
			err := s.complete(ctx, tx, a, one)
			if err == nil {
				r.Opportunity = one[0]
			}
			return err
		},
	)
}

// Abreast has what several capabilities read answered from one snapshot, and asked together.
func (s *Service) Abreast(ctx context.Context, reads ...func(ctx context.Context) error) error {
	return s.DB.Abreast(ctx, reads...)
}

// AtOnce has what fn reads, of any capability, answered from one snapshot.
func (s *Service) AtOnce(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.DB.AtOnce(ctx, fn)
}

// stageNames are the names stages had in the versions stays were entered in.
func (s *Service) stageNames(ctx context.Context, tx database.Tx, tenant string, stays []Stay) (map[string]string, error) {
	names := map[string]string{}
	for _, st := range stays {
		v, err := s.Pipelines.Version(ctx, tx, tenant, st.VersionID)
		if err != nil {
			return nil, err
		}
		if stage, i := v.Stage(st.StageID); i >= 0 {
			names[stage.ID] = stage.Name
		}
	}
	return names, nil
}

// PipelineNames are what stages are called in lists.
func (s *Service) PipelineNames(ctx context.Context, a org.Actor) (n pipeline.Names, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		n, err = s.Pipelines.Names(ctx, tx, a.TenantID)
		return err
	})
	return n, err
}
