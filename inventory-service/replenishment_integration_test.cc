// Replenishment through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "google/protobuf/empty.pb.h"
#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/replenishment_policy.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"
#include "tributary/inventory/v1/suggestion.pb.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

google::type::Date Day(const char* text) { return wire::ToProto(Date::Parse(text).value()); }

class ReplenishmentTest : public FactsTest {
 protected:
  ReplenishmentTest() : shipments_(inventory_.NewImport("shipments").value()) {}

  void ShipTo(const char* partner, const char* product, int units, const char* ordered, const char* shipped) {
    v1::ShipmentLine line = NewLine(partner, StrCat("SO", ++documents_), 1, product, units);
    *line.mutable_order_date() = Day(ordered);
    *line.mutable_ship_date() = Day(shipped);
    const auto reply = inventory_.Ship(shipments_, {line});
    ASSERT_OK(reply);
    ASSERT_EQ(reply->accepted(), 1) << reply->ShortDebugString();
  }
  void Sell(const char* partner, const char* product, int units, Date day) {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent(StrCat("partners/", partner));
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(StrCat("INV-", ++documents_));
    sale.set_line(1);
    *sale.mutable_sale_date() = wire::ToProto(day);
    sale.set_product(StrCat("products/", product));
    sale.mutable_quantity()->set_value(StrCat(units));
    sale.set_region("regions/aw-1");
    ASSERT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
  }
  // 300 bikes shipped to acme after 7, 7 and 13 days, 28 sold on each of ten Mondays: 20 are left on 2026-03-16.
  void MakeTenWeeks() {
    ShipTo("acme", "bike", 100, "2025-12-29", "2026-01-05");
    ShipTo("acme", "bike", 100, "2026-01-19", "2026-01-26");
    ShipTo("acme", "bike", 100, "2026-02-03", "2026-02-16");
    const Date monday = Date::Parse("2026-01-12").value();
    for (int week = 0; week < 10; ++week) Sell("acme", "bike", 28, monday.AddDays(7 * week));
  }

  static v1::CreateReplenishmentPolicyRequest NewPolicy(const char* partner, const char* product, const char* id) {
    v1::CreateReplenishmentPolicyRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_replenishment_policy_id(id);
    v1::ReplenishmentPolicy& policy = *request.mutable_replenishment_policy();
    policy.set_site(StrCat("partners/", partner, "/sites/main"));
    policy.set_product(StrCat("products/", product));
    policy.set_kind(v1::ReplenishmentPolicy::REORDER_POINT);
    policy.mutable_service_level()->set_value("0.95");
    policy.mutable_order_quantity()->set_value("50");
    return request;
  }
  absl::StatusOr<v1::ReplenishmentPolicy> Create(const v1::CreateReplenishmentPolicyRequest& request) {
    return inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/CreateReplenishmentPolicy", request);
  }
  absl::StatusOr<v1::RecomputeSuggestionsResponse> Recompute(const char* partner, const char* as_of,
                                                             const rpc::CallOptions& options = {}) {
    v1::RecomputeSuggestionsRequest request;
    request.set_parent(StrCat("partners/", partner));
    *request.mutable_as_of_date() = Day(as_of);
    return inventory_.Call<v1::RecomputeSuggestionsResponse>("SuggestionService/RecomputeSuggestions", request,
                                                             options);
  }
  v1::Suggestion Only(const absl::StatusOr<v1::RecomputeSuggestionsResponse>& reply) {
    EXPECT_OK(reply);
    if (!reply.ok() || reply->suggestions_size() != 1) {
      ADD_FAILURE() << "not one suggestion";
      return {};
    }
    return reply->suggestions(0);
  }
  template <typename Request>
  absl::StatusOr<v1::Suggestion> Decide(const char* verb, const v1::Suggestion& suggestion, const char* note,
                                        const rpc::CallOptions& options = {}) {
    Request request;
    request.set_name(suggestion.name());
    request.set_etag(suggestion.etag());
    request.set_note(note);
    return inventory_.Call<v1::Suggestion>(StrCat("SuggestionService/", verb, "Suggestion"), request, options);
  }
  // "OPEN 50" or "SILENT", newest first.
  std::vector<std::string> Listed(const char* parent, const std::string& filter = "", int page_size = 2) {
    std::vector<std::string> listed;
    v1::ListSuggestionsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    request.set_page_size(page_size);
    do {
      const auto page = inventory_.Call<v1::ListSuggestionsResponse>("SuggestionService/ListSuggestions", request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::Suggestion& one : page->suggestions()) {
        std::string text = v1::Suggestion::State_Name(one.state());
        if (one.quantity().value() != "0") StrAppend(&text, " ", one.quantity().value());
        listed.push_back(text);
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return listed;
  }

  std::string shipments_;
  int documents_ = 0;
};

TEST_F(ReplenishmentTest, ASuggestionShowsEveryTermUntilItIsShipped) {
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

TEST_F(ReplenishmentTest, EverySilenceIsExplained) {
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
TEST_F(ReplenishmentTest, ADayThatNoReportCoversIsNotADayWithoutDemand) {
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

// What the partner has ordered here counts until it is shipped; then what is in transit does; then what lies there.
TEST_F(ReplenishmentTest, OpenOrdersAndWhatIsInTransitCount) {
  MakeTenWeeks();
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("o1");
  v1::DistributorOrder& order = *create.mutable_order();
  *order.mutable_order_date() = *order.mutable_requested_date() = Day("2026-03-16");
  v1::OrderLine& line = *order.add_lines();
  line.set_line(1);
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("50");
  for (auto* amount : {line.mutable_list_price(), line.mutable_net_amount(), line.mutable_gross_amount()}) {
    amount->set_currency_code("CNY");
    amount->set_units(100);
  }
  const v1::Suggestion open = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(open.state(), v1::Suggestion::OPEN);
  const auto accept = [&](const v1::Suggestion& suggestion, const char* by) {
    v1::AcceptSuggestionRequest request;
    request.set_name(suggestion.name());
    request.set_order(by);
    return inventory_.Call<v1::Suggestion>("SuggestionService/AcceptSuggestion", request);
  };
  EXPECT_THAT(accept(open, "partners/acme/orders/o1"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(accept(open, "partners/bolt/orders/o1"), Blames("order"));
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CreateDistributorOrder", create));
  EXPECT_THAT(accept(open, "partners/acme/orders/o1"), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Only(Recompute("acme", "2026-03-16")).position().open_orders().value(), "0");  // a draft orders nothing
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/PlaceDistributorOrder", place));
  // Accepted, and named: it counts once.
  const auto accepted = accept(open, "partners/acme/orders/o1");
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->order(), "partners/acme/orders/o1");
  const auto position = [&](const char* as_of) {
    const v1::Suggestion one = Only(Recompute("acme", as_of));
    return StrCat(one.position().on_hand().value(), " ", one.position().in_transit().value(), " ",
                  one.position().open_orders().value(), " ", one.position().on_order().value(), " = ",
                  one.position().inventory_position().value());
  };
  EXPECT_EQ(position("2026-03-18"), "20 0 50 0 = 70");
  EXPECT_EQ(position("2026-03-15"), "48 0 0 0 = 48");  // it was ordered on the 16th
  EXPECT_THAT(Only(Recompute("acme", "2026-03-18")).explanation(),
              HasSubstr("70 (20 on hand, 0 in transit, 50 in open orders, 0 accepted) is above"));
  v1::ShipmentLine sent = NewLine("acme", "SO-O1", 1, "bike", 30);
  *sent.mutable_order_date() = Day("2026-03-16");
  *sent.mutable_ship_date() = Day("2026-03-20");
  sent.set_order("partners/acme/orders/o1");
  sent.set_order_line(1);
  sent.set_awaits_receipt(true);
  ASSERT_OK(inventory_.Ship(shipments_, {sent}));
  EXPECT_EQ(position("2026-03-19"), "20 0 50 0 = 70");
  EXPECT_EQ(position("2026-03-20"), "20 30 20 0 = 70");
  v1::CreateReceiptRequest receive;
  receive.set_parent("partners/acme");
  v1::ReceiptLine& came = *receive.mutable_receipt()->add_lines();
  came.set_document("R1");
  came.set_line(1);
  came.set_shipment_line("partners/acme/shipments/SO-O1/lines/1");
  *came.mutable_receive_date() = Day("2026-03-23");
  came.set_product("products/bike");
  came.mutable_quantity()->set_value("30");
  ASSERT_OK(inventory_.Call<v1::Receipt>("ReceiptService/CreateReceipt", receive));
  EXPECT_EQ(position("2026-03-23"), "50 0 20 0 = 70");
  // Given up, the rest is no longer awaited.
  v1::CancelDistributorOrderRequest cancel;
  cancel.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CancelDistributorOrder", cancel));
  EXPECT_EQ(position("2026-03-23"), "50 0 0 0 = 50");
}

// One that was accepted without an order counts itself, until it names one.
TEST_F(ReplenishmentTest, AnAcceptanceMayNameItsOrderLater) {
  MakeTenWeeks();
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  const v1::Suggestion open = Only(Recompute("acme", "2026-03-16"));
  const auto accepted = Decide<v1::AcceptSuggestionRequest>("Accept", open, "by telephone");
  ASSERT_OK(accepted);
  EXPECT_EQ(Only(Recompute("acme", "2026-03-16")).position().on_order().value(), "50");
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("o1");
  *create.mutable_order()->mutable_order_date() = *create.mutable_order()->mutable_requested_date() = Day("2026-03-16");
  v1::OrderLine& line = *create.mutable_order()->add_lines();
  line.set_line(1);
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("40");
  for (auto* amount : {line.mutable_list_price(), line.mutable_net_amount(), line.mutable_gross_amount()}) {
    amount->set_currency_code("CNY");
    amount->set_units(100);
  }
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CreateDistributorOrder", create));
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/PlaceDistributorOrder", place));
  v1::AcceptSuggestionRequest request;
  request.set_name(open.name());
  request.set_order("partners/acme/orders/o1");
  const auto named = inventory_.Call<v1::Suggestion>("SuggestionService/AcceptSuggestion", request);
  ASSERT_OK(named);
  EXPECT_EQ(named->state(), v1::Suggestion::ACCEPTED);
  const v1::Suggestion after = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(after.position().on_order().value(), "0");
  EXPECT_EQ(after.position().open_orders().value(), "40");
  EXPECT_THAT(inventory_.Call<v1::Suggestion>("SuggestionService/AcceptSuggestion", request),
              HasReason(Reason::kStateConflict));
}

// Ordered in cases: what a case holds is read when the suggestion is made.
TEST_F(ReplenishmentTest, PacksAreUnitsOfTheProduct) {
  MakeTenWeeks();
  v1::CreateReplenishmentPolicyRequest request = NewPolicy("acme", "bike", "bikes");
  v1::ReplenishmentPolicy& policy = *request.mutable_replenishment_policy();
  policy.set_kind(v1::ReplenishmentPolicy::MIN_MAX);
  policy.clear_order_quantity();
  policy.mutable_max_level()->set_value("100");
  policy.set_pack_unit("products/bike/units/case");
  EXPECT_THAT(Create(request), HasReason(Reason::kReferenceNotFound));
  policy.set_pack_unit("products/pump/units/case");
  EXPECT_THAT(Create(request), HasReason(Reason::kInvalidField));

  v1::CreateUnitConversionRequest make;
  make.set_parent("products/bike");
  make.set_unit_conversion_id("case");
  make.mutable_unit_conversion()->set_display_name("case");
  make.mutable_unit_conversion()->set_factor_num(12);
  make.mutable_unit_conversion()->set_factor_den(1);
  make.mutable_unit_conversion()->set_pack(true);
  const auto unit = inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", make);
  ASSERT_OK(unit);
  policy.set_pack_unit(unit->name());
  const auto made = Create(request);
  ASSERT_OK(made);
  EXPECT_EQ(made->pack_size().value(), "12");
  EXPECT_EQ(made->pack_unit(), unit->name());
  const v1::Suggestion suggestion = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(suggestion.wanted_quantity().value(), "80");
  EXPECT_EQ(suggestion.pack_size().value(), "12");
  EXPECT_EQ(suggestion.quantity().value(), "72");  // six whole ones below 100

  v1::DeleteUnitConversionRequest remove;
  remove.set_name(unit->name());
  ASSERT_OK(inventory_.Call<google::protobuf::Empty>("UnitConversionService/DeleteUnitConversion", remove));
  EXPECT_EQ(Only(Recompute("acme", "2026-03-16")).why_not(), v1::Suggestion::PACK_UNKNOWN);
}

TEST_F(ReplenishmentTest, OneUndecidedSuggestionHoweverManyAsk) {
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

TEST_F(ReplenishmentTest, PoliciesAreMadeChangedAndRefused) {
  const auto made = Create(NewPolicy("acme", "bike", "bikes"));
  ASSERT_OK(made);
  EXPECT_EQ(made->state(), v1::ReplenishmentPolicy::ACTIVE);
  EXPECT_EQ(made->demand_period_days(), 7);
  EXPECT_EQ(made->history_days(), 364);
  EXPECT_EQ(made->pack_size().value(), "1");
  EXPECT_FALSE(made->has_lead_time_days());
  EXPECT_THAT(Create(NewPolicy("acme", "bike", "others")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(NewPolicy("acme", "pump", "bikes")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(NewPolicy("acme", "fitting", "services")), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create(NewPolicy("acme", "nothing", "services")), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create(NewPolicy("nobody", "pump", "pumps")), HasReason(Reason::kReferenceNotFound));

  v1::CreateReplenishmentPolicyRequest bad = NewPolicy("acme", "pump", "pumps");
  bad.mutable_replenishment_policy()->set_site("partners/acme/sites/north");
  EXPECT_THAT(Create(bad), HasReason(Reason::kReferenceNotFound));
  bad.mutable_replenishment_policy()->set_site("partners/bolt/sites/main");
  EXPECT_THAT(Create(bad), HasReason(Reason::kInvalidField));
  bad = NewPolicy("acme", "pump", "pumps");
  bad.mutable_replenishment_policy()->mutable_service_level()->set_value("1");
  EXPECT_THAT(Create(bad), HasReason(Reason::kInvalidField));
  bad.mutable_replenishment_policy()->mutable_service_level()->set_value("0.9");
  bad.mutable_replenishment_policy()->set_kind(v1::ReplenishmentPolicy::PERIODIC);
  const auto several = Create(bad);
  ASSERT_THAT(several, HasReason(Reason::kInvalidField));
  std::vector<std::string> fields;
  for (const FieldViolation& one : DetailOf(several.status()).violations) fields.push_back(one.field);
  EXPECT_THAT(fields, ElementsAre("replenishment_policy.order_quantity", "replenishment_policy.review_period_days",
                                  "replenishment_policy.first_review_date"));

  // (s, Q) to (s, S).
  v1::UpdateReplenishmentPolicyRequest change;
  v1::ReplenishmentPolicy& policy = *change.mutable_replenishment_policy();
  policy.set_name(made->name());
  policy.set_etag(made->etag());
  policy.set_kind(v1::ReplenishmentPolicy::MIN_MAX);
  policy.mutable_max_level()->set_value("120");
  for (const char* path : {"kind", "order_quantity", "max_level"}) change.mutable_update_mask()->add_paths(path);
  const auto changed =
      inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/UpdateReplenishmentPolicy", change);
  ASSERT_OK(changed);
  EXPECT_EQ(changed->kind(), v1::ReplenishmentPolicy::MIN_MAX);
  EXPECT_FALSE(changed->has_order_quantity());
  EXPECT_EQ(changed->product(), "products/bike");
  EXPECT_THAT(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/UpdateReplenishmentPolicy", change),
              HasReason(Reason::kEtagMismatch));
  policy.set_etag(changed->etag());
  policy.set_product("products/pump");
  change.mutable_update_mask()->add_paths("product");
  EXPECT_THAT(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/UpdateReplenishmentPolicy", change),
              HasReason(Reason::kInvalidField));

  // Lists, and whose they are.
  ASSERT_OK(Create(NewPolicy("bolt", "bike", "bikes")));
  v1::ListReplenishmentPoliciesRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1);
  const auto listed = [&](const rpc::CallOptions& options) {
    std::vector<std::string> names;
    list.clear_page_token();
    do {
      const auto page = inventory_.Call<v1::ListReplenishmentPoliciesResponse>(
          "ReplenishmentPolicyService/ListReplenishmentPolicies", list, options);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const auto& one : page->replenishment_policies()) names.push_back(one.name());
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
    return names;
  };
  EXPECT_THAT(listed({}),
              ElementsAre("partners/acme/replenishmentPolicies/bikes", "partners/bolt/replenishmentPolicies/bikes"));
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_THAT(listed(bolt), ElementsAre("partners/bolt/replenishmentPolicies/bikes"));
  list.set_filter("kind = MIN_MAX AND product = \"products/bike\"");
  EXPECT_THAT(listed({}), ElementsAre("partners/acme/replenishmentPolicies/bikes"));
  v1::GetReplenishmentPolicyRequest get;
  get.set_name(made->name());
  EXPECT_THAT(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/GetReplenishmentPolicy", get, bolt),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::inventory
