#include "cli/demo/sample.h"

#include <sys/stat.h>

#include <array>
#include <fstream>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/date.h"

namespace tributary::cli {
namespace {

// SplitMix64: the same numbers everywhere, which the standard library's distributions do not promise.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 <= result < below; the bias for small ranges is of no matter to a sample.
  int64_t Below(int64_t below) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(below)); }
  bool OneIn(int64_t n) { return Below(n) == 0; }
  template <typename T, size_t N>
  const T& Of(const std::array<T, N>& choices) {
    return choices[static_cast<size_t>(Below(N))];
  }

 private:
  uint64_t state_;
};

struct Region {
  const char* id;
  const char* parent;
  const char* scheme;
  const char* code;
  const char* name;
  const char* name_zh;
};

// Sales regions, and provinces or countries in them.
constexpr Region kRegions[] = {
    {"cn-east", "", "CUSTOM", "cn-east", "East China", "华东"},
    {"cn-south", "", "CUSTOM", "cn-south", "South China", "华南"},
    {"cn-north", "", "CUSTOM", "cn-north", "North China", "华北"},
    {"cn-west", "", "CUSTOM", "cn-west", "West China", "西部"},
    {"abroad", "", "CUSTOM", "abroad", "Abroad", "海外"},
    {"cn-sh", "cn-east", "ISO_3166_2", "CN-SH", "Shanghai", "上海"},
    {"cn-js", "cn-east", "ISO_3166_2", "CN-JS", "Jiangsu", "江苏"},
    {"cn-zj", "cn-east", "ISO_3166_2", "CN-ZJ", "Zhejiang", "浙江"},
    {"cn-gd", "cn-south", "ISO_3166_2", "CN-GD", "Guangdong", "广东"},
    {"cn-fj", "cn-south", "ISO_3166_2", "CN-FJ", "Fujian", "福建"},
    {"cn-bj", "cn-north", "ISO_3166_2", "CN-BJ", "Beijing", "北京"},
    {"cn-sd", "cn-north", "ISO_3166_2", "CN-SD", "Shandong", "山东"},
    {"cn-sc", "cn-west", "ISO_3166_2", "CN-SC", "Sichuan", "四川"},
    {"cn-cq", "cn-west", "ISO_3166_2", "CN-CQ", "Chongqing", "重庆"},
    {"sg", "abroad", "ISO_3166_2", "SG", "Singapore", "新加坡"},
    {"de", "abroad", "ISO_3166_2", "DE", "Germany", "德国"},
    {"us", "abroad", "ISO_3166_2", "US", "United States", "美国"},
};
constexpr size_t kFirstChild = 5;
constexpr size_t kChinaEnd = 14;  // children before it lie in China

constexpr std::array<const char*, 16> kZhWords = {"恒通", "瑞丰", "华越",   "正泰源", "嘉禾", "远景达", "金桥", "同辉",
                                                  "天成", "博远", "宏图达", "新科",   "万里", "启明",   "中和", "百川"};
constexpr std::array<const char*, 6> kZhTrades = {"贸易", "商贸", "科技", "机电设备", "电子", "供应链"};
constexpr std::array<const char*, 3> kZhForms = {"有限公司", "有限责任公司", "股份有限公司"};
constexpr std::array<const char*, 16> kEnWords = {
    "Harbor",   "Summit",   "Northgate", "Bluewater", "Crescent",  "Ironbridge", "Lakeside", "Meridian",
    "Oakfield", "Pinnacle", "Quayside",  "Redwood",   "Stonegate", "Tidewater",  "Vantage",  "Westbrook"};
constexpr std::array<const char*, 6> kEnTrades = {"Trading",     "Supply",   "Distribution",
                                                  "Instruments", "Electric", "Systems"};
constexpr std::array<const char*, 4> kEnForms = {"Ltd.", "Inc.", "GmbH", "Pte. Ltd."};
constexpr std::array<const char*, 4> kLines = {"controllers", "sensors", "drives", "services"};
constexpr std::array<const char*, 4> kKinds = {"DISTRIBUTOR", "DEALER", "RETAILER", "VALUE_ADDED_RESELLER"};

constexpr int kPartners = 200;
constexpr int kProducts = 24;
constexpr int kLinesOfSellIn = 20000;
constexpr int kDirectSales = 2000;
// 540 days from here: every quarter has ended wherever the sample is run.
const Date kStart = Date::FromDays(19723);  // 2024-01-01

class File {
 public:
  File(const std::string& folder, const std::string& name, std::string_view header)
      : path_(StrCat(folder, "/", name)), out_(path_) {
    out_ << header << "\n";
  }
  template <typename... Cells>
  void Row(const Cells&... cells) {
    bool first = true;
    ((out_ << (std::exchange(first, false) ? "" : ",") << cells), ...);
    out_ << "\n";
  }
  absl::Status Close() {
    out_.close();
    return out_ ? absl::OkStatus() : absl::UnavailableError(StrCat("cannot write ", path_));
  }

 private:
  const std::string path_;
  std::ofstream out_;
};

// "1234.5600" from ten-thousandths.
std::string FourDecimals(int64_t ten_thousandths) {
  return Decimal::FromMicros(absl::int128(ten_thousandths) * 100).ToFixed(4);
}

std::string PartnerId(int64_t index) { return StrCat("s-", 1000 + index); }

absl::Status WriteReference(const std::string& folder, Random& random) {
  File regions(folder, "regions.csv", "id,parent,scheme,code,name,name_zh");
  for (const Region& r : kRegions) {
    // A region without a parent has the same columns; its mapping leaves an empty parent unset.
    regions.Row(r.id, r.parent, r.scheme, r.code, r.name, r.name_zh);
  }
  RETURN_IF_ERROR(regions.Close());

  File lines(folder, "product_lines.csv", "id,name");
  for (const char* line : kLines) lines.Row(line, line);
  RETURN_IF_ERROR(lines.Close());

  File products(folder, "products.csv", "id,sku,name,line,kind");
  for (int i = 0; i < kProducts; ++i) {
    const char* line = kLines[static_cast<size_t>(i) % kLines.size()];
    products.Row(StrCat("sp-", 100 + i), StrCat("TX-", 4000 + 7 * i), StrCat(line, " model ", i + 1), line,
                 line == kLines[3] ? "SERVICE" : "STOCKED");
  }
  RETURN_IF_ERROR(products.Close());

  // What everybody pays, and gold partners of the program `stars` from 100 on.
  File prices(folder, "prices.csv",
              "list,id,product,channel,tier,segment,edition,min_quantity,price,tax_inclusive,basis,from,to");
  for (int i = 0; i < kProducts; ++i) {
    const std::string product = StrCat("sp-", 100 + i);
    const int64_t price = 10000 * (200 + 40 * i);  // ten-thousandths
    prices.Row("sample", product, product, "", "", "", "", "", FourDecimals(price), "false", "LIST", kStart.ToString(),
               "");
    prices.Row("sample", StrCat(product, "-gold"), product, "", "partnerPrograms/stars/levels/gold", "", "", 100,
               FourDecimals(price * 9 / 10), "false", "LIST", kStart.ToString(), "");
  }
  RETURN_IF_ERROR(prices.Close());

  File partners(folder, "partners.csv", "id,legal_name,kind,region,annual_sales,employees,year_opened");
  std::string name;
  for (int i = 0; i < kPartners; ++i) {
    const bool abroad = i % 4 == 3;
    const size_t region = abroad ? kChinaEnd + static_cast<size_t>(random.Below(std::size(kRegions) - kChinaEnd))
                                 : kFirstChild + static_cast<size_t>(random.Below(kChinaEnd - kFirstChild));
    if (!abroad) {
      name = StrCat(kRegions[region].name_zh, random.Of(kZhWords), random.Of(kZhTrades), random.Of(kZhForms));
    } else if (random.OneIn(4)) {
      // Nearly the same as the one before it was made abroad: another company, or the same one written otherwise.
      name = StrCat(random.Of(kEnWords), " ", "TRADING CO ", random.Of(kEnForms));
    } else {
      name = StrCat(random.Of(kEnWords), " ", random.Of(kEnTrades), " ", random.Of(kEnForms));
    }
    partners.Row(PartnerId(i), name, random.Of(kKinds), kRegions[region].id, 100000 * (1 + random.Below(80)),
                 3 + random.Below(400), 1985 + random.Below(35));
  }
  return partners.Close();
}

absl::Status WriteSellIn(const std::string& folder, Random& random) {
  struct Line {
    int64_t partner, product, line, quantity, price, discount, net;
    std::string document;
    Date order, ship;
    std::string original;
  };
  std::vector<Line> lines;
  for (int64_t document = 0; lines.size() < kLinesOfSellIn; ++document) {
    // A few partners buy most.
    const int64_t partner = std::min(random.Below(kPartners), random.Below(kPartners));
    const Date order = kStart.AddDays(static_cast<int>(random.Below(540)));
    const Date ship = order.AddDays(static_cast<int>(1 + random.Below(12)));
    const int64_t count = 1 + random.Below(8);
    for (int64_t number = 1; number <= count && lines.size() < kLinesOfSellIn; ++number) {
      Line line{
          .partner = partner, .product = random.Below(kProducts), .line = number, .quantity = 1 + random.Below(40)};
      line.document = StrCat("SO", 70000 + document);
      line.price = 10000 * (20 + random.Below(480)) + random.Below(10000);  // ten-thousandths
      line.discount = random.OneIn(5) ? line.price * line.quantity / 20 : 0;
      line.net = line.price * line.quantity - line.discount;
      line.order = order;
      line.ship = ship;
      lines.push_back(line);
      // Some of it comes back: a line of its own that names the sale.
      if (random.OneIn(40) && line.quantity > 1 && lines.size() < kLinesOfSellIn) {
        Line back = line;
        back.document = StrCat("RT", 70000 + document);
        back.quantity = -(line.quantity / 2);
        back.discount = 0;
        back.net = -(line.net / line.quantity) * (line.quantity / 2);
        back.ship = line.ship.AddDays(static_cast<int>(5 + random.Below(60)));
        back.original = StrCat("partners/", PartnerId(partner), "/shipments/", line.document, "/lines/", line.line);
        lines.push_back(back);
      }
    }
  }
  // Files arrive in any order: late rows stand after newer ones, returns before their sales.
  for (size_t i = lines.size() - 1; i > 0; --i) {
    if (random.OneIn(10)) std::swap(lines[i], lines[static_cast<size_t>(random.Below(static_cast<int64_t>(i) + 1))]);
  }
  File file(folder, "sell_in.csv",
            "partner,document,line,order_date,ship_date,product,quantity,unit_price,discount,net_amount,original_line");
  for (const Line& l : lines) {
    file.Row(PartnerId(l.partner), l.document, l.line, l.order.ToString(), l.ship.ToString(),
             StrCat("sp-", 100 + l.product), l.quantity, FourDecimals(l.price), FourDecimals(l.discount),
             FourDecimals(l.net), l.original);
  }
  return file.Close();
}

absl::Status WriteDirectSales(const std::string& folder, Random& random) {
  File file(folder, "direct_sales.csv",
            "document,line,order_date,product,quantity,unit_price,net_amount,region,customer");
  for (int64_t i = 0; i < kDirectSales; ++i) {
    const int64_t quantity = 1 + random.Below(5);
    const int64_t price = 10000 * (20 + random.Below(480)) + random.Below(10000);
    file.Row(StrCat("WEB", 10000 + i / 2), 1 + i % 2, kStart.AddDays(static_cast<int>(random.Below(540))).ToString(),
             StrCat("sp-", 100 + random.Below(kProducts)), quantity, FourDecimals(price),
             FourDecimals(price * quantity), kRegions[static_cast<size_t>(random.Below(std::size(kRegions)))].id,
             StrCat("c", random.Below(900)));
  }
  return file.Close();
}

}  // namespace

absl::Status WriteSampleChannel(const std::string& folder, uint64_t seed) {
  mkdir(folder.c_str(), 0755);
  Random random(seed);
  RETURN_IF_ERROR(WriteReference(folder, random));
  RETURN_IF_ERROR(WriteSellIn(folder, random));
  return WriteDirectSales(folder, random);
}

}  // namespace tributary::cli
