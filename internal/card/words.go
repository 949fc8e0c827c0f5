package card

import (
	"regexp"
	"strings"
	"unicode"
)

// surnames are the family names most people have, those of two characters in front.
var surnames = strings.Fields(`欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 端木 司徒 南宫
王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 袁 潘 于 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈
姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 韦 付 傅 方 白 邹 孟 熊 秦 邱 江 尹 薛 闫 阎 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严 覃 武 戴 莫 孔 向
汤 温 康 施 文 牛 樊 葛 邢 安 齐 易 乔 伍 庞 颜 倪 庄 聂 章 鲁 岳 翟 殷 詹 申 欧 耿 关 兰 焦 俞 左 柳 甘 祝 包 宁 尚 符 舒 阮 柯 纪 梅 童 凌 毕 单 季 裴
霍 涂 成 苗 谷 盛 曲 翁 冉 骆 蓝 路 游 辛 靳 欧 管 柴 蒙 鲍 华 喻 祁 蒲 房 滕 屈 饶 解 牟 艾 尤 阳 时 穆 农 司 卓 古 吉 缪 简 车 项 连 芦 麦 褚 娄 窦 戚
岑 景 党 宫 费 卜 冷 晏 席 卫 米 柏 宗 瞿 桂 全 佟 应 臧 闵 苟 邬 边 卞 姬 师 和 仇 栾 隋 商 刁 沙 荣 巫 寇 桑 郎 甄 丛 仲 虞 敖 巩 明 佘 池 查 麻 苑 迟
邝 官 封 谈 匡 鞠 惠 荆 乐 冀 郁 胥 南 班 储 原 栗 燕 楚 鄢 劳 谌 奚 皮 粟 冼 蔺 楼 盘 满 闻 位 厉 伊 仝 区 郜 海 阚 花 权 强 帅 屠 豆 朴 盖 练 廉 禹 井`)

// titles stand at the end of what somebody is, the longer in front.
const titles = `副总经理|总经理助理|总经理|常务副总裁|副总裁|总裁助理|总裁|副董事长|董事长|董事会秘书|董事|总工程师|副总工程师|副总监|总监|副经理|经理助理|经理|副主管|主管|副主任|主任|副科长|科长|副处长|处长|副部长|部长|副厂长|厂长|` +
	`副院长|院长|副所长|所长|副局长|局长|副校长|校长|行长|工程师|工艺师|设计师|架构师|会计师|经济师|总工|专员|助理|秘书|代表|顾问|副教授|教授|研究员|负责人|组长|班长|店长|车间主任|会计|出纳|采购员|销售员|业务员|技术员|质检员|管理员|合伙人|创始人|副总|CEO|CTO|CFO|COO|CIO|CMO`

const departmentHeads = `采购|供应链|供应商管理|研发|技术|设备|生产|制造|质量|质检|品质|品管|工程|工艺|财务|市场|销售|营销|国际贸易|外贸|商务|人事|人力资源|行政|信息|信息技术|数字化|信息化|IT|法务|审计|物流|仓储|仓库|运营|战略|项目|项目管理|设计|安全|安环|基建|后勤|资产|资材|物资|计划|客服|售后|投资|证券|战略发展|企业发展|电气|机械|自动化|软件|硬件|测试|产品|维修|动力|招标|招投标`

var (
	company     = regexp.MustCompile(`^(.*?(?:有限责任公司|股份有限公司|有限公司|分公司|子公司|总公司|集团公司|公司|集团|研究院|研究所|设计院|大学|学院|医院|银行|电厂|钢厂|工厂|总厂|分厂|药厂|水厂|器厂|机厂|械厂|车厂|品厂|料厂))(.*)$`)
	department  = regexp.MustCompile(`^(.*?)((?:` + departmentHeads + `)(?:与|和|及)?(?:` + departmentHeads + `)?(?:事业部|管理部|中心|总部|本部|部门|部|处|科|室|组)|总经办|总经理办公室|办公室|[一二三四]?车间)(.*)$`)
	title       = regexp.MustCompile(`^(.*?)((?:(?:高级|资深|产线|首席|执行|常务|助理|区域|大区|华东|华南|华北|项目|产品|采购|销售|市场|技术|研发|设备|生产|质量|工艺|工程|财务|供应链|商务|行政|人事|运营|信息|总务|电气|机械|软件|客户|渠道|品质|计划|物流|制造|战略|法务|数据|自动化|安全|仓储|售后|人力资源|主任|厂务|业务|战略采购|IT)*)(?:` + titles + `)(?:兼(?:` + titles + `))?)(.*)$`)
	enCompany   = regexp.MustCompile(`(?i)\b(?:inc|ltd|llc|gmbh|corp|corporation|co|company|ag|plc|group|holdings?|technolog(?:y|ies)|industries|electronics|systems|solutions|university|bank|b\.?v|s\.?a|kg|pte|electric|motors|semiconductor|automation)\b\.?$`)
	enTitle     = regexp.MustCompile(`(?i)\b(?:manager|director|engineer|buyer|president|officer|specialist|assistant|consultant|supervisor|lead|head|chief|ceo|cto|cfo|coo|cio|vp|vice president|purchaser|representative|analyst|executive|coordinator|founder|partner|secretary|accountant|professor|architect|planner|technician)\b`)
	enDepart    = regexp.MustCompile(`(?i)^(?:[\w &]+ )?(?:department|dept\.?|division)$|^(?:dept\.?|department) of [\w &]+$`)
	enName      = regexp.MustCompile(`^[A-Z][a-zÀ-ÿ'’]+(?:[ \-](?:[A-Z]\.|[A-Z][a-zÀ-ÿ'’]+|de|la|del|van|von|der|den)){1,3}$|^[A-Z][a-z]+ [A-Z]{2,}$`)
	addressHan  = regexp.MustCompile(`(?:省|市|区|县|自治区|新区|开发区).*(?:路|街|道|巷|园|镇|大厦|广场|号|栋|座|楼)|(?:路|街|大道|巷)\s?\d+\s?号`)
	addressEn   = regexp.MustCompile(`(?i)\b\d+[\w\-]*,? .*\b(?:road|rd|street|st|avenue|ave|boulevard|blvd|drive|lane|way|building|park|floor|suite|straße|strasse|str)\b|\b(?:room|unit|floor|building|no)\.? ?\d+.*\b(?:road|rd|street|st|avenue|ave|district)\b`)
	honorific   = regexp.MustCompile(`(先生|女士|小姐|老师|同志)$`)
	formerAhead = regexp.MustCompile(`^(?:他|她|此人|本人)?(?:原来是|原来在|原先在|原是|原在|原任职于|原任|原|前任职于|前任|曾任职于|曾就职于|曾任|曾在|之前在|之前是|以前在|以前是|此前在|从前在|前)`)
	nowAhead    = regexp.MustCompile(`^(?:他|她|此人|本人)?(?:现在是|现在在|现在调到|现在去了|现在|现任职于|现就职于|现任|现为|现是|现|目前在|目前是|目前任|目前|今年调到|刚调到|刚去|新调到|调到了|调到|调任|转任|转到|跳槽到|加入了|加入|去了|到了|任职于|就职于|在)`)
	selfAhead   = regexp.MustCompile(`^(?:您好|你好|大家好|各位好|我叫|我是|这是|名字叫|叫|是)`)
	enFormer    = regexp.MustCompile(`(?i)^(?:formerly|previously|former|ex)(?: (?:at|with|of))?[ :\-]+(.+)$`)
	enNow       = regexp.MustCompile(`(?i)^(?:now|currently)(?: (?:at|with|of))?[ :\-]+(.+)$`)
	aside       = regexp.MustCompile(`\(((?:原|前|曾|现|以前|之前|此前)[^()]*)\)`)
	enHonor     = regexp.MustCompile(`^(?:Dr|Mr|Mrs|Ms|Prof)\.? `)
	greeting    = regexp.MustCompile(`(?i)^(?:best|kind|warm)? ?(?:regards|wishes|thanks|thank you|sincerely|yours sincerely|cheers|hi|hello)$`)
	told        = regexp.MustCompile(`^(?:曾任职于|曾就职于|曾任|曾在|原任|原是|原在|原来|以前|之前|此前|现任|现在|现为|目前|调到|调任|任职于|就职于|加入)`)
	enAt        = regexp.MustCompile(`(?i)^(.+?)(?: at | @ | of )(.+)$`)
)

func han(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return s != ""
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// isName tells whether a text is the name of a person and nothing else: a family name with one or two more characters
// (of a double one, at most two), none of which makes it a title, a department or a place.
func isName(s string) bool {
	if !han(s) {
		return false
	}
	n := len([]rune(s))
	for _, family := range surnames {
		if !strings.HasPrefix(s, family) {
			continue
		}
		given := n - len([]rune(family))
		if given < 1 || given > 2 || len([]rune(family)) == 1 && n > 3 {
			continue
		}
		return !notName.MatchString(s)
	}
	return false
}

var notName = regexp.MustCompile(`(?:` + titles + `)$|[总部处科室组厂院所局司团店省市区县路街号]$|^(?:方便|方案|方式|高级|全部|金额|成都|江苏|安徽|安全|明天|明年|时间|和他|应该|连续|车间|项目|管理|单位|关于|文件|包括|全国|强烈|有空|于是|向您|向他|何时|何地|司机|任何|任务|解决|解释|池州|海外|海南|南方|南京|原来|师傅|商务|华东|华南|华北|华中|温州|常州|官方|查收|路过|简单|计划|时候|万一|白天|高兴|金融|石油|石化|盛情|成功|成立|关系|关注|关键|谈判|谢谢|感谢|温馨|顾问|包装|左右|应收|易耗|武汉|沈阳|徐州|郑州|贵州|许多|能源|容易|周一|周二|周三|周四|周五|周六|周日|段落|连云|权限|庄重|满意|闻讯|游戏|强调)`)

func isAddress(s string) bool {
	if hasHan(s) {
		return len([]rune(s)) >= 8 && addressHan.MatchString(s) && !company.MatchString(s) || addressHan.MatchString(s) && strings.ContainsAny(s, "0123456789") && len([]rune(s)) >= 6
	}
	return addressEn.MatchString(s)
}
