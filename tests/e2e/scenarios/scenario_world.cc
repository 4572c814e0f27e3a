#include "tests/e2e/scenarios/scenario_world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "common/text/text.h"
#include "tests/support/imports.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

constexpr unsigned kSeed = 20260331;

// In this order processes are killed: by the time that money moves it is the turn of those who move it.
constexpr const char* kVictims[] = {"partner", "conflict", "inventory", "database", "gateway", "incentive"};

// Who follows whose feed. What is told at one place goes through the others in this order.
constexpr std::pair<const char*, const char*> kFollowers[] = {
    {"inventory", "partner"},  {"conflict", "partner"},   {"incentive", "partner"},  {"incentive", "inventory"},
    {"conflict", "inventory"}, {"incentive", "conflict"}, {"conflict", "incentive"}, {"inventory", "incentive"},
    {"partner", "inventory"},  {"partner", "conflict"}};

}  // namespace

std::string_view NameOf(Telling telling) {
  switch (telling) {
    case Telling::kInOrder:
      return "in-order";
    case Telling::kReversed:
      return "reversed";
    case Telling::kShuffled:
      return "shuffled";
    case Telling::kTwice:
      return "twice";
    case Telling::kKilled:
      return "killed";
  }
  return "";
}

std::string NameOfRun(const ::testing::TestParamInfo<Telling>& info) {
  std::string name(NameOf(info.param));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

ScenarioWorld::ScenarioWorld() {
  suite.Up();
  const std::string file = suite.var() + "/regions.csv";
  WriteLines(file, {"id,parent,scheme,code,name,name_zh", "cn-44,,GBT_2260,CN-44,Guangdong,广东",
                    "cn-50,,GBT_2260,CN-50,Chongqing,重庆", "cn-51,,GBT_2260,CN-51,Sichuan,四川",
                    "cn-53,,GBT_2260,CN-53,Yunnan,云南"});
  const ImportOutcome regions = Import(suite, "sample/regions", file);
  if (regions.accepted != 4) {
    std::fprintf(stderr, "regions: %s\n", regions.command.ToString().c_str());
    std::exit(1);
  }
  for (const char* who : {"inventory", "conflict"}) WaitForFeed(suite, who, "partner");
}

ScenarioTest::ScenarioTest(std::string_view scenario, int acts_between_kills)
    : admin_(suite_, suite_.Token("ADMINISTRATOR")),
      prefix_(StrCat(scenario, "-", NameOf(GetParam()), "-")),
      random_(kSeed),
      acts_between_kills_(acts_between_kills) {
  if (GetParam() == Telling::kShuffled) {
    std::printf("seed %u\n", kSeed);
    RecordProperty("seed", static_cast<int>(kSeed));
  }
  if (GetParam() == Telling::kKilled) {
    victims_.assign(std::rbegin(kVictims), std::rend(kVictims));
    EXPECT_EQ(victims_.size(), TestSuite::Parts().size());
  }
}

void ScenarioTest::TearDown() { EXPECT_TRUE(victims_.empty()) << victims_.size() << " processes were not killed"; }

std::string ScenarioTest::Id(std::string_view word) const { return StrCat(prefix_, word); }

std::string ScenarioTest::NewPartner(std::string_view word, const json& more) {
  const std::string name = StrCat("partners/", Id(word)), agreement = StrCat("/v1/", name, "/agreements/main");
  json partner = {{"legalName", Id(word)}, {"kind", "DISTRIBUTOR"}, {"currency", "CNY"}};
  partner.update(more);
  admin_.Do(StrCat("/v1/partners?partnerId=", Id(word)), partner);
  admin_.Do(StrCat("/v1/", name, "/agreements?agreementId=main"),
            {{"title", "Cooperation"}, {"text", "We work together."}, {"effectiveFrom", On("2024-01-01")}});
  const json proposed = admin_.Do(agreement + ":propose");
  admin_.Do(agreement + ":sign", {{"textSha256", TextAt(proposed, "/textSha256")}});
  EXPECT_EQ(TextAt(admin_.Do(StrCat("/v1/", name, ":activate")), "/state"), "ACTIVE");
  return name;
}

std::string ScenarioTest::NewProduct(std::string_view word, const json& more) {
  json product = {{"sku", Id(word)}, {"displayName", Id(word)}, {"kind", "STOCKED"}, {"baseUnit", "each"}};
  product.update(more);
  return TextAt(admin_.Do(StrCat("/v1/products?productId=", Id(word)), product), "/name");
}

json ScenarioTest::Do(const std::string& target, json body) { return Do(admin_, target, std::move(body)); }

json ScenarioTest::Do(const GatewayUser& user, const std::string& target, json body) {
  const std::unique_ptr<RunningCommand> up = KillNext();
  json reply = user.Do(target, std::move(body));
  if (up != nullptr) {
    const Outcome outcome = up->Wait();
    EXPECT_EQ(outcome.code, 0) << outcome.ToString();
  }
  return reply;
}

std::unique_ptr<RunningCommand> ScenarioTest::KillNext() {
  if (victims_.empty() || ++acts_ % acts_between_kills_ != 0) return nullptr;
  SCOPED_TRACE(victims_.back());
  suite_.Kill(victims_.back());
  victims_.pop_back();
  return std::make_unique<RunningCommand>(
      Command{.arguments = {"./dev", "up"}, .environment = suite_.Environment(), .within = absl::Minutes(2)});
}

GatewayUser ScenarioTest::As(const std::string& role, const std::string& subject, const std::string& partner) const {
  return {suite_, suite_.Token(role, partner, subject)};
}

ScenarioTest::Fact ScenarioTest::Document(const std::string& partner, const std::string& kind, const json& lines) {
  return [this, partner, kind, lines] { Do(StrCat("/v1/", partner, "/", kind), {{"lines", lines}}); };
}

std::string ScenarioTest::ShipmentId(const std::string& partner, const std::string& document) {
  return StrCat(partner.substr(partner.find('/') + 1), "-", document);
}

json ScenarioTest::Shipped(const std::string& partner, const std::string& document, const std::string& date,
                           const std::string& product, int units, const json& price, const json& net,
                           const json& more) {
  json line = {{"partner", partner},
               {"document", ShipmentId(partner, document)},
               {"line", 1},
               {"orderDate", On(date)},
               {"shipDate", On(date)},
               {"product", product},
               {"quantity", Units(units)},
               {"unitPrice", price},
               {"netAmount", net}};
  line.update(more);
  return line;
}

std::string ScenarioTest::OnHand(const std::string& partner, const std::string& product, const std::string& date,
                                 absl::Time known) const {
  std::string target = StrCat("/v1/", partner, "/positions/main.", product.substr(product.find('/') + 1), "?",
                              Query("asOfDate", On(date)));
  if (known != absl::InfiniteFuture()) target += "&" + Query("knownTime", known);
  return TextAt(Get(target), "/onHand/value");
}

void ScenarioTest::Tell(Facts facts) {
  if (GetParam() == Telling::kTwice) {
    const Facts once = facts;
    facts.insert(facts.end(), once.begin(), once.end());
  }
  if (GetParam() == Telling::kReversed) std::reverse(facts.begin(), facts.end());
  if (GetParam() == Telling::kShuffled || GetParam() == Telling::kTwice) {
    std::shuffle(facts.begin(), facts.end(), random_);
  }
  for (const auto& fact : facts) fact();
  CatchUp();
}

void ScenarioTest::CatchUp() {
  for (const auto& [who, feed] : kFollowers) WaitForFeed(suite_, who, feed);
}

void ScenarioTest::ExpectSoon(const std::function<std::string()>& read, const std::string& want) {
  std::string got;
  WaitUntil([&] { return (got = read()) == want; }, absl::Seconds(60));
  EXPECT_EQ(got, want);
}

}  // namespace tributary::testing
