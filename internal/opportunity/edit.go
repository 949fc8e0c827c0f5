package opportunity

import (
	"cmp"
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Patch changes fields; nil leaves a field as it is. Lines nil leaves the lines.
type Patch struct {
	Name, AccountID, Source, Currency *string
	// AccountName is the customer by name, found or new, "" is none.
	AccountName  *string
	Region       *string // nil leaves it to account and team
	AmountMinor  **int64
	TaxIncluded  *bool
	TaxBP        **int64
	ExpectedOn   *calendar.Date
	ConfidenceBP **int64
	Lines        *[]Line
	Custom       field.Values
	Reason       string
	BatchID      string // the import that changes it
}

// Edit changes an opportunity's own fields (re-price, re-date, confidence, …). It
// resets no clock: touching is not progressing. version is the one it was read
// at, 0 for bulk edits; also writes what belongs to it, in the same write. Fault: record.stale.
func (s *Service) Edit(ctx context.Context, a org.Actor, id string, version int, p Patch, also ...func(database.Tx) error) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Opportunity, error) {
		o, err := s.EditIn(ctx, tx, a, id, version, p)
		for _, write := range also {
			if err == nil {
				err = write(tx)
			}
		}
		return o, err
	})
}

// EditIn is Edit inside a transaction; an import updates with it.
func (s *Service) EditIn(ctx context.Context, tx database.Tx, a org.Actor, id string, version int, p Patch) (Opportunity, error) {
	old, err := s.takeThere(ctx, tx, a, id)
	if err != nil {
		return old, err
	}
	if version != 0 && version != old.Version {
		return old, record.ErrStale
	}
	if old.State != Open && p.terms() {
		return old, fault.New(fault.Rule, "opportunity.closed", "reopen it before changing the amount")
	}
	o := old
	p.apply(&o)
	if p.AccountName != nil && p.AccountID == nil {
		o.AccountID = ""
		if name := text.Fold(*p.AccountName); name != "" {
			if o.AccountID, _, err = s.customer(ctx, tx, a, name, o.OwnerID, p.Reason); err != nil {
				return old, err
			}
		}
	}
	if err := s.checkEdit(ctx, tx, a, old, &o, p); err != nil {
		return old, err
	}
	payload := changesOf(old, o)
	payload.BatchID = p.BatchID
	if payload.Custom, payload.Own, err = s.setOwn(ctx, tx, a, id, p.Custom); err != nil {
		return old, err
	}
	if p.Lines != nil {
		before, err := s.Rows.Lines(ctx, tx, a.TenantID, id)
		if err != nil {
			return old, err
		}
		lines := worded(*p.Lines)
		p.Lines = &lines
		payload.Lines = &Pair[[]lineOf]{linesOf(before), linesOf(lines)}
	}
	if payload.none() {
		return old, nil
	}
	return s.change(ctx, tx, a, old, o, payload, p.Lines)
}

// change writes an edited record; own fields were written before.
func (s *Service) change(ctx context.Context, tx database.Tx, a org.Actor, old, o Opportunity, payload changes, lines *[]Line) (Opportunity, error) {
	if old.pushed(o.ExpectedOn) {
		o.Pushes++
	}
	seq, err := s.save(ctx, tx, a, old, &o, event(o.ID, "changed", a.Today, payload))
	if err != nil {
		return old, err
	}
	return o, s.editLines(ctx, tx, a, old, o, lines, entry{seq, a.Today})
}

// pushed tells whether another expected day puts the closing off, which only what is open has before it. To fill an empty date does not, nor to
// mend one that had passed before anybody here knew of the record: an import brought it so.
func (o Opportunity) pushed(to calendar.Date) bool {
	return o.State == Open && o.ExpectedOn != "" && o.ExpectedOn >= o.RecordedOn && to > o.ExpectedOn
}

// terms tells whether a patch changes what a closed record was closed for.
func (p Patch) terms() bool {
	return p.AmountMinor != nil || p.Currency != nil || p.Lines != nil || p.TaxIncluded != nil || p.TaxBP != nil
}

func (p Patch) apply(o *Opportunity) {
	set(&o.Name, p.Name)
	set(&o.AccountID, p.AccountID)
	set(&o.Source, p.Source)
	set(&o.Region, p.Region)
	set(&o.Currency, p.Currency)
	set(&o.AmountMinor, p.AmountMinor)
	set(&o.TaxIncluded, p.TaxIncluded)
	set(&o.TaxBP, p.TaxBP)
	set(&o.ExpectedOn, p.ExpectedOn)
	set(&o.ConfidenceBP, p.ConfidenceBP)
	o.Name, o.Source = text.Fold(o.Name), text.Fold(o.Source)
}

// checkEdit checks the record as it would be, and places it where its account changed.
func (s *Service) checkEdit(ctx context.Context, tx database.Tx, a org.Actor, old Opportunity, o *Opportunity, p Patch) error {
	if err := o.check(a); err != nil {
		return err
	}
	if p.ConfidenceBP != nil {
		v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
		if err := cmp.Or(err, checkConfidence(*o, v)); err != nil {
			return err
		}
	}
	if o.AccountID == old.AccountID {
		return nil
	}
	err := s.move(ctx, tx, a, o)
	set(&o.Region, p.Region)
	if err == nil && o.State == Open {
		_, err = s.clash(ctx, tx, a, *o, p.Reason)
	}
	return err
}

// move places a record at another account; its team stays.
func (s *Service) move(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity) error {
	team := o.TeamID
	err := s.place(ctx, tx, a, o)
	o.TeamID = team
	return err
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// editLines keeps lines and amount together: a new amount without new lines is
// shared over the old lines in their proportion.
func (s *Service) editLines(ctx context.Context, tx database.Tx, a org.Actor, old, o Opportunity, asked *[]Line, by entry) error {
	if asked == nil && pairOfNumbers(old.AmountMinor, o.AmountMinor) == nil {
		return nil
	}
	was, err := s.Rows.Lines(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	lines := []Line{}
	switch {
	case asked != nil:
		lines = *asked
	case len(was) == 0:
		return nil
	case o.AmountMinor == nil:
		return fault.Input("/lines", "opportunity.lines_not_whole", "lines must add up to the amount").With("sumMinor", sumOf(was))
	default:
		lines = spread(was, *o.AmountMinor)
	}
	if err := checkLines(o, lines); err != nil {
		return err
	}
	if err := s.Rows.SetLines(ctx, tx, a.TenantID, o.ID, lines); err != nil {
		return unknownReference(err, "/lines", "product.unknown")
	}
	if by.on < a.Today { // over what was in force on that day
		values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
		if err != nil {
			return err
		}
		was = linesOn(values, by.on)
	}
	return s.Values.Insert(ctx, tx, a.TenantID, keyed(o.ID, fieldLine, linesByProduct(was), linesByProduct(lines), by.on, by.seq))
}

// entry is the journal entry of a change, and the day it holds from.
type entry struct {
	seq database.Seq
	on  calendar.Date
}

// spread shares an amount over lines in their proportion.
func spread(was []Line, amount int64) []Line {
	lines := append([]Line{}, was...)
	weights, some := make([]int64, len(lines)), false
	for i, l := range lines {
		weights[i] = max(0, l.AmountMinor)
		some = some || weights[i] > 0
	}
	if !some {
		weights[0] = 1
	}
	for i, part := range money.Split(amount, weights) {
		lines[i].AmountMinor = part
	}
	return lines
}

func sumOf(lines []Line) (sum int64) {
	for _, l := range lines {
		sum += l.AmountMinor
	}
	return sum
}

// Delete hides a record from lists and figures; restoring brings it back. A closed one's
// credit ceases on the day it is deleted and is written anew on the day it is restored.
// version is the one it was read at; 0 does not check.
func (s *Service) Delete(ctx context.Context, a org.Actor, id string, deleted bool) error {
	return s.DeleteAt(ctx, a, id, 0, deleted)
}

// DeleteAt is Delete of a record as it was read. Fault: record.stale.
func (s *Service) DeleteAt(ctx context.Context, a org.Actor, id string, version int, deleted bool) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.DeleteIn(ctx, tx, a, id, version, deleted) })
}

// DeleteIn is DeleteAt inside a transaction; an import restores with it. What an undone
// import had recorded is not restored. Fault: opportunity.unrecorded.
func (s *Service) DeleteIn(ctx context.Context, tx database.Tx, a org.Actor, id string, version int, deleted bool) error {
	a, err := s.still(ctx, tx, a)
	if err != nil {
		return err
	}
	was, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Write), id)
	if err != nil || (was.DeletedAt != nil) == deleted {
		return err
	}
	if version != 0 && version != was.Version {
		return record.ErrStale
	}
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil {
		return err
	}
	if len(h.counted) == 0 {
		return errUnrecorded
	}
	return s.hide(ctx, tx, a, was, h, deleted)
}

// hidden is the payload of opportunity.deleted and restored. Never is the entry of a
// restoring that never was: then the record is deleted as it had been.
type hidden struct {
	Never database.Seq `json:"never,omitempty"`
	changes
}

// neverRestored takes the restoring of a record back: it was deleted all the time.
func (s *Service) neverRestored(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history, never database.Seq) error {
	o, now := was, a.Now
	o.DeletedAt, o.Version = &now, was.Version+1
	team, err := s.follow(ctx, tx, a, was, &o)
	if err != nil {
		return err
	}
	values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	if err := s.unshare(ctx, tx, a, o.ID, values, never); err != nil {
		return err
	}
	seq := journal.Append(tx, a.By(), event(o.ID, "deleted", a.Today, hidden{never, changesOf(was, o)}))
	for _, f := range []string{fieldDeleted, fieldShare} {
		s.Values.EndField(tx, a.TenantID, o.ID, f, []database.Seq{never}, seq)
	}
	s.Values.EndOwned(tx, a.TenantID, o.ID, never, seq)
	if o, err = s.followed(ctx, tx, a, team, o, seq); err != nil {
		return err
	}
	if err := s.saveChanged(ctx, tx, a, was, &o); err != nil {
		return err
	}
	return s.settle(ctx, tx, a, o.ID, h, seq)
}

// hide deletes or restores a record.
func (s *Service) hide(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history, deleted bool) error {
	o, kind := was, "restored"
	o.DeletedAt = nil
	if deleted {
		now := a.Now
		kind, o.DeletedAt = "deleted", &now
	}
	team, err := s.follow(ctx, tx, a, was, &o)
	if err != nil {
		return err
	}
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, kind, a.Today, hidden{changes: changesOf(was, o)}))
	if err != nil {
		return err
	}
	if _, err := s.followed(ctx, tx, a, team, o, seq); err != nil {
		return err
	}
	return s.settle(ctx, tx, a, o.ID, h, seq)
}
