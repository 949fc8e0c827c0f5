package opportunity_test

import (
	"slices"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// TestAPersonJustNamedIsNotReplacedUnseen: whoever read a deal's people before a colleague talked to one more is told so,
// whatever the talk does to the clock; a talk that names nobody new lets him go on.
func TestAPersonJustNamedIsNotReplacedUnseen(t *testing.T) {
	for name, talk := range map[string]followup.FollowUp{
		"one-way":    {Channel: "email", Words: "已发报价"},
		"two-way":    {Channel: "phone", Words: "月底上会", TwoWay: true},
		"longer ago": {Channel: "phone", Words: "月底上会", TwoWay: true, HappenedOn: "2026-02-27"},
	} {
		t.Run(name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				first, second := w.Contact("陈露", "刘工"), w.Contact("陈露", "王主任")
				log := func(f followup.FollowUp) {
					_, err := w.FollowUps.Log(w.Ctx, w.As("陈露"), f, "")
					must(t, err)
				}
				on := []record.Ref{opportunity.Ref(o.ID)}
				log(followup.FollowUp{On: on, Channel: "phone", Words: "见过", TwoWay: true, ContactIDs: []string{first}})
				read, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
				must(t, err)
				talk.On, talk.ContactIDs = on, []string{second}
				log(talk)
				people := []opportunity.DealContact{{ContactID: first, Role: "economic"}}
				err = w.Opportunities.SetContacts(w.Ctx, w.As("陈露"), o.ID, read.Version, people)
				if fault.CodeOf(err) != "record.stale" {
					t.Errorf("replaced unseen: %v", err)
				}
				read, err = w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
				must(t, err)
				log(followup.FollowUp{On: on, Channel: "email", Words: "已发合同", ContactIDs: []string{first, second}})
				people = append(people, opportunity.DealContact{ContactID: second, Role: "user"})
				must(t, w.Opportunities.SetContacts(w.Ctx, w.As("陈露"), o.ID, read.Version, people))
			})
		})
	}
}

// TestWhoLeftTheCustomerDoesNotLockTheOthers: one of a deal's people works for a customer out of sight by now; the roles of
// all can be said, and he can be taken out, but not put in anew.
func TestWhoLeftTheCustomerDoesNotLockTheOthers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		here := w.Contact("陈露", "刘工")
		c, err := w.Accounts.CreateContact(w.Ctx, w.As("陈露"), account.Contact{Name: "王主任", AccountID: w.Account})
		must(t, err)
		gone := c.ID
		set := func(ids ...string) error {
			var list []opportunity.DealContact
			for _, id := range ids {
				list = append(list, opportunity.DealContact{ContactID: id, Role: "user"})
			}
			return w.Opportunities.SetContacts(w.Ctx, w.As("陈露"), o.ID, 0, list)
		}
		must(t, set(here, gone))
		there, err := w.Accounts.Create(w.Ctx, w.As("周涛"), account.Account{Name: "远山重工"}, true)
		must(t, err)
		c.AccountID = there.ID
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), c, account.Step{})
		must(t, err)
		for _, ids := range [][]string{{gone, here}, {here}} {
			must(t, set(ids...))
			r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
			must(t, err)
			got := []string{}
			for _, c := range r.Contacts {
				got = append(got, c.ContactID)
			}
			slices.Sort(got)
			slices.Sort(ids)
			if !slices.Equal(got, ids) {
				t.Errorf("%v, want %v", got, ids)
			}
		}
		if err := set(here, gone); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("put in anew: %v", err)
		}
	})
}
