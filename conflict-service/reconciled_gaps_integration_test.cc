// What inventory-service reconciles comes to conflict-service by its feed: both served whole, each on its own database.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/paging/page_token.h"
#include "conflict-service/facts/gap_store.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "inventory-service/testing_price_cut.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "tributary/inventory/v1/reconciliation.pb.h"

namespace tributary::conflict {
namespace {

class ReconciledGapsTest : public inventory::GoodsTest {
 protected:
  ReconciledGapsTest()
      : database_of_conflict_(testing::FreshDatabase({&schema::rpc(), &schema::events(), &schema::conflict()})),
        partner_client_({.address = partners_.address(), .token = [this] { return keys_.Token(api::v1::SERVICE); }}),
        inventory_client_({.address = service_.address(), .token = [this] { return keys_.Token(api::v1::SERVICE); }}),
        server_(rpc::Frame{.clock = &clock_,
                           .database = database_of_conflict_.get(),
                           .verifier = &keys_.verifier(),
                           .registry = &registry_},
                rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)}),
        conflict_({.database = *database_of_conflict_,
                   .clock = clock_,
                   .page_tokens = page_tokens_,
                   .partner_service = partner_client_,
                   .inventory_service = inventory_client_,
                   .incentive_service = inventory_client_,
                   .server = server_,
                   .registry = &registry_,
                   .owner = "replica-1"}) {
    EXPECT_OK(server_.Start());
    EXPECT_OK(conflict_.Start());
  }
  ~ReconciledGapsTest() override {
    conflict_.Stop();
    server_.Drain();
  }

  // What conflict-service keeps of bikes at the beginning of June.
  std::vector<ReconciledGap> Kept() {
    std::vector<ReconciledGap> gaps;
    EXPECT_OK(database_of_conflict_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(gaps,
                       GapStore().Of(sql, "products/bike", *Date::Parse("2026-06-01"), *Date::Parse("2026-06-09")));
      return absl::OkStatus();
    }));
    return gaps;
  }
  // Whether it comes to keep the one with that revision.
  bool Keeps(int64_t revision, bool accepted = false) {
    return inventory::Eventually([&] {
      const std::vector<ReconciledGap> gaps = Kept();
      return gaps.size() == 1 && gaps[0].revision == revision && gaps[0].accepted == accepted;
    });
  }
  void Reconcile() {
    inventory::v1::RunReconciliationsRequest run;
    run.set_parent("partners/acme");
    *run.mutable_from_date() = inventory::Day("2026-06-01");
    *run.mutable_to_date() = inventory::Day("2026-06-09");
    ASSERT_OK(
        inventory_.Call<inventory::v1::RunReconciliationsResponse>("ReconciliationService/RunReconciliations", run));
  }

  SystemClock clock_;
  prometheus::Registry registry_;
  PageTokens page_tokens_{std::string(32, 'k')};
  const std::unique_ptr<mysql::Database> database_of_conflict_;
  rpc::Client partner_client_;
  rpc::Client inventory_client_;
  rpc::Server server_;
  Service conflict_;
};

TEST_F(ReconciledGapsTest, ComeByTheFeedAndFollowIt) {
  ASSERT_OK(inventory::MakeProfile(inventory_));
  ASSERT_OK(inventory::Ship(inventory::Line("A", 9000, 120, "2026-06-01"))(inventory_));
  ASSERT_OK(inventory::Sale("S1", 2500, "2026-06-03", "EC1")(inventory_));
  Reconcile();
  ASSERT_TRUE(Keeps(1));
  EXPECT_EQ(Kept()[0].reported, std::nullopt) << "no report is not zero";
  EXPECT_EQ(Kept()[0].gap, std::nullopt);

  ASSERT_OK(inventory::ReportOnHand("2026-06-09", 7000)(inventory_));
  Reconcile();
  ASSERT_TRUE(Keeps(2));
  const ReconciledGap gap = Kept()[0];
  EXPECT_EQ(gap.name, "partners/acme/reconciliations/2026-06-01.2026-06-09.bike");
  EXPECT_EQ(gap.partner, "partners/acme");
  EXPECT_EQ(gap.lot, std::nullopt);
  EXPECT_EQ(gap.sell_in, Decimal::FromInt(9000));
  EXPECT_EQ(gap.sell_through, Decimal::FromInt(2500));
  EXPECT_EQ(gap.reported, Decimal::FromInt(7000));
  EXPECT_EQ(gap.opening_reported, std::nullopt);
  EXPECT_EQ(gap.gap, Decimal::FromInt(500));
  EXPECT_EQ(gap.unexplained, Decimal::FromInt(500));

  ASSERT_OK(inventory::Sale("S5", 300, "2026-06-05", "EC3")(inventory_));
  Reconcile();
  ASSERT_TRUE(Keeps(3));
  EXPECT_EQ(Kept()[0].unexplained, Decimal::FromInt(800));
  inventory::v1::GetReconciliationRequest get;
  get.set_name(gap.name);
  const auto current = inventory_.Call<inventory::v1::Reconciliation>("ReconciliationService/GetReconciliation", get);
  ASSERT_OK(current);
  inventory::v1::AcceptReconciliationRequest accept;
  accept.set_name(gap.name);
  accept.set_etag(current->etag());
  ASSERT_OK(inventory_.Call<inventory::v1::Reconciliation>("ReconciliationService/AcceptReconciliation", accept));
  EXPECT_TRUE(Keeps(3, true));
}

}  // namespace
}  // namespace tributary::conflict
