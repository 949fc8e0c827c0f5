// Package followupdb is the SQL of follow-ups.
package followupdb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/relation"
	"yunchou/internal/scopedb"
)

// Rows implements followup.Rows.
type Rows struct{}

func scan(r *sql.Rows) (f followup.FollowUp, err error) {
	var happened, recorded database.Instant
	err = r.Scan(&f.ID, &f.Channel, &f.HappenedOn, &happened, &f.TwoWay, &f.Words, &f.MemberID, &recorded, &f.RecordedBy, &f.Version, &f.Reason)
	f.HappenedAt, f.RecordedAt, f.ContactIDs, f.MemberIDs = happened.Ptr(), recorded.Time, []string{}, []string{}
	return f, err
}

func (Rows) List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, about followup.About, limit int) ([]followup.FollowUp, error) {
	args := &database.Args{}
	of := args.Add(tenant)
	w := "f.tenant_id = " + of + " AND f.deleted_at IS NULL"
	if about.On.ID != "" {
		w += " AND " + recorddb.HangsOn(args, of, "follow_up", "f", about.On)
	}
	if about.ID != "" {
		w += " AND f.id = " + args.Add(about.ID)
	}
	if len(about.IDs) > 0 {
		w += " AND f.id IN " + database.In(args, about.IDs)
	}
	if about.Contact != "" {
		w += " AND EXISTS (SELECT 1 FROM follow_up_contact fc WHERE fc.tenant_id = f.tenant_id AND fc.follow_up_id = f.id AND fc.contact_id = " + args.Add(about.Contact) + ")"
	}
	rows, err := tx.Query(ctx, `SELECT f.id, f.channel, f.happened_on, f.happened_at, f.two_way, f.words, f.member_id, f.recorded_at, f.recorded_by, f.version, f.late_reason
		FROM follow_up f WHERE `+w+` AND `+scopedb.FollowUp(args, s)+` ORDER BY f.happened_on DESC, f.id DESC LIMIT `+args.Add(limit), args.Values...)
	list, err := database.All(rows, err, scan)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, people(ctx, tx, tenant, list)
}

// people reads along who took part.
func people(ctx context.Context, tx database.Tx, tenant string, list []followup.FollowUp) error {
	at, ids := map[string]*followup.FollowUp{}, make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	for _, of := range []struct {
		table, column string
		add           func(*followup.FollowUp, string)
	}{
		{"follow_up_contact", "contact_id", func(f *followup.FollowUp, id string) { f.ContactIDs = append(f.ContactIDs, id) }},
		{"follow_up_colleague", "member_id", func(f *followup.FollowUp, id string) { f.MemberIDs = append(f.MemberIDs, id) }},
	} {
		args := &database.Args{}
		rows, err := tx.Query(ctx, `SELECT follow_up_id, `+of.column+` FROM `+of.table+` WHERE tenant_id = `+args.Add(tenant)+
			` AND follow_up_id IN `+database.In(args, ids)+` ORDER BY `+of.column, args.Values...)
		pairs, err := database.All(rows, err, func(r *sql.Rows) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) })
		if err != nil {
			return err
		}
		for _, p := range pairs {
			of.add(at[p[0]], p[1])
		}
	}
	return nil
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, list []followup.FollowUp) error {
	var rows, people, ours [][]any
	for _, f := range list {
		rows = append(rows, []any{tenant, f.ID, database.Null(f.First("opportunity")), database.Null(f.First("account")), f.Channel, string(f.HappenedOn),
			f.HappenedAt, f.TwoWay, f.Words, f.MemberID, f.RecordedAt, f.RecordedBy, f.Version, f.Reason})
		for _, c := range f.ContactIDs {
			people = append(people, []any{tenant, f.ID, c})
		}
		for _, m := range f.MemberIDs {
			ours = append(ours, []any{tenant, f.ID, m})
		}
	}
	if err := tx.InsertMany(ctx, "follow_up", `tenant_id, id, opportunity_id, account_id, channel, happened_on,
		happened_at, two_way, words, member_id, recorded_at, recorded_by, version, late_reason`, "", rows); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, "follow_up_colleague", "tenant_id, follow_up_id, member_id", "ON CONFLICT DO NOTHING", ours); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "follow_up_contact", "tenant_id, follow_up_id, contact_id", "ON CONFLICT DO NOTHING", people)
}

func (Rows) LastTwoWay(ctx context.Context, tx database.Tx, tenant string, on record.Ref, contacts []string) (d calendar.Date, err error) {
	args := &database.Args{}
	err = tx.QueryRow(ctx, `SELECT max(f.happened_on) FROM follow_up f JOIN follow_up_contact fc ON fc.tenant_id = f.tenant_id AND fc.follow_up_id = f.id
		WHERE `+recorddb.HangsOn(args, args.Add(tenant), "follow_up", "f", on)+`
		AND f.two_way AND f.deleted_at IS NULL AND fc.contact_id IN `+database.In(args, contacts), args.Values...).Scan(database.Into(&d))
	return d, err
}

// LastMet is the last day on which each person answered about a record.
func (Rows) LastMet(ctx context.Context, tx database.Tx, tenant string, on record.Ref) (map[string]calendar.Date, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT fc.contact_id, max(f.happened_on) FROM follow_up f JOIN follow_up_contact fc ON fc.tenant_id = f.tenant_id AND fc.follow_up_id = f.id
		WHERE `+recorddb.HangsOn(args, args.Add(tenant), "follow_up", "f", on)+` AND f.two_way AND f.deleted_at IS NULL GROUP BY fc.contact_id`, args.Values...)
	out := map[string]calendar.Date{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var day calendar.Date
		err = r.Scan(&id, &day)
		out[id] = day
		return none, err
	})
	return out, err
}

// Threads are who of ours met whom of some people two-way since a day, of what is in scope: who wrote it down, and
// who was along.
func (Rows) Threads(
	ctx context.Context, tx database.Tx, tenant string, s org.Scope, on record.Ref, contacts []string, since calendar.Date,
) ([]relation.Thread, error) {
	args := &database.Args{}
	company := args.Add(tenant)
	where := "fc.tenant_id = " + company + " AND fc.contact_id IN " + database.In(args, contacts) + " AND f.two_way AND f.deleted_at IS NULL AND f.happened_on >= " +
		args.Add(string(since))
	if on.ID != "" {
		where += " AND " + recorddb.HangsOn(args, company, "follow_up", "f", on)
	}
	where += " AND " + scopedb.FollowUp(args, s)
	rows, err := tx.Query(ctx, `SELECT f.id, fc.contact_id, f.member_id, fm.member_id, f.happened_on, f.channel
		FROM follow_up_contact fc JOIN follow_up f ON f.tenant_id = fc.tenant_id AND f.id = fc.follow_up_id
		LEFT JOIN follow_up_colleague fm ON fm.tenant_id = f.tenant_id AND fm.follow_up_id = f.id
		WHERE `+where+` ORDER BY f.happened_on DESC, f.id DESC, fm.member_id`, args.Values...)
	var w woven
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id, along string
		var t relation.Thread
		if err := r.Scan(&id, &t.ContactID, &t.MemberID, database.Into(&along), &t.On, &t.Channel); err != nil {
			return none, err
		}
		w.add(id, t)
		if t.MemberID = along; along != "" {
			w.add(id, t)
		}
		return none, nil
	})
	return w.out, err
}

// woven are threads of follow-ups told the newest in front, each as often as somebody was along.
type woven struct {
	out  []relation.Thread
	at   map[[2]string]int
	told map[[3]string]bool
}

func (w *woven) add(id string, t relation.Thread) {
	if w.at == nil {
		w.at, w.told = map[[2]string]int{}, map[[3]string]bool{}
	}
	k := [2]string{t.ContactID, t.MemberID}
	i, known := w.at[k]
	if !known {
		i, w.at[k] = len(w.out), len(w.out)
		w.out = append(w.out, t)
	}
	if one := [3]string{id, t.ContactID, t.MemberID}; !w.told[one] {
		w.told[one] = true
		w.out[i].Times++
	}
}

// MetAbout is the last day since one on which each of some people answered, by the opportunity it was about.
func (Rows) MetAbout(ctx context.Context, tx database.Tx, tenant string, contacts []string, since calendar.Date) (map[string]map[string]calendar.Date, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT l.to_id, fc.contact_id, max(f.happened_on) FROM follow_up_contact fc
		JOIN follow_up f ON f.tenant_id = fc.tenant_id AND f.id = fc.follow_up_id`+recorddb.JoinLinked("follow_up", "f", "opportunity")+`
		WHERE fc.tenant_id = `+args.Add(tenant)+` AND fc.contact_id IN `+database.In(args, contacts)+` AND f.two_way AND f.deleted_at IS NULL
		AND f.happened_on >= `+args.Add(string(since))+` GROUP BY l.to_id, fc.contact_id`, args.Values...)
	out := map[string]map[string]calendar.Date{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var deal, contact string
		var day calendar.Date
		err = r.Scan(&deal, &contact, &day)
		if out[deal] == nil {
			out[deal] = map[string]calendar.Date{}
		}
		out[deal][contact] = day
		return none, err
	})
	return out, err
}

// LastMetOn is LastMet of several records of a kind.
func (Rows) LastMetOn(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string]map[string]calendar.Date, error) {
	args, out := &database.Args{}, map[string]map[string]calendar.Date{}
	if len(ids) == 0 {
		return out, nil
	}
	company := args.Add(tenant)
	rows, err := tx.Query(ctx, `SELECT l.to_id, fc.contact_id, max(f.happened_on) FROM `+recorddb.Hanging(args, company, "follow_up", kind, ids)+` l
		JOIN follow_up f ON f.tenant_id = `+company+` AND f.id = l.id JOIN follow_up_contact fc ON fc.tenant_id = f.tenant_id AND fc.follow_up_id = f.id
		WHERE f.two_way AND f.deleted_at IS NULL GROUP BY l.to_id, fc.contact_id`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var of, contact string
		var day calendar.Date
		err = r.Scan(&of, &contact, &day)
		if out[of] == nil {
			out[of] = map[string]calendar.Date{}
		}
		out[of][contact] = day
		return none, err
	})
	return out, err
}

// LastWith is the last two-way contact in scope with each of some people but one follow-up.
func (Rows) LastWith(ctx context.Context, tx database.Tx, tenant string, s org.Scope, contacts []string, but string) (map[string]followup.Last, error) {
	args, out := &database.Args{}, map[string]followup.Last{}
	if len(contacts) == 0 {
		return out, nil
	}
	rows, err := tx.Query(ctx, `SELECT x.contact_id, x.happened_on, x.channel FROM (SELECT fc.contact_id, f.happened_on, f.channel,
			row_number() OVER (PARTITION BY fc.contact_id ORDER BY f.happened_on DESC, f.id DESC) AS nth
		FROM follow_up_contact fc JOIN follow_up f ON f.tenant_id = fc.tenant_id AND f.id = fc.follow_up_id
		WHERE fc.tenant_id = `+args.Add(tenant)+` AND fc.contact_id IN `+database.In(args, contacts)+` AND f.two_way AND f.deleted_at IS NULL
		AND f.id <> `+args.Add(but)+` AND `+scopedb.FollowUp(args, s)+`) x WHERE x.nth = 1`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var last followup.Last
		err = r.Scan(&id, &last.On, &last.Channel)
		out[id] = last
		return none, err
	})
	return out, err
}
