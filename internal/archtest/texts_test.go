package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"yunchou/web"
)

var faultCode = regexp.MustCompile(`^[a-z]+(\.[a-z_]+)+$`)

// TestEveryFaultHasItsWords: what the server refuses, people read in both languages, and the
// words name no parameter but those the fault carries. The English detail is for logs.
func TestEveryFaultHasItsWords(t *testing.T) {
	codes := map[string]string{}
	carried := map[string]bool{}
	parsed(t, func(files *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if sel.Sel.Name == "With" && len(call.Args) == 2 {
				if key, ok := literal(call.Args[0]); ok {
					carried[key] = true
				}
			}
			if sel.Sel.Name == "Issue" && len(call.Args) == 4 { // of a cell that is imported
				if code, ok := literal(call.Args[2]); ok {
					codes[code] = files.Position(call.Pos()).String()
				}
			}
			if x, ok := sel.X.(*ast.Ident); !ok || x.Name != "fault" {
				return true
			}
			for _, arg := range call.Args {
				if code, ok := literal(arg); ok && faultCode.MatchString(code) {
					codes[code] = files.Position(call.Pos()).String()
				}
			}
			return true
		})
	})
	if len(codes) < 150 {
		t.Fatalf("only %d codes seen", len(codes))
	}
	for _, locale := range []string{"zh-CN", "en-US"} {
		words := problems(t, locale)
		for code, at := range codes {
			text, ok := words[code]
			if !ok {
				t.Errorf("%s: %s has no words for %s", at, locale, code)
			}
			for _, m := range regexp.MustCompile(`{{(\w+)}}`).FindAllStringSubmatch(text, -1) {
				key := m[1]
				if bp, percent := strings.CutSuffix(key, "Percent"); percent {
					key = bp + "Bp"
				}
				if key == "wait" { // the page says seconds in words
					key = "seconds"
				}
				if key == "maxSize" { // and a size in the unit that makes it short
					key = "maxMiB"
				}
				if !carried[key] && key != "detail" { // every issue of an import has one
					t.Errorf("%s: %s says {{%s}}, which no fault carries", locale, code, m[1])
				}
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// problems are a language's words by the code they are for.
func problems(t *testing.T, locale string) map[string]string {
	t.Helper()
	out := map[string]string{}
	flatten(out, "", texts(t, locale)["problem"].(map[string]any))
	return out
}

func flatten(out map[string]string, prefix string, in map[string]any) {
	for key, v := range in {
		switch v := v.(type) {
		case string:
			// Where it counts something, one and several have words of their own.
			out[prefix+strings.TrimSuffix(strings.TrimSuffix(key, "_one"), "_other")] = v
		case map[string]any:
			flatten(out, prefix+key+".", v)
		}
	}
}

// TestEveryNoteHasItsWords: what an import read between the lines is told in both languages.
func TestEveryNoteHasItsWords(t *testing.T) {
	codes := map[string]string{}
	parsed(t, func(files *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, _ := call.Fun.(*ast.SelectorExpr)
			if sel != nil && sel.Sel.Name == "Note" && len(call.Args) == 4 {
				if code, ok := literal(call.Args[1]); ok {
					codes[code] = files.Position(call.Pos()).String()
				}
			}
			if lit, ok := call.Args[0].(*ast.CompositeLit); ok && sel != nil && sel.Sel.Name == "Tell" {
				for _, el := range lit.Elts {
					kv, _ := el.(*ast.KeyValueExpr)
					if kv == nil || kv.Key.(*ast.Ident).Name != "Code" {
						continue
					}
					if code, ok := literal(kv.Value); ok {
						codes[code] = files.Position(call.Pos()).String()
					}
				}
			}
			return true
		})
	})
	if len(codes) < 15 {
		t.Fatalf("only %d codes seen", len(codes))
	}
	for _, locale := range []string{"zh-CN", "en-US"} {
		words := map[string]string{}
		flatten(words, "", texts(t, locale)["note"].(map[string]any))
		for code, at := range codes {
			if words[code] == "" {
				t.Errorf("%s: %s has no words for the note %s", at, locale, code)
			}
		}
	}
}

// texts are all of a language's.
func texts(t *testing.T, locale string) map[string]any {
	t.Helper()
	all, err := web.Texts(locale)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
