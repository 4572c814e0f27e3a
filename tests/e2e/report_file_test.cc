// Files of partners through the gateway: bytes in JSON, whatever their format and encoding. Every row is accounted for,
// names stay as they were written, and what is bad is repaired there too.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"
#include "tests/support/gateway_user.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::UnorderedElementsAre;

class ReportFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(demo_.outcome.code, 0) << demo_.outcome.ToString();
    manager_.Do("/v1/products?productId=file-lantern",
                {{"sku", "FL-1"}, {"displayName", "灯笼"}, {"kind", "STOCKED"}, {"baseUnit", "each"}});
    json code = {{"kind", "PRODUCT"}, {"code", "灯笼"}, {"target", "products/file-lantern"}};
    code["effectiveFrom"] = On(2025, 1, 1);
    manager_.Do(kPartner + "/codes", code);
  }
  void MakeFileProfile(const std::string& id, const std::string& format, int header_row) {
    json profile = {
        {"kind", "SELL_THROUGH"}, {"format", format}, {"headerRow", header_row}, {"partnerProductCodes", true}};
    profile["columns"] = json::array();
    const std::vector<std::pair<const char*, const char*>> columns = {{"DATE", "日期"},     {"PRODUCT", "商品"},
                                                                      {"QUANTITY", "数量"}, {"DOCUMENT", "单号"},
                                                                      {"LINE", "行号"},     {"END_CUSTOMER", "客户"}};
    for (const auto& [field, column] : columns) {
      json one = json::object();
      one["field"] = field;
      one["column"] = column;
      profile["columns"].push_back(one);
    }
    manager_.Do(StrCat(kPartner, "/reportProfiles?reportProfileId=", id), profile);
  }
  // A file of the how-tos, of that month of 2025.
  static json UploadOf(const std::string& file, const std::string& profile, int month) {
    json body = json::object();
    body["partnerReport"] = {{"profile", StrCat(kPartner.substr(4), "/reportProfiles/", profile)}, {"file", file}};
    body["partnerReport"]["coverage"] = {{"fromDate", On(2025, month, 1)}, {"toDate", On(2025, month, 31)}};
    body["content"] = absl::Base64Escape(ReadTestFile(StrCat(SourceFolder(), "/docs/howto/files/", file)));
    return body;
  }
  json SendFile(const json& body) { return shop_.Ask("POST", kPartner + "/reports", body); }
  // The row that waits; there must be one.
  std::string WaitingRow(const json& report) {
    const json rows = shop_.Get(StrCat("/v1/", TextAt(report, "/name"), "/rows?filter=state%20%3D%20REJECTED"));
    EXPECT_EQ(rows.value("reportRows", json::array()).size(), 1u) << rows;
    return StrCat("/v1/", TextAt(rows, "/reportRows/0/name"));
  }
  static json Written(const std::vector<std::pair<const char*, const char*>>& cells) {
    json request = json::object();
    request["cells"] = json::array();
    for (const auto& [column, value] : cells) {
      json cell = json::object();
      cell["column"] = column;
      cell["value"] = value;
      request["cells"].push_back(cell);
    }
    return request;
  }
  static std::string CountsIn(const json& report) {
    std::vector<std::string> counts;
    for (const char* of : {"received", "accepted", "repaired", "rejected", "duplicate", "superseded"}) {
      const std::string text = TextAt(report, StrCat("/counts/", of));
      counts.push_back(text.empty() ? "0" : text);
    }
    return StrCat(counts[0], " = ", counts[1], " + ", counts[2], " + ", counts[3], " + ", counts[4], " + ", counts[5]);
  }
  // "7 上海商店 20" of each sale, by its month.
  std::multiset<std::string> BuyersThere() {
    std::multiset<std::string> buyers;
    for (const json& sale : shop_.List(kPartner + "/sales", "sellThroughSales")) {
      buyers.insert(StrCat(sale["saleDate"]["month"].dump(), " ", TextAt(sale, "/endCustomer"), " ",
                           TextAt(sale, "/quantity/value")));
    }
    return buyers;
  }

  inline static const std::string kPartner = "/v1/partners/s-1077";
  SampleDemo& demo_ = SampleDemo::Get();
  GatewayUser manager_{demo_.suite, demo_.suite.Token("CHANNEL_MANAGER")};
  GatewayUser shop_{demo_.suite, demo_.suite.Token("PARTNER_USER", "s-1077")};
};

TEST_F(ReportFileTest, ChineseFilesGoThroughTheGatewayRowByRow) {
  MakeFileProfile("cn", "CSV", 1);
  const json july = UploadOf("sales-july-gb18030.csv", "cn", 7);
  json dry = shop_.Ask("POST", kPartner + "/reports:dryRun", july);
  EXPECT_EQ(CountsIn(dry["partnerReport"]), "5 = 4 + 0 + 1 + 0 + 0") << dry;
  EXPECT_TRUE(shop_.List(kPartner + "/reports", "partnerReports").empty());
  const json report = SendFile(july);
  EXPECT_EQ(CountsIn(report), "5 = 4 + 0 + 1 + 0 + 0");
  EXPECT_EQ(TextAt(report, "/encoding"), "GB18030");
  const std::string row = WaitingRow(report);
  const json waiting = shop_.Get(row);
  EXPECT_EQ(TextAt(waiting, "/raw/1/value"), "灯罩");
  EXPECT_EQ(TextAt(waiting, "/errors/0/column"), "商品");
  EXPECT_EQ(TextAt(shop_.Do(row + ":repair", Written({{"商品", "灯笼"}})), "/state"), "REPAIRED");
  EXPECT_EQ(CountsIn(shop_.Get("/v1/" + TextAt(report, "/name"))), "5 = 4 + 1 + 0 + 0 + 0");
  EXPECT_EQ(CountsIn(SendFile(july)), "5 = 0 + 0 + 1 + 4 + 0");
  EXPECT_EQ(CountsIn(shop_.Get("/v1/" + TextAt(report, "/name"))), "5 = 4 + 1 + 0 + 0 + 0");

  MakeFileProfile("workbook", "XLSX", 3);
  const json august = UploadOf("sales-august.xlsx", "workbook", 8);
  const json workbook = SendFile(august);
  EXPECT_EQ(CountsIn(workbook), "4 = 3 + 0 + 1 + 0 + 0") << workbook;
  const json whole = Written({{"日期", "2025-08-07"},
                              {"商品", "灯笼"},
                              {"数量", "6"},
                              {"单号", "XS-012"},
                              {"行号", "1"},
                              {"客户", "北京商店"}});
  EXPECT_EQ(TextAt(shop_.Do(WaitingRow(workbook) + ":repair", whole), "/state"), "REPAIRED");
  EXPECT_EQ(CountsIn(shop_.Get("/v1/" + TextAt(workbook, "/name"))), "4 = 3 + 1 + 0 + 0 + 0");
  EXPECT_THAT(BuyersThere(),
              UnorderedElementsAre("7 上海商店 20", "7 广州商店 5", "7 北京商店 4", "7 上海商店 2", "7 上海商店 2",
                                   "8 上海商店 12", "8 广州商店 3", "8 北京商店 6", "8 上海商店 -1"));
  EXPECT_EQ(TextAt(shop_.Get(kPartner + "/positions/main.file-lantern"), "/onHand/value"), "-53");
}

}  // namespace
}  // namespace tributary::testing
