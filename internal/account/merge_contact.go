package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// MergeContacts puts one person into another: roles in deals, evidence, talks, tasks, files, jobs that have ended
// and ids in other systems go along. Where both had a role in a deal, the one of who stays stands. Faults: those of
// Merge, contact.unknown, contact.merged.
func (s *Service) MergeContacts(ctx context.Context, a org.Actor, m Merging) (merge.Merge, error) {
	return s.merging(ctx, a, m, s.mergeContacts)
}

// alongContact is what moves when a person goes into another. Fault: merge.too_large.
func (s *Service) alongContact(ctx context.Context, tx database.Tx, a org.Actor, m Merging) (p merged, err error) {
	p = merged{MergeID: m.ID, GoneID: m.Gone}
	if p.Moved, err = s.Merges.Naming(ctx, tx, a.TenantID, ContactRef(m.Gone), ContactRef(m.Kept)); err != nil {
		return p, err
	}
	if p.Casts, err = s.Deals.WithContact(ctx, tx, a.TenantID, m.Gone, m.Kept, merge.Most+1); err != nil {
		return p, err
	}
	return p, tooLarge(p.count())
}

func dealsOf(casts []Cast) (ids []string) {
	for _, c := range casts {
		ids = append(ids, c.DealID)
	}
	return ids
}

func (s *Service) mergeContacts(ctx context.Context, tx database.Tx, a org.Actor, m Merging) (merge.Merge, error) {
	out := merge.Merge{ID: m.ID, Kind: record.Contact, KeptID: m.Kept, GoneID: m.Gone, MadeAt: a.Now, MadeBy: a.Effective()}
	mine, err := s.Rows.ContactNames(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), []string{m.Kept, m.Gone})
	if err != nil {
		return out, err
	}
	var p merged
	if len(mine) == 2 { // of what is another's nothing is looked at
		if p, err = s.alongContact(ctx, tx, a, m); err != nil {
			return out, err
		}
	}
	if err := record.Take(ctx, tx, a.TenantID, append(dealsOf(p.Casts), m.Kept, m.Gone)...); err != nil {
		return out, err
	}
	kept, gone, err := s.twoPeople(ctx, tx, a, m)
	if err != nil {
		return out, err
	}
	if p, err = s.alongContact(ctx, tx, a, m); err != nil {
		return out, err
	}
	if out.Before.Fields, err = choose(kept.values(), gone.values(), m.Take); err != nil {
		return out, err
	}
	if out.Before.External, err = s.Records.External(ctx, tx, a.TenantID, m.Gone); err != nil {
		return out, err
	}
	journal.Append(tx, a.By(), contactMerged("merged", m.Kept, kept.AccountID, a, p))
	if err := s.moveContact(ctx, tx, a, m.Kept, p); err != nil {
		return out, err
	}
	if err := s.recall(ctx, tx, a.TenantID, ContactRef(m.Gone), ContactRef(m.Kept), out.Before.External); err != nil {
		return out, err
	}
	if err := s.Deals.Recast(ctx, tx, a, m.Gone, m.Kept, p.Casts); err != nil {
		return out, err
	}
	if err := s.setContactFields(ctx, tx, a, m.Kept, out.Before.Fields, 1); err != nil {
		return out, err
	}
	return out, s.Merges.Insert(ctx, tx, a.TenantID, out)
}

func contactMerged(kind, kept, account string, a org.Actor, p merged) journal.Event {
	return journal.Event{Subject: ContactRef(kept), Scope: Ref(account), Kind: "contact." + kind, On: a.Today, Payload: p}
}

// twoPeople reads both with their own fields, as they were read by whoever merges them.
func (s *Service) twoPeople(ctx context.Context, tx database.Tx, a org.Actor, m Merging) (kept, gone Contact, err error) {
	if kept, err = s.TakeContactIn(ctx, tx, a, m.Kept); err != nil {
		return kept, gone, err
	}
	if gone, err = s.TakeContactIn(ctx, tx, a, m.Gone); err != nil {
		return kept, gone, err
	}
	if kept.Version != m.Version || gone.Version != m.GoneVersion {
		return kept, gone, record.ErrStale
	}
	values, err := s.Fields.Load(ctx, tx, a.TenantID, record.Contact, a.Company.Currency, []string{kept.ID, gone.ID})
	kept.Custom, gone.Custom = values[kept.ID], values[gone.ID]
	return kept, gone, err
}

// moveContact has what named one person name another, and removes the one.
func (s *Service) moveContact(ctx context.Context, tx database.Tx, a org.Actor, kept string, p merged) error {
	if err := s.Merges.Move(ctx, tx, a.TenantID, ContactRef(p.GoneID), ContactRef(kept), p.Moved); err != nil {
		return err
	}
	return s.Rows.RemoveContact(ctx, tx, a, p.GoneID)
}

// setContactFields puts one side of pairs into a person who holds the other.
func (s *Service) setContactFields(ctx context.Context, tx database.Tx, a org.Actor, id string, fields map[string][2]string, side int) error {
	if len(fields) == 0 {
		return nil
	}
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	if err != nil {
		return err
	}
	for name, pair := range fields {
		c.put(name, pair[side])
	}
	_, err = s.UpdateContactIn(ctx, tx, a, c, Step{Never: true})
	return err
}

// family are a person and those who went into him, who are erased with him.
func (s *Service) family(ctx context.Context, tx database.Tx, tenant, id string) ([]string, error) {
	return s.Family(ctx, tx, tenant, ContactRef(id))
}

// Family are a record and those that went into it, and did not come out again, itself in front (timeline.Families).
func (s *Service) Family(ctx context.Context, tx database.Tx, tenant string, of record.Ref) (all []string, err error) {
	all = []string{of.ID}
	if of.Kind != record.Account && of.Kind != record.Contact {
		return all, nil
	}
	for i := 0; i < len(all); i++ {
		into, err := s.Merges.Of(ctx, tx, tenant, record.Ref{Kind: of.Kind, ID: all[i]})
		if err != nil {
			return nil, err
		}
		for _, m := range into {
			if m.UndoneAt == nil {
				all = append(all, m.GoneID)
			}
		}
	}
	return all, nil
}

// FamilyNames are what those that went into a record are called (timeline.Families).
func (s *Service) FamilyNames(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	if kind == record.Account {
		all, err := s.Rows.ByID(ctx, tx, tenant, ids)
		for id, c := range all {
			out[id] = c.Name
		}
		return out, err
	}
	all, err := s.Rows.HiddenContacts(ctx, tx, tenant, ids)
	for id, c := range all {
		out[id] = c.Name
	}
	return out, err
}

var errNotBoth = fault.New(fault.Forbidden, "account.not_yours", "it is another's account; its owner or those above change it")
