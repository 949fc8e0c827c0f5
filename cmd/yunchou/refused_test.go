package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnImportThatRefusedRowsDoesNotEndWell: unless that is allowed; what it could take is there.
func TestAnImportThatRefusedRowsDoesNotEndWell(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mapping := write("m.yaml", "version: 1\nsource: crm\ncompany: {name: ACME, currency: CNY, timeZone: Asia/Shanghai, locale: zh-CN}\n"+
		"files: [{match: '*.csv', kind: account, columns: {externalId: id, name: name}}]\n")
	good, bad := write("a.csv", "id,name\n1,甲\n"), write("b.csv", "id,name\n1,甲\n2,\n")
	for _, tt := range []struct {
		more []string
		file string
		ends int
	}{{nil, good, 0}, {nil, bad, 1}, {[]string{"--allow-refused"}, bad, 0}, {[]string{"--dry-run"}, bad, 1}} {
		args := append([]string{"--data", filepath.Join(dir, "data"), "--mapping", mapping}, tt.more...)
		var out bytes.Buffer
		err := runImport(t.Context(), append(args, tt.file), &out)
		if status(err) != tt.ends || tt.ends == 1 && !strings.Contains(err.Error(), "1 rows were refused") || !strings.Contains(out.String(), "refused ") {
			t.Errorf("%v %s: %v\n%s", tt.more, tt.file, err, &out)
		}
	}
}
