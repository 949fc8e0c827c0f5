package opportunityhttp

import (
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

type OppBody struct {
	ID            string              `json:"id"`
	Name          string              `json:"name"`
	AccountID     string              `json:"accountId"`
	Account       string              `json:"account"`
	PipelineID    string              `json:"pipelineId"`
	OwnerID       string              `json:"ownerId"`
	TeamID        string              `json:"teamId"`
	Region        string              `json:"region"`
	AmountMinor   *int64              `json:"amountMinor"`
	Currency      string              `json:"currency"`
	TaxIncluded   bool                `json:"taxIncluded"`
	ExpectedOn    calendar.Date       `json:"expectedOn"`
	ConfidenceBP  *int64              `json:"confidenceBp"`
	Source        string              `json:"source"`
	CreatedOn     calendar.Date       `json:"createdOn"`
	CreatedAt     time.Time           `json:"createdAt"`
	State         opportunity.State   `json:"state" enum:"open,won,lost,withdrawn"`
	StageID       string              `json:"stageId"`
	Stage         string              `json:"stage" doc:"the stage's name in the version in force; empty for a withdrawn record"`
	EnteredOn     calendar.Date       `json:"enteredOn"`
	ClosedOn      calendar.Date       `json:"closedOn"`
	SignedOn      calendar.Date       `json:"signedOn"`
	ContractMinor *int64              `json:"contractMinor"`
	LossKind      string              `json:"lossKind"`
	LossReason    string              `json:"lossReason"`
	CompetitorID  string              `json:"competitorId"`
	Pushes        int64               `json:"pushes"`
	Deleted       bool                `json:"deleted"`
	Version       int                 `json:"version"`
	Custom        map[string]string   `json:"custom"`
	Clocks        opportunity.Clocks  `json:"clocks"`
	Stalled       bool                `json:"stalled"`
	Overstayed    bool                `json:"overstayed"`
	Limits        *opportunity.Limits `json:"limits"`
}

// bodyOf shows a record with its clocks against the limits of its stage.
func (h *handler) bodyOf(o opportunity.Opportunity, today calendar.Date, cal calendar.Calendar, limits map[string]opportunity.Limits) OppBody {
	b := OppBody{ID: o.ID, Name: o.Name, AccountID: o.AccountID, Account: o.AccountName, PipelineID: o.PipelineID, OwnerID: o.OwnerID, TeamID: o.TeamID, Region: o.Region, AmountMinor: o.AmountMinor,
		Currency: o.Currency, TaxIncluded: o.TaxIncluded, ExpectedOn: o.ExpectedOn, ConfidenceBP: o.ConfidenceBP, Source: o.Source, CreatedOn: o.CreatedOn, CreatedAt: o.CreatedAt, State: o.State, StageID: o.StageID,
		EnteredOn: o.EnteredOn, ClosedOn: o.ClosedOn, SignedOn: o.SignedOn, ContractMinor: o.ContractMinor, LossKind: o.LossKind, LossReason: o.LossReason, CompetitorID: o.CompetitorID, Pushes: o.Pushes,
		Deleted: o.DeletedAt != nil, Version: o.Version, Custom: o.Custom, Clocks: o.ClocksOn(today, cal)}
	if b.Custom == nil {
		b.Custom = map[string]string{}
	}
	if l, ok := limits[o.StageID]; ok && o.State == opportunity.Open {
		b.Limits = &l
		b.Stalled = b.Clocks.ProgressDays != nil && l.Stalled > 0 && *b.Clocks.ProgressDays > l.Stalled && o.WaitingOn == ""
		b.Overstayed = b.Clocks.StayDays != nil && l.Overstayed > 0 && *b.Clocks.StayDays > l.Overstayed
	}
	return b
}

type stayBody struct {
	ID         string            `json:"id"`
	StageID    string            `json:"stageId"`
	Stage      string            `json:"stage"`
	State      opportunity.State `json:"state"`
	Move       pipeline.Move     `json:"move"`
	EnteredOn  calendar.Date     `json:"enteredOn"`
	LeftOn     calendar.Date     `json:"leftOn"`
	LeftMove   pipeline.Move     `json:"leftMove"`
	RecordedAt time.Time         `json:"recordedAt"`
	MemberID   string            `json:"memberId"`
	Reason     string            `json:"reason"`
	Exception  bool              `json:"exception"`
	Seen       bool              `json:"exceptionSeen"`
	Voided     bool              `json:"voided"`
	WorkDays   *int              `json:"workingDays"`
	Days       *int              `json:"calendarDays"`
}

type EvidenceBody struct {
	ID           string        `json:"id"`
	StageID      string        `json:"stageId"`
	Key          string        `json:"milestoneKey"`
	Status       string        `json:"status" enum:"submitted,accepted,rejected"`
	Text         string        `json:"text"`
	Date         calendar.Date `json:"date"`
	Number       *int64        `json:"numberMilli"`
	ContactID    string        `json:"contactId"`
	FileID       string        `json:"fileId"`
	SubmittedOn  calendar.Date `json:"submittedOn"`
	SubmittedBy  string        `json:"submittedBy"`
	DecidedBy    string        `json:"decidedBy"`
	DecisionNote string        `json:"decisionNote"`
}

func evidenceOf(e opportunity.Evidence) EvidenceBody {
	return EvidenceBody{e.ID, e.StageID, e.Key, e.Status, e.Text, e.Date, e.Number, e.ContactID, e.FileID, e.SubmittedOn, e.SubmittedBy, e.DecidedBy, e.DecisionNote}
}

type followUpBody struct {
	ID         string        `json:"id"`
	Deal       string        `json:"opportunityId" doc:"empty where it concerns the account alone"`
	Channel    string        `json:"channel"`
	HappenedOn calendar.Date `json:"happenedOn"`
	TwoWay     bool          `json:"twoWay"`
	Words      string        `json:"words"`
	MemberID   string        `json:"memberId"`
	ContactIDs []string      `json:"contactIds"`
	MemberIDs  []string      `json:"memberIds"`
	RecordedAt time.Time     `json:"recordedAt"`
	RecordedBy string        `json:"recordedBy"`
}

func followUpOf(f opportunity.FollowUp) followUpBody {
	return followUpBody{f.ID, f.OpportunityID, f.Channel, f.HappenedOn, f.TwoWay, f.Words, f.MemberID, f.ContactIDs, f.MemberIDs, f.RecordedAt, f.RecordedBy}
}

func followUpsOf(list []opportunity.FollowUp) []followUpBody {
	out := []followUpBody{}
	for _, f := range list {
		out = append(out, followUpOf(f))
	}
	return out
}

type stepBody struct {
	ID             string        `json:"id"`
	OpportunityID  string        `json:"opportunityId"`
	Opportunity    string        `json:"opportunity"`
	What           string        `json:"what"`
	MemberID       string        `json:"memberId"`
	DueOn          calendar.Date `json:"dueOn"`
	CustomerAgreed bool          `json:"customerAgreed"`
	DoneOn         calendar.Date `json:"doneOn"`
	Result         string        `json:"result"`
	Overdue        bool          `json:"overdue"`
}

func stepOf(n opportunity.NextStep, name string, today calendar.Date) stepBody {
	return stepBody{n.ID, n.OpportunityID, name, n.What, n.MemberID, n.DueOn, n.CustomerAgreed, n.DoneOn, n.Result, n.DoneOn == "" && n.DueOn < today}
}

type creditBody struct {
	MemberID    string        `json:"memberId"`
	TeamID      string        `json:"teamId"`
	Kind        string        `json:"kind"`
	ShareBP     int64         `json:"shareBp"`
	AmountMinor *int64        `json:"amountMinor"`
	Currency    string        `json:"currency"`
	On          calendar.Date `json:"on"`
}

type recordBody struct {
	OppBody
	Pipeline    pipeline.Version          `json:"pipeline"`
	Stays       []stayBody                `json:"stays"`
	Lines       []opportunity.Line        `json:"lines"`
	Shares      []opportunity.Share       `json:"shares"`
	Team        []opportunity.TeamMember  `json:"team"`
	Contacts    []opportunity.DealContact `json:"contacts"`
	Competitors []account.Competitor      `json:"competitors"`
	Evidence    []EvidenceBody            `json:"evidence"`
	FollowUps   []followUpBody            `json:"followUps"`
	NextSteps   []stepBody                `json:"nextSteps"`
	Credit      []creditBody              `json:"credit"`
	External    []record.External         `json:"external"`
	Journal     []journal.Entry           `json:"journal"`
	Gaps        []pipeline.Gap            `json:"gaps"`
	MayWrite    bool                      `json:"mayWrite"`
	MayDecide   bool                      `json:"mayDecide"`
	Calibrated  *int                      `json:"calibratedBp"`
}

func (h *handler) recordOf(r opportunity.Record, today calendar.Date, cal calendar.Calendar, limits map[string]opportunity.Limits) recordBody {
	b := recordBody{OppBody: h.bodyOf(r.Opportunity, today, cal, limits), Pipeline: r.Pipeline, Lines: r.Lines, Shares: r.Shares, Team: r.Team, Contacts: r.Contacts, Competitors: r.Competitors,
		External: r.External, Journal: r.Journal, Gaps: r.Gaps, MayWrite: r.MayWrite, MayDecide: r.MayDecide,
		Stays: []stayBody{}, Evidence: []EvidenceBody{}, FollowUps: []followUpBody{}, NextSteps: []stepBody{}, Credit: []creditBody{}}
	if st, i := r.Pipeline.Stage(r.StageID); i >= 0 {
		b.Stage = st.Name
	}
	if b.Gaps == nil {
		b.Gaps = []pipeline.Gap{}
	}
	for _, s := range r.Stays {
		st, _ := r.Pipeline.Stage(s.StageID)
		x := stayBody{ID: s.ID, StageID: s.StageID, Stage: st.Name, State: s.State, Move: s.Move, EnteredOn: s.EnteredOn, LeftOn: s.LeftOn, LeftMove: s.LeftMove, RecordedAt: s.RecordedAt, MemberID: s.MemberID,
			Reason: s.Reason, Exception: s.Exception, Seen: s.ExceptionSeenAt != nil, Voided: s.VoidedAt != nil}
		if s.EnteredOn != "" && s.State == opportunity.Open {
			to := s.LeftOn
			if to == "" {
				to = today
			}
			work, days := cal.WorkingDaysBetween(s.EnteredOn, to), to.Sub(s.EnteredOn)
			x.WorkDays, x.Days = &work, &days
		}
		b.Stays = append(b.Stays, x)
	}
	for _, e := range r.Evidence {
		b.Evidence = append(b.Evidence, evidenceOf(e))
	}
	for _, f := range r.FollowUps {
		b.FollowUps = append(b.FollowUps, followUpOf(f))
	}
	for _, n := range r.NextSteps {
		b.NextSteps = append(b.NextSteps, stepOf(n, r.Name, today))
	}
	for _, c := range r.Credit {
		b.Credit = append(b.Credit, creditBody{c.MemberID, c.TeamID, c.Kind, c.ShareBP, c.AmountMinor, c.Currency, c.On})
	}
	return b
}
