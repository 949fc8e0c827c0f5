package upgradedb

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/credit/creditdb"
	"yunchou/internal/database"
	"yunchou/internal/upgrade"
)

// Save writes what was found out about a run of records.
func (Rows) Save(ctx context.Context, tx database.Tx, company string, f upgrade.Facts) error {
	values := make([][]any, len(f.Values))
	for i, v := range f.Values {
		values[i] = []any{company, v.RecordID, v.Field, v.Key, string(v.Day), v.Seq, number(v.EndedSeq), v.Number, database.Null(v.Text), database.Null(v.Basis)}
	}
	var stays, owners, lines, reporting [][]any
	for _, id := range slices.Sorted(maps.Keys(f.Stays)) {
		for _, s := range f.Stays[id] {
			stays = append(stays, []any{id, s.Ord, s.Seq, number(s.EndedSeq), number(s.AcceptedSeq), database.Null(s.LossKind), database.Null(s.LossReason),
				database.Null(s.CompetitorID), database.Null(s.SignedOn), s.ContractMinor, s.AmountMinor, database.Null(s.Currency)})
		}
	}
	var anew, teams [][]any
	for _, id := range slices.Sorted(maps.Keys(f.Owners)) {
		again := slices.Contains(f.Followed, id)
		if again {
			teams = append(teams, []any{id, database.Null(f.Teams[id])})
		}
		for i, w := range f.Owners[id] {
			if again {
				ends := calendar.Date("")
				if i+1 < len(f.Owners[id]) {
					ends = f.Owners[id][i+1].From
				}
				anew = append(anew, []any{company, id, w.Ord, "opportunity", database.Null(w.MemberID), database.Null(w.TeamID), string(w.From), database.Null(ends),
					database.Null(w.HandoverID), w.Seq, number(w.EndedSeq), database.Null(w.Basis)})
				continue
			}
			owners = append(owners, []any{id, w.Ord, w.Seq, number(w.EndedSeq), database.Null(w.Basis)})
		}
	}
	for _, l := range f.Lines {
		lines = append(lines, []any{l.ID, l.StayID, l.Seq})
	}
	for _, id := range slices.Sorted(maps.Keys(f.Reporting)) {
		reporting = append(reporting, []any{id, f.Reporting[id]})
	}
	return errors.Join(
		tx.InsertMany(ctx, "dated_value", "tenant_id, record_id, field, key, day, seq, ended_seq, number_value, text_value, basis", "", values),
		updates{table: "stay", keys: []string{"opportunity_id text", "ord bigint"}, sets: []string{"seq bigint", "ended_seq bigint", "accepted_seq bigint", "loss_kind text",
			"loss_reason text", "competitor_id text", "signed_on text", "contract_minor bigint", "amount_minor bigint", "currency text"}}.run(ctx, tx, company, stays),
		updates{table: "ownership", keys: []string{"record_id text", "ord bigint"}, sets: []string{"seq bigint", "ended_seq bigint", "basis text"}}.run(ctx, tx, company, owners),
		updates{table: "credit_line", keys: []string{"id text"}, sets: []string{"stay_id text", "seq bigint"}}.run(ctx, tx, company, lines),
		replaceOwners(ctx, tx, company, f.Followed, anew),
		updates{table: "opportunity", keys: []string{"id text"}, sets: []string{"team_id text"}}.run(ctx, tx, company, teams),
		updates{table: "opportunity", keys: []string{"id text"}, sets: []string{"reporting_minor bigint"}}.run(ctx, tx, company, reporting),
		creditdb.Rows{}.Insert(ctx, tx, company, f.Credit))
}

// replaceOwners writes the intervals of records anew.
func replaceOwners(ctx context.Context, tx database.Tx, company string, ids []string, rows [][]any) error {
	for _, id := range ids {
		if _, err := tx.Exec(ctx, `DELETE FROM ownership WHERE tenant_id = $1 AND record_id = $2`, company, id); err != nil {
			return err
		}
	}
	return tx.InsertMany(ctx, "ownership", "tenant_id, record_id, ord, record_kind, member_id, team_id, from_on, to_on, handover_id, seq, ended_seq, basis", "", rows)
}

// number is NULL for nought.
func number(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// updates sets columns of many rows, each by its own keys. Columns are named with their type.
type updates struct {
	table      string
	keys, sets []string
}

func (u updates) run(ctx context.Context, tx database.Tx, company string, rows [][]any) error {
	if tx.Dialect() == database.SQLite {
		return u.oneByOne(ctx, tx, company, rows)
	}
	most := 6000 / (len(u.keys) + len(u.sets))
	for from := 0; from < len(rows); from += most {
		part := rows[from:min(len(rows), from+most)]
		args := []any{company}
		for _, r := range part {
			args = append(args, r...)
		}
		if _, err := tx.Exec(ctx, u.together(len(part)), args...); err != nil {
			return err
		}
	}
	return nil
}

// oneByOne: SQLite would read all of a company's rows and look for each among the values,
// and a statement that is prepared costs it microseconds.
func (u updates) oneByOne(ctx context.Context, tx database.Tx, company string, rows [][]any) error {
	args := &database.Args{}
	var keys, sets []string
	for _, c := range u.keys {
		name, _, _ := strings.Cut(c, " ")
		keys = append(keys, name+" = "+args.Add(nil))
	}
	for _, c := range u.sets {
		name, _, _ := strings.Cut(c, " ")
		sets = append(sets, name+" = "+args.Add(nil))
	}
	query := "UPDATE " + u.table + " SET " + strings.Join(sets, ", ") + " WHERE tenant_id = " + args.Add(nil) + " AND " + strings.Join(keys, " AND ")
	for _, r := range rows {
		if _, err := tx.Exec(ctx, query, append(slices.Clone(r), company)...); err != nil {
			return err
		}
	}
	return nil
}

// together is one statement for n rows, where each statement is a round trip. The values are
// a table of their own; its first row says their types.
func (u updates) together(n int) string {
	columns := append(slices.Clone(u.keys), u.sets...)
	var q strings.Builder
	q.WriteString("UPDATE " + u.table + " SET ")
	for i, c := range u.sets {
		name, _, _ := strings.Cut(c, " ")
		q.WriteString([]string{"", ", "}[min(i, 1)] + name + " = v.column" + strconv.Itoa(len(u.keys)+i+1))
	}
	q.WriteString(" FROM (VALUES ")
	for row := range n {
		q.WriteString([]string{"", ", "}[min(row, 1)])
		for i, c := range columns {
			_, kind, _ := strings.Cut(c, " ")
			at := "$" + strconv.Itoa(row*len(columns)+i+2)
			if row == 0 {
				at = "CAST(" + at + " AS " + kind + ")"
			}
			q.WriteString([]string{"(", ", "}[min(i, 1)] + at)
		}
		q.WriteString(")")
	}
	q.WriteString(") AS v WHERE " + u.table + ".tenant_id = $1")
	for i, c := range u.keys {
		name, _, _ := strings.Cut(c, " ")
		q.WriteString(" AND " + u.table + "." + name + " = v.column" + strconv.Itoa(i+1))
	}
	return q.String()
}
