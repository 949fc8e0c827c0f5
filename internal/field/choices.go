package field

import (
	"slices"

	"yunchou/internal/fault"
	"yunchou/internal/text"
)

// Option is a value a field offers. Records hold its code, which stays; what it is called may change, and whoever
// says a former name still means it: files, saved views.
type Option struct {
	Code    string   `json:"code" maxLength:"300" doc:"stays when it is called otherwise"`
	Label   string   `json:"label" minLength:"1" maxLength:"300"`
	Retired bool     `json:"retired" doc:"stays where it is held and is chosen no more"`
	Was     []string `json:"-"`
}

// names are all that means a choice.
func (c Option) names() []string { return append([]string{c.Code, c.Label}, c.Was...) }

// MostChoices of a field, retired ones among them.
const MostChoices = 200

// Offers tells whether a value is chosen from what the field offers.
func (f Field) Offers() bool { return (f.Type == Choice || f.Type == Text) && len(f.choices()) > 0 }

func (f Field) choices() []Option {
	if len(f.Choices) > 0 {
		return f.Choices
	}
	out := make([]Option, len(f.Options))
	for i, o := range f.Options {
		out[i] = Option{Code: o, Label: o}
	}
	return out
}

// choice finds what a text means: by what it is called today first.
func (f Field) choice(raw string) (Option, bool) {
	all, want := f.choices(), text.Match(raw)
	for _, by := range []func(Option) []string{
		func(c Option) []string { return []string{c.Label} }, Option.names,
	} {
		for _, c := range all {
			if slices.ContainsFunc(by(c), func(name string) bool { return text.Match(name) == want }) {
				return c, true
			}
		}
	}
	return Option{}, false
}

// Called is what a code is called; a text that is no choice is itself.
func (f Field) Called(code string) string {
	for _, c := range f.choices() {
		if c.Code == code {
			return c.Label
		}
	}
	return code
}

// offer gives a new field its choices.
func (f *Field) offer(options []string) error {
	f.Options, f.Choices = []string{}, []Option{}
	if f.Type != Choice && f.Type != Text {
		return nil
	}
	if f.Type == Choice && len(options) == 0 {
		return fault.Missing("/options")
	}
	list := make([]Option, len(options))
	for i, o := range options {
		list[i] = Option{Label: o}
	}
	return f.rechoose(list)
}

// rechoose makes a list the field's choices: those with a code are renamed, retired, brought back and put in
// order, those without are new. Faults: field.choice_gone, field.choice_twice, field.choices_missing.
func (f *Field) rechoose(list []Option) error {
	old := map[string]Option{}
	for _, c := range f.Choices {
		old[c.Code] = c
	}
	next := make([]Option, 0, len(list))
	for _, c := range list {
		c.Label = text.Line(c.Label)
		was, known := old[c.Code]
		switch {
		case c.Label == "":
			return fault.Missing("/choices")
		case c.Code == "":
			c.Code, c.Was = c.Label, nil
		case !known:
			return changedMeanwhile
		default:
			c.Was = was.Was
			if was.Label != c.Label && !slices.Contains(c.Was, was.Label) {
				c.Was = append(slices.Clone(c.Was), was.Label)
			}
			delete(old, c.Code)
		}
		next = append(next, c)
	}
	if len(old) > 0 {
		return changedMeanwhile
	}
	return f.choose(next)
}

// choose takes choices of which no two may be called the same, now or formerly.
func (f *Field) choose(next []Option) error {
	meant := map[string]int{}
	f.Choices, f.Options = next, []string{}
	for i, c := range next {
		for _, name := range c.names() {
			key := text.Match(name)
			if of, taken := meant[key]; taken && of != i {
				return fault.Input("/choices", "field.choice_twice", "two choices of one name").With("choice", name)
			}
			meant[key] = i
		}
		if !c.Retired {
			f.Options = append(f.Options, c.Label)
		}
	}
	switch {
	case len(next) > MostChoices:
		return fault.Input("/choices", "field.choices_too_many", "at most %d", MostChoices).With("max", MostChoices)
	case len(f.Options) == 0 && (f.Type == Choice || len(next) > 0):
		return fault.Input("/choices", "field.choices_missing", "at least one to choose")
	}
	return nil
}

var changedMeanwhile = &fault.Fault{Kind: fault.Conflict, Code: "field.choice_gone",
	Detail: "the choices are others by now, and none is taken away: read them again, retire what is chosen no more"}
