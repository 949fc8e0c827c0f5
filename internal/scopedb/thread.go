package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Thread tells which rows of the thread table, aliased t, a member reads. It is the one rule of who reads
// what is said about records: each list, count, timeline and file of a message asks here.
func Thread(args *database.Args, x org.Reading) string {
	or := "1 = 0"
	if len(x.OfRecord) > 0 {
		or += " OR t.kind IN " + database.In(args, x.OfRecord) + " AND " + onRecord(args, x)
	}
	if len(x.Author) > 0 {
		or += " OR t.kind IN " + database.In(args, x.Author) + " AND t.created_by = " + args.Add(x.Member)
	}
	if len(x.Two) > 0 {
		or += " OR t.kind IN " + database.In(args, x.Two) + " AND " + betweenTwo(args, x, "t.created_by", x.Line)
	}
	if len(x.Team) > 0 {
		or += " OR t.kind IN " + database.In(args, x.Team) + " AND " + betweenTwo(args, x, "t.to_id", append(x.Line[:len(x.Line):len(x.Line)], x.Peers...))
	}
	if len(x.Turns) > 0 {
		or += " OR t.kind IN " + database.In(args, x.Turns) + " AND (" + hasTurn(args, x) + " OR " + waits(args, x) + ")"
	}
	return "(" + or + ")"
}

// OfThread tells which rows of a table, aliased g, whose id is a thread's a member reads.
func OfThread(args *database.Args, x org.Reading) string {
	return "EXISTS (SELECT 1 FROM thread t WHERE t.tenant_id = g.tenant_id AND t.id = g.id AND " + Thread(args, x) + ")"
}

// hasTurn tells that the member has a turn in what a thread asks, or had one: always, where it is read by the
// two alone; else while somebody is to answer, so that who stands in can, and who lost the record reads no more
// of it.
func hasTurn(args *database.Args, x org.Reading) string {
	me := args.Add(x.Effective)
	open := "n.holder_id IS NOT NULL"
	if len(x.Two) > 0 {
		open = "(" + open + " OR n.kind IN " + database.In(args, x.Two) + ")"
	}
	return "EXISTS (SELECT 1 FROM guidance n WHERE n.tenant_id = t.tenant_id AND n.id = t.id AND " + open + " AND (n.asker_id = " + me +
		" OR EXISTS (SELECT 1 FROM guidance_turn gt WHERE gt.tenant_id = n.tenant_id AND gt.guidance_id = n.id AND gt.member_id = " + me + ")))"
}

// betweenTwo tells that a thread is the member's, to him, or that one of the two, by column, is one of some members.
func betweenTwo(args *database.Args, x org.Reading, column string, members []string) string {
	me := args.Add(x.Effective)
	return "(t.created_by = " + me + " OR t.to_id = " + me + " OR " + column + " IN " + database.In(args, members) + ")"
}

// onRecord tells that the record a thread hangs on is there and in scope, by the scopes of the kinds the
// member reads; of a kind that has none he reads nothing. A deleted record takes its threads along, and
// brings them back.
func onRecord(args *database.Args, x org.Reading) string {
	or := "1 = 0"
	for _, k := range []struct {
		kind, from string
		of         func(*database.Args, org.Scope) string
	}{
		{record.Opportunity, "opportunity o WHERE o.tenant_id = t.tenant_id AND o.id = t.on_id AND o.deleted_at IS NULL AND ", Opportunity},
		{record.Account, "account a WHERE a.tenant_id = t.tenant_id AND a.id = t.on_id AND a.deleted_at IS NULL AND ", Account},
		{record.Contact, "contact c WHERE c.tenant_id = t.tenant_id AND c.id = t.on_id AND c.deleted_at IS NULL AND ", Contact},
		{"follow_up", "follow_up f WHERE f.tenant_id = t.tenant_id AND f.id = t.on_id AND f.deleted_at IS NULL AND ", FollowUp},
		{record.Task, "task k WHERE k.tenant_id = t.tenant_id AND k.id = t.on_id AND ",
			func(args *database.Args, s org.Scope) string { return Task(args, s, x.Effective, x.Records) }},
		{"import", "import_batch b WHERE b.tenant_id = t.tenant_id AND b.id = t.on_id AND ", whole},
	} {
		if s, some := x.Records[k.kind]; some {
			or += " OR t.on_kind = '" + k.kind + "' AND EXISTS (SELECT 1 FROM " + k.from + k.of(args, s) + ")"
		}
	}
	return "(" + or + ")"
}

// whole is the predicate of what all see who see any of it.
func whole(*database.Args, org.Scope) string { return "1 = 1" }
