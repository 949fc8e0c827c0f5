package main

import (
	"fmt"
	"strings"
)

// heads are the sections of the notices.
var heads = []struct{ kind, title string }{
	{"go", "Go modules linked into the program"},
	{"npm", "Packages in the web interface"},
	{"data", "Data"},
}

const preface = `Yunchou is licensed under the Apache License 2.0. It contains work of others, named here with their
licences and notices. Made by "make notices"; versions are in the bill of materials ("make sbom").
`

const rule = "================================================================================"

// mit is the licence's own text, for a package that names it and forgot the file.
const mit = `MIT License (named in the package, which has no file of it)

Copyright (c) %s

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

// notices is the text that is shipped: each text once, under the names of all it is of.
func notices(all []component) (string, error) {
	var out strings.Builder
	out.WriteString(preface)
	for _, h := range heads {
		var order []string
		of := map[string][]string{}
		for _, c := range all {
			if c.Kind != h.kind {
				continue
			}
			text, err := c.text()
			if err != nil {
				return "", err
			}
			if of[text] == nil {
				order = append(order, text)
			}
			of[text] = append(of[text], c.title())
		}
		fmt.Fprintf(&out, "\n%s\n%s\n", rule, h.title)
		if h.kind == "data" {
			fmt.Fprintf(&out, "\n%s\n", ours)
		}
		for _, text := range order {
			fmt.Fprintf(&out, "%s\n\n* %s\n\n%s\n\n", rule, strings.Join(of[text], "\n* "), text)
		}
	}
	return out.String(), nil
}

func (c component) title() string {
	ids, _ := c.licenses()
	title := c.Name + " (" + strings.Join(ids, ", ") + ")"
	if c.Note != "" {
		title += ": " + c.Note
	}
	return title
}

// text is the licences and notices of a component, one after the other.
func (c component) text() (string, error) {
	if len(c.Files) == 0 && c.Declared == "MIT" {
		return fmt.Sprintf(mit, c.Author), nil
	}
	if len(c.Files) == 0 {
		return "", fmt.Errorf("%s is under %s and has no text of it", c.Name, c.Declared)
	}
	var texts []string
	for _, f := range c.Files {
		if notShipped[[2]string{c.Name, f.Name}] {
			continue
		}
		texts = append(texts, strings.TrimSpace(f.Text))
	}
	return strings.Join(texts, "\n\n-- \n\n"), nil
}
