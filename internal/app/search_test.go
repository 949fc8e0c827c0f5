package app_test

import (
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// TestANameIsFoundHoweverItIsTyped: large or small, wide or narrow, composed or not, in the
// lists of all three kinds, in their counts and in the columns in memory.
func TestANameIsFoundHoweverItIsTyped(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		names := []string{"Rheinische ÖL AG", "Übersee Öl", "Straße 7", "ELECTRICITÉ", "Интер РАО", "ΣΙΓΜΑ Hellas", "İstanbul Makina",
			"ＡＢＣ１２３泵业", "100%_合格", "华新 ŁÓDŹ"}
		for _, name := range names {
			w.Opportunity("陈露", name)
			c, err := w.Accounts.Create(w.Ctx, boss, account.Account{Name: name}, true)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: name, AccountID: c.ID}); err != nil {
				t.Fatal(err)
			}
		}
		for query, want := range map[string][]string{
			"ÖL": {names[0], names[1]}, "öl": {names[0], names[1]}, "Öl": {names[0], names[1]}, "ＯL": {names[0], names[1]}, "O\u0308l": {names[0], names[1]},
			"ÜBERSEE": {names[1]}, "straße": {names[2]}, "STRAẞE": {names[2]}, "électricité": {names[3]}, "electricité": {names[3]}, "CITÉ": {names[3]}, "cite\u0301": {names[3]},
			"интер рао": {names[4]}, "ИНТЕР РАО": {names[4]}, "сигма": nil, "σίγμα": {names[5]}, "σιγμα": {names[5]}, "ΣΙΓΜΑ HELLAS": {names[5]},
			"istanbul": {names[6]}, "İSTANBUL": {names[6]}, "abc123": {"ABC123泵业"}, "ａｂｃ": {"ABC123泵业"}, "１２３": {"ABC123泵业"},
			"100%": {names[8]}, "%_": {names[8]}, "_": {names[8]}, "łódź": {names[9]}, "ŁÓDŹ": {names[9]}, "lodz": {names[9]}, "华新 Łó": {names[9]}, "strasse": {names[2]}, "ubersee ol": {names[1]},
		} {
			slices.Sort(want)
			for _, by := range []struct {
				what string
				ask  func() ([]string, error)
			}{
				{"opportunities", func() ([]string, error) {
					list, _, err := w.Opportunities.List(w.Ctx, boss, opportunity.Filter{Query: query}, page.Request{Limit: 50}, w.Funnel)
					return calledSo(list.Items, func(o opportunity.Opportunity) string { return o.Name }), err
				}},
				{"accounts", func() ([]string, error) {
					list, _, err := w.Accounts.List(w.Ctx, boss, account.Filter{Query: query}, page.Request{Limit: 50})
					return calledSo(list.Items, func(c account.Account) string { return c.Name }), err
				}},
				{"contacts", func() ([]string, error) {
					list, err := w.Accounts.Contacts(w.Ctx, boss, "", query, page.Request{Limit: 50})
					return calledSo(list.Items, func(c account.Contact) string { return c.Name }), err
				}},
			} {
				if got, err := by.ask(); err != nil || !slices.Equal(got, want) {
					t.Errorf("%s by %q: %s, want %s (%v)", by.what, query, strings.Join(got, ", "), strings.Join(want, ", "), err)
				}
			}
			r, err := w.Funnel.Report(w.Ctx, boss, funnel.Ask{Pipeline: w.Bid.PipelineID, Filter: opportunity.Filter{Query: query}})
			if err != nil || int(r.Population.Created) != len(want) {
				t.Errorf("report by %q: %d created, want %d (%v)", query, r.Population.Created, len(want), err)
			}
		}
	})
}

func calledSo[T any](list []T, name func(T) string) []string {
	out := []string{}
	for _, x := range list {
		out = append(out, name(x))
	}
	slices.Sort(out)
	return out
}
