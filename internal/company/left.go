package company

import "regexp"

// Left are the tables an export leaves out, and why. Everything else of a company is in it.
var Left = map[string]string{
	"password":          "a secret: hashes of passwords; people choose others",
	"session":           "a secret: who is signed in",
	"session_token":     "a secret: who is signed in",
	"totp":              "a secret: what authenticator apps share with the program",
	"recovery_code":     "a secret: hashes of codes",
	"passkey":           "a secret: what people sign in with",
	"passkey_directory": "a secret: what people sign in with",
	"sign_in_ticket":    "a secret: sign-ins that are half done",
	"known_device":      "a secret: devices that have signed in",
	"mail_setting":      "a secret: the way to a mail server, which is set up where the company goes",
	"robot":             "a secret: addresses of group robots, which are entered where the company goes",
	"idempotency_key":   "answers kept for a day for a second try",
	"file_chunk":        "contents of files, which are files of their own here: files/HASH",
}

// suspect are columns whose name sounds like a secret. They are left out unless they are known
// to be none: a table that is new must not give one away before anybody has thought of it.
var suspect = regexp.MustCompile(`secret|token|hash|seal|seed|salt|credential|recover|csrf|totp|passkey|private|public_key`)

// noSecret are the columns that only sound like one, and what they are.
var noSecret = map[string]string{
	"file.hash": "names the content: files/HASH",
}

// why tells why a column is left out of an export, "" where it is not.
func why(table, column string) string {
	if suspect.MatchString(column) && noSecret[table+"."+column] == "" {
		return "a secret, by its name"
	}
	return ""
}
