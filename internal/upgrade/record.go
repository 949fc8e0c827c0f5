package upgrade

import (
	"cmp"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/record"
)

// Opportunity is one as schema 5 kept it: how it is, what hangs on it, and what its
// journal says.
type Opportunity struct {
	ID                                 string
	AccountID, Region                  string
	AmountMinor                        *int64
	Currency                           string
	WithTax                            bool
	ExpectedOn                         calendar.Date
	ConfidenceBP                       *int64
	CreatedOn                          calendar.Date
	State                              string
	SignedOn                           calendar.Date
	ContractMinor                      *int64
	LossKind, LossReason, CompetitorID string
	Deleted                            bool
	// Undone tells that an import made it, and was taken back.
	Undone bool

	Stays   []Stay // by ord
	Owners  []Owner
	Shares  []credit.Share
	Lines   []credit.Product // in their order
	Credit  []Credited
	Entries []Entry // oldest first
}

// Stay is one stay as schema 5 kept it.
type Stay struct {
	Ord                int64
	ID, StageID, State string
	Move, VersionID    string
	EnteredOn          calendar.Date
	RecordedAt         string
	RecordedOn         calendar.Date
	Reason             string
	Exception          bool
	Voided             bool
}

// Owner is one interval of whose a record is.
type Owner struct {
	Ord                          int64
	MemberID, TeamID, HandoverID string
	From                         calendar.Date
}

// Credited is a credit line as schema 5 kept it: voided when the win was reopened.
type Credited struct {
	credit.Line
	VoidedAt string
}

// Account is one as schema 5 kept it.
type Account struct {
	ID, Class, Region string
	CreatedOn         calendar.Date
	Deleted           bool
	Owners            []Owner
	Entries           []Entry
}

// Entry is a journal entry of schema 5.
type Entry struct {
	Seq            int64
	ID, Kind, Path string
	SubjectID      string
	On             calendar.Date
	RecordedAt     string
	Payload        []byte
	with           int64 // the entry it was written with, nought is itself
}

// by is the entry a value belongs to: a win wrote what the contract changed as an entry of
// its own before the move's, and a correction of the move takes both along.
func (e Entry) by() int64 { return cmp.Or(e.with, e.Seq) }

// belong finds the entries that were written with a win.
func belong(entries []Entry) error {
	for i := range entries {
		if i == 0 || entries[i].Kind != "opportunity.moved" {
			continue
		}
		e, before := entries[i], &entries[i-1]
		if before.Kind != "opportunity.changed" || before.Seq != e.Seq-1 || before.RecordedAt != e.RecordedAt {
			continue
		}
		p, err := e.pay()
		if err != nil {
			return err
		}
		if p.State == "won" {
			before.with = e.Seq
		}
	}
	return nil
}

// Value is a dated value; EndedSeq is the entry that said it was never true.
type Value struct {
	record.Value
	EndedSeq int64
}

// counts tells whether a value was known at an entry.
func (v Value) counts(seq int64) bool {
	return int64(v.Seq) <= seq && (v.EndedSeq == 0 || v.EndedSeq > seq)
}

// after tells whether a value comes later than another: of the later day, or written later.
func (v Value) after(w Value) bool { return v.Day > w.Day || v.Day == w.Day && v.Seq >= w.Seq }

// StayFacts are the columns of a stay that schema 5 had not. Nought and "" are not known.
type StayFacts struct {
	Ord                        int64
	Seq, EndedSeq, AcceptedSeq int64
	LossKind, LossReason       string
	CompetitorID               string
	SignedOn                   calendar.Date
	ContractMinor, AmountMinor *int64
	Currency                   string
}

// OwnerFacts is an interval with the columns schema 5 had not.
type OwnerFacts struct {
	Owner
	Seq, EndedSeq int64
	Basis         string
}
