package server_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// texts no form sends: control characters, a zero byte, right-to-left overrides,
// halves of characters, formulas, markup, statements, and more than any field holds.
var texts = []string{"", "\x00", "a\x00b", "\u202etxt.exe", "\x1b[31m", "\ufeff", "\ufffd\ufffe", "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "' OR 1=1 --", "%", "%00", "../../etc/passwd",
	"２０２６－０２－３０", "2026-02-30", "9999-12-31", "-1", "1e309", "null", strings.Repeat("长", 40_000), strings.Repeat("é", 300), "🏴\u200d☠️", "Ａ\u0301", "a\nb\r\nc"}

// values of every type a field may not be of, written as JSON; the last are texts that
// are no Unicode.
var values = []string{`null`, `true`, `0`, `-1`, `1.5`, `1e400`, `9223372036854775808`, `-9223372036854775809`, `[]`, `[[]]`, `{}`, `{"a":{"a":{}}}`, `[null]`, `"x"`, `"\ud800"`, "\"\xff\xfe\"", `"\u0000"`}

// TestNoInputIsAnsweredWithAFault puts every wrong type and every hostile text into every
// field, parameter and path of the OpenAPI document, as somebody who may do everything:
// the answer is never a fault of ours, always a problem document with a code, and soon.
func TestNoInputIsAnsweredWithAFault(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		x := newAttack(t, db)
		api := server.API(x.w.App, "test")
		paths := make([]string, 0)
		for path := range api.OpenAPI().Paths {
			paths = append(paths, path)
		}
		sort.Strings(paths)
		for _, path := range paths {
			item := api.OpenAPI().Paths[path]
			for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
				if op != nil && op.OperationID != "signOut" && op.OperationID != "setup" {
					x.operation(api.OpenAPI().Components.Schemas, method, path, op)
				}
			}
		}
		if x.sent < 2000 {
			t.Errorf("only %d requests sent", x.sent)
		}
		t.Logf("%d requests, the longest took %s", x.sent, x.longest)
	})
}

type attack struct {
	t       *testing.T
	w       *apptest.World
	c       client
	ids     map[string]string // by the first part of a path
	sent    int
	longest time.Duration
	every   int // one in so many requests is sent
}

func newAttack(t *testing.T, db *database.DB) *attack {
	t.Helper()
	w := apptest.New(t, db)
	h := server.New(w.App, "test", false)
	w.AddMember("运营", w.ID["公司"], false, org.Operations)
	x := &attack{t: t, w: w, c: signIn(t, w, h, "运营", "operations"), every: 3}
	if os.Getenv("YUNCHOU_SOAK") != "" {
		x.every = 1
	}
	o := w.Opportunity("陈露", "靶子")
	x.ids = map[string]string{"opportunities": o.ID, "accounts": w.Account, "contacts": w.Contact("陈露", "刘工"), "members": w.ID["小李"], "teams": w.ID["二组"], "pipelines": w.Bid.PipelineID}
	return x
}

// operation attacks one operation: its path, its parameters, its body.
func (x *attack) operation(reg huma.Registry, method, path string, op *huma.Operation) {
	id := x.ids[strings.Split(path, "/")[2]]
	if id == "" {
		id = "01890a5d-ac96-774b-bcce-b302099a8057"
	}
	real := placeholder.ReplaceAllString(path, id)
	var query []string
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required {
			query = append(query, p.Name+"="+url.QueryEscape(fmt.Sprint(valid(reg, p.Schema, 0))))
		}
	}
	base := real + "?" + strings.Join(query, "&")
	body, fields := "", map[string]any(nil)
	if op.RequestBody != nil {
		if m := op.RequestBody.Content["application/json"]; m != nil {
			fields, _ = valid(reg, m.Schema, 0).(map[string]any)
			body = text(fields)
		}
	}
	if strings.Contains(path, "{") {
		for _, v := range texts {
			x.send(op, method, placeholder.ReplaceAllString(path, url.PathEscape(v)), body)
		}
	}
	for _, p := range op.Parameters {
		if p.In == "query" {
			for _, v := range texts {
				x.send(op, method, base+"&"+p.Name+"="+url.QueryEscape(v), body)
			}
			x.send(op, method, base+"&"+p.Name+"=%ff%fe", body)
		}
	}
	if op.RequestBody == nil {
		return
	}
	for _, b := range []string{"", "null", "[]", "{", `"x"`, "\x00", strings.Repeat("[", 20_000), `{"a":` + strings.Repeat(`{"a":`, 20_000), body + body} {
		x.send(op, method, base, b)
	}
	x.fields(op, method, base, fields, fields)
}

// fields replaces every value of a body in turn, down through what it holds.
func (x *attack) fields(op *huma.Operation, method, url string, whole, at map[string]any) {
	names := make([]string, 0, len(at))
	for name := range at {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		was := at[name]
		for _, v := range values {
			at[name] = json.RawMessage("0")
			mark := `"` + name + `":0`
			body := text(whole)
			x.send(op, method, url, strings.Replace(body, mark, `"`+name+`":`+v, 1))
		}
		for _, v := range texts {
			at[name] = v
			x.send(op, method, url, text(whole))
		}
		at[name] = was
		switch was := was.(type) {
		case map[string]any:
			x.fields(op, method, url, whole, was)
		case []any:
			if len(was) > 0 {
				if m, ok := was[0].(map[string]any); ok {
					x.fields(op, method, url, whole, m)
				}
			}
		}
	}
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // made here
	}
	return string(raw)
}

// send sends one request and looks at the answer.
func (x *attack) send(op *huma.Operation, method, target, body string) {
	x.t.Helper()
	if x.sent++; x.sent%x.every != 0 {
		return
	}
	if _, err := url.ParseRequestURI(target); err != nil {
		return
	}
	start := time.Now()
	rec := x.c.do(method, target, body)
	took := time.Since(start)
	x.longest = max(x.longest, took)
	switch {
	case rec.Code >= 500:
		x.t.Errorf("%s: %d on %.160q %.300q\n%.300s", op.OperationID, rec.Code, target, body, rec.Body)
	case rec.Code >= 400 && !problem(rec):
		x.t.Errorf("%s: %d without a code on %.160q %.200q\n%.300s", op.OperationID, rec.Code, target, body, rec.Body)
	case took > 5*time.Second:
		x.t.Errorf("%s: took %s on %.160q %.200q", op.OperationID, took, target, body)
	case rec.Code == 401 && op.OperationID != "signIn" && op.OperationID != "changePassword":
		x.t.Fatalf("%s ended the session: %.300s", op.OperationID, rec.Body)
	}
}

func problem(rec *httptest.ResponseRecorder) bool {
	var p struct {
		Code string `json:"code"`
	}
	return json.Unmarshal(rec.Body.Bytes(), &p) == nil && p.Code != ""
}

// valid is the smallest value a schema takes, with every property.
func valid(reg huma.Registry, s *huma.Schema, depth int) any {
	if s.Ref != "" {
		s = reg.SchemaFromRef(s.Ref)
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeObject:
		out := map[string]any{}
		for name, p := range s.Properties {
			if !p.ReadOnly && depth < 4 {
				out[name] = valid(reg, p, depth+1)
			}
		}
		return out
	case huma.TypeArray:
		if depth > 3 {
			return []any{}
		}
		return []any{valid(reg, s.Items, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		if s.Minimum != nil {
			return int(*s.Minimum)
		}
		return 1
	case huma.TypeBoolean:
		return false
	}
	switch {
	case slices.Contains([]string{"date", "date-time"}, s.Format):
		return "2026-03-02"
	case s.MinLength != nil:
		return strings.Repeat("x", max(1, *s.MinLength))
	}
	return "x"
}
