package replay

// Left is what the journal does not hold, on purpose: columns of a table, or with "*" all of
// it, and why. Everything else is given back.
var Left = map[string]map[string]string{
	"journal_counter": {"*": "the journal's own numbers"},
	"login":           {"*": "passwords"},
	"session":         {"*": "sessions"},
	"session_token":   {"*": "sessions"},
	"idempotency_key": {"*": "answers that are kept for a day"},
	"timetable":       {"*": "jobs"},
	"file_chunk":      {"*": "file bytes"},
	"import_batch":    {"*": "jobs: what a file was and how far its import is"},
	"import_change":   {"*": "jobs: what an undo would give back"},
	"import_issue":    {"*": "jobs: cells that could not be taken, which are texts"},
	"import_mapping":  {"*": "how a company's files are read, which is names of their columns"},

	"opportunity": {"name": "a name", "name_key": "of the name", "pinyin": "of the name", "initials": "of the name",
		"source": "a text", "loss_reason": "a text"},
	"stay":             {"reason": "a text", "loss_reason": "a text"},
	"opportunity_line": {"note": "a text"},
	"deal_team":        {"role": "a text"},
	"evidence":         {"text_value": "a text", "decision_note": "a text"},
	"custom_value":     {"text_value": "a text; a day, a choice and a member are given back"},
	"credit_line":      {"id": "means nothing to anybody", "reverses": "names such an id; what is reversed is the same but for sign and day"},
}
