#include "incentive-service/facts/paid_parts.h"

#include <algorithm>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "incentive-service/accruals/accrual.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PaidPart Part(std::string_view invoiced, std::string_view paid, int64_t amount) {
  return {Day(invoiced), Day(paid), {"CNY", Decimal::FromInt(amount)}};
}
ToldPayment Payment(int64_t seq, std::vector<PaidPart> parts) {
  return {.partner = "p1", .payment = "P1", .told = {seq, absl::UnixEpoch()}, .parts = std::move(parts)};
}

ToldPayment Bounce(int64_t seq) {
  return {.partner = "p1", .payment = "B1", .reverses = "P1", .told = {seq, absl::UnixEpoch()}};
}

// A payment as inventory tells it again and again, and what is kept of it.
class Kept {
 public:
  // "payments/P1/allocations/1 6000 30d" each, and of which part it is returned.
  std::vector<std::string> Tell(const ToldPayment& payment) {
    std::vector<std::string> told;
    std::vector<FactLine> fresh = PartsToTell(payment, lines_);
    for (const FactLine& line : fresh) {
      told.push_back(line.fact + " " + line.net.ToString() + " " + std::to_string(line.days_to_pay()) + "d" +
                     (line.kind == FactKind::kReturn ? " of " + line.refers : ""));
    }
    const absl::StatusOr<Placed> placed = Place(std::move(fresh), lines_);
    EXPECT_OK(placed);
    for (const LineChange& change : placed->changes) {
      if (change.after.kind == FactKind::kReversal) continue;
      const auto known = std::find_if(lines_.begin(), lines_.end(),
                                      [&](const FactLine& line) { return line.fact == change.after.fact; });
      if (known == lines_.end()) {
        lines_.push_back(change.after);
      } else {
        *known = change.after;
      }
    }
    return told;
  }

  // What counts of it where the period was closed behind the first telling and no day of grace is left.
  std::string CountedAfterTheFirst() const {
    Program program;
    program.state = ProgramState::kActive;
    program.basis = Basis::kPaid;
    program.terms.currency = "CNY";
    program.effective = {Day("2026-01-01"), OpenEnd()};
    const ClosedPeriod close = {.watermark = {1}, .grace_until = absl::UnixEpoch()};
    return SumsOf(program, lines_, &close).amount.ToString();
  }

 private:
  std::vector<FactLine> lines_;
};

TEST(PaidPartsTest, WhatIsMoreIsToldAndWhatIsLessGoesFromTheNewest) {
  Kept kept;
  // On account at first.
  EXPECT_THAT(kept.Tell(Payment(1, {})), IsEmpty());
  EXPECT_THAT(kept.Tell(Payment(2, {Part("2026-03-01", "2026-03-31", 6000)})),
              ElementsAre("payments/P1/allocations/1 6000 30d"));
  EXPECT_THAT(kept.Tell(Payment(3, {Part("2026-03-01", "2026-03-31", 6000)})), IsEmpty());
  // An older invoice comes late and takes a part of it.
  EXPECT_THAT(kept.Tell(Payment(4, {Part("2026-02-01", "2026-03-31", 2000), Part("2026-03-01", "2026-03-31", 4000)})),
              ElementsAre("payments/P1/allocations/2 -2000 30d of payments/P1/allocations/1",
                          "payments/P1/allocations/3 2000 58d"));
  // Two invoices of one day.
  EXPECT_THAT(kept.Tell(Payment(5, {Part("2026-03-01", "2026-03-31", 4000), Part("2026-03-01", "2026-03-31", 4000)})),
              ElementsAre("payments/P1/allocations/3.r1 -2000 58d", "payments/P1/allocations/4 4000 30d"));
  EXPECT_THAT(kept.Tell(Payment(6, {Part("2026-03-01", "2026-03-31", 3000)})),
              ElementsAre("payments/P1/allocations/4.r1 -4000 30d",
                          "payments/P1/allocations/5 -1000 30d of payments/P1/allocations/1"));
  EXPECT_THAT(kept.Tell(Payment(7, {})),
              ElementsAre("payments/P1/allocations/6 -3000 30d of payments/P1/allocations/1"));
  EXPECT_THAT(kept.Tell(Payment(8, {})), IsEmpty());
  EXPECT_THAT(kept.Tell(Payment(9, {Part("2026-03-01", "2026-03-31", 6000)})),
              ElementsAre("payments/P1/allocations/7 6000 30d"));
}

TEST(PaidPartsTest, WhatCountedInAClosedPeriodCountsAsFarAsItIsSettledStill) {
  Kept shrunk;
  shrunk.Tell(Payment(1, {Part("2026-03-01", "2026-03-31", 6000)}));
  EXPECT_EQ(shrunk.CountedAfterTheFirst(), "6000");
  shrunk.Tell(Payment(2, {Part("2026-02-01", "2026-03-31", 2000), Part("2026-03-01", "2026-03-31", 4000)}));
  EXPECT_EQ(shrunk.CountedAfterTheFirst(), "4000");
  shrunk.Tell(Payment(3, {}));
  EXPECT_EQ(shrunk.CountedAfterTheFirst(), "0");
  Kept grown;
  grown.Tell(Payment(1, {Part("2026-03-01", "2026-03-31", 6000)}));
  grown.Tell(Payment(2, {Part("2026-03-01", "2026-03-31", 10000)}));
  EXPECT_EQ(grown.CountedAfterTheFirst(), "6000");
  // What never counted goes first.
  grown.Tell(Payment(3, {Part("2026-03-01", "2026-03-31", 7000)}));
  EXPECT_EQ(grown.CountedAfterTheFirst(), "6000");
  grown.Tell(Payment(4, {Part("2026-03-01", "2026-03-31", 5000)}));
  EXPECT_EQ(grown.CountedAfterTheFirst(), "5000");
}

TEST(PaidPartsTest, WhatBouncedIsReturnedPartByPart) {
  Kept kept;
  kept.Tell(Payment(1, {Part("2026-03-01", "2026-03-31", 6000)}));
  kept.Tell(Payment(2, {Part("2026-03-01", "2026-03-31", 10000)}));
  kept.Tell(Payment(3, {Part("2026-03-01", "2026-03-31", 9000)}));
  EXPECT_EQ(kept.CountedAfterTheFirst(), "6000");
  // What never counted takes nothing back.
  EXPECT_THAT(kept.Tell(Bounce(4)), ElementsAre("payments/B1/allocations/1 -3000 30d of payments/P1/allocations/2",
                                                "payments/B1/allocations/2 -6000 30d of payments/P1/allocations/1"));
  EXPECT_EQ(kept.CountedAfterTheFirst(), "0");
  EXPECT_THAT(kept.Tell(Bounce(5)), IsEmpty());
}

}  // namespace
}  // namespace tributary::incentive
