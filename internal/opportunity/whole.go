package opportunity

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Whole is a record with what hangs on it, as a table that comes back holds it.
type Whole struct {
	Opportunity
	Parts
}

// Parts are the lists that hang on a record.
type Parts struct {
	Lines       []Line
	Contacts    []DealContact
	Competitors []account.Competitor
}

// WholeIn reads a record in the actor's write scope, deleted or not, with what hangs on it. Fault:
// opportunity.unknown.
func (s *Service) WholeIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (w Whole, err error) {
	if w.Opportunity, err = s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), id); err != nil {
		return w, err
	}
	one := []Opportunity{w.Opportunity}
	if err = s.complete(ctx, tx, a, one); err != nil {
		return w, err
	}
	w.Opportunity = one[0]
	parts, err := s.Rows.Parts(ctx, tx, a.TenantID, []string{id})
	w.Parts = parts[id]
	return w, err
}

// Known tells whether some ids are those of records the actor sees.
func (s *Service) Known(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (bool, error) {
	found, err := s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), ids)
	return len(found) > 0, err
}

// AsOf is the number of the newest entry a read sees: what a table it becomes is as of.
func (s *Service) AsOf(ctx context.Context, tx database.Tx, a org.Actor) (database.Seq, error) {
	last, err := journal.Last(ctx, tx, a.TenantID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return database.Seq(last.Seq), err
}

// The fields of Since besides those of Hands.
const (
	SinceStage       = "stage"
	SinceCompetitors = "competitors"
	SinceContacts    = "contacts"
)

// Since is which fields of a record were written here after an entry of the journal, by anybody but
// imports.
func (s *Service) Since(ctx context.Context, tx database.Tx, a org.Actor, id string, after database.Seq) (map[string]bool, error) {
	list, err := journal.After(ctx, tx, a.TenantID, Ref(id), after)
	h := handsIn(list)
	for _, e := range list {
		switch {
		case e.Path == imported:
		case e.Kind == "opportunity.competitors_set":
			h.Fields[SinceCompetitors] = true
		case e.Kind == "opportunity.contacts_set":
			h.Fields[SinceContacts] = true
		case e.Kind == "opportunity.moved", e.Kind == "opportunity.stay_corrected":
			h.Fields[SinceStage] = true
		}
	}
	return h.Fields, err
}
