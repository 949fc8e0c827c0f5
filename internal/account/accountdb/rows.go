// Package accountdb is the SQL of accounts, contacts, product lines and competitors.
package accountdb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field/fielddb"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pinyin"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
	"yunchou/internal/text"
)

// Rows implements account.Rows.
type Rows struct{}

const columns = `a.id, a.name, a.parent_id, a.industry, a.region, a.class, a.owner_id, a.team_id, a.created_on, a.created_at, a.created_by, a.deleted_at, a.version, a.pinyin`

type row struct {
	account.Account
	pinyin string
}

func scan(r interface{ Scan(...any) error }) (out row, err error) {
	c := &out.Account
	var created, deleted database.Instant
	err = r.Scan(&c.ID, &c.Name, database.Into(&c.ParentID), &c.Industry, &c.Region, &c.Class, database.Into(&c.OwnerID), database.Into(&c.TeamID),
		database.Into(&c.CreatedOn), &created, &c.CreatedBy, &deleted, &c.Version, &out.pinyin)
	c.CreatedAt, c.DeletedAt = created.Time, deleted.Ptr()
	return out, err
}

func where(args *database.Args, tenant string, in scopedb.Accounts, f account.Filter) string {
	w := []string{"a.tenant_id = " + args.Add(tenant), "(a.deleted_at IS NOT NULL) = " + args.Add(f.Deleted), in.Where(args, tenant), recorddb.Search(args, "a", f.Query)}
	if f.Deleted { // what an undone import had made is nobody's to restore
		w = append(w, recorddb.Owned("a"))
	}
	for _, eq := range []struct{ column, value string }{{"owner_id", f.Owner}, {"industry", f.Industry}, {"region", f.Region}, {"class", f.Class}, {"parent_id", f.Parent}} {
		if eq.value != "" {
			w = append(w, "a."+eq.column+" = "+args.Add(eq.value))
		}
	}
	for _, c := range f.Conditions {
		w = append(w, fielddb.Where(args, tenant, "a.id", c))
	}
	return strings.Join(w, " AND ")
}

var sorts = map[string]page.Column{"name": {SQL: "a.pinyin"}, "created": {SQL: "a.created_at"}}

func (Rows) List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f account.Filter, p page.Request) (page.Result[account.Account], error) {
	args := &database.Args{}
	in, err := scopedb.AccountsOf(ctx, tx, tenant, s)
	if err != nil {
		return page.Result[account.Account]{}, err
	}
	w := where(args, tenant, in, f)
	after, order, err := p.Clauses(args, sorts, "a.id")
	if err != nil {
		return page.Result[account.Account]{}, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM account a WHERE `+w+` AND `+after+` ORDER BY `+order+` LIMIT `+args.Add(p.Size()+1), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (row, error) { return scan(r) })
	if err != nil {
		return page.Result[account.Account]{}, err
	}
	cut := page.Cut(p, list, func(r row) (any, string) {
		if p.Sort == "created" {
			return database.Time(r.CreatedAt), r.ID
		}
		return r.pinyin, r.ID
	})
	out := page.Result[account.Account]{Items: make([]account.Account, len(cut.Items)), Next: cut.Next}
	for i, r := range cut.Items {
		out.Items[i] = r.Account
	}
	return out, nil
}

// ByID reads some accounts, whatever their scope.
func (Rows) ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]account.Account, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM account a WHERE a.tenant_id = `+args.Add(tenant)+` AND a.id IN `+database.In(args, ids), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (row, error) { return scan(r) })
	out := make(map[string]account.Account, len(list))
	for _, r := range list {
		out[r.ID] = r.Account
	}
	return out, err
}

func (Rows) Count(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f account.Filter) (n int64, err error) {
	args := &database.Args{}
	in, err := scopedb.AccountsOf(ctx, tx, tenant, s)
	if err != nil {
		return 0, err
	}
	w := where(args, tenant, in, f)
	return n, tx.QueryRow(ctx, `SELECT count(*) FROM account a WHERE `+w, args.Values...).Scan(&n)
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (account.Account, error) {
	args := &database.Args{}
	r, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM account a WHERE a.tenant_id = `+args.Add(tenant)+` AND a.id = `+args.Add(id)+` AND `+scopedb.Account(args, s), args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		return r.Account, fault.New(fault.NotFound, "account.unknown", "no such account")
	}
	return r.Account, err
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, list []account.Account) error {
	rows := make([][]any, len(list))
	for i, c := range list {
		spelled := pinyin.SpelledOf(c.Name)
		rows[i] = []any{tenant, c.ID, c.Name, text.Match(c.Name), spelled.Full, spelled.Initials, spelled.Others, database.Null(c.ParentID), c.Industry, c.Region, c.Class, database.Null(c.OwnerID), database.Null(c.TeamID),
			database.Null(c.CreatedOn), c.CreatedAt, c.CreatedBy, c.Version}
	}
	return tx.InsertMany(ctx, "account", `tenant_id, id, name, name_key, pinyin, initials, spelled, parent_id, industry, region, class, owner_id, team_id, created_on, created_at, created_by, version`, "", rows)
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, c account.Account) error {
	spelled := pinyin.SpelledOf(c.Name)
	n, err := tx.Exec(ctx, `UPDATE account SET name = $3, name_key = $4, pinyin = $5, initials = $6, parent_id = $7, industry = $8, region = $9, class = $10, owner_id = $11, team_id = $12,
		deleted_at = $13, version = $14, spelled = $16 WHERE tenant_id = $1 AND id = $2 AND version = $15`,
		tenant, c.ID, c.Name, text.Match(c.Name), spelled.Full, spelled.Initials, database.Null(c.ParentID), c.Industry, c.Region, c.Class, database.Null(c.OwnerID), database.Null(c.TeamID), c.DeletedAt, c.Version, c.Version-1, spelled.Others)
	if err == nil && n == 0 {
		return fault.New(fault.Stale, "record.stale", "changed by someone else")
	}
	return err
}

func (Rows) NameTaken(ctx context.Context, tx database.Tx, tenant, name, except string) (taken bool, err error) {
	return taken, tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM account WHERE tenant_id = $1 AND name_key = $2 AND id <> $3 AND deleted_at IS NULL)`, tenant, text.Match(name), except).Scan(&taken)
}

// sameName is up to how many accounts of one name are looked at.
const sameName = 50

// SameName are the accounts of a name that are not deleted, the first made in front: ids and owners.
func (Rows) SameName(ctx context.Context, tx database.Tx, tenant, name string) ([]account.Account, error) {
	rows, err := tx.Query(ctx, `SELECT a.id, a.owner_id FROM account a WHERE a.tenant_id = $1 AND a.name_key = $2 AND a.deleted_at IS NULL
		ORDER BY a.id LIMIT $3`, tenant, text.Match(name), sameName)
	return database.All(rows, err, func(r *sql.Rows) (c account.Account, err error) {
		return c, r.Scan(&c.ID, database.Into(&c.OwnerID))
	})
}

const contactColumns = `c.id, c.name, c.account_id, c.department, c.title, c.gone_on, c.mobile, c.phone, c.email, c.wechat, c.created_at, c.created_by, c.version, c.pinyin,
	COALESCE((SELECT ca.name FROM account ca WHERE ca.tenant_id = c.tenant_id AND ca.id = c.account_id), '')`

type contactRow struct {
	account.Contact
	pinyin string
}

func scanContact(r interface{ Scan(...any) error }) (out contactRow, err error) {
	c := &out.Contact
	var created database.Instant
	err = r.Scan(&c.ID, &c.Name, database.Into(&c.AccountID), &c.Department, &c.Title, database.Into(&c.GoneOn), &c.Mobile, &c.Phone, &c.Email, &c.WeChat, &created, &c.CreatedBy, &c.Version, &out.pinyin, &c.AccountName)
	c.CreatedAt = created.Time
	return out, err
}

func (Rows) Contacts(ctx context.Context, tx database.Tx, tenant string, s org.Scope, accountID, query string, p page.Request) (page.Result[account.Contact], error) {
	args := &database.Args{}
	in, err := scopedb.AccountsOf(ctx, tx, tenant, s)
	if err != nil {
		return page.Result[account.Contact]{}, err
	}
	w := "c.tenant_id = " + args.Add(tenant) + " AND " + in.People(args, tenant) + " AND c.deleted_at IS NULL AND " + recorddb.Search(args, "c", query)
	if accountID != "" {
		w += " AND c.account_id = " + args.Add(accountID)
	}
	after, order, err := p.Clauses(args, map[string]page.Column{"name": {SQL: "c.pinyin"}}, "c.id")
	if err != nil {
		return page.Result[account.Contact]{}, err
	}
	rows, err := tx.Query(ctx, `SELECT `+contactColumns+` FROM contact c WHERE `+w+` AND `+after+` ORDER BY `+order+` LIMIT `+args.Add(p.Size()+1), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (contactRow, error) { return scanContact(r) })
	if err != nil {
		return page.Result[account.Contact]{}, err
	}
	cut := page.Cut(p, list, func(r contactRow) (any, string) { return r.pinyin, r.ID })
	out := page.Result[account.Contact]{Items: make([]account.Contact, len(cut.Items)), Next: cut.Next}
	for i, r := range cut.Items {
		out.Items[i] = r.Contact
	}
	return out, nil
}

// ContactsByID reads some people, whatever their scope.
func (Rows) ContactsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]account.Contact, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+contactColumns+` FROM contact c WHERE c.tenant_id = `+args.Add(tenant)+
		` AND c.deleted_at IS NULL AND c.id IN `+database.In(args, ids), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (contactRow, error) { return scanContact(r) })
	out := make(map[string]account.Contact, len(list))
	for _, r := range list {
		out[r.ID] = r.Contact
	}
	return out, err
}

// ContactsNamed are found by account and pinyin, which the index holds.
func (Rows) ContactsNamed(ctx context.Context, tx database.Tx, tenant, at, name string) ([]account.Contact, error) {
	full, _ := pinyin.Keys(name)
	where, args := `c.account_id = $4`, []any{tenant, full, text.Match(name), at}
	if at == "" {
		where, args = `c.account_id IS NULL`, args[:3]
	}
	rows, err := tx.Query(ctx, `SELECT `+contactColumns+` FROM contact c WHERE c.tenant_id = $1 AND c.pinyin = $2 AND c.name_key = $3
		AND c.deleted_at IS NULL AND `+where+` ORDER BY c.id LIMIT 20`, args...)
	return people(rows, err)
}

func (Rows) Contact(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (account.Contact, error) {
	args := &database.Args{}
	w := "c.tenant_id = " + args.Add(tenant) + " AND " + scopedb.Contact(args, s) + " AND c.deleted_at IS NULL AND c.id = " + args.Add(id)
	r, err := scanContact(tx.QueryRow(ctx, `SELECT `+contactColumns+` FROM contact c WHERE `+w, args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		return r.Contact, fault.New(fault.NotFound, "contact.unknown", "no such contact")
	} else if err != nil {
		return r.Contact, err
	}
	rows, err := tx.Query(ctx, `SELECT id, account_id, department, title, from_on, to_on, reason FROM employment
		WHERE tenant_id = $1 AND contact_id = $2 ORDER BY from_on NULLS FIRST, id LIMIT 100`, tenant, id)
	r.Jobs, err = database.All(rows, err, func(r *sql.Rows) (e account.Employment, err error) {
		return e, r.Scan(&e.ID, &e.AccountID, &e.Department, &e.Title, database.Into(&e.From), database.Into(&e.To), &e.Reason)
	})
	return r.Contact, err
}

func (Rows) InsertContact(ctx context.Context, tx database.Tx, tenant string, c account.Contact) error {
	spelled := pinyin.SpelledOf(c.Name)
	_, err := tx.Exec(ctx, `INSERT INTO contact (tenant_id, id, name, name_key, pinyin, initials, spelled, account_id, title, mobile, phone, email, wechat, created_at, created_by, version, department)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		tenant, c.ID, c.Name, text.Match(c.Name), spelled.Full, spelled.Initials, spelled.Others, database.Null(c.AccountID), c.Title, c.Mobile, c.Phone, c.Email, c.WeChat, c.CreatedAt, c.CreatedBy, c.Version, c.Department)
	return err
}

func (Rows) SaveContact(ctx context.Context, tx database.Tx, tenant string, c account.Contact) error {
	spelled := pinyin.SpelledOf(c.Name)
	n, err := tx.Exec(ctx, `UPDATE contact SET name = $3, name_key = $4, pinyin = $5, initials = $6, account_id = $7, title = $8, mobile = $9, phone = $10, email = $11, wechat = $12, version = $13, spelled = $15, department = $16, gone_on = $17
		WHERE tenant_id = $1 AND id = $2 AND version = $14`,
		tenant, c.ID, c.Name, text.Match(c.Name), spelled.Full, spelled.Initials, database.Null(c.AccountID), c.Title, c.Mobile, c.Phone, c.Email, c.WeChat, c.Version, c.Version-1, spelled.Others,
		c.Department, database.Null(c.GoneOn))
	if err == nil && n == 0 {
		return fault.New(fault.Stale, "record.stale", "changed by someone else")
	}
	return err
}

// EraseContact leaves a row without anything personal, which other rows point to.
// Namesakes counts the other people who are called so.
func (Rows) Namesakes(ctx context.Context, tx database.Tx, tenant, id, name string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM contact WHERE tenant_id = $1 AND id <> $2 AND name = $3 AND name <> ''`, tenant, id, name).Scan(&n)
	return n, err
}

func (Rows) EraseContact(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	if _, err := tx.Exec(ctx, `UPDATE contact SET name = '', name_key = '', pinyin = '', initials = '', spelled = '', department = '', title = '', mobile = '', phone = '', email = '', wechat = '', deleted_at = $3, version = version + 1
		WHERE tenant_id = $1 AND id = $2`, a.TenantID, id, a.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE employment SET title = '', department = '', reason = '' WHERE tenant_id = $1 AND contact_id = $2`, a.TenantID, id)
	return err
}

func (Rows) InsertEmployment(ctx context.Context, tx database.Tx, tenant, contact string, e account.Employment) error {
	_, err := tx.Exec(ctx, `INSERT INTO employment (tenant_id, id, contact_id, account_id, title, from_on, department, reason) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, e.ID, contact, e.AccountID, e.Title, database.Null(e.From), e.Department, e.Reason)
	return err
}

func (Rows) EndEmployment(ctx context.Context, tx database.Tx, tenant, contact, accountID string, on calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE employment SET to_on = $4 WHERE tenant_id = $1 AND contact_id = $2 AND account_id = $3 AND to_on IS NULL`, tenant, contact, accountID, string(on))
	return err
}

// SaveEmployment spells a post otherwise.
func (Rows) SaveEmployment(ctx context.Context, tx database.Tx, tenant string, e account.Employment) error {
	_, err := tx.Exec(ctx, `UPDATE employment SET title = $3, department = $4 WHERE tenant_id = $1 AND id = $2`, tenant, e.ID, e.Title, e.Department)
	return err
}

// RemoveEmployment takes out a post that never was.
func (Rows) RemoveEmployment(ctx context.Context, tx database.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM employment WHERE tenant_id = $1 AND id = $2`, tenant, id)
	return err
}

// ReopenEmployment has the post at an account that ended last go on.
func (Rows) ReopenEmployment(ctx context.Context, tx database.Tx, tenant, contact, at string) error {
	_, err := tx.Exec(ctx, `UPDATE employment SET to_on = NULL WHERE tenant_id = $1 AND id = (SELECT e.id FROM employment e
		WHERE e.tenant_id = $1 AND e.contact_id = $2 AND e.account_id = $3 AND e.to_on IS NOT NULL ORDER BY e.to_on DESC, e.id DESC LIMIT 1)`, tenant, contact, at)
	return err
}

func (Rows) ProductLines(ctx context.Context, tx database.Tx, tenant string) ([]account.ProductLine, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, series, list_price_minor, retired_at IS NOT NULL FROM product_line WHERE tenant_id = $1 ORDER BY name, id LIMIT 5000`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (p account.ProductLine, err error) {
		return p, r.Scan(&p.ID, &p.Name, &p.Series, &p.ListPriceMinor, &p.Retired)
	})
}

func (Rows) InsertProductLine(ctx context.Context, tx database.Tx, tenant string, p account.ProductLine, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO product_line (tenant_id, id, name, name_key, series, list_price_minor, created_at, version) VALUES ($1,$2,$3,$4,$5,$6,$7,1)`,
		tenant, p.ID, p.Name, text.Match(p.Name), p.Series, p.ListPriceMinor, now)
	return err
}

// IDsByName returns the ids of live accounts by match key; the first made wins.
func (Rows) IDsByName(ctx context.Context, tx database.Tx, tenant string) (map[string]string, error) {
	return recorddb.Pairs(ctx, tx, `SELECT name_key, id FROM account WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY id DESC`, tenant)
}

// Live are those of some accounts that are not deleted.
func (Rows) Live(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT id, name FROM account WHERE tenant_id = `+args.Add(tenant)+` AND id IN `+database.In(args, ids)+
		` AND deleted_at IS NULL`, args.Values...)
}

// IDsNamed is IDsByName of some match keys.
func (Rows) IDsNamed(ctx context.Context, tx database.Tx, tenant string, keys []string) (map[string]string, error) {
	if len(keys) == 0 {
		return map[string]string{}, nil
	}
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT name_key, id FROM account WHERE tenant_id = `+args.Add(tenant)+` AND name_key IN `+database.In(args, keys)+
		` AND deleted_at IS NULL ORDER BY id DESC`, args.Values...)
}

// InUse tells whether a live opportunity, person or follow-up is kept with an account.
func (Rows) InUse(ctx context.Context, tx database.Tx, tenant, id string) (used bool, err error) {
	args := &database.Args{}
	return used, tx.QueryRow(ctx, `SELECT `+scopedb.AccountInUse(args.Add(tenant), args.Add(id)), args.Values...).Scan(&used)
}

// ContactInUse tells whether a deal or a follow-up names a person.
func (Rows) ContactInUse(ctx context.Context, tx database.Tx, tenant, id string) (used bool, err error) {
	args := &database.Args{}
	return used, tx.QueryRow(ctx, `SELECT `+scopedb.ContactInUse(args.Add(tenant), args.Add(id)), args.Values...).Scan(&used)
}

// RemoveContact hides a person.
func (Rows) RemoveContact(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET deleted_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2`, a.TenantID, id, a.Now)
	return err
}
