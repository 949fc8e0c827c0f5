// Package opportunitydb is the SQL of opportunities.
package opportunitydb

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field/fielddb"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pinyin"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
	"yunchou/internal/text"
)

// Rows implements opportunity.Rows.
type Rows struct{}

const columns = `o.id, o.name, o.account_id, o.pipeline_id, o.version_id, o.owner_id, o.team_id, o.region, o.amount_minor, o.currency, o.reporting_minor, o.tax_included, o.tax_bp,
	o.expected_on, o.confidence_bp, o.source, o.created_on, o.created_at, o.created_by, o.batch_id, o.state, o.stage_id, o.entered_on, o.closed_on, o.signed_on,
	o.contract_minor, o.loss_kind, o.loss_reason, o.competitor_id, o.progress_on, o.clock_on, o.contact_on, o.waiting_on,
	o.recorded_on, o.stay_on, o.clock_at_least, o.pushes, o.deleted_at, o.version, o.pinyin,
	` + scopedb.AccountName

// Provisional is a win by exception nobody has accepted: the last stay, since nothing follows
// it, of a stay aliased ps. The index stay_provisional holds these.
const Provisional = `ps.exception AND ps.state = 'won' AND ps.accepted_seq IS NULL AND ps.voided_at IS NULL AND ps.left_move IS NULL`

type row struct {
	opportunity.Opportunity
	pinyin string
}

func scan(r interface{ Scan(...any) error }) (out row, err error) {
	o := &out.Opportunity
	var created, deleted database.Instant
	err = r.Scan(&o.ID, &o.Name, database.Into(&o.AccountID), &o.PipelineID, &o.VersionID, database.Into(&o.OwnerID), database.Into(&o.TeamID), &o.Region, &o.AmountMinor, &o.Currency, &o.ReportingMinor, &o.TaxIncluded, &o.TaxBP,
		database.Into(&o.ExpectedOn), &o.ConfidenceBP, &o.Source, database.Into(&o.CreatedOn), &created, &o.CreatedBy, database.Into(&o.BatchID), &o.State, database.Into(&o.StageID),
		database.Into(&o.EnteredOn), database.Into(&o.ClosedOn), database.Into(&o.SignedOn), &o.ContractMinor, database.Into(&o.LossKind), database.Into(&o.LossReason), database.Into(&o.CompetitorID),
		database.Into(&o.ProgressOn), database.Into(&o.ClockOn), database.Into(&o.ContactOn), database.Into(&o.WaitingOn),
		database.Into(&o.RecordedOn), database.Into(&o.StayOn), &o.ClockAtLeast, &o.Pushes, &deleted, &o.Version, &out.pinyin,
		database.Into(&o.AccountName))
	o.CreatedAt, o.DeletedAt = created.Time, deleted.Ptr()
	return out, err
}

// Provisional finds among records the wins by exception that nobody has accepted.
func (Rows) Provisional(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]bool, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT ps.opportunity_id FROM stay ps WHERE ps.tenant_id = `+args.Add(tenant)+`
		AND ps.opportunity_id IN `+database.In(args, ids)+` AND `+Provisional, args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	found := map[string]bool{}
	for _, id := range list {
		found[id] = true
	}
	return found, err
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (opportunity.Opportunity, error) {
	args := &database.Args{}
	r, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+` AND o.id = `+args.Add(id)+` AND `+scopedb.Opportunity(args, s), args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		return r.Opportunity, fault.New(fault.NotFound, "opportunity.unknown", "no such opportunity")
	}
	return r.Opportunity, err
}

// Where compiles scope and filter into the predicate every list, total, board and
// export shares.
func Where(args *database.Args, tenant string, s org.Scope, f opportunity.Filter) string {
	w := []string{"o.tenant_id = " + args.Add(tenant), scopedb.Opportunity(args, s), recorddb.Search(args, "o", f.Query)}
	switch {
	case f.Deleted: // what an undone import had made never was: its stays are void, or ended where an older program undid it
		w = append(w, "o.deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM stay ls WHERE ls.tenant_id = o.tenant_id AND ls.opportunity_id = o.id AND ls.voided_at IS NULL AND ls.ended_seq IS NULL)")
	case !f.WithDeleted:
		w = append(w, "o.deleted_at IS NULL")
	}
	text := func(column, op, v string) {
		if v != "" {
			w = append(w, "o."+column+" "+op+" "+args.Add(v))
		}
	}
	text("pipeline_id", "=", f.Pipeline)
	text("stage_id", "=", f.Stage)
	text("owner_id", "=", f.Owner)
	text("account_id", "=", f.Account)
	text("region", "=", f.Region)
	text("source", "=", f.Source)
	text("loss_kind", "=", f.LossKind)
	text("created_on", ">=", string(f.CreatedFrom))
	text("created_on", "<", string(f.CreatedTo))
	text("closed_on", ">=", string(f.ClosedFrom))
	text("closed_on", "<", string(f.ClosedTo))
	text("expected_on", ">=", string(f.ExpectedFrom))
	text("expected_on", "<", string(f.ExpectedTo))
	if f.AmountMin != nil {
		w = append(w, "o.reporting_minor >= "+args.Add(*f.AmountMin))
	}
	if f.AmountMax != nil {
		w = append(w, "o.reporting_minor <= "+args.Add(*f.AmountMax))
	}
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		w = append(w, "o.state IN "+database.In(args, states))
	}
	if f.Team != "" {
		w = append(w, "o.owner_id IN "+database.In(args, f.Owners))
	}
	if len(f.IDs) > 0 {
		w = append(w, "o.id IN "+database.In(args, f.IDs))
	}
	if f.ProductLine != "" {
		w = append(w, "EXISTS (SELECT 1 FROM opportunity_line l WHERE l.tenant_id = o.tenant_id AND l.opportunity_id = o.id AND l.product_line_id = "+args.Add(f.ProductLine)+")")
	}
	if f.Industry != "" {
		w = append(w, scopedb.AccountOf(args, f.Industry))
	}
	if f.Provisional {
		w = append(w, "o.state = 'won' AND o.id IN (SELECT ps.opportunity_id FROM stay ps WHERE ps.tenant_id = "+args.Add(tenant)+" AND "+Provisional+")")
	}
	if f.NoNextStep {
		w = append(w, "o.state = 'open' AND NOT "+scopedb.OpenTask("opportunity", "o"))
	}
	if f.Waiting {
		w = append(w, "o.state = 'open' AND o.waiting_on IS NOT NULL")
	}
	w = append(w, lacking(args, f.Lacks)...)
	w = append(w, limited(args, f)...)
	for _, c := range f.Conditions {
		w = append(w, fielddb.Where(args, tenant, "o.id", c))
	}
	return strings.Join(w, " AND ")
}

// limited keeps what is beyond all limits that are asked for.
func limited(args *database.Args, f opportunity.Filter) (w []string) {
	for _, b := range f.Beyond {
		w = append(w, beyond(args, b))
	}
	if f.StandsStill() {
		w = append(w, "o.waiting_on IS NULL") // waiting is the approver's time
	}
	return w
}

// beyond keeps what is beyond a limit of its stage.
func beyond(args *database.Args, b opportunity.Beyond) string {
	ors := []string{"1 = 0"}
	for _, c := range b.Cutoffs {
		within := "(o.stage_id = " + args.Add(c.StageID) + " AND o." + b.On + " <= " + args.Add(string(c.Before))
		if c.After != "" {
			within += " AND o." + b.On + " > " + args.Add(string(c.After))
		}
		ors = append(ors, within+")")
	}
	return "(" + strings.Join(ors, " OR ") + ")"
}

var sorts = map[string]page.Column{
	"name": {SQL: "o.pinyin"}, "created": {SQL: "o.created_on", Nullable: true}, "amount": {SQL: "o.reporting_minor", Nullable: true, Number: true},
	"expected": {SQL: "o.expected_on", Nullable: true}, "entered": {SQL: "o.entered_on", Nullable: true}, "closed": {SQL: "o.closed_on", Nullable: true},
	"progress": {SQL: "o.clock_on", Nullable: true}, "contact": {SQL: "o.contact_on", Nullable: true},
}

func sortValue(key string) func(row) (any, string) {
	day := func(d string) any {
		if d == "" {
			return nil
		}
		return d
	}
	return func(r row) (any, string) {
		switch key {
		case "created":
			return day(string(r.CreatedOn)), r.ID
		case "amount":
			return minor(r.ReportingMinor), r.ID
		case "expected":
			return day(string(r.ExpectedOn)), r.ID
		case "entered":
			return day(string(r.EnteredOn)), r.ID
		case "closed":
			return day(string(r.ClosedOn)), r.ID
		case "progress":
			return day(string(r.ClockOn)), r.ID
		case "contact":
			return day(string(r.ContactOn)), r.ID
		}
		return r.pinyin, r.ID
	}
}

func (Rows) List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f opportunity.Filter, p page.Request) (page.Result[opportunity.Opportunity], error) {
	args := &database.Args{}
	w := Where(args, tenant, s, f)
	after, order, err := p.Clauses(args, sorts, "o.id")
	if err != nil {
		return page.Result[opportunity.Opportunity]{}, err
	}
	if err := tx.PlanAnew(ctx); err != nil {
		return page.Result[opportunity.Opportunity]{}, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM opportunity o WHERE `+w+` AND `+after+` ORDER BY `+order+` LIMIT `+args.Add(p.Size()+1), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (row, error) { return scan(r) })
	if err != nil {
		return page.Result[opportunity.Opportunity]{}, err
	}
	cut := page.Cut(p, list, sortValue(p.Sort))
	out := page.Result[opportunity.Opportunity]{Items: make([]opportunity.Opportunity, len(cut.Items)), Next: cut.Next}
	for i, r := range cut.Items {
		out.Items[i] = r.Opportunity
	}
	return out, nil
}

// Order reads the ids of a whole list.
func (Rows) Order(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f opportunity.Filter, p page.Request) ([]string, error) {
	args := &database.Args{}
	w := Where(args, tenant, s, f)
	p.Cursor = ""
	_, order, err := p.Clauses(args, sorts, "o.id")
	if err != nil {
		return nil, err
	}
	if err := tx.PlanAnew(ctx); err != nil {
		return nil, err
	}
	return ids(tx.Query(ctx, `SELECT o.id FROM opportunity o WHERE `+w+` ORDER BY `+order, args.Values...))
}

// ByID reads records of any scope by id.
func (Rows) ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]opportunity.Opportunity, error) {
	out := make(map[string]opportunity.Opportunity, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+
		` AND o.id IN `+database.In(args, ids), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (row, error) { return scan(r) })
	for _, r := range list {
		out[r.ID] = r.Opportunity
	}
	return out, err
}

// Totals sums in two parts, which cannot overflow.
func (Rows) Totals(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f opportunity.Filter) ([]opportunity.Total, error) {
	const part = 1_000_000_000
	args := &database.Args{}
	unlike := `o.amount_minor IS NOT NULL AND o.tax_included = ` + args.Add(f.WithoutTax) + ` AND COALESCE(o.tax_bp, -1) <> 0`
	rows, err := tx.Query(ctx, `SELECT o.currency, count(*), count(*) - count(o.amount_minor), count(CASE WHEN `+unlike+` THEN 1 END),
			CAST(COALESCE(sum(o.amount_minor / 1000000000), 0) AS bigint), CAST(COALESCE(sum(o.amount_minor % 1000000000), 0) AS bigint)
		FROM opportunity o WHERE `+Where(args, tenant, s, f)+` GROUP BY o.currency ORDER BY o.currency`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (t opportunity.Total, err error) {
		var high, low int64
		err = r.Scan(&t.Currency, &t.Count, &t.NoAmount, &t.UnlikeTax, &high, &low)
		if t.TooLarge = high > money.MaxTotal/part || high*part+low > money.MaxTotal; !t.TooLarge {
			t.AmountMinor = high*part + low
		}
		return t, err
	})
}

// written are the columns of an opportunity that a record holds itself, and their values.
var written = []struct {
	name string
	of   func(o opportunity.Opportunity) any
}{
	{"name", func(o opportunity.Opportunity) any { return o.Name }},
	{"account_id", func(o opportunity.Opportunity) any { return database.Null(o.AccountID) }},
	{"pipeline_id", func(o opportunity.Opportunity) any { return o.PipelineID }},
	{"version_id", func(o opportunity.Opportunity) any { return o.VersionID }},
	{"owner_id", func(o opportunity.Opportunity) any { return database.Null(o.OwnerID) }},
	{"team_id", func(o opportunity.Opportunity) any { return database.Null(o.TeamID) }},
	{"region", func(o opportunity.Opportunity) any { return o.Region }},
	{"amount_minor", func(o opportunity.Opportunity) any { return minor(o.AmountMinor) }},
	{"currency", func(o opportunity.Opportunity) any { return o.Currency }},
	{"reporting_minor", func(o opportunity.Opportunity) any { return minor(o.ReportingMinor) }},
	{"tax_included", func(o opportunity.Opportunity) any { return o.TaxIncluded }},
	{"tax_bp", func(o opportunity.Opportunity) any { return minor(o.TaxBP) }},
	{"expected_on", func(o opportunity.Opportunity) any { return database.Null(o.ExpectedOn) }},
	{"confidence_bp", func(o opportunity.Opportunity) any { return minor(o.ConfidenceBP) }},
	{"source", func(o opportunity.Opportunity) any { return o.Source }},
	{"state", func(o opportunity.Opportunity) any { return string(o.State) }},
	{"stage_id", func(o opportunity.Opportunity) any { return database.Null(o.StageID) }},
	{"entered_on", func(o opportunity.Opportunity) any { return database.Null(o.EnteredOn) }},
	{"closed_on", func(o opportunity.Opportunity) any { return database.Null(o.ClosedOn) }},
	{"signed_on", func(o opportunity.Opportunity) any { return database.Null(o.SignedOn) }},
	{"contract_minor", func(o opportunity.Opportunity) any { return minor(o.ContractMinor) }},
	{"loss_kind", func(o opportunity.Opportunity) any { return database.Null(o.LossKind) }},
	{"loss_reason", func(o opportunity.Opportunity) any { return database.Null(o.LossReason) }},
	{"competitor_id", func(o opportunity.Opportunity) any { return database.Null(o.CompetitorID) }},
	{"progress_on", func(o opportunity.Opportunity) any { return database.Null(o.ProgressOn) }},
	{"clock_on", func(o opportunity.Opportunity) any { return database.Null(o.ClockOn) }},
	{"contact_on", func(o opportunity.Opportunity) any { return database.Null(o.ContactOn) }},
	{"waiting_on", func(o opportunity.Opportunity) any { return database.Null(o.WaitingOn) }},
	{"stay_on", func(o opportunity.Opportunity) any { return database.Null(o.StayOn) }},
	{"clock_at_least", func(o opportunity.Opportunity) any { return o.ClockAtLeast }},
	{"pushes", func(o opportunity.Opportunity) any { return o.Pushes }},
	{"version", func(o opportunity.Opportunity) any { return o.Version }},
}

// minor is a number as it is bound, comparable.
func minor(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// EachNamed reads names a row at a time.
func (Rows) EachNamed(ctx context.Context, tx database.Tx, tenant string, fn func(id, name, account string, created calendar.Date)) error {
	rows, err := tx.Query(ctx, `SELECT id, name, account_id, created_on FROM opportunity WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY id`, tenant)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id, name, account string
		var created calendar.Date
		err = r.Scan(&id, &name, database.Into(&account), database.Into(&created))
		fn(id, name, account, created)
		return none, err
	})
	return err
}

// Insert writes new records.
func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, list []opportunity.Opportunity) error {
	columns := "tenant_id, id, name_key, pinyin, initials, spelled, created_on, created_at, created_by, recorded_on, batch_id"
	for _, c := range written {
		columns += ", " + c.name
	}
	rows := make([][]any, len(list))
	for i, o := range list {
		spelled := pinyin.SpelledOf(o.Name)
		row := []any{tenant, o.ID, text.Match(o.Name), spelled.Full, spelled.Initials, spelled.Others, database.Null(o.CreatedOn), o.CreatedAt, o.CreatedBy,
			database.Null(o.RecordedOn), database.Null(o.BatchID)}
		for _, c := range written {
			row = append(row, c.of(o))
		}
		rows[i] = row
	}
	return tx.InsertMany(ctx, "opportunity", columns, "", rows)
}

// SaveChanged writes the columns that differ: SQLite writes the entries of an index
// whenever one of its columns is named, the same value or not.
func (Rows) SaveChanged(ctx context.Context, tx database.Tx, tenant string, was, o opportunity.Opportunity) error {
	args := &database.Args{}
	var set []string
	put := func(name string, v any) { set = append(set, name+" = "+args.Add(v)) }
	for _, c := range written {
		if now := c.of(o); now != c.of(was) {
			put(c.name, now)
		}
	}
	if was.Name != o.Name {
		spelled := pinyin.SpelledOf(o.Name)
		put("name_key", text.Match(o.Name))
		put("pinyin", spelled.Full)
		put("initials", spelled.Initials)
		put("spelled", spelled.Others)
	}
	if was.CreatedOn != o.CreatedOn {
		put("created_on", database.Null(o.CreatedOn))
	}
	if (was.DeletedAt == nil) != (o.DeletedAt == nil) {
		put("deleted_at", o.DeletedAt)
	}
	if len(set) == 0 {
		return nil
	}
	n, err := tx.Exec(ctx, "UPDATE opportunity SET "+strings.Join(set, ", ")+" WHERE tenant_id = "+args.Add(tenant)+" AND id = "+args.Add(o.ID)+
		" AND version = "+args.Add(was.Version), args.Values...)
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}

func ids(rows *sql.Rows, err error) ([]string, error) {
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// SetOwningTeam notes the team of today.
func (Rows) SetOwningTeam(ctx context.Context, tx database.Tx, tenant, id, team string) error {
	_, err := tx.Exec(ctx, `UPDATE opportunity SET team_id = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, database.Null(team))
	return err
}

func (Rows) InVersion(ctx context.Context, tx database.Tx, tenant, pipelineID, except string, limit int) ([]string, error) {
	return ids(tx.Query(ctx, `SELECT id FROM opportunity WHERE tenant_id = $1 AND pipeline_id = $2 AND state = 'open' AND version_id <> $3 ORDER BY id LIMIT $4`, tenant, pipelineID, except, limit))
}
