// Package competitordb is the SQL of what is known of competitors.
package competitordb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/competitor"
	"yunchou/internal/database"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

// Rows implements competitor.Rows.
type Rows struct{}

const entryColumns = `e.id, e.competitor_id, e.kind, e.title, e.words, e.helped, e.source, e.said_on, e.said_by, e.made_at, e.withdrawn_at, e.withdrawn_by, e.version`

func scanEntry(r interface{ Scan(...any) error }) (e competitor.Entry, err error) {
	var made, withdrawn database.Instant
	err = r.Scan(&e.ID, &e.CompetitorID, &e.Kind, &e.Title, &e.Words, &e.Helped, &e.Source, &e.On, &e.SaidBy, &made, &withdrawn, database.Into(&e.WithdrawnBy), &e.Version)
	e.MadeAt, e.WithdrawnAt = made.Time, withdrawn.Ptr()
	return e, err
}

// Entries are those of some competitors that stand, the last made in front.
func (Rows) Entries(ctx context.Context, tx database.Tx, tenant string, competitors []string, limit int) ([]competitor.Entry, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+entryColumns+` FROM competitor_entry e WHERE e.tenant_id = `+args.Add(tenant)+` AND e.competitor_id IN `+
		database.In(args, competitors)+` AND e.withdrawn_at IS NULL ORDER BY e.id DESC LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (competitor.Entry, error) { return scanEntry(r) })
}

// Entry is one. Fault: competitor_entry.unknown.
func (Rows) Entry(ctx context.Context, tx database.Tx, tenant, id string) (competitor.Entry, error) {
	e, err := scanEntry(tx.QueryRow(ctx, `SELECT `+entryColumns+` FROM competitor_entry e WHERE e.tenant_id = $1 AND e.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = competitor.ErrNoEntry
	}
	return e, err
}

// SaveEntry writes one whole. Fault: record.stale.
func (Rows) SaveEntry(ctx context.Context, tx database.Tx, tenant string, e competitor.Entry, was int) error {
	if was == 0 {
		_, err := tx.Exec(ctx, `INSERT INTO competitor_entry (tenant_id, id, competitor_id, kind, title, words, helped, source, said_on, said_by, made_at,
			withdrawn_at, withdrawn_by, version) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, tenant, e.ID, e.CompetitorID, e.Kind, e.Title, e.Words,
			e.Helped, e.Source, string(e.On), e.SaidBy, e.MadeAt, e.WithdrawnAt, database.Null(e.WithdrawnBy), e.Version)
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE competitor_entry SET title = $3, words = $4, helped = $5, source = $6, said_on = $7, withdrawn_at = $8, withdrawn_by = $9, version = $10
		WHERE tenant_id = $1 AND id = $2 AND version = $11`, tenant, e.ID, e.Title, e.Words, e.Helped, e.Source, string(e.On), e.WithdrawnAt,
		database.Null(e.WithdrawnBy), e.Version, was)
	if err == nil && n == 0 {
		err = record.ErrStale
	}
	return err
}

const columns = `x.id, x.competitor_id, ` + scopedb.SightingAt + `, x.opportunity_id, x.kind, x.seen_on, x.seen_by, x.source, x.price_minor, x.currency, x.words,
	x.joined, x.made_at, x.made_by, x.withdrawn_at, x.withdrawn_by, x.version`

func into(x *competitor.Sighting, made, withdrawn *database.Instant) []any {
	return []any{&x.ID, &x.CompetitorID, &x.AccountID, database.Into(&x.OpportunityID), &x.Kind, &x.On, &x.SeenBy, &x.Source, &x.PriceMinor,
		database.Into(&x.Currency), &x.Words, &x.Joined, made, &x.MadeBy, withdrawn, database.Into(&x.WithdrawnBy), &x.Version}
}

func scan(r interface{ Scan(...any) error }, before ...any) (x competitor.Sighting, err error) {
	var made, withdrawn database.Instant
	err = r.Scan(append(before, into(&x, &made, &withdrawn)...)...)
	x.MadeAt, x.WithdrawnAt = made.Time, withdrawn.Ptr()
	return x, err
}

// Sightings are those in sight that stand, the last day in front.
func (Rows) Sightings(ctx context.Context, tx database.Tx, tenant string, v competitor.Sees, q competitor.Asked) ([]competitor.Sighting, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	w := `x.tenant_id = ` + company + ` AND x.withdrawn_at IS NULL`
	if q.Competitors != nil {
		w += ` AND x.competitor_id IN ` + database.In(args, q.Competitors)
	}
	if q.Opportunity != "" {
		w += ` AND x.opportunity_id = ` + args.Add(q.Opportunity)
	}
	if q.Account != "" {
		w += ` AND ` + scopedb.AtAccount(args, company, q.Account)
	}
	if q.Since != "" {
		w += ` AND x.seen_on >= ` + args.Add(string(q.Since))
	}
	if q.Priced {
		w += ` AND x.price_minor IS NOT NULL`
	}
	if q.Before != nil {
		w += ` AND (x.seen_on, x.id) < (` + args.Add(string(q.Before.On)) + `, ` + args.Add(q.Before.ID) + `)`
	}
	w += ` AND ` + scopedb.Sighting(args, v.Deals, v.Accounts)
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM sighting x WHERE `+w+` ORDER BY x.seen_on DESC, x.id DESC LIMIT `+args.Add(q.Limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (competitor.Sighting, error) { return scan(r) })
}

// Sighting is one in sight. Fault: sighting.unknown.
func (Rows) Sighting(ctx context.Context, tx database.Tx, tenant string, v competitor.Sees, id string) (competitor.Sighting, error) {
	args := &database.Args{}
	w := `x.tenant_id = ` + args.Add(tenant) + ` AND x.id = ` + args.Add(id)
	if !v.Deals.All || !v.Accounts.All {
		w += ` AND ` + scopedb.Sighting(args, v.Deals, v.Accounts)
	}
	x, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM sighting x WHERE `+w, args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		err = competitor.ErrNoSighting
	}
	return x, err
}

// SaveSighting writes one whole. Fault: record.stale.
func (Rows) SaveSighting(ctx context.Context, tx database.Tx, tenant string, x competitor.Sighting, was int) error {
	if was == 0 {
		_, err := tx.Exec(ctx, `INSERT INTO sighting (tenant_id, id, competitor_id, account_id, opportunity_id, kind, seen_on, seen_by, source, price_minor, currency,
			words, joined, made_at, made_by, withdrawn_at, withdrawn_by, version) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`,
			tenant, x.ID, x.CompetitorID, x.AccountID, database.Null(x.OpportunityID), x.Kind, string(x.On), x.SeenBy, x.Source, x.PriceMinor,
			database.Null(x.Currency), x.Words, x.Joined, x.MadeAt, x.MadeBy, x.WithdrawnAt, database.Null(x.WithdrawnBy), x.Version)
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE sighting SET kind = $3, seen_on = $4, seen_by = $5, source = $6, price_minor = $7, currency = $8, words = $9, joined = $10,
		withdrawn_at = $11, withdrawn_by = $12, version = $13 WHERE tenant_id = $1 AND id = $2 AND version = $14`, tenant, x.ID, x.Kind, string(x.On), x.SeenBy,
		x.Source, x.PriceMinor, database.Null(x.Currency), x.Words, x.Joined, x.WithdrawnAt, database.Null(x.WithdrawnBy), x.Version, was)
	if err == nil && n == 0 {
		err = record.ErrStale
	}
	return err
}

// Standing is how competitors stand.
func (Rows) Standing(ctx context.Context, tx database.Tx, tenant string, v competitor.Sees) (map[string]competitor.Standing, error) {
	out := map[string]competitor.Standing{}
	args := &database.Args{}
	company := args.Add(tenant)
	text := scopedb.RivalsSeen(args, company, v.Deals, v.Accounts)
	rows, err := tx.Query(ctx, text, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var s competitor.Standing
		err = r.Scan(&id, &s.Seen, &s.LastOn, &s.Customers)
		out[id] = s
		return none, err
	})
	if err != nil {
		return nil, err
	}
	args = &database.Args{}
	company = args.Add(tenant)
	text = scopedb.RivalsOpen(args, company, v.Deals)
	rows, err = tx.Query(ctx, text, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var n int64
		err = r.Scan(&id, &n)
		s := out[id]
		s.Open = n
		out[id] = s
		return none, err
	})
	return out, err
}

// Lasts are the last sightings in sight, one of each competitor.
func (Rows) Lasts(ctx context.Context, tx database.Tx, tenant string, v competitor.Sees) ([]competitor.Sighting, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM sighting x WHERE x.tenant_id = `+company+` AND x.id IN (`+
		scopedb.RivalsLast(args, company, v.Deals, v.Accounts)+`)`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (competitor.Sighting, error) { return scan(r) })
}

// Worth sums in two parts, which cannot overflow.
func (Rows) Worth(ctx context.Context, tx database.Tx, tenant string, deals org.Scope, withoutTax bool) (map[string][]opportunity.Total, error) {
	const part = 1_000_000_000
	out := map[string][]opportunity.Total{}
	args := &database.Args{}
	unlike := `amount_minor IS NOT NULL AND tax_included = ` + args.Add(withoutTax) + ` AND COALESCE(tax_bp, -1) <> 0`
	rows, err := tx.Query(ctx, `SELECT rival, currency, count(*), count(*) - count(amount_minor), count(CASE WHEN `+unlike+` THEN 1 END),
			CAST(COALESCE(sum(amount_minor / 1000000000), 0) AS bigint), CAST(COALESCE(sum(amount_minor % 1000000000), 0) AS bigint)
		FROM (`+scopedb.RivalsWorth(args, args.Add(tenant), deals)+`) met GROUP BY rival, currency ORDER BY rival, currency`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var t opportunity.Total
		var high, low int64
		err = r.Scan(&id, &t.Currency, &t.Count, &t.NoAmount, &t.UnlikeTax, &high, &low)
		if t.TooLarge = high > money.MaxTotal/part || high*part+low > money.MaxTotal; !t.TooLarge {
			t.AmountMinor = high*part + low
		}
		out[id] = append(out[id], t)
		return none, err
	})
	return out, err
}

// Latest are the sightings that stand of opportunities since a day, the last in front.
func (Rows) Latest(ctx context.Context, tx database.Tx, tenant string, opportunities []string, since calendar.Date) (map[string][]competitor.Sighting, error) {
	out := map[string][]competitor.Sighting{}
	args := &database.Args{}
	text := scopedb.SightingsOf(args, args.Add(tenant), columns, opportunities, string(since))
	rows, err := tx.Query(ctx, `SELECT * FROM (`+text+`) seen ORDER BY seen_on DESC, id DESC LIMIT 5000`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var deal string
		x, err := scan(r, &deal)
		out[deal] = append(out[deal], x)
		return none, err
	})
	return out, err
}

// People are contacts in a scope who were at an employer of one of some keys.
func (Rows) People(ctx context.Context, tx database.Tx, tenant string, contacts, accounts org.Scope, w competitor.Whose) ([]competitor.Person, error) {
	args := &database.Args{}
	text := scopedb.FromRivals(args, args.Add(tenant), contacts, accounts, w.Keys, w.Opportunity, w.Account, w.Limit)
	rows, err := tx.Query(ctx, text, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (p competitor.Person, err error) {
		return p, r.Scan(&p.ContactID, &p.Name, &p.Title, database.Into(&p.AccountID), &p.AccountName, &p.Employer, &p.Until, &p.Role)
	})
}

// On are the competitors of an opportunity, as they are read.
func (Rows) On(ctx context.Context, tx database.Tx, tenant, opportunity string) ([]string, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, scopedb.RivalsOn(args, args.Add(tenant), opportunity), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
