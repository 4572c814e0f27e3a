#include "inventory-service/reservations/reservation_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "common/status/status_matchers.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using Serial = std::pair<std::string, std::string>;

const absl::Time kNow = absl::FromUnixSeconds(1781524800);
const PositionKey kBikes{"acme", "main", "bike", ""};

Reservation Of(const char* id, std::optional<absl::Time> expire_time = std::nullopt,
               std::vector<std::string> serials = {}) {
  Reservation reservation{.partner = "acme",
                          .id = id,
                          .uid = Uuid::New(kNow),
                          .create_time = kNow,
                          .update_time = kNow,
                          .expire_time = expire_time,
                          .document = "SO-1",
                          .note = "über Nacht"};
  reservation.lines.push_back({.product = "bike", .serials = std::move(serials), .quantity = Decimal::FromInt(2)});
  reservation.lines.push_back({.product = "bike", .site = "north", .lot = "L1", .quantity = Decimal::FromInt(1)});
  reservation.lines.back().unit = "pair";
  reservation.lines.back().kit = "set";
  reservation.lines.back().kit_quantity = Decimal::FromInt(3);
  reservation.lines.back().unit_quantity = Decimal::FromMicros(500000);
  return reservation;
}

class ReservationStoreTest : public ::testing::Test {
 protected:
  void Run(const std::function<absl::Status(mysql::Transaction&)>& body) {
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); }));
  }
  absl::Status Put(mysql::Transaction& sql, const Reservation& reservation) {
    return store_.Insert(sql, {&reservation, 1});
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::inventory()});
  const ReservationStore store_{};
};

TEST_F(ReservationStoreTest, IsKeptAsItIs) {
  const Reservation made = Of("r1", kNow + absl::Seconds(60), {"S1", "S2"});
  Run([&](mysql::Transaction& sql) { return Put(sql, made); });
  // Whoever did not ask whether the name is taken gets nowhere.
  EXPECT_FALSE(database_
                   ->Transact({.deadline = absl::Now() + absl::Milliseconds(100)},
                              [&](mysql::Transaction& sql) { return Put(sql, Of("r1")); })
                   .ok());
  Run([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Reservation read, store_.Get(sql, "acme", "r1"));
    EXPECT_EQ(read.uid, made.uid);
    EXPECT_EQ(read.state, ReservationState::kHeld);
    EXPECT_EQ(read.expire_time, made.expire_time);
    EXPECT_EQ(read.document, "SO-1");
    EXPECT_EQ(read.note, "über Nacht");
    EXPECT_EQ(read.lines.size(), 2u);
    EXPECT_THAT(read.lines[0].serials, ElementsAre("S1", "S2"));
    EXPECT_EQ(read.lines[1].site, "north");
    EXPECT_EQ(read.lines[1].lot, "L1");
    EXPECT_EQ(read.lines[1].unit, "pair");
    EXPECT_EQ(read.lines[1].kit, "set");
    EXPECT_EQ(read.lines[1].kit_quantity, Decimal::FromInt(3));
    EXPECT_EQ(read.lines[1].unit_quantity, Decimal::FromMicros(500000));
    EXPECT_EQ(read.lines[0].unit, "");
    EXPECT_THAT(store_.Get(sql, "acme", "r9"), HasReason(Reason::kNotFound));
    EXPECT_THAT(store_.Known(sql, "acme", {"r9", "r1"}).value(), ElementsAre("r1"));
    EXPECT_THAT(store_.Known(sql, "bolt", {"r1"}).value(), IsEmpty());
    EXPECT_THAT(store_.GetForUpdate(sql, "acme", std::vector<std::string_view>{"r9", "r1"}).value(),
                ElementsAre(Pair("r1", ::testing::_)));
    EXPECT_THAT(store_.List(sql, "acme", "", "", {}, 10).value(), SizeIs(1));
    EXPECT_THAT(store_.List(sql, "bolt", "", "", {}, 10).value(), IsEmpty());
    EXPECT_THAT(store_.List(sql, "", "acme", "r1", {}, 10).value(), IsEmpty());
    EXPECT_THAT(store_.HeldSerials(sql, {{"bike", "S1"}, {"bike", "S9"}}).value(), ElementsAre(Serial("bike", "S1")));

    Reservation posted = read;
    posted.state = ReservationState::kPosted;
    posted.version = 2;
    posted.to = std::string(kCustomer);
    posted.lines[0].posted = Decimal::FromInt(1);
    RETURN_IF_ERROR(store_.Update(sql, {&posted, 1}));
    ASSIGN_OR_RETURN(const Reservation ended, store_.GetForUpdate(sql, "acme", "r1"));
    EXPECT_EQ(ended.state, ReservationState::kPosted);
    EXPECT_EQ(ended.version, 2);
    EXPECT_EQ(ended.to, kCustomer);
    EXPECT_EQ(ended.lines[0].posted, Decimal::FromInt(1));
    EXPECT_EQ(ended.lines[1].posted, Decimal());
    EXPECT_THAT(store_.HeldSerials(sql, {{"bike", "S1"}}).value(), IsEmpty());
    return absl::OkStatus();
  });
}

TEST_F(ReservationStoreTest, IsDueOnceItsTimeHasComeAndWhileItIsHeld) {
  Run([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(Put(sql, Of("forever")));
    RETURN_IF_ERROR(Put(sql, Of("later", kNow + absl::Microseconds(1))));
    RETURN_IF_ERROR(Put(sql, Of("now", kNow)));
    RETURN_IF_ERROR(Put(sql, Of("before", kNow - absl::Hours(1))));
    Reservation voided = Of("voided", kNow - absl::Hours(2));
    RETURN_IF_ERROR(Put(sql, voided));
    voided.state = ReservationState::kVoided;
    RETURN_IF_ERROR(store_.Update(sql, {&voided, 1}));
    EXPECT_THAT(store_.Due(sql, kNow, 10).value(), ElementsAre(Pair("acme", "before"), Pair("acme", "now")));
    EXPECT_THAT(store_.Due(sql, kNow, 1).value(), ElementsAre(Pair("acme", "before")));
    return absl::OkStatus();
  });
}

TEST_F(ReservationStoreTest, WhatIsMissing) {
  Run([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(Put(sql, Of("r1")));
    RETURN_IF_ERROR(Put(sql, Of("r2")));
    const auto missing = [&] { return store_.Missing(sql, {kBikes, {"acme", "main", "pump", ""}}).value(); };
    EXPECT_THAT(missing(), ElementsAre(Pair(kBikes, Decimal::FromInt(4))));
    const auto add = [&](Bucket bucket, int units) {
      return LedgerStore().AddToPositions(sql, {{{kBikes, bucket}, Decimal::FromInt(units)}}, kNow);
    };
    RETURN_IF_ERROR(add(Bucket::kReserved, 4));
    RETURN_IF_ERROR(add(Bucket::kOnHand, 7));
    RETURN_IF_ERROR(add(Bucket::kDemo, -7));
    EXPECT_THAT(missing(), IsEmpty());
    RETURN_IF_ERROR(add(Bucket::kOnHand, -8));  // one below zero
    EXPECT_THAT(missing(), ElementsAre(Pair(kBikes, Decimal::FromInt(1))));
    Reservation voided = Of("r2");
    voided.state = ReservationState::kVoided;
    RETURN_IF_ERROR(store_.Update(sql, {&voided, 1}));
    EXPECT_THAT(missing(), IsEmpty());
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::inventory
