package upgrade_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// explained are the figures that differ from the released program's, by their place, and
// the corrected definition that makes them differ.
var explainedFigures = []struct{ place, why string }{}

// shown asks this program what the released one was asked.
func shown(t *testing.T, db *database.DB) map[string]any {
	t.Helper()
	f := figures(t)
	w := apptest.Reopen(t, db, func() time.Time { return upgraded })
	a, err := w.Org.Actor(t.Context(), f.Tenant, f.IDs["总监"], "form")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	get := func(name string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(name, err)
		}
		out[name] = v
	}
	ask := funnel.Ask{Pipeline: "投标流程"}
	r, err := w.Funnel.Report(t.Context(), a, ask)
	get("report", r, err)
	for _, g := range []funnel.GroupBy{funnel.ByOwner, funnel.ByTeam} {
		in := ask
		in.Group = g
		r, err := w.Funnel.Report(t.Context(), a, in)
		get("report."+string(g), r.Groups, err)
	}
	trend, err := w.Funnel.Trend(t.Context(), a, ask, "month", 3)
	get("trend", trend, err)
	c, err := w.Funnel.Cohorts(t.Context(), a, ask, "", "")
	get("cohorts", c, err)
	for _, m := range [][2]calendar.Date{{"2026-03-01", "2026-04-01"}, {"2026-04-01", "2026-05-01"}, {"2026-05-01", "2026-06-01"}} {
		in := ask
		in.From, in.To = m[0], m[1]
		fall, err := w.Funnel.Waterfall(t.Context(), a, in)
		get("waterfall."+m[0].Month(), fall, err)
	}
	_, totals, err := w.Opportunities.List(t.Context(), a, opportunity.Filter{}, page.Request{Sort: "name"}, w.Funnel)
	get("totals", totals, err)
	_, totals, err = w.Opportunities.List(t.Context(), a, opportunity.Filter{Deleted: true}, page.Request{Sort: "name"}, w.Funnel)
	get("totals.deleted", totals, err)
	return out
}

func TestFiguresAreAsTheyWereOrExplained(t *testing.T) {
	raw, err := os.ReadFile("testdata/v5.figures.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, db *database.DB) {
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(shown(t, db))
		var got map[string]any
		if err == nil {
			err = json.Unmarshal(body, &got)
		}
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for name, now := range got {
			for _, d := range differences(name, want[name], now) {
				at := slices.IndexFunc(explainedFigures, func(x struct{ place, why string }) bool { return strings.HasPrefix(d, x.place) })
				if at < 0 {
					t.Error(d)
					continue
				}
				used[explainedFigures[at].place] = true
			}
		}
		for _, x := range explainedFigures {
			if !used[x.place] {
				t.Errorf("%s is explained and does not differ", x.place)
			}
		}
	})
}

// differences lists where two answers differ, "place: old, new"; what the old one had not is
// no difference.
func differences(place string, want, got any) (out []string) {
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for k, v := range w {
			out = append(out, differences(place+"."+k, v, g[k])...)
		}
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			return []string{fmt.Sprintf("%s: %d, %d of them: %v", place, len(w), len(g), g)}
		}
		for i := range w {
			key := fmt.Sprint(i)
			if m, ok := w[i].(map[string]any); ok {
				for _, name := range []string{"name", "key", "month", "stage", "from"} {
					if s, ok := m[name].(string); ok {
						key = s
						break
					}
				}
			}
			out = append(out, differences(place+"["+key+"]", w[i], g[i])...)
		}
	default:
		if want != got {
			out = append(out, fmt.Sprintf("%s: %v, %v", place, want, got))
		}
	}
	return out
}
