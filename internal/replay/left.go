package replay

const (
	address = "an address people entered"
	sealed  = "secrets: sealed, or a part of one"
)

// inConfidence is why what people know of each other is left out: an entry would be there when it was taken back.
const inConfidence = "what is noted of people in confidence, and gone for good once it is taken back"

// text is why a name is left out: payloads hold nothing people wrote.
const text = "a text people wrote"

// Left is what the journal does not hold, on purpose: columns of a table, or with "*" all of
// it, and why; behind a colon a key of a column that is JSON. Everything else is given back.
var Left = map[string]map[string]string{
	"login":             {"*": "passwords"},
	"password":          {"*": "passwords"},
	"known_device":      {"*": "sessions: devices that have signed in"},
	"sign_in_budget":    {"*": "guesses of passwords, which come back with time"},
	"setup_token":       {"*": "secrets of a new installation"},
	"totp":              {"*": "secrets: authenticator apps"},
	"recovery_code":     {"*": "secrets: recovery codes"},
	"passkey":           {"*": "secrets, and names people gave"},
	"passkey_directory": {"*": "secrets: whose a passkey is"},
	"passkey_challenge": {"*": "signs-in that are half done"},
	"sign_in_ticket":    {"*": "signs-in that are half done"},
	"session":           {"*": "sessions"},
	"session_token":     {"*": "sessions"},
	"idempotency_key":   {"*": "answers that are kept for a day"},
	"timetable":         {"*": "jobs"},
	"reader":            {"*": "how far whatever follows the journal is: it follows the copy from where it finds it"},
	"carried":           {"*": "jobs: how far carrying over is"},
	"file_chunk":        {"*": "file bytes"},
	"deleted_company":   {"*": "companies whose journal went with them"},
	"notice":            {"*": "what a reader of the journal makes, and whether somebody has read it"},
	"outgoing":          {"*": "what a reader of the journal makes, and how it went on its way"},
	"mail_setting":      {"site_path": address, "login_name": address, "sender": address, "sealed": sealed},
	"robot":             {"sealed": sealed, "secret_sealed": sealed, "last_four": sealed, "paused_until": "jobs: until when its maker wants to hear nothing"},
	"thread_mark":       {"*": "up to where somebody has read"},
	"entry_address":     {"*": "from where entries came, which goes after a time"},
	"failed_act":        {"*": "what changed nothing"},
	"stranger_act":      {"*": "what changed nothing"},

	"member_background":  {"*": inConfidence},
	"member_past":        {"*": inConfidence},
	"contact_background": {"*": inConfidence},
	"contact_past":       {"*": inConfidence},
	"tie":                {"*": inConfidence},
	"introduction":       {"*": inConfidence},
	"ask_around":         {"*": inConfidence},
	"ask_around_asked":   {"*": inConfidence},

	"tenant":   {"name": text},
	"member":   {"name": text, "name_key": text, "pinyin": text, "initials": text, "spelled": text, "email": text, "phone": text, "login_name": text},
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
	"absence":          {"kind": "why somebody is away may be an illness", "note": text},
	"desk_mark":        {"reason": text},
	"guidance_look":    {"text": text},
	"saved_view":       {"name": text, "query": "an address, in which people search for texts"},

	"import_batch":   {"*": "jobs: what a file was and how far its import is"},
	"import_change":  {"*": "jobs: what an undo would give back"},
	"import_issue":   {"*": "jobs: cells that could not be taken, which are texts"},
	"import_mapping": {"*": "how a company's files are read, which is names of their columns"},

	"account":        called("name", "name_key", "pinyin", "initials", "spelled"),
	"contact":        called("name", "name_key", "pinyin", "initials", "spelled", "department", "title", "mobile", "phone", "email", "wechat"),
	"employment":     called("title", "department", "reason"),
	"contact_change": called("successor_name", "department", "title"),
	"product_line":   called("name", "name_key", "series"),
	"competitor":     called("name", "name_key"),

	"competitor_alias": called("name", "name_key"),
	"competitor_entry": called("title", "words", "helped"),
	"sighting":         called("words"),
	"follow_up":        called("words", "late_reason"),
	"task":             called("what", "result"),
	"task_fact":        called("words"),
	"handover":         called("reason"),
	"file":             called("name"),
	"message":          called("text"),
	"guidance_piece":   called("text"),

	"merging": {"before": "texts, and ids of people in other systems: what an undo gives back"},

	"opportunity": {"name": "a name", "name_key": "of the name", "pinyin": "of the name", "initials": "of the name", "spelled": "of the name",
		"source": "a text", "loss_reason": "a text",
		"reporting_minor": "a cache: the amount at today's rate"},
	"stay":             {"reason": "a text", "loss_reason": "a text", "void_reason": "a text"},
	"opportunity_line": {"note": "a text"},
	"deal_team":        {"role": "a text"},
	"evidence":         {"text_value": "a text", "decision_note": "a text"},
	"credit_line":      {"id": "means nothing to anybody", "reverses": "names such an id; what is reversed is the same but for sign and day"},
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
