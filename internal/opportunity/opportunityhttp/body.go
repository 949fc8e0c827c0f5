package opportunityhttp

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/followup/followuphttp"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

type OppBody struct {
	ID            string            `json:"id"`
	Name          string            `json:"name"`
	AccountID     string            `json:"accountId"`
	Account       string            `json:"account"`
	PipelineID    string            `json:"pipelineId"`
	OwnerID       string            `json:"ownerId"`
	TeamID        string            `json:"teamId"`
	Region        string            `json:"region"`
	AmountMinor   *int64            `json:"amountMinor"`
	Currency      string            `json:"currency"`
	TaxIncluded   bool              `json:"taxIncluded"`
	TaxBP         *int64            `json:"taxBp" doc:"the rate in basis points; null is unknown"`
	ExpectedOn    calendar.Date     `json:"expectedOn"`
	ConfidenceBP  *int64            `json:"confidenceBp"`
	Source        string            `json:"source"`
	CreatedOn     calendar.Date     `json:"createdOn"`
	CreatedAt     time.Time         `json:"createdAt"`
	State         opportunity.State `json:"state" enum:"open,won,lost,withdrawn"`
	StageID       string            `json:"stageId"`
	Stage         string            `json:"stage" doc:"the stage's name in the version in force; empty for a withdrawn record"`
	EnteredOn     calendar.Date     `json:"enteredOn"`
	ClosedOn      calendar.Date     `json:"closedOn"`
	SignedOn      calendar.Date     `json:"signedOn"`
	ContractMinor *int64            `json:"contractMinor"`
	LossKind      string            `json:"lossKind"`
	LossReason    string            `json:"lossReason"`
	CompetitorID  string            `json:"competitorId"`
	Pushes        int64             `json:"pushes"`
	Deleted       bool              `json:"deleted"`
	Provisional   bool              `json:"provisional" doc:"won by an exception that nobody has accepted yet"`
	Version       int               `json:"version"`
	Custom        map[string]string `json:"custom"`
	Promised
	Clocked
}

// Promised is what comes next, and when one last spoke with the customer.
type Promised struct {
	NextStep      *nextBody     `json:"nextStep" doc:"of lists and boards: the open one that is due first; a record has them all"`
	LastContactOn calendar.Date `json:"lastContactOn" doc:"the last two-way contact with a person who has a role in this deal"`
}

type nextBody struct {
	ID       string        `json:"id"`
	What     string        `json:"what"`
	DueOn    calendar.Date `json:"dueOn"`
	MemberID string        `json:"memberId"`
	Overdue  bool          `json:"overdue"`
	Version  int           `json:"version"`
	Long     bool          `json:"long" doc:"an order that asks for a plan and a review"`
}

// nextOf are the next steps of some records.
func (h *handler) nextOf(ctx context.Context, actor org.Actor, ids []string) (map[string]*nextBody, error) {
	first, err := h.Tasks.FirstOn(ctx, actor, opportunity.Ref("").Kind, ids)
	out := make(map[string]*nextBody, len(first))
	for id, t := range first {
		out[id] = &nextBody{t.ID, t.What, t.DueOn, t.MemberID, t.DueOn < actor.Today, t.Version, t.Long}
	}
	return out, err
}

// Clocked is what the clocks say of a record against the limits of its stage.
type Clocked struct {
	Clocks      opportunity.Clocks  `json:"clocks"`
	Stalled     bool                `json:"stalled"`
	Overstayed  bool                `json:"overstayed"`
	LongStalled bool                `json:"longStalled" doc:"stands still for more than three times the maximum"`
	ExcessDays  int                 `json:"excessDays" doc:"working days it stands still beyond the limit, as they count where deals are compared: at most twice the limit"`
	Limits      *opportunity.Limits `json:"limits"`
	Computing   bool                `json:"computing" doc:"limits and rate are being computed: ask again"`
}

// view is what a record is shown against: the day, the company's calendar, and the
// limits of each stage.
type view struct {
	today    calendar.Date
	calendar calendar.Calendar
	limits   map[string]opportunity.Limits
	known    bool // the limits are
}

// atOnce has an answer read from one snapshot, with what its records are shown against. Whatever
// there is to wait for is waited for before: the snapshot holds a connection.
func (h *handler) atOnce(ctx context.Context, a org.Actor, read func(ctx context.Context, v view) error) error {
	there, err := h.Measures.Soon(ctx, a.TenantID)
	if err != nil {
		return err
	}
	return h.Opportunities.AtOnce(ctx, func(ctx context.Context) (err error) {
		v := view{today: a.Today, calendar: h.Calendar(a.TenantID)}
		if there {
			if v.limits, v.known, err = h.Measures.Limits(ctx, a.TenantID); err != nil {
				return err
			}
		}
		return read(ctx, v)
	})
}

// bodyOf shows a record with its clocks against the limits of its stage.
func (v view) bodyOf(o opportunity.Opportunity) OppBody {
	b := OppBody{
		ID: o.ID, Name: o.Name, AccountID: o.AccountID, Account: o.AccountName, PipelineID: o.PipelineID,
		OwnerID: o.OwnerID, TeamID: o.TeamID, Region: o.Region, AmountMinor: o.AmountMinor, Currency: o.Currency,
		TaxIncluded: o.TaxIncluded, TaxBP: o.TaxBP, ExpectedOn: o.ExpectedOn, ConfidenceBP: o.ConfidenceBP, Source: o.Source,
		CreatedOn: o.CreatedOn, CreatedAt: o.CreatedAt, State: o.State, StageID: o.StageID, EnteredOn: o.EnteredOn,
		ClosedOn: o.ClosedOn, SignedOn: o.SignedOn, ContractMinor: o.ContractMinor, LossKind: o.LossKind,
		LossReason: o.LossReason, CompetitorID: o.CompetitorID, Pushes: o.Pushes, Deleted: o.DeletedAt != nil, Provisional: o.Provisional,
		Version: o.Version, Custom: o.Custom, Promised: Promised{nil, o.ContactOn}, Clocked: v.clocked(o.State, o.StageID, o.WaitingOn, o.ClocksOn(v.today, v.calendar)),
	}
	if b.Custom == nil {
		b.Custom = map[string]string{}
	}
	return b
}

// clocked holds the clocks of a record in a stage against the stage's limits; who waits for an
// acceptance is not stalled.
func (v view) clocked(state opportunity.State, stage string, waiting calendar.Date, c opportunity.Clocks) Clocked {
	b := Clocked{Clocks: c, Computing: !v.known && state == opportunity.Open}
	if l, ok := v.limits[stage]; ok && state == opportunity.Open {
		b.Limits = &l
		over := func(days *int, limit int) bool { return days != nil && limit > 0 && *days > limit }
		b.Stalled = over(c.ProgressDays, l.Stalled) && waiting == ""
		b.Overstayed = over(c.StayDays, l.Overstayed)
		if b.Stalled {
			b.LongStalled = over(c.ProgressDays, l.LongStalled)
			b.ExcessDays = opportunity.Excess(*c.ProgressDays, l.Stalled)
		}
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
	EnteredAt  *time.Time        `json:"enteredAt" doc:"null where only the day is known"`
	RecordedAt time.Time         `json:"recordedAt"`
	MemberID   string            `json:"memberId"`
	Reason     string            `json:"reason"`
	Exception  bool              `json:"exception"`
	Seen       bool              `json:"exceptionSeen"`
	Voided     bool              `json:"voided"`
	VoidReason string            `json:"voidReason" doc:"why it was corrected or taken back"`
	WorkDays   *int              `json:"workingDays"`
	Days       *int              `json:"calendarDays"`
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
	Phase       *opportunity.PhaseStay    `json:"phase" doc:"how long it has stood in the phase of its stage; null where it is not open"`
	Stays       []stayBody                `json:"stays"`
	Lines       []opportunity.Line        `json:"lines"`
	Shares      []opportunity.Share       `json:"shares"`
	Team        []opportunity.TeamMember  `json:"team"`
	Contacts    []opportunity.DealContact `json:"contacts"`
	Competitors []account.Competitor      `json:"competitors"`
	Evidence    []EvidenceBody            `json:"evidence"`
	FollowUps   []followuphttp.Body       `json:"followUps"`
	NextSteps   []stepBody                `json:"nextSteps"`
	Credit      []creditBody              `json:"credit"`
	External    []record.External         `json:"external"`
	Gaps        []pipeline.Gap            `json:"gaps"`
	Ways        []pipeline.Way            `json:"ways" doc:"what stands between an open record and each later stage"`
	NextStepOn  calendar.Date             `json:"nextStepOn" doc:"the working day proposed for a next step; empty where it is not open"`
	OwnerTeams  []string                  `json:"ownerTeams" doc:"ids of the teams the owner has posts in today, the main one first"`
	MayWrite    bool                      `json:"mayWrite"`
	MayDecide   bool                      `json:"mayDecide"`
	Calibrated  *int                      `json:"calibratedBp"`
}

func (v view) recordOf(r opportunity.Record) recordBody {
	b := recordBody{
		OppBody: v.bodyOf(r.Opportunity), Phase: r.Phase, Pipeline: r.Pipeline, Lines: r.Lines, Shares: r.Shares, Team: r.Team,
		Contacts: r.Contacts, Competitors: r.Competitors, External: r.External, Gaps: r.Gaps,
		Ways: append([]pipeline.Way{}, r.Ways...), NextStepOn: r.NextStepOn,
		OwnerTeams: append([]string{}, r.OwnerTeams...), MayWrite: r.MayWrite, MayDecide: r.MayDecide, Stays: []stayBody{}, Evidence: []EvidenceBody{},
		FollowUps: []followuphttp.Body{}, NextSteps: []stepBody{}, Credit: []creditBody{},
	}
	if st, i := r.Pipeline.Stage(r.StageID); i >= 0 {
		b.Stage = st.Name
	}
	if b.Gaps == nil {
		b.Gaps = []pipeline.Gap{}
	}
	for _, s := range r.Stays {
		b.Stays = append(b.Stays, v.stayOf(s, r.StageNames[s.StageID]))
	}
	for _, e := range r.Evidence {
		b.Evidence = append(b.Evidence, evidenceOf(e, r.Names))
	}
	for _, c := range r.Credit {
		b.Credit = append(b.Credit, creditBody{
			c.MemberID, c.TeamID, c.Kind, c.ShareBP, c.AmountMinor, c.Currency, c.On,
		})
	}
	return b
}

func (v view) stayOf(s opportunity.Stay, stage string) stayBody {
	b := stayBody{
		ID: s.ID, StageID: s.StageID, Stage: stage, State: s.State, Move: s.Move, EnteredOn: s.EnteredOn,
		LeftOn: s.LeftOn, LeftMove: s.LeftMove, EnteredAt: s.EnteredAt, RecordedAt: s.RecordedAt, MemberID: s.MemberID, Reason: s.Reason,
		Exception: s.Exception, Seen: s.ExceptionSeenAt != nil, Voided: s.VoidedAt != nil, VoidReason: s.VoidReason,
	}
	if s.EnteredOn != "" && s.State == opportunity.Open {
		to := s.LeftOn
		if to == "" {
			to = v.today
		}
		work, days := v.calendar.WorkingDaysBetween(s.EnteredOn, to), to.Sub(s.EnteredOn)
		b.WorkDays, b.Days = &work, &days
	}
	return b
}
