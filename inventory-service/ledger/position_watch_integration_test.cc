// WatchPositions: what a watcher knows in the end is what the books say, however often it was cut off.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_goods.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kWatch[] = "tributary.inventory.v1.LedgerService/WatchPositions";

v1::WatchPositionsRequest Of(const std::string& parent, const std::string& product = "", const std::string& lot = "") {
  v1::WatchPositionsRequest request;
  request.set_parent(parent);
  request.set_product(product);
  request.set_lot(lot);
  return request;
}

// One caller's knowledge over any number of connections.
class Watcher {
 public:
  Watcher(rpc::Client& client, v1::WatchPositionsRequest request, rpc::CallOptions options = {})
      : client_(client), request_(std::move(request)), options_(std::move(options)) {
    Open();
  }
  ~Watcher() { Cut(); }

  void Open() { reader_ = client_.OpenStream(kWatch, request_, options_); }
  void Cut() {
    if (reader_ == nullptr) return;
    reader_->Cancel();
    (void)reader_->Finish();
    reader_.reset();
  }
  // Takes one message; false at the end.
  bool Next() {
    v1::WatchPositionsResponse message;
    if (!reader_->Read(&message)) return false;
    ++messages_;
    for (const v1::Position& position : message.positions()) {
      const int64_t units = std::stoll(position.on_hand().value());
      const auto before = known_.find(position.name());
      // Of loads that only ever add.
      if (before != known_.end() && units < before->second) went_back_ = true;
      known_[position.name()] = units;
    }
    if (!message.resume_token().empty()) request_.set_resume_token(message.resume_token());
    return true;
  }
  // Until it knows this of a position; false where the watch ends before.
  bool Until(const std::string& name, int64_t units) {
    while (known_.count(name) == 0 || known_[name] != units) {
      if (!Next()) return false;
    }
    return true;
  }
  // Until everything of the beginning was told.
  bool UntilToken() {
    while (request_.resume_token().empty()) {
      if (!Next()) return false;
    }
    return true;
  }
  absl::Status End() {
    while (Next()) continue;
    const absl::Status end = reader_->Finish();
    reader_.reset();
    return end;
  }

  const std::map<std::string, int64_t>& known() const { return known_; }
  bool went_back() const { return went_back_; }
  int messages() const { return messages_; }
  const v1::WatchPositionsRequest& request() const { return request_; }

 private:
  rpc::Client& client_;
  v1::WatchPositionsRequest request_;
  const rpc::CallOptions options_;
  std::unique_ptr<rpc::StreamReader> reader_;
  std::map<std::string, int64_t> known_;
  bool went_back_ = false;
  int messages_ = 0;
};

class PositionWatchTest : public GoodsTest {
 protected:
  absl::Status Refusal(const v1::WatchPositionsRequest& request, const rpc::CallOptions& options = {}) {
    const auto reader = service_.client().OpenStream(kWatch, request, options);
    v1::WatchPositionsResponse message;
    if (!reader->Read(&message)) return reader->Finish();
    reader->Cancel();
    (void)reader->Finish();
    return absl::OkStatus();
  }
  std::vector<std::string> AsListed(const Watcher& watcher) {
    std::vector<std::string> listed;
    for (const auto& [name, units] : watcher.known()) listed.push_back(StrCat(name, "=", units));
    return listed;
  }
  rpc::CallOptions As(const std::string& partner) { return {.token = keys_.Token(api::v1::PARTNER_USER, partner)}; }
};

TEST_F(PositionWatchTest, TellsWhatIsThereAndWhatComes) {
  Shipped({NewLine("acme", "A", 1, "bike", 3), NewLine("bolt", "B", 1, "bike", 1)});
  Watcher watcher(service_.client(), Of("partners/-"));
  ASSERT_TRUE(watcher.UntilToken());
  EXPECT_THAT(watcher.known(), UnorderedElementsAre(Pair("partners/acme/positions/main.bike", 3),
                                                    Pair("partners/bolt/positions/main.bike", 1)));
  Shipped({NewLine("acme", "A", 2, "bike", 4)});
  ASSERT_TRUE(watcher.Until("partners/acme/positions/main.bike", 7));
  // By a command, whose postings are events of their own, and a new position.
  v1::TransferStockRequest transfer;
  transfer.set_parent("partners/acme");
  transfer.set_from_site("partners/acme/sites/main");
  transfer.set_to_site("partners/cogs/sites/main");
  v1::TransferLine& line = *transfer.add_lines();
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("2");
  ASSERT_OK(inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", transfer));
  ASSERT_TRUE(watcher.Until("partners/cogs/positions/main.bike", 2));
  ASSERT_TRUE(watcher.Until("partners/acme/positions/main.bike", 5));

  // What happens while nobody listens is told to who resumes, and what did not change is not.
  watcher.Cut();
  Shipped({NewLine("bolt", "B", 2, "helmet", 6)});
  Watcher resumed(service_.client(), watcher.request());
  ASSERT_TRUE(resumed.Until("partners/bolt/positions/main.helmet", 6));
  EXPECT_THAT(resumed.known(), ElementsAre(Pair("partners/bolt/positions/main.helmet", 6)));
}

TEST_F(PositionWatchTest, HoweverOftenItIsCutItEndsAtTheFiguresOfTheBooks) {
  constexpr int kEnoughCuts = 10;
  std::atomic<bool> loaded{false};
  std::atomic<int> cuts{0};
  std::thread load([&] {
    api::v1::StreamPostResponse reply;
    const auto stream = service_.client().OpenOutgoing("tributary.inventory.v1.ShipmentService/StreamPostShipments",
                                                       &reply, {.stream_timeout = absl::Minutes(2)});
    int messages = 0;
    while (messages < 400 || cuts < kEnoughCuts) {
      const int i = messages++;
      v1::StreamPostShipmentsRequest message;
      for (int k = 0; k < 10; ++k) {
        v1::ShipmentLineRow& row = *message.add_rows();
        row.set_row(10 * i + k + 1);
        const char* partner = k % 3 == 0 ? "acme" : k % 3 == 1 ? "bolt" : "cogs";
        *row.mutable_line() = NewLine(partner, StrCat("D", i, "-", k % 3), k + 1, i % 2 == 0 ? "bike" : "pump", 1);
        row.mutable_line()->set_lot(StrCat("L", i % 7));
      }
      EXPECT_TRUE(stream->Write(message));
    }
    EXPECT_OK(stream->Finish());
    EXPECT_EQ(reply.accepted(), 10 * messages) << reply.ShortDebugString();
    loaded = true;
  });
  Watcher watcher(service_.client(), Of("partners/-"));
  std::mt19937 random(7);
  while (!loaded) {
    const int messages = std::uniform_int_distribution<int>(0, 3)(random);
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(watcher.Next());
    watcher.Cut();
    watcher.Open();
    ++cuts;
  }
  load.join();
  // The last change of all is told some time after the load; nothing comes after it.
  const std::vector<std::string> books = inventory_.Positions();
  while (AsListed(watcher) != books && watcher.Next()) continue;
  EXPECT_EQ(AsListed(watcher), books);
  EXPECT_FALSE(watcher.went_back());
}

TEST_F(PositionWatchTest, ASlowReaderGetsTheLastFiguresAndNotEachOne) {
  Watcher watcher(service_.client(), Of("partners/acme"));
  ASSERT_TRUE(watcher.UntilToken());
  const int before = watcher.messages();
  const std::string import_name = inventory_.NewImport("shipments").value();
  for (int i = 1; i <= 100; ++i) ASSERT_OK(inventory_.Ship(import_name, {NewLine("acme", "D", i, "bike", 1)}));
  ASSERT_TRUE(watcher.Until("partners/acme/positions/main.bike", 100));
  EXPECT_LT(watcher.messages() - before, 100);
  EXPECT_FALSE(watcher.went_back());
}

TEST_F(PositionWatchTest, CanBeNarrowedToAProductOrALot) {
  v1::ShipmentLine lot = NewLine("acme", "A", 2, "helmet", 5), other = NewLine("bolt", "B", 2, "helmet", 9);
  lot.set_lot("L1");
  other.set_lot("L2");
  Shipped({NewLine("acme", "A", 1, "bike", 3), lot, other});
  Watcher product(service_.client(), Of("partners/-", "products/helmet"));
  Watcher only_lot(service_.client(), Of("partners/-", "products/helmet", "L1"));
  ASSERT_TRUE(product.UntilToken());
  ASSERT_TRUE(only_lot.UntilToken());
  EXPECT_THAT(product.known(), UnorderedElementsAre(Pair("partners/acme/positions/main.helmet.L1", 5),
                                                    Pair("partners/bolt/positions/main.helmet.L2", 9)));
  EXPECT_THAT(only_lot.known(), ElementsAre(Pair("partners/acme/positions/main.helmet.L1", 5)));
  v1::ShipmentLine more = NewLine("bolt", "B", 4, "helmet", 2);
  more.set_lot("L1");
  Shipped({NewLine("acme", "A", 3, "bike", 1), more});
  ASSERT_TRUE(product.Until("partners/bolt/positions/main.helmet.L1", 2));
  ASSERT_TRUE(only_lot.Until("partners/bolt/positions/main.helmet.L1", 2));
  EXPECT_EQ(product.known().size(), 3u);
  EXPECT_EQ(only_lot.known().size(), 2u);

  // A code may have any sign but a slash.
  v1::ShipmentLine odd = NewLine("cogs", "C", 1, "helmet", 8);
  odd.set_lot("\"L\\3\"");
  Shipped({odd});
  Watcher odd_lot(service_.client(), Of("partners/-", "products/helmet", odd.lot()));
  ASSERT_TRUE(odd_lot.UntilToken());
  EXPECT_EQ(odd_lot.known().size(), 1u);

  EXPECT_THAT(Refusal(Of("partners/-", "", "L1")), Blames("product"));
  EXPECT_THAT(Refusal(Of("partners/-", "helmet")), Blames("product"));
  EXPECT_THAT(Refusal(Of("acme")), Blames("parent"));
}

TEST_F(PositionWatchTest, APartnerSeesItsOwnAlone) {
  Shipped({NewLine("acme", "A", 1, "bike", 3), NewLine("bolt", "B", 1, "bike", 1)});
  Watcher all(service_.client(), Of("partners/-"), As("acme"));
  Watcher own(service_.client(), Of("partners/acme"), As("acme"));
  ASSERT_TRUE(all.UntilToken());
  ASSERT_TRUE(own.UntilToken());
  Shipped({NewLine("bolt", "B", 2, "bike", 1), NewLine("bolt", "B", 3, "pump", 1)});
  Shipped({NewLine("acme", "A", 2, "bike", 1)});
  for (Watcher* watcher : {&all, &own}) {
    ASSERT_TRUE(watcher->Until("partners/acme/positions/main.bike", 4));
    EXPECT_THAT(watcher->known(), ElementsAre(Pair("partners/acme/positions/main.bike", 4)));
  }
  for (const char* parent : {"partners/bolt", "partners/nobody"}) {
    EXPECT_THAT(Refusal(Of(parent), As("acme")), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(Refusal(Of("partners/-"), {.token = "forged"}), HasReason(Reason::kUnauthenticated));
}

TEST_F(PositionWatchTest, ATokenHoldsForItsOwnWatchAlone) {
  Shipped({NewLine("acme", "A", 1, "bike", 3)});
  Watcher watcher(service_.client(), Of("partners/acme"));
  ASSERT_TRUE(watcher.UntilToken());
  const std::string token = watcher.request().resume_token();
  const auto with = [&](v1::WatchPositionsRequest request, const std::string& value) {
    request.set_resume_token(value);
    return request;
  };
  EXPECT_OK(Refusal(with(Of("partners/acme"), token)));
  std::string changed = token;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  for (const auto& request :
       {with(Of("partners/-"), token), with(Of("partners/bolt"), token),
        with(Of("partners/acme", "products/bike"), token), with(Of("partners/acme"), changed),
        with(Of("partners/acme"), "x"), with(Of("partners/acme"), token.substr(0, token.size() / 2))}) {
    const absl::Status status = Refusal(request);
    EXPECT_THAT(status, HasReason(Reason::kPageTokenInvalid));
    EXPECT_THAT(status, Blames("resume_token"));
  }
  EXPECT_THAT(Refusal(with(Of("partners/acme"), token), As("acme")), HasReason(Reason::kPageTokenInvalid))
      << "another caller's";
  // Tokens of an idle moment differ as well: nobody learns from them whether others are busy.
  Watcher again(service_.client(), Of("partners/acme"));
  ASSERT_TRUE(again.UntilToken());
  EXPECT_NE(again.request().resume_token(), token);
  EXPECT_EQ(again.request().resume_token().size(), token.size());
}

TEST_F(PositionWatchTest, AfterARestoreFromABackupItBeginsAnew) {
  Shipped({NewLine("acme", "A", 1, "bike", 3)});
  Watcher watcher(service_.client(), Of("partners/acme"));
  ASSERT_TRUE(watcher.UntilToken());
  ASSERT_OK(
      database_->Transact({}, [](mysql::Transaction& sql) { return sql.Execute("DELETE FROM feed_epoch").status(); }));
  ASSERT_OK(service_.feed().Refresh());
  EXPECT_THAT(watcher.End(), HasReason(Reason::kFeedRewound));
  EXPECT_THAT(Refusal(watcher.request()), HasReason(Reason::kFeedRewound));
  EXPECT_OK(Refusal(Of("partners/acme")));
}

TEST_F(PositionWatchTest, ADrainEndsIt) {
  Watcher watcher(service_.client(), Of("partners/-"));
  ASSERT_TRUE(watcher.UntilToken());
  EXPECT_THAT(watcher.known(), IsEmpty());
  std::thread drain([&] { service_.server().Drain(); });
  EXPECT_THAT(watcher.End(), HasReason(Reason::kDraining));
  drain.join();
}

}  // namespace
}  // namespace tributary::inventory
