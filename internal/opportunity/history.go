package opportunity

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Visit is one step of a known history: a stage (or "withdrawn"), and the day it
// was entered, "" where the source does not say.
type Visit struct {
	StageID string
	State   State
	On      calendar.Date
	At      *time.Time // where the source knows the instant
}

// History is an opportunity with its past as another system recorded it. Nothing
// is guessed: what the source does not know stays unknown.
type History struct {
	Opportunity
	External record.External
	Visits   []Visit // in order, at least one
	Lines    []Line
	Values   map[string]field.Value // by field id
	// Replayed histories happened here: the journal gets the entries as they would
	// have been written, each at its time. The demo company's do.
	Replayed bool
	// LastContact is the last known two-way contact.
	LastContact calendar.Date
}

// Record writes new opportunities with their histories: what an import and the
// demo use. The moves happened elsewhere, so no gate stands before them; the
// journal says by which batch they came. At most database.MaxRecords/2 at a time.
func (s *Service) Record(ctx context.Context, tx database.Tx, a org.Actor, batch []History) error {
	opps := make([]Opportunity, len(batch))
	stays, shares, lines := map[string][]Stay{}, map[string][]Share{}, map[string][]Line{}
	refs := map[record.External]string{}
	var credit []CreditLine
	var values []field.Stored
	owners := make([]record.Ownership, 0, len(batch))
	for i := range batch {
		h := &batch[i]
		v, err := s.Pipelines.Version(ctx, tx, a.TenantID, h.VersionID)
		if err != nil {
			return err
		}
		o, list := h.build(a, v)
		opps[i], stays[o.ID] = o, list
		if o.OwnerID != "" {
			shares[o.ID] = []Share{{MemberID: o.OwnerID, Kind: "direct", BP: 10000}}
			if o.State == Won {
				credit = append(credit, creditLines(a, o, shares[o.ID])...)
			}
		}
		owners = append(owners, record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID})
		if len(h.Lines) > 0 {
			lines[o.ID] = h.Lines
		}
		if h.External.ID != "" {
			refs[h.External] = o.ID
		}
		for id, val := range h.Values {
			values = append(values, field.Stored{Record: o.ID, Field: id, Value: val})
		}
		payload := createdPayload(o)
		if h.Replayed {
			replay(tx, a, o, list, payload)
			continue
		}
		payload["visits"] = list2payload(list)
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(o.ID), Kind: "opportunity.recorded", On: or(o.CreatedOn, a.Today), Payload: payload})
	}
	return errors.Join(
		s.Rows.Insert(ctx, tx, a.TenantID, opps),
		s.Rows.InsertStays(ctx, tx, a.TenantID, stays),
		s.Rows.InsertShares(ctx, tx, a.TenantID, shares),
		s.Rows.InsertLines(ctx, tx, a.TenantID, lines),
		s.Records.FirstOwners(ctx, tx, a.TenantID, "opportunity", owners),
		s.Rows.Credit(ctx, tx, a, credit),
		s.Records.InsertExternal(ctx, tx, a.TenantID, "opportunity", refs),
		s.Fields.Rows.Save(ctx, tx, a.TenantID, values, nil))
}

// replay writes the journal of a history entry by entry, each in the morning of its
// day.
func replay(tx database.Tx, a org.Actor, o Opportunity, stays []Stay, created map[string]any) {
	at := func(d calendar.Date) org.Actor { return a.At(d.In(a.Company.Zone()).Add(10 * time.Hour)) }
	for i, s := range stays {
		by := at(s.EnteredOn)
		if i == 0 {
			created["stageId"], created["state"] = s.StageID, s.State
			journal.Append(tx, by.By(), journal.Event{Subject: Ref(o.ID), Kind: "opportunity.created", On: s.EnteredOn, Payload: created})
			continue
		}
		journal.Append(tx, by.By(), journal.Event{Subject: Ref(o.ID), Kind: "opportunity.moved", On: s.EnteredOn, Payload: map[string]any{
			"move": s.Move, "from": stays[i-1].StageID, "to": s.StageID, "was": stays[i-1].State, "state": s.State, "ord": s.Ord, "stayId": s.ID}})
	}
}

func or(d, fallback calendar.Date) calendar.Date {
	if d != "" {
		return d
	}
	return fallback
}

func list2payload(stays []Stay) []map[string]any {
	out := make([]map[string]any, len(stays))
	for i, s := range stays {
		out[i] = map[string]any{"stageId": s.StageID, "state": s.State, "on": s.EnteredOn, "ord": s.Ord}
	}
	return out
}

// build turns the visits into stays and the conveniences that follow from them.
func (h *History) build(a org.Actor, v pipeline.Version) (Opportunity, []Stay) {
	o := h.Opportunity
	if o.ID == "" {
		o.ID = record.NewID(a.Now)
		h.ID = o.ID
	}
	o.CreatedAt, o.Version = a.Now, 1
	if o.CreatedBy == "" {
		o.CreatedBy = a.MemberID
	}
	list := make([]Stay, 0, len(h.Visits))
	best := -1
	for i, visit := range h.Visits {
		st := Stay{Ord: int64(i+1) * ordStep, ID: record.NewID(a.Now), PipelineID: v.PipelineID, VersionID: v.ID, StageID: visit.StageID, State: visit.State,
			EnteredOn: visit.On, EnteredAt: visit.At, RecordedAt: a.Now, RecordedOn: a.Today, MemberID: o.CreatedBy, Move: pipeline.Create}
		if i > 0 {
			st.Move = between(v, list[i-1], st)
			list[i-1].LeftOn, list[i-1].LeftAt, list[i-1].LeftMove = visit.On, visit.At, st.Move
		}
		if stage, at := v.Stage(visit.StageID); at > best && stage.Kind == pipeline.Open {
			best, o.ProgressOn = at, visit.On
		}
		list = append(list, st)
	}
	last := list[len(list)-1]
	o.State, o.StageID, o.EnteredOn, o.ContactOn = last.State, last.StageID, last.EnteredOn, h.LastContact
	if o.State != Open {
		o.ClosedOn, o.ProgressOn = last.EnteredOn, ""
	}
	if o.State == Won && o.ContractMinor == nil {
		o.ContractMinor = o.AmountMinor
	}
	if o.State == Lost && o.LossKind == "" {
		o.LossKind = UnknownLoss
	}
	return o, list
}

// between names the move from one recorded stay to the next.
func between(v pipeline.Version, from, to Stay) pipeline.Move {
	switch {
	case to.State == Withdrawn:
		return pipeline.Withdraw
	case to.State == Won:
		return pipeline.Win
	case to.State == Lost:
		return pipeline.Lose
	case from.State != Open:
		return pipeline.Reopen
	}
	_, i := v.Stage(from.StageID)
	_, j := v.Stage(to.StageID)
	switch {
	case j < i:
		return pipeline.Return
	case j > i+1:
		return pipeline.Skip
	}
	return pipeline.Advance
}
