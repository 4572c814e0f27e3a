// kill -9 of inventory-service, incentive-service and the database while commands are given: reservations, sales of a
// crowd, the story of an order with a hold on the wallet, runs of reconciliations, reports that come as streams.
// Whoever is not answered asks again by the same request id: what was acknowledged is there, nothing is there twice,
// and the books balance.

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"
#include "tests/support/gateway_user.h"
#include "tributary/inventory/v1/partner_report.pb.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::AnyOf;

class CommandCrashTest : public ::testing::Test {
 protected:
  CommandCrashTest() {
    suite_.Up();
    const std::string folder = suite_.var() + "/sample";
    EXPECT_EQ(suite_.Ctl({"sample", "--out", folder}).code, 0);
    LoadChannelWithoutFacts(suite_, "sample", folder);
    user_.emplace(suite_, suite_.Token("ADMINISTRATOR"));
  }

  json Get(const std::string& target) { return user_->Get(target); }
  json Do(const std::string& target, json body = json::object()) {
    json reply = user_->Do(target, std::move(body));
    ++acknowledged_;
    return reply;
  }
  std::vector<json> List(const std::string& collection, const char* member) { return user_->List(collection, member); }

  // Units that are held, posted and freed again, one by one and in batches; what each reservation was last told to be.
  void Reserve(int caller) {
    const std::string all = "/v1/partners/s-1000/reservations";
    const auto lines = [](int units) {
      return json::array({{{"product", "products/sp-100"}, {"quantity", Units(units)}}});
    };
    std::map<std::string, std::string> mine;
    for (int n = 0; !enough_; ++n) {
      const std::string id = StrCat("c", caller, "-", n);
      if (n % 3 == 0) {
        json requests = json::array();
        for (const char* part : {"a", "b"}) {
          requests.push_back(
              {{"parent", "partners/s-1000"}, {"reservationId", id + part}, {"reservation", {{"lines", lines(2)}}}});
          mine[id + part] = "HELD";
        }
        Do(all + ":batchCreate", {{"requests", requests}});
        continue;
      }
      Do(StrCat(all, "?reservationId=", id), {{"lines", lines(1)}});
      mine[id] = TextAt(Do(StrCat(all, "/", id, n % 3 == 1 ? ":post" : ":void")), "/state");
    }
    std::lock_guard lock(mutex_);
    reservations_.merge(mine);
  }

  // Scenario S2 again and again: the order waits for its hold, what is overdue and what stock lacks hold a part of it,
  // a payment frees it.
  void Order() {
    const std::string all = "/v1/partners/s-1001";
    const auto line = [](int number, int units, int net) {
      return json{{"line", number},
                  {"product", "products/sp-118"},
                  {"quantity", Units(units)},
                  {"listPrice", Yuan(1200)},
                  {"discount", Yuan(net == 0 ? 0 : 1200 * units - net)},
                  {"netAmount", Yuan(net)},
                  {"grossAmount", Yuan(net)},
                  {"freeOfCharge", net == 0}};
    };
    for (int n = 0; !enough_; ++n) {
      const std::string id = StrCat("o", n), order = StrCat("partners/s-1001/orders/", id);
      const auto supply = [&](const char* which, int day, int units) {
        Do(StrCat("/v1/supplies?supplyId=", id, which),
           {{"product", "products/sp-118"}, {"availableDate", On(2026, 4, day)}, {"quantity", Units(units)}});
      };
      const auto ship = [&](const char* which, int day, const std::vector<std::pair<int, int>>& parts) {
        json lines = json::array();
        for (const auto& [number, units] : parts) {
          lines.push_back({{"partner", "partners/s-1001"},
                           {"document", id + which},
                           {"line", number},
                           {"orderDate", On(2026, 4, 1)},
                           {"shipDate", On(2026, 4, day)},
                           {"product", "products/sp-118"},
                           {"quantity", Units(units)},
                           {"unitPrice", Yuan(1200)},
                           {"netAmount", Yuan(number == 1 ? 1080 * units : 0)},
                           {"order", order},
                           {"orderLine", number}});
        }
        Do(all + "/shipments", {{"lines", lines}});
      };
      const auto bill = [&](const char* which, int month, int day, int units, int gross) {
        json billed = {{"partner", "partners/s-1001"},
                       {"document", id + which},
                       {"line", 1},
                       {"invoiceDate", On(2026, month, day)},
                       {"dueDate", On(2026, month + 1, day)},
                       {"product", "products/sp-118"},
                       {"quantity", Units(units)},
                       {"netAmount", Yuan(gross)},
                       {"grossAmount", Yuan(gross)}};
        if (units > 1) billed.update({{"order", order}, {"orderLine", 1}});
        Do(all + "/invoices", {{"lines", json::array({billed})}});
      };
      const auto pay = [&](const char* which, int month, int day, int amount) {
        Do(StrCat(all, "/payments?paymentId=", id, which),
           {{"paymentDate", On(2026, month, day)}, {"amount", Yuan(amount)}});
      };
      supply("a", 1, 90);
      supply("b", 20, 12);
      bill("INV0", 2, 20, 1, 2000);
      Do(StrCat(all, "/wallets/CNY/holds?walletHoldId=", id),
         {{"amount", Yuan(8000)}, {"use", "PAYMENT"}, {"order", order}});
      Do(StrCat(all, "/orders?orderId=", id), {{"orderDate", On(2026, 4, 1)},
                                               {"walletHold", StrCat("partners/s-1001/wallets/CNY/holds/", id)},
                                               {"requestedDate", On(2026, 4, 1)},
                                               {"lines", json::array({line(1, 100, 108000), line(2, 2, 0)})}});
      Do("/v1/" + order + ":place");
      EXPECT_TRUE(WaitUntil([&] { return TextAt(Get("/v1/" + order), "/state") == "ON_HOLD"; }, absl::Minutes(1)));
      EXPECT_EQ(TextAt(Do("/v1/" + order + ":confirm"), "/lines/0/confirmed/value"), "90");
      ship("SH1", 2, {{1, 90}});
      bill("INV1", 4, 2, 90, 97200);
      pay("P0", 4, 22, 2000);
      pay("P1", 4, 22, 40000);
      Do("/v1/" + order + ":release");
      const json part = {{"line", 1}, {"quantity", Units(10)}, {"promisedDate", On(2026, 4, 23)}};
      const json free = {{"line", 2}, {"quantity", Units(2)}, {"promisedDate", On(2026, 4, 23)}};
      EXPECT_EQ(TextAt(Do("/v1/" + order + ":confirm", {{"parts", json::array({part, free})}}), "/state"), "CONFIRMED");
      ship("SH2", 23, {{1, 10}, {2, 2}});
      bill("INV2", 4, 23, 10, 10800);
      pay("P2", 5, 3, 68000);
      ++orders_;
    }
  }

  // Sales of one unit, which go together with those of the other callers.
  void Sell(int caller) {
    for (int n = 1; !enough_; ++n) {
      Do("/v1/partners/s-1002/sales", {{"document", StrCat("TILL-", caller)},
                                       {"line", n},
                                       {"saleDate", On(2026, 6, 1)},
                                       {"product", "products/sp-100"},
                                       {"quantity", Units(1)},
                                       {"region", "regions/cn-44"},
                                       {"endCustomer", "Harbor"}});
      ++sold_;
    }
  }

  // A sale more, a run that finds it, and its acceptance.
  void Reconcile() {
    const std::string all = "/v1/partners/s-1004";
    for (int n = 0; !enough_; ++n) {
      Do(all + "/sales", {{"document", StrCat("LAMPS-", n)},
                          {"line", 1},
                          {"saleDate", On(2025, 6, 10)},
                          {"product", "products/trail-lamp"},
                          {"quantity", Units(1)},
                          {"region", "regions/cn-44"},
                          {"endCustomer", "Harbor"}});
      const json run =
          Do(all + "/reconciliations:run",
             {{"fromDate", On(2025, 6, 1)}, {"toDate", On(2025, 6, 30)}, {"product", "products/trail-lamp"}});

      EXPECT_EQ(TextAt(run, "/gaps/0/revision"), StrCat(n + 1)) << run;
      Do(StrCat("/v1/", TextAt(run, "/gaps/0/name"), ":accept"),
         {{"etag", TextAt(run, "/gaps/0/etag")}, {"note", StrCat("run ", n)}});
      ++runs_;
    }
  }

  TestSuite suite_;
  std::optional<GatewayUser> user_;  // once the suite is up, which makes the keys
  std::atomic<bool> enough_{false};
  std::atomic<int> acknowledged_{0}, orders_{0}, runs_{0}, sold_{0};
  std::mutex mutex_;
  std::map<std::string, std::string> reservations_;  // id -> state
};

TEST_F(CommandCrashTest, WhatWasAcknowledgedIsThereOnce) {
  user_->Ask("POST", "/v1/movements:streamPost",
             {{"rows", json::array({{{"row", 1},
                                     {"stockMovement",
                                      {{"document", "OPENING"},
                                       {"line", 1},
                                       {"effectiveDate", On(2026, 6, 1)},
                                       {"product", "products/sp-100"},
                                       {"quantity", Units(100000)},
                                       {"fromLocation", "adjustment"},
                                       {"toLocation", "partners/s-1000/sites/main/on_hand"},
                                       {"reason", "ADJUSTMENT"},
                                       {"reasonCode", "OPENING"}}}}})}});
  Do("/v1/partners/s-1001/creditLines?creditLineId=main", {{"limit", Yuan(100000)}, {"validFrom", On(2026, 1, 1)}});
  const json lot = {{"lot", "w1"}, {"amount", Yuan(10000000)}, {"expiresOn", On(2099, 12, 31)}};
  Do("/v1/partners/s-1001/openingBalances?openingBalanceId=go-live",
     {{"date", On(2026, 3, 31)}, {"currency", "CNY"}, {"walletLots", json::array({lot})}});
  const std::string exposure =
      "/v1/partners/s-1001/creditExposure?currencyCode=CNY&date.year=2026&date.month=4&date.day=1";
  ASSERT_TRUE(WaitUntil([&] { return TextAt(Get(exposure), "/limit/units") == "100000"; }, absl::Minutes(1)));
  Do("/v1/products?productId=trail-lamp",
     {{"sku", "TL-1"}, {"displayName", "Trail lamp"}, {"kind", "STOCKED"}, {"baseUnit", "each"}});
  for (const char* partner : {"s-1004", "s-1005"}) {
    Do(StrCat("/v1/partners/", partner, "/reportProfiles?reportProfileId=stock"),
       {{"kind", "ON_HAND"}, {"format", "CSV"}, {"defaultProfile", true}});
  }

  // The same report for both; one of them breaks each time that the service is killed.
  const auto report_of = [](const char* partner) {
    inventory::v1::StreamPostReportRowsRequest request;
    request.set_parent(StrCat("partners/", partner));
    for (auto* date : {request.mutable_partner_report()->mutable_coverage()->mutable_from_date(),
                       request.mutable_partner_report()->mutable_coverage()->mutable_to_date()}) {
      date->set_year(2025);
      date->set_month(6);
      date->set_day(30);
    }
    auto& row = *request.add_rows();
    row.set_row(2);
    for (const auto& [column, value] :
         std::map<std::string, std::string>{{"date", "2025-06-30"}, {"product", "trail-lamp"}, {"quantity", "70"}}) {
      auto& cell = *row.add_cells();
      cell.set_column(column);
      cell.set_value(value);
    }
    return request;
  };
  inventory::v1::PartnerReport report;
  const auto open = [&] {
    return suite_.client("inventory")
        .OpenOutgoing("tributary.inventory.v1.PartnerReportService/StreamPostReportRows", &report,
                      {.stream_timeout = absl::Minutes(1)});
  };
  // Until the channel has found the process again.
  const auto send = [&](const char* partner) {
    absl::Status status;
    WaitUntil(
        [&] {
          const auto stream = open();
          stream->Write(report_of(partner));
          status = stream->Finish();
          return !absl::IsUnavailable(status);
        },
        absl::Minutes(1));
    return status;
  };
  ASSERT_OK(send("s-1004"));

  {
    std::vector<std::jthread> callers;
    callers.emplace_back([&] { Reserve(0); });
    callers.emplace_back([&] { Reserve(1); });
    callers.emplace_back([&] { Order(); });
    for (int i = 0; i < 6; ++i) callers.emplace_back([this, i] { Sell(i); });
    callers.emplace_back([&] { Reconcile(); });
    for (const char* victim : {"inventory", "database", "incentive", "inventory", "incentive", "database"}) {
      SCOPED_TRACE(victim);
      const int before = acknowledged_, runs = runs_;
      EXPECT_TRUE(WaitUntil([&] { return acknowledged_ >= before + 100 && runs_ > runs; }, absl::Minutes(1)));
      const bool breaks = std::string(victim) == "inventory";
      std::unique_ptr<rpc::OutgoingStream> broken;
      if (breaks) {
        // The channel may not have found the process again that was killed before.
        EXPECT_TRUE(WaitUntil(
            [&] {
              broken = open();
              return broken->Write(report_of("s-1005"));
            },
            absl::Minutes(1)));
      }
      suite_.Kill(victim);
      if (breaks) {
        EXPECT_FALSE(broken->Finish().ok());
      }
      suite_.Up();
    }
    const int orders = orders_;
    EXPECT_TRUE(WaitUntil([&] { return orders_ > orders; }, absl::Minutes(1)));
    enough_ = true;
  }
  ASSERT_FALSE(HasFailure());

  // Every reservation, as it was last acknowledged, and no other one.
  std::map<std::string, std::string> there;
  for (const json& one : List("/v1/partners/s-1000/reservations", "reservations")) {
    const std::string name = TextAt(one, "/name");
    there[name.substr(name.rfind('/') + 1)] = TextAt(one, "/state");
  }
  EXPECT_EQ(there, reservations_);
  int held = 0, posted = 0;
  for (const auto& [id, state] : reservations_) {
    held += state == "HELD" ? 2 : 0;
    posted += state == "POSTED" ? 1 : 0;
  }
  EXPECT_GT(posted, 0);
  const json position = Get("/v1/partners/s-1000/positions/main.sp-100");
  EXPECT_EQ(TextAt(position, "/onHand/value"), StrCat(100000 - posted - held));
  EXPECT_EQ(TextAt(position, "/reserved/value"), StrCat(held));
  EXPECT_EQ(TextAt(Get("/v1/partners/s-1002/positions/main.sp-100"), "/onHand/value"), StrCat(-sold_));

  // Every order at its end; what was supplied is shipped, what was billed is paid.
  const auto orders = List("/v1/partners/s-1001/orders", "orders");
  EXPECT_EQ(static_cast<int>(orders.size()), orders_);
  for (const json& order : orders) {
    EXPECT_EQ(TextAt(order, "/state"), "CONFIRMED") << order;
    EXPECT_EQ(TextAt(order, "/fulfillment"), "SETTLED") << order;
  }
  const json available = Get("/v1/products/sp-118:checkAvailability?date.year=2026&date.month=4&date.day=23");
  EXPECT_EQ(TextAt(available, "/available/value"), "0");
  EXPECT_EQ(TextAt(available, "/shipped/value"), StrCat(102 * orders_));
  EXPECT_EQ(TextAt(Get("/v1/partners/s-1001/positions/main.sp-118"), "/onHand/value"), StrCat(102 * orders_));
  const json owed = Get(exposure);
  EXPECT_THAT(TextAt(owed, "/exposure/units"), AnyOf("", "0")) << owed;
  EXPECT_THAT(TextAt(owed, "/unallocatedPayments/units"), AnyOf("", "0")) << owed;
  EXPECT_EQ(static_cast<int>(List("/v1/partners/s-1001/payments", "payments").size()), 3 * orders_);
  // Every order has used its hold, once.
  const std::string wallet = "/v1/partners/s-1001/wallets/CNY";
  EXPECT_TRUE(WaitUntil(
      [&] {
        const auto holds = List(wallet + "/holds", "walletHolds");
        return static_cast<int>(holds.size()) == orders_ &&
               std::all_of(holds.begin(), holds.end(), [](const json& hold) {
                 return TextAt(hold, "/state") == "CAPTURED" && TextAt(hold, "/captured/units") == "8000";
               });
      },
      absl::Minutes(1)));
  EXPECT_EQ(TextAt(Get(wallet), "/balance/units"), StrCat(10000000 - 8000 * orders_));

  // A revision a run, without a gap, each accepted by its own run.
  const auto revisions =
      List("/v1/partners/s-1004/reconciliations/2025-06-01.2025-06-30.trail-lamp/revisions", "reconciliations");
  ASSERT_EQ(static_cast<int>(revisions.size()), runs_);
  for (int n = 0; n < runs_; ++n) {
    const json& revision = revisions[revisions.size() - 1 - n];
    EXPECT_EQ(TextAt(revision, "/revision"), StrCat(n + 1));
    EXPECT_EQ(TextAt(revision, "/note"), StrCat("run ", n));
    EXPECT_EQ(TextAt(revision, "/sellThrough/value"), StrCat(n + 1));
  }

  // Of the reports that broke nothing is left; sent again, it is there once.
  EXPECT_EQ(List("/v1/partners/s-1004/reports", "partnerReports").size(), 1u);
  EXPECT_EQ(List("/v1/partners/s-1005/reports", "partnerReports").size(), 0u);
  EXPECT_OK(send("s-1005"));
  EXPECT_EQ(List("/v1/partners/s-1005/reports", "partnerReports").size(), 1u);
  EXPECT_EQ(report.counts().accepted(), 1);

  EXPECT_EQ(Get("/v1/ledger:check")["balanced"], true);
}

}  // namespace
}  // namespace tributary::testing
