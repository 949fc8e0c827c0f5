package accountdb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// mostCompetitors is how many a company has at most: more are not names of competitors.
const mostCompetitors = 5000

func (Rows) Competitors(ctx context.Context, tx database.Tx, tenant string) ([]account.Competitor, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, same_as, version FROM competitor WHERE tenant_id = $1 ORDER BY name, id LIMIT $2`, tenant, mostCompetitors)
	list, err := database.All(rows, err, func(r *sql.Rows) (c account.Competitor, err error) {
		return c, r.Scan(&c.ID, &c.Name, database.Into(&c.SameAs), &c.Version)
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	at := map[string]int{}
	for i, c := range list {
		at[c.ID] = i
	}
	rows, err = tx.Query(ctx, `SELECT competitor_id, name FROM competitor_alias WHERE tenant_id = $1 ORDER BY competitor_id, id LIMIT 20000`, tenant)
	names, err := database.All(rows, err, func(r *sql.Rows) (x [2]string, err error) { return x, r.Scan(&x[0], &x[1]) })
	for _, x := range names {
		if i, there := at[x[0]]; there {
			list[i].Aliases = append(list[i].Aliases, x[1])
		}
	}
	return list, err
}

// AddCompetitor writes a competitor; where one of the name is there already, or another
// transaction adds it now, it is that one.
func (Rows) AddCompetitor(ctx context.Context, tx database.Tx, tenant string, c account.Competitor) (id string, added bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO competitor (tenant_id, id, name, name_key, version) VALUES ($1,$2,$3,$4,1) ON CONFLICT (tenant_id, name_key) DO NOTHING`,
		tenant, c.ID, c.Name, text.Match(c.Name))
	if err != nil || n > 0 {
		return c.ID, err == nil, err
	}
	return id, false, tx.QueryRow(ctx, `SELECT COALESCE(same_as, id) FROM competitor WHERE tenant_id = $1 AND name_key = $2`, tenant, text.Match(c.Name)).Scan(&id)
}

// CompetitorCalled is which one a name is, or else another name; of a spelling the one that stays.
func (Rows) CompetitorCalled(ctx context.Context, tx database.Tx, tenant, key string) (id string, err error) {
	for _, q := range []string{`SELECT COALESCE(c.same_as, c.id) FROM competitor c WHERE c.tenant_id = $1 AND c.name_key = $2`,
		`SELECT COALESCE(c.same_as, c.id) FROM competitor_alias x JOIN competitor c ON c.tenant_id = x.tenant_id AND c.id = x.competitor_id
			WHERE x.tenant_id = $1 AND x.name_key = $2`} {
		err = tx.QueryRow(ctx, q, tenant, key).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return id, err
		}
	}
	return "", nil
}

var nameTaken = fault.New(fault.Conflict, "competitor.name_taken", "another competitor is called so; say that both are one")

// SaveCompetitor writes what it is called, and as which it is read. Faults: record.stale, competitor.name_taken.
func (Rows) SaveCompetitor(ctx context.Context, tx database.Tx, tenant string, c account.Competitor, was int) error {
	n, err := tx.Exec(ctx, `UPDATE competitor SET name = $3, name_key = CASE WHEN name = $3 THEN name_key ELSE $4 END, same_as = $5, version = $6
		WHERE tenant_id = $1 AND id = $2 AND version = $7`, tenant, c.ID, c.Name, text.Match(c.Name), database.Null(c.SameAs), c.Version, was)
	if err == nil && n == 0 {
		err = record.ErrStale
	}
	return database.Taken(err, nameTaken)
}

// Aliases are what one is called besides.
func (Rows) Aliases(ctx context.Context, tx database.Tx, tenant, id string) ([]account.Alias, error) {
	rows, err := tx.Query(ctx, `SELECT id, name FROM competitor_alias WHERE tenant_id = $1 AND competitor_id = $2 ORDER BY id`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (a account.Alias, err error) { return a, r.Scan(&a.ID, &a.Name) })
}

// SetAliases replaces them. Fault: competitor.name_taken.
func (Rows) SetAliases(ctx context.Context, tx database.Tx, tenant, id string, list []account.Alias) error {
	if _, err := tx.Exec(ctx, `DELETE FROM competitor_alias WHERE tenant_id = $1 AND competitor_id = $2`, tenant, id); err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{tenant, a.ID, id, a.Name, text.Match(a.Name)}
	}
	return database.Taken(tx.InsertMany(ctx, "competitor_alias", "tenant_id, id, competitor_id, name, name_key", "", rows), nameTaken)
}
