package guidance_test

import (
	"fmt"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// TestWhereHelpIsNeeded: who leads others that lead sees the oldest open calls below him, and nobody else sees any.
func TestWhereHelpIsNeeded(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		team, err := w.Org.AddTeam(w.Ctx, w.As("管理员"), "", "西区", w.ID["公司"], "华东", org.Start)
		must(t, err)
		w.AddMember("西总", team.ID, true, org.Director)
		at(t, w, "2026-03-02 10:00")
		on := deal(w)
		first := ask(t, w, "陈露", guidance.Help, on, "", "能否调 FAE 两天？")
		ask(t, w, "陈露", guidance.Question, on, "蒋跃", "降不降？")
		calls := func(who string) []guidance.Call {
			t.Helper()
			list, err := w.Guidance.Calls(w.Ctx, w.As(who))
			must(t, err)
			return list
		}
		at(t, w, "2026-03-02 16:30") // two hours to noon, three and a half from 13:00
		if got := calls("总监"); len(got) != 1 || got[0].ID != first.ID || got[0].Waited != 330 || got[0].Thread.OnName != "二期改造" {
			t.Errorf("the director's: %+v", got)
		}
		for _, who := range []string{"蒋跃", "何峰", "陈露", "周涛", "西总", "管理员"} {
			if got := calls(who); len(got) != 0 {
				t.Errorf("%s leads nobody who leads, and is shown %d", who, len(got))
			}
		}
		at(t, w, "2026-03-03 10:00")
		fire(t, w) // it climbs to the director, and is open still
		asked := []string{first.ID}
		other := opportunity.Ref(w.Opportunity("周涛", "样机").ID)
		for n := range 6 {
			who, about := "陈露", on
			if n%2 == 1 {
				who, about = "周涛", other
			}
			asked = append(asked, ask(t, w, who, guidance.Help, about, "", fmt.Sprint("帮我 ", n)).ID)
		}
		ids := func(list []guidance.Call) (out []string) {
			for _, c := range list {
				out = append(out, c.ID)
			}
			return out
		}
		if got := ids(calls("总监")); fmt.Sprint(got) != fmt.Sprint(asked[:5]) {
			t.Errorf("the oldest five: %v, want %v", got, asked[:5])
		}
		answer(t, w, "总监", first, "明天派人")
		_, err = w.Guidance.Recall(w.Ctx, w.As("陈露"), asked[1])
		must(t, err)
		if got := ids(calls("总监")); fmt.Sprint(got) != fmt.Sprint(asked[2:]) {
			t.Errorf("those that are open: %v, want %v", got, asked[2:])
		}
	})
}
