package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
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
// field, parameter and path of the OpenAPI document, as everybody there is: who may do all or
// little, who only reads, who has to choose another password, who is gone, nobody, and somebody
// of another company. The answer is never a fault of ours, always a problem document with a
// code, never another company's data, and soon. A share of the cases is sent as each, by a fixed
// seed; all of them as all in the long form.
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
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op != nil && op.OperationID != "signOut" && op.OperationID != "setUp" {
					x.operation(api.OpenAPI().Components.Schemas, op.Method, path, op)
				}
			}
		}
		for _, s := range x.senders {
			if s.sent < 400 {
				t.Errorf("only %d requests sent as %s", s.sent, s.name)
			}
			t.Logf("%d requests as %s, answered %v", s.sent, s.name, s.answers)
		}
		t.Logf("%d cases, the longest took %s", x.cases, x.longest)
	})
}

type attack struct {
	t       *testing.T
	w       *apptest.World
	senders []*attacker
	rng     *rand.Rand
	ids     map[string]string // by the first part of a path
	cases   int
	longest time.Duration
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

// send sends one case as some of those there are and looks at the answers.
func (x *attack) send(op *huma.Operation, method, target, body string) {
	x.t.Helper()
	x.cases++
	if _, err := url.ParseRequestURI(target); err != nil {
		return
	}
	for _, s := range x.senders {
		if x.rng.IntN(s.every) != 0 {
			continue
		}
		start := time.Now()
		rec := s.c.do(method, target, body)
		took := time.Since(start)
		x.longest = max(x.longest, took)
		s.sent++
		s.answers[rec.Code]++
		what := s.wrong(op, rec)
		switch {
		case rec.Code >= 500:
			what = "a fault of ours"
		case rec.Code >= 400 && !problem(rec):
			what = "without a code"
		case took > 20*time.Second: // a hang
			what = "took " + took.String()
		}
		if what != "" {
			x.t.Errorf("%s as %s: %s: %d on %.160q %.300q\n%.300s", op.OperationID, s.name, what, rec.Code, target, body, rec.Body)
		}
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
