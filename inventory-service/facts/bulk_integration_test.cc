// Batches of one import that come at once: what is counted, told and posted of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "inventory-service/testing_facts.h"

namespace tributary::inventory {
namespace {

using ::testing::SizeIs;

constexpr int kSenders = 8;
constexpr int kDocuments = 25;  // of a batch
constexpr int kLines = 20;      // of a document
constexpr int kRows = kDocuments * kLines;
constexpr int kPartners = 40;

// 500 lines of one unit each, over 25 partners.
v1::BatchImportShipmentsRequest BatchOf(const std::string& import_name, int sender, int batch) {
  v1::BatchImportShipmentsRequest request;
  request.set_import(import_name);
  for (int document = 0; document < kDocuments; ++document) {
    const std::string partner = StrCat("p-", (sender * 50 + batch * kDocuments + document) % kPartners);
    for (int line = 1; line <= kLines; ++line) {
      v1::ShipmentLineRow& row = *request.add_rows();
      row.set_row(request.rows_size() + 1);
      *row.mutable_line() = NewLine(partner, StrCat("SO-", sender, "-", batch, "-", document), line,
                                    line % 2 == 0 ? "bike" : "helmet", 1);
    }
  }
  return request;
}

class BulkTest : public FactsTest {
 protected:
  BulkTest() {
    for (int i = 0; i < kPartners; ++i) partners_.Know(StrCat("p-", i));
  }

  absl::StatusOr<api::v1::BatchImportResponse> Send(const v1::BatchImportShipmentsRequest& request) {
    return inventory_.Call<api::v1::BatchImportResponse>("ShipmentService/BatchImportShipments", request,
                                                         {.timeout = absl::Minutes(1)});
  }
  int64_t Count(const std::string& sql) {
    int64_t count = -1;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& t) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows, t.Query(sql));
      count = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return count;
  }
};

TEST_F(BulkTest, BatchesAtOnceAreCountedExactlyAndToldWithoutGaps) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  std::atomic<int64_t> accepted{0}, duplicate{0};
  std::atomic<int> sending{kSenders};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      // Two batches of its own, and between them the first one of its neighbor, who sends it about now.
      for (const auto& [whose, batch] :
           std::vector<std::pair<int, int>>{{sender, 0}, {(sender + 1) % kSenders, 0}, {sender, 1}}) {
        const auto reply = Send(BatchOf(import_name, whose, batch));
        EXPECT_OK(reply);
        if (!reply.ok()) continue;
        EXPECT_THAT(reply->errors(), SizeIs(0));
        accepted += reply->accepted();
        duplicate += reply->duplicate();
      }
      --sending;
    });
  }
  // Whoever reads meanwhile finds an event for each number (Events fails where one is missing).
  while (sending > 0) Events();
  for (std::thread& sender : senders) sender.join();
  constexpr int64_t kStated = kSenders * 2 * kRows, kRepeated = kSenders * kRows;
  EXPECT_EQ(accepted, kStated);
  EXPECT_EQ(duplicate, kRepeated);

  const auto open = inventory_.GetImport(import_name);
  ASSERT_OK(open);
  EXPECT_EQ(open->counts().received(), kStated + kRepeated);
  EXPECT_EQ(open->counts().accepted(), kStated);
  EXPECT_EQ(open->counts().duplicate(), kRepeated);
  EXPECT_EQ(open->counts().rejected(), 0);
  EXPECT_EQ(open->etag(), StrCat("\"v", 1 + 3 * kSenders, "\""));

  // In every shard the numbers have no gap and known time does not decrease; each line is told once.
  std::vector<int64_t> last(events::kShards, 0);
  std::vector<absl::Time> known(events::kShards, absl::InfinitePast());
  std::set<std::string> told;
  for (const events::Event& event : Events()) {
    EXPECT_EQ(event.cursor.seq, ++last[event.cursor.shard]);
    EXPECT_GE(event.recorded_at, known[event.cursor.shard]);
    known[event.cursor.shard] = event.recorded_at;
    if (event.type == v1::ShipmentLine::descriptor()->full_name()) {
      EXPECT_TRUE(told.insert(event.name).second) << event.name;
    }
  }
  EXPECT_THAT(told, SizeIs(kStated));

  // Each posting has the place and the time of its line.
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shipment_line"), kStated);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM stock_posting"), kStated);
  EXPECT_EQ(
      Count("SELECT COUNT(*) FROM shipment_line l JOIN stock_posting p ON p.shard = l.shard AND p.seq = l.seq AND "
            "p.n = 1 AND p.partner = l.partner AND p.product = l.product AND p.recorded_at = l.recorded_at AND "
            "p.cause = CONCAT('partners/', l.partner, '/shipments/', l.document, '/lines/', l.line)"),
      kStated);
  EXPECT_EQ(inventory_.Totals()->units().value(), StrCat(kStated));
  EXPECT_TRUE(inventory_.Check()->balanced());

  api::v1::CompleteImportRequest complete;
  complete.set_name(import_name);
  complete.set_received(kStated + kRepeated);
  const auto completed = inventory_.Call<api::v1::Import>("ImportService/CompleteImport", complete);
  ASSERT_OK(completed);
  EXPECT_EQ(completed->counts().accepted(), kStated);
  EXPECT_EQ(completed->counts().received(), kStated + kRepeated);
  EXPECT_THAT(Send(BatchOf(import_name, 0, 2)), HasReason(Reason::kStateConflict));
  EXPECT_EQ(inventory_.GetImport(import_name)->SerializeAsString(), completed->SerializeAsString());
}

}  // namespace
}  // namespace tributary::inventory
