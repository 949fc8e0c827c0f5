package opportunityimport

import (
	"slices"
	"strconv"

	"yunchou/internal/account/accountimport"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/record"
)

// updating is a record that is there, and what a row says of it.
type updating struct {
	*Deals
	x      *intake.Row
	id     string
	h      opportunity.History
	custom field.Values
	found  opportunity.Opportunity
	hands  opportunity.Hands
}

// update changes a record that is there: its fields, and its stage through the same gate as a
// person's move. A refused move is an error of the row, whose fields are not changed then.
func (d *Deals) update(x *intake.Row, id string, h opportunity.History, custom field.Values) error {
	u := updating{Deals: d, x: x, id: id, h: h, custom: custom}
	err := d.run.DB.Read(d.run.Ctx, func(tx database.Tx) (err error) {
		if u.found, err = d.service.AnyIn(d.run.Ctx, tx, d.run.Actor, id); err == nil {
			u.hands, err = d.service.Hands(d.run.Ctx, tx, d.run.Actor, id)
		}
		return err
	})
	if err != nil {
		return err
	}
	if u.found.DeletedAt != nil {
		if x.Deleted(u.found.Name); !x.Restores() {
			return nil
		}
	}
	if err := u.parties(); err != nil || x.Failed() {
		return err
	}
	moved := d.run.Invented(u.h.AccountID)
	if moved { // nothing can be tried with an account that is not there: all else is
		u.h.AccountID = u.found.AccountID
	}
	var invented bool
	u.custom, invented = d.run.Definite(record.Opportunity, custom)
	if slices.ContainsFunc(h.Lines, func(l opportunity.Line) bool { return d.run.Invented(l.ProductLineID) }) {
		u.h.Lines, invented = nil, true
	}
	t, err := intake.Try(d.run, u.restate)
	if err == nil {
		t.same = t.same && !moved && !invented
		d.count(t)
	}
	return err
}

func (d *Deals) found(id string) (o opportunity.Opportunity, err error) {
	err = d.run.DB.Read(d.run.Ctx, func(tx database.Tx) error {
		o, err = d.service.AnyIn(d.run.Ctx, tx, d.run.Actor, id)
		return err
	})
	return o, err
}

// keeps tells whether a field keeps what somebody wrote here, whatever the file says.
func (u *updating) keeps(field string) bool {
	return u.hands.Fields[field] && u.x.Table.Spec.Leads != "file"
}

// parties finds the owner and the account a row names of a record that is there. Nobody is made
// for a value that will not be taken; an account that is not there is, where it will.
func (u *updating) parties() error {
	x := u.x
	members, accounts := intake.PartOf[*orgimport.Members](u.run), intake.PartOf[*accountimport.Accounts](u.run)
	if owner := x.Text("owner"); owner != "" && members.Named(owner) != u.found.OwnerID {
		x.Issue("warning", "owner", "import.owner_kept", "records change hands by a hand-over")
	}
	u.h.AccountID = u.found.AccountID
	name := x.Text("account")
	if name == "" || accounts.Is(u.found.AccountID, name) {
		return nil
	}
	if u.keeps(opportunity.HandAccount) {
		x.Note("account", "kept_by_hand", name, u.found.AccountName)
		return nil
	}
	if u.h.AccountID = u.accountOf(x); u.h.AccountID == "" {
		u.h.AccountID = u.found.AccountID
	}
	if u.run.DryRun {
		return nil
	}
	return u.run.Flush() // it may be new
}

// restate changes a record to what the row says, and writes down what it found and left.
func (u updating) restate(tx database.Tx) (t attempt, err error) {
	r, x := u.run, u.x
	t.same = true
	was, before, err := u.take(tx, x, u.id)
	if err != nil || before.Deleted && was.DeletedAt != nil {
		return t, err
	}
	if u.hands, err = u.service.Hands(r.Ctx, tx, r.Actor, u.id); err != nil {
		return t, err
	}
	stays, err := u.service.Counted(r.Ctx, tx, r.Actor, u.id)
	if err != nil {
		return t, err
	}
	moves := u.moves(&t, was, stays)
	closes := moves && u.h.State() != opportunity.Open
	o, err := u.service.EditIn(r.Ctx, tx, r.Actor, u.id, 0, u.patch(&t, was, before, closes))
	if err != nil {
		return t, err
	}
	if moves {
		move := moveOf(u.h)
		if closes && u.h.AmountMinor != nil {
			move.Terms = &opportunity.Terms{AmountMinor: *u.h.AmountMinor, Currency: u.h.Currency, Lines: u.h.Lines}
		}
		if o, err = u.service.MoveIn(r.Ctx, tx, r.Actor, u.id, move); err != nil {
			return t, err
		}
	}
	if o.Version == was.Version && !before.Deleted {
		return t, nil
	}
	after, err := u.service.StatedOf(r.Ctx, tx, r.Actor, o)
	if err != nil {
		return t, err
	}
	t.same = false
	return t, r.Changed(tx, record.Ref{Kind: record.Opportunity, ID: u.id}, o.Version, before, after)
}

// moves tells whether a row moves a record. A stage somebody entered here stands where the file
// says nothing newer than the last import did.
func (u updating) moves(t *attempt, was opportunity.Opportunity, stays []opportunity.Stay) bool {
	last := u.h.Visits[len(u.h.Visits)-1]
	if last.StageID == was.StageID && last.State == was.State {
		u.closed(t, was)
		return false
	}
	present := stays[len(stays)-1]
	if !u.hands.Stays[present.ID] {
		return true
	}
	for _, st := range slices.Backward(stays) {
		if u.hands.Stays[st.ID] {
			continue
		}
		if st.StageID == last.StageID && st.State == last.State {
			t.tell(func() { u.x.Issue("warning", "stage", "import.stage_kept", "a later stage was entered here by hand") })
			return false
		}
		break
	}
	return true
}

// closed tells of what a row says otherwise of a closing that is there: that stays as it is.
func (u updating) closed(t *attempt, was opportunity.Opportunity) {
	if was.State == opportunity.Open {
		return
	}
	last := u.h.Visits[len(u.h.Visits)-1]
	tell := func(field, said, held string) {
		t.tell(func() { u.x.Note(field, "closing_kept", said, held) })
	}
	if last.On != "" && last.On != was.ClosedOn {
		tell("closedOn", string(last.On), string(was.ClosedOn))
	}
	if u.h.AmountMinor != nil && (was.AmountMinor == nil || *u.h.AmountMinor != *was.AmountMinor || u.h.Currency != was.Currency) {
		tell("amount", written(u.h.AmountMinor, u.h.Currency), written(was.AmountMinor, was.Currency))
	}
}

// written is an amount in a note.
func written(minor *int64, currency string) string {
	if minor == nil {
		return ""
	}
	return money.Decimal(*minor, money.Digits(currency)) + " " + currency
}

// patch is what a row says differently of a record. A blank cell says nothing; what somebody wrote
// here stays and is told. What was closed holds from its day, with the move.
func (u updating) patch(t *attempt, was opportunity.Opportunity, before opportunity.Stated, closes bool) opportunity.Patch {
	h, x := u.h, u.x
	p := opportunity.Patch{Custom: field.Values{}, BatchID: u.run.BatchID}
	takes := func(field, said, held string) bool {
		if said == "" || said == held {
			return false
		}
		if u.keeps(field) {
			t.tell(func() { x.Note(field, "kept_by_hand", said, held) })
			return false
		}
		return true
	}
	if takes(opportunity.HandName, x.Text("name"), was.Name) {
		p.Name = &h.Name
	}
	if takes(opportunity.HandSource, h.Source, was.Source) {
		p.Source = &h.Source
	}
	if takes(opportunity.HandExpected, string(h.ExpectedOn), string(was.ExpectedOn)) {
		p.ExpectedOn = &h.ExpectedOn
	}
	if takes(opportunity.HandConfidence, percent(h.ConfidenceBP), percent(was.ConfidenceBP)) {
		p.ConfidenceBP = &h.ConfidenceBP
	}
	if h.AccountID != was.AccountID {
		p.AccountID = &h.AccountID
	}
	if region := x.Text("region"); takes(opportunity.HandRegion, region, was.Region) {
		p.Region = &region
	}
	for k, v := range u.custom {
		if takes("custom."+k, v, before.Custom[k]) {
			p.Custom[k] = v
		}
	}
	if was.State != opportunity.Open || closes || h.AmountMinor == nil {
		return p
	}
	h.AmountMinor, h.Currency = u.amount(was)
	said, held := written(h.AmountMinor, h.Currency), written(was.AmountMinor, was.Currency)
	switch lines := len(h.Lines) > 0 && !sameLines(before.Lines, h.Lines); {
	case takes(opportunity.HandTerms, said, held):
		p.AmountMinor, p.Currency = &h.AmountMinor, &h.Currency
		if lines {
			p.Lines = &h.Lines
		}
	case lines && said == held && !u.keeps(opportunity.HandTerms):
		p.Lines = &h.Lines
	}
	return p
}

// amount is what a row says a record is worth: where it does not say in which currency, in the
// record's.
func (u updating) amount(was opportunity.Opportunity) (*int64, string) {
	h := u.h
	if was.Currency == h.Currency || u.x.Text("currency") != "" || h.Currency != u.run.Actor.Company.Currency || u.x.Table.Spec.Repeated == "lines" {
		return h.AmountMinor, h.Currency
	}
	return u.x.Money("amount", was.Currency)
}

func percent(bp *int64) string {
	if bp == nil {
		return ""
	}
	return strconv.FormatFloat(float64(*bp)/100, 'f', -1, 64) + "%"
}

// moveOf asks for the move to where a row says the record stands. Why it was lost stays unknown
// where the file does not say.
func moveOf(h opportunity.History) opportunity.MoveRequest {
	last := h.Visits[len(h.Visits)-1]
	m := opportunity.MoveRequest{To: last.StageID, On: last.On, Reason: h.LossReason, LossKind: h.LossKind, SignedOn: h.SignedOn,
		ContractMinor: h.AmountMinor, CompetitorID: h.CompetitorID}
	if last.State == opportunity.Withdrawn {
		m.To = "withdrawn"
	}
	return m
}
