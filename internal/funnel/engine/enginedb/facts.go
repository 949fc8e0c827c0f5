package enginedb

import (
	"context"
	"database/sql"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/opportunity/opportunitydb"
	"yunchou/internal/scopedb"
)

// which writes a condition on the column of an opportunity's id.
type which func(args *database.Args, id string) string

// deals reads the opportunities some condition on the id holds. Everything comes in
// the order of ids, so each part is added to the opportunity whose turn it is.
func (r Rows) deals(ctx context.Context, tx database.Tx, tenant string, some which) ([]engine.Deal, error) {
	var deals []engine.Deal
	asked := func(body, id, tail string, read func(*sql.Rows) error) database.Asked {
		args := &database.Args{}
		text := body + args.Add(tenant) + " AND " + some(args, id)
		return database.Asked{Query: text + " " + tail, Args: args.Values, Read: read}
	}
	all := []database.Asked{asked(today, "o.id", "ORDER BY o.id", func(rows *sql.Rows) (err error) {
		deals, err = database.All(rows, nil, scanToday)
		return err
	})}
	for _, p := range parts {
		all = append(all, asked(p.body, p.id, p.tail, func(rows *sql.Rows) error { return p.beside(rows, deals) }))
	}
	if err := tx.AskAll(ctx, all...); err != nil {
		return nil, err
	}
	return deals, r.accountsWere(ctx, tx, tenant, deals)
}

// today is an opportunity as its own columns tell it, with its account of today.
const today = `SELECT o.id, o.name, o.pipeline_id, o.stage_id, o.state, o.deleted_at IS NOT NULL, o.created_on,
	o.closed_on, o.expected_on, o.amount_minor, o.contract_minor, o.tax_included, o.tax_bp, o.confidence_bp, o.currency, o.owner_id, o.team_id,
	o.region, o.source, o.loss_kind, o.competitor_id, o.entered_on, o.stay_on, o.clock_on, o.contact_on, o.waiting_on,
	o.account_id, a.industry, a.class, t.time_zone
	FROM opportunity o JOIN tenant t ON t.id = o.tenant_id LEFT JOIN account a ON a.tenant_id = o.tenant_id AND a.id = o.account_id WHERE o.tenant_id = `

func scanToday(r *sql.Rows) (d engine.Deal, err error) {
	var a engine.Account
	err = r.Scan(&d.ID, &d.Name, &d.PipelineID, database.Into(&d.StageID), &d.State, &d.Deleted,
		database.Into(&d.CreatedOn), database.Into(&d.ClosedOn), database.Into(&d.ExpectedOn), &d.AmountMinor,
		&d.ContractMinor, &d.TaxIncluded, &d.TaxBP, &d.ConfidenceBP, &d.Currency, database.Into(&d.OwnerID), database.Into(&d.TeamID), &d.Region,
		&d.Source, database.Into(&d.LossKind), database.Into(&d.CompetitorID), database.Into(&d.EnteredOn),
		database.Into(&d.StayOn), database.Into(&d.ClockOn), database.Into(&d.ContactOn), database.Into(&d.WaitingOn), database.Into(&d.AccountID),
		database.Into(&a.Industry), database.Into(&a.Class), &d.TimeZone)
	if a.ID = d.AccountID; a.ID != "" {
		d.Accounts = []engine.Account{a}
	}
	return d, err
}

// part is what hangs on opportunities in one table: a query up to the tenant, the column
// of the opportunity, and how a row is added to its opportunity.
type part struct {
	body, id, tail string
	scan           func() func(r *sql.Rows, of func(id string) *engine.Deal) error
}

// beside walks a part beside the opportunities it hangs on.
func (p part) beside(rows *sql.Rows, deals []engine.Deal) error {
	at, scan := 0, p.scan()
	var none engine.Deal
	of := func(id string) *engine.Deal {
		for at < len(deals) && deals[at].ID < id {
			at++
		}
		if at == len(deals) || deals[at].ID != id {
			return &none
		}
		return &deals[at]
	}
	for rows.Next() {
		if err := scan(rows, of); err != nil {
			return err
		}
	}
	return rows.Err()
}

// hangs makes a part of what is one list of an opportunity: read scans a row, whose first
// column is the opportunity, and add puts it there.
func hangs[T any](body, id, tail string, columns func(v *T) []any, add func(d *engine.Deal, v T)) part {
	return part{body, id, tail, func() func(r *sql.Rows, of func(string) *engine.Deal) error {
		var id string
		var v, none T
		into := append([]any{&id}, columns(&v)...)
		return func(r *sql.Rows, of func(string) *engine.Deal) error {
			v = none
			if err := r.Scan(into...); err != nil {
				return err
			}
			add(of(id), v)
			return nil
		}
	}}
}

var parts = []part{stays, owners, values, credits, lines, rivals, crew, classes, promises, provisional, owns}

// A stay that was voided before entries ended stays counts for no knowledge.
var stays = hangs(`SELECT s.opportunity_id, s.id, s.version_id, s.stage_id, s.state, s.entered_on, s.entered_at, s.recorded_on, s.move,
	s.amount_minor, s.contract_minor, s.currency, s.loss_kind, s.competitor_id, s.seq, COALESCE(s.ended_seq, 0)
	FROM stay s WHERE (s.voided_at IS NULL OR s.ended_seq IS NOT NULL) AND s.tenant_id = `,
	"s.opportunity_id", "ORDER BY s.opportunity_id, s.ord",
	func(s *engine.Stay) []any {
		return []any{&s.ID, &s.VersionID, database.Into(&s.StageID), &s.State, database.Into(&s.EnteredOn), &s.EnteredAt,
			database.Into(&s.RecordedOn), &s.Move, &s.AmountMinor, &s.ContractMinor, database.Into(&s.Currency),
			database.Into(&s.LossKind), database.Into(&s.CompetitorID), &s.Seq, &s.Ended}
	}, func(d *engine.Deal, s engine.Stay) { d.Stays = append(d.Stays, s) })

var owners = hangs(`SELECT w.record_id, w.member_id, w.team_id, w.from_on, w.seq, COALESCE(w.ended_seq, 0)
	FROM ownership w WHERE w.record_kind = 'opportunity' AND w.tenant_id = `,
	"w.record_id", "ORDER BY w.record_id, w.from_on, w.seq, w.ord",
	func(o *engine.Ownership) []any {
		return []any{database.Into(&o.MemberID), database.Into(&o.TeamID), database.Into(&o.From), &o.Seq, &o.Ended}
	}, func(d *engine.Deal, o engine.Ownership) { d.Owners = append(d.Owners, o) })

var values = hangs(`SELECT v.record_id, v.field, v.key, v.day, v.number_value, v.text_value, v.seq,
	COALESCE(v.ended_seq, 0) FROM dated_value v
	WHERE v.field IN ('amount', 'expected', 'confidence', 'account', 'region', 'deleted', 'line', 'tax') AND v.tenant_id = `,
	"v.record_id", "ORDER BY v.record_id, v.field, v.key, v.day, v.seq",
	func(v *engine.Value) []any {
		return []any{&v.Field, &v.Key, &v.Day, &v.Number, database.Into(&v.Text), &v.Seq, &v.Ended}
	}, func(d *engine.Deal, v engine.Value) { d.Values = append(d.Values, v) })

var credits = hangs(`SELECT c.fact_id, c.stay_id, c.member_id, c.team_id, c.product_line_id, c.credited_on, c.share_bp,
	c.amount_minor, c.seq FROM credit_line c WHERE c.kind = 'direct' AND c.stay_id IS NOT NULL AND c.tenant_id = `,
	"c.fact_id", "ORDER BY c.fact_id, c.seq, c.id",
	func(c *engine.Credit) []any {
		return []any{&c.StayID, &c.MemberID, database.Into(&c.TeamID), database.Into(&c.ProductLineID),
			database.Into(&c.On), &c.ShareBP, &c.AmountMinor, &c.Seq}
	}, func(d *engine.Deal, c engine.Credit) { d.Credits = append(d.Credits, c) })

var lines = hangs(`SELECT l.opportunity_id, l.product_line_id, CAST(sum(l.amount_minor) AS bigint)
	FROM opportunity_line l WHERE l.tenant_id = `, "l.opportunity_id",
	"GROUP BY l.opportunity_id, l.product_line_id ORDER BY l.opportunity_id, l.product_line_id",
	func(l *engine.Line) []any { return []any{&l.ProductLineID, &l.Minor} },
	func(d *engine.Deal, l engine.Line) { d.Lines = append(d.Lines, l) })

var rivals = hangs(`SELECT r.opportunity_id, r.competitor_id FROM opportunity_competitor r WHERE r.tenant_id = `,
	"r.opportunity_id", "ORDER BY r.opportunity_id, r.competitor_id",
	one, func(d *engine.Deal, c string) { d.Rivals = append(d.Rivals, c) })

var crew = hangs(`SELECT t.opportunity_id, t.member_id FROM deal_team t WHERE t.tenant_id = `,
	"t.opportunity_id", "ORDER BY t.opportunity_id, t.member_id",
	one, func(d *engine.Deal, m string) { d.Crew = append(d.Crew, m) })

var classes = hangs(`SELECT o.id, v.day, v.text_value, v.seq, COALESCE(v.ended_seq, 0) FROM opportunity o
	JOIN dated_value v ON v.tenant_id = o.tenant_id AND v.record_id = o.account_id AND v.field = 'class'
	WHERE o.tenant_id = `, "o.id", "ORDER BY o.id, v.day, v.seq",
	class, func(d *engine.Deal, v engine.Value) {
		if len(d.Accounts) > 0 {
			d.Accounts[0].Classes = append(d.Accounts[0].Classes, v)
		}
	})

var promises = hangs(`SELECT l.to_id FROM record_link l JOIN task t ON t.tenant_id = l.tenant_id AND t.id = l.id
	WHERE l.to_kind = 'opportunity' AND l.kind = 'task' AND `+scopedb.TaskOpen+` AND l.tenant_id = `,
	"l.to_id", "ORDER BY l.to_id", none, func(d *engine.Deal, _ struct{}) { d.Promised = true })

var provisional = hangs(`SELECT ps.opportunity_id FROM stay ps WHERE `+opportunitydb.Provisional+` AND ps.tenant_id = `,
	"ps.opportunity_id", "ORDER BY ps.opportunity_id", none, func(d *engine.Deal, _ struct{}) { d.Provisional = true })

// ownsRead are the values of a company's own fields, but for free text that
// is not chosen from a list. An outer join keeps SQLite from
// beginning with the fields, of which each has values of every record.
const ownsRead = `SELECT cv.record_id, cv.field_id, cv.text_value, cv.number_value FROM custom_value cv
	LEFT JOIN custom_field cf ON cf.tenant_id = cv.tenant_id AND cf.id = cv.field_id
	WHERE (COALESCE(cf.type, '') <> 'text' OR cf.options <> '[]') AND cv.tenant_id = `

func own(o *engine.Own) []any { return []any{&o.FieldID, database.Into(&o.Text), &o.Number} }

var owns = hangs(ownsRead, "cv.record_id", "ORDER BY cv.record_id, cv.field_id", own,
	func(d *engine.Deal, o engine.Own) { d.Own = append(d.Own, o) })

func none(*struct{}) []any { return nil }

func one(text *string) []any { return []any{text} }

func class(v *engine.Value) []any {
	return []any{&v.Day, database.Into(&v.Text), &v.Seq, &v.Ended}
}

// accountsWere reads the accounts that opportunities were another day's of.
func (Rows) accountsWere(ctx context.Context, tx database.Tx, tenant string, deals []engine.Deal) error {
	byID := map[string]*engine.Account{}
	for i := range deals {
		for _, v := range deals[i].Values {
			if v.Field == "account" && v.Text != "" && v.Text != deals[i].AccountID {
				byID[v.Text] = nil
			}
		}
	}
	ids := make([]string, 0, len(byID))
	for id := range byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for from := 0; from < len(ids); from += idsAtOnce {
		if err := accounts(ctx, tx, tenant, ids[from:min(len(ids), from+idsAtOnce)], byID); err != nil {
			return err
		}
	}
	for i := range deals {
		d := &deals[i]
		for _, v := range d.Values {
			a := byID[v.Text]
			known := func(x engine.Account) bool { return x.ID == v.Text }
			if v.Field == "account" && a != nil && !slices.ContainsFunc(d.Accounts, known) {
				d.Accounts = append(d.Accounts, *a)
			}
		}
	}
	return nil
}

// accounts reads some accounts with the classes they had.
func accounts(ctx context.Context, tx database.Tx, tenant string, ids []string, byID map[string]*engine.Account) error {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT a.id, a.industry, a.class FROM account a WHERE a.tenant_id = `+args.Add(tenant)+`
		AND a.id IN `+database.In(args, ids), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (a engine.Account, err error) {
		return a, r.Scan(&a.ID, &a.Industry, &a.Class)
	})
	if err != nil {
		return err
	}
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	args = &database.Args{}
	rows, err = tx.Query(ctx, `SELECT v.record_id, v.day, v.text_value, v.seq, COALESCE(v.ended_seq, 0) FROM dated_value v
		WHERE v.tenant_id = `+args.Add(tenant)+` AND v.field = 'class' AND v.record_id IN `+database.In(args, ids)+`
		ORDER BY v.record_id, v.day, v.seq`, args.Values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var v engine.Value
		if err := rows.Scan(append([]any{&id}, class(&v)...)...); err != nil {
			return err
		}
		if a := byID[id]; a != nil {
			a.Classes = append(a.Classes, v)
		}
	}
	return rows.Err()
}
