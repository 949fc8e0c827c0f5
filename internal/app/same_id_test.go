package app_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/savedview"
	"yunchou/internal/task"
)

// What is sent twice with the same id is there once, whatever kind of record it is; with any
// other content it is a conflict, and nothing of what was sent is lost in silence.
func TestAnIDIsOneContentOfEveryKind(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		_, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "budget", Label: "预算", Type: field.Text})
		must(t, err)
		deal := w.Opportunity("陈露", "二期改造")
		a := w.As("陈露")
		id := func() string { return record.NewID(a.Now) }
		on := []record.Ref{opportunity.Ref(deal.ID)}
		customer := account.Account{ID: id(), Name: "东方重工", Class: "A"}
		person := account.Contact{ID: id(), Name: "王工", AccountID: w.Account, Phone: "1"}
		sold := opportunity.New{ID: id(), Name: "三期", PipelineID: w.Bid.PipelineID, Source: "展会", Custom: field.Values{"budget": "有"}}
		promise := task.Task{ID: id(), What: "报价", DueOn: "2026-03-20", On: on}
		said := followup.FollowUp{ID: id(), On: on, Channel: "phone", TwoWay: true, Words: "谈了"}
		view := savedview.View{ID: id(), Screen: "board", Name: "我的", Query: "a=b"}
		for what, x := range map[string]struct {
			send   func() (string, error)
			change []func()
		}{
			"an account": {func() (string, error) { c, err := w.Accounts.Create(w.Ctx, a, customer, false); return c.ID, err },
				[]func(){func() { customer.Class = "B" }, func() { customer.Region = "西北" }, func() { customer.OwnerID = w.ID["陈露"] }}},
			"a contact": {func() (string, error) { c, err := w.Accounts.CreateContact(w.Ctx, a, person); return c.ID, err },
				[]func(){func() { person.Phone = "2" }, func() { person.Title = "总工" }}},
			"a deal": {func() (string, error) { o, err := w.Opportunities.Create(w.Ctx, a, sold); return o.ID, err },
				[]func(){func() { sold.Source = "转介绍" }, func() { sold.Custom = field.Values{"budget": "无"} }}},
			"a task": {func() (string, error) { k, err := w.Tasks.Add(w.Ctx, a, promise); return k.ID, err },
				[]func(){func() { promise.DueOn = "2026-03-21" }, func() { promise.MemberID = w.ID["小李"] }}},
			"a follow-up": {func() (string, error) { f, err := w.FollowUps.Log(w.Ctx, a, said, ""); return f.ID, err },
				[]func(){func() { said.TwoWay = false }, func() { said.Channel = "visit" }, func() { said.HappenedOn = "2026-03-01" }}},
			"a view": {func() (string, error) { v, err := w.Views.Save(w.Ctx, a, view); return v.ID, err },
				[]func(){func() { view.Shared = true }, func() { view.Query = "a=c" }}},
		} {
			first, err := x.send()
			must(t, err)
			if again, err := x.send(); err != nil || again != first {
				t.Errorf("%s sent again: %q, %v", what, again, err)
			}
			for i, change := range x.change {
				change()
				if _, err := x.send(); fault.CodeOf(err) != "record.id_taken" {
					t.Errorf("%s with other content (%d): %v", what, i, err)
				}
			}
		}
	})
}
