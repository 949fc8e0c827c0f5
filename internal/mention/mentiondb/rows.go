// Package mentiondb is the SQL of where people write: the one room that reads, and at an
// erasure changes, the texts of every other.
package mentiondb

import (
	"context"
	"database/sql"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/mention"
	"yunchou/internal/record"
)

// Rows implements mention.Rows.
type Rows struct{}

// column is where people write: its name, its table, the column that names the row and the one
// that holds the text.
type column struct {
	name, table, id, text string
	// on is SQL for the kind and id of what it hangs on, with the table as t, "" for nothing.
	on string
	// byHand is the name of a record, which its own capability changes.
	byHand bool
	// address: the text stands as in the address of a page, with %XX.
	address bool
	// key is the column with what the text is compared by; it is the row's id once somebody was taken
	// out, as of a name nobody gave.
	key string
	// one: no two rows have the same text, so what is written ends in the row's id.
	one bool
	// yaml: the text is read again, and *** would be an alias of something.
	yaml bool
}

// linked is what a row hangs on by its links; deals come before accounts.
func linked(kind string) string { return linkedBy(kind, "id") }

// linkedBy is linked of a row that names by a column what hangs there.
func linkedBy(kind, column string) string {
	return `(SELECT l.to_kind || ' ' || l.to_id FROM record_link l WHERE l.tenant_id = t.tenant_id AND l.kind = '` + kind + `' AND l.id = t.` + column + `
		ORDER BY l.to_kind DESC, l.to_id LIMIT 1)`
}

const ofDeal = `'opportunity ' || t.opportunity_id`

var columns = []column{
	{name: "follow_up.words", table: "follow_up", id: "id", text: "words", on: linked("follow_up")},
	{name: "follow_up.late_reason", table: "follow_up", id: "id", text: "late_reason", on: linked("follow_up")},
	{name: "task.what", table: "task", id: "id", text: "what", on: linked("task")},
	{name: "task.result", table: "task", id: "id", text: "result", on: linked("task")},
	{name: "task.words", table: "task_fact", id: "id", text: "words", on: linkedBy("task", "task_id")},
	{name: "evidence.text", table: "evidence", id: "id", text: "text_value", on: ofDeal},
	{name: "evidence.note", table: "evidence", id: "id", text: "decision_note", on: ofDeal},
	{name: "stay.reason", table: "stay", id: "id", text: "reason", on: ofDeal},
	{name: "stay.loss_reason", table: "stay", id: "id", text: "loss_reason", on: ofDeal},
	{name: "stay.void_reason", table: "stay", id: "id", text: "void_reason", on: ofDeal},
	{name: "opportunity.loss_reason", table: "opportunity", id: "id", text: "loss_reason", on: `'opportunity ' || t.id`},
	{name: "opportunity.source", table: "opportunity", id: "id", text: "source", on: `'opportunity ' || t.id`},
	{name: "opportunity.line_note", table: "opportunity_line", id: "opportunity_id", text: "note", on: ofDeal},
	{name: "field.value", table: "custom_value", id: "record_id", text: "text_value"},
	{name: "message.text", table: "message", id: "id", text: "text", on: `'message ' || t.id`},
	{name: "guidance.piece", table: "guidance_piece", id: "id", text: "text"},
	{name: "guidance_look.text", table: "guidance_look", id: "id", text: "text", on: ofDeal},
	{name: "introduction.sentence", table: "introduction", id: "id", text: "sentence"},
	{name: "background.purpose", table: "contact_past", id: "id", text: "purpose", on: `'contact ' || t.contact_id`},
	{name: "desk_mark.reason", table: "desk_mark", id: "id", text: "reason"},
	{name: "handover.reason", table: "handover", id: "id", text: "reason"},
	{name: "absence.note", table: "absence", id: "id", text: "note"},
	{name: "view.name", table: "saved_view", id: "id", text: "name"},
	{name: "view.query", table: "saved_view", id: "id", text: "query", address: true},
	{name: "file.name", table: "file", id: "id", text: "name", on: linked("file")},
	{name: "competitor.name", table: "competitor", id: "id", text: "name", key: "name_key"},
	{name: "competitor_alias.name", table: "competitor_alias", id: "id", text: "name", key: "name_key"},
	{name: "competitor_entry.title", table: "competitor_entry", id: "id", text: "title"},
	{name: "competitor_entry.words", table: "competitor_entry", id: "id", text: "words"},
	{name: "competitor_entry.helped", table: "competitor_entry", id: "id", text: "helped"},
	{name: "sighting.words", table: "sighting", id: "id", text: "words", on: "CASE WHEN t.opportunity_id IS NULL THEN 'account ' || t.account_id ELSE 'opportunity ' || t.opportunity_id END"},
	{name: "mapping.name", table: "import_mapping", id: "id", text: "name", one: true},
	{name: "mapping.body", table: "import_mapping", id: "id", text: "body", yaml: true},
	{name: "import.mapping", table: "import_batch", id: "id", text: "mapping", yaml: true},
	{name: "import.files", table: "import_batch", id: "id", text: "files"},
	{name: "import.issue_file", table: "import_issue", id: "batch_id", text: "file"},
	{name: "merge.before", table: "merging", id: "id", text: "before", on: `t.kind || ' ' || t.kept_id`},
	{name: "account.industry", table: "account", id: "id", text: "industry", on: `'account ' || t.id`, byHand: true},
	{name: "account.region", table: "account", id: "id", text: "region", on: `'account ' || t.id`, byHand: true},
	{name: "account.class", table: "account", id: "id", text: "class", on: `'account ' || t.id`, byHand: true},
	{name: "opportunity.region", table: "opportunity", id: "id", text: "region", on: `'opportunity ' || t.id`, byHand: true},
	{name: "opportunity.name", table: "opportunity", id: "id", text: "name", on: `'opportunity ' || t.id`, byHand: true},
	{name: "account.name", table: "account", id: "id", text: "name", on: `'account ' || t.id`, byHand: true},
}

func called(name string) (column, bool) {
	for _, c := range columns {
		if c.name == name {
			return c, true
		}
	}
	return column{}, false
}

// Knows implements mention.Rows.
func (Rows) Knows(kind string) (known, byHand bool) {
	c, known := called(kind)
	return known, c.byHand
}

// Containing reads texts that may name a person, the last made first by their ids.
func (Rows) Containing(ctx context.Context, tx database.Tx, tenant string, patterns []string, limit int) (out []mention.Written, err error) {
	for _, c := range columns {
		args := &database.Args{}
		like := make([]string, len(patterns))
		on := c.on
		if on == "" {
			on = "''"
		}
		of := args.Add(tenant)
		for i, p := range patterns {
			if c.address {
				p = inAddress(p)
			}
			like[i] = "lower(t." + c.text + ") LIKE " + args.Add(p) + " ESCAPE '!'"
		}
		rows, err := tx.Query(ctx, `SELECT DISTINCT t.`+c.id+`, t.`+c.text+`, COALESCE(`+on+`, '') FROM `+c.table+` t
			WHERE t.tenant_id = `+of+` AND (`+strings.Join(like, " OR ")+`) ORDER BY t.`+c.id+` DESC LIMIT `+args.Add(limit), args.Values...)
		part, err := database.All(rows, err, func(r *sql.Rows) (w mention.Written, err error) {
			on := ""
			w.Kind = c.name
			err = r.Scan(&w.ID, &w.Text, &on)
			w.Text = c.read(w.Text)
			kind, id, _ := strings.Cut(on, " ")
			w.On = record.Ref{Kind: kind, ID: id}
			return w, err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// At reads the texts of a place; of a deal's lines there may be several.
func (Rows) At(ctx context.Context, tx database.Tx, tenant string, p account.Place) ([]string, error) {
	c, _ := called(p.Kind)
	rows, err := tx.Query(ctx, `SELECT DISTINCT t.`+c.text+` FROM `+c.table+` t WHERE t.tenant_id = $1 AND t.`+c.id+` = $2 AND t.`+c.text+` IS NOT NULL`, tenant, p.ID)
	return database.All(rows, err, func(r *sql.Rows) (text string, err error) {
		err = r.Scan(&text)
		return c.read(text), err
	})
}

// Write puts a text in another's place.
func (Rows) Write(ctx context.Context, tx database.Tx, tenant string, p account.Place, was, now string) error {
	c, _ := called(p.Kind)
	set := c.text + " = $3"
	if c.key != "" {
		set += ", " + c.key + " = " + c.id
	}
	if c.one {
		now += " " + p.ID
	}
	if c.yaml {
		now = strings.ReplaceAll(now, "***", "＊＊＊")
	}
	_, err := tx.Exec(ctx, `UPDATE `+c.table+` SET `+set+` WHERE tenant_id = $1 AND `+c.id+` = $2 AND `+c.text+` = $4`, tenant, p.ID, c.written(now), c.written(was))
	return err
}
