// Package archtest holds the arrows between packages as a test, not an opinion:
// cmd → …http → capability ← …db.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestArrowsPointInwards(t *testing.T) {
	embedded := map[[2]string]bool{}
	for pkg, imports := range list(t, `{{join .Imports " "}}`) {
		for _, imp := range imports {
			if !allowed(pkg, imp) {
				t.Errorf("%s must not import %s", short(pkg), imp)
			}
			if strings.HasSuffix(imp, "http") && strings.HasPrefix(imp, "yunchou/") && !wiring[pkg] {
				embedded[[2]string{path.Base(pkg), path.Base(imp)}] = true
			}
		}
	}
	for pair, why := range embeds {
		if !embedded[pair] {
			t.Errorf("%s no longer imports %s (%s): take the exception away", pair[0], pair[1], why)
		}
	}
}

// TestOnlyWiringKnowsTheProgram: a test, too, builds its world with apptest.
func TestOnlyWiringKnowsTheProgram(t *testing.T) {
	for pkg, imports := range list(t, `{{join .TestImports " "}} {{join .XTestImports " "}}`) {
		for _, imp := range imports {
			if imp == "yunchou/internal/app" && !wiring[pkg] {
				t.Errorf("the tests of %s must not import internal/app, but internal/app/apptest", short(pkg))
			}
		}
	}
}

// TestNothingForTestsIsInTheProgram: none of it is linked, and nobody but identity and the world of
// tests names what makes hashing of passwords cheap.
func TestNothingForTestsIsInTheProgram(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "yunchou/cmd/yunchou").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Fields(string(out))
	for _, pkg := range all {
		if strings.HasPrefix(pkg, "yunchou/") && strings.HasSuffix(pkg, "test") {
			t.Errorf("the program contains %s", pkg)
		}
	}
	if len(all) < 200 {
		t.Errorf("only %d packages seen", len(all))
	}
	named := map[string]bool{}
	parsedIn(t, "../..", func(file string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "HashCost" || id.Name == "CheapHash") {
				named[roomOf(file)] = true
			}
			return true
		})
	})
	if want := map[string]bool{"internal/identity": true, "internal/app/apptest": true}; !maps.Equal(named, want) {
		t.Errorf("what hashes take is named in %v, want %v", named, want)
	}
}

// list returns what every package of ours imports by a template of go list.
func list(t *testing.T, imports string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}: "+imports, "yunchou/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		pkg, imports, _ := strings.Cut(line, ": ")
		all[pkg] = strings.Fields(imports)
	}
	if len(all) < 25 {
		t.Fatalf("only %d packages seen", len(all))
	}
	return all
}

func short(pkg string) string { return strings.TrimPrefix(pkg, "yunchou/internal/") }

// wiring knows every package.
var wiring = map[string]bool{
	"yunchou/cmd/yunchou": true, "yunchou/internal/app": true, "yunchou/internal/server": true,
	"yunchou/internal/app/apptest": true,
}

// embeds are the routes that embed what another capability's routes speak of in their own,
// and why. What all routes share is httpapi's.
var embeds = map[[2]string]string{
	{"accounthttp", "fieldhttp"}:        "lists are filtered and exported by own fields",
	{"opportunityhttp", "fieldhttp"}:    "lists are filtered and exported by own fields",
	{"followuphttp", "accounthttp"}:     "what is kept about a person holds the contact",
	{"opportunityhttp", "handoverhttp"}: "what waits for a member holds the hand-overs",
	{"opportunityhttp", "followuphttp"}: "a record shows what was said about it",
	{"deskhttp", "opportunityhttp"}:     "a line is shown as a list shows its opportunity",
	{"deskhttp", "confirmhttp"}:         "a desk holds after whom its reader is asked",
	{"funnelhttp", "opportunityhttp"}:   "a report takes a list's filters, and a figure opens to a list's records",
}

func allowed(pkg, imp string) bool {
	if wiring[pkg] {
		return true
	}
	isDB, isHTTP := strings.HasSuffix(pkg, "db"), strings.HasSuffix(pkg, "http")
	switch {
	case strings.HasSuffix(imp, "modernc.org/sqlite"), strings.Contains(imp, "jackc/pgx"):
		return pkg == "yunchou/internal/database"
	case strings.Contains(imp, "danielgtaylor/huma"):
		return pkg == "yunchou/internal/httpapi"
	case imp == "net/http":
		return isHTTP || pkg == "yunchou/internal/httpapi" || pkg == "yunchou/internal/entrance" || pkg == "yunchou/internal/file" || // content sniffing only
			pkg == "yunchou/internal/safekeep/safekeeps3/s3test" // for tests alone
	case !strings.HasPrefix(imp, "yunchou/"):
		return true
	case strings.HasSuffix(imp, "http"):
		return embeds[[2]string{path.Base(pkg), path.Base(imp)}] != ""
	case strings.HasSuffix(imp, "db"):
		return isDB || pkg == "yunchou/internal/replay/replaytest" // for tests alone
	case imp == "yunchou/internal/httpapi":
		return isHTTP
	case imp == "yunchou/internal/app":
		return pkg == "yunchou/internal/demo" // the one exception left; it too shall name what it needs
	}
	return true
}

// TestSQLStaysInItsPackages: a capability's rules know no SQL. The journal is read
// by everybody and keeps its own.
func TestSQLStaysInItsPackages(t *testing.T) {
	root := filepath.Join("..")
	statement := regexp.MustCompile("\\.(Query|QueryRow|Exec|InsertMany)\\((ctx|[a-z.]*ctx), ")
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		pkg := filepath.Base(filepath.Dir(path))
		if strings.HasSuffix(pkg, "db") || pkg == "database" || pkg == "databasetest" || pkg == "journal" {
			return nil
		}
		files++
		raw, err := os.ReadFile(path)
		if err == nil && statement.Match(raw) {
			t.Errorf("%s runs SQL; it belongs in a …db package", path)
		}
		return err
	})
	if err != nil || files < 50 {
		t.Errorf("%d files seen, %v", files, err)
	}
}

// longest is how many lines a function may have. Lists of routes are longer and are one
// thing each: a route after another.
const longest = 70

func TestNoFunctionIsLong(t *testing.T) {
	parsed(t, func(files *token.FileSet, f *ast.File) {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || registers(fn) {
				continue
			}
			start, end := files.Position(fn.Pos()), files.Position(fn.End())
			if n := end.Line - start.Line + 1; n > longest {
				t.Errorf("%s: %s has %d lines; cut it, or show that it is one thing", start.Filename, fn.Name.Name, n)
			}
		}
	})
}

// parsed gives every file of ours that is not a test.
func parsed(t *testing.T, give func(*token.FileSet, *ast.File)) {
	t.Helper()
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, path, nil, 0)
			if err == nil {
				give(files, f)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// registers tells a list of routes: it takes the API to register them with.
func registers(fn *ast.FuncDecl) bool {
	for _, p := range fn.Type.Params.List {
		if star, ok := p.Type.(*ast.StarExpr); ok {
			if sel, ok := star.X.(*ast.SelectorExpr); ok && sel.Sel.Name == "API" {
				return true
			}
		}
	}
	return false
}
