package form

import "strings"

// nothing is what people write where they have nothing to write, in lower case.
var nothing = map[string]bool{}

func init() {
	for _, word := range []string{"-", "--", "---", "—", "——", "–", "/", "//", `\`, "?", "??", ".", "*", "待定", "未定", "面议", "另议", "价格面议", "待确认", "待补充", "待补",
		"待填", "待议", "未知", "不详", "不清楚", "暂无", "暂未", "无", "没有", "空", "未填", "(空)", "(空白)", "n/a", "#n/a", "na", "nan", "nat", "null", "(null)",
		"none", "nil", "tbd", "tbc", "tba", "t.b.d.", "unknown", "not set", "(blank)", "(none)", "not available", "undefined", "#ref!", "#value!",
		"#div/0!", "#name?", "#null!", "#num!"} {
		nothing[word] = true
	}
}

// Nothing tells whether a text, folded, stands for no value: 待定, -, N/A. In a column of days,
// amounts or rates it leaves the cell empty; in one of names it may be a name.
func Nothing(text string) bool { return text == "" || nothing[strings.ToLower(text)] }

// NothingWords are such texts as a mapping lists them, for columns of names.
func NothingWords() []string {
	return []string{"-", "--", "—", "/", "None", "NaT", "NaN", "NULL", "N/A", "#N/A", "Select", "TBD", "待定", "未定", "待确认", "未知", "不详", "暂无", "无"}
}
