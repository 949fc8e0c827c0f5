package archtest

import (
	"go/ast"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What docs/security.md says of the source is read from it and compared.

// dangerous are imports that may do harm in the wrong place, or with what came from outside.
var dangerous = map[string]bool{
	"unsafe": true, "os/exec": true, "plugin": true, "text/template": true, "html/template": true, "encoding/gob": true, "encoding/xml": true,
	"math/rand": true, "math/rand/v2": true, "net/smtp": true, "net/http/pprof": true, "expvar": true, "net/http/cgi": true, "C": true,
	"github.com/xuri/excelize/v2": true, "go.yaml.in/yaml/v3": true,
}

// broken is cryptography nothing here may rest on.
var broken = map[string]bool{"crypto/md5": true, "crypto/sha1": true, "crypto/des": true, "crypto/rc4": true, "crypto/dsa": true, "crypto/elliptic": true}

// cryptography tells an import of it.
func cryptography(imp string) bool {
	return strings.HasPrefix(imp, "crypto/") || strings.HasPrefix(imp, "golang.org/x/crypto/") || strings.HasPrefix(imp, "filippo.io/") ||
		strings.Contains(imp, "/otp") || strings.Contains(imp, "webauthn")
}

func TestDangerousThingsStandWhereTheDocumentSays(t *testing.T) {
	used := map[string][]string{}
	for room, imports := range importsOf(t) {
		for _, imp := range imports {
			if dangerous[imp] {
				used[imp] = append(used[imp], room)
			}
		}
	}
	told := map[string][]string{}
	for _, row := range table(t, "Dangerous things") {
		told[row[0][0]] = row[1]
	}
	compare(t, "dangerous things", used, told)
}

func TestEveryUseOfCryptographyIsInTheInventory(t *testing.T) {
	used := map[string][]string{}
	for room, imports := range importsOf(t) {
		for _, imp := range imports {
			if broken[imp] {
				t.Errorf("%s imports %s, which is broken", room, imp)
			}
			if cryptography(imp) {
				used[room] = append(used[room], imp)
			}
		}
	}
	told := map[string][]string{}
	for _, row := range table(t, "Cryptography") {
		told[row[0][0]] = row[1]
	}
	compare(t, "the inventory of cryptography", used, told)
}

// dials are the calls by which a program speaks to another machine, or has another program run.
var dials = regexp.MustCompile(`^(http\.(Get|Post|PostForm|Head|DefaultClient|DefaultTransport|Client|Transport|NewRequest|NewRequestWithContext)|` +
	`net\.(Dial|DialTimeout|DialTCP|Dialer)|tls\.(Dial|DialWithDialer)|autocert\.Manager|acme\.Client|stdlib\.(OpenDB|GetConnector)|exec\.(Command|CommandContext)|` +
	`minio\.New|mail\.NewClient|smtp\.SendMail|syscall\.(Exec|ForkExec)|os\.StartProcess)$`)

// TestWhoSpeaksToOtherMachinesIsNamed: in the document, with when and how.
func TestWhoSpeaksToOtherMachinesIsNamed(t *testing.T) {
	used, told := map[string][]string{}, map[string][]string{}
	parsedIn(t, "../..", func(file string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && dials.MatchString(x.Name+"."+sel.Sel.Name) {
					used[roomOf(file)] = nil
				}
			}
			return true
		})
	})
	for _, row := range table(t, "What it speaks to") {
		for _, room := range row[1] {
			told[room] = nil
		}
	}
	compare(t, "who speaks to other machines", used, told)
}

// TestNothingGoesUnverifiedOrUnowned: no certificate is believed unseen, and no file of ours is
// made for others to read.
func TestNothingGoesUnverifiedOrUnowned(t *testing.T) {
	seen := 0
	parsedIn(t, "../..", func(file string, f *ast.File) {
		if strings.Contains(file, "commonlist") { // makes a file of the source
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "InsecureSkipVerify" {
					t.Errorf("%s believes any certificate", file)
				}
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := sel.X.(*ast.Ident); !ok || x.Name != "os" {
					return true
				}
				switch sel.Sel.Name {
				case "Create":
					t.Errorf("%s: os.Create makes a file others may read; say 0600 with os.OpenFile", file)
				case "OpenFile", "WriteFile", "Mkdir", "MkdirAll", "Chmod":
					seen++
					mode, ok := n.Args[len(n.Args)-1].(*ast.BasicLit)
					if ok && mode.Kind == token.INT && mode.Value != "0" && mode.Value != "0o600" && mode.Value != "0o700" {
						t.Errorf("%s: %s with %s", file, sel.Sel.Name, mode.Value)
					}
				}
			}
			return true
		})
	})
	if seen < 10 {
		t.Errorf("only %d files made", seen)
	}
}

// markup are the ways a page makes markup or code of text, or hears and tells what others write.
var markup = regexp.MustCompile(`dangerouslySetInnerHTML|\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|` +
	`postMessage|onmessage|srcDoc|javascript:|document\.cookie|indexedDB|caches\.open|document\.domain|\b__proto__\b|type="password".*value=`)

// stored is what the page writes into the browser, by the name it is kept under.
var stored = regexp.MustCompile(`(?:local|session)Storage\.setItem\(\s*(\w+|'[\w.]+')`)

// mayKeep are the names, or the constants that hold them.
var mayKeep = map[string]string{
	"LOCALE": "language", "'yunchou.theme'": "light or dark", "'yunchou.columns'": "columns of a list", "ACTING_FOR": "whom one acts for, an id",
	"'yunchou.farewell'": "why the sign-in page is shown, a word", "RETURNING": "that somebody was signed in", "companyKey": "the name of the company one signs in to",
}

func TestThePageMakesNoMarkupOfTextAndKeepsNoData(t *testing.T) {
	seen := 0
	for _, suffix := range []string{".ts", ".tsx"} {
		for file, body := range files(t, suffix, "../../web/src") {
			if strings.Contains(file, ".test.") || strings.HasSuffix(file, "schema.gen.ts") {
				continue
			}
			seen++
			if found := markup.FindString(body); found != "" {
				t.Errorf("%s: %s", file, found)
			}
			for _, m := range stored.FindAllStringSubmatch(body, -1) {
				if mayKeep[m[1]] == "" {
					t.Errorf("%s keeps %s in the browser; say what it is, or do not", file, m[1])
				}
			}
			if n := strings.Count(body, "Storage.setItem("); n != len(stored.FindAllString(body, -1)) {
				t.Errorf("%s keeps something under a name that is made", file)
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d files of the page seen", seen)
	}
}

// importsOf are what every package of ours imports, tests left out, by its room.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	parsedIn(t, "../..", func(file string, f *ast.File) {
		if strings.Contains(file, "commonlist") { // makes a file of the source
			return
		}
		for _, imp := range f.Imports {
			room, name := roomOf(file), strings.Trim(imp.Path.Value, `"`)
			if !slices.Contains(out[room], name) {
				out[room] = append(out[room], name)
			}
		}
	})
	if len(out) < 40 {
		t.Fatalf("only %d packages seen", len(out))
	}
	return out
}

func roomOf(file string) string {
	return strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), "../../")
}

// parsedIn gives every file under a folder that is no test.
func parsedIn(t *testing.T, root string, give func(file string, f *ast.File)) {
	t.Helper()
	for _, under := range []string{"internal", "cmd"} {
		for file := range files(t, ".go", filepath.Join(root, under)) {
			if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "archtest") {
				continue
			}
			give(file, parse(t, file))
		}
	}
}

var quoted = regexp.MustCompile("`([^`]+)`")

// table is the rows of the first table under a heading of docs/security.md: of each, what its
// first two cells quote.
func table(t *testing.T, heading string) (out [][2][]string) {
	t.Helper()
	_, under, found := strings.Cut(read(t, "../../docs/security.md"), "\n## "+heading)
	under, _, _ = strings.Cut(under, "\n## ")
	for line := range strings.SplitSeq(under, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(line, "|---") {
			continue
		}
		var row [2][]string
		for i := range row {
			for _, m := range quoted.FindAllStringSubmatch(cells[i+1], -1) {
				row[i] = append(row[i], m[1])
			}
		}
		if len(row[0])+len(row[1]) > 0 {
			out = append(out, row)
		}
	}
	if !found || len(out) == 0 {
		t.Fatalf("docs/security.md has no table under %q", heading)
	}
	return out
}

// compare says what is used and not told of, and what is told of and not used any more.
func compare(t *testing.T, what string, used, told map[string][]string) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(used)) {
		there, known := told[key]
		if !known {
			t.Errorf("docs/security.md, %s: add a row `%s` (%s), with what for and what holds it", what, key, strings.Join(used[key], ", "))
			continue
		}
		for _, x := range used[key] {
			if !slices.Contains(there, x) {
				t.Errorf("docs/security.md, %s: add `%s` to the row of `%s`", what, x, key)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(told)) {
		if _, still := used[key]; !still {
			t.Errorf("docs/security.md, %s: nothing is `%s` any more; take the row away", what, key)
			continue
		}
		for _, x := range told[key] {
			if !slices.Contains(used[key], x) {
				t.Errorf("docs/security.md, %s: `%s` is not at `%s` any more", what, x, key)
			}
		}
	}
}

// formats are the calls whose first text is read as a form, not as it is.
var formats = map[string]int{"fmt.Sprintf": 0, "fmt.Printf": 0, "fmt.Errorf": 0, "fmt.Fprintf": 1, "fmt.Sscanf": 1, "fmt.Appendf": 1,
	"fault.New": 2, "fault.Input": 2, "regexp.MustCompile": 0, "regexp.Compile": 0, "regexp.MatchString": 0}

// passesOn are the rooms that hand a form on, and from where.
var passesOn = map[string]string{
	"internal/fault": "from its callers, who are looked at here", "internal/funnel/funneldb": "a part of a statement that is written beside it",
	"internal/app/apptest": "for tests", "internal/app/apptest/truth": "for tests",
}

// TestNoExpressionIsMadeFromData: expressions and forms of texts are written in the source.
func TestNoExpressionIsMadeFromData(t *testing.T) {
	seen := 0
	parsedIn(t, "../..", func(file string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			at, form := formats[pkg.Name+"."+sel.Sel.Name]
			if !form {
				return true
			}
			if seen++; !written(call.Args[at]) && passesOn[roomOf(file)] == "" {
				t.Errorf("%s: %s.%s of something made", file, pkg.Name, sel.Sel.Name)
			}
			return true
		})
	})
	if seen < 100 {
		t.Errorf("only %d calls seen", seen)
	}
}

// written tells a text of the source: as it is, put together of such, or a constant's name.
func written(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return written(e.X) && written(e.Y)
	case *ast.Ident:
		return e.Obj != nil && e.Obj.Kind == ast.Con
	}
	return false
}
