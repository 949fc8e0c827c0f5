package sheet_test

import (
	"bytes"
	"encoding/csv"
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
	for cell, want := range map[string]string{"A2": "=1+1", "B2": "1234.56", "C2": "0.5", "B3": ""} {
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
