package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// sharedFlags are the flags whose variables every command reads; those of `serve` alone read the
// rest, so that no variable says what is restored or erased.
var sharedFlags = []string{"data", "database-url"}

// variable is the environment variable of a flag: --public-url is YUNCHOU_PUBLIC_URL.
func variable(name string) string {
	return "YUNCHOU_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// parse reads the environment and then the arguments, which count more.
func parse(fs *flag.FlagSet, args []string) (err error) {
	fs.VisitAll(func(f *flag.Flag) {
		value := os.Getenv(variable(f.Name))
		if value == "" || err != nil || fs.Name() != "yunchou serve" && !slices.Contains(sharedFlags, f.Name) {
			return
		}
		if e := fs.Set(f.Name, value); e != nil {
			err = fmt.Errorf("%s: %w", variable(f.Name), e)
		}
	})
	if err != nil {
		return err
	}
	return fs.Parse(args)
}
