package server_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/change"
	"yunchou/internal/competitor"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/server"
	"yunchou/internal/task"
	"yunchou/internal/tie"
	"yunchou/internal/worktime"

	"github.com/danielgtaylor/huma/v2"
)

// withoutVersion are the routes of PUT, PATCH and DELETE that replace nothing somebody else may
// have changed: what is gone is gone, whichever it was; of a field only what is named changes, and a choice
// or a place that is left out is refused.
var withoutVersion = map[string]bool{"signOut": true, "revokeSession": true, "deleteView": true, "renameView": true,
	"removeFile": true, "setRobot": true, "removeRobot": true, "revokeOtherSessions": true, "endMemberSessions": true, "endMemberSession": true,
	"nameProductExpert": true, "setMyBackground": true, "withdrawMyBackground": true, "setContactBackground": true, "takeTieBack": true, "endProductExpert": true, "changeField": true, "orderFields": true, "removeTotp": true, "removeGuidancePiece": true, "removePasskey": true, "removeMemberFactors": true}

// versionless are the POSTs on something that is there which ask for no version, each with the
// reason; those that make something (201) need none.
var versionless = map[string]string{
	"moveOpportunity":      "its body carries the version, and it takes an Idempotency-Key",
	"nurtureOpportunity":   "its body carries the version, and it takes an Idempotency-Key",
	"acceptWin":            "there is one win by exception to accept, and it is accepted once",
	"decideEvidence":       "one piece of evidence is named, and it is decided once",
	"resetPassword":        "nobody has read a password; the last one given holds",
	"seeExceptions":        "what is seen is seen, however often",
	"confirmHandover":      "what has arrived has arrived, however often",
	"cancelImport":         "a stopped import is stopped; nothing else can be made of it",
	"undoImport":           "an import is undone once, and what was touched since stays",
	"publishPipeline":      "its body names the version it was made from",
	"previewPipeline":      "it writes nothing",
	"previewImport":        "it writes nothing",
	"mergeAccount":         "its body carries both versions",
	"mergeContact":         "its body carries both versions",
	"receiveGuidance":      "it was read, however often",
	"undoConfirmation":     "it is one's own, and taken back once",
	"takeBackDeskDecision": "it is one's own, and taken back once",
	"recallGuidance":       "it is taken back once, while nobody has answered",
	"settleGuidance":       "it is done with once",
	"answerGuidance":       "the first answer stands; a second is refused with what holds",
	"askCustomerFirst":     "once for a note",
	"rejectAnswer":         "it is said of the answer that stands, once",
	"useGuidance":          "whoever was advised says it himself, and the last he says before the result holds",
	"resultOfGuidance":     "it is said once",
	"checkGuidance":        "it is looked at once",
	"readThread":           "up to where one has read is one's own, and the last that is said holds",
	"testRobot":            "it writes nothing",
	"sendAgain":            "what failed is sent again once, and then has not failed",
	"withdrawOutgoing":     "it is withdrawn once",
	"answerIntroduction":   "it is answered once",
	"answerAskAround":      "it is answered once",
	"undoMerge":            "a merge is undone once, and what was changed since stays",
	"setWorkingTime":       "what was stated stays beside it, and of a day the last word holds",
	"closeSeat":            "of two days named the earlier holds, in whichever order they come; holders are asked as they are by then",
}

// Whatever is replaced asks for the version it was read at: without one it is refused, and with
// another than is stored it is told so, and nothing is written. The document is walked.
func TestWhatIsReplacedIsTheVersionThatWasRead(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		c := boss(t, w, h)
		api, targets := server.API(w.App, "test"), targetsOf(t, w)
		walked := 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Put, item.Patch, item.Delete, item.Post} {
				if op == nil || op == item.Post && (!strings.Contains(path, "{") || op.Responses["201"] != nil) {
					continue
				}
				if !asksVersion(op) {
					if !withoutVersion[op.OperationID] && versionless[op.OperationID] == "" {
						t.Errorf("%s %s replaces something and takes no If-Match", op.Method, path)
					}
					continue
				}
				walked++
				at := targets.at(t, path)
				if strings.HasSuffix(path, "/restore") { // of what is there nothing is restored
					noError(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), targets["/api/opportunities/"], true))
					noError(t, w.Accounts.Delete(w.Ctx, w.As("管理员"), targets["/api/accounts/"], 0, true))
				}
				body := bodyFor(t, api, op)
				if got := c.at("", op.Method, at, body); got.Code != 422 || !strings.Contains(got.Body.String(), "if_match_required") {
					t.Errorf("%s %s without a version: %d %s", op.Method, path, got.Code, got.Body)
				}
				got := c.at(`"4711"`, op.Method, at, body)
				if got.Code != 412 {
					t.Errorf("%s %s at another version: %d %s", op.Method, path, got.Code, got.Body)
				}
				if strings.HasSuffix(path, "/restore") {
					noError(t, w.Accounts.Delete(w.Ctx, w.As("管理员"), targets["/api/accounts/"], 0, false))
					noError(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), targets["/api/opportunities/"], false))
				}
			}
		}
		if walked < 30 {
			t.Errorf("only %d routes walked", walked)
		}
	})
}

func asksVersion(op *huma.Operation) bool {
	for _, p := range op.Parameters {
		if p.In == "header" && p.Name == "If-Match" {
			return true
		}
	}
	return false
}

// at sends a request with an If-Match, "" for none.
func (c client) at(version, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
	r.Header.Set("X-CSRF-Token", c.csrf)
	r.Header.Set("Content-Type", "application/json")
	if version != "" {
		r.Header.Set("If-Match", version)
	}
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	return rec
}

// targets are records to change, by the beginning of the path they lie at.
type targets map[string]string

func targetsOf(t *testing.T, w *apptest.World) targets {
	t.Helper()
	role, err := w.Org.AddRole(w.Ctx, w.Admin, org.NewRole{Name: "助理", From: org.Rep})
	noError(t, err)
	seat := ""
	for _, held := range w.As("管理员").Structure.PostsOf(w.ID["陈露"]) {
		seat = held.SeatID
	}
	step, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-20"})
	noError(t, err)
	away, err := w.Times.Enter(w.Ctx, w.As("陈露"), w.ID["陈露"], worktime.Asked{From: worktime.Moment{On: "2026-03-20"}, To: worktime.Moment{On: "2026-03-20"}, Kind: "annual"})
	noError(t, err)
	th, err := w.Conversations.Open(w.Ctx, w.As("管理员"), conversation.Thread{Kind: "note", On: account.Ref(w.Account)}, conversation.Said{Text: "看"})
	noError(t, err)
	changed, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.Contact("陈露", "换人"), Kind: change.Left, Suspect: true})
	noError(t, err)
	noted, err := w.Ties.Note(w.Ctx, w.As("管理员"), tie.Tie{ContactID: changed.ContactID, Kind: tie.Ally})
	noError(t, err)
	seen, err := w.Competitors.Note(w.Ctx, w.As("管理员"), competitor.Sighting{CompetitorAs: "恒泰", AccountID: w.Account, Kind: "visit"})
	noError(t, err)
	said, err := w.Competitors.AddEntry(w.Ctx, w.As("管理员"), competitor.Entry{CompetitorID: seen.CompetitorID, Kind: competitor.Product, Title: "检测仪"})
	noError(t, err)
	return targets{"/api/competitors/": seen.CompetitorID, "/api/sightings/": seen.ID, "/api/competitor-entries/": said.ID, "/api/ties/": noted.ID, "/api/contact-changes/": changed.ID, "/api/absences/": away.ID, "/api/messages/": th.Last[0].ID, "/api/threads/": th.ID, "/api/tasks/": step.ID, "/api/next-steps/": step.ID, "/api/accounts/": w.Account, "/api/contacts/": w.Contact("陈露", "张工"), "/api/members/": w.ID["陈露"], "/api/teams/": w.ID["一组"],
		"/api/roles/": string(role.Key), "/api/opportunities/": w.Opportunity("陈露", "二期改造").ID, "/api/settings": "", "/api/desk/levels": "", "/api/guidance-rules": "", "/api/notices/choice": "", "/api/outgoing/mail": "", "seat": seat}
}

func (x targets) at(t *testing.T, path string) string {
	t.Helper()
	for start, id := range x {
		if strings.HasPrefix(path, start) {
			return strings.NewReplacer("{id}", id, "{seat}", x["seat"]).Replace(path)
		}
	}
	t.Fatalf("no record for %s: add one", path)
	return ""
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What stands twice in a list is the sender's fault and never ours.
func TestWhatStandsTwiceInAListIsAFault(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		c := boss(t, w, h)
		o := w.Opportunity("陈露", "二期改造")
		person, li := w.Contact("陈露", "张工"), w.ID["小李"]
		version := func() string {
			r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), o.ID)
			noError(t, err)
			return `"` + strconv.Itoa(r.Version) + `"`
		}
		twice := func(x string) string { return "[" + x + "," + x + "]" }
		spindle, err := w.Accounts.AddProductLine(w.Ctx, w.Admin, account.ProductLine{Name: "主轴"})
		noError(t, err)
		line := spindle.ID
		deal := "/api/opportunities/" + o.ID
		for _, x := range []struct{ method, path, body string }{
			{"PUT", deal + "/contacts", `{"contacts":` + twice(`{"contactId":"`+person+`","role":"coach"}`) + `}`},
			{"PUT", deal + "/shares", `{"shares":` + twice(`{"memberId":"`+li+`","kind":"direct","shareBp":5000}`) + `}`},
			{"PUT", deal + "/team", `{"team":` + twice(`{"memberId":"`+li+`","role":"售前"}`) + `}`},
			{"PUT", deal + "/competitors", `{"competitors":` + twice(`"恒泰"`) + `}`},
			{"PATCH", deal, `{"amountMinor":200,"lines":` + twice(`{"productLineId":"`+line+`","amountMinor":100}`) + `}`},
			{"POST", "/api/follow-ups", `{"on":` + twice(`{"kind":"opportunity","id":"`+o.ID+`"}`) + `,"channel":"phone","words":"谈价","contactIds":` + twice(`"`+person+`"`) + `,"memberIds":` + twice(`"`+li+`"`) + `}`},
			{"POST", "/api/tasks", `{"on":` + twice(`{"kind":"opportunity","id":"`+o.ID+`"}`) + `,"what":"送样","dueOn":"2026-03-20"}`},
			{"POST", "/api/opportunities", `{"name":"三期","amountMinor":200,"lines":` + twice(`{"productLineId":"`+line+`","amountMinor":100}`) + `}`},
			{"POST", "/api/handovers", `{"ids":` + twice(`"`+o.ID+`"`) + `,"toId":"` + li + `","reason":"分工"}`},
			{"POST", "/api/bulk/move", `{"ids":` + twice(`"`+o.ID+`"`) + `,"to":"` + w.Stage("入围") + `","exception":"急"}`},
			{"POST", "/api/fields", `{"record":"account","key":"plant","label":"工厂","type":"choice","options":` + twice(`"甲"`) + `}`},
			{"POST", "/api/members", `{"name":"新人","role":"product_manager","productLines":` + twice(`"`+line+`"`) + `,"regions":` + twice(`"华东"`) + `}`},
			{"POST", "/api/roles", `{"name":"助理","permissions":` + twice(`"opportunity.read"`) + `}`},
		} {
			if got := c.at(version(), x.method, x.path, x.body); got.Code >= 500 {
				t.Errorf("%s %s %s: %d %s", x.method, x.path, x.body, got.Code, got.Body)
			}
		}
	})
}

// boss signs the administrator in.
func boss(t *testing.T, w *apptest.World, h http.Handler) client {
	t.Helper()
	w.ID["管理员"] = w.Admin.MemberID
	return signIn(t, w, h, "管理员", "boss")
}
