#include "tests/e2e/scenarios/wandering_goods.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/text/text.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

// The id in "products/{id}".
std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// A number of an answer; 0 is left out of answers.
std::string NumberAt(const json& answer, const std::string& place) {
  const std::string text = TextAt(answer, place);
  return text.empty() ? "0" : text;
}

json MembersOf(const json& answer, const char* member) {
  return answer.is_object() && answer.contains(member) ? answer[member] : json::array();
}

}  // namespace

void WanderingGoods::SetUp() {
  const json shanghai = {{"timeZone", "Asia/Shanghai"}};
  acme_ = NewPartner("acme", shanghai);
  bolt_ = NewPartner("bolt", shanghai);
  cogs_ = NewPartner("cogs", shanghai);
  lamp_ = NewProduct("lamp");
  cart_ = NewProduct("cart");
  admin_.Do(StrCat("/v1/", lamp_, "/lots?lotId=L9"), {{"expiresOn", On("2030-01-01")}});
  const std::vector<std::pair<std::string, std::string>> territories = {
      {acme_, "regions/cn-51"}, {bolt_, "regions/cn-50"}, {cogs_, "regions/cn-44"}};
  for (const auto& [partner, region] : territories) {
    admin_.Do(
        StrCat("/v1/", partner, "/territoryGrants?territoryGrantId=home"),
        {{"regions", json::array({region})}, {"exclusivity", "NON_EXCLUSIVE"}, {"effectiveFrom", On("2024-01-01")}});
    admin_.Do(StrCat("/v1/", partner, "/reportProfiles?reportProfileId=stock"),
              {{"kind", "ON_HAND"}, {"format", "CSV"}});
    admin_.Do(StrCat("/v1/", partner, "/reportProfiles?reportProfileId=sales"),
              {{"kind", "SELL_THROUGH"}, {"format", "CSV"}});
  }
  // A sale that comes before its seller's territory would be outside of it for a moment.
  CatchUp();
}

ScenarioTest::Fact WanderingGoods::Ship(const std::string& partner, const std::string& document,
                                        const std::string& date, const std::string& product, int units,
                                        const json& more) {
  return Document(
      partner, "shipments",
      json::array({Shipped(partner, document, date, product, units, Yuan(1000), Yuan(1000 * units), more)}));
}

ScenarioTest::Fact WanderingGoods::Sell(const std::string& partner, const std::string& document, int units,
                                        const std::string& region) {
  const json body = {{"document", document},
                     {"line", 1},
                     {"saleDate", On("2024-06-15")},
                     {"product", lamp_},
                     {"lot", "L9"},
                     {"quantity", Units(units)},
                     {"netAmount", Yuan(1200 * units)},
                     {"region", region}};
  return [this, partner, body] { Do(StrCat("/v1/", partner, "/sales"), body); };
}

ScenarioTest::Fact WanderingGoods::UploadSales(const std::string& from, const std::string& to, int revision,
                                               const std::vector<std::string>& rows) {
  std::string text = "date,quantity,product,lot,region\n";
  for (const std::string& row : rows) StrAppend(&text, row, ",", IdOf(lamp_), ",L9,cn-51\n");
  json body = json::object();
  body["partnerReport"] = {{"profile", StrCat(acme_, "/reportProfiles/sales")},
                           {"coverage", {{"fromDate", On(from)}, {"toDate", On(to)}}},
                           {"revision", revision}};
  body["content"] = absl::Base64Escape(text);
  return [this, body] {
    json request = body;
    request["requestId"] = Uuid::New(absl::Now()).ToString();
    const json report = admin_.Ask("POST", StrCat("/v1/", acme_, "/reports"), request);
    EXPECT_EQ(NumberAt(report, "/counts/rejected"), "0") << report;
    EXPECT_EQ(NumberAt(report, "/disagreements"), "0") << report;
  };
}

ScenarioTest::Fact WanderingGoods::UploadStock(const std::string& partner, const std::string& date, int units) {
  json body = json::object();
  body["partnerReport"] = {{"profile", StrCat(partner, "/reportProfiles/stock")},
                           {"coverage", {{"fromDate", On(date)}, {"toDate", On(date)}}},
                           {"revision", 1}};
  body["content"] = absl::Base64Escape(
      StrCat("date,product,lot,quantity,boundary\n", date, ",", IdOf(lamp_), ",L9,", units, ",AFTER_CLOSING\n"));
  return [this, partner, body] {
    json request = body;
    request["requestId"] = Uuid::New(absl::Now()).ToString();
    const json report = admin_.Ask("POST", StrCat("/v1/", partner, "/reports"), request);
    EXPECT_EQ(NumberAt(report, "/counts/rejected"), "0") << report;
  };
}

ScenarioTest::Fact WanderingGoods::Scan(std::string_view id, const std::string& serial) {
  json body = json::object();
  body["scanEvents"] = json::array();
  body["scanEvents"].push_back({{"name", StrCat("scanEvents/", Id(id))},
                                {"kind", "SCAN"},
                                {"product", lamp_},
                                {"serial", serial},
                                {"region", "regions/cn-44"},
                                {"scanDate", On("2024-06-25")}});
  return [this, body] { Do("/v1/scanEvents:batchImport", body); };
}

ScenarioTest::Facts WanderingGoods::June() {
  const json lot = {{"lot", "L9"}};
  json units_with_serials = lot;
  units_with_serials["serials"] = json::array({"s1", "s2", "s3"});
  const auto first = UploadSales("2024-06-01", "2024-06-15", 1, {"2024-06-05,25", "2024-06-12,15"});
  return {
      Ship(acme_, "A-1", "2024-06-03", lamp_, 97, lot), Ship(acme_, "A-2", "2024-06-03", lamp_, 3, units_with_serials),
      Ship(bolt_, "B-1", "2024-06-03", lamp_, 50, lot), Ship(cogs_, "C-1", "2024-06-03", lamp_, 60, lot),
      // Sent twice; the second file overlaps it; the last one corrects it.
      first, first, UploadSales("2024-06-10", "2024-06-30", 1, {"2024-06-12,15", "2024-06-20,10", "2024-06-20,10"}),
      UploadSales("2024-06-01", "2024-06-15", 2, {"2024-06-05,25", "2024-06-12,14"}),
      Sell(bolt_, "B-2", 32, "regions/cn-50"), Sell(cogs_, "C-2", 98, "regions/cn-44"),
      UploadStock(acme_, "2024-05-31", 20), UploadStock(bolt_, "2024-05-31", 10), UploadStock(cogs_, "2024-05-31", 5),
      UploadStock(acme_, "2024-06-30", 21), UploadStock(bolt_, "2024-06-30", 18),
      // A unit counts once, however often it is seen.
      Scan("e1", "s1"), Scan("e2", "s2"), Scan("e3", "s1")};
}

void WanderingGoods::Reconcile() {
  for (const std::string& partner : {acme_, bolt_, cogs_}) {
    Do(StrCat("/v1/", partner, "/reconciliations:run"), {{"fromDate", On("2024-06-01")}, {"toDate", On("2024-06-30")}});
  }
}

json WanderingGoods::Balance() const {
  return admin_.Do("/v1/massBalances:run",
                   {{"product", lamp_}, {"lot", "L9"}, {"fromDate", On("2024-06-01")}, {"toDate", On("2024-07-01")}});
}

std::string WanderingGoods::Flows() const {
  const json balance = Balance();
  if (balance.is_object() && balance.value("unknown", false)) return "UNKNOWN";
  std::string text;
  for (const json& flow : MembersOf(balance, "flows")) {
    StrAppend(&text, WordOf(TextAt(flow, "/fromPartner")), ">", WordOf(TextAt(flow, "/toPartner")), " ",
              TextAt(flow, "/least/value"), " to ", TextAt(flow, "/most/value"), ", odds ", NumberAt(flow, "/decibans"),
              ", ", NumberAt(flow, "/moreNeeded"), " more; ");
  }
  return text;
}

std::string WanderingGoods::Gaps() const {
  const json balance = Balance();
  std::string text;
  for (const json& gap : MembersOf(balance, "gaps")) {
    StrAppend(&text, WordOf(TextAt(gap, "/partner")), " ", TextAt(gap, "/gap/value"), ", ");
  }
  return StrCat(text, TextAt(balance, "/unmatchedShortfall/value"), " reached nobody");
}

std::vector<json> WanderingGoods::Cases() const {
  std::vector<json> cases = List("/v1/cases?filter=kind%20%3D%20DIVERSION", "cases");
  std::erase_if(cases, [this](const json& one) {
    const json parties = MembersOf(one, "parties");
    return std::find(parties.begin(), parties.end(), json(acme_)) == parties.end();
  });
  return cases;
}

void WanderingGoods::FindTheCase() {
  Tell(June());
  Reconcile();
  // No report is not zero.
  ExpectSoon([this] { return StrCat(MembersOf(Balance(), "gaps").size(), " ", Flows()); }, "3 UNKNOWN");
  EXPECT_EQ(Cases().size(), 0u);
  Tell({UploadStock(cogs_, "2024-06-30", 12)});
  Reconcile();
  EXPECT_EQ(TextAt(Get(StrCat("/v1/", acme_, "/sales:totals")), "/units/value"), "59");
  ExpectSoon([this] { return Gaps(); }, "acme 40, bolt 10, cogs -45, 5 reached nobody");
  ExpectSoon([this] { return Flows(); }, "acme>cogs 35 to 40, odds 7, 1 more; bolt>cogs 5 to 10, odds -20, 5 more; ");
  EXPECT_EQ(Cases().size(), 0u) << "one unit more is needed";
  Tell({Scan("e4", "s3")});
  ExpectSoon([this] { return Flows(); }, "acme>cogs 35 to 40, odds 13, 0 more; bolt>cogs 5 to 10, odds -20, 5 more; ");
  ExpectSoon([this] { return StrCat(Cases().size()); }, "1");
  const std::vector<json> cases = Cases();
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0]["parties"], json::array({acme_, cogs_})) << cases[0];
  case_ = TextAt(cases[0], "/name");
  EXPECT_EQ(Get("/v1/ledger:check").value("balanced", false), true);
}

void WanderingGoods::Confirm() {
  Do(StrCat("/v1/", case_, ":triage"));
  Do(StrCat("/v1/", case_, ":mediate"));
  const json resolved =
      Do(StrCat("/v1/", case_, ":resolve"), {{"outcome", "CONFIRMED"}, {"resolution", "35 units went to CN-44."}});
  EXPECT_EQ(TextAt(resolved, "/state"), "RESOLVED") << resolved;
}

json WanderingGoods::Measures() const {
  json measures = json::array();
  measures.push_back({{"kind", "CLAWBACK"},
                      {"partner", acme_},
                      {"amount", Yuan(2800)},
                      {"units", Units(35)},
                      {"reason", "A rebate for units that were not sold in CN-51"}});
  measures.push_back({{"kind", "PENALTY"},
                      {"partner", cogs_},
                      {"amount", Yuan(450)},
                      {"reason", "A bonus for units that were not bought from us"}});
  measures.push_back({{"kind", "WARNING"}, {"partner", acme_}, {"reason", "Sold outside of its territory"}});
  return measures;
}

std::string WanderingGoods::ApplyRemedy(const json& measures) {
  json body = json::object();
  body["measures"] = measures;
  const json remedy = Do(As("CHANNEL_MANAGER", "manager"), StrCat("/v1/", case_, ":applyRemedy"), body);
  return TextAt(remedy, "/name");
}

std::string WanderingGoods::StatesOf(const std::string& remedy) const {
  const json answer = Get(StrCat("/v1/", remedy));
  std::string text = StrCat(TextAt(answer, "/state"), ":");
  for (const json& step : MembersOf(answer, "steps")) StrAppend(&text, " ", TextAt(step, "/state"));
  return text;
}

std::vector<json> WanderingGoods::PostingsOf(const std::string& partner, const std::string& remedy) const {
  std::vector<json> postings = List(StrCat("/v1/", partner, "/adjustments"), "adjustments");
  std::erase_if(postings, [&remedy](const json& posting) { return TextAt(posting, "/remedy") != remedy; });
  return postings;
}

void WanderingGoods::ApprovePosting(const std::string& partner, const std::string& remedy) {
  ExpectSoon([&] { return StrCat(PostingsOf(partner, remedy).size()); }, "1");
  const std::vector<json> postings = PostingsOf(partner, remedy);
  ASSERT_EQ(postings.size(), 1u);
  EXPECT_EQ(TextAt(postings[0], "/state"), "REQUESTED") << postings[0];
  const json approved = Do(StrCat("/v1/", TextAt(postings[0], "/name"), ":approve"));
  EXPECT_EQ(TextAt(approved, "/state"), "APPROVED") << approved;
}

std::string WanderingGoods::WordOf(const std::string& partner) const {
  const std::string made = StrCat("partners/", Id(""));
  return partner.starts_with(made) ? partner.substr(made.size()) : partner;
}

}  // namespace tributary::testing
