package grid

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isNumber tells whether a text is an amount, a count, a share: digits with what goes with them.
func isNumber(text string) bool {
	if first, _ := utf8.DecodeRuneInString(text); unicode.IsLetter(first) && first != '约' {
		return false
	}
	digits, letters := 0, 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9' || r >= '０' && r <= '９':
			digits++
		case strings.ContainsRune(".,-+%() ¥￥$€£'", r), r == '\u00a0':
		case strings.ContainsRune("元万亿千约eEkKmM", r):
			letters++
		default:
			return false
		}
	}
	return digits > 0 && letters <= digits+1
}

var dayLike = regexp.MustCompile(`^\d{1,4}\s?[-/.年]\s?\d{1,2}\s?([-/.月]\s?\d{1,4}\s?日?)?([ T].*)?$`)

// isValue tells whether a text is what stands in a table, and hardly what heads a column: a number
// or a day.
func isValue(text string) bool {
	return isNumber(text) || text != "" && text[0] >= '0' && text[0] <= '9' && dayLike.MatchString(text)
}

// plainNumber reads a number that is written plainly, for sums; false where it is none.
func plainNumber(text string) (float64, bool) {
	if text == "" || len(text) > 30 {
		return 0, false
	}
	if strings.ContainsAny(text, ",¥￥$€£ ") {
		text = strings.NewReplacer(",", "", "¥", "", "￥", "", "$", "", "€", "", "£", "", " ", "").Replace(text)
	}
	if text == "" || text[0] != '-' && text[0] != '.' && (text[0] < '0' || text[0] > '9') {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

func blankText(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > ' ' {
			return c >= 0x80 && strings.TrimSpace(s) == ""
		}
	}
	return true
}

// filled counts the cells that hold something.
func filled(cells []string) (n int) {
	for _, c := range cells {
		if !blankText(c) {
			n++
		}
	}
	return n
}

func cellAt(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}
