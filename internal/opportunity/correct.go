package opportunity

import (
	"context"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// ChangePipeline moves a record into the first stage of another pipeline: the old
// one counts it as taken out.
func (s *Service) ChangePipeline(ctx context.Context, a org.Actor, id, pipelineID, reason string) (o Opportunity, err error) {
	if err := a.Need(org.OppWrite); err != nil {
		return o, err
	}
	if strings.TrimSpace(reason) == "" {
		return o, fault.Input("/reason", "pipeline.reason_required", "say why the pipeline changes")
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		if o, err = s.take(ctx, tx, a, a.Write, id); err != nil {
			return err
		}
		if o.State != Open {
			return fault.New(fault.Conflict, "opportunity.closed", "the opportunity is closed; reopen it first")
		}
		v, err := s.pipelineFor(ctx, tx, a, pipelineID)
		if err != nil {
			return err
		}
		if v.PipelineID == o.PipelineID {
			return fault.New(fault.Conflict, "pipeline.same_pipeline", "already in this pipeline")
		}
		return s.switchStage(ctx, tx, a, &o, v, v.First().ID, pipeline.Change, reason)
	})
	return o, err
}

// switchStage ends the present stay and begins one in another version, as a change
// of pipeline or a remap; neither resets a clock.
func (s *Service) switchStage(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, v pipeline.Version, stage string, move pipeline.Move, reason string) error {
	stays, err := s.Rows.Stays(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	counted := live(stays)
	last := counted[len(counted)-1]
	from, pipelineWas := o.StageID, o.PipelineID
	if stage != last.StageID {
		on := max(a.Today, last.EnteredOn)
		next := Stay{Ord: stays[len(stays)-1].Ord + ordStep, ID: record.NewID(a.Now), PipelineID: v.PipelineID, VersionID: v.ID, StageID: stage, State: Open, Move: move,
			EnteredOn: on, EnteredAt: &a.Now, RecordedAt: a.Now, RecordedOn: a.Today, MemberID: a.Effective(), Reason: text.Fold(reason)}
		last.LeftOn, last.LeftAt, last.LeftMove = on, &a.Now, move
		if err := s.Rows.LeaveStay(ctx, tx, a.TenantID, o.ID, last); err != nil {
			return err
		}
		if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{o.ID: {next}}); err != nil {
			return err
		}
		o.EnteredOn = on
	}
	o.PipelineID, o.VersionID, o.StageID = v.PipelineID, v.ID, stage
	o.Version++
	if err := s.Rows.Save(ctx, tx, a.TenantID, *o); err != nil {
		return err
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(o.ID), Kind: "opportunity.moved", On: a.Today, Payload: map[string]any{
		"move": move, "from": from, "to": stage, "was": Open, "state": Open, "pipelineWas": pipelineWas, "pipelineId": v.PipelineID, "versionId": v.ID}})
	return nil
}

// Remap takes open records over to a new version of their pipeline: a stay in the
// same stage goes on, any other ends as "remapped". Implements pipeline.Remapper.
func (s *Service) Remap(ctx context.Context, tx database.Tx, a org.Actor, to pipeline.Version, mapping map[string]string, limit int) (int, error) {
	ids, err := s.Rows.InVersion(ctx, tx, a.TenantID, to.PipelineID, to.ID, limit)
	if err != nil {
		return 0, err
	}
	if err := s.alone(ctx, tx, a, ids); err != nil {
		return 0, err
	}
	for _, id := range ids {
		o, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
		if err != nil {
			return 0, err
		}
		stage := o.StageID
		if _, i := to.Stage(stage); i < 0 {
			stage = mapping[stage]
		}
		if err := s.switchStage(ctx, tx, a, &o, to, stage, pipeline.Remap, ""); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// CorrectStay voids the present stay and puts one with another day in its place;
// the voided one remains readable and is in no figure.
func (s *Service) CorrectStay(ctx context.Context, a org.Actor, id string, on calendar.Date, reason string) (o Opportunity, err error) {
	if err := a.Need(org.OppWrite); err != nil {
		return o, err
	}
	if strings.TrimSpace(reason) == "" {
		return o, fault.Input("/reason", "pipeline.reason_required", "say what was wrong")
	}
	if err := a.CheckDate("/on", on, reason); err != nil {
		return o, err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		if o, err = s.take(ctx, tx, a, a.Write, id); err != nil {
			return err
		}
		stays, err := s.Rows.Stays(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		counted := live(stays)
		wrong := counted[len(counted)-1]
		if len(counted) > 1 {
			before := counted[len(counted)-2]
			if before.EnteredOn > on {
				return fault.Input("/on", "opportunity.before_stage", "the stage before was entered later than that day").With("enteredOn", string(before.EnteredOn))
			}
			before.LeftOn, before.LeftAt = on, nil
			if err := s.Rows.LeaveStay(ctx, tx, a.TenantID, id, before); err != nil {
				return err
			}
		}
		if err := s.Rows.VoidStay(ctx, tx, a, id, wrong.Ord); err != nil {
			return err
		}
		right := wrong
		right.Ord, right.ID, right.EnteredOn, right.EnteredAt = stays[len(stays)-1].Ord+1, record.NewID(a.Now), on, nil
		right.RecordedAt, right.RecordedOn, right.MemberID, right.Reason = a.Now, a.Today, a.Effective(), text.Fold(reason)
		if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{id: {right}}); err != nil {
			return err
		}
		if o.ProgressOn == wrong.EnteredOn {
			o.ProgressOn = on
		}
		o.EnteredOn = on
		if o.State != Open {
			o.ClosedOn = on
		}
		o.Version++
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: "opportunity.stay_corrected", On: on, Payload: map[string]any{
			"voided": wrong.ID, "stayId": right.ID, "stageId": right.StageID, "enteredOn": []calendar.Date{wrong.EnteredOn, on}}})
		return s.Rows.Save(ctx, tx, a.TenantID, o)
	})
	return o, err
}
