package change

import (
	"context"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// sourceImport is a list of people that was imported.
const sourceImport = "import"

// Propose implements account.Proposals: what a list of people tells of one who is there is suspected, and never so by
// itself. One change of a person waits at a time; what was refuted is not told again by a list, until his post has
// become another since. Somebody without a part in an open opportunity is proposed as well: there is no task then, and
// whoever imported the list, or opens the account, says whether it is so.
func (s *Service) Propose(ctx context.Context, tx database.Tx, a org.Actor, p account.Proposal) (account.Heard, error) {
	in := New{ContactID: p.ContactID, Kind: Moved, SuccessorID: p.SuccessorID, ToAccountID: p.AccountID, Department: p.Department, Title: p.Title,
		Source: sourceImport, Suspect: true, BatchID: p.BatchID}
	switch {
	case p.Gone:
		in.Kind = Left
	case p.Retitled && p.SuccessorID == "":
		in.Kind = Retitled
	}
	list, err := s.Rows.List(ctx, tx, a.TenantID, org.Scope{All: true}, Asked{Contact: p.ContactID, Limit: most})
	if err != nil {
		return "", err
	}
	who, err := s.Accounts.ContactIn(ctx, tx, a, p.ContactID)
	if err != nil {
		return "", err
	}
	for _, o := range list {
		switch {
		case o.ContactID != p.ContactID:
		case o.State == Suspected:
			return account.HeardWaits, nil
		case o.State == Refuted && o.Source == sourceImport && o.tells(in) && !postedAfter(who, o, a):
			return account.HeardRefuted, nil
		}
	}
	_, err = s.TellIn(ctx, tx, a, in)
	if fault.CodeOf(err) == "contact_change.open" {
		return account.HeardWaits, nil
	}
	return account.HeardNew, err
}

// tells tells whether a change says of a person's post what another says.
func (c Change) tells(in New) bool {
	away := func(k Kind) bool { return k == Left }
	return away(c.Kind) == away(in.Kind) && c.ToAccountID == in.ToAccountID &&
		account.PostKey(c.Department, c.Title) == account.PostKey(in.Department, in.Title)
}

// postedAfter tells whether somebody's post began on the day a change was refuted or later. One that began earlier that
// day is taken for a later one: what was refuted is asked once more then, and no more after that.
func postedAfter(who account.Contact, c Change, a org.Actor) bool {
	from := who.PostOf().From
	return c.EndedAt != nil && from >= calendar.DateOf(*c.EndedAt, a.Company.Zone())
}

// Withdraw implements account.Proposals: what an import proposed and nobody confirmed goes with it.
func (s *Service) Withdraw(ctx context.Context, tx database.Tx, a org.Actor, batch, contact string) (int, error) {
	list, err := s.Rows.List(ctx, tx, a.TenantID, org.Scope{All: true}, Asked{Contact: contact, Batch: batch, Limit: most})
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(c Change) bool { return c.State != Suspected })
	for _, c := range list {
		if err := record.Take(ctx, tx, a.TenantID, c.ID); err != nil {
			return 0, err
		}
		if err := s.drop(ctx, tx, a, c.Deals); err != nil {
			return 0, err
		}
		now := a.Now
		c.State, c.EndedAt, c.EndedBy = Withdrawn, &now, a.Effective()
		c.SuccessorID, c.SuccessorName = "", "" // the import may have made him, and takes him back
		if _, err := s.save(ctx, tx, a, c, c.Version, "withdrawn"); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
