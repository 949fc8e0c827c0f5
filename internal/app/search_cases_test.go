package app_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

//go:embed testdata/search.txt
var searchCases string

// searchCase is a name, and what it is found by.
type searchCase struct {
	name      string
	by, notBy []string
}

func searchesOf(t *testing.T) (out []searchCase) {
	t.Helper()
	for line := range strings.Lines(searchCases) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, said, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("no name: %s", line)
		}
		by, notBy, _ := strings.Cut(said, "!")
		out = append(out, searchCase{name, texts(by), texts(notBy)})
	}
	return out
}

func texts(list string) (out []string) {
	for _, s := range strings.Split(list, ", ") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// TestNamesAreFoundByEveryPlausibleReading asks lists of deals, accounts and people, in memory and of SQL.
func TestNamesAreFoundByEveryPlausibleReading(t *testing.T) {
	cases := searchesOf(t)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		for _, c := range cases {
			w.Opportunity("陈露", c.name)
			made, err := w.Accounts.Create(w.Ctx, boss, account.Account{Name: c.name}, true)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: c.name, AccountID: made.ID}); err != nil {
				t.Fatal(err)
			}
		}
		bySQL, dealsBySQL := *w.Accounts, *w.Opportunities
		bySQL.Memory, dealsBySQL.Memory = nil, nil
		all := page.Request{Limit: 200}
		deals := func(s *opportunity.Service, query string) []string {
			list, _, err := s.List(w.Ctx, boss, opportunity.Filter{Query: query}, all, w.Funnel)
			if err != nil {
				t.Fatal(err)
			}
			return calledSo(list.Items, func(o opportunity.Opportunity) string { return o.Name })
		}
		accounts := func(s *account.Service, query string) []string {
			list, _, err := s.List(w.Ctx, boss, account.Filter{Query: query}, all)
			if err != nil {
				t.Fatal(err)
			}
			return calledSo(list.Items, func(c account.Account) string { return c.Name })
		}
		people := func(s *account.Service, query string) []string {
			list, err := s.Contacts(w.Ctx, boss, "", query, all)
			if err != nil {
				t.Fatal(err)
			}
			return calledSo(list.Items, func(c account.Contact) string { return c.Name })
		}
		asked := 0
		for _, c := range cases {
			for _, query := range slices.Concat(c.by, c.notBy) {
				asked++
				want := slices.Contains(c.by, query)
				found := deals(w.Opportunities, query)
				if slices.Contains(found, folded(c.name)) != want {
					t.Errorf("%s by %q: found %v, want %v", c.name, query, !want, want)
				}
				for what, got := range map[string][]string{
					"deals by SQL": deals(&dealsBySQL, query), "accounts": accounts(w.Accounts, query), "accounts by SQL": accounts(&bySQL, query),
					"people": people(w.Accounts, query), "people by SQL": people(&bySQL, query),
				} {
					if !slices.Equal(got, found) {
						t.Errorf("%q: %s are %v, deals in memory %v", query, what, got, found)
					}
				}
			}
		}
		if asked < 120 {
			t.Errorf("only %d cases", asked)
		}
		t.Logf("%d texts, %d names", asked, len(cases))
	})
}

// folded is a name as it is kept.
func folded(name string) string {
	return strings.NewReplacer("ＡＢＣ１２３", "ABC123").Replace(name)
}
