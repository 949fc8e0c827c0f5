package mentiondb_test

import (
	"database/sql"
	"regexp"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/mention/mentiondb"
)

// noWords are columns that hold an id, a key, a kind, a day or an instant.
var noWords = regexp.MustCompile(`\.(id|kind|key|day|hour|hash|host|path|state|status|level|code|role|type|locale|currency|basis|way|move|phase|channel|outcome|` +
	`\w+_(id|kind|key|at|on|by|by_id|until|day|from|to|hash|of|role|move|category|type|zone|for)|from_\w+|to_\w+)$`)

// notSearched are texts in which nobody is looked for, and why.
var notSearched = map[string]string{
	"contact.name": own, "contact.spelled": own, "contact.pinyin": own, "contact.initials": own, "contact.title": own, "contact.mobile": own, "contact.phone": own,
	"contact.email": own, "contact.wechat": own, "contact.department": own, "employment.department": own, "employment.reason": own,
	"task.meets": codes, "confirmation.answer": codes, "contact_change_deal.had": codes, "contact_change.department": own, "contact_change.title": own, "contact_change.source": codes,
	"contact_change.successor_name": "blanked with the person who is called so (change.Forget)",

	"competitor.same_as": codes, "competitor_entry.source": codes, "sighting.source": codes,
	"tie.source": codes, "tie.direction": codes, "tie.visibility": codes, "member_background.visibility": codes, "contact_past.source": codes, "ask_around_asked.answer": codes,
	"contact_past.name": withPerson, "introduction.name": withPerson, "introduction.former": withPerson,
	"ask_around.name": withPerson, "ask_around.former": withPerson,
	"member_background.home_town": colleagues, "member_past.name": colleagues,

	"account.spelled": ofName, "opportunity.spelled": ofName, "account.pinyin": ofName, "account.initials": ofName, "opportunity.pinyin": ofName, "opportunity.initials": ofName,

	"import_change.before": byImports, "import_change.after": byImports, "import_change.undone": byImports, "import_issue.value": byImports,
	"import_issue.detail": byImports, "import_issue.params": byImports, "import_issue.column_name": byImports, "import_issue.field": byImports,
	"import_batch.summary": byImports, "import_batch.error": codes, "idempotency_key.response": "answers that name the person go",

	"member.spelled": colleagues, "member.name": colleagues, "member.pinyin": colleagues, "member.initials": colleagues, "member.email": colleagues, "member.phone": colleagues,
	"member.login_name": colleagues, "login.name": colleagues, "employment.title": colleagues, "position.name": colleagues,
	"passkey.name": colleagues, "session.agent": colleagues, "session.address": colleagues,

	"custom_field.label": structure, "custom_field.options": structure, "pipeline.name": structure, "milestone.name": structure,
	"milestone.evidence": structure, "product_line.name": structure, "product_line.series": structure, "role.name": structure,
	"role.permissions": structure, "role.reach": structure, "stage.name": structure, "stage_version.name": structure,
	"stage_version.buyer_step": structure, "team.name": structure, "team.region": structure, "tenant.name": structure,
	"tenant.work_calendar": structure, "holiday_year.body": structure, "holiday_year.source": structure, "member_role.product_lines": structure,
	"working_time.pattern": structure, "working_time.weekdays": structure, "working_time.hours": structure, "working_time.zone": structure,
	"working_time.six_day_week": structure,

	"member_role.regions": structure, "second_factor_policy.roles": structure,

	"journal.payload": codes, "journal.on_behalf_of": codes, "timetable.payload": codes, "timetable.progress": codes, "timetable.error": codes, "reader.error": codes, "reader.name": codes, "reader.failing_since": codes, "reader.holder": codes, "handover.counts": codes,
	"task_series.rule": codes, "task_party.part": codes,
	"carried.step": codes, "external_ref.source": "what another system is called, which is in the journal too", "saved_view.screen": codes, "failed_act.route": codes, "failed_act.address": codes,
	"stranger_act.route": codes, "stranger_act.address": codes, "entry_address.address": codes, "credit_line.reverses": codes,
	"credit_line.reversal": codes, "message.mentions": codes, "desk_mark.kinds": codes, "desk_mark.decision": codes, "guidance.used": codes, "guidance_look.facts": codes, "guidance_turn.ended": codes, "guidance_turn.why": codes, "evidence.date_value": codes, "dated_value.field": codes,
	"dated_value.text_value": "what a form offers to choose from, by day",

	"file_chunk.body":    "attachments are read as files, and go whole",
	"session.csrf_token": secret, "passkey.credential": secret, "passkey_challenge.data": secret, "totp.sealed": secret,
	"mail_setting.sealed": secret, "robot.sealed": secret, "robot.secret_sealed": secret, "robot.last_four": secret,
	"mail_setting.site_path": structure, "mail_setting.login_name": structure, "mail_setting.sender": structure,
	"notice_choice.answers_way": codes, "notice_choice.tasks_way": codes, "notice_choice.changes_way": codes, "notice_choice.talks_way": codes,
	"outgoing.answer": "what a mail server or a robot answered, which goes after 90 days",
}

const (
	withPerson = "gone with the person it is about (tie.Forget)"
	own        = "the person's own row, which an erasure blanks"
	ofName     = "made of a name that is changed by hand, and with it"
	byImports  = "lines and notes of imports are blanked at every erasure, without being asked for"
	colleagues = "of the company's own people, who are no contacts"
	structure  = "how the company is built, named under Settings"
	codes      = "codes, ids and figures"
	secret     = "random, or sealed"
)

// TestEveryTextIsSearchedOrNamed: a column that comes is looked through at an erasure, or it is said
// here why not.
func TestEveryTextIsSearchedOrNamed(t *testing.T) {
	db := databasetest.SQLite(t)
	searched, seen := mentiondb.Searched(), map[string]bool{}
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%' AND lower(c.type) = 'text'`)
		all, err := database.All(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
		for _, name := range all {
			seen[name] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range seen {
		if !searched[name] && notSearched[name] == "" && !noWords.MatchString(name) {
			t.Errorf("%s holds text and nobody who is erased is looked for in it: search it (columns), or say here why not", name)
		}
		if searched[name] && notSearched[name] != "" {
			t.Errorf("%s is searched: take it off the list", name)
		}
	}
	for name := range notSearched {
		if !seen[name] {
			t.Errorf("there is no %s: take it off the list", name)
		}
	}
	for name := range searched {
		if !seen[name] {
			t.Errorf("%s is searched and there is no such text", name)
		}
	}
	if len(seen) < 200 {
		t.Errorf("only %d columns seen", len(seen))
	}
}
