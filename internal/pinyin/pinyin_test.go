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
		"重庆钢铁":          {"chongqinggangtie", "cqgt"},
		"三一重工":          {"sanyizhonggong", "syzg"},
		"单先生":           {"shanxiansheng", "sxs"},
		"单位一体化平台":       {"danweiyitihuapingtai", "dwythpt"},
		"南京市长江大桥":       {"nanjingshichangjiangdaqiao", "njscjdq"}, // no 市长 in it
		"湖南大学长沙校区":      {"hunandaxuechangshaxiaoqu", "hndxcsxq"},
		"设计院长春分院":       {"shejiyuanchangchunfenyuan", "sjyccfy"},
		"王院长":           {"wangyuanzhang", "wyz"},
		"成长期基金":         {"chengzhangqijijin", "czqjj"},
		"标的物管理":         {"biaodiwuguanli", "bdwgl"},
		"莘凯":            {"shenkai", "sk"},
		"尉凯":            {"weikai", "wk"},
		"Café Müller":   {"cafemuller", "cm"},
		"🚀火箭":           {"huojian", "hj"},
		"𬭎达":            {"hongda", "hd"}, // beyond the basic plane
		"𪚥":             {"zhe", "z"},
		"":              {"", ""},
		"--":            {"", ""},
	} {
		if full, initials := pinyin.Keys(name); full != want[0] || initials != want[1] {
			t.Errorf("%q: %q, %q", name, full, initials)
		}
	}
}

func TestANameIsSpeltInEveryPlausibleWay(t *testing.T) {
	for name, want := range map[string]pinyin.Spelled{
		"重庆二期":    {"chongqingerqi", "cqeq", "'chong'qing'er'qi"},
		"单晓":      {"shanxiao", "sx dx", "'shan'xiao;'dan'xiao danxiao"},
		"绿源A2":    {"lvyuana2", "lya2", "'lv'yuan;'lu'yuan luyuana2"},
		"CAFÉ 天台": {"cafetiantai", "ctt", "'tian'tai|cafe 天台"},
		"ABB":     {"abb", "a", ""},
	} {
		if got := pinyin.SpelledOf(name); got != want {
			t.Errorf("%q: %+v", name, got)
		}
	}
	if n := len(strings.Fields(pinyin.SpelledOf("重重重重重重重重重").Initials)); n > 8 || n < 2 {
		t.Errorf("%d initials", n)
	}
}

// letters are those names are made of here: of several readings, in words, of families, rare and foreign.
var letters = []rune("华新机电集团长乐重庆银行厦门单曾安朝阳会计㐀㐂𠀀々aBz09éÉßİđuÜü (-_.|';)%华华新 ")

func madeUp(rng *rand.Rand, most int) string {
	out := make([]rune, rng.IntN(most))
	for i := range out {
		out[i] = letters[rng.IntN(len(letters))]
	}
	return string(out)
}

// TestCompareOrdersAsKeysDo compares the order that makes no keys with that of the keys.
func TestCompareOrdersAsKeysDo(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 9))
	alike := 0
	for range 60_000 {
		x, y := madeUp(rng, 6), madeUp(rng, 6)
		if rng.IntN(2) == 0 {
			y = x + y
		}
		keyX, _ := pinyin.Keys(x)
		keyY, _ := pinyin.Keys(y)
		want := strings.Compare(keyX, keyY)
		got := pinyin.Compare(text.Plain(x), text.Plain(y))
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

// TestMemoryFindsWhatTablesFind compares what is asked of names in memory with what is asked of all that
// tables keep of them.
func TestMemoryFindsWhatTablesFind(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	found, other := 0, 0
	for range 60_000 {
		name := madeUp(rng, 9)
		kept := pinyin.SpelledOf(name)
		plain := text.Plain(name)
		query := [...]string{kept.Full, kept.Initials, kept.Others, plain, "chongq", "yinhang", "hx", "hxjd", "huax", "h", "a0", "-", "é", "sx", "xia", "an", "bue9"}[rng.IntN(17)]
		if r := []rune(strings.Trim(query, "'")); len(r) > 0 {
			from := rng.IntN(len(r))
			query = strings.NewReplacer("'", "", ";", "").Replace(string(r[from : from+1+rng.IntN(len(r)-from)]))
		}
		m := pinyin.NewMatcher(query)
		want := m.Holds(name, kept)
		if got := m.Of(plain); got != want {
			t.Fatalf("%q asked of %q (%+v): %v, want %v", query, name, kept, got, want)
		}
		if got := m.Rank(plain); m.Part != "" && got > pinyin.Not != want {
			t.Fatalf("%q asked of %q (%+v): rank %d, found %v", query, name, kept, got, want)
		}
		if want {
			found++
		} else {
			other++
		}
	}
	if found < 5_000 || other < 5_000 {
		t.Errorf("%d found, %d not", found, other)
	}
}

func TestWhatIsFoundBetterComesFirst(t *testing.T) {
	for _, tt := range []struct {
		query, name string
		want        pinyin.Rank
	}{
		{"mueller", "Müller", pinyin.Whole}, {"mueller", "Müller & Söhne", pinyin.Begins}, {"soehne", "Müller & Söhne", pinyin.Word}, {"xuefeng", "Xufeng", pinyin.Not},
		{"华新", "华新", pinyin.Whole}, {"huaxin", "华新", pinyin.Whole}, {"HuaXin", "华新机电", pinyin.Begins}, {"hxj", "华新机电", pinyin.Begins},
		{"华新", "上海华新", pinyin.Word}, {"huaxin", "上海华新", pinyin.Word}, {"abb", "上海 ABB", pinyin.Word}, {"bb", "ABB", pinyin.Inside},
		{"hxj", "上海华新机电", pinyin.Inside}, {"hx", "上海华新机电", pinyin.Not}, {"uaxin", "华新", pinyin.Not}, {"23", "A1234", pinyin.Inside}, {"12", "A12", pinyin.Word},
		{"chongqing", "国网重庆电力", pinyin.Word}, {"zhongqing", "国网重庆电力", pinyin.Not}, {"xi'an", "西安", pinyin.Whole}, {"xian", "西安", pinyin.Whole},
	} {
		m := pinyin.NewMatcher(tt.query)
		if got := m.Rank(text.Plain(tt.name)); got != tt.want {
			t.Errorf("%s of %s: %d, want %d", tt.query, tt.name, got, tt.want)
		}
	}
}

// BenchmarkMatcher searches names that are not meant, as most are.
func BenchmarkMatcher(b *testing.B) {
	for _, query := range []string{"sj12", "chongqing", "华新", "zhang"} {
		b.Run(query, func(b *testing.B) {
			m := pinyin.NewMatcher(query)
			for b.Loop() {
				for _, name := range []string{"商品10234", "三一重工二期改造", "abb 变频器 2期", "长沙中联重科备件"} {
					m.Of(name)
				}
			}
		})
	}
}
