#pragma once

// The suite's scenarios, whole: stories with exact figures, told to the processes as applications tell them. Each is
// told in order, reversed, shuffled, with every fact twice, and while each process is killed once; the figures are the
// same.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"
#include "tests/support/command.h"
#include "tests/support/gateway_user.h"
#include "tests/support/shared.h"

namespace tributary::testing {

// How facts are told.
enum class Telling { kInOrder, kReversed, kShuffled, kTwice, kKilled };
// "in-order": for names of tests and in ids of resources.
std::string_view NameOf(Telling telling);
inline constexpr Telling kTellings[] = {Telling::kInOrder, Telling::kReversed, Telling::kShuffled, Telling::kTwice,
                                        Telling::kKilled};
// For INSTANTIATE_TEST_SUITE_P.
std::string NameOfRun(const ::testing::TestParamInfo<Telling>& info);

// The installation that all scenarios of a binary share, with the regions cn-44 (CN-44), cn-50, cn-51 and cn-53 and
// nothing else. Runs keep apart by the ids of what they make.
struct ScenarioWorld {
  ScenarioWorld();
  TestSuite suite;
};

// One run of one scenario.
class ScenarioTest : public ::testing::TestWithParam<Telling> {
 protected:
  using json = nlohmann::json;
  using Fact = std::function<void()>;
  using Facts = std::vector<Fact>;

  // "s1", with which the run's ids begin. Where processes are to be killed, every so many commands and facts meet one
  // that has just been killed, until all have been: so that kills fall on all of the story.
  ScenarioTest(std::string_view scenario, int acts_between_kills);
  // Each process has been killed where that was asked for.
  void TearDown() override;

  // An id that no other run has: "p1" is "s1-reversed-p1".
  std::string Id(std::string_view word) const;

  // An active partner with an agreement in force since 2024; its name, "partners/s1-reversed-p1". `more` are further
  // fields of the partner.
  std::string NewPartner(std::string_view word, const json& more = json::object());
  // A product of units that are told apart by nothing; its name. `more` are further fields of the product.
  std::string NewProduct(std::string_view word, const json& more = json::object());

  // A command or a fact of an administrator's, or of `user`.
  json Do(const std::string& target, json body = json::object());
  json Do(const GatewayUser& user, const std::string& target, json body = json::object());
  json Get(const std::string& target) const { return admin_.Get(target); }
  std::vector<json> List(const std::string& collection, const char* member) const {
    return admin_.List(collection, member);
  }
  // Somebody of the vendor's, or of a partner's.
  GatewayUser As(const std::string& role, const std::string& subject, const std::string& partner = "") const;

  // A document of the partner's with these lines; `kind` is "shipments", "receipts" or "invoices".
  Fact Document(const std::string& partner, const std::string& kind, const json& lines);
  // What a document of goods shipped to the partner is called: their numbers are the vendor's, one of all partners.
  static std::string ShipmentId(const std::string& partner, const std::string& document);
  // A line of a document that ships goods, by the number that the story has; `more` are further fields of the line.
  static json Shipped(const std::string& partner, const std::string& document, const std::string& date,
                      const std::string& product, int units, const json& price, const json& net,
                      const json& more = json::object());
  // What the books of a partner's main site say of the end of a day, as known now or at a moment.
  std::string OnHand(const std::string& partner, const std::string& product, const std::string& date,
                     absl::Time known = absl::InfiniteFuture()) const;

  // Tells the facts as the run has it, then waits until all services know them.
  void Tell(Facts facts);
  // Waits until every service has applied what the others had told. What they tell because of that may take a moment
  // more.
  void CatchUp();
  // Waits until `read` says `want`; a failure of the test where it does not get there.
  void ExpectSoon(const std::function<std::string()>& read, const std::string& want);

  TestSuite& suite_ = Shared<ScenarioWorld>::Get().suite;
  const GatewayUser admin_;

 private:
  // `./dev up` after a kill -9 of the next process; null where none is killed now.
  std::unique_ptr<RunningCommand> KillNext();

  const std::string prefix_;
  std::mt19937 random_;
  std::vector<std::string> victims_;  // still to be killed, the last one first
  const int acts_between_kills_;
  int acts_ = 0;
};

}  // namespace tributary::testing
