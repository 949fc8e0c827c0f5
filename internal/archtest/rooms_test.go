package archtest

import (
	"io/fs"
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

// everywhere are the rooms that may name any table, and why.
var everywhere = map[string]string{
	"scopedb":                "whether a record is in scope is told by its relations",
	"funnel/funneldb":        "figures are asked of all facts; it only reads",
	"funnel/engine/enginedb": "the engine holds a copy of all facts; it only reads",
	"upgrade/upgradedb":      "old histories of every kind are carried over",
	"company/companydb":      "takes out and deletes all that one company has, whatever tables there are",
	"app/apptest":            "fills a world by SQL alone",
	"database/databasetest":  "makes and clears databases",
	"merge/mergedb":          "has whatever names one record name another",
	"replay/replaydb":        "compares whole tables; it only reads them",
	"safekeep/safekeepdb":    "looks for rows that contradict each other; it only reads",
	"mention/mentiondb":      "a person is looked for, and taken out of, whatever people wrote",
	"replay/replaytest":      "asks a journal for its kinds",
}

// pairs are single tables named outside the room that writes them, and why. The list only
// becomes shorter.
var pairs = map[[2]string]string{
	{"database", "journal_counter"}:        "entries are numbered as a transaction's last act",
	{"journal", "journal"}:                 "the journal reads what the handle has written",
	{"journal", "entry_address"}:           "likewise, and forgets it after a time",
	{"timetable/timetabledb", "tenant"}:    "a round goes through every company",
	{"reader/readerdb", "journal"}:         "a place moves to an entry that is there, in the statement that moves it",
	{"reader/readerdb", "journal_counter"}: "how far readers are behind is asked of all companies at once",
}

var (
	naming  = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+([a-z_]+)`)
	writing = regexp.MustCompile("(?:INSERT INTO |(?:InsertMany|replace)\\([^\"\\n]*\")([a-z_]+)")
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

// TestEachTableIsNamedInItsRoom: the room of a table is the one that writes it. Whoever else
// needs its rows asks the capability, or scopedb where a query is narrowed by them.
func TestEachTableIsNamedInItsRoom(t *testing.T) {
	known, room := schema(t), map[string]string{}
	source := map[string]string{}
	sources(t, func(path, text string) {
		if everywhere[filepath.ToSlash(filepath.Dir(path))] == "" {
			source[path] = comment.ReplaceAllString(text, "")
		}
	})
	for path, text := range source {
		dir := filepath.ToSlash(filepath.Dir(path))
		for _, m := range writing.FindAllStringSubmatch(text, -1) {
			if known[m[1]] && room[m[1]] != "" && room[m[1]] != dir {
				t.Errorf("%s is written by %s and by %s", m[1], room[m[1]], dir)
			}
			room[m[1]] = dir
		}
	}
	if len(room) < 30 {
		t.Errorf("only %d tables are written", len(room))
	}
	used := map[[2]string]bool{}
	for path, text := range source {
		dir := filepath.ToSlash(filepath.Dir(path))
		for _, m := range append(naming.FindAllStringSubmatch(text, -1), passing.FindAllStringSubmatch(text, -1)...) {
			if !known[m[1]] || room[m[1]] == dir {
				continue
			}
			if pairs[[2]string{dir, m[1]}] == "" {
				t.Errorf("%s names %s, a table of %s", path, m[1], room[m[1]])
			}
			used[[2]string{dir, m[1]}] = true
		}
	}
	for pair := range pairs {
		if !used[pair] {
			t.Errorf("%s no longer names %s: take the exception away", pair[0], pair[1])
		}
	}
}
