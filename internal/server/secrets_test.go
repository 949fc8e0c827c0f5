package server_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// secret are names of what opens something.
var secret = regexp.MustCompile(`(?i)password|secret|token|csrf|hash|seed|\botp|totp|passcode|recovery`)

// hint are names of what helps to guess it.
var hint = regexp.MustCompile(`(?i)hint|question|reminder|mothers?maiden`)

// operations are those of the OpenAPI document.
func operations(api *httpapi.API) (out []*huma.Operation) {
	for path, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				op.Path = path
				out = append(out, op)
			}
		}
	}
	return out
}

// TestNoAddressCarriesASecret: addresses are kept in histories, logs and proxies.
func TestNoAddressCarriesASecret(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	seen := 0
	for _, op := range operations(server.API(w.App, "test")) {
		for _, p := range op.Parameters {
			if seen++; (p.In == "query" || p.In == "path") && secret.MatchString(p.Name) {
				t.Errorf("%s takes %s in its address", op.OperationID, p.Name)
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d parameters seen", seen)
	}
}

// tellsOf are fields of answers that are called like a secret and are none.
var tellsOf = map[string]string{
	"mustChangePassword": "whether", "totp": "whether, and since when", "noTotp": "why not", "recoveryLeft": "how many", "recoveryMadeAt": "when",
	"hasPassword": "whether", "hasSecret": "whether",
}

// mayHold are fields of answers that are secrets, who gives them, and why.
var mayHold = map[string]string{
	"csrfToken startSession": "the token a page sends with a sign-in; its cookie is the other half",
	"csrfToken signIn":       "the token a page sends with its writes; the session's is in the cookie alone",
	"csrfToken setUp":        "as of a sign-in", "csrfToken getMe": "as of a sign-in", "csrfToken signInByPasskey": "as of a sign-in",
	"csrfToken showSecondFactor": "as of a sign-in", "csrfToken showSecondByPasskey": "as of a sign-in",
	"token findKnowers": "the question again, which its reader asked: it opens nothing", "token listKnowers": "as of findKnowers",
	"recoveryCodes confirmTotp": "shown once, when they are made", "recoveryCodes addPasskey": "shown once, when they are made",
	"recoveryCodes makeRecoveryCodes": "shown once, when they are made",
}

// tellsASecret tells a field of an operation's answer that is called like a secret, and may not be
// there.
func tellsASecret(operation, at string) bool {
	name := at[strings.LastIndex(at, "/")+1:]
	return hint.MatchString(name) || secret.MatchString(name) && tellsOf[name] == "" && mayHold[name+" "+operation] == ""
}

// TestNoAnswerHoldsASecret: by what the document says every answer may hold, and by what every
// question answers to who may ask all of them.
func TestNoAnswerHoldsASecret(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		api, fields, answers := server.API(w.App, "test"), 0, 0
		for _, op := range operations(api) {
			for status, r := range op.Responses {
				for _, m := range r.Content {
					if status < "300" {
						for _, at := range fieldsIn(api, m.Schema, "", 0) {
							if fields++; tellsASecret(op.OperationID, at) {
								t.Errorf("the answer of %s holds %s; say in mayHold why, or leave it out", op.OperationID, at)
							}
						}
					}
				}
			}
			if op.Method != "GET" {
				continue
			}
			rec := c.do("GET", placeholder.ReplaceAllString(op.Path, w.ID["陈露"])+"?measure=open&name=x&pipeline="+w.Bid.PipelineID, "")
			if answers++; strings.Contains(rec.Body.String(), "$argon2") || strings.Contains(rec.Body.String(), c.token) {
				t.Errorf("%s answers with a secret", op.OperationID)
			}
		}
		if fields < 500 || answers < 45 {
			t.Errorf("only %d fields and %d answers seen", fields, answers)
		}
	})
}

// fieldsIn are the names of the fields of a schema, each with those it lies in.
func fieldsIn(api *httpapi.API, s *huma.Schema, at string, depth int) (out []string) {
	if s == nil || depth > 6 {
		return nil
	}
	s = resolved(api, s)
	for name, p := range s.Properties {
		out = append(append(out, at+"/"+name), fieldsIn(api, p, at+"/"+name, depth+1)...)
	}
	return append(out, fieldsIn(api, s.Items, at, depth+1)...)
}

// TestNoHintOfASecretIsKept: neither a field anybody fills in nor a column is for one.
func TestNoHintOfASecretIsKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		api, seen := server.API(w.App, "test"), 0
		for _, op := range operations(api) {
			if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil || !strings.Contains(op.Path, "session") &&
				!strings.Contains(op.Path, "setup") && !strings.Contains(op.Path, "member") && !strings.Contains(op.Path, "password") {
				continue
			}
			for _, at := range fieldsIn(api, op.RequestBody.Content["application/json"].Schema, "", 0) {
				if seen++; hint.MatchString(at) {
					t.Errorf("%s takes %s", op.OperationID, at)
				}
			}
		}
		if seen < 20 {
			t.Errorf("only %d fields seen", seen)
		}
	})
}

// TestEveryCookieSaysWhatItIsFor: what opens something is for no script, and goes with requests
// of our own pages; none is in a body as well.
func TestEveryCookieSaysWhatItIsFor(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.Behind(w.App, "test", httpapi.Front{TLS: true})
	password := identity.NewSecret()
	noError(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", password))
	start := sent(h, "GET", "/api/session/start", "", nil, nil)
	var token struct{ CSRFToken string }
	noError(t, json.Unmarshal(start.Body.Bytes(), &token))
	raw, err := json.Marshal(map[string]string{"login": "chenlu", "password": password})
	noError(t, err)
	signed := sent(h, "POST", "/api/session", string(raw), map[string]string{"X-CSRF-Token": token.CSRFToken}, start.Result().Cookies())
	if signed.Code != 200 {
		t.Fatalf("%d %s", signed.Code, signed.Body)
	}
	want := map[string]http.SameSite{"__Host-yunchou_start": http.SameSiteStrictMode, "__Host-yunchou_session": http.SameSiteLaxMode,
		"__Host-yunchou_device": http.SameSiteLaxMode}
	seen := 0
	for _, c := range append(start.Result().Cookies(), signed.Result().Cookies()...) {
		if c.MaxAge < 0 {
			continue // taken away
		}
		if seen++; c.SameSite != want[c.Name] || !c.HttpOnly || !c.Secure || c.Path != "/" || c.Domain != "" || len(c.Name)+len(c.Value) > 4096 {
			t.Errorf("%s: %+v", c.Name, c)
		}
		if c.Name != "__Host-yunchou_start" && strings.Contains(signed.Body.String(), c.Value) {
			t.Errorf("%s is in the body too", c.Name)
		}
	}
	if seen != len(want) {
		t.Errorf("%d cookies, want %d", seen, len(want))
	}
}
