package record

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// Start is the day an interval begins when the source does not know it: always.
const Start calendar.Date = "0001-01-01"

// Ownership is whose a record is, in which team, and since when: "" is since the
// beginning of time, because who had it before is not known.
type Ownership struct {
	RecordID, MemberID, TeamID string
	From                       calendar.Date
	Seq                        database.Seq // the entry that wrote it
	Basis                      string       // Carried, Set, or ""
}

// Owners are a record's ownerships by the day they begin, one a day.
type Owners []Ownership

// On is whose the record is on a day; the zero value is nobody's.
func (o Owners) On(day calendar.Date) (at Ownership) {
	for _, w := range o {
		if w.From <= day {
			at = w
		}
	}
	return at
}

// Since is the day from which whoever owns the record on a day has had it without a break.
func (o Owners) Since(day calendar.Date) (since calendar.Date) {
	owner := o.On(day).MemberID
	for i := len(o) - 1; i >= 0; i-- {
		switch {
		case o[i].From > day:
		case o[i].MemberID != owner:
			return since
		default:
			since = o[i].From
		}
	}
	return since
}

// Set is the basis of a team that was set to another than the owner's main one.
const Set = "set"

// External is the id a record carries in another system.
type External struct {
	Source string `json:"source"`
	ID     string `json:"id"`
}

// Left is how an import left a record: the entry after which it did, 0 where only the version
// was kept, as older programs did. Found is the version it has now; Again is that another
// import changed it since, which stands.
type Left struct {
	Ref
	Seq            database.Seq
	Version, Found int
	Again          bool
	BatchID        string // the import
}

// Link hangs a record on another: a task, a follow-up or a file on any record.
type Link struct{ From, To Ref }

// Rows is what records of every kind keep alike; recorddb implements it.
type Rows interface {
	// FirstOwners opens the intervals of new records, the first and what is announced.
	FirstOwners(ctx context.Context, tx database.Tx, tenant, kind string, owners []Ownership) error
	// OpenOwnership ends the open interval of a record and begins the next; handover names
	// what it came by, "" where it was no hand-over.
	OpenOwnership(ctx context.Context, tx database.Tx, tenant, kind string, o Ownership, handover string) error
	// OwnerOn is whose a record was on a day, in which team; the zero value is nobody's.
	OwnerOn(ctx context.Context, tx database.Tx, tenant, record string, on calendar.Date) (Ownership, error)
	// EndOwnerships ends the ownerships of a record that begin after a day: what was
	// announced does not come. seq is the entry that says so.
	EndOwnerships(tx database.Tx, tenant, record string, after calendar.Date, seq database.Seq)
	// BegunOn lists the records of a kind that became a member's, or came to another of his
	// teams, on a day.
	BegunOn(ctx context.Context, tx database.Tx, tenant, kind, member string, on calendar.Date) ([]string, error)
	// Owners are whose a record was, is and is known to be: its ownerships that were not
	// ended, of several of a day the last, in the order of their days.
	Owners(ctx context.Context, tx database.Tx, tenant, record string) (Owners, error)
	// Rehanded are the ownerships of the records of a kind of which one began after a day.
	Rehanded(ctx context.Context, tx database.Tx, tenant, kind string, after calendar.Date) (map[string]Owners, error)
	// Owned tells whether a record has an ownership that was not ended: one that never was
	// has none.
	Owned(ctx context.Context, tx database.Tx, tenant, record string) (bool, error)

	External(ctx context.Context, tx database.Tx, tenant, record string) ([]External, error)
	// ByExternal returns record ids by their id in a source system; an import holds them
	// all, because it asks for each row.
	ByExternal(ctx context.Context, tx database.Tx, tenant, kind, source string) (map[string]string, error)
	// KnownExternal is ByExternal of some ids.
	KnownExternal(ctx context.Context, tx database.Tx, tenant, kind, source string, ids []string) (map[string]string, error)
	InsertExternal(ctx context.Context, tx database.Tx, tenant, kind string, refs map[External]string) error
	// ForgetExternal takes back one id of a record in another system.
	ForgetExternal(ctx context.Context, tx database.Tx, tenant string, of Ref, e External) error
	// Forget takes back what makes a record known to others: its ids in other systems, and
	// what it hangs on.
	Forget(ctx context.Context, tx database.Tx, tenant string, of Ref) error
	// Hanging tells whether anything hangs on a record.
	Hanging(ctx context.Context, tx database.Tx, tenant string, on Ref) (bool, error)

	InsertLinks(ctx context.Context, tx database.Tx, tenant string, links []Link) error
	// Links tells what some records of a kind hang on.
	Links(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string][]Ref, error)
}
