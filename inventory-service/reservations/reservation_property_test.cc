// Random histories of reservations: whatever is held, posted, voided and runs out of time in whichever order, no unit
// comes or goes, nothing is sold twice, and what lies reserved is what is held.

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "common/text/text.h"
#include "common/time/today.h"
#include "inventory-service/reservations/reservation.h"

namespace tributary::inventory {
namespace {

constexpr int kCases = 10000;

class History {
 public:
  explicit History(uint64_t seed) : random_(seed) {
    for (const char* site : kSites) {
      stock_.sites[site].partner = "acme";
      stock_.sites[site].id = site;
      for (const char* product : kProducts) {
        const Decimal units = Decimal::FromInt(Upto(12));
        stock_.units[{{"acme", site, product, ""}, Bucket::kOnHand}] = units;
        stock_.units[{{"acme", site, product, ""}, Bucket::kReserved}] = Decimal();
        began_ += units;
      }
    }
  }

  void Step() {
    now_ += absl::Seconds(Upto(30));
    const int what = Upto(10);
    if (what < 5 || reservations_.empty()) return Hold();
    Reservation& one = reservations_[Upto(static_cast<int>(reservations_.size()) - 1)];
    if (what == 5) {
      Take(one, Void(one, now_));
    } else if (what == 6) {
      if (const auto expired = Expire(one, now_)) Take(one, absl::StatusOr<Reservation>(*expired));
    } else if (what == 7) {
      if (auto extended = Extend(one, now_ + absl::Seconds(Upto(100)), now_); extended.ok()) one = *extended;
    } else {
      PostSome(one);
    }
  }

  // "" or what does not hold.
  std::string Broken() const {
    std::map<BucketKey, Decimal> held;
    for (const Reservation& one : reservations_) {
      if (one.state != ReservationState::kHeld) continue;
      for (const ReservationLine& line : one.lines) held[{one.PositionOf(line), Bucket::kReserved}] += line.quantity;
    }
    Decimal units = gone_;
    for (const auto& [key, quantity] : stock_.units) {
      units += quantity;
      if (quantity.negative()) return StrCat("below zero at ", key.position.site, " ", key.position.product);
      if (key.bucket == Bucket::kReserved && quantity != held[key]) {
        return StrCat("reserved ", quantity.ToString(), ", held ", held[key].ToString());
      }
    }
    if (units != began_) return StrCat("began with ", began_.ToString(), ", now ", units.ToString());
    Decimal posted;
    for (const Reservation& one : reservations_) {
      for (const ReservationLine& line : one.lines) posted += one.to == kCustomer ? line.posted : Decimal();
    }
    return posted == gone_ ? "" : StrCat("posted ", posted.ToString(), ", gone ", gone_.ToString());
  }

  int held() const { return held_; }
  int refused() const { return refused_; }
  int ended(ReservationState state) const { return ended_.at(static_cast<int>(state)); }

 private:
  static constexpr const char* kSites[] = {"main", "north"};
  static constexpr const char* kProducts[] = {"bike", "pump"};

  // 0 to most.
  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
  Date today() const { return UtcToday(now_); }

  void Hold() {
    Reservation next;
    next.partner = "acme";
    next.id = StrCat("r", reservations_.size());
    if (Upto(3) != 0) next.expire_time = now_ + absl::Seconds(1 + Upto(120));
    const int lines = 1 + Upto(3);
    for (int i = 0; i < lines; ++i) {
      ReservationLine line;
      line.product = kProducts[Upto(1)];
      line.site = kSites[Upto(1)];
      line.quantity = Decimal::FromInt(1 + Upto(3));
      next.lines.push_back(line);
    }
    if (!DecideHolds({{next}}, stock_, today(), now_).ok()) {
      ++refused_;
      return;
    }
    ++held_;
    Apply(HoldMovements(next, today()));
    reservations_.push_back(std::move(next));
  }

  void PostSome(Reservation& one) {
    std::vector<PostPart> parts;
    if (Upto(1) == 0) {
      for (size_t i = 0; i < one.lines.size(); ++i) {
        if (Upto(1) == 0) continue;
        parts.push_back({static_cast<int>(i) + 1, Decimal::FromInt(1 + Upto(3))});
      }
    }
    const std::string to = Upto(4) == 0 ? "north" : std::string(kCustomer);
    const auto posted = PostUnits(one, parts, to, stock_, today(), now_);
    if (!posted.ok()) return;
    Take(one, absl::StatusOr<Reservation>(posted->reservation));
  }

  void Take(Reservation& one, const absl::StatusOr<Reservation>& next) {
    if (!next.ok()) return;
    one = *next;
    ++ended_[static_cast<int>(one.state)];
    Apply(EndMovements(one, {}, today()));
  }

  void Apply(const std::vector<Posting>& postings) {
    for (const auto& [key, change] : PositionChanges(postings)) stock_.units[key] += change;
    for (const Posting& posting : postings) {
      if (posting.to == kCustomer) gone_ += posting.quantity;
    }
  }

  std::mt19937_64 random_;
  absl::Time now_ = absl::FromUnixSeconds(1781524800);
  ReservationStock stock_;
  std::vector<Reservation> reservations_;
  Decimal began_, gone_;
  int held_ = 0, refused_ = 0;
  std::vector<int> ended_ = std::vector<int>(5);
};

TEST(ReservationProperty, NoHistorySellsAUnitTwice) {
  int held = 0, refused = 0;
  std::map<ReservationState, int> ended;
  for (int seed = 0; seed < kCases; ++seed) {
    History history(seed);
    for (int step = 0; step < 40; ++step) {
      history.Step();
      ASSERT_EQ(history.Broken(), "") << "seed " << seed << ", step " << step;
    }
    held += history.held();
    refused += history.refused();
    for (const ReservationState state : kReservationStates) ended[state] += history.ended(state);
  }
  // Every way was gone.
  EXPECT_GT(held, kCases);
  EXPECT_GT(refused, kCases);
  for (const ReservationState state :
       {ReservationState::kPosted, ReservationState::kVoided, ReservationState::kExpired}) {
    EXPECT_GT(ended[state], kCases / 10) << NameOf(state);
  }
}

}  // namespace
}  // namespace tributary::inventory
