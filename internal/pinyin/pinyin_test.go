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

// TestCompareOrdersAsKeysDo compares the order that makes no keys with that of the keys.
func TestCompareOrdersAsKeysDo(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 9))
	letters := []rune("华新机电集团长乐㐀𠀀々aBz09éÉßİ (-_.)%华华新 ")
	name := func() string {
		out := make([]rune, rng.IntN(6))
		for i := range out {
			out[i] = letters[rng.IntN(len(letters))]
		}
		return string(out)
	}
	alike := 0
	for range 200_000 {
		x, y := name(), name()
		if rng.IntN(2) == 0 {
			y = x + y
		}
		keyX, _ := pinyin.Keys(x)
		keyY, _ := pinyin.Keys(y)
		want := strings.Compare(keyX, keyY)
		got := pinyin.Compare(strings.ToLower(text.Fold(x)), strings.ToLower(text.Fold(y)))
		if got < 0 != (want < 0) || got > 0 != (want > 0) {
			t.Fatalf("%q (%q) beside %q (%q): %d, want %d", x, keyX, y, keyY, got, want)
		}
		if want == 0 && x != y {
			alike++
		}
	}
	if alike < 100 {
		t.Errorf("only %d names of the same reading", alike)
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

// BenchmarkBegins searches names that begin with other letters, as most do.
func BenchmarkBegins(b *testing.B) {
	for b.Loop() {
		for _, name := range []string{"商机10234", "华新重工二期改造", "abb 变频器 2期"} {
			if pinyin.Begins(name, "sj12") {
				b.Fatal(name)
			}
		}
	}
}

// TestABeginningIsAskedOfManyAsOfOne compares what reads from tables with what spells, and with
// the keys themselves.
func TestABeginningIsAskedOfManyAsOfOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	letters := []rune("华新机电集团长乐㐀𠀀々aBz09éÉßİ (-_.)%华华新 ")
	found, other := 0, 0
	for range 200_000 {
		out := make([]rune, rng.IntN(6))
		for i := range out {
			out[i] = letters[rng.IntN(len(letters))]
		}
		name := strings.ToLower(text.Fold(string(out)))
		full, initials := pinyin.Keys(name)
		asked := []string{full, initials, "hx", "huax", "h", "a0", "-", "jidi", "é"}[rng.IntN(9)]
		if n := rng.IntN(4); n > 0 && len(asked) > n {
			asked = asked[:n]
		}
		if asked == "" {
			continue
		}
		many := pinyin.NewBeginning(asked)
		want := strings.HasPrefix(full, asked) || strings.HasPrefix(initials, asked)
		if got := many.Of(name); got != want || pinyin.Begins(name, asked) != want {
			t.Fatalf("%q of %q (%q, %q): %v, want %v", asked, name, full, initials, got, want)
		}
		if want {
			found++
		} else {
			other++
		}
	}
	if found < 1000 || other < 1000 {
		t.Errorf("%d found, %d not", found, other)
	}
}
