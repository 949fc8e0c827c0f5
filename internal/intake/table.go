package intake

import (
	"errors"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/money"
	"yunchou/internal/text"
)

// table is a file with its columns found and its date forms learned.
type table struct {
	file   File
	spec   FileSpec
	format Format
	header []string
	at     map[string]int // header key → index
	dates  map[string]*dateColumn
	rows   int64
}

// dateTargets hold days.
func isDate(target string, r *run, kind string) bool {
	switch target {
	case "createdOn", "closedOn", "signedOn", "expectedOn", "lastContactOn", "joinedOn", "time":
		return true
	}
	if key, ok := strings.CutPrefix(target, "custom."); ok {
		for _, f := range r.m.Fields {
			if f.Key == key && f.Type == "date" {
				return true
			}
		}
		return r.fields[kind][key].Type == "date"
	}
	return strings.HasPrefix(target, "entered.")
}

// learn opens a file, finds the mapped columns and reads it once for the forms of
// its dates. Fault: mapping.column_missing.
func (r *run) learn(f File, spec FileSpec) (*table, error) {
	rd, err := open(f.Path, spec)
	if err != nil {
		if x := fault.As(err); x != nil {
			x.With("file", filepath.Base(f.Name))
		}
		return nil, err
	}
	defer rd.close()
	t := &table{file: f, spec: spec, format: rd.Format, header: rd.Header, at: map[string]int{}, dates: map[string]*dateColumn{}}
	for i, h := range rd.Header {
		key := headerKey(h)
		if _, twice := t.at[key]; !twice {
			t.at[key] = i
		}
		if h != strings.TrimSpace(h) {
			r.note(Note{File: t.name(), Field: strings.TrimSpace(h), Code: "header_blank", Value: h, Line: 1})
		}
	}
	for target, c := range spec.Columns {
		for _, column := range c.columns() {
			if _, ok := t.at[headerKey(column)]; !ok {
				return nil, fault.New(fault.Invalid, "mapping.column_missing", "%s has no column %q; it has: %s", t.name(), column, strings.Join(rd.Header, ", ")).
					With("file", t.name()).With("column", column)
			}
		}
		if c.Column != "" && isDate(target, r, spec.Kind) {
			t.dates[target] = &dateColumn{}
		}
	}
	for {
		cells, _, err := rd.next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if blank(cells) {
			continue
		}
		t.rows++
		for target, d := range t.dates {
			if i := t.at[headerKey(spec.Columns[target].Column)]; i < len(cells) {
				d.learn(strings.TrimSpace(cells[i]))
			}
		}
	}
	for target, d := range t.dates {
		if d.format(spec.Columns[target].Format) == "" {
			return nil, fault.New(fault.Invalid, "mapping.date_ambiguous", "%s: in column %q day and month cannot be told apart (%s): add format: mdy or dmy", t.name(), spec.Columns[target].Column, d.example).
				With("file", t.name()).With("column", spec.Columns[target].Column)
		}
	}
	return t, nil
}

func (t *table) name() string { return filepath.Base(t.file.Name) }

func (t *table) summary() FileSummary {
	s := FileSummary{Name: t.name(), Kind: t.spec.Kind, Rows: t.rows, Format: t.format, DateFormats: map[string]string{}, Unused: []string{}}
	used := map[string]bool{}
	for target, c := range t.spec.Columns {
		for _, column := range c.columns() {
			used[headerKey(column)] = true
		}
		if d := t.dates[target]; d != nil {
			s.DateFormats[target] = d.format(c.Format)
		}
	}
	for _, h := range t.header {
		if !used[headerKey(h)] {
			s.Unused = append(s.Unused, h)
		}
	}
	return s
}

func (c Cell) columns() []string {
	var out []string
	if c.Column != "" {
		out = append(out, c.Column)
	}
	for _, m := range placeholder.FindAllStringSubmatch(c.Template, -1) {
		out = append(out, m[1])
	}
	return out
}

// row is one row being read; more are further lines of the same record.
type row struct {
	run    *run
	t      *table
	cells  []string
	line   int
	failed bool
	more   []*row
}

func (x *row) issue(level, field, code, detail string) {
	x.tell(Issue{Level: level, Field: field, Code: code, Detail: detail})
}

// tell takes down something about a cell, with what stands there.
func (x *row) tell(i Issue) {
	if i.Level == "error" {
		x.failed = true
		x.run.sum.Errors++
	} else {
		x.run.sum.Warnings++
	}
	if x.run.opt.Issue == nil {
		return
	}
	if target, ok := pointedAt[i.Field]; ok && !x.has(i.Field) {
		i.Field = target
	}
	i.File, i.Line = x.t.name(), x.line
	i.Column, i.Value = x.quote(i.Field)
	x.run.opt.Issue(i)
}

// pointedAt are the fields of files for what a fault points to.
var pointedAt = map[string]string{"ownerId": "owner", "accountId": "account", "amountMinor": "amount", "contractMinor": "amount",
	"lines": "product", "confidenceBp": "confidence", "on": "closedOn", "to": "stage", "reason": "lossReason", "parentId": "parent",
	"opportunity.account_deleted": "account", "opportunity.closed": "stage"}

// longestQuote is how many characters of a cell are quoted.
const longestQuote = 40

// quote is what a field's columns are called in the file, and what stands in them in this row.
func (x *row) quote(field string) (column, value string) {
	var columns, values []string
	for _, name := range x.t.spec.Columns[field].columns() {
		i, ok := x.t.at[headerKey(name)]
		if !ok || i >= len(x.t.header) {
			continue
		}
		columns = append(columns, strings.TrimSpace(x.t.header[i]))
		if i < len(x.cells) {
			values = append(values, strings.TrimSpace(x.cells[i]))
		}
	}
	value = strings.Join(values, " ")
	if r := []rune(value); len(r) > longestQuote {
		value = string(r[:longestQuote-1]) + "…"
	}
	return strings.Join(columns, " + "), value
}

// refuse makes a fault an issue of the cell. Any other error is not the file's: it ends the
// run.
func (x *row) refuse(field string, err error, detail string) {
	f := fault.As(err)
	if f == nil {
		x.failed, x.run.broken = true, errors.Join(x.run.broken, err)
		return
	}
	x.tell(Issue{Level: "error", Field: field, Code: f.Code, Params: f.Params, Detail: detail})
}

func (x *row) note(field, code, value, to string) {
	x.run.note(Note{File: x.t.name(), Field: field, Code: code, Value: value, To: to, Line: x.line})
}

func (x *row) has(target string) bool { _, ok := x.t.spec.Columns[target]; return ok }

// cell returns a column's text, folded; marks of emptiness are "".
func (x *row) cell(column string) string {
	i := x.t.at[headerKey(column)]
	if i >= len(x.cells) {
		return ""
	}
	raw := x.cells[i]
	cleaned := text.Fold(raw)
	if trimmed := strings.Trim(raw, " \t\r\n"); cleaned != trimmed {
		if strings.ContainsRune(raw, '\u00a0') {
			x.note(column, "no_break_space", "", "")
		} else {
			x.note(column, "text_normalised", "", "")
		}
	}
	if x.run.m.isEmpty(cleaned) {
		if cleaned != "" {
			x.note(column, "empty_marker", cleaned, "")
		}
		return ""
	}
	return cleaned
}

// text returns a target's value after templates and value mapping.
func (x *row) text(target string) string {
	c, ok := x.t.spec.Columns[target]
	if !ok {
		return ""
	}
	var value string
	switch {
	case c.Template != "":
		some := false
		value = placeholder.ReplaceAllStringFunc(c.Template, func(p string) string {
			v := x.cell(p[1 : len(p)-1])
			some = some || v != ""
			return v
		})
		if !some {
			return ""
		}
		value = strings.Trim(text.Fold(value), " ·-–—|/,")
	case c.Column != "":
		value = x.cell(c.Column)
		if value == "" && c.Const != "" {
			value = c.Const
		}
	default:
		value = c.Const
	}
	if to, ok := c.Values[value]; ok {
		if to != value {
			x.note(target, "value_mapped", value, to)
		}
		value = to
	}
	if len(value) > 4000 {
		x.issue("error", target, "input.too_long", "more than 4000 bytes")
		return ""
	}
	return value
}

func (x *row) date(target string) (calendar.Date, *time.Time) {
	text := x.text(target)
	if text == "" {
		return "", nil
	}
	format := "ymd"
	if d := x.t.dates[target]; d != nil {
		format = d.format(x.t.spec.Columns[target].Format)
	}
	d, at, err := parseDate(text, format, x.run.a.Company.Zone())
	if err != nil {
		x.issue("error", target, "import.bad_date", err.Error())
	}
	return d, at
}

// past reads the day of what has happened: one that has not come is refused, since it would
// stand in no figure until then and could not be typed in by hand either.
func (x *row) past(target string) (calendar.Date, *time.Time) {
	d, at := x.date(target)
	if today := x.run.a.Today; d > today {
		x.issue("error", target, "import.date_in_future", "the day has not come yet: today is "+string(today))
	}
	return d, at
}

func (x *row) amount(target, currency string) *int64 {
	text := x.text(target)
	if text == "" {
		return nil
	}
	v, err := money.Parse(text, currency)
	if err == nil {
		if v < 0 {
			x.issue("error", target, "import.negative_amount", "an amount below zero")
			return nil
		}
		if unit := x.t.spec.Columns[target].Unit; unit != "" {
			n, e := strconv.ParseInt(unit, 10, 64)
			if e != nil || n <= 0 {
				x.issue("error", target, "mapping.unit_malformed", "unit is a whole number such as 10000")
				return nil
			}
			v = min(v, money.MaxMinor/n+1) * n
		}
		if v > money.MaxMinor {
			x.issue("error", target, "import.amount_too_large", "more than an amount can be")
			return nil
		}
		return &v
	}
	x.issue("error", target, "import.bad_amount", "not an amount")
	return nil
}

// percent reads 80%, 80 and 0.8 as basis points.
func (x *row) percent(target string) *int64 {
	text := x.text(target)
	if text == "" {
		return nil
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, "%")), 64)
	if err == nil && !strings.HasSuffix(text, "%") && v <= 1 {
		v *= 100
	}
	if err != nil || v < 0 || v > 100 {
		x.issue("error", target, "import.bad_percent", "0 to 100 percent")
		return nil
	}
	bp := int64(v*100 + 0.5)
	return &bp
}
