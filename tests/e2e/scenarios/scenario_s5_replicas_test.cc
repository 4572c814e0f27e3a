// Scenario 5: one customer, two registrations. Two replicas of conflict-service are handed both at the same moment,
// again and again (TRIBUTARY_REGISTRATION_ROUNDS times, which is 1,000 with ./dev test --full, or 50): no cell is
// granted twice. And a customer's two names.

#include <signal.h>

#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/http/fetch.h"
#include "common/rpc/client.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "gmock/gmock.h"
#include "tests/e2e/scenarios/two_registrations.h"
#include "tributary/conflict/v1/deal_registration.pb.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

// Each partner may hand in 200 times a day.
constexpr int kRoundsOfAPair = 150;

int Rounds() {
  const char* asked = std::getenv("TRIBUTARY_REGISTRATION_ROUNDS");
  return asked == nullptr ? 50 : std::atoi(asked);
}

// One more process of conflict-service beside the suite's.
class Replica {
 public:
  explicit Replica(const TestSuite& suite)
      : port_(suite.port("gateway") + 1), admin_port_(port_ + 1), process_(CommandOf(suite, port_, admin_port_)) {
    const std::string admin = StrCat("127.0.0.1:", admin_port_);
    EXPECT_TRUE(WaitUntil(
        [&admin] {
          const auto ready = http::Fetch(admin, {.method = "GET", .target = "/readyz"});
          return ready.ok() && ready->status == 200;
        },
        absl::Minutes(1)));
  }
  // It drains and gives back what it follows.
  ~Replica() {
    kill(process_.pid(), SIGTERM);
    EXPECT_EQ(process_.Wait().code, 0);
  }
  std::string address() const { return StrCat("127.0.0.1:", port_); }

 private:
  // As ./dev up starts it.
  static Command CommandOf(const TestSuite& suite, int port, int admin_port) {
    const std::string keys = suite.var() + "/keys", secrets = suite.var() + "/secrets";
    return {.arguments = {ProgramFolder() + "/conflict-service",
                          "--listen",
                          StrCat("127.0.0.1:", port),
                          "--admin-listen",
                          StrCat("127.0.0.1:", admin_port),
                          "--jwks",
                          keys + "/jwks.json",
                          "--signing-key",
                          keys + "/service.jwk",
                          "--page-token-key",
                          keys + "/page_token.key",
                          "--database",
                          StrCat("unix://", suite.var(), "/run/mysqld.sock"),
                          "--database-user",
                          "conflict",
                          "--database-schema",
                          "conflict",
                          "--database-password-file",
                          secrets + "/conflict.password",
                          "--partner",
                          suite.address("partner"),
                          "--inventory",
                          suite.address("inventory"),
                          "--incentive",
                          suite.address("incentive")},
            .within = absl::Minutes(30)};
  }

  const int port_;
  const int admin_port_;
  RunningCommand process_;
};

class ReplicasOfS5 : public TwoRegistrations {
 protected:
  ReplicasOfS5() : TwoRegistrations("s5-replicas", /*acts_between_kills=*/1) {}

  conflict::v1::DealRegistration DealOf(bool first, const std::string& customer) const {
    conflict::v1::DealRegistration deal;
    deal.set_customer_name(customer);
    for (const char* line : {first ? "pl-a" : "pl-b", first ? "pl-b" : "pl-c"}) deal.add_product_lines(Line(line));
    for (const char* region : {"regions/cn-50", first ? "regions/cn-51" : "regions/cn-53"}) deal.add_regions(region);
    deal.set_route("RESELL");
    *deal.mutable_effective_from() = wire::ToProto(Day(first ? "07-08" : "08-01"));
    *deal.mutable_effective_to() = wire::ToProto(Day(first ? "10-06" : "10-30"));
    return deal;
  }
};

TEST_P(ReplicasOfS5, NoCellIsGrantedTwice) {
  const int rounds = Rounds();
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i * kRoundsOfAPair < rounds; ++i) {
    pairs.emplace_back(NewPartner(StrCat("first-", i)), NewPartner(StrCat("second-", i)));
  }
  CatchUp();
  const auto name_of = [&](bool first, int round) {
    const auto& pair = pairs[round / kRoundsOfAPair];
    return StrCat(first ? pair.first : pair.second, "/deals/r-", round);
  };
  // Names of customers that are not alike.
  std::mt19937 random(20260701);
  std::vector<std::string> customers;
  for (int round = 0; round < rounds; ++round) {
    std::string& name = customers.emplace_back();
    for (int i = 0; i < 14; ++i) name += static_cast<char>('a' + random() % 26);
  }
  const std::string manager = suite_.Token("CHANNEL_MANAGER", "", "head-of-channels");
  const Replica replica(suite_);
  const auto hand_in = [&](const std::string& address, bool first) {
    constexpr char kDeals[] = "tributary.conflict.v1.DealRegistrationService/";
    rpc::Client client(rpc::ClientOptions{.address = address});
    for (int round = 0; round < rounds; ++round) {
      const std::string name = name_of(first, round), partner = name.substr(0, name.find("/deals/"));
      const std::string id = partner.substr(partner.find('/') + 1);
      const rpc::CallOptions user{.timeout = absl::Minutes(1), .token = suite_.Token("PARTNER_USER", id, "clerk")};
      conflict::v1::CreateDealRegistrationRequest create;
      create.set_parent(partner);
      create.set_deal_id(StrCat("r-", round));
      // One company, by two names.
      *create.mutable_deal_registration() = DealOf(first, StrCat(customers[round], first ? "" : " Ltd."));
      ASSERT_THAT(client.Call<conflict::v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), create, user),
                  IsOk());
      conflict::v1::SubmitDealRegistrationRequest submit;
      submit.set_name(name);
      ASSERT_THAT(client.Call<conflict::v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, user),
                  IsOk());
      conflict::v1::ApproveDealRegistrationRequest approve;
      approve.set_name(name);
      ASSERT_THAT(client.Call<conflict::v1::DealRegistration>(StrCat(kDeals, "ApproveDealRegistration"), approve,
                                                              {.timeout = absl::Minutes(1), .token = manager}),
                  IsOk());
    }
  };
  std::thread one([&] { hand_in(suite_.address("conflict"), true); });
  std::thread two([&] { hand_in(replica.address(), false); });
  one.join();
  two.join();
  int first_won = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::vector<json> deals = {Get(StrCat("/v1/", name_of(true, round))),
                                     Get(StrCat("/v1/", name_of(false, round)))};
    ASSERT_EQ(CellsOfAll(deals), "654") << deals[0] << deals[1];
    first_won += static_cast<int>(TextAt(deals[0], "/state") == "APPROVED");
  }
  RecordProperty("first_won", first_won);
}

INSTANTIATE_TEST_SUITE_P(Once, ReplicasOfS5, ::testing::Values(Telling::kInOrder), NameOfRun);

class CustomersOfS5 : public ScenarioTest {
 protected:
  CustomersOfS5() : ScenarioTest("s5-customers", /*acts_between_kills=*/1) {}
};

// Once somebody has said that they are one, either name means it.
TEST_P(CustomersOfS5, EitherNameMeansTheOne) {
  const auto meant = [&](const char* name) {
    json body = json::object();
    body["names"] = json::array({name});
    return TextAt(admin_.Ask("POST", "/v1/customers:resolve", body), "/candidates/0/customer");
  };
  const std::string whole = StrCat("customers/", Id("whole")), brief = StrCat("customers/", Id("brief"));
  for (const auto& [customer, name] : {std::pair(whole, kWholeName), std::pair(brief, kBriefName)}) {
    json made = json::object();
    made["identity"]["names"] = json::array({name});
    Do(StrCat("/v1/customers?customerId=", customer.substr(10)), made);
  }
  EXPECT_EQ(meant(kWholeName), whole);
  EXPECT_EQ(meant(kBriefName), brief);
  json into = json::object();
  into["into"] = whole;
  Do(StrCat("/v1/", brief, ":merge"), into);
  EXPECT_EQ(meant(kWholeName), whole);
  EXPECT_EQ(meant(kBriefName), whole);
  Do(StrCat("/v1/", brief, ":undoMerge"));
  into["into"] = brief;
  Do(StrCat("/v1/", whole, ":merge"), into);
  EXPECT_EQ(meant(kWholeName), brief);
  EXPECT_EQ(meant(kBriefName), brief);
  Do(StrCat("/v1/", whole, ":undoMerge"));
}

INSTANTIATE_TEST_SUITE_P(Once, CustomersOfS5, ::testing::Values(Telling::kInOrder), NameOfRun);

}  // namespace
}  // namespace tributary::testing
