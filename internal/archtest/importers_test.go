package archtest

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// intakeMay are the packages of ours the core of imports may know: what every capability may,
// and the timetable its jobs stand on.
var intakeMay = map[string]bool{
	"calendar": true, "database": true, "fault": true, "field": true, "idempotency": true, "grid": true, "intake": true, "intake/form": true, "journal": true,
	"money": true, "org": true, "record": true, "replay": true, "sheet": true, "tally": true, "text": true, "timetable": true,
}

// TestTheCoreOfImportsKnowsNoCapability: it reads, reports, writes in chunks and undoes; what a
// row means is registered by the capability whose it is.
func TestTheCoreOfImportsKnowsNoCapability(t *testing.T) {
	for pkg, imports := range list(t, `{{join .Imports " "}}`) {
		if pkg != "yunchou/internal/intake" && pkg != "yunchou/internal/intake/intakedb" {
			continue
		}
		for _, imp := range imports {
			if strings.HasPrefix(imp, "yunchou/") && !intakeMay[short(imp)] {
				t.Errorf("%s must not import %s: let its importer say it", short(pkg), short(imp))
			}
		}
	}
	tables, files := schema(t), 0
	delete(tables, "file") // a word of its own: what is imported
	delete(tables, "timetable")
	parsed(t, func(set *token.FileSet, f *ast.File) {
		if dir := filepath.ToSlash(filepath.Dir(set.Position(f.Pos()).Filename)); dir != "../intake" && dir != "../intake/intakedb" {
			return
		}
		files++
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && tables[s] && !strings.HasPrefix(s, "import_") {
				t.Errorf("%s: the core of imports names %q; let its importer say it", set.Position(lit.Pos()), s)
			}
			return true
		})
	})
	if files < 15 {
		t.Errorf("only %d files seen", files)
	}
}

// TestOnlyWiringAndImportersKnowImporters: a capability is imported by way of its importer, and
// does without it.
func TestOnlyWiringAndImportersKnowImporters(t *testing.T) {
	seen := 0
	for pkg, imports := range list(t, `{{join .Imports " "}}`) {
		for _, imp := range imports {
			if !strings.HasPrefix(imp, "yunchou/") || !strings.HasSuffix(imp, "import") {
				continue
			}
			seen++
			if !wiring[pkg] && !strings.HasSuffix(pkg, "import") {
				t.Errorf("%s must not import %s", short(pkg), short(imp))
			}
		}
		if strings.HasSuffix(pkg, "import") {
			continue
		}
		for _, imp := range imports {
			if imp == "yunchou/internal/intake" && !wiring[pkg] && !strings.HasPrefix(short(pkg), "intake/") {
				t.Errorf("%s must not import intake; its importer may", short(pkg))
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d importers seen", seen)
	}
}
