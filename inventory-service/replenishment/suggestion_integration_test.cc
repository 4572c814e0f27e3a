// Suggestions through the whole service: their terms, their silences, and what days are known.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/replenishment/testing_replenishment.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SuggestionServiceTest : public ReplenishmentTest {};

TEST_F(SuggestionServiceTest, ASuggestionShowsEveryTermUntilItIsShipped) {
  MakeTenWeeks();
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));

  v1::RecomputeSuggestionsRequest trial;
  trial.set_parent("partners/acme");
  *trial.mutable_as_of_date() = Day("2026-03-16");
  trial.set_validate_only(true);
  const v1::Suggestion shown =
      Only(inventory_.Call<v1::RecomputeSuggestionsResponse>("SuggestionService/RecomputeSuggestions", trial));
  EXPECT_EQ(shown.quantity().value(), "50");
  EXPECT_THAT(Listed("partners/acme"), IsEmpty());

  // Nine whole weeks of 28 are known: 4 a day, never wrong. Over a lead time of 9 days 36; 1.644854 x 4 x 3.464102.
  const v1::Suggestion open = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(open.state(), v1::Suggestion::OPEN);
  EXPECT_EQ(open.policy(), "partners/acme/replenishmentPolicies/bikes");
  EXPECT_EQ(open.demand().source(), v1::Suggestion::SELL_THROUGH);
  EXPECT_EQ(open.demand().periods(), 9);
  EXPECT_EQ(open.demand().known_periods(), 9);
  EXPECT_EQ(wire::FromProto(open.demand().start_date())->ToString(), "2026-01-13");
  EXPECT_EQ(wire::FromProto(open.demand().end_date())->ToString(), "2026-03-17");
  EXPECT_FALSE(open.demand().stale());
  EXPECT_EQ(open.demand().method(), v1::Suggestion::NAIVE);
  EXPECT_EQ(open.demand().mean().value(), "28");
  EXPECT_THAT(open.demand().back_tests(), SizeIs(3));
  EXPECT_EQ(open.demand().back_tests(2).root_mean_square_error().value(), "1.4");  // 0.05 x 28
  EXPECT_EQ(open.lead_time().source(), v1::Suggestion::LeadTime::PRODUCT_SHIPMENTS);
  EXPECT_EQ(open.lead_time().shipment_lines(), 3);
  EXPECT_EQ(open.lead_time().mean_days().value(), "9");
  EXPECT_EQ(open.lead_time().deviation_days().value(), "3.464102");
  EXPECT_EQ(open.terms().demand_over_protection().value(), "36");
  EXPECT_EQ(open.terms().safety_stock().value(), "22.792");
  EXPECT_EQ(open.terms().level().value(), "58.792");
  EXPECT_EQ(open.position().on_hand().value(), "20");
  EXPECT_EQ(open.position().inventory_position().value(), "20");
  EXPECT_EQ(open.quantity().value(), "50");
  EXPECT_THAT(open.explanation(), HasSubstr("is not above the reorder point 58.792"));

  // Asked again, the undecided one is replaced; what was shown is stored.
  const v1::Suggestion again = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(again.name(), open.name());
  EXPECT_NE(again.etag(), open.etag());
  v1::GetSuggestionRequest get;
  get.set_name(again.name());
  const auto stored = inventory_.Call<v1::Suggestion>("SuggestionService/GetSuggestion", get);
  ASSERT_OK(stored);
  EXPECT_EQ(stored->SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Listed("partners/acme"), ElementsAre("OPEN 50"));

  // Who decides on what is no longer so is told.
  EXPECT_THAT(Decide<v1::AcceptSuggestionRequest>("Accept", open, ""), HasReason(Reason::kEtagMismatch));
  const rpc::CallOptions acme{.token = keys_.Token(api::v1::PARTNER_USER, "acme")};
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_THAT(Decide<v1::AcceptSuggestionRequest>("Accept", again, "", bolt), HasReason(Reason::kPermissionDenied));
  const auto accepted = Decide<v1::AcceptSuggestionRequest>("Accept", again, "PO-7", acme);
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->state(), v1::Suggestion::ACCEPTED);
  EXPECT_EQ(accepted->decision_note(), "PO-7");
  EXPECT_EQ(accepted->demand().back_tests_size(), 3);
  EXPECT_THAT(Decide<v1::AcceptSuggestionRequest>("Accept", *accepted, ""), HasReason(Reason::kStateConflict));

  // It counts as on order, and then as stock.
  const v1::Suggestion silent = Only(Recompute("acme", "2026-03-18"));
  EXPECT_EQ(silent.state(), v1::Suggestion::SILENT);
  EXPECT_EQ(silent.why_not(), v1::Suggestion::ABOVE_REORDER_POINT);
  EXPECT_THAT(silent.explanation(), HasSubstr("70 (20 on hand, 0 in transit, 0 in open orders, 50 accepted) is above"));
  EXPECT_NE(silent.name(), accepted->name());
  ShipTo("acme", "bike", 50, "2026-03-17", "2026-03-26");
  const v1::Suggestion shipped = Only(Recompute("acme", "2026-03-26"));
  EXPECT_EQ(shipped.name(), silent.name());
  EXPECT_EQ(shipped.position().on_hand().value(), "70");
  EXPECT_EQ(shipped.position().on_order().value(), "0");
  EXPECT_TRUE(shipped.demand().stale());
  EXPECT_THAT(Listed("partners/-", "", 1), ElementsAre("SILENT", "ACCEPTED 50"));
  EXPECT_THAT(Listed("partners/-", "state = ACCEPTED AND as_of_date <= 2026-03-16"), ElementsAre("ACCEPTED 50"));
  EXPECT_THAT(Listed("partners/bolt"), IsEmpty());

  // As of an earlier day the later facts did not exist: 16 more were there, and nothing was accepted.
  const v1::Suggestion earlier = Only(Recompute("acme", "2026-03-15"));
  EXPECT_EQ(earlier.position().on_hand().value(), "48");
  EXPECT_EQ(earlier.position().on_order().value(), "0");
  EXPECT_EQ(earlier.state(), v1::Suggestion::OPEN);
  ASSERT_OK(Decide<v1::DismissSuggestionRequest>("Dismiss", earlier, "only a look"));

  // Acceptance taken back: nothing is on order any more.
  const auto taken_back = Decide<v1::DismissSuggestionRequest>("Dismiss", *accepted, "no room");
  ASSERT_OK(taken_back);
  EXPECT_EQ(taken_back->state(), v1::Suggestion::DISMISSED);
  EXPECT_EQ(Only(Recompute("acme", "2026-03-18")).position().on_order().value(), "0");

  // Everything was told.
  std::vector<std::string> told;
  for (const events::Event& event : Events()) {
    if (event.type == v1::Suggestion::descriptor()->full_name()) told.push_back(event.verb);
  }
  EXPECT_THAT(told, ElementsAre("recomputed", "recomputed", "accepted", "recomputed", "recomputed", "recomputed",
                                "dismissed", "dismissed", "recomputed"));
}

TEST_F(SuggestionServiceTest, EverySilenceIsExplained) {
  MakeTenWeeks();
  ShipTo("bolt", "bike", 40, "2026-01-01", "2026-01-08");
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  ASSERT_OK(Create(NewPolicy("acme", "helmet", "helmets")));
  ASSERT_OK(Create(NewPolicy("bolt", "bike", "bikes")));

  // By site and product; a product that was never there has no history, but a lead time of the partner's other ones.
  const auto both = Recompute("acme", "2026-03-16");
  ASSERT_OK(both);
  ASSERT_THAT(both->suggestions(), SizeIs(2));
  EXPECT_EQ(both->suggestions(0).state(), v1::Suggestion::OPEN);
  const v1::Suggestion& helmet = both->suggestions(1);
  EXPECT_EQ(helmet.why_not(), v1::Suggestion::HISTORY_TOO_SHORT);
  EXPECT_THAT(helmet.explanation(), HasSubstr("0 periods of 7 days are known, 8 are needed"));
  EXPECT_EQ(helmet.lead_time().source(), v1::Suggestion::LeadTime::PARTNER_SHIPMENTS);
  EXPECT_FALSE(helmet.has_terms());

  // bolt reports no sale: its 40 bikes are anybody's guess, and what was shipped is no measure of them.
  const v1::Suggestion unknown = Only(Recompute("bolt", "2026-03-16"));
  EXPECT_EQ(unknown.why_not(), v1::Suggestion::STOCK_UNKNOWN);
  EXPECT_EQ(unknown.demand().source(), v1::Suggestion::SELL_IN);
  EXPECT_EQ(unknown.demand().known_periods(), 9);  // 68 days since the first shipment

  v1::PauseReplenishmentPolicyRequest pause;
  pause.set_name("partners/acme/replenishmentPolicies/bikes");
  const auto paused =
      inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/PauseReplenishmentPolicy", pause);
  ASSERT_OK(paused);
  EXPECT_EQ(paused->state(), v1::ReplenishmentPolicy::PAUSED);
  v1::RecomputeSuggestionsRequest request;
  request.set_parent("partners/acme");
  request.add_policies("partners/acme/replenishmentPolicies/bikes");
  *request.mutable_as_of_date() = Day("2026-03-16");
  const v1::Suggestion silent =
      Only(inventory_.Call<v1::RecomputeSuggestionsResponse>("SuggestionService/RecomputeSuggestions", request));
  EXPECT_EQ(silent.why_not(), v1::Suggestion::POLICY_PAUSED);
  EXPECT_EQ(silent.terms().level().value(), "58.792");  // known all the same
  EXPECT_EQ(silent.quantity().value(), "0");
  EXPECT_THAT(Listed("partners/acme", "why_not = HISTORY_TOO_SHORT OR why_not = POLICY_PAUSED"), SizeIs(2));
  v1::ResumeReplenishmentPolicyRequest resume;
  resume.set_name(pause.name());
  ASSERT_OK(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/ResumeReplenishmentPolicy", resume));

  // Names of others, and of nobody.
  request.add_policies("partners/bolt/replenishmentPolicies/bikes");
  EXPECT_THAT(inventory_.Call<v1::RecomputeSuggestionsResponse>("SuggestionService/RecomputeSuggestions", request),
              HasReason(Reason::kInvalidField));
  request.set_policies(1, "partners/acme/replenishmentPolicies/nothing");
  EXPECT_THAT(inventory_.Call<v1::RecomputeSuggestionsResponse>("SuggestionService/RecomputeSuggestions", request),
              HasReason(Reason::kNotFound));
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_THAT(Recompute("acme", "2026-03-16", bolt), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Recompute("bolt", "2026-03-16", bolt));
  EXPECT_THAT(Recompute("cogs", "2026-03-16")->suggestions(), IsEmpty());
}

// Days that no report covers are not known, which is not zero: the same sales forecast otherwise, or not at all.
TEST_F(SuggestionServiceTest, ADayThatNoReportCoversIsNotADayWithoutDemand) {
  ShipTo("acme", "bike", 400, "2025-12-29", "2026-01-05");
  ShipTo("acme", "bike", 1, "2025-12-30", "2026-01-06");
  ShipTo("acme", "bike", 1, "2025-12-31", "2026-01-07");
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  v1::CreateReportProfileRequest profile;
  profile.set_parent("partners/acme");
  profile.set_report_profile_id("pos");
  profile.mutable_report_profile()->set_kind(v1::ReportProfile::SELL_THROUGH);
  profile.mutable_report_profile()->set_format(v1::ReportProfile::CSV);
  profile.mutable_report_profile()->set_default_profile(true);
  ASSERT_OK(inventory_.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", profile));
  // Weeks from Monday 2026-01-12 on; 28 sold in each week that is told, the zero report aside.
  const Date monday = Date::Parse("2026-01-12").value();
  const auto report = [&](int first_week, int weeks, bool zero = false) {
    v1::CreatePartnerReportRequest request;
    request.set_parent("partners/acme");
    auto& coverage = *request.mutable_partner_report()->mutable_coverage();
    *coverage.mutable_from_date() = wire::ToProto(monday.AddDays(7 * first_week));
    *coverage.mutable_to_date() = wire::ToProto(monday.AddDays(7 * (first_week + weeks) - 1));
    std::string text = "date,quantity,document,line,product\n";
    for (int week = first_week; !zero && week < first_week + weeks; ++week) {
      StrAppend(&text, monday.AddDays(7 * week).ToString(), ",28,W", week, ",1,bike\n");
    }
    if (zero) {
      request.mutable_partner_report()->set_zero_report(true);
    } else {
      request.set_content(text);
    }
    return inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request);
  };
  ASSERT_OK(report(0, 4));
  ASSERT_OK(report(6, 3));
  // Nine weeks from the first sale to the last one; two of them nobody told.
  const v1::Suggestion gap = Only(Recompute("acme", "2026-03-15"));
  EXPECT_EQ(gap.demand().known_by(), v1::Suggestion::REPORT_COVERAGE);
  EXPECT_EQ(gap.demand().periods(), 9);
  EXPECT_EQ(gap.demand().known_periods(), 7);
  EXPECT_EQ(gap.why_not(), v1::Suggestion::HISTORY_TOO_SHORT);
  EXPECT_THAT(gap.explanation(), HasSubstr("2 more hold days that no report covers"));
  // One of them told: 28 in every week that is known, whatever happened in the other.
  ASSERT_OK(report(4, 1));
  const v1::Suggestion known = Only(Recompute("acme", "2026-03-15"));
  EXPECT_EQ(known.demand().known_periods(), 8);
  EXPECT_EQ(known.demand().mean().value(), "28");
  EXPECT_EQ(known.demand().deviation().value(), "0");
  EXPECT_FALSE(known.demand().stale());
  // As of later the figures are stale, and say so.
  const v1::Suggestion stale = Only(Recompute("acme", "2026-03-23"));
  EXPECT_TRUE(stale.demand().stale());
  EXPECT_EQ(stale.demand().mean().value(), "28");
  EXPECT_THAT(stale.explanation(), HasSubstr("stale: what was asked for after 2026-03-15 is not known"));
  // The explicit word that nothing was sold is a week without demand.
  ASSERT_OK(report(5, 1, /*zero=*/true));
  const v1::Suggestion zero = Only(Recompute("acme", "2026-03-15"));
  EXPECT_EQ(zero.demand().known_periods(), 9);
  EXPECT_NE(zero.demand().deviation().value(), "0");
  // And what was not known yet then, did not count.
  EXPECT_EQ(Only(Recompute("acme", "2026-03-15")).demand().known_periods(), 9);
}

TEST_F(SuggestionServiceTest, OneUndecidedSuggestionHoweverManyAsk) {
  MakeTenWeeks();
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  std::set<std::string> names;
  std::mutex mutex;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const v1::Suggestion suggestion = Only(Recompute("acme", "2026-03-16"));
        std::lock_guard lock(mutex);
        names.insert(suggestion.name());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_THAT(names, SizeIs(1));
  EXPECT_THAT(Listed("partners/acme"), ElementsAre("OPEN 50"));
}

}  // namespace
}  // namespace tributary::inventory
