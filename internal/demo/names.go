package demo

import (
	"math/rand/v2"
	"strings"
)

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
	outlets  = []struct{ suffix, industry string }{{"机电商行", "流通"}, {"五金机电", "流通"}, {"工控商贸", "流通"}, {"设备经销", "流通"}}
	projects = []need{{"产线视觉检测", 0}, {"二期改造", 1}, {"自动化升级", 1}, {"装配线", 1}, {"仓储改造", 2}, {"MES 配套设备", 1}, {"输送系统", 2}, {"打磨工作站", 1},
		{"尺寸检测台", 0}, {"外观检测", 0}, {"立体仓库", 2}, {"上下料改造", 1}}
	trades   = []need{{"经销备件", 3}, {"经销维保", 4}}
	rivals   = []string{"三合自动化", "海拓自动化", "德川机电", "优科装备"}
	deciders = []string{"采购经理", "生产副总", "总经理"}
	titles   = []string{"采购经理", "技术总监", "设备部长", "生产副总", "项目经理", "工艺工程师"}
	// roles are what people of a title have to say in a deal.
	roles     = map[string]string{"采购经理": "economic", "生产副总": "economic", "总经理": "economic", "技术总监": "technical", "设备部长": "user", "工艺工程师": "user", "项目经理": "coach"}
	sources   = []string{"老客户介绍", "展会", "网络询盘", "主动开发", "渠道推荐"}
	regionsOf = []string{"华东", "华南", "华北", "西南"}
	provinces = map[string][]string{"华东": {"江苏", "浙江"}, "华南": {"广东", "福建"}, "华北": {"山东", "河北"}, "西南": {"四川", "重庆"}}
	products  = []string{"视觉检测系统", "装配工作站", "输送与仓储", "备件与耗材", "维保服务"}
	nextSteps = []string{"约%s当面谈一次", "送样机到现场", "把资料发给%s", "请%s确认付款条款", "拜访%s", "更新报价并当面讲解"}
)

func pickRune(r *rand.Rand, set []rune) string { return string(set[r.IntN(len(set))]) }

func person(r *rand.Rand) string {
	n := pickRune(r, surnames) + pickRune(r, given)
	if r.IntN(3) > 0 {
		n += pickRune(r, given)
	}
	return n
}

// firm is a maker, or one who trades.
func firm(r *rand.Rand, maker bool) (name, industry string) {
	kinds := firmKinds
	if !maker {
		kinds = outlets
	}
	k := kinds[r.IntN(len(kinds))]
	return pickRune(r, firmFirst) + pickRune(r, firmNext) + k.suffix, k.industry
}

func one[T any](r *rand.Rand, set []T) T { return set[r.IntN(len(set))] }

// fmtStep puts a name into a step that asks for one.
func fmtStep(step, name string) string { return strings.Replace(step, "%s", name, 1) }
