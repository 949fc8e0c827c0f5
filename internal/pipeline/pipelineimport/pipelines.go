// Package pipelineimport makes the pipelines a mapping of an import states, and finds the one
// the records of a file go to. It reads no files of its own.
package pipelineimport

import (
	"fmt"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
	"yunchou/internal/pipeline"
	"yunchou/internal/text"
)

// Importer implements intake.Importer.
type Importer struct{ Pipelines *pipeline.Service }

// Kinds are none.
func (Importer) Kinds() []intake.Kind { return nil }

// Pipelines are what records of a run go to.
type Pipelines struct {
	run      *intake.Run
	service  *pipeline.Service
	versions map[string]pipeline.Version // by match key
}

// Begin makes the pipelines the mapping states where the company has none of the name.
func (i Importer) Begin(r *intake.Run) (intake.Part, error) {
	p := &Pipelines{r, i.Pipelines, map[string]pipeline.Version{}}
	existing := map[string]bool{}
	err := r.DB.Read(r.Ctx, func(tx database.Tx) error {
		all, err := p.service.InForceIn(r.Ctx, tx, r.Actor.TenantID)
		for _, v := range all {
			existing[text.Match(v.Name)] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, spec := range r.Mapping.Pipelines {
		if existing[text.Match(spec.Name)] {
			continue
		}
		if err := p.add(versionOf(spec)); fault.CodeOf(err) == "pipeline.name_taken" {
			continue // somebody else made it in the meantime
		} else if err != nil {
			return nil, err
		}
		r.Sum.Created["pipeline"]++
	}
	return p, nil
}

// add makes a pipeline; a dry run remembers it.
func (p *Pipelines) add(v pipeline.Version) error {
	if !p.run.DryRun {
		_, err := p.service.Create(p.run.Ctx, p.run.Actor, v)
		return err
	}
	for i := range v.Stages {
		v.Stages[i].ID = fmt.Sprintf("new-%d", i)
	}
	p.versions[text.Match(v.Name)] = v
	return v.Check()
}

// Of returns the version of the pipeline a file's records go to: the one the mapping names, the
// only one it states, or the company's default. Fault: mapping.pipeline_unknown.
func (p *Pipelines) Of(t *intake.Table) (pipeline.Version, error) {
	v, err := p.of(t)
	if err == nil && !p.run.DryRun {
		t.GoesInto(v.PipelineID)
	}
	return v, err
}

func (p *Pipelines) of(t *intake.Table) (pipeline.Version, error) {
	r, name := p.run, t.Spec.Pipeline
	if name == "" && len(r.Mapping.Pipelines) == 1 {
		name = r.Mapping.Pipelines[0].Name
	}
	if v, ok := p.versions[text.Match(name)]; ok {
		return v, nil
	}
	var v pipeline.Version
	err := r.DB.Read(r.Ctx, func(tx database.Tx) (err error) {
		if name == "" {
			v, err = p.service.Default(r.Ctx, tx, r.Actor.TenantID)
			return err
		}
		v, err = p.service.Current(r.Ctx, tx, r.Actor.TenantID, name)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Invalid, "mapping.pipeline_unknown", "%s: there is no pipeline %q; describe it under pipelines",
				t.Spec.Match, name).With("pipeline", name)
		}
		return err
	})
	p.versions[text.Match(name)] = v
	return v, err
}

// Named is the pipeline a row names, in force or of this dry run. Fault: pipeline.unknown.
func (p *Pipelines) Named(name string) (pipeline.Version, error) {
	r, key := p.run, text.Match(name)
	if v, ok := p.versions[key]; ok {
		return v, nil
	}
	var v pipeline.Version
	err := r.DB.Read(r.Ctx, func(tx database.Tx) (err error) {
		v, err = p.service.Current(r.Ctx, tx, r.Actor.TenantID, name)
		return err
	})
	if err == nil {
		p.versions[key] = v
	}
	return v, err
}

// End has records go over to a version that came into force while the import ran.
func (p *Pipelines) End() error { return p.service.TakeOver(p.run.Ctx, p.run.Actor) }

// versionOf turns the short form into a pipeline.
func versionOf(p intake.PipelineSpec) pipeline.Version {
	v := pipeline.Version{Name: p.Name}
	for _, s := range p.Stages {
		st := pipeline.Stage{Name: s.Name, Kind: pipeline.Kind(s.Kind), Phase: pipeline.Phase(s.Phase),
			SuccessBP: int(s.Success*100 + 0.5), StandardDays: s.Standard, MaxDays: s.Max, Qualified: s.Qualified, AllowSkip: s.Skip}
		switch st.Kind {
		case pipeline.Open:
			st.AllowReturn = true
		case pipeline.Won:
			st.SuccessBP, st.Category = 10000, pipeline.Closed
		case pipeline.Lost:
			st.SuccessBP, st.Category = 0, pipeline.Omitted
		}
		v.Stages = append(v.Stages, st)
	}
	return v
}
