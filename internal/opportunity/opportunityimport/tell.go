package opportunityimport

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// teller tells cases anew: an import that knows more, and an undo that takes a part away.
type teller struct {
	service   *opportunity.Service
	pipelines *pipeline.Service
	actor     org.Actor
}

// known is what is known of a case: the version its events are put into, the logs that stand, the
// stays, and what persons did. Base is its path from before there was a log, nil where a log made it.
type known struct {
	v        pipeline.Version
	versions []pipeline.Version
	logs     []caseLog
	base     *caseLog
	stays    []opportunity.Stay
	hands    opportunity.Hands
}

// known reads it: list are the changes of the record that stand, log is what is read of it now.
func (t teller) known(ctx context.Context, tx database.Tx, was opportunity.Opportunity, list []intake.Change, log caseLog) (c known, err error) {
	tenant := t.actor.TenantID
	if c.v, err = t.pipelines.Version(ctx, tx, tenant, cmp.Or(log.Version, was.VersionID)); err != nil {
		return c, err
	}
	if c.versions, err = t.pipelines.Versions(ctx, tx, tenant, c.v.PipelineID); err != nil {
		return c, err
	}
	if c.hands, err = t.service.Hands(ctx, tx, t.actor, was.ID); err != nil {
		return c, err
	}
	if c.stays, err = t.service.Counted(ctx, tx, t.actor, was.ID); err != nil {
		return c, err
	}
	logs := logsOf(list)
	if len(logs) == 0 {
		c.base = baseOf(was, c.stays, log)
		logs = []caseLog{*c.base}
	}
	for _, l := range logs {
		c.logs = append(c.logs, l.in(c.v, c.versions))
	}
	return c, nil
}

// never is when what has no day is told: after all that has.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// baseOf is the path of a record that no log made, as events. A stay without a day is the last,
// unless the log knows its day.
func baseOf(was opportunity.Opportunity, stays []opportunity.Stay, log caseLog) *caseLog {
	base := &caseLog{Source: log.Source, Version: was.VersionID}
	for _, st := range stays {
		e := happening{On: st.EnteredOn, At: st.EnteredOn.Time(), Stage: st.StageID, State: st.State}
		switch {
		case st.EnteredAt != nil:
			e.At = *st.EnteredAt
		case st.EnteredOn == "":
			e.At = never
			told := func(o happening) bool { return o.Stage == e.Stage && o.State == e.State }
			if slices.ContainsFunc(log.Events, told) || slices.ContainsFunc(base.Events, told) {
				continue
			}
		}
		if st.State != opportunity.Open {
			e.LossKind, e.LossReason, e.Competitor = st.LossKind, st.LossReason, st.CompetitorID
		}
		base.Events = append(base.Events, e)
	}
	return base
}

// telling is how a case is told: by which events, as a change of which import. Of what no event
// says the record keeps what it holds; but what is in back holds again what it held then.
type telling struct {
	events []happening
	batch  string
	held   opportunity.Stated
	back   opportunity.Kept
}

// tell tells a case as events say, but for what persons said of it here.
func (t teller) tell(ctx context.Context, tx database.Tx, was opportunity.Opportunity, c known, as telling) (opportunity.Opportunity, bool, error) {
	var h opportunity.History
	h.PipelineID, h.VersionID = c.v.PipelineID, c.v.ID
	h.Name, h.Currency = was.Name, t.actor.Company.Currency
	told(as.events, &h)
	unsaid, hands := silent(as.events), c.hands.Kept()
	as.giveBack(&h, unsaid)
	keep := opportunity.Kept{Name: hands.Name || unsaid.Name && !as.back.Name, Owner: hands.Owner || unsaid.Owner && !as.back.Owner,
		Account: hands.Account || unsaid.Account && !as.back.Account, Region: hands.Region || unsaid.Region && !as.back.Region,
		Terms: hands.Terms || unsaid.Terms && !as.back.Terms}
	if h.State() == opportunity.Open && h.OwnerID != "" && !keep.Owner && t.actor.AtWork("/owner", h.OwnerID) != nil {
		leave(&h)
	}
	o, changed, err := t.service.Retell(ctx, tx, t.actor, was.ID, opportunity.Retelling{History: h, Keep: keep})
	if err != nil {
		return o, changed, err
	}
	custom := field.Values{}
	for k, v := range lastCustom(as.events) {
		if !c.hands.Fields["custom."+k] {
			custom[k] = v
		}
	}
	if len(custom) == 0 {
		return o, changed, nil
	}
	version := o.Version
	o, err = t.service.EditIn(ctx, tx, t.actor, was.ID, 0, opportunity.Patch{Custom: custom, BatchID: as.batch})
	return o, changed || o.Version != version, err
}

// giveBack has a history hold what the record held before, of what no event says.
func (as telling) giveBack(h *opportunity.History, unsaid opportunity.Kept) {
	each := func(give func(owner, account *string, amount **int64, currency *string)) {
		give(&h.OwnerID, &h.AccountID, &h.AmountMinor, &h.Currency)
		for i := range h.Held {
			give(&h.Held[i].OwnerID, &h.Held[i].AccountID, &h.Held[i].AmountMinor, &h.Held[i].Currency)
		}
	}
	if unsaid.Name && as.back.Name {
		h.Name = as.held.Name
	}
	if unsaid.Region && as.back.Region {
		h.Region = as.held.Region
	}
	each(func(owner, account *string, amount **int64, currency *string) {
		if unsaid.Owner && as.back.Owner {
			*owner = as.held.OwnerID
		}
		if unsaid.Account && as.back.Account {
			*account = as.held.AccountID
		}
		if unsaid.Terms && as.back.Terms {
			*amount, *currency = as.held.AmountMinor, as.held.Currency
		}
	})
}

// silent is what events say nothing about.
func silent(events []happening) opportunity.Kept {
	var now said
	for _, e := range events {
		now = now.over(e.said)
	}
	return opportunity.Kept{Name: now.Name == "", Owner: now.Owner == "", Account: now.Account == "", Region: now.Region == "",
		Terms: now.Amount == nil}
}

// leave leaves an open record of somebody who has left without an owner.
func leave(h *opportunity.History) {
	h.OwnerID, h.TeamID = "", ""
	if n := len(h.Held); n > 0 {
		h.Held[n-1].OwnerID = ""
	}
}

// unlog takes what an import's log said of a case away: it is what the others say.
func (i Importer) unlog(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change, before, after left) (back, kept bool, err error) {
	was, err := i.Opportunities.TakeIn(ctx, tx, a, c.ID)
	if err != nil {
		return false, false, err
	}
	t := teller{i.Opportunities, i.Pipelines, a}
	list := c.Beside
	if before.Log != nil {
		list = append([]intake.Change{{Before: c.Before}}, list...)
	}
	k, err := t.known(ctx, tx, was, list, caseLog{})
	if err != nil {
		return false, false, err
	}
	events := together(k.v, k.logs)
	if was.DeletedAt != nil || k.hands.Moved(k.stays) || len(events) == 0 {
		return false, true, nil
	}
	if before.Stated, err = i.without(ctx, tx, a, c, before.Stated); err != nil {
		return false, false, err
	}
	own := silent(after.Log.Events)
	as := telling{events: events, batch: c.BatchID, held: before.Stated,
		back: opportunity.Kept{Name: !own.Name, Owner: !own.Owner, Account: !own.Account, Region: !own.Region, Terms: !own.Terms}}
	if _, back, err = t.tell(ctx, tx, was, k, as); err != nil {
		return back, true, err
	}
	hands := k.hands.Kept()
	kept = hands.Name && !own.Name || hands.Owner && !own.Owner || hands.Account && !own.Account || hands.Terms && !own.Terms
	more, some, err := i.Opportunities.Unstate(ctx, tx, a, besides(c, before.Stated, after.Stated, lastCustom(events)))
	return back || more, kept || some, err
}

// without is what a record held without a log: of one that only logs tell of, nothing but what
// they say. Before may hold what another log said that was undone since.
func (i Importer) without(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change, before opportunity.Stated) (opportunity.Stated, error) {
	made := false
	for _, o := range c.Beside {
		if len(logsOf([]intake.Change{o})) == 0 {
			return before, nil
		}
		made = made || o.Created
	}
	if !made {
		return before, nil
	}
	ids, err := i.Opportunities.Records.External(ctx, tx, a.TenantID, c.ID)
	if err != nil {
		return before, err
	}
	out := opportunity.Stated{Currency: a.Company.Currency, Name: before.Name, Deleted: before.Deleted}
	for _, l := range logsOf(c.Beside) {
		for _, e := range ids {
			if e.Source == l.Source {
				out.Name = e.ID
			}
		}
	}
	return out, nil
}

// besides is what a log changed that its events do not tell: own fields no other log says.
func besides(c intake.Change, before, after opportunity.Stated, said map[string]string) opportunity.Restated {
	r := opportunity.Restated{Left: c.Left(), BatchID: c.BatchID, Before: after, After: after}
	r.Before.Deleted, r.Before.Custom = before.Deleted, field.Values{}
	for k, v := range before.Custom {
		r.Before.Custom[k] = v
	}
	for k := range said {
		r.Before.Custom[k] = after.Custom[k]
	}
	return r
}
