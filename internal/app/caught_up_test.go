package app_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// errGivenUp is what a read ends with whose request went away.
var errGivenUp = errors.New("given up")

// givenUp are rows that are read for somebody who goes away before the deals, or the people.
type givenUp struct {
	enginedb.Rows
	deals, people bool
}

func (g *givenUp) Deals(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]engine.Deal, error) {
	if g.deals {
		return nil, errGivenUp
	}
	return g.Rows.Deals(ctx, tx, tenant, ids)
}

func (g *givenUp) ContactsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]engine.ContactRow, error) {
	if g.people {
		return nil, errGivenUp
	}
	return g.Rows.ContactsByID(ctx, tx, tenant, ids)
}

// TestACatchUpThatWasGivenUpLosesNothing: who goes away while columns take in what was written
// leaves them as they were; the next one takes in all of it.
func TestACatchUpThatWasGivenUpLosesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rows := apptest.New(t, db), &givenUp{}
		w.Engine = engine.New(db, funneldb.Source{}, rows, "")
		w.Engine.Wait = 1 << 40
		w.Accounts.Memory, w.Opportunities.Memory = w.Engine, w.Engine
		boss, p := w.As("管理员"), page.Request{Limit: 100}
		customer := func() account.Account {
			made, err := w.Accounts.Create(w.Ctx, boss, account.Account{Name: "新客户", OwnerID: w.ID["何峰"]}, true)
			must(t, err)
			_, err = w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: "王工", AccountID: made.ID})
			must(t, err)
			return made
		}
		asked := func(of string) {
			t.Helper()
			for _, who := range []string{"管理员", "陈露"} {
				list, total, err := accountsFrom(w, w.As(who), account.Filter{}, p)
				if must(t, err); !slices.Contains(list, of) || int(total) != len(list) {
					t.Errorf("%s does not see the account: %d of %v", who, total, list)
				}
				people, err := peopleFrom(w, w.As(who), of, "", p)
				if must(t, err); len(people) != 1 {
					t.Errorf("%s sees people %v", who, people)
				}
			}
		}
		first := customer()
		_, err := w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: "商机", AccountID: first.ID, OwnerID: w.ID["陈露"], PipelineID: w.Bid.PipelineID})
		must(t, err)
		asked(first.ID)
		for range 2 {
			for _, rows.people = range []bool{true, false} {
				rows.deals = !rows.people
				of := customer()
				_, err := w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: "新商机", AccountID: of.ID,
					OwnerID: w.ID["陈露"], PipelineID: w.Bid.PipelineID})
				must(t, err)
				if _, _, err = accountsFrom(w, boss, account.Filter{}, p); !errors.Is(err, errGivenUp) {
					t.Fatal("was not given up: ", err)
				}
				rows.deals, rows.people = false, false
				asked(of.ID)
			}
		}
	})
}

// overheard are rows that note what is loaded by the connections of requests.
type overheard struct {
	enginedb.Rows
	before atomic.Int64
}

func (o *overheard) note(ctx context.Context) {
	if !database.IsAside(ctx) {
		o.before.Add(1)
	}
}

func (o *overheard) Accounts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.AccountRow, error) {
	o.note(ctx)
	return o.Rows.Accounts(ctx, tx, tenant, after, limit)
}

func (o *overheard) Contacts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.ContactRow, error) {
	o.note(ctx)
	return o.Rows.Contacts(ctx, tx, tenant, after, limit)
}

func (o *overheard) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	o.note(ctx)
	return o.Rows.Page(ctx, tx, tenant, after, limit)
}

// TestListsLoadAside: what the first lists of a company have loaded takes no request's connection.
func TestListsLoadAside(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rows := apptest.New(t, db), &overheard{}
		w.Engine = engine.New(db, funneldb.Source{}, rows, "")
		w.Engine.Wait = 1 << 40
		w.Accounts.Memory = w.Engine
		_, _, err := accountsFrom(w, w.Admin, account.Filter{}, page.Request{Limit: 100})
		must(t, err)
		_, err = peopleFrom(w, w.Admin, "", "", page.Request{Limit: 100})
		must(t, err)
		if n := rows.before.Load(); n > 0 {
			t.Errorf("%d reads of a load were before requests", n)
		}
	})
}
