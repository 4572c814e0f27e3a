#include "inventory-service/ledger/ledger_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

class LedgerStoreTest : public ::testing::Test {
 protected:
  LedgerStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  // Postings of one fact each, with their positions, numbered on in shard 3.
  absl::Status Post(const std::vector<Posting>& postings) {
    return Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.AddToPositions(sql, PositionChanges(postings), kNow));
      std::vector<events::Stamp> stamps;
      for (size_t i = 0; i < postings.size(); ++i) stamps.push_back({{3, ++seq_}, kNow});
      return store_.InsertPostings(sql, postings, stamps);
    });
  }
  Balance ReadBalance() {
    Balance balance;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(balance, store_.ReadBalance(sql));
      return absl::OkStatus();
    }));
    return balance;
  }

  std::unique_ptr<mysql::Database> database_;
  LedgerStore store_;
  int64_t seq_ = 0;
};

Posting Move(const char* partner, const char* product, std::string_view from, std::string_view to, const char* units) {
  return {.partner = partner,
          .product = product,
          .from = std::string(from),
          .to = std::string(to),
          .quantity = D(units),
          .effective_date = Date::FromDays(15000),
          .cause = "partners/acme/shipments/SO1/lines/1"};
}

TEST_F(LedgerStoreTest, NothingIsBalanced) {
  const Balance balance = ReadBalance();
  EXPECT_TRUE(balance.balanced());
  EXPECT_EQ(balance.postings, 0);
  EXPECT_EQ(balance.positions, 0);
}

TEST_F(LedgerStoreTest, PositionsAreSumsOfPostings) {
  ASSERT_OK(Post({Move("acme", "bike", kVendor, kMainSite, "5"), Move("acme", "bike", kMainSite, kCustomer, "7.5"),
                  Move("bolt", "bike", kVendor, kMainSite, "1"), Move("", "bike", kVendor, kCustomer, "40")}));
  ASSERT_OK(
      Post({Move("acme", "bike", kVendor, kMainSite, "0.000001"), Move("acme", "pump", kMainSite, "main/demo", "2")}));
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    const auto position = store_.GetPosition(sql, {"acme", "main", "bike"});
    EXPECT_OK(position);
    EXPECT_EQ(position->In(Bucket::kOnHand), D("-2.499999"));
    EXPECT_THAT(store_.GetPosition(sql, {"acme", "main", "helmet"}), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  }));
  const Balance balance = ReadBalance();
  EXPECT_TRUE(balance.balanced());
  EXPECT_EQ(balance.postings, 6);
  EXPECT_EQ(balance.positions, 4);
  EXPECT_EQ(balance.partner_units, D("-1.499999"));
  EXPECT_EQ(balance.vendor_units, D("46.000001"));
  EXPECT_EQ(balance.customer_units, D("47.5"));
}

TEST_F(LedgerStoreTest, ManyPostingsAndTheirUnitsAreReadAsTheyWereWritten) {
  constexpr int kPostings = 300;
  std::vector<Posting> postings;
  for (int i = 1; i <= kPostings; ++i) {
    Posting& posting = postings.emplace_back(Move("acme", "bike", kVendor, kMainSite, "1"));
    posting.quantity = Decimal::FromInt(i);
    posting.cause = StrCat("partners/acme/shipments/SO1/lines/", i);
    posting.serials = {StrCat("s", i)};
  }
  ASSERT_OK(Post(postings));
  postings.back().lot = "L1";  // now one differs from the others
  for (Posting& posting : postings) posting.partner = "bolt";
  ASSERT_OK(Post(postings));
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    for (const char* partner : {"acme", "bolt"}) {
      ASSIGN_OR_RETURN(const std::vector<RecordedPosting> read, store_.PostingsOf(sql, partner, "bike"));
      EXPECT_THAT(read, SizeIs(kPostings));
      const int64_t before = partner == std::string("acme") ? 0 : kPostings;
      for (const RecordedPosting& one : read) {
        const int64_t i = one.cursor.seq - before;
        EXPECT_EQ(one.posting.quantity, Decimal::FromInt(i));
        EXPECT_EQ(one.posting.cause, StrCat("partners/acme/shipments/SO1/lines/", i));
        EXPECT_EQ(one.posting.n, 1);
        EXPECT_EQ(one.posting.lot, before > 0 && i == kPostings ? "L1" : "");
        EXPECT_EQ(one.recorded_at, kNow);
      }
    }
    ASSIGN_OR_RETURN(const mysql::Rows units,
                     sql.Query("SELECT COUNT(*) FROM serial_posting s JOIN stock_posting p ON p.shard = s.shard AND "
                               "p.seq = s.seq AND p.n = s.n AND p.partner = s.partner AND p.lot = s.lot AND "
                               "p.cause = s.cause WHERE s.cause LIKE CONCAT('%/', SUBSTRING(s.serial, 2))"));
    EXPECT_EQ(units.at(0).Int(0), 2 * kPostings);
    return absl::OkStatus();
  }));
  EXPECT_TRUE(ReadBalance().balanced());
}

TEST_F(LedgerStoreTest, WhatDoesNotAddUpIsSeen) {
  const struct {
    const char* what;
    const char* damage;
    int64_t differing;
  } kCases[] = {
      {"a position that is off", "UPDATE stock_position SET quantity = quantity + 0.000001 WHERE partner = 'acme'", 1},
      {"a position that is gone", "DELETE FROM stock_position WHERE partner = 'acme'", 1},
      {"a posting that is gone", "DELETE FROM stock_posting WHERE partner = 'acme'", 1},
      {"a posting of another quantity", "UPDATE stock_posting SET quantity = 4 WHERE partner = 'acme'", 1},
      {"a posting of another product", "UPDATE stock_posting SET product = 'pump' WHERE partner = 'acme'", 2},
      {"two positions that are off by the same",
       "UPDATE stock_position SET quantity = "
       "CASE partner WHEN 'acme' THEN quantity + 1 ELSE quantity - 1 END",
       2},
  };
  for (const auto& c : kCases) {
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(sql.Execute("DELETE FROM stock_position"));
      return sql.Execute("DELETE FROM stock_posting").status();
    }));
    ASSERT_OK(Post({Move("acme", "bike", kVendor, kMainSite, "5"), Move("bolt", "bike", kVendor, kMainSite, "1")}));
    ASSERT_TRUE(ReadBalance().balanced());
    ASSERT_OK(Do([&](mysql::Transaction& sql) { return sql.Execute(c.damage).status(); }));
    EXPECT_FALSE(ReadBalance().balanced()) << c.what;
    EXPECT_EQ(ReadBalance().differing_positions, c.differing) << c.what;
  }
}

TEST_F(LedgerStoreTest, ListsGoOnWhereTheyStopped) {
  ASSERT_OK(Post({Move("acme", "bike", kVendor, kMainSite, "1"), Move("bolt", "bike", kVendor, kMainSite, "2"),
                  Move("acme", "pump", kVendor, kMainSite, "3"), Move("", "pump", kVendor, kCustomer, "4")}));
  const auto positions = [&](std::string_view partner, const PositionKey& after, int limit) {
    std::vector<std::string> names;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto found, store_.ListPositions(sql, partner, after, {}, limit));
      for (const Position& one : found) names.push_back(one.key.partner + " " + one.key.product);
      return absl::OkStatus();
    }));
    return names;
  };
  EXPECT_THAT(positions("", {}, 2), ElementsAre("acme bike", "acme pump"));
  EXPECT_THAT(positions("", {"acme", "main", "pump"}, 2), ElementsAre("bolt bike"));
  EXPECT_THAT(positions("acme", {"acme", "main", "bike"}, 2), ElementsAre("acme pump"));
  EXPECT_THAT(positions("nobody", {}, 2), IsEmpty());

  const auto postings = [&](std::string_view partner, events::Cursor after, std::string_view filter) {
    std::vector<int64_t> found;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, LedgerStore::PostingFields()));
      ASSIGN_OR_RETURN(const auto listed, store_.ListPostings(sql, partner, after, 1, predicate, 10));
      for (const RecordedPosting& one : listed) found.push_back(one.cursor.seq);
      return absl::OkStatus();
    }));
    return found;
  };
  EXPECT_THAT(postings("", {-1, 0}, ""), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(postings("", {3, 2}, ""), ElementsAre(3, 4));
  EXPECT_THAT(postings("acme", {-1, 0}, ""), ElementsAre(1, 3));
  EXPECT_THAT(postings("acme", {-1, 0}, "product = \"products/pump\" AND effective_date >= 2011-01-26"),
              ElementsAre(3));
  EXPECT_THAT(postings("", {-1, 0}, "effective_date > 2011-01-26"), IsEmpty());
}

TEST_F(LedgerStoreTest, BucketsAndLotsOfAPosition) {
  const auto lot = [](Posting posting, const char* code) {
    posting.lot = code;
    return posting;
  };
  ASSERT_OK(Post({lot(Move("acme", "bike", kVendor, "main/in_transit", "10"), "L1"),
                  lot(Move("acme", "bike", "main/in_transit", kMainSite, "8"), "L1"),
                  lot(Move("acme", "bike", "main/in_transit", kAdjustment, "2"), "L1"),
                  lot(Move("acme", "bike", kVendor, kMainSite, "5"), "L2"),
                  lot(Move("acme", "bike", kMainSite, "main/reserved", "3"), "L2"),
                  lot(Move("acme", "bike", kMainSite, "main/quarantine", "1"), "L2")}));
  const Balance balance = ReadBalance();
  EXPECT_TRUE(balance.balanced());
  EXPECT_EQ(balance.partner_units, D("13"));
  EXPECT_EQ(balance.written_off, D("2"));
  const auto units = [](const Position& position) {
    std::string text;
    for (const Bucket bucket : kBuckets) text += position.In(bucket).ToString() + " ";
    return text;
  };
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    // On hand, reserved, quarantine, demo, in transit.
    EXPECT_EQ(units(store_.GetPosition(sql, {"acme", "main", "bike", ""}).value()), "9 3 1 0 0 ");
    EXPECT_EQ(units(store_.GetPosition(sql, {"acme", "main", "bike", "L1"}).value()), "8 0 0 0 0 ");
    EXPECT_EQ(units(store_.GetPosition(sql, {"acme", "main", "bike", "L2"}).value()), "1 3 1 0 0 ");
    ASSIGN_OR_RETURN(const auto listed, store_.ListPositions(sql, "acme", {}, {}, 10));
    EXPECT_THAT(listed, SizeIs(2));
    ASSIGN_OR_RETURN(const auto rest, store_.ListPositions(sql, "acme", {"acme", "main", "bike", "L1"}, {}, 10));
    EXPECT_THAT(rest, SizeIs(1));
    EXPECT_EQ(rest.at(0).key.lot, "L2");
    const BucketKey free{{"acme", "main", "bike", "L1"}, Bucket::kOnHand};
    const BucketKey never{{"acme", "main", "bike", "L9"}, Bucket::kOnHand};
    ASSIGN_OR_RETURN(const auto locked, store_.LockUnits(sql, {never, free}));
    EXPECT_EQ(locked.at(free), D("8"));
    EXPECT_EQ(locked.at(never), Decimal());
    return absl::OkStatus();
  }));
}

TEST_F(LedgerStoreTest, WhatOnePartnerHandsOverAnotherMustHave) {
  ASSERT_OK(Post({Move("acme", "bike", kVendor, kMainSite, "5"), Move("acme", "bike", kMainSite, kTransfer, "2"),
                  Move("bolt", "bike", kTransfer, kMainSite, "2")}));
  EXPECT_TRUE(ReadBalance().balanced());
  ASSERT_OK(Post({Move("acme", "bike", kMainSite, kTransfer, "1")}));
  EXPECT_EQ(ReadBalance().differing_positions, 0);
  EXPECT_FALSE(ReadBalance().balanced());
}

TEST_F(LedgerStoreTest, PositionsAsOfAMoment) {
  // Each posting has a day on which it moved and a second in which it was recorded.
  const auto post = [&](const char* lot, std::string_view from, std::string_view to, const char* units, int day,
                        int second) {
    Posting posting = Move("acme", "bike", from, to, units);
    posting.lot = lot;
    posting.effective_date = Date::FromDays(day);
    return Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.AddToPositions(sql, PositionChanges({posting}), kNow));
      return store_.InsertPostings(sql, {posting}, {{{3, ++seq_}, kNow + absl::Seconds(second)}});
    });
  };
  ASSERT_OK(post("L1", kVendor, kMainSite, "10", 100, 1));
  ASSERT_OK(post("L1", kMainSite, kCustomer, "4", 103, 2));
  ASSERT_OK(post("L1", kMainSite, "main/reserved", "1", 104, 3));
  ASSERT_OK(post("L2", kVendor, kMainSite, "7", 101, 4));  // told late
  const struct {
    int day, second;  // 0: unset
    const char* want;
  } kCases[] = {
      {0, 0, "12 1"}, {102, 0, "17 0"}, {100, 0, "10 0"}, {104, 3, "5 1"},
      {0, 3, "5 1"},  {102, 3, "10 0"}, {102, 4, "17 0"},
  };
  for (const auto& c : kCases) {
    AsOf as_of;
    if (c.day != 0) as_of.date = Date::FromDays(c.day);
    if (c.second != 0) as_of.known = kNow + absl::Seconds(c.second);
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const Position position, store_.GetPosition(sql, {"acme", "main", "bike", ""}, as_of));
      EXPECT_EQ(position.In(Bucket::kOnHand).ToString() + " " + position.In(Bucket::kReserved).ToString(), c.want)
          << c.day << " " << c.second;
      ASSIGN_OR_RETURN(const auto listed, store_.ListPositions(sql, "", {}, {}, 10, as_of));
      Decimal on_hand;
      for (const Position& one : listed) on_hand += one.In(Bucket::kOnHand);
      EXPECT_EQ(on_hand, position.In(Bucket::kOnHand));
      return absl::OkStatus();
    }));
  }
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(store_.GetPosition(sql, {"acme", "main", "bike", ""}, {.date = Date::FromDays(99)}),
                HasReason(Reason::kNotFound));
    return absl::OkStatus();
  }));
}

TEST_F(LedgerStoreTest, PostingsOfCommandsAreEventsThemselves) {
  Posting own = Move("acme", "bike", kMainSite, "main/reserved", "1");
  own.n = 0;
  Posting correction = Move("acme", "bike", kAdjustment, kMainSite, "2");
  correction.n = 0;
  correction.because = "partners/acme/sales/S.1";
  ASSERT_OK(Post({Move("acme", "bike", kVendor, kMainSite, "5"), own, correction}));
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto events, store_.OwnEvents(sql, {.shard = 3, .after = 0, .upto = 9}));
    EXPECT_THAT(events, SizeIs(2));
    EXPECT_EQ(events.at(0).cursor.seq, 2);
    EXPECT_EQ(events.at(0).posting.to, "main/reserved");
    EXPECT_EQ(events.at(0).posting.because, "");
    EXPECT_EQ(events.at(1).cursor.seq, 3);
    EXPECT_EQ(events.at(1).posting.because, "partners/acme/sales/S.1");
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace tributary::inventory
