#include "inventory-service/reservations/reservation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1781524800);  // 2026-06-15, noon
const Date kDay = Date::FromYmd(2026, 6, 15).value();

ReservationLine Line(int64_t quantity, const char* site = "main", const char* lot = "",
                     std::vector<std::string> serials = {}) {
  ReservationLine line;
  line.product = "bike";
  line.site = site;
  line.lot = lot;
  line.serials = std::move(serials);
  line.quantity = Decimal::FromInt(quantity);
  return line;
}

Reservation Of(std::vector<ReservationLine> lines) {
  Reservation reservation;
  reservation.partner = "acme";
  reservation.id = "r";
  reservation.create_time = reservation.update_time = kNow - absl::Minutes(5);
  reservation.expire_time = kNow + absl::Minutes(10);
  reservation.lines = std::move(lines);
  return reservation;
}

BucketKey At(const char* site, const char* lot, Bucket bucket) { return {{"acme", site, "bike", lot}, bucket}; }

Site SiteOfAcme(const char* id) {
  Site site;
  site.partner = "acme";
  site.id = id;
  return site;
}

// A stock in which everything goes: 10 free and 10 reserved at main, 5 and 5 of lot L1.
ReservationStock Fine() {
  ReservationStock stock;
  for (const char* site : {"main", "north"}) stock.sites[site] = SiteOfAcme(site);
  for (const Bucket bucket : {Bucket::kOnHand, Bucket::kReserved}) {
    stock.units[At("main", "", bucket)] = Decimal::FromInt(10);
    stock.units[At("main", "L1", bucket)] = Decimal::FromInt(5);
  }
  stock.expiries[{"bike", "L1"}] = kDay;
  for (const char* serial : {"S1", "S2", "S3"}) {
    stock.serial_units[{"bike", serial}] = {.product = "bike", .serial = serial, .partner = "acme", .place = "main"};
  }
  stock.serial_units[{"bike", "S8"}] = {.product = "bike", .serial = "S8", .partner = "acme", .place = "north"};
  stock.held_serials.emplace("bike", "S3");
  return stock;
}

TEST(Reservation, RefusalsOfAHoldInTheirOrder) {
  const struct {
    const char* what;
    std::function<void(ReservationStock& stock, Reservation& reservation)> change;
    Reason outcome;
  } kCases[] = {
      {"fine", [](auto&, auto&) {}, Reason::kUnspecified},
      {"no row of the site", [](auto& stock, auto&) { stock.sites.clear(); }, Reason::kUnspecified},
      {"no end", [](auto&, auto& r) { r.expire_time.reset(); }, Reason::kUnspecified},
      {"all that is free", [](auto&, auto& r) { r.lines = {Line(10)}; }, Reason::kUnspecified},
      {"more than is free", [](auto&, auto& r) { r.lines = {Line(11)}; }, Reason::kInsufficientStock},
      {"more than is free, where no row says so",
       [](auto& stock, auto& r) {
         stock.sites.clear();
         r.lines = {Line(11)};
       },
       Reason::kInsufficientStock},
      {"the same twice is summed",
       [](auto&, auto& r) {
         r.lines = {Line(6), Line(5)};
       },
       Reason::kInsufficientStock},
      {"the same twice fits",
       [](auto&, auto& r) {
         r.lines = {Line(6), Line(4)};
       },
       Reason::kUnspecified},
      {"another lot is another stock",
       [](auto&, auto& r) {
         r.lines = {Line(10), Line(5, "main", "L1")};
       },
       Reason::kUnspecified},
      {"one of many",
       [](auto&, auto& r) {
         r.lines = {Line(1), Line(6, "main", "L1")};
       },
       Reason::kInsufficientStock},
      {"nothing at that site", [](auto&, auto& r) { r.lines = {Line(1, "north")}; }, Reason::kInsufficientStock},
      {"back order",
       [](auto& stock, auto& r) {
         stock.sites["north"].negative_stock = NegativeStock::kBackOrder;
         r.lines = {Line(1, "north")};
       },
       Reason::kUnspecified},
      {"what is reserved and not there is missing from what is free",
       [](auto& stock, auto& r) {
         stock.units[At("main", "", Bucket::kReserved)] = Decimal::FromInt(-4);
         r.lines = {Line(7)};
       },
       Reason::kInsufficientStock},
      {"the site closed today", [](auto& stock, auto&) { stock.sites["main"].closed_on = kDay; }, Reason::kSiteClosed},
      {"the site closes tomorrow", [](auto& stock, auto&) { stock.sites["main"].closed_on = kDay.AddDays(1); },
       Reason::kUnspecified},
      {"a lot on its last day", [](auto&, auto& r) { r.lines = {Line(1, "main", "L1")}; }, Reason::kUnspecified},
      {"a lot after it",
       [](auto& stock, auto& r) {
         stock.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
         r.lines = {Line(1, "main", "L1")};
       },
       Reason::kLotExpired},
      {"units by serial number",
       [](auto&, auto& r) {
         r.lines = {Line(2, "main", "", {"S1", "S2"})};
       },
       Reason::kUnspecified},
      {"a unit that is held", [](auto&, auto& r) { r.lines = {Line(1, "main", "", {"S3"})}; },
       Reason::kSerialElsewhere},
      {"a unit twice",
       [](auto&, auto& r) {
         r.lines = {Line(1, "main", "", {"S1"}), Line(1, "main", "", {"S1"})};
       },
       Reason::kSerialElsewhere},
      {"a unit of another site", [](auto&, auto& r) { r.lines = {Line(1, "main", "", {"S8"})}; },
       Reason::kSerialElsewhere},
      {"a unit that nobody knows", [](auto&, auto& r) { r.lines = {Line(1, "main", "", {"S9"})}; },
       Reason::kSerialElsewhere},
      {"out of time before it begins", [](auto&, auto& r) { r.expire_time = kNow; }, Reason::kInvalidField},
      // The order of the refusals.
      {"time before site",
       [](auto& stock, auto& r) {
         r.expire_time = kNow;
         stock.sites["main"].closed_on = kDay;
       },
       Reason::kInvalidField},
      {"site before lot",
       [](auto& stock, auto& r) {
         stock.sites["main"].closed_on = kDay;
         stock.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
         r.lines = {Line(99, "main", "L1", {"S9"})};
       },
       Reason::kSiteClosed},
      {"lot before serial",
       [](auto& stock, auto& r) {
         stock.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
         r.lines = {Line(99, "main", "L1", {"S9"})};
       },
       Reason::kLotExpired},
      {"serial before stock", [](auto&, auto& r) { r.lines = {Line(99, "main", "L1", {"S9"})}; },
       Reason::kSerialElsewhere},
      {"line by line",
       [](auto&, auto& r) {
         r.lines = {Line(11), Line(1, "main", "", {"S9"})};
       },
       Reason::kInsufficientStock},
  };
  for (const auto& c : kCases) {
    ReservationStock stock = Fine();
    Reservation reservation = Of({Line(3)});
    c.change(stock, reservation);
    EXPECT_EQ(ReasonOf(DecideHolds({{reservation}}, stock, kDay, kNow)), c.outcome) << c.what;
  }
}

TEST(Reservation, WhatIsAskedForAtOnceCountsTogether) {
  const auto outcome = [](const std::vector<Reservation>& reservations) {
    std::vector<Hold> holds;
    for (const Reservation& one : reservations) holds.push_back({one, StrCat("requests[", holds.size(), "]")});
    return DecideHolds(holds, Fine(), kDay, kNow);
  };
  EXPECT_OK(outcome({Of({Line(6)}), Of({Line(4)})}));
  EXPECT_OK(outcome({Of({Line(10)}), Of({Line(5, "main", "L1")})}));
  const absl::Status more = outcome({Of({Line(6)}), Of({Line(1), Line(4)})});
  EXPECT_EQ(ReasonOf(more), Reason::kInsufficientStock);
  EXPECT_THAT(std::string(more.message()), ::testing::HasSubstr("requests[1].lines[1].quantity: got 11 in all"));
  EXPECT_EQ(ReasonOf(outcome({Of({Line(1, "main", "", {"S1"})}), Of({Line(1, "main", "", {"S1"})})})),
            Reason::kSerialElsewhere);
  Reservation over = Of({Line(1)});
  over.expire_time = kNow;
  EXPECT_THAT(outcome({Of({Line(1)}), over}), Blames("requests[1].expire_time"));
  // One after another: the first one's lack is told before the second one's.
  EXPECT_EQ(ReasonOf(outcome({Of({Line(11)}), over})), Reason::kInsufficientStock);
}

std::vector<std::string> Texts(const std::vector<Posting>& postings) {
  std::vector<std::string> texts;
  for (const Posting& posting : postings) {
    std::string text = StrCat(posting.quantity.ToString(), " ", posting.from, " > ", posting.to);
    for (const std::string& serial : posting.serials) StrAppend(&text, " ", serial);
    texts.push_back(std::move(text));
    EXPECT_EQ(posting.cause, "partners/acme/reservations/r");
    EXPECT_EQ(posting.effective_date, kDay);
  }
  return texts;
}

TEST(Reservation, WhatIsHeldLeavesOrComesBack) {
  const Reservation held = Of({Line(4), Line(2, "main", "", {"S1", "S2"})});
  EXPECT_THAT(Texts(HoldMovements(held, kDay)), ElementsAre("4 main > main/reserved", "2 main > main/reserved"));

  const auto voided = Void(held, kNow);
  ASSERT_OK(voided);
  EXPECT_EQ(voided->state, ReservationState::kVoided);
  EXPECT_EQ(voided->version, 2);
  EXPECT_EQ(voided->update_time, kNow);
  EXPECT_THAT(Texts(EndMovements(*voided, {}, kDay)), ElementsAre("4 main/reserved > main", "2 main/reserved > main"));

  const auto all = PostUnits(held, {}, kCustomer, Fine(), kDay, kNow);
  ASSERT_OK(all);
  EXPECT_EQ(all->reservation.state, ReservationState::kPosted);
  EXPECT_THAT(Texts(EndMovements(all->reservation, all->serials, kDay)),
              ElementsAre("4 main/reserved > @customer", "2 main/reserved > @customer S1 S2"));

  const auto part =
      PostUnits(held, {{1, Decimal::FromInt(3)}, {2, Decimal::FromInt(1), {"S2"}}}, "north", Fine(), kDay, kNow);
  ASSERT_OK(part);
  EXPECT_THAT(Texts(EndMovements(part->reservation, part->serials, kDay)),
              ElementsAre("3 main/reserved > north", "1 main/reserved > main", "1 main/reserved > north S2",
                          "1 main/reserved > main"));

  const auto one_line = PostUnits(held, {{2, Decimal::FromInt(2)}}, kCustomer, Fine(), kDay, kNow);
  ASSERT_OK(one_line);
  EXPECT_THAT(Texts(EndMovements(one_line->reservation, one_line->serials, kDay)),
              ElementsAre("4 main/reserved > main", "2 main/reserved > @customer S1 S2"));
}

TEST(Reservation, RefusalsOfAPostInTheirOrder) {
  struct Asked {
    Reservation reservation = Of({Line(4), Line(2, "main", "", {"S1", "S2"}), Line(3, "main", "L1")});
    std::vector<PostPart> parts;
    std::string to = std::string(kCustomer);
    ReservationStock stock = Fine();
  };
  const Decimal one = Decimal::FromInt(1);
  const struct {
    const char* what;
    std::function<void(Asked& asked)> change;
    Reason outcome;
  } kCases[] = {
      {"all", [](Asked&) {}, Reason::kUnspecified},
      {"a part",
       [&](Asked& a) {
         a.parts = {{3, one}};
       },
       Reason::kUnspecified},
      {"no such line",
       [&](Asked& a) {
         a.parts = {{4, one}};
       },
       Reason::kInvalidField},
      {"line 0",
       [&](Asked& a) {
         a.parts = {{0, one}};
       },
       Reason::kInvalidField},
      {"a line twice",
       [&](Asked& a) {
         a.parts = {{1, one}, {1, one}};
       },
       Reason::kInvalidField},
      {"more than it holds",
       [](Asked& a) {
         a.parts = {{1, Decimal::FromInt(5)}};
       },
       Reason::kAllocationExceeds},
      {"which of the units",
       [&](Asked& a) {
         a.parts = {{2, one}};
       },
       Reason::kInvalidField},
      {"one of the units",
       [&](Asked& a) {
         a.parts = {{2, one, {"S1"}}};
       },
       Reason::kUnspecified},
      {"a unit of another",
       [&](Asked& a) {
         a.parts = {{2, one, {"S3"}}};
       },
       Reason::kInvalidField},
      {"a unit of a line without any",
       [&](Asked& a) {
         a.parts = {{1, one, {"S1"}}};
       },
       Reason::kInvalidField},
      {"posted before", [](Asked& a) { a.reservation.state = ReservationState::kPosted; }, Reason::kStateConflict},
      {"voided before", [](Asked& a) { a.reservation.state = ReservationState::kVoided; }, Reason::kStateConflict},
      {"expired", [](Asked& a) { a.reservation.state = ReservationState::kExpired; }, Reason::kReservationExpired},
      {"out of time, not ended yet", [](Asked& a) { a.reservation.expire_time = kNow; }, Reason::kReservationExpired},
      {"posted in time", [](Asked& a) { a.reservation.expire_time = kNow + absl::Microseconds(1); },
       Reason::kUnspecified},
      {"to another site", [](Asked& a) { a.to = "north"; }, Reason::kUnspecified},
      {"to where it lies", [](Asked& a) { a.to = "main"; }, Reason::kSameLocation},
      {"to a closed site",
       [](Asked& a) {
         a.to = "north";
         a.stock.sites["north"].closed_on = kDay;
       },
       Reason::kSiteClosed},
      {"from a closed site", [](Asked& a) { a.stock.sites["main"].closed_on = kDay; }, Reason::kSiteClosed},
      {"an expired lot",
       [](Asked& a) {
         a.stock.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
       },
       Reason::kLotExpired},
      {"an expired lot that is not posted",
       [&](Asked& a) {
         a.stock.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
         a.parts = {{1, one}};
       },
       Reason::kUnspecified},
      {"an expired lot to be scrapped",
       [](Asked& a) {
         a.stock.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
         a.to = kScrap;
       },
       Reason::kUnspecified},
      {"less is reserved than that, lines together",
       [](Asked& a) { a.stock.units[At("main", "", Bucket::kReserved)] = Decimal::FromInt(5); },
       Reason::kInsufficientStock},
      {"a count found less than is reserved",
       [](Asked& a) { a.stock.units[At("main", "", Bucket::kOnHand)] = Decimal::FromInt(-7); },
       Reason::kInsufficientStock},
      {"a part of what is left",
       [](Asked& a) {
         a.stock.units[At("main", "", Bucket::kOnHand)] = Decimal::FromInt(-7);
         a.parts = {{1, Decimal::FromInt(3)}};
       },
       Reason::kUnspecified},
      {"back order",
       [](Asked& a) {
         a.stock.units[At("main", "", Bucket::kOnHand)] = Decimal::FromInt(-7);
         a.stock.sites["main"].negative_stock = NegativeStock::kBackOrder;
       },
       Reason::kUnspecified},
      // The order of the refusals.
      {"state before parts",
       [&](Asked& a) {
         a.reservation.state = ReservationState::kVoided;
         a.parts = {{9, one}};
       },
       Reason::kStateConflict},
      {"parts before sites",
       [&](Asked& a) {
         a.stock.sites["main"].closed_on = kDay;
         a.parts = {{9, one}};
       },
       Reason::kInvalidField},
      {"the site that they go to first",
       [](Asked& a) {
         a.to = "main";
         a.stock.sites["main"].closed_on = kDay;
       },
       Reason::kSiteClosed},
  };
  for (const auto& c : kCases) {
    Asked asked;
    c.change(asked);
    const auto posted = PostUnits(asked.reservation, asked.parts, asked.to, asked.stock, kDay, kNow);
    EXPECT_EQ(ReasonOf(posted.status()), c.outcome) << c.what;
    EXPECT_EQ(posted.ok(), c.outcome == Reason::kUnspecified) << c.what;
  }
}

TEST(Reservation, TimeRunsOutByItself) {
  Reservation reservation = Of({Line(1)});
  const absl::Time end = *reservation.expire_time;
  EXPECT_EQ(StateAt(reservation, end - absl::Microseconds(1)), ReservationState::kHeld);
  EXPECT_EQ(StateAt(reservation, end), ReservationState::kExpired);
  EXPECT_FALSE(Expire(reservation, end - absl::Microseconds(1)).has_value());
  const auto expired = Expire(reservation, end);
  ASSERT_TRUE(expired.has_value());
  EXPECT_EQ(expired->state, ReservationState::kExpired);
  EXPECT_FALSE(Expire(*expired, end).has_value());
  EXPECT_THAT(Texts(EndMovements(*expired, {}, kDay)), ElementsAre("1 main/reserved > main"));
  EXPECT_THAT(Void(reservation, end), HasReason(Reason::kReservationExpired));
  EXPECT_THAT(Extend(reservation, end + absl::Hours(1), end), HasReason(Reason::kReservationExpired));

  const auto extended = Extend(reservation, end + absl::Hours(1), kNow);
  ASSERT_OK(extended);
  EXPECT_EQ(StateAt(*extended, end), ReservationState::kHeld);
  EXPECT_EQ(extended->version, 2);
  EXPECT_THAT(Extend(reservation, end, kNow), HasReason(Reason::kInvalidField));
  const auto forever = Extend(reservation, std::nullopt, kNow);
  ASSERT_OK(forever);
  EXPECT_EQ(StateAt(*forever, absl::InfiniteFuture()), ReservationState::kHeld);
  EXPECT_THAT(Extend(*forever, end, kNow), HasReason(Reason::kInvalidField));

  for (const ReservationState state : {ReservationState::kPosted, ReservationState::kVoided}) {
    reservation.state = state;
    EXPECT_EQ(StateAt(reservation, end), state);
    EXPECT_FALSE(Expire(reservation, end).has_value());
    EXPECT_THAT(Void(reservation, kNow), HasReason(Reason::kStateConflict));
    EXPECT_THAT(Extend(reservation, end + absl::Hours(1), kNow), HasReason(Reason::kStateConflict));
  }
}

}  // namespace
}  // namespace tributary::inventory
