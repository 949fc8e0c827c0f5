package form

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Looks is what a column's cells look like: shares of its first different texts, from 0 to 1.
type Looks struct {
	Day, Number, Person, Company, Phone, Email, Code, Tiny float64
	Filled, Distinct                                       int64
}

var (
	phone = regexp.MustCompile(`^\+?(?:[-() ./转]{0,2}\d){7,16}$`)
	// code are ids as systems make them: a UUID, the fifteen or eighteen characters of a record of Salesforce.
	code    = regexp.MustCompile(`(?i)^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$|^[0-9a-z]{5}0[0-9a-z]{9}(?:[0-9a-z]{3})?$|^[0-9a-f]{24,40}$`)
	email   = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@.]+$`)
	company = regexp.MustCompile(`(?i)公司|集团|企业|厂$|厂区|银行|大学|学院|医院|研究院|研究所|设计院|中心$|有限|股份|科技|合作社|事务所|管理局|委员会|\b(?:inc|ltd|llc|corp|corporation|gmbh|co|company|group|ag|plc|sa|bv|holdings?|limited|technologies|systems|industries|partners)\b\.?`)
	western = regexp.MustCompile(`^\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){1,3}$`)
)

// surnames are the hundred most frequent, and compound ones, which a Chinese name begins with.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾韦夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤" +
	"常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"

var compound = []string{"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木"}

// IsPerson tells whether a text looks like the name of a person.
func IsPerson(s string) bool {
	rs := []rune(s)
	if len(rs) >= 2 && len(rs) <= 4 && unicode.Is(unicode.Han, rs[0]) {
		for _, r := range rs {
			if !unicode.Is(unicode.Han, r) {
				return false
			}
		}
		for _, c := range compound {
			if strings.HasPrefix(s, c) {
				return true
			}
		}
		return len(rs) <= 3 && strings.ContainsRune(surnames, rs[0])
	}
	return western.MatchString(s) && !company.MatchString(s)
}

// Looks judges a column by its cells; distinct is how many different texts it has, as far as they
// were counted.
func (c *Column) Looks(distinct int64) Looks {
	days := Days{Order: MDY, Zone: time.UTC, Today: "2026-01-01"}
	other := Days{Order: DMY, Zone: time.UTC, Today: "2026-01-01"}
	isDay := func(s string) bool {
		if serial.MatchString(s) || epoch.MatchString(s) {
			return false // it may be any number
		}
		_, err := days.Read(s)
		if err != nil {
			_, err = other.Read(s)
		}
		return err == nil
	}
	isNumber := func(s string) bool {
		_, err := Numbers{}.Read(s)
		if err != nil {
			_, err = Numbers{Decimal: ","}.Read(s)
		}
		return err == nil || strings.HasSuffix(s, "%")
	}
	return Looks{Filled: c.Filled, Distinct: max(distinct, int64(len(c.sample))),
		Day: c.Like(isDay), Number: c.Like(isNumber), Person: c.Like(IsPerson), Company: c.Like(company.MatchString),
		Phone: c.Like(phone.MatchString), Email: c.Like(email.MatchString), Code: c.Like(code.MatchString),
		Tiny: c.Like(func(s string) bool { return utf8.RuneCountInString(s) == 1 })}
}

// Once is the share of cells that say something nobody else says.
func (l Looks) Once() float64 {
	if l.Filled == 0 {
		return 0
	}
	return min(1, float64(l.Distinct)/float64(l.Filled))
}
