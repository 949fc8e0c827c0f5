// Package outgoingdb is the SQL of what leaves the house.
package outgoingdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/outgoing"
	"yunchou/internal/page"
)

// Rows implements outgoing.Rows.
type Rows struct{}

const columns = `id, way, member_id, team_id, seq, kind, digest_on, state, due_at, created_at, tried_at, begun_at, ended_at, attempts, unsure, code, answer`

func messages(rows *sql.Rows, err error) ([]outgoing.Message, error) {
	return database.All(rows, err, func(r *sql.Rows) (m outgoing.Message, err error) {
		var due, created, tried, begun, ended database.Instant
		err = r.Scan(&m.ID, &m.Way, &m.MemberID, database.Into(&m.TeamID), &m.Seq, &m.Kind, database.Into(&m.DigestOn), &m.State, &due, &created, &tried,
			&begun, &ended, &m.Attempts, &m.Unsure, &m.Code, &m.Answer)
		m.DueAt, m.CreatedAt, m.TriedAt, m.BegunAt, m.EndedAt = due.Time, created.Time, tried.Ptr(), begun.Ptr(), ended.Ptr()
		return m, err
	})
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, list []outgoing.Message) (int, error) {
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = []any{tenant, m.ID, m.Way, m.MemberID, database.Null(m.TeamID), m.Seq, m.Kind, database.Null(m.DigestOn), string(m.State), m.DueAt,
			m.CreatedAt, 0, 0, "", ""}
	}
	return len(rows), tx.InsertMany(ctx, "outgoing", "tenant_id, id, way, member_id, team_id, seq, kind, digest_on, state, due_at, created_at, attempts, unsure, code, answer",
		"ON CONFLICT (tenant_id, id) DO NOTHING", rows)
}

// ofWay are the rows of a robot, or with no team of mail.
func ofWay(args *database.Args, team string) string {
	if team == "" {
		return ` AND team_id IS NULL`
	}
	return ` AND team_id = ` + args.Add(team)
}

func (Rows) Due(ctx context.Context, tx database.Tx, tenant, team string, now time.Time, limit int) ([]outgoing.Message, error) {
	args := &database.Args{}
	w := `tenant_id = ` + args.Add(tenant) + ` AND state = 'queued' AND due_at <= ` + args.Add(database.Time(now)) + ofWay(args, team)
	return messages(tx.Query(ctx, `SELECT `+columns+` FROM outgoing WHERE `+w+` ORDER BY due_at, id LIMIT `+args.Add(limit), args.Values...))
}

func (Rows) Begin(ctx context.Context, tx database.Tx, tenant string, m outgoing.Message, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE outgoing SET unsure = unsure + 1, attempts = attempts + 1, begun_at = $4, tried_at = COALESCE(tried_at, $4)
		WHERE tenant_id = $1 AND id = $2 AND state = 'queued' AND attempts = $3`, tenant, m.ID, m.Attempts, now)
	return n > 0, err
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, was outgoing.State, m outgoing.Message) error {
	_, err := tx.Exec(ctx, `UPDATE outgoing SET state = $4, due_at = $5, tried_at = $6, ended_at = $7, unsure = $8, code = $9, answer = $10
		WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND (state = $11 OR $4 = 'sent')`,
		tenant, m.ID, m.Attempts, string(m.State), m.DueAt, m.TriedAt, m.EndedAt, m.Unsure, m.Code, m.Answer, string(was))
	return err
}

func (Rows) Begun(ctx context.Context, tx database.Tx, tenant, team string, since time.Time) (n int, err error) {
	args := &database.Args{}
	what := `DISTINCT begun_at`
	if team == "" {
		what = `*`
	}
	w := `tenant_id = ` + args.Add(tenant) + ` AND begun_at > ` + args.Add(database.Time(since)) + ofWay(args, team)
	err = tx.QueryRow(ctx, `SELECT count(`+what+`) FROM outgoing WHERE `+w, args.Values...).Scan(&n)
	return n, err
}

func (Rows) Withdraw(ctx context.Context, tx database.Tx, tenant, team, code string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE outgoing SET state = 'withdrawn', code = $3, ended_at = $4
		WHERE tenant_id = $1 AND team_id = $2 AND state = 'queued'`, tenant, team, code, now)
	return err
}

func (Rows) Gone(ctx context.Context, tx database.Tx, tenant string, after int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM outgoing WHERE tenant_id = $1 AND seq > $2 AND state = 'queued'`, tenant, after)
	return err
}

func (Rows) Digests(ctx context.Context, tx database.Tx, tenant string, day calendar.Date) (map[string]bool, error) {
	rows, err := tx.Query(ctx, `SELECT member_id FROM outgoing WHERE tenant_id = $1 AND digest_on = $2`, tenant, string(day))
	out := map[string]bool{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		err = r.Scan(&id)
		out[id] = true
		return none, err
	})
	return out, err
}

func (Rows) List(ctx context.Context, tx database.Tx, tenant string, q outgoing.Asked, r page.Request) ([]outgoing.Message, error) {
	args := &database.Args{}
	w := `tenant_id = ` + args.Add(tenant)
	if states := q.States(); len(states) > 0 {
		w += ` AND state IN ` + database.In(args, states)
	}
	next, order, err := r.Clauses(args, map[string]page.Column{"created": {SQL: "created_at"}}, "id")
	if err != nil {
		return nil, err
	}
	return messages(tx.Query(ctx, `SELECT `+columns+` FROM outgoing WHERE `+w+` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...))
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (outgoing.Message, bool, error) {
	list, err := messages(tx.Query(ctx, `SELECT `+columns+` FROM outgoing WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if len(list) == 0 {
		return outgoing.Message{}, false, err
	}
	return list[0], true, err
}

func (Rows) Counts(ctx context.Context, tx database.Tx, tenant string) (map[outgoing.State]int64, error) {
	rows, err := tx.Query(ctx, `SELECT state, count(*) FROM outgoing WHERE tenant_id = $1 GROUP BY state`, tenant)
	out := map[outgoing.State]int64{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var state outgoing.State
		var n int64
		err = r.Scan(&state, &n)
		out[state] = n
		return none, err
	})
	return out, err
}

func (Rows) Standing(ctx context.Context, tx database.Tx, now time.Time) (q outgoing.Queue, err error) {
	var oldest database.Instant
	err = tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state IN ('failed', 'given_up')),
		min(CASE WHEN state = 'queued' AND due_at <= $1 THEN due_at END) FROM outgoing WHERE state IN ('queued', 'failed', 'given_up')`,
		database.Time(now)).Scan(&q.Waiting, &q.Failed, &oldest)
	q.Oldest = oldest.Time
	return q, err
}

func (Rows) Purge(ctx context.Context, tx database.Tx, tenant string, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM outgoing WHERE tenant_id = $1 AND state <> 'queued' AND created_at < $2`, tenant, before)
	return err
}

func (Rows) Choices(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]outgoing.Choice, error) {
	out := map[string]outgoing.Choice{}
	if len(members) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT member_id, answers_way, tasks_way, changes_way, talks_way, in_group, quiet, quiet_from, quiet_to, rests, digest, digest_from, version
		FROM notice_choice WHERE tenant_id = `+args.Add(tenant)+` AND member_id IN `+database.In(args, members), args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var c outgoing.Choice
		err = r.Scan(&id, &c.Answers, &c.Tasks, &c.Changes, &c.Talks, &c.InGroup, &c.Quiet, &c.From, &c.To, &c.Rests, &c.Digest, &c.DigestAt, &c.Version)
		out[id] = c
		return none, err
	})
	return out, err
}

func (Rows) SaveChoice(ctx context.Context, tx database.Tx, tenant, member string, c outgoing.Choice) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_choice (tenant_id, member_id, answers_way, tasks_way, changes_way, talks_way, in_group, quiet, quiet_from, quiet_to,
		rests, digest, digest_from, version) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)
		ON CONFLICT (tenant_id, member_id) DO UPDATE SET answers_way = excluded.answers_way, tasks_way = excluded.tasks_way, changes_way = excluded.changes_way,
		talks_way = excluded.talks_way, in_group = excluded.in_group, quiet = excluded.quiet, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
		rests = excluded.rests, digest = excluded.digest, digest_from = excluded.digest_from, version = excluded.version`,
		tenant, member, c.Answers, c.Tasks, c.Changes, c.Talks, c.InGroup, c.Quiet, c.From, c.To, c.Rests, c.Digest, c.DigestAt, c.Version)
	return err
}

func (Rows) Setting(ctx context.Context, tx database.Tx, tenant string) (x outgoing.Setting, err error) {
	err = tx.QueryRow(ctx, `SELECT site_path, mail, host, port, security_type, login_name, sealed, sender, version FROM mail_setting WHERE tenant_id = $1`, tenant).
		Scan(&x.Site, &x.Mail, &x.Host, &x.Port, &x.Security, &x.Login, &x.Sealed, &x.Sender, &x.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return outgoing.Setting{}, nil
	}
	return x, err
}

func (Rows) SaveSetting(ctx context.Context, tx database.Tx, tenant string, x outgoing.Setting) error {
	_, err := tx.Exec(ctx, `INSERT INTO mail_setting (tenant_id, site_path, mail, host, port, security_type, login_name, sealed, sender, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT (tenant_id) DO UPDATE SET site_path = excluded.site_path, mail = excluded.mail, host = excluded.host,
		port = excluded.port, security_type = excluded.security_type, login_name = excluded.login_name, sealed = excluded.sealed, sender = excluded.sender,
		version = excluded.version`, tenant, x.Site, x.Mail, x.Host, x.Port, x.Security, x.Login, x.Sealed, x.Sender, x.Version)
	return err
}

func (Rows) Robots(ctx context.Context, tx database.Tx, tenant string) ([]outgoing.Robot, error) {
	rows, err := tx.Query(ctx, `SELECT team_id, kind, sealed, secret_sealed, last_four, paused_until, version FROM robot WHERE tenant_id = $1 ORDER BY team_id`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (x outgoing.Robot, err error) {
		var paused database.Instant
		err = r.Scan(&x.TeamID, &x.Kind, &x.Sealed, &x.SecretSealed, &x.LastFour, &paused, &x.Version)
		x.PausedUntil = paused.Ptr()
		return x, err
	})
}

func (Rows) SaveRobot(ctx context.Context, tx database.Tx, tenant string, r outgoing.Robot) error {
	_, err := tx.Exec(ctx, `INSERT INTO robot (tenant_id, team_id, kind, sealed, secret_sealed, last_four, version) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (tenant_id, team_id) DO UPDATE SET kind = excluded.kind, sealed = excluded.sealed, secret_sealed = excluded.secret_sealed,
		last_four = excluded.last_four, paused_until = NULL, version = excluded.version`,
		tenant, r.TeamID, r.Kind, r.Sealed, r.SecretSealed, r.LastFour, r.Version)
	return err
}

func (Rows) DeleteRobot(ctx context.Context, tx database.Tx, tenant, team string) error {
	_, err := tx.Exec(ctx, `DELETE FROM robot WHERE tenant_id = $1 AND team_id = $2`, tenant, team)
	return err
}

func (Rows) Pause(ctx context.Context, tx database.Tx, tenant, team string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE robot SET paused_until = $3 WHERE tenant_id = $1 AND team_id = $2`, tenant, team, until)
	return err
}
