// Reconciliations on a real database.

#include "inventory-service/reconciliation/reconciliation_store.h"

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
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1780000000);

ReconciliationKey Key(const char* partner, const char* product, std::optional<std::string> lot = std::nullopt) {
  return {.partner = partner,
          .product = product,
          .lot = std::move(lot),
          .from = Day("2026-06-01"),
          .to = Day("2026-06-30")};
}

// Every figure another one.
ReconciliationFigures Explained() {
  ReconciliationFigures figures{.opening_reported = D("1.5"),
                                .reported = D("100"),
                                .opening_book = D("2"),
                                .opening_in_transit = D("3"),
                                .sell_in = D("4"),
                                .sell_through = D("-5"),
                                .transferred_in = D("6"),
                                .transferred_out = D("7"),
                                .adjusted = D("-8.25"),
                                .in_transit = D("9"),
                                .book = D("90"),
                                .unreported_sites = {"depot", "main"}};
  figures.explanation.facts = {{.kind = CandidateKind::kOpenReturn,
                                .fact = "partners/acme/returns/r1",
                                .date = Day("2026-06-03"),
                                .units = D("-2")},
                               {.kind = CandidateKind::kUnreceivedShipment,
                                .fact = "partners/acme/shipments/S/lines/1",
                                .date = Day("2026-06-04"),
                                .units = D("12")}};
  return figures;
}
ReconciliationFigures Unknown() { return {.book = D("5")}; }

class ReconciliationStoreTest : public ::testing::Test {
 protected:
  ReconciliationStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}
  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  void Put(const Reconciliation& one) {
    ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Put(sql, {&one, 1}); }));
  }
  absl::StatusOr<Reconciliation> Get(const ReconciliationKey& key, int64_t revision = 0) {
    absl::StatusOr<Reconciliation> found;
    const absl::Status status = Do([&](mysql::Transaction& sql) {
      found = store_.Get(sql, key, revision);
      return found.status();
    });
    return status.ok() ? found : absl::StatusOr<Reconciliation>(status);
  }
  // "acme bike 1", in the order of the list.
  std::vector<std::string> List(const std::string& partner, const std::string& filter = "", int limit = 10,
                                const std::string& after_partner = "", const std::string& after_id = "") {
    std::vector<std::string> out;
    const auto predicate = ParseFilter(filter, ReconciliationStore::Fields());
    EXPECT_OK(predicate.status());
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto found, store_.List(sql, partner, after_partner, after_id, *predicate, limit));
      for (const Reconciliation& one : found) {
        out.push_back(StrCat(one.key.partner, " ", SegmentOf(one.key).substr(22), " ", one.revision));
      }
      return absl::OkStatus();
    }));
    return out;
  }

  std::unique_ptr<mysql::Database> database_;
  ReconciliationStore store_;
};

TEST_F(ReconciliationStoreTest, EveryRevisionIsKept) {
  const ReconciliationKey key = Key("acme", "bike", "L.9");
  EXPECT_THAT(Get(key), HasReason(Reason::kNotFound));
  const Reconciliation first = *Rerun(nullptr, key, Explained(), kNow);
  Put(first);
  const auto read = Get(key);
  ASSERT_OK(read);
  EXPECT_EQ(read->key, key);
  EXPECT_EQ(read->uid, first.uid);
  EXPECT_EQ(read->figures, Explained());
  EXPECT_EQ(read->figures.state(), ReconciliationState::kExplained);
  EXPECT_EQ(read->acceptance, std::nullopt);
  EXPECT_EQ(Rerun(&*read, key, Explained(), kNow), std::nullopt) << "read as it was written";

  const Reconciliation accepted = *Accept(*read, Explained(), "ann", "数过了", kNow + absl::Seconds(1));
  Put(accepted);
  EXPECT_EQ(Get(key)->acceptance, accepted.acceptance);
  EXPECT_EQ(Get(key)->version, 2);

  const Reconciliation second = *Rerun(&accepted, key, Unknown(), kNow + absl::Hours(1));
  Put(second);
  EXPECT_EQ(Get(key)->figures, Unknown());
  EXPECT_EQ(Get(key)->acceptance, std::nullopt);
  EXPECT_EQ(Get(key, 1)->figures, Explained());
  EXPECT_EQ(Get(key, 1)->acceptance, accepted.acceptance) << "who accepted which figures";
  EXPECT_THAT(Get(key, 3), HasReason(Reason::kNotFound));

  std::vector<int64_t> revisions;
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto all, store_.Revisions(sql, key, 100, 10));
    for (const Reconciliation& one : all) revisions.push_back(one.revision);
    ASSIGN_OR_RETURN(const auto some, store_.Revisions(sql, key, 2, 10));
    EXPECT_THAT(some, SizeIs(1));
    EXPECT_EQ(some[0].figures, Explained());
    return absl::OkStatus();
  }));
  EXPECT_THAT(revisions, ElementsAre(2, 1));
}

TEST_F(ReconciliationStoreTest, ListsByPartnerStateAndPeriod) {
  Put(*Rerun(nullptr, Key("acme", "bike"), Explained(), kNow));
  Put(*Rerun(nullptr, Key("acme", "bike", ""), Unknown(), kNow));
  Put(*Rerun(nullptr, Key("acme", "pump"), Unknown(), kNow));
  Put(*Rerun(nullptr, Key("bolt", "bike"), Unknown(), kNow));
  EXPECT_THAT(List(""), ElementsAre("acme bike 1", "acme bike. 1", "acme pump 1", "bolt bike 1"));
  EXPECT_THAT(List("acme"), ElementsAre("acme bike 1", "acme bike. 1", "acme pump 1"));
  EXPECT_THAT(List("", "", 2, "acme", "2026-06-01.2026-06-30.bike."), ElementsAre("acme pump 1", "bolt bike 1"));
  EXPECT_THAT(List("", "state = EXPLAINED"), ElementsAre("acme bike 1"));
  EXPECT_THAT(List("", "product = \"products/pump\""), ElementsAre("acme pump 1"));
  EXPECT_THAT(List("", "accepted = true"), IsEmpty());
  EXPECT_THAT(List("", "to_date < \"2026-06-30\""), IsEmpty());
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto all, store_.OfPeriod(sql, "acme", "", Day("2026-06-01"), Day("2026-06-30")));
    EXPECT_THAT(all, SizeIs(3));
    ASSIGN_OR_RETURN(const auto bikes, store_.OfPeriod(sql, "acme", "bike", Day("2026-06-01"), Day("2026-06-30")));
    EXPECT_THAT(bikes, SizeIs(2));
    ASSIGN_OR_RETURN(const auto other, store_.OfPeriod(sql, "acme", "", Day("2026-06-01"), Day("2026-06-29")));
    EXPECT_THAT(other, IsEmpty());
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace tributary::inventory
