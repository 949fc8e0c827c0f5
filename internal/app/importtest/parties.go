package importtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

var fieldsOf = map[string][]Field{"opportunity": dealFields, "account": accountFields, "contact": contactFields}

// inEvery is how many of a kind's fields are in every file.
var inEvery = map[string]int{"opportunity": 4, "account": 3, "contact": 4}

var accountFields = []Field{
	{"name", Text, false, map[string][]string{"zh": {"客户名称", "公司名称", "客户", "客户全称", "企业名称"}, "tw": {"客戶名稱", "公司名稱"},
		"en": {"Account Name", "Company", "Customer Name", "Company Name"}, "de": {"Account Name", "Company"}}},
	{"industry", Text, false, map[string][]string{"zh": {"行业", "所属行业", "行业分类"}, "tw": {"行業"}, "en": {"Industry", "Sector"}, "de": {"Industry"}}},
	{"class", Text, false, map[string][]string{"zh": {"客户级别", "客户等级", "等级", "级别"}, "tw": {"客戶級別"}, "en": {"Tier", "Account Type", "Segment"}, "de": {"Segment"}}},
	{"region", Text, false, map[string][]string{"zh": {"区域", "地区", "省份"}, "tw": {"區域"}, "en": {"Region", "Country"}, "de": {"Region"}}},
	{"externalId", Text, false, map[string][]string{"zh": {"客户编号", "编号", "客户代码"}, "tw": {"客戶編號"}, "en": {"Account ID", "Customer ID", "ID"}, "de": {"ID"}}},
	{"createdOn", Day, false, map[string][]string{"zh": {"建档日期", "创建日期", "登记日期"}, "tw": {"建立日期"}, "en": {"Created Date", "Created On"}, "de": {"Created"}}},
}

var contactFields = []Field{
	{"name", Text, false, map[string][]string{"zh": {"姓名", "联系人", "联系人姓名"}, "tw": {"姓名", "聯絡人"}, "en": {"Contact Name", "Full Name", "Contact"}, "de": {"Full Name"}}},
	{"account", Text, false, map[string][]string{"zh": {"单位", "公司", "客户名称", "所属客户"}, "tw": {"公司"}, "en": {"Company", "Account Name"}, "de": {"Company"}}},
	{"mobile", Text, false, map[string][]string{"zh": {"手机", "手机号", "手机号码", "移动电话"}, "tw": {"手機"}, "en": {"Mobile", "Mobile Phone", "Cell"}, "de": {"Mobile"}}},
	{"title", Text, false, map[string][]string{"zh": {"职务", "职位", "岗位"}, "tw": {"職務", "職位"}, "en": {"Title", "Job Title", "Position"}, "de": {"Title"}}},
	{"email", Text, false, map[string][]string{"zh": {"邮箱", "电子邮箱"}, "tw": {"電子郵件"}, "en": {"Email", "E-mail"}, "de": {"Email"}}},
	{"wechat", Text, false, map[string][]string{"zh": {"微信", "微信号"}, "tw": {"微信"}, "en": {"WeChat"}, "de": {"WeChat"}}},
	{"externalId", Text, false, map[string][]string{"zh": {"联系人编号", "编号"}, "tw": {"編號"}, "en": {"Contact ID", "ID"}, "de": {"ID"}}},
}

// NewParties makes so many customers, or people there, of a language.
func NewParties(r *rand.Rand, kind, language string, count int, today time.Time) Book {
	v := words[language]
	space := ""
	if language == "en" || language == "de" {
		space = " "
	}
	b := Book{Kind: kind, Language: language}
	taken := map[string]bool{}
	for i := range count {
		company := strings.Join([]string{pick(r, v.places), pick(r, v.trades), pick(r, v.tails)}, space)
		d := Record{"externalId": []string{fmt.Sprint("C", 100+i), fmt.Sprintf("%05d", i+7)}[i%2], "name": company, "industry": pick(r, v.trades), "class": pick(r, []string{"A", "B", "C"}),
			"region": pick(r, v.regions), "createdOn": today.AddDate(0, 0, -r.IntN(900)-1).Format(time.DateOnly)}
		if kind == "contact" {
			d = Record{"externalId": d["externalId"], "name": pick(r, v.people) + space + string(rune('A'+i%26)) + string(rune('A'+i/26)), "account": company,
				"mobile": fmt.Sprint(13_000_000_000 + r.Int64N(999_999_999)), "title": pick(r, []string{"CEO", "CTO", "IT"}), "email": fmt.Sprintf("p%d@example.com", i), "wechat": fmt.Sprint("wx_", i)}
		}
		for taken[d["name"]] {
			d["name"] = fmt.Sprint(i, space, d["name"])
		}
		taken[d["name"]] = true
		for _, key := range []string{"industry", "class", "region", "createdOn", "mobile", "title", "email", "wechat"} {
			if r.IntN(8) == 0 {
				delete(d, key)
			}
		}
		b.Deals = append(b.Deals, d)
	}
	return b
}
