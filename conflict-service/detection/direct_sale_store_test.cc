// DIRECT_VS_PARTNER on a real database: open findings are a function of direct sales, grants, registrations and
// regions, in whatever order and company they come.

#include <algorithm>
#include <functional>
#include <random>

#include "common/status/status_matchers.h"
#include "conflict-service/detection/detector.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1790000000);

Date Day(const char* text) { return *Date::Parse(text); }

DirectSale Sold(const std::string& id, const std::string& region, const std::string& customer = "") {
  return {.name = "directSales/" + id,
          .date = Day("2026-08-25"),
          .region = "regions/" + region,
          .product_line = "productLines/pl-b",
          .customer = customer};
}

DirectSale Reversal(DirectSale sale) {
  sale.reverses = sale.name;
  sale.name += ".r1";
  sale.is_return = true;
  return sale;
}

Grant Exclusive(const std::string& partner, const std::string& region, bool active = true) {
  return {.name = StrCat("partners/", partner, "/territoryGrants/g"),
          .partner = "partners/" + partner,
          .active = active,
          .exclusivity = Grant::Exclusivity::kExclusive,
          .scope = {.regions = {"regions/" + region}, .time = {Day("2026-01-01"), OpenEnd()}}};
}

Deal Granted(const std::string& partner, const std::string& customer, const std::string& region) {
  Deal deal;
  deal.partner = "partners/" + partner;
  deal.name = deal.partner + "/deals/d";
  deal.uid = Uuid::New(kNow);
  deal.create_time = deal.update_time = kNow;
  deal.state = Deal::State::kApproved;
  deal.customer_name = customer;
  deal.scope = {.regions = {"regions/" + region}, .time = {Day("2026-08-01"), Day("2026-11-01")}};
  deal.granted = {{NameSet::All(), NameSet::Of({"regions/" + region}), NameSet::All(), deal.scope.time}};
  return deal;
}

class DirectSaleStoreTest : public ::testing::Test {
 protected:
  using Step = std::function<void()>;
  static FactBatch Facts(DirectSale sale) { return {.direct_sales = {std::move(sale)}}; }
  static FactBatch Facts(Grant grant) { return {.grants = {std::move(grant)}}; }
  static FactBatch Facts(RegionFact region) { return {.regions = {std::move(region)}}; }

  void Tell(const FactBatch& facts) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
      return outbox.Write(sql);
    }));
  }
  void Draft(const Deal& deal) {
    Deal draft = deal;
    draft.state = Deal::State::kDraft;
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) { return deals_.Create(sql, draft); }));
  }
  void Move(const Deal& deal) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector_.LockDeals(sql));
      RETURN_IF_ERROR(deals_.Update(sql, deal));
      RETURN_IF_ERROR(detector_.DealChanged(sql, deal, kNow, outbox));
      return outbox.Write(sql);
    }));
  }
  // "W-1 against p-1" for each open finding of the kind.
  std::vector<std::string> Open() {
    std::vector<std::string> open;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto findings, findings_.List(sql, {}, false, "", 1000));
      for (const Finding& finding : findings) {
        if (finding.conclusion.kind != FindingKind::kDirectVsPartner) continue;
        open.push_back(
            StrCat(finding.conclusion.subjects[0].substr(12), " against ", PartiesOf(finding.conclusion)[0].substr(9)));
      }
      return absl::OkStatus();
    }));
    std::sort(open.begin(), open.end());
    return open;
  }
  void Forget() {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* table :
           {"region", "region_ancestor", "territory_grant", "exclusive_region", "direct_sale", "deal", "deal_progress",
            "deal_region", "finding", "finding_subject", "conflict_case"}) {
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
      }
      return absl::OkStatus();
    }));
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_};
};

TEST_F(DirectSaleStoreTest, AFindingLivesAsLongAsTheFactsShowIt) {
  Tell(Facts(Sold("W-1", "cn-50")));
  Tell(Facts(Exclusive("p-1", "cn")));
  EXPECT_THAT(Open(), IsEmpty()) << "nobody has said yet where cn-50 lies";
  Tell(Facts(RegionFact{"regions/cn-50", "regions/cn"}));
  EXPECT_THAT(Open(), ElementsAre("W-1 against p-1"));
  Tell(Facts(Exclusive("p-1", "cn", /*active=*/false)));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Facts(Exclusive("p-1", "cn")));
  EXPECT_THAT(Open(), ElementsAre("W-1 against p-1"));
  Tell(Facts(Reversal(Sold("W-1", "cn-50"))));
  EXPECT_THAT(Open(), IsEmpty());

  Deal deal = Granted("p-2", "Contoso Ltd.", "cn-50");
  Draft(deal);
  Tell({.direct_sales = {Sold("W-2", "us", "Contoso"), Sold("W-3", "cn-50", "CONTOSO Limited"),
                         Sold("W-4", "cn-50", "Fabrikam")}});
  EXPECT_THAT(Open(), ElementsAre("W-3 against p-1", "W-4 against p-1"));
  Move(deal);
  EXPECT_THAT(Open(), ElementsAre("W-3 against p-1", "W-3 against p-2", "W-4 against p-1"));
  deal.state = Deal::State::kWithdrawn;
  Move(deal);
  EXPECT_THAT(Open(), ElementsAre("W-3 against p-1", "W-4 against p-1"));
}

TEST_F(DirectSaleStoreTest, EveryOrderGivesTheSameFindings) {
  const Deal contoso = Granted("p-3", "Contoso Ltd.", "cn-50");
  const Deal given_up = [] {
    Deal deal = Granted("p-4", "CONTOSO", "cn-50");
    deal.state = Deal::State::kWithdrawn;
    return deal;
  }();
  // Facts of one key come in their order.
  const std::vector<std::vector<Step>> lanes = {
      {[&] {
        Tell(Facts(RegionFact{"regions/cn-50", "regions/cn"}));
      }},
      {[&] {
         Tell(Facts(RegionFact{"regions/x", "regions/cn"}));
       },
       [&] {
         Tell(Facts(RegionFact{"regions/x", "regions/us"}));
       }},
      {[&] { Tell(Facts(Exclusive("p-1", "cn"))); }},
      {[&] { Tell(Facts(Exclusive("p-2", "us"))); }, [&] { Tell(Facts(Exclusive("p-2", "us", false))); }},
      {[&] { Tell(Facts(Sold("W-1", "cn-50", "contoso"))); }},
      {[&] { Tell(Facts(Sold("W-2", "x"))); }},
      {[&] { Tell(Facts(Sold("W-3", "cn-50"))); }},
      {[&] { Tell(Facts(Reversal(Sold("W-3", "cn-50")))); }},
      {[&] { Draft(contoso), Move(contoso); }},
      {[&] { Draft(given_up), Move(Granted("p-4", "CONTOSO", "cn-50")); }, [&] { Move(given_up); }},
  };
  std::vector<size_t> order;
  for (size_t i = 0; i < lanes.size(); ++i) order.insert(order.end(), lanes[i].size(), i);
  std::mt19937 random(20260825);
  for (int round = 0; round < 60; ++round) {
    Forget();
    std::vector<size_t> next(lanes.size());
    for (const size_t lane : order) lanes[lane][next[lane]++]();
    ASSERT_THAT(Open(), UnorderedElementsAre("W-1 against p-1", "W-1 against p-3")) << "round " << round;
    std::shuffle(order.begin(), order.end(), random);
  }
}

}  // namespace
}  // namespace tributary::conflict
