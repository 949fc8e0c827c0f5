package opportunity

import (
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// Pair is an old and a new value.
type Pair[T any] [2]T

// pairOf is nil where nothing changed.
func pairOf[T comparable](was, now T) *Pair[T] {
	if was == now {
		return nil
	}
	return &Pair[T]{was, now}
}

func pairOfNumbers(was, now *int64) *Pair[*int64] {
	if was == nil && now == nil || was != nil && now != nil && *was == *now {
		return nil
	}
	return &Pair[*int64]{was, now}
}

// created is the payload of opportunity.created and, with the path another system knows,
// of opportunity.recorded: every column but texts.
type created struct {
	PipelineID   string        `json:"pipelineId"`
	VersionID    string        `json:"versionId"`
	StageID      string        `json:"stageId"`
	State        State         `json:"state"`
	OwnerID      string        `json:"ownerId"`
	TeamID       string        `json:"teamId"`
	AccountID    string        `json:"accountId"`
	AmountMinor  *int64        `json:"amountMinor"`
	Currency     string        `json:"currency"`
	TaxIncluded  bool          `json:"taxIncluded"`
	TaxBP        *int64        `json:"taxBp,omitempty"`
	ExpectedOn   calendar.Date `json:"expectedOn"`
	ConfidenceBP *int64        `json:"confidenceBp,omitempty"`
	CreatedOn    calendar.Date `json:"createdOn"`
	BatchID      string        `json:"batchId,omitempty"`
	Lines        []lineOf      `json:"lines,omitempty"`
	Shares       []Share       `json:"shares,omitempty"`
	Region       string        `json:"region,omitempty"`
	Own          []own         `json:"own,omitempty"`
	Visits       []visited     `json:"visits,omitempty"`
	StayID       string        `json:"stayId,omitempty"`
	Clash        bool          `json:"clash,omitempty"` // with a colleague's; why is with the stay

	// Of a recorded one.
	CreatedBy     string           `json:"createdBy,omitempty"`
	ContactOn     calendar.Date    `json:"contactOn,omitempty"`
	SignedOn      calendar.Date    `json:"signedOn,omitempty"`
	ContractMinor *int64           `json:"contractMinor,omitempty"`
	LossKind      string           `json:"lossKind,omitempty"`
	CompetitorID  string           `json:"competitorId,omitempty"`
	External      *record.External `json:"external,omitempty"`
	Held          []Holding        `json:"held,omitempty"`
}

// own is what one of the company's own fields holds from now on, and what it held: a number,
// or a day, a choice or a member. A text stays in its row; nothing at all is in Cleared.
type own struct {
	FieldID   string `json:"fieldId"`
	Number    *int64 `json:"number,omitempty"`
	Code      string `json:"code,omitempty"`
	Cleared   bool   `json:"cleared,omitempty"`
	WasNumber *int64 `json:"wasNumber,omitempty"`
	WasCode   string `json:"wasCode,omitempty"`
}

// ownOf is a value as it is told, without the words of a text.
func ownOf(f field.Field, v field.Value) own {
	o := own{FieldID: f.ID, Number: v.Number}
	if f.Type != field.Text {
		o.Code = v.Text
	}
	return o
}

// lineOf is a product line without its note.
type lineOf struct {
	ProductLineID string `json:"productLineId"`
	AmountMinor   int64  `json:"amountMinor"`
}

func linesOf(lines []Line) []lineOf {
	out := make([]lineOf, len(lines))
	for i, l := range lines {
		out[i] = lineOf{l.ProductLineID, l.AmountMinor}
	}
	return out
}

// visited is one stay of a recorded path.
type visited struct {
	StageID string        `json:"stageId"`
	State   State         `json:"state"`
	On      calendar.Date `json:"on"`
	Ord     int64         `json:"ord"`
	StayID  string        `json:"stayId"`
	Move    pipeline.Move `json:"move"`
	At      *time.Time    `json:"at,omitempty"` // where the source knows it
}

func createdOf(o Opportunity, lines []Line, shares []Share) created {
	return created{PipelineID: o.PipelineID, VersionID: o.VersionID, StageID: o.StageID, State: o.State, OwnerID: o.OwnerID, TeamID: o.TeamID,
		AccountID: o.AccountID, AmountMinor: o.AmountMinor, Currency: o.Currency, TaxIncluded: o.TaxIncluded, TaxBP: o.TaxBP,
		ExpectedOn: o.ExpectedOn, ConfidenceBP: o.ConfidenceBP, CreatedOn: o.CreatedOn, BatchID: o.BatchID, Lines: linesOf(lines), Shares: shares,
		Region: o.Region}
}

// recordedOf tells of a recorded history.
func recordedOf(o Opportunity, h *History, list []Stay, shares []Share) created {
	c := createdOf(o, h.Lines, shares)
	c.CreatedBy, c.ContactOn, c.SignedOn, c.ContractMinor = o.CreatedBy, o.ContactOn, o.SignedOn, o.ContractMinor
	c.LossKind, c.CompetitorID, c.Held = o.LossKind, o.CompetitorID, h.Held
	if h.External.ID != "" {
		c.External = &h.External
	}
	for _, st := range list {
		c.Visits = append(c.Visits, visited{st.StageID, st.State, st.EnteredOn, st.Ord, st.ID, st.Move, st.EnteredAt})
	}
	return c
}

// history is the recorded history it tells of.
func (c created) history(id string) History {
	h := History{Opportunity: c.record(id), Lines: linesFrom(c.Lines), Values: map[string]field.Value{}, LastContact: c.ContactOn,
		Held: c.Held}
	if c.External != nil {
		h.External = *c.External
	}
	for _, v := range c.Visits {
		h.Visits = append(h.Visits, Visit{v.StageID, v.State, v.On, v.At, v.StayID})
	}
	for _, o := range c.Own {
		h.Values[o.FieldID] = field.Value{Text: o.Code, Number: o.Number}
	}
	return h
}

// record is the new record it tells of.
func (c created) record(id string) Opportunity {
	return Opportunity{ID: id, PipelineID: c.PipelineID, VersionID: c.VersionID, StageID: c.StageID, State: c.State, OwnerID: c.OwnerID,
		TeamID: c.TeamID, Region: c.Region, AccountID: c.AccountID, AmountMinor: c.AmountMinor, Currency: c.Currency,
		TaxIncluded: c.TaxIncluded, TaxBP: c.TaxBP, ExpectedOn: c.ExpectedOn, ConfidenceBP: c.ConfidenceBP, CreatedOn: c.CreatedOn,
		CreatedBy: c.CreatedBy, BatchID: c.BatchID, ContactOn: c.ContactOn, SignedOn: c.SignedOn, ContractMinor: c.ContractMinor,
		LossKind: c.LossKind, CompetitorID: c.CompetitorID}
}

// linesFrom are product lines without their notes.
func linesFrom(list []lineOf) []Line {
	out := make([]Line, len(list))
	for i, l := range list {
		out[i] = Line{ProductLineID: l.ProductLineID, AmountMinor: l.AmountMinor}
	}
	return out
}

// sameTerms compares what entries of the first version did not hold.
func (c created) sameTerms(o created) bool {
	return c.TaxIncluded == o.TaxIncluded && pairOfNumbers(c.TaxBP, o.TaxBP) == nil && pairOfNumbers(c.ConfidenceBP, o.ConfidenceBP) == nil &&
		slices.Equal(c.Lines, o.Lines)
}

// moved is the payload of opportunity.moved.
type moved struct {
	Move          pipeline.Move `json:"move"`
	From          string        `json:"from"`
	To            string        `json:"to"`
	Was           State         `json:"was"`
	State         State         `json:"state"`
	Ord           int64         `json:"ord"`
	StayID        string        `json:"stayId"`
	Exception     bool          `json:"exception,omitempty"`
	VersionWas    string        `json:"versionWas,omitempty"`
	VersionID     string        `json:"versionId,omitempty"`
	PipelineWas   string        `json:"pipelineWas,omitempty"`
	PipelineID    string        `json:"pipelineId,omitempty"`
	SignedOn      calendar.Date `json:"signedOn,omitempty"`
	ContractMinor *int64        `json:"contractMinor,omitempty"`
	LossKind      string        `json:"lossKind,omitempty"`
	CompetitorID  string        `json:"competitorId,omitempty"`
	ProgressOn    calendar.Date `json:"progressOn,omitempty"`
	Stated        bool          `json:"stated,omitempty"` // what was closed was said with it
	changes
}

// changes are old and new of the fields that differ; names and texts only as changed,
// because payloads hold no free text.
type changes struct {
	AmountMinor  *Pair[*int64]        `json:"amountMinor,omitempty"`
	Currency     *Pair[string]        `json:"currency,omitempty"`
	TaxIncluded  *Pair[bool]          `json:"taxIncluded,omitempty"`
	TaxBP        *Pair[*int64]        `json:"taxBp,omitempty"`
	ExpectedOn   *Pair[calendar.Date] `json:"expectedOn,omitempty"`
	ConfidenceBP *Pair[*int64]        `json:"confidenceBp,omitempty"`
	AccountID    *Pair[string]        `json:"accountId,omitempty"`
	Region       *Pair[string]        `json:"region,omitempty"`
	TeamID       *Pair[string]        `json:"teamId,omitempty"`
	Lines        *Pair[[]lineOf]      `json:"lines,omitempty"`
	Name         bool                 `json:"name,omitempty"`
	Source       bool                 `json:"source,omitempty"`
	Custom       []string             `json:"custom,omitempty"`  // keys of the company's own fields
	Own          []own                `json:"own,omitempty"`     // and what they held and hold now
	BatchID      string               `json:"batchId,omitempty"` // the import that made the change
}

func changesOf(was, o Opportunity) changes {
	return changes{AmountMinor: pairOfNumbers(was.AmountMinor, o.AmountMinor), Currency: pairOf(was.Currency, o.Currency),
		TaxIncluded: pairOf(was.TaxIncluded, o.TaxIncluded), TaxBP: pairOfNumbers(was.TaxBP, o.TaxBP),
		ExpectedOn: pairOf(was.ExpectedOn, o.ExpectedOn), ConfidenceBP: pairOfNumbers(was.ConfidenceBP, o.ConfidenceBP),
		AccountID: pairOf(was.AccountID, o.AccountID), Region: pairOf(was.Region, o.Region), TeamID: pairOf(was.TeamID, o.TeamID),
		Name: was.Name != o.Name, Source: was.Source != o.Source}
}

// apply makes a record what the changes say.
func (c changes) apply(o *Opportunity) {
	setNow(&o.AmountMinor, c.AmountMinor)
	setNow(&o.Currency, c.Currency)
	setNow(&o.TaxIncluded, c.TaxIncluded)
	setNow(&o.TaxBP, c.TaxBP)
	setNow(&o.ExpectedOn, c.ExpectedOn)
	setNow(&o.ConfidenceBP, c.ConfidenceBP)
	setNow(&o.AccountID, c.AccountID)
	setNow(&o.Region, c.Region)
	setNow(&o.TeamID, c.TeamID)
}

func setNow[T any](to *T, p *Pair[T]) {
	if p != nil {
		*to = p[1]
	}
}

func (c changes) none() bool {
	return c.AmountMinor == nil && c.Currency == nil && c.TaxIncluded == nil && c.TaxBP == nil && c.ExpectedOn == nil && c.ConfidenceBP == nil &&
		c.AccountID == nil && c.Region == nil && c.Lines == nil && !c.Name && !c.Source && len(c.Custom) == 0
}

// corrected is the payload of opportunity.stay_corrected: the stay that is void, and the
// one in its place; none where the move was taken back.
type corrected struct {
	Voided    string               `json:"voided"`
	StayID    string               `json:"stayId,omitempty"`
	StageID   string               `json:"stageId"`
	State     *Pair[State]         `json:"state,omitempty"`
	TeamID    *Pair[string]        `json:"teamId,omitempty"`
	After     *replaced            `json:"after,omitempty"`
	EnteredOn *Pair[calendar.Date] `json:"enteredOn,omitempty"`
	VersionID string               `json:"versionId,omitempty"` // of the pipeline, the record is in then
}

// replaced is the stay behind one that was taken back: void, and the one in its place; none
// where the stay before goes on.
type replaced struct {
	Voided string        `json:"voided"`
	StayID string        `json:"stayId,omitempty"`
	Move   pipeline.Move `json:"move,omitempty"`
}

// handedOver is the payload of opportunity.handed_over.
type handedOver struct {
	OwnerID    Pair[string] `json:"ownerId"`
	TeamID     Pair[string] `json:"teamId"`
	HandoverID string       `json:"handoverId,omitempty"`
}

// takenOver is the payload of opportunity.taken_over: a record goes on in the same stage
// of a new version.
type takenOver struct {
	VersionID Pair[string] `json:"versionId"`
	StageID   string       `json:"stageId"`
}

// list is the payload of a list that is replaced: shares, deal team, contacts, competitors.
type list[T any] struct {
	Was []T `json:"was"`
	Now []T `json:"now"`
}

func listed[T any](was, now []T) list[T] {
	return list[T]{append([]T{}, was...), append([]T{}, now...)}
}

// roleOf is a contact's role in a deal, without the name.
type roleOf struct {
	ContactID string           `json:"contactId"`
	Role      string           `json:"role"`
	Judged    *relation.Judged `json:"judged,omitempty"`
}

func rolesOf(contacts []DealContact) []roleOf {
	out := make([]roleOf, len(contacts))
	for i, c := range contacts {
		out[i] = roleOf{ContactID: c.ContactID, Role: c.Role}
		if c.Judged != (relation.Judged{}) {
			out[i].Judged = &c.Judged
		}
	}
	return out
}

// memberOf is a member of the deal team; what he does there is free text.
type memberOf struct {
	MemberID string `json:"memberId"`
}

func membersOf(team []TeamMember) []memberOf {
	out := make([]memberOf, len(team))
	for i, m := range team {
		out[i] = memberOf{m.MemberID}
	}
	return out
}

// exported is the payload of opportunity.exported: how many records left, and how.
type exported struct {
	Count  int64  `json:"count"`
	Format string `json:"format"`
}

func (p exported) event(id string, on calendar.Date) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "export", ID: id}, Kind: "opportunity.exported", On: on, Payload: p}
}

// exceptionSeen is the payload of opportunity.exception_seen.
type exceptionSeen struct{}

func (p exceptionSeen) event(id string, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "opportunity.exception_seen", On: on, Payload: p}
}

// evidenceEvent is the payload of evidence.submitted, accepted and rejected; its text and
// the note stay in the rows.
type evidenceEvent struct {
	EvidenceID string        `json:"evidenceId"`
	StageID    string        `json:"stageId"`
	Milestone  string        `json:"milestone"`
	Status     string        `json:"status"`
	Date       calendar.Date `json:"date,omitempty"`
	Number     *int64        `json:"number,omitempty"`
	ContactID  string        `json:"contactId,omitempty"`
	FileID     string        `json:"fileId,omitempty"`
}

func (p evidenceEvent) event(id, kind string, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "evidence." + kind, Version: 2, On: on, Payload: p}
}

// event is an event about one opportunity.
func event(id, kind string, on calendar.Date, payload any) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "opportunity", ID: id}, Kind: "opportunity." + kind, Version: 3, On: on, Payload: payload}
}
