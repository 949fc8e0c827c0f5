package opportunity

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Stated is what an import may change of a record: kept as it was found and as it was
// left, so that an undo gives back what still holds what the import wrote.
type Stated struct {
	Name, Source string
	AmountMinor  *int64
	Currency     string
	Lines        []Line
	ExpectedOn   calendar.Date
	Pushes       int64
	ConfidenceBP *int64
	StageID      string
	State        State
	OwnerID      string
	AccountID    string
	Region       string
	Deleted      bool
	Custom       field.Values
	// Entered is how many stages a change entered, where it was more than one.
	Entered int `json:",omitempty"`
	// Of a change that may touch them: nil where it did not look.
	Competitors []string      `json:",omitempty"`
	Contacts    []DealContact `json:",omitempty"`
}

// Hold takes down the parts of a record that most imports do not touch.
func (s *Stated) Hold(p Parts) {
	s.Competitors = competitorIDs(p.Competitors)
	s.Contacts = nil
	for _, c := range p.Contacts {
		s.Contacts = append(s.Contacts, DealContact{ContactID: c.ContactID, Role: c.Role})
	}
}

// StatedOf reads it of a record.
func (s *Service) StatedOf(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity) (Stated, error) {
	out := Stated{Name: o.Name, Source: o.Source, AmountMinor: o.AmountMinor, Currency: o.Currency, ExpectedOn: o.ExpectedOn,
		Pushes: o.Pushes, ConfidenceBP: o.ConfidenceBP, StageID: o.StageID, State: o.State, Deleted: o.DeletedAt != nil,
		OwnerID: o.OwnerID, AccountID: o.AccountID, Region: o.Region}
	var err error
	if out.Lines, err = s.Rows.Lines(ctx, tx, a.TenantID, o.ID); err != nil {
		return out, err
	}
	values, err := s.Fields.Load(ctx, tx, a.TenantID, "opportunity", a.Company.Currency, []string{o.ID})
	out.Custom = values[o.ID]
	return out, err
}

// TakeIn reads a record that an import is about to change, deleted or not, and perhaps to
// open again, in several acts of one transaction.
func (s *Service) TakeIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Opportunity, error) {
	if _, err := s.still(ctx, tx, a); err != nil {
		return Opportunity{}, err
	}
	ids, err := s.AccountsOf(ctx, tx, a, []string{id})
	if err != nil {
		return Opportunity{}, err
	}
	if err := record.Take(ctx, tx, a.TenantID, append(ids, id)...); err != nil {
		return Opportunity{}, err
	}
	return s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Write), id)
}

// AccountsOf are the accounts deals hang on. Who may open one again holds its account with it,
// because it is asked for it then.
func (s *Service) AccountsOf(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (accounts []string, err error) {
	for _, id := range ids {
		o, err := s.AnyIn(ctx, tx, a, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if o.AccountID != "" {
			accounts = append(accounts, o.AccountID)
		}
	}
	return accounts, nil
}

// Restated is a change an import made: of which record and how it left it, in which batch,
// what it found and left.
type Restated struct {
	record.Left
	BatchID       string
	Before, After Stated
}

// reverted is the payload of opportunity.reverted: fields hold again what an import found
// in them. Ended are the entries whose values of these fields were never true.
type reverted struct {
	Ended  []database.Seq `json:"ended,omitempty"`
	Pushes *Pair[int64]   `json:"pushes,omitempty"`
	changes
}

// fields are the dated fields that hold again what they held.
func (r reverted) fields() (out []string) {
	if r.ExpectedOn != nil {
		out = append(out, fieldExpected)
	}
	if r.ConfidenceBP != nil {
		out = append(out, fieldConfidence)
	}
	if r.AccountID != nil {
		out = append(out, fieldAccount)
	}
	if r.Region != nil {
		out = append(out, fieldRegion)
	}
	if r.Lines != nil {
		out = append(out, fieldAmount, fieldLine)
	}
	return out
}

// Unstate gives back what an import changed of a record that was there before. Fields
// somebody wrote to since stay, and so does a move, unless nobody touched the record at all:
// then it is taken back too. Values the import wrote were never true. It answers whether
// something was given back and whether something was kept.
func (s *Service) Unstate(ctx context.Context, tx database.Tx, a org.Actor, r Restated) (back, kept bool, err error) {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, r.ID)
	if err != nil {
		return false, false, err
	}
	touched, err := s.touched(ctx, tx, a, was, r.Left)
	if err != nil {
		return false, false, err
	}
	moved := r.Before.StageID != r.After.StageID || r.Before.State != r.After.State && r.After.State != ""
	if moved && !touched && r.Seq > 0 {
		if moved, err = s.moveStands(ctx, tx, a, was, r); err != nil {
			return false, false, err
		}
	}
	if moved {
		if !touched && was.DeletedAt == nil {
			if was, back, err = s.unmove(ctx, tx, a, was, r); err != nil {
				return back, true, err
			}
		}
		kept = !back
	}
	u := unstating{Service: s, a: a, r: r, was: was, o: was}
	if err := u.read(ctx, tx); err != nil {
		return back, kept, err
	}
	u.choose()
	if len(u.custom) > 0 || u.changed {
		back = true
		if err := u.write(ctx, tx); err != nil {
			return back, kept, err
		}
	}
	parts, left, err := s.unstateParts(ctx, tx, a, r)
	if back, kept = back || parts, kept || left; err != nil {
		return back, kept, err
	}
	if r.Before.Deleted { // the import restored it
		if touched {
			return back, true, nil
		}
		back = true
		err = s.unrestore(ctx, tx, a, r.ID)
	}
	return back, kept || u.kept, err
}

// moveStands tells whether the move of an import is still there: an undo before may have taken
// it back, and kept something else. The stays the import left are looked at, not what a new
// version made of them since.
func (s *Service) moveStands(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, r Restated) (bool, error) {
	h, err := s.historyOf(ctx, tx, a, was)
	for _, st := range slices.Backward(h.counted) {
		if st.Seq <= r.Seq {
			return st.StageID != r.Before.StageID || st.State != r.Before.State, err
		}
	}
	return true, err
}

// unrestore takes the last restoring of a record back.
func (s *Service) unrestore(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil || was.DeletedAt != nil {
		return err
	}
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil {
		return err
	}
	values, err := s.Values.Of(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	var last record.Value
	for _, v := range values { // by day and entry
		if v.Field == fieldDeleted {
			last = v
		}
	}
	return s.neverRestored(ctx, tx, a, was, h, last.Seq)
}

// unmove takes the move of an import back from a record nobody touched since, and what a new
// version of the pipeline made of it in between: that happens again from where it stood before.
func (s *Service) unmove(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, r Restated) (Opportunity, bool, error) {
	o, left := was, max(1, r.After.Entered)
	for {
		h, err := s.historyOf(ctx, tx, a, o)
		if err != nil {
			return was, false, err
		}
		moved := r.Seq == 0 || h.last().Seq <= r.Seq
		next, err := s.correct(ctx, tx, a, o, h, Correction{Never: true, goesOn: true})
		if fault.As(err) != nil && o.Version == was.Version { // refused before anything was written
			return was, false, nil
		}
		if err != nil {
			return was, false, err
		}
		o = next
		if moved {
			left--
		}
		if left == 0 {
			break
		}
	}
	if o.State != Open {
		return o, true, nil
	}
	v, err := s.Pipelines.Current(ctx, tx, a.TenantID, o.PipelineID)
	if err != nil || v.ID == o.VersionID {
		return o, err == nil, err
	}
	all, err := s.Pipelines.Versions(ctx, tx, a.TenantID, o.PipelineID)
	if err != nil {
		return o, false, err
	}
	stage := stageIn(v, all, Stay{VersionID: o.VersionID, StageID: o.StageID})
	_, err = s.switchStage(ctx, tx, a, o, v, Stay{StageID: stage, Move: pipeline.Remap})
	if err != nil {
		return o, false, err
	}
	o, err = s.take(ctx, tx, a, org.Scope{All: true}, o.ID)
	return o, err == nil, err
}

// unstating is one record being given back what an import found in it.
type unstating struct {
	*Service
	a       org.Actor
	r       Restated
	was, o  Opportunity
	now     Stated
	values  []record.Value
	entries []database.Seq // what the import wrote of the record
	lines   []Line         // nil leaves them
	custom  field.Values
	changed bool // something but own fields
	kept    bool
}

func (u *unstating) read(ctx context.Context, tx database.Tx) (err error) {
	if u.now, err = u.StatedOf(ctx, tx, u.a, u.was); err != nil {
		return err
	}
	if u.values, err = u.Values.Of(ctx, tx, u.a.TenantID, u.r.ID); err != nil {
		return err
	}
	u.entries, err = journal.OfImport(ctx, tx, u.a.TenantID, Ref(u.r.ID), "opportunity.changed", u.r.BatchID)
	return err
}

// free tells whether nothing was written to a dated field since the import.
func (u *unstating) free(names ...string) bool {
	for _, v := range u.values {
		if slices.Contains(names, v.Field) && len(u.entries) > 0 && v.Seq > slices.Max(u.entries) {
			return false
		}
	}
	return true
}

// choose finds what is given back.
func (u *unstating) choose() {
	before, after, now := u.r.Before, u.r.After, u.now
	plain := func(to *string, was, left, holds string) {
		switch {
		case was == left, holds == was: // it may hold it again already
		case holds == left:
			*to, u.changed = was, true
		default:
			u.kept = true
		}
	}
	plain(&u.o.Name, before.Name, after.Name, now.Name)
	plain(&u.o.Source, before.Source, after.Source, now.Source)
	u.choosePlace()
	if before.ExpectedOn != after.ExpectedOn && !(now.ExpectedOn == before.ExpectedOn && u.free(fieldExpected)) {
		if now.ExpectedOn == after.ExpectedOn && u.free(fieldExpected) {
			u.o.ExpectedOn, u.changed = before.ExpectedOn, true
			u.o.Pushes = max(0, u.o.Pushes-max(0, after.Pushes-before.Pushes))
		} else {
			u.kept = true
		}
	}
	if pairOfNumbers(before.ConfidenceBP, after.ConfidenceBP) != nil && pairOfNumbers(now.ConfidenceBP, before.ConfidenceBP) != nil {
		if pairOfNumbers(now.ConfidenceBP, after.ConfidenceBP) == nil && u.free(fieldConfidence) {
			u.o.ConfidenceBP, u.changed = before.ConfidenceBP, true
		} else {
			u.kept = true
		}
	}
	u.chooseTerms()
	u.custom = field.Values{}
	for k := range union(before.Custom, after.Custom) {
		switch {
		case before.Custom[k] == after.Custom[k], now.Custom[k] == before.Custom[k]:
		case now.Custom[k] == after.Custom[k]:
			u.custom[k] = before.Custom[k]
		default:
			u.kept = true
		}
	}
}

// choosePlace gives account and region back together: of a new account the record took its region.
func (u *unstating) choosePlace() {
	before, after, now := u.r.Before, u.r.After, u.now
	place := func(s Stated) [2]string { return [2]string{s.AccountID, s.Region} }
	switch {
	case place(before) == place(after), place(now) == place(before):
	case place(now) == place(after) && u.free(fieldAccount, fieldRegion):
		u.o.AccountID, u.o.Region, u.changed = before.AccountID, before.Region, true
	default:
		u.kept = true
	}
}

// chooseTerms gives amount, currency and lines back together, because they add up.
func (u *unstating) chooseTerms() {
	before, after, now := u.r.Before, u.r.After, u.now
	if after.Currency == "" { // an import of before currencies were kept beside
		before.Currency, after.Currency = now.Currency, now.Currency
	}
	if pairOfNumbers(before.AmountMinor, after.AmountMinor) == nil && before.Currency == after.Currency && slices.Equal(before.Lines, after.Lines) {
		return
	}
	same := func(x, y Stated) bool {
		return pairOfNumbers(x.AmountMinor, y.AmountMinor) == nil && x.Currency == y.Currency && slices.Equal(x.Lines, y.Lines)
	}
	if same(now, before) { // it went with the move
		return
	}
	holds := same(now, after)
	if !holds || u.was.State != Open || !u.free(fieldAmount, fieldLine) {
		u.kept = true
		return
	}
	u.o.AmountMinor, u.o.Currency = before.AmountMinor, before.Currency
	u.lines, u.changed = append([]Line{}, before.Lines...), true
}

func union(a, b field.Values) field.Values {
	out := maps.Clone(a)
	if out == nil {
		out = field.Values{}
	}
	maps.Copy(out, b)
	return out
}

// write ends what the import wrote and writes what the fields hold again where the values
// before do not say it.
func (u *unstating) write(ctx context.Context, tx database.Tx) error {
	payload := reverted{Ended: u.entries, Pushes: pairOf(u.was.Pushes, u.o.Pushes), changes: changesOf(u.was, u.o)}
	payload.BatchID = u.r.BatchID
	var err error
	if payload.Custom, payload.Own, err = u.setOwn(ctx, tx, u.a, u.r.ID, u.custom); err != nil {
		return err
	}
	if u.lines != nil {
		payload.Lines = &Pair[[]lineOf]{linesOf(u.now.Lines), linesOf(u.lines)}
	}
	return u.revert(ctx, tx, u.a, u.was, u.o, payload, u.lines, u.values)
}

// revert writes a record that holds again what an import found, over the values it has; nil
// lines stay.
func (s *Service) revert(ctx context.Context, tx database.Tx, a org.Actor, was, o Opportunity, p reverted, lines []Line, values []record.Value) error {
	seq := journal.Append(tx, a.By(), event(o.ID, "reverted", a.Today, p))
	fields := p.fields()
	left := record.Without(values, fields, p.Ended)
	for _, f := range fields {
		s.Values.EndField(tx, a.TenantID, o.ID, f, p.Ended, seq)
	}
	should := changed(was, o, a.Today, seq)
	if lines != nil {
		before := linesByProduct(linesFrom(p.Lines[0]))
		should = append(should, keyed(o.ID, fieldLine, before, linesByProduct(lines), a.Today, seq)...)
		if err := s.Rows.SetLines(ctx, tx, a.TenantID, o.ID, lines); err != nil {
			return err
		}
	}
	if err := s.Values.Insert(ctx, tx, a.TenantID, record.Missing(should, left)); err != nil {
		return err
	}
	o.Version++
	return s.saveChanged(ctx, tx, a, was, &o)
}
