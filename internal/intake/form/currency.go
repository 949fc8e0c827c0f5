package form

import (
	"sort"
	"strings"

	"yunchou/internal/money"
)

// currencyWords are how people write a currency beside an amount or in a heading, in lower
// case, to its ISO 4217 code. "¥" and "$" are several currencies' signs: see resolved.
var currencyWords = map[string]string{
	"人民币": "CNY", "rmb": "CNY", "cn¥": "CNY", "cny": "CNY", "cnh": "CNY", "¥": "¥",
	"us$": "USD", "usd": "USD", "美元": "USD", "美金": "USD", "$": "$", "dollar": "$", "dollars": "$",
	"€": "EUR", "eur": "EUR", "欧元": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "英镑": "GBP",
	"hk$": "HKD", "hkd": "HKD", "港币": "HKD", "港元": "HKD", "港幣": "HKD", "nt$": "TWD", "twd": "TWD", "ntd": "TWD", "台币": "TWD", "新台币": "TWD",
	"jpy": "JPY", "jp¥": "JPY", "日元": "JPY", "日圆": "JPY", "円": "JPY", "₩": "KRW", "krw": "KRW", "韩元": "KRW", "₹": "INR", "inr": "INR", "rs.": "INR", "rs": "INR",
	"s$": "SGD", "sgd": "SGD", "新加坡元": "SGD", "新元": "SGD", "a$": "AUD", "aud": "AUD", "澳元": "AUD", "c$": "CAD", "cad": "CAD", "加元": "CAD",
	"chf": "CHF", "瑞士法郎": "CHF", "rub": "RUB", "₽": "RUB", "卢布": "RUB", "thb": "THB", "฿": "THB", "泰铢": "THB", "vnd": "VND", "₫": "VND", "越南盾": "VND",
	"mop": "MOP", "澳门元": "MOP", "myr": "MYR", "rm": "MYR", "林吉特": "MYR", "idr": "IDR", "rp": "IDR", "php": "PHP", "₱": "PHP", "brl": "BRL", "r$": "BRL",
	"mxn": "MXN", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "kr": "SEK", "pln": "PLN", "zł": "PLN", "czk": "CZK", "try": "TRY", "₺": "TRY", "aed": "AED",
	"sar": "SAR", "zar": "ZAR", "ils": "ILS", "₪": "ILS", "nzd": "NZD", "nz$": "NZD", "kwd": "KWD",
}

// longestFirst are the words, so that 美元 is found before 元.
var longestFirst = func() (out []string) {
	for w := range currencyWords {
		out = append(out, w)
	}
	sort.Slice(out, func(i, j int) bool {
		return len(out[i]) > len(out[j]) || len(out[i]) == len(out[j]) && out[i] < out[j]
	})
	return out
}()

// dollars are the currencies whose sign is "$".
var dollars = map[string]bool{"USD": true, "HKD": true, "TWD": true, "SGD": true, "AUD": true, "CAD": true, "NZD": true, "MXN": true, "MOP": true}

// resolved is the currency a sign means beside a company's own: "¥" is the yen of a company that
// counts in yen, "$" the dollar of one that counts in dollars of whatever country.
func resolved(sign, own string) string {
	switch {
	case sign == "¥" && own == "JPY":
		return "JPY"
	case sign == "¥":
		return "CNY"
	case sign == "$" && dollars[own]:
		return own
	case sign == "$":
		return "USD"
	}
	return sign
}

// Currency reads the text of a column of currencies: a code, a sign or a name, as its ISO 4217
// code; own is the company's. "" is none that is known.
func Currency(text, own string) string {
	word := strings.ToLower(strings.Trim(text, " ()[]"))
	if sign, ok := currencyWords[word]; ok {
		return resolved(sign, own)
	}
	if word == "元" || word == "圆" {
		return own
	}
	if code := strings.ToUpper(word); money.ValidCurrency(code) {
		return code
	}
	// "CNY - 人民币", "USD (US Dollar)"
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune(" -()/:,", r) }) {
		if sign, ok := currencyWords[part]; ok {
			return resolved(sign, own)
		}
	}
	return ""
}

// cutCurrency takes a currency's word from either end of a text in lower case.
func cutCurrency(s string) (rest, sign string) {
	for _, w := range longestFirst {
		if after, ok := strings.CutPrefix(s, w); ok && !joins(w, after, false) {
			return strings.TrimSpace(after), currencyWords[w]
		}
		if before, ok := strings.CutSuffix(s, w); ok && !joins(w, before, true) {
			return strings.TrimSpace(before), currencyWords[w]
		}
	}
	return s, ""
}

// joins tells whether a word of letters goes on in the rest, and so is a part of another.
func joins(word, rest string, before bool) bool {
	if _, ok := units[strings.TrimSpace(rest)]; ok { // kUSD
		return false
	}
	letter := func(b byte) bool { return b >= 'a' && b <= 'z' }
	if rest == "" || !letter(word[0]) && !letter(word[len(word)-1]) {
		return false
	}
	if before {
		return letter(word[0]) && letter(rest[len(rest)-1])
	}
	return letter(word[len(word)-1]) && letter(rest[0])
}
