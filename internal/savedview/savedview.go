// Package savedview keeps a member's questions to a screen: a name for a filter,
// private or for the whole company. A view holds no data; whoever opens it sees
// what his own scope allows.
package savedview

import (
	"context"
	"net/url"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// View is one saved question. Query is the address part after the "?".
type View struct {
	ID        string
	MemberID  string
	Screen    string
	Name      string
	Query     string
	Shared    bool
	CreatedAt time.Time
}

// Screens that have views.
var Screens = map[string]bool{"opportunities": true, "board": true, "funnel": true, "analysis": true, "accounts": true}

// Limit is how many views a member may keep.
const Limit = 200

// Rows is what the package needs of its table.
type Rows interface {
	Visible(ctx context.Context, tx database.Tx, tenant, member, screen string) ([]View, error)
	// Holding are the views of anybody whose question has a text in it.
	Holding(ctx context.Context, tx database.Tx, tenant, text string) ([]View, error)
	CountOf(ctx context.Context, tx database.Tx, tenant, member string) (int, error)
	Get(ctx context.Context, tx database.Tx, tenant, id string) (View, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, v View) error
	Rename(ctx context.Context, tx database.Tx, tenant, id, name string) error
	Delete(ctx context.Context, tx database.Tx, tenant, id string) error
}

// Service holds the use cases.
type Service struct {
	DB   *database.DB
	Rows Rows
}

// Ref names a view in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: "saved_view", ID: id} }

// List returns the member's own views of a screen and the shared ones, by name.
func (s *Service) List(ctx context.Context, a org.Actor, screen string) (out []View, err error) {
	if err := a.Need(org.SignedIn); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Visible(ctx, tx, a.TenantID, a.MemberID, screen)
		return err
	})
	return out, err
}

// Save keeps a view. The same id again is answered with the first one. Faults:
// view.screen_unknown, view.query_malformed, view.too_many, view.name_taken, record.id_taken.
func (s *Service) Save(ctx context.Context, a org.Actor, v View) (View, error) {
	if err := a.Need(org.SignedIn); err != nil {
		return v, err
	}
	v.Name = text.Fold(v.Name)
	if v.Name == "" {
		return v, fault.Missing("/name")
	}
	if !Screens[v.Screen] {
		return v, fault.Input("/screen", "view.screen_unknown", "opportunities, board, funnel, analysis or accounts")
	}
	values, err := url.ParseQuery(v.Query)
	if err != nil {
		return v, fault.Input("/query", "view.query_malformed", "write it as an address does: a=b&c=d")
	}
	v.Query = values.Encode()
	if err = record.UseID(&v.ID, a.Now); err != nil {
		return v, err
	}
	v.MemberID, v.CreatedAt = a.MemberID, a.Now
	return database.Write(ctx, s.DB, func(tx database.Tx) (View, error) {
		// One member's views follow one another: what is sent twice is seen, and the limit holds.
		if err := tx.Alone(ctx, a.TenantID+" views of "+a.MemberID); err != nil {
			return v, err
		}
		taken := fault.New(fault.Conflict, "record.id_taken", "a record with this id and other content exists")
		if old, err := s.Rows.Get(ctx, tx, a.TenantID, v.ID); err == nil {
			if old.MemberID == v.MemberID && old.Name == v.Name && old.Query == v.Query && old.Screen == v.Screen && old.Shared == v.Shared {
				return old, nil
			}
			return v, taken
		} else if !fault.Is(err, fault.NotFound) {
			return v, err
		}
		n, err := s.Rows.CountOf(ctx, tx, a.TenantID, a.MemberID)
		if err != nil {
			return v, err
		}
		if n >= Limit {
			return v, fault.New(fault.Rule, "view.too_many", "delete a view first").With("max", Limit)
		}
		if err := s.free(ctx, tx, a, v); err != nil {
			return v, err
		}
		journal.Append(tx, a.By(), saved(v, a.Today))
		return v, database.Taken(s.Rows.Insert(ctx, tx, a.TenantID, v), taken)
	})
}

// free refuses a name by which whoever names a view sees another of its screen. Fault: view.name_taken.
func (s *Service) free(ctx context.Context, tx database.Tx, a org.Actor, v View) error {
	list, err := s.Rows.Visible(ctx, tx, a.TenantID, a.MemberID, v.Screen)
	for _, other := range list {
		if other.ID != v.ID && text.Match(other.Name) == text.Match(v.Name) {
			return fault.Input("/name", "view.name_taken", "another view is called so").With("shared", other.Shared)
		}
	}
	return err
}

// mine is a view that the actor may change: his own, or a shared one where he edits settings. Fault: view.unknown.
func (s *Service) mine(ctx context.Context, tx database.Tx, a org.Actor, id string) (View, error) {
	v, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	if err == nil && v.MemberID != a.MemberID && !(v.Shared && a.Can(org.SettingsEdit)) {
		return View{}, ErrUnknown
	}
	return v, err
}

// Rename calls a view otherwise; what it asks stays. Faults: view.unknown, view.name_taken.
func (s *Service) Rename(ctx context.Context, a org.Actor, id, name string) (View, error) {
	if err := a.Need(org.SignedIn); err != nil {
		return View{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (View, error) {
		if err := tx.Alone(ctx, a.TenantID+" views of "+a.MemberID); err != nil {
			return View{}, err
		}
		v, err := s.mine(ctx, tx, a, id)
		was := v.Name
		if v.Name = text.Fold(name); err != nil || v.Name == was {
			return v, err
		}
		if v.Name == "" {
			return v, fault.Missing("/name")
		}
		if err := s.free(ctx, tx, a, v); err != nil {
			return v, err
		}
		journal.Append(tx, a.By(), renamed(v, a.Today))
		return v, s.Rows.Rename(ctx, tx, a.TenantID, id, v.Name)
	})
}

// Delete removes an own view; a shared one also goes by who edits settings.
func (s *Service) Delete(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.SignedIn); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		v, err := s.mine(ctx, tx, a, id)
		if err != nil {
			return err
		}
		journal.Append(tx, a.By(), deleted(v, a.Today))
		return s.Rows.Delete(ctx, tx, a.TenantID, id)
	})
}

// ErrUnknown is the fault of a view that is not there, or not the member's.
var ErrUnknown = fault.New(fault.NotFound, "view.unknown", "no such view")
