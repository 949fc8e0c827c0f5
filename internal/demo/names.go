package demo

import "math/rand/v2"

// Names are put together from common characters; no list of people or companies
// stands behind them, and a likeness is chance.
var (
	surnames  = []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
	given     = []rune("伟敏静丽强磊军洋勇艳杰涛明超霞平刚桂英华建国志文玉兰晓东海燕春雷红梅波辉鹏飞宁晨浩宇轩梓涵欣怡佳琪思远子墨一诺")
	firmFirst = []rune("恒瑞启华鼎盛泰安宏远方舟国信天博金联科德荣嘉祥永正润泽骏拓晟达")
	firmNext  = []rune("通源诚嘉衡业力辰泽邦能亚拓图朗旭凯越峰")
	firmKinds = []struct{ suffix, industry string }{
		{"轴承", "机械"}, {"机电", "机械"}, {"泵业", "机械"}, {"电子", "电子"}, {"半导体", "电子"}, {"汽车零部件", "汽车"}, {"新能源", "新能源"}, {"锂电", "新能源"}, {"食品", "食品"}, {"制药", "医药"}, {"化工", "化工"}, {"包装", "包装"},
	}
	projects  = []string{"产线视觉检测", "二期改造", "自动化升级", "装配线", "仓储改造", "MES 配套设备", "输送系统", "打磨工作站", "测试台", "年度框架", "洁净车间设备", "能耗改造"}
	rivals    = []string{"三励公司", "海拓自动化", "德川机电", "优科装备"}
	titles    = []string{"采购经理", "技术总监", "设备部长", "生产副总", "项目经理", "工艺工程师"}
	sources   = []string{"老客户介绍", "展会", "网络询盘", "主动开发", "渠道推荐"}
	regionsOf = []string{"华东", "华南", "华北", "西南"}
	provinces = map[string][]string{"华东": {"江苏", "浙江"}, "华南": {"广东", "福建"}, "华北": {"山东", "河北"}, "西南": {"四川", "重庆"}}
	products  = []string{"视觉检测系统", "装配工作站", "输送与仓储", "备件与耗材", "维保服务"}
	said      = []string{"预算要走一遍流程,让我们先给方案。", "技术上没有异议,领导还在看另一家。", "希望现场打样,看过再定。", "对交期有顾虑,问能不能提前两周。", "价格要再谈,范围基本定了。", "约了下周评审,设备部长会参加。", "他们内部对选型意见不一致。", "说今年一定要上,时间表已经发来。"}
	oneWay    = []string{"打了电话没接,发了微信。", "邮件发了新版报价,还没回。", "约拜访被推到下周。"}
	nextSteps = []string{"约刘工复盘评审", "送样机到现场", "提交技术协议初稿", "请客户确认付款条款", "拜访设备部长", "更新报价并当面讲解"}
)

func pickRune(r *rand.Rand, set []rune) string { return string(set[r.IntN(len(set))]) }

func person(r *rand.Rand) string {
	n := pickRune(r, surnames) + pickRune(r, given)
	if r.IntN(3) > 0 {
		n += pickRune(r, given)
	}
	return n
}

func firm(r *rand.Rand) (name, industry string) {
	k := firmKinds[r.IntN(len(firmKinds))]
	return pickRune(r, firmFirst) + pickRune(r, firmNext) + k.suffix, k.industry
}

func one(r *rand.Rand, set []string) string { return set[r.IntN(len(set))] }
