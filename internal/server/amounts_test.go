package server_test

import (
	"encoding/json"
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestNothingIsAnAmountToAskFor: 0 is a bound like another, and keeps out what has no amount.
func TestNothingIsAnAmountToAskFor(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		for _, body := range []string{`{"name":"甲","amountMinor":0}`, `{"name":"乙","amountMinor":500}`, `{"name":"丙"}`} {
			body = body[:len(body)-1] + `,"pipelineId":"` + w.Bid.PipelineID + `"}`
			if rec := c.do("POST", "/api/opportunities", body); rec.Code != 201 {
				t.Fatalf("%s: %d %s", body, rec.Code, rec.Body)
			}
		}
		for query, want := range map[string][]string{
			"": {"甲", "乙", "丙"}, "&amountMax=0": {"甲"}, "&amountMin=0": {"甲", "乙"}, "&amountMin=1": {"乙"}, "&amountMin=0&amountMax=499": {"甲"},
		} {
			var list struct{ Items []struct{ Name string } }
			rec := c.do("GET", "/api/opportunities?sort=created"+query, "")
			noError(t, json.Unmarshal(rec.Body.Bytes(), &list))
			got := []string{}
			for _, o := range list.Items {
				got = append(got, o.Name)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%q: %v, want %v; %d %.200s", query, got, want, rec.Code, rec.Body)
			}
		}
	})
}
