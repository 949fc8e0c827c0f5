// Package company is what an operator does about whole companies of an installation: list them,
// take all of one out, delete one. What a company is made of is its capabilities'; here it is
// rows of tables and contents of files, whatever they mean.
package company

import (
	"context"
	"time"

	"yunchou/internal/database"
)

// Column is one of a table; its type is text, bigint or boolean.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Table is one that holds rows of companies.
type Table struct {
	Name    string
	Columns []Column
	Key     []string // the primary key
	Whose   string   // the column that holds the company's id
	Own     []string // columns that refer to rows of the table itself
}

// About is what an operator wants to know of a company.
type About struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	State    string     `json:"state" enum:"open,closing,deleting"`
	Members  int64      `json:"members"`         // with a sign-in
	Records  int64      `json:"records"`         // rows of everything people keep
	Bytes    *int64     `json:"bytes,omitempty"` // of all values, files included; nil where nobody asked
	Active   *time.Time `json:"lastActivity"`
	Sessions int64      `json:"openSessions"`
}

// How a company stands.
const (
	Open     = "open"
	Closing  = "closing"  // nobody signs in, nothing is written, everything is there
	Deleting = "deleting" // some of it may be gone
)

// Tombstone is a company that was deleted, or is being deleted while rows of it are left.
type Tombstone struct {
	ID      string
	At      time.Time
	Left    bool // rows of it are left
	Cleared bool // what was deleted is in no page of the file any more
}

// Rows is what the package needs of the database; companydb implements it.
type Rows interface {
	// Tables are all that hold rows of companies, those that refer to others before them: in this
	// order they can be emptied.
	Tables(ctx context.Context, tx database.Tx) ([]Table, error)
	// Each gives a table's rows of a company, in the order of the key; the values are only good
	// until the next.
	Each(ctx context.Context, tx database.Tx, t Table, tenant string, give func(values []any) error) error
	// Contents gives what is kept of files, chunk by chunk, one file after another.
	Contents(ctx context.Context, tx database.Tx, tenant string, give func(hash string, chunk []byte) error) error
	// Size is how many rows and bytes a company has in a table.
	Size(ctx context.Context, tx database.Tx, t Table, tenant string) (rows, bytes int64, err error)
	// Count is how many rows a company has in a table; it reads an index, and Size every value.
	Count(ctx context.Context, tx database.Tx, t Table, tenant string) (int64, error)
	List(ctx context.Context, tx database.Tx) ([]About, error)
	// Journal is the number of a company's last entry.
	Journal(ctx context.Context, tx database.Tx, tenant string) (int64, error)

	// SetClosing says since when a company closes; the zero time opens it again.
	SetClosing(ctx context.Context, tx database.Tx, tenant string, at time.Time) (found bool, err error)
	// Bury says that a company is deleted from now on.
	Bury(ctx context.Context, tx database.Tx, tenant string, at time.Time) error
	Buried(ctx context.Context, tx database.Tx) ([]Tombstone, error)
	Cleared(ctx context.Context, tx database.Tx, at time.Time) error
	// Loosen empties the references within a table of at most so many rows; Delete deletes so
	// many. Both tell how many there were.
	Loosen(ctx context.Context, tx database.Tx, t Table, tenant string, most int) (int64, error)
	Delete(ctx context.Context, tx database.Tx, t Table, tenant string, most int) (int64, error)
}

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB   *database.DB
	Rows Rows
	Now  func() time.Time
	// Tell says outside the database which companies were deleted, and Forget has what lies of one
	// in memory and beside the database gone.
	Tell   func(ctx context.Context) error
	Forget func(tenant string) error
}

// tables are all there are.
func (s *Service) tables(ctx context.Context) (all []Table, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err = s.Rows.Tables(ctx, tx)
		return err
	})
	return all, err
}

// List tells of every company how much there is, as of one instant. With sizes it reads all of each
// company, which takes minutes where there are many millions of rows.
func (s *Service) List(ctx context.Context, sizes bool) (list []About, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		tables, err := s.Rows.Tables(ctx, tx)
		if err != nil {
			return err
		}
		if list, err = s.Rows.List(ctx, tx); err != nil {
			return err
		}
		for i := range list {
			if err := s.measure(ctx, tx, tables, sizes, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// measure counts what a company has.
func (s *Service) measure(ctx context.Context, tx database.Tx, tables []Table, sizes bool, c *About) error {
	all := int64(0)
	for _, t := range tables {
		var rows, bytes int64
		var err error
		switch {
		case sizes:
			rows, bytes, err = s.Rows.Size(ctx, tx, t, c.ID)
		case Kept[t.Name]:
			rows, err = s.Rows.Count(ctx, tx, t, c.ID)
		}
		if err != nil {
			return err
		}
		if Kept[t.Name] {
			c.Records += rows
		}
		all += bytes
	}
	if sizes {
		c.Bytes = &all
	}
	return nil
}

// State is how a company stands. Fault: org.company_unknown.
func (s *Service) State(ctx context.Context, tenant string) (state string, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.List(ctx, tx)
		for _, c := range list {
			if c.ID == tenant {
				state = c.State
			}
		}
		if err == nil && state == "" {
			err = errUnknown
		}
		return err
	})
	return state, err
}

// Kept are the tables whose rows a person would call a record.
var Kept = map[string]bool{"account": true, "contact": true, "opportunity": true, "task": true, "follow_up": true, "file": true}
