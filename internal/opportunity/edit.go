package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Patch changes fields; nil leaves a field as it is. Lines nil leaves the lines.
type Patch struct {
	Name, AccountID, Source, Currency *string
	AmountMinor                       **int64
	TaxIncluded                       *bool
	ExpectedOn                        *calendar.Date
	ConfidenceBP                      **int64
	Lines                             *[]Line
	Custom                            field.Values
	Reason                            string
}

// Edit changes an opportunity's own fields (re-price, re-date, confidence, …). It
// resets no clock: touching is not progressing. version is the one it was read
// at, 0 for bulk edits. Fault: record.stale.
func (s *Service) Edit(ctx context.Context, a org.Actor, id string, version int, p Patch) (o Opportunity, err error) {
	if err := a.Need(org.OppWrite); err != nil {
		return o, err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		o, err = s.EditIn(ctx, tx, a, id, version, p)
		return err
	})
	return o, err
}

// EditIn is Edit inside a transaction; an import updates with it.
func (s *Service) EditIn(ctx context.Context, tx database.Tx, a org.Actor, id string, version int, p Patch) (Opportunity, error) {
	old, err := s.take(ctx, tx, a, a.Write, id)
	if err != nil {
		return old, err
	}
	if version != 0 && version != old.Version {
		return old, errStale
	}
	o := old
	set(&o.Name, p.Name)
	set(&o.AccountID, p.AccountID)
	set(&o.Source, p.Source)
	set(&o.Currency, p.Currency)
	set(&o.AmountMinor, p.AmountMinor)
	set(&o.TaxIncluded, p.TaxIncluded)
	set(&o.ExpectedOn, p.ExpectedOn)
	set(&o.ConfidenceBP, p.ConfidenceBP)
	o.Name, o.Source = text.Fold(o.Name), text.Fold(o.Source)
	if o.State != Open && (p.AmountMinor != nil || p.Currency != nil || p.Lines != nil) {
		return old, fault.New(fault.Rule, "opportunity.closed", "reopen it before changing the amount")
	}
	if err := o.check(a); err != nil {
		return old, err
	}
	v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
	if err != nil {
		return old, err
	}
	if p.AccountID != nil && o.AccountID != old.AccountID {
		if err := s.place(ctx, tx, a, &o, v); err != nil {
			return old, err
		}
	} else if p.ConfidenceBP != nil {
		if err := checkConfidence(o, v); err != nil {
			return old, err
		}
	}
	if old.ExpectedOn != "" && o.ExpectedOn > old.ExpectedOn {
		o.Pushes++
	}
	if err := s.editLines(ctx, tx, a, old, o, p); err != nil {
		return old, err
	}
	custom, err := s.Fields.Set(ctx, tx, a, "opportunity", id, p.Custom)
	if err != nil {
		return old, err
	}
	changed := changes(old, o)
	for k := range custom {
		changed["custom."+k] = true
	}
	if p.Lines != nil {
		changed["lines"] = *p.Lines
	}
	if len(changed) == 0 {
		return old, nil
	}
	o.Version++
	if err := s.Rows.Save(ctx, tx, a.TenantID, o); err != nil {
		return old, err
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: "opportunity.changed", On: a.Today, Payload: changed})
	return o, nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// editLines keeps lines and amount together: a new amount without new lines is
// shared over the old lines in their proportion.
func (s *Service) editLines(ctx context.Context, tx database.Tx, a org.Actor, old, o Opportunity, p Patch) error {
	lines := []Line{}
	switch {
	case p.Lines != nil:
		lines = *p.Lines
	case p.AmountMinor != nil && (old.AmountMinor == nil || o.AmountMinor == nil || *old.AmountMinor != *o.AmountMinor):
		var err error
		if lines, err = s.Rows.Lines(ctx, tx, a.TenantID, o.ID); err != nil || len(lines) == 0 || o.AmountMinor == nil {
			return err
		}
		weights, any := make([]int64, len(lines)), false
		for i, l := range lines {
			weights[i] = max(0, l.AmountMinor)
			any = any || weights[i] > 0
		}
		if !any {
			weights[0] = 1
		}
		for i, part := range money.Split(*o.AmountMinor, weights) {
			lines[i].AmountMinor = part
		}
	default:
		return nil
	}
	if err := checkLines(o, lines); err != nil {
		return err
	}
	return unknownReference(s.Rows.SetLines(ctx, tx, a.TenantID, o.ID, lines), "/lines", "product.unknown")
}

// changes lists old and new of what figures depend on; names and texts only as
// "changed", because journal payloads hold no free text.
func changes(old, o Opportunity) map[string]any {
	out := map[string]any{}
	pair := func(key string, a, b any, same bool) {
		if !same {
			out[key] = []any{a, b}
		}
	}
	num := func(p *int64) any {
		if p == nil {
			return nil
		}
		return *p
	}
	pair("amountMinor", old.AmountMinor, o.AmountMinor, num(old.AmountMinor) == num(o.AmountMinor))
	pair("currency", old.Currency, o.Currency, old.Currency == o.Currency)
	pair("taxIncluded", old.TaxIncluded, o.TaxIncluded, old.TaxIncluded == o.TaxIncluded)
	pair("expectedOn", old.ExpectedOn, o.ExpectedOn, old.ExpectedOn == o.ExpectedOn)
	pair("confidenceBp", old.ConfidenceBP, o.ConfidenceBP, num(old.ConfidenceBP) == num(o.ConfidenceBP))
	pair("accountId", old.AccountID, o.AccountID, old.AccountID == o.AccountID)
	pair("region", old.Region, o.Region, old.Region == o.Region)
	if old.Name != o.Name {
		out["name"] = true
	}
	if old.Source != o.Source {
		out["source"] = true
	}
	return out
}

// Delete hides a record from lists and figures; Restore brings it back.
func (s *Service) Delete(ctx context.Context, a org.Actor, id string, deleted bool) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		o, err := s.take(ctx, tx, a, a.Write, id)
		if err != nil || (o.DeletedAt != nil) == deleted {
			return err
		}
		kind := "opportunity.restored"
		o.DeletedAt = nil
		if deleted {
			kind, o.DeletedAt = "opportunity.deleted", &a.Now
		}
		o.Version++
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: kind, On: a.Today, Payload: map[string]any{}})
		return s.Rows.Save(ctx, tx, a.TenantID, o)
	})
}
