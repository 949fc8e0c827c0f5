package journal

import (
	"context"
	"database/sql"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// audited tells the entries the audit trail reads: all that is said of people, their rights and
// sign-in, of the company's settings, of what leaves the house or comes into it, and of who else
// may see a record. It follows from the subject, so that a new act on one of them is in the trail
// the day it is written.
func audited(kind string, subject record.Ref) bool {
	return auditedSubjects[subject.Kind] || auditedKinds[kind]
}

var (
	auditedSubjects = map[string]bool{"member": true, "role": true, "team": true, "seat": true, "company": true, "export": true,
		"import": true, "handover": true, "saved_view": true, "pipeline": true, "field": true}
	auditedKinds = map[string]bool{"contact.erased": true, "contact.taken_out": true, "account.merged": true, "account.unmerged": true,
		"contact.merged": true, "contact.unmerged": true, "opportunity.team_set": true}
)

// Asked narrows the trail; zero fields do not.
type Asked struct {
	From, To              time.Time // half-open
	Actor, About, Address string    // About is the id of what an entry is about
	Kinds                 []string  // one of these, where there are any
}

// Trailed is an entry with the address it came from, "" where none is known any more.
type Trailed struct {
	Entry
	Address string
}

// Trail returns a page and one row of the audited entries of a company, by time ("at"). Fault:
// page.cursor_malformed.
func Trail(ctx context.Context, tx database.Tx, tenant string, q Asked, r page.Request) ([]Trailed, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	// An address is looked for in its own index, which has the order of the entries.
	// Else each entry's is looked up by its key: joined, a planner that does not know how many there
	// are may read all of them for each page.
	at, id, from := "j.recorded_at", "j.id", `journal j WHERE j.tenant_id = `+company
	address := `COALESCE((SELECT x.address FROM entry_address x WHERE x.tenant_id = j.tenant_id AND x.seq = j.seq), '')`
	if q.Address != "" {
		at, id, from = "x.recorded_at", "x.id", `entry_address x JOIN journal j ON j.tenant_id = x.tenant_id AND j.seq = x.seq
			WHERE x.tenant_id = `+company+` AND x.address = `+args.Add(q.Address)
		address = "x.address"
	}
	next, order, err := r.Clauses(args, map[string]page.Column{"at": {SQL: at}}, id)
	if err != nil {
		return nil, err
	}
	where := from + " AND j.audited AND " + next
	for _, x := range [][2]string{{"j.actor_id", q.Actor}, {"j.subject_id", q.About}} {
		if x[1] != "" {
			where += " AND " + x[0] + " = " + args.Add(x[1])
		}
	}
	if len(q.Kinds) == 1 {
		where += " AND j.kind = " + args.Add(q.Kinds[0])
	} else if len(q.Kinds) > 1 {
		where += " AND j.kind IN " + database.In(args, q.Kinds)
	}
	if !q.From.IsZero() {
		where += " AND " + at + " >= " + args.Add(database.Time(q.From))
	}
	if !q.To.IsZero() {
		where += " AND " + at + " < " + args.Add(database.Time(q.To))
	}
	rows, err := tx.Query(ctx, `SELECT j.seq, j.id, j.recorded_at, j.happened_on, j.actor_id, j.on_behalf_of, j.path, j.subject_kind,
		j.subject_id, j.scope_kind, j.scope_id, j.kind, j.version, j.payload, `+address+` FROM `+where+
		" ORDER BY "+order+" LIMIT "+args.Add(r.Size()+1), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (t Trailed, err error) {
		t.Entry, err = scanWith(r, &t.Address)
		return t, err
	})
}

// ForgetAddresses forgets from where entries came that were recorded before an instant, and tells
// how many there were.
func ForgetAddresses(ctx context.Context, tx database.Tx, tenant string, before time.Time) (int64, error) {
	last, err := KnownBefore(ctx, tx, tenant, before)
	if err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `DELETE FROM entry_address WHERE tenant_id = $1 AND seq <= $2`, tenant, last)
}
