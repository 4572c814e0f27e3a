#pragma once

// For tests of replenishment through the whole service: ten weeks of sales, policies and suggestions.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/replenishment_policy.pb.h"
#include "tributary/inventory/v1/suggestion.pb.h"

namespace tributary::inventory {

inline google::type::Date Day(const char* text) { return wire::ToProto(Date::Parse(text).value()); }

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

}  // namespace tributary::inventory
