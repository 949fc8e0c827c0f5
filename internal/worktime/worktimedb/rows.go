// Package worktimedb is the SQL of working time and absences.
package worktimedb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/record"
	"yunchou/internal/worktime"
)

// Rows implements worktime.Rows.
type Rows struct{}

// Settings are all there are, by team and day, the later entry after the earlier.
func (Rows) Settings(ctx context.Context, tx database.Tx, tenant string) ([]worktime.Setting, error) {
	rows, err := tx.Query(ctx, `SELECT team_id, from_on, seq, inherits, pattern, six_day_week, weekdays, on_holidays, hours, zone
		FROM working_time WHERE tenant_id = $1 ORDER BY team_id, from_on, seq LIMIT 100000`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (s worktime.Setting, err error) {
		var inherits bool
		var way worktime.Way
		var weekdays, hours string
		err = r.Scan(&s.TeamID, &s.From, &s.Seq, &inherits, &way.Pattern, database.Into(&way.SixDayWeek), &weekdays, &way.OnHolidays, &hours, &way.Zone)
		if err != nil || inherits {
			return s, err
		}
		for _, d := range weekdays {
			way.Weekdays = append(way.Weekdays, int(d-'0'))
		}
		s.Way = &way
		way.Hours, err = worktime.ParseHours(hours)
		return s, err
	})
}

// SaveSetting states one; those before stay.
func (Rows) SaveSetting(ctx context.Context, tx database.Tx, tenant string, s worktime.Setting, seq database.Seq) error {
	way := worktime.Way{Pattern: calendar.FiveDay}
	if s.Way != nil {
		way = *s.Way
	}
	var weekdays strings.Builder
	for _, d := range way.Weekdays {
		weekdays.WriteByte('0' + byte(d))
	}
	return tx.InsertMany(ctx, "working_time",
		"tenant_id, team_id, from_on, seq, inherits, pattern, six_day_week, weekdays, on_holidays, hours, zone", "",
		[][]any{{tenant, s.TeamID, string(s.From), seq, s.Way == nil, string(way.Pattern), database.Null(way.SixDayWeek), weekdays.String(),
			way.OnHolidays, way.Hours.String(), way.Zone}})
}

const columns = `id, member_id, begins_at, ends_at, deputy_id, kind, note, withdrawn, version`

func scan(r interface{ Scan(...any) error }) (b worktime.Absence, err error) {
	var begins, ends database.Instant
	err = r.Scan(&b.ID, &b.MemberID, &begins, &ends, database.Into(&b.DeputyID), &b.Kind, &b.Note, &b.Withdrawn, &b.Version)
	b.From, b.To = begins.Time, ends.Time
	return b, err
}

// Absence is one. Fault: worktime.absence_unknown.
func (Rows) Absence(ctx context.Context, tx database.Tx, tenant, id string) (worktime.Absence, error) {
	b, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM absence WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return b, worktime.ErrUnknown
	}
	return b, err
}

// Absences are a member's that end after an instant and are not withdrawn, the first to end first.
func (Rows) Absences(ctx context.Context, tx database.Tx, tenant, member string, after time.Time) ([]worktime.Absence, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM absence WHERE tenant_id = $1 AND member_id = $2 AND ends_at > $3 AND withdrawn = $4
		ORDER BY ends_at, id LIMIT 2000`, tenant, member, database.Time(after), false)
	return database.All(rows, err, func(r *sql.Rows) (worktime.Absence, error) { return scan(r) })
}

// AbsencesOfMany are Absences of several members.
func (Rows) AbsencesOfMany(ctx context.Context, tx database.Tx, tenant string, members []string, after time.Time) ([]worktime.Absence, error) {
	if len(members) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM absence WHERE tenant_id = `+args.Add(tenant)+` AND member_id IN `+database.In(args, members)+
		` AND ends_at > `+args.Add(database.Time(after))+` AND withdrawn = `+args.Add(false)+` ORDER BY ends_at, id LIMIT 2000`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (worktime.Absence, error) { return scan(r) })
}

// InsertAbsence adds one.
func (Rows) InsertAbsence(ctx context.Context, tx database.Tx, tenant string, b worktime.Absence) error {
	_, err := tx.Exec(ctx, `INSERT INTO absence (tenant_id, id, member_id, begins_at, ends_at, deputy_id, kind, note, withdrawn, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, tenant, b.ID, b.MemberID, database.Time(b.From), database.Time(b.To), database.Null(b.DeputyID),
		b.Kind, b.Note, b.Withdrawn, b.Version)
	return err
}

// SaveAbsence writes one over the version before. Fault: record.stale.
func (Rows) SaveAbsence(ctx context.Context, tx database.Tx, tenant string, b worktime.Absence) error {
	n, err := tx.Exec(ctx, `UPDATE absence SET begins_at = $3, ends_at = $4, deputy_id = $5, kind = $6, note = $7, withdrawn = $8, version = $9
		WHERE tenant_id = $1 AND id = $2 AND version = $10`, tenant, b.ID, database.Time(b.From), database.Time(b.To), database.Null(b.DeputyID),
		b.Kind, b.Note, b.Withdrawn, b.Version, b.Version-1)
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}
