// Package intake brings other systems' files in: CSV and Excel, any columns, with a
// mapping that is a small file of its own. It reads, understands and reports;
// what it writes goes through the same use cases as everything else. What a file
// does not say stays unknown, and what it cannot take is named, cell by cell.
package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"

	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/pipeline"
	"yunchou/internal/text"

	"gopkg.in/yaml.v3"
)

// Mapping describes one or several files by name. It is saved, reused and shared
// as YAML; docs/import.md teaches how to write one.
type Mapping struct {
	Version int         `yaml:"version" json:"version"`
	Company *Company    `yaml:"company,omitempty" json:"company,omitempty"`
	Source  string      `yaml:"source" json:"source"` // names the external ids
	Empty   []string    `yaml:"empty,omitempty" json:"empty,omitempty"`
	Fields  []FieldSpec `yaml:"fields,omitempty" json:"fields,omitempty"`
	// Pipelines are made where the company has none of that name.
	Pipelines []PipelineSpec `yaml:"pipelines,omitempty" json:"pipelines,omitempty"`
	// Rates state exchange rates into the company's currency, as decimals.
	Rates []RateSpec `yaml:"rates,omitempty" json:"rates,omitempty"`
	Files []FileSpec `yaml:"files" json:"files"`
}

// Company is what an empty data directory gets first.
type Company struct {
	Name     string `yaml:"name" json:"name"`
	Currency string `yaml:"currency" json:"currency"`
	TimeZone string `yaml:"timeZone" json:"timeZone"`
	Locale   string `yaml:"locale" json:"locale"`
}

// FieldSpec is a company field the files bring.
type FieldSpec struct {
	Record  string     `yaml:"record" json:"record"`
	Key     string     `yaml:"key" json:"key"`
	Label   string     `yaml:"label" json:"label"`
	Type    field.Type `yaml:"type" json:"type"`
	Options []string   `yaml:"options,omitempty" json:"options,omitempty"`
}

// PipelineSpec is a pipeline in short: percentages for success rates.
type PipelineSpec struct {
	Name   string      `yaml:"name" json:"name"`
	Stages []StageSpec `yaml:"stages" json:"stages"`
}

// StageSpec is one stage of it. Success is in percent; days are working days.
type StageSpec struct {
	Name      string         `yaml:"name" json:"name"`
	Kind      pipeline.Kind  `yaml:"kind" json:"kind"`
	Phase     pipeline.Phase `yaml:"phase,omitempty" json:"phase,omitempty"`
	Success   float64        `yaml:"success,omitempty" json:"success,omitempty"`
	Standard  int            `yaml:"standardDays,omitempty" json:"standardDays,omitempty"`
	Max       int            `yaml:"maxDays,omitempty" json:"maxDays,omitempty"`
	Qualified bool           `yaml:"qualified,omitempty" json:"qualified,omitempty"`
	Skip      bool           `yaml:"allowSkip,omitempty" json:"allowSkip,omitempty"`
}

// RateSpec is a dated exchange rate.
type RateSpec struct {
	Currency string `yaml:"currency" json:"currency"`
	From     string `yaml:"from" json:"from"`
	Rate     string `yaml:"rate" json:"rate"`
}

// Kinds of file, in the order they are read whatever the order they are given in.
var kinds = []string{"product", "account", "member", "contact", "opportunity", "events"}

// FileSpec describes the files whose name matches.
type FileSpec struct {
	Match string `yaml:"match" json:"match"` // a name, or a pattern with * and ?
	Kind  string `yaml:"kind" json:"kind"`
	Sheet string `yaml:"sheet,omitempty" json:"sheet,omitempty"`
	// Encoding and Separator override what is detected.
	Encoding  string `yaml:"encoding,omitempty" json:"encoding,omitempty"`
	Separator string `yaml:"separator,omitempty" json:"separator,omitempty"`
	Pipeline  string `yaml:"pipeline,omitempty" json:"pipeline,omitempty"`
	// Repeated says what a second row with the same external id is: update (the
	// default), keep (a record of its own), or lines (further lines of the same).
	Repeated string `yaml:"repeated,omitempty" json:"repeated,omitempty"`
	// Unknown says what happens to names of owners, accounts and products that are
	// not there yet: create (the default) or refuse.
	Unknown string `yaml:"unknown,omitempty" json:"unknown,omitempty"`
	// Deleted says what happens to rows of records that are deleted: skip (the default,
	// and each is told of) or restore.
	Deleted string          `yaml:"deleted,omitempty" json:"deleted,omitempty"`
	Columns map[string]Cell `yaml:"columns" json:"columns"`
}

// Cell says where a value comes from: a column, a fixed text, or a template of
// columns; and how its texts translate.
type Cell struct {
	Column   string            `yaml:"column,omitempty" json:"column,omitempty"`
	Const    string            `yaml:"const,omitempty" json:"const,omitempty"`
	Template string            `yaml:"template,omitempty" json:"template,omitempty"`
	Values   map[string]string `yaml:"values,omitempty" json:"values,omitempty"`
	// Format of dates: ymd, mdy or dmy; detected where it is not given.
	Format string `yaml:"format,omitempty" json:"format,omitempty"`
	// Unit multiplies amounts: 10000 for 万.
	Unit string `yaml:"unit,omitempty" json:"unit,omitempty"`
}

// UnmarshalYAML lets a plain text stand for a column.
func (c *Cell) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		c.Column = n.Value
		return nil
	}
	type plain Cell
	return n.Decode((*plain)(c))
}

// UnmarshalJSON does the same for JSON.
func (c *Cell) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &c.Column)
	}
	type plain Cell
	return json.Unmarshal(raw, (*plain)(c))
}

// targets are the fields a file of each kind may fill. A name ending in "." takes
// a suffix: a company field's key, or a stage's name.
var targets = map[string][]string{
	"product":     {"name", "series", "listPrice"},
	"account":     {"externalId", "name", "industry", "region", "class", "owner", "parent", "createdOn", "custom."},
	"member":      {"name", "email", "phone", "manager", "team", "region", "joinedOn"},
	"contact":     {"externalId", "name", "account", "title", "mobile", "phone", "email", "wechat"},
	"opportunity": {"externalId", "name", "account", "account.industry", "account.region", "account.class", "owner", "product", "stage", "amount", "currency", "createdOn", "closedOn", "signedOn", "expectedOn", "confidence", "source", "region", "lossKind", "lossReason", "competitor", "entered.", "lastContactOn", "custom."},
	"events":      {"case", "activity", "time", "name", "owner", "account", "amount", "custom."},
}

var required = map[string][]string{
	"product": {"name"}, "account": {"name"}, "member": {"name"}, "contact": {"name"}, "opportunity": {"stage"}, "events": {"case", "activity", "time"},
}

// ParseMapping reads YAML (or JSON, which is YAML) and checks it. A bad mapping is
// a fault that names the place.
func ParseMapping(raw []byte) (Mapping, error) {
	var m Mapping
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil {
		return m, fault.New(fault.Invalid, "mapping.malformed", "%v", err).With("reason", err.Error())
	}
	return m, m.Check()
}

// YAML writes the mapping as the small file it is.
func (m Mapping) YAML() string {
	raw, err := yaml.Marshal(m)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}

// Check refuses unknown kinds, targets and missing columns.
func (m Mapping) Check() error {
	if len(m.Files) == 0 {
		return fault.Input("/files", "mapping.no_files", "describe at least one file")
	}
	for i, f := range m.Files {
		at := fmt.Sprintf("/files/%d", i)
		if _, ok := targets[f.Kind]; !ok {
			return fault.Input(at+"/kind", "mapping.kind_unknown", "%s: kind is one of %s", f.Match, strings.Join(kinds, ", ")).With("file", f.Match)
		}
		for target, c := range f.Columns {
			if !knownTarget(f.Kind, target) {
				return fault.Input(at+"/columns/"+target, "mapping.target_unknown", "%s: %s has no field %q; known: %s", f.Match, f.Kind, target, strings.Join(targets[f.Kind], ", ")).
					With("file", f.Match).With("field", target)
			}
			if c.Column == "" && c.Const == "" && c.Template == "" {
				return fault.Input(at+"/columns/"+target, "mapping.source_missing", "%s: %s needs a column, a const or a template", f.Match, target).With("file", f.Match).With("field", target)
			}
			if c.Format != "" && c.Format != "ymd" && c.Format != "mdy" && c.Format != "dmy" {
				return fault.Input(at+"/columns/"+target, "mapping.format_unknown", "%s: %s: format is ymd, mdy or dmy", f.Match, target).With("file", f.Match).With("field", target)
			}
		}
		for _, target := range required[f.Kind] {
			if _, ok := f.Columns[target]; !ok {
				return fault.Input(at+"/columns", "mapping.target_missing", "%s: %s needs the field %q", f.Match, f.Kind, target).With("file", f.Match).With("field", target)
			}
		}
		switch f.Repeated {
		case "", "update", "keep", "lines":
		default:
			return fault.Input(at+"/repeated", "mapping.repeated_unknown", "update, keep or lines").With("file", f.Match)
		}
		if f.Deleted != "" && f.Deleted != "skip" && f.Deleted != "restore" {
			return fault.Input(at+"/deleted", "mapping.deleted_unknown", "skip or restore").With("file", f.Match)
		}
	}
	return nil
}

func knownTarget(kind, target string) bool {
	for _, t := range targets[kind] {
		if t == target || strings.HasSuffix(t, ".") && strings.HasPrefix(target, t) && len(target) > len(t) {
			return true
		}
	}
	return false
}

// For returns the description of a file by its name; a mapping of a single file
// fits whatever the file is called.
func (m Mapping) For(name string) (FileSpec, bool) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	for _, f := range m.Files {
		if ok, err := path.Match(f.Match, base); err == nil && ok || f.Match == base {
			return f, true
		}
	}
	if len(m.Files) == 1 {
		return m.Files[0], true
	}
	return FileSpec{}, false
}

// Version turns the short form into a pipeline.
func (p PipelineSpec) Version() pipeline.Version {
	v := pipeline.Version{Name: p.Name}
	for _, s := range p.Stages {
		st := pipeline.Stage{Name: s.Name, Kind: s.Kind, Phase: s.Phase, SuccessBP: int(s.Success*100 + 0.5), StandardDays: s.Standard, MaxDays: s.Max, Qualified: s.Qualified,
			AllowSkip: s.Skip, AllowReturn: s.Kind == pipeline.Open}
		switch {
		case s.Kind == pipeline.Won:
			st.SuccessBP, st.Category = 10000, pipeline.Closed
		case s.Kind == pipeline.Lost:
			st.SuccessBP, st.Category = 0, pipeline.Omitted
		}
		v.Stages = append(v.Stages, st)
	}
	return v
}

var placeholder = regexp.MustCompile(`\{([^{}]+)\}`)

// isEmpty reports whether a text means "nothing".
func (m Mapping) isEmpty(text string) bool {
	if text == "" {
		return true
	}
	for _, e := range m.Empty {
		if text == e {
			return true
		}
	}
	return false
}

// headerKey is what column names are compared by: folded, without case.
func headerKey(s string) string { return strings.ToLower(text.Fold(s)) }
