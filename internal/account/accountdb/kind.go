package accountdb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
)

// Names tells the names of those accounts that are in scope.
func (Rows) Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT a.id, a.name FROM account a WHERE a.tenant_id = `+args.Add(tenant)+` AND a.id IN `+database.In(args, ids)+
		` AND `+scopedb.Account(args, s), args.Values...)
}

// ContactNames tells the names of those people that are in scope.
func (Rows) ContactNames(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT c.id, c.name FROM contact c WHERE c.tenant_id = `+args.Add(tenant)+` AND c.deleted_at IS NULL AND c.id IN `+database.In(args, ids)+
		` AND `+scopedb.Contact(args, s), args.Values...)
}

// Held lists a member's accounts that are in scope, by id, after one.
func (Rows) Held(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member, after string, limit int) ([]string, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT a.id FROM account a WHERE a.tenant_id = `+args.Add(tenant)+` AND a.owner_id = `+args.Add(member)+
		` AND a.deleted_at IS NULL AND a.id > `+args.Add(after)+` AND `+scopedb.Account(args, s)+` ORDER BY a.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// CountHeld tells how many accounts some members own.
func (Rows) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	args := &database.Args{}
	return recorddb.Counts(ctx, tx, `SELECT a.owner_id, count(*) FROM account a WHERE a.tenant_id = `+args.Add(tenant)+
		` AND a.owner_id IN `+database.In(args, members)+` AND a.deleted_at IS NULL GROUP BY a.owner_id`, args.Values...)
}

// HiddenContacts are people whatever became of them.
func (Rows) HiddenContacts(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]account.Contact, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+contactColumns+` FROM contact c WHERE c.tenant_id = `+args.Add(tenant)+` AND c.id IN `+database.In(args, ids), args.Values...)
	list, err := people(rows, err)
	out := make(map[string]account.Contact, len(list))
	for _, c := range list {
		out[c.ID] = c
	}
	return out, err
}

// ShowContact brings a person back that was removed.
func (Rows) ShowContact(ctx context.Context, tx database.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET deleted_at = NULL, version = version + 1 WHERE tenant_id = $1 AND id = $2`, tenant, id)
	return err
}

// PeopleAt are the ids of an account's people.
func (Rows) PeopleAt(ctx context.Context, tx database.Tx, tenant, at string, limit int) ([]string, error) {
	return ids(tx.Query(ctx, `SELECT c.id FROM contact c WHERE c.tenant_id = $1 AND c.account_id = $2 AND c.deleted_at IS NULL ORDER BY c.id LIMIT $3`, tenant, at, limit))
}

// Below are the ids of the accounts that belong to one.
func (Rows) Below(ctx context.Context, tx database.Tx, tenant, id string, limit int) ([]string, error) {
	return ids(tx.Query(ctx, `SELECT a.id FROM account a WHERE a.tenant_id = $1 AND a.parent_id = $2 ORDER BY a.id LIMIT $3`, tenant, id, limit))
}

func ids(rows *sql.Rows, err error) ([]string, error) {
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// groups and mostTwins are how many groups of twins are shown, and how many of them.
const groups, mostTwins = 50, 200

// Twins are found by the index of names.
func (Rows) Twins(ctx context.Context, tx database.Tx, tenant string, s org.Scope) ([]account.Twin, error) {
	args := &database.Args{}
	w := `a.tenant_id = ` + args.Add(tenant) + ` AND a.deleted_at IS NULL AND a.name_key <> '' AND ` + scopedb.Account(args, s)
	return twins(tx.Query(ctx, `SELECT a.name_key, a.id, a.name, a.owner_id, a.id, a.name FROM account a WHERE `+w+` AND a.name_key IN (
		SELECT a.name_key FROM account a WHERE `+w+` GROUP BY a.name_key HAVING count(*) > 1 ORDER BY a.name_key LIMIT `+args.Add(groups)+`)
		ORDER BY a.name_key, a.id LIMIT `+args.Add(mostTwins), args.Values...))
}

// ContactTwins are found among the people of each account.
func (Rows) ContactTwins(ctx context.Context, tx database.Tx, tenant string, s org.Scope) ([]account.Twin, error) {
	args := &database.Args{}
	w := `c.tenant_id = ` + args.Add(tenant) + ` AND c.deleted_at IS NULL AND c.name_key <> '' AND ` + scopedb.Contact(args, s)
	return twins(tx.Query(ctx, `SELECT c.account_id || ' ' || c.name_key, c.id, c.name, NULL, c.account_id, at.name FROM contact c
		JOIN account at ON at.tenant_id = c.tenant_id AND at.id = c.account_id WHERE `+w+` AND (c.account_id, c.name_key) IN (
		SELECT c.account_id, c.name_key FROM contact c WHERE `+w+` GROUP BY c.account_id, c.name_key HAVING count(*) > 1
		ORDER BY c.account_id, c.name_key LIMIT `+args.Add(groups)+`) ORDER BY c.account_id, c.name_key, c.id LIMIT `+args.Add(mostTwins), args.Values...))
}

func twins(rows *sql.Rows, err error) ([]account.Twin, error) {
	return database.All(rows, err, func(r *sql.Rows) (t account.Twin, err error) {
		var key string
		err = r.Scan(&key, &t.ID, &t.Name, database.Into(&t.OwnerID), &t.AccountID, &t.Account)
		return t.Keyed(key), err
	})
}
