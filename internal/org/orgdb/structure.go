package orgdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Structure reads the whole organisation; it is small beside what people sell.
func (Rows) Structure(ctx context.Context, tx database.Tx, tenant string) (*org.Structure, error) {
	s := &org.Structure{Members: map[string]org.Member{}, Teams: map[string]org.Team{},
		Positions: map[string]org.Position{}, Seats: map[string]org.Seat{}, Roles: map[org.RoleKey]org.Role{}}
	return s, errors.Join(people(ctx, tx, tenant, s), tree(ctx, tx, tenant, s), seats(ctx, tx, tenant, s), roles(ctx, tx, tenant, s))
}

// each reads all rows of a company's table.
func each(ctx context.Context, tx database.Tx, query, tenant string, scan func(*sql.Rows) error) error {
	rows, err := tx.Query(ctx, query, tenant)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

var (
	str = database.Into[string]
	day = database.Into[calendar.Date]
)

// people reads the members, their roles and whom they may act for.
func people(ctx context.Context, tx database.Tx, tenant string, s *org.Structure) error {
	return errors.Join(
		each(ctx, tx, `SELECT id, name, pinyin, initials, email, phone, login_name, locale, joined_on, left_on, back_on, version
			FROM member WHERE tenant_id = $1`, tenant, func(r *sql.Rows) error {
			var m org.Member
			err := r.Scan(&m.ID, &m.Name, &m.Pinyin, &m.Initials, &m.Email, &m.Phone, str(&m.Login), &m.Locale,
				day(&m.JoinedOn), day(&m.LeftOn), day(&m.BackOn), &m.Version)
			s.Members[m.ID] = m
			return err
		}),
		each(ctx, tx, `SELECT id, member_id, role, product_lines, regions, from_on, to_on
			FROM member_role WHERE tenant_id = $1 ORDER BY member_id, from_on`, tenant, func(r *sql.Rows) error {
			var g org.Grant
			var lines, regions string
			err := r.Scan(&g.ID, &g.MemberID, &g.Role, &lines, &regions, &g.From, day(&g.To))
			s.Grants = append(s.Grants, g)
			if err != nil {
				return err
			}
			last := &s.Grants[len(s.Grants)-1]
			return errors.Join(json.Unmarshal([]byte(lines), &last.ProductLines), json.Unmarshal([]byte(regions), &last.Regions))
		}),
		each(ctx, tx, `SELECT id, principal_id, assistant_id, from_on, to_on
			FROM delegation WHERE tenant_id = $1 ORDER BY assistant_id, from_on, id`, tenant, func(r *sql.Rows) error {
			var d org.Delegation
			err := r.Scan(&d.ID, &d.PrincipalID, &d.AssistantID, &d.From, day(&d.To))
			s.Delegations = append(s.Delegations, d)
			return err
		}))
}

// tree reads the teams and every place they were ever said to have.
func tree(ctx context.Context, tx database.Tx, tenant string, s *org.Structure) error {
	return errors.Join(
		each(ctx, tx, `SELECT id, name, region, closed_on, version FROM team WHERE tenant_id = $1`, tenant, func(r *sql.Rows) error {
			var t org.Team
			err := r.Scan(&t.ID, &t.Name, &t.Region, day(&t.ClosedOn), &t.Version)
			s.Teams[t.ID] = t
			return err
		}),
		each(ctx, tx, `SELECT id, team_id, parent_id, from_on, to_on, seq, COALESCE(ended_seq, 0)
			FROM team_parent WHERE tenant_id = $1 ORDER BY team_id, from_on, seq`, tenant, func(r *sql.Rows) error {
			var p org.TeamParent
			err := r.Scan(&p.ID, &p.TeamID, str(&p.ParentID), &p.From, day(&p.To), &p.Seq, &p.EndedSeq)
			s.Parents = append(s.Parents, p)
			return err
		}))
}

// seats reads the positions, the seats and everybody who was ever said to hold one.
func seats(ctx context.Context, tx database.Tx, tenant string, s *org.Structure) error {
	return errors.Join(
		each(ctx, tx, `SELECT id, name, leads FROM position WHERE tenant_id = $1`, tenant, func(r *sql.Rows) error {
			var p org.Position
			err := r.Scan(&p.ID, &p.Name, &p.Leads)
			s.Positions[p.ID] = p
			return err
		}),
		each(ctx, tx, `SELECT id, team_id, position_id, from_on, to_on FROM seat WHERE tenant_id = $1`, tenant, func(r *sql.Rows) error {
			var p org.Seat
			err := r.Scan(&p.ID, &p.TeamID, &p.PositionID, &p.From, day(&p.To))
			s.Seats[p.ID] = p
			return err
		}),
		each(ctx, tx, `SELECT id, seat_id, member_id, main, from_on, to_on, seq, COALESCE(ended_seq, 0)
			FROM seat_holder WHERE tenant_id = $1 ORDER BY member_id, from_on, seq`, tenant, func(r *sql.Rows) error {
			var h org.Holding
			err := r.Scan(&h.ID, &h.SeatID, &h.MemberID, &h.Main, &h.From, day(&h.To), &h.Seq, &h.EndedSeq)
			s.Holdings = append(s.Holdings, h)
			return err
		}))
}

// roles reads the roles the company made.
func roles(ctx context.Context, tx database.Tx, tenant string, s *org.Structure) error {
	return each(ctx, tx, `SELECT key, name, permissions, reach, retired_at IS NOT NULL, version
		FROM role WHERE tenant_id = $1`, tenant, func(r *sql.Rows) error {
		var x org.Role
		var permissions, reach string
		if err := r.Scan(&x.Key, &x.Name, &permissions, &reach, &x.Retired, &x.Version); err != nil {
			return err
		}
		err := errors.Join(json.Unmarshal([]byte(permissions), &x.Permissions), json.Unmarshal([]byte(reach), &x.Reach))
		s.Roles[x.Key] = x
		return err
	})
}
