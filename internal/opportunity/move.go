package opportunity

import (
	"cmp"
	"context"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/money"
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
	// CompetitorID is the one an import knows by id.
	CompetitorID string `json:"-"`
	// Key makes a repeat of the same request return the first answer.
	Key string `json:"-"`
	// Terms is what an import says a closing closed, nil where it does not.
	Terms *Terms `json:"-"`
}

// Terms is what a source says a record was won, lost or withdrawn for: it holds from the day of
// the closing, whatever was known of the record until then.
type Terms struct {
	AmountMinor int64
	Currency    string
	Lines       []Line // none leaves the record's, in their proportion
}

func (r MoveRequest) lines() *[]Line {
	if r.Terms == nil || len(r.Terms.Lines) == 0 {
		return nil
	}
	return &r.Terms.Lines
}

const (
	reopening = "reopen"
	imported  = "import" // the path of what a file says
)

// Move applies a move through the one gate. Faults: those of pipeline.Gate,
// record.stale, opportunity.closed, opportunity.not_closed, opportunity.before_stage,
// opportunity.loss_kind_required.
func (s *Service) Move(ctx context.Context, a org.Actor, id string, r MoveRequest) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	return idempotency.Once(ctx, s.Keys, a.By(), r.Key, idempotency.Hash(id, r), func(tx database.Tx) (Opportunity, error) {
		return s.MoveIn(ctx, tx, a, id, r)
	})
}

// MoveIn is Move inside a transaction; imports use it in chunks.
func (s *Service) MoveIn(ctx context.Context, tx database.Tx, a org.Actor, id string, r MoveRequest) (Opportunity, error) {
	a, asked, err := s.posts(ctx, tx, a, r.To)
	if err != nil {
		return Opportunity{}, err
	}
	was, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Write), id)
	if err != nil {
		return was, err
	}
	if err := r.check(a, was); err != nil {
		return was, err
	}
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil {
		return was, err
	}
	if on := knownBefore(h.counted); on > r.On {
		return was, fault.Input("/on", "opportunity.before_stage", "the present stage was entered later than that day").
			With("enteredOn", string(on))
	}
	o := was
	if r.Terms != nil && was.State == Open {
		o.AmountMinor, o.Currency = &r.Terms.AmountMinor, r.Terms.Currency
		if err := o.check(a); err != nil {
			return was, err
		}
	}
	next, err := s.decide(ctx, tx, a, &o, h, r)
	if err != nil {
		return was, err
	}
	if next.State != Open && !asked { // by a version nobody had read
		if a, err = s.Still(ctx, tx, a); err != nil {
			return was, err
		}
	}
	next.Ord, next.ID, next.PipelineID, next.VersionID = h.nextOrd(), record.NewID(a.Now), o.PipelineID, o.VersionID
	next.EnteredOn, next.RecordedAt, next.RecordedOn, next.MemberID = r.On, a.Now, a.Today, a.Effective()
	if r.On == a.Today {
		next.EnteredAt = &a.Now
	}
	next.Reason = text.Words(r.Reason)
	if !text.Blank(r.Exception) && (next.Move == pipeline.Advance || next.Move == pipeline.Skip || next.Move == pipeline.Win) {
		next.Exception, next.Reason = true, text.Words(r.Exception)
	}
	return s.enter(ctx, tx, a, h, entering{was: was, o: o, next: next, stated: r.Terms != nil, lines: r.lines()})
}

// posts comes before the record is taken where a move asks who sits where: what opens again is
// in its owner's team, and a closing is credited in the teams of its day, whatever was known of
// them when the request began. It tells whether it asked.
func (s *Service) posts(ctx context.Context, tx database.Tx, a org.Actor, to string) (_ org.Actor, asked bool, err error) {
	switch {
	case to == reopening:
		a, err = s.still(ctx, tx, a)
	case to == "withdrawn" || s.Pipelines.MayClose(a.TenantID, to):
		a, err = s.Still(ctx, tx, a)
	default:
		return a, false, nil
	}
	return a, true, err
}

// check reads a request against the record as it was found.
func (r *MoveRequest) check(a org.Actor, o Opportunity) error {
	switch {
	case r.Version != 0 && r.Version != o.Version:
		return record.ErrStale
	case o.DeletedAt != nil:
		return errUnknown
	case text.Longer(r.Reason, 1000) || text.Longer(r.Exception, 1000):
		return fault.Input("/reason", "input.too_long", "at most 1000 characters").With("max", 1000)
	}
	if r.On == "" {
		r.On = a.Today
	}
	if _, err := calendar.Parse(string(r.On)); err != nil {
		return calendar.BadDate("/on")
	}
	return a.CheckDate("/on", r.On, r.Reason)
}

// entering is a record that enters a stage: as it was and as it is then, the stay, and whether
// amount and lines (nil leaves them) were said with it.
type entering struct {
	was, o Opportunity
	next   Stay
	stated bool
	lines  *[]Line
}

// enter ends the present stay and begins the next, with the event, the values, the credit
// and the clocks that follow from it: the one way a record changes its stage.
func (s *Service) enter(ctx context.Context, tx database.Tx, a org.Actor, h history, in entering) (Opportunity, error) {
	was, o, next := in.was, in.o, in.next
	last := h.last()
	o.State, o.StageID, o.EnteredOn = next.State, next.StageID, next.EnteredOn
	if !in.stated {
		if err := s.worth(ctx, tx, a, o.ID, &next); err != nil {
			return o, err
		}
	}
	if err := s.tick(ctx, tx, a, h.with(next), &o); err != nil {
		return o, err
	}
	team, err := s.follow(ctx, tx, a, was, &o)
	if err != nil {
		return o, err
	}
	payload := movedOf(was, o, last, next)
	payload.Stated = in.stated
	if in.lines != nil {
		before, err := s.Rows.Lines(ctx, tx, a.TenantID, o.ID)
		if err != nil {
			return o, err
		}
		payload.Lines = &Pair[[]lineOf]{linesOf(before), linesOf(*in.lines)}
	}
	o.Version = was.Version + 1
	seq := journal.Append(tx, a.By(), event(o.ID, "moved", next.EnteredOn, payload))
	values, err := s.movedValues(ctx, tx, a, was, o, next, seq)
	if err != nil {
		return o, err
	}
	if err := errors.Join(s.Values.Insert(ctx, tx, a.TenantID, values), s.saveChanged(ctx, tx, a, was, &o)); err != nil {
		return o, err
	}
	if err := s.editLines(ctx, tx, a, was, o, in.lines, entry{seq, next.EnteredOn}); err != nil {
		return o, err
	}
	if in.stated {
		if err := s.closedFor(ctx, tx, a, o, entry{seq, next.EnteredOn}); err != nil {
			return o, err
		}
	}
	next.Seq = seq
	last.LeftOn, last.LeftAt, last.LeftMove = next.EnteredOn, next.EnteredAt, next.Move
	if err := s.Rows.LeaveStay(ctx, tx, a.TenantID, o.ID, last); err != nil {
		return o, err
	}
	if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{o.ID: {next}}); err != nil {
		return o, err
	}
	if o, err = s.followed(ctx, tx, a, team, o, seq); err != nil {
		return o, err
	}
	return o, s.settle(ctx, tx, a, o.ID, h.with(next), seq)
}

// movedOf tells of a move from one stay to the next.
func movedOf(was, o Opportunity, last, next Stay) moved {
	m := moved{Move: next.Move, From: last.StageID, To: next.StageID, Was: last.State, State: next.State, Ord: next.Ord, StayID: next.ID,
		Exception: next.Exception, SignedOn: next.SignedOn, ContractMinor: next.ContractMinor, LossKind: next.LossKind,
		CompetitorID: next.CompetitorID, ProgressOn: o.ProgressOn, changes: changesOf(was, o)}
	if was.VersionID != o.VersionID {
		m.VersionWas, m.VersionID, m.PipelineWas, m.PipelineID = was.VersionID, o.VersionID, was.PipelineID, o.PipelineID
	}
	return m
}

// decide finds what the request amounts to and changes o accordingly, apart from
// stage and state, which follow from the stay it returns.
func (s *Service) decide(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, h history, r MoveRequest) (Stay, error) {
	switch {
	case r.To == reopening:
		return s.reopen(ctx, tx, a, o, h, r)
	case o.State != Open:
		return Stay{}, fault.New(fault.Conflict, "opportunity.closed", "the opportunity is closed; reopen it first").With("state", string(o.State))
	case r.To == "withdrawn":
		if r.LossKind != Invalid && r.LossKind != Duplicate {
			return Stay{}, fault.Input("/lossKind", "opportunity.withdraw_kind_required", "invalid or duplicate")
		}
		o.LossKind, o.LossReason, o.ClosedOn = r.LossKind, text.Words(r.Reason), r.On
		return o.closing(Stay{State: Withdrawn, Move: pipeline.Withdraw}), nil
	}
	v := h.version
	move, err := v.Gate(o.StageID, pipeline.Request{To: r.To, Reason: r.Reason, Exception: r.Exception,
		Recorded: a.Path == imported}, doneFrom(h.evidence))
	if err != nil {
		return Stay{}, err
	}
	next := Stay{StageID: r.To, State: Open, Move: move}
	switch move {
	case pipeline.Win:
		next.State = Won
		if err := o.win(a.Path, r); err != nil {
			return next, err
		}
		return o.closing(next), nil
	case pipeline.Lose:
		next.State = Lost
		if err := s.lose(ctx, tx, a, o, r); err != nil {
			return next, err
		}
		return o.closing(next), nil
	}
	o.cap(v, r.To)
	return next, nil
}

// closing gives a stay the facts of the closing it is.
func (o Opportunity) closing(st Stay) Stay {
	st.AmountMinor, st.Currency, st.ContractMinor, st.SignedOn = o.AmountMinor, o.Currency, o.ContractMinor, o.SignedOn
	st.LossKind, st.LossReason, st.CompetitorID = o.LossKind, o.LossReason, o.CompetitorID
	return st
}

// doneFrom tells the gate how far each milestone is: the newest evidence counts.
func doneFrom(evidence []Evidence) pipeline.Done {
	newest := map[[2]string]string{}
	for _, e := range evidence { // oldest first
		newest[[2]string{e.StageID, e.Key}] = e.Status
	}
	return func(stage, key string) string { return newest[[2]string{stage, key}] }
}

// win closes. What was signed is the amount from now on, also by product line; the journal
// shows it as an increase or decrease before the win.
func (o *Opportunity) win(path string, r MoveRequest) error {
	o.ClosedOn, o.SignedOn = r.On, r.SignedOn
	if r.SignedOn != "" {
		if _, err := calendar.Parse(string(r.SignedOn)); err != nil {
			return calendar.BadDate("/signedOn")
		}
	}
	o.ContractMinor = r.ContractMinor
	if o.ContractMinor == nil {
		o.ContractMinor = o.AmountMinor
	}
	switch {
	case o.ContractMinor == nil && path == imported:
	case o.ContractMinor == nil:
		return fault.Input("/contractMinor", "opportunity.contract_required", "a win needs the contract amount")
	case !money.Fits(o.ContractMinor):
		return money.OutOfRange("/contractMinor")
	}
	o.AmountMinor = o.ContractMinor
	return nil
}

func (s *Service) lose(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, r MoveRequest) error {
	if a.Path == imported { // what its file does not say stays unknown: nobody can be asked
		o.LossKind, o.LossReason, o.CompetitorID, o.ClosedOn = cmp.Or(r.LossKind, UnknownLoss), text.Words(r.Reason), r.CompetitorID, r.On
		return nil
	}
	if !lossKinds[r.LossKind] {
		return fault.Input("/lossKind", "opportunity.loss_kind_required", "competitor, no_decision, cancelled, tender_void or we_withdrew")
	}
	if text.Blank(r.Reason) {
		return fault.Input("/reason", "opportunity.loss_reason_required", "say why it was lost")
	}
	if r.LossKind == LostToCompetitor && text.Fold(r.Competitor) == "" {
		return fault.Input("/competitor", "opportunity.competitor_required", "name the competitor")
	}
	competitor, err := s.Accounts.CompetitorIn(ctx, tx, a, r.Competitor)
	if err != nil {
		return err
	}
	o.LossKind, o.LossReason, o.CompetitorID, o.ClosedOn = r.LossKind, text.Words(r.Reason), competitor, r.On
	return nil
}

// reopen brings a closed record back into the stage it was closed from, or what the
// version in force has made of it, else into the first. Its credit ceases that day.
func (s *Service) reopen(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, h history, r MoveRequest) (Stay, error) {
	if o.State == Open {
		return Stay{}, fault.New(fault.Conflict, "opportunity.not_closed", "the opportunity is open")
	}
	if text.Blank(r.Reason) {
		return Stay{}, fault.Input("/reason", "pipeline.reason_required", "say why it is open again")
	}
	v, err := s.Pipelines.Current(ctx, tx, a.TenantID, o.PipelineID)
	if err != nil {
		return Stay{}, err
	}
	all, err := s.Pipelines.Versions(ctx, tx, a.TenantID, o.PipelineID)
	if err != nil {
		return Stay{}, err
	}
	stage := v.First().ID
	for i := len(h.counted) - 1; i >= 0; i-- {
		if from := h.counted[i]; from.State == Open && from.PipelineID == o.PipelineID {
			stage = stageIn(v, all, from)
			break
		}
	}
	o.VersionID = v.ID
	values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return Stay{}, err
	}
	if amount, ok := record.On(values, a.Today)[[2]string{fieldAmount, ""}]; ok {
		o.AmountMinor, o.Currency = amount.Number, cmp.Or(amount.Text, o.Currency)
	}
	o.ClosedOn, o.SignedOn, o.ContractMinor, o.LossKind, o.LossReason, o.CompetitorID = "", "", nil, "", "", ""
	o.cap(v, stage)
	return Stay{StageID: stage, State: Open, Move: pipeline.Reopen}, nil
}

// stageIn is where a stay stands in a version: in its own stage, in what the mappings make
// of it, or in the first. No open record is ever without a stage.
func stageIn(v pipeline.Version, all []pipeline.Version, st Stay) string {
	if at, ok := pipeline.NewPath(v, all).Of(st.VersionID, st.StageID); ok && at.Image >= 0 && v.Stages[at.Image].Kind == pipeline.Open {
		return v.Stages[at.Image].ID
	}
	return v.First().ID
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
