package pipeline

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Replays plays what is said about pipelines and their versions. A pipeline's name, which is
// no part of the journal and must be one of its kind, is the id.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"pipeline.published": org.Since(2, org.Play(s.playPublished))}
}

func (s *Service) playPublished(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Published) error {
	v := Version{ID: p.VersionID, PipelineID: e.Subject.ID, Name: e.Subject.ID, Number: p.Number, Effective: e.HappenedOn,
		Stages: p.Stages, Mapping: p.Mapping}
	if v.Number == 1 {
		if err := s.Rows.InsertPipeline(ctx, tx, a.TenantID, v, a.Now); err != nil {
			return err
		}
	}
	return s.insertVersion(ctx, tx, a, v, database.Seq(e.Seq))
}
