package intake

import (
	"context"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// What a run found when it began to read may be other by the time it writes: somebody imports
// the same file, or types in an account of the same name. New records are written by one
// import of a company after the other, and what is there by then is taken, not made again.

// newAccount waits to be written; x is its row, nil where another record named it.
type newAccount struct {
	account.Account
	x *row
}

// newDeal waits to be written.
type newDeal struct {
	opportunity.History
	x      *row
	custom field.Values
}

// made is what became of the records that waited: ids this run had given, and those of the
// records that were there already; deals whose account was deleted by then.
type made struct {
	there map[string]string
	lost  map[string]bool
}

// alone makes imports of a company that make something follow one another.
func (r *run) alone(ctx context.Context, tx database.Tx) error {
	return tx.Alone(ctx, r.a.TenantID+" imports")
}

// writeNew writes what waits and is not there, with what an undo needs to know of it.
func (r *run) writeNew(tx database.Tx, accounts []newAccount, deals []newDeal) (m made, err error) {
	if err := r.alone(r.ctx, tx); err != nil {
		return m, err
	}
	if m, err = r.look(tx, accounts, deals); err != nil {
		return m, err
	}
	var changes []Change
	if changes, err = r.writeAccounts(tx, accounts, m); err != nil {
		return m, err
	}
	var histories []opportunity.History
	for _, d := range deals {
		if m.there[d.ID] != "" || m.lost[d.ID] {
			continue
		}
		h := d.History
		if id := m.there[h.AccountID]; id != "" {
			h.AccountID = id
		}
		histories = append(histories, h)
		changes = append(changes, Change{Kind: "opportunity", ID: h.ID, Created: true, Version: 1})
	}
	if err := r.Opportunities.Record(r.ctx, tx, r.a, histories); err != nil {
		return m, err
	}
	return m, r.Rows.InsertChanges(r.ctx, tx, r.a.TenantID, r.opt.BatchID, changes)
}

// look finds what is there by now.
func (r *run) look(tx database.Tx, accounts []newAccount, deals []newDeal) (made, error) {
	m := made{there: map[string]string{}, lost: map[string]bool{}}
	var list []account.Account
	var accountIDs, dealIDs, with []string
	for _, c := range accounts {
		list = append(list, c.Account)
		for _, e := range c.External {
			accountIDs = append(accountIDs, e.ID)
		}
	}
	for _, d := range deals {
		if d.External.ID != "" {
			dealIDs = append(dealIDs, d.External.ID)
		}
		made := slices.ContainsFunc(accounts, func(c newAccount) bool { return c.ID == d.AccountID })
		if d.AccountID != "" && !made && d.State() == opportunity.Open {
			with = append(with, d.AccountID)
		}
	}
	named, err := r.Accounts.Named(r.ctx, tx, r.a, list)
	if err != nil {
		return m, err
	}
	known, err := r.Records.KnownExternal(r.ctx, tx, r.a.TenantID, "account", r.m.Source, accountIDs)
	if err != nil {
		return m, err
	}
	for _, c := range accounts {
		m.there[c.ID] = named[text.Match(c.Name)]
		for _, e := range c.External {
			if id := known[e.ID]; id != "" {
				m.there[c.ID] = id
			}
		}
	}
	if known, err = r.Records.KnownExternal(r.ctx, tx, r.a.TenantID, "opportunity", r.m.Source, dealIDs); err != nil {
		return m, err
	}
	gone, err := r.Accounts.Gone(r.ctx, tx, r.a, with)
	for _, d := range deals {
		m.there[d.ID] = known[d.External.ID]
		m.lost[d.ID] = gone[d.AccountID] && d.State() == opportunity.Open && m.there[d.ID] == ""
	}
	return m, err
}

// writeAccounts writes the accounts that are not there, with owner, own fields and external
// ids.
func (r *run) writeAccounts(tx database.Tx, accounts []newAccount, m made) (changes []Change, err error) {
	var values []field.Stored
	var list []account.Account
	for _, c := range accounts {
		if m.there[c.ID] != "" {
			continue
		}
		for key, text := range c.Custom {
			f := r.fields["account"][key]
			v, err := f.Parse(text, r.a)
			if err != nil {
				return nil, err
			}
			values = append(values, field.Stored{Record: c.ID, Field: f.ID, Value: v})
		}
		list = append(list, c.Account)
		changes = append(changes, Change{Kind: "account", ID: c.ID, Created: true, Version: 1})
	}
	return changes, r.Accounts.Record(r.ctx, tx, r.a, r.opt.BatchID, list, values)
}

// taken goes on with what was there: its rows speak of records that somebody else made.
func (r *run) taken(accounts []newAccount, deals []newDeal, m made) error {
	for _, c := range accounts {
		id := m.there[c.ID]
		if id == "" {
			continue
		}
		r.sum.Created["account"]--
		r.accounts[text.Match(c.Name)] = id
		for _, e := range c.External {
			r.external["account"][e.ID] = id
		}
		if c.x == nil {
			continue
		}
		if err := r.refused(c.x, r.updateAccount(c.x, id, c.Account)); err != nil {
			return err
		}
	}
	for _, d := range deals {
		id := m.there[d.ID]
		if id == "" && !m.lost[d.ID] {
			continue
		}
		r.sum.Created["opportunity"]--
		var err error = fault.Input("/account", "opportunity.account_deleted", "its account is deleted; restore that first")
		if id != "" {
			r.external["opportunity"][d.External.ID] = id
			err = r.update(d.x, id, d.History, d.custom)
		}
		if err := r.refused(d.x, err); err != nil {
			return err
		}
	}
	return nil
}

// once makes what rows name unless it is there: find looks for it in the organisation as it is
// by then.
func (r *run) once(find func(*org.Structure) string, add func(context.Context) (string, error)) (id string, added bool, err error) {
	type result struct {
		id    string
		added bool
	}
	got, err := database.Together(r.ctx, r.DB, func(ctx context.Context) (out result, err error) {
		err = r.DB.Write(ctx, func(tx database.Tx) error { return r.alone(ctx, tx) })
		if err != nil {
			return out, err
		}
		err = r.DB.Read(ctx, func(tx database.Tx) error {
			_, st, err := r.Org.Load(ctx, tx, r.a.TenantID)
			if err == nil {
				out.id = find(st)
			}
			return err
		})
		if err != nil || out.id != "" {
			return out, err
		}
		out.added = true
		out.id, err = add(ctx)
		return out, err
	})
	if err == nil {
		err = r.reload()
	}
	return got.id, got.added, err
}
