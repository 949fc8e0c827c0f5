package account

import (
	"context"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Fields of an account that are kept with the day they hold from (docs/facts.md).
const (
	fieldClass   = "class"
	fieldRegion  = "region"
	fieldDeleted = "deleted"
)

// Deals are the opportunities at accounts.
type Deals interface {
	// OpenAt tells how many open ones hang on an account.
	OpenAt(ctx context.Context, tx database.Tx, tenant, account string) (int64, error)
	// AtAccount are those at an account, in any state; Rehome puts those that are there at another.
	AtAccount(ctx context.Context, tx database.Tx, tenant, account string, limit int) ([]string, error)
	Rehome(ctx context.Context, tx database.Tx, a org.Actor, from, to string, ids []string) (moved []string, err error)
	// WithContact are those a person has a role in; Recast gives the roles to another, CastBack back.
	WithContact(ctx context.Context, tx database.Tx, tenant, contact, other string, limit int) ([]Cast, error)
	Recast(ctx context.Context, tx database.Tx, a org.Actor, from, to string, casts []Cast) error
	CastBack(ctx context.Context, tx database.Tx, a org.Actor, from, to string, casts []Cast) (back int, err error)
}

// Cast is a role a person had in a deal when he turned out to be another: Had tells that the other had one too.
type Cast struct {
	DealID string `json:"dealId"`
	Role   string `json:"role"`
	Had    bool   `json:"had,omitempty"`
}

// values are what differs of the dated fields, from a day on. The zero account held nothing.
func values(was, c Account, day calendar.Date, seq database.Seq) (out []record.Value) {
	add := func(field, text string, number *int64) {
		out = append(out, record.Value{RecordID: c.ID, Field: field, Day: day, Seq: seq, Text: text, Number: number})
	}
	if was.Class != c.Class {
		add(fieldClass, c.Class, nil)
	}
	if was.Region != c.Region {
		add(fieldRegion, c.Region, nil)
	}
	if (was.DeletedAt != nil) != (c.DeletedAt != nil) {
		deleted := int64(0)
		if c.DeletedAt != nil {
			deleted = 1
		}
		add(fieldDeleted, "", &deleted)
	}
	return out
}

// written is the entry a change is written with, and the day it holds from. Never are
// entries whose values of the fields that differ were never true.
type written struct {
	on    calendar.Date
	seq   database.Seq
	never []database.Seq
}

// save writes a changed account, the event that says so and the values that differ.
func (s *Service) save(ctx context.Context, tx database.Tx, a org.Actor, was, c Account, e journal.Event) (database.Seq, error) {
	seq := journal.Append(tx, a.By(), e)
	return seq, s.put(ctx, tx, a, was, c, written{on: a.Today, seq: seq})
}

// put writes the rows of a change an entry says. Of what was never true nothing is left, and
// what the values before say already is not written again.
func (s *Service) put(ctx context.Context, tx database.Tx, a org.Actor, was, c Account, w written) error {
	should := values(was, c, w.on, w.seq)
	if len(w.never) > 0 {
		there, err := s.Values.Of(ctx, tx, a.TenantID, c.ID)
		if err != nil {
			return err
		}
		var fields []string
		for _, v := range should {
			fields = append(fields, v.Field)
			s.Values.EndField(tx, a.TenantID, c.ID, v.Field, w.never, w.seq)
		}
		should = record.Missing(should, record.Without(there, fields, w.never))
	}
	return errors.Join(s.Values.Insert(ctx, tx, a.TenantID, should), s.Rows.Save(ctx, tx, a.TenantID, c))
}

// write writes new accounts, with the entries that say so. Custom are their own fields.
func (s *Service) write(ctx context.Context, tx database.Tx, a org.Actor, batch string, list []Account,
	custom map[string][]own) error {
	seqs := make([]database.Seq, len(list))
	for i, c := range list {
		seqs[i] = journal.Append(tx, a.By(), accountCreated(c.ID, a.Today, createdOf(c, batch, custom[c.ID])))
	}
	return s.enter(ctx, tx, a, a.Today, batch, list, seqs)
}

// enter writes the rows of new accounts with their first owners and values. What another
// system knows without saying since when counts since always.
func (s *Service) enter(ctx context.Context, tx database.Tx, a org.Actor, on calendar.Date,
	batch string, list []Account, seqs []database.Seq) error {
	if err := database.Taken(s.Rows.Insert(ctx, tx, a.TenantID, list), errIDTaken); err != nil {
		return err
	}
	var owners []record.Ownership
	var dated []record.Value
	refs := map[record.External]string{}
	for i, c := range list {
		since, from := on, on
		if batch != "" {
			since, from = c.CreatedOn, ""
			if since == "" {
				since = record.Start
			}
		}
		owner := record.Ownership{RecordID: c.ID, MemberID: c.OwnerID, TeamID: c.TeamID, From: from, Seq: seqs[i]}
		owners = append(owners, owner)
		for _, v := range values(Account{}, c, since, seqs[i]) {
			if since < on {
				v.Basis = record.Carried
			}
			dated = append(dated, v)
		}
		for _, e := range c.External {
			refs[e] = c.ID
		}
	}
	return errors.Join(
		s.Records.FirstOwners(ctx, tx, a.TenantID, record.Account, owners),
		s.Values.Insert(ctx, tx, a.TenantID, dated),
		s.Records.InsertExternal(ctx, tx, a.TenantID, record.Account, refs))
}

// Record writes accounts of an import, with their own fields as parsed and their ids in
// other systems. At most database.MaxRecords at a time.
func (s *Service) Record(ctx context.Context, tx database.Tx, a org.Actor, batch string, list []Account, own []field.Stored) error {
	custom, err := s.firstOwn(ctx, tx, a, own)
	if err != nil {
		return err
	}
	if err := s.write(ctx, tx, a, batch, list, custom); err != nil {
		return err
	}
	return s.Fields.Store(ctx, tx, a.TenantID, own)
}

// TakeIn reads an account that is about to change; two changes follow one another. Faults:
// account.unknown, account.merged, and account.not_yours where it is only seen.
func (s *Service) TakeIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Account, error) {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return Account{}, err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Write), id)
	if err == nil && c.DeletedAt != nil {
		err = s.whole(ctx, tx, a, Ref(id))
	}
	if !fault.Is(err, fault.NotFound) {
		return c, err
	}
	if _, seen := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id); seen == nil {
		return c, fault.New(fault.Forbidden, "account.not_yours", "it is another's account; its owner or those above change it")
	}
	return c, err
}

// Customer reads the account a deal is made with. Its deletion waits until the deal is
// written, and sees it. Fault: account.unknown.
func (s *Service) Customer(ctx context.Context, tx database.Tx, a org.Actor, id string) (Account, error) {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return Account{}, err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id)
	if err == nil && c.DeletedAt != nil {
		if err := s.whole(ctx, tx, a, Ref(id)); err != nil {
			return c, err
		}
		return c, fault.New(fault.NotFound, "account.unknown", "no such account")
	}
	return c, err
}

// Deleted tells whether an account is; its deletion waits until what asks is written.
func (s *Service) Deleted(ctx context.Context, tx database.Tx, a org.Actor, id string) (bool, error) {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return false, err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	return c.DeletedAt != nil, err
}

// Delete hides an account as it was read at a version (0 does not ask), or brings it back.
// What it holds stays; while open deals hang on it, it stays too. Faults: record.stale,
// account.open_opportunities (params count), account.unrecorded.
func (s *Service) Delete(ctx context.Context, a org.Actor, id string, version int, deleted bool) error {
	if err := a.Need(org.AccountWrite); err != nil {
		return err
	}
	_, err := database.Write(ctx, s.DB, func(tx database.Tx) (any, error) { return nil, s.DeleteIn(ctx, tx, a, id, version, deleted) })
	return err
}

// DeleteIn is Delete inside a transaction; an import restores with it. What an undone
// import had made is not restored.
func (s *Service) DeleteIn(ctx context.Context, tx database.Tx, a org.Actor, id string, version int, deleted bool) error {
	was, err := s.TakeIn(ctx, tx, a, id)
	if err != nil || (was.DeletedAt != nil) == deleted {
		return err
	}
	if version != 0 && version != was.Version {
		return record.ErrStale
	}
	if !deleted {
		owned, err := s.Records.Owned(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		if !owned {
			return fault.New(fault.Rule, "account.unrecorded", "its import was undone; import it again")
		}
	}
	return s.hide(ctx, tx, a, was, deleted, hidden{})
}

// hide deletes or restores an account.
func (s *Service) hide(ctx context.Context, tx database.Tx, a org.Actor, was Account, deleted bool, p hidden) error {
	c, kind := was, "restored"
	c.DeletedAt = nil
	if deleted {
		open, err := s.Deals.OpenAt(ctx, tx, a.TenantID, was.ID)
		if err != nil {
			return err
		}
		if open > 0 {
			return fault.New(fault.Rule, "account.open_opportunities", "%d open opportunities hang on it", open).With("count", open)
		}
		now := a.Now
		kind, c.DeletedAt = "deleted", &now
	}
	c.Version++
	seq := journal.Append(tx, a.By(), accountHidden(c.ID, kind, a.Today, p))
	return s.put(ctx, tx, a, was, c, written{a.Today, seq, p.never()})
}

// Named tells the ids of live accounts that have the names of new ones, by match key. Whoever
// makes one of such a name waits until the transaction ends.
func (s *Service) Named(ctx context.Context, tx database.Tx, a org.Actor, list []Account) (map[string]string, error) {
	locks, keys := make([]string, len(list)), make([]string, len(list))
	for i, c := range list {
		locks[i], keys[i] = nameKey(a, c.Name), text.Match(c.Name)
	}
	if err := tx.AloneAll(ctx, locks); err != nil {
		return nil, err
	}
	return s.Rows.IDsNamed(ctx, tx, a.TenantID, keys)
}

// Gone tells which of some accounts are deleted. The deletion of the others waits until the
// transaction ends.
func (s *Service) Gone(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]bool, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = a.TenantID + " " + id
	}
	if err := tx.AloneAll(ctx, keys); err != nil || len(ids) == 0 {
		return nil, err
	}
	there, err := s.Rows.Live(ctx, tx, a.TenantID, ids)
	out := map[string]bool{}
	for _, id := range ids {
		_, ok := there[id]
		out[id] = !ok
	}
	return out, err
}

// IDsByName tells the ids of all live accounts by match key: an import asks for each row.
func (s *Service) IDsByName(ctx context.Context, tx database.Tx, a org.Actor) (map[string]string, error) {
	return s.Rows.IDsByName(ctx, tx, a.TenantID)
}
