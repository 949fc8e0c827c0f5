package opportunityimport

import (
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// update edits an existing record and moves it through the same gate as a person
// would; a refused move is an error of the row, its fields are not changed then.
func (d *Deals) update(x *intake.Row, id string, h opportunity.History, custom field.Values) error {
	found, err := d.found(id)
	if err != nil {
		return err
	}
	if found.DeletedAt != nil {
		if x.Deleted(found.Name); !x.Restores() {
			return nil
		}
	}
	if h.OwnerID != "" && h.OwnerID != found.OwnerID {
		x.Note("owner", "owner_kept", "", "")
	}
	if d.run.DryRun {
		d.run.Sum.Updated["opportunity"]++
		return nil
	}
	err = d.run.Write(func(tx database.Tx) error { return d.restate(tx, x, id, h, custom) })
	switch {
	case errors.Is(err, intake.ErrUnchanged):
		d.run.Sum.Unchanged["opportunity"]++
		return nil
	case err == nil:
		d.run.Sum.Updated["opportunity"]++
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

// restate changes a record to what the row says, and writes down what it found and left.
func (d *Deals) restate(tx database.Tx, x *intake.Row, id string, h opportunity.History, custom field.Values) error {
	was, err := d.service.TakeIn(d.run.Ctx, tx, d.run.Actor, id)
	if err != nil {
		return err
	}
	before, err := d.service.StatedOf(d.run.Ctx, tx, d.run.Actor, was)
	if err != nil {
		return err
	}
	if was.DeletedAt != nil {
		if !x.Restores() {
			return intake.ErrUnchanged // deleted since the row was read
		}
		if err := d.service.DeleteIn(d.run.Ctx, tx, d.run.Actor, id, 0, false); err != nil {
			return err
		}
	}
	last := h.Visits[len(h.Visits)-1]
	moves := last.StageID != was.StageID || last.State != was.State
	patch := d.patch(x, was, before, h, custom)
	closes := moves && last.State != opportunity.Open
	if closes { // what was closed holds from that day, with the move
		patch.AmountMinor, patch.Currency, patch.Lines = nil, nil, nil
	}
	o, err := d.service.EditIn(d.run.Ctx, tx, d.run.Actor, id, 0, patch)
	if err != nil {
		return err
	}
	if moves {
		move := moveOf(h)
		if closes && h.AmountMinor != nil {
			move.Terms = &opportunity.Terms{AmountMinor: *h.AmountMinor, Currency: h.Currency, Lines: h.Lines}
		}
		if o, err = d.service.MoveIn(d.run.Ctx, tx, d.run.Actor, id, move); err != nil {
			return err
		}
	}
	if o.Version == was.Version {
		return intake.ErrUnchanged
	}
	after, err := d.service.StatedOf(d.run.Ctx, tx, d.run.Actor, o)
	if err != nil {
		return err
	}
	return d.run.Changed(tx, record.Ref{Kind: record.Opportunity, ID: id}, o.Version, before, after)
}

// patch is what a row says differently of a record.
func (d *Deals) patch(x *intake.Row, was opportunity.Opportunity, before opportunity.Stated, h opportunity.History, custom field.Values) opportunity.Patch {
	p := opportunity.Patch{Custom: custom, BatchID: d.run.BatchID}
	if was.State == opportunity.Open && h.AmountMinor != nil {
		p.AmountMinor, p.Currency = &h.AmountMinor, &h.Currency
		if len(h.Lines) > 0 && !sameLines(before.Lines, h.Lines) {
			p.Lines = &h.Lines
		}
	}
	if x.Has("name") {
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
