// Reservations that are made together: all of them or none.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/reservations/testing_reservations.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Batch = v1::BatchCreateReservationsRequest;

class ReservationBatchTest : public GoodsTest {
 protected:
  ReservationBatchTest() {
    partners_.Tell("acme");
    Shipped({NewLine("acme", "SO1", 1, "bike", 10), NewLine("acme", "SO1", 2, "helmet", 5)});
  }
  static Batch Of(const std::vector<v1::CreateReservationRequest>& requests) {
    Batch batch;
    batch.set_parent("partners/acme");
    for (const auto& request : requests) *batch.add_requests() = request;
    return batch;
  }
  absl::StatusOr<v1::BatchCreateReservationsResponse> Make(const Batch& batch, const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::BatchCreateReservationsResponse>("ReservationService/BatchCreateReservations", batch,
                                                                options);
  }
  std::string Bikes() { return UnitsAt("partners/acme/positions/main.bike"); }
  std::string Helmets() { return UnitsAt("partners/acme/positions/main.helmet"); }

  ReservationCalls calls_{inventory_};
};

TEST_F(ReservationBatchTest, AllAreMadeOrNone) {
  Batch batch = Of({NewReservation("r1", "bike", 4), NewReservation("r2", "helmet", 2), NewReservation("", "bike", 3)});
  AddLine(batch.mutable_requests(1), "bike", 3);
  batch.set_request_id(Uuid::New(absl::Now()).ToString());
  const auto made = Make(batch, As("acme"));
  ASSERT_OK(made);
  ASSERT_THAT(made->reservations(), SizeIs(3));
  EXPECT_EQ(made->reservations(0).name(), "partners/acme/reservations/r1");
  EXPECT_EQ(made->reservations(1).lines(1).quantity().value(), "3");
  EXPECT_EQ(made->reservations(2).state(), v1::Reservation::HELD);
  EXPECT_EQ(Bikes(), "0 on hand, 10 reserved");
  EXPECT_EQ(Helmets(), "3 on hand, 2 reserved");
  // The same call again is answered as before and holds no more.
  EXPECT_EQ(Make(batch, As("acme"))->SerializeAsString(), made->SerializeAsString());
  EXPECT_EQ(Bikes(), "0 on hand, 10 reserved");
  EXPECT_THAT(calls_.List("state = HELD"), SizeIs(3));
  // Each of them has a life of its own.
  EXPECT_OK(calls_.Post("partners/acme/reservations/r1"));
  EXPECT_OK(calls_.Void(made->reservations(2).name()));
  EXPECT_EQ(Bikes(), "3 on hand, 3 reserved");
  int created = 0;
  for (const events::Event& event : Events()) {
    created += event.type == v1::Reservation::descriptor()->full_name() && event.verb == "created";
  }
  EXPECT_EQ(created, 3);
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReservationBatchTest, TheSameItemInSeveralIsSummedBeforeTheCheck) {
  Batch batch =
      Of({NewReservation("r1", "bike", 6), NewReservation("r2", "helmet", 1), NewReservation("r3", "bike", 5)});
  const auto refused = Make(batch);
  EXPECT_THAT(refused, HasReason(Reason::kInsufficientStock));
  EXPECT_THAT(std::string(refused.status().message()),
              ::testing::HasSubstr("requests[2].reservation.lines[0].quantity: got 11 in all"));
  EXPECT_EQ(Bikes(), "10 on hand");
  EXPECT_EQ(Helmets(), "5 on hand");
  EXPECT_THAT(calls_.List(""), IsEmpty());
  batch.mutable_requests(2)->mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("4");
  batch.set_validate_only(true);
  EXPECT_OK(Make(batch));
  EXPECT_THAT(calls_.List(""), IsEmpty());
  batch.set_validate_only(false);
  EXPECT_OK(Make(batch));
  EXPECT_THAT(calls_.List(""), ElementsAre("r1", "r2", "r3"));
}

TEST_F(ReservationBatchTest, WhatIsRefused) {
  ASSERT_OK(calls_.Create(NewReservation("there", "bike", 1)));
  const Batch good = Of({NewReservation("r1", "bike", 1), NewReservation("r2", "helmet", 1)});
  const struct {
    const char* what;
    void (*change)(Batch& batch);
    const char* field;
  } kFields[] = {
      {"none", [](Batch& b) { b.clear_requests(); }, "requests"},
      {"too many",
       [](Batch& b) {
         while (b.requests_size() <= 200) *b.add_requests() = NewReservation("", "bike", 1);
       },
       "requests"},
      {"too many lines",
       [](Batch& b) {
         while (b.requests(1).reservation().lines_size() < 200) AddLine(b.mutable_requests(1), "bike", 1);
         const v1::CreateReservationRequest full = b.requests(1);
         while (b.requests_size() < 7) {
           *b.add_requests() = full;
           b.mutable_requests(b.requests_size() - 1)->clear_reservation_id();
         }
       },
       "requests"},
      {"another partner", [](Batch& b) { b.mutable_requests(1)->set_parent("partners/bolt"); }, "requests[1].parent"},
      {"one name twice", [](Batch& b) { b.mutable_requests(1)->set_reservation_id("r1"); },
       "requests[1].reservation_id"},
      {"no name", [](Batch& b) { b.mutable_requests(1)->set_reservation_id("No/Name"); }, "requests[1].reservation_id"},
      {"a request id of its own",
       [](Batch& b) { b.mutable_requests(0)->set_request_id(Uuid::New(absl::Now()).ToString()); },
       "requests[0].request_id"},
      {"a check of its own", [](Batch& b) { b.mutable_requests(0)->set_validate_only(true); },
       "requests[0].validate_only"},
      {"no lines", [](Batch& b) { b.mutable_requests(1)->mutable_reservation()->clear_lines(); },
       "requests[1].reservation.lines"},
      {"another's site",
       [](Batch& b) {
         b.mutable_requests(1)->mutable_reservation()->mutable_lines(0)->set_site("partners/x/sites/main");
       },
       "requests[1].reservation.lines[0].site"},
      {"over",
       [](Batch& b) {
         *b.mutable_requests(1)->mutable_reservation()->mutable_expire_time() =
             wire::ToProto(absl::Now() - absl::Hours(1));
       },
       "requests[1].reservation.expire_time"},
  };
  for (const auto& c : kFields) {
    SCOPED_TRACE(c.what);
    Batch batch = good;
    c.change(batch);
    EXPECT_THAT(Make(batch), Blames(c.field));
  }
  const struct {
    const char* what;
    void (*change)(Batch& batch);
    Reason reason;
    const char* says;
  } kReasons[] = {
      {"one that is there", [](Batch& b) { b.mutable_requests(1)->set_reservation_id("there"); },
       Reason::kAlreadyExists, "reservations/there"},
      {"no such product",
       [](Batch& b) { b.mutable_requests(1)->mutable_reservation()->mutable_lines(0)->set_product("products/none"); },
       Reason::kReferenceNotFound, "requests[1].reservation.lines[0].product"},
      {"no such site",
       [](Batch& b) {
         b.mutable_requests(1)->mutable_reservation()->mutable_lines(0)->set_site("partners/acme/sites/south");
       },
       Reason::kReferenceNotFound, "requests[1].reservation.lines[0].site"},
      {"no such order",
       [](Batch& b) { b.mutable_requests(0)->mutable_reservation()->set_order("partners/acme/orders/none"); },
       Reason::kReferenceNotFound, "requests[0].reservation.order"},
      {"part of a unit",
       [](Batch& b) {
         b.mutable_requests(1)->mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("0.5");
       },
       Reason::kNotAMultiple, "requests[1].reservation.lines[0].quantity"},
  };
  v1::UpdateProductRequest whole;
  whole.mutable_product()->set_name(good.requests(1).reservation().lines(0).product());
  whole.mutable_product()->mutable_base_unit_step()->set_value("1");
  whole.mutable_update_mask()->add_paths("base_unit_step");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/UpdateProduct", whole));
  for (const auto& c : kReasons) {
    SCOPED_TRACE(c.what);
    Batch batch = good;
    c.change(batch);
    const auto refused = Make(batch);
    EXPECT_THAT(refused, HasReason(c.reason));
    EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr(c.says));
  }
  EXPECT_THAT(Make(good, As("bolt")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(calls_.List(""), ElementsAre("there"));
  EXPECT_EQ(Bikes(), "9 on hand, 1 reserved");
  EXPECT_EQ(Helmets(), "5 on hand");
}

// Batches over the same two items, whichever they name first, while others do the same: none waits for another for
// ever, none is oversold, and each is there as a whole or not at all.
TEST_F(ReservationBatchTest, BatchesOfManyClientsOversellNothing) {
  Shipped({NewLine("acme", "SO2", 1, "bike", 50), NewLine("acme", "SO2", 2, "helmet", 55)});  // 60 of each
  std::atomic<int> made{0}, refused{0};
  std::vector<std::jthread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      for (int n = 0; n < 10; ++n) {
        const std::string id = StrCat("c", c, "-", n);
        const bool bikes = (c + n) % 2 == 0;
        const auto batch = Of({NewReservation(id + (bikes ? "a" : "b"), bikes ? "bike" : "helmet", 1),
                               NewReservation(id + (bikes ? "b" : "a"), bikes ? "helmet" : "bike", 1)});
        const auto reply = Make(batch, {.timeout = absl::Seconds(60)});
        if (reply.ok()) {
          ++made;
        } else {
          EXPECT_THAT(reply, HasReason(Reason::kInsufficientStock));
          ++refused;
        }
      }
    });
  }
  clients.clear();
  EXPECT_EQ(made, 60);
  EXPECT_EQ(refused, 20);
  EXPECT_EQ(Bikes(), "0 on hand, 60 reserved");
  EXPECT_EQ(Helmets(), "0 on hand, 60 reserved");
  EXPECT_THAT(calls_.List("state = HELD"), SizeIs(120));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
