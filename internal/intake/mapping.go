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
	"yunchou/internal/intake/form"
	"yunchou/internal/money"
	"yunchou/internal/text"

	"go.yaml.in/yaml/v3"
)

// Mapping describes one or several files by name. It is saved, reused and shared
// as YAML; docs/import.md teaches how to write one.
type Mapping struct {
	Version int         `yaml:"version" json:"version"`
	Company *Company    `yaml:"company,omitempty" json:"company,omitempty"`
	Source  string      `yaml:"source" json:"source"` // names the external ids
	Empty   []string    `yaml:"empty,omitempty" json:"empty,omitempty" maxItems:"100"`
	Fields  []FieldSpec `yaml:"fields,omitempty" json:"fields,omitempty" maxItems:"500"`
	// Pipelines are made where the company has none of that name.
	Pipelines []PipelineSpec `yaml:"pipelines,omitempty" json:"pipelines,omitempty" maxItems:"50"`
	// Rates state exchange rates into the company's currency, as decimals.
	Rates []RateSpec `yaml:"rates,omitempty" json:"rates,omitempty" maxItems:"10000"`
	Files []FileSpec `yaml:"files" json:"files" maxItems:"100"`
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
	Options []string   `yaml:"options,omitempty" json:"options,omitempty" maxItems:"200"`
}

// FileSpec describes the files whose name matches.
type FileSpec struct {
	Match string `yaml:"match" json:"match"` // a name, or a pattern with * and ?
	Kind  string `yaml:"kind" json:"kind"`
	// Sheet of a workbook; the one that looks most like a table where it is not given. A workbook
	// of several tables has a description for each.
	Sheet string `yaml:"sheet,omitempty" json:"sheet,omitempty"`
	// Header is the line of the header and HeaderRows how many rows it has, found where they are 0.
	Header     int `yaml:"header,omitempty" json:"header,omitempty" minimum:"0"`
	HeaderRows int `yaml:"headerRows,omitempty" json:"headerRows,omitempty" minimum:"0" maximum:"10"`
	// Headless says that the table has no header: its columns are called A, B, C.
	Headless bool `yaml:"headless,omitempty" json:"headless,omitempty"`
	// Encoding and Separator override what is detected.
	Encoding  string `yaml:"encoding,omitempty" json:"encoding,omitempty"`
	Separator string `yaml:"separator,omitempty" json:"separator,omitempty"`
	Pipeline  string `yaml:"pipeline,omitempty" json:"pipeline,omitempty"`
	// Repeated says what a second row with the same external id is: update (the
	// default), keep (a record of its own), or lines (further lines of the same).
	Repeated string `yaml:"repeated,omitempty" json:"repeated,omitempty"`
	// Unknown says what happens to names of others that are not there yet: create (the
	// default), refuse, or empty, which leaves the cell empty.
	Unknown string `yaml:"unknown,omitempty" json:"unknown,omitempty"`
	// Leads says whose word counts of a value somebody changed here since the last import: here
	// (the default, and it is told) or file.
	Leads string `yaml:"leads,omitempty" json:"leads,omitempty"`
	// Deleted says what happens to rows of records that are deleted: skip (the default,
	// and each is told of) or restore.
	Deleted string          `yaml:"deleted,omitempty" json:"deleted,omitempty"`
	Columns map[string]Cell `yaml:"columns" json:"columns" maxProperties:"1000"`
}

// Cell says where a value comes from: a column, a fixed text, or a template of
// columns; and how its texts translate.
type Cell struct {
	Column   string            `yaml:"column,omitempty" json:"column,omitempty"`
	Const    string            `yaml:"const,omitempty" json:"const,omitempty"`
	Template string            `yaml:"template,omitempty" json:"template,omitempty"`
	Values   map[string]string `yaml:"values,omitempty" json:"values,omitempty" maxProperties:"10000"`
	// How its cells are written is learned from all of them; what is stated here leads.
	// Format of dates: ymd, mdy or dmy.
	Format string `yaml:"format,omitempty" json:"format,omitempty"`
	// Unit of amounts that have none of their own: 10000, or 万元, k.
	Unit string `yaml:"unit,omitempty" json:"unit,omitempty"`
	// Decimal is the mark before decimals: "." or ",".
	Decimal string `yaml:"decimal,omitempty" json:"decimal,omitempty"`
	// Currency of amounts that name none: ISO 4217.
	Currency string `yaml:"currency,omitempty" json:"currency,omitempty"`
	// Rate tells what a bare number from 0 to 1 is: percent or fraction.
	Rate string `yaml:"rate,omitempty" json:"rate,omitempty"`
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

// ParseMapping reads YAML (or JSON, which is YAML). Whether it fits the kinds of file there are
// is Service.Check's to say. Fault: mapping.malformed.
func ParseMapping(raw []byte) (Mapping, error) {
	var m Mapping
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil {
		return m, fault.New(fault.Invalid, "mapping.malformed", "%v", err).With("reason", err.Error())
	}
	return m, nil
}

// YAML writes the mapping as the small file it is.
func (m Mapping) YAML() string {
	raw, err := yaml.Marshal(m)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}

// Check refuses a mapping with unknown kinds, targets or choices, or without a column that
// must be there. The fault names the place.
func (s *Service) Check(m Mapping) error {
	if len(m.Files) == 0 {
		return fault.Input("/files", "mapping.no_files", "describe at least one file")
	}
	for i, f := range m.Files {
		if err := s.checkFile(fmt.Sprintf("/files/%d", i), f); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) checkFile(at string, f FileSpec) error {
	kind, ok := kindNamed(s.kinds(), f.Kind)
	if !ok {
		var names []string
		for _, k := range s.inOrder() {
			names = append(names, k.Name)
		}
		return fault.Input(at+"/kind", "mapping.kind_unknown", "%s: kind is one of %s", f.Match, strings.Join(names, ", ")).
			With("file", f.Match)
	}
	for target, c := range f.Columns {
		if err := f.checkColumn(at+"/columns/"+target, kind, target, c); err != nil {
			return err
		}
	}
	if missing := kind.missing(f.Columns); missing != "" {
		return fault.Input(at+"/columns", "mapping.target_missing", "%s: %s needs the field %q", f.Match, f.Kind, missing).
			With("file", f.Match).With("field", missing)
	}
	switch f.Repeated {
	case "", "update", "keep", "lines":
	default:
		return fault.Input(at+"/repeated", "mapping.repeated_unknown", "update, keep or lines").With("file", f.Match)
	}
	if f.Leads != "" && f.Leads != "here" && f.Leads != "file" {
		return fault.Input(at+"/leads", "mapping.leads_unknown", "here or file").With("file", f.Match)
	}
	if f.Unknown != "" && f.Unknown != "create" && f.Unknown != "refuse" && f.Unknown != "empty" {
		return fault.Input(at+"/unknown", "mapping.unknown_unknown", "create, refuse or empty").With("file", f.Match)
	}
	if f.Deleted != "" && f.Deleted != "skip" && f.Deleted != "restore" {
		return fault.Input(at+"/deleted", "mapping.deleted_unknown", "skip or restore").With("file", f.Match)
	}
	return nil
}

func (f FileSpec) checkColumn(at string, kind Kind, target string, c Cell) error {
	_, known := kind.Target(target)
	var bad *fault.Fault
	switch {
	case !known:
		bad = fault.Input(at, "mapping.target_unknown", "%s: %s has no field %q; known: %s", f.Match, f.Kind, target,
			strings.Join(kind.targetNames(), ", "))
	case c.Column == "" && c.Const == "" && c.Template == "":
		bad = fault.Input(at, "mapping.source_missing", "%s: %s needs a column, a const or a template", f.Match, target)
	case c.Format != "" && c.Format != "ymd" && c.Format != "mdy" && c.Format != "dmy":
		bad = fault.Input(at, "mapping.format_unknown", "%s: %s: format is ymd, mdy or dmy", f.Match, target)
	case c.Unit != "" && form.Scale(c.Unit) == 0:
		bad = fault.Input(at, "mapping.unit_malformed", "%s: %s: unit is a whole number such as 10000, or 万元, k", f.Match, target)
	case c.Decimal != "" && c.Decimal != "." && c.Decimal != ",":
		bad = fault.Input(at, "mapping.decimal_unknown", "%s: %s: decimal is \".\" or \",\"", f.Match, target)
	case c.Currency != "" && !money.ValidCurrency(c.Currency):
		bad = fault.Input(at, "mapping.currency_unknown", "%s: %s: currency is a code such as USD", f.Match, target)
	case c.Rate != "" && c.Rate != "percent" && c.Rate != "fraction":
		bad = fault.Input(at, "mapping.rate_unknown", "%s: %s: rate is percent or fraction", f.Match, target)
	default:
		return nil
	}
	return bad.With("file", f.Match).With("field", target)
}

// For returns the descriptions of a file by its name, one for each of its sheets that is read; a
// mapping of a single file fits whatever the file is called.
func (m Mapping) For(name string) (found []FileSpec) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	sheets := map[string]bool{}
	for _, f := range m.Files {
		if ok, err := path.Match(f.Match, base); (err != nil || !ok) && f.Match != base {
			continue
		}
		if len(found) == 0 || found[0].Sheet != "" && f.Sheet != "" && !sheets[f.Sheet] {
			sheets[f.Sheet] = true
			found = append(found, f)
		}
	}
	if len(found) == 0 && len(m.Files) == 1 {
		found = m.Files
	}
	return found
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

// HeaderKey is what column names are compared by: folded, without case.
func HeaderKey(s string) string { return strings.ToLower(text.Fold(s)) }
