package replay

// text is why a name is left out: payloads hold nothing people wrote.
const text = "a text people wrote"

// Left is what the journal does not hold, on purpose: columns of a table, or with "*" all of
// it, and why; behind a colon a key of a column that is JSON. Everything else is given back.
var Left = map[string]map[string]string{
	"login":           {"*": "passwords"},
	"session":         {"*": "sessions"},
	"session_token":   {"*": "sessions"},
	"idempotency_key": {"*": "answers that are kept for a day"},
	"timetable":       {"*": "jobs"},
	"file_chunk":      {"*": "file bytes"},

	"tenant": {"name": text},
	"member": {"name": text, "name_key": text, "pinyin": text, "initials": text, "email": text, "phone": text, "login_name": text,
		"password_hash": "passwords", "must_change_password": "passwords"},
	"team":     {"name": text, "name_key": text},
	"position": {"name": text},
	"role":     {"name": text},
	"holiday_year": {"body:name": "what a day is called", "body:papers": "addresses of the notices",
		"body:source": "where a person has a year from, in words"},
	"pipeline":         {"name": text, "business_type": text},
	"pipeline_version": {"taken_over_at": "jobs: when taking the open records over was done"},
	"stage":            {"name": text},
	"stage_version":    {"name": text, "buyer_step": text},
	"milestone":        {"name": text},
	"custom_field":     {"label": text, "options": text},
	"saved_view":       {"name": text, "query": "an address, in which people search for texts"},

	"import_batch":   {"*": "jobs: what a file was and how far its import is"},
	"import_change":  {"*": "jobs: what an undo would give back"},
	"import_issue":   {"*": "jobs: cells that could not be taken, which are texts"},
	"import_mapping": {"*": "how a company's files are read, which is names of their columns"},
}
