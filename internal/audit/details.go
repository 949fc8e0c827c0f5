package audit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Detail is one thing an act says, with what it was before where that is known. Of says what the
// values are: "text" for a code or a number, or what they are the ids of.
type Detail struct {
	Key, Of, Old, New string
}

// told are the fields of payloads that are for readers, and what they are. Everything else of a
// payload is rows that changed, which the fields sum up.
var told = map[string]string{
	"role": "role", "from": "role", "team": "team", "teamId": "team", "parent": "team", "parentId": "team",
	"assistantId": "member", "fromId": "member", "toId": "member", "freedFrom": "member",
	"leftOn": "day", "backOn": "day", "closedOn": "day", "to": "day", "joinedOn": "day",
	"count": "text", "format": "text", "part": "text", "rows": "text", "refused": "text", "removed": "text", "restored": "text",
	"kept": "text", "files": "text", "year": "text", "currency": "text", "rate": "rate", "number": "text",
	"idleMinutes": "minutes", "absoluteHours": "hours", "keepDays": "days", "backdateDays": "days", "meetEarly": "days", "meetMiddle": "days", "meetLate": "days", "screen": "text",
	"dryRun": "yes", "shared": "yes", "renamed": "yes", "sumsWithTax": "yes", "login": "yes", "knownDevice": "yes",
	"factor": "factor", "replaced": "yes", "totp": "yes", "passkeys": "text", "left": "text", "roles": "roles",
	"changed": "texts", "permissions": "permissions", "way": "way",
	"means": "means", "bytes": "bytes", "sealed": "yes", "madeAt": "instant", "lastEntry": "instant", "erasedAgain": "text",
	"fromOn": "day", "begins": "instant", "ends": "instant", "deputyId": "member",
	"checked": "checked", "broken": "yes", "keptFrom": "day", "addresses": "text", "failures": "text",
}

// itemOf is an entry as the trail shows it.
func itemOf(e journal.Trailed) Item {
	return Item{ID: e.ID, At: e.RecordedAt, Until: e.RecordedAt, Times: 1, Kind: e.Kind, Outcome: Done, PersonID: e.ActorID,
		ForID: e.OnBehalfOf, Path: e.Path, Address: e.Address, About: e.Subject, Details: detailsOf(e.Kind, e.Payload)}
}

// detailsOf reads what a payload tells, in the order of its fields.
func detailsOf(kind string, payload []byte) []Detail {
	if kind == "role.changed" {
		return roleDetails(payload)
	}
	var out []Detail
	fields := json.NewDecoder(bytes.NewReader(payload))
	if t, err := fields.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	for fields.More() {
		name, err := fields.Token()
		if err != nil {
			return out
		}
		var raw json.RawMessage
		if fields.Decode(&raw) != nil {
			return out
		}
		key, _ := name.(string)
		of := told[key]
		if kind == "company.rate_set" && key == "from" {
			of = "day"
		}
		if of == "" {
			continue
		}
		was, is := values(raw)
		if is != was && is+was != "" && (of != "yes" || is != "false" || was != "") {
			out = append(out, Detail{key, of, was, is})
		}
	}
	return out
}

// values are a field's value before, "" where it says none, and after. Early entries wrote the two
// as a list.
func values(raw json.RawMessage) (was, is string) {
	var both struct{ Old, New json.RawMessage }
	if json.Unmarshal(raw, &both) == nil && both.New != nil {
		return text(both.Old), text(both.New)
	}
	var pair []json.RawMessage
	if json.Unmarshal(raw, &pair) == nil && len(pair) == 2 && !bytes.HasPrefix(pair[0], []byte(`"`)) {
		return text(pair[0]), text(pair[1])
	}
	return "", text(raw)
}

// text is a value in one line.
func text(raw json.RawMessage) string {
	var s string
	var list []string
	switch {
	case json.Unmarshal(raw, &s) == nil:
		return s
	case json.Unmarshal(raw, &list) == nil:
		return strings.Join(slices.DeleteFunc(list, func(v string) bool { return v == string(org.SignedIn) }), ",")
	}
	return string(raw)
}

// roleDetails are the permissions a role lost and won, and how far it reaches now and did.
func roleDetails(payload []byte) (out []Detail) {
	var p org.RoleChanged
	if json.Unmarshal(payload, &p) != nil {
		return nil
	}
	was, is := p.States.Old, p.States.New
	less := func(a, b []org.Permission) string {
		var only []string
		for _, x := range a {
			if !slices.Contains(b, x) {
				only = append(only, string(x))
			}
		}
		return strings.Join(only, ",")
	}
	if lost, won := less(was.Permissions, is.Permissions), less(is.Permissions, was.Permissions); lost+won != "" {
		out = append(out, Detail{"permissions", "permissions", lost, won})
	}
	for _, kind := range org.Reached {
		if a, b := was.Reach[kind], is.Reach[kind]; a != b {
			out = append(out, Detail{"reach." + kind, "reach", a.Read.String() + "/" + a.Write.String(), b.Read.String() + "/" + b.Write.String()})
		}
	}
	if p.Renamed {
		out = append(out, Detail{"renamed", "yes", "", "true"})
	}
	return out
}

// name puts what members and teams are called today in the place of their ids, and of roles the
// company's own: a preset's is worded by who shows it.
func (d *Detail) name(st *org.Structure) {
	for _, v := range []*string{&d.Old, &d.New} {
		switch d.Of {
		case "member":
			*v = st.Members[*v].Name
		case "team":
			*v = st.Teams[*v].Name
		case "role":
			if role, own := st.Roles[org.RoleKey(*v)]; own {
				*v = role.Name
			}
		}
	}
	if d.Of == "role" && org.Roles[org.RoleKey(d.Old)].Key == "" && org.Roles[org.RoleKey(d.New)].Key == "" {
		d.Of = "text"
	}
}
