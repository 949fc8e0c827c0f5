package app_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// TestAFunnelIsSplitByFieldsOfOnesOwn: deals count under what they hold, none beside, and each group opens to its deals.
func TestAFunnelIsSplitByFieldsOfOnesOwn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		rng := rand.New(rand.NewPCG(4, 12))
		for _, f := range []field.Field{{Key: "channel", Label: "渠道", Type: field.Choice, Options: []string{"直销", "代理"}},
			{Key: "presales", Label: "售前", Type: field.Person}, {Key: "note", Label: "备注", Type: field.Text}} {
			f.Record = "opportunity"
			_, err := w.Fields.Define(w.Ctx, w.As("管理员"), f)
			noError(t, err)
		}
		presales := w.As("陈露").MemberID
		want := map[funnel.GroupBy]map[string]int{"own:channel": {}, "own:presales": {}}
		for range 30 {
			o := w.Opportunity("陈露", "商机")
			channel, person, name := []string{"", "直销", "代理"}[rng.IntN(3)], "", ""
			if rng.IntN(2) == 0 {
				person, name = presales, "陈露"
			}
			_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{Custom: field.Values{"channel": channel, "presales": person}})
			noError(t, err)
			want["own:channel"][channel]++
			want["own:presales"][name]++
		}
		for group, wanted := range want {
			asked(t, w, "总监", funnel.Ask{Group: group}, func(source string, r funnel.Report) {
				got := map[string]int{}
				for _, g := range r.Groups {
					got[g.Key] = int(g.Population.Created)
					_, n, err := sources(w)[source].Records(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: w.Bid.PipelineID, Group: group},
						funnel.Measure{Name: "created", Key: &g.ID}, 0, 50)
					if err != nil || n != g.Population.Created {
						t.Errorf("%s, %s %q opens to %d, %v", source, group, g.Key, n, err)
					}
				}
				if fmt.Sprint(got) != fmt.Sprint(wanted) {
					t.Errorf("%s, by %s: %v, want %v", source, group, got, wanted)
				}
			})
		}
		for _, unknown := range []funnel.GroupBy{"own:note", "own:nothing", "own:", "phase of the moon"} {
			_, err := w.Funnel.Report(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: w.Bid.PipelineID, Group: unknown})
			if fault.CodeOf(err) != "report.group_unknown" {
				t.Errorf("%s: %v", unknown, err)
			}
		}
	})
}
