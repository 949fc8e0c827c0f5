package accountdb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
	"yunchou/internal/text"
)

// plainNumber is a number without what people put between its digits.
func plainNumber(column string) string {
	for _, between := range []string{" ", "-", "(", ")", "+"} {
		column = "replace(" + column + ", '" + between + "', '')"
	}
	return column
}

// maskedEnd is how much of a masked number's end is shown.
const maskedEnd = 4

// ContactsCalled are people in a scope one of whose numbers holds some digits; of masked numbers only the
// end that is shown is looked at.
func (Rows) ContactsCalled(ctx context.Context, tx database.Tx, tenant string, s org.Scope, digits string, masked bool, most int) ([]account.Contact, error) {
	pattern := "%" + digits + "%"
	if masked {
		if len(digits) > maskedEnd {
			return nil, nil
		}
		pattern = "%" + digits
	}
	args := &database.Args{}
	in, err := scopedb.AccountsOf(ctx, tx, tenant, s)
	if err != nil {
		return nil, err
	}
	w := "c.tenant_id = " + args.Add(tenant) + " AND " + in.People(args, tenant) + " AND c.deleted_at IS NULL"
	like := args.Add(pattern)
	rows, err := tx.Query(ctx, `SELECT `+contactColumns+` FROM contact c WHERE `+w+` AND (`+plainNumber("c.mobile")+` LIKE `+like+
		` OR `+plainNumber("c.phone")+` LIKE `+like+`) ORDER BY c.pinyin, c.id LIMIT `+args.Add(most), args.Values...)
	return people(rows, err)
}

// people are the rows of a query for contactColumns.
func people(rows *sql.Rows, err error) ([]account.Contact, error) {
	list, err := database.All(rows, err, func(r *sql.Rows) (contactRow, error) { return scanContact(r) })
	out := make([]account.Contact, len(list))
	for i, r := range list {
		out[i] = r.Contact
	}
	return out, err
}

// ContactsLike are found by the indexes of an account's people, of numbers and of e-mails, and then asked for
// their scope.
func (Rows) ContactsLike(ctx context.Context, tx database.Tx, tenant string, s org.Scope, c account.Contact) ([]account.Contact, error) {
	const most = 20
	args := &database.Args{}
	company := args.Add(tenant)
	like := `SELECT x.id FROM contact x WHERE x.tenant_id = ` + company + ` AND x.account_id = ` + args.Add(c.AccountID) +
		` AND x.name_key = ` + args.Add(text.Match(c.Name))
	if numbers := c.Numbers(); len(numbers) > 0 {
		for _, column := range []string{"mobile", "phone"} {
			like += ` UNION ALL SELECT x.id FROM contact x WHERE x.tenant_id = ` + company + ` AND x.` + column + ` <> '' AND ` +
				plainNumber("x."+column) + ` IN ` + database.In(args, numbers)
		}
	}
	if c.Email != "" {
		like += ` UNION ALL SELECT x.id FROM contact x WHERE x.tenant_id = ` + company + ` AND x.email <> '' AND lower(x.email) = lower(` + args.Add(c.Email) + `)`
	}
	rows, err := tx.Query(ctx, `SELECT `+contactColumns+` FROM contact c WHERE c.tenant_id = `+company+` AND c.id IN (`+like+`) AND c.id <> `+args.Add(c.ID)+
		` AND c.deleted_at IS NULL AND `+scopedb.Contact(args, s)+` ORDER BY c.id LIMIT `+args.Add(most), args.Values...)
	return people(rows, err)
}
