package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"yunchou/internal/database"
)

// operator runs commands on one database, beside whoever has it.
type operator struct {
	t    *testing.T
	args []string
}

func (o operator) try(words ...string) (string, error) {
	var out bytes.Buffer
	err := dispatch(o.t.Context(), append(words, o.args...), &out)
	return out.String(), err
}

func (o operator) must(words ...string) string {
	o.t.Helper()
	out, err := o.try(words...)
	if err != nil {
		o.t.Fatalf("%v: %s\n%s", words, explain(err), out)
	}
	return out
}

// refused runs a command that is refused with words.
func (o operator) refused(words string, command ...string) {
	o.t.Helper()
	out, err := o.try(command...)
	if err == nil || !strings.Contains(explain(err), words) {
		o.t.Errorf("%q: %v, want %q\n%s", command, err, words, out)
	}
}

// secret is the password a command printed.
func secret(out string) string {
	if found := regexp.MustCompile(`password (\S+)`).FindStringSubmatch(out); found != nil {
		return found[1]
	}
	return ""
}

// tries signs in to a running server from a browser of its own, and tells the status and the company.
func (v victim) tries(t *testing.T, login, secret, company string) (int, string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := *v.client
	client.Jar = jar
	v.client = &client
	var me struct {
		CSRF    string `json:"csrfToken"`
		Company string `json:"company"`
	}
	if code, err := v.call("GET", "/api/session/start", "", &me); err != nil || code != 200 {
		t.Fatalf("start: %d %v", code, err)
	}
	v.csrf = me.CSRF
	code, err := v.call("POST", "/api/session", fmt.Sprintf(`{"login":%q,"password":%q,"company":%q}`, login, secret, company), &me)
	if err != nil {
		t.Fatal(err)
	}
	return code, me.Company
}

// TestTheConsoleWorksBesideAServer: companies and sign-ins are made, listed and taken away while
// the server runs, and after it the same way; the journal says that it was the console.
func TestTheConsoleWorksBesideAServer(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		o := operator{t, args}
		v := start(t, bin, args)
		ended := false
		end := func() {
			if !ended {
				ended = true
				_ = v.cmd.Process.Signal(os.Interrupt)
				_ = v.cmd.Wait()
			}
		}
		defer end()
		first := secret(o.must("company", "add", "--name", "华信有限公司", "--login", "admin"))
		second := secret(o.must("company", "add", "--name", "第二家", "--login", "Admin", "--admin", "李总"))
		o.refused("another company here has this name", "company", "add", "--name", "华信", "--login", "someone")
		for _, x := range []struct {
			secret, company, in string
			status              int
		}{{first, "", "", 401}, {first, "第二家", "", 401}, {first, "华信", "华信有限公司", 200}, {second, "第二家", "第二家", 200}} {
			if code, in := v.tries(t, "admin", x.secret, x.company); code != x.status || in != x.in {
				t.Errorf("as %q: %d %q, want %d %q", x.company, code, in, x.status, x.in)
			}
		}
		o.refused("say which with --company: 华信有限公司, 第二家", "user", "reset-password", "--login", "admin")
		o.refused("choose a company with --company", "user", "add", "--login", "wang", "--name", "王五")
		wang := secret(o.must("user", "add", "--login", "wang", "--name", "王五", "--company", "第二家"))
		if code, _ := v.tries(t, "wang", wang, ""); code != 200 {
			t.Errorf("who was added is answered %d", code)
		}
		if out := o.must("user", "end-sessions", "--login", "wang"); !strings.Contains(out, "1 sessions") {
			t.Error(out)
		}
		again := secret(o.must("user", "reset-password", "--login", "wang"))
		if code, _ := v.tries(t, "wang", wang, ""); code != 401 {
			t.Errorf("the old password is answered %d", code)
		}
		if code, _ := v.tries(t, "wang", again, ""); code != 200 {
			t.Errorf("the new password is answered %d", code)
		}
		o.refused("an administrator who can sign in on every day", "user", "disable", "--login", "admin", "--company", "第二家")
		o.must("check")
		if end(); runtime.GOOS != "windows" {
			if _, err := os.Stat(filepath.Join(args[1], socketName)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the socket is left: %v", err)
			}
		}
		o.must("user", "make-administrator", "--login", "wang")
		o.must("user", "disable", "--login", "admin", "--company", "第二家")
		o.must("user", "reset-password", "--login", "admin") // one company is left that has it
		// What is hashed is hashed slowly: what tests take instead is nowhere in the program.
		const slow = `SELECT count(*) FROM password WHERE hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'`
		if n, all := count(t, open, slow), count(t, open, `SELECT count(*) FROM password`); n != all || n == 0 {
			t.Errorf("%d of %d passwords are hashed as docs/security.md says", n, all)
		}
		db, err := open()
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		fromConsole(t, db, "company.created", "member.added", "member.password_set", "member.sessions_ended", "member.role_set",
			"member.login_withdrawn", "company.checked")
	})
}

// fromConsole holds that each of some kinds of entries, and no other, was written by the console.
func fromConsole(t *testing.T, db *database.DB, kinds ...string) {
	t.Helper()
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT DISTINCT kind, path FROM journal`)
		seen, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) {
			var kind, path string
			err = r.Scan(&kind, &path)
			return kind + " " + path, err
		})
		for _, k := range kinds {
			if !strings.Contains(strings.Join(seen, "\n"), k+" console") {
				t.Errorf("no %s of the console in %v", k, seen)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheConsoleTellsWhoHasTheDirectory: a process that is no server, a server of another
// version; the socket is its user's alone.
func TestTheConsoleTellsWhoHasTheDirectory(t *testing.T) {
	dir := t.TempDir()
	o := operator{t, []string{"--data", dir}}
	o.must("company", "add", "--name", "甲", "--login", "admin")
	held, err := database.HoldDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.try("user", "reset-password", "--login", "admin")
	if !errors.Is(err, database.ErrHeld) || !strings.Contains(err.Error(), "no console commands") {
		t.Error(err)
	}
	o.must("user", "list") // only reads
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("the socket is not on this system")
	}
	v := start(t, built(t), o.args)
	defer func() { _ = v.cmd.Process.Kill(); _ = v.cmd.Wait() }()
	o.must("user", "reset-password", "--login", "admin")
	about, err := os.Stat(filepath.Join(dir, socketName))
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", about.Mode(), err)
	}
	err = askServer(t.Context(), dir, asked{Version: "another", Act: "user.reset-password", In: json.RawMessage(`{"login":"admin"}`)}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "restart the server") {
		t.Error(err)
	}
	_ = v.cmd.Process.Kill() // leaves its socket, which nobody answers
	_ = v.cmd.Wait()
	o.must("user", "reset-password", "--login", "admin")
}

// TestRootLeavesNothingInAnothersDirectory: it may ask the server there, and makes no file of its own.
func TestRootLeavesNothingInAnothersDirectory(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a directory away")
	}
	dir := t.TempDir()
	o := operator{t, []string{"--data", dir}}
	o.must("company", "add", "--name", "甲", "--login", "admin")
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadDir(dir)
	o.refused("run this command as that user", "user", "reset-password", "--login", "admin")
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("left %v", after)
	}
	v := start(t, built(t), o.args)
	defer func() { _ = v.cmd.Process.Kill(); _ = v.cmd.Wait() }()
	o.must("user", "reset-password", "--login", "admin")
}

// TestWhatOperatorsMistype is answered in words, and changes nothing.
func TestWhatOperatorsMistype(t *testing.T) {
	o := operator{t, []string{"--data", t.TempDir()}}
	o.refused("holds no database", "company", "list")
	o.refused("holds no database", "user", "reset-password", "--login", "admin")
	o.refused("--name NAME --login NAME", "company", "add", "--name", "", "--login", "admin")
	for _, name := range []string{" ", "\x00", "\u202e", "\n\t"} {
		o.refused("company is required", "company", "add", "--name", name, "--login", "admin")
	}
	o.refused("at most 200 bytes", "company", "add", "--name", strings.Repeat("长", 500_000), "--login", "admin")
	for _, login := range []string{"a", "a b", "a\x1b[31m", strings.Repeat("x", 500_000), "../../etc"} {
		o.refused("login: ", "company", "add", "--name", "甲", "--login", login)
	}
	o.refused("zh-CN or en-US", "company", "add", "--name", "甲", "--login", "admin", "--locale", "xx")
	o.refused("currency", "company", "add", "--name", "甲", "--login", "admin", "--currency", "¥")
	o.refused("IANA", "company", "add", "--name", "甲", "--login", "admin", "--zone", "../../etc/passwd")
	o.refused("stands without a flag", "company", "add", "甲", "--login", "admin")
	o.refused("no act \"rename\"", "company", "rename")
	o.refused("no act \"\\x1b[31m\"", "user", "\x1b[31m")
	o.refused("say who", "user", "disable", "--login", "")
	o.refused("nobody signs in", "user", "disable", "--login", strings.Repeat("x", 1_000_000))
	o.must("company", "add", "--name", "甲", "--login", "admin")
	o.refused("no company is called", "user", "list", "--company", "' OR 1=1 --")
	o.refused("no such role", "user", "add", "--login", "wang", "--name", "王五", "--role", "god")
	o.refused("name is required", "user", "add", "--login", "wang", "--name", "")
	if out := o.must("company", "add", "--name", "\u202e\x1b[31m甲乙", "--login", "admin"); strings.ContainsAny(out, "\x1b\u202e") {
		t.Errorf("control characters are printed: %q", out)
	}
	for _, c := range [][]string{{"company", "--help"}, {"user", "help"}} {
		var out bytes.Buffer
		if err := dispatch(t.Context(), c, &out); err != nil || !strings.Contains(out.String(), "beside a running server") {
			t.Errorf("%v: %v %s", c, err, &out)
		}
	}
}
