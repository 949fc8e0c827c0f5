package intake

import (
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/opportunity"
)

var (
	// errUnchanged says that a row has nothing new about its record.
	errUnchanged = errors.New("intake: unchanged")
	// errDeleted says that a row speaks of a deleted record that is to stay so.
	errDeleted = errors.New("intake: deleted")
)

// restores tells whether the file's deleted records come back.
func (x *row) restores() bool { return x.t.spec.Deleted == "restore" }

// deleted tells of a row whose record is deleted, by its name, and whether it came back.
func (x *row) deleted(name string) {
	if x.restores() {
		x.note("externalId", "record_restored", "", "")
		return
	}
	x.run.sum.Deleted++
	x.issue("warning", "externalId", "import.record_deleted", name)
}

// update edits an existing record and moves it through the same gate as a person
// would; a refused move is an error of the row, its fields are not changed then.
func (r *run) update(x *row, id string, h opportunity.History, custom field.Values) error {
	found, err := r.found(id)
	if err != nil {
		return err
	}
	if found.DeletedAt != nil {
		if x.deleted(found.Name); !x.restores() {
			return nil
		}
	}
	if h.OwnerID != "" && h.OwnerID != found.OwnerID {
		x.note("owner", "owner_kept", "", "")
	}
	if r.opt.DryRun {
		r.sum.Updated["opportunity"]++
		return nil
	}
	err = r.write(func(tx database.Tx) error { return r.restate(tx, x, id, h, custom) })
	switch {
	case errors.Is(err, errUnchanged):
		r.sum.Unchanged["opportunity"]++
		return nil
	case err == nil:
		r.sum.Updated["opportunity"]++
	}
	return err
}

func (r *run) found(id string) (o opportunity.Opportunity, err error) {
	err = r.DB.Read(r.ctx, func(tx database.Tx) error {
		o, err = r.Opportunities.AnyIn(r.ctx, tx, r.a, id)
		return err
	})
	return o, err
}

// restate changes a record to what the row says, and writes down what it found and left.
func (r *run) restate(tx database.Tx, x *row, id string, h opportunity.History, custom field.Values) error {
	was, err := r.Opportunities.TakeIn(r.ctx, tx, r.a, id)
	if err != nil {
		return err
	}
	before, err := r.Opportunities.StatedOf(r.ctx, tx, r.a, was)
	if err != nil {
		return err
	}
	if was.DeletedAt != nil {
		if !x.restores() {
			return errUnchanged // deleted since the row was read
		}
		if err := r.Opportunities.DeleteIn(r.ctx, tx, r.a, id, 0, false); err != nil {
			return err
		}
	}
	last := h.Visits[len(h.Visits)-1]
	moves := last.StageID != was.StageID || last.State != was.State
	patch := r.patch(x, was, before, h, custom)
	closes := moves && last.State != opportunity.Open
	if closes { // what was closed holds from that day, with the move
		patch.AmountMinor, patch.Currency, patch.Lines = nil, nil, nil
	}
	o, err := r.Opportunities.EditIn(r.ctx, tx, r.a, id, 0, patch)
	if err != nil {
		return err
	}
	if moves {
		move := moveOf(h)
		if closes && h.AmountMinor != nil {
			move.Terms = &opportunity.Terms{AmountMinor: *h.AmountMinor, Currency: h.Currency, Lines: h.Lines}
		}
		if o, err = r.Opportunities.MoveIn(r.ctx, tx, r.a, id, move); err != nil {
			return err
		}
	}
	if o.Version == was.Version {
		return errUnchanged
	}
	after, err := r.Opportunities.StatedOf(r.ctx, tx, r.a, o)
	if err != nil {
		return err
	}
	return r.changed(tx, Change{Kind: "opportunity", ID: id, Version: o.Version}, before, after)
}

// patch is what a row says differently of a record.
func (r *run) patch(x *row, was opportunity.Opportunity, before opportunity.Stated, h opportunity.History, custom field.Values) opportunity.Patch {
	p := opportunity.Patch{Custom: custom, BatchID: r.opt.BatchID}
	if was.State == opportunity.Open && h.AmountMinor != nil {
		p.AmountMinor, p.Currency = &h.AmountMinor, &h.Currency
		if len(h.Lines) > 0 && !sameLines(before.Lines, h.Lines) {
			p.Lines = &h.Lines
		}
	}
	if x.has("name") {
		p.Name = &h.Name
	}
	if h.ExpectedOn != "" {
		p.ExpectedOn = &h.ExpectedOn
	}
	if h.ConfidenceBP != nil {
		p.ConfidenceBP = &h.ConfidenceBP
	}
	if h.Source != "" {
		p.Source = &h.Source
	}
	return p
}

// moveOf asks for the move to where a row says the record stands.
func moveOf(h opportunity.History) opportunity.MoveRequest {
	last := h.Visits[len(h.Visits)-1]
	m := opportunity.MoveRequest{To: last.StageID, On: last.On, Reason: h.LossReason, LossKind: h.LossKind, SignedOn: h.SignedOn,
		ContractMinor: h.AmountMinor}
	if last.State == opportunity.Withdrawn {
		m.To = "withdrawn"
	}
	if m.LossKind == opportunity.UnknownLoss {
		m.LossKind = opportunity.NoDecision
	}
	if m.Reason == "" && last.State != opportunity.Open {
		m.Reason = "import"
	}
	return m
}
