package opportunity

import (
	"yunchou/internal/calendar"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// CreditLine is one share of a fact, with the team and position of its day.
type CreditLine struct {
	ID, FactID, MemberID, TeamID, PositionID string
	Kind                                     string
	ShareBP                                  int64
	AmountMinor                              *int64
	Currency                                 string
	On                                       calendar.Date
}

// creditLines splits the contract over the direct shares by largest remainder;
// overlay lines carry their own share of the whole.
func creditLines(a org.Actor, o Opportunity, shares []Share) []CreditLine {
	var weights []int64
	for _, sh := range shares {
		if sh.Kind == "direct" {
			weights = append(weights, sh.BP)
		}
	}
	var parts []int64
	if o.ContractMinor != nil && len(weights) > 0 {
		parts = money.Split(*o.ContractMinor, weights)
	}
	var lines []CreditLine
	direct := 0
	for _, sh := range shares {
		on := o.ClosedOn
		if on == "" {
			on = a.Today
		}
		team, position := a.Structure.TeamOf(sh.MemberID, on)
		l := CreditLine{ID: record.NewID(a.Now), FactID: o.ID, MemberID: sh.MemberID, TeamID: team, PositionID: position, Kind: sh.Kind, ShareBP: sh.BP, Currency: o.Currency, On: o.ClosedOn}
		switch {
		case o.ContractMinor == nil:
		case sh.Kind == "direct":
			l.AmountMinor = &parts[direct]
		default:
			v := money.Weighted(*o.ContractMinor, int(sh.BP))
			l.AmountMinor = &v
		}
		if sh.Kind == "direct" {
			direct++
		}
		lines = append(lines, l)
	}
	return lines
}
