#include "incentive-service/facts/paid_parts.h"

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date On(std::string_view text) { return *Date::Parse(text); }
PaidPart Part(std::string_view invoiced, std::string_view paid, int64_t amount) {
  return {On(invoiced), On(paid), {"CNY", Decimal::FromInt(amount)}};
}
ToldPayment Payment(int64_t seq, std::vector<PaidPart> parts) {
  return {.partner = "p1", .payment = "P1", .told = {seq, absl::UnixEpoch()}, .parts = std::move(parts)};
}

// A payment as inventory tells it again and again, and what is kept of it.
class Kept {
 public:
  // "payments/P1/allocations/1 6000 30d" each.
  std::vector<std::string> Tell(const ToldPayment& payment) {
    std::vector<std::string> told;
    const std::vector<FactLine> lines = PartsToTell(payment, lines_);
    for (const FactLine& line : lines) {
      told.push_back(line.fact + " " + line.net.ToString() + " " + std::to_string(line.days_to_pay()) + "d");
      if (line.kind != FactKind::kReversal) {
        lines_.push_back(line);
        continue;
      }
      for (FactLine& known : lines_) {
        if (known.fact == line.refers) known.reversed = line.told();
      }
    }
    return told;
  }

 private:
  std::vector<FactLine> lines_;
};

TEST(PaidPartsTest, WhatIsNewIsToldAndWhatIsGoneIsTakenBack) {
  Kept kept;
  // On account at first.
  EXPECT_THAT(kept.Tell(Payment(1, {})), IsEmpty());
  EXPECT_THAT(kept.Tell(Payment(2, {Part("2026-03-01", "2026-03-31", 6000)})),
              ElementsAre("payments/P1/allocations/1 6000 30d"));
  EXPECT_THAT(kept.Tell(Payment(3, {Part("2026-03-01", "2026-03-31", 6000)})), IsEmpty());
  // An older invoice comes late and takes a part of it.
  EXPECT_THAT(kept.Tell(Payment(4, {Part("2026-02-01", "2026-03-31", 2000), Part("2026-03-01", "2026-03-31", 4000)})),
              ElementsAre("payments/P1/allocations/1.r1 -6000 30d", "payments/P1/allocations/2 2000 58d",
                          "payments/P1/allocations/3 4000 30d"));
  // Equal parts are told apart by their numbers alone.
  EXPECT_THAT(kept.Tell(Payment(5, {Part("2026-03-01", "2026-03-31", 4000), Part("2026-03-01", "2026-03-31", 4000)})),
              ElementsAre("payments/P1/allocations/2.r1 -2000 58d", "payments/P1/allocations/4 4000 30d"));
  EXPECT_THAT(kept.Tell(Payment(6, {})),
              ElementsAre("payments/P1/allocations/3.r1 -4000 30d", "payments/P1/allocations/4.r1 -4000 30d"));
}

}  // namespace
}  // namespace tributary::incentive
