package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// component is one thing the program ships that others made.
type component struct {
	Kind     string // "go", "npm" or "data"
	Name     string
	Versions []version
	Declared string // the licence its package names, "" for Go modules, which name none
	Author   string
	Files    []file // its licences and notices
	Note     string // of data: what it is and where it comes from
}

// version is one of a component that is shipped: of npm packages there may be several.
type version struct{ Number, Hash string } // Hash is "sha256:HEX", "sha512:HEX" or ""

type file struct{ Name, Text string }

// inventory is everything of others that is in the program, by kind and name.
func inventory(root string) ([]component, error) {
	modules, err := goModules(root)
	if err != nil {
		return nil, err
	}
	packages, err := npmPackages(filepath.Join(root, "web"))
	if err != nil {
		return nil, err
	}
	data, err := shippedData(root)
	return append(append(modules, packages...), data...), err
}

// legal is how files with licences and notices are called.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-._].*)?$`)

// legalFiles reads those of a directory.
func legalFiles(dir string) (out []file, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if !e.Type().IsRegular() || !legal.MatchString(e.Name()) || ext == ".go" || ext == ".js" || ext == ".json" {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, file{e.Name(), strings.TrimSpace(strings.ReplaceAll(string(raw), "\r\n", "\n"))})
	}
	return out, nil
}

// systems are what the program is built for: each may link modules of its own.
var systems = []string{"linux", "windows", "darwin"}

type listed struct {
	Dir    string
	Module *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version, Dir string }
	}
}

// goModules are the modules whose packages are linked into the program, and Go itself. A module's
// licences are those of its root and of the folders on the way to the packages that are linked.
func goModules(root string) ([]component, error) {
	sums, err := goSums(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	found, dirs := map[string]component{}, map[string]map[string]bool{}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-deps", "-json=Dir,Module", "./cmd/yunchou")
		cmd.Dir, cmd.Env = root, append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
			var p listed
			if err := dec.Decode(&p); err != nil {
				return nil, err
			}
			if p.Module == nil || p.Module.Main {
				continue
			}
			number, home := p.Module.Version, p.Module.Dir
			if p.Module.Replace != nil {
				number, home = p.Module.Replace.Version, p.Module.Replace.Dir
			}
			name := p.Module.Path
			found[name] = component{Kind: "go", Name: name, Versions: []version{{number, sums[name+" "+number]}}}
			if dirs[name] == nil {
				dirs[name] = map[string]bool{}
			}
			for dir := p.Dir; strings.HasPrefix(dir, home); dir = filepath.Dir(dir) {
				dirs[name][dir] = true
			}
		}
	}
	out := []component{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		c := found[name]
		for _, dir := range slices.Sorted(maps.Keys(dirs[name])) {
			files, err := legalFiles(dir)
			if err != nil {
				return nil, err
			}
			c.Files = append(c.Files, files...)
		}
		out = append(out, c)
	}
	return withGo(out)
}

// withGo adds the standard library, which is linked like any module.
func withGo(out []component) ([]component, error) {
	raw, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return nil, err
	}
	home, number, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	files, err := legalFiles(home)
	if len(files) == 0 && err == nil { // a distribution that moves them
		files, err = legalFiles("/usr/share/doc/golang-go")
	}
	std := component{Kind: "go", Name: "std", Versions: []version{{strings.TrimPrefix(number, "go"), ""}}, Files: files,
		Note: "the Go standard library and run time, https://go.dev"}
	return append([]component{std}, out...), err
}

// goSums are the sums go.sum has of whole modules, in hexadecimal.
func goSums(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), " ")
		number, sum, _ := strings.Cut(rest, " h1:")
		raw, err := base64.StdEncoding.DecodeString(sum)
		if err != nil {
			return nil, fmt.Errorf("go.sum: %q: %w", lines.Text(), err)
		}
		out[name+" "+number] = "sha256:" + hex.EncodeToString(raw)
	}
	return out, lines.Err()
}

// locked is one package of package-lock.json.
type locked struct {
	Version, Integrity, License string
	Dev                         bool
}

// readLock reads what may be in the web build: every package that is no tool, by its folder.
func readLock(web string) (map[string]locked, error) {
	raw, err := os.ReadFile(filepath.Join(web, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct{ Packages map[string]locked }
	if err := json.Unmarshal(raw, &lock); err != nil {
		return nil, err
	}
	for path, p := range lock.Packages {
		if path == "" || p.Dev {
			delete(lock.Packages, path)
		}
	}
	if len(lock.Packages) == 0 {
		return nil, errors.New("package-lock.json names no package")
	}
	return lock.Packages, nil
}

// npmName is the package of a folder: node_modules/a/node_modules/@b/c is @b/c.
func npmName(path string) string {
	return path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
}

// npmPackages are the packages the web build may hold.
func npmPackages(web string) ([]component, error) {
	lock, err := readLock(web)
	if err != nil {
		return nil, err
	}
	found := map[string]component{}
	for _, path := range slices.Sorted(maps.Keys(lock)) {
		p, name := lock[path], npmName(path)
		files, err := legalFiles(filepath.Join(web, path))
		if err != nil {
			return nil, fmt.Errorf("%w: run `make web-deps`", err)
		}
		kind, sum, _ := strings.Cut(p.Integrity, "-")
		hash, err := base64.StdEncoding.DecodeString(sum)
		if err != nil {
			return nil, fmt.Errorf("package-lock.json: %s: %w", path, err)
		}
		author, err := author(filepath.Join(web, path, "package.json"))
		if err != nil {
			return nil, err
		}
		c := found[name]
		c.Kind, c.Name, c.Declared, c.Author = "npm", name, p.License, author
		c.Versions = append(c.Versions, version{p.Version, kind + ":" + hex.EncodeToString(hash)})
		for _, f := range files {
			if !slices.Contains(c.Files, f) {
				c.Files = append(c.Files, f)
			}
		}
		found[name] = c
	}
	out := []component{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[name])
	}
	return out, nil
}

// author is whom a package names as its own: a text, or an object with a name.
func author(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var p struct{ Author any }
	if err := json.Unmarshal(raw, &p); err != nil {
		return "", err
	}
	switch a := p.Author.(type) {
	case string:
		return a, nil
	case map[string]any:
		name, _ := a["name"].(string)
		return name, nil
	}
	return "its authors", nil
}
