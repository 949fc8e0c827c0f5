package orgdb

import (
	"context"
	"encoding/json"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Apply writes what one entry changes, with the entry's number where a row keeps it.
func (Rows) Apply(ctx context.Context, tx database.Tx, tenant string, c org.Changes, seq database.Seq) error {
	w := writer{ctx, tx, tenant, seq}
	for _, write := range []func(org.Changes) error{w.positions, w.seats, w.parents, w.holdings, w.grants, w.delegations} {
		if err := write(c); err != nil {
			return err
		}
	}
	return nil
}

// writer is one entry's hand on the tables.
type writer struct {
	ctx    context.Context
	tx     database.Tx
	tenant string
	seq    database.Seq
}

func (w writer) positions(c org.Changes) error {
	var rows [][]any
	for _, x := range c.Positions {
		rows = append(rows, []any{w.tenant, x.New.ID, x.New.Name, x.New.Leads})
	}
	return w.tx.InsertMany(w.ctx, "position", "tenant_id, id, name, leads", "", rows)
}

func (w writer) seats(c org.Changes) error {
	var rows [][]any
	for _, x := range c.Seats {
		if x.Old != nil {
			if err := w.until("seat", x.New.ID, x.New.To); err != nil {
				return err
			}
			continue
		}
		s := x.New
		rows = append(rows, []any{w.tenant, s.ID, s.TeamID, s.PositionID, string(s.From), database.Null(s.To)})
	}
	return w.tx.InsertMany(w.ctx, "seat", "tenant_id, id, team_id, position_id, from_on, to_on", "", rows)
}

func (w writer) parents(c org.Changes) error {
	var rows [][]any
	for _, x := range c.Parents {
		if x.Old != nil && x.New != nil && x.Old.ID == x.New.ID {
			if err := w.until("team_parent", x.New.ID, x.New.To); err != nil {
				return err
			}
			continue
		}
		if x.Old != nil {
			w.never("team_parent", x.Old.ID)
		}
		if p := x.New; p != nil {
			rows = append(rows, []any{w.tenant, p.ID, p.TeamID, database.Null(p.ParentID), string(p.From),
				database.Null(p.To), w.seq})
		}
	}
	return w.tx.InsertMany(w.ctx, "team_parent", "tenant_id, id, team_id, parent_id, from_on, to_on, seq", "", rows)
}

func (w writer) holdings(c org.Changes) error {
	var rows [][]any
	for _, x := range c.Holdings {
		if x.Old != nil {
			w.never("seat_holder", x.Old.ID)
		}
		if h := x.New; h != nil {
			rows = append(rows, []any{w.tenant, h.ID, h.SeatID, h.MemberID, h.Main, string(h.From), database.Null(h.To), w.seq})
		}
	}
	return w.tx.InsertMany(w.ctx, "seat_holder", "tenant_id, id, seat_id, member_id, main, from_on, to_on, seq", "", rows)
}

func (w writer) grants(c org.Changes) error {
	var rows [][]any
	for _, x := range c.Grants {
		if x.Old != nil {
			if err := w.until("member_role", x.New.ID, x.New.To); err != nil {
				return err
			}
			continue
		}
		g := x.New
		lines, err := json.Marshal(append([]string{}, g.ProductLines...))
		if err != nil {
			return err
		}
		regions, err := json.Marshal(append([]string{}, g.Regions...))
		if err != nil {
			return err
		}
		rows = append(rows, []any{w.tenant, g.ID, g.MemberID, string(g.Role), string(lines), string(regions),
			string(g.From), database.Null(g.To)})
	}
	return w.tx.InsertMany(w.ctx, "member_role",
		"tenant_id, id, member_id, role, product_lines, regions, from_on, to_on", "", rows)
}

func (w writer) delegations(c org.Changes) error {
	var rows [][]any
	for _, x := range c.Delegations {
		if x.Old != nil {
			if err := w.until("delegation", x.New.ID, x.New.To); err != nil {
				return err
			}
			continue
		}
		d := x.New
		rows = append(rows, []any{w.tenant, d.ID, d.PrincipalID, d.AssistantID, string(d.From), database.Null(d.To)})
	}
	return w.tx.InsertMany(w.ctx, "delegation", "tenant_id, id, principal_id, assistant_id, from_on, to_on", "", rows)
}

// until says how long a row holds.
func (w writer) until(table, id string, to calendar.Date) error {
	_, err := w.tx.Exec(w.ctx, `UPDATE `+table+` SET to_on = $3 WHERE tenant_id = $1 AND id = $2`, w.tenant, id, database.Null(to))
	return err
}

// never says that a row was never true, or that another says it better.
func (w writer) never(table, id string) {
	w.tx.Later(`UPDATE `+table+` SET ended_seq = $3 WHERE tenant_id = $1 AND id = $2`, w.tenant, id, w.seq)
}

// SaveRole writes a role: a new one has version 1.
func (Rows) SaveRole(ctx context.Context, tx database.Tx, tenant string, r org.Role, now time.Time) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	reach, err := json.Marshal(r.Reach)
	if err != nil {
		return err
	}
	if r.Version == 1 {
		return tx.InsertMany(ctx, "role", "tenant_id, key, name, permissions, reach, version", "",
			[][]any{{tenant, string(r.Key), r.Name, string(permissions), string(reach), 1}})
	}
	var retired *time.Time
	if r.Retired {
		retired = &now
	}
	n, err := tx.Exec(ctx, `UPDATE role SET name = $3, permissions = $4, reach = $5, retired_at = $6, version = $7
		WHERE tenant_id = $1 AND key = $2 AND version = $8`,
		tenant, string(r.Key), r.Name, string(permissions), string(reach), retired, r.Version, r.Version-1)
	return oneSaved(n, err)
}
