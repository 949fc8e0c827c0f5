package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"yunchou/internal/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// deepest is how far objects and lists in a body may hold one another; ours hold six.
const deepest = 32

// strict is JSON of which no two readers make something different (RFC 8259, sections 4, 8 and
// 9): no name stands twice in an object, every text is Unicode, and nothing is nested without
// end. The standard library takes the last of two, and a sign of its own for half a character.
var strict = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if _, first := v.(*any); first { // then it is read again into its type
			if err := unambiguous(data); err != nil {
				return err
			}
		}
		return huma.DefaultJSONFormat.Unmarshal(data, v)
	},
}

// Told to problemOf by their beginning, as huma passes texts on.
const (
	twice     = "stands twice"
	tooDeep   = "nested too deep"
	noUnicode = "no Unicode"
)

// unambiguous returns what is wrong with a body, nil also where it is no JSON at all: that is
// seen when it is read.
func unambiguous(data []byte) error {
	if !utf8.Valid(data) || halfCharacter(data) {
		return errors.New(noUnicode)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	type level struct {
		names map[string]bool // nil in a list
		name  bool            // the next token is a name
	}
	var open []level
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			return nil
		}
		switch tok {
		case json.Delim('{'):
			open = append(open, level{map[string]bool{}, true})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		switch text, isText := tok.(string); {
		case len(open) > deepest:
			return fmt.Errorf("%s: at most %d levels", tooDeep, deepest)
		case len(open) == 0 || open[len(open)-1].names == nil:
		case tok == json.Delim('{'):
		case open[len(open)-1].name && isText:
			at := &open[len(open)-1]
			if at.names[text] {
				return fmt.Errorf("%s: %s", twice, text)
			}
			at.names[text], at.name = true, false
		default: // a value, or the end of one
			open[len(open)-1].name = true
		}
	}
}

// halfCharacter finds one half of a surrogate pair without the other, written as \uXXXX.
func halfCharacter(data []byte) bool {
	for i := 0; i+1 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		first := unit(data[i:])
		if first < 0 {
			i++ // another escape: what follows is not one's beginning
			continue
		}
		i += 5
		if !utf16.IsSurrogate(first) {
			continue
		}
		if i+1 >= len(data) || utf16.DecodeRune(first, unit(data[i+1:])) == utf8.RuneError {
			return true
		}
		i += 6
	}
	return false
}

// unit is the number of an escape at the beginning, -1 where there is none.
func unit(data []byte) rune {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// plainQuery refuses a query that readers would read differently, or whose filters would be
// left out unseen: a parameter that stands twice, but for one that is a list, one the route does not
// know, what cannot be decoded, and a text no database keeps: what answers from memory would look for
// it, and not know it from another.
func (a *API) plainQuery(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		a.refuse(ctx, fault.New(fault.Invalid, "request.query_malformed", "the query cannot be decoded; write it as a=b&c=d with %%XX escapes"))
		return
	}
	known := map[string]bool{} // and whether it may be said more than once
	for _, p := range ctx.Operation().Parameters {
		if p.In == "query" {
			known[p.Name] = p.Explode != nil && *p.Explode
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		err := parameter(name, len(q[name]), known)
		if err == nil && slices.ContainsFunc(q[name], unkept) {
			err = fault.Input("/"+name, "input.text_malformed", "a text holds a zero byte or is not UTF-8")
		}
		if err != nil {
			a.refuse(ctx, err)
			return
		}
	}
	next(ctx)
}

// unkept tells a text that holds a zero byte or is not UTF-8.
func unkept(text string) bool { return !utf8.ValidString(text) || strings.ContainsRune(text, 0) }

// parameter refuses one of a query that stands so many times, by those a route knows. Faults:
// request.parameter_unknown, request.parameter_twice.
func parameter(name string, times int, known map[string]bool) error {
	list, is := known[name]
	at := "/" + strings.ToValidUTF8(name[:min(len(name), 60)], "")
	switch {
	case !is && len(known) == 0:
		return fault.Input(at, "request.parameter_unknown", "there is no such parameter: this route has none").With("known", "")
	case !is:
		all := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
		return fault.Input(at, "request.parameter_unknown", "there is no such parameter; this route has %s", all).With("known", all)
	case times > 1 && !list:
		return fault.Input(at, "request.parameter_twice", "a parameter stands twice in the query")
	}
	return nil
}

// ambiguous are the faults of a body that may be read in two ways.
func ambiguous(message string) (code string, found bool) {
	for beginning, code := range map[string]string{twice: "input.twice", tooDeep: "input.too_deep", noUnicode: "input.text_malformed"} {
		if strings.HasPrefix(message, beginning) {
			return code, true
		}
	}
	return "", false
}
