package enginedb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/record/recorddb"
)

// accountsRead are accounts as their own columns tell them; only of those that are deleted it is
// asked whether they are anybody's.
var accountsRead = `SELECT a.id, a.name, a.parent_id, a.owner_id, a.industry, a.region, a.class, a.created_at,
	a.deleted_at IS NOT NULL, a.deleted_at IS NULL OR ` + recorddb.Owned("a") + ` FROM account a WHERE a.tenant_id = `

func scanAccount(r *sql.Rows) (a engine.AccountRow, err error) {
	var created database.Instant
	err = r.Scan(&a.ID, &a.Name, database.Into(&a.ParentID), database.Into(&a.OwnerID), &a.Industry, &a.Region, &a.Class,
		&created, &a.Deleted, &a.Owned)
	a.CreatedAt = created.Time
	return a, err
}

const contactsRead = `SELECT c.id, c.name, c.account_id, c.deleted_at IS NOT NULL FROM contact c WHERE c.tenant_id = `

func scanContact(r *sql.Rows) (c engine.ContactRow, err error) {
	return c, r.Scan(&c.ID, &c.Name, database.Into(&c.AccountID), &c.Deleted)
}

func (Rows) Accounts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.AccountRow, error) {
	rows, err := tx.Query(ctx, accountsRead+`$1 AND a.id > $2 ORDER BY a.id LIMIT $3`, tenant, after, limit)
	list, err := database.All(rows, err, scanAccount)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	// Between the ids of a page are those of all the deals made meanwhile, which have values too.
	rows, err = tx.Query(ctx, ownsRead+`$1 AND cv.record_id > $2 AND cv.record_id <= $3 AND COALESCE(cf.record_kind, '') = 'account'`,
		tenant, after, list[len(list)-1].ID)
	held, err := database.All(rows, err, scanOwn)
	return holding(list, held), err
}

func (Rows) AccountsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]engine.AccountRow, error) {
	list, err := byID(ctx, tx, accountsRead, "a.id", tenant, ids, scanAccount)
	if err != nil {
		return nil, err
	}
	held, err := byID(ctx, tx, ownsRead, "cv.record_id", tenant, ids, scanOwn)
	return holding(list, held), err
}

// heldBy is what a record holds in one of the company's own fields.
type heldBy struct {
	id string
	engine.Own
}

func scanOwn(r *sql.Rows) (h heldBy, err error) {
	return h, r.Scan(append([]any{&h.id}, own(&h.Own)...)...)
}

// holding is accounts with what they hold in the company's own fields.
func holding(list []engine.AccountRow, held []heldBy) []engine.AccountRow {
	at := make(map[string]int, len(list))
	for i := range list {
		at[list[i].ID] = i
	}
	for _, h := range held {
		if i, account := at[h.id]; account { // others' records have ids between theirs
			list[i].Own = append(list[i].Own, h.Own)
		}
	}
	return list
}

func (Rows) Holding(ctx context.Context, tx database.Tx, tenant, field, text string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT record_id FROM custom_value WHERE tenant_id = $1 AND field_id = $2 AND text_value = $3`, tenant, field, text)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) Contacts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.ContactRow, error) {
	rows, err := tx.Query(ctx, contactsRead+`$1 AND c.id > $2 ORDER BY c.id LIMIT $3`, tenant, after, limit)
	return database.All(rows, err, scanContact)
}

func (Rows) ContactsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]engine.ContactRow, error) {
	return byID(ctx, tx, contactsRead, "c.id", tenant, ids, scanContact)
}

// byID reads some records, some at a time.
func byID[T any](
	ctx context.Context, tx database.Tx, read, column, tenant string, ids []string, scan func(r *sql.Rows) (T, error),
) (out []T, err error) {
	for from := 0; from < len(ids); from += idsAtOnce {
		args := &database.Args{}
		rows, err := tx.Query(ctx, read+args.Add(tenant)+" AND "+column+" IN "+
			database.In(args, ids[from:min(len(ids), from+idsAtOnce)]), args.Values...)
		part, err := database.All(rows, err, scan)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}
