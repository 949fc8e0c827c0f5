// Package guidancedb is the SQL of guidance notes.
package guidancedb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/guidance"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

// Rows implements guidance.Rows.
type Rows struct{}

var columns = `g.id, g.kind, g.on_kind, g.on_id, g.asker_id, g.to_id, g.asked_at, g.contact_at, g.answer_id, g.answered_at, g.answered_by, g.piece_id,
	g.outcome_from, g.outcome_due_on, g.used, g.used_at, g.used_id, g.result_at, g.result_id, g.fact_id, g.check_on, g.worked, g.checked_at, g.check_id,
	g.settled_at, g.version, g.owner_owes, ` + scopedb.NoteOwner("g")

func scan(r interface{ Scan(...any) error }) (k guidance.Kept, err error) {
	var asked, contact, answered, used, result, checked, settled database.Instant
	var reply guidance.Reply
	var o guidance.Outcome
	var c guidance.Check
	var worked sql.NullBool
	err = r.Scan(&k.ID, &k.Kind, &k.On.Kind, &k.On.ID, &k.AskerID, &k.ToID, &asked, &contact,
		database.Into(&reply.MessageID), &answered, database.Into(&reply.By), database.Into(&reply.PieceID),
		database.Into(&o.From), database.Into(&o.DueOn), database.Into(&o.Used), &used, database.Into(&o.UsedID), &result, database.Into(&o.ResultID),
		database.Into(&c.FactID), database.Into(&c.On), &worked, &checked, database.Into(&c.CheckedID), &settled, &k.Version, &o.AsOwner, database.Into(&o.Owner))
	k.AskedAt, k.Contact, k.SettledAt = asked.Time, contact.Ptr(), settled.Ptr()
	if reply.At = answered.Time; reply.MessageID != "" {
		k.Reply = &reply
	}
	if o.UsedAt, o.ResultAt = used.Ptr(), result.Ptr(); o.From != "" {
		k.Outcome = &o
	}
	if c.CheckedAt = checked.Ptr(); c.FactID != "" {
		if worked.Valid {
			c.Worked = &worked.Bool
		}
		k.Check = &c
	}
	return k, err
}

// list reads notes and their turns.
func list(ctx context.Context, tx database.Tx, tenant string, rows *sql.Rows, err error) ([]guidance.Kept, error) {
	out, err := database.All(rows, err, func(r *sql.Rows) (guidance.Kept, error) { return scan(r) })
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, withTurns(ctx, tx, tenant, out)
}

func withTurns(ctx context.Context, tx database.Tx, tenant string, list []guidance.Kept) error {
	at, ids := map[string]*guidance.Kept{}, make([]string, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i]
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT guidance_id, member_id, why, from_at, limit_minutes, due_at, received_at, customer_at, ended_at, ended, used_minutes
		FROM guidance_turn WHERE tenant_id = `+args.Add(tenant)+` AND guidance_id IN `+database.In(args, ids)+` ORDER BY guidance_id, n`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var t guidance.Turn
		var from, due, received, customer, ended database.Instant
		err = r.Scan(&id, &t.MemberID, &t.Why, &from, &t.Limit, &due, &received, &customer, &ended, database.Into(&t.End), &t.Used)
		t.From, t.Due, t.ReceivedAt, t.CustomerAt, t.EndedAt = from.Time, due.Time, received.Ptr(), customer.Ptr(), ended.Ptr()
		at[id].Turns = append(at[id].Turns, t)
		return none, err
	})
	return err
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (guidance.Kept, error) {
	k, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM guidance g WHERE g.tenant_id = $1 AND g.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return k, guidance.ErrUnknown
	} else if err != nil {
		return k, err
	}
	one := []guidance.Kept{k}
	err = withTurns(ctx, tx, tenant, one)
	return one[0], err
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, k guidance.Kept, turns int) error {
	reply, o, c := guidance.Reply{}, guidance.Outcome{}, guidance.Check{}
	var answered *time.Time
	if k.Reply != nil {
		reply, answered = *k.Reply, &k.Reply.At
	}
	if k.Outcome != nil {
		o = *k.Outcome
	}
	if k.Check != nil {
		c = *k.Check
	}
	var due *time.Time
	if t := k.Open(); t != nil {
		due = &t.Due
	}
	n, err := tx.Exec(ctx, `INSERT INTO guidance (tenant_id, id, kind, on_kind, on_id, asker_id, to_id, asked_at, contact_at, state, holder_id, due_at,
			answer_id, answered_at, answered_by, piece_id, outcome_from, outcome_due_on, used, used_at, used_id, result_at, result_id,
			fact_id, check_on, worked, checked_at, check_id, settled_at, version, owner_owes)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31)
		ON CONFLICT (tenant_id, id) DO UPDATE SET state = excluded.state, holder_id = excluded.holder_id, due_at = excluded.due_at,
			answer_id = excluded.answer_id, answered_at = excluded.answered_at, answered_by = excluded.answered_by, piece_id = excluded.piece_id,
			outcome_from = excluded.outcome_from, outcome_due_on = excluded.outcome_due_on, used = excluded.used, used_at = excluded.used_at,
			used_id = excluded.used_id, result_at = excluded.result_at, result_id = excluded.result_id, worked = excluded.worked,
			checked_at = excluded.checked_at, check_id = excluded.check_id, settled_at = excluded.settled_at, version = excluded.version,
			owner_owes = excluded.owner_owes
		WHERE guidance.version = excluded.version - 1`,
		tenant, k.ID, string(k.Kind), k.On.Kind, k.On.ID, k.AskerID, k.ToID, k.AskedAt, k.Contact, string(k.State()), database.Null(k.Holder()), due,
		database.Null(reply.MessageID), answered, database.Null(reply.By), database.Null(reply.PieceID),
		database.Null(o.From), database.Null(o.DueOn), database.Null(o.Used), o.UsedAt, database.Null(o.UsedID), o.ResultAt, database.Null(o.ResultID),
		database.Null(c.FactID), database.Null(c.On), c.Worked, c.CheckedAt, database.Null(c.CheckedID), k.SettledAt, k.Version, o.AsOwner)
	if err != nil {
		return err
	} else if n == 0 {
		return record.ErrStale
	}
	return saveTurns(ctx, tx, tenant, k, turns)
}

func saveTurns(ctx context.Context, tx database.Tx, tenant string, k guidance.Kept, first int) error {
	var rows [][]any
	for i, t := range k.Turns {
		if i >= first {
			rows = append(rows, []any{tenant, k.ID, i + 1, t.MemberID, string(t.Why), t.From, t.Limit, t.Due, t.ReceivedAt, t.CustomerAt, t.EndedAt,
				database.Null(t.End), t.Used})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.InsertMany(ctx, "guidance_turn",
		"tenant_id, guidance_id, n, member_id, why, from_at, limit_minutes, due_at, received_at, customer_at, ended_at, ended, used_minutes",
		`ON CONFLICT (tenant_id, guidance_id, n) DO UPDATE SET limit_minutes = excluded.limit_minutes, due_at = excluded.due_at,
			received_at = excluded.received_at, customer_at = excluded.customer_at, ended_at = excluded.ended_at, ended = excluded.ended,
			used_minutes = excluded.used_minutes`, rows)
}

var places = map[string]page.Column{"asked": {SQL: "g.asked_at"}, "due": {SQL: "g.due_at"}, "outcome": {SQL: "g.outcome_due_on"}, "check": {SQL: "g.check_on"}}

// read is a page of notes that a member reads, of those some condition holds of.
func read(ctx context.Context, tx database.Tx, tenant string, x org.Reading, r page.Request, which func(*database.Args) string) ([]guidance.Kept, error) {
	args := &database.Args{}
	w := `g.tenant_id = ` + args.Add(tenant) + ` AND ` + which(args) + ` AND ` + scopedb.OfThread(args, x)
	next, order, err := r.Clauses(args, places, "g.id")
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM guidance g WHERE `+w+
		` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...)
	return list(ctx, tx, tenant, rows, err)
}

func (Rows) OnRecord(ctx context.Context, tx database.Tx, tenant string, x org.Reading, on record.Ref, r page.Request) ([]guidance.Kept, error) {
	return read(ctx, tx, tenant, x, r, func(args *database.Args) string {
		return `g.on_kind = ` + args.Add(on.Kind) + ` AND g.on_id = ` + args.Add(on.ID)
	})
}

// inBox tells which notes g are in a box of a member.
func inBox(args *database.Args, x org.Reading, box guidance.Box, today calendar.Date) string {
	switch box {
	case guidance.ToAnswer:
		return `g.holder_id = ` + args.Add(x.Effective)
	case guidance.Returns:
		return scopedb.Unanswered(args, x, "g")
	case guidance.Outcomes:
		return scopedb.Owing(args, x, "g")
	case guidance.Checks:
		return scopedb.Checking(args, x, "g") + ` AND g.check_on <= ` + args.Add(string(today))
	}
	return `g.asker_id = ` + args.Add(x.Effective)
}

func (Rows) Box(ctx context.Context, tx database.Tx, tenant string, x org.Reading, box guidance.Box, today calendar.Date, r page.Request) ([]guidance.Kept, error) {
	return read(ctx, tx, tenant, x, r, func(args *database.Args) string { return inBox(args, x, box, today) })
}

func (Rows) Calls(ctx context.Context, tx database.Tx, tenant string, x org.Reading, of []string, r page.Request) ([]guidance.Kept, error) {
	return read(ctx, tx, tenant, x, r, func(args *database.Args) string {
		return `g.kind = 'help' AND (g.state = 'open' OR g.state = 'returned' AND g.settled_at IS NULL) AND g.asker_id <> ` +
			args.Add(x.Effective) + ` AND g.asker_id IN ` + database.In(args, of)
	})
}

func (Rows) Waiting(ctx context.Context, tx database.Tx, tenant string, x org.Reading, today calendar.Date, now time.Time) (w guidance.Waiting, err error) {
	count := func(box guidance.Box, more func(*database.Args) string, into *int64) {
		if err != nil {
			return
		}
		args := &database.Args{}
		where := `g.tenant_id = ` + args.Add(tenant) + ` AND ` + inBox(args, x, box, today) + more(args) + ` AND ` + scopedb.OfThread(args, x)
		err = tx.QueryRow(ctx, `SELECT count(*) FROM guidance g WHERE `+where, args.Values...).Scan(into)
	}
	all := func(*database.Args) string { return "" }
	count(guidance.ToAnswer, all, &w.ToAnswer)
	if w.ToAnswer > 0 {
		count(guidance.ToAnswer, func(args *database.Args) string { return ` AND g.due_at < ` + args.Add(database.Time(now)) }, &w.Late)
	}
	count(guidance.Returns, all, &w.Returned)
	count(guidance.Outcomes, all, &w.Outcomes)
	count(guidance.Checks, all, &w.Checks)
	return w, err
}

func (Rows) HeldBy(ctx context.Context, tx database.Tx, tenant, member string, limit int) ([]guidance.Kept, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM guidance g WHERE g.tenant_id = $1 AND g.holder_id = $2 ORDER BY g.due_at, g.id LIMIT $3`, tenant, member, limit)
	return list(ctx, tx, tenant, rows, err)
}

func (Rows) OpenAfter(ctx context.Context, tx database.Tx, tenant, member, after string, limit int) ([]string, error) {
	args := &database.Args{}
	w := `g.tenant_id = ` + args.Add(tenant) + ` AND g.id > ` + args.Add(after) + ` AND g.holder_id IS NOT NULL`
	if member != "" {
		w += ` AND g.holder_id = ` + args.Add(member)
	}
	rows, err := tx.Query(ctx, `SELECT g.id FROM guidance g WHERE `+w+` ORDER BY g.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) AnswersOf(ctx context.Context, tx database.Tx, tenant string, notes []string) ([]string, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT g.answer_id FROM guidance g WHERE g.tenant_id = `+args.Add(tenant)+` AND g.id IN `+database.In(args, notes)+
		` AND g.answer_id IS NOT NULL`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) OpenOn(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT g.id FROM guidance g WHERE g.tenant_id = $1 AND g.on_kind = $2 AND g.on_id = $3 AND g.holder_id IS NOT NULL
		ORDER BY g.id LIMIT $4`, tenant, on.Kind, on.ID, limit)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) OnDesk(ctx context.Context, tx database.Tx, tenant string, x org.Reading, since, answered time.Time, limit int) ([]guidance.Kept, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM guidance g WHERE g.tenant_id = `+args.Add(tenant)+` AND g.asked_at >= `+args.Add(database.Time(since))+
		` AND (`+scopedb.Unanswered(args, x, "g")+` OR g.asker_id = `+args.Add(x.Effective)+
		` AND (g.state = 'open' OR g.state = 'answered' AND g.answered_at >= `+args.Add(database.Time(answered))+`)) AND `+scopedb.OfThread(args, x)+
		` ORDER BY g.asked_at DESC, g.id DESC LIMIT `+args.Add(limit), args.Values...)
	return list(ctx, tx, tenant, rows, err)
}

// mostAsked is how many notes the figures of a period take in.
const mostAsked = 100_000

func (Rows) Counted(ctx context.Context, tx database.Tx, tenant string, members []string, span guidance.Span) ([]guidance.Kept, error) {
	if len(members) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	who, of := database.In(args, members), args.Add(tenant)
	in := ` BETWEEN ` + args.Add(database.Time(span.From)) + ` AND ` + args.Add(database.Time(span.To))
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM guidance g WHERE g.tenant_id = `+of+` AND g.id IN (
			SELECT gt.guidance_id FROM guidance_turn gt WHERE gt.tenant_id = `+of+` AND gt.from_at`+in+` AND gt.member_id IN `+who+`
			UNION SELECT ga.id FROM guidance ga WHERE ga.tenant_id = `+of+` AND ga.asked_at`+in+` AND ga.asker_id IN `+who+`
			UNION SELECT gb.id FROM guidance gb WHERE gb.tenant_id = `+of+` AND gb.answered_at`+in+` AND gb.answered_by IN `+who+`)
		ORDER BY g.asked_at, g.id LIMIT `+args.Add(mostAsked), args.Values...)
	out, err := database.All(rows, err, func(r *sql.Rows) (guidance.Kept, error) { return scan(r) })
	for from := 0; from < len(out) && err == nil; from += 500 {
		err = withTurns(ctx, tx, tenant, out[from:min(from+500, len(out))])
	}
	return out, err
}
