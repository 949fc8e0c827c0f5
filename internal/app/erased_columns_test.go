package app_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
)

// TestWhoIsErasedIsInNoColumn: a person who is taken out of a deal's source, of a choice among the
// company's own fields and of a competitor's name is so in memory too, and in the file of the columns.
func TestWhoIsErasedIsInNoColumn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Engine.Dir = t.TempDir()
		boss, rng := w.As("管理员"), rand.New(rand.NewPCG(1, 1))
		for _, record := range []string{"opportunity", "account"} {
			_, err := w.Fields.Define(w.Ctx, boss, field.Field{Record: record, Label: "介绍人", Key: "by", Type: field.Choice, Options: []string{erasedName, "展会"}})
			must(t, err)
		}
		c, err := w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: erasedName, AccountID: w.Account})
		must(t, err)
		customer, err := w.Accounts.Create(w.Ctx, boss, account.Account{Name: "恒通", Custom: field.Values{"by": erasedName}}, false)
		must(t, err)
		o := w.Opportunity("陈露", "二期改造")
		source := erasedName + "介绍"
		o, err = w.Opportunities.Edit(w.Ctx, boss, o.ID, o.Version, opportunity.Patch{Source: &source, Custom: field.Values{"by": erasedName}})
		must(t, err)
		must(t, w.Opportunities.SetCompetitors(w.Ctx, boss, o.ID, 0, []string{erasedName + "工作室"}))
		rivals, err := w.Accounts.Competitors(w.Ctx, boss)
		must(t, err)
		_, err = w.Opportunities.Move(w.Ctx, boss, o.ID, opportunity.MoveRequest{To: w.Bid.OfKind(pipeline.Lost).ID, LossKind: "competitor", Competitor: rivals[0].Name, Reason: "价高"})
		must(t, err)
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID}
		same := func() {
			t.Helper()
			for _, f := range []opportunity.Filter{{Source: source}, {Source: "***介绍"}, {Custom: map[string]string{"by": erasedName}}} {
				sameList(t, w, rng, boss, f)
			}
			memory := reference(w.App)
			memory.Source = w.Engine
			if want, got := answer(t, reference(w.App), boss, ask), answer(t, memory, boss, ask); want != got {
				t.Errorf("SQL\n%s\nmemory\n%s", want, got)
			}
			f, p := account.Filter{Custom: map[string]string{"by": erasedName}}, page.Request{Limit: 9}
			got, _, err := accountsFrom(w, boss, f, p)
			must(t, err)
			memoryOf := w.Accounts.Memory
			w.Accounts.Memory = nil
			want, _, err := accountsFrom(w, boss, f, p)
			w.Accounts.Memory = memoryOf
			must(t, err)
			if len(got) != len(want) {
				t.Errorf("customers by SQL %v, from memory %v; %s is one of them or was", want, got, customer.ID)
			}
		}
		same()
		found, err := w.Mentions.Find(w.Ctx, boss, c.ID)
		must(t, err)
		var all []account.Place
		for _, m := range found.Items {
			all = append(all, m.Place)
		}
		must(t, w.Accounts.EraseContact(w.Ctx, boss, c.ID, all...))
		same()
		must(t, w.Engine.Keep())
		raw, err := os.ReadFile(filepath.Join(w.Engine.Dir, boss.TenantID+".columns"))
		must(t, err)
		if bytes.Contains(raw, []byte(source)) {
			t.Error("the file of the columns holds the source by which the person was called")
		}
	})
}
