package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the licences a program under Apache-2.0 may carry in one binary, with their
// notices: permissive ones, and the MPL, whose files stay under it unchanged.
var allowed = []string{
	"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0",
	"Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "Zlib", "blessing",
}

// grants are files that add rights and are no licence of their own.
var grants = map[string]bool{"GooglePatentClause": true, "GooglePatentsFile": true}

// known says what a text is that no list of licences has, by component and file, and why.
var known = map[[2]string]string{
	{"modernc.org/sqlite", "LICENSE-SQLITE"}: "blessing", // public domain
}

// notShipped are files about what is in a module and not in the program.
var notShipped = map[[2]string]bool{
	{"modernc.org/memory", "LICENSE-LOGO"}: true, // a picture of its documentation
}

// licenses are the licences of a component: those its files are recognised as and what its package
// names. unknown are the files that say nothing recognised.
func (c component) licenses() (ids, unknown []string) {
	if c.Declared != "" {
		ids = append(ids, c.Declared)
	}
	for _, f := range c.Files {
		at := [2]string{c.Name, f.Name}
		if notShipped[at] {
			continue
		}
		if id := known[at]; id != "" {
			ids = append(ids, id)
			continue
		}
		var here []string
		for _, m := range licensecheck.Scan([]byte(f.Text)).Match {
			if !m.IsURL && !grants[m.ID] {
				here = append(here, m.ID)
			}
		}
		lower := strings.ToLower(f.Name)
		if len(here) == 0 && !strings.HasPrefix(lower, "notice") && !strings.HasPrefix(lower, "patents") {
			unknown = append(unknown, f.Name)
		}
		ids = append(ids, here...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), unknown
}

// permits tells whether an SPDX expression can be kept: of alternatives one is enough, of what
// holds together each.
func permits(expression string) bool {
	expression = strings.NewReplacer("(", "", ")", "").Replace(expression)
	for _, choice := range strings.Split(expression, " OR ") {
		all := true
		for _, id := range strings.Split(choice, " AND ") {
			all = all && slices.Contains(allowed, strings.TrimSpace(id))
		}
		if all {
			return true
		}
	}
	return false
}

// check refuses what may not be shipped: without a licence, with one nobody recognises, or one
// that is not allowed.
func check(all []component) (err error) {
	for _, c := range all {
		ids, unknown := c.licenses()
		if len(ids) == 0 {
			err = errors.Join(err, fmt.Errorf("%s has no licence that is recognised", c.Name))
		}
		if len(unknown) > 0 {
			err = errors.Join(err, fmt.Errorf("%s: nobody knows what its %s is: read it, and name it in license.go", c.Name, strings.Join(unknown, ", ")))
		}
		for _, id := range ids {
			if !permits(id) {
				err = errors.Join(err, fmt.Errorf("%s is under %s, which is not allowed", c.Name, id))
			}
		}
	}
	return err
}
