package grid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// How plausible is a text in an encoding? The committees that made the East Asian sets put the
// characters people use into one part, by frequency (GB 2312 and Big5 level 1, JIS level 1): a text
// read in the wrong set falls all over it. The commonest characters of lists of business decide
// where a text is too short for that.

const (
	simplified = "的一是在有限公司客户商机名称金额阶段负责人编号项目合同日期状态来源行业地区北京上海广州深圳销售部门备" +
		"注电话联系万元预计实际产品科技信息技术系统集团股份赢单输方案报价投标中国市省区县华东南北西新建年月日" +
		"服务软件设备数据工程管理网络电子医院学校银行大小张王李刘陈杨赵黄周吴丽娟芳伟强明军"
	traditional = "的一是在有限公司客戶商機名稱金額階段負責人編號項目專案合約日期狀態來源行業產業地區臺台北高雄銷售業務" +
		"部門備註電話聯絡萬元預計實際產品科技資訊技術系統集團股份贏單輸方案報價投標中國市省區縣華東南西新建年" +
		"月服務軟體設備數據資料工程管理網路電子醫院學校銀行大小張王李劉陳楊趙黃周吳"
)

// fitOf decodes characters of two bytes and counts those somebody would write; the rarest of GB 18030
// have four.
func fitOf(codec encoding.Encoding, text []byte, plain func(lead, trail byte) bool, common string) (good, all int) {
	decoded := make([]byte, 16)
	d := codec.NewDecoder()
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		all += 2
		if i+1 >= len(text) {
			break
		}
		size := 2
		if codec == simplifiedchinese.GB18030 && within(text[i+1], '0', '9') && i+4 <= len(text) {
			size = 4
		}
		n, _, err := d.Transform(decoded, text[i:i+size], true)
		r, _ := utf8.DecodeRune(decoded[:n])
		switch {
		case err != nil, r == utf8.RuneError: // what cannot be read weighs more than what is rare
			good -= 4
			i++
		case strings.ContainsRune(common, r):
			good += 2
			i += size
		case plain(text[i], text[i+1]):
			good += 2
			all++ // not quite as sure as a common one
			i += size
		default:
			i += size
		}
	}
	return max(good, 0), all
}

func within(c, from, to byte) bool { return c >= from && c <= to }

func fitGB(text []byte) (good, all int) {
	return fitOf(simplifiedchinese.GB18030, text, func(lead, trail byte) bool {
		return within(trail, 0xA1, 0xFE) && (within(lead, 0xB0, 0xD7) || within(lead, 0xA1, 0xA3))
	}, simplified)
}

func fitBig5(text []byte) (good, all int) {
	return fitOf(traditionalchinese.Big5, text, func(lead, trail byte) bool {
		return within(lead, 0xA4, 0xC6) || within(lead, 0xA1, 0xA2)
	}, traditional)
}

// fitJapanese counts kana and kanji of level 1. A katakana of one byte is what most bytes of other
// sets look like, so that it says nothing.
func fitJapanese(text []byte) (good, all int) {
	d := japanese.ShiftJIS.NewDecoder()
	decoded := make([]byte, 16)
	kana := 0
	for i := 0; i < len(text); {
		lead := text[i]
		if lead < utf8.RuneSelf {
			i++
			continue
		}
		all += 2
		if within(lead, 0xA1, 0xDF) || i+1 >= len(text) {
			i++
			continue
		}
		n, _, err := d.Transform(decoded, text[i:i+2], true)
		r, _ := utf8.DecodeRune(decoded[:n])
		switch {
		case err != nil, r == utf8.RuneError:
			good -= 4
			i++
			continue
		case unicode.In(r, unicode.Hiragana, unicode.Katakana), r == 'ー':
			kana++
			good += 2
		case within(lead, 0x88, 0x97), within(lead, 0x81, 0x82):
			good += 2
			all++
		}
		i += 2
	}
	if kana == 0 { // a Japanese list has some
		good /= 2
	}
	return max(good, 0), all
}

// money is what stands beside a currency's sign.
func money(r rune) bool { return r >= '0' && r <= '9' || r == ' ' }

// fitLatin counts letters with marks that stand in words, and signs Western texts have.
func fitLatin(text []byte) (good, all int) {
	at := func(i int) rune {
		if i < 0 || i >= len(text) {
			return 0
		}
		return charmap.Windows1252.DecodeByte(text[i])
	}
	for i, c := range text {
		if c < utf8.RuneSelf {
			continue
		}
		all += 2
		r, before, after := at(i), at(i-1), at(i+1)
		// Where three stand together, they are halves of something else.
		alone := before < utf8.RuneSelf || after < utf8.RuneSelf
		beside := before < utf8.RuneSelf && unicode.IsLetter(before) || after < utf8.RuneSelf && unicode.IsLetter(after)
		switch {
		case unicode.IsLower(r) && alone && beside:
			good += 2
		case unicode.IsUpper(r) && alone && beside && !unicode.IsLower(before):
			good += 2
		case strings.ContainsRune("€£¥", r) && alone && (money(before) || money(after)):
			good += 2
		case strings.ContainsRune("€£¥°–—’‘“”«»\u00a0·§©®™…²³½º¿¡´", r) && alone:
			good++
		}
	}
	return good, all
}
