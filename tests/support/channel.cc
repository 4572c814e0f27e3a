#include "tests/support/channel.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "common/text/text.h"
#include "gtest/gtest.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/incentive/v1/accrual.pb.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::testing {
namespace {

constexpr int64_t kNanos = 1'000'000'000;

// Money with nanos -> text with so many decimals; what is finer would be lost and fails the test.
std::string Fixed(__int128 nanos, int decimals) {
  __int128 unit = kNanos;
  for (int i = 0; i < decimals; ++i) unit /= 10;
  EXPECT_EQ(static_cast<int64_t>(nanos % unit), 0) << "an amount finer than " << decimals << " decimals";
  const bool negative = nanos < 0;
  int64_t value = static_cast<int64_t>((negative ? -nanos : nanos) / unit);
  std::string digits = std::to_string(value);
  while (digits.size() <= static_cast<size_t>(decimals)) digits.insert(0, "0");
  digits.insert(digits.size() - static_cast<size_t>(decimals), ".");
  return (negative ? "-" : "") + digits;
}

__int128 NanosOf(const google::type::Money& money) { return __int128{money.units()} * kNanos + money.nanos(); }

// A read. A connection to a process that was just started again may need a moment.
template <typename Reply, typename Request>
Reply Ask(TestSuite& suite, const std::string& service, const std::string& method, const Request& request) {
  Reply reply;
  absl::Status status;
  WaitUntil(
      [&] {
        status = suite.client(service).Call(method, request, &reply, {.timeout = absl::Minutes(1)});
        return status.code() != absl::StatusCode::kUnavailable;
      },
      absl::Minutes(1));
  EXPECT_TRUE(status.ok()) << method << ": " << std::string(status.message());
  return reply;
}

}  // namespace

void PrintTo(const ChannelFigures& f, std::ostream* out) {
  *out << f.lines << " lines, " << f.units << " units, net " << f.net << ", " << f.accruals << " accruals of "
       << f.accrued << (f.balanced ? ", balanced" : ", NOT BALANCED");
}

ChannelFigures FiguresOf(const SellInTotals& totals) {
  return {.lines = totals.lines,
          .units = std::to_string(totals.units),
          .net = totals.net,
          .accruals = totals.statements,
          .accrued = totals.rebate_marginal,
          .balanced = true};
}

int64_t LinesLoaded(TestSuite& suite) {
  inventory::v1::GetSellInTotalsRequest request;
  request.set_parent("partners/-");
  return Ask<inventory::v1::SellInTotals>(suite, "inventory", "tributary.inventory.v1.ShipmentService/GetSellInTotals",
                                          request)
      .lines();
}

void WaitForFeed(TestSuite& suite, const std::string& consumer, const std::string& feed) {
  const auto head = Ask<events::v1::FeedHead>(suite, feed, "tributary.events.v1.FeedService/GetFeedHead",
                                              events::v1::GetFeedHeadRequest());
  std::string state;
  const bool there = WaitUntil(
      [&] {
        events::v1::ListConsumerPositionsResponse positions;
        const absl::Status status = suite.client(consumer).Call("tributary.events.v1.FeedService/ListConsumerPositions",
                                                                events::v1::ListConsumerPositionsRequest(), &positions);
        if (!status.ok()) {
          state = std::string(status.message());
          return false;
        }
        int64_t behind = 0, parked = 0;
        bool known = false;
        for (const auto& position : positions.positions()) {
          if (position.feed() != feed) continue;
          known = true;
          parked += position.parked();
          std::map<int, int64_t> applied;
          for (const auto& cursor : position.cursors()) applied[cursor.shard()] = cursor.seq();
          for (const auto& cursor : head.cursors()) {
            behind += std::max<int64_t>(0, cursor.seq() - applied[cursor.shard()]);
          }
        }
        state = StrCat(known ? "" : "not yet following, ", behind, " events behind, ", parked, " parked");
        return (known && behind == 0) || parked > 0;
      },
      absl::Minutes(3));
  EXPECT_TRUE(there && state.ends_with(" 0 parked")) << consumer << " follows " << feed << ": " << state;
}

ChannelFigures ReadFigures(TestSuite& suite) {
  WaitForFeed(suite, "incentive", "inventory");
  ChannelFigures figures;
  inventory::v1::GetSellInTotalsRequest sell_in;
  sell_in.set_parent("partners/-");
  const auto totals = Ask<inventory::v1::SellInTotals>(
      suite, "inventory", "tributary.inventory.v1.ShipmentService/GetSellInTotals", sell_in);
  figures.lines = totals.lines();
  figures.units = totals.units().value().empty() ? "0" : totals.units().value();
  if (totals.net_amounts_size() > 0) {
    figures.net = Fixed(NanosOf(totals.net_amounts(0)), 4);
    while (figures.net.ends_with('0')) figures.net.pop_back();
    if (figures.net.ends_with('.')) figures.net.pop_back();
  }
  EXPECT_LE(totals.net_amounts_size(), 1);
  figures.balanced =
      Ask<inventory::v1::LedgerBalance>(suite, "inventory", "tributary.inventory.v1.LedgerService/CheckLedger",
                                        inventory::v1::CheckLedgerRequest())
          .balanced();
  incentive::v1::ListAccrualsRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1000);
  __int128 accrued = 0;
  do {
    const auto page = Ask<incentive::v1::ListAccrualsResponse>(
        suite, "incentive", "tributary.incentive.v1.AccrualService/ListAccruals", list);
    for (const incentive::v1::Accrual& accrual : page.accruals()) {
      if (accrual.lines() > 0) ++figures.accruals;
      accrued += NanosOf(accrual.evaluation().value());
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  figures.accrued = Fixed(accrued, 2);
  return figures;
}

SellInColumns SampleColumns() {
  return {.partner = "partner", .order_date = "order_date", .quantity = "quantity", .net = "net_amount"};
}

void LoadChannelWithoutFacts(TestSuite& suite, const std::string& dataset, const std::string& data) {
  const Outcome outcome =
      suite.Ctl({"demo", "--dataset", dataset, "--data", data, "--stop-after", "program"}, absl::Minutes(5));
  if (outcome.code == 0) return;
  std::fprintf(stderr, "tributaryctl demo: %s\n", outcome.ToString().c_str());
  std::exit(1);
}

SampleDemo::SampleDemo() {
  outcome = suite.Dev({"demo"}, absl::Minutes(10));
  if (outcome.code != 0) {
    std::fprintf(stderr, "./dev demo: %s\n", outcome.ToString().c_str());
    return;
  }
  summary = nlohmann::json::parse(ReadTestFile(suite.var() + "/demo/summary.json"), nullptr, false);
}

SampleDemo& SampleDemo::Get() { return Shared<SampleDemo>::Get(); }

}  // namespace tributary::testing
