package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The walk through OWASP ASVS is a table a chapter: requirement, what is asked, status, how,
// by which test.
const walk = "../../docs/asvs.md"

// statuses are what a line may say, and whether it must name a test or the document that is
// asked for.
var statuses = map[string]bool{"met": true, "partly": false, "not met": false, "n/a": false}

var (
	testName   = regexp.MustCompile("`(?:\\w+\\.)?((?:Test|Fuzz)[A-Z]\\w*)`")
	screenTest = regexp.MustCompile("`(\\w[\\w-]*\\.(?:spec|test)\\.tsx?)`(?: “([^”]+)”)?")
	codeName   = regexp.MustCompile("`([a-z][a-z0-9]*)\\.([A-Za-z]\\w*)`")
	linked     = regexp.MustCompile(`\]\(([\w./-]+)(?:#([\w-]+))?\)`)
	totals     = regexp.MustCompile(`(\d+) met, (\d+) partly, (\d+) not met, (\d+) n/a`)
)

// TestTheWalkThroughASVSIsWhole: every requirement of levels 1 and 2 has its line, once, in
// order, at its level; and what a line names (a test, a function, a document) is there.
func TestTheWalkThroughASVSIsWhole(t *testing.T) {
	text := read(t, walk)
	lines, counted := rows(t, text), map[string]int{}
	wanted := strings.Split(strings.TrimSpace(read(t, "testdata/asvs-5.0.0.txt")), "\n")
	for i, want := range wanted {
		if i >= len(lines) {
			t.Fatalf("%s has no line", want)
		}
		if got := lines[i][0] + " " + lines[i][1]; got != want {
			t.Fatalf("line %d is of %s, want %s", i+1, got, want)
		}
	}
	if len(lines) != len(wanted) {
		t.Errorf("%d lines for %d requirements", len(lines), len(wanted))
	}
	for _, c := range lines {
		id, asked, status, how, by := c[0], c[2], c[3], c[4], c[5]
		proven, known := statuses[status]
		counted[status]++
		switch named := linked.MatchString(how+by) || testName.MatchString(by) || screenTest.MatchString(by); {
		case !known:
			t.Errorf("%s: %q is no status", id, status)
		case asked == "":
			t.Errorf("%s does not say what is asked", id)
		case len(how) < 20:
			t.Errorf("%s is %s, and does not say how or why", id, status)
		case proven && !named:
			t.Errorf("%s is met by no test and no document", id)
		}
	}
	for _, m := range totals.FindAllStringSubmatch(text, -1) {
		want := fmt.Sprintf("%d met, %d partly, %d not met, %d n/a", counted["met"], counted["partly"], counted["not met"], counted["n/a"])
		if m[0] != want {
			t.Errorf("it says %s; the lines say %s", m[0], want)
		}
	}
	if !totals.MatchString(text) {
		t.Error("it does not say how many lines are met")
	}
}

// TestWhatDocumentsNameIsThere: tests, other documents, and, of what is said about security,
// functions.
func TestWhatDocumentsNameIsThere(t *testing.T) {
	tests, declared := testNames(t), declarations(t)
	docs, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(docs) < 15 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	for _, doc := range docs {
		text, name := read(t, doc), filepath.Base(doc)
		seen := 0
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			if seen++; !tests[m[1]] {
				t.Errorf("%s names %s, which is no test", name, m[1])
			}
		}
		for _, m := range screenTest.FindAllStringSubmatch(text, -1) {
			if body, ok := screens(t)[m[1]]; !ok || m[2] != "" && !strings.Contains(body, m[2]) {
				t.Errorf("%s names %s %q, which is no test of a screen", name, m[1], m[2])
			}
		}
		for _, m := range codeName.FindAllStringSubmatch(text, -1) {
			about := name == "asvs.md" || name == "security.md"
			if names, ok := declared[m[1]]; about && ok && !names[m[2]] {
				t.Errorf("%s names %s.%s, which is not declared", name, m[1], m[2])
			}
		}
		for _, m := range linked.FindAllStringSubmatch(text, -1) {
			at := filepath.Join("../../docs", m[1])
			if info, err := os.Stat(at); err == nil && info.IsDir() {
				continue
			}
			raw, err := os.ReadFile(at)
			if err != nil || m[2] != "" && !headings(string(raw))[m[2]] {
				t.Errorf("%s links to %s#%s, which is not there", name, m[1], m[2])
			}
		}
		if name == "asvs.md" && seen < 100 {
			t.Errorf("only %d tests are named", seen)
		}
	}
}

// headings are the anchors of a document.
func headings(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.SplitSeq(text, "\n") {
		if _, name, found := strings.Cut(line, "# "); found && strings.HasPrefix(line, "#") {
			name = regexp.MustCompile(`[^\p{L}\p{N} -]`).ReplaceAllString(strings.ToLower(name), "")
			out[strings.ReplaceAll(name, " ", "-")] = true
		}
	}
	return out
}

func read(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// rows are the lines of the tables that begin with a requirement: its number, level, what is
// asked, status, how, by which test.
func rows(t *testing.T, text string) (out [][]string) {
	t.Helper()
	number := regexp.MustCompile(`^\| \d+\.\d+\.\d+ \|`)
	for line := range strings.SplitSeq(text, "\n") {
		if !number.MatchString(line) {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 6 {
			t.Fatalf("%d cells: %s", len(cells), line)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		out = append(out, cells)
	}
	return out
}

// testNames are the tests and fuzz targets of the whole tree.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	for _, body := range files(t, "_test.go", "..", "../../cmd", "../../scripts") {
		for _, m := range declared.FindAllStringSubmatch(body, -1) {
			out[m[1]] = true
		}
	}
	if len(out) < 300 {
		t.Fatalf("only %d tests seen", len(out))
	}
	return out
}

// screens are the tests of the interface, by the name of their file.
func screens(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, suffix := range []string{".spec.ts", ".test.ts", ".test.tsx"} {
		for file, body := range files(t, suffix, "../../web/e2e", "../../web/src") {
			out[filepath.Base(file)] = body
		}
	}
	return out
}

// files are the texts of what ends so under some folders.
func files(t *testing.T, suffix string, roots ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
				return err
			}
			out[path] = read(t, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// declarations are the names each package declares: types, functions, methods, values, fields.
func declarations(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	parsedIn(t, "../..", func(file string, f *ast.File) {
		pkg := path.Base(filepath.ToSlash(filepath.Dir(file)))
		if out[pkg] == nil {
			out[pkg] = map[string]bool{}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				out[pkg][n.Name.Name] = true
			case *ast.TypeSpec:
				out[pkg][n.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range n.Names {
					out[pkg][name.Name] = true
				}
			}
			return true
		})
	})
	return out
}
