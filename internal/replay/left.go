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
	"follow_up":       called("words"),
	"task":            called("what", "result"),
	"handover":        called("reason"),
	"file":            called("name"),
}

// LeftRows is which rows of a table the journal does not hold, on purpose.
var LeftRows = map[string]string{
	"custom_value": "texts of own fields, and what is erased with a person",
	"external_ref": "a person's ids in other systems, which are erased with the person",
}

// called are columns of what somebody or something is called, and of a person's numbers.
func called(columns ...string) map[string]string {
	out := map[string]string{}
	for _, c := range columns {
		out[c] = "texts and names"
	}
	return out
}
