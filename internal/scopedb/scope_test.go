package scopedb_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// TestWhatEachScopeSees: 陈露 has a deal with 主轴 at 华新机电, 周涛 one in the south at
// 南方重工, which 小李 is in the team of.
func TestWhatEachScopeSees(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		spindle := world(t, w)
		others := make([]string, 44_000) // a company's whole staff
		for i := range others {
			others[i] = fmt.Sprintf("%036d", i)
		}
		for _, tt := range []struct {
			name                      string
			scope                     org.Scope
			deals, accounts, contacts string
		}{
			{"nothing", org.Scope{}, "", "", ""},
			{"everything", org.Scope{All: true}, "南方线 二期改造", "华新机电 南方重工", "刘工 吴工"},
			{"an owner", org.Scope{Owners: []string{w.ID["陈露"]}}, "二期改造", "华新机电", "刘工"},
			{"two owners", org.Scope{Owners: []string{w.ID["陈露"], w.ID["周涛"]}}, "南方线 二期改造", "华新机电 南方重工", "刘工 吴工"},
			{"44,000 owners and one with a deal", org.Scope{Owners: append(others, w.ID["周涛"])}, "南方线", "南方重工", "吴工"},
			{"a deal team", org.Scope{DealTeams: []string{w.ID["小李"]}}, "南方线", "南方重工", "吴工"},
			{"a product line", org.Scope{ProductLines: []string{spindle}}, "二期改造", "华新机电", "刘工"},
			{"a region", org.Scope{Regions: []string{"华南"}}, "南方线", "南方重工", "吴工"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				a := w.As("管理员").Reaching(tt.scope)
				deals, _, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{}, page.Request{}, nil)
				must(t, err)
				same(t, "deals", tt.deals, deals.Items, func(o opportunity.Opportunity) string { return o.Name })
				accounts, _, err := w.Accounts.List(w.Ctx, a, account.Filter{}, page.Request{})
				must(t, err)
				same(t, "accounts", tt.accounts, accounts.Items, func(c account.Account) string { return c.Name })
				contacts, err := w.Accounts.Contacts(w.Ctx, a, "", "", page.Request{})
				must(t, err)
				same(t, "contacts", tt.contacts, contacts.Items, func(c account.Contact) string { return c.Name })
			})
		}
	})
}

// world makes the two deals and returns the product line.
func world(t *testing.T, w *apptest.World) string {
	t.Helper()
	p, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "主轴"})
	must(t, err)
	amount := int64(100)
	_, err = w.Opportunities.Create(w.Ctx, w.As("陈露"), opportunity.New{Name: "二期改造", AccountID: w.Account, PipelineID: w.Bid.PipelineID,
		AmountMinor: &amount, Lines: []opportunity.Line{{ProductLineID: p.ID, AmountMinor: amount}}})
	must(t, err)
	w.Contact("陈露", "刘工")
	south, err := w.Accounts.Create(w.Ctx, w.As("周涛"), account.Account{Name: "南方重工", Region: "华南"}, false)
	must(t, err)
	_, err = w.Accounts.CreateContact(w.Ctx, w.As("周涛"), account.Contact{Name: "吴工", AccountID: south.ID})
	must(t, err)
	o, err := w.Opportunities.Create(w.Ctx, w.As("周涛"), opportunity.New{Name: "南方线", AccountID: south.ID, PipelineID: w.Bid.PipelineID})
	must(t, err)
	must(t, w.Opportunities.SetTeam(w.Ctx, w.As("周涛"), o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID["小李"], Role: "售前"}}))
	return p.ID
}

func same[T any](t *testing.T, what, want string, list []T, name func(T) string) {
	t.Helper()
	var names []string
	for _, v := range list {
		names = append(names, name(v))
	}
	sort.Strings(names)
	expect := strings.Fields(want)
	sort.Strings(expect)
	if fmt.Sprint(names) != fmt.Sprint(expect) {
		t.Errorf("%s: sees %v, want %v", what, names, expect)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhoChangesAnAccount: 陈露 owns it; 周涛 of another team has a deal there too, in whose
// team 小李 is.
func TestWhoChangesAnAccount(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "别组的", AccountID: w.Account, PipelineID: w.Bid.PipelineID, OwnerID: w.ID["周涛"]})
		must(t, err)
		must(t, w.Opportunities.SetTeam(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID["小李"]}}))
		may := func(who string) bool {
			kind := account.Kind{Service: w.Accounts}
			var names map[string]string
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
				names, err = kind.Names(w.Ctx, tx, w.As(who), true, []string{w.Account})
				return err
			}))
			return names[w.Account] != ""
		}
		check := func(when string, want map[string]bool) {
			t.Helper()
			for who, expected := range want {
				if may(who) != expected {
					t.Errorf("%s: %s may change it: %v, want %v", when, who, !expected, expected)
				}
			}
		}
		check("with an open deal of another there", map[string]bool{"陈露": true, "蒋跃": true, "总监": true, "管理员": true,
			"小李": true, "周涛": false, "何峰": false})
		_, err = w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: opportunity.NoDecision, Reason: "搁置"})
		must(t, err)
		check("once it is closed", map[string]bool{"陈露": true, "小李": false, "周涛": false})
	})
}
