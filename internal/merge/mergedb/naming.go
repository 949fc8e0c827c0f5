package mergedb

import (
	"context"
	"database/sql"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/merge"
	"yunchou/internal/record"
)

// named is a table whose rows name a record: by which column, in which rows, and how a row is called. Where no
// two rows may be alike, columns and values are what one holds besides the company.
type named struct {
	as, table, id, column, where string
	columns                      string
	values                       func(row, record string) []any
}

func linksTo(kind string) named {
	return named{as: "link", table: "record_link", id: "kind || ' ' || id", column: "to_id", where: " AND to_kind = '" + kind + "'",
		columns: "kind, id, to_kind, to_id", values: func(row, to string) []any {
			from, id, _ := strings.Cut(row, " ")
			return []any{from, id, kind, to}
		}}
}

func filesOf(kind string) named {
	return named{as: "file", table: "file", id: "id", column: "owner_id", where: " AND owner_kind = '" + kind + "'"}
}

func threadsOn(kind string) named {
	return named{as: "thread", table: "thread", id: "id", column: "on_id", where: " AND on_kind = '" + kind + "'"}
}

func guidanceOn(kind string) named {
	return named{as: "guidance", table: "guidance", id: "id", column: "on_id", where: " AND on_kind = '" + kind + "'"}
}

// tables are what names a record, by its kind. Where an account's deals, people and subsidiaries are is written
// by their own capabilities, each with an entry of its own. The job a person has is where he says he is.
var tables = map[string][]named{
	record.Account: {
		{as: "job", table: "employment", id: "id", column: "account_id"}, {as: "change", table: "contact_change", id: "id", column: "account_id"},
		{as: "sighting", table: "sighting", id: "id", column: "account_id"}, filesOf(record.Account), threadsOn(record.Account), guidanceOn(record.Account), linksTo(record.Account)},
	record.Contact: {
		{as: "job", table: "employment", id: "id", column: "contact_id", where: " AND to_on IS NOT NULL"},
		{as: "change", table: "contact_change", id: "id", column: "contact_id"}, {as: "successor", table: "contact_change", id: "id", column: "successor_id"},
		{as: "past", table: "contact_past", id: "id", column: "contact_id"}, {as: "tie", table: "tie", id: "id", column: "contact_id"},
		{as: "tie_from", table: "tie", id: "id", column: "from_contact_id"}, {as: "introduction", table: "introduction", id: "id", column: "contact_id"},
		{as: "ask_around", table: "ask_around", id: "id", column: "contact_id"},
		{as: "confirmation", table: "confirmation", id: "id", column: "contact_id"}, {as: "meets", table: "task", id: "id", column: "meets"},
		{as: "evidence", table: "evidence", id: "id", column: "contact_id"}, filesOf(record.Contact), threadsOn(record.Contact), guidanceOn(record.Contact), linksTo(record.Contact),
		{as: "follow_up", table: "follow_up_contact", id: "follow_up_id", column: "contact_id", columns: "follow_up_id, contact_id",
			values: func(row, to string) []any { return []any{row, to} }}},
}

// rows are those of a table that name a record, all of them or some.
func (n named) rows(ctx context.Context, tx database.Tx, tenant, of string, only []string) ([]string, error) {
	args := &database.Args{}
	w := ` WHERE tenant_id = ` + args.Add(tenant) + ` AND ` + n.column + ` = ` + args.Add(of) + n.where
	if only != nil {
		w += ` AND ` + n.id + ` IN ` + database.In(args, only)
	}
	rows, err := tx.Query(ctx, `SELECT `+n.id+` FROM `+n.table+w+` ORDER BY 1 LIMIT `+args.Add(merge.Most+1), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) Naming(ctx context.Context, tx database.Tx, tenant string, gone, kept record.Ref) (merge.Moved, error) {
	out := merge.Moved{}
	for _, n := range tables[gone.Kind] {
		all, err := n.rows(ctx, tx, tenant, gone.ID, nil)
		if err != nil {
			return nil, err
		}
		both := map[string]bool{}
		if n.values != nil && len(all) > 0 {
			too, err := n.rows(ctx, tx, tenant, kept.ID, all)
			if err != nil {
				return nil, err
			}
			for _, id := range too {
				both[id] = true
			}
		}
		for _, id := range all {
			as := n.as
			if both[id] {
				as += merge.BothToo
			}
			out[as] = append(out[as], id)
		}
	}
	return out, nil
}

func (Rows) Still(ctx context.Context, tx database.Tx, tenant string, now record.Ref, m merge.Moved) (merge.Moved, error) {
	out := merge.Moved{}
	for _, n := range tables[now.Kind] {
		for _, as := range []string{n.as, n.as + merge.BothToo} {
			if len(m[as]) == 0 {
				continue
			}
			ids, err := n.rows(ctx, tx, tenant, now.ID, m[as])
			if err != nil {
				return nil, err
			}
			if len(ids) > 0 {
				out[as] = ids
			}
		}
	}
	return out, nil
}

func (Rows) Move(ctx context.Context, tx database.Tx, tenant string, from, to record.Ref, m merge.Moved) error {
	for _, n := range tables[from.Kind] {
		if err := n.change(ctx, tx, tenant, `UPDATE `+n.table+` SET `+n.column+` = $1`, to.ID, from.ID, m[n.as]); err != nil {
			return err
		}
		if err := n.change(ctx, tx, tenant, `DELETE FROM `+n.table, "", from.ID, m[n.as+merge.BothToo]); err != nil {
			return err
		}
	}
	return nil
}

// change runs a statement on some rows that name a record; the first argument is bound where it is not "".
func (n named) change(ctx context.Context, tx database.Tx, tenant, statement, first, of string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	args := &database.Args{}
	if first != "" {
		args.Add(first)
	}
	_, err := tx.Exec(ctx, statement+` WHERE tenant_id = `+args.Add(tenant)+` AND `+n.column+` = `+args.Add(of)+n.where+
		` AND `+n.id+` IN `+database.In(args, ids), args.Values...)
	return err
}

func (r Rows) Return(ctx context.Context, tx database.Tx, tenant string, kept, gone record.Ref, m merge.Moved) error {
	own := merge.Moved{}
	for _, n := range tables[kept.Kind] {
		own[n.as] = m[n.as]
		var rows [][]any
		for _, id := range m[n.as+merge.BothToo] {
			rows = append(rows, append([]any{tenant}, n.values(id, gone.ID)...))
		}
		if err := tx.InsertMany(ctx, n.table, "tenant_id, "+n.columns, "ON CONFLICT DO NOTHING", rows); err != nil {
			return err
		}
	}
	return r.Move(ctx, tx, tenant, kept, gone, own)
}
