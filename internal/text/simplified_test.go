package text

import "testing"

// TestWordsOfSellingAreOfOneScript: what a program knows a word for is that word in either script.
func TestWordsOfSellingAreOfOneScript(t *testing.T) {
	for from, to := range map[string]string{"失敗": "失败", "丟單": "丢单", "贏單": "赢单", "勝出": "胜出", "終止": "终止", "擱置": "搁置", "放棄": "放弃",
		"業務負責": "业务负责", "預計簽約": "预计签约", "區域": "区域", "競爭對手": "竞争对手", "類別": "类别"} {
		if got := Simplified(from); got != to {
			t.Errorf("%s is %s", from, got)
		}
	}
}
