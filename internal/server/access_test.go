package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
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
	if strings.Contains(path, "/files") && !strings.HasSuffix(path, "/preview") {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	if c.token == "" && method == "POST" {
		c.starts(r)
	}
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	return rec
}

// starts has a request sent as by a page of ours before anybody is signed in.
func (c client) starts(r *http.Request) {
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, httptest.NewRequest("GET", "/api/session/start", nil))
	var body struct{ CSRFToken string }
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		c.t.Fatal(err)
	}
	for _, k := range rec.Result().Cookies() {
		r.AddCookie(k)
	}
	r.Header.Set("X-CSRF-Token", body.CSRFToken)
}

func signIn(t *testing.T, w *apptest.World, h http.Handler, name, login string) client {
	t.Helper()
	secret := identity.NewSecret()
	if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID[name], login, secret); err != nil {
		t.Fatal(err)
	}
	token, s, err := w.SignIn(login, secret)
	if err != nil {
		t.Fatal(err)
	}
	return client{t, h, token, s.CSRF}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// bodies are those whose words only the capability knows; what a schema tells is made from
// it, so that a new route needs no line here.
var bodies = map[string]string{
	"moveOpportunity": `{"to":"withdrawn","lossKind":"invalid"}`, "setRole": `{"role":"rep"}`,
	"correctStay":    `{"on":"2026-03-02","reason":"写错了"}`,
	"setShares":      `{"shares":[{"memberId":"x","kind":"direct","shareBp":10000}]}`,
	"giveLogin":      `{"login":"xxxxx","password":"` + identity.NewSecret() + `"}`,
	"decideEvidence": `{"accept":true}`, // a refusal wants words
}

// bodyFor returns a body that passes the operation's own checks, so that what is refused is
// refused for whose the record is.
func bodyFor(t *testing.T, api *httpapi.API, op *huma.Operation) string {
	t.Helper()
	if b, ok := bodies[op.OperationID]; ok {
		return b
	}
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return "{}"
	}
	raw, err := json.Marshal(example(api.OpenAPI().Components.Schemas, op.RequestBody.Content["application/json"].Schema))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// example is the smallest value a schema allows.
func example(all huma.Registry, s *huma.Schema) any {
	if s.Ref != "" {
		s = all.SchemaFromRef(s.Ref)
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeString:
		if s.MaxLength != nil && *s.MaxLength == 10 {
			return string(apptest.Start) // what is ten long is a day, and today is allowed everywhere
		}
		n := 1
		if s.MinLength != nil {
			n = *s.MinLength
		}
		return strings.Repeat("x", n)
	case huma.TypeInteger, huma.TypeNumber:
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	case huma.TypeBoolean:
		return false
	case huma.TypeArray:
		out := []any{}
		for s.MinItems != nil && len(out) < *s.MinItems {
			out = append(out, example(all, s.Items))
		}
		return out
	}
	out := map[string]any{}
	for _, name := range s.Required {
		out[name] = example(all, s.Properties[name])
	}
	return out
}

// TestEveryEndpointAgainstEveryRoleAnotherTeamAndAnotherCompany walks the OpenAPI
// document, so that a new route is tested the day it is added.
func TestEveryEndpointAgainstEveryRoleAnotherTeamAndAnotherCompany(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		api := server.API(w.App, "test")
		for name, role := range map[string]org.RoleKey{
			"内勤": org.Assistant, "产品": org.ProductManager, "运营": org.Operations, "售前": org.Partner,
		} {
			w.AddMember(name, w.ID["公司"], false, role)
		}
		clients := map[org.RoleKey]client{}
		for role, name := range map[org.RoleKey]string{
			org.Rep: "周涛", org.Assistant: "内勤", org.Manager: "何峰", org.Director: "总监",
			org.ProductManager: "产品", org.Operations: "运营", org.Partner: "售前",
		} {
			clients[role] = signIn(t, w, h, name, "u-"+string(role))
		}
		hidden := hiddenFrom(t, w)
		routes := 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil {
					continue
				}
				routes++
				permission, _ := op.Extensions["x-permission"].(string)
				r := route{path, op.Method, op.OperationID, permission, bodyFor(t, api, op)}
				r.needsASession(t, client{t: t, h: h})
				r.asksForItsPermission(t, clients)
				if strings.Contains(path, "{") {
					r.needsTheToken(t, clients[org.Operations])
					r.hides(t, clients, hidden)
				}
			}
		}
		if routes < 60 {
			t.Errorf("only %d routes seen", routes)
		}
	})
}

type route struct{ path, method, id, permission, body string }

// at is the route's path to a record.
func (r route) at(id string) string { return placeholder.ReplaceAllString(r.path, id) }

func (r route) needsASession(t *testing.T, nobody client) {
	if rec := nobody.do(r.method, r.at("nothing"), r.body); r.permission != "" && rec.Code != 401 {
		t.Errorf("%s without a session: %d", r.id, rec.Code)
	}
}

func (r route) asksForItsPermission(t *testing.T, clients map[org.RoleKey]client) {
	if r.id == "signOut" || r.permission == "" {
		return
	}
	for role, c := range clients {
		may := slices.Contains(org.Roles[role].Permissions, org.Permission(r.permission))
		rec := c.do(r.method, r.at("nothing")+"?name=x&measure=open", r.body)
		if !may && rec.Code != 403 {
			t.Errorf("%s as %s without %s: %d %s", r.id, role, r.permission, rec.Code, rec.Body)
		}
		if may && (rec.Code == 401 || rec.Code == 403 || rec.Code >= 500) {
			t.Errorf("%s as %s: %d %s", r.id, role, rec.Code, rec.Body)
		}
	}
}

func (r route) needsTheToken(t *testing.T, c client) {
	c.csrf = "wrong"
	if rec := c.do(r.method, r.at("nothing"), r.body); r.method != "GET" && rec.Code != 403 {
		t.Errorf("%s without the CSRF token: %d", r.id, rec.Code)
	}
}

// hides tries the route with ids of records the client may not see.
func (r route) hides(t *testing.T, clients map[org.RoleKey]client, hidden []hiddenRecord) {
	for _, x := range hidden {
		rec := clients[x.from].do(r.method, r.at(x.id)+"?name=x.pdf", r.body)
		if rec.Code < 400 || rec.Code >= 500 {
			t.Errorf("%s with %s: %d %.200s", r.id, x.what, rec.Code, rec.Body)
		}
	}
}

type hiddenRecord struct {
	what, id string
	from     org.RoleKey
}

// hiddenFrom makes records of another company and of another team, and names who must not
// see them.
func hiddenFrom(t *testing.T, w *apptest.World) []hiddenRecord {
	t.Helper()
	var out []hiddenRecord
	for kind, id := range foreignCompany(t, w) {
		out = append(out, hiddenRecord{"another company's " + kind, id, org.Operations})
	}
	return append(out,
		hiddenRecord{"another team's opportunity", w.Opportunity("陈露", "别组的商机").ID, org.Rep},
		hiddenRecord{"another team's account", w.Account, org.Rep},
		hiddenRecord{"another team's contact", w.Contact("陈露", "刘工"), org.Rep})
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
	rec := (client{t: t, h: h}).do("POST", "/api/setup", `{"token":"x","company":"x","locale":"zh-CN","name":"x","login":"someone","password":"hunter2"}`)
	if rec.Code != 422 || strings.Contains(rec.Body.String(), "hunter2") || !strings.Contains(rec.Body.String(), `"code":"input.too_short"`) || !strings.Contains(rec.Body.String(), `"/password"`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if rec = (client{t: t, h: h}).do("POST", "/api/session", `{"login":`); rec.Code != 400 || !strings.Contains(rec.Body.String(), "request.malformed") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestOfTwoSetUpsAtOnceOneMakesTheCompany(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		a := app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
		h := server.New(a, "test", false)
		token, err := a.Identity.SetupToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		codes := make(chan int, 4)
		for i := range 4 {
			go func() {
				codes <- (client{t: t, h: h}).do("POST", "/api/setup", fmt.Sprintf(`{"token":%q,"company":"x","locale":"zh-CN","name":"x","login":"someone%d","password":"quite long enough 1"}`, token, i)).Code
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
