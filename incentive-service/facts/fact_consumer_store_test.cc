// What inventory's feed tells becomes facts, on a real database.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "events_schema.h"
#include "incentive-service/facts/fact_consumer.h"
#include "incentive-service/facts/fact_proto.h"
#include "incentive-service/facts/known_lines.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::Payment;
using ::testing::ElementsAre;

Payment PaidWith(const std::string& number) {
  Payment payment;
  payment.set_name("partners/p1/payments/" + number);
  return payment;
}
void SettleIn(int days, std::string_view invoiced, int64_t amount, Payment* payment) {
  inventory::v1::Allocation* part = payment->add_allocations();
  *part->mutable_amount() = wire::ToProto(Money{"CNY", Decimal::FromInt(amount)});
  *part->mutable_invoice_date() = wire::ToProto(DayFrom(invoiced));
  part->set_days_to_pay(days);
}

// The facts of a payment after these tellings, applied so many at once: "payments/P1/allocations/1 6000 @1" each, and
// since when it is gone.
std::vector<std::string> FactsAfter(const std::vector<Payment>& tellings, size_t at_once, const std::string& payment) {
  const std::unique_ptr<mysql::Database> database = testing::FreshDatabase({&schema::events(), &schema::incentive()});
  std::vector<events::Event> events;
  for (const Payment& telling : tellings) {
    const int64_t seq = static_cast<int64_t>(events.size()) + 1;
    events.push_back({.cursor = {events::ShardOf("p1"), seq},
                      .recorded_at = InstantFrom("2026-01-01") + absl::Seconds(seq),
                      .verb = "allocated",
                      .name = telling.name(),
                      .type = std::string(kPaymentType),
                      .payload = telling.SerializeAsString()});
  }
  for (size_t at = 0; at < events.size(); at += at_once) {
    InTransaction(*database, [&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return FactConsumer().Apply(sql, absl::MakeConstSpan(events).subspan(at, at_once), outbox);
    });
  }
  std::vector<std::string> texts;
  InTransaction(*database, [&](mysql::Transaction& sql) -> absl::Status {
    texts.clear();
    ASSIGN_OR_RETURN(auto parts, PartsOfPayments(sql, {{"p1", payment}}));
    for (const FactLine& part : parts[{"p1", payment}]) {
      texts.push_back(part.fact + " " + part.net.ToString() + " @" + std::to_string(part.seq) +
                      (part.reversed.has_value() ? " gone @" + std::to_string(part.reversed->seq) : ""));
    }
    return absl::OkStatus();
  });
  std::sort(texts.begin(), texts.end());
  return texts;
}

// An older invoice is recorded late, and taken back again; then the payment bounces. What inventory says after that to
// be settled and taken back is nothing in sum.
TEST(FactConsumerTest, BatchesLeaveNoTraceInPartsOfPayments) {
  std::vector<Payment> tellings(3, PaidWith("P1"));
  tellings.resize(6, PaidWith("B1"));
  tellings[4] = PaidWith("P1");
  SettleIn(30, "2026-03-01", 6000, &tellings[0]);
  SettleIn(58, "2026-02-01", 2000, &tellings[1]);
  SettleIn(30, "2026-03-01", 4000, &tellings[1]);
  SettleIn(30, "2026-03-01", 4000, &tellings[2]);
  tellings[3].set_reverses("partners/p1/payments/P1");
  SettleIn(30, "2026-03-01", -4000, &tellings[3]);
  tellings[4].set_reversed_by("partners/p1/payments/B1");
  SettleIn(30, "2026-03-01", 6000, &tellings[4]);
  tellings[5].set_reverses("partners/p1/payments/P1");
  SettleIn(30, "2026-03-01", -6000, &tellings[5]);
  for (const size_t at_once : {size_t{1}, size_t{2}, size_t{6}}) {
    EXPECT_THAT(FactsAfter(tellings, at_once, "P1"),
                ElementsAre("payments/P1/allocations/1 6000 @1", "payments/P1/allocations/2 -2000 @2",
                            "payments/P1/allocations/3 2000 @2 gone @3"))
        << at_once;
    EXPECT_THAT(FactsAfter(tellings, at_once, "B1"), ElementsAre("payments/B1/allocations/1 -4000 @4")) << at_once;
  }
}

}  // namespace
}  // namespace tributary::incentive
