package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// settle writes what it takes that the credit of each closing of a record stands on exactly
// the days on which that closing is the record's state and the record is not deleted. h is
// the history as an act left it, seq the act's entry: whatever the act was — a move, a
// correction, a deletion, an undo — credit follows from what is true after it.
func (s *Service) settle(ctx context.Context, tx database.Tx, a org.Actor, id string, h history, seq database.Seq) error {
	if !h.everClosed() {
		return nil
	}
	written, err := s.Credit.Of(ctx, tx, a.TenantID, []string{id})
	if err != nil {
		return err
	}
	values, err := s.Values.Of(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	of := map[string][]credit.Line{}
	for _, l := range written {
		of[l.StayID] = append(of[l.StayID], l)
	}
	newID := func() string { return record.NewID(a.Now) }
	gone, closings := deletedOn(values), map[string]bool{}
	var out []credit.Line
	for i, st := range h.counted {
		if st.State == Open {
			continue
		}
		closings[st.ID] = true
		given := credit.Given(of[st.ID])
		if len(given) == 0 {
			if given, err = s.given(ctx, tx, a, id, st, values); err != nil {
				return err
			}
		}
		out = append(out, credit.Settle(of[st.ID], given, standing(h.counted, i, gone), seq, newID)...)
	}
	for stay, lines := range of {
		if stay != "" && !closings[stay] { // a closing that never was
			out = append(out, credit.Settle(lines, nil, nil, seq, newID)...)
		}
	}
	return s.Credit.Insert(ctx, tx, a.TenantID, out)
}

// everClosed tells whether a history has, or had, a closing.
func (h history) everClosed() bool {
	for _, list := range [][]Stay{h.all, h.counted} {
		for _, st := range list {
			if st.State != Open {
				return true
			}
		}
	}
	return false
}

// standing are the days on which the credit of a closing stands.
func standing(counted []Stay, at int, gone []credit.Span) []credit.Span {
	var after []calendar.Date
	for _, st := range counted[at+1:] {
		after = append(after, st.day())
	}
	return credit.Stands(counted[at].EnteredOn, counted[at].day(), after, gone)
}

// deletedOn are the days on which a record is deleted, as its values say.
func deletedOn(values []record.Value) (out []credit.Span) {
	for _, v := range values { // by day and seq
		if v.Field != fieldDeleted {
			continue
		}
		last := len(out) - 1
		switch open := last >= 0 && out[last].To == ""; {
		case v.Number != nil && !open:
			out = append(out, credit.Span{From: v.Day})
		case v.Number == nil && open:
			out[last].To = v.Day
		}
	}
	return out
}

// given is what a closing gives: by the shares and product lines of its day, and without
// shares all to who owned the record then.
func (s *Service) given(ctx context.Context, tx database.Tx, a org.Actor, id string, st Stay, values []record.Value) ([]credit.Line, error) {
	on := st.day()
	shares := sharesOn(values, on)
	if len(shares) == 0 {
		owner, err := s.Records.OwnerOn(ctx, tx, a.TenantID, id, on)
		if err != nil || owner.MemberID == "" {
			return nil, err
		}
		shares = []Share{{MemberID: owner.MemberID, Kind: credit.Direct, BP: 10000}}
	}
	return givenBy(a, id, st, shares, linesOn(values, on)), nil
}

// givenBy is what a closing gives by these shares and product lines, in the teams of its day.
func givenBy(a org.Actor, id string, st Stay, shares []Share, lines []Line) []credit.Line {
	on := st.day()
	c := credit.Closing{FactID: id, StayID: st.ID, Outcome: string(st.State), On: on, AmountMinor: st.AmountMinor, Currency: st.Currency}
	if st.State == Won && st.ContractMinor != nil {
		c.AmountMinor = st.ContractMinor
	}
	for _, sh := range shares {
		c.Shares = append(c.Shares, credit.Share{MemberID: sh.MemberID, Kind: sh.Kind, BP: sh.BP})
	}
	for _, l := range lines {
		c.Products = append(c.Products, credit.Product{ProductLineID: l.ProductLineID, Minor: l.AmountMinor})
	}
	seat := func(member string) (team, position string) {
		if team, position = a.Structure.TeamOf(member, on); team == "" { // a leaver's: where he sat last
			team = a.Structure.MainTeams(member, on)[0].TeamID
		}
		return team, position
	}
	return c.Lines(func() string { return record.NewID(a.Now) }, seat)
}

// All lines stand beyond the last day and entry.
const (
	lastDay              = record.LastDay
	lastSeq database.Seq = 1<<63 - 1
)
