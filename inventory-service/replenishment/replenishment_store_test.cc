// Policies and suggestions on a real database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "inventory-service/replenishment/policy_store.h"
#include "inventory-service/replenishment/suggestion_store.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ReplenishmentPolicy Policy(const char* partner, const char* id, const char* product) {
  return {.partner = partner,
          .id = id,
          .uid = Uuid::New(kNow),
          .create_time = kNow,
          .update_time = kNow,
          .site = "main",
          .product = product,
          .kind = PolicyKind::kReorderPoint,
          .service_level = D("0.95"),
          .order_quantity = D("50")};
}

Suggestion NewSuggestion(const char* partner, const char* product, SuggestionState state) {
  return {.partner = partner,
          .uid = Uuid::New(kNow),
          .create_time = kNow,
          .update_time = kNow,
          .state = state,
          .site = "main",
          .product = product,
          .policy = "bikes",
          .policy_version = 3,
          .date = Day("2026-03-16"),
          .known_at = kNow,
          .demand = {.span = {Day("2026-01-13"), Day("2026-03-17")},
                     .period_days = 7,
                     .periods = 9,
                     .known_periods = 9,
                     .known_by = DemandKnownBy::kReportCoverage},
          .position = {.on_hand = D("-20.5"), .in_transit = D("1"), .on_order = D("2"), .open_orders = D("3")},
          .pack_size = D("12"),
          .quantity = D("60"),
          .explanation = "库存"};
}

class ReplenishmentStoreTest : public ::testing::Test {
 protected:
  ReplenishmentStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}
  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  absl::Status Put(const std::vector<Suggestion>& suggestions) {
    return Do([&](mysql::Transaction& sql) { return suggestions_.Put(sql, suggestions); });
  }
  Suggestion Get(const Suggestion& one) {
    Suggestion found;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(found, suggestions_.Get(sql, one.partner, one.uid));
      return absl::OkStatus();
    }));
    return found;
  }
  // "acme bike 60", in the order of the list.
  std::vector<std::string> Listed(std::string_view partner, std::string_view after_partner = "", const Uuid& after = {},
                                  int limit = 10) {
    std::vector<std::string> listed;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto found, suggestions_.List(sql, partner, after_partner, after, {}, limit));
      for (const Suggestion& one : found) {
        listed.push_back(StrCat(one.partner, " ", one.product, " ", one.quantity.ToString()));
      }
      return absl::OkStatus();
    }));
    return listed;
  }

  std::unique_ptr<mysql::Database> database_;
  ReplenishmentPolicyStore policies_;
  SuggestionStore suggestions_;
};

TEST_F(ReplenishmentStoreTest, APolicyIsReadAsItWasWritten) {
  ReplenishmentPolicy plain = Policy("acme", "bikes", "bike");
  ReplenishmentPolicy full = Policy("acme", "pumps", "pump");
  full.state = PolicyState::kPaused;
  full.kind = PolicyKind::kPeriodic;
  full.lead_time_days = D("7.5");
  full.lead_time_deviation_days = D("0");
  full.review_period_days = 14;
  full.first_review_date = Day("2026-01-05");
  full.demand_period_days = 30;
  full.history_days = 720;
  full.order_quantity.reset();
  full.pack_size = D("0.25");
  full.pack_unit = "bag";
  full.min_level = D("1");
  full.max_level = D("99.000001");
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(policies_.Insert(sql, plain));
    return policies_.Insert(sql, full);
  }));
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const ReplenishmentPolicy read, policies_.Get(sql, "acme", "bikes"));
    EXPECT_EQ(read.uid, plain.uid);
    EXPECT_EQ(read.order_quantity, D("50"));
    EXPECT_FALSE(read.lead_time_days.has_value() || read.lead_time_deviation_days.has_value() ||
                 read.first_review_date.has_value() || read.min_level.has_value() || read.max_level.has_value());
    ASSIGN_OR_RETURN(ReplenishmentPolicy other, policies_.GetForUpdate(sql, "acme", "pumps"));
    EXPECT_EQ(other.state, PolicyState::kPaused);
    EXPECT_EQ(other.kind, PolicyKind::kPeriodic);
    EXPECT_EQ(other.lead_time_days, D("7.5"));
    EXPECT_EQ(other.lead_time_deviation_days, D("0"));
    EXPECT_EQ(other.review_period_days, 14);
    EXPECT_EQ(other.first_review_date, Day("2026-01-05"));
    EXPECT_EQ(other.demand_period_days, 30);
    EXPECT_EQ(other.history_days, 720);
    EXPECT_FALSE(other.order_quantity.has_value());
    EXPECT_EQ(other.pack_size, D("0.25"));
    EXPECT_EQ(other.pack_unit, "bag");
    EXPECT_EQ(other.min_level, D("1"));
    EXPECT_EQ(other.max_level, D("99.000001"));
    other.max_level.reset();
    other.version = 2;
    RETURN_IF_ERROR(policies_.Update(sql, other));
    ASSIGN_OR_RETURN(const ReplenishmentPolicy after, policies_.Get(sql, "acme", "pumps"));
    EXPECT_EQ(after.version, 2);
    EXPECT_FALSE(after.max_level.has_value());
    EXPECT_THAT(policies_.Get(sql, "bolt", "pumps"), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  }));
}

TEST_F(ReplenishmentStoreTest, AProductHasOnePolicyAtASite) {
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(policies_.Insert(sql, Policy("acme", "bikes", "bike")));
    RETURN_IF_ERROR(policies_.Insert(sql, Policy("acme", "a", "pump")));
    return policies_.Insert(sql, Policy("bolt", "bikes", "bike"));
  }));
  const auto refused = [&](const ReplenishmentPolicy& policy) {
    return Do([&](mysql::Transaction& sql) { return policies_.Insert(sql, policy); });
  };
  EXPECT_THAT(refused(Policy("acme", "bikes", "helmet")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(std::string(refused(Policy("acme", "others", "bike")).message()),
              ::testing::HasSubstr("partners/acme/replenishmentPolicies/bikes"));
  const auto found = [&](std::string_view partner, const std::vector<std::string_view>& ids, int limit) {
    std::vector<std::string> names;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto policies, policies_.FindForUpdate(sql, partner, ids, limit));
      for (const ReplenishmentPolicy& policy : policies) names.push_back(policy.product);
      return absl::OkStatus();
    }));
    return names;
  };
  EXPECT_THAT(found("acme", {}, 9), ElementsAre("bike", "pump"));
  EXPECT_THAT(found("acme", {}, 1), ElementsAre("bike"));
  EXPECT_THAT(found("acme", {"a", "x"}, 9), ElementsAre("pump"));
  EXPECT_THAT(found("cogs", {}, 9), IsEmpty());
}

TEST_F(ReplenishmentStoreTest, ASuggestionIsReadAsItWasWritten) {
  Suggestion full = NewSuggestion("acme", "bike", SuggestionState::kOpen);
  full.kind = PolicyKind::kPeriodic;
  full.forecast =
      Forecast{.method = ForecastMethod::kSyntetosBoylan,
               .mean = D("3.8"),
               .deviation = D("14.269198"),
               .back_tests = {{ForecastMethod::kNaive, 8, D("10"), D("20"), D("1")},
                              {ForecastMethod::kExponentialSmoothing, 8, D("6.8"), D("14.59863"), D("0.68")},
                              {ForecastMethod::kSyntetosBoylan, 8, D("5.95"), D("14.269198"), {}}}};
  full.lead_time = LeadTime{LeadTimeSource::kPartnerShipments, 5, D("7"), D("0.5")};
  full.terms = ReplenishmentTerms{D("0.5"), D("1"), D("9"), D("4.5"), D("1.644854"), D("4.935"), D("9.435")};
  full.wanted = D("55.1");
  full.next_review_date = Day("2026-03-23");
  ASSERT_OK(Put({full}));
  const Suggestion read = Get(full);
  EXPECT_EQ(read.forecast, full.forecast);
  EXPECT_EQ(read.lead_time, full.lead_time);
  EXPECT_EQ(read.terms, full.terms);
  EXPECT_EQ(read.demand, full.demand);
  EXPECT_EQ(read.position, full.position);
  EXPECT_EQ(read.kind, full.kind);
  EXPECT_EQ(read.policy_version, 3);
  EXPECT_EQ(read.wanted, full.wanted);
  EXPECT_EQ(read.explanation, full.explanation);
  EXPECT_EQ(read.next_review_date, full.next_review_date);
  EXPECT_FALSE(read.decide_time.has_value());

  // The next one in its place knows less.
  Suggestion silent = NewSuggestion("acme", "bike", SuggestionState::kSilent);
  silent.uid = full.uid;
  silent.version = 2;
  silent.quantity = {};
  silent.why_not = WhyNot::kHistoryTooShort;
  ASSERT_OK(Put({silent}));
  const Suggestion replaced = Get(full);
  EXPECT_EQ(replaced.version, 2);
  EXPECT_EQ(replaced.why_not, WhyNot::kHistoryTooShort);
  EXPECT_FALSE(replaced.forecast.has_value() || replaced.lead_time.has_value() || replaced.terms.has_value() ||
               replaced.next_review_date.has_value());
  EXPECT_THAT(Listed(""), ElementsAre("acme bike 0"));
}

TEST_F(ReplenishmentStoreTest, ListsAreNewestFirstAndDecidedOnesStay) {
  std::vector<Suggestion> acme;
  for (const char* product : {"bike", "pump"}) acme.push_back(NewSuggestion("acme", product, SuggestionState::kOpen));
  const Suggestion bolt = NewSuggestion("bolt", "bike", SuggestionState::kSilent);
  ASSERT_OK(Put({acme[0], acme[1], bolt}));
  Suggestion accepted = acme[0];
  accepted.state = SuggestionState::kAccepted;
  accepted.decide_time = kNow;
  Suggestion next = NewSuggestion("acme", "bike", SuggestionState::kSilent);
  next.quantity = {};
  ASSERT_OK(Put({accepted}));
  ASSERT_OK(Put({next}));
  EXPECT_THAT(Listed(""), ElementsAre("acme bike 0", "acme pump 60", "acme bike 60", "bolt bike 60"));
  EXPECT_THAT(Listed("acme", "acme", next.uid, 1), ElementsAre("acme pump 60"));
  EXPECT_THAT(Listed("", "acme", acme[0].uid), ElementsAre("bolt bike 60"));
  EXPECT_THAT(Listed("bolt", "acme", acme[0].uid), ElementsAre("bolt bike 60"));
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(suggestions_.UndecidedForUpdate(sql, "acme").value(), SizeIs(2));
    EXPECT_THAT(suggestions_.Accepted(sql, "acme", Day("2026-03-15")).value(), IsEmpty());
    ASSIGN_OR_RETURN(const auto found, suggestions_.Accepted(sql, "acme", Day("2026-03-16")));
    EXPECT_THAT(found, SizeIs(1));
    EXPECT_EQ(found.at(0).decide_time, kNow);
    // One that names its order counts by that.
    Suggestion ordered = accepted;
    ordered.order = "o1";
    RETURN_IF_ERROR(suggestions_.Put(sql, {&ordered, 1}));
    EXPECT_EQ(suggestions_.Get(sql, "acme", ordered.uid)->order, "o1");
    EXPECT_THAT(suggestions_.Accepted(sql, "acme", Day("2026-03-16")).value(), IsEmpty());
    EXPECT_THAT(suggestions_.Get(sql, "bolt", acme[0].uid), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace tributary::inventory
