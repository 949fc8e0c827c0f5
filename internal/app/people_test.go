package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/followup"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

func TestErasingAPersonBlanksWhatWasTheirsAndKeepsWhatOthersDid(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "contact", Key: "hobby", Label: "爱好", Type: field.Text}); err != nil {
			t.Fatal(err)
		}
		c, err := w.Accounts.CreateContact(w.Ctx, w.As("陈露"), account.Contact{Name: "刘志远", AccountID: w.Account, Title: "总工", Mobile: "13800005678", Custom: field.Values{"hobby": "钓鱼"}})
		if err != nil {
			t.Fatal(err)
		}
		o := w.Opportunity("陈露", "二期改造")
		if _, err := w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "visit", Words: "预算批了", TwoWay: true, ContactIDs: []string{c.ID}}, ""); err != nil {
			t.Fatal(err)
		}
		code(t, w.Accounts.EraseContact(w.Ctx, w.As("陈露"), c.ID), "org.permission_missing")
		if err := w.Accounts.EraseContact(w.Ctx, w.As("管理员"), c.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.Accounts.GetContact(w.Ctx, w.As("管理员"), c.ID)
		code(t, err, "contact.unknown")
		r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		said, err2 := w.FollowUps.OfRecord(w.Ctx, w.As("陈露"), opportunity.Ref(o.ID))
		if err != nil || err2 != nil || len(said) != 1 || r.ContactOn == "" || len(r.Contacts) != 1 || r.Contacts[0].Name != "" {
			t.Errorf("follow-up, clock and role should stay without the name: %+v %v", r.Contacts, err)
		}
		everything := dump(t, db)
		for _, secret := range []string{"刘志远", "13800005678", "钓鱼", "总工"} {
			if strings.Contains(everything, secret) {
				t.Errorf("%s is still in the database", secret)
			}
		}
	})
}

// dump is every row of what may hold a person's data, as text.
func dump(t *testing.T, db *database.DB) string {
	t.Helper()
	var out strings.Builder
	err := db.Read(t.Context(), func(tx database.Tx) error {
		for _, q := range []string{"SELECT name || pinyin || initials || title || mobile || phone || email || wechat FROM contact", "SELECT title FROM employment", "SELECT COALESCE(text_value, '') FROM custom_value",
			"SELECT payload FROM journal"} {
			rows, err := tx.Query(t.Context(), q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return err
				}
				out.WriteString(s + "\n")
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWhatAPhoneSendsTwiceIsWrittenOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		o := w.Opportunity("陈露", "二期改造")
		const followUp, visit, step, contact = "01890a5d-ac96-774b-bcce-b302099a8051", "01890a5d-ac96-774b-bcce-b302099a8052", "01890a5d-ac96-774b-bcce-b302099a8053", "01890a5d-ac96-774b-bcce-b302099a8054"
		for range 2 {
			if _, err := w.FollowUps.Log(w.Ctx, a, followup.FollowUp{ID: followUp, On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "phone", Words: "约了周四"}, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Tasks.Add(w.Ctx, a, task.Task{ID: step, On: []record.Ref{opportunity.Ref(o.ID)}, What: "送样", DueOn: a.Today.Add(3)}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{ID: contact, Name: "刘工", AccountID: w.Account}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.FollowUps.Log(w.Ctx, a, followup.FollowUp{ID: visit, On: []record.Ref{account.Ref(w.Account)}, Channel: "visit", Words: "例行拜访", ContactIDs: []string{contact}, MemberIDs: []string{w.ID["蒋跃"]}}, ""); err != nil {
				t.Fatal(err)
			}
		}
		said, err := w.FollowUps.OfRecord(w.Ctx, a, opportunity.Ref(o.ID))
		steps, err2 := w.Tasks.OfRecord(w.Ctx, a, opportunity.Ref(o.ID))
		if err != nil || err2 != nil || len(said) != 1 || len(steps) != 1 {
			t.Errorf("%d follow-ups, %d steps, %v %v", len(said), len(steps), err, err2)
		}
		all, err := w.FollowUps.List(w.Ctx, a, followup.About{On: account.Ref(w.Account)})
		if err != nil || len(all) != 2 || len(all[0].MemberIDs)+len(all[1].MemberIDs) != 1 {
			t.Errorf("follow-ups at the account: %+v, %v", all, err)
		}
		if hidden, err := w.FollowUps.List(w.Ctx, w.As("周涛"), followup.About{On: account.Ref(w.Account)}); err != nil || len(hidden) != 0 {
			t.Errorf("another team reads %d of them, %v", len(hidden), err)
		}
		_, err = w.FollowUps.Log(w.Ctx, a, followup.FollowUp{ID: followUp, On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "phone", Words: "别的话"}, "")
		code(t, err, "record.id_taken")
		_, err = w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{ID: step, On: []record.Ref{opportunity.Ref(o.ID)}, What: "送样", DueOn: a.Today.Add(3)})
		code(t, err, "record.id_taken")
		_, err = w.FollowUps.Log(w.Ctx, a, followup.FollowUp{Channel: "phone", Words: "无主"}, "")
		code(t, err, "followup.about_nothing")
	})
}

// TestAnExportIsTheWholeListInItsOrder compares it with the pages of the list, for every order.
func TestAnExportIsTheWholeListInItsOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for n := range 9 { // some alike, some without an expected day
			o := w.Opportunity([]string{"陈露", "小李"}[n%2], []string{"二期改造", "扩产"}[n%3/2])
			if n%4 == 0 {
				on := w.As("管理员").Today.Add(10 + n/8)
				_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{ExpectedOn: &on})
				must(t, err)
			}
		}
		boss := w.As("蒋跃")
		for _, sort := range []string{"", "name", "created", "amount", "expected", "entered", "closed", "progress", "contact"} {
			for _, desc := range []bool{false, true} {
				var listed, exported []string
				r := page.Request{Sort: sort, Desc: desc, Limit: 2}
				_, err := page.Walk(r, func(p page.Request) (page.Result[opportunity.Opportunity], error) {
					p.Limit = 2
					list, _, err := w.Opportunities.List(w.Ctx, boss, opportunity.Filter{}, p, w.Funnel)
					return list, err
				}, func(o opportunity.Opportunity) error { listed = append(listed, o.ID); return nil })
				must(t, err)
				must(t, w.Opportunities.Export(w.Ctx, boss, opportunity.Filter{}, r, w.Funnel, "csv", func(o opportunity.Whole, _ database.Seq) error {
					exported = append(exported, o.ID)
					return nil
				}))
				if len(listed) != 9 || !slices.Equal(listed, exported) {
					t.Errorf("by %q, descending %v: %v, exported %v", sort, desc, listed, exported)
				}
			}
		}
	})
}

func TestAnExportIsTheListAndIsNoted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for range 3 {
			w.Opportunity("陈露", "二期改造")
		}
		w.Opportunity("周涛", "别组的")
		var names []string
		boss := w.As("蒋跃")
		err := w.Opportunities.Export(w.Ctx, boss, opportunity.Filter{}, page.Request{}, w.Funnel, "csv", func(o opportunity.Whole, _ database.Seq) error {
			names = append(names, o.Name)
			return nil
		})
		if err != nil || len(names) != 3 {
			t.Errorf("exported %v %v", names, err)
		}
		var found bool
		err = db.Read(w.Ctx, func(tx database.Tx) error {
			list, err := journal.Since(w.Ctx, tx, boss.TenantID, 0, 1000)
			for _, e := range list {
				var p struct {
					Count  int    `json:"count"`
					Format string `json:"format"`
				}
				if e.Kind == "opportunity.exported" && e.ActorID == boss.MemberID && json.Unmarshal(e.Payload, &p) == nil {
					found = p.Count == 3 && p.Format == "csv"
				}
			}
			return err
		})
		if err != nil || !found {
			t.Errorf("not noted in the journal (%v)", err)
		}
		code(t, w.Accounts.Export(w.Ctx, org.Actor{}, account.Filter{}, "csv", nil), "org.permission_missing")
	})
}
