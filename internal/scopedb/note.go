package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// NoteOwner is who owns the record of a guidance note, aliased n, where advice goes along with it; else nothing.
func NoteOwner(n string) string {
	of := func(table string) string {
		return "(SELECT r.owner_id FROM " + table + " r WHERE r.tenant_id = " + n + ".tenant_id AND r.id = " + n + ".on_id)"
	}
	return "CASE WHEN NOT " + n + ".owner_owes THEN NULL WHEN " + n + ".on_kind = 'opportunity' THEN " + of("opportunity") +
		" WHEN " + n + ".on_kind = 'account' THEN " + of("account") + " END"
}

// Unanswered tells which notes, aliased n, came back to a member, or to somebody who has left and in whose place he stands.
func Unanswered(args *database.Args, x org.Reading, n string) string {
	return n + ".asker_id IN " + database.In(args, x.InPlace) + " AND " + n + ".state = 'returned' AND " + n + ".settled_at IS NULL"
}

// Owing tells of which notes, aliased n, a member is to say what became: he, or who has left and in whose place he
// stands, was given it, or has the record it goes along with.
func Owing(args *database.Args, x org.Reading, n string) string {
	return n + ".outcome_from IS NOT NULL AND " + n + ".result_at IS NULL AND " + n + ".state <> 'recalled' AND COALESCE(" + NoteOwner(n) + ", " +
		n + ".outcome_from) IN " + database.In(args, x.InPlace)
}

// Checking tells which corrections, aliased n, are a member's to look at on their day.
func Checking(args *database.Args, x org.Reading, n string) string {
	return n + ".asker_id IN " + database.In(args, x.InPlace) + " AND " + n + ".check_on IS NOT NULL AND " + n + ".checked_at IS NULL AND " +
		n + ".state <> 'recalled'"
}

// waits tells that a thread asks something that is the member's to see to: whoever has it in a box reads it.
func waits(args *database.Args, x org.Reading) string {
	return "EXISTS (SELECT 1 FROM guidance n WHERE n.tenant_id = t.tenant_id AND n.id = t.id AND (" + Unanswered(args, x, "n") + " OR " +
		Owing(args, x, "n") + " OR " + Checking(args, x, "n") + "))"
}
