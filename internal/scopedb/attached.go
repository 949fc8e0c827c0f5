package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Attached tells which rows of the file table, aliased f, hang on a record in scope, by the scopes
// of the kinds somebody reads; of a kind that has none he reads nothing. It is what the kinds say of
// each record (kinds.Kind, Names), for a list of many; the file of a message is seen with its thread.
func Attached(args *database.Args, of map[string]org.Scope, talks org.Reading) string {
	const on = "EXISTS (SELECT 1 FROM "
	or := "1 = 0"
	if s, some := of["opportunity"]; some {
		or += " OR f.owner_kind = 'opportunity' AND " + on + "opportunity o WHERE o.tenant_id = f.tenant_id AND o.id = f.owner_id AND " +
			Opportunity(args, s) + ")"
	}
	if s, some := of["account"]; some {
		or += " OR f.owner_kind = 'account' AND " + on + "account a WHERE a.tenant_id = f.tenant_id AND a.id = f.owner_id AND " +
			Account(args, s) + ")"
	}
	if s, some := of["contact"]; some {
		or += " OR f.owner_kind = 'contact' AND " + on + "contact c WHERE c.tenant_id = f.tenant_id AND c.id = f.owner_id AND c.deleted_at IS NULL AND " +
			Contact(args, s) + ")"
	}
	or += " OR f.owner_kind = 'message' AND " + on + "message m JOIN thread t ON t.tenant_id = m.tenant_id AND t.id = m.thread_id " +
		"WHERE m.tenant_id = f.tenant_id AND m.id = f.owner_id AND m.taken_back_at IS NULL AND " + Thread(args, talks) + ")"
	return "(" + or + ")"
}
