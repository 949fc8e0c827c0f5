// Package tiedb is the SQL of who knows whom.
package tiedb

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/record"
	"yunchou/internal/text"
	"yunchou/internal/tie"
)

// Rows implements tie.Rows.
type Rows struct{}

const tieColumns = `t.id, t.holder_id, t.from_contact_id, t.contact_id, t.kind, t.direction, t.strength, t.from_on, t.to_on, t.visibility, t.avoid, t.source, t.made_at, t.version`

func scanTie(r interface{ Scan(...any) error }) (t tie.Tie, err error) {
	var made database.Instant
	err = r.Scan(&t.ID, &t.HolderID, database.Into(&t.FromContactID), &t.ContactID, &t.Kind, &t.Direction, &t.Strength, database.Into(&t.From),
		database.Into(&t.To), &t.Visibility, &t.Avoid, &t.Source, &made, &t.Version)
	t.MadeAt = made.Time
	return t, err
}

func tiesOf(r *sql.Rows) (tie.Tie, error) { return scanTie(r) }

// Ties are those of a contact on either side, of a holder, or to be avoided.
func (Rows) Ties(ctx context.Context, tx database.Tx, tenant string, q tie.Asked) ([]tie.Tie, error) {
	args := &database.Args{}
	w := `t.tenant_id = ` + args.Add(tenant)
	if q.Holder != "" {
		w += ` AND t.holder_id = ` + args.Add(q.Holder)
	}
	if q.Avoid {
		w += ` AND t.avoid`
	}
	text := `SELECT ` + tieColumns + ` FROM tie t WHERE ` + w
	if q.Between {
		in := database.In(args, q.Contacts)
		text += ` AND t.contact_id IN ` + in + ` AND t.from_contact_id IN ` + in
	} else if q.Contacts != nil {
		in := database.In(args, q.Contacts)
		text += ` AND t.contact_id IN ` + in + ` UNION SELECT ` + tieColumns + ` FROM tie t WHERE ` + w + ` AND t.from_contact_id IN ` + in
	}
	rows, err := tx.Query(ctx, text+` ORDER BY 1 DESC LIMIT `+args.Add(q.Limit), args.Values...)
	return database.All(rows, err, tiesOf)
}

// Tie is one of a holder's. Fault: tie.unknown.
func (Rows) Tie(ctx context.Context, tx database.Tx, tenant, holder, id string) (tie.Tie, error) {
	t, err := scanTie(tx.QueryRow(ctx, `SELECT `+tieColumns+` FROM tie t WHERE t.tenant_id = $1 AND t.id = $2 AND t.holder_id = $3`, tenant, id, holder))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "tie.unknown", "no such tie of yours")
	}
	return t, err
}

// Any is one, whosever.
func (Rows) Any(ctx context.Context, tx database.Tx, tenant, id string) (tie.Tie, bool, error) {
	t, err := scanTie(tx.QueryRow(ctx, `SELECT `+tieColumns+` FROM tie t WHERE t.tenant_id = $1 AND t.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, err
}

// InsertTie adds one.
func (Rows) InsertTie(ctx context.Context, tx database.Tx, tenant string, t tie.Tie) error {
	_, err := tx.Exec(ctx, `INSERT INTO tie (tenant_id, id, holder_id, from_contact_id, contact_id, kind, direction, strength, from_on, to_on, visibility, avoid,
		source, made_at, version) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, tenant, t.ID, t.HolderID, database.Null(t.FromContactID),
		t.ContactID, t.Kind, t.Direction, t.Strength, database.Null(t.From), database.Null(t.To), t.Visibility, t.Avoid, t.Source, t.MadeAt, t.Version)
	return err
}

// SaveTie replaces one. Fault: record.stale.
func (Rows) SaveTie(ctx context.Context, tx database.Tx, tenant string, t tie.Tie, was int) error {
	n, err := tx.Exec(ctx, `UPDATE tie SET kind = $3, direction = $4, strength = $5, from_on = $6, to_on = $7, visibility = $8, avoid = $9, source = $10, version = $11
		WHERE tenant_id = $1 AND id = $2 AND version = $12`, tenant, t.ID, t.Kind, t.Direction, t.Strength, database.Null(t.From), database.Null(t.To),
		t.Visibility, t.Avoid, t.Source, t.Version, was)
	if err == nil && n == 0 {
		err = record.ErrStale
	}
	return err
}

// DeleteTie removes one.
func (Rows) DeleteTie(ctx context.Context, tx database.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM tie WHERE tenant_id = $1 AND id = $2`, tenant, id)
	return err
}

type statement struct {
	text string
	args []any
}

func each(ctx context.Context, tx database.Tx, list ...statement) error {
	for _, s := range list {
		if _, err := tx.Exec(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes what is kept of a contact, by his id and what he is called.
func (Rows) Forget(ctx context.Context, tx database.Tx, tenant, contact string, nameKeys []string) error {
	of := []any{tenant, contact}
	if err := each(ctx, tx,
		statement{`DELETE FROM tie WHERE tenant_id = $1 AND contact_id = $2`, of},
		statement{`DELETE FROM tie WHERE tenant_id = $1 AND from_contact_id = $2`, of},
		statement{`DELETE FROM contact_past WHERE tenant_id = $1 AND contact_id = $2`, of},
		statement{`DELETE FROM contact_background WHERE tenant_id = $1 AND contact_id = $2`, of},
		statement{`DELETE FROM introduction WHERE tenant_id = $1 AND contact_id = $2`, of}); err != nil {
		return err
	}
	if err := forgetTyped(ctx, tx, tenant, nameKeys); err != nil {
		return err
	}
	args := &database.Args{}
	w := ` WHERE tenant_id = ` + args.Add(tenant) + ` AND (contact_id = ` + args.Add(contact)
	if len(nameKeys) > 0 {
		w += ` OR contact_id IS NULL AND name_key IN ` + database.In(args, nameKeys)
	}
	w += `)`
	return each(ctx, tx,
		statement{`DELETE FROM ask_around_asked WHERE tenant_id = $1 AND ask_around_id IN (SELECT id FROM ask_around` + w + `)`, args.Values},
		statement{`DELETE FROM ask_around` + w, args.Values})
}

// forgetTyped removes introductions to somebody of whom there was only a name.
func forgetTyped(ctx context.Context, tx database.Tx, tenant string, nameKeys []string) error {
	rows, err := tx.Query(ctx, `SELECT id, name FROM introduction WHERE tenant_id = $1 AND contact_id IS NULL ORDER BY id`, tenant)
	list, err := database.All(rows, err, func(r *sql.Rows) (x [2]string, err error) { return x, r.Scan(&x[0], &x[1]) })
	for _, x := range list {
		if err == nil && slices.Contains(nameKeys, text.Match(x[1])) {
			_, err = tx.Exec(ctx, `DELETE FROM introduction WHERE tenant_id = $1 AND id = $2`, tenant, x[0])
		}
	}
	return err
}

// ForgetMember removes what a member said and did not share.
func (Rows) ForgetMember(ctx context.Context, tx database.Tx, tenant, member string) error {
	of := []any{tenant, member}
	return each(ctx, tx,
		statement{`DELETE FROM tie WHERE tenant_id = $1 AND holder_id = $2 AND (visibility <> 'shown' OR avoid)`, of},
		statement{`DELETE FROM member_past WHERE tenant_id = $1 AND member_id = $2`, of},
		statement{`DELETE FROM member_background WHERE tenant_id = $1 AND member_id = $2`, of},
		statement{`DELETE FROM introduction WHERE tenant_id = $1 AND asker_id = $2`, of},
		statement{`UPDATE introduction SET asked_id = NULL, agreed = false WHERE tenant_id = $1 AND asked_id = $2`, of},
		statement{`DELETE FROM ask_around_asked WHERE tenant_id = $1 AND member_id = $2`, of},
		statement{`DELETE FROM ask_around_asked WHERE tenant_id = $1 AND ask_around_id IN (SELECT id FROM ask_around WHERE tenant_id = $1 AND asker_id = $2)`, of},
		statement{`DELETE FROM ask_around WHERE tenant_id = $1 AND asker_id = $2`, of})
}

// Holders are the members of whom something is kept that goes with them.
func (Rows) Holders(ctx context.Context, tx database.Tx, tenant string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT holder_id FROM tie WHERE tenant_id = $1 AND (visibility <> 'shown' OR avoid) UNION SELECT member_id FROM member_background WHERE tenant_id = $1
		UNION SELECT asker_id FROM introduction WHERE tenant_id = $1 UNION SELECT asked_id FROM introduction WHERE tenant_id = $1 AND asked_id IS NOT NULL
		UNION SELECT asker_id FROM ask_around WHERE tenant_id = $1 UNION SELECT member_id FROM ask_around_asked WHERE tenant_id = $1 ORDER BY 1`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// Mine is a member's background; one who was never asked has version 0.
func (Rows) Mine(ctx context.Context, tx database.Tx, tenant, member string) (m tie.Mine, err error) {
	m.State, m.Visibility = tie.Unasked, tie.Askable
	err = tx.QueryRow(ctx, `SELECT state, visibility, home_town, version FROM member_background WHERE tenant_id = $1 AND member_id = $2`, tenant, member).
		Scan(&m.State, &m.Visibility, &m.HomeTown, &m.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	rows, err := tx.Query(ctx, `SELECT kind, name, from_year, to_year FROM member_past WHERE tenant_id = $1 AND member_id = $2 ORDER BY ord`, tenant, member)
	list, err := database.All(rows, err, func(r *sql.Rows) (p tie.Past, err error) {
		return p, r.Scan(&p.Kind, &p.Name, &p.FromYear, &p.ToYear)
	})
	for _, p := range list {
		if p.Kind == tie.School {
			m.Schools = append(m.Schools, p)
		} else {
			m.Employers = append(m.Employers, p)
		}
	}
	return m, err
}

// State is whether a member said it, skipped it or was never asked.
func (Rows) State(ctx context.Context, tx database.Tx, tenant, member string) (state string, err error) {
	err = tx.QueryRow(ctx, `SELECT state FROM member_background WHERE tenant_id = $1 AND member_id = $2`, tenant, member).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return tie.Unasked, nil
	}
	return state, err
}

// Background is what is known of a contact.
func (Rows) Background(ctx context.Context, tx database.Tx, tenant, contact string) (b tie.Background, err error) {
	err = tx.QueryRow(ctx, `SELECT version FROM contact_background WHERE tenant_id = $1 AND contact_id = $2`, tenant, contact).Scan(&b.Version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return b, err
	}
	rows, err := tx.Query(ctx, `SELECT id, kind, name, from_year, to_year, source, said_on, purpose FROM contact_past WHERE tenant_id = $1 AND contact_id = $2
		ORDER BY ord, id`, tenant, contact)
	b.Items, err = database.All(rows, err, func(r *sql.Rows) (p tie.Past, err error) {
		return p, r.Scan(&p.ID, &p.Kind, &p.Name, &p.FromYear, &p.ToYear, &p.Source, &p.On, &p.Purpose)
	})
	return b, err
}
