// Package opportunity is the heart of the product: one possible order (商机), its
// stays in the stages of a pipeline, the evidence for its milestones, shares and
// hand-overs. Rules of the process are pipeline's; this
// package applies them to records, in one use case for every path.
package opportunity

import (
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// State of an opportunity. Withdrawn (invalid, duplicate) is neither won nor lost.
type State string

const (
	Open      State = "open"
	Won       State = "won"
	Lost      State = "lost"
	Withdrawn State = "withdrawn"
)

// Kinds of loss, and of withdrawal.
const (
	LostToCompetitor = "competitor"
	NoDecision       = "no_decision" // 搁置
	Cancelled        = "cancelled"   // 项目取消
	TenderVoid       = "tender_void" // 流标
	WeWithdrew       = "we_withdrew" // 主动放弃
	UnknownLoss      = "unknown"     // an import whose source does not say
	Invalid          = "invalid"     // withdrawn
	Duplicate        = "duplicate"   // withdrawn
)

var lossKinds = map[string]bool{LostToCompetitor: true, NoDecision: true, Cancelled: true, TenderVoid: true, WeWithdrew: true}

// Opportunity (商机). Dates are "" and pointers nil where unknown. AmountMinor is
// in Currency; SuccessBP-like values are basis points.
type Opportunity struct {
	ID, Name                           string
	AccountID                          string
	PipelineID, VersionID              string
	OwnerID, TeamID, Region            string
	AmountMinor                        *int64
	Currency                           string
	ReportingMinor                     *int64 // in the company's currency at today's rate; nil where there is none
	TaxIncluded                        bool
	TaxBP                              *int64 // rate in basis points; nil is unknown
	ExpectedOn                         calendar.Date
	ConfidenceBP                       *int64
	Source                             string
	CreatedOn                          calendar.Date
	CreatedAt                          time.Time
	CreatedBy, BatchID                 string
	State                              State
	StageID                            string
	EnteredOn, ClosedOn, SignedOn      calendar.Date
	ContractMinor                      *int64
	LossKind, LossReason, CompetitorID string
	// ProgressOn is the day of the last new ground, ClockOn what it counts as once the time
	// waited for acceptances is taken off.
	ProgressOn, ClockOn, ContactOn, WaitingOn calendar.Date
	// RecordedOn is the day it was first written down, StayOn the day its present stay counts from, and
	// ClockAtLeast tells that ClockOn is when something was written down: it may be longer ago.
	RecordedOn, StayOn calendar.Date
	ClockAtLeast       bool
	Pushes             int64
	DeletedAt          *time.Time
	Version            int

	// AccountName is read along for lists, and whether it is a win by exception that nobody has
	// accepted; they are not written.
	AccountName string
	Provisional bool
	Custom      field.Values
}

// Stay (阶段停留) is one stay in one stage. A withdrawn stay has no stage. Ord
// rises in steps, so that a correction can stand in the place of a voided stay.
type Stay struct {
	Ord                   int64
	ID                    string
	PipelineID, VersionID string
	StageID               string
	State                 State
	Move                  pipeline.Move
	EnteredOn             calendar.Date // "" is unknown
	EnteredAt             *time.Time
	RecordedAt            time.Time
	RecordedOn            calendar.Date
	MemberID, Reason      string
	Exception             bool
	ExceptionSeenAt       *time.Time
	LeftOn                calendar.Date
	LeftAt                *time.Time
	LeftMove              pipeline.Move
	VoidedAt              *time.Time
	// Seq is the entry that wrote the stay, EndedSeq the one that said it never was, 0 for
	// none.
	Seq, EndedSeq database.Seq
	// The facts of a closing: what it was worth, and why.
	AmountMinor, ContractMinor         *int64
	Currency                           string
	SignedOn                           calendar.Date
	LossKind, LossReason, CompetitorID string
	AcceptedSeq                        database.Seq // of a win by exception, 0 while it is provisional
	VoidReason                         string       // why it never was, or was on another day
}

// Provisional tells a win by exception nobody has accepted.
func (s Stay) Provisional() bool { return s.State == Won && s.Exception && s.AcceptedSeq == 0 }

const ordStep = 1000

// Void is a stay that never was: by which entry, and why.
type Void struct {
	Ord    int64
	Seq    database.Seq
	Reason string
}

// Line is the amount of one product line; lines add up to the amount.
type Line struct {
	ProductLineID string `json:"productLineId"`
	AmountMinor   int64  `json:"amountMinor"`
	Note          string `json:"note,omitempty" maxLength:"200"`
}

// Share says who is credited with a win: direct shares add up to 10000 basis
// points, overlay shares stand apart.
type Share struct {
	MemberID string `json:"memberId"`
	Kind     string `json:"kind" enum:"direct,overlay"`
	BP       int64  `json:"shareBp" minimum:"1" maximum:"10000"`
}

// TeamMember is somebody of the deal team.
type TeamMember struct {
	MemberID string `json:"memberId"`
	Role     string `json:"role" maxLength:"60"`
}

// DealContact is a person of the customer with a role in this deal.
type DealContact struct {
	ContactID string `json:"contactId"`
	Name      string `json:"name" readOnly:"true"`
	Title     string `json:"title" readOnly:"true"`
	Role      string `json:"role" enum:"economic,technical,user,coach,approver,blocker,unknown"`
	relation.Judged
}

// Evidence is what was handed in for a milestone.
type Evidence struct {
	ID, StageID, Key        string
	Status                  string // submitted, accepted, rejected
	Text                    string
	Date                    calendar.Date
	Number                  *int64
	ContactID, FileID       string
	SubmittedOn             calendar.Date
	SubmittedAt             time.Time
	SubmittedBy             string
	DecidedAt               *time.Time
	DecidedBy, DecisionNote string
}

// Ref names an opportunity in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: "opportunity", ID: id} }

var (
	errStale          = fault.New(fault.Stale, "record.stale", "changed by someone else since it was read")
	errIDTaken        = fault.New(fault.Conflict, "record.id_taken", "a record with this id and other content exists")
	errAccountDeleted = fault.New(fault.Conflict, "opportunity.account_deleted", "its account is deleted; restore the account first")
	errDeleted        = fault.New(fault.Conflict, "opportunity.deleted", "it is deleted; restore it first")
	errUnknown        = fault.New(fault.NotFound, "opportunity.unknown", "no such opportunity")
)

// checkShares: direct shares add up to the whole.
func checkShares(shares []Share) error {
	var direct int64
	seen := map[Share]bool{}
	for _, s := range shares {
		key := Share{MemberID: s.MemberID, Kind: s.Kind}
		if seen[key] {
			return fault.Input("/shares", "opportunity.share_twice", "a member appears twice")
		}
		seen[key] = true
		if s.BP <= 0 || s.BP > 10000 || s.Kind != "direct" && s.Kind != "overlay" {
			return fault.Input("/shares", "opportunity.share_range", "a share is 1 to 10000 basis points")
		}
		if s.Kind == "direct" {
			direct += s.BP
		}
	}
	if direct != 10000 {
		return fault.Input("/shares", "opportunity.shares_not_whole", "direct shares must add up to 10000 basis points").With("sumBp", direct)
	}
	return nil
}

// live returns the stays that count, in order.
func live(stays []Stay) []Stay {
	out := make([]Stay, 0, len(stays))
	for _, s := range stays {
		if s.VoidedAt == nil {
			out = append(out, s)
		}
	}
	return out
}
