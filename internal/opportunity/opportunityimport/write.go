package opportunityimport

import (
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// Waiting is how many deals wait to be written.
func (d *Deals) Waiting() int { return len(d.waiting) }

// Take hands them over.
func (d *Deals) Take() intake.Writing {
	w := writing{d, d.waiting}
	d.waiting = nil
	clear(d.queued)
	return w
}

// writing is new deals on their way, with the accounts they name.
type writing struct {
	*Deals
	list []newDeal
}

// Write writes the deals that are not there, with the accounts that are.
func (w writing) Write(tx database.Tx, met intake.Met) (made []record.Ref, err error) {
	if err := w.look(tx, met); err != nil {
		return nil, err
	}
	var histories []opportunity.History
	for _, d := range w.list {
		if met[d.ID] != (intake.Meeting{}) {
			continue
		}
		h := d.History
		if id := met[h.AccountID].ID; id != "" {
			h.AccountID = id
		}
		histories = append(histories, h)
		made = append(made, record.Ref{Kind: record.Opportunity, ID: h.ID})
	}
	return made, w.service.Record(w.run.Ctx, tx, w.run.Actor, histories)
}

// look finds which deals are there by now, and whose account was deleted in the meantime.
func (w writing) look(tx database.Tx, met intake.Met) error {
	var ids, with []string
	for _, d := range w.list {
		if d.External.ID != "" {
			ids = append(ids, d.External.ID)
		}
		_, waited := met[d.AccountID] // with the deal: nobody could delete it
		if d.AccountID != "" && !waited && d.State() == opportunity.Open {
			with = append(with, d.AccountID)
		}
	}
	known, err := w.run.Known(tx, record.Opportunity, ids)
	if err != nil {
		return err
	}
	gone, err := w.accounts.Gone(w.run.Ctx, tx, w.run.Actor, with)
	for _, d := range w.list {
		m := intake.Meeting{ID: known[d.External.ID]}
		if m.ID == "" && gone[d.AccountID] && d.State() == opportunity.Open {
			m.Refused = fault.Input("/account", "opportunity.account_deleted", "its account is deleted; restore that first")
		}
		met[d.ID] = m
	}
	return err
}

// Leaves keeps, beside a record that a log tells of, what it told.
func (w writing) Leaves(ref record.Ref) any {
	for _, d := range w.list {
		if d.ID == ref.ID && d.log != nil {
			return left{Log: d.log}
		}
	}
	return nil
}

// Settle counts those that were written and goes on with those that were there: their rows
// speak of records somebody else made.
func (w writing) Settle(met intake.Met) error {
	for _, d := range w.list {
		if met[d.ID] == (intake.Meeting{}) {
			w.run.Sum.Created["opportunity"]++
		}
	}
	for _, d := range w.list {
		m := met[d.ID]
		if m == (intake.Meeting{}) {
			continue
		}
		if m.ID != "" {
			w.run.External(record.Opportunity).Set(d.External.ID, m.ID)
			if d.log != nil {
				m.Refused = w.refresh(d.x, m.ID, d.version, *d.log)
			} else {
				m.Refused = w.update(m.ID, d)
			}
		}
		if err := w.run.Refused(d.x, m.Refused); err != nil {
			return err
		}
	}
	return nil
}
