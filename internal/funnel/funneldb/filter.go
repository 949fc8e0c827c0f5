package funneldb

import (
	"strings"

	"yunchou/internal/database"
)

// dated keeps the records a filter finds by what they were on the day whose facts count, as
// the groups take them; AsToday is the other part of the filter. State, stage and closing
// are the last stay's, of what was taken out too.
func (x *question) dated() string {
	f := x.Filter
	var all []string
	holds := func(expression, op, value string) {
		if value != "" {
			all = append(all, expression+" "+op+" "+x.args.Add(value))
		}
	}
	holds("d.region", "=", f.Region)
	holds("d.expected_on", ">=", string(f.ExpectedFrom))
	holds("d.expected_on", "<", string(f.ExpectedTo))
	among := func(relation func(), name, column, value string) {
		if value != "" {
			relation()
			all = append(all, "d.id IN (SELECT id FROM "+name+" WHERE "+column+" = "+x.args.Add(value)+")")
		}
	}
	among(x.account, "belongs", "account_id", f.Account)
	among(x.account, "account_on", "industry", f.Industry)
	among(x.lines, "line", "product_line_id", f.ProductLine)
	if f.Stage != "" {
		stage := x.args.Add(f.Stage)
		all = append(all, "(d.stage_id = "+stage+" OR d.own_stage = "+stage+")")
	}
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		all = append(all, "d.own_state IN "+database.In(&x.args, states))
	}
	if f.ClosedFrom != "" || f.ClosedTo != "" {
		all = append(all, "d.own_state <> 'open'")
		holds("d.state_on", ">=", string(f.ClosedFrom))
		holds("d.state_on", "<", string(f.ClosedTo))
	}
	if f.LossKind != "" {
		all = append(all, "d.own_state IN ('lost', 'withdrawn')")
		holds("COALESCE(d.loss_kind, 'unknown')", "=", f.LossKind)
	}
	if len(all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(all, " AND ")
}

// worthWithin tells whether raw, in the reporting currency, lies within the filter's bounds.
// What 64 bits cannot convert is told by its magnitude.
func (x *question) worthWithin() string {
	safe, worth, rough := x.conversion()
	within := func(v string) string {
		var all []string
		bound := func(op string, minor *int64) {
			if minor != nil {
				all = append(all, "("+v+") "+op+" CAST("+x.args.Add(*minor)+" AS bigint)")
			}
		}
		bound(">=", x.Filter.AmountMin)
		bound("<=", x.Filter.AmountMax)
		return truth(strings.Join(all, " AND "))
	}
	return "CASE WHEN " + safe + " THEN " + within(worth) + " ELSE " + within(rough) + " END = 1"
}
