package form

import (
	"math/big"
	"strings"
)

// Chinese numerals, everyday and of the accountant: 三十五, 二〇二六, 壹佰万, 十二.
var (
	hanDigit = map[rune]int64{'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
		'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	hanTimes = map[rune]int64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 10_000, '亿': 100_000_000}
)

func isHanDigit(r rune) bool { _, ok := hanDigit[r]; return ok }

// hanNumber reads a Chinese numeral: digits in a row (二〇二六) or with their places (三百二十).
func hanNumber(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	var total, section, digit int64
	places, digits := false, 0
	for _, r := range s {
		if d, ok := hanDigit[r]; ok {
			if !places && digits > 0 {
				digit = digit*10 + d
			} else {
				digit = d
			}
			digits++
			continue
		}
		times, ok := hanTimes[r]
		if !ok || total > 1<<40 || digit > 1<<40 {
			return 0, false
		}
		places = true
		switch {
		case times >= 10_000:
			total = (total + section + digit) * times
			section = 0
		case digit == 0 && section == 0: // 十二
			section = times
		default:
			section += digit * times
		}
		digit = 0
	}
	return total + section + digit, digits > 0 || strings.ContainsAny(s, "十拾")
}

// hanToDigits writes the Chinese numerals before 年, 月, 日, 号, 季, 点 and 分 in digits: 十二月底 is
// 12月底.
func hanToDigits(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return isHanDigit(r) || r == '十' }) < 0 {
		return s
	}
	var out strings.Builder
	run := ""
	flush := func(next rune) {
		if n, ok := hanNumber(run); ok && strings.ContainsRune("年月日号季点分", next) {
			out.WriteString(big.NewInt(n).String())
		} else {
			out.WriteString(run)
		}
		run = ""
	}
	for _, r := range s {
		if isHanDigit(r) || r == '十' {
			run += string(r)
			continue
		}
		flush(r)
		out.WriteRune(r)
	}
	flush(0)
	return out.String()
}
