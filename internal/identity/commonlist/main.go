// Command commonlist writes the list of passwords nobody may choose. It is made, not copied:
// words and habits that every report on chosen passwords names, put together the way people
// do.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := os.WriteFile("internal/identity/common.txt.gz", Packed(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Packed is the list, sorted, one a line, compressed.
func Packed() []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(strings.Join(list(), "\n") + "\n"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // in memory
	}
	return b.Bytes()
}

// english are words people choose: greetings, love, months, animals, teams, first names, keys.
const english = `password passwort passw0rd p@ssw0rd p@ssword pass admin administrator root welcome letmein login master
secret changeme default guest test tester testing user username system server office company manager sales
iloveyou loveyou lovely love sweetheart honey baby angel princess prince sunshine flower butterfly rainbow
monkey dragon tiger lion eagle falcon shadow ninja hunter ranger killer warrior soldier phoenix unicorn
football baseball basketball soccer hockey tennis golf liverpool arsenal chelsea barcelona realmadrid juventus
superman batman spiderman ironman starwars pokemon naruto pikachu matrix gandalf hogwarts minecraft
summer winter spring autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday morning evening birthday christmas holiday
michael jennifer jessica jordan daniel charlie thomas robert michelle nicole andrew joshua matthew anthony
ashley amanda samantha elizabeth george william richard joseph david james maria anna laura sarah alex max
computer internet google facebook microsoft windows samsung apple iphone android huawei xiaomi oracle cisco
freedom success forever family friends friend happy hello helloworld whatever nothing something everything
cheese chocolate cookie banana orange cherry pepper ginger coffee whisky vodka diamond silver golden money
mustang ferrari porsche mercedes corvette harley yamaha honda toyota purple yellow black white green blue red
london paris berlin newyork america canada australia england china shanghai beijing hongkong singapore tokyo
access trustno1 qazwsx qwerty qwertz azerty asdfgh zxcvbn qwertyuiop asdfghjkl zxcvbnm zaq1zaq1 1q2w3e4r 1qaz2wsx
q1w2e3r4 abc abcd abcdef abcdefg a1b2c3 aa abc123 a123456 q123456 asd qwe zxc qweasd qweasdzxc asdasd qweqwe`

// chinese are the same in pinyin and in figures that sound like words.
const chinese = `woaini woaiwo woaini1314 woaini520 aini1314 aini nihao nihaoma nimabi wodemima mima mimamima mimashi
woshishui woaiwojia woaizhongguo zhongguo zhonghua beijing shanghai guangzhou shenzhen hangzhou nanjing chengdu
wuhan xian tianjin chongqing suzhou laopo laogong baobei baobao baobeier qinaide xihuanni meiguo jiayou gongxi
facai gongxifacai wanshiruyi xinnian kuaile shengri shengrikuaile kaixin xingfu pingan jiankang shunli fafafa
daqian zhuanqian laoban jingli xiaoshou xiaoshoubu guanliyuan guanli gongsi shichang caiwu renshi kehu yewu
zhang wang li zhao chen liu yang huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang
feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv su lu jiang cai jia ding wei xue ye yan pan du dai
zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuwei wangxiuying zhangli lili zhangjing wangyan
xiaoming xiaohong xiaofang xiaolong xiaoyu xiaoxiao tiantian mingming lele dandan yangyang huanhuan
tencent taobao alibaba baidu weixin wechat alipay zhifubao jingdong douyin weibo qq qqqq asd123 dearbook
5201314 1314520 520520 5211314 1314521 7758521 7758258 584520 584131420 1314 520 521 147258369 woaiqian tiankong`

// behind is what people hang on behind a word.
const behind = `1 2 3 11 12 21 22 23 69 77 88 99 007 100 101 111 123 321 222 234 333 456 520 521 555 666 777 789 888 999
1234 4321 1314 1111 2222 6666 8888 9999 12345 54321 11111 66666 88888 123456 654321 111111 666666 888888 1234567
12345678 123456789 1234567890 0123456789 5201314 ! !! !@# @123 #123 _123 123! 1234! @1234 ! . ? a abc qwe asd
1990 1991 1992 1993 1994 1995 1996 1997 1998 1999 2000 2001 2008 2010 2015 2016 2017 2018 2019 2020 2021 2022
2023 2024 2025 2026 2027 2023! 2024! 2025! 2026! @2024 @2025 @2026`

// rows are keys beside one another, and figures in order.
const rows = `qwertyuiop asdfghjkl zxcvbnm qwertyuiopasdfghjklzxcvbnm 1234567890 0987654321 abcdefghijklmnopqrstuvwxyz
zyxwvutsrqponmlkjihgfedcba 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p q1w2e3r4t5y6u7i8o9p0 1q2w3e4r5t6y7u8i9o0p
qazwsxedcrfvtgbyhnujmikolp zaqxswcdevfrbgtnhymjukilop 1a2b3c4d5e6f7g8h9i a1b2c3d4e5f6g7h8i9 !@#$%^&*()_+
147258369 369258147 159357 741852963 963852741 1a2s3d4f5g6h7j8k9l asdfghjklqwertyuiop zxcvbnmasdfghjklqwertyuiop
qwerty123456asdfgh qwertzuiop azertyuiop poiuytrewq lkjhgfdsa mnbvcxz`

// sentences are known ones, without the spaces.
const sentences = `correcthorsebatterystaple thequickbrownfox thequickbrownfoxjumpsoverthelazydog maytheforcebewithyou
tobeornottobe iloveyousomuch iloveyouforever ihatepasswords thisismypassword mypasswordispassword
passwordpassword letmeinletmein changemechangeme passwordishere opensesame onceuponatime livelaughlove
woaininiaiwoma woaiwojiaren woaiwodezuguo wodemimashi123456 zhonghuarenmingongheguo tiantianxiangshang
haohaoxuexitiantianxiangshang gongxifacaihongbaonalai womenshihaopengyou xuexishiwokuaile wanshidaji
administratorpassword defaultpassword temporarypassword welcometothecompany longpassword longpassword123
averylongpassword alongenoughpassword passwordlongenough`

// list is everything, each once, sorted.
func list() []string {
	var out []string
	tails := append(strings.Fields(behind), "")
	words := append(strings.Fields(english), strings.Fields(chinese)...)
	for _, w := range words {
		for _, tail := range tails {
			if len(w)+len(tail) >= 6 {
				out = append(out, w+tail)
			}
		}
	}
	for _, row := range strings.Fields(rows) {
		for n := 6; n <= len(row); n++ {
			out = append(out, row[:n])
		}
	}
	out = append(out, strings.Fields(sentences)...)
	for i, w := range words { // two words in a row, as in the lists
		out = append(out, w+words[(i+1)%len(words)], w+w)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
