// Calls of a grouped method that wait at the same time: one transaction, and each its own answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/ids/uuid.h"
#include "common/mysql/connection.h"
#include "common/rpc/testing_server.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::rpc::testing {
namespace {

using partner::v1::CreatePartnerRequest;
using partner::v1::Partner;
using Calls = absl::Span<Grouped<CreatePartnerRequest, Partner>>;

constexpr int kFirst = 2;  // so many groups at a time

// Stores the calls of a group by one statement; its rows have no key of their own, so that only the request id keeps
// them from doubling. A legal name of "refused" is refused, with "broken" among them the database refuses the
// statement.
absl::Status Store(Unit& unit, Calls calls) {
  mysql::Values values;
  std::vector<Uuid> uids(calls.size());
  std::vector<std::string> ids(calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    const std::string& name = calls[i].request.partner().legal_name();
    if (name == "alone" && calls.size() > 1) {
      calls[i].alone = true;
      continue;
    }
    if (name == "refused") {
      calls[i].status = NotFound("partners/refused");
      continue;
    }
    uids[i] = Uuid::New(calls[i].call.now);
    ids[i] = name == "broken" ? std::string(65, 'x') : uids[i].ToString();
    values.insert(values.end(), {ids[i], uids[i], name});
    calls[i].reply->set_name(StrCat("partners/", calls[i].request.partner_id()));
    calls[i].reply->set_uid(uids[i].ToString());
    unit.Emit(events::Draft(calls[i].reply->name(), "created", calls[i].reply->name(), *calls[i].reply));
  }
  return unit.sql().InsertRows("INSERT INTO thing (id, uid, text) VALUES", 3, values);
}

// Holds the first groups until so many calls wait behind them, then lets all go; counts the sizes.
class Gate {
 public:
  absl::Status Pass(Unit& unit, Calls calls) {
    {
      std::unique_lock lock(mutex_);
      sizes_.push_back(static_cast<int>(calls.size()));
      changed_.notify_all();
      changed_.wait(lock, [&] { return open_; });
    }
    return Store(unit, calls);
  }
  void AwaitGroups(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sizes_.size() >= count; });
  }
  void Open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  std::vector<int> sizes() {
    std::lock_guard lock(mutex_);
    return sizes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;       // guarded by mutex_
  std::vector<int> sizes_;  // guarded by mutex_
};

class GroupTest : public ::testing::Test {
 protected:
  // Sends the requests so that all but the first two are decided in one group; the answers in their order.
  std::vector<absl::StatusOr<Partner>> Crowd(const std::vector<CreatePartnerRequest>& requests) {
    std::vector<absl::StatusOr<Partner>> answers(requests.size());
    std::vector<std::jthread> callers;
    const auto send = [&](size_t i) {
      callers.emplace_back([&, i] { answers[i] = client_->Call<Partner>(kCreatePartner, requests[i]); });
    };
    for (size_t i = 0; i < kFirst; ++i) {
      send(i);
      gate_.AwaitGroups(i + 1);
    }
    for (size_t i = kFirst; i < requests.size(); ++i) send(i);
    const auto waiting = static_cast<double>(requests.size() - kFirst);
    EXPECT_TRUE(Eventually([&] { return server_.Metric("tributary_rpc_queued_calls") == waiting; }));
    gate_.Open();
    callers.clear();
    return answers;
  }

  static std::vector<CreatePartnerRequest> Requests(int count) {
    std::vector<CreatePartnerRequest> requests;
    for (int i = 0; i < count; ++i) requests.push_back(CreateRequest(StrCat("p-", i)));
    return requests;
  }
  void ExpectRows(int64_t count) {
    for (const char* table : {"thing", "request", "audit", "event"}) {
      EXPECT_EQ(server_.Number(StrCat("SELECT COUNT(*) FROM ", table)), count) << table;
    }
  }

  Gate gate_;
  TestingServer server_{
      {.handlers = {.create_partners = [this](Unit& unit, Calls calls) { return gate_.Pass(unit, calls); }}}};
  const std::unique_ptr<Client> client_ = server_.NewClient(false);
};

TEST_F(GroupTest, WhatWaitsIsStoredTogetherAndEachIsAnswered) {
  const std::vector<CreatePartnerRequest> requests = Requests(20);
  const auto answers = Crowd(requests);
  EXPECT_THAT(gate_.sizes(), ::testing::ElementsAre(1, 1, 18));
  ExpectRows(20);
  for (size_t i = 0; i < requests.size(); ++i) {
    ASSERT_OK(answers[i]);
    EXPECT_EQ(answers[i]->name(), StrCat("partners/p-", i));
    EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM thing WHERE id = ?", {answers[i]->uid()}), 1);
    EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM audit WHERE resource = ?", {answers[i]->name()}), 1);
    // Asked again, the same.
    ASSERT_OK_AND_ASSIGN(const Partner again, client_->Call<Partner>(kCreatePartner, requests[i]));
    EXPECT_EQ(again.SerializeAsString(), answers[i]->SerializeAsString());
  }
  ExpectRows(20);
  EXPECT_EQ(server_.Metric("tributary_rpc_group_calls_count"), 3 + 20);
  EXPECT_EQ(server_.Metric("tributary_rpc_group_calls_sum"), 20 + 20);
}

TEST_F(GroupTest, OneThatIsRefusedFailsAlone) {
  std::vector<CreatePartnerRequest> requests = Requests(8);
  requests[4].mutable_partner()->set_legal_name("refused");
  const auto answers = Crowd(requests);
  for (size_t i = 0; i < requests.size(); ++i) {
    if (i == 4) {
      EXPECT_THAT(answers[i], HasReason(Reason::kNotFound));
    } else {
      EXPECT_OK(answers[i]);
    }
  }
  EXPECT_THAT(gate_.sizes(), ::testing::ElementsAre(1, 1, 6));
  ExpectRows(7);
}

TEST_F(GroupTest, OneThatTheDatabaseRefusesFailsAlone) {
  std::vector<CreatePartnerRequest> requests = Requests(8);
  requests[5].mutable_partner()->set_legal_name("broken");
  const auto answers = Crowd(requests);
  for (size_t i = 0; i < requests.size(); ++i) EXPECT_EQ(answers[i].ok(), i != 5) << answers[i].status();
  // The group, and then each of it.
  EXPECT_THAT(gate_.sizes(), ::testing::ElementsAre(1, 1, 6, 1, 1, 1, 1, 1, 1));
  ExpectRows(7);
}

TEST_F(GroupTest, WhatNeedsTimeGoesAlone) {
  std::vector<CreatePartnerRequest> requests = Requests(6);
  requests[3].mutable_partner()->set_legal_name("alone");
  for (const auto& answer : Crowd(requests)) EXPECT_OK(answer);
  EXPECT_THAT(gate_.sizes(), ::testing::ElementsAre(1, 1, 4, 1));
  ExpectRows(6);
}

TEST_F(GroupTest, TheSameIdTwiceInAGroupHasOneEffect) {
  std::vector<CreatePartnerRequest> requests = Requests(6);
  requests[4] = requests[3];
  requests[5].set_request_id(requests[2].request_id());  // another request under a known id
  const auto answers = Crowd(requests);
  for (const size_t i : {0, 1, 3, 4}) ASSERT_OK(answers[i]);
  EXPECT_EQ(answers[3]->SerializeAsString(), answers[4]->SerializeAsString());
  // One of the two is the first.
  EXPECT_NE(answers[2].ok(), answers[5].ok());
  EXPECT_THAT(answers[2].ok() ? answers[5] : answers[2], HasReason(Reason::kRequestIdReused));
  ExpectRows(4);
}

TEST_F(GroupTest, WhatIsOnlyToBeCheckedAndWhatHasNoIdGoAlone) {
  gate_.Open();
  CreatePartnerRequest request = CreateRequest("p-1");
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const Partner checked, client_->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(checked.name(), "partners/p-1");
  ExpectRows(0);
  const TestingServer::RawAnswer answer = [&] {
    request.set_validate_only(false);
    request.clear_request_id();
    return server_.Raw(kCreatePartner, request.SerializeAsString(),
                       {{"authorization", StrCat("Bearer ", server_.Token())}});
  }();
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM thing"), 1);
  EXPECT_EQ(server_.Number("SELECT COUNT(*) FROM request"), 0);
  EXPECT_EQ(server_.Metric("tributary_rpc_group_calls_count"), 0);
}

TEST_F(GroupTest, AFullQueueSheds) {
  Gate gate;
  TestingServer server(
      {.handlers = {.create_partners = [&](Unit& unit, Calls calls) { return gate.Pass(unit, calls); }},
       .options = {.queue_limit = 3}});
  const auto client = server.NewClient(false);
  std::atomic<int> stored{0};
  std::vector<std::jthread> callers;
  const auto send = [&](int i) {
    callers.emplace_back([&, i] {
      if (client->Call<Partner>(kCreatePartner, CreateRequest(StrCat("p-", i))).ok()) ++stored;
    });
  };
  for (int i = 0; i < kFirst; ++i) {
    send(i);
    gate.AwaitGroups(static_cast<size_t>(i) + 1);
  }
  for (int i = 0; i < 3; ++i) send(kFirst + i);
  EXPECT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_queued_calls") == 3; }));
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, CreateRequest("one-too-many")), HasReason(Reason::kOverloaded));
  gate.Open();
  callers.clear();
  EXPECT_EQ(stored, 5);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing"), 5);
}

TEST_F(GroupTest, ADrainFinishesWhatWaits) {
  std::vector<CreatePartnerRequest> requests = Requests(6);
  std::jthread drain;
  std::vector<absl::StatusOr<Partner>> answers(requests.size());
  {
    std::vector<std::jthread> callers;
    for (size_t i = 0; i < requests.size(); ++i) {
      callers.emplace_back([&, i] { answers[i] = client_->Call<Partner>(kCreatePartner, requests[i]); });
      if (i < kFirst) gate_.AwaitGroups(i + 1);
    }
    EXPECT_TRUE(Eventually([&] { return server_.Metric("tributary_rpc_queued_calls") == 4; }));
    drain = std::jthread([&] { server_.server().Drain(); });
    gate_.Open();
  }
  drain.join();
  for (const auto& answer : answers) EXPECT_OK(answer);
  ExpectRows(6);
}

}  // namespace
}  // namespace tributary::rpc::testing
