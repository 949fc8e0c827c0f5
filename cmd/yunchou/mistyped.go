package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// What was typed wrongly is told in a sentence: what it is, what was probably meant, and where the
// rest is listed. All of the flags after it would push the sentence off the screen.

// unknownFlag is how the flag package says that there is no such flag.
const unknownFlag = "flag provided but not defined: -"

// oneDash are flags as the flag package writes them; here they have two dashes everywhere.
var oneDash = regexp.MustCompile(`(flag )-([a-z0-9])`)

// errTyped is in what a command line is refused for as it was typed, whatever there is to work on.
var errTyped = errors.New("mistyped")

// typo marks such a fault, which is a sentence.
func typo(err error) error { return asTyped{err} }

type asTyped struct{ error }

func (asTyped) Is(target error) bool { return target == errTyped }

// mistyped words what the flag package refused.
func mistyped(set *flag.FlagSet, err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if name, unknown := strings.CutPrefix(err.Error(), unknownFlag); unknown {
		var names []string
		set.VisitAll(func(f *flag.Flag) { names = append(names, "--"+f.Name) })
		return typo(fmt.Errorf("%s has no flag --%s%s; `%s --help` lists them", commandOf(set), brief(name), meant("--"+name, names), set.Name()))
	}
	if name, bare := strings.CutPrefix(err.Error(), "flag needs an argument: -"); bare {
		return typo(fmt.Errorf("--%s needs a value; see `%s --help`", name, set.Name()))
	}
	return typo(fmt.Errorf("%s; see `%s --help`", oneDash.ReplaceAllString(err.Error(), "$1--$2"), set.Name()))
}

// commandOf is a command without the program's name, which begins every fault already.
func commandOf(set *flag.FlagSet) string { return strings.TrimPrefix(set.Name(), "yunchou ") }

// meant proposes the word that is nearest to what was typed, where one is near enough.
func meant(typed string, words []string) string {
	sort.Strings(words)
	best, least := "", 3 // two letters wrong; in short words one
	for _, w := range words {
		d := edits(typed, w)
		if d < least && d*3 < len(strings.TrimLeft(w, "-"))+1 {
			best, least = w, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// edits is how many letters are put in, left out, replaced or exchanged with the next between two
// words.
func edits(a, b string) int {
	if len(a) > 60 {
		return len(a)
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// readable refuses a file that a flag names and that is not there, before anything is done; ""
// names none. Fault: fs.ErrNotExist.
func readable(flagName, path string) error {
	if path == "" {
		return nil
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no file %s: %w", flagName, path, fs.ErrNotExist)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", flagName, err)
	}
	return nil
}

// writable refuses a file that cannot be made where a flag names it, before anything is done: a
// folder is nowhere made by the way, because the name of one that is not there is mistyped, or the
// disk it lies on is not mounted. "" names none.
func writable(flagName, path string) error {
	if path == "" {
		return nil
	}
	if about, err := os.Stat(path); err == nil && about.IsDir() {
		return fmt.Errorf("%s: %s is a folder; name a file in it", flagName, path)
	}
	folder := filepath.Dir(path)
	about, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no folder %s; make it first", flagName, folder)
	}
	if err == nil && !about.IsDir() {
		return fmt.Errorf("%s: %s is no folder", flagName, folder)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", flagName, err)
	}
	return nil
}
