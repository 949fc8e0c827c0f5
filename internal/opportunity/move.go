package opportunity

import (
	"context"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// MoveRequest is a wish to move an opportunity. To is a stage of the record's
// pipeline version: a later one advances or skips, an earlier one returns, the won
// and lost stages close. To "withdrawn" withdraws, To "reopen" reopens into the
// stage it was closed from.
type MoveRequest struct {
	To        string        `json:"to"`
	On        calendar.Date `json:"on,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Exception string        `json:"exception,omitempty"`
	// Version the record was read at; 0 does not check (bulk).
	Version int `json:"version,omitempty"`
	// Won: day signed and contract amount in the record's currency.
	SignedOn      calendar.Date `json:"signedOn,omitempty"`
	ContractMinor *int64        `json:"contractMinor,omitempty"`
	// Lost: the kind, and the competitor's name; withdrawn: invalid or duplicate.
	LossKind   string `json:"lossKind,omitempty"`
	Competitor string `json:"competitor,omitempty"`
	// Key makes a repeat of the same request return the first answer.
	Key string `json:"-"`
}

// Move applies a move through the one gate. Faults: those of pipeline.Gate,
// record.stale, opportunity.closed, opportunity.not_closed, opportunity.before_stage,
// opportunity.loss_kind_required.
func (s *Service) Move(ctx context.Context, a org.Actor, id string, r MoveRequest) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	return idempotency.Once(ctx, s.Keys, a, r.Key, idempotency.Hash(id, r), func(tx database.Tx) (Opportunity, error) {
		return s.MoveIn(ctx, tx, a, id, r)
	})
}

// MoveIn is Move inside a transaction; imports use it in chunks.
func (s *Service) MoveIn(ctx context.Context, tx database.Tx, a org.Actor, id string, r MoveRequest) (Opportunity, error) {
	o, err := s.take(ctx, tx, a, a.Write, id)
	if err != nil {
		return o, err
	}
	if r.Version != 0 && r.Version != o.Version {
		return o, errStale
	}
	if o.DeletedAt != nil {
		return o, errUnknown
	}
	if r.On == "" {
		r.On = a.Today
	}
	if _, err := calendar.Parse(string(r.On)); err != nil {
		return o, fault.Input("/on", "calendar.bad_date", "dates are written 2026-02-28")
	}
	if err := a.CheckDate("/on", r.On, r.Reason); err != nil {
		return o, err
	}
	if len(r.Reason) > 1000 || len(r.Exception) > 1000 {
		return o, fault.Input("/reason", "input.too_long", "at most 1000 bytes").With("max", 1000)
	}
	v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
	if err != nil {
		return o, err
	}
	stays, err := s.Rows.Stays(ctx, tx, a.TenantID, id)
	if err != nil {
		return o, err
	}
	counted := live(stays)
	last := counted[len(counted)-1]
	if last.EnteredOn > r.On {
		return o, fault.Input("/on", "opportunity.before_stage", "the present stage was entered later than that day").With("enteredOn", string(last.EnteredOn))
	}
	next, err := s.decide(ctx, tx, a, &o, v, stays, r)
	if err != nil {
		return o, err
	}
	next.Ord, next.ID = stays[len(stays)-1].Ord+ordStep, record.NewID(a.Now)
	next.PipelineID, next.VersionID = v.PipelineID, v.ID
	next.EnteredOn, next.RecordedAt, next.RecordedOn, next.MemberID = r.On, a.Now, a.Today, a.Effective()
	if r.On == a.Today {
		next.EnteredAt = &a.Now
	}
	next.Reason = text.Fold(r.Reason)
	if r.Exception != "" && (next.Move == pipeline.Advance || next.Move == pipeline.Skip || next.Move == pipeline.Win) {
		next.Exception, next.Reason = true, text.Fold(r.Exception)
	}
	was := last.State
	last.LeftOn, last.LeftAt, last.LeftMove = r.On, next.EnteredAt, next.Move
	if err := s.Rows.LeaveStay(ctx, tx, a.TenantID, id, last); err != nil {
		return o, err
	}
	if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{id: {next}}); err != nil {
		return o, err
	}
	o.State, o.StageID, o.EnteredOn, o.WaitingOn = next.State, next.StageID, r.On, ""
	o.Version++
	if err := s.Rows.Save(ctx, tx, a.TenantID, o); err != nil {
		return o, err
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: "opportunity.moved", On: r.On, Payload: map[string]any{
		"move": next.Move, "from": last.StageID, "to": next.StageID, "was": was, "state": next.State, "confidenceBp": o.ConfidenceBP, "ord": next.Ord, "stayId": next.ID,
		"exception": next.Exception, "lossKind": o.LossKind, "competitorId": o.CompetitorID, "contractMinor": o.ContractMinor, "progressOn": o.ProgressOn}})
	return o, nil
}

// decide finds what the request amounts to and changes o accordingly, apart from
// stage and state, which follow from the stay it returns.
func (s *Service) decide(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, v pipeline.Version, stays []Stay, r MoveRequest) (Stay, error) {
	switch {
	case r.To == "reopen":
		return s.reopen(ctx, tx, a, o, v, stays, r)
	case o.State != Open:
		return Stay{}, fault.New(fault.Conflict, "opportunity.closed", "the opportunity is closed; reopen it first").With("state", string(o.State))
	case r.To == "withdrawn":
		if r.LossKind != Invalid && r.LossKind != Duplicate {
			return Stay{}, fault.Input("/lossKind", "opportunity.withdraw_kind_required", "invalid or duplicate")
		}
		o.LossKind, o.LossReason, o.ClosedOn = r.LossKind, text.Fold(r.Reason), r.On
		return Stay{State: Withdrawn, Move: pipeline.Withdraw}, nil
	}
	evidence, err := s.Rows.Evidence(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return Stay{}, err
	}
	move, err := v.Gate(o.StageID, pipeline.Request{To: r.To, Reason: r.Reason, Exception: r.Exception}, doneFrom(evidence))
	if err != nil {
		return Stay{}, err
	}
	next := Stay{StageID: r.To, State: Open, Move: move}
	switch move {
	case pipeline.Win:
		next.State = Won
		return next, s.win(ctx, tx, a, o, r)
	case pipeline.Lose:
		next.State = Lost
		return next, s.lose(ctx, tx, a, o, r)
	}
	if !everReached(v, stays, r.To) {
		o.ProgressOn = r.On // new ground
	}
	if st, _ := v.Stage(r.To); o.ConfidenceBP != nil && *o.ConfidenceBP > int64(st.ConfidenceCapBP) {
		capped := int64(st.ConfidenceCapBP)
		o.ConfidenceBP = &capped
	}
	return next, nil
}

// doneFrom tells the gate how far each milestone is: the newest evidence counts.
func doneFrom(evidence []Evidence) pipeline.Done {
	newest := map[[2]string]string{}
	for _, e := range evidence { // oldest first
		newest[[2]string{e.StageID, e.Key}] = e.Status
	}
	return func(stage, key string) string { return newest[[2]string{stage, key}] }
}

// win closes with credit: the shares freeze, and each becomes a line with the
// team and position of the day.
func (s *Service) win(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, r MoveRequest) error {
	o.ClosedOn, o.SignedOn = r.On, r.SignedOn
	if r.SignedOn != "" {
		if _, err := calendar.Parse(string(r.SignedOn)); err != nil {
			return fault.Input("/signedOn", "calendar.bad_date", "dates are written 2026-02-28")
		}
	}
	o.ContractMinor = r.ContractMinor
	if o.ContractMinor == nil {
		o.ContractMinor = o.AmountMinor
	}
	if o.ContractMinor == nil {
		return fault.Input("/contractMinor", "opportunity.contract_required", "a win needs the contract amount")
	}
	if *o.ContractMinor < 0 {
		return fault.Input("/contractMinor", "input.out_of_range", "zero or more").With("min", 0)
	}
	// What was signed is the amount from now on, also by product line; the journal
	// shows it as an increase or decrease before the win.
	before := *o
	o.AmountMinor = o.ContractMinor
	if changed := changes(before, *o); changed["amountMinor"] != nil {
		if err := s.editLines(ctx, tx, a, before, *o, Patch{AmountMinor: &o.AmountMinor}); err != nil {
			return err
		}
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(o.ID), Kind: "opportunity.changed", On: r.On, Payload: map[string]any{"amountMinor": changed["amountMinor"]}})
	}
	shares, err := s.Rows.Shares(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	return s.Rows.Credit(ctx, tx, a, creditLines(a, *o, shares))
}

func (s *Service) lose(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, r MoveRequest) error {
	if !lossKinds[r.LossKind] {
		return fault.Input("/lossKind", "opportunity.loss_kind_required", "competitor, no_decision, cancelled, tender_void or we_withdrew")
	}
	if strings.TrimSpace(r.Reason) == "" {
		return fault.Input("/reason", "opportunity.loss_reason_required", "say why it was lost")
	}
	if r.LossKind == LostToCompetitor && text.Fold(r.Competitor) == "" {
		return fault.Input("/competitor", "opportunity.competitor_required", "name the competitor")
	}
	competitor, err := s.Accounts.CompetitorIn(ctx, tx, a, r.Competitor)
	if err != nil {
		return err
	}
	o.LossKind, o.LossReason, o.CompetitorID, o.ClosedOn = r.LossKind, text.Fold(r.Reason), competitor, r.On
	return nil
}

// reopen brings a closed record back into the stage it was closed from; a win's
// credit lines are voided, not erased.
func (s *Service) reopen(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, v pipeline.Version, stays []Stay, r MoveRequest) (Stay, error) {
	if o.State == Open {
		return Stay{}, fault.New(fault.Conflict, "opportunity.not_closed", "the opportunity is open")
	}
	if strings.TrimSpace(r.Reason) == "" {
		return Stay{}, fault.Input("/reason", "pipeline.reason_required", "say why it is open again")
	}
	if o.State == Won {
		if err := s.Rows.VoidCredit(ctx, tx, a, o.ID); err != nil {
			return Stay{}, err
		}
	}
	stage := v.First().ID
	counted := live(stays)
	for i := len(counted) - 1; i >= 0; i-- {
		if st, at := v.Stage(counted[i].StageID); counted[i].State == Open && at >= 0 && st.Kind == pipeline.Open {
			stage = st.ID
			break
		}
	}
	o.ClosedOn, o.SignedOn, o.ContractMinor, o.LossKind, o.LossReason, o.CompetitorID = "", "", nil, "", "", ""
	return Stay{StageID: stage, State: Open, Move: pipeline.Reopen}, nil
}

// MoveResult is one record's answer to a bulk move.
type MoveResult struct {
	ID    string
	Moved bool
	Err   error
}

// MoveMany moves a selection; each record passes the same gate alone, and a
// refusal of one leaves the others moved.
func (s *Service) MoveMany(ctx context.Context, a org.Actor, ids []string, r MoveRequest) ([]MoveResult, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return nil, err
	}
	if len(ids) == 0 || len(ids) > 500 {
		return nil, fault.Input("/ids", "input.out_of_range", "1 to 500 records").With("min", 1).With("max", 500)
	}
	out := make([]MoveResult, len(ids))
	for i, id := range ids {
		_, err := s.Move(ctx, a, id, r)
		if err != nil && fault.As(err) == nil {
			return out, err
		}
		out[i] = MoveResult{ID: id, Moved: err == nil, Err: err}
	}
	return out, nil
}
