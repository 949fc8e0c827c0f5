package sheet

import "strings"

// Label is a text of a table in Chinese and in English: tables are the one thing the server
// itself words, as no screen translates a file.
type Label [2]string

// In returns the label in a language.
func (l Label) In(locale string) string {
	if locale == "en-US" {
		return l[1]
	}
	return l[0]
}

// Column is a column of a table that is written and comes back: what an import calls it, its heading,
// and a note of how its cells are filled, where that is not plain.
type Column struct {
	Target string
	Label
	Note Label
	// Exported is one that a list has and a table to be filled has not.
	Exported bool
}

// Plain takes off the apostrophe that Neutral put before a text.
func Plain(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && Neutral(rest) == text {
		return rest
	}
	return text
}
