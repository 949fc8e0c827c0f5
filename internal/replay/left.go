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
}
