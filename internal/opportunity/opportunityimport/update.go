package opportunityimport

import (
	"slices"
	"strconv"

	"yunchou/internal/account/accountimport"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/pipeline"
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
	// version is the row's pipeline, lines what the record holds.
	version pipeline.Version
	lines   []opportunity.Line
}

// update changes a record that is there: its fields, and its stage through the same gate as a
// person's move. A refused move is an error of the row, whose fields are not changed then.
func (d *Deals) update(id string, n newDeal) error {
	x, h, custom := n.x, n.History, n.custom
	u := updating{Deals: d, x: x, id: id, h: h, custom: custom, version: n.version}
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
	u.lines = before.Lines
	moves := u.moves(&t, was, stays)
	closes := moves && u.h.State() != opportunity.Open
	u.h.Lines = u.linesAt(was)
	o, err := u.service.EditIn(r.Ctx, tx, r.Actor, u.id, 0, u.patch(&t, was, before, closes))
	if err != nil {
		return t, err
	}
	entered := 0
	if moves {
		if o, entered, err = u.move(tx, &t, was, stays, closes); err != nil {
			return t, err
		}
	}
	u.notTaken(&t, was, stays, moves)
	if o.Version == was.Version && !before.Deleted {
		return t, nil
	}
	after, err := u.service.StatedOf(r.Ctx, tx, r.Actor, o)
	if err != nil {
		return t, err
	}
	t.same, after.Entered = false, entered
	return t, r.Changed(tx, record.Ref{Kind: record.Opportunity, ID: u.id}, o.Version, before, after)
}

// moves tells whether a row moves a record. A stage somebody entered here stands where the file
// says nothing newer than the last import did.
func (u updating) moves(t *attempt, was opportunity.Opportunity, stays []opportunity.Stay) bool {
	last := u.h.Visits[len(u.h.Visits)-1]
	if last.StageID == was.StageID && last.State == was.State {
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
	region := x.Text("region")
	switch {
	case takes(opportunity.HandRegion, region, was.Region):
		p.Region = &region
	case p.AccountID != nil && (region != "" || u.hands.Fields[opportunity.HandRegion]): // another account is no other region
		p.Region = &was.Region
	}
	for k, v := range u.custom {
		if takes("custom."+k, v, before.Custom[k]) {
			p.Custom[k] = v
		}
	}
	if was.State != opportunity.Open || closes && (h.AmountMinor != nil || was.AmountMinor != nil) {
		return p
	}
	lines := len(h.Lines) > 0 && !sameLines(before.Lines, h.Lines)
	held := written(was.AmountMinor, was.Currency)
	said := held // a blank amount leaves what is there
	if h.AmountMinor != nil {
		h.AmountMinor, h.Currency = u.amount(was)
		said = written(h.AmountMinor, h.Currency)
	}
	switch {
	case takes(opportunity.HandTerms, said, held):
		p.AmountMinor, p.Currency = &h.AmountMinor, &h.Currency
		if lines {
			p.Lines = &h.Lines
		}
	case lines && said == held && u.keeps(opportunity.HandTerms):
		t.tell(func() { x.Note("product", "kept_by_hand", x.Text("product"), "") })
	case lines && said == held:
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
