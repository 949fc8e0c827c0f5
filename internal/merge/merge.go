// Package merge is what two records of one kind that turn out to be one have in common with others: which stays,
// which went into it, and whatever named the one that went. What the kind itself holds, its capability merges.
package merge

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Most is how much may move with one merge: it is one transaction.
const Most = 500

// Merge (合并) is a record that went into another.
type Merge struct {
	ID, Kind, KeptID, GoneID string
	Before                   Before
	MadeAt                   time.Time
	MadeBy                   string
	UndoneAt                 *time.Time
}

// Before is what an undo gives back and no entry holds: the fields the one that stays took from the other, as
// they were and as they became, and the ids in other systems that moved.
type Before struct {
	Fields   map[string][2]string `json:"fields,omitempty"`
	External []record.External    `json:"external,omitempty"`
}

// Moved is what names a record, by what it is: job, evidence, file, thread, guidance, follow_up, link. What named both, under
// the name with BothToo, names the one that stays once.
type Moved map[string][]string

// BothToo marks what named both.
const BothToo = ".both"

// Count is how much it is.
func (m Moved) Count() (n int) {
	for _, ids := range m {
		n += len(ids)
	}
	return n
}

// Rows is what the package needs of tables.
type Rows interface {
	// Naming is what names a record, and with it another.
	Naming(ctx context.Context, tx database.Tx, tenant string, gone, kept record.Ref) (Moved, error)
	// Still is what of what moved names a record now.
	Still(ctx context.Context, tx database.Tx, tenant string, now record.Ref, m Moved) (Moved, error)
	// Move has what named one record name another.
	Move(ctx context.Context, tx database.Tx, tenant string, from, to record.Ref, m Moved) error
	// Return has what moved name the one that went again.
	Return(ctx context.Context, tx database.Tx, tenant string, kept, gone record.Ref, m Moved) error

	Insert(ctx context.Context, tx database.Tx, tenant string, m Merge) error
	// Get reads one into a record in scope, by its kind. Fault: merge.unknown.
	Get(ctx context.Context, tx database.Tx, tenant, id string, scopes map[string]org.Scope) (Merge, error)
	// Into is what a record went into, "" where it is itself.
	Into(ctx context.Context, tx database.Tx, tenant string, gone record.Ref) (string, error)
	// Of are the merges into a record that stand, the last first; with undone, those taken back as well.
	Of(ctx context.Context, tx database.Tx, tenant string, kept record.Ref) ([]Merge, error)
	Undo(ctx context.Context, tx database.Tx, tenant, id string, at time.Time) error
	// Blank forgets what a person's merges held of him.
	Blank(ctx context.Context, tx database.Tx, tenant, person string) error
}
