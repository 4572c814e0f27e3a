// The inventory part of a price cut with late rows and a count, as a whole: exposure, layers, the count, and what the
// partner reports; facts in order, reversed, shuffled and doubled, and the same figures.

#include "inventory-service/testing_price_cut.h"
#include "tributary/inventory/v1/count.pb.h"
#include "tributary/inventory/v1/reconciliation.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

class PriceCutTest : public PriceCutScenario {
 protected:
  // "500 unexplained at revision 1, reported 7000, book 6500".
  static std::string Reconciled(Inventory& inventory) {
    v1::RunReconciliationsRequest run;
    run.set_parent("partners/acme");
    *run.mutable_from_date() = Day("2026-06-01");
    *run.mutable_to_date() = Day("2026-06-09");
    const auto ran = inventory.Call<v1::RunReconciliationsResponse>("ReconciliationService/RunReconciliations", run);
    if (!ran.ok()) return ran.status().ToString();
    v1::GetReconciliationRequest get;
    get.set_name("partners/acme/reconciliations/2026-06-01.2026-06-09.bike");
    const auto one = inventory.Call<v1::Reconciliation>("ReconciliationService/GetReconciliation", get);
    if (!one.ok()) return one.status().ToString();
    return StrCat(one->unexplained().value(), " unexplained at revision ", one->revision(), ", reported ",
                  one->reported().value(), ", book ", one->book().value());
  }
  // The adjustment of the count, and every adjustment that was recorded, as known at a moment.
  static std::vector<std::string> CountOf(Inventory& inventory, std::optional<absl::Time> known = std::nullopt) {
    v1::GetStockCountRequest request;
    request.set_name("partners/acme/counts/june");
    if (known.has_value()) *request.mutable_known_time() = wire::ToProto(*known);
    const auto count = inventory.Call<v1::StockCount>("StockCountService/GetStockCount", request);
    if (!count.ok()) return {count.status().ToString()};
    std::vector<std::string> out;
    if (!known.has_value()) out.push_back(StrCat("adjustment ", count->lines(0).adjustment().value()));
    for (const v1::CountAdjustment& one : count->lines(0).adjustments()) out.push_back(one.quantity().value());
    return out;
  }
  // Counted after closing on 2026-06-30, by the partner's clerk, and approved by somebody of the vendor's.
  absl::Status Count(Inventory& inventory, int units) {
    v1::CreateStockCountRequest create;
    create.set_parent("partners/acme");
    create.set_count_id("june");
    create.mutable_count()->set_site("partners/acme/sites/main");
    *create.mutable_count()->mutable_date() = Day("2026-06-30");
    create.mutable_count()->set_boundary(v1::StockCount::AFTER_CLOSING);
    v1::CountLine& line = *create.mutable_count()->add_lines();
    line.set_product("products/bike");
    line.mutable_counted()->set_value(std::to_string(units));
    ASSIGN_OR_RETURN(const auto count,
                     inventory.Call<v1::StockCount>("StockCountService/CreateStockCount", create, As("acme")));
    v1::SubmitStockCountRequest submit;
    submit.set_name(count.name());
    RETURN_IF_ERROR(inventory.Call<v1::StockCount>("StockCountService/SubmitStockCount", submit, As("acme")));
    v1::ApproveStockCountRequest approve;
    approve.set_name(count.name());
    return inventory.Call<v1::StockCount>("StockCountService/ApproveStockCount", approve).status();
  }
};

TEST_F(PriceCutTest, LateRowsTrueItUpInAnyOrder) {
  partners_.Tell("acme");
  const std::vector<Tell> until_the_count = {Sale("S2", 200, "2026-06-15", "EC1"), Sale("S3", 50, "2026-06-16", "EC2")};
  const std::vector<Tell> late = {Sale("S5", 300, "2026-06-05", "EC3")};
  InAnyOrder([&](Inventory& inventory, const TellAll& tell) {
    const auto units_on = [&](const char* day) {
      v1::GetPositionRequest request;
      request.set_name("partners/acme/positions/main.bike");
      *request.mutable_as_of_date() = Day(day);
      return inventory.Call<v1::Position>("LedgerService/GetPosition", request)->on_hand().value();
    };

    EXPECT_EQ(units_on("2026-06-09"), "6500");
    // The shipment that is on its way on that day does not explain the gap: a part of it is no explanation.
    EXPECT_EQ(Reconciled(inventory), "500 unexplained at revision 1, reported 7000, book 6500");

    tell(until_the_count);
    EXPECT_EQ(units_on("2026-06-30"), "6650");
    EXPECT_EQ(Reconciled(inventory), "500 unexplained at revision 1, reported 7000, book 6500");
    v1::GetSiteRequest site;
    site.set_name("partners/acme/sites/main");
    ASSERT_TRUE(Eventually([&] { return inventory.Call<v1::Site>("SiteService/GetSite", site).ok(); }));
    ASSERT_OK(Count(inventory, 6300));
    EXPECT_THAT(CountOf(inventory), ElementsAre("adjustment -350", "-350"));
    const absl::Time counted = absl::Now();

    tell(late);
    EXPECT_EQ(ExposureOf(inventory), "56800.00 of 6200, 800 unexplained");
    EXPECT_EQ(Reconciled(inventory), "800 unexplained at revision 2, reported 7000, book 6200");
    EXPECT_THAT(CountOf(inventory), ElementsAre("adjustment -50", "-350", "300"));
    EXPECT_THAT(CountOf(inventory, counted), ElementsAre("-350"));
    EXPECT_EQ(units_on("2026-06-30"), "6300");

    ASSERT_OK(Protect()(inventory));
    EXPECT_EQ(LayersOf(inventory, "2026-06-30"),
              "2900 at 110.00, 3000 at 110.00, 400 at 110.00: 693000.00, sold 360000.00");
    EXPECT_EQ(ExposureOf(inventory), "0.00 of 6200, 800 unexplained");
    EXPECT_TRUE(inventory.Check()->balanced());
    // What was said before stays as it was said.
    v1::GetReconciliationRequest first;
    first.set_name("partners/acme/reconciliations/2026-06-01.2026-06-09.bike");
    first.set_revision(1);
    const auto then = inventory.Call<v1::Reconciliation>("ReconciliationService/GetReconciliation", first);
    ASSERT_OK(then);
    EXPECT_EQ(then->unexplained().value(), "500");
  });
}

}  // namespace
}  // namespace tributary::inventory
