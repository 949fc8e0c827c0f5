package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
)

// sharedFlags are the flags whose variables every command reads; those of `serve` alone read the
// rest, so that no variable says what is restored or erased.
var sharedFlags = []string{"data", "database-url", "database-password-file", "log-level", "log-format", "listen", "tls-cert", "acme-domain"}

// groups are the flags of `serve` as its help lists them.
var groups = []struct {
	title string
	flags []string
}{
	{"Data", []string{"data", "database-url", "database-password-file", "key-file", "backup-done"}},
	{"How much is kept, and how long", []string{"attachments-gib", "attachments-member-gib", "upload-days", "kept-days"}},
	{"Where it is reached", []string{"listen", "public-url", "trusted-proxies", "secure-cookies"}},
	{"What leaves the house", []string{"outgoing-any-host"}},
	{"Metrics", []string{"metrics-listen", "metrics-token-file"}},
	{"TLS with an own certificate", []string{"tls-cert", "tls-key", "http-listen"}},
	{"TLS with a certificate issued by ACME", []string{"acme-domain", "acme-email", "acme-directory"}},
	{"Scheduled backups (SQLite)", []string{"backup-every", "backup-keep", "backup-dir", "backup-recipient",
		"backup-s3", "backup-s3-credentials", "backup-s3-keep"}},
	{"Log, on standard error", []string{"log-level", "log-format"}},
}

// variable is the environment variable of a flag: --public-url is YUNCHOU_PUBLIC_URL.
func variable(name string) string {
	return "YUNCHOU_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// read tells whether a command reads the variable of a flag.
func reads(fs *flag.FlagSet, name string) bool {
	return fs.Name() == "yunchou serve" || slices.Contains(sharedFlags, name)
}

// parse reads the environment and then the arguments, which count more. Faults say which of the
// two it was.
func parse(fs *flag.FlagSet, args []string) (err error) {
	fs.SetOutput(io.Discard) // faults are worded by mistyped
	fs.Usage = func() {}
	fs.VisitAll(func(f *flag.Flag) {
		value := os.Getenv(variable(f.Name))
		if value == "" || err != nil || !reads(fs, f.Name) {
			return
		}
		if e := fs.Set(f.Name, value); e != nil {
			err = fmt.Errorf("%s=%q in the environment: %w", variable(f.Name), value, e)
		}
	})
	if err != nil {
		return err
	}
	err = fs.Parse(args)
	fs.SetOutput(os.Stdout) // who asks reads it, or pipes it on
	if errors.Is(err, flag.ErrHelp) {
		help(fs)
	}
	if err != nil {
		return mistyped(fs, err)
	}
	return nil
}

// flagsAlone is parse for a command that takes flags alone. A word without its flag is a mistake,
// and a flag after it would not be read.
func flagsAlone(fs *flag.FlagSet, args []string) error {
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return typo(fmt.Errorf("%s takes no %q: it stands without a flag; `%s --help` lists them", commandOf(fs), brief(fs.Arg(0)), fs.Name()))
	}
	return nil
}

// help lists flags with what stands for them in the environment.
func help(fs *flag.FlagSet) {
	out := fs.Output()
	fmt.Fprintf(out, "Usage of %s:\n", fs.Name())
	shown := map[string]bool{}
	if fs.Name() == "yunchou serve" {
		for _, g := range groups {
			fmt.Fprintf(out, "\n%s\n", g.title)
			for _, name := range g.flags {
				describe(out, fs, fs.Lookup(name))
				shown[name] = true
			}
		}
		fmt.Fprintln(out)
	}
	fs.VisitAll(func(f *flag.Flag) {
		if !shown[f.Name] {
			describe(out, fs, f)
		}
	})
	fmt.Fprintln(out, "A variable of the environment stands for its flag; the flag counts more. docs/operation.md tells more.")
}

func describe(out io.Writer, fs *flag.FlagSet, f *flag.Flag) {
	value, usage := flag.UnquoteUsage(f)
	fmt.Fprintf(out, "  --%s", f.Name)
	if value != "" {
		fmt.Fprintf(out, " %s", value)
	}
	if reads(fs, f.Name) {
		fmt.Fprintf(out, "  (%s)", variable(f.Name))
	}
	fmt.Fprintf(out, "\n        %s", usage)
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0s" {
		fmt.Fprintf(out, " [%s]", f.DefValue)
	}
	fmt.Fprintln(out)
}

// choice is a flag that takes one of some words.
type choice struct {
	value string
	of    []string
}

func (c *choice) String() string { return c.value }

func (c *choice) Set(text string) error {
	if !slices.Contains(c.of, text) {
		return fmt.Errorf("it is one of %s", strings.Join(c.of, ", "))
	}
	c.value = text
	return nil
}

// logging is what a program writes down of its work, on standard error: whoever started it
// keeps it, and throws it away again.
type logging struct{ level, format *choice }

func logFlags(fs *flag.FlagSet) logging {
	l := logging{&choice{"info", []string{"debug", "info", "warn", "error"}}, &choice{"json", []string{"text", "json"}}}
	fs.Var(l.level, "log-level", "least `LEVEL` that is logged: debug, info, warn or error")
	fs.Var(l.format, "log-format", "`FORMAT` of a line: json or text")
	return l
}

// logger writes what the flags say.
func (l logging) logger() *slog.Logger {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "warn": slog.LevelWarn, "error": slog.LevelError} // info is 0
	o := &slog.HandlerOptions{Level: levels[l.level.value]}
	if l.format.value == "text" {
		return slog.New(slog.NewTextHandler(os.Stderr, o))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, o))
}
