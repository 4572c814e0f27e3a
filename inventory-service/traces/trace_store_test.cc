// Ways of lots, and packs, on a real database.

#include "inventory-service/traces/trace_store.h"

#include <optional>
#include <string>
#include <vector>

#include "inventory-service/serials/serial_store.h"
#include "inventory-service/testing_store.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date June(int day) { return Date::FromYmd(2026, 6, day).value(); }

class TraceStoreTest : public StoreTest {
 protected:
  // Each at the next place of the feed.
  void Record(const std::vector<Posting>& postings) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      std::vector<events::Stamp> stamps;
      for (size_t i = 0; i < postings.size(); ++i) stamps.push_back({{kShard, ++seq_}, kStart});
      RETURN_IF_ERROR(LedgerStore().AddToPositions(sql, PositionChanges(postings), kStart));
      return LedgerStore().InsertPostings(sql, postings, stamps);
    }));
  }
  std::vector<std::string> Way(std::string_view partner, int limit,
                               const std::vector<std::string_view>& lots = {"L1"}) {
    std::vector<std::string> causes;
    std::optional<WayKey> after;
    while (true) {
      const auto page = Read<std::vector<RecordedPosting>>(
          [&](mysql::Transaction& sql) { return store_.WayOfLots(sql, partner, "bike", lots, after, limit); });
      for (const RecordedPosting& one : page) {
        causes.push_back(StrCat(one.posting.effective_date.ToString().substr(8), " ", one.posting.cause, " ",
                                one.posting.quantity.ToString()));
      }
      if (static_cast<int>(page.size()) < limit) return causes;
      const RecordedPosting& last = page.back();
      after = WayKey{last.posting.effective_date, last.posting.cause, last.posting.n, last.cursor};
    }
  }

  TraceStore store_;
};

TEST_F(TraceStoreTest, AWayHasOneOrderWhateverThePageSize) {
  const auto posting = [](const char* partner, int day, const char* cause, int n, int64_t units,
                          const char* lot = "L1") {
    return Posting{.partner = partner,
                   .product = "bike",
                   .lot = lot,
                   .from = "@vendor",
                   .to = *partner == '\0' ? "@customer" : "main",
                   .quantity = Decimal::FromInt(units),
                   .effective_date = June(day),
                   .cause = cause,
                   .n = n};
  };
  Record({posting("acme", 3, "b", 1, 1), posting("bolt", 2, "c", 1, 2), posting("", 2, "d", 1, 3),
          // A command's postings all have the number 0.
          posting("acme", 2, "c", 0, 4), posting("acme", 2, "c", 0, 5), posting("acme", 2, "c", 0, 6),
          posting("bolt", 1, "z", 2, 7), posting("bolt", 1, "z", 1, 8), posting("acme", 1, "a", 1, 9, "L2"),
          posting("dale", 2, "c", 3, 10, "")});
  const auto all = ElementsAre("01 z 8", "01 z 7", "02 c 4", "02 c 5", "02 c 6", "02 c 2", "02 d 3", "03 b 1");
  for (const int limit : {1, 2, 3, 8, 100}) EXPECT_THAT(Way("", limit), all) << limit;
  EXPECT_THAT(Way("bolt", 2), ElementsAre("01 z 8", "01 z 7", "02 c 2"));
  EXPECT_THAT(Way("cogs", 2), IsEmpty());
  // With those of no lot that is told, of whoever has them.
  for (const int limit : {1, 3, 100}) {
    EXPECT_THAT(Way("", limit, {"L1", ""}),
                ElementsAre("01 z 8", "01 z 7", "02 c 4", "02 c 5", "02 c 6", "02 c 2", "02 c 10", "02 d 3", "03 b 1"));
  }
}

TEST_F(TraceStoreTest, HowUnitsArePacked) {
  const SerialStore serials;
  Posting shipped{.partner = "acme",
                  .product = "bike",
                  .serials = {"S1", "S2", "S3"},
                  .from = "@vendor",
                  .to = "main",
                  .quantity = Decimal::FromInt(3),
                  .effective_date = June(1),
                  .cause = "partners/acme/shipments/A/lines/1"};
  Record({shipped});
  const auto put = [&](const char* serial, const char* pack, int64_t version) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) {
      return serials.PutPack(
          sql, {.product = "bike", .serial = serial, .version = version, .update_time = kStart, .parent_pack = pack});
    }));
  };
  const auto listed = [&](const char* text, const char* after, int limit) {
    return Read<std::vector<std::string>>([&](mysql::Transaction& sql) -> absl::StatusOr<std::vector<std::string>> {
      ASSIGN_OR_RETURN(const SqlPredicate filter, ParseFilter(text, SerialStore::Fields()));
      return serials.ListSerials(sql, "bike", after, filter, limit);
    });
  };
  const auto pack_of = [&](const char* serial) {
    return Read<SerialPack>([&](mysql::Transaction& sql) { return serials.PackOf(sql, "bike", serial); });
  };
  EXPECT_EQ(pack_of("S1").version, 0);
  EXPECT_EQ(pack_of("S1").serial, "S1");
  put("S1", "P1", 1);
  put("S3", "P1", 1);
  put("S9", "P1", 1);  // of a unit that no fact names
  EXPECT_EQ(pack_of("S1").parent_pack, "P1");
  EXPECT_THAT(listed("parent_pack = P1", "", 10), ElementsAre("S1", "S3"));
  EXPECT_THAT(listed("parent_pack = P1", "", 1), ElementsAre("S1"));
  EXPECT_THAT(listed("parent_pack = P1", "S1", 10), ElementsAre("S3"));
  EXPECT_THAT(listed("parent_pack = p1", "", 10), IsEmpty());
  put("S1", "", 2);
  EXPECT_EQ(pack_of("S1").version, 2);
  EXPECT_THAT(listed("parent_pack = P1", "", 10), ElementsAre("S3"));
  EXPECT_THAT(listed("", "", 10), ElementsAre("S1", "S2", "S3"));
  const auto packs = Read<std::map<std::string, SerialPack>>([&](mysql::Transaction& sql) {
    return serials.PacksOf(sql, "bike", {"S1", "S2", "S3"});
  });
  EXPECT_EQ(packs.size(), 2u);
  EXPECT_EQ(packs.at("S3").parent_pack, "P1");
}

}  // namespace
}  // namespace tributary::inventory
