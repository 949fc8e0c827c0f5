package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Contact tells which rows of the contact table, aliased c, are in scope: a person is seen
// with the account, and changed by whoever sells there, not by the account's owner alone.
func Contact(args *database.Args, s org.Scope) string {
	if s.All {
		return "1 = 1"
	}
	s.Write = false
	return "EXISTS (SELECT 1 FROM account a WHERE a.tenant_id = c.tenant_id AND a.id = c.account_id AND " + Account(args, s) + ")"
}
