package intake

import "testing"

// TestEditionsOfAFileAreOneSource: of the ids in it, whatever month, copy or number its name says.
func TestEditionsOfAFileAreOneSource(t *testing.T) {
	for name, want := range map[string]string{
		"2026年度销售台账.xlsx": "销售台账", "2026年销售台账(最终版).xlsx": "销售台账", "1月商机.xlsx": "商机", "商机_20260101.csv": "商机", "商机 2026-01.csv": "商机",
		"第三季度商机.xlsx": "商机", "pipeline-2026-01.csv": "pipeline", "opportunities (3).csv": "opportunities", "report v2 final.xlsx": "report",
		"Q3.xlsx": "Q3", "sales_pipeline.csv": "sales_pipeline", "01-ledger.xlsx": "ledger", "exporters.csv": "exporters", "final.csv": "final", "2026.csv": "2026",
	} {
		if got := sourceOf(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestCellsThatSayNothingAreCountedByRows, however many different texts the column has.
func TestCellsThatSayNothingAreCountedByRows(t *testing.T) {
	for _, different := range []int{3, 2 * mostValues} {
		var v values
		for i := range 3 * different {
			v.add([]string{"待定", "-", "x" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))}[i%3])
		}
		if got, want := v.nothing(), int64(2*different); got != want {
			t.Errorf("%d different: %d say nothing, want %d", different, got, want)
		}
		if got := v.looks(); got.Filled != int64(different) {
			t.Errorf("%d different: %d filled", different, got.Filled)
		}
	}
}
