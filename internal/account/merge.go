package account

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Merging is two records of one kind that are one: which stays and which goes into it, at which versions they
// were read, and the fields of which the value of the one that goes is taken.
type Merging struct {
	ID                   string
	Kept, Gone           string
	Version, GoneVersion int
	Take                 []string
}

// merged is what moved with a merge, or back: what names the record by ids, the ids in other systems of an
// account, and for an undo the deals, people, subsidiaries and roles, which have entries of their own.
type merged struct {
	MergeID  string            `json:"mergeId"`
	GoneID   string            `json:"goneId"`
	Moved    merge.Moved       `json:"moved,omitempty"`
	Deals    []string          `json:"deals,omitempty"`
	People   []string          `json:"people,omitempty"`
	Children []string          `json:"children,omitempty"`
	External []record.External `json:"external,omitempty"`
	Casts    []Cast            `json:"casts,omitempty"`
}

func (p merged) count() int {
	return p.Moved.Count() + len(p.Deals) + len(p.People) + len(p.Children) + len(p.External) + len(p.Casts)
}

// field is one value an account or a person holds, as people write it, and how another is put in its place.
// Fields of the company's own are "custom." and their keys.
type mergeField struct {
	name string
	of   func(*Account) *string
}

const ownField = "custom."

var accountFields = []mergeField{
	{"name", func(c *Account) *string { return &c.Name }}, {"industry", func(c *Account) *string { return &c.Industry }},
	{"region", func(c *Account) *string { return &c.Region }}, {"class", func(c *Account) *string { return &c.Class }},
	{"parent", func(c *Account) *string { return &c.ParentID }},
}

func (c *Account) values() map[string]string {
	out := map[string]string{}
	for _, f := range accountFields {
		out[f.name] = *f.of(c)
	}
	return withOwn(out, c.Custom)
}

func (c *Contact) values() map[string]string { return withOwn(ContactStated(*c), c.Custom) }

func withOwn(out map[string]string, own field.Values) map[string]string {
	for k, v := range own {
		out[ownField+k] = v
	}
	return out
}

// put writes a value into an account; own fields are only those that are put.
func (c *Account) put(name, value string) {
	for _, f := range accountFields {
		if f.name == name {
			*f.of(c) = value
		}
	}
	c.Custom = putOwn(c.Custom, name, value)
}

func (c *Contact) put(name, value string) {
	for _, f := range ContactFields {
		if f.Name == name {
			*f.Of(c) = value
		}
	}
	c.Custom = putOwn(c.Custom, name, value)
}

func putOwn(own field.Values, name, value string) field.Values {
	if len(name) <= len(ownField) || name[:len(ownField)] != ownField {
		return own
	}
	if own == nil {
		own = field.Values{}
	}
	own[name[len(ownField):]] = value
	return own
}

// choose are the fields one record takes of another, as they are and as they become. Fault: merge.field_unknown.
func choose(kept, gone map[string]string, take []string) (map[string][2]string, error) {
	out := map[string][2]string{}
	for _, name := range take {
		_, mine := kept[name]
		_, theirs := gone[name]
		if !mine && !theirs {
			return nil, fault.Input("/take", "merge.field_unknown", "neither of them has such a field")
		}
		if kept[name] != gone[name] {
			out[name] = [2]string{kept[name], gone[name]}
		}
	}
	return out, nil
}

// whole refuses a record that went into another. Faults: account.merged, contact.merged (params into, name).
func (s *Service) whole(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref) error {
	into, err := s.standing(ctx, tx, a.TenantID, of)
	if err != nil || into == of.ID {
		return err
	}
	f := fault.New(fault.Conflict, of.Kind+".merged", "it went into another; open that one, or take the merge back").With("into", into)
	if of.Kind == record.Contact {
		all, err := s.Rows.ContactsByID(ctx, tx, a.TenantID, []string{into})
		return cmp.Or[error](err, f.With("name", all[into].Name))
	}
	all, err := s.Rows.ByID(ctx, tx, a.TenantID, []string{into})
	if err != nil {
		return err
	}
	return f.With("name", all[into].Name)
}

// standing is what a record is by now: itself, or what it went into.
func (s *Service) standing(ctx context.Context, tx database.Tx, tenant string, of record.Ref) (string, error) {
	for range maxParents {
		into, err := s.Merges.Into(ctx, tx, tenant, of)
		if err != nil || into == "" {
			return of.ID, err
		}
		of.ID = into
	}
	return of.ID, nil
}

// Merge puts one account into another: its deals, people, subsidiaries, talks, tasks, files, jobs and ids in other
// systems go along, and its id leads to the one that stays. Whoever may change both may. The same id and content
// again is answered with the first merge. Faults: merge.same, merge.too_large, merge.field_unknown, record.stale,
// account.unknown, account.not_yours, account.merged, account.parent_cycle.
func (s *Service) Merge(ctx context.Context, a org.Actor, m Merging) (merge.Merge, error) {
	return s.merging(ctx, a, m, s.mergeAccounts)
}

func (s *Service) merging(ctx context.Context, a org.Actor, m Merging,
	fn func(context.Context, database.Tx, org.Actor, Merging) (merge.Merge, error)) (merge.Merge, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return merge.Merge{}, err
	}
	said := m
	if err := record.UseID(&m.ID, a.Now); err != nil {
		return merge.Merge{}, err
	}
	if m.Kept == m.Gone {
		return merge.Merge{}, fault.Input("/with", "merge.same", "it is the same record")
	}
	return idempotency.Made(ctx, s.Keys, a.By(), said.ID, said, func(tx database.Tx) (merge.Merge, error) { return fn(ctx, tx, a, m) })
}

// takeTwo takes two accounts and all that is to move with one of them: what somebody adds meanwhile is seen.
func (s *Service) takeTwo(ctx context.Context, tx database.Tx, a org.Actor, m Merging) (kept, gone Account, p merged, err error) {
	mine, err := s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Account, org.Write), []string{m.Kept, m.Gone})
	if err != nil {
		return kept, gone, p, err
	}
	if len(mine) == 2 { // of what is another's nothing is looked at
		if p, err = s.alongAccount(ctx, tx, a, m); err != nil {
			return kept, gone, p, err
		}
	}
	ids := slices.Concat([]string{m.Kept, m.Gone}, p.Deals, p.People, p.Children)
	if err = record.Take(ctx, tx, a.TenantID, ids...); err != nil {
		return kept, gone, p, err
	}
	if kept, err = s.TakeIn(ctx, tx, a, m.Kept); err != nil {
		return kept, gone, p, err
	}
	if gone, err = s.TakeIn(ctx, tx, a, m.Gone); err != nil {
		return kept, gone, p, err
	}
	if kept.DeletedAt != nil || gone.DeletedAt != nil {
		return kept, gone, p, fault.New(fault.NotFound, "account.unknown", "no such account")
	}
	p, err = s.alongAccount(ctx, tx, a, m)
	return kept, gone, p, err
}

// alongAccount is what moves when an account goes into another. Fault: merge.too_large.
func (s *Service) alongAccount(ctx context.Context, tx database.Tx, a org.Actor, m Merging) (p merged, err error) {
	p = merged{MergeID: m.ID, GoneID: m.Gone}
	t := a.TenantID
	if p.Moved, err = s.Merges.Naming(ctx, tx, t, Ref(m.Gone), Ref(m.Kept)); err != nil {
		return p, err
	}
	if p.Deals, err = s.Deals.AtAccount(ctx, tx, t, m.Gone, merge.Most+1); err != nil {
		return p, err
	}
	if p.People, err = s.Rows.PeopleAt(ctx, tx, t, m.Gone, merge.Most+1); err != nil {
		return p, err
	}
	if p.Children, err = s.Rows.Below(ctx, tx, t, m.Gone, merge.Most+1); err != nil {
		return p, err
	}
	p.Children = slices.DeleteFunc(p.Children, func(id string) bool { return id == m.Kept })
	if p.External, err = s.Records.External(ctx, tx, t, m.Gone); err != nil {
		return p, err
	}
	return p, tooLarge(p.count())
}

func tooLarge(n int) error {
	if n > merge.Most {
		return fault.New(fault.Rule, "merge.too_large", "more than %d records would move at once", merge.Most).With("max", merge.Most)
	}
	return nil
}

func (s *Service) mergeAccounts(ctx context.Context, tx database.Tx, a org.Actor, m Merging) (merge.Merge, error) {
	out := merge.Merge{ID: m.ID, Kind: record.Account, KeptID: m.Kept, GoneID: m.Gone, MadeAt: a.Now, MadeBy: a.Effective()}
	kept, gone, p, err := s.takeTwo(ctx, tx, a, m)
	if err != nil {
		return out, err
	}
	if kept.Version != m.Version || gone.Version != m.GoneVersion {
		return out, record.ErrStale
	}
	if err := s.ownOf(ctx, tx, a, &kept, &gone); err != nil {
		return out, err
	}
	fields, err := choose(kept.values(), gone.values(), m.Take)
	if err != nil {
		return out, err
	}
	if kept.ParentID == gone.ID { // it cannot belong to itself
		fields["parent"] = [2]string{gone.ID, gone.ParentID}
	}
	if fields["parent"][1] == kept.ID {
		delete(fields, "parent")
	}
	out.Before = merge.Before{Fields: fields}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(m.Kept), Kind: "account.merged", On: a.Today, Payload: p})
	if err := s.moveAccount(ctx, tx, a.TenantID, m.Kept, p); err != nil {
		return out, err
	}
	if _, err := s.Deals.Rehome(ctx, tx, a, m.Gone, m.Kept, p.Deals); err != nil {
		return out, err
	}
	if _, err := s.rehomePeople(ctx, tx, a, m.Gone, m.Kept, p.People); err != nil {
		return out, err
	}
	if err := s.setFields(ctx, tx, a, m.Kept, fields, 1); err != nil {
		return out, err
	}
	if _, err := s.adopt(ctx, tx, a, m.Gone, m.Kept, p.Children); err != nil {
		return out, err
	}
	if err := s.hide(ctx, tx, a, gone, true, hidden{}); err != nil {
		return out, err
	}
	return out, s.Merges.Insert(ctx, tx, a.TenantID, out)
}

// ownOf reads the own fields of two accounts.
func (s *Service) ownOf(ctx context.Context, tx database.Tx, a org.Actor, kept, gone *Account) error {
	values, err := s.Fields.Load(ctx, tx, a.TenantID, record.Account, a.Company.Currency, []string{kept.ID, gone.ID})
	kept.Custom, gone.Custom = values[kept.ID], values[gone.ID]
	return err
}

// moveAccount has what named one account name another.
func (s *Service) moveAccount(ctx context.Context, tx database.Tx, tenant, kept string, p merged) error {
	if err := s.Merges.Move(ctx, tx, tenant, Ref(p.GoneID), Ref(kept), p.Moved); err != nil {
		return err
	}
	return s.recall(ctx, tx, tenant, Ref(p.GoneID), Ref(kept), p.External)
}

// recall gives ids in other systems to another record.
func (s *Service) recall(ctx context.Context, tx database.Tx, tenant string, from, to record.Ref, list []record.External) error {
	refs := map[record.External]string{}
	for _, e := range list {
		if err := s.Records.ForgetExternal(ctx, tx, tenant, from, e); err != nil {
			return err
		}
		refs[e] = to.ID
	}
	return s.Records.InsertExternal(ctx, tx, tenant, to.Kind, refs)
}

// rehomePeople has people who work at an account work at another, which is the same: no job ends. It tells who did.
func (s *Service) rehomePeople(ctx context.Context, tx database.Tx, a org.Actor, from, to string, ids []string) (moved []string, err error) {
	all, err := s.Rows.ContactsByID(ctx, tx, a.TenantID, ids)
	for _, id := range ids {
		was, there := all[id]
		if !there || was.AccountID != from || err != nil {
			continue
		}
		c := was
		c.AccountID = to
		c.Version++
		journal.Append(tx, a.By(), contactEvent(id, to, "changed", a.Today, contactChangedOf(was, c, nil)))
		err = s.Rows.SaveContact(ctx, tx, a.TenantID, c)
		moved = append(moved, id)
	}
	return moved, err
}

// adopt has accounts that belong to one belong to another. It tells which did.
func (s *Service) adopt(ctx context.Context, tx database.Tx, a org.Actor, from, to string, ids []string) (moved []string, err error) {
	for _, id := range ids {
		was, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
		if err != nil {
			return moved, err
		}
		if was.ParentID != from {
			continue
		}
		if err := s.checkParent(ctx, tx, a, id, to); err != nil {
			return moved, err
		}
		c := was
		c.ParentID = to
		c.Version++
		if _, err := s.save(ctx, tx, a, was, c, accountChanged(id, a.Today, changedOf(was, c, nil))); err != nil {
			return moved, err
		}
		moved = append(moved, id)
	}
	return moved, nil
}

// setFields puts one side of pairs into an account that holds the other: 1 what was taken, 0 what was before.
func (s *Service) setFields(ctx context.Context, tx database.Tx, a org.Actor, id string, fields map[string][2]string, side int) error {
	if len(fields) == 0 {
		return nil
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	if err != nil {
		return err
	}
	for name, pair := range fields {
		c.put(name, pair[side])
	}
	_, err = s.UpdateIn(ctx, tx, a, c)
	return err
}
