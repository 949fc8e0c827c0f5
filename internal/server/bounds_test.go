package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// mostItems is the most a list in a body may hold, unless it is longer by name: what one
// transaction takes.
const mostItems = database.MaxRecords

// longerLists hold what no transaction takes at once: rates are dated, and texts that stand for
// others are one a name in a file.
var longerLists = map[string]bool{"/rates": true, "/values": true}

// Every list and every map a request may carry has an upper bound, and one beyond it is told so by
// name and at its place, not by an error of ours. The document is walked, so that a new list is
// tested the day it is added.
func TestEveryListInABodyHasABoundThatIsSaid(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		api, targets := server.API(w.App, "test"), targetsOf(t, w)
		lists := 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil {
					continue
				}
				for _, p := range op.Parameters {
					if p.Schema.Type == huma.TypeArray && (p.Schema.MaxItems == nil || *p.Schema.MaxItems > mostItems) {
						t.Errorf("%s: ?%s has no upper bound", op.OperationID, p.Name)
					}
				}
				if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
					continue
				}
				whole := op.RequestBody.Content["application/json"].Schema
				for _, l := range listsIn(api, whole, "", 0) {
					lists++
					where := fmt.Sprintf("%s %s", op.OperationID, l.at)
					if l.most == nil || *l.most > mostItems && !longerLists[l.at[strings.LastIndex(l.at, "/"):]] {
						t.Errorf("%s has no upper bound", where)
						continue
					}
					body := tooLong(api, whole, l)
					got := c.at(`"1"`, op.Method, pathFor(targets, path), body)
					if got.Code == 413 && *l.most > mostItems {
						continue // a body of that length is refused whole
					}
					if got.Code != 422 || !strings.Contains(got.Body.String(), `"input.too_long"`) {
						t.Errorf("%s with %d: %d %.300s", where, *l.most+1, got.Code, got.Body)
					}
				}
			}
		}
		if lists < 60 {
			t.Errorf("only %d lists walked", lists)
		}
	})
}

// list is a list or a map in a body: its place, * standing for an entry, and its upper bound.
type list struct {
	at   string
	most *int
}

func listsIn(api *httpapi.API, s *huma.Schema, at string, depth int) (out []list) {
	s = resolved(api, s)
	if depth > 8 {
		return nil
	}
	switch entries, ofMap := s.AdditionalProperties.(*huma.Schema); {
	case s.Type == huma.TypeArray:
		out = append([]list{{at, s.MaxItems}}, listsIn(api, s.Items, at+"/*", depth+1)...)
	case ofMap:
		out = append([]list{{at, s.MaxProperties}}, listsIn(api, entries, at+"/*", depth+1)...)
	}
	for name, p := range s.Properties {
		if !p.ReadOnly {
			out = append(out, listsIn(api, p, at+"/"+name, depth+1)...)
		}
	}
	return out
}

func resolved(api *httpapi.API, s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// tooLong is a body that holds one entry too many at a place, and what is required beside it.
func tooLong(api *httpapi.API, s *huma.Schema, l list) string {
	raw, err := json.Marshal(longAt(api, s, strings.Split(l.at, "/")[1:], *l.most+1))
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}

func longAt(api *httpapi.API, s *huma.Schema, way []string, n int) any {
	all := api.OpenAPI().Components.Schemas
	s = resolved(api, s)
	entries, ofMap := s.AdditionalProperties.(*huma.Schema)
	switch {
	case len(way) == 0 && s.Type == huma.TypeArray:
		out := make([]any, n)
		for i := range out {
			out[i] = example(all, s.Items)
		}
		return out
	case len(way) == 0:
		out := map[string]any{}
		for i := range n {
			out[fmt.Sprint("k", i)] = example(all, entries)
		}
		return out
	case s.Type == huma.TypeArray:
		return []any{longAt(api, s.Items, way[1:], n)}
	case ofMap:
		return map[string]any{"k": longAt(api, entries, way[1:], n)}
	}
	out := example(all, s).(map[string]any)
	out[way[0]] = longAt(api, s.Properties[way[0]], way[1:], n)
	return out
}

// pathFor is a path with a record of the world in it, where there is one.
func pathFor(x targets, path string) string {
	for start, id := range x {
		if strings.HasPrefix(path, start) {
			return strings.NewReplacer("{id}", id, "{seat}", x["seat"]).Replace(path)
		}
	}
	return placeholder.ReplaceAllString(path, "nothing")
}
