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
	"account":         called("name", "name_key", "pinyin", "initials"),
	"contact":         called("name", "name_key", "pinyin", "initials", "title", "mobile", "phone", "email", "wechat"),
	"employment":      called("title"),
	"product_line":    called("name", "name_key", "series"),
	"competitor":      called("name", "name_key"),
}

// LeftRows is a condition on rows of a table that the journal does not hold, on purpose:
// what is in a text field, and what is erased with a person.
var LeftRows = map[string]string{
	"custom_value": "field_id IN (SELECT f.id FROM custom_field f WHERE f.type = 'text' OR f.record_kind = 'contact')",
	"external_ref": "record_kind = 'contact'",
}

// called are columns of what somebody or something is called, and of a person's numbers.
func called(columns ...string) map[string]string {
	out := map[string]string{}
	for _, c := range columns {
		out[c] = "texts and names"
	}
	return out
}
