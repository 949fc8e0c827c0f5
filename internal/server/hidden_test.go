package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/change"
	"yunchou/internal/competitor"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/followup"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/savedview"
	"yunchou/internal/server"
	"yunchou/internal/task"
	"yunchou/internal/tie"
	"yunchou/internal/worktime"

	"github.com/danielgtaylor/huma/v2"
)

// idOf says of which kind of record the ids in a field, a parameter or a part of a path are.
var idOf = map[string]string{
	"accounts": "account", "contacts": "contact", "opportunities": "opportunity", "tasks": "task", "next-steps": "task", "members": "member", "teams": "team",
	"roles": "role", "seats": "seat", "pipelines": "pipeline", "imports": "import", "handovers": "handover", "sessions": "session", "views": "view", "files": "file",
	"fields": "field", "passkeys": "passkey", "merges": "merge", "seat": "seat", "session": "session", "evidence": "evidence", "file": "file",
	"accountId": "account", "ownerId": "member", "memberId": "member", "memberIds": "member", "fromId": "member", "toId": "member", "assistantId": "member", "deputyId": "member", "absences": "absence",
	"contactId": "contact", "contactIds": "contact", "pipelineId": "pipeline", "stageId": "stage", "to": "stage", "teamId": "team", "seatId": "seat",
	"productLineId": "product", "product-lines": "product", "fileId": "file", "stayId": "stay", "ids": "opportunity", "role": "role", "productLines": "product",
	"toAccountId": "account", "successorId": "contact", "contact-changes": "change", "changeId": "change", "fromContactId": "contact", "ties": "tie", "competitors": "competitor", "competitorId": "competitor", "into": "competitor", "competitor-entries": "entry", "sightings": "sighting",
	"guidance": "guidance", "opportunityId": "opportunity", "guidance-pieces": "piece", "pieceId": "piece", "threads": "thread", "messages": "message", "mentionIds": "member",
	"owner": "member", "team": "team", "account": "account", "product": "product", "pipeline": "pipeline", "stage": "stage", "ofStage": "stage", "target": "stage",
}

// kindAt is the kind of the ids at a place, "" where there are none.
func kindAt(route, place string) string {
	name := strings.TrimSuffix(place, "/*")
	name = strings.Trim(name[strings.LastIndex(name, "/")+1:], "{}?")
	switch {
	case name == "parentId" && strings.HasPrefix(route, "/api/teams"):
		return "team"
	case name == "ids" && strings.HasPrefix(route, "/api/fields"):
		return "field"
	case name == "with":
		return map[bool]string{true: "account", false: "contact"}[strings.HasPrefix(route, "/api/accounts")]
	case name == "parentId", name == "parent":
		return "account"
	case strings.HasSuffix(place, "/on/*/id"), place == "/on/id", place == "?id" && !strings.HasPrefix(route, "/api/imports"):
		return "opportunity"
	case name == "role" && !strings.HasPrefix(route, "/api/members"), name == "to" && !strings.Contains(route, "move") || name == "to" && place == "?to":
		return ""
	case name == "team" && place == "/team": // a list of members
		return ""
	}
	return idOf[name]
}

// ofAnyKind are ids that are answered alike whatever they are of, or of nothing: an erasure takes
// the person out of the texts that name him, and leaves all others as they are
// (app.TestAFileThatNamesNobodyIsNotRemoved).
var ofAnyKind = map[string]bool{"/places/*/id": true,
	"{seq}":           true, // a notice by its number among one's own
	"{decisions}":     true, // what one decided oneself: another's is answered as what is not
	"{introductions}": true, // what one is asked oneself: another's is answered as what is not
	"{ask-arounds}":   true, // likewise
	"{confirmations}": true, // what one answered oneself: another's is answered as what is not (confirm.TestThreeADay)
	"{outgoing}":      true, // a message by its key, of administrators (outgoing.TestAnothersMessageIsNone)
}

// known are ids by their kind.
type known map[string]string

// owned makes one record of each kind that a person has, and names the ids of what everybody of
// the company sees.
func owned(t *testing.T, w *apptest.World, a org.Actor, member string) known {
	t.Helper()
	c, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "客户" + member}, false)
	noError(t, err)
	p, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "人" + member, AccountID: c.ID})
	noError(t, err)
	o, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: "商机" + member, AccountID: c.ID})
	noError(t, err)
	r, err := w.Opportunities.Get(w.Ctx, a, o.ID)
	noError(t, err)
	twin, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "又是" + member}, false)
	noError(t, err)
	merged, err := w.Accounts.Merge(w.Ctx, a, account.Merging{Kept: c.ID, Gone: twin.ID, Version: 1, GoneVersion: 1})
	noError(t, err)
	step, err := w.Tasks.Add(w.Ctx, a, task.Task{What: "送样", DueOn: a.Today.Add(9), On: []record.Ref{opportunity.Ref(o.ID)}})
	noError(t, err)
	f, err := w.Files.Put(w.Ctx, a, opportunity.Ref(o.ID), "附件.txt", strings.NewReader("附件"+member))
	noError(t, err)
	v, err := w.Views.Save(w.Ctx, a, savedview.View{Name: "视图", Screen: "board", Query: "q=x"})
	noError(t, err)
	_, err = w.FollowUps.Log(w.Ctx, a, followup.FollowUp{On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "phone", Words: "话" + member, ContactIDs: []string{p.ID}}, "")
	noError(t, err)
	away, err := w.Times.Enter(w.Ctx, a, member, worktime.Asked{From: worktime.Moment{On: a.Today}, To: worktime.Moment{On: a.Today}, Kind: "annual"})
	noError(t, err)
	out := known{"absence": away.ID, "merge": merged.ID, "account": c.ID, "contact": p.ID, "opportunity": o.ID, "task": step.ID, "file": f.ID, "view": v.ID, "member": member, "pipeline": o.PipelineID, "stage": o.StageID,
		"stay": r.Stays[0].ID}
	th, err := w.Conversations.Open(w.Ctx, a, conversation.Thread{Kind: conversation.Discussion, On: opportunity.Ref(o.ID)}, conversation.Said{Text: "看" + member})
	noError(t, err)
	out["thread"], out["message"] = th.ID, th.Last[0].ID
	note, err := w.Guidance.Ask(w.Ctx, a, guidance.New{Kind: guidance.Help, On: opportunity.Ref(o.ID), ToID: helper(a), Text: "帮" + member})
	noError(t, err)
	piece, err := w.Guidance.MakePiece(w.Ctx, a, "", "话"+member)
	noError(t, err)
	out["guidance"], out["piece"] = note.ID, piece.ID
	who, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "换" + member, AccountID: c.ID})
	noError(t, err)
	changed, err := w.Changes.Tell(w.Ctx, a, change.New{ContactID: who.ID, Kind: change.Left, Suspect: true})
	noError(t, err)
	out["change"] = changed.ID
	noted, err := w.Ties.Note(w.Ctx, a, tie.Tie{ContactID: p.ID, Kind: tie.Ally})
	noError(t, err)
	out["tie"] = noted.ID
	seen, err := w.Competitors.Note(w.Ctx, a, competitor.Sighting{CompetitorAs: "对手" + member, OpportunityID: o.ID, Kind: "visit"})
	noError(t, err)
	said, err := w.Competitors.AddEntry(w.Ctx, a, competitor.Entry{CompetitorID: seen.CompetitorID, Kind: competitor.Product, Title: "检测仪"})
	noError(t, err)
	out["sighting"], out["competitor"], out["entry"] = seen.ID, seen.CompetitorID, said.ID
	for _, held := range a.Structure.PostsOf(member) {
		out["seat"], out["team"] = held.SeatID, a.Structure.Seats[held.SeatID].TeamID
	}
	return out
}

// helper is somebody else.
func helper(a org.Actor) string {
	for _, id := range slices.Sorted(maps.Keys(a.Structure.Members)) {
		if id != a.MemberID {
			return id
		}
	}
	return ""
}

// admins adds what an administrator alone makes.
func (k known) admins(t *testing.T, w *apptest.World, a org.Actor) known {
	t.Helper()
	role, err := w.Org.AddRole(w.Ctx, a, org.NewRole{Name: "助理", From: org.Rep})
	noError(t, err)
	line, err := w.Accounts.AddProductLine(w.Ctx, a, account.ProductLine{Name: "主轴"})
	noError(t, err)
	f, err := w.Fields.Define(w.Ctx, a, field.Field{Record: "account", Key: "grade", Label: "等级", Type: field.Text})
	noError(t, err)
	k["role"], k["product"], k["field"] = string(role.Key), line.ID, f.ID
	return k
}

// TestWhatOneMayNotSeeIsAsIfItWereNot: an id of nothing, one of another company's record and one
// of a record out of sight are answered alike — status, headers and body, and by the same
// statements — wherever an id is sent: in a path, behind it, in a query, in a body. The document
// is walked, so that a new field that holds an id must say here of what.
func TestWhatOneMayNotSeeIsAsIfItWereNot(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		x := newSight(t, db)
		for path, item := range x.api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil || op.OperationID == "signOut" || op.OperationID == "setUp" {
					continue
				}
				x.route(path, op)
			}
		}
		if x.compared < 600 || x.refused < 300 {
			t.Errorf("only %d ids were compared, %d of them refused", x.compared, x.refused)
		}
		t.Logf("%d ids compared, %d of them refused", x.compared, x.refused)
	})
}

type sight struct {
	t                         *testing.T
	w                         *apptest.World
	api                       *httpapi.API
	who                       map[string]client
	mine                      map[string]known // what each may see
	foreign, hidden           known
	hiddenFor                 string
	compared, refused, unlike int
}

func newSight(t *testing.T, db *database.DB) *sight {
	t.Helper()
	w := apptest.New(t, db)
	w.AddMember("运营", w.ID["公司"], false, org.Operations)
	x := &sight{t: t, w: w, api: server.API(w.App, "test"), who: map[string]client{}, mine: map[string]known{}, hiddenFor: "周涛"}
	h := server.New(w.App, "test", false)
	w.ID["管理员"] = w.Admin.MemberID
	all := known{}.admins(t, w, w.Admin)
	for i, name := range []string{"周涛", "何峰", "运营", "管理员"} {
		x.who[name] = signIn(t, w, h, name, fmt.Sprint("someone", i))
		a := w.As(name)
		x.mine[name] = owned(t, w, a, a.MemberID)
		maps.Copy(x.mine[name], all)
	}
	x.hidden = owned(t, w, w.As("陈露"), w.ID["陈露"])
	for _, shown := range []string{"member", "pipeline", "stage", "seat", "team", "competitor", "entry"} { // everybody sees them
		delete(x.hidden, shown)
	}
	h1, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{w.Opportunity("陈露", "交接").ID}, ToID: w.ID["小李"], Reason: "分工"})
	noError(t, err)
	x.hidden["handover"] = h1.ID
	x.hidden["session"] = x.sessionOf("管理员")
	other, err := w.NewCompany(w.Ctx, org.Setup{Company: "另一家", AdminName: "某人"})
	noError(t, err)
	_, err = w.Org.AddMember(w.Ctx, other, org.NewMember{Name: "同事", TeamID: other.Structure.Tops(other.Today)[0], Role: org.Rep, From: org.Start})
	noError(t, err)
	other, err = w.Org.Actor(w.Ctx, other.TenantID, other.MemberID, "form")
	noError(t, err)
	x.foreign = owned(t, w, other, other.MemberID).admins(t, w, other)
	return x
}

func (x *sight) sessionOf(name string) string {
	list, err := x.w.Identity.SessionsOf(x.w.Ctx, x.w.Admin, x.w.ID[name])
	noError(x.t, err)
	return list[0].ID
}

// unknownID is of nothing, and looks like one that was made the same day.
const unknownID = "019cac29-c000-7000-8000-00000000000f"

func (x *sight) route(path string, op *huma.Operation) {
	for name, c := range x.who {
		own := x.mine[name]
		if (op.OperationID == "revokeOtherSessions" || op.OperationID == "changePassword") && op.Method != "GET" {
			continue
		}
		for _, place := range x.places(path, op) {
			kind := kindAt(path, place)
			if kind == "" {
				continue
			}
			for _, match := range matches(place) {
				x.compare(c, name, op, path, place, kind, match, own)
			}
		}
	}
}

// eachByItself are writes that answer for each of the ids they are sent.
var eachByItself = map[string]bool{"moveOpportunities": true}

// matches are the versions sent: whether a record is there must not be told by asking for one.
func matches(place string) []string {
	if strings.HasPrefix(place, "{") {
		return []string{`"1"`, `"4711"`, ""}
	}
	return []string{`"1"`}
}

// places are where an operation takes ids: {n} of its path, ?name of its query, /fields of its
// body.
func (x *sight) places(path string, op *huma.Operation) (out []string) {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if part == "{id}" {
			out = append(out, "{"+parts[i-1]+"}")
		} else if strings.HasPrefix(part, "{") {
			out = append(out, part)
		}
	}
	for _, p := range op.Parameters {
		if p.In == "query" && p.Schema.Type == huma.TypeString {
			out = append(out, "?"+p.Name)
		}
	}
	if op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
		x.fields(op.RequestBody.Content["application/json"].Schema, "", 0, &out)
	}
	return out
}

var idName = regexp.MustCompile(`(^id|Id|Ids|^ids)(/\*)?$`)

func (x *sight) fields(s *huma.Schema, at string, depth int, out *[]string) {
	s = resolved(x.api, s)
	if depth > 4 {
		return
	}
	if s.Type == huma.TypeArray {
		x.fields(s.Items, at+"/*", depth+1, out)
	}
	for name, p := range s.Properties {
		x.fields(p, at+"/"+name, depth+1, out)
	}
	if s.Type == huma.TypeString && at != "" {
		*out = append(*out, at)
	}
}

// told is an answer without what is another in every one.
type told struct {
	Status     int
	Header     http.Header
	Body       string
	Statements []string
}

// compare sends an operation with ids that must not be told apart.
func (x *sight) compare(c client, who string, op *huma.Operation, path, place, kind, match string, own known) {
	others := map[string]string{}
	if id := x.foreign[kind]; id != "" {
		others["another company's"] = id
	}
	if id := x.hidden[kind]; id != "" && who == x.hiddenFor {
		others["a hidden one's"] = id
	}
	if len(others) == 0 {
		return
	}
	x.ask(c, op, path, place, match, unknownID, own) // what is read once is read
	want := x.ask(c, op, path, place, match, unknownID, own)
	if want.Status >= 500 {
		x.t.Errorf("%s as %s, unknown id at %s: %d %s", op.OperationID, who, place, want.Status, want.Body)
	}
	for what, id := range others {
		x.compared++
		got := x.ask(c, op, path, place, match, id, own)
		if got.Status >= 400 {
			x.refused++
		}
		if !same(want, got) {
			x.t.Errorf("%s as %s with %s id at %s (If-Match %s):\n got %d %.300s\nwant %d %.300s\n%s", op.OperationID, who, what, place, match,
				got.Status, got.Body, want.Status, want.Body, firstUnlike(want.Statements, got.Statements))
		}
		if got.Status < 300 && op.Method != "GET" && !eachByItself[op.OperationID] {
			x.t.Errorf("%s as %s takes %s id at %s: %d %.200s", op.OperationID, who, what, place, got.Status, got.Body)
		}
	}
}

func same(a, b told) bool {
	return a.Status == b.Status && a.Body == b.Body && slices.Equal(a.Statements, b.Statements) && maps.EqualFunc(a.Header, b.Header, slices.Equal)
}

func firstUnlike(a, b []string) string {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			left, right := "nothing more", "nothing more"
			if i < len(a) {
				left = a[i]
			}
			if i < len(b) {
				right = b[i]
			}
			return fmt.Sprintf("statement %d: %.500s\n for the unknown: %.500s", i, right, left)
		}
	}
	return ""
}

var rest = regexp.MustCompile(`"(createdAt|id)":"[^"]*"`)

// ask sends an operation with an id at a place, and what is the sender's own at all others.
func (x *sight) ask(c client, op *huma.Operation, path, place, match, id string, own known) told {
	target := path
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		key := part
		if part == "{id}" {
			key = "{" + parts[i-1] + "}"
		}
		parts[i] = own[idOf[strings.Trim(key, "{}")]]
		if key == place {
			parts[i] = id
		}
		if parts[i] == "" {
			parts[i] = "nothing"
		}
	}
	target = strings.Join(parts, "/")
	q := url.Values{}
	for _, p := range op.Parameters {
		switch {
		case p.In != "query":
		case "?"+p.Name == place:
			q.Set(p.Name, id)
		case p.Name == "kind":
			q.Set(p.Name, "opportunity")
		case p.Name == "pipeline" && strings.Contains(path, "/reports/") || p.Required && kindAt(path, "?"+p.Name) != "":
			q.Set(p.Name, own[kindAt(path, "?"+p.Name)])
		case p.Required && p.Name == "measure":
			q.Set(p.Name, "open")
		case p.Required && p.Name == "name":
			q.Set(p.Name, "x.txt")
		case p.Required:
			q.Set(p.Name, fmt.Sprint(example(x.api.OpenAPI().Components.Schemas, p.Schema)))
		}
	}
	body := ""
	if op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
		raw, err := json.Marshal(x.body(op.RequestBody.Content["application/json"].Schema, path, "", place, id, own))
		noError(x.t, err)
		body = string(raw)
	} else if op.RequestBody != nil {
		body = "附件"
	}
	return x.send(c, op, target+"?"+q.Encode(), body, match, id)
}

func (x *sight) send(c client, op *huma.Operation, target, body, match, id string) told {
	var out told
	r := httptest.NewRequest(op.Method, target, strings.NewReader(body))
	r.Header.Set("X-Request-Id", "the-same-for-all") // each request has one of its own else
	r = r.WithContext(database.Observed(r.Context(), func(query string, _ []any) { out.Statements = append(out.Statements, query) }))
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
	r.Header.Set("X-CSRF-Token", c.csrf)
	r.Header.Set("Content-Type", "application/json")
	if op.Metadata["streamed"] == true {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	if match != "" {
		r.Header.Set("If-Match", match)
	}
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	out.Status, out.Header = rec.Code, rec.Header()
	out.Header.Del("Date")
	out.Body = strings.ReplaceAll(rec.Body.String(), id, "ID")
	if rec.Code < 300 {
		out.Body = rest.ReplaceAllString(out.Body, "")
	}
	return out
}

// body is what a schema asks for, with an id at one place and the sender's own ids elsewhere;
// what the schema does not ask for is left out unless it is, or leads to, that place.
func (x *sight) body(s *huma.Schema, path, at, place, id string, own known) any {
	s = resolved(x.api, s)
	switch {
	case at == place:
		return id
	case s.Type == huma.TypeArray:
		if strings.HasPrefix(place, at+"/") || s.MinItems != nil && *s.MinItems > 0 {
			return []any{x.body(s.Items, path, at+"/*", place, id, own)}
		}
		return []any{}
	case s.Type == huma.TypeObject && len(s.Properties) > 0:
		out := map[string]any{}
		for name, p := range s.Properties {
			here := at + "/" + name
			if slices.Contains(s.Required, name) || place == here || strings.HasPrefix(place, here+"/") {
				out[name] = x.body(p, path, here, place, id, own)
			}
		}
		return out
	}
	if strings.HasSuffix(at, "/on/*/kind") || at == "/on/kind" {
		return "opportunity"
	}
	if kind := kindAt(path, at); kind != "" && own[kind] != "" {
		return own[kind]
	}
	return example(x.api.OpenAPI().Components.Schemas, s)
}

// TestEveryFieldWithAnIdSaysOfWhat: a field that holds an id and is not in the list would not be
// walked.
func TestEveryFieldWithAnIdSaysOfWhat(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	x := &sight{t: t, w: w, api: server.API(w.App, "test")}
	for path, item := range x.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for _, place := range x.places(path, op) {
				last := place[strings.LastIndex(strings.TrimSuffix(place, "/*"), "/")+1:]
				made := place == "/id" || place == "/message/id" || place == "?id" && strings.HasPrefix(path, "/api/imports") || strings.HasPrefix(path, "/api/pipelines") || path == "/api/mappings" || path == "/api/imports" ||
					place == "{kind}" // names a kind of record
				if (strings.HasPrefix(place, "{") || idName.MatchString(last)) && kindAt(path, place) == "" && !made && !ofAnyKind[place] {
					t.Errorf("%s %s: of what is the id at %s?", op.Method, path, place)
				}
			}
		}
	}
}
