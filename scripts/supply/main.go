// Command supply says what the program is made of: the notices it ships with, and its bill of
// materials. It takes part in the build alone and is linked into nothing.
//
//	go run ./scripts/supply notices        writes internal/notices/THIRD_PARTY_NOTICES.txt
//	go run ./scripts/supply sbom VERSION   prints a bill of materials (CycloneDX JSON)
//
// Both fail where something has no licence, or one that is not allowed.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// noticesPath is where the notices lie, from the module's root.
const noticesPath = "internal/notices/THIRD_PARTY_NOTICES.txt"

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "supply:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("say what: notices, or sbom VERSION")
	}
	all, err := inventory(".")
	if err != nil {
		return err
	}
	if err := check(all); err != nil {
		return err
	}
	switch args[0] {
	case "notices":
		text, err := notices(all)
		if err != nil {
			return err
		}
		return os.WriteFile(noticesPath, []byte(text), 0o644)
	case "sbom":
		version := "dev"
		if len(args) > 1 {
			version = args[1]
		}
		return sbom(all, version, out)
	}
	return fmt.Errorf("no command %q", args[0])
}
