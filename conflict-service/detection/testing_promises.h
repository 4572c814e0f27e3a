#pragma once

// Sales and what others were promised, told to a real database in any order, for tests.

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "conflict-service/detection/detector.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {

class PromisesTest : public ::testing::Test {
 protected:
  using Step = std::function<void()>;

  static absl::Time Now() { return absl::FromUnixSeconds(1790000000); }
  static Date Day(const char* text) { return *Date::Parse(text); }
  static Sale Reversal(Sale sale) {
    sale.reverses = sale.name;
    sale.name += ".r1";
    sale.is_return = true;
    return sale;
  }
  static Grant Exclusive(const std::string& partner, const std::string& region, bool active = true) {
    return {.name = StrCat("partners/", partner, "/territoryGrants/g"),
            .partner = "partners/" + partner,
            .active = active,
            .exclusivity = Grant::Exclusivity::kExclusive,
            .scope = {.regions = {"regions/" + region}, .time = {Day("2026-01-01"), OpenEnd()}}};
  }
  // From August to October.
  static Deal Granted(const std::string& partner, const std::string& customer, const std::string& region) {
    Deal deal;
    deal.partner = "partners/" + partner;
    deal.name = deal.partner + "/deals/d";
    deal.uid = Uuid::New(Now());
    deal.create_time = deal.update_time = Now();
    deal.state = Deal::State::kApproved;
    deal.customer_name = customer;
    deal.scope = {.regions = {"regions/" + region}, .time = {Day("2026-08-01"), Day("2026-11-01")}};
    deal.granted = {{NameSet::All(), NameSet::Of({"regions/" + region}), NameSet::All(), deal.scope.time}};
    return deal;
  }
  static Deal In(Deal::State state, Deal deal) {
    deal.state = state;
    return deal;
  }

  void Tell(const FactBatch& facts) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector_.Apply(sql, facts, Now(), outbox));
      return outbox.Write(sql);
    }));
  }
  void Tell(Grant grant) { Tell(FactBatch{.grants = {std::move(grant)}}); }
  void Tell(RegionFact region) { Tell(FactBatch{.regions = {std::move(region)}}); }
  void Draft(const Deal& deal) {
    const Deal draft = In(Deal::State::kDraft, deal);
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) { return deals_.Create(sql, draft); }));
  }
  void Move(const Deal& deal) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector_.LockDeals(sql));
      RETURN_IF_ERROR(customers_.Learn(sql, deal.customer_name));
      RETURN_IF_ERROR(deals_.Update(sql, deal));
      RETURN_IF_ERROR(detector_.DealChanged(sql, deal, Now(), outbox));
      return outbox.Write(sql);
    }));
  }
  // The open findings of a kind in the words of the test, sorted.
  std::vector<std::string> Open(FindingKind kind, std::string (*words)(const Conclusion&)) {
    std::vector<std::string> open;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto findings, findings_.List(sql, {}, false, "", 1000));
      for (const Finding& finding : findings) {
        if (finding.conclusion.kind == kind) open.push_back(words(finding.conclusion));
      }
      return absl::OkStatus();
    }));
    std::sort(open.begin(), open.end());
    return open;
  }
  // Takes all steps, first lane by lane and then in random orders; those of one lane always in theirs. After each round
  // `check`, then all but customers' names is forgotten.
  void InRandomOrders(const std::vector<std::vector<Step>>& lanes, int rounds, const Step& check) {
    std::vector<size_t> order;
    for (size_t i = 0; i < lanes.size(); ++i) order.insert(order.end(), lanes[i].size(), i);
    std::mt19937 random(20260825);
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE(StrCat("round ", round));
      Forget();
      std::vector<size_t> next(lanes.size());
      for (const size_t lane : order) lanes[lane][next[lane]++]();
      ASSERT_NO_FATAL_FAILURE(check());
      std::shuffle(order.begin(), order.end(), random);
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

 private:
  void Forget() {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* table :
           {"region", "region_ancestor", "territory_grant", "grant_region", "sale", "direct_sale", "deal",
            "deal_progress", "deal_region", "finding", "finding_subject", "conflict_case"}) {
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
      }
      return absl::OkStatus();
    }));
  }
};

}  // namespace tributary::conflict
