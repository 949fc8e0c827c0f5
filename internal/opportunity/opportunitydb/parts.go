package opportunitydb

import (
	"context"
	"database/sql"
	"slices"
	"sort"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
)

const stayColumns = `ord, id, pipeline_id, version_id, stage_id, state, move, entered_on, entered_at, recorded_at, recorded_on, member_id, reason,
	exception, left_on, left_at, left_move, loss_kind, loss_reason, competitor_id, signed_on, contract_minor, amount_minor, currency, seq`

// Stays reads every stay of a record, voided ones too.
func (Rows) Stays(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.Stay, error) {
	if err := tx.Settle(ctx, "stay"); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+readColumns+` FROM stay WHERE tenant_id = $1 AND opportunity_id = $2 ORDER BY ord`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (s opportunity.Stay, err error) { return s, scanStay(r, &s) })
}

// readColumns are those of a stay and what became of it.
const readColumns = stayColumns + `, exception_seen_at, voided_at, COALESCE(ended_seq, 0), COALESCE(accepted_seq, 0), void_reason`

// scanStay scans a stay and what was asked for behind it.
func scanStay(r *sql.Rows, s *opportunity.Stay, more ...any) error {
	var entered, recorded, seen, left, voided database.Instant
	err := r.Scan(append([]any{&s.Ord, &s.ID, &s.PipelineID, &s.VersionID, database.Into(&s.StageID), &s.State, &s.Move, database.Into(&s.EnteredOn),
		&entered, &recorded, &s.RecordedOn, &s.MemberID, &s.Reason, &s.Exception, database.Into(&s.LeftOn), &left, database.Into(&s.LeftMove),
		database.Into(&s.LossKind), database.Into(&s.LossReason), database.Into(&s.CompetitorID), database.Into(&s.SignedOn),
		&s.ContractMinor, &s.AmountMinor, database.Into(&s.Currency), &s.Seq, &seen, &voided, &s.EndedSeq, &s.AcceptedSeq,
		database.Into(&s.VoidReason)}, more...)...)
	s.EnteredAt, s.RecordedAt, s.ExceptionSeenAt, s.LeftAt, s.VoidedAt = entered.Ptr(), recorded.Time, seen.Ptr(), left.Ptr(), voided.Ptr()
	return err
}

// StaysWith reads the stays of an account's, a person's or some deals in scope, deal by deal.
func (Rows) StaysWith(ctx context.Context, tx database.Tx, tenant string, s org.Scope, kind string, ids []string) ([]opportunity.DealStay, error) {
	if err := tx.Settle(ctx, "stay"); err != nil {
		return nil, err
	}
	args := &database.Args{}
	company := args.Add(tenant)
	rows, err := tx.Query(ctx, `SELECT `+readColumns+`, opportunity_id FROM stay WHERE tenant_id = `+company+
		` AND opportunity_id IN (SELECT o.id FROM opportunity o WHERE o.tenant_id = `+company+` AND `+scopedb.DealsWith(args, company, kind, ids, s)+
		`) ORDER BY opportunity_id, ord`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (d opportunity.DealStay, err error) { return d, scanStay(r, &d.Stay, &d.Deal) })
}

// InsertStays writes stays; their Seq may stand for an entry of this transaction.
func (Rows) InsertStays(ctx context.Context, tx database.Tx, tenant string, stays map[string][]opportunity.Stay) error {
	var rows [][]any
	for _, id := range sortedKeys(stays) {
		for _, s := range stays[id] {
			rows = append(rows, []any{tenant, id, s.Ord, s.ID, s.PipelineID, s.VersionID, database.Null(s.StageID), string(s.State), string(s.Move),
				database.Null(s.EnteredOn), s.EnteredAt, s.RecordedAt, string(s.RecordedOn), s.MemberID, s.Reason, s.Exception,
				database.Null(s.LeftOn), s.LeftAt, database.Null(s.LeftMove), database.Null(s.LossKind), database.Null(s.LossReason),
				database.Null(s.CompetitorID), database.Null(s.SignedOn), s.ContractMinor, s.AmountMinor, database.Null(s.Currency), s.Seq, acceptedBy(s)})
		}
	}
	return tx.InsertMany(ctx, "stay", "tenant_id, opportunity_id, "+stayColumns+", accepted_seq", "", rows)
}

// acceptedBy is the entry that accepted a win by exception, if one did.
func acceptedBy(s opportunity.Stay) any {
	if s.AcceptedSeq == 0 {
		return nil
	}
	return s.AcceptedSeq
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func (Rows) LeaveStay(ctx context.Context, tx database.Tx, tenant, id string, s opportunity.Stay) error {
	return tx.Soon(ctx, `UPDATE stay SET left_on = $4, left_at = $5, left_move = $6 WHERE tenant_id = $1 AND opportunity_id = $2 AND ord = $3`,
		tenant, id, s.Ord, database.Null(s.LeftOn), s.LeftAt, database.Null(s.LeftMove))
}

// VoidStay says that a stay never was.
func (Rows) VoidStay(tx database.Tx, a org.Actor, id string, v opportunity.Void) {
	tx.Later(`UPDATE stay SET voided_at = $1, ended_seq = $2, void_reason = $3 WHERE tenant_id = $4 AND opportunity_id = $5 AND ord = $6`,
		a.Now, v.Seq, database.Null(v.Reason), a.TenantID, id, v.Ord)
}

// AcceptWin says that a win by exception is accepted.
func (Rows) AcceptWin(tx database.Tx, tenant, id string, ord int64, seq database.Seq) {
	tx.Later(`UPDATE stay SET accepted_seq = $1 WHERE tenant_id = $2 AND opportunity_id = $3 AND ord = $4`, seq, tenant, id, ord)
}

func (Rows) SeeExceptions(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	_, err := tx.Exec(ctx, `UPDATE stay SET exception_seen_at = $3 WHERE tenant_id = $1 AND opportunity_id = $2 AND exception AND exception_seen_at IS NULL`, a.TenantID, id, a.Now)
	return err
}

// Exceptions lists what no manager has seen yet: wins to accept first, each part newest first,
// and counts all, to no more than opportunity.MostExceptions of each part. A win waits until it
// is accepted, which is not for its owner; nothing is for who made it.
func (r Rows) Exceptions(ctx context.Context, tx database.Tx, a org.Actor, s org.Scope, limit int) (
	list []opportunity.ExceptionTaken, all int64, err error) {
	for _, win := range []bool{true, false} {
		args := &database.Args{}
		from := exceptions(args, a, s, win)
		part, err := r.newestExceptions(ctx, tx, args, from, win, limit)
		if err != nil {
			return nil, 0, err
		}
		n := int64(len(part))
		if len(part) == limit {
			args := &database.Args{}
			err := tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 `+exceptions(args, a, s, win)+` LIMIT `+
				args.Add(opportunity.MostExceptions)+`) counted`, args.Values...).Scan(&n)
			if err != nil {
				return nil, 0, err
			}
		}
		list, all = append(list, part[:min(len(part), limit-len(list))]...), all+n
	}
	return list, all, nil
}

// WithExceptions are the records those are of.
func (Rows) WithExceptions(ctx context.Context, tx database.Tx, a org.Actor, s org.Scope) (all []string, err error) {
	for _, win := range []bool{true, false} {
		args := &database.Args{}
		part, err := ids(tx.Query(ctx, `SELECT DISTINCT o.id `+exceptions(args, a, s, win)+` LIMIT `+args.Add(opportunity.MostExceptions), args.Values...))
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// exceptions are the stays of one part. They are found by an index that holds nothing else, not
// by the records in scope: a CROSS JOIN keeps SQLite to that.
func exceptions(args *database.Args, a org.Actor, s org.Scope, win bool) string {
	me := "(" + args.Add(a.Effective()) + ", " + args.Add(a.MemberID) + ")"
	part := "s.exception_seen_at IS NULL AND (s.state <> 'won' OR s.left_move IS NOT NULL)"
	if win {
		part = "s.state = 'won' AND s.left_move IS NULL AND COALESCE(o.owner_id, '') NOT IN " + me
	}
	return `FROM stay s CROSS JOIN opportunity o WHERE s.tenant_id = ` + args.Add(a.TenantID) + ` AND s.exception AND s.voided_at IS NULL
		AND s.accepted_seq IS NULL AND ` + part + ` AND s.member_id NOT IN ` + me + `
		AND o.tenant_id = s.tenant_id AND o.id = s.opportunity_id AND o.deleted_at IS NULL AND ` + scopedb.Opportunity(args, s)
}

func (Rows) newestExceptions(ctx context.Context, tx database.Tx, args *database.Args, from string, win bool, limit int) (
	[]opportunity.ExceptionTaken, error) {
	rows, err := tx.Query(ctx, `SELECT o.id, o.name, o.owner_id, s.member_id, s.stage_id, s.reason, s.entered_on `+from+`
		ORDER BY s.recorded_at DESC, s.id DESC LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (opportunity.ExceptionTaken, error) {
		e := opportunity.ExceptionTaken{Win: win}
		return e, r.Scan(&e.OpportunityID, &e.Opportunity, database.Into(&e.OwnerID), &e.MemberID, database.Into(&e.StageID),
			&e.Reason, database.Into(&e.On))
	})
}

func (Rows) Lines(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.Line, error) {
	rows, err := tx.Query(ctx, `SELECT product_line_id, amount_minor, note FROM opportunity_line WHERE tenant_id = $1 AND opportunity_id = $2 ORDER BY ord`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (l opportunity.Line, err error) {
		return l, r.Scan(&l.ProductLineID, &l.AmountMinor, &l.Note)
	})
}

// replace deletes a record's parts and inserts the new ones.
func replace(ctx context.Context, tx database.Tx, tenant, table, columns string, id string, rows [][]any) error {
	if err := tx.Soon(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND opportunity_id = $2`, tenant, id); err != nil {
		return err
	}
	return tx.InsertMany(ctx, table, columns, "", rows)
}

const lineColumns = "tenant_id, opportunity_id, ord, product_line_id, amount_minor, note"

func lineRows(tenant, id string, lines []opportunity.Line) (rows [][]any) {
	for i, l := range lines {
		rows = append(rows, []any{tenant, id, i + 1, l.ProductLineID, l.AmountMinor, l.Note})
	}
	return rows
}

func (Rows) SetLines(ctx context.Context, tx database.Tx, tenant, id string, lines []opportunity.Line) error {
	return replace(ctx, tx, tenant, "opportunity_line", lineColumns, id, lineRows(tenant, id, lines))
}

func (Rows) InsertLines(ctx context.Context, tx database.Tx, tenant string, lines map[string][]opportunity.Line) error {
	var rows [][]any
	for _, id := range sortedKeys(lines) {
		rows = append(rows, lineRows(tenant, id, lines[id])...)
	}
	return tx.InsertMany(ctx, "opportunity_line", lineColumns, "", rows)
}

func (Rows) Shares(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.Share, error) {
	rows, err := tx.Query(ctx, `SELECT member_id, kind, share_bp FROM opportunity_share WHERE tenant_id = $1 AND opportunity_id = $2 ORDER BY kind, share_bp DESC, member_id`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (s opportunity.Share, err error) { return s, r.Scan(&s.MemberID, &s.Kind, &s.BP) })
}

const shareColumns = "tenant_id, opportunity_id, member_id, kind, share_bp"

func shareRows(tenant, id string, shares []opportunity.Share) (rows [][]any) {
	for _, s := range shares {
		rows = append(rows, []any{tenant, id, s.MemberID, s.Kind, s.BP})
	}
	return rows
}

func (Rows) SetShares(ctx context.Context, tx database.Tx, tenant, id string, shares []opportunity.Share) error {
	return replace(ctx, tx, tenant, "opportunity_share", shareColumns, id, shareRows(tenant, id, shares))
}

func (Rows) InsertShares(ctx context.Context, tx database.Tx, tenant string, shares map[string][]opportunity.Share) error {
	var rows [][]any
	for _, id := range sortedKeys(shares) {
		rows = append(rows, shareRows(tenant, id, shares[id])...)
	}
	return tx.InsertSoon(ctx, "opportunity_share", shareColumns, "", rows)
}

func (Rows) Team(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.TeamMember, error) {
	rows, err := tx.Query(ctx, `SELECT member_id, role FROM deal_team WHERE tenant_id = $1 AND opportunity_id = $2 ORDER BY member_id`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (m opportunity.TeamMember, err error) { return m, r.Scan(&m.MemberID, &m.Role) })
}

func (Rows) SetTeam(ctx context.Context, tx database.Tx, tenant, id string, team []opportunity.TeamMember) error {
	rows := make([][]any, len(team))
	for i, m := range team {
		rows[i] = []any{tenant, id, m.MemberID, m.Role}
	}
	return replace(ctx, tx, tenant, "deal_team", "tenant_id, opportunity_id, member_id, role", id, rows)
}

func (Rows) Contacts(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.DealContact, error) {
	rows, err := tx.Query(ctx, `SELECT oc.contact_id, c.name, c.title, oc.role, `+judged+` FROM opportunity_contact oc`+scopedb.JoinContact+`
		WHERE oc.tenant_id = $1 AND oc.opportunity_id = $2 ORDER BY c.pinyin, c.id`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (c opportunity.DealContact, err error) {
		return c, r.Scan(append([]any{&c.ContactID, &c.Name, &c.Title, &c.Role}, judgedInto(&c)...)...)
	})
}

func (Rows) SetContacts(ctx context.Context, tx database.Tx, tenant, id string, contacts []opportunity.DealContact) error {
	rows := make([][]any, len(contacts))
	for i, c := range contacts {
		rows[i] = []any{tenant, id, c.ContactID, c.Role, c.Attitude, c.Influence, c.Coverage, database.Null(c.AsOf), database.Null(c.SaidBy)}
	}
	return replace(ctx, tx, tenant, "opportunity_contact", "tenant_id, opportunity_id, contact_id, role, attitude, influence, coverage, as_of, said_by", id, rows)
}

func (Rows) Competitors(ctx context.Context, tx database.Tx, tenant, id string) ([]account.Competitor, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT c.id, c.name FROM opportunity_competitor oc`+scopedb.JoinCompetitor+`
		WHERE oc.tenant_id = $1 AND oc.opportunity_id = $2 ORDER BY c.name, c.id`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (c account.Competitor, err error) { return c, r.Scan(&c.ID, &c.Name) })
}

func (Rows) SetCompetitors(ctx context.Context, tx database.Tx, tenant, id string, competitors []string) error {
	rows := make([][]any, len(competitors))
	for i, c := range competitors {
		rows[i] = []any{tenant, id, c}
	}
	return replace(ctx, tx, tenant, "opportunity_competitor", "tenant_id, opportunity_id, competitor_id", id, rows)
}

const evidenceColumns = `e.id, e.stage_id, e.milestone_key, e.status, e.text_value, e.date_value, e.number_value, e.contact_id, e.file_id, e.submitted_on, e.submitted_at, e.submitted_by, e.decided_at, e.decided_by, e.decision_note`

func evidenceInto(e *opportunity.Evidence, submitted, decided *database.Instant) []any {
	return []any{&e.ID, &e.StageID, &e.Key, &e.Status, &e.Text, database.Into(&e.Date), &e.Number, database.Into(&e.ContactID), database.Into(&e.FileID), &e.SubmittedOn, submitted, &e.SubmittedBy,
		decided, database.Into(&e.DecidedBy), &e.DecisionNote}
}

func (Rows) Evidence(ctx context.Context, tx database.Tx, tenant, id string) ([]opportunity.Evidence, error) {
	rows, err := tx.Query(ctx, `SELECT `+evidenceColumns+` FROM evidence e WHERE e.tenant_id = $1 AND e.opportunity_id = $2 ORDER BY e.submitted_at, e.id`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (e opportunity.Evidence, err error) {
		var submitted, decided database.Instant
		err = r.Scan(evidenceInto(&e, &submitted, &decided)...)
		e.SubmittedAt, e.DecidedAt = submitted.Time, decided.Ptr()
		return e, err
	})
}

func (Rows) InsertEvidence(ctx context.Context, tx database.Tx, tenant, id string, e opportunity.Evidence) error {
	_, err := tx.Exec(ctx, `INSERT INTO evidence (tenant_id, id, opportunity_id, stage_id, milestone_key, status, text_value, date_value, number_value, contact_id, file_id, submitted_on, submitted_at, submitted_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, tenant, e.ID, id, e.StageID, e.Key, e.Status, e.Text, database.Null(e.Date), e.Number, database.Null(e.ContactID), database.Null(e.FileID),
		string(e.SubmittedOn), e.SubmittedAt, e.SubmittedBy)
	return err
}

func (Rows) DecideEvidence(ctx context.Context, tx database.Tx, tenant string, e opportunity.Evidence) error {
	n, err := tx.Exec(ctx, `UPDATE evidence SET status = $3, decided_at = $4, decided_by = $5, decision_note = $6 WHERE tenant_id = $1 AND id = $2 AND status = 'submitted'`,
		tenant, e.ID, e.Status, e.DecidedAt, e.DecidedBy, e.DecisionNote)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "evidence.decided", "it was decided already")
	}
	return err
}

// Waiting lists what waits for a decision, the first handed in first, by the index of what waits.
func (Rows) Waiting(ctx context.Context, tx database.Tx, tenant string, s org.Scope, limit int) ([]opportunity.WaitingEvidence, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+evidenceColumns+`, o.id, o.name, o.owner_id FROM evidence e CROSS JOIN opportunity o
		WHERE e.tenant_id = `+args.Add(tenant)+` AND e.status = 'submitted' AND o.tenant_id = e.tenant_id AND o.id = e.opportunity_id
			AND o.state = 'open' AND o.deleted_at IS NULL AND `+scopedb.Opportunity(args, s)+`
		ORDER BY e.submitted_at, e.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (w opportunity.WaitingEvidence, err error) {
		var submitted, decided database.Instant
		err = r.Scan(append(evidenceInto(&w.Evidence, &submitted, &decided), &w.OpportunityID, &w.Opportunity, database.Into(&w.OwnerID))...)
		w.SubmittedAt = submitted.Time
		return w, err
	})
}
