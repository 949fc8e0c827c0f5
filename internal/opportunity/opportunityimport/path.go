package opportunityimport

import (
	"yunchou/internal/database"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/text"
)

// linesAt are a row's lines at what the record is worth, where the row names a product and no amount.
func (u updating) linesAt(was opportunity.Opportunity) []opportunity.Line {
	if len(u.h.Lines) != 1 || u.h.AmountMinor != nil || was.AmountMinor == nil {
		return u.h.Lines
	}
	return []opportunity.Line{{ProductLineID: u.h.Lines[0].ProductLineID, AmountMinor: *was.AmountMinor}}
}

// move takes a record to where a row says it stands, by the stages the row has days for, each through the
// gate. It answers how many were entered.
func (u updating) move(tx database.Tx, t *attempt, was opportunity.Opportunity, stays []opportunity.Stay, closes bool) (
	o opportunity.Opportunity, entered int, err error,
) {
	path, _ := u.path(stays)
	for _, v := range append(path, u.h.Visits[len(u.h.Visits)-1]) {
		m := opportunity.MoveRequest{To: v.StageID, On: v.On}
		if entered == len(path) {
			m = u.last(was, closes)
		}
		if o, err = u.service.MoveIn(u.run.Ctx, tx, u.run.Actor, u.id, m); err != nil {
			return o, entered, err
		}
		entered++
	}
	return o, entered, nil
}

// last asks for the last move of a row. Why it was lost stays unknown where the file does not say.
func (u updating) last(was opportunity.Opportunity, closes bool) opportunity.MoveRequest {
	h := u.h
	last := h.Visits[len(h.Visits)-1]
	m := opportunity.MoveRequest{To: last.StageID, On: last.On, Reason: h.LossReason, LossKind: h.LossKind, SignedOn: h.SignedOn,
		ContractMinor: h.AmountMinor, CompetitorID: h.CompetitorID}
	if last.State == opportunity.Withdrawn {
		m.To = "withdrawn"
	}
	switch {
	case closes && h.AmountMinor != nil:
		m.Terms = &opportunity.Terms{AmountMinor: *h.AmountMinor, Currency: h.Currency, Lines: h.Lines}
	case closes && len(h.Lines) > 0 && was.AmountMinor != nil:
		m.Terms = &opportunity.Terms{AmountMinor: *was.AmountMinor, Currency: was.Currency, Lines: h.Lines}
	}
	return m
}

// path are the stages a row has days for that come after the present stay and before its last, and those
// before it that the record has not, or on another day.
func (u updating) path(stays []opportunity.Stay) (ahead, otherwise []opportunity.Visit) {
	present := stays[len(stays)-1]
	known := func(v opportunity.Visit) bool {
		for _, st := range stays {
			if st.StageID == v.StageID && st.EnteredOn == v.On {
				return true
			}
		}
		return false
	}
	for i, v := range u.h.Visits {
		switch {
		case v.State != opportunity.Open || v.On == "" || known(v):
		case present.EnteredOn != "" && v.On >= present.EnteredOn && v.StageID != present.StageID:
			if i < len(u.h.Visits)-1 {
				ahead = append(ahead, v)
			}
		case i < len(u.h.Visits)-1 || v.StageID == present.StageID:
			otherwise = append(otherwise, v)
		}
	}
	return ahead, otherwise
}

// notTaken tells of what a row says otherwise of a record that is there and that stays as it is: when it
// was created, when it entered stages it has left, and how it was closed.
func (u updating) notTaken(t *attempt, was opportunity.Opportunity, stays []opportunity.Stay, moves bool) {
	tell := func(code, field, said, held string) {
		if said != "" && text.Fold(said) != text.Fold(held) {
			t.tell(func() { u.x.Note(field, code, said, held) })
		}
	}
	h := u.h
	tell("kept_as_recorded", "createdOn", string(h.CreatedOn), string(was.CreatedOn))
	tell("kept_as_recorded", "lastContactOn", string(h.LastContact), string(was.ContactOn))
	if !moves || h.State() != opportunity.Won {
		tell("kept_as_recorded", "signedOn", string(h.SignedOn), string(was.SignedOn))
	}
	_, otherwise := u.path(stays)
	for _, v := range otherwise {
		for _, st := range u.version.Stages {
			if st.ID == v.StageID {
				tell("kept_as_recorded", "entered."+st.Name, string(v.On), "")
			}
		}
	}
	if moves || was.State == opportunity.Open {
		return
	}
	tell("closing_kept", "closedOn", string(h.Visits[len(h.Visits)-1].On), string(was.ClosedOn))
	if h.AmountMinor != nil {
		tell("closing_kept", "amount", written(h.AmountMinor, h.Currency), written(was.AmountMinor, was.Currency))
	}
	if h.LossKind != opportunity.UnknownLoss && h.LossKind != opportunity.Invalid {
		tell("closing_kept", "lossKind", h.LossKind, was.LossKind)
	}
	tell("closing_kept", "lossReason", h.LossReason, was.LossReason)
	if h.CompetitorID != was.CompetitorID {
		tell("closing_kept", "competitor", u.x.Text("competitor"), "")
	}
	if len(h.Lines) > 0 && !sameLines(u.lines, h.Lines) {
		tell("closing_kept", "product", u.x.Text("product"), "")
	}
}

// written is an amount in a note.
func written(minor *int64, currency string) string {
	if minor == nil {
		return ""
	}
	return money.Decimal(*minor, money.Digits(currency)) + " " + currency
}
