package funnel

import (
	"yunchou/internal/opportunity"
)

// AsToday is what of a figure's filter asks for the record as it is today: name, source, day
// of creation, own fields, what is due or waits to be accepted. These have no days (docs/facts.md).
//
// The rest is of the day whose facts count, as the groups are: state, stage, closing and its
// kind of loss, expected day and region as of the question's day; account and product lines
// of the day of closing, or the question's for what is open; the amount as the figure counts
// it. Owner and team mean attribution. What is due is only due while it is open.
func (q Query) AsToday() opportunity.Filter {
	f := q.Filter
	f.Pipeline, f.Owner, f.Team, f.Owners, f.Teams = "", "", "", nil, nil
	f.Account, f.Industry, f.Region, f.ProductLine = "", "", "", ""
	f.Stage, f.LossKind, f.ClosedFrom, f.ClosedTo = "", "", "", ""
	f.ExpectedFrom, f.ExpectedTo = "", ""
	f.AmountMin, f.AmountMax, f.PricedIn, f.PricedOn = nil, nil, "", ""
	if !f.Limited() {
		f.States = nil
	}
	f.WithDeleted, f.WithoutTax = true, false
	return f
}

// Priced tells whether a figure's filter bounds the amount.
func (q Query) Priced() bool { return q.Filter.AmountMin != nil || q.Filter.AmountMax != nil }
