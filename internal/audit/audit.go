// Package audit is the trail of what people did that a company may have to account for: sign-ins,
// rights, settings, what left the house. It is read from the journal, which alone says what
// happened, and from a bounded count of what failed or was refused and so is no entry.
package audit

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
)

// Query narrows the trail; zero fields do not.
type Query struct {
	From, To time.Time // half-open
	// Person acted, or is whose sign-in failed; About is the id of what an act is about.
	Person, About, Kind, Outcome, Address string
	own                                   bool // of one's own sign-in
}

// What became of an act.
const (
	Done    = "done"
	Failed  = "failed"  // what was said was wrong
	Refused = "refused" // it was not let through
)

// Item is one act, or several alike that failed within an hour.
type Item struct {
	ID            string
	At, Until     time.Time
	Times         int
	Kind, Outcome string
	PersonID      string // who was signed in, "" for nobody
	ForID         string // in whose name he acted, "" for his own
	Path, Address string
	About         record.Ref
	Details       []Detail
	// Names are those of today, empty where the reader may not see what is named.
	Person, For, Called string
}

// Rows is what the package needs of its tables; auditdb implements it.
type Rows interface {
	// CountAgain counts a failure that was counted in its hour before; false where none was.
	CountAgain(ctx context.Context, tx database.Tx, f Failure, n Counted) (bool, error)
	// InHour is how many rows a company's hour has, and how many of them are of the failure's member.
	InHour(ctx context.Context, tx database.Tx, f Failure) (rows, his int, err error)
	Count(ctx context.Context, tx database.Tx, f Failure, n Counted) error
	Failures(ctx context.Context, tx database.Tx, tenant string, q Query, r page.Request) ([]Item, error)
	Forget(ctx context.Context, tx database.Tx, tenant string, before time.Time) (int64, error)
	// Policy is the company's, or DefaultPolicy.
	Policy(ctx context.Context, tx database.Tx, tenant string) (Policy, error)
	SavePolicy(ctx context.Context, tx database.Tx, tenant string, p Policy) error
}

// Called tells what things of one kind are called today; those the actor may not see are not among them.
type Called func(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]string, error)

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB    *database.DB
	Rows  Rows
	Org   *org.Service
	Kinds kinds.Registry
	// Called tells what things are called on which nothing hangs, by their kind.
	Called map[string]Called
	Log    *slog.Logger
	Now    func() time.Time

	waiting waiting
}

// List returns a page of the company's trail, the newest first. Addresses are told to who
// administers sign-ins. Faults: org.permission_missing, page.cursor_malformed.
func (s *Service) List(ctx context.Context, a org.Actor, q Query, r page.Request) (page.Result[Item], error) {
	if err := a.Need(org.AuditRead); err != nil {
		return page.Result[Item]{}, err
	}
	seen := a.Can(org.OrgEdit)
	if !seen && q.Address != "" { // what is not told is not asked for either
		return page.Result[Item]{}, fault.New(fault.Forbidden, "audit.addresses", "addresses are for who administers sign-ins")
	}
	out, err := s.read(ctx, a, q, journal.Asked{}, r)
	for i := range out.Items {
		if !seen {
			out.Items[i].Address = ""
		}
	}
	return out, err
}

// own are the kinds a member is told of himself.
var own = []string{"member.signed_in", "member.signed_out", "member.sessions_ended", "member.password_set", "member.login_given",
	"member.factor_added", "member.factor_removed", "member.factors_removed", "member.recovery_codes_made", "member.recovery_code_used"}

// Mine returns a page of what became of the actor's own sign-in, with addresses.
func (s *Service) Mine(ctx context.Context, a org.Actor, r page.Request) (page.Result[Item], error) {
	return s.read(ctx, a, Query{own: true}, journal.Asked{About: a.MemberID, Kinds: own}, r)
}

// read puts the journal's entries and the failures together by time. A sub-query of the journal
// that is given is of the actor himself.
func (s *Service) read(ctx context.Context, a org.Actor, q Query, of journal.Asked, r page.Request) (out page.Result[Item], err error) {
	r.Sort, r.Desc = "at", true
	s.told(s.Write(ctx)) // what was refused a moment ago is looked for; where it cannot be written it is not in yet
	failures := q
	if of.About != "" {
		failures.Person = of.About
	} else {
		of = journal.Asked{From: q.From, To: q.To, Actor: q.Person, About: q.About, Address: q.Address}
		if q.Kind != "" {
			of.Kinds = []string{q.Kind}
		}
	}
	var items []Item
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if q.Outcome == "" || q.Outcome == Done {
			list, err := journal.Trail(ctx, tx, a.TenantID, of, r)
			if err != nil {
				return err
			}
			for _, e := range list {
				items = append(items, itemOf(e))
			}
		}
		if q.Outcome != Done {
			list, err := s.failures(ctx, tx, a, failures, r)
			if err != nil {
				return err
			}
			items = append(items, list...)
		}
		slices.SortFunc(items, func(x, y Item) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.ID, x.ID)) })
		out = page.Cut(r, items, func(i Item) (any, string) { return database.Time(i.At), i.ID })
		return s.name(ctx, tx, a, out.Items)
	})
	return out, err
}

// failures are those of the company, and where it is the only one those of names nobody has.
func (s *Service) failures(ctx context.Context, tx database.Tx, a org.Actor, q Query, r page.Request) ([]Item, error) {
	out, err := s.Rows.Failures(ctx, tx, a.TenantID, q, r)
	if err != nil || q.Person != "" || q.About != "" {
		return out, err
	}
	all, err := s.Org.CompaniesIn(ctx, tx)
	if err != nil || len(all) != 1 {
		return out, err
	}
	more, err := s.Rows.Failures(ctx, tx, nobodys, q, r)
	return append(out, more...), err
}

// name tells what people, records and other things are called today.
func (s *Service) name(ctx context.Context, tx database.Tx, a org.Actor, items []Item) error {
	var refs []record.Ref
	others := map[string][]string{}
	for i := range items {
		x := &items[i]
		x.Person, x.For = a.Structure.Members[x.PersonID].Name, a.Structure.Members[x.ForID].Name
		x.Called = called(a.Structure, x.About)
		switch {
		case x.Called != "":
		case s.Called[x.About.Kind] != nil:
			others[x.About.Kind] = append(others[x.About.Kind], x.About.ID)
		default:
			refs = append(refs, x.About)
		}
		for j := range x.Details {
			x.Details[j].name(a.Structure)
		}
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, refs)
	if err != nil {
		return err
	}
	for kind, ids := range others {
		of, err := s.Called[kind](ctx, tx, a, ids)
		if err != nil {
			return err
		}
		for id, name := range of {
			names[record.Ref{Kind: kind, ID: id}] = name
		}
	}
	for i := range items {
		items[i].Called = cmp.Or(items[i].Called, names[items[i].About])
	}
	return nil
}

func called(st *org.Structure, of record.Ref) string {
	switch of.Kind {
	case "member":
		return st.Members[of.ID].Name
	case "team":
		return st.Teams[of.ID].Name
	case "seat":
		seat := st.Seats[of.ID]
		if seat.ID != "" {
			return st.Teams[seat.TeamID].Name + " · " + st.Positions[seat.PositionID].Name
		}
	case "role":
		role, _ := st.Role(org.RoleKey(of.ID))
		return role.Name
	}
	return ""
}

// Export walks the whole of a filtered trail and notes in the journal that it left. Faults: those
// of List, export.too_many_rows.
func (s *Service) Export(ctx context.Context, a org.Actor, q Query, format string, row func(Item) error) error {
	if err := a.Need(org.AuditRead); err != nil {
		return err
	}
	n, err := page.Walk(page.Request{}, func(r page.Request) (page.Result[Item], error) { return s.List(ctx, a, q, r) }, row)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), exportedEvent(record.NewID(a.Now), a.Today, Exported{n, format}))
		return nil
	})
}
