package httpapi_test

import (
	"errors"
	"strings"
	"testing"

	"yunchou/internal/httpapi"
	"yunchou/internal/sheet"
)

func TestATableIsHeadedInTheReadersLanguage(t *testing.T) {
	labels := []httpapi.Label{{"商机名称", "Opportunity"}, {"金额", "Amount"}}
	for locale, want := range map[string]string{"zh-CN": "商机名称,金额", "en-US": "Opportunity,Amount"} {
		q := httpapi.ExportQuery{Format: sheet.CSV, Locale: locale}
		file, err := httpapi.TableOf(q, "deals-2026-03-02", func(w sheet.Writer) error { return w.Row(q.Head(labels)) })
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(file.Body), want) {
			t.Errorf("%s: %q", locale, file.Body)
		}
		if want := `attachment; filename="yunchou-deals-2026-03-02.csv"`; file.Disposition != want {
			t.Errorf("disposition %s, want %s", file.Disposition, want)
		}
	}
}

func TestATableThatFailsHalfWayIsAnErrorAndNoFile(t *testing.T) {
	gone := errors.New("connection lost")
	for _, format := range []string{sheet.CSV, sheet.XLSX} {
		file, err := httpapi.TableOf(httpapi.ExportQuery{Format: format}, "deals", func(w sheet.Writer) error {
			if err := w.Row([]any{"first"}); err != nil {
				return err
			}
			return gone
		})
		if file != nil || !errors.Is(err, gone) {
			t.Errorf("%s: file %v, error %v", format, file, err)
		}
	}
}
