package account

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

func (c *Contact) normalise() error {
	c.Name, c.Department, c.Title = text.Fold(c.Name), text.Fold(c.Department), text.Fold(c.Title)
	c.Mobile, c.Phone, c.Email, c.WeChat = text.Fold(c.Mobile), text.Fold(c.Phone), text.Fold(c.Email), text.Fold(c.WeChat)
	if c.Name == "" {
		return fault.Missing("/name")
	}
	if c.Email != "" && !strings.Contains(c.Email, "@") {
		return fault.Input("/email", "input.email_malformed", "an address has an @")
	}
	return errors.Join(checkText("/name", c.Name, 100), checkText("/department", c.Department, 100), checkText("/title", c.Title, 100),
		checkText("/mobile", c.Mobile, 40),
		checkText("/phone", c.Phone, 40), checkText("/email", c.Email, 200), checkText("/wechat", c.WeChat, 100))
}

// CreateContact adds a person at an account the actor may see. The same id and content again is
// answered with the first one. Faults: record.id_taken, contact.looks_same.
func (s *Service) CreateContact(ctx context.Context, a org.Actor, c Contact) (Contact, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return c, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), c.ID, c, func(tx database.Tx) (Contact, error) {
		made, err := s.CreateContactIn(ctx, tx, a, c)
		if err != nil {
			return made, err
		}
		if err := s.meet(ctx, tx, a, Contact{}, made); err != nil { // of two at once, the second meets the first
			return made, err
		}
		// The first answer is what a repeat is answered with: with the account and the jobs.
		out, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), made.ID)
		out.Custom = c.Custom
		return out, err
	})
}

// CreateContactIn is CreateContact inside a transaction; an import adds people with it.
func (s *Service) CreateContactIn(ctx context.Context, tx database.Tx, a org.Actor, c Contact) (Contact, error) {
	if err := c.normalise(); err != nil {
		return c, err
	}
	if err := record.UseID(&c.ID, a.Now); err != nil {
		return c, err
	}
	c.CreatedAt, c.CreatedBy, c.Version = a.Now, a.Effective(), 1
	if err := s.employer(ctx, tx, a, c.AccountID); err != nil {
		return c, err
	}
	if old, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), c.ID); err == nil {
		if old.Name == c.Name && old.CreatedBy == c.CreatedBy && old.AccountID == c.AccountID {
			return old, nil
		}
		return c, errIDTaken
	} else if !fault.Is(err, fault.NotFound) {
		return c, err
	}
	job := record.NewID(a.Now)
	if err := s.enterContact(ctx, tx, a.TenantID, c, job); err != nil {
		return c, err
	}
	custom, err := s.Fields.Set(ctx, tx, a, "contact", c.ID, c.Custom)
	if err != nil {
		return c, err
	}
	journal.Append(tx, a.By(), contactEvent(c.ID, c.AccountID, "created", a.Today,
		contactCreated{c.AccountID, job, customKeys(custom)}))
	return c, nil
}

// enterContact writes the rows of a new person and his job.
func (s *Service) enterContact(ctx context.Context, tx database.Tx, tenant string, c Contact, job string) error {
	if err := database.Taken(s.Rows.InsertContact(ctx, tx, tenant, c), errIDTaken); err != nil {
		return err
	}
	return s.Rows.InsertEmployment(ctx, tx, tenant, c.ID, Employment{ID: job, AccountID: c.AccountID, Department: c.Department, Title: c.Title})
}

// move ends a person's job at an account and begins another.
func (s *Service) move(ctx context.Context, tx database.Tx, tenant, id, from string, job Employment) error {
	if err := s.Rows.EndEmployment(ctx, tx, tenant, id, from, job.From); err != nil {
		return err
	}
	return s.Rows.InsertEmployment(ctx, tx, tenant, id, job)
}

// employer refuses an account out of the actor's sight. Whoever takes it back as never made
// waits until the person is written, and finds it in use.
func (s *Service) employer(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id)
	if fault.Is(err, fault.NotFound) {
		return fault.Input("/accountId", "account.unknown", "no such account")
	}
	if err == nil && c.DeletedAt != nil {
		return s.whole(ctx, tx, a, Ref(id))
	}
	return err
}

// UpdateContact replaces a contact's fields. Another account, department or title ends the old post and begins one
// as the step says: people change posts and stay the same person. Faults: record.stale, contact.looks_same.
func (s *Service) UpdateContact(ctx context.Context, a org.Actor, c Contact, step Step) (Contact, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return c, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Contact, error) {
		was, err := s.TakeContactIn(ctx, tx, a, c.ID)
		if err != nil {
			return c, err
		}
		now, err := s.UpdateContactIn(ctx, tx, a, c, step)
		if err != nil {
			return c, err
		}
		return now, s.meet(ctx, tx, a, was, now)
	})
}

// UpdateContactIn is UpdateContact inside a transaction; an import changes people with it.
func (s *Service) UpdateContactIn(ctx context.Context, tx database.Tx, a org.Actor, c Contact, step Step) (Contact, error) {
	if err := cmp.Or(c.normalise(), step.check()); err != nil {
		return c, err
	}
	old, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), c.ID)
	if err != nil {
		return c, err
	}
	if old.Version != c.Version {
		return c, fault.New(fault.Stale, "record.stale", "changed by someone else since it was read")
	}
	c.CreatedAt, c.CreatedBy = old.CreatedAt, old.CreatedBy
	c.GoneOn = old.GoneOn
	if c.DepartmentAsIs {
		c.Department = old.Department
	}
	if err := s.takeStep(ctx, tx, a, old, &c, step); err != nil {
		return c, err
	}
	c.Version++
	custom, err := s.Fields.Set(ctx, tx, a, "contact", c.ID, c.Custom)
	if err != nil {
		return c, err
	}
	journal.Append(tx, a.By(), contactEvent(c.ID, c.AccountID, "changed", a.Today,
		contactChangedOf(old, c, customKeys(custom))))
	return c, s.Rows.SaveContact(ctx, tx, a.TenantID, c)
}

// TakeContactIn reads a person an import is about to change; two changes follow one another.
func (s *Service) TakeContactIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (Contact, error) {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return Contact{}, err
	}
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), id)
	if fault.Is(err, fault.NotFound) {
		err = cmp.Or(s.whole(ctx, tx, a, ContactRef(id)), err)
	}
	return c, err
}

// ContactsNamed finds people of a name at an account, or at none.
func (s *Service) ContactsNamed(ctx context.Context, tx database.Tx, a org.Actor, account, name string) ([]Contact, error) {
	return s.Rows.ContactsNamed(ctx, tx, a.TenantID, account, name)
}

// journalErased tells the journal that a person was erased.
func journalErased(tx database.Tx, a org.Actor, c Contact, places []Place) {
	e := contactEvent(c.ID, c.AccountID, "erased", a.Today, erased{places})
	e.Version = 2
	journal.Append(tx, a.By(), e)
}

// erase blanks a person's row and forgets the ids in other systems.
func (s *Service) erase(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	return errors.Join(s.Rows.EraseContact(ctx, tx, a, id), s.Records.Forget(ctx, tx, a.TenantID, ContactRef(id)), s.Merges.Blank(ctx, tx, a.TenantID, id))
}

// GetContact reads one person with the employment history.
func (s *Service) GetContact(ctx context.Context, a org.Actor, id string) (c Contact, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return c, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if id, err = s.standing(ctx, tx, a.TenantID, ContactRef(id)); err != nil {
			return err
		}
		if c, err = s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), id); err != nil {
			return err
		}
		values, err := s.Fields.Load(ctx, tx, a.TenantID, "contact", a.Company.Currency, []string{id})
		c.Custom = values[id]
		return err
	})
	return c, err
}

// ProductLines lists what the company sells.
func (s *Service) ProductLines(ctx context.Context, a org.Actor) (out []ProductLine, err error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.ProductLinesIn(ctx, tx, a)
		return err
	})
	return out, err
}

// ProductLinesIn is ProductLines inside a transaction.
func (s *Service) ProductLinesIn(ctx context.Context, tx database.Tx, a org.Actor) ([]ProductLine, error) {
	return s.Rows.ProductLines(ctx, tx, a.TenantID)
}

// AddProductLine adds one. Fault: product.name_taken.
func (s *Service) AddProductLine(ctx context.Context, a org.Actor, p ProductLine) (ProductLine, error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return p, err
	}
	if err := record.CheckID(p.ID); err != nil {
		return p, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), p.ID, p, func(tx database.Tx) (ProductLine, error) { return s.AddProductLineIn(ctx, tx, a, p) })
}

// AddProductLineIn is AddProductLine inside a transaction.
func (s *Service) AddProductLineIn(ctx context.Context, tx database.Tx, a org.Actor, p ProductLine) (ProductLine, error) {
	p.ID, p.Name, p.Series = cmp.Or(p.ID, record.NewID(a.Now)), text.Fold(p.Name), text.Fold(p.Series)
	if p.Name == "" {
		return p, fault.Missing("/name")
	}
	if err := checkText("/name", p.Name, 100); err != nil {
		return p, err
	}
	if !money.Fits(p.ListPriceMinor) {
		return p, money.OutOfRange("/listPriceMinor")
	}
	if all, err := s.Rows.ProductLines(ctx, tx, a.TenantID); err != nil {
		return p, err
	} else if slices.ContainsFunc(all, func(x ProductLine) bool { return x.ID == p.ID }) {
		return p, errIDTaken
	}
	taken := fault.Input("/name", "product.name_taken", "a product line has this name")
	taken.Kind = fault.Conflict
	if err := database.Taken(s.Rows.InsertProductLine(ctx, tx, a.TenantID, p, a.Now), taken); err != nil {
		return p, err
	}
	journal.Append(tx, a.By(), productLineEvent(p.ID, a.Today, productLineAdded{p.ListPriceMinor}))
	return p, nil
}

// ProductLineIn returns the product line of a name, adding it where it is new.
func (s *Service) ProductLineIn(ctx context.Context, tx database.Tx, a org.Actor, p ProductLine) (ProductLine, error) {
	all, err := s.Rows.ProductLines(ctx, tx, a.TenantID)
	if err != nil {
		return p, err
	}
	for _, known := range all {
		if text.Match(known.Name) == text.Match(p.Name) {
			return known, nil
		}
	}
	return s.AddProductLineIn(ctx, tx, a, p) // another who adds it now is seen when this is run once more
}

// Mask hides the middle of a mobile number: 138****5678.
func Mask(mobile string) string {
	r := []rune(mobile)
	if len(r) < 7 {
		return mobile
	}
	return string(r[:3]) + "****" + string(r[len(r)-4:])
}

// AreThere implements org.ProductLines.
func (s *Service) AreThere(ctx context.Context, tx database.Tx, a org.Actor, pointer string, ids []string) error {
	all, err := s.Rows.ProductLines(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(p ProductLine) bool { return p.ID == id }) {
			return fault.Input(pointer, "product.unknown", "no such product line")
		}
	}
	return nil
}
