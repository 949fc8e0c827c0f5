package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

type client struct {
	t           *testing.T
	h           http.Handler
	token, csrf string
}

func (c client) do(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if c.token != "" {
		r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
		r.Header.Set("X-CSRF-Token", c.csrf)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("If-Match", `"1"`)
	if strings.Contains(path, "/files") {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	return rec
}

func signIn(t *testing.T, w *apptest.World, h http.Handler, name, login string) client {
	t.Helper()
	secret := org.NewSecret()
	if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID[name], login, secret); err != nil {
		t.Fatal(err)
	}
	token, s, err := w.Org.SignIn(w.Ctx, login, secret, "test")
	if err != nil {
		t.Fatal(err)
	}
	return client{t, h, token, s.CSRF}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// bodies are valid enough to reach the record behind an id.
var bodies = map[string]string{
	"updateAccount": `{"name":"x"}`, "updateContact": `{"name":"x","accountId":"x"}`, "editOpportunity": `{"name":"x"}`, "moveOpportunity": `{"to":"withdrawn","lossKind":"invalid"}`,
	"changePipeline": `{"pipelineId":"x","reason":"x"}`, "correctStay": `{"on":"2026-03-02","reason":"x"}`, "submitEvidence": `{"stageId":"x","milestoneKey":"x"}`, "decideEvidence": `{"accept":true}`,
	"logAccountFollowUp": `{"channel":"visit","words":"x","twoWay":false}`, "saveView": `{"screen":"board","name":"x","query":"a=b"}`, "logFollowUp": `{"channel":"visit","words":"x","twoWay":false}`, "addNextStep": `{"what":"x","dueOn":"2026-12-01"}`, "finishNextStep": `{}`, "setShares": `{"shares":[{"memberId":"x","kind":"direct","shareBp":10000}]}`,
	"setDealTeam": `{"team":[]}`, "setDealContacts": `{"contacts":[]}`, "setCompetitors": `{"names":[]}`, "transferMember": `{"teamId":"x"}`, "setRole": `{"role":"rep"}`, "giveLogin": `{"login":"someone","password":"long enough 1"}`,
	"memberLeaves": `{}`, "delegate": `{"assistantId":"x"}`, "moveTeam": `{"parentId":"x"}`, "previewPipeline": `{"stages":[{"id":"a","name":"a","kind":"open","phase":"early","successBp":1,"confidenceCapBp":1,"standardDays":1,"maxDays":1,"nextStepDays":1,"buyerStep":"","qualified":false,"allowSkip":false,"allowReturn":true,"forecastCategory":"pipeline","milestones":[]}]}`,
}

// TestEveryEndpointAgainstEveryRoleAnotherTeamAndAnotherCompany walks the OpenAPI
// document, so that a new route is tested the day it is added.
func TestEveryEndpointAgainstEveryRoleAnotherTeamAndAnotherCompany(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		api := server.API(w.App, "test")
		for name, role := range map[string]org.RoleKey{"内勤": org.Assistant, "产品": org.ProductManager, "运营": org.Operations, "售前": org.Partner} {
			w.AddMember(name, w.ID["公司"], false, role)
		}
		people := map[org.RoleKey]string{org.Rep: "周涛", org.Assistant: "内勤", org.Manager: "何峰", org.Director: "总监", org.ProductManager: "产品", org.Operations: "运营", org.Partner: "售前"}
		clients := map[org.RoleKey]client{}
		for role, name := range people {
			clients[role] = signIn(t, w, h, name, "u-"+string(role))
		}
		theirs := w.Opportunity("陈露", "别组的商机") // another team's
		contact := w.Contact("陈露", "刘工")
		foreign := foreignCompany(t, w)
		routes := 0
		for path, item := range api.OpenAPI().Paths {
			for method, op := range map[string]*struct{ id, permission string }{"GET": opOf(item.Get), "POST": opOf(item.Post), "PUT": opOf(item.Put), "PATCH": opOf(item.Patch), "DELETE": opOf(item.Delete)} {
				if op == nil {
					continue
				}
				routes++
				public := op.permission == ""
				own := placeholder.ReplaceAllString(path, "nothing")
				body := bodies[op.id]
				if body == "" {
					body = "{}"
				}
				if rec := (client{h: h}).do(method, own, body); !public && rec.Code != 401 {
					t.Errorf("%s without a session: %d", op.id, rec.Code)
				}
				for role, c := range clients {
					if op.id == "signOut" || public {
						continue
					}
					may := false
					for _, p := range org.Roles[role].Permissions {
						may = may || string(p) == op.permission
					}
					rec := c.do(method, own+"?name=x&measure=open", body)
					if !may && rec.Code != 403 {
						t.Errorf("%s as %s without %s: %d %s", op.id, role, op.permission, rec.Code, rec.Body)
					}
					if may && (rec.Code == 401 || rec.Code == 403 || rec.Code >= 500) {
						t.Errorf("%s as %s: %d %s", op.id, role, rec.Code, rec.Body)
					}
				}
				if !strings.Contains(path, "{") {
					continue
				}
				noCSRF := clients[org.Operations]
				noCSRF.csrf = "wrong"
				if rec := noCSRF.do(method, own, body); method != "GET" && rec.Code != 403 {
					t.Errorf("%s without the CSRF token: %d", op.id, rec.Code)
				}
				for what, ids := range map[string][2]string{
					"another company's opportunity": {foreign["opportunity"], "operations"}, "another company's account": {foreign["account"], "operations"}, "another company's member": {foreign["member"], "operations"},
					"another company's contact": {foreign["contact"], "operations"}, "another company's pipeline": {foreign["pipeline"], "operations"},
					"another team's opportunity": {theirs.ID, "rep"}, "another team's account": {w.Account, "rep"}, "another team's contact": {contact, "rep"},
				} {
					c := clients[org.RoleKey(ids[1])]
					rec := c.do(method, placeholder.ReplaceAllString(path, ids[0])+"?name=x.pdf", body)
					if rec.Code < 400 || rec.Code >= 500 {
						t.Errorf("%s with %s: %d %.200s", op.id, what, rec.Code, rec.Body)
					}
				}
			}
		}
		if routes < 60 {
			t.Errorf("only %d routes seen", routes)
		}
	})
}

func foreignCompany(t *testing.T, w *apptest.World) map[string]string {
	t.Helper()
	a, err := w.NewCompany(w.Ctx, org.Setup{Company: "另一家", AdminName: "某人"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "他们的客户"}, false)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "他们的人", AccountID: c.ID})
	if err != nil {
		t.Fatal(err)
	}
	o, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: "他们的商机", AccountID: c.ID})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"account": c.ID, "contact": p.ID, "opportunity": o.ID, "member": a.MemberID, "pipeline": o.PipelineID}
}

func TestAPasswordIsNeverEchoedAndErrorsCarryACode(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.New(w.App, "test", false)
	rec := (client{h: h}).do("POST", "/api/setup", `{"company":"x","locale":"zh-CN","name":"x","login":"someone","password":"hunter2"}`)
	if rec.Code != 422 || strings.Contains(rec.Body.String(), "hunter2") || !strings.Contains(rec.Body.String(), `"code":"input.too_short"`) || !strings.Contains(rec.Body.String(), `"/password"`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if rec = (client{h: h}).do("POST", "/api/session", `{"login":`); rec.Code != 400 || !strings.Contains(rec.Body.String(), "request.malformed") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestOfTwoSetUpsAtOnceOneMakesTheCompany(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		a := app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
		h := server.New(a, "test", false)
		codes := make(chan int, 4)
		for i := range 4 {
			go func() {
				codes <- (client{h: h}).do("POST", "/api/setup", fmt.Sprintf(`{"company":"x","locale":"zh-CN","name":"x","login":"someone%d","password":"long enough 1"}`, i)).Code
			}()
		}
		made := 0
		for range 4 {
			switch c := <-codes; c {
			case 200, 201:
				made++
			case 409, 429:
			default:
				t.Errorf("answered %d", c)
			}
		}
		all, err := a.Org.Companies(t.Context())
		if err != nil || made != 1 || len(all) != 1 {
			t.Errorf("%d made, %d companies, %v", made, len(all), err)
		}
	})
}

func TestFiveFailuresLockASignIn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		secret := org.NewSecret()
		if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret); err != nil {
			t.Fatal(err)
		}
		h := server.New(w.App, "test", false)
		try := func(password string) int {
			return (client{h: h}).do("POST", "/api/session", `{"login":"chenlu","password":"`+password+`"}`).Code
		}
		for range 5 {
			if c := try("wrong"); c != 401 {
				t.Fatalf("wrong password: %d", c)
			}
		}
		if c := try(secret); c != 429 {
			t.Errorf("locked, and the right password answers %d", c)
		}
		w.Clock.Set("2026-03-03")
		if c := try(secret); c != 200 {
			t.Errorf("a day later: %d", c)
		}
	})
}

func opOf(op *huma.Operation) *struct{ id, permission string } {
	if op == nil {
		return nil
	}
	p, _ := op.Extensions["x-permission"].(string)
	return &struct{ id, permission string }{op.OperationID, p}
}
