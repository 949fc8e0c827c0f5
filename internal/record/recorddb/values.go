package recorddb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// Values implements record.Values.
type Values struct{}

// Insert writes values.
func (Values) Insert(ctx context.Context, tx database.Tx, tenant string, values []record.Value) error {
	rows := make([][]any, len(values))
	for i, v := range values {
		rows[i] = []any{tenant, v.RecordID, v.Field, v.Key, string(v.Day), v.Seq, v.Number, database.Null(v.Text), database.Null(v.Basis)}
	}
	return tx.InsertMany(ctx, "dated_value", "tenant_id, record_id, field, key, day, seq, number_value, text_value, basis", "", rows)
}

// Of reads a record's values.
func (Values) Of(ctx context.Context, tx database.Tx, tenant, id string) ([]record.Value, error) {
	if err := tx.Settle(ctx, "dated_value"); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT field, key, day, seq, number_value, text_value, basis FROM dated_value
		WHERE tenant_id = $1 AND record_id = $2 AND ended_seq IS NULL ORDER BY field, key, day, seq`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (record.Value, error) {
		v := record.Value{RecordID: id}
		return v, r.Scan(&v.Field, &v.Key, &v.Day, &v.Seq, &v.Number, database.Into(&v.Text), database.Into(&v.Basis))
	})
}

// EndWritten ends what one entry wrote.
func (Values) EndWritten(tx database.Tx, tenant, id string, written, seq database.Seq) {
	endWritten(tx, "dated_value", tenant, id, written, seq)
}

// EndOwned ends the ownerships one entry wrote.
func (Values) EndOwned(tx database.Tx, tenant, id string, written, seq database.Seq) {
	endWritten(tx, "ownership", tenant, id, written, seq)
}

func endWritten(tx database.Tx, table, tenant, id string, written, seq database.Seq) {
	tx.Later(`UPDATE `+table+` SET ended_seq = $1 WHERE tenant_id = $2 AND record_id = $3 AND seq = $4 AND ended_seq IS NULL`, seq, tenant, id, written)
}

// EndField ends what some entries wrote of one field.
func (Values) EndField(tx database.Tx, tenant, id, field string, written []database.Seq, seq database.Seq) {
	for _, w := range written {
		tx.Later(`UPDATE dated_value SET ended_seq = $1 WHERE tenant_id = $2 AND record_id = $3 AND field = $4 AND seq = $5 AND ended_seq IS NULL`,
			seq, tenant, id, field, w)
	}
}

// EndAll ends everything.
func (Values) EndAll(tx database.Tx, tenant, id string, seq database.Seq) {
	for _, table := range []string{"dated_value", "ownership"} {
		tx.Later(`UPDATE `+table+` SET ended_seq = $1 WHERE tenant_id = $2 AND record_id = $3 AND ended_seq IS NULL`, seq, tenant, id)
	}
}
