package archtest

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources walks the hand-written Go files that are no tests.
func sources(t *testing.T, see func(path, text string)) {
	t.Helper()
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			raw, err := os.ReadFile(path)
			see(strings.TrimPrefix(path, "../"), string(raw))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// foreignRows is a service's rows used by somebody who holds the service.
var foreignRows = regexp.MustCompile(`\b\w+\.[A-Z]\w*\.Rows\.\w+`)

// TestNobodyCallsAnothersRows: there is one way to write a record, its capability's.
func TestNobodyCallsAnothersRows(t *testing.T) {
	sources(t, func(path, text string) {
		for _, found := range foreignRows.FindAllString(text, -1) {
			t.Errorf("%s calls %s; let the capability have a method for it", path, found)
		}
	})
}

// tables are the tables of each room: only there are they named in SQL.
var tables = map[string]string{
	"account/accountdb":         "account contact employment product_line competitor",
	"credit/creditdb":           "credit_line",
	"field/fielddb":             "custom_field custom_value",
	"file/filedb":               "file file_chunk",
	"followup/followupdb":       "follow_up follow_up_contact follow_up_colleague",
	"handover/handoverdb":       "handover",
	"idempotency/idempotencydb": "idempotency_key",
	"intake/intakedb":           "import_batch import_change import_issue import_mapping",
	"opportunity/opportunitydb": "opportunity stay evidence deal_team opportunity_line opportunity_share opportunity_contact opportunity_competitor",
	"org/orgdb":                 "tenant member team team_parent position seat seat_holder member_role role delegation login session session_token exchange_rate holiday_year",
	"pipeline/pipelinedb":       "pipeline pipeline_version stage stage_version stage_mapping milestone",
	"record/recorddb":           "ownership external_ref dated_value record_link",
	"savedview/savedviewdb":     "saved_view",
	"task/taskdb":               "task",
	"upgrade/upgradedb":         "carried",
	"journal":                   "journal",
	"database":                  "journal_counter",
	"timetable/timetabledb":     "timetable",
}

// everywhere are the rooms that may name any table, and why.
var everywhere = map[string]string{
	"scopedb":                "whether a record is in scope is told by its relations",
	"funnel/funneldb":        "figures are asked of all facts; it only reads",
	"funnel/engine/enginedb": "the engine holds a copy of all facts; it only reads",
	"upgrade/upgradedb":      "old histories of every kind are carried over",
	"app/apptest":            "fills a world by SQL alone",
	"database/databasetest":  "makes and clears databases",
}

// pairs are single tables named elsewhere, and why. The list only becomes shorter.
var pairs = map[[2]string]string{
	{"org/orgdb", "journal_counter"}:    "a company's counter is made with the company",
	{"timetable/timetabledb", "tenant"}: "a round goes through every company",
	{"database", "journal"}:             "entries are numbered and written as a transaction's last act",
}

var (
	naming  = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+([a-z_]+)`)
	passing = regexp.MustCompile("(?:InsertMany|replace|Settle)\\([^\"\\n]*\"([a-z_]+)\"")
	comment = regexp.MustCompile(`(?m)//.*$`)
	made    = regexp.MustCompile(`(?m)^CREATE TABLE ([a-z_0-9]+)`)
	renamed = regexp.MustCompile(`(?m)^ALTER TABLE ([a-z_0-9]+) RENAME TO ([a-z_]+)`)
	dropped = regexp.MustCompile(`(?m)^DROP TABLE ([a-z_0-9]+)`)
)

// schema lists the tables the migrations leave.
func schema(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../database/migrations/sqlite/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	slices.Sort(files)
	out := map[string]bool{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(raw), "\n") {
			if m := made.FindStringSubmatch(line); m != nil {
				out[m[1]] = true
			}
			if m := dropped.FindStringSubmatch(line); m != nil {
				delete(out, m[1])
			}
			if m := renamed.FindStringSubmatch(line); m != nil {
				delete(out, m[1])
				out[m[2]] = true
			}
		}
	}
	return out
}

// TestEachTableIsNamedInItsRoom: whoever needs another's rows asks the capability, or
// scopedb where a query is narrowed by them.
func TestEachTableIsNamedInItsRoom(t *testing.T) {
	room := map[string]string{}
	for dir, list := range tables {
		for _, table := range strings.Fields(list) {
			if room[table] != "" {
				t.Errorf("%s is of %s and of %s", table, room[table], dir)
			}
			room[table] = dir
		}
	}
	known := schema(t)
	for table := range known {
		if room[table] == "" {
			t.Errorf("the table %s is of no room: enter it in tables", table)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(room)) {
		if !known[table] {
			t.Errorf("there is no table %s (of %s)", table, room[table])
		}
	}
	used := map[[2]string]bool{}
	sources(t, func(path, text string) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if everywhere[dir] != "" {
			return
		}
		text = comment.ReplaceAllString(text, "")
		found := append(naming.FindAllStringSubmatch(text, -1), passing.FindAllStringSubmatch(text, -1)...)
		for _, m := range found {
			if !known[m[1]] || room[m[1]] == dir {
				continue
			}
			if pairs[[2]string{dir, m[1]}] == "" {
				t.Errorf("%s names %s, a table of %s", path, m[1], room[m[1]])
			}
			used[[2]string{dir, m[1]}] = true
		}
	})
	for pair := range pairs {
		if !used[pair] {
			t.Errorf("%s no longer names %s: take the exception away", pair[0], pair[1])
		}
	}
}
