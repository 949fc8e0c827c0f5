// Package funnel is the measures of the sales funnel: conversion, win rate, dwell,
// velocity, flow, losses, weighted pipeline, limits of stalling. Every definition
// is docs/definitions.md's; counting and adding is the source's business (SQL
// today), ranking, rounding and dividing is done here, in integers, once.
package funnel

import (
	"math"
	"slices"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// GroupBy names what a report is split by.
type GroupBy string

// The groupings. A team is the owner's team on the day of closing, or of the
// report for what is open; so is the owner.
const (
	ByOwner    GroupBy = "owner"
	ByTeam     GroupBy = "team"
	ByProduct  GroupBy = "product"
	ByRegion   GroupBy = "region"
	ByIndustry GroupBy = "account-industry"
	ByClass    GroupBy = "account-class"
	BySource   GroupBy = "source"
	ByMonth    GroupBy = "month"
)

// ofOwn begins the grouping by a field of the company's own, a choice or a person: own:channel. A deal counts
// under what it holds today.
const ofOwn = "own:"

// Own is the key of the own field a report is split by.
func (g GroupBy) Own() (key string, ok bool) { return strings.CutPrefix(string(g), ofOwn) }

// Groupings lists them for input checks; those by own fields are beside them.
var Groupings = []GroupBy{ByOwner, ByTeam, ByProduct, ByRegion, ByIndustry, ByClass, BySource, ByMonth}

// Query is a question about one pipeline. From and To bound a half-open window
// [From, To); "" leaves a side open. AsOf is the report's date, Known the number of the
// last journal entry that counts: 0 is all there are, NothingKnown that there were none.
// Pipeline is the version whose stages the answer shows, Path puts the stages of every
// version on it.
type Query struct {
	TenantID string
	Pipeline pipeline.Version
	Path     pipeline.Path
	Known    int64
	From, To calendar.Date
	AsOf     calendar.Date
	Today    calendar.Date
	Group    GroupBy
	Own      field.Field // that Group names
	// Scope is today's relation, for what opens to records; Figures is what the figure adds
	// up, by attribution. Spans are the teams of Filter.Team by the tree of each day.
	Scope    org.Scope
	Figures  org.Figures
	Spans    []org.Span
	Filter   opportunity.Filter
	Currency string // the reporting currency
	Calendar calendar.Calendar
	// Left: of stays only those that ended in the window are asked for, by their working days, and
	// of what is open only how many. A source may answer the rest too.
	Left bool

	source Source // what answers, of one moment
	// begin readies the question for another day.
	begin func(Query) (Query, error)
}

// NothingKnown is the knowledge of a day before the first entry.
const NothingKnown int64 = -1

// NothingRecorded is why there is no figure where nothing was known.
const NothingRecorded = "nothing_recorded"

// LastKnown is Known as a bound to compare entries with.
func (q Query) LastKnown() int64 {
	if q.Known == 0 {
		return math.MaxInt64
	}
	return q.Known
}

// Windowed reports whether the query has a window.
func (q Query) Windowed() bool { return q.From != "" || q.To != "" }

// Rate is a share of counts in basis points; nil BP is "—": nothing to divide by.
type Rate struct {
	Won  int64 `json:"won"`
	Lost int64 `json:"lost"`
	BP   *int  `json:"bp" doc:"basis points; null where nothing was closed"`
	// The 95 % interval (Wilson): small samples have wide ones.
	LowBP  *int `json:"lowBp"`
	HighBP *int `json:"highBp"`
}

func rate(part, rest int64) *int {
	if bp, ok := money.BP(part, part+rest); ok {
		return &bp
	}
	return nil
}

// Population = open + won + lost + withdrawn, of the opportunities created in the
// window (all where there is none).
type Population struct {
	Created   int64 `json:"created"`
	Open      int64 `json:"open"`
	Won       int64 `json:"won"`
	Lost      int64 `json:"lost"`
	Withdrawn int64 `json:"withdrawn"`
}

// Days summarises durations in days. Percentiles are nearest rank; the median of
// an even count is the mean of the two middle values. Nil is "—".
type Days struct {
	N      int64    `json:"n"`
	Mean   *float64 `json:"mean"`
	Median *float64 `json:"median"`
	P75    *float64 `json:"p75"`
	P80    *float64 `json:"p80"`
	P90    *float64 `json:"p90"`
}

// Duration is a length that occurred Count times.
type Duration struct {
	Days  int
	Count int64
}

// Summarise sorts in place and summarises.
func Summarise(d []Duration) Days {
	slices.SortFunc(d, func(a, b Duration) int { return a.Days - b.Days })
	var out Days
	var sum int64
	for _, x := range d {
		out.N += x.Count
		sum += int64(x.Days) * x.Count
	}
	if out.N == 0 {
		return out
	}
	at := func(rank int64) float64 { // 1-based
		for _, x := range d {
			if rank -= x.Count; rank <= 0 {
				return float64(x.Days)
			}
		}
		return float64(d[len(d)-1].Days)
	}
	nearest := func(p int64) *float64 {
		v := at((p*out.N + 99) / 100)
		return &v
	}
	mean := float64(sum) / float64(out.N)
	median := (at((out.N+1)/2) + at(out.N/2+1)) / 2
	out.Mean, out.Median, out.P75, out.P80, out.P90 = &mean, &median, nearest(75), nearest(80), nearest(90)
	return out
}

// SurvivalMedian estimates the median of durations some of which have not ended
// (Kaplan–Meier): the shortest time at which at most half are still going on. Nil
// where more than half of the estimate is still open.
func SurvivalMedian(ended, open []Duration) *float64 {
	type step struct {
		days           int
		ended, leaving int64 // leaving those at risk: ended or open
	}
	steps, atRisk := make([]step, 0, len(ended)+len(open)), int64(0)
	for _, x := range ended {
		steps = append(steps, step{x.Days, x.Count, x.Count})
		atRisk += x.Count
	}
	for _, x := range open {
		steps = append(steps, step{x.Days, 0, x.Count})
		atRisk += x.Count
	}
	slices.SortFunc(steps, func(a, b step) int { return a.days - b.days })
	surviving := 1.0
	for i := 0; i < len(steps); {
		at := step{days: steps[i].days}
		for ; i < len(steps) && steps[i].days == at.days; i++ {
			at.ended += steps[i].ended
			at.leaving += steps[i].leaving
		}
		surviving *= 1 - float64(at.ended)/float64(atRisk)
		if atRisk -= at.leaving; surviving <= 0.5 {
			v := float64(at.days)
			return &v
		}
	}
	return nil
}

// Cycle is days from creation (or the first dated stage) to closing.
type Cycle struct {
	Won     Days  `json:"won"`
	Lost    Days  `json:"lost"`
	Unknown int64 `json:"unknown" doc:"closed records without the dates to tell"`
}

// Cohort says what became of the opportunities whose first reach of a stage lies
// in the window: advanced + lost + open is the whole, taken out stands beside.
type Cohort struct {
	Advanced   int64 `json:"advanced"`
	Lost       int64 `json:"lost"`
	Open       int64 `json:"open"`
	TakenOut   int64 `json:"takenOut"`
	Undated    int64 `json:"undated" doc:"reached on an unknown day: in no cohort of a window"`
	AdvancedBP *int  `json:"advancedBp"`
	LostBP     *int  `json:"lostBp"`
	OpenBP     *int  `json:"openBp"`
	Immature   bool  `json:"immature" doc:"the youngest of the cohort are younger than p80 of the dwell"`
}

// shares fills the three rates so that they add up to 10000.
func (c *Cohort) shares() {
	if c.Advanced+c.Lost+c.Open == 0 {
		return
	}
	p := money.Split(10000, []int64{c.Advanced, c.Lost, c.Open})
	a, l, o := int(p[0]), int(p[1]), int(p[2])
	c.AdvancedBP, c.LostBP, c.OpenBP = &a, &l, &o
}

// Dwell is the length of stays in a stage: ended ones exactly, in calendar and in
// working days; open ones are counted, and enter the survival median.
type Dwell struct {
	Calendar        Days     `json:"calendar"`
	Working         Days     `json:"working" doc:"in working days; of stays entered and left at known times with the part of a day, in quarters of an hour of 9 to 18 o'clock"`
	Forward         Days     `json:"forward" doc:"of those left forward, in working days with their part"`
	ForwardCalendar Days     `json:"forwardCalendar" doc:"of those left forward, in calendar days"`
	Open            int64    `json:"open"`
	Undated         int64    `json:"undated"`
	SurvivalMedian  *float64 `json:"survivalMedian" doc:"working days with their part, open stays included as censored, by whole days"`
	OnTimeBP        *int     `json:"onTimeBp" doc:"flow: stays left forward within the standard days, of all left"`
	Left            int64    `json:"left"`
	Histogram       []Bin    `json:"histogram" doc:"stays by their length in whole working days"`
}

// Bin counts the stays of From to To working days; To -1 is without end.
type Bin struct {
	From int   `json:"from"`
	To   int   `json:"to"`
	Left int64 `json:"left" doc:"ended in the window"`
	Open int64 `json:"open" doc:"still going on, as long as yet"`
}

// Bins are the lengths a histogram of dwell tells apart: finer where most stays are.
var Bins = []Bin{{From: 0, To: 2}, {From: 3, To: 5}, {From: 6, To: 10}, {From: 11, To: 20}, {From: 21, To: 40}, {From: 41, To: 60}, {From: 61, To: 120}, {From: 121, To: -1}}

// BinAt is the bin at a place; at -1 it holds every length.
func BinAt(place int) Bin {
	if place < 0 {
		return Bin{From: 0, To: -1}
	}
	return Bins[place]
}

// Holds tells whether a length belongs to the bin.
func (b Bin) Holds(days int) bool { return days >= b.From && (b.To < 0 || days <= b.To) }

// histogram sorts lengths into bins.
func histogram(left, open []Duration) []Bin {
	out := append([]Bin{}, Bins...)
	for i := range out {
		for _, d := range left {
			if out[i].Holds(d.Days) {
				out[i].Left += d.Count
			}
		}
		for _, d := range open {
			if out[i].Holds(d.Days) {
				out[i].Open += d.Count
			}
		}
	}
	return out
}

// Stage is one stage's line of the report.
type Stage struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Kind    pipeline.Kind `json:"kind"`
	Reached int64         `json:"reached"`
	Cohort  *Cohort       `json:"cohort,omitempty"`
	Dwell   *Dwell        `json:"dwell,omitempty"`
	// Open records now in the stage, and what they are worth by the three probabilities.
	Open     int64               `json:"open"`
	Weighted *Weighted           `json:"weighted,omitempty"`
	Returns  int64               `json:"returns" doc:"moves back into this stage"`
	Skipped  int64               `json:"skipped" doc:"reached without a stay"`
	Limits   *opportunity.Limits `json:"limits,omitempty"`
}

// Weighted is an open amount by three probabilities, side by side, never mixed.
type Weighted struct {
	AmountMinor     int64 `json:"amountMinor"`
	ExpectedMinor   int64 `json:"expectedMinor" doc:"by the stage's expected rate"`
	ConfidenceMinor int64 `json:"confidenceMinor" doc:"by the reps' confidence, where stated"`
	NoConfidence    int64 `json:"noConfidence" doc:"records without a stated confidence"`
	CalibratedMinor int64 `json:"calibratedMinor" doc:"by the company's own resolved records"`
	ExpectedBP      int   `json:"expectedBp"`
	CalibratedBP    int   `json:"calibratedBp"`
	Resolved        int64 `json:"resolved" doc:"resolved records behind the calibrated rate"`
	ResolvedWon     int64 `json:"resolvedWon"`
	NoAmount        int64 `json:"noAmount"`
	TooLarge        bool  `json:"tooLarge,omitempty" doc:"the amounts are beyond 2^53-1 minor units and not stated: 0"`
}

// CalibrationWeight is α: how many imagined records the configured rate counts as.
const CalibrationWeight = 8 // practice.md 2.A gives 5 to 10

// Calibrated is (won + α·p₀)/(n + α) in basis points, half up.
func Calibrated(won, n int64, p0BP int) int {
	num := 10000*won + CalibrationWeight*int64(p0BP)
	den := n + CalibrationWeight
	return int((2*num + den) / (2 * den))
}

// Velocity is money a day; Why says why it is "—".
type Velocity struct {
	Open           int64    `json:"open" doc:"open at or past qualified at the end of the window"`
	Rate           Rate     `json:"winRate" doc:"qualified ones closed in the window"`
	MeanWonMinor   *int64   `json:"meanWonMinor"`
	MeanDays       *float64 `json:"meanDays" doc:"calendar days from qualified to won"`
	N              int64    `json:"n" doc:"won records with both dates"`
	PerDayMinor    *int64   `json:"perDayMinor"`
	Why            string   `json:"why,omitempty"`
	QualifiedStage string   `json:"qualifiedStage"`
}

// MinWon is the least number of wins a velocity is stated for.
const MinWon = 10

// finish divides; W is won/(won+lost).
func (v *Velocity) finish() {
	v.Rate.finish()
	if v.N < MinWon || v.MeanDays == nil || *v.MeanDays <= 0 || v.MeanWonMinor == nil || v.Rate.BP == nil {
		v.Why = "below_minimum"
		return
	}
	share := float64(v.Rate.Won) / float64(v.Rate.Won+v.Rate.Lost)
	perDay := int64(math.Round(float64(v.Open) * share * float64(*v.MeanWonMinor) / *v.MeanDays))
	v.PerDayMinor = &perDay
}

// Flow is 漏斗流速.
type Flow struct {
	Left         int64    `json:"left" doc:"stays left in the window"`
	OnTime       int64    `json:"onTime" doc:"left forward within the standard working days"`
	OnTimeBP     *int     `json:"onTimeBp"`
	NewGround    int64    `json:"newGround" doc:"first reaches beyond the first stage in the window"`
	PerOpenMonth *float64 `json:"perOpenMonth" doc:"moves to new ground per open opportunity and month (30.44 days)"`
}

// Loss is one line of the loss table.
type Loss struct {
	Kind       string `json:"kind"`
	Competitor string `json:"competitor"`
	// CompetitorID is empty where no competitor is named.
	CompetitorID string `json:"competitorId"`
	StageID      string `json:"stageId" doc:"the stage it was lost from; empty is unknown"`
	Stage        string `json:"stage"`
	Count        int64  `json:"count"`
	AmountMinor  int64  `json:"amountMinor"`
	TooLarge     bool   `json:"tooLarge,omitempty" doc:"beyond 2^53-1 minor units and not stated: amountMinor is 0"`
}

// TooLarge says which sums are beyond 2^53-1 minor units: they are not stated, but 0.
type TooLarge struct {
	Won  bool `json:"won"`
	Lost bool `json:"lost"`
	Open bool `json:"open"`
}

// UnlikeTax counts the deals whose amount is without tax where the company sums with it, or
// with tax where it sums without; they are summed as stated.
type UnlikeTax struct {
	Won  int64 `json:"won"`
	Lost int64 `json:"lost"`
	Open int64 `json:"open"`
}

// All is how many they are.
func (u UnlikeTax) All() int64 { return u.Won + u.Lost + u.Open }

// bound takes a sum that is too large, or of which a part is, off.
func bound(minor *int64, tooLarge *bool) {
	if *tooLarge = *tooLarge || *minor > money.MaxTotal; *tooLarge {
		*minor = 0
	}
}

// LeftOut counts what a figure does not hold, by why.
type LeftOut struct {
	Undated       int64               `json:"undated" doc:"no creation date and no dated stage: in no window"`
	ClosedUndated int64               `json:"closedUndated" doc:"closed on an unknown day"`
	Pathless      int64               `json:"pathless" doc:"closed, and nobody knows by which stages: counted in the first alone"`
	NoAmount      int64               `json:"noAmount"`
	NoRate        []opportunity.Total `json:"noRate" doc:"by currency, amounts without an exchange rate"`
	Beyond        int64               `json:"beyond" doc:"deals in sums beyond 2^53-1 minor units, which are not stated"`
}

// Group is one line of a split report.
type Group struct {
	Key           string     `json:"key" doc:"name, or the value grouped by; empty is none"`
	ID            string     `json:"id"`
	Population    Population `json:"population"`
	ClosedWinRate Rate       `json:"closedWinRate"`
	WonMinor      int64      `json:"wonAmountMinor"`
	OpenMinor     int64      `json:"openAmountMinor"`
	Cycle         Cycle      `json:"cycleDays"`
	TooLarge      TooLarge   `json:"tooLarge"`
	UnlikeTax     UnlikeTax  `json:"unlikeTax"`
	lostMinor     int64
	wonWorth      int64 // how many wins and losses state what they were worth
	lostWorth     int64
}

// Report is the whole answer.
type Report struct {
	Pipeline       string        `json:"pipeline"`
	PipelineID     string        `json:"pipelineId"`
	VersionNumber  int           `json:"versionNumber"`
	From           calendar.Date `json:"from"`
	To             calendar.Date `json:"to" doc:"exclusive"`
	AsOf           calendar.Date `json:"asOf"`
	Currency       string        `json:"currency"`
	Population     Population    `json:"population"`
	Stages         []Stage       `json:"stages"`
	ClosedWinRate  Rate          `json:"closedWinRate"`
	CreatedWinRate Rate          `json:"createdWinRate"`
	ClosedAmountBP *int          `json:"closedWinRateByAmountBp"`
	// ClosedAmountWhy says why the rate by amount is not stated.
	ClosedAmountWhy string      `json:"closedWinRateByAmountWhy,omitempty" enum:"too_large,wins_without,losses_without" doc:"fewer than half of the wins, or of the losses, state an amount"`
	Cycle           Cycle       `json:"cycleDays"`
	WonMinor        int64       `json:"wonAmountMinor"`
	LostMinor       int64       `json:"lostAmountMinor"`
	OpenMinor       int64       `json:"openAmountMinor"`
	TooLarge        TooLarge    `json:"tooLarge"`
	UnlikeTax       UnlikeTax   `json:"unlikeTax"`
	Velocity        Velocity    `json:"velocity"`
	Flow            Flow        `json:"flow"`
	Losses          []Loss      `json:"losses"`
	Bottleneck      *Bottleneck `json:"bottleneck,omitempty" doc:"the stage that loses more than the others; of a trend's points none is looked for"`
	LeftOut         LeftOut     `json:"leftOut"`
	GroupBy         GroupBy     `json:"groupBy,omitempty"`
	Groups          []Group     `json:"groups,omitempty"`
	// Compared is the same question about the period before, seen when it was as old.
	Compared     *Report `json:"compared,omitempty"`
	MultiProduct int64   `json:"multiProduct" doc:"opportunities in more than one product line: they count in each"`
	MultiCredit  int64   `json:"multiCredit" doc:"opportunities credited to more than one member, or team, of the groups: they count in each"`
	// Known says which knowledge answers: now, or then, the last entry by the end of AsOf.
	Knowledge string `json:"knowledge" enum:"now,then"`
	// Uncertain are the years whose holidays are not certain, of those that lengths and limits count over.
	Uncertain []calendar.YearStatus `json:"uncertain"`
	// Why says why there is no figure at all: nothing_recorded.
	Why string `json:"why,omitempty"`
}
