package server_test

import (
	"bytes"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"

	"github.com/xuri/excelize/v2"
)

// TestATemplateThatWasFilledIsRecognised: of every kind, in both languages, each column beyond doubt; empty
// it has no rows, and its notes and choices are there for another program.
func TestATemplateThatWasFilledIsRecognised(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p, _ := smallTripper(t, db)
		for kind, filled := range map[string][]string{
			"opportunity": {"模板一号", "华新机电", "投标流程", "机会"}, "account": {"新客户"}, "contact": {"新人", "华新机电"},
			"product": {"新产品", "系列", "12.5"}, "member": {"新同事"}, "events": {"C-1", "机会", "2026-03-01"},
		} {
			for _, locale := range []string{"zh-CN", "en-US"} {
				p.templateIsRecognised(kind, locale, filled)
			}
		}
	})
}

func (p tripper) templateIsRecognised(kind, locale string, filled []string) {
	p.t.Helper()
	rec := p.client.do("GET", "/api/exports/templates/"+kind+"?locale="+locale, "")
	if rec.Code != 200 {
		p.t.Fatalf("%s: %d %s", kind, rec.Code, rec.Body)
	}
	f, err := excelize.OpenReader(bytes.NewReader(rec.Body.Bytes()))
	noError(p.t, err)
	rows, err := f.GetRows("Sheet1")
	noError(p.t, err)
	notes, err := f.GetComments("Sheet1")
	if err != nil || len(rows) != 1 || len(notes) != len(rows[0]) {
		p.t.Errorf("%s: %d rows, %d notes of %d columns, %v", kind, len(rows), len(notes), len(rows[0]), err)
	}
	choices, err := f.GetDataValidations("Sheet1")
	if want := map[string]int{"opportunity": 5, "account": 1, "events": 3}[kind]; err != nil || len(choices) < want {
		p.t.Errorf("%s: %d columns with choices, want %d, %v", kind, len(choices), want, err)
	}
	id, err := p.Intake.Upload(p.t.Context(), p.actor(), "", bytes.NewReader(rec.Body.Bytes()))
	noError(p.t, err)
	empty, err := p.Intake.Look(p.t.Context(), p.actor(), id, intake.Looked{Name: "template.xlsx"})
	if empty.RowCount > 0 {
		p.t.Errorf("%s: an empty template has %d rows, %v", kind, empty.RowCount, err)
	}
	for i, text := range filled {
		at, err := excelize.CoordinatesToCellName(i+1, 2)
		noError(p.t, err)
		noError(p.t, f.SetCellValue("Sheet1", at, text))
	}
	var out bytes.Buffer
	noError(p.t, f.Write(&out))
	seen, b := p.brings("yunchou-template-"+kind+".xlsx", out.Bytes())
	spec := seen.Mapping.Files[0]
	if spec.Kind != kind || len(spec.Columns) != len(rows[0]) || b.Summary.Refused > 0 || b.Summary.Rows != 1 {
		p.t.Errorf("%s %s is read as %s: %+v\n%s", kind, locale, spec.Kind, *b.Summary, strings.Join(rows[0], " | ")+"\n"+seen.YAML)
	}
	for target := range spec.Columns {
		if seen.Sure[kind][target] != 1 {
			p.t.Errorf("%s: %s is sure to %f", kind, target, seen.Sure[kind][target])
		}
	}
}
