package app_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// What another process writes counts in the next request of this one, whatever is kept in memory: the
// company and what it chose, its calendar, its pipelines and their versions, who sits where, who is signed in.
func TestWhatAnotherProcessWritesCountsAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		other := app.New(db, t.TempDir(), w.Log, w.Clock.Now)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-05-08")
		w.Move("管理员", o.ID, "入围", apptest.Exception)
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret))
		token, session, err := w.SignIn("chenlu", secret)
		must(t, err)

		report := func(on *app.App) string {
			a, err := on.Org.Actor(w.Ctx, w.Admin.TenantID, w.Admin.MemberID, "form")
			must(t, err)
			r, err := on.Funnel.Report(w.Ctx, a, funnel.Ask{Pipeline: w.Bid.PipelineID})
			must(t, err)
			text, err := json.Marshal([]any{r.Stages, r.UnlikeTax, r.Uncertain})
			must(t, err)
			return string(text)
		}
		names := func(on *app.App) []string {
			n, err := on.Pipelines.StageNames(w.Ctx, w.As("管理员"))
			must(t, err)
			return slices.Sorted(maps.Values(n))
		}
		signedIn := func(on *app.App) org.Actor {
			_, a, err := on.Identity.Authenticate(w.Ctx, token, "form")
			must(t, err)
			return a
		}
		boss := func() org.Actor { // as the other process knows him
			a, err := other.Org.Actor(w.Ctx, w.Admin.TenantID, w.Admin.MemberID, "form")
			must(t, err)
			return a
		}
		same := func(after string) {
			t.Helper()
			if a, b := report(w.App), report(app.New(db, t.TempDir(), w.Log, w.Clock.Now)); a != b {
				t.Errorf("after %s this process says\n%s\nand one that has nothing in memory\n%s", after, a, b)
			}
		}
		was, knew := report(w.App), len(names(w.App))
		signedIn(w.App)
		changed := func(after string) {
			t.Helper()
			same(after)
			now := report(w.App)
			if now == was {
				t.Errorf("%s changed nothing", after)
			}
			was = now
		}

		must(t, other.Org.SaveSettings(w.Ctx, boss(), org.Settings{Name: "别名", WorkCalendar: org.Weekends}))
		changed("another calendar")
		if a := signedIn(w.App); a.Company.Name != "别名" || a.Company.WorkCalendar != org.Weekends {
			t.Errorf("signed in at %+v", a.Company)
		}
		must(t, other.Org.SaveSettings(w.Ctx, boss(), org.Settings{Name: "别名", WorkCalendar: org.ChinaCalendar, SumsWithTax: true}))
		changed("the calendar of holidays again, and sums with tax")
		_, err = other.Org.LoadHolidays(w.Ctx, boss(), []byte(`{"year":2026,"papers":[],"days":[{"name":"假","date":"2026-03-04","isOffDay":true}]}`))
		must(t, err)
		changed("another year of holidays")

		draft, err := other.Pipelines.Get(w.Ctx, boss(), w.Bid.PipelineID)
		must(t, err)
		base := draft.ID
		draft.Stages = append([]pipeline.Stage{}, draft.Stages...)
		draft.Stages[0].Name = "初识"
		_, err = other.Pipelines.Publish(w.Ctx, boss(), draft.PipelineID, base, draft, nil)
		must(t, err)
		changed("another version of the pipeline")
		fresh := draft
		fresh.Name, fresh.Stages = "新流程", pipeline.Distributor(true).Stages
		_, err = other.Pipelines.Create(w.Ctx, boss(), fresh)
		must(t, err)
		if len(names(w.App)) <= knew {
			t.Errorf("%d stages are known after another pipeline, %d before", len(names(w.App)), knew)
		}
		got, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		must(t, err)
		again, err := other.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		must(t, err)
		if !reflect.DeepEqual(got, again) {
			t.Errorf("a record here %+v\nand there %+v", got, again)
		}

		must(t, other.Org.SetRole(w.Ctx, boss(), w.ID["陈露"], org.Admin, nil, nil))
		if a := signedIn(w.App); !a.Can(org.SettingsEdit) {
			t.Error("a role given by another process counts for nothing")
		}
		must(t, other.Identity.SignOut(w.Ctx, signedIn(other), session.ID))
		if _, _, err := w.Identity.Authenticate(w.Ctx, token, "form"); err == nil {
			t.Error("a session another process ended goes on")
		}
	})
}
