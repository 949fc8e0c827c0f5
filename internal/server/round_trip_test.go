package server_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/replay/replaytest"

	"github.com/xuri/excelize/v2"
)

// exportedTable is a list as it was exported, read and edited by other programs than ours: encoding/csv and
// excelize.
type exportedTable struct {
	t      *testing.T
	format string
	raw    []byte
	rows   [][]string
}

func (x *exportedTable) read() {
	x.t.Helper()
	if x.format == "csv" {
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(x.raw, []byte("\ufeff"))))
		rows, err := r.ReadAll()
		noError(x.t, err)
		x.rows = rows
		return
	}
	f, err := excelize.OpenReader(bytes.NewReader(x.raw))
	noError(x.t, err)
	rows, err := f.GetRows("Sheet1")
	noError(x.t, err)
	for i := range rows { // excelize leaves out blank cells at the end
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	x.rows = rows
}

// row finds the row of a record.
func (x *exportedTable) row(id string) int {
	x.t.Helper()
	i := slices.IndexFunc(x.rows, func(r []string) bool { return r[0] == id })
	if i < 0 {
		x.t.Fatalf("no row of %s", id)
	}
	return i
}

// cell is what stands in a column of a record's row.
func (x *exportedTable) cell(id, column string) string {
	return x.rows[x.row(id)][x.column(column)]
}

func (x *exportedTable) column(heading string) int {
	x.t.Helper()
	i := slices.Index(x.rows[0], heading)
	if i < 0 {
		x.t.Fatalf("no column %s in %q", heading, x.rows[0])
	}
	return i
}

// edits are cells by record and heading.
type edits map[string]map[string]string

// edited is the table with some cells written over, and nothing else.
func (x *exportedTable) edited(cells edits) []byte {
	x.t.Helper()
	var f *excelize.File
	if x.format == "xlsx" {
		var err error
		f, err = excelize.OpenReader(bytes.NewReader(x.raw))
		noError(x.t, err)
	}
	rows := make([][]string, len(x.rows))
	for i, r := range x.rows {
		rows[i] = slices.Clone(r)
	}
	for id, of := range cells {
		for heading, text := range of {
			row, column := x.row(id), x.column(heading)
			rows[row][column] = text
			if f != nil {
				at, err := excelize.CoordinatesToCellName(column+1, row+1)
				noError(x.t, err)
				noError(x.t, f.SetCellValue("Sheet1", at, text))
			}
		}
	}
	var out bytes.Buffer
	if f != nil {
		noError(x.t, f.Write(&out))
		return out.Bytes()
	}
	noError(x.t, csv.NewWriter(&out).WriteAll(rows))
	return out.Bytes()
}

// tripper exports and imports as one person does.
type tripper struct {
	t *testing.T
	*app.App
	client client
	actor  func() org.Actor
}

func (p tripper) export(list, format, locale string) *exportedTable {
	p.t.Helper()
	rec := p.client.do("GET", "/api/exports/"+list+"?format="+format+"&locale="+locale, "")
	if rec.Code != 200 {
		p.t.Fatalf("%s: %d %s", list, rec.Code, rec.Body)
	}
	x := &exportedTable{t: p.t, format: format, raw: rec.Body.Bytes()}
	x.read()
	return x
}

// look has a file recognised as the page does, which says nothing itself.
func (p tripper) look(name string, raw []byte) (intake.Preview, intake.File) {
	p.t.Helper()
	ctx := p.t.Context()
	id, err := p.Intake.Upload(ctx, p.actor(), "", bytes.NewReader(raw))
	noError(p.t, err)
	seen, err := p.Intake.Look(ctx, p.actor(), id, intake.Looked{Name: name})
	noError(p.t, err)
	path := filepath.Join(p.t.TempDir(), name)
	noError(p.t, os.WriteFile(path, raw, 0o600))
	return seen, intake.File{Name: name, Path: path}
}

// brings imports a file as it was recognised.
func (p tripper) brings(name string, raw []byte) (intake.Preview, intake.Batch) {
	p.t.Helper()
	seen, file := p.look(name, raw)
	b, err := p.Intake.Import(p.t.Context(), p.actor(), seen.Mapping, []intake.File{file}, false)
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", name, err, seen.YAML)
	}
	return seen, b
}

// state is every row of every table but what only says that something was imported or looked at.
type state map[string]map[string]int

func stateOf(t *testing.T, db *database.DB) state {
	t.Helper()
	out := state{}
	for _, name := range replaytest.Tables(t, db) {
		rows := map[string]int{}
		for _, r := range replaytest.Rows(t, db, "SELECT * FROM "+name) {
			rows[strings.Join(r, "\x1f")]++
		}
		out[name] = rows
	}
	return out
}

// difference are the rows of each table that only one of two states has.
func (s state) difference(now state) (gone, came map[string][]string) {
	gone, came = map[string][]string{}, map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		for row, n := range s[name] {
			if now[name][row] < n {
				gone[name] = append(gone[name], row)
			}
		}
		for row, n := range now[name] {
			if s[name][row] < n {
				came[name] = append(came[name], row)
			}
		}
	}
	return gone, came
}
