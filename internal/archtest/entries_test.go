package archtest

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"yunchou/internal/journal/journaltest"
)

// kept are the kinds of entries of which one is kept, with their versions ("account.created 2").
func kept(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../*/testdata/entries.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of entries, %v", len(files), err)
	}
	return journaltest.Kinds(t, files...)
}

// TestOfEveryEntryOneIsKept: what the program can write to the journal is kept in an
// entries.txt beside its capability and read by a test (journaltest.Kept), so that it can be
// read for ever. Kinds that are put together at run time are held against the same files by
// app.TestTheJournalGivesBackTheTables.
func TestOfEveryEntryOneIsKept(t *testing.T) {
	have, seen := kept(t), 0
	parsed(t, func(files *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok || !isEvent(lit.Type) {
				return true
			}
			kind, begins, version := told(lit)
			if kind == "" {
				return true
			}
			seen++
			for k := range have {
				if k == kind+" "+version || begins && strings.HasPrefix(k, kind) && strings.HasSuffix(k, " "+version) {
					return true
				}
			}
			t.Errorf("%s: no %s version %s is kept in testdata/entries.txt", files.Position(lit.Pos()), kind, version)
			return true
		})
	})
	if seen < 50 {
		t.Errorf("only %d kinds seen", seen)
	}
}

func isEvent(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Event"
}

// told is the kind an event's literal names, or what it begins with, and its version.
func told(lit *ast.CompositeLit) (kind string, begins bool, version string) {
	version = "1"
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := kv.Key.(*ast.Ident)
		switch value := kv.Value.(type) {
		case *ast.BasicLit:
			if key.Name == "Kind" {
				kind, _ = strconv.Unquote(value.Value)
			}
			if key.Name == "Version" {
				version = value.Value
			}
		case *ast.BinaryExpr:
			if first, ok := value.X.(*ast.BasicLit); ok && key.Name == "Kind" {
				kind, _ = strconv.Unquote(first.Value)
				begins = true
			}
		}
	}
	return kind, begins, version
}
