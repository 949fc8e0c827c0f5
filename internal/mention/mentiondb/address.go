package mentiondb

import (
	"net/url"
	"slices"
	"strings"
)

// A saved question is kept as it stands in the address of a page: a name in it is %E6%AC%A7….

// kept are the characters that would mean something else between the values of an address.
var kept = strings.NewReplacer("%", "%25", "&", "%26", "+", "%2B", "=", "%3D", ";", "%3B")

// read is a text as people read it.
func (c column) read(text string) string {
	if !c.address {
		return text
	}
	values, err := url.ParseQuery(text)
	if err != nil { // nobody wrote it so
		return text
	}
	var parts []string
	for name, list := range values {
		for _, v := range list {
			parts = append(parts, kept.Replace(name)+"="+kept.Replace(v))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// written is a text that was read as it is kept.
func (c column) written(text string) string {
	if !c.address {
		return text
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return text
	}
	return values.Encode()
}

// inAddress is a pattern for LIKE that finds in an address what another finds in words.
func inAddress(pattern string) string {
	var out strings.Builder
	literal := false
	for _, r := range pattern {
		switch {
		case r == '!' && !literal:
			literal = true
			continue
		case r == '%' && !literal:
			out.WriteByte('%')
		default:
			said := strings.ToLower(url.QueryEscape(string(r)))
			out.WriteString(strings.NewReplacer("%", "!%", "_", "!_").Replace(said))
		}
		literal = false
	}
	return out.String()
}
