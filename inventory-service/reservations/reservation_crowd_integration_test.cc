// Calls that come at the same time are decided together: each is answered as if it had come alone, one after another.

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/reservations/testing_reservations.h"

namespace tributary::inventory {
namespace {

using ::testing::SizeIs;

constexpr int kThreads = 32;

void InACrowd(int calls, const std::function<void(int)>& call) {
  std::atomic<int> next{0};
  std::vector<std::jthread> callers;
  for (int thread = 0; thread < kThreads; ++thread) {
    callers.emplace_back([&] {
      for (int i = next++; i < calls; i = next++) call(i);
    });
  }
}

class ReservationCrowdTest : public GoodsTest {
 protected:
  ReservationCrowdTest() {
    partners_.Tell("acme");
    partners_.Tell("bolt");
    Shipped({NewLine("acme", "SO1", 1, "bike", 100), NewLine("bolt", "SO2", 1, "helmet", 500)});
  }
  std::string Bikes() { return UnitsAt("partners/acme/positions/main.bike"); }

  ReservationCalls calls_{inventory_};
};

TEST_F(ReservationCrowdTest, OneThatIsRefusedLeavesTheOthersAsTheyAre) {
  constexpr int kCalls = 400;
  std::vector<v1::CreateReservationRequest> requests;
  for (int i = 0; i < kCalls; ++i) {
    v1::CreateReservationRequest request = NewReservation(StrCat("r-", i), "bike", 1);
    request.set_request_id(Uuid::New(absl::Now()).ToString());
    switch (i % 8) {
      case 1:  // another partner's
        request = NewReservation(StrCat("r-", i), "helmet", 1);
        request.set_parent("partners/bolt");
        break;
      case 2:
        request.mutable_reservation()->mutable_lines(0)->set_product("products/nothing");
        break;
      case 3:
        request.set_parent("partners/nobody");
        break;
      case 4:  // the same name as the next one's
      case 5:
        request.set_reservation_id(StrCat("same-", i / 8));
        break;
      case 6:
        request.mutable_reservation()->mutable_lines(0)->set_site("partners/acme/sites/nowhere");
        break;
      case 7:  // more than there is
        AddLine(&request, "bike", 100);
        break;
      default:
        break;
    }
    if (request.request_id().empty()) request.set_request_id(Uuid::New(absl::Now()).ToString());
    requests.push_back(std::move(request));
  }
  std::vector<absl::StatusOr<v1::Reservation>> answers(kCalls), again(kCalls);
  for (auto* round : {&answers, &again}) {
    InACrowd(kCalls, [&](int i) { (*round)[i] = calls_.Create(requests[i], {.timeout = absl::Minutes(1)}); });
  }
  int held = 0;
  for (int i = 0; i < kCalls; ++i) {
    SCOPED_TRACE(i);
    ASSERT_EQ(answers[i].ok(), again[i].ok());
    if (answers[i].ok()) EXPECT_EQ(answers[i]->DebugString(), again[i]->DebugString());
    switch (i % 8) {
      case 0:
        EXPECT_OK(answers[i]);
        held += answers[i].ok();
        break;
      case 1:
        EXPECT_OK(answers[i]);
        break;
      case 2:
      case 3:
      case 6:
        EXPECT_THAT(answers[i], HasReason(Reason::kReferenceNotFound));
        break;
      case 4:
        EXPECT_NE(answers[i].ok(), answers[i + 1].ok());
        held += 1;
        EXPECT_THAT(answers[i].ok() ? answers[i + 1] : answers[i], HasReason(Reason::kAlreadyExists));
        break;
      case 7:
        EXPECT_THAT(answers[i], HasReason(Reason::kInsufficientStock));
        break;
      default:
        break;
    }
  }
  EXPECT_EQ(held, 100);
  EXPECT_EQ(Bikes(), "0 on hand, 100 reserved");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.helmet"), "450 on hand, 50 reserved");
  EXPECT_THAT(calls_.List("state = HELD"), SizeIs(100));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReservationCrowdTest, EachEndsOnce) {
  constexpr int kReservations = 60;
  for (int i = 0; i < kReservations; ++i) ASSERT_OK(calls_.Create(NewReservation(StrCat("r-", i), "bike", 1)));
  // Of each two post and two void, and some name one that is not there.
  constexpr int kCalls = 5 * kReservations;
  std::vector<absl::Status> answers(kCalls);
  InACrowd(kCalls, [&](int i) {
    const std::string name = StrCat("partners/acme/reservations/", i % 5 == 4 ? "none-" : "r-", i / 5);
    const rpc::CallOptions options{.timeout = absl::Minutes(1)};
    answers[i] = i % 2 == 0 ? calls_.Post(name, options).status() : calls_.Void(name, options).status();
  });
  int posted = 0;
  for (int i = 0; i < kCalls; i += 5) {
    SCOPED_TRACE(i / 5);
    int ended = 0;
    for (int k = 0; k < 4; ++k) {
      ended += answers[i + k].ok();
      posted += answers[i + k].ok() && (i + k) % 2 == 0;
      if (!answers[i + k].ok()) EXPECT_THAT(answers[i + k], HasReason(Reason::kStateConflict));
    }
    EXPECT_EQ(ended, 1);
    EXPECT_THAT(answers[i + 4], HasReason(Reason::kNotFound));
  }
  EXPECT_EQ(Bikes(), StrCat(100 - posted, " on hand"));
  EXPECT_THAT(calls_.List("state = POSTED"), SizeIs(posted));
  EXPECT_THAT(calls_.List("state = VOIDED"), SizeIs(kReservations - posted));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
