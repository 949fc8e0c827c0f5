package opportunityhttp

import (
	"yunchou/internal/calendar"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
)

// Filters are the query parameters every list, board, export and report shares.
type Filters struct {
	Q            string               `query:"q" maxLength:"100"`
	Pipeline     string               `query:"pipeline" maxLength:"60"`
	Stage        string               `query:"stage" maxLength:"60"`
	Owner        string               `query:"owner" maxLength:"60"`
	Team         string               `query:"team" maxLength:"60"`
	Account      string               `query:"account" maxLength:"60"`
	Region       string               `query:"region" maxLength:"100"`
	Source       string               `query:"source" maxLength:"100"`
	Product      string               `query:"product" maxLength:"60"`
	Industry     string               `query:"industry" maxLength:"100"`
	State        []string             `query:"state,explode" maxItems:"4"`
	CreatedFrom  calendar.Date        `query:"createdFrom" maxLength:"10"`
	CreatedTo    calendar.Date        `query:"createdTo" maxLength:"10"`
	ClosedFrom   calendar.Date        `query:"closedFrom" maxLength:"10"`
	ClosedTo     calendar.Date        `query:"closedTo" maxLength:"10"`
	ExpectedFrom calendar.Date        `query:"expectedFrom" maxLength:"10"`
	ExpectedTo   calendar.Date        `query:"expectedTo" maxLength:"10"`
	AmountMin    httpapi.Given[int64] `query:"amountMin" minimum:"0" doc:"in minor units of the company's currency; lists at today's rate, figures as they count it"`
	AmountMax    httpapi.Given[int64] `query:"amountMax" minimum:"0" doc:"in minor units of the company's currency; lists at today's rate, figures as they count it"`
	LossKind     string               `query:"lossKind" maxLength:"30"`
	NoNextStep   bool                 `query:"noNextStep"`
	Stalled      bool                 `query:"stalled"`
	Overstayed   bool                 `query:"overstayed"`
	Passed       bool                 `query:"passed" doc:"open, and expected on a day that has passed"`
	Waiting      bool                 `query:"waiting" doc:"open, and a milestone of the present stage waits to be accepted"`
	Exceptions   bool                 `query:"exceptions" doc:"with exceptions you have to look at or accept"`
	Deleted      bool                 `query:"deleted"`
	Provisional  bool                 `query:"provisional" doc:"won by an exception that nobody has accepted yet"`
	Lacks
	fieldhttp.Conditions
}

// Filter turns them into the list's filter.
func (f Filters) Filter() opportunity.Filter {
	out := opportunity.Filter{
		Query: f.Q, Pipeline: f.Pipeline, Stage: f.Stage, Owner: f.Owner, Team: f.Team, Account: f.Account,
		Region: f.Region, Source: f.Source, ProductLine: f.Product, Industry: f.Industry, CreatedFrom: f.CreatedFrom,
		CreatedTo: f.CreatedTo, ClosedFrom: f.ClosedFrom, ClosedTo: f.ClosedTo, ExpectedFrom: f.ExpectedFrom,
		ExpectedTo: f.ExpectedTo, LossKind: f.LossKind, NoNextStep: f.NoNextStep, Stalled: f.Stalled,
		Overstayed: f.Overstayed, Passed: f.Passed, Waiting: f.Waiting, Exceptions: f.Exceptions, Deleted: f.Deleted, Provisional: f.Provisional, Custom: f.Texts(),
	}
	out.Lacks = f.lacks()
	for _, s := range f.State {
		out.States = append(out.States, opportunity.State(s))
	}
	out.AmountMin, out.AmountMax = f.AmountMin.Pointer(), f.AmountMax.Pointer()
	return out
}
