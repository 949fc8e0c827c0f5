package engine

import (
	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// Deal is an opportunity as the loader reads it: how it is today, as the lists tell it,
// and all its facts, those that were ended too.
type Deal struct {
	ID, Name                               string
	TimeZone                               string // the company's
	PipelineID, StageID, State             string
	Deleted                                bool
	CreatedOn, ClosedOn, ExpectedOn        calendar.Date
	AmountMinor, ContractMinor             *int64
	TaxIncluded                            bool
	TaxBP, ConfidenceBP                    *int64
	Currency, OwnerID, TeamID              string
	Region, Source, LossKind, CompetitorID string
	AccountID                              string
	Lines                                  []Line // one per product line
	Crew                                   []string
	Rivals                                 []string // competitors named in it
	EnteredOn, StayOn, ClockOn             calendar.Date
	ContactOn, WaitingOn                   calendar.Date
	Promised                               bool // something is, on it
	Provisional                            bool // won by an exception nobody has accepted
	Own                                    []Own

	Stays    []Stay
	Owners   []Ownership
	Values   []Value
	Credits  []Credit
	Accounts []Account // today's, and those it was another day's opportunity of
}

// Known is when a fact was known: from the entry that wrote it to the one that ended it,
// 0 where none did.
type Known struct{ Seq, Ended int64 }

func (k Known) known() known { return known{k.Seq, k.Ended} }

// Stay is one, in order.
type Stay struct {
	ID, VersionID, StageID, State string
	EnteredOn, RecordedOn         calendar.Date
	EnteredAt                     database.Instant // zero where only the day is known
	Move                          string
	// What a closing was; the currency is "" where it was not written with it.
	AmountMinor, ContractMinor       *int64
	Currency, LossKind, CompetitorID string
	Known
}

// Ownership is whose an opportunity is from a day on, in the order of days and entries.
type Ownership struct {
	MemberID, TeamID string
	From             calendar.Date
	Known
}

// Value is what a dated field holds from a day on, in the order of fields, keys, days and
// entries; migration 0006 says which fields there are.
type Value struct {
	Field, Key string
	Day        calendar.Date
	Number     *int64
	Text       string
	Known
}

// Credit is a member's direct share of a closing, or what takes one back.
type Credit struct {
	StayID, MemberID, TeamID string
	ProductLineID            string
	On                       calendar.Date // "" is unknown
	ShareBP                  int64
	AmountMinor              *int64
	Seq                      int64
}

// Account is what of an account is counted by. Classes are the dated values of its class.
type Account struct {
	ID, Industry, Class string
	Classes             []Value
}

// Line is the amount of one product line.
type Line struct {
	ProductLineID string
	Minor         int64
}
