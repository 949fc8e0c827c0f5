package grid_test

import (
	"math/rand/v2"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/grid"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

var sound = []string{
	"商机,客户,金额\n一期,\"华信, 上海\",100\n二期,明德,\"1,200\"\n合计,,1300\n",
	"sep=;\n商机;客户;金额\n一期;华信;1,5\n",
	"<html><meta charset=gb2312><table><tr><th colspan=2>商机<th>金额</tr><tr><td rowspan=2>一期<td>华信<td>100</tr><tr><td>明德<td>5</tr></table>",
	"商机\t金额\r\n一期\t100\r\n",
}

// TestMutatedTextsAreReadOrRefused: a CSV or a page, in any encoding and with bytes changed, is read or
// refused by name.
func TestMutatedTextsAreReadOrRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 3))
	codecs := []encoding.Encoding{encoding.Nop, simplifiedchinese.GB18030, traditionalchinese.Big5, japanese.ShiftJIS,
		unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	codes := map[string]int{}
	for n := range 1500 {
		codec := encoding.ReplaceUnsupported(codecs[rng.IntN(len(codecs))].NewEncoder())
		raw, err := codec.Bytes([]byte(sound[rng.IntN(len(sound))]))
		if err != nil {
			t.Fatal(err)
		}
		for range rng.IntN(6) {
			at := rng.IntN(len(raw))
			switch rng.IntN(4) {
			case 0:
				raw[at] = byte(rng.IntN(256))
			case 1:
				raw = append(raw[:at:at], raw[min(len(raw), at+1+rng.IntN(4)):]...)
			case 2:
				raw = append(raw[:at:at], append([]byte{"\"<>,;\t\n\r\x00\xff|"[rng.IntN(11)]}, raw[at:]...)...)
			case 3:
				raw = append(raw[:at:at], append(raw[at:len(raw):len(raw)], raw[:at]...)...)
			}
			if len(raw) == 0 {
				raw = []byte("x")
			}
		}
		_, err = read(t, raw, grid.Stated{})
		code := fault.CodeOf(err)
		if codes[code]++; code == "internal" {
			t.Errorf("text %d, %q: %v", n, raw, err)
		}
	}
	if t.Log(codes); codes[""] < 500 || codes["file.encoding_unknown"] == 0 {
		t.Error("the mutations are too mild, or too wild")
	}
}
