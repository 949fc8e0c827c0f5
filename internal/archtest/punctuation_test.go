package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A half-width comma, semicolon, question or exclamation mark between two Chinese characters.
var halfWidth = regexp.MustCompile(`\p{Han}[,;!?]\p{Han}`)

// What the program itself says in Chinese has Chinese punctuation; what it reads is as people write it.
func TestChineseWordsOfTheProgramHaveFullWidthPunctuation(t *testing.T) {
	seen := 0
	parsedIn(t, "../..", func(file string, f *ast.File) {
		if strings.Contains(file, "/apptest/") || strings.Contains(file, "/importtest/") {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || strings.HasPrefix(lit.Value, "`") {
				return true
			}
			said, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			if halfWidth.MatchString(said) {
				t.Errorf("%s says %q", file, said)
			}
			return true
		})
	})
	if seen < 10_000 || !halfWidth.MatchString("日期,如") {
		t.Errorf("%d texts looked at", seen)
	}
}
