package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const root = "../.."

// TestEverythingShippedHasItsNotice: whoever adds a module or a package runs `make notices`. The
// part of Go modules is made anew and compared whole, that of the web by name, because its packages
// may not be on this machine; `make drift` compares all of it.
func TestEverythingShippedHasItsNotice(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, noticesPath))
	if err != nil {
		t.Fatal(err)
	}
	shipped := string(raw)
	modules, err := goModules(root)
	if err != nil {
		t.Fatal(err)
	}
	data, err := shippedData(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(append(modules, data...)); err != nil {
		t.Error(err)
	}
	sections := strings.Split(shipped, "\n"+rule+"\n"+heads[1].title+"\n")
	made, err := notices(modules)
	if err != nil || len(sections) != 2 {
		t.Fatal(err, len(sections))
	}
	if want, _, _ := strings.Cut(made, "\n"+rule+"\n"+heads[1].title+"\n"); sections[0] != want {
		t.Error("the notices of Go modules are not those of what is linked: run `make notices`")
	}
	lock, err := readLock(filepath.Join(root, "web"))
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	web, _, _ := strings.Cut(sections[1], "\n"+rule+"\n"+heads[2].title+"\n")
	for _, m := range regexp.MustCompile(`(?m)^\* (\S+) \([A-Z0-9]`).FindAllStringSubmatch(web, -1) {
		named[m[1]] = true
	}
	shippedNames := map[string]bool{}
	for path, p := range lock {
		name := npmName(path)
		shippedNames[name] = true
		if !permits(p.License) {
			t.Errorf("%s is under %q, which is not allowed", path, p.License)
		}
		if !named[name] {
			t.Errorf("%s has no notice: run `make notices`", name)
		}
	}
	for name := range named {
		if !shippedNames[name] {
			t.Errorf("the notices name %s, which is not shipped any more: run `make notices`", name)
		}
	}
	for _, d := range data {
		if !strings.Contains(shipped, d.title()) {
			t.Errorf("%s has no notice: run `make notices`", d.Name)
		}
	}
}

// TestTheWebIsMadeOfWhatItDeclares: a tool that the pages import would be shipped without a notice.
func TestTheWebIsMadeOfWhatItDeclares(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "web/package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Dependencies map[string]string }
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	from := regexp.MustCompile(`(?:from |import\()'([@a-z][^'\s]*)'`)
	seen := 0
	err = filepath.WalkDir(filepath.Join(root, "web/src"), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && path == filepath.Join(root, "web/src/test") {
			return filepath.SkipDir // what tests stand on is not shipped
		}
		if err != nil || d.IsDir() || !strings.Contains(filepath.Ext(path), ".ts") || strings.Contains(path, ".test.") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, m := range from.FindAllStringSubmatch(string(raw), -1) {
			seen++
			parts := strings.SplitN(m[1], "/", 3)
			name := parts[0]
			if strings.HasPrefix(name, "@") && len(parts) > 1 {
				name += "/" + parts[1]
			}
			if p.Dependencies[name] == "" {
				t.Errorf("%s imports %s, which is no dependency of the web", path, name)
			}
		}
		return err
	})
	if err != nil || seen < 50 {
		t.Errorf("%d imports seen, %v", seen, err)
	}
}

// TestWhatMayNotBeShippedIsRefused: a copyleft licence by its name or by its text, a text nobody
// knows, nothing at all.
func TestWhatMayNotBeShippedIsRefused(t *testing.T) {
	gpl := "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by " +
		"the Free Software Foundation, either version 3 of the License, or (at your option) any later version."
	for name, c := range map[string]component{
		"by name": {Kind: "npm", Name: "x", Declared: "GPL-3.0-only"},
		"by text": {Kind: "go", Name: "x", Files: []file{{"LICENSE", gpl}}},
		"both":    {Kind: "npm", Name: "x", Declared: "MIT AND AGPL-3.0-only"},
		"unknown": {Kind: "go", Name: "x", Files: []file{{"LICENSE", "Do what is right."}}},
		"none":    {Kind: "go", Name: "x"},
		"no text": {Kind: "npm", Name: "x", Declared: "SEE LICENSE IN x"},
	} {
		if err := check([]component{c}); err == nil {
			t.Errorf("%s: it may be shipped", name)
		}
	}
	for _, id := range []string{"MIT", "MIT OR GPL-3.0-only", "(BSD-2-Clause OR MIT)", "MIT AND Apache-2.0"} {
		if err := check([]component{{Kind: "npm", Name: "x", Declared: id}}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// TestTheBillIsOfTheFormAndTheSameTwice: against CycloneDX's own schema, which comes with its Go
// module.
func TestTheBillIsOfTheFormAndTheSameTwice(t *testing.T) {
	modules, err := goModules(root)
	if err != nil {
		t.Fatal(err)
	}
	lock, err := readLock(filepath.Join(root, "web"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := shippedData(root)
	if err != nil {
		t.Fatal(err)
	}
	all := append(modules, data...)
	for _, path := range []string{"node_modules/antd", "node_modules/@ant-design/icons"} {
		p := lock[path]
		all = append(all, component{Kind: "npm", Name: npmName(path), Declared: p.License, Versions: []version{{p.Version, "sha512:" + strings.Repeat("ab", 64)}}})
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1767225600")
	var first, second bytes.Buffer
	if err := sbom(all, "v1.2.3", &first); err != nil {
		t.Fatal(err)
	}
	if err := sbom(all, "v1.2.3", &second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two bills of the same are not the same", err)
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "schema")
	c := jsonschema.NewCompiler()
	for _, name := range []string{"spdx.schema.json", "jsf-0.82.schemax.json", "bom-1.6.schema.json"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+strings.Replace(name, "schemax", "schema", 1), doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	bill, err := jsonschema.UnmarshalJSON(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(bill); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"purl": "pkg:golang/modernc.org/sqlite@v1.`, `"purl": "pkg:npm/%40ant-design/icons@`, `"timestamp": "2026-01-01T00:00:00Z"`, `"SHA-256"`} {
		if !strings.Contains(first.String(), want) {
			t.Errorf("the bill has no %s", want)
		}
	}
}
