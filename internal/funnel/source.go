package funnel

import (
	"context"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// Source answers a query with counts and sums; ranking and rounding is ours.
// funneldb answers in SQL, and stays the reference for the in-memory engine.
type Source interface {
	// Ready waits until the source can answer for a company, before a transaction is begun.
	Ready(ctx context.Context, tenant string) error
	// Begin readies a transaction for a report and returns the source that answers it,
	// every part from the same moment. Begun again, that source readies another one's.
	Begin(ctx context.Context, tx database.Tx, q Query) (Source, error)
	// Foresee says what a report is about to ask, for a source that does it best together.
	Foresee(ctx context.Context, tx database.Tx, q Query, r Foreseen) error
	Counts(ctx context.Context, tx database.Tx, q Query) ([]Count, error)
	Cycles(ctx context.Context, tx database.Tx, q Query) ([]Cycled, error)
	Reached(ctx context.Context, tx database.Tx, q Query) ([]Reach, error)
	Stays(ctx context.Context, tx database.Tx, q Query) (Stays, error)
	Open(ctx context.Context, tx database.Tx, q Query) ([]OpenSum, error)
	Qualified(ctx context.Context, tx database.Tx, q Query, stage string) ([]QualifiedSum, error)
	Cohorts(ctx context.Context, tx database.Tx, q Query, stage, target string) ([]CohortCell, error)
	Rivals(ctx context.Context, tx database.Tx, q Query) ([]RivalSum, error)
	// Against counts what closed in the window, and in which of it one competitor was present.
	Against(ctx context.Context, tx database.Tx, q Query, competitor string) ([]AgainstCount, error)
	Losses(ctx context.Context, tx database.Tx, q Query) ([]LossSum, error)
	ProductNames(ctx context.Context, tx database.Tx, tenant string) (map[string]string, error)
	MultiProduct(ctx context.Context, tx database.Tx, q Query) (int64, error)
	// MultiCredit counts the opportunities attributed to more than one of the groups.
	MultiCredit(ctx context.Context, tx database.Tx, q Query) (int64, error)
	Records(
		ctx context.Context, tx database.Tx, q Query, m Measure, offset, limit int,
	) (ids []string, total int64, err error)
	// Ledger returns the opportunities that are open or were written about after an entry,
	// whatever pipeline, owner and team they are of: those change with time.
	Ledger(ctx context.Context, tx database.Tx, q Query, after int64) ([]LedgerDeal, error)
	// Rates are the exchange rates in force on a day, as known at an entry (0 is all).
	Rates(ctx context.Context, tx database.Tx, tenant string, on calendar.Date, known int64) (map[string]int64, error)
	// WonStays are the ended stays of won records, WonGaps the days between those on which they
	// broke new ground, for the stage of the earlier one; both as known now.
	WonStays(ctx context.Context, tx database.Tx, tenant string) ([]WonSpan, error)
	WonGaps(ctx context.Context, tx database.Tx, tenant string) ([]WonSpan, error)
	// Resolved counts, over the whole company as of the question's day and knowledge, the
	// won and lost records that ever reached each stage of the path.
	Resolved(ctx context.Context, tx database.Tx, q Query) ([]ResolvedCount, error)
}

// Foreseen is what a report asks: counts, cycles, reaches, stays and what is open, of those who
// reached the qualified stage, and of a whole report rates and losses too.
type Foreseen struct {
	Qualified string // the stage's id
	Whole     bool
}

// Sum is an amount in the reporting currency, each record converted alone. NoRate
// names the currency that has no rate; Minor is then 0 and Raw the sum in it. Overflow says
// that the amount lies beyond what can be stated, 2^53-1; Minor and Raw are then 0.
type Sum struct {
	NoRate   string
	Minor    int64
	Raw      int64
	NoAmount int64
	Overflow bool
}

// tooLarge tells whether a figure that counts the sum cannot be stated; what has no rate is in
// no figure.
func (s Sum) tooLarge() bool { return s.Overflow && s.NoRate == "" }

// Count is the number of opportunities with one key, state and place in the window.
type Count struct {
	Key                 string
	State               string
	InCreated, InClosed bool
	Dated, ClosedDated  bool
	// UnlikeTax: with tax where the company sums without it, or without where it sums with it.
	UnlikeTax bool
	// Pathless: closed, and never in an open stage as far as anybody knows.
	Pathless bool
	N        int64
	Sum
}

// worth is how many of them have an amount a sum can count.
func (c Count) worth() int64 {
	if c.NoRate != "" {
		return 0
	}
	return c.N - c.NoAmount
}

// Cycled is closed opportunities by the calendar days they took. Known is false where
// a day is unknown, or closing lies before the beginning.
type Cycled struct {
	Key, State string
	Known      bool
	Days       int
	N          int64
}

// Reach is what became of the opportunities that reached a stage. Youngest is the last day on
// which one first did, of these or of all that are counted in the stage.
type Reach struct {
	StageID  string
	Fate     string // advanced, lost, open, out
	Dated    bool
	Stayed   bool
	N        int64
	Youngest calendar.Date
}

// Stays are the lengths of stays: those in whole working days, which limits and counts go by, and of
// those that ended in the window the lengths in calendar days and in quarters of an hour worked.
type Stays struct {
	Lengths      []StayLength
	Days, Worked []StaySpan
}

// StayLength is stays of one length in working days, until the report's date where they go on. A
// source may leave out the length of those that ended outside the window, and tell of one stay in
// two: how it began, and how long it was. Ended is by the report's date; Known is false where the
// first day is unknown or after the last.
type StayLength struct {
	StageID      string
	Move         string // the move that began the stay
	Forward      bool   // left by advancing, skipping or winning
	Ended, Known bool
	InWindow     bool // left in the window
	BeganWindow  bool
	Working      int
	N            int64
}

// StaySpan is stays of one length that ended in the window.
type StaySpan struct {
	StageID string
	Length  int
	Forward bool // left forward
	N       int64
}

// WonSpan is spans of days of won opportunities in one stage, those with equal dates.
type WonSpan struct {
	StageID  string
	From, To calendar.Date
	N        int64
}

// OpenSum is the open amount of a stage expected in one month at one stated confidence.
type OpenSum struct {
	StageID      string
	Month        string // of the expected close, "2026-11"; "" where none is stated
	Overdue      bool   // expected before the report's date
	ConfidenceBP *int64
	N            int64
	Sum
}

// QualifiedSum is the opportunities at or past the qualified stage, by state.
type QualifiedSum struct {
	State    string
	InWindow bool
	// Days are from reaching the stage to the win, of those won in the window; Known is
	// false where they cannot be told.
	Known bool
	Days  int
	N     int64
	Sum
}

// LossSum is a loss line before conversion.
type LossSum struct {
	Kind, CompetitorID, Competitor, StageID string
	N                                       int64
	Sum
}

// CohortCell counts the opportunities that first reached one stage in a month by when
// they reached another.
type CohortCell struct {
	Entered string // month; "" where the day is unknown
	// Reached is the month of the other stage, "" where it was not reached and "?" where
	// it was on an unknown day.
	Reached string
	Fate    string // of those that did not reach it: lost, open, out; else advanced
	N       int64
}

// RivalSum is the closed opportunities in which a competitor was present.
type RivalSum struct {
	CompetitorID, Competitor string // "" where none is named
	State                    string // won, lost
	LostTo                   bool   // lost, and to this one
	N                        int64
	Sum
}

// AgainstCount is closed opportunities by whether a competitor was present.
type AgainstCount struct {
	Key     string
	State   string // won, lost
	StageID string // lost from; "" of what was won, and where it is unknown
	Met     bool   // the competitor was present
	LostTo  bool   // lost, and to it
	N       int64
}

// ResolvedCount is won and lost records that ever reached a stage.
type ResolvedCount struct {
	StageID   string
	Won, Lost int64
}

// Measure names a figure to open. Of the whole: created, created_open, created_won,
// created_lost, created_withdrawn (by creation), open, won, lost, closed (by closing),
// undated, closed_undated, pathless, no_amount, unlike_tax. Of StageID: reached, advanced, stage_lost,
// stage_open, taken_out, stage_undated, stage_now. Of a line of losses: loss; of all
// lines of a kind lost_kind, from a stage lost_stage. Of a
// competitor: rival_won, rival_lost, rival_closed, rival_lost_to, and of it and StageID rival_lost_stage. Of the lengths of stays in StageID: stayed (ended
// in the window), stayed_forward (of these, left forward), staying, stays (both); without a StageID of every stage. Of a month of expected close: expected, expected_overdue,
// expected_none. Of a cohort, the month Month entered StageID: cohort, within Months months reached
// Target: cohort_reached, and by what became of it cohort_advanced, cohort_lost, cohort_open,
// cohort_out. Of the velocity: qualified_open, qualified_closed, qualified_won (in the window, in known days).
type Measure struct {
	Name                   string
	StageID, Target        string
	LossKind, CompetitorID string
	Reason                 string // of lost_reason: what was written
	Month                  string
	Months                 int
	Bin                    Bin
	Key                    *string // a group's id
}

// OfStays tells whether a measure is of the lengths of stays.
func (m Measure) OfStays() bool {
	return m.Name == "stayed" || m.Name == "stayed_forward" || m.Name == "staying" || m.Name == "stays"
}

// OfTriangle tells whether a measure is of a cohort and its target.
func (m Measure) OfTriangle() bool { return m.Name == "cohort" || strings.HasPrefix(m.Name, "cohort_") }
