package app

import (
	"yunchou/internal/competitor"
	"yunchou/internal/competitor/competitordb"
	"yunchou/internal/confirm"
	"yunchou/internal/confirm/confirmdb"
	"yunchou/internal/idempotency"
)

// asks wires what is asked about the people of an opportunity, and about whom else they deal with.
func (a *App) asks(keys *idempotency.Keys) {
	a.Confirms = &confirm.Service{DB: a.DB, Keys: keys, Rows: confirmdb.Rows{}, Accounts: a.Accounts, Deals: a.Opportunities, Talks: a.FollowUps, Changes: a.Changes,
		Times: a.Times, Job: a.Org.Job}
	a.Competitors = &competitor.Service{DB: a.DB, Keys: keys, Rows: competitordb.Rows{}, Accounts: a.Accounts, Deals: a.Opportunities, Job: a.Org.Job}
	a.Timeline.Tellers = append(a.Timeline.Tellers, a.Competitors)
}
