package opportunityimport

import (
	"context"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// suggestDeals finds, beyond the columns' names, the pipeline, a date column for each of its open
// stages, and what the file calls them.
func (i Importer) suggestDeals(ctx context.Context, tx database.Tx, a org.Actor, f *intake.FileSpec, s *intake.Sample) error {
	v, err := i.choosePipeline(ctx, tx, a, s.Values(f.Columns["stage"].Column))
	if err != nil || v.Name == "" {
		return err
	}
	f.Pipeline = v.Name
	stageColumns(f, v, s)
	translate(f, "stage", v, s)
	return nil
}

// suggestEvents finds the pipeline the activities are stages of.
func (i Importer) suggestEvents(ctx context.Context, tx database.Tx, a org.Actor, f *intake.FileSpec, s *intake.Sample) error {
	v, err := i.choosePipeline(ctx, tx, a, s.Values(f.Columns["activity"].Column))
	if err != nil || v.Name == "" {
		return err
	}
	f.Pipeline = v.Name
	translate(f, "activity", v, s)
	return nil
}

// choosePipeline takes the pipeline most of whose stage names are in the file, none where the
// company has none.
func (i Importer) choosePipeline(ctx context.Context, tx database.Tx, a org.Actor, values []string) (pipeline.Version, error) {
	versions, err := i.Pipelines.InForceIn(ctx, tx, a.TenantID)
	best, score := pipeline.Version{}, -1
	for _, v := range versions {
		hits := 0
		for _, text := range values {
			if _, ok := v.StageNamed(text); ok {
				hits++
			}
		}
		if hits > score {
			best, score = v, hits
		}
	}
	return best, err
}

// translate says which stages the texts of a column mean.
func translate(f *intake.FileSpec, column string, v pipeline.Version, s *intake.Sample) {
	if c, ok := f.Columns[column]; ok {
		c.Values = stageValues(s.Values(c.Column), v)
		f.Columns[column] = c
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

var wonWords = []string{"won", "closed won", "赢单", "中标", "成交", "已签约", "签约", "成功"}
var lostWords = []string{"lost", "loss", "closed lost", "丢单", "输单", "失败", "未中标", "流失"}

// stageValues translates the stage names a file uses, where they are not the
// pipeline's own.
func stageValues(values []string, v pipeline.Version) map[string]string {
	out := map[string]string{}
	for _, text := range values {
		if _, ok := v.StageNamed(text); ok {
			continue
		}
		key := intake.HeaderKey(text)
		for _, w := range wonWords {
			if key == w {
				out[text] = v.OfKind(pipeline.Won).Name
			}
		}
		for _, w := range lostWords {
			if key == w {
				out[text] = v.OfKind(pipeline.Lost).Name
			}
		}
	}
	return out
}
