// Package record is what every kind of record has in common: an id the client may make,
// and a reference that says what kind it is. What a kind is, its own capability knows.
package record

import (
	"time"

	"yunchou/internal/fault"

	"github.com/google/uuid"
)

// The kinds of record a role's reach is stated for (org.Reached), by the names they are
// stored under.
const (
	Opportunity = "opportunity"
	Account     = "account"
	Contact     = "contact"
	Task        = "task"
	Credit      = "credit"
)

// Ref names a record of any kind.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// NewID returns a UUIDv7; ids made later sort later.
func NewID(_ time.Time) string { return uuid.Must(uuid.NewV7()).String() }

// UseID checks an id the client made, or makes one where there is none. Fault:
// record.id_malformed.
func UseID(id *string, now time.Time) error {
	if *id == "" {
		*id = NewID(now)
		return nil
	}
	if u, err := uuid.Parse(*id); err != nil || u.String() != *id {
		return fault.Input("/id", "record.id_malformed", "an id is a UUID in small letters, as 01890a5d-ac96-774b-bcce-b302099a8057; leave it out to have one made")
	}
	return nil
}

// CheckID checks an id the client made, if it made one. Fault: record.id_malformed.
func CheckID(id string) error { return UseID(&id, time.Time{}) }

// Faults every kind of record answers with.
var (
	ErrStale   = fault.New(fault.Stale, "record.stale", "changed by someone else since it was read")
	ErrIDTaken = fault.New(fault.Conflict, "record.id_taken", "a record with this id and other content exists")
)
