package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// PhaseStay is how long an open record has stood in the phase (early, middle, late) of its
// stage: over the stays in a row whose stages are of that phase, whichever the pipeline. A
// return into an earlier phase begins it anew, and so does a reopening.
type PhaseStay struct {
	Phase       pipeline.Phase        `json:"phase" enum:"early,middle,late"`
	Since       calendar.Date         `json:"since" doc:"the day its first stay was entered, or where that is unknown written down"`
	WorkingDays int                   `json:"workingDays"`
	AtLeast     bool                  `json:"atLeast" doc:"it runs from the day it was written down: it may be longer"`
	Uncertain   []calendar.YearStatus `json:"uncertain" doc:"years that were counted without certain holidays"`
}

// phaseStay derives it from the live stays; nil for what is not open. phase tells the phase
// of a stay's stage.
func phaseStay(counted []Stay, phase func(Stay) pipeline.Phase, today calendar.Date, cal calendar.Calendar) *PhaseStay {
	i := len(counted) - 1
	if i < 0 || counted[i].State != Open {
		return nil
	}
	p := PhaseStay{Phase: phase(counted[i])}
	for i > 0 && counted[i-1].State == Open && phase(counted[i-1]) == p.Phase {
		i--
	}
	p.Since, p.AtLeast = counted[i].day(), counted[i].EnteredOn == ""
	p.WorkingDays = max(0, cal.WorkingDaysBetween(p.Since, today))
	p.Uncertain = append([]calendar.YearStatus{}, cal.Uncertain(p.Since, today)...)
	return &p
}

// phaseOf reads the stay of a record's phase. A stage is of the phase that the version the
// record is in says; one that is gone from it counts as what the mappings make of it, and
// one of another pipeline as its own version says.
func (s *Service) phaseOf(ctx context.Context, tx database.Tx, a org.Actor, r *Record) (_ *PhaseStay, err error) {
	path, stays := pipeline.NewPath(r.Pipeline, r.versions), r.Stays
	own := map[string]pipeline.Version{}
	for _, st := range stays {
		if _, known := own[st.VersionID]; known {
			continue
		}
		if own[st.VersionID], err = s.Pipelines.Version(ctx, tx, a.TenantID, st.VersionID); err != nil {
			return nil, err
		}
	}
	phase := func(st Stay) pipeline.Phase {
		if at, ok := path.Of(st.VersionID, st.StageID); ok && at.Image >= 0 {
			return path.Rungs[at.Image].Phase
		}
		stage, _ := own[st.VersionID].Stage(st.StageID)
		return stage.Phase
	}
	return phaseStay(live(stays), phase, a.Today, s.Calendar(a.TenantID)), nil
}
