// Package opportunityimport reads files of opportunities and logs of events, moves deals that
// are there through the same gate as a person would, and takes back what an import did.
package opportunityimport

import (
	"context"
	"encoding/json"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitytable"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Importer implements intake.Importer.
type Importer struct {
	Opportunities *opportunity.Service
	Accounts      *account.Service
	Pipelines     *pipeline.Service
}

// weight is for what a pipeline file or a log says besides names and accounts, which others have too.
const weight = 0.5

// points are the targets faults of the gate are about.
var points = map[string]string{"ownerId": "owner", "accountId": "account", "amountMinor": "amount", "contractMinor": "amount",
	"lines": "product", "confidenceBp": "confidence", "on": "closedOn", "to": "stage", "reason": "lossReason",
	"opportunity.account_deleted": "account", "opportunity.closed": "stage",
	"pipeline.skip_not_allowed": "stage"}

// Kinds are logs of events and files of opportunities.
func (i Importer) Kinds() []intake.Kind { return []intake.Kind{i.events(), i.opportunities()} }

func (i Importer) opportunities() intake.Kind {
	return intake.Kind{
		Name:    record.Opportunity,
		After:   []string{record.Account, record.Contact, "member", "product"},
		Read:    func(t *intake.Table) error { return intake.PartOf[*Deals](t.Run).read(t) },
		Undo:    &intake.Undo{Unmake: i.Opportunities.Unrecord, Restore: i.restore, Along: i.Opportunities.AccountsOf},
		Points:  points,
		Suggest: i.suggestDeals,
		Ours:    i.Opportunities.Known,
		Choices: i.choices,
		Weight:  weight,
		Usual:   true, // with names of its own
		Called:  []string{"externalId", "name", "account"},
		Own:     []string{"商机", "项目", "销售机会", "机会", "opportunity", "deal"},
		Targets: dealTargets,
	}
}

func (i Importer) events() intake.Kind {
	return intake.Kind{
		Name:    "events",
		Of:      record.Opportunity,
		After:   []string{record.Opportunity},
		Read:    func(t *intake.Table) error { return intake.PartOf[*Deals](t.Run).readEvents(t) },
		Points:  points,
		Suggest: i.suggestEvents,
		Choices: i.eventChoices,
		Weight:  weight,
		Targets: eventTargets,
	}
}

// restore gives back what an import found of a deal.
func (i Importer) restore(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change) (back, kept bool, err error) {
	r := opportunity.Restated{Left: c.Left(), BatchID: c.BatchID}
	var before, after left
	if json.Unmarshal([]byte(c.After), &after) == nil && after.Log != nil {
		if err := c.Stated(&before, &after); err != nil {
			return false, false, err
		}
		return i.unlog(ctx, tx, a, c, before, after)
	}
	if err := c.Stated(&r.Before, &r.After); err != nil {
		return false, false, err
	}
	return i.Opportunities.Unstate(ctx, tx, a, r)
}

// choices are what may be chosen in a table of deals to be filled.
func (i Importer) choices(ctx context.Context, tx database.Tx, a org.Actor, locale string) (map[string][]string, error) {
	out := map[string][]string{"owner": intake.Present(a), "currency": {a.Company.Currency}}
	versions, err := i.Pipelines.InForceIn(ctx, tx, a.TenantID)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		out["pipeline"] = append(out["pipeline"], v.Name)
		for _, st := range v.Stages {
			if !slices.Contains(out["stage"], st.Name) {
				out["stage"] = append(out["stage"], st.Name)
			}
		}
	}
	out["outcome"], out["lossKind"] = opportunitytable.States.In(locale), opportunitytable.LossKinds.In(locale)
	return out, nil
}

// eventChoices are what may be chosen in a log to be filled.
func (i Importer) eventChoices(ctx context.Context, tx database.Tx, a org.Actor, locale string) (map[string][]string, error) {
	all, err := i.choices(ctx, tx, a, locale)
	return map[string][]string{"activity": all["stage"], "owner": all["owner"], "lossKind": all["lossKind"]}, err
}
