package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/database"
)

// everyCommand is each command with each of its acts, as typed.
func everyCommand() (all [][]string) {
	for name := range commands {
		switch name {
		case "user":
			all = append(all, []string{"user", "list"})
			for act := range acts {
				if act, is := strings.CutPrefix(act, "user."); is {
					all = append(all, []string{"user", act})
				}
			}
		case "company":
			for _, act := range []string{"add", "list", "export", "delete", "reopen"} {
				all = append(all, []string{"company", act})
			}
		case "report":
			all = append(all, []string{"report", "funnel"})
		default:
			all = append(all, []string{name})
		}
	}
	return all
}

// typing runs a command and gives what a person reads of it: what it says in the end, and whatever
// it wrote before.
func typing(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr := os.Stdout, os.Stderr
	file := must(os.Create(filepath.Join(t.TempDir(), "said")))
	os.Stdout, os.Stderr = file, file
	var out bytes.Buffer
	err := dispatch(t.Context(), args, &out)
	os.Stdout, os.Stderr = stdout, stderr
	said := string(must(os.ReadFile(file.Name())))
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err == nil {
		t.Errorf("%v: taken: %s", args, &out)
		return ""
	}
	if errors.Is(err, flag.ErrHelp) {
		return said
	}
	return said + out.String() + explain(err)
}

var singleDash = regexp.MustCompile(`(^| )-[a-z]`)

// sentence is what every fault of the command line is: one line that says what is wrong, in words
// of the command line.
func sentence(t *testing.T, args []string, said string, names ...string) {
	t.Helper()
	if strings.Contains(said, "\n") || len(said) > 300 || strings.HasPrefix(said, "yunchou") {
		t.Errorf("%v: no sentence: %q", args, said)
	}
	for _, name := range names {
		if !strings.Contains(said, name) {
			t.Errorf("%v: does not say %q: %q", args, name, said)
		}
	}
	if singleDash.MatchString(said) {
		t.Errorf("%v: a flag with one dash: %q", args, said)
	}
	for _, inner := range []string{"strconv", "lstat", "fs.", "<nil>"} {
		if strings.Contains(said, inner) {
			t.Errorf("%v: says %q: %q", args, inner, said)
		}
	}
}

// TestWhateverIsTypedWronglyIsToldInASentence: every command and act, with a flag that is none, a
// flag without its value, and a word too many; nothing is made by it.
func TestWhateverIsTypedWronglyIsToldInASentence(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range everyCommand() {
		of := "yunchou " + strings.Join(c, " ") + " --help`"
		with := func(more ...string) []string { return append(slices.Clone(c), more...) }
		sentence(t, c, typing(t, with("--no-such-flag")...), of, "--no-such-flag")
		alone := slices.Contains([]string{"version", "licenses", "openapi"}, c[0])
		if c[0] != "health" && !alone {
			sentence(t, c, typing(t, with("--dta", "x")...), of, "did you mean --data?")
			sentence(t, c, typing(t, with("--data")...), of, "--data")
			sentence(t, c, typing(t, with("--log-level=loud")...), of, "--log-level", "debug, info")
		}
		if c[0] != "import" {
			sentence(t, c, typing(t, with("7")...), of, `"7"`)
		}
		if help := typing(t, with("--help")...); !strings.Contains(help, "Usage of yunchou "+strings.Join(c, " ")) {
			t.Errorf("%v --help: %q", c, help)
		}
	}
	for _, c := range []string{"user", "company", "report"} {
		sentence(t, []string{c}, typing(t, c), "say what to do", "`yunchou "+c+" --help`")
		sentence(t, []string{c}, typing(t, c, "nonsense"), `no act "nonsense"`, "`yunchou "+c+" --help`")
	}
	sentence(t, nil, typing(t, "restor"), "did you mean restore?")
	sentence(t, nil, typing(t, "company", "exprt"), "did you mean export?")
	if made := must(os.ReadDir(".")); len(made) > 0 {
		t.Errorf("made %v", made)
	}
}

// TestHelpIsAnAnswerAndAMistakeIsNone: what was asked for is on standard output and the program ends
// with 0; what was mistyped is on standard error, with 2, and what could not be done with 1.
func TestHelpIsAnAnswerAndAMistakeIsNone(t *testing.T) {
	bin, asked := built(t), [][]string{{}, {"help"}, {"--help"}, {"-h"}}
	for _, c := range everyCommand() {
		asked = append(asked, append(slices.Clone(c), "--help"), append([]string{"help"}, c...))
	}
	for _, c := range []string{"user", "company", "report"} {
		asked = append(asked, []string{c, "--help"}, []string{"help", c}, []string{"--help", c})
	}
	ends := func(args ...string) (out, wrong string, status int) {
		cmd := exec.Command(bin, args...)
		var o, e bytes.Buffer
		cmd.Stdout, cmd.Stderr = &o, &e
		cmd.Dir = t.TempDir()
		_ = cmd.Run()
		return o.String(), e.String(), cmd.ProcessState.ExitCode()
	}
	for _, args := range asked {
		out, wrong, code := ends(args...)
		if about := strings.Trim(strings.Join(args, " "), "-help "); code != 0 || wrong != "" || !strings.Contains(out, about) {
			t.Errorf("%v: %d %q, on standard error %q", args, code, out, wrong)
		}
	}
	for typed, x := range map[string]struct {
		code int
		says string
	}{
		"srve": {2, "did you mean serve?"}, "help srve": {2, "did you mean serve?"}, "user ad": {2, "did you mean add?"}, "help company exprt": {2, "did you mean export?"},
		"user": {2, "say what to do"}, "check --dta x": {2, "did you mean --data?"}, "version 7": {2, `"7"`}, "backup --data": {2, "--data needs a value"},
		"check --data nowhere": {1, "nowhere holds no database"},
	} {
		if out, wrong, code := ends(strings.Fields(typed)...); code != x.code || out != "" || !strings.Contains(wrong, x.says) {
			t.Errorf("%s: %d %q, on standard error %q, want %d %s", typed, code, out, wrong, x.code, x.says)
		}
	}
}

// TestWhatIsMissingIsNamed: a file, a folder or a flag that a command cannot do without, by its
// name; nothing is done or made before.
func TestWhatIsMissingIsNamed(t *testing.T) {
	w, args := lived(t, false)
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	dir := args[1]
	text, mapping := filepath.Join(t.TempDir(), "notes.txt"), filepath.Join(t.TempDir(), "m.yaml")
	for _, path := range []string{text, mapping} {
		if err := os.WriteFile(path, []byte("no database at all, only some words: a shopping list"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := listing(t, dir)
	for _, c := range []struct{ typed, says string }{
		{"restore --data new --from /nope", "--from: there is no file /nope"},
		{"restore --data new --from " + text + " --erasures /nope", "--erasures: there is no file /nope"},
		{"restore --data new --from " + text + " --identity /nope", "--identity: there is no file /nope"},
		{"restore --data new --from " + text + " --no-erasures --erasures " + text, "say one of them"},
		{"restore --data new", "say what is put back: --from FILE"},
		{"restore --from " + text, "say where the data is: --data DIR"},
		{"restore --database-url postgres://x --from " + text, "pg_restore"},
		{"backup --data " + dir, "--to FILE"},
		{"backup --data " + dir + " --to no/such/backup.db", "--to: there is no folder no/such"},
		{"backup --data " + dir + " --to " + text + "/backup.db", "--to: "},
		{"backup --data " + dir + " --to .", "--to: . is a folder"},
		{"backup --to x.db", "say where the data is"},
		{"backup --data nowhere --to x.db", "nowhere holds no database"},
		{"check --data nowhere", "nowhere holds no database"},
		{"check", "say where the data is"},
		{"import --data new", "--mapping FILE"},
		{"import --data new --mapping " + mapping, "say what is imported: one FILE or more"},
		{"import --data new --mapping /nope " + text, "--mapping: there is no file /nope"},
		{"import --data new --mapping " + mapping + " /nope", "there is no file /nope"},
		{"import --mapping " + mapping + " " + text + " --data new", "flags come before"},
		{"import --data new --issues no/i.csv --mapping " + mapping + " " + text, "--issues: there is no folder no"},
		{"company export --data " + dir, "--to FILE"},
		{"company export --data " + dir + " --to no/x.zip", "--to: there is no folder no"},
		{"company delete --data " + dir + " --company 测试 --export no/x.zip --yes 测试", "--export: there is no folder no"},
		{"company delete --data " + dir, "--company NAME"},
		{"company add --data new", "--name NAME"},
		{"user disable --data " + dir, "--login NAME"},
		{"user list --data nowhere", "nowhere holds no database"},
		{"report funnel --data nowhere", "nowhere holds no database"},
		{"serve --data new --backup-every soon", "--backup-every"},
		{"serve --data new --listen 8420x", "--listen"},
		{"health --tls-cert /nope", "--tls-cert"},
	} {
		sentence(t, []string{c.typed}, typing(t, strings.Fields(c.typed)...), c.says)
	}
	if made := must(os.ReadDir(".")); len(made) > 0 {
		t.Errorf("made %v", made)
	}
	if after := listing(t, dir); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	// What is no database is told by the name that was typed.
	said := typing(t, "restore", "--data", dir, "--from", text, "--no-erasures")
	if !strings.HasPrefix(said, text) || strings.Contains(said, dir) || strings.Contains(said, "restoring") {
		t.Errorf("%q", said)
	}
	if whole := must(database.OpenSQLite(dir)); errors.Join(whole.Whole(t.Context()), whole.Close()) != nil {
		t.Error("the database is no longer whole")
	}
}

// listing is the names in a directory; locks and shared memory of readers aside.
func listing(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, e := range must(os.ReadDir(dir)) {
		if !strings.HasSuffix(e.Name(), "-shm") && !strings.HasSuffix(e.Name(), "-wal") && e.Name() != database.LockName {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestTheUsageOfEveryActIsTheActsThereAre: what `yunchou user` lists is what it does.
func TestTheUsageOfEveryActIsTheActsThereAre(t *testing.T) {
	for _, c := range everyCommand() {
		if len(c) == 2 {
			usage := map[string]string{"user": userUsage, "company": companyUsage, "report": reportUsage}[c[0]]
			if !strings.Contains(usage, "\n  "+c[1]+" ") {
				t.Errorf("%v is not in its usage", c)
			}
			if err := asking(usage, []string{"--help"}, io.Discard); err != nil {
				t.Error(err)
			}
		}
	}
}
