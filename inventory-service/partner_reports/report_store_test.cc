// Reports and their rows on a real database.

#include "inventory-service/partner_reports/report_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "inventory-service/partner_reports/report_row_store.h"
#include "inventory-service/partner_reports/testing_reports.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

PartnerReport NewReport(int id, const char* partner = "acme") {
  PartnerReport report{.partner = partner, .id = Id(id), .create_time = kNow, .update_time = kNow, .profile = "pos"};
  report.sha256 = report.rank.content = std::string(32, 'x');
  report.coverage = {
      .from = Day("2026-06-01"), .to = Day("2026-06-30"), .activities = Activities::All(), .sites = {"main", "north"}};
  report.rank.revision = id;
  report.rank.instant = absl::InfinitePast();
  report.counts = {.received = 3, .accepted = 2, .rejected = 1};
  return report;
}

ReportRow NewRow(int report, int number, const char* date, RowState state, const std::string& document = "INV-1") {
  ReportRow row{.report = Id(report), .number = number, .state = state, .read_time = kNow};
  row.cells = {{"date", date}, {"数量", "3:1"}};
  row.typed = {"date"};
  row.content = RowContent{.cell = {.site = "main", .date = Day(date)},
                           .document = "发票/1",
                           .line = 1,
                           .product = "bike",
                           .lot = "L9",
                           .quantity = Dec("-2.5"),
                           .unit = "half",
                           .unit_quantity = Dec("-5"),
                           .unit_price = Dec("99.5"),
                           .currency = "CNY",
                           .region = "cn-51",
                           .end_customer = "小林商店",
                           .sale_type = 2,
                           .original_sale = "partners/acme/sales/A.1"};
  row.key = {.document = document, .line = 1};
  row.digest = std::string(16, static_cast<char>(number));
  return row;
}

class ReportStoreTest : public ::testing::Test {
 protected:
  ReportStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}
  void Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); }));
  }
  std::unique_ptr<mysql::Database> database_;
  ReportStore reports_;
  ReportRowStore rows_;
};

TEST_F(ReportStoreTest, KeepsReports) {
  Do([&](mysql::Transaction& sql) -> absl::Status {
    for (int id : {1, 2}) RETURN_IF_ERROR(reports_.Insert(sql, NewReport(id)));
    RETURN_IF_ERROR(reports_.Insert(sql, NewReport(3, "bolt")));
    PartnerReport changed = NewReport(2);
    changed.version = 2;
    changed.counts = {.received = 3, .accepted = 0, .repaired = 1, .rejected = 0, .duplicate = 1, .superseded = 1};
    RETURN_IF_ERROR(reports_.UpdateCounts(sql, changed));
    ASSIGN_OR_RETURN(const PartnerReport read, reports_.Get(sql, "acme", Id(2)));
    EXPECT_EQ(read.counts, changed.counts);
    EXPECT_EQ(read.coverage, changed.coverage);
    EXPECT_EQ(read.rank, changed.rank);
    EXPECT_EQ(read.version, 2);
    EXPECT_THAT(reports_.Get(sql, "bolt", Id(2)).status(), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const auto own, reports_.OfPartner(sql, "acme"));
    EXPECT_THAT(own, SizeIs(2));
    ASSIGN_OR_RETURN(const auto page, reports_.List(sql, "", "acme", Id(1), SqlPredicate(), 10));
    EXPECT_THAT(page, SizeIs(2));
    // The first revision of a content, where it was not declared; of no other instant.
    ASSIGN_OR_RETURN(const auto first, reports_.FirstRevision(sql, "acme", NewReport(9).rank));
    EXPECT_EQ(first, 1);
    ReportRank at = NewReport(9).rank;
    at.instant = kNow;
    ASSIGN_OR_RETURN(const auto none, reports_.FirstRevision(sql, "acme", at));
    EXPECT_EQ(none, std::nullopt);
    return absl::OkStatus();
  });
}

TEST_F(ReportStoreTest, ReplacesDisagreementsOfTheCellsGiven) {
  const Cell a{Activity::kSellThrough, "main", Day("2026-06-05")};
  const Cell b{Activity::kSellThrough, "main", Day("2026-06-06")};
  Do([&](mysql::Transaction& sql) -> absl::Status {
    const ReportCoverage june = NewReport(1).coverage;
    for (int id : {1, 2}) RETURN_IF_ERROR(reports_.Insert(sql, NewReport(id)));
    RETURN_IF_ERROR(reports_.PutDisagreements(sql, "acme", june, {a, b}, {{a, Id(1), Id(2)}, {b, Id(1), Id(2)}}));
    ASSIGN_OR_RETURN(const PartnerReport two, reports_.Get(sql, "acme", Id(2)));
    EXPECT_EQ(two.disagreements, 2);
    ASSIGN_OR_RETURN(const auto rest, reports_.Disagreements(sql, "acme", Id(2), Disagreement{a, Id(1), Id(2)}, 10));
    EXPECT_THAT(rest, ElementsAre(Disagreement{b, Id(1), Id(2)}));
    RETURN_IF_ERROR(reports_.PutDisagreements(sql, "acme", june, {a}, {}));
    ASSIGN_OR_RETURN(const auto left, reports_.Disagreements(sql, "acme", Id(1), std::nullopt, 10));
    EXPECT_THAT(left, ElementsAre(Disagreement{b, Id(1), Id(2)}));
    // The winner may change.
    RETURN_IF_ERROR(reports_.PutDisagreements(sql, "acme", june, {b}, {{b, Id(2), Id(1)}}));
    ASSIGN_OR_RETURN(const auto turned, reports_.Disagreements(sql, "acme", Id(1), std::nullopt, 10));
    EXPECT_THAT(turned, ElementsAre(Disagreement{b, Id(2), Id(1)}));
    return absl::OkStatus();
  });
}

TEST_F(ReportStoreTest, KeepsRowsAsTheyWere) {
  ReportRow bad{.report = Id(1), .number = 9};
  bad.errors = {{.row = 9, .column = "", .got = "\"", .want = "a row", .reason = Reason::kInvalidField}};
  Do([&](mysql::Transaction& sql) -> absl::Status {
    const ReportRow row = NewRow(1, 2, "2026-06-05", RowState::kAccepted);
    RETURN_IF_ERROR(rows_.Put(sql, "acme", {row, bad}));
    ASSIGN_OR_RETURN(const ReportRow read, rows_.Get(sql, "acme", Id(1), 2));
    EXPECT_EQ(read.content, row.content);
    EXPECT_EQ(read.cells, row.cells);
    EXPECT_EQ(read.typed, row.typed);
    EXPECT_EQ(read.key, row.key);
    EXPECT_EQ(read.digest, row.digest);
    EXPECT_EQ(read.read_time, kNow);
    ASSIGN_OR_RETURN(ReportRow waiting, rows_.Get(sql, "acme", Id(1), 9));
    EXPECT_EQ(waiting.errors, bad.errors);
    EXPECT_FALSE(waiting.content.has_value());
    // Repaired, it is a row as any other.
    waiting = NewRow(1, 9, "2026-06-06", RowState::kRepaired);
    waiting.repairs = {{"date", "2026-06-06"}};
    waiting.version = 2;
    RETURN_IF_ERROR(rows_.Put(sql, "acme", {&waiting, 1}));
    ASSIGN_OR_RETURN(const ReportRow repaired, rows_.Get(sql, "acme", Id(1), 9));
    EXPECT_EQ(repaired.content, waiting.content);
    EXPECT_THAT(repaired.errors, IsEmpty());
    EXPECT_EQ(repaired.version, 2);
    return absl::OkStatus();
  });
}

TEST_F(ReportStoreTest, FindsWhatCanChange) {
  Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(rows_.Put(
        sql, "acme",
        {NewRow(1, 2, "2026-06-05", RowState::kAccepted, "A"), NewRow(1, 3, "2026-06-05", RowState::kSuperseded, "B"),
         NewRow(2, 2, "2026-06-05", RowState::kDuplicate, "A"), NewRow(3, 2, "2026-07-05", RowState::kSuperseded, "A"),
         NewRow(3, 3, "2026-06-05", RowState::kRejected, "A")}));
    RETURN_IF_ERROR(rows_.Put(sql, "bolt", {NewRow(4, 2, "2026-06-05", RowState::kAccepted, "A")}));
    const ReportCoverage june = NewReport(1).coverage;
    const auto places = [](const std::vector<RankedRow>& rows) {
      std::vector<RowId> ids;
      for (const RankedRow& row : rows) ids.emplace_back(row.report, row.number);
      return ids;
    };
    // What stands, and all of the reports asked for.
    ASSIGN_OR_RETURN(const auto standing, rows_.InCoverage(sql, "acme", june, {}));
    EXPECT_THAT(places(standing), ElementsAre(RowId(Id(1), 2)));
    ASSIGN_OR_RETURN(const auto with, rows_.InCoverage(sql, "acme", june, {Id(2)}));
    EXPECT_THAT(places(with), UnorderedElementsAre(RowId(Id(1), 2), RowId(Id(2), 2)));
    const std::vector<RowKey> key = {{.document = "A", .line = 1}};
    ASSIGN_OR_RETURN(const auto all, rows_.OfKeys(sql, "acme", key, nullptr));
    EXPECT_THAT(places(all), UnorderedElementsAre(RowId(Id(1), 2), RowId(Id(2), 2), RowId(Id(3), 2)));
    ASSIGN_OR_RETURN(const auto outside, rows_.OfKeys(sql, "acme", key, &june));
    EXPECT_THAT(places(outside), ElementsAre(RowId(Id(3), 2)));
    RETURN_IF_ERROR(rows_.SetState(sql, "acme", {{Id(1), 2}, {Id(1), 3}}, RowState::kDuplicate));
    ASSIGN_OR_RETURN(const auto none, rows_.InCoverage(sql, "acme", june, {}));
    EXPECT_THAT(none, IsEmpty());
    ASSIGN_OR_RETURN(const ReportRow moved, rows_.Get(sql, "acme", Id(1), 3));
    EXPECT_EQ(moved.version, 2);
    ASSIGN_OR_RETURN(const auto waiting, rows_.Rejected(sql, "acme", Id(3)));
    EXPECT_THAT(waiting, SizeIs(1));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::inventory
