// Package account is customers (客户), their people (联系人), what the company sells
// (product lines) and whom it meets in the market (competitors).
package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Account is a customer company; ParentID makes groups and subsidiaries.
type Account struct {
	ID        string
	Name      string
	ParentID  string
	Industry  string
	Region    string
	Class     string // A to D by default, free text
	OwnerID   string
	TeamID    string
	CreatedOn calendar.Date // "" where the source does not know it
	CreatedAt time.Time
	CreatedBy string
	DeletedAt *time.Time
	Version   int
	Custom    field.Values
	External  []record.External
	// BatchID is the import that writes a change; it is kept with its entry.
	BatchID string
	// MayWrite tells whether the reader may change it; only Get fills it in.
	MayWrite bool
}

// Contact is a person; AccountID is the present employer, the history is Jobs.
type Contact struct {
	ID, Name, AccountID          string
	Department, Title            string
	Mobile, Phone, Email, WeChat string
	// GoneOn is the day he left his employer for nobody knows where; "" while he is there.
	GoneOn    calendar.Date
	CreatedAt time.Time
	CreatedBy string
	Version   int
	// AccountName is read along; it is not written.
	AccountName string
	Custom      field.Values
	Jobs        []Employment
	// EvenIfSame says that it is another than whoever looks the same, DepartmentAsIs that nothing is said of the
	// department; they are not kept.
	EvenIfSame, DepartmentAsIs bool
}

// Employment is one post of a contact: where, from when to when, and why it began.
type Employment struct {
	ID, AccountID     string
	Department, Title string
	From, To          calendar.Date
	Reason            string
}

// ProductLine is something the company sells and is counted by.
type ProductLine struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Series         string `json:"series"`
	ListPriceMinor *int64 `json:"listPriceMinor"`
	Retired        bool   `json:"retired"`
}

// Filter narrows a list of accounts. Zero fields do not filter.
type Filter struct {
	Query                          string // name, pinyin or initials
	Owner, Industry, Region, Class string
	Parent                         string
	Custom                         map[string]string
	Deleted                        bool
	Conditions                     []field.Condition // resolved from Custom
}

// Rows is what the package needs of its tables.
type Rows interface {
	List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter, p page.Request) (page.Result[Account], error)
	Count(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter) (int64, error)
	// ByID reads some accounts, whatever their scope.
	ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]Account, error)
	Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (Account, error)
	Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error)
	Held(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member, after string, limit int) ([]string, error)
	CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, a []Account) error
	Save(ctx context.Context, tx database.Tx, tenant string, a Account) error
	// InUse tells whether anything live is kept with an account.
	InUse(ctx context.Context, tx database.Tx, tenant, id string) (bool, error)
	NameTaken(ctx context.Context, tx database.Tx, tenant, name, except string) (bool, error)
	// SameName are the accounts of a name that are not deleted, the first made in front: ids and owners.
	SameName(ctx context.Context, tx database.Tx, tenant, name string) ([]Account, error)

	// ContactsNamed are people of one name at an account ("" is none), compared by match key.
	ContactsNamed(ctx context.Context, tx database.Tx, tenant, account, name string) ([]Contact, error)
	Contacts(ctx context.Context, tx database.Tx, tenant string, s org.Scope, account, query string, p page.Request) (page.Result[Contact], error)
	// ContactsByID reads some people who are not deleted, whatever their scope, without their jobs.
	ContactsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]Contact, error)
	Contact(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (Contact, error)
	// Left are the last to leave an account who are not there again, once each.
	Left(ctx context.Context, tx database.Tx, tenant, id string) ([]Former, error)
	// ContactsCalled are people one of whose numbers holds some digits, of masked numbers at the end that is shown.
	ContactsCalled(ctx context.Context, tx database.Tx, tenant string, s org.Scope, digits string, masked bool, most int) ([]Contact, error)
	// ContactsLike are other people in scope who may look the same as one: by name at his account, number or e-mail.
	ContactsLike(ctx context.Context, tx database.Tx, tenant string, s org.Scope, c Contact) ([]Contact, error)
	ContactNames(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error)
	InsertContact(ctx context.Context, tx database.Tx, tenant string, c Contact) error
	SaveContact(ctx context.Context, tx database.Tx, tenant string, c Contact) error
	EraseContact(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	// Namesakes counts the other people who are called so.
	Namesakes(ctx context.Context, tx database.Tx, tenant, id, name string) (int, error)
	// ContactInUse tells whether a deal or a follow-up names a person.
	ContactInUse(ctx context.Context, tx database.Tx, tenant, id string) (bool, error)
	RemoveContact(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	// HiddenContacts are people whatever became of them; ShowContact brings one back that was removed.
	HiddenContacts(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]Contact, error)
	ShowContact(ctx context.Context, tx database.Tx, tenant, id string) error
	// Twins are the accounts of one name in a scope, group by group, ContactTwins the people of one name at one account.
	Twins(ctx context.Context, tx database.Tx, tenant string, s org.Scope) ([]Twin, error)
	ContactTwins(ctx context.Context, tx database.Tx, tenant string, s org.Scope) ([]Twin, error)
	// PeopleAt and Below are the ids of an account's people, and of the accounts that belong to it.
	PeopleAt(ctx context.Context, tx database.Tx, tenant, account string, limit int) ([]string, error)
	Below(ctx context.Context, tx database.Tx, tenant, account string, limit int) ([]string, error)
	InsertEmployment(ctx context.Context, tx database.Tx, tenant, contact string, e Employment) error
	EndEmployment(ctx context.Context, tx database.Tx, tenant, contact, account string, on calendar.Date) error
	// SaveEmployment spells a post otherwise, RemoveEmployment takes one out that never was, and ReopenEmployment has
	// the last one at an account go on.
	SaveEmployment(ctx context.Context, tx database.Tx, tenant string, e Employment) error
	RemoveEmployment(ctx context.Context, tx database.Tx, tenant, id string) error
	ReopenEmployment(ctx context.Context, tx database.Tx, tenant, contact, account string) error

	ProductLines(ctx context.Context, tx database.Tx, tenant string) ([]ProductLine, error)
	InsertProductLine(ctx context.Context, tx database.Tx, tenant string, p ProductLine, now time.Time) error
	// Experts are those of all products on a day, whoever of them has left; EndExpert ends the one that has no end.
	Experts(ctx context.Context, tx database.Tx, tenant string, on calendar.Date) ([]Expert, error)
	AddExpert(ctx context.Context, tx database.Tx, tenant string, x Expert) error
	EndExpert(ctx context.Context, tx database.Tx, tenant, product, member string, on calendar.Date) error
	competitors

	IDsByName(ctx context.Context, tx database.Tx, tenant string) (map[string]string, error)
	// Live are those of some accounts that are not deleted, with their names.
	Live(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]string, error)
	// IDsNamed is IDsByName of some match keys.
	IDsNamed(ctx context.Context, tx database.Tx, tenant string, keys []string) (map[string]string, error)
}

// Service holds the use cases.
type Service struct {
	DB      *database.DB
	Keys    *idempotency.Keys
	Rows    Rows
	Records record.Rows
	Values  record.Values
	Fields  *field.Service
	Deals   Deals
	Merges  merge.Rows
	Memory  Finder    // nil asks the tables for every list
	Forgets []Forgets // who else holds data of people
	// Mentions takes a person out of what others wrote.
	Mentions Mentions
}

// Ref names an account in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: "account", ID: id} }

// ContactRef names a contact in the journal.
func ContactRef(id string) record.Ref { return record.Ref{Kind: "contact", ID: id} }

func checkText(pointer, s string, limit int) error {
	if len(s) > limit {
		return fault.Input(pointer, "input.too_long", "at most %d bytes", limit).With("max", limit)
	}
	return nil
}

func (c *Account) normalise() error {
	c.Name, c.Industry, c.Region, c.Class = text.Fold(c.Name), text.Fold(c.Industry), text.Fold(c.Region), text.Fold(c.Class)
	if c.Name == "" {
		return fault.Missing("/name")
	}
	return errors.Join(checkText("/name", c.Name, 200), checkText("/industry", c.Industry, 100), checkText("/region", c.Region, 100), checkText("/class", c.Class, 20))
}

// Create adds an account. The same id and content again is answered with the first
// account, so that a phone may send twice. Faults: account.name_taken (params
// taken), record.id_taken.
func (s *Service) Create(ctx context.Context, a org.Actor, c Account, evenIfTaken bool) (Account, error) {
	said := c
	c, err := newOf(a, c)
	if err != nil {
		return c, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), said.ID, said, func(tx database.Tx) (Account, error) {
		return s.create(ctx, tx, a, c, evenIfTaken)
	})
}

// newOf is a new account before it is written.
func newOf(a org.Actor, c Account) (Account, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return c, err
	}
	if err := c.normalise(); err != nil {
		return c, err
	}
	if err := record.UseID(&c.ID, a.Now); err != nil {
		return c, err
	}
	if c.OwnerID == "" {
		c.OwnerID = a.Effective()
	}
	if err := a.AtWork("/ownerId", c.OwnerID); err != nil {
		return c, err
	}
	c.TeamID, _ = a.Structure.TeamOf(c.OwnerID, a.Today)
	c.CreatedAt, c.CreatedBy, c.CreatedOn, c.Version = a.Now, a.Effective(), a.Today, 1
	return c, nil
}

func (s *Service) create(ctx context.Context, tx database.Tx, a org.Actor, c Account, evenIfTaken bool) (Account, error) {
	// Whoever sends the same, or gives the same name, waits until this one is there to be seen.
	if err := tx.AloneAll(ctx, []string{a.TenantID + " " + c.ID, nameKey(a, c.Name)}); err != nil {
		return c, err
	}
	if old, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Write), c.ID); err == nil {
		if old.Name == c.Name && old.CreatedBy == c.CreatedBy {
			return old, nil
		}
		return c, errIDTaken
	} else if !fault.Is(err, fault.NotFound) {
		return c, err
	}
	if c.ParentID != "" {
		if err := s.checkParent(ctx, tx, a, c.ID, c.ParentID); err != nil {
			return c, err
		}
	}
	taken, err := s.Rows.NameTaken(ctx, tx, a.TenantID, c.Name, "")
	if err != nil {
		return c, err
	}
	if taken && !evenIfTaken {
		f := fault.Input("/name", "account.name_taken", "an account of this name exists, perhaps with a colleague")
		f.Kind = fault.Conflict
		return c, f
	}
	custom, err := s.setOwn(ctx, tx, a, c.ID, c.Custom)
	if err != nil {
		return c, err
	}
	return c, s.write(ctx, tx, a, "", []Account{c}, map[string][]own{c.ID: custom})
}

// nameKey makes those who give an account the same name follow one another.
func nameKey(a org.Actor, name string) string {
	return a.TenantID + " account named " + text.Match(name)
}

var errIDTaken = fault.New(fault.Conflict, "record.id_taken", "a record with this id and other content exists")

// Check answers "taken" or "free" for a name without revealing whose it is.
func (s *Service) Check(ctx context.Context, a org.Actor, name string) (taken bool, err error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return false, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		taken, err = s.Rows.NameTaken(ctx, tx, a.TenantID, name, "")
		return err
	})
	return taken, err
}

// Get reads one account in the actor's scope; the id of one that went into another opens that one.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (c Account, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return c, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if id, err = s.standing(ctx, tx, a.TenantID, Ref(id)); err != nil {
			return err
		}
		if c, err = s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id); err != nil {
			return err
		}
		if c.External, err = s.Records.External(ctx, tx, a.TenantID, id); err != nil {
			return err
		}
		mine, err := Kind{s}.Names(ctx, tx, a, true, []string{id})
		if err != nil {
			return err
		}
		_, c.MayWrite = mine[id]
		values, err := s.Fields.Load(ctx, tx, a.TenantID, "account", a.Company.Currency, []string{id})
		c.Custom = values[id]
		return err
	})
	return c, err
}

// custom reads the company fields of a page of accounts.
func (s *Service) custom(ctx context.Context, tx database.Tx, a org.Actor, list []Account) error {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	values, err := s.Fields.Load(ctx, tx, a.TenantID, "account", a.Company.Currency, ids)
	for i := range list {
		list[i].Custom = values[list[i].ID]
	}
	return err
}

// Export walks every account of a list in the actor's scope and notes in the
// journal that so many were taken out. Each is called once per account, with the name of the one
// above it and the number of the newest entry.
func (s *Service) Export(ctx context.Context, a org.Actor, f Filter, format string, each func(Account, string, database.Seq) error) error {
	if err := a.Need(org.AccountRead); err != nil {
		return err
	}
	n := 0
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		if f.Conditions, err = s.Fields.Conditions(ctx, tx, a, "account", f.Custom); err != nil {
			return err
		}
		seq, err := asOf(ctx, tx, a)
		if err != nil {
			return err
		}
		var above map[string]string
		n, err = page.Walk(page.Request{Sort: "name"}, func(p page.Request) (page.Result[Account], error) {
			list, err := s.Rows.List(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), f, p)
			if err != nil {
				return list, err
			}
			if above, err = s.parents(ctx, tx, a, list.Items); err != nil {
				return list, err
			}
			return list, s.custom(ctx, tx, a, list.Items)
		}, func(c Account) error { return each(c, above[c.ParentID], seq) })
		return err
	})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), accountExported(record.NewID(a.Now), a.Today, exported{n, format}))
		return nil
	})
}

// Update replaces an account's own fields; version is the one it was read at.
// Faults: record.stale, account.not_yours.
func (s *Service) Update(ctx context.Context, a org.Actor, c Account) (Account, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return c, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Account, error) { return s.UpdateIn(ctx, tx, a, c) })
}

// UpdateIn is Update inside a transaction; an import updates with it.
func (s *Service) UpdateIn(ctx context.Context, tx database.Tx, a org.Actor, c Account) (Account, error) {
	if err := c.normalise(); err != nil {
		return c, err
	}
	old, err := s.TakeIn(ctx, tx, a, c.ID)
	if err != nil {
		return Account{}, err
	}
	if old.Version != c.Version {
		return Account{}, record.ErrStale
	}
	if c.ParentID != old.ParentID {
		if err := s.checkParent(ctx, tx, a, c.ID, c.ParentID); err != nil {
			return Account{}, err
		}
	}
	out := old
	out.Name, out.ParentID, out.Industry, out.Region, out.Class = c.Name, c.ParentID, c.Industry, c.Region, c.Class
	out.Version++
	custom, err := s.setOwn(ctx, tx, a, c.ID, c.Custom)
	if err != nil {
		return out, err
	}
	p := changedOf(old, out, custom)
	p.BatchID = c.BatchID
	_, err = s.save(ctx, tx, a, old, out, accountChanged(c.ID, a.Today, p))
	return out, err
}

// customKeys names the changed fields of a person; what they hold stays in the rows.
func customKeys(changed map[string][2]string) []string {
	keys := []string{}
	for k := range changed {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// maxParents is how many stand above an account at most: groups have five or six.
const maxParents = 50

// checkParent refuses a parent out of sight, cycles, and more above it than maxParents: behind
// those nobody would look for the account itself. It rests on accounts that are not written here,
// so whoever changes what belongs to what has it alone until the end, after his own records.
// Faults: account.parent_cycle, account.parent_deep, account.unknown.
func (s *Service) checkParent(ctx context.Context, tx database.Tx, a org.Actor, id, parent string) error {
	if err := tx.Alone(ctx, a.TenantID+" parents of accounts"); err != nil {
		return err
	}
	scope := a.Scope(record.Account, org.Read)
	for depth := 0; parent != ""; depth++ {
		if parent == id {
			return fault.Input("/parentId", "account.parent_cycle", "an account cannot belong to itself")
		}
		if depth == maxParents {
			return fault.Input("/parentId", "account.parent_deep", "at most %d stand above an account", maxParents).With("max", maxParents)
		}
		p, err := s.Rows.Get(ctx, tx, a.TenantID, scope, parent)
		if fault.Is(err, fault.NotFound) {
			return fault.Input("/parentId", "account.unknown", "no such account")
		}
		if err != nil {
			return err
		}
		parent, scope = p.ParentID, org.Scope{All: true} // those beyond the first may be out of sight
	}
	return nil
}
