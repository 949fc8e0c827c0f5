package app_test

import (
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/replay/replaytest"
)

// TestAnImportedSentenceStaysAsItWasWritten: why a deal was lost, and own fields of every kind of
// record. The same file again changes nothing.
func TestAnImportedSentenceStaysAsItWasWritten(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		const said = "客户说：“价格（含税）太高，再议。”\n第二行"
		quoted := func(where string) string { return `"` + where + strings.ReplaceAll(said, "\n", "\r\n") + ` "` }
		fields := func(kind string) string {
			return "  - {record: " + kind + ", key: remark, label: 备注, type: text}\n"
		}
		s := newSource(apptest.New(t, db), `version: 1
source: crm
pipelines:
  - {name: 简易, stages: [{name: 一, kind: open, phase: early, success: 10}, {name: 赢, kind: won}, {name: 输, kind: lost}]}
fields:
`+fields("account")+fields("opportunity")+`files:
  - {match: a.csv, kind: account, columns: {externalId: id, name: name, custom.remark: remark}}
  - {match: x.csv, kind: opportunity, pipeline: 简易, columns: {externalId: id, name: name, stage: stage, amount: amount, createdOn: created,
      closedOn: closed, lossReason: reason, custom.remark: remark}}
`, map[string]string{
			"a.csv": "id,name,remark\n1,恒通," + quoted("客户") + "\n",
			"x.csv": "id,name,stage,amount,created,closed,reason,remark\n1,一号线,输,100,2026-01-05,2026-02-05," + quoted("丢单") + "," + quoted("商机") + "\n",
		})
		if b := s.run(); b.Summary.Errors > 0 {
			t.Fatalf("%+v", b.Summary)
		}
		for where, want := range map[string]string{"丢单": said, "客户": oneLine(said), "商机": oneLine(said)} {
			if !isKept(t, db, where+want) {
				t.Errorf("%q is not kept so", where+want)
			}
		}
		if b := s.run(); b.Summary.Errors+b.Summary.Warnings > 0 || b.Summary.Unchanged["opportunity"] != 1 || len(b.Summary.Updated) > 0 {
			t.Errorf("the same file again: %+v", b.Summary)
		}
	})
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// isKept tells whether a text stands in some column.
func isKept(t *testing.T, db *database.DB, text string) (kept bool) {
	for _, table := range replaytest.Tables(t, db) {
		for _, row := range replaytest.Rows(t, db, "SELECT * FROM "+table) {
			for _, held := range row {
				kept = kept || held == text
			}
		}
	}
	return kept
}
