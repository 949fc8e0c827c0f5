package pinyin_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"yunchou/internal/pinyin"
	"yunchou/internal/text"
)

func TestKeysAreReadingAndInitials(t *testing.T) {
	for name, want := range map[string][2]string{
		"华新机电":          {"huaxinjidian", "hxjd"},
		"ABB 电气(上海) 2号": {"abbdianqishanghai2hao", "adqsh2h"},
		"重庆钢铁":          {"zhongqinggangtie", "zqgt"}, // the commonest reading of each character
		"单先生":           {"danxiansheng", "dxs"},
		"🚀火箭":           {"huojian", "hj"},
		"𬭎达":            {"hongda", "hd"}, // beyond the basic plane
		"":              {"", ""},
		"--":            {"", ""},
	} {
		if full, initials := pinyin.Keys(name); full != want[0] || initials != want[1] {
			t.Errorf("%q: %q, %q", name, full, initials)
		}
	}
}

// TestBeginsTellsWhatKeysTell compares the search that makes no keys with the keys.
func TestBeginsTellsWhatKeysTell(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	letters := []rune("华新机电集团有限公司重庆行长乐㐀𠀀々aBz09éÉßİ (-_.)%")
	found := 0
	for range 20_000 {
		name := make([]rune, rng.IntN(8))
		for i := range name {
			name[i] = letters[rng.IntN(len(letters))]
		}
		folded := text.Fold(string(name))
		full, initials := pinyin.Keys(string(name))
		asked := []string{full, initials, full + "x", "h", "hu", "x", "cq", "zhongq", "0"}
		if n := len(full); n > 0 {
			asked = append(asked, strings.ToValidUTF8(full[:rng.IntN(n)], ""), initials[:min(1, len(initials))])
		}
		for _, q := range asked {
			if q == "" || strings.ToValidUTF8(q, "") != q {
				continue
			}
			want := strings.HasPrefix(full, q) || strings.HasPrefix(initials, q)
			if got := pinyin.Begins(folded, q); got != want {
				t.Fatalf("%q (%q, %q) begins with %q: %v, want %v", name, full, initials, q, got, want)
			}
			if want {
				found++
			}
		}
	}
	if found < 1000 {
		t.Errorf("only %d found", found)
	}
}
