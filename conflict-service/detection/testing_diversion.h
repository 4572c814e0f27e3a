#pragma once

// For tests of DIVERSION on a real database: the facts of a June in which units of lot L9 of product x wander, each
// told in a transaction of its own, and what is open then.

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"
#include "conflict-service/conflict_rules/diversion_policy_store.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/detection/sightings.h"
#include "conflict-service/detection/testing_moment.h"
#include "conflict-service/mass_balances/mass_balance_store.h"
#include "conflict-service/packing_events/packing_event.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {

inline const BalanceKey kJune{.product = "products/x", .lot = "L9", .period = {Day("2026-06-01"), Day("2026-07-01")}};

// Something that becomes known, in a transaction of its own; told again it changes nothing.
using Step = std::function<absl::Status(mysql::Transaction&, events::Outbox&)>;

class DiversionStoreTest : public ::testing::Test {
 protected:
  Step Told(FactBatch facts) {
    return [this, facts](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
      return diversions_.Apply(sql, facts, kNow, outbox);
    };
  }
  Step Reconciled(const std::string& partner, int opening, int sell_in, int sold, std::optional<int> closing,
                  int64_t revision = 1, const BalanceKey& key = kJune) {
    const Date from = key.period.start, to = key.period.end.AddDays(-1);
    ReconciledGap gap{
        .name = StrCat("partners/", partner, "/reconciliations/", from.ToString(), ".", to.ToString(), ".x.L9"),
        .partner = StrCat("partners/", partner),
        .product = "products/x",
        .lot = "L9",
        .from = from,
        .to = to,
        .revision = revision,
        .opening_reported = Decimal::FromInt(opening),
        .sell_in = Decimal::FromInt(sell_in),
        .sell_through = Decimal::FromInt(sold)};
    if (closing) gap.reported = Decimal::FromInt(*closing);
    return Told({.gaps = {gap}});
  }
  Step Granted(const std::string& partner, const std::string& region) {
    return Told(
        {.grants = {{.name = StrCat("partners/", partner, "/territoryGrants/g"),
                     .partner = StrCat("partners/", partner),
                     .scope = {.regions = {StrCat("regions/", region)}, .time = {Day("2026-01-01"), OpenEnd()}}}}});
  }
  static ShippedUnits Shipment(const std::string& partner, const std::string& line, std::vector<std::string> serials,
                               const char* date = "2026-06-02") {
    return {.line = StrCat("partners/", partner, "/shipments/", line, "/lines/1"),
            .partner = StrCat("partners/", partner),
            .product = "products/x",
            .lot = "L9",
            .date = Day(date),
            .serials = std::move(serials)};
  }
  Step Scanned(const std::string& name, const std::string& serial, const char* date = "2026-06-20",
               const std::string& region = "cn-44") {
    const Scan scan{.name = StrCat("scanEvents/", name),
                    .product = "products/x",
                    .serial = serial,
                    .region = StrCat("regions/", region),
                    .date = Day(date)};
    return [this, scan](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(diversions_.Lock(sql));
      ASSIGN_OR_RETURN(const Taken taken, TakeScans(sql, {scan}));
      return diversions_.Judge(sql, taken.affected, kNow, outbox);
    };
  }
  // Of a box or pallet, where b is at home.
  Step ScannedBox(const std::string& name, const std::string& container, const char* date = "2026-06-20") {
    const Scan scan{
        .name = StrCat("scanEvents/", name), .container = container, .region = "regions/cn-44", .date = Day(date)};
    return [this, scan](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(diversions_.Lock(sql));
      ASSIGN_OR_RETURN(const Taken taken, TakeScans(sql, {scan}));
      return diversions_.Judge(sql, taken.affected, kNow, outbox);
    };
  }
  Step Packing(const std::string& name, PackingEvent::Action action, const std::string& container, const char* date,
               const std::set<Packed>& contents) {
    const PackingEvent event{.name = StrCat("packingEvents/", name),
                             .action = action,
                             .container = container,
                             .contents = contents,
                             .date = Day(date)};
    return [this, event](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(diversions_.Lock(sql));
      ASSIGN_OR_RETURN(const Taken taken, TakePackingEvents(sql, {event}));
      return diversions_.Judge(sql, taken.affected, kNow, outbox);
    };
  }
  // In the region, on a line of its own; or, with `reverses`, the reversal of a sale.
  Step Sold(const std::string& partner, const std::string& name, std::vector<std::string> serials,
            const std::string& region, const std::string& reverses = "") {
    Sale sale{.name = StrCat("partners/", partner, "/sales/", name), .partner = StrCat("partners/", partner)};
    sale.date = Day("2026-06-15");
    sale.region = StrCat("regions/", region);
    if (!reverses.empty()) sale.reverses = StrCat("partners/", partner, "/sales/", reverses);
    FactBatch facts;
    if (reverses.empty()) {
      facts.sold_serials.push_back({.sale = sale.name,
                                    .partner = sale.partner,
                                    .product = "products/x",
                                    .product_line = {},
                                    .lot = "L9",
                                    .region = sale.region,
                                    .date = sale.date,
                                    .serials = std::move(serials)});
    }
    facts.sales.push_back(std::move(sale));
    return Told(facts);
  }
  Step TakenOver(const std::string& giver, const std::string& partner, std::vector<std::string> serials,
                 const std::string& reverses = "") {
    return Told({.handed_over = {{.movement = StrCat("partners/", giver, "/movements/T.1", reverses),
                                  .giver = StrCat("partners/", giver),
                                  .partner = StrCat("partners/", partner),
                                  .product = "products/x",
                                  .product_line = {},
                                  .lot = "L9",
                                  .date = Day("2026-06-10"),
                                  .serials = std::move(serials),
                                  .reverses = reverses.empty() ? "" : StrCat("partners/", giver, "/movements/T.1")}}});
  }
  Step Run(const BalanceKey& key = kJune) {
    return [this, key](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(diversions_.Lock(sql));
      RETURN_IF_ERROR(MassBalanceStore().Keep(sql, {key, Uuid::New(kNow), kNow}).status());
      return diversions_.Judge(sql, {.products = {key.product}}, kNow, outbox);
    };
  }
  void Do(const Step& step) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(step(sql, outbox));
      return outbox.Write(sql);
    }));
  }

  // The case of what a1 sent to b, first shown by that balance.
  static std::string CaseOf(const BalanceKey& first) {
    return FindingId(FindingKind::kDiversion, FlowKey(first, "partners/a1", "partners/b"));
  }
  // Every open case with its evidence, and the views of its parties.
  std::vector<std::string> Open() {
    std::vector<std::string> open;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto cases, CaseStore().List(sql, {}, false, "", 100));
      for (const Case& one : cases) {
        ASSIGN_OR_RETURN(const Finding finding, FindingStore().Get(sql, one.id));
        EXPECT_EQ(one.evidence_sha256, EvidenceSha256(finding.conclusion));
        EXPECT_EQ(finding.state, FindingState::kOpen);
        open.push_back(StrCat(one.id, " ", NameOf(one.kind), " ", one.evidence));
      }
      ASSIGN_OR_RETURN(
          const mysql::Rows parties,
          sql.Query("SELECT p.partner, p.units, p.regions FROM case_party p JOIN conflict_case c ON c.id = "
                    "p.case_id WHERE c.state = 1 ORDER BY p.partner"));
      for (const mysql::Row& row : parties) {
        open.push_back(StrCat(row.Text(0), " ", row.Dec(1).ToString(), " ", row.Text(2)));
      }
      return absl::OkStatus();
    }));
    return open;
  }
  JudgedBalance Look() {
    JudgedBalance judged;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(judged, diversions_.Look(sql, kJune));
      return absl::OkStatus();
    }));
    return judged;
  }
  void Forget() {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* table : {"region", "region_ancestor", "territory_grant", "grant_region", "finding",
                                "finding_subject", "reconciled_gap", "unit_event", "scan_event", "packing_event",
                                "mass_balance", "sale", "sold_goods", "conflict_case", "case_party", "partner_case",
                                "case_evidence", "case_evidence_line", "case_evidence_customer"}) {
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
      }
      return absl::OkStatus();
    }));
  }

  // Whatever the order and however often they are told: the same is open.
  void ExpectTheSameInEveryOrder(const std::vector<Step>& facts) {
    Forget();
    for (const Step& fact : facts) Do(fact);
    const std::vector<std::string> expected = Open();
    std::mt19937 random(1960);
    for (int round = 0; round < 12; ++round) {
      std::vector<Step> told = facts;
      if (round % 2 == 0) told.insert(told.end(), facts.begin(), facts.end());
      if (round == 0) {
        std::reverse(told.begin(), told.end());
      } else {
        std::shuffle(told.begin(), told.end(), random);
      }
      Forget();
      for (const Step& fact : told) Do(fact);
      ASSERT_EQ(Open(), expected) << "round " << round;
    }
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  CustomerIndex customers_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
  DiversionDetector diversions_;
};

}  // namespace tributary::conflict
