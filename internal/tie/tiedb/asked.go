package tiedb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/text"
	"yunchou/internal/tie"
)

const introductionColumns = `id, asker_id, asked_id, named, contact_id, seen, name, former, sentence, asked_at, due_at, answered_at, agreed`

func scanIntroduction(r interface{ Scan(...any) error }) (i tie.Introduction, err error) {
	var asked, due, answered database.Instant
	err = r.Scan(&i.ID, &i.AskerID, database.Into(&i.AskedID), &i.Named, database.Into(&i.ContactID), &i.Seen, &i.Name, &i.Former, &i.Sentence, &asked, &due,
		&answered, &i.Agreed)
	i.AskedAt, i.DueAt, i.AnsweredAt = asked.Time, due.Time, answered.Ptr()
	return i, err
}

// Introductions are those asked by a member, or of him and not answered, the last in front.
func (Rows) Introductions(ctx context.Context, tx database.Tx, tenant, asker, asked string, limit int) ([]tie.Introduction, error) {
	column, who := "asker_id = $2", asker
	if asker == "" {
		column, who = "asked_id = $2 AND answered_at IS NULL", asked
	}
	rows, err := tx.Query(ctx, `SELECT `+introductionColumns+` FROM introduction WHERE tenant_id = $1 AND `+column+` ORDER BY asked_at DESC, id DESC LIMIT $3`,
		tenant, who, limit)
	return database.All(rows, err, func(r *sql.Rows) (tie.Introduction, error) { return scanIntroduction(r) })
}

// Introduction is one.
func (Rows) Introduction(ctx context.Context, tx database.Tx, tenant, id string) (tie.Introduction, bool, error) {
	i, err := scanIntroduction(tx.QueryRow(ctx, `SELECT `+introductionColumns+` FROM introduction WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return i, false, nil
	}
	return i, err == nil, err
}

// InsertIntroduction adds one.
func (Rows) InsertIntroduction(ctx context.Context, tx database.Tx, tenant string, i tie.Introduction) error {
	_, err := tx.Exec(ctx, `INSERT INTO introduction (tenant_id, id, asker_id, asked_id, named, contact_id, seen, name, former, sentence, asked_at, due_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`, tenant, i.ID, i.AskerID, i.AskedID, i.Named, database.Null(i.ContactID), i.Seen, i.Name, i.Former,
		i.Sentence, i.AskedAt, i.DueAt)
	return err
}

// AnswerIntroduction notes what was answered.
func (Rows) AnswerIntroduction(ctx context.Context, tx database.Tx, tenant, id string, at time.Time, agreed bool) error {
	_, err := tx.Exec(ctx, `UPDATE introduction SET answered_at = $3, agreed = $4 WHERE tenant_id = $1 AND id = $2`, tenant, id, at, agreed)
	return err
}

const aroundColumns = `k.id, k.asker_id, k.contact_id, k.name, k.former, k.asked_at, k.widens_at, k.ends_at`

func scanAround(r interface{ Scan(...any) error }) (k tie.AskAround, err error) {
	var asked, widens, ends database.Instant
	err = r.Scan(&k.ID, &k.AskerID, database.Into(&k.ContactID), &k.Name, &k.Former, &asked, &widens, &ends)
	k.AskedAt, k.WidensAt, k.EndsAt = asked.Time, widens.Time, ends.Time
	return k, err
}

// AskArounds are a member's, the last in front; or those he was asked and has not answered.
func (Rows) AskArounds(ctx context.Context, tx database.Tx, tenant, asker, asked string, limit int) ([]tie.AskAround, error) {
	query, who := `SELECT `+aroundColumns+` FROM ask_around k WHERE k.tenant_id = $1 AND k.asker_id = $2 ORDER BY k.asked_at DESC, k.id DESC LIMIT $3`, asker
	if asker == "" {
		query, who = `SELECT `+aroundColumns+` FROM ask_around_asked q JOIN ask_around k ON k.tenant_id = q.tenant_id AND k.id = q.ask_around_id
			WHERE q.tenant_id = $1 AND q.member_id = $2 AND q.answer = '' ORDER BY k.asked_at DESC, k.id DESC LIMIT $3`, asked
	}
	rows, err := tx.Query(ctx, query, tenant, who, limit)
	return database.All(rows, err, func(r *sql.Rows) (tie.AskAround, error) { return scanAround(r) })
}

// AskAround is one.
func (Rows) AskAround(ctx context.Context, tx database.Tx, tenant, id string) (tie.AskAround, bool, error) {
	k, err := scanAround(tx.QueryRow(ctx, `SELECT `+aroundColumns+` FROM ask_around k WHERE k.tenant_id = $1 AND k.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	return k, err == nil, err
}

// InsertAskAround adds one.
func (Rows) InsertAskAround(ctx context.Context, tx database.Tx, tenant string, k tie.AskAround) error {
	_, err := tx.Exec(ctx, `INSERT INTO ask_around (tenant_id, id, asker_id, contact_id, name, name_key, former, asked_at, widens_at, ends_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, tenant, k.ID, k.AskerID, database.Null(k.ContactID), k.Name, text.Match(k.Name), k.Former, k.AskedAt, k.WidensAt,
		k.EndsAt)
	return err
}

// SaidIn are the members asked in some ask-arounds.
func (Rows) SaidIn(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]tie.Said, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT ask_around_id, member_id, wave, answer FROM ask_around_asked WHERE tenant_id = `+args.Add(tenant)+` AND ask_around_id IN `+
		database.In(args, ids)+` ORDER BY ask_around_id, answered_at, member_id`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (x tie.Said, err error) { return x, r.Scan(&x.AskID, &x.MemberID, &x.Wave, &x.Answer) })
}

// InsertAsked notes whom one is put to.
func (Rows) InsertAsked(ctx context.Context, tx database.Tx, tenant, id string, wave int, members []string) error {
	rows := make([][]any, len(members))
	for i, m := range members {
		rows[i] = []any{tenant, id, m, wave}
	}
	return tx.InsertMany(ctx, "ask_around_asked", "tenant_id, ask_around_id, member_id, wave", "ON CONFLICT DO NOTHING", rows)
}

// AnswerAskAround notes what somebody said.
func (Rows) AnswerAskAround(ctx context.Context, tx database.Tx, tenant, id, member, answer string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE ask_around_asked SET answer = $4, answered_at = $5 WHERE tenant_id = $1 AND ask_around_id = $2 AND member_id = $3`,
		tenant, id, member, answer, at)
	return err
}

// AskedBy is who asks a member what he has not answered and what is not over.
func (Rows) AskedBy(ctx context.Context, tx database.Tx, tenant, member string, now time.Time) ([]tie.AskedBy, error) {
	rows, err := tx.Query(ctx, `SELECT asker_id, COUNT(*), 0 FROM introduction WHERE tenant_id = $1 AND asked_id = $2 AND answered_at IS NULL GROUP BY asker_id
		UNION ALL SELECT k.asker_id, 0, COUNT(*) FROM ask_around_asked q JOIN ask_around k ON k.tenant_id = q.tenant_id AND k.id = q.ask_around_id
		WHERE q.tenant_id = $1 AND q.member_id = $2 AND q.answer = '' AND k.ends_at > $3 GROUP BY k.asker_id`, tenant, member, now)
	return database.All(rows, err, func(r *sql.Rows) (x tie.AskedBy, err error) {
		return x, r.Scan(&x.AskerID, &x.Introductions, &x.AskArounds)
	})
}
