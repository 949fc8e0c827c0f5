package app_test

import (
	"encoding/json"

	"yunchou/internal/app/apptest"
	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// filterOf is the reference's filter as the program takes it.
func filterOf(f truth.Filter) opportunity.Filter {
	out := opportunity.Filter{Region: f.Region, Account: f.Account, Industry: f.Industry, ProductLine: f.Product, Stage: f.Stage,
		LossKind: f.LossKind, ClosedFrom: f.ClosedFrom, ClosedTo: f.ClosedTo, ExpectedFrom: f.ExpectedFrom,
		ExpectedTo: f.ExpectedTo, AmountMin: f.Least, AmountMax: f.Most}
	for _, s := range f.States {
		out.States = append(out.States, opportunity.State(s))
	}
	return out
}

// placed is a filter that every question takes, the waterfall too.
func (x *check) placed() (f truth.Filter) {
	switch x.rng.IntN(6) {
	case 0:
		f.Region = pickOne(x.rng, apptest.Regions...)
	case 1:
		f.Account = pickOne(x.rng, x.Customers...)
	case 2:
		f.Industry = pickOne(x.rng, apptest.Industries...)
	case 3:
		least := x.rng.Int64N(2_000_000)
		f.Least = &least
	case 4:
		most := x.rng.Int64N(3_000_000)
		f.Most = &most
	default:
		f.ExpectedFrom = x.someDay()
		f.ExpectedTo = f.ExpectedFrom.Add(1 + x.rng.IntN(90))
	}
	return f
}

// someFilter is any filter of what has days, or two of them.
func (x *check) someFilter(q truth.Question) truth.Filter {
	f := x.placed()
	switch x.rng.IntN(6) {
	case 0:
		f.Product = pickOne(x.rng, x.Products...)
	case 1:
		m, _ := x.Truth.Moment(q.Day, q.Then)
		f.Stage = pickOne(x.rng, append(x.Truth.InForce(q.Pipeline, m).Stages, x.Truth.InForce(q.Pipeline, truth.Moment{Day: apptest.Start, K: m.K}).Stages...)...).ID
	case 2:
		f = truth.Filter{LossKind: pickOne(x.rng, "competitor", "no_decision", "cancelled", "invalid", "unknown")}
	case 3:
		f = truth.Filter{ClosedFrom: x.someDay()}
		f.ClosedTo = f.ClosedFrom.Add(1 + x.rng.IntN(30))
	case 4:
		f.States = []string{pickOne(x.rng, truth.Open, truth.Won, truth.Lost), truth.Withdrawn}
	}
	return f
}

// filtered asks what is filtered by what has days, by every kind of question.
func (x *check) filtered(q, windowed truth.Question) {
	x.t.Helper()
	for range 2 {
		f := pickOne(x.rng, q, windowed)
		f.Filter, f.Group = x.someFilter(f), pickOne(x.rng, "", "owner", "team", "product", "region", "account-industry", "account-class")
		x.report("管理员", f)
	}
	q.Filter = x.someFilter(q)
	if x.rng.IntN(3) == 0 {
		q.Team = x.ID[pickOne(x.rng, x.Teams...)]
	}
	x.forecast("管理员", q)
	x.cohorts("管理员", q)
	who := pickOne(x.rng, "何峰", "蒋跃")
	x.report(who, x.seenBy(who, q))
	x.opens(q)
	x.rows(pickOne(x.rng, q, windowed))
}

// opens holds what opens from a figure against what it counts.
func (x *check) opens(q truth.Question) {
	x.t.Helper()
	in, admin := ask(q), x.As("管理员")
	for how, by := range map[string]*funnel.Service{"from memory": x.memory, "by SQL": x.sql} {
		r, err := by.Report(x.Ctx, admin, in)
		x.must(err)
		for name, want := range map[string]int64{"created": r.Population.Created, "won": r.ClosedWinRate.Won, "lost": r.ClosedWinRate.Lost} {
			_, n, err := by.Records(x.Ctx, admin, in, funnel.Measure{Name: name}, 0, 5)
			if x.must(err); n != want {
				x.t.Errorf("seed %d, %s, %+v: %s counts %d and opens to %d", x.seed, how, q, name, want, n)
			}
		}
	}
}

// rows holds each group's row against the same report with the filter set to it.
func (x *check) rows(q truth.Question) {
	x.t.Helper()
	by, admin := pickOne(x.rng, x.memory, x.memory, x.sql), x.As("管理员")
	q.Filter, q.Owner, q.Team = truth.Filter{}, "", ""
	q.Group = pickOne(x.rng, "owner", "team", "product", "region", "account-industry")
	rowsOf := func(q truth.Question) map[string]string {
		r, err := by.Report(x.Ctx, admin, ask(q))
		x.must(err)
		out := map[string]string{}
		for _, g := range r.Groups {
			raw, err := json.Marshal(g)
			x.must(err)
			out[g.ID] = string(raw)
		}
		return out
	}
	for id, want := range rowsOf(q) {
		if id == "" {
			continue // no filter finds what has none
		}
		one := q
		switch q.Group {
		case "owner":
			one.Owner = id
		case "team":
			one.Team = id
		case "product":
			one.Filter.Product = id
		case "region":
			one.Filter.Region = id
		default:
			one.Filter.Industry = id
		}
		if got := rowsOf(one)[id]; got != want {
			x.t.Errorf("seed %d, %s, %+v: filtered to %s the row is\n  %s\nand in the group\n  %s", x.seed, q.Group, q, x.Truth.Named(id),
				got, want)
		}
	}
}
