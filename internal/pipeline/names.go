package pipeline

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Names are what the company's pipelines, stages and milestones are called. What is gone
// from the version in force keeps the name it had last.
type Names struct {
	Pipelines map[string]string
	Stages    map[string]string

	milestones map[milestoneKey]string
}

type milestoneKey struct{ stage, key string }

// Milestone is what a milestone of a stage is called.
func (n Names) Milestone(stage, key string) string { return n.milestones[milestoneKey{stage, key}] }

// Names reads them from every version there ever was.
func (s *Service) Names(ctx context.Context, tx database.Tx, tenant string) (Names, error) {
	n := Names{map[string]string{}, map[string]string{}, map[milestoneKey]string{}}
	all, err := s.list(ctx, tx, tenant)
	if err != nil {
		return n, err
	}
	versions, reads := make([][]Version, len(all)), make([]func(database.Tx) error, len(all))
	for i, p := range all {
		reads[i] = func(tx database.Tx) (err error) { versions[i], err = s.Versions(ctx, tx, tenant, p.ID); return err }
	}
	if err := tx.Abreast(ctx, reads...); err != nil {
		return n, err
	}
	for i, p := range all {
		inForce, err := s.Version(ctx, tx, tenant, p.VersionID)
		if err != nil {
			return n, err
		}
		n.Pipelines[p.ID] = inForce.Name
		for _, v := range append(versions[i], inForce) { // a name published for later is not yet one
			n.add(v)
		}
	}
	return n, nil
}

func (n Names) add(v Version) {
	for _, st := range v.Stages {
		n.Stages[st.ID] = st.Name
		for _, m := range st.Milestones {
			n.milestones[milestoneKey{st.ID, m.Key}] = m.Name
		}
	}
}

// StageNames are the names of every stage there ever was, by id: a saved view may ask for
// one that is gone.
func (s *Service) StageNames(ctx context.Context, a org.Actor) (map[string]string, error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return nil, err
	}
	var n Names
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		n, err = s.Names(ctx, tx, a.TenantID)
		return err
	})
	return n.Stages, err
}

// Called tells what pipelines are called, to who may see them (audit.Called).
func (s *Service) Called(ctx context.Context, tx database.Tx, a org.Actor, _ []string) (map[string]string, error) {
	if !a.Can(org.PipelineRead) {
		return nil, nil
	}
	n, err := s.Names(ctx, tx, a.TenantID)
	return n.Pipelines, err
}
