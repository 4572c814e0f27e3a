#include "common/matching/name_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "common/matching/folding.h"

namespace tributary::matching {
namespace {

// The first of a line is how the others are read.
constexpr auto kSame = std::to_array<std::string_view>({
    "international internationale internationaal internacional internazionale intl int'l internatl internat inter "
    "intern",
    "national nationale nacional nazionale natl nat'l nationaal",
    "association assoc assn associacion associazione asociacion",
    "associates assocs associated",
    "technology technologies tech techn technologie technologia tecnologia technol teknologi",
    "technical technic technics technisch technische technik technica",
    "engineering engrg eng engr engineers ingenieria ingegneria",
    "industry industries ind indus industrie industria industrias industrial industriel industrielle industriale inds",
    "manufacturing mfg manuf manufacture manufacturers manufacturer mfrs mfr",
    "company compagnie companhia compania cie cia",
    "corporation corp",
    "brothers bros bro",
    "center centre ctr cntr centro cent zentrum centrum cntre",
    "department dept dep departement departamento",
    "university univ universitat universite universidad universita universiteit uni",
    "institute inst institut instituto istituto",
    "laboratory laboratories lab labs laboratoire laboratoires laboratorium laboratorio laboratorios",
    "research res recherche recherches forschung",
    "development dev devel developement entwicklung",
    "services service svcs svc serv servicios servizi",
    "systems system sys syst systeme systemes sistemas",
    "group grp groupe gruppe gruppo grupo groep gp",
    "holding holdings hldg hldgs hold",
    "management mgmt mgt mngt",
    "electronics electronic elec electron elektronik electronique electroniques elettronica elektronika electr",
    "electric electrical elektrische electrique electricidad elektrotechnik",
    "chemical chemicals chem chimie chemie chimica quimica chemische",
    "pharmaceutical pharmaceuticals pharma pharm pharmaceutica pharmaceutique farmaceutica farma",
    "medical med medizin medizinische medica medic",
    "communications communication comm comms commun",
    "telecommunications telecom telecommunication telekom telecomunicaciones telecomm",
    "products product prods prod produkte produits productos",
    "production productions produktion",
    "equipment equip eqpt",
    "materials material matl",
    "machinery machines machine mach maschinen maschine maschinenbau",
    "america american americas",
    "europe european europa europeenne euro",
    "netherlands nederland nederlandse netherland niederlande dutch holland",
    "germany deutschland deutsche german allemagne",
    "france francaise francais french",
    "italy italia italiana italian",
    "spain espana espanola",
    "switzerland schweiz suisse swiss svizzera",
    "austria osterreich oesterreich austrian",
    "belgium belgie belgique belgian belge",
    "england english britain british gb uk",
    "china chinese",
    "japan nippon japanese",
    "north n nord norte northern",
    "south s sud sur southern",
    "east e ost est eastern",
    "west w ouest oeste western",
    "saint st ste sankt sint santa san santo",
    "mount mt mont",
    "fort ft",
    "school schools sch schl schule",
    "elementary elem",
    "academy acad akademie academie",
    "learning lrng lrn",
    "children childrens child kids",
    "community comm'ty comty cmty",
    "government govt",
    "insurance ins versicherung versicherungs assurance assurances assurantie seguros assicurazioni verzekeringen",
    "bank banc banque banco banca banka",
    "finance financial fin financiera finanz financiere finans",
    "investment investments inv invest investissement",
    "property properties prop",
    "transport transportation transports trans transporte trasporti",
    "automotive automobile automobiles auto automobil autos",
    "aviation airlines airline airways air aerospace",
    "petroleum oil petrole petroleos",
    "energy energie energia energi",
    "instruments instrument instr",
    "solutions solution soln",
    "steel stahl acier aciers acero staal",
    "works werke werk werken fabriken fabrik fabriek fabrieken",
    "paper papier papel",
    "food foods alimentos",
    "enterprise enterprises ent entreprise entreprises",
    "partners partner",
    "sons son soehne sohne zonen fils hijos",
    "consulting consultants consultancy consultant",
    "distribution distributors distributor dist distrib distributing",
    "construction constructions constr bau construcciones costruzioni",
    "royal koninklijke kgl koniklijke kongelige",
    "and und et y e i en og och ja",
    "of der des du de del della di van von da do dos das den",
    "the die das le la les el los las het il lo",
    "incorporated inc",
    "limited ltd",
});

// Beside those above.
constexpr auto kCommonWords = std::to_array<std::string_view>({
    "global worldwide world universal general united first standard central new old big great grand royal imperial",
    "public private federal state city county district metropolitan regional local municipal village town house home",
    "trading trade commerce commercial business sales marketing retail wholesale import export imports exports",
    "capital trust fund funds asset assets securities credit mutual equity ventures venture",
    "software hardware computer computers data digital network networks information media internet online web cloud",
    "mobile wireless semiconductor semiconductors devices device components component micro optical photonics laser",
    "power light lighting gas water nuclear solar battery batteries motor motors engines tire tires rubber plastics",
    "plastic glass metal metals mining minerals cement concrete wood textile textiles fashion apparel shoe shoes",
    "health healthcare care hospital clinic clinical biotech biotechnology bio life sciences science scientific",
    "dental diagnostics therapeutics medicine drug drugs cosmetics beauty nutrition beverage beverages brewery wine",
    "dairy farms farm agricultural agriculture agro seeds feed fish meat sugar coffee tea restaurant restaurants hotel",
    "hotels travel tourism leisure sport sports entertainment games music film films theatre",
    "education educational training college kindergarten preschool nursery daycare day early childhood head start",
    "program programs project projects team teams family families youth women men senior seniors church churches",
    "baptist methodist lutheran catholic evangelical christian ministries ministry mission missionary foundation",
    "society club union council committee board office agency bureau authority administration branch division unit",
    "operations operation supply supplies logistics shipping marine maritime port ports railway railways rail",
    "express freight cargo packaging print printing publishing press news design designs architecture studio studios",
    "building buildings builders real estate land housing homes security defense defence safety control controls",
    "automation robotics tools tool valve valves pump pumps pipe pipes steelworks foundry forge precision quality",
    "environmental waste recycling green clean natural organic patent patents patente licensing licenses license",
    "intellectual innovation innovations advanced applied integrated intelligent smart creative premium select total",
    "beteiligungs beteiligung verwaltungs verwaltung vertriebs vertrieb handels handel maatschappij gesellschaft",
    "sociedad societe societa societes comercial comercio spolka przedsiebiorstwo zaklady mbh vereniging vennootschap",
    "vereinigte vereinigde gebruder gebroeders freres hermanos fratelli",
    "africa african asia asian pacific atlantic mediterranean scandinavia nordic baltic latin middle far",
    "usa us canada canadian mexico brasil brazil argentina chile colombia peru india indian korea korean taiwan",
    "hong kong hongkong singapore malaysia thailand vietnam indonesia philippines australia australian zealand",
    "russia russian poland polska czech hungary romania bulgaria greece greek turkey turkish israel egypt saudi",
    "emirates dubai ireland irish scotland wales sweden sverige norway norge denmark danmark finland suomi portugal",
    "luxembourg iceland ukraine croatia slovenia slovakia serbia estonia latvia lithuania",
    "london paris berlin munich munchen hamburg frankfurt amsterdam rotterdam brussels vienna wien zurich geneva",
    "milano madrid barcelona lisboa moscow tokyo osaka shanghai beijing shenzhen guangzhou taipei york chicago boston",
    "houston dallas los angeles california texas florida illinois washington delaware toronto montreal sydney",
    "street road avenue building floor suite room branch number no ii iii iv",
});
constexpr auto kJoiningWords = std::to_array<std::string_view>(
    {"a an at by for from in into on or to with without und auf im am zu zur zum fur mit uit voor met op te bij au aux",
     "avec pour sur par con para por sobre per su al alla w z na dba aka formerly"});

// Provinces and great cities; sizes; trades: what Chinese names of companies are made of beside their own name.
constexpr std::string_view kHan =
    "中国 中华 中華 台湾 香港 澳门 北京 上海 天津 重庆 广东 广州 深圳 东莞 佛山 江苏 南京 苏州 无锡 浙江 杭州 宁波 "
    "温州 山东 济南 青岛 "
    "福建 福州 厦门 四川 成都 湖北 武汉 湖南 长沙 河南 郑州 河北 山西 陕西 西安 辽宁 沈阳 大连 吉林 长春 黑龙江 哈尔滨 "
    "安徽 合肥 江西 "
    "南昌 广西 云南 昆明 贵州 贵阳 海南 甘肃 宁夏 青海 新疆 西藏 内蒙古 台北 台中 台南 高雄 新竹 桃园 基隆 新北 日本 "
    "韩国 美国 "
    "珠海 中山 惠州 汕头 江门 湛江 常州 南通 徐州 扬州 镇江 盐城 泰州 嘉兴 湖州 绍兴 金华 台州 烟台 潍坊 淄博 临沂 "
    "济宁 威海 泉州 漳州 "
    "宜昌 襄阳 株洲 湘潭 洛阳 保定 唐山 石家庄 太原 呼和浩特 包头 鞍山 大庆 芜湖 赣州 九江 南宁 桂林 柳州 海口 三亚 "
    "兰州 西宁 银川 "
    "乌鲁木齐 拉萨 绵阳 德阳 遵义 "
    "英国 德国 法国 亚洲 亚太 欧洲 开曼 国际 全球 环球 世界 国家 东亚 "
    "集团 控股 投资 企业 实业 事业 兴业 产业 工业 商业 公司 有限 股份 责任 科技 技术 技研 高科 生技 生物 "
    "生命科学 电子 电机 电器 电气 电力 电工 电信 电讯 通信 通讯 电脑 计算机 信息 资讯 网络 网路 软件 软体 数据 数码 "
    "数位 半导体 "
    "积体电路 集成电路 微电子 光电 光学 照明 显示 能源 绿能 太阳能 新能源 电池 石油 石化 化工 化学 化纤 塑胶 塑料 橡胶 "
    "纤维 纺织 染整 制衣 服饰 服装 鞋业 皮革 水泥 玻璃 陶瓷 建材 钢铁 钢 金属 铝业 铜业 五金 机械 精密 机电 "
    "重工 造船 汽车 车业 零件 零组件 材料 新材料 制造 制品 加工 设备 仪器 工具 自动化 工程 建设 营造 建筑 "
    "开发 地产 房地产 置业 物业 不动产 装饰 设计 环保 环境 水务 食品 饮料 乳业 酒业 农业 农产 粮油 饲料 油脂 "
    "面粉 制药 药业 医药 医疗 医疗器材 医疗器械 医材 药品 生医 保健 健康 化妆品 造纸 纸业 印刷 包装 文化 传媒 传播 "
    "媒体 广告 影视 "
    "影业 娱乐 游戏 出版 教育 培训 咨询 顾问 管理 服务 信息技术 电子商务 商务 商贸 贸易 进出口 "
    "百货 超市 零售 流通 物流 运输 货运 航运 海运 航空 快递 仓储 港务 客运 交通 铁路 旅行社 旅游 观光 饭店 酒店 餐饮 "
    "餐厅 银行 金融 证券 期货 保险 人寿 再保险 租赁 基金 信托 资产 资产管理 "
    "资本 创业投资 创投 财务 融资 保全 安防 系统 整合 智能 智慧 机器人 检测 研究院 研究所 学院 大学 合作社 联合 "
    "器材 仪表 模具 家具 家电 日用品 用品 体育用品 文具 玩具 珠宝 钟表 眼镜 自行车 矿业 煤业 燃气 瓦斯 自来水 育乐 "
    "休闲 艺术 经纪 ";

struct Tables {
  std::unordered_map<std::u16string, std::u16string> same;
  std::unordered_map<std::u16string, int> weights;
  std::unordered_set<std::u16string> han;
  size_t longest_han = 0;
};

template <typename Use>
void EachWord(std::string_view line, const Use& use) {
  while (!line.empty()) {
    const size_t end = std::min(line.find(' '), line.size());
    if (end > 0) {
      std::u16string word;
      for (const char16_t c : Fold(line.substr(0, end))) {
        if (IsWordPart(c)) word += c;
      }
      use(std::move(word));
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
}

const Tables& Get() {
  static const auto* const tables = [] {
    auto* const made = new Tables;
    for (const std::string_view line : kCommonWords) {
      EachWord(line, [&](std::u16string word) { made->weights.emplace(std::move(word), kCommonWeight); });
    }
    for (const std::string_view line : kJoiningWords) {
      EachWord(line, [&](std::u16string word) { made->weights.emplace(std::move(word), kJoiningWeight); });
    }
    for (const std::string_view line : kSame) {
      std::u16string plain;
      EachWord(line, [&](std::u16string word) {
        if (plain.empty()) plain = word;
        const bool joining = plain == u"and" || plain == u"of" || plain == u"the";
        made->weights.emplace(word, joining ? kJoiningWeight : kCommonWeight);
        made->same.emplace(std::move(word), plain);
      });
    }
    EachWord(kHan, [&](std::u16string word) {
      made->longest_han = std::max(made->longest_han, word.size());
      made->han.insert(std::move(word));
    });
    return made;
  }();
  return *tables;
}

}  // namespace

int WeightOf(std::u16string_view word) {
  const Tables& tables = Get();
  const auto found = tables.weights.find(std::u16string(word));
  if (found != tables.weights.end()) return found->second;
  return word.size() == 1 ? kCommonWeight : kOwnWeight;
}

std::u16string_view Plain(std::u16string_view word) {
  const Tables& tables = Get();
  const auto found = tables.same.find(std::u16string(word));
  return found == tables.same.end() ? word : std::u16string_view(found->second);
}

size_t CommonHanWord(std::u16string_view text) {
  const Tables& tables = Get();
  for (size_t n = std::min(text.size(), tables.longest_han); n > 0; --n) {
    if (tables.han.contains(std::u16string(text.substr(0, n)))) return n;
  }
  return 0;
}

}  // namespace tributary::matching
