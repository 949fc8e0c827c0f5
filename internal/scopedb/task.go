package scopedb

import (
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// TaskOpen tells that a task, whose table is aliased t, was neither done nor dropped.
const TaskOpen = "t.done_on IS NULL AND t.dropped_at IS NULL"

// OpenTask tells that something is promised on a record of a kind, whose table has an alias.
func OpenTask(kind, alias string) string {
	return "EXISTS (SELECT 1 FROM record_link l JOIN task t ON t.tenant_id = l.tenant_id AND t.id = l.id WHERE l.tenant_id = " + alias +
		".tenant_id AND l.to_kind = '" + kind + "' AND l.to_id = " + alias + ".id AND l.kind = 'task' AND " + TaskOpen + ")"
}

// OpenTasksOn are the open tasks t on some records of a kind, l.to_id. Few hang on each: they are found by the
// records, which a CROSS JOIN keeps SQLite to.
func OpenTasksOn(args *database.Args, tenant, kind string, ids []string) string {
	return " FROM record_link l CROSS JOIN task t WHERE l.tenant_id = " + args.Add(tenant) + " AND l.to_kind = " + args.Add(kind) +
		" AND l.to_id IN " + database.In(args, ids) + " AND l.kind = 'task' AND t.tenant_id = l.tenant_id AND t.id = l.id AND " + TaskOpen
}

// TaskStands tells that a task, whose table is aliased t, hangs on no record that is closed
// or deleted: what was promised there waits for nobody.
func TaskStands() string {
	return "NOT EXISTS (SELECT 1 FROM record_link l JOIN opportunity o ON o.tenant_id = l.tenant_id AND o.id = l.to_id WHERE l.tenant_id = t.tenant_id" +
		" AND l.kind = 'task' AND l.id = t.id AND l.to_kind = 'opportunity' AND (o.state <> 'open' OR o.deleted_at IS NOT NULL))"
}

// Task tells which rows of the task table, aliased k, a member sees: his own promises, those he asked for, has or had to do with,
// those of members in scope, and those on a record he sees by the scopes of its kind.
func Task(args *database.Args, s org.Scope, member string, of map[string]org.Scope) string {
	if s.All {
		return "1 = 1"
	}
	me := args.Add(member)
	const link = " OR EXISTS (SELECT 1 FROM record_link kl JOIN "
	const on = " ON x.tenant_id = kl.tenant_id AND x.id = kl.to_id WHERE kl.tenant_id = k.tenant_id AND kl.kind = 'task' AND kl.id = k.id AND kl.to_kind = "
	or := "k.member_id = " + me + " OR k.created_by = " + me + " OR k.offered_to = " + me + " OR k.member_id IN " + database.In(args, s.Owners) +
		" OR EXISTS (SELECT 1 FROM task_party kp WHERE kp.tenant_id = k.tenant_id AND kp.task_id = k.id AND kp.member_id = " + me + ")"
	for _, h := range []struct {
		kind, alias string
		of          func(*database.Args, org.Scope) string
	}{{record.Opportunity, "o", Opportunity}, {record.Account, "a", Account}, {record.Contact, "c", Contact}} {
		if scope, some := of[h.kind]; some {
			or += link + h.kind + " " + h.alias + strings.ReplaceAll(on, "x.", h.alias+".") + "'" + h.kind + "' AND " + h.of(args, scope) + ")"
		}
	}
	return "(" + or + ")"
}

// TaskAgreedOn is the last day the customer agreed to, of a task whose table is aliased t: another day it was moved to
// without him is none. One from before facts were kept has its day.
const TaskAgreedOn = "COALESCE((SELECT tf.due_on FROM task_fact tf WHERE tf.tenant_id = t.tenant_id AND tf.task_id = t.id AND tf.agreed" +
	" AND tf.due_on IS NOT NULL ORDER BY tf.ord DESC LIMIT 1), t.due_on)"

// PromisedTasks are the open tasks t that customers agreed to, by a day before another, on the open opportunities o of a
// scope. They are found by their index, which holds nothing else: a CROSS JOIN keeps SQLite to it. Facts are looked at of
// those that are due or were changed.
func PromisedTasks(args *database.Args, tenant string, s org.Scope, before string) string {
	of, day := args.Add(tenant), args.Add(before)
	return " FROM task t CROSS JOIN record_link l CROSS JOIN opportunity o WHERE t.tenant_id = " + of +
		" AND t.customer_agreed AND " + TaskOpen + " AND (t.due_on < " + day + " OR t.version > 1) AND " + TaskAgreedOn + " < " + day +
		" AND l.tenant_id = t.tenant_id AND l.kind = 'task' AND l.id = t.id AND l.to_kind = 'opportunity'" +
		" AND o.tenant_id = l.tenant_id AND o.id = l.to_id AND o.state = 'open' AND o.deleted_at IS NULL AND " + Opportunity(args, s)
}
