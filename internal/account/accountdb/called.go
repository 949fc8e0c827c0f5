package accountdb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
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
	list, err := database.All(rows, err, func(r *sql.Rows) (contactRow, error) { return scanContact(r) })
	out := make([]account.Contact, len(list))
	for i, r := range list {
		out[i] = r.Contact
	}
	return out, err
}
