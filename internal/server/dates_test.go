package server_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// days that are none, and days no business record has.
var badDays = []string{"0000-00-00", "9999999-01-01", "2026-02-30", "2026-13-01", "1899-12-31", "2079-01-01", "2026-2-3", "20260203", "2026-02-03x", "-001-01-01", "２０２６-01-01"}

var dayName = regexp.MustCompile(`On$|^on$|^date$|^day$|^from$|^to$|^asOf$|Date$|^known$`)

// isDay tells whether a parameter or a field is a day: by its name and its length.
func isDay(name string, s *huma.Schema) bool {
	return s != nil && s.Type == huma.TypeString && s.MaxLength != nil && *s.MaxLength == 10 && dayName.MatchString(name)
}

// noPeriod are questions that share the others' parameters and have no period of their own.
var noPeriod = map[string]bool{"getForecast": true, "getTrend": true}

// TestADayThatIsNoneIsRefused puts impossible days into every day of every route: the answer
// is a fault with a code, never a page of figures and never a fault of ours.
func TestADayThatIsNoneIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		x := newAttack(t, db)
		api := server.API(x.w.App, "test")
		reg, tried := api.OpenAPI().Components.Schemas, 0
		try := func(op *huma.Operation, name, method, target, body string) {
			if noPeriod[op.OperationID] && (name == "from" || name == "to") {
				return
			}
			rec := x.senders[0].c.do(method, target, body)
			if op.OperationID == "moveOpportunities" && strings.Contains(rec.Body.String(), `"moved":false,"code":"`) {
				return // each record has its answer
			}
			if tried++; rec.Code < 400 || rec.Code >= 500 || !problem(rec) {
				t.Errorf("%s took %s: %d %s %s %.160s", op.OperationID, name, rec.Code, target, body, rec.Body)
			}
		}
		for path, item := range api.OpenAPI().Paths {
			for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
				if op == nil || op.OperationID == "signOut" || op.OperationID == "setup" {
					continue
				}
				id := x.ids[strings.Split(path, "/")[2]]
				if id == "" {
					id = "nothing"
				}
				target, body := placeholder.ReplaceAllString(path, id), bodyFor(t, api, op)
				query := url.Values{}
				for _, p := range op.Parameters {
					if p.In == "query" && p.Required {
						query.Set(p.Name, fmt.Sprint(valid(reg, p.Schema, 0)))
					}
				}
				if strings.Contains(path, "/reports/") {
					query.Set("pipeline", x.ids["pipelines"])
				}
				for _, p := range op.Parameters {
					if p.In != "query" || !isDay(p.Name, p.Schema) {
						continue
					}
					for _, day := range badDays {
						with := url.Values{p.Name: {day}}
						for k, v := range query {
							if k != p.Name {
								with[k] = v
							}
						}
						try(op, p.Name, method, target+"?"+with.Encode(), body)
					}
				}
				if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
					continue
				}
				s := op.RequestBody.Content["application/json"].Schema
				if s.Ref != "" {
					s = reg.SchemaFromRef(s.Ref)
				}
				for name, p := range s.Properties {
					if !isDay(name, p) {
						continue
					}
					for _, day := range badDays {
						whole, _ := example(reg, s).(map[string]any)
						whole[name] = day
						try(op, name, method, target, text(whole))
					}
				}
			}
		}
		t.Logf("%d days tried", tried)
		if tried < 200 {
			t.Errorf("only %d days tried", tried)
		}
	})
}
