package opportunity

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Retelling is what a source says of a record it told of before, now that it knows more: the
// whole history again. What a person said here since stays, of the fields that are kept.
type Retelling struct {
	History
	Keep Kept
}

// Kept are the fields a retelling leaves alone.
type Kept struct {
	Name    bool `json:"name,omitempty"`
	Owner   bool `json:"owner,omitempty"`
	Account bool `json:"account,omitempty"`
	Region  bool `json:"region,omitempty"`
	Terms   bool `json:"terms,omitempty"` // amount, currency and lines
}

// retold is the payload of opportunity.retold: the history as it is told now, the stays that
// never were, and what was left alone.
type retold struct {
	Voided []string `json:"voided,omitempty"`
	Keep   Kept     `json:"keep"`
	Name   bool     `json:"name,omitempty"`
	created
}

// Retell tells a recorded history anew. Stays that are as they were stay what they are, those
// that are not never were; the same holds of values, ownerships and credit. It answers the record
// as it is then, and whether anything is other than it was. Nobody but the source may have moved
// the record: the caller has asked Hands. Fault: opportunity.account_deleted.
func (s *Service) Retell(ctx context.Context, tx database.Tx, a org.Actor, id string, r Retelling) (Opportunity, bool, error) {
	a, err := s.still(ctx, tx, a)
	if err != nil {
		return Opportunity{}, false, err
	}
	was, err := s.takeThere(ctx, tx, a, id)
	if err != nil {
		return was, false, err
	}
	v, err := s.Pipelines.Version(ctx, tx, a.TenantID, r.VersionID)
	if err != nil {
		return was, false, err
	}
	r.onto(a, was)
	o, list := r.build(a, v, s.Calendar(a.TenantID))
	return s.retell(ctx, tx, a, telling{was: was, o: o, list: list, Retelling: r})
}

// onto completes what is told by what a record keeps.
func (r *Retelling) onto(a org.Actor, was Opportunity) {
	o := &r.Opportunity
	o.ID, o.CreatedAt, o.CreatedBy, o.BatchID, o.DeletedAt = was.ID, was.CreatedAt, was.CreatedBy, was.BatchID, was.DeletedAt
	o.TaxIncluded, o.TaxBP, o.ExpectedOn, o.ConfidenceBP = was.TaxIncluded, was.TaxBP, was.ExpectedOn, was.ConfidenceBP
	o.Source, o.Pushes, r.LastContact = was.Source, was.Pushes, was.ContactOn
	if r.Keep.Name {
		o.Name = was.Name
	}
	if r.Keep.Owner {
		o.OwnerID, o.TeamID = was.OwnerID, was.TeamID
	} else {
		o.TeamID, _ = a.Structure.TeamOf(o.OwnerID, a.Today)
	}
	if r.Keep.Account {
		o.AccountID = was.AccountID
	}
	if r.Keep.Region {
		o.Region = was.Region
	}
	if r.Keep.Terms {
		o.AmountMinor, o.Currency, o.ContractMinor = was.AmountMinor, was.Currency, was.ContractMinor
	}
	for i := range r.Held {
		held := &r.Held[i]
		if r.Keep.Owner {
			held.OwnerID = o.OwnerID
		}
		if r.Keep.Account {
			held.AccountID = o.AccountID
		}
		if r.Keep.Terms {
			held.AmountMinor, held.Currency = o.AmountMinor, o.Currency
		}
	}
}

// telling is a retelling as it is written.
type telling struct {
	Retelling
	was, o  Opportunity
	list    []Stay // of the history as it is told
	h       history
	kept    int // so many stays are as they were
	values  []record.Value
	owners  record.Owners
	lines   []Line
	changed bool
	// again are the stays that never were, as an entry that is played says; nil where none is.
	again []string
}

func (s *Service) retell(ctx context.Context, tx database.Tx, a org.Actor, t telling) (Opportunity, bool, error) {
	if err := s.readTelling(ctx, tx, a, &t); err != nil {
		return t.was, false, err
	}
	t.match()
	fields, err := s.compare(ctx, tx, a, &t)
	if err != nil || !t.changed {
		return t.was, false, err
	}
	if t.o.State == Open && t.was.State != Open && t.o.AccountID != "" {
		if gone, err := s.Accounts.Deleted(ctx, tx, a, t.o.AccountID); err != nil || gone {
			return t.was, false, cmp.Or(err, error(errAccountDeleted))
		}
	}
	shares := wholly(t.o.OwnerID)
	payload := retold{Keep: t.Keep, Name: t.was.Name != t.o.Name, created: recordedOf(t.o, &t.History, t.list, shares)}
	payload.External = nil
	for _, st := range t.h.counted[t.kept:] {
		payload.Voided = append(payload.Voided, st.ID)
	}
	t.o.Version = t.was.Version + 1
	seq := journal.Append(tx, a.By(), event(t.o.ID, "retold", a.Today, payload))
	if err := s.restay(ctx, tx, a, &t, seq); err != nil {
		return t.was, false, err
	}
	if err := s.rehold(ctx, tx, a, &t, fields, seq); err != nil {
		return t.was, false, err
	}
	if err := s.settle(ctx, tx, a, t.o.ID, t.h, seq); err != nil {
		return t.was, false, err
	}
	return t.o, true, s.saveChanged(ctx, tx, a, t.was, &t.o)
}

// readTelling reads the record as it is.
func (s *Service) readTelling(ctx context.Context, tx database.Tx, a org.Actor, t *telling) (err error) {
	if t.h, err = s.historyOf(ctx, tx, a, t.was); err != nil {
		return err
	}
	if t.values, err = s.Values.Of(ctx, tx, a.TenantID, t.was.ID); err != nil {
		return err
	}
	if t.lines, err = s.Rows.Lines(ctx, tx, a.TenantID, t.was.ID); err != nil {
		return err
	}
	if t.Keep.Terms {
		t.Lines = t.lines
	}
	t.owners, err = s.Records.Owners(ctx, tx, a.TenantID, t.was.ID)
	return err
}

// match finds how many stays are as they were and gives the others places behind all there are.
func (t *telling) match() {
	same := func(i int) bool {
		if t.again != nil { // texts are not told: what is void is
			return !slices.Contains(t.again, t.h.counted[i].ID)
		}
		return sameStay(t.h.counted[i], t.list[i]) && t.sameCredit(t.list[i])
	}
	for t.kept < len(t.list) && t.kept < len(t.h.counted) && same(t.kept) {
		t.list[t.kept] = t.h.counted[t.kept]
		t.kept++
	}
	next := t.h.nextOrd()
	for i := t.kept; i < len(t.list); i++ {
		t.list[i].Ord, next = next, next+ordStep
	}
	t.changed = t.again != nil || t.kept < len(t.list) || t.kept < len(t.h.counted)
}

// sameCredit tells whether who owned the record when it was closed is still who did: his is the
// credit of the closing.
func (t *telling) sameCredit(st Stay) bool {
	return st.State == Open || t.Keep.Owner || t.owners.On(st.day()).MemberID == t.History.on(st.day(), t.o).OwnerID
}

// sameStay tells whether a stay is the one that is told again.
func sameStay(a, b Stay) bool {
	sameAt := a.EnteredAt == nil && b.EnteredAt == nil || a.EnteredAt != nil && b.EnteredAt != nil && a.EnteredAt.Equal(*b.EnteredAt)
	facts := func(s Stay) [4]string { return [4]string{s.Currency, string(s.SignedOn), s.LossKind, s.CompetitorID} }
	return sameAt && a.StageID == b.StageID && a.VersionID == b.VersionID && a.State == b.State && a.EnteredOn == b.EnteredOn && a.Move == b.Move &&
		(a.State == Open || minorOf(a.AmountMinor) == minorOf(b.AmountMinor) && minorOf(a.ContractMinor) == minorOf(b.ContractMinor) &&
			facts(a) == facts(b) && a.LossReason == b.LossReason)
}

// retelledFields are the dated fields a retelling may write, and by which part of it they are kept.
var retelledFields = map[string]func(Kept) bool{
	fieldAmount:  func(k Kept) bool { return k.Terms },
	fieldLine:    func(k Kept) bool { return k.Terms },
	fieldAccount: func(k Kept) bool { return k.Account },
	fieldRegion:  func(k Kept) bool { return k.Region },
	fieldShare:   func(k Kept) bool { return k.Owner },
}

// rewriting is what the dated values and ownerships of a record should be, where they are not.
type rewriting struct {
	values map[string][]record.Value // by field
	owners []record.Ownership        // nil leaves them
}

// compare finds which values and columns are to be others.
func (s *Service) compare(ctx context.Context, tx database.Tx, a org.Actor, t *telling) (w rewriting, err error) {
	w.values = map[string][]record.Value{}
	should := map[string][]record.Value{}
	for _, v := range t.History.values(a, t.o, t.list, 0) {
		should[v.Field] = append(should[v.Field], v)
	}
	there := map[string][]record.Value{}
	for _, v := range t.values {
		there[v.Field] = append(there[v.Field], v)
	}
	for f, kept := range retelledFields {
		// What is kept was carried back to the first day that was known: it goes on being so.
		carried := !slices.ContainsFunc(there[f], func(v record.Value) bool { return v.Basis != record.Carried })
		if (!kept(t.Keep) || carried && len(there[f]) > 0) && !sameValues(should[f], there[f]) {
			w.values[f], t.changed = should[f], true
		}
	}
	if owners := t.History.owners(a, t.o, 0); !t.Keep.Owner && !sameOwners(owners, t.owners) {
		w.owners, t.changed = owners, true
	}
	h := t.h
	h.counted = t.list
	if err := s.tick(ctx, tx, a, h, &t.o); err != nil {
		return w, err
	}
	if t.o.State != Open {
		t.o.unclock()
	}
	t.changed = t.changed || t.was.Name != t.o.Name || t.was.CreatedOn != t.o.CreatedOn || t.was.LossReason != t.o.LossReason
	return w, nil
}

func sameValues(a, b []record.Value) bool {
	return slices.EqualFunc(lastOfDay(a), lastOfDay(b), func(x, y record.Value) bool {
		return x.Key == y.Key && x.Day == y.Day && x.Text == y.Text && (x.Number == nil) == (y.Number == nil) && minorOf(x.Number) == minorOf(y.Number)
	})
}

// lastOfDay are the values of a field by key and day, of several of a day the last.
func lastOfDay(list []record.Value) (out []record.Value) {
	last := map[[2]string]record.Value{}
	for _, v := range list {
		last[[2]string{v.Key, string(v.Day)}] = v
	}
	for _, v := range last {
		out = append(out, v)
	}
	slices.SortFunc(out, func(x, y record.Value) int {
		return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Day, y.Day))
	})
	return out
}

func sameOwners(a []record.Ownership, b record.Owners) bool {
	start := func(d calendar.Date) calendar.Date {
		if d == record.Start {
			return ""
		}
		return d
	}
	return slices.EqualFunc(a, b, func(x, y record.Ownership) bool {
		return x.MemberID == y.MemberID && x.TeamID == y.TeamID && start(x.From) == start(y.From) && x.Basis == y.Basis
	})
}

// restay writes the stays.
func (s *Service) restay(ctx context.Context, tx database.Tx, a org.Actor, t *telling, seq database.Seq) error {
	for _, st := range t.h.counted[t.kept:] {
		s.Rows.VoidStay(tx, a, t.o.ID, Void{Ord: st.Ord, Seq: seq})
	}
	for i := t.kept; i < len(t.list); i++ {
		t.list[i].Seq = seq
	}
	if added := t.list[t.kept:]; len(added) > 0 {
		if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{t.o.ID: added}); err != nil {
			return err
		}
	}
	t.h.all = append(slices.Clone(t.h.all), t.list[t.kept:]...)
	t.h.counted = t.list
	return s.relink(ctx, tx, a, t.o.ID, t.h)
}

// rehold writes what the record held and holds: values, owners, shares and lines.
func (s *Service) rehold(ctx context.Context, tx database.Tx, a org.Actor, t *telling, w rewriting, seq database.Seq) error {
	id := t.o.ID
	var write []record.Value
	for f, list := range w.values {
		var written []database.Seq
		for _, v := range t.values {
			if v.Field == f && !slices.Contains(written, v.Seq) {
				written = append(written, v.Seq)
			}
		}
		s.Values.EndField(tx, a.TenantID, id, f, written, seq)
		for _, v := range list {
			v.Seq = seq
			write = append(write, v)
		}
	}
	if err := s.Values.Insert(ctx, tx, a.TenantID, write); err != nil {
		return err
	}
	if w.owners != nil {
		s.Records.EndOwnerships(tx, a.TenantID, id, "", seq) // all of them
		for _, o := range w.owners {
			o.Seq = seq
			if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, record.Opportunity, o, ""); err != nil {
				return err
			}
		}
	}
	if _, anew := w.values[fieldShare]; anew {
		if err := s.Rows.SetShares(ctx, tx, a.TenantID, id, wholly(t.o.OwnerID)); err != nil {
			return err
		}
	}
	if slices.Equal(t.lines, t.Lines) {
		return nil
	}
	return s.Rows.SetLines(ctx, tx, a.TenantID, id, t.Lines)
}

// playRetold writes it again: the stays that are new have the ids they had.
func (s *Service) playRetold(ctx context.Context, tx database.Tx, a org.Actor, e played[retold], was Opportunity, _ history) error {
	r := Retelling{History: e.P.history(e.id), Keep: e.P.Keep}
	v, err := s.Pipelines.Version(ctx, tx, a.TenantID, r.VersionID)
	if err != nil {
		return err
	}
	r.Name, r.LossReason = was.Name, was.LossReason
	r.onto(a, was)
	r.CreatedOn = e.P.CreatedOn
	o, list := r.build(a, v, s.Calendar(a.TenantID))
	_, _, err = s.retell(ctx, tx, a, telling{was: was, o: o, list: list, Retelling: r, again: append([]string{}, e.P.Voided...)})
	return err
}
