package opportunityimport

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/intake/form"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelineimport"
	"yunchou/internal/text"
)

// suggestDeals finds, beyond the columns' names, which column says how deals ended, the pipeline, a date column for each of its open
// stages, and what the file calls them.
func (i Importer) suggestDeals(ctx context.Context, tx database.Tx, a org.Actor, f *intake.FileSpec, s *intake.Sample) error {
	if _, each := f.Columns["pipeline"]; each { // its rows say which
		return nil
	}
	i.suggestOutcome(f, s)
	v, err := i.suggestPipeline(ctx, tx, a, f, s, "stage")
	if err == nil && v.Name != "" {
		stageColumns(f, v, s)
	}
	return err
}

// suggestEvents finds the pipeline the activities are stages of.
func (i Importer) suggestEvents(ctx context.Context, tx database.Tx, a org.Actor, f *intake.FileSpec, s *intake.Sample) error {
	_, err := i.suggestPipeline(ctx, tx, a, f, s, "activity")
	return err
}

// suggestPipeline takes the pipeline that knows most of the file's stages, and translates what it does
// not; where none knows half of them, one is made of the file's own.
func (i Importer) suggestPipeline(
	ctx context.Context, tx database.Tx, a org.Actor, f *intake.FileSpec, s *intake.Sample, column string,
) (v pipeline.Version, err error) {
	c, ok := f.Columns[column]
	if !ok {
		return v, nil
	}
	versions, err := i.Pipelines.InForceIn(ctx, tx, a.TenantID)
	if err != nil {
		return v, err
	}
	stages := stated(s, c.Column, column == "activity")
	v, hits := bestOf(versions, stages)
	own, values := pipelineimport.Propose(unlike(pipelineName(f.Match), versions), stages)
	if own != nil {
		s.Propose(own, values)
	}
	way := 0
	for _, st := range stages {
		end, known := v.StageNamed(st.Name)
		if pipelineimport.KindOf(st.Name) == "" && !(known && end.Kind != pipeline.Open) {
			way++
		}
	}
	if own != nil && 2*hits < way {
		f.Pipeline, c.Values = own.Name, values
		f.Columns[column] = c
		return pipeline.Version{}, nil
	}
	if v.Name != "" {
		f.Pipeline, c.Values = v.Name, stageValues(stages, v)
		f.Columns[column] = c
	}
	return v, nil
}

// stated are the stages a column speaks of, of a file of deals as they appear, of a log the most frequent
// first: every deal begins, fewer go on.
func stated(s *intake.Sample, column string, frequent bool) (out []pipelineimport.Stated) {
	counts := map[string]int64{}
	for _, v := range s.Counted(column) {
		counts[v.Value] = v.Count
		if frequent {
			out = append(out, pipelineimport.Stated{Name: v.Value, Count: v.Count})
		}
	}
	if !frequent {
		for _, text := range s.Values(column) {
			out = append(out, pipelineimport.Stated{Name: text, Count: counts[text]})
		}
	}
	return slices.DeleteFunc(out, func(x pipelineimport.Stated) bool { return form.Nothing(x.Name) })
}

// bestOf takes the pipeline most of whose open stages the file speaks of, of two alike the one that
// knows more of how its deals end.
func bestOf(versions []pipeline.Version, stages []pipelineimport.Stated) (best pipeline.Version, hits int) {
	most := -1
	for _, v := range versions {
		open, all := 0, 0
		for _, s := range stages {
			if st, ok := v.StageNamed(s.Name); ok {
				all++
				if st.Kind == pipeline.Open {
					open++
				}
			}
		}
		if 100*open+all > most {
			best, hits, most = v, open, 100*open+all
		}
	}
	return best, hits
}

// pipelineName is what a pipeline made of a file's stages is called.
func pipelineName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	for len(name) > 60 {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return name
}

// unlike gives a name no pipeline has.
func unlike(name string, versions []pipeline.Version) string {
	for n := 1; ; n++ {
		tried := name
		if n > 1 {
			tried += " " + strconv.Itoa(n)
		}
		if !slices.ContainsFunc(versions, func(v pipeline.Version) bool { return text.Match(v.Name) == text.Match(tried) }) {
			return tried
		}
	}
}

// stageColumns finds a date column for each open stage by its name.
func stageColumns(f *intake.FileSpec, v pipeline.Version, s *intake.Sample) {
	for _, st := range v.Stages {
		if st.Kind != pipeline.Open {
			continue
		}
		for i, h := range s.Header {
			key := intake.HeaderKey(h)
			name := intake.HeaderKey(st.Name)
			if strings.HasPrefix(key, name) && key != name && saysDay(key) && s.Take(i) {
				f.Columns["entered."+st.Name] = intake.Cell{Column: strings.TrimSpace(h)}
				break
			}
		}
	}
}

// saysDay tells whether a column's name says that it holds days.
func saysDay(key string) bool {
	return strings.Contains(key, "date") || strings.Contains(key, "日期") || strings.Contains(key, "时间") || strings.HasSuffix(key, " on")
}

// stageValues translates the stage names a file uses, where they are not the pipeline's own.
func stageValues(stages []pipelineimport.Stated, v pipeline.Version) map[string]string {
	out := map[string]string{}
	for _, s := range stages {
		if _, ok := v.StageNamed(s.Name); ok {
			continue
		}
		switch kind, loss := pipelineimport.KindOf(s.Name), pipelineimport.LossOf(s.Name); {
		case loss != "":
			out[s.Name] = "lost:" + loss
		case kind == string(pipeline.Won), kind == string(pipeline.Lost):
			out[s.Name] = v.OfKind(pipeline.Kind(kind)).Name
		case kind == "withdrawn":
			out[s.Name] = kind
		}
	}
	return out
}
