// Package demo simulates a company to look at: a Chinese maker of industrial
// equipment, three years of selling. What decides a deal is written down in
// causes.go and nowhere else, so that what the product later claims to find can be
// checked against what is really there. It is deterministic by seed.
package demo

// Causes are the weights, in log-odds, that each fact adds to the chance that a
// deal leaves a stage forward rather than is lost there. Table and reading:
// docs/demo.md. They are invented, not measured.
var Causes = struct {
	Base           float64 // a stage with nothing for or against it
	QuickCadence   float64 // two-way contact at least every 7 days
	SlowCadence    float64 // less often than every 14 days
	Evidence       float64 // the stage's milestones were supplied
	SingleThread   float64 // one contact only
	Overstay       float64 // stayed more than twice the standard
	Competitor     float64 // a competitor is in the deal
	Introduced     float64 // came by a customer's introduction
	QuoteStage     float64 // the quotation itself: everybody loses most there
	LateStage      float64 // from confirmation on
	Skill          float64 // times the seller's skill, -1 to 1
	FestivalDays   float64 // working days added to a stay begun within 15 days before the Spring Festival
	SlowStayFactor float64 // stays are this much longer at slow cadence
}{
	Base: 1.15, QuickCadence: 0.45, SlowCadence: -0.75, Evidence: 0.55, SingleThread: -0.6, Overstay: -0.5, Competitor: -0.55, Introduced: 0.4,
	QuoteStage: -0.8, LateStage: 0.6, Skill: 0.5, FestivalDays: 9, SlowStayFactor: 1.6,
}

// springFestival lists the first days of the lunar years the simulation may touch.
var springFestival = []string{"2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26"}
