package opportunity

import (
	"cmp"
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// ChangePipeline moves a record into the first stage of another pipeline: the old
// one counts it as taken out.
func (s *Service) ChangePipeline(ctx context.Context, a org.Actor, id, pipelineID, reason string) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	if text.Blank(reason) {
		return Opportunity{}, fault.Input("/reason", "pipeline.reason_required", "say why the pipeline changes")
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Opportunity, error) {
		a, err := s.still(ctx, tx, a)
		if err != nil {
			return Opportunity{}, err
		}
		o, err := s.takeThere(ctx, tx, a, id)
		if err != nil {
			return o, err
		}
		if err := a.HasRead(o.Version); err != nil {
			return o, err
		}
		if o.State != Open {
			return o, fault.New(fault.Conflict, "opportunity.closed", "the opportunity is closed; reopen it first")
		}
		v, err := s.pipelineFor(ctx, tx, a, pipelineID)
		if err != nil {
			return o, err
		}
		if v.PipelineID == o.PipelineID {
			return o, fault.New(fault.Conflict, "pipeline.same_pipeline", "already in this pipeline")
		}
		return s.switchStage(ctx, tx, a, o, v, Stay{StageID: v.First().ID, Move: pipeline.Change, Reason: text.Words(reason)})
	})
}

// switchStage takes a record over to another version, as a change of pipeline or a remap;
// neither resets a clock. In the same stage the stay goes on, and nothing has moved.
func (s *Service) switchStage(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, v pipeline.Version, next Stay) (Opportunity, error) {
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil {
		return was, err
	}
	o := was
	o.PipelineID, o.VersionID = v.PipelineID, v.ID
	if last := h.last(); next.StageID == last.StageID {
		return o, s.takeOver(ctx, tx, a, was, &o)
	}
	return s.enter(ctx, tx, a, h, entering{was: was, o: o, next: h.switched(a, v, next)})
}

// switched completes the stay by which a record is taken over to another version.
func (h history) switched(a org.Actor, v pipeline.Version, next Stay) Stay {
	next.Ord, next.ID, next.PipelineID, next.VersionID, next.State = h.nextOrd(), record.NewID(a.Now), v.PipelineID, v.ID, Open
	next.EnteredOn, next.EnteredAt = max(a.Today, h.last().day()), &a.Now
	next.RecordedAt, next.RecordedOn, next.MemberID = a.Now, a.Today, a.Effective()
	return next
}

// takeOver writes a record that goes on in its stage of another version.
func (s *Service) takeOver(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, o *Opportunity) error {
	_, err := s.save(ctx, tx, a, was, o, event(o.ID, "taken_over", a.Today, takenOver{Pair[string]{was.VersionID, o.VersionID}, o.StageID}))
	return err
}

// Remap takes open records over to the version in force of their pipeline: a stay in the
// same stage goes on, any other ends as "remapped". Records may come from any earlier
// version: the mappings are followed one by one. Where another came into force since, that
// one's take-over sees to all. Implements pipeline.Remapper.
func (s *Service) Remap(ctx context.Context, tx database.Tx, a org.Actor, to pipeline.Version, limit int) (int, error) {
	a, err := s.still(ctx, tx, a)
	if err != nil {
		return 0, err
	}
	if now, err := s.Pipelines.Current(ctx, tx, a.TenantID, to.PipelineID); err != nil || now.ID != to.ID {
		return 0, err
	}
	ids, err := s.Rows.InVersion(ctx, tx, a.TenantID, to.PipelineID, to.ID, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	all, err := s.Pipelines.Versions(ctx, tx, a.TenantID, to.PipelineID)
	if err != nil {
		return 0, err
	}
	if err := record.Take(ctx, tx, a.TenantID, ids...); err != nil {
		return 0, err
	}
	for _, id := range ids {
		o, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
		if err != nil {
			return 0, err
		}
		if o.State != Open || o.VersionID == to.ID || o.PipelineID != to.PipelineID {
			continue // somebody was quicker
		}
		stage := stageIn(to, all, Stay{VersionID: o.VersionID, StageID: o.StageID})
		if _, err := s.switchStage(ctx, tx, a, o, to, Stay{StageID: stage, Move: pipeline.Remap}); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// Correction says what was wrong with a stay: the day it was entered, or that it never
// was. StayID "" is the last one.
type Correction struct {
	StayID  string
	On      calendar.Date
	Never   bool
	Reason  string
	Version int // the record was read at; 0 does not check
	// goesOn is that more is taken back behind it: the caller sees to the version in force.
	goesOn bool
}

// CorrectStay voids the present stay and puts one with another day in its place;
// the voided one remains readable and is in no figure.
func (s *Service) CorrectStay(ctx context.Context, a org.Actor, id string, on calendar.Date, reason string) (Opportunity, error) {
	return s.Correct(ctx, a, id, Correction{On: on, Reason: reason})
}

// TakeBack takes the last move back: it never was, with the values and the credit written
// with it; the stay before goes on.
func (s *Service) TakeBack(ctx context.Context, a org.Actor, id, reason string) (Opportunity, error) {
	return s.Correct(ctx, a, id, Correction{Never: true, Reason: reason})
}

// Correct corrects any stay. Whoever made a move may correct it; a move of somebody else
// is for who decides on evidence. Faults: opportunity.stay_unknown,
// opportunity.before_stage, opportunity.after_stage, opportunity.first_stay,
// pipeline.reason_required.
func (s *Service) Correct(ctx context.Context, a org.Actor, id string, c Correction) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	if text.Blank(c.Reason) {
		return Opportunity{}, fault.Input("/reason", "pipeline.reason_required", "say what was wrong")
	}
	if !c.Never {
		if _, err := calendar.Parse(string(c.On)); err != nil {
			return Opportunity{}, calendar.BadDate("/on")
		}
		if err := a.CheckDate("/on", c.On, c.Reason); err != nil {
			return Opportunity{}, err
		}
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Opportunity, error) {
		a, err := s.still(ctx, tx, a)
		if err != nil {
			return Opportunity{}, err
		}
		was, err := s.takeThere(ctx, tx, a, id)
		if err != nil {
			return was, err
		}
		if c.Version != 0 && c.Version != was.Version {
			return was, record.ErrStale
		}
		h, err := s.historyOf(ctx, tx, a, was)
		if err != nil {
			return was, err
		}
		return s.correct(ctx, tx, a, was, h, c)
	})
}

func (s *Service) correct(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history, c Correction) (Opportunity, error) {
	at, err := h.correctable(a, c)
	if err != nil {
		return was, err
	}
	f := fix{at: at, goesOn: c.goesOn, wrong: h.counted[at], reason: text.Words(c.Reason)}
	if c.Never {
		f.h, f.behind, err = s.without(ctx, tx, a, h, at)
	} else {
		f.again(a, h, record.NewID(a.Now), c.On)
	}
	if err != nil {
		return was, err
	}
	return s.fix(ctx, tx, a, was, f)
}

// fix is a correction as it is written: the stay that is void, at its place among those that
// counted, the one in its place or none, what becomes of the stay behind, and the history
// then.
type fix struct {
	at     int
	wrong  Stay
	right  *Stay
	behind *replacement
	h      history
	// reason is why, in words.
	reason string
	// version is the pipeline's that the record is in then, "" is by what is in force.
	version string
	goesOn  bool
}

// again puts a stay of another day in the place of the wrong one. Why it was entered is as
// it was: the reason of the correction is the wrong one's.
func (f *fix) again(a org.Actor, h history, id string, on calendar.Date) {
	right := f.wrong
	right.Ord, right.ID, right.EnteredOn, right.EnteredAt = h.roomAfter(f.wrong.Ord), id, on, nil
	right.RecordedAt, right.RecordedOn, right.MemberID = a.Now, a.Today, a.Effective()
	h.counted = append(append([]Stay{}, h.counted[:f.at]...), append([]Stay{right}, h.counted[f.at+1:]...)...)
	f.right, f.h = &right, h
}

func (f fix) told(was, o Opportunity) corrected {
	out := corrected{Voided: f.wrong.ID, StageID: f.wrong.StageID, After: f.behind.told(), VersionID: o.VersionID,
		State: pairOf(was.State, o.State), TeamID: pairOf(was.TeamID, o.TeamID)}
	if f.right != nil {
		out.StayID, out.EnteredOn = f.right.ID, pairOf(f.wrong.EnteredOn, f.right.EnteredOn)
	}
	return out
}

// on is the day of the correction's entry.
func (f fix) on(today calendar.Date) calendar.Date {
	if f.right != nil {
		return f.right.EnteredOn
	}
	return cmp.Or(f.wrong.EnteredOn, today)
}

// fix writes a correction.
func (s *Service) fix(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, f fix) (Opportunity, error) {
	h, wrong := f.h, f.wrong
	o, err := s.asOf(ctx, tx, a, h, was)
	if err != nil {
		return was, err
	}
	o.VersionID = cmp.Or(f.version, o.VersionID)
	team, err := s.follow(ctx, tx, a, was, &o)
	if err != nil {
		return was, err
	}
	e := event(o.ID, "stay_corrected", f.on(a.Today), f.told(was, o))
	o.Version = was.Version + 1
	seq := journal.Append(tx, a.By(), e)
	s.Rows.VoidStay(tx, a, o.ID, Void{wrong.Ord, seq, f.reason})
	if err := s.replace(ctx, tx, a, o.ID, h, f.behind, seq); err != nil {
		return was, err
	}
	if f.right == nil && wrong.Seq != h.all[0].Seq { // an import states a path and its values in one entry
		if o, err = s.unwrite(ctx, tx, a, o, wrong.Seq, seq); err != nil {
			return was, err
		}
	} else if f.right != nil {
		right := *f.right
		right.Seq = seq
		if err := s.rewrite(ctx, tx, a, o.ID, h, wrong, entry{seq, right.EnteredOn}); err != nil {
			return was, err
		}
		if err := s.worth(ctx, tx, a, o.ID, &right); err != nil {
			return was, err
		}
		h.counted[f.at] = right
		if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{o.ID: {right}}); err != nil {
			return was, err
		}
	}
	if err := s.heldAgain(ctx, tx, a, &o, h, seq); err != nil {
		return was, err
	}
	if o, err = s.followed(ctx, tx, a, team, o, seq); err != nil {
		return was, err
	}
	if f.version == "" && !f.goesOn { // an entry that is played is followed by what followed it
		if o, h, err = s.remapped(ctx, tx, a, o, h); err != nil {
			return was, err
		}
	}
	if err := s.relink(ctx, tx, a, o.ID, h); err != nil {
		return was, err
	}
	if err := s.settle(ctx, tx, a, o.ID, h, seq); err != nil {
		return was, err
	}
	return o, s.saveChanged(ctx, tx, a, was, &o)
}

// remapped takes a record that is open by a correction over to the version in force, where the
// stage it stands in again is gone from that. What was open before, and is in the present stage
// since this entry, a take-over is on its way to.
func (s *Service) remapped(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history) (Opportunity, history, error) {
	last := h.last()
	if was.State != Open || last.Seq < 0 {
		return was, h, nil
	}
	v, err := s.Pipelines.Current(ctx, tx, a.TenantID, was.PipelineID)
	if err != nil || v.ID == was.VersionID {
		return was, h, err
	}
	all, err := s.Pipelines.Versions(ctx, tx, a.TenantID, was.PipelineID)
	if err != nil {
		return was, h, err
	}
	next := h.switched(a, v, Stay{StageID: stageIn(v, all, last), Move: pipeline.Remap})
	o := was
	o.VersionID, o.StageID, o.EnteredOn, o.Version = v.ID, next.StageID, next.EnteredOn, was.Version+1
	h = h.with(next)
	if err := s.tick(ctx, tx, a, h, &o); err != nil {
		return was, h, err
	}
	next.Seq = journal.Append(tx, a.By(), event(o.ID, "moved", next.EnteredOn, movedOf(was, o, last, next)))
	h.counted[len(h.counted)-1] = next
	return o, h, s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{o.ID: {next}})
}

// replacement is what becomes of the stay behind one that never was: void, with another in
// its place, or none where the stay before just goes on.
type replacement struct {
	voided Stay
	by     *Stay
}

func (r *replacement) told() *replaced {
	switch {
	case r == nil:
		return nil
	case r.by == nil:
		return &replaced{Voided: r.voided.ID}
	}
	return &replaced{r.voided.ID, r.by.ID, r.by.Move}
}

// without is the history once a stay never was. The stay behind it then is what a move from
// the stay before is: who went there and back never left.
func (s *Service) without(ctx context.Context, tx database.Tx, a org.Actor, h history, at int) (history, *replacement, error) {
	out := h.without(h.counted[at].Ord)
	if at == len(out.counted) {
		return out, nil, nil
	}
	before, next := out.counted[at-1], out.counted[at]
	if next.State != Open || before.State != Open {
		return out, nil, nil
	}
	same := next.PipelineID == before.PipelineID
	if same && next.StageID == before.StageID {
		return out.without(next.Ord), &replacement{voided: next}, nil
	}
	if next.Move == pipeline.Remap {
		return out, nil, nil
	}
	move := pipeline.Change
	if same {
		v, err := s.Pipelines.Version(ctx, tx, a.TenantID, next.VersionID)
		if err != nil {
			return out, nil, err
		}
		move = between(v, before, next)
	}
	if move == next.Move {
		return out, nil, nil
	}
	by := next
	by.Ord, by.ID, by.Move = h.roomAfter(next.Ord), record.NewID(a.Now), move
	out.counted[at] = by
	return out, &replacement{next, &by}, nil
}

// replace writes it; what the move wrote is the new stay's.
func (s *Service) replace(ctx context.Context, tx database.Tx, a org.Actor, id string, h history, r *replacement, seq database.Seq) error {
	if r == nil {
		return nil
	}
	s.Rows.VoidStay(tx, a, id, Void{Ord: r.voided.Ord, Seq: seq})
	if r.by == nil {
		return nil
	}
	r.by.Seq = seq
	if err := s.rewrite(ctx, tx, a, id, h, r.voided, entry{seq, r.voided.day()}); err != nil {
		return err
	}
	return s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{id: {*r.by}})
}

// correctable finds the stay and refuses what would make no history.
func (h history) correctable(a org.Actor, c Correction) (int, error) {
	at := len(h.counted) - 1
	if c.StayID != "" {
		for at >= 0 && h.counted[at].ID != c.StayID {
			at--
		}
	}
	if at < 0 {
		return 0, fault.New(fault.NotFound, "opportunity.stay_unknown", "no such stay, or it was corrected already")
	}
	wrong := h.counted[at]
	if wrong.MemberID != a.Effective() && !a.Can(org.EvidenceDecide) {
		owns := at == len(h.counted)-1 && !c.Never
		if !owns {
			return 0, fault.New(fault.Forbidden, "opportunity.correct_others", "a move of somebody else is corrected by a superior")
		}
	}
	switch {
	case c.Never && at == 0:
		return 0, fault.New(fault.Rule, "opportunity.first_stay", "the first stage cannot be taken back; delete the opportunity instead")
	case c.Never && at < len(h.counted)-1 && (wrong.State != Open || h.counted[at+1].State != Open || h.counted[at-1].State != Open):
		return 0, fault.New(fault.Rule, "opportunity.stay_between", "a closing and its reopening are taken back from the end")
	case c.Never:
		return at, nil
	case knownBefore(h.counted[:at]) > c.On:
		return 0, fault.Input("/on", "opportunity.before_stage", "the stage before was entered later than that day").
			With("enteredOn", string(knownBefore(h.counted[:at])))
	case knownAfter(h.counted[at+1:], c.On) < c.On:
		return 0, fault.Input("/on", "opportunity.after_stage", "the stage after was entered earlier than that day").
			With("enteredOn", string(knownAfter(h.counted[at+1:], c.On)))
	}
	return at, nil
}

// roomAfter is an ord for a stay in the place of a voided one.
func (h history) roomAfter(ord int64) int64 {
	next := ord + 1
	for _, st := range h.all {
		if st.Ord == next {
			next++
		}
	}
	return next
}

// asOf is the record as its history says once a stay was corrected.
func (s *Service) asOf(ctx context.Context, tx database.Tx, a org.Actor, h history, o Opportunity) (Opportunity, error) {
	last := h.last()
	o.State, o.StageID, o.EnteredOn, o.PipelineID, o.VersionID = last.State, last.StageID, last.EnteredOn, last.PipelineID, last.VersionID
	if last.State == Open {
		o.ClosedOn, o.SignedOn, o.ContractMinor, o.LossKind, o.LossReason, o.CompetitorID = "", "", nil, "", "", ""
		v, err := s.Pipelines.Current(ctx, tx, a.TenantID, last.PipelineID)
		if err != nil {
			return o, err
		}
		if _, kept := v.Stage(last.StageID); kept >= 0 {
			o.VersionID = v.ID
		}
	} else {
		o.ClosedOn, o.SignedOn, o.ContractMinor = last.EnteredOn, last.SignedOn, last.ContractMinor
		o.LossKind, o.LossReason, o.CompetitorID = last.LossKind, last.LossReason, last.CompetitorID
	}
	return o, s.tick(ctx, tx, a, h, &o)
}

// unwrite ends the values one entry wrote and reads the record's own back from what is
// left.
func (s *Service) unwrite(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, written, seq database.Seq) (Opportunity, error) {
	values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return o, err
	}
	s.Values.EndWritten(tx, a.TenantID, o.ID, written, seq)
	s.Values.EndOwned(tx, a.TenantID, o.ID, written, seq)
	left, gone := values[:0:0], false
	for _, v := range values {
		if v.Seq == written {
			gone = true
			continue
		}
		left = append(left, v)
	}
	if !gone {
		return o, nil
	}
	if err := s.unshare(ctx, tx, a, o.ID, values, written); err != nil {
		return o, err
	}
	now := record.On(left, lastDay)
	amount := now[[2]string{fieldAmount, ""}]
	o.AmountMinor, o.ConfidenceBP = amount.Number, now[[2]string{fieldConfidence, ""}].Number
	if amount.Text != "" {
		o.Currency = amount.Text
	}
	return o, s.Rows.SetLines(ctx, tx, a.TenantID, o.ID, linesOn(left, lastDay))
}

// rewrite dates what a move wrote as the move is dated now: those rows never were, and the
// same hold from the right day. The team it brought the record to, and whose share it is then,
// hold from the day it was said.
func (s *Service) rewrite(ctx context.Context, tx database.Tx, a org.Actor, id string, h history, wrong Stay, by entry) error {
	if wrong.Seq == h.all[0].Seq {
		return nil // values of a new record hold from its first day, whatever stage it was in
	}
	owners, err := s.Records.Owners(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	s.Values.EndOwned(tx, a.TenantID, id, wrong.Seq, by.seq)
	for _, w := range owners {
		if w.Seq == wrong.Seq {
			w.Seq = by.seq
			if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", w, ""); err != nil {
				return err
			}
		}
	}
	return s.rewriteValues(ctx, tx, a, id, wrong, by)
}

func (s *Service) rewriteValues(ctx context.Context, tx database.Tx, a org.Actor, id string, wrong Stay, by entry) error {
	values, err := s.Values.Of(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	var left, again []record.Value
	resplit, capped := false, false
	for _, v := range values {
		switch {
		case v.Seq != wrong.Seq:
			left = append(left, v)
		case v.Field == fieldConfidence:
			capped = true // held to its caps once all is written
		case v.Field == fieldShare:
			v.Seq = by.seq
			again = append(again, v)
		case v.Day > wrong.day(): // said over what was written for a later day
			if v.Seq = by.seq; v.Day > by.on {
				again = append(again, v)
			}
		case v.Field == fieldLine:
			resplit = true
		default:
			v.Day, v.Seq = by.on, by.seq
			again = append(again, v)
		}
	}
	if resplit { // lines are a list: it is written over the one of the right day
		is := linesByProduct(linesOn(values, wrong.day()))
		again = append(again, keyed(id, fieldLine, linesByProduct(linesOn(left, by.on)), is, by.on, by.seq)...)
	}
	if len(again) == 0 && !resplit && !capped {
		return nil
	}
	s.Values.EndWritten(tx, a.TenantID, id, wrong.Seq, by.seq)
	return s.Values.Insert(ctx, tx, a.TenantID, again)
}

// relink keeps the conveniences of the stays: each is left when the next begins.
func (s *Service) relink(ctx context.Context, tx database.Tx, a org.Actor, id string, h history) error {
	for i, st := range h.counted {
		was := st
		st.LeftOn, st.LeftAt, st.LeftMove = "", nil, ""
		if i+1 < len(h.counted) {
			next := h.counted[i+1]
			st.LeftOn, st.LeftAt, st.LeftMove = next.EnteredOn, next.EnteredAt, next.Move
		}
		if st.LeftOn == was.LeftOn && st.LeftMove == was.LeftMove || st.Seq < 0 {
			continue
		}
		if err := s.Rows.LeaveStay(ctx, tx, a.TenantID, id, st); err != nil {
			return err
		}
	}
	return nil
}
