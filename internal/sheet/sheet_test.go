package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"yunchou/internal/sheet"

	"github.com/xuri/excelize/v2"
)

func table(t *testing.T, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.New(&b, format)
	if err != nil {
		t.Fatal(err)
	}
	minor, bp := int64(123456), int64(5000)
	for _, row := range [][]any{{"名称", "金额"}, {"=1+1", sheet.Amount{Minor: &minor, Currency: "CNY"}, sheet.Percent{BP: &bp}}, {"换行\n引号\"", sheet.Amount{Currency: "CNY"}, sheet.Percent{}}} {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCSVNeutralisesFormulasAndKeepsEveryCharacter(t *testing.T) {
	raw := string(table(t, sheet.CSV))
	if !strings.HasPrefix(raw, "\ufeff") {
		t.Error("Excel would not read it as UTF-8")
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(raw, "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[1][0] != "'=1+1" || rows[1][1] != "1234.56" || rows[1][2] != "50.00%" || rows[2][0] != "换行\n引号\"" || rows[2][1] != "" {
		t.Errorf("%q", rows)
	}
}

func TestXLSXHoldsNumbersAsNumbersAndTextAsText(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(table(t, sheet.XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": "=1+1", "B2": "1234.56", "C2": "50.00%", "B3": ""} {
		if got, err := f.GetCellValue("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
	}
	if formula, err := f.GetCellFormula("Sheet1", "A2"); err != nil || formula != "" {
		t.Errorf("A2 would run %q (%v)", formula, err)
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	if _, err := sheet.New(&bytes.Buffer{}, "pdf"); err == nil {
		t.Error("pdf was taken")
	}
}

// TestNoCellRunsAsAFormula: whatever stands before it unseen, in CSV; in XLSX a text is a text,
// whole and as it was, and no file a program calls damaged.
func TestNoCellRunsAsAFormula(t *testing.T) {
	texts := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\u200b=1", "\ufeff=1", "＝1+1", "＋1", "－1", "＠x", "=cmd|'/c calc'!A1", "'=1", "''+1"}
	plain := []string{"", "a=1", "1-1", "二期", "'", "'n", "''", "a\u202eb", "]]>", "<&>\"", "  两边空格  ", strings.Repeat("长", 40_000), "\x00\x01"}
	var c, x bytes.Buffer
	for format, out := range map[string]*bytes.Buffer{sheet.CSV: &c, sheet.XLSX: &x} {
		w, err := sheet.New(out, format)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range append(texts, plain...) {
			if err := w.Row([]any{text, "b"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.String(), "\ufeff")))
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if got := sheet.Plain(row[0]); got != strings.ReplaceAll(append(texts, plain...)[i], "\r", "") { // encoding/csv writes none
			t.Errorf("CSV: %q comes back as %.40q", row[0], got)
		}
		if guarded := strings.HasPrefix(row[0], "'"); i < len(texts) && !guarded || i > len(texts)+6 && guarded {
			t.Errorf("CSV: %q", row[0])
		}
	}
	f, err := excelize.OpenReader(&x)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range append(texts, plain...) {
		at := fmt.Sprint("A", i+1)
		want := strings.NewReplacer("\x00", "\ufffd", "\x01", "\ufffd").Replace(text)
		if len(want) > 100_000 {
			want = strings.Repeat("长", 32767)
		}
		if got, err := f.GetCellValue("Sheet1", at); err != nil || got != want {
			t.Errorf("XLSX: %.40q, want %.40q, %v", got, want, err)
		}
		if formula, err := f.GetCellFormula("Sheet1", at); err != nil || formula != "" {
			t.Errorf("%s would run %q (%v)", at, formula, err)
		}
	}
}

func TestAWideTableHasItsColumns(t *testing.T) {
	var b bytes.Buffer
	w, err := sheet.New(&b, sheet.XLSX)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]any, 800)
	for i := range row {
		row[i] = fmt.Sprint(i)
	}
	if err := errors.Join(w.Row(row), w.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 25, 26, 51, 52, 701, 702, 799} {
		at, err := excelize.CoordinatesToCellName(i+1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.GetCellValue("Sheet1", at); err != nil || got != fmt.Sprint(i) {
			t.Errorf("%s is %q, %v", at, got, err)
		}
	}
}

// TestATextIsNoEscape: what looks like a character by its number is written so that it stays
// what was typed (ECMA-376, part 1, 22.9.2.19).
func TestATextIsNoEscape(t *testing.T) {
	var b bytes.Buffer
	w, err := sheet.New(&b, sheet.XLSX)
	if err := errors.Join(err, w.Row([]any{"_x0041_"}), w.Close()); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil || !strings.Contains(string(raw), ">_x005F_x0041_<") {
		t.Errorf("%s, %v", raw, err)
	}
}

// TestATableToBeFilledSaysWhatItTakes: another program finds the notes, the choices and the forms.
func TestATableToBeFilledSaysWhatItTakes(t *testing.T) {
	var b bytes.Buffer
	w, err := sheet.New(&b, sheet.XLSX)
	if err := errors.Join(err, w.Row([]any{sheet.Heading{Text: "名称", Note: "必填 <&>"}, sheet.Heading{Text: "阶段", Choices: []string{"机会", "=入围", "中\"标"}},
		sheet.Heading{Text: "日期", Form: sheet.Day}}), w.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := f.GetComments("Sheet1")
	if err != nil || len(notes) != 1 || notes[0].Cell != "A1" || notes[0].Text != "必填 <&>" {
		t.Errorf("%+v, %v", notes, err)
	}
	choices, err := f.GetDataValidations("Sheet1")
	if err != nil || len(choices) != 1 || choices[0].Formula1 != "Lists!$B$1:$B$3" || !strings.HasPrefix(choices[0].Sqref, "B2:") {
		t.Errorf("%+v, %v", choices, err)
	}
	if got, err := f.GetCellValue("Lists", "B2"); err != nil || got != "=入围" {
		t.Errorf("%q, %v", got, err)
	}
	if visible, err := f.GetSheetVisible("Lists"); err != nil || visible {
		t.Errorf("the lists are seen, %v", err)
	}
	if style, err := f.GetColStyle("Sheet1", "C"); err != nil || style != int(sheet.Day) {
		t.Errorf("%d, %v", style, err)
	}
}
