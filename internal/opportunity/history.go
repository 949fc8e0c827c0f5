package opportunity

import (
	"cmp"
	"context"
	"errors"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
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
	ID      string     // of the stay; "" makes one
}

// History is an opportunity with its past as another system recorded it. Nothing
// is guessed: what the source does not know stays unknown.
type History struct {
	Opportunity
	External record.External
	Visits   []Visit // in order, at least one
	Lines    []Line
	Values   map[string]field.Value // by field id
	// LastContact is the last known two-way contact.
	LastContact calendar.Date
	// Held is what the source says the record held, by the days it held from, where that is
	// known: the first is carried back to the first known day, the last is the record's own.
	Held []Holding
}

// Holding is whose a record was from a day on, at which account, and for which amount.
type Holding struct {
	From        calendar.Date `json:"from"`
	OwnerID     string        `json:"ownerId,omitempty"`
	AccountID   string        `json:"accountId,omitempty"`
	AmountMinor *int64        `json:"amountMinor,omitempty"`
	Currency    string        `json:"currency"`
}

// of is a record as it was while something held.
func (h Holding) of(o Opportunity) Opportunity {
	o.OwnerID, o.AccountID, o.AmountMinor, o.Currency = h.OwnerID, h.AccountID, h.AmountMinor, h.Currency
	return o
}

// on is what a record held on a day: of an unknown one, what it holds now.
func (h History) on(day calendar.Date, o Opportunity) Opportunity {
	if len(h.Held) == 0 || day == "" {
		return o
	}
	at := h.Held[0]
	for _, next := range h.Held[1:] {
		if next.From <= day {
			at = next
		}
	}
	return at.of(o)
}

// State is where the history ends.
func (h History) State() State { return h.Visits[len(h.Visits)-1].State }

// Record writes new opportunities with their histories: what an import and the
// demo use. The moves happened elsewhere, so no gate stands before them; the
// journal says by which batch they came. At most database.MaxRecords/2 at a time.
func (s *Service) Record(ctx context.Context, tx database.Tx, a org.Actor, batch []History) error {
	var w written
	fields, err := s.ownFields(ctx, tx, a)
	if err != nil {
		return err
	}
	now, err := s.still(ctx, tx, a)
	if err != nil {
		return err
	}
	for i := range batch { // who was transferred since the import began
		if o := &batch[i].Opportunity; now.Structure != a.Structure && o.OwnerID != "" {
			o.TeamID, _ = now.Structure.TeamOf(o.OwnerID, now.Today)
		}
	}
	a = now
	for i := range batch {
		v, err := s.Pipelines.Version(ctx, tx, a.TenantID, batch[i].VersionID)
		if err != nil {
			return err
		}
		if err := s.recordOne(tx, a, v, fields, &batch[i], &w); err != nil {
			return err
		}
	}
	return errors.Join(
		s.insert(ctx, tx, a, w.opps),
		s.Rows.InsertStays(ctx, tx, a.TenantID, w.stays),
		s.Rows.InsertShares(ctx, tx, a.TenantID, w.shares),
		s.Rows.InsertLines(ctx, tx, a.TenantID, w.lines),
		s.Records.FirstOwners(ctx, tx, a.TenantID, "opportunity", w.owners),
		s.Values.Insert(ctx, tx, a.TenantID, w.dated),
		s.Credit.Insert(ctx, tx, a.TenantID, w.credit),
		s.Records.InsertExternal(ctx, tx, a.TenantID, "opportunity", w.refs),
		s.Fields.Store(ctx, tx, a.TenantID, w.values))
}

// written is what a batch of histories writes.
type written struct {
	opps   []Opportunity
	stays  map[string][]Stay
	shares map[string][]Share
	lines  map[string][]Line
	refs   map[record.External]string
	owners []record.Ownership
	dated  []record.Value
	credit []credit.Line
	values []field.Stored
}

func (s *Service) recordOne(tx database.Tx, a org.Actor, v pipeline.Version, fields []field.Field, h *History, w *written) error {
	if w.stays == nil {
		w.stays, w.shares, w.lines, w.refs = map[string][]Stay{}, map[string][]Share{}, map[string][]Line{}, map[record.External]string{}
	}
	o, list := h.build(a, v, s.Calendar(a.TenantID))
	shares := wholly(o.OwnerID)
	if len(shares) > 0 {
		w.shares[o.ID] = shares
	}
	payload := recordedOf(o, h, list, shares)
	payload.Own = ownsOf(fields, h.Values)
	seq := journal.Append(tx, a.By(), event(o.ID, "recorded", or(o.CreatedOn, a.Today), payload))
	for i := range list {
		list[i].Seq = seq
	}
	w.opps, w.stays[o.ID] = append(w.opps, o), list
	w.owners = append(w.owners, h.owners(a, o, seq)...)
	w.dated = append(w.dated, h.values(a, o, list, seq)...)
	for i, st := range list { // closings on the way, and the last
		of := wholly(h.on(st.day(), o).OwnerID)
		if st.State != Open && len(of) > 0 {
			w.credit = append(w.credit, credit.Settle(nil, givenBy(a, o.ID, st, of, h.Lines), standing(list, i, nil), seq,
				func() string { return record.NewID(a.Now) })...)
		}
	}
	if len(h.Lines) > 0 {
		w.lines[o.ID] = h.Lines
	}
	if h.External.ID != "" {
		w.refs[h.External] = o.ID
	}
	for id, val := range h.Values {
		w.values = append(w.values, field.Stored{Record: o.ID, Field: id, Value: val})
	}
	return nil
}

// wholly are the shares of what is all somebody's; nobody has none.
func wholly(member string) []Share {
	if member == "" {
		return nil
	}
	return []Share{{MemberID: member, Kind: credit.Direct, BP: 10000}}
}

// owners are whose a recorded record was, is and is known to be.
func (h *History) owners(a org.Actor, o Opportunity, seq database.Seq) (out []record.Ownership) {
	put := func(member, team string, from calendar.Date) {
		w := record.Ownership{RecordID: o.ID, MemberID: member, TeamID: team, From: from, Seq: seq}
		if n := len(out); n == 0 || out[n-1].MemberID != member || out[n-1].TeamID != team {
			out = append(out, w)
		}
	}
	for i, held := range h.Held[:max(0, len(h.Held)-1)] {
		from, next := held.From, h.Held[i+1].From
		teams := []org.TeamFrom{{}}
		if held.OwnerID != "" {
			teams = a.Structure.MainTeams(held.OwnerID, from)
		}
		for k, t := range teams {
			switch {
			case i == 0 && k == 0:
				put(held.OwnerID, t.TeamID, "")
			case k == 0:
				put(held.OwnerID, t.TeamID, from)
			case t.From < next:
				put(held.OwnerID, t.TeamID, t.From)
			}
		}
	}
	last := calendar.Date("")
	if n := len(h.Held); n > 1 {
		last = h.Held[n-1].From
	}
	put(o.OwnerID, o.TeamID, last)
	if o.State == Open {
		out = append(out, announced(a, o, seq)...)
	}
	return out
}

// values are the dated values of a recorded record.
func (h *History) values(a org.Actor, o Opportunity, list []Stay, seq database.Seq) []record.Value {
	began := h.began(list, a.Today)
	was := h.on(record.Start, o)
	out := newValues(was, h.Lines, wholly(was.OwnerID), began, seq)
	if began < a.Today { // what the source says today is the earliest that is known
		for i := range out {
			out[i].Basis = record.Carried
		}
	}
	for _, held := range h.Held[min(1, len(h.Held)):] {
		next, day := held.of(o), max(held.From, began)
		out = append(out, changed(was, next, day, seq)...)
		out = append(out, keyed(o.ID, fieldShare, sharesByKey(wholly(was.OwnerID)), sharesByKey(wholly(next.OwnerID)), day, seq)...)
		was = next
	}
	return out
}

// began is the first day a recorded history knows: values are carried back to it.
func (h *History) began(list []Stay, today calendar.Date) calendar.Date {
	first := h.CreatedOn
	for _, st := range list {
		if st.EnteredOn != "" && (first == "" || st.EnteredOn < first) {
			first = st.EnteredOn
		}
	}
	return or(first, today)
}

func or(d, fallback calendar.Date) calendar.Date {
	if d != "" {
		return d
	}
	return fallback
}

// build turns the visits into stays and the conveniences that follow from them.
func (h *History) build(a org.Actor, v pipeline.Version, cal calendar.Calendar) (Opportunity, []Stay) {
	o := h.Opportunity
	if o.ID == "" {
		o.ID = record.NewID(a.Now)
		h.ID = o.ID
	}
	o.CreatedAt, o.RecordedOn, o.Version = a.Now, a.Today, 1
	if o.CreatedBy == "" {
		o.CreatedBy = a.MemberID
	}
	list := make([]Stay, 0, len(h.Visits))
	for i, visit := range h.Visits {
		st := Stay{Ord: int64(i+1) * ordStep, ID: cmp.Or(visit.ID, record.NewID(a.Now)), PipelineID: v.PipelineID, VersionID: v.ID, StageID: visit.StageID, State: visit.State,
			EnteredOn: visit.On, EnteredAt: visit.At, RecordedAt: a.Now, RecordedOn: a.Today, MemberID: o.CreatedBy, Move: pipeline.Create}
		if i > 0 {
			st.Move = between(v, list[i-1], st)
			list[i-1].LeftOn, list[i-1].LeftAt, list[i-1].LeftMove = visit.On, visit.At, st.Move
		}
		list = append(list, st)
	}
	last := list[len(list)-1]
	o.State, o.StageID, o.EnteredOn, o.ContactOn = last.State, last.StageID, last.EnteredOn, h.LastContact
	p := progressOf(list, map[string]pipeline.Path{v.ID: pipeline.NewPath(v, []pipeline.Version{v})}, nil, a.Today, a.Company.Zone(), cal)
	p.tell(&o)
	if o.State != Open {
		o.ClosedOn = last.EnteredOn
		o.unclock()
	}
	if o.State == Won && o.ContractMinor == nil {
		o.ContractMinor = o.AmountMinor
	}
	if o.State == Lost && o.LossKind == "" {
		o.LossKind = UnknownLoss
	}
	for i := range list {
		if list[i].State != Open { // of a closing on the way only the amount is known
			then := h.on(list[i].EnteredOn, o)
			list[i].AmountMinor, list[i].Currency = then.AmountMinor, then.Currency
		}
	}
	if o.State != Open {
		list[len(list)-1] = o.closing(last)
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
