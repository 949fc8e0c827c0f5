// Package fault is the one type for failures a caller can expect and act on:
// bad input, a rule that forbids, a record that is not there. Everything else is
// a bug or an outage and travels as a wrapped error.
package fault

import (
	"errors"
	"fmt"
)

// Kind says how the reader should react; httpapi maps each to one status.
type Kind int

const (
	// Invalid input: a field is missing, malformed or out of bounds (422).
	Invalid Kind = iota + 1
	// Rule: well formed, but the process forbids it (422).
	Rule
	// NotFound: no such record, or none the actor may see (404).
	NotFound
	// Forbidden: the actor lacks the permission (403).
	Forbidden
	// Conflict with what is stored: taken, already done, in use (409).
	Conflict
	// Stale: the record changed since it was read (412).
	Stale
	// Unauthenticated: no session, or a wrong name or password (401).
	Unauthenticated
	// Limited: too many tries; later is fine (429).
	Limited
	// TooLarge: what is sent is larger than anybody may send (413).
	TooLarge
	// Busy: no room for it at the moment; soon there is (503).
	Busy
	// Full: the room somebody has is used up (507).
	Full
)

// Field is one bad input: a JSON pointer and a stable code.
type Field struct {
	Pointer string         `json:"pointer"`
	Code    string         `json:"code"`
	Params  map[string]any `json:"params,omitempty"`
}

// Fault is an expected failure. Code is stable and is what the UI translates;
// Detail is English for logs and API users. Neither holds the rejected value.
type Fault struct {
	Kind   Kind
	Code   string
	Detail string
	Params map[string]any
	Fields []Field
	// RetryAfter is in how many seconds asking again makes sense; 0 says nothing.
	RetryAfter int
}

func (f *Fault) Error() string {
	if f.Detail == "" {
		return f.Code
	}
	return f.Code + ": " + f.Detail
}

// New returns a fault without parameters.
func New(kind Kind, code, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// With adds a parameter the UI needs to word the message.
func (f *Fault) With(key string, value any) *Fault {
	if f.Params == nil {
		f.Params = map[string]any{}
	}
	f.Params[key] = value
	return f
}

// After says in how many seconds asking again makes sense.
func (f *Fault) After(seconds int) *Fault {
	f.RetryAfter = seconds
	return f
}

// Input reports one bad field; pointer is a JSON pointer such as "/name".
func Input(pointer, code, format string, args ...any) *Fault {
	f := New(Invalid, code, format, args...)
	f.Fields = []Field{{Pointer: pointer, Code: code}}
	return f
}

// Missing reports a required field that is empty.
func Missing(pointer string) *Fault {
	return Input(pointer, "input.required", "%s is required", pointer)
}

// As returns the fault in err's chain, or nil.
func As(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// CodeOf returns the fault's code, "" for nil and "internal" for any other error.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	if f := As(err); f != nil {
		return f.Code
	}
	return "internal"
}

// Is reports whether err is a fault of this kind.
func Is(err error, kind Kind) bool {
	f := As(err)
	return f != nil && f.Kind == kind
}
