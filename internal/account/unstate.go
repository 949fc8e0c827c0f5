package account

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Stated is what an import may change of an account: kept as it was found and as it was
// left.
type Stated struct {
	Industry, Region, Class, ParentID string
	Deleted                           bool
	Custom                            field.Values
	Name                              string // "" in what was kept before it could change
	// Given are ids in other systems a change gave the account.
	Given []record.External `json:",omitempty"`
}

// StatedOf reads it of an account.
func (s *Service) StatedOf(ctx context.Context, tx database.Tx, a org.Actor, c Account) (Stated, error) {
	values, err := s.Fields.Load(ctx, tx, a.TenantID, "account", a.Company.Currency, []string{c.ID})
	return Stated{c.Industry, c.Region, c.Class, c.ParentID, c.DeletedAt != nil, values[c.ID], c.Name, nil}, err
}

// Call gives an account an id in another system, as an import does that found it by its name.
func (s *Service) Call(ctx context.Context, tx database.Tx, a org.Actor, id string, e record.External, batch string) (was, now Account, err error) {
	if was, err = s.TakeIn(ctx, tx, a, id); err != nil {
		return was, was, err
	}
	now = was
	now.Version++
	p := changedOf(was, now, nil)
	p.BatchID, p.Called = batch, []record.External{e}
	if _, err = s.save(ctx, tx, a, was, now, accountChanged(id, a.Today, p)); err != nil {
		return was, now, err
	}
	return was, now, s.call(ctx, tx, a, id, p.Called, nil)
}

// call writes the ids an account is given in other systems, and takes others back.
func (s *Service) call(ctx context.Context, tx database.Tx, a org.Actor, id string, given, taken []record.External) error {
	refs := map[record.External]string{}
	for _, e := range given {
		refs[e] = id
	}
	for _, e := range taken {
		if err := s.Records.ForgetExternal(ctx, tx, a.TenantID, Ref(id), e); err != nil {
			return err
		}
	}
	return s.Records.InsertExternal(ctx, tx, a.TenantID, record.Account, refs)
}

// Restated is a change an import made: of which account and how it left it, in which batch,
// what it found and left.
type Restated struct {
	record.Left
	BatchID       string
	Before, After Stated
}

// Unstate gives back what an import changed of an account that was there before, where it
// still holds what the import wrote and nobody wrote to it since. Class and region the import
// wrote were never true, and neither was its restoring. It answers whether something was
// given back and whether something was kept.
func (s *Service) Unstate(ctx context.Context, tx database.Tx, a org.Actor, r Restated) (back, kept bool, err error) {
	if err := record.Take(ctx, tx, a.TenantID, r.ID); err != nil {
		return false, false, err
	}
	was, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, r.ID)
	if err != nil {
		return false, false, err
	}
	r.Found = was.Version
	touched, err := journal.Touched(ctx, tx, a.TenantID, r.Left, nil)
	if err != nil {
		return false, false, err
	}
	u := unstating{Service: s, a: a, r: r, was: was, c: was}
	if err := u.read(ctx, tx); err != nil {
		return false, false, err
	}
	u.choose()
	if u.back {
		if err := u.write(ctx, tx); err != nil {
			return true, u.kept, err
		}
	}
	if !r.Before.Deleted {
		return u.back, u.kept, nil
	}
	if touched {
		return u.back, true, nil
	}
	err = s.neverRestored(ctx, tx, a, u.c, u.values)
	if fault.CodeOf(err) == "account.open_opportunities" { // somebody sells there by now
		return u.back, true, nil
	}
	return true, u.kept, err
}

// unstating is one account being given back what an import found in it.
type unstating struct {
	*Service
	a       org.Actor
	r       Restated
	was, c  Account
	now     Stated
	values  []record.Value
	entries []database.Seq // what the import wrote of the account
	back    bool
	kept    bool
}

func (u *unstating) read(ctx context.Context, tx database.Tx) (err error) {
	if u.now, err = u.StatedOf(ctx, tx, u.a, u.was); err != nil {
		return err
	}
	if u.values, err = u.Values.Of(ctx, tx, u.a.TenantID, u.r.ID); err != nil {
		return err
	}
	u.entries, err = journal.OfImport(ctx, tx, u.a.TenantID, Ref(u.r.ID), "account.changed", u.r.BatchID)
	return err
}

// free tells whether nothing was written to a dated field since the import.
func (u *unstating) free(name string) bool {
	for _, v := range u.values {
		if v.Field == name && len(u.entries) > 0 && v.Seq > slices.Max(u.entries) {
			return false
		}
	}
	return true
}

// choose finds what is given back.
func (u *unstating) choose() {
	give := func(was, left, holds string, free bool) bool {
		mine := was != left && holds == left && free
		u.kept = u.kept || was != left && !mine && !(holds == was && free) // it may hold it again already
		u.back = u.back || mine
		return mine
	}
	before, after := u.r.Before, u.r.After
	for _, f := range []struct {
		to         *string
		was, after string
		datedField string
	}{{&u.c.Industry, before.Industry, after.Industry, ""}, {&u.c.Region, before.Region, after.Region, fieldRegion},
		{&u.c.Class, before.Class, after.Class, fieldClass}, {&u.c.ParentID, before.ParentID, after.ParentID, ""}} {
		if give(f.was, f.after, *f.to, u.free(f.datedField)) {
			*f.to = f.was
		}
	}
	if give(before.Name, after.Name, u.c.Name, true) {
		u.c.Name = before.Name
	}
	u.back = u.back || len(after.Given) > 0
	u.c.Custom = field.Values{}
	for _, k := range slices.Concat(slices.Collect(maps.Keys(before.Custom)), slices.Collect(maps.Keys(after.Custom))) {
		if give(before.Custom[k], after.Custom[k], u.now.Custom[k], true) {
			u.c.Custom[k] = before.Custom[k]
		}
	}
}

// write ends what the import wrote of the fields given back, and writes what they hold again
// where the values before do not say it.
func (u *unstating) write(ctx context.Context, tx database.Tx) error {
	if u.c.ParentID != u.was.ParentID {
		if err := u.checkParent(ctx, tx, u.a, u.c.ID, u.c.ParentID); err != nil {
			return err
		}
	}
	custom, err := u.setOwn(ctx, tx, u.a, u.c.ID, u.c.Custom)
	if err != nil {
		return err
	}
	p := changedOf(u.was, u.c, custom)
	p.Ended, p.NotCalled = u.entries, u.r.After.Given
	if err := u.call(ctx, tx, u.a, u.c.ID, nil, p.NotCalled); err != nil {
		return err
	}
	u.c.Version++
	seq := journal.Append(tx, u.a.By(), accountChanged(u.c.ID, u.a.Today, p))
	return u.put(ctx, tx, u.a, u.was, u.c, written{u.a.Today, seq, u.entries})
}

// neverRestored takes the last restoring of an account back: it was deleted all the time.
func (s *Service) neverRestored(ctx context.Context, tx database.Tx, a org.Actor, was Account, values []record.Value) error {
	if was.DeletedAt != nil {
		return nil
	}
	var last record.Value
	for _, v := range values { // by day and entry
		if v.Field == fieldDeleted {
			last = v
		}
	}
	return s.hide(ctx, tx, a, was, true, hidden{Never: last.Seq})
}
