// Package journaltest checks that a capability reads every entry it ever wrote.
package journaltest

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"yunchou/internal/journal"
)

// Kept reads a file with one entry of each kind and version ("account.created 2 {…}") into
// what the kind's payloads decode into. A line is never changed: a new shape is a new
// version and a new line. Nothing of a payload is lost where it is the kind's last version.
func Kept(t *testing.T, path string, payloads map[string]func() any) {
	t.Helper()
	kept(t, path, payloads, func(kind string) bool { return Newest(payloads, kind) })
}

// Old is Kept of versions nobody writes any more: they are read.
func Old(t *testing.T, path string, payloads map[string]func() any) {
	t.Helper()
	kept(t, path, payloads, func(string) bool { return false })
}

// Wordless fails where an entry holds one of some words.
func Wordless(t *testing.T, e journal.Event, words ...string) {
	t.Helper()
	raw, err := json.Marshal(e.Payload)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if strings.Contains(string(raw), w) {
			t.Errorf("%s holds %q: %s", e.Kind, w, raw)
		}
	}
}

// kept reads the entries; whole tells of which nothing may be lost.
func kept(t *testing.T, path string, payloads map[string]func() any, whole func(kind string) bool) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		kind, payload, _ := strings.Cut(line, " {")
		kept[kind] = true
		into := payloads[kind]
		if into == nil {
			t.Errorf("%s is read by nobody", kind)
			continue
		}
		v := into()
		decode := json.NewDecoder(strings.NewReader("{" + payload))
		decode.DisallowUnknownFields()
		if err := decode.Decode(v); err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if again, err := json.Marshal(v); err != nil || whole(kind) && same(again) != same([]byte("{"+payload)) {
			t.Errorf("%s:\n kept %s\n read %s", kind, "{"+payload, again)
		}
	}
	for kind := range payloads {
		if !kept[kind] {
			t.Errorf("no %s is kept in %s", kind, path)
		}
	}
}

// Kinds are the entries of which one is kept in some files, with their versions.
func Kinds(t testing.TB, paths ...string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
			kind, _, _ := strings.Cut(line, " {")
			out[kind] = true
		}
	}
	return out
}

// Newest tells whether there is no later version of a kind.
func Newest(payloads map[string]func() any, kind string) bool {
	last := len(kind) - 1
	return payloads[kind[:last]+string(kind[last]+1)] == nil
}

// same is a payload with its keys in order.
func same(raw []byte) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err.Error()
	}
	out, _ := json.Marshal(v)
	return string(out)
}
