// Mutations of one parent that come in a crowd: one transaction for those that wait together, an answer for each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/rpc/testing_server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::rpc::testing {
namespace {

using inventory::v1::CreateShipmentRequest;
using inventory::v1::Shipment;

CreateShipmentRequest Shipped(const std::string& document) {
  CreateShipmentRequest request;
  request.set_parent("partners/acme");
  request.set_request_id(NewRequestId());
  auto& line = *request.mutable_shipment()->add_lines();
  line.set_partner("partners/acme");
  line.set_document(document);
  line.set_line(1);
  for (auto* date : {line.mutable_order_date(), line.mutable_ship_date()}) {
    date->set_year(2026);
    date->set_month(6);
    date->set_day(1);
  }
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("1");
  for (auto* money : {line.mutable_unit_price(), line.mutable_net_amount()}) {
    money->set_currency_code("USD");
    money->set_units(1);
  }
  return request;
}

class GroupedTest : public ::testing::Test {
 protected:
  absl::Status Create(const Call& call, Unit& unit, const CreateShipmentRequest& request, Shipment* reply) {
    const std::string& document = request.shipment().lines(0).document();
    if (document == "first") {
      first_runs_->Notify();
      go_->WaitForNotification();
    }
    reply->set_name(StrCat("partners/acme/shipments/", document));
    RETURN_IF_ERROR(
        unit.sql().Execute("INSERT INTO thing (id, uid, text) VALUES (?, ?, '')", {document, Uuid::New(call.now)}));
    unit.Emit(events::Draft("acme", "recorded", reply->name(), *reply));
    if (document != "first") {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       unit.sql().Query("SELECT trx_id FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = "
                                        "CONNECTION_ID()"));
      const std::lock_guard lock(mutex_);
      transactions_.insert(rows.at(0).Text(0));
    }
    return document == "refused" ? InvalidField("shipment", "one that is refused", "another") : absl::OkStatus();
  }

  // While a first call is at work five come, of which one is refused and two are one request; how many transactions
  // these took.
  size_t Crowd() {
    first_runs_ = std::make_unique<absl::Notification>();
    go_ = std::make_unique<absl::Notification>();
    transactions_.clear();
    EXPECT_OK(server_.database().Transact({}, [](mysql::Transaction& sql) -> absl::Status {
      for (const char* table : {"thing", "request", "event"})
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)));
      return absl::OkStatus();
    }));
    std::vector<CreateShipmentRequest> requests = {Shipped("a"), Shipped("b"), Shipped("refused"), Shipped("c")};
    requests.push_back(requests.back());
    std::vector<absl::StatusOr<Shipment>> answers(requests.size(), absl::UnknownError("no answer"));
    {
      std::vector<std::jthread> callers;
      callers.emplace_back([&] { EXPECT_OK(client_->Call<Shipment>(kCreateShipment, Shipped("first"))); });
      first_runs_->WaitForNotification();
      const double started = server_.Metric(kStarted);
      for (size_t i = 0; i < requests.size(); ++i) {
        callers.emplace_back([&, i] { answers[i] = client_->Call<Shipment>(kCreateShipment, requests[i]); });
      }
      EXPECT_TRUE(Eventually([&] {
        return server_.Metric(kStarted) == started + static_cast<double>(requests.size()) &&
               server_.Metric("tributary_rpc_queued_calls") == 0;
      }));
      go_->Notify();
    }
    for (const size_t i : {0, 1, 3, 4}) {
      EXPECT_OK(answers[i]);
      if (answers[i].ok()) {
        EXPECT_EQ(answers[i]->name(), StrCat("partners/acme/shipments/", requests[i].shipment().lines(0).document()));
      }
    }
    EXPECT_THAT(answers[2], HasReason(Reason::kInvalidField));
    EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM thing"), 4);
    EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM thing WHERE id = 'refused'"), 0);
    EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM request"), 4);
    EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM event"), 4);
    return transactions_.size();
  }

  static constexpr char kStarted[] =
      "grpc_server_started_total{grpc_method=\"CreateShipment\",grpc_service=\"tributary.inventory.v1."
      "ShipmentService\","
      "grpc_type=\"unary\"}";
  TestingServer server_{
      {.handlers = {.create_shipment = [this](const Call& call, Unit& unit, const CreateShipmentRequest& request,
                                              Shipment* reply) { return Create(call, unit, request, reply); }}}};
  const std::unique_ptr<Client> client_ = server_.NewClient(false);
  std::unique_ptr<absl::Notification> first_runs_, go_;
  std::mutex mutex_;
  std::set<std::string> transactions_;  // of all runs but the first's; guarded by mutex_
};

TEST_F(GroupedTest, ThoseThatWaitTogetherShareATransactionAndEachHasItsOwnAnswer) {
  // The last step of a call into the group's queue cannot be seen from here, so that one may come late.
  EXPECT_TRUE(Eventually([&] { return Crowd() == 1; }));
}

}  // namespace
}  // namespace tributary::rpc::testing
