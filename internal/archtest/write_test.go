package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// reads are the functions that hand a literal a transaction to read in: it is run once, by
// its caller, and may set what it likes; those of Abreast are run until they are answered, and set it again.
var reads = map[string]bool{"Read": true, "Glance": true, "ask": true, "Abreast": true}

// TestAWriteSetsNothingOutside: a write's function may run twice, or on after its caller has
// gone. So no literal that takes a transaction assigns to a variable declared outside it or
// hands out its address, and nothing it reads is what its own answer is assigned to.
func TestAWriteSetsNothingOutside(t *testing.T) {
	literals := 0
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if filepath.Base(filepath.Dir(path)) == "database" { // it hands the answer over itself
				return nil
			}
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			n, found := outside(f)
			literals += n
			for _, id := range found {
				t.Errorf("%s: a write sets %s, which is its caller's; return it (database.Write)", files.Position(id.Pos()), id.Name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if literals < 20 {
		t.Errorf("only %d writes seen", literals)
	}
}

// TestTheTestOfWritesFindsThem plants each kind of fault.
func TestTheTestOfWritesFindsThem(t *testing.T) {
	for body, want := range map[string]string{
		`db.Write(ctx, func(tx database.Tx) error { n++; return nil })`:                                               "n",
		`db.Write(ctx, func(tx database.Tx) error { out.Name = "x"; return nil })`:                                    "out",
		`db.Write(ctx, func(tx database.Tx) error { m[1], *p = 2, 3; return nil })`:                                   "m p",
		`db.Write(ctx, func(tx database.Tx) (err error) { n, err = f(tx); return err })`:                              "n",
		`db.Write(ctx, func(tx database.Tx) error { return row.Scan(&out.Name) })`:                                    "out",
		`db.Write(ctx, func(tx database.Tx) error { for n = range 3 { }; return nil })`:                               "n",
		`db.Write(ctx, func(tx database.Tx) error { return each(func() { n = 1 }) })`:                                 "n",
		`out, err = database.Write(ctx, db, func(tx database.Tx) (T, error) { return f(tx, out) })`:                   "out",
		`return s.onOpen(ctx, id, func(tx database.Tx, o *O) error { o.Name = "x"; n = 1; return nil })`:              "n",
		`return change(ctx, s, func(e *edit) (err error) { n, err = day(n); return err })`:                            "n",
		`x, err := database.Write(ctx, db, func(tx database.Tx) (T, error) { out := out; out.N++; return out, nil })`: "",
		`db.Read(ctx, func(tx database.Tx) error { n = 1; return nil })`:                                              "",
	} {
		src := "package x\nfunc f(ctx C, db *D, out T, m map[int]int, p *int, n int) (err error) {\n" + body + "\n}"
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, found := outside(f)
		var names []string
		for _, id := range found {
			names = append(names, id.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: found %q, want %q", body, got, want)
		}
	}
}

// outside returns how many literals of a file write in a transaction, and what they set
// that is declared outside them.
func outside(f *ast.File) (literals int, found []*ast.Ident) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, arg := range n.Args {
				if lit, ok := arg.(*ast.FuncLit); ok && takesTx(lit) && !reads[called(n)] {
					literals++
					found = append(found, sets(lit)...)
				}
			}
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				if id := root(to); id != nil && id.Obj != nil && id.Obj.Pos() < n.Pos() && readIn(n.Rhs, id.Obj) {
					found = append(found, id)
				}
			}
		}
		return true
	})
	return literals, found
}

// takesTx tells a literal that is given a transaction, or what holds one: an edit of the
// organisation.
func takesTx(lit *ast.FuncLit) bool {
	for _, p := range lit.Type.Params.List {
		if star, ok := p.Type.(*ast.StarExpr); ok {
			if id, ok := star.X.(*ast.Ident); ok && id.Name == "edit" {
				return true
			}
		}
		if sel, ok := p.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Tx" {
			return true
		}
	}
	return false
}

func called(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.SelectorExpr:
		return fn.Sel.Name
	case *ast.Ident:
		return fn.Name
	}
	return ""
}

// sets lists what a literal assigns to, counts up, or gives away the address of, that is
// declared outside it.
func sets(lit *ast.FuncLit) (found []*ast.Ident) {
	set := func(e ast.Expr) {
		id := root(e)
		if id == nil || id.Name == "_" {
			return
		}
		if id.Obj == nil || id.Obj.Pos() < lit.Pos() || id.Obj.Pos() > lit.End() {
			found = append(found, id)
		}
	}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				set(to)
			}
		case *ast.IncDecStmt:
			set(n.X)
		case *ast.RangeStmt:
			for _, to := range []ast.Expr{n.Key, n.Value} {
				if to != nil {
					set(to)
				}
			}
		case *ast.UnaryExpr:
			if _, made := n.X.(*ast.CompositeLit); n.Op == token.AND && !made {
				set(n.X)
			}
		}
		return true
	})
	return found
}

// root is the variable an expression is a part of.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// readIn tells whether a variable is read in a literal that writes.
func readIn(list []ast.Expr, v *ast.Object) (read bool) {
	for _, e := range list {
		call, ok := e.(*ast.CallExpr)
		if !ok || reads[called(call)] {
			continue
		}
		for _, arg := range call.Args {
			lit, ok := arg.(*ast.FuncLit)
			if !ok || !takesTx(lit) {
				continue
			}
			ast.Inspect(lit.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Obj == v {
					read = true
				}
				return true
			})
		}
	}
	return read
}
