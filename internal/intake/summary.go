package intake

import (
	"strconv"
	"strings"

	"yunchou/internal/grid"
)

// Issue is something about one cell. An error keeps its row out; a warning does not. Column is
// called as in the file and Value is what stands there, cut short: the list is for whoever
// imported the file.
type Issue struct {
	File   string         `json:"file"`
	Sheet  string         `json:"sheet,omitempty" doc:"of a workbook, once the import has ended"`
	Line   int            `json:"line"`
	Field  string         `json:"field"`
	Column string         `json:"column"`
	Value  string         `json:"value"`
	Level  string         `json:"level" enum:"error,warning"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	Detail string         `json:"detail"`
}

// Header names the columns of a list of issues.
var Header = []string{"file", "sheet", "line", "column", "value", "field", "level", "code", "detail"}

// Cells are an issue's.
func (i Issue) Cells() []string {
	return []string{i.File, i.Sheet, strconv.Itoa(i.Line), i.Column, i.Value, i.Field, i.Level, i.Code, i.Detail}
}

// Note counts one kind of dirt, or of reading between the lines, in one field.
type Note struct {
	File  string `json:"file"`
	Field string `json:"field"`
	Code  string `json:"code"`
	Value string `json:"value"`
	To    string `json:"to,omitempty"`
	Count int64  `json:"count"`
	Line  int    `json:"firstLine"`
}

// Summary is what an import did, or, in a dry run, would do.
type Summary struct {
	Rows      int64            `json:"rows"`
	Created   map[string]int64 `json:"created"`
	Updated   map[string]int64 `json:"updated"`
	Unchanged map[string]int64 `json:"unchanged"`
	Proposed  int64            `json:"proposed" doc:"changes of people that wait to be confirmed: nothing of them was written"`
	Refused   int64            `json:"refused" doc:"rows kept out by an error"`
	Deleted   int64            `json:"deleted" doc:"rows of records that are deleted, left as they are"`
	Errors    int64            `json:"errors"`
	Warnings  int64            `json:"warnings"`
	Notes     []Note           `json:"notes"`
	Files     []FileSummary    `json:"files"`
	StoodAt   *Place           `json:"stoodAt,omitempty" doc:"the last row read, where it ended early"`
}

// Place is a row of a file.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// FileSummary is how one file was understood.
type FileSummary struct {
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	Rows        int64             `json:"rows"`
	Format      Format            `json:"format"`
	Layout      grid.Layout       `json:"layout"`
	Aside       []grid.Aside      `json:"aside" doc:"rows that are none of the table, the first two hundred"`
	AsideCount  int               `json:"asideCount"`
	DateFormats map[string]string `json:"dateFormats"`
	Readings    []Reading         `json:"readings" nullable:"false" doc:"how days, amounts and rates were read"`
	Unused      []string          `json:"unusedColumns"`
	Pipeline    string            `json:"pipelineId,omitempty" doc:"its deals went into"`
	Totals      []Total           `json:"totals,omitempty" doc:"of the amounts that were read, by currency: to be held against the file's own"`
}

// Total is what the amounts of a file come to in one currency.
type Total struct {
	Currency string `json:"currency"`
	Minor    int64  `json:"minor"`
	Cells    int64  `json:"cells"`
}

// place names the sheets issues stand on: a summary knows which sheet each file was read from. A file
// is then called as it lies on the disk.
func (s *Summary) place(issues []Issue) {
	if s == nil {
		return
	}
	sheets := map[string]string{}
	for _, f := range s.Files {
		sheets[f.Name] = f.Format.Sheet
	}
	for i := range issues {
		if sheet := sheets[issues[i].File]; sheet != "" {
			issues[i].Sheet = sheet
			issues[i].File = strings.TrimSuffix(issues[i].File, ofSheet(sheet))
		}
	}
}

// ofSheet is what stands behind a file's name where several of its sheets are read.
func ofSheet(sheet string) string { return " · " + sheet }
