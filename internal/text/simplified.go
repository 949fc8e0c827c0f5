package text

import "strings"

// Simplified writes the characters of headings and stages as in the mainland, so that 專案名稱 and
// 项目名称 are compared in one script; the others stay. It is for words a program knows, not for names.
func Simplified(s string) string {
	return strings.Map(func(r rune) rune {
		if to, ok := simplified[r]; ok {
			return to
		}
		return r
	}, s)
}

// scripts are the traditional, and Japanese, forms each before its simplified one.
const scripts = "機机會会稱称階阶負负責责業业電电氣气產产線线項项節节東东臨临軟软醫医萬万億亿專专額额戶户編编號号單单聯联絡络務务員员進进狀状態态類类別别區区縣县廠厂預预計计簽签約约訂订報报價价" +
	"標标詢询議议談谈處处據据資资訊讯網网實实際际來来時时間间開开關关閉闭贏赢輸输競竞爭争對对備备註注說说現现職职郵邮話话傳传國国臺台灣湾廣广門门級级長长後后總总經经歷历擔担當当點点" +
	"變变動动執执錄录導导測测試试術术設设劃划畫画畢毕結结轉转換换應应該该採采購购發发無无風风險险優优潛潜確确認认質质檢检審审覽览雙双見见積积顧顾応应営营様样価价単单県县戸户帳账賬账" +
	"幣币匯汇營营銷销貨货訪访問问紹绍聲声團团隊队與与為为從从數数書书圖图紙纸種种樣样倉仓庫库運运達达遠远連连繫系係系選选擇择過过還还這这個个們们幫帮屬属層层權权條条極极構构歲岁殘残" +
	"殺杀決决沒没況况準准滿满獎奖獲获環环禮礼穩稳簡简維维緊紧繼继續续習习聽听艦舰藝艺蘇苏補补製制複复規规視视親亲觀观訓训許许評评詳详誤误課课調调請请諮咨證证識识讓让貝贝財财費费貿贸" +
	"賣卖趕赶車车較较載载輕轻轟轰辦办農农遞递適适邊边鄉乡鄰邻鎮镇鐵铁陸陆隨随離离難难靈灵靜静頁页頂顶頻频題题願愿顯显飯饭養养館馆驗验體体鬆松齊齐龍龙龜龟" +
	"発发売卖検检験验変变実实対对総总経经図图渉涉処处済济覧览録录" +
	"敗败丟丢勝胜棄弃終终擱搁歸归組组織织頭头場场圓圆塊块領领監监統统儲储陽阳師师學学藥药銀银鋼钢輛辆協协紀纪檔档廢废闊阔遺遗餘余"

var simplified = func() map[rune]rune {
	out := map[rune]rune{}
	from := rune(0)
	for _, r := range scripts {
		if from == 0 {
			from = r
			continue
		}
		out[from], from = r, 0
	}
	return out
}()
