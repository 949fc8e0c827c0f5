package main

import (
	"bytes"
	"os"
	"slices"
	"testing"
)

func TestTheShippedListIsTheOneThatIsMade(t *testing.T) {
	raw, err := os.ReadFile("../common.txt.gz")
	if err != nil || !bytes.Equal(raw, Packed()) {
		t.Errorf("run `go run ./internal/identity/commonlist`: %d bytes, %v", len(raw), err)
	}
	all := list()
	if len(all) < 10_000 {
		t.Errorf("only %d passwords", len(all))
	}
	for _, w := range []string{"password123", "woaini1314", "qwertyuiop", "1qaz2wsx3edc", "5201314520", "zhangwei123456", "admin2026!"} {
		if !slices.Contains(all, w) {
			t.Errorf("%s is not in the list", w)
		}
	}
}
