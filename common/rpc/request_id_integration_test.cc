// The same request twice has one effect: request ids, replay, validate_only, audit, purge, COMMITs without answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/mysql/connection.h"
#include "common/rpc/request_log.h"
#include "common/rpc/testing_server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "prometheus/text_serializer.h"
#include "tests/support/database_server.h"

namespace tributary::rpc::testing {
namespace {

using partner::v1::CreatePartnerRequest;
using partner::v1::GetPartnerRequest;
using partner::v1::Partner;
using ::testing::HasSubstr;

constexpr char kThings[] = "SELECT COUNT(*) FROM thing";
constexpr char kRequests[] = "SELECT COUNT(*) FROM request";
constexpr char kAudits[] = "SELECT COUNT(*) FROM audit";
constexpr char kEvents[] = "SELECT COUNT(*) FROM event";

// A handler whose rows have no key of their own, so that only the request id keeps them from doubling.
absl::Status Append(const Call& call, Unit& unit, const CreatePartnerRequest& request, Partner* reply) {
  const Uuid uid = Uuid::New(call.now);
  RETURN_IF_ERROR(unit.sql().Execute("INSERT INTO thing (id, uid, text) VALUES (?, ?, ?)",
                                     {uid.ToString(), uid, request.partner().legal_name()}));
  reply->set_name(StrCat("partners/", uid.ToString()));
  reply->set_uid(uid.ToString());
  unit.Emit(events::Draft(reply->name(), "created", reply->name(), *reply));
  return absl::OkStatus();
}

TEST(RequestIdTest, TheSameRequestGivesTheStoredAnswerAndOneEffect) {
  const struct {
    const char* what;
    std::function<absl::Status(const Call&, Unit&, const CreatePartnerRequest&, Partner*)> create;
  } cases[] = {
      {"the second body would do it again", Append},
      {"the second body fails: it is there already", Handlers::Create},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    std::atomic<int> committed{0};
    TestingServer server({.handlers = {.create_partner = c.create}, .committed = [&] { ++committed; }});
    const auto client = server.NewClient(false);
    const CreatePartnerRequest request = CreateRequest("p-1");
    ASSERT_OK_AND_ASSIGN(const Partner first, client->Call<Partner>(kCreatePartner, request));
    for (int i = 0; i < 3; ++i) {
      ASSERT_OK_AND_ASSIGN(const Partner again, client->Call<Partner>(kCreatePartner, request));
      EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
    }
    EXPECT_EQ(server.Number(kThings), 1);
    EXPECT_EQ(server.Number(kRequests), 1);
    EXPECT_EQ(server.Number(kAudits), 1);
    EXPECT_EQ(server.Number(kEvents), 1);
    EXPECT_EQ(server.Metric("tributary_rpc_replayed_total"), 3);
    EXPECT_EQ(committed, 1);
  }
}

TEST(RequestIdTest, ConcurrentCallsOfOneIdHaveOneEffectAndOneAnswer) {
  for (const auto& create : {Append, Handlers::Create}) {
    TestingServer server({.handlers = {.create_partner = create}});
    const auto client = server.NewClient();
    const CreatePartnerRequest request = CreateRequest("p-1");
    std::vector<Partner> answers(32);
    {
      std::vector<std::jthread> callers;
      for (Partner& answer : answers) {
        callers.emplace_back([&] { EXPECT_OK(client->Call(kCreatePartner, request, &answer)); });
      }
    }
    std::set<std::string> uids;
    for (const Partner& answer : answers) uids.insert(answer.uid());
    EXPECT_EQ(uids.size(), 1u);
    EXPECT_EQ(server.Number(kThings), 1);
    EXPECT_EQ(server.Number(kEvents), 1);
  }
}

TEST(RequestIdTest, AnIdBelongsToOneBodyOneMethodAndOnePrincipal) {
  TestingServer server(
      {.handlers = {.create_partner = Append, .activate_partner = [](const Call&, Unit&, const auto&, Partner* reply) {
                      reply->set_name("partners/activated");
                      return absl::OkStatus();
                    }}});
  const auto client = server.NewClient(false);
  CreatePartnerRequest request = CreateRequest("p-1");
  ASSERT_OK(client->Call<Partner>(kCreatePartner, request));

  request.mutable_partner()->set_legal_name("Another company");
  const absl::Status reused = client->Call<Partner>(kCreatePartner, request).status();
  EXPECT_EQ(reused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(reused, HasReason(Reason::kRequestIdReused));
  EXPECT_THAT(std::string(reused.message()), HasSubstr(request.request_id()));
  EXPECT_EQ(server.Number(kThings), 1);

  partner::v1::ActivatePartnerRequest activate;
  activate.set_name("partners/p-1");
  activate.set_request_id(request.request_id());
  EXPECT_OK(client->Call<Partner>(kActivatePartner, activate));

  const std::string other = server.Token({.subject = "other", .roles = {api::v1::CHANNEL_MANAGER}});
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request, {.token = other}));
  EXPECT_EQ(server.Number(kThings), 2);
  EXPECT_EQ(server.Number(kRequests), 3);

  request.set_request_id("no uuid");
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, request), Blames("request_id"));
  request.clear_request_id();  // then nothing is remembered
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request));
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(server.Number(kThings), 4);
  EXPECT_EQ(server.Number(kRequests), 3);
  EXPECT_EQ(server.Number(kAudits), 5);
}

TEST(RequestIdTest, AFailedRequestIsNotRemembered) {
  std::atomic<bool> fail{true};
  TestingServer server({.handlers = {.create_partner = [&](const Call& call, Unit& unit, const auto& request,
                                                           Partner* reply) -> absl::Status {
                          RETURN_IF_ERROR(Handlers::Create(call, unit, request, reply));
                          return fail ? Error(Reason::kStateConflict, "not now") : absl::OkStatus();
                        }}});
  const auto client = server.NewClient(false);
  const CreatePartnerRequest request = CreateRequest("p-1");
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, request), HasReason(Reason::kStateConflict));
  EXPECT_EQ(server.Number(kThings), 0);
  EXPECT_EQ(server.Number(kRequests) + server.Number(kAudits) + server.Number(kEvents), 0);
  fail = false;
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(server.Number(kThings), 1);
}

TEST(RequestIdTest, ALargeAnswerIsReadAgain) {
  TestingServer server;
  const auto client = server.NewClient(false);
  CreatePartnerRequest request = CreateRequest("p-1");
  for (int i = 0; i < 20; ++i) request.mutable_partner()->add_trade_names(std::string(250, static_cast<char>('a' + i)));
  ASSERT_OK_AND_ASSIGN(const Partner first, client->Call<Partner>(kCreatePartner, request));
  ASSERT_GT(first.ByteSizeLong(), kStoredReplyLimit);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM request WHERE reply IS NULL AND reply_name = 'partners/p-1'"), 1);
  ASSERT_OK_AND_ASSIGN(const Partner again, client->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(again.uid(), first.uid());
  EXPECT_EQ(again.name(), "partners/p-1");
  std::string names, want;
  for (const std::string& name : again.trade_names()) names += name;
  for (const std::string& name : first.trade_names()) want += name;
  EXPECT_EQ(names, want);
}

TEST(RequestIdTest, ALongAnswerThatCannotBeReadAgainIsKept) {
  const auto database = NewDatabase();
  api::v1::BatchImportResponse reply;
  for (int i = 0; i < 1000; ++i) {
    auto* error = reply.add_errors();
    error->set_row(i);
    error->set_got(std::string(120, 'x'));
  }
  const auth::Identity identity{.subject = std::string(255, 's'), .roles = {}};
  Call call;
  call.method = "/tributary.partner.v1.RegionService/BatchImportRegions";
  call.identity = std::make_shared<auth::Identity>(identity);
  call.now = absl::FromUnixMicros(1700000000000000);
  call.request_id = NewRequestId();
  const Mutation mutation{.call = &call, .request_sha256 = std::string(32, 'h'), .reply = &reply};
  EXPECT_OK(database->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(RememberReplies(sql, absl::MakeSpan(&mutation, 1), false), IsOkAndHolds(true));
    EXPECT_THAT(RememberReplies(sql, absl::MakeSpan(&mutation, 1), false), IsOkAndHolds(false));
    ASSIGN_OR_RETURN(const std::optional<StoredReply> stored, FindReply(sql, call, FindLock::kWait));
    EXPECT_EQ(stored.value_or(StoredReply{}).reply, reply.SerializeAsString());
    return absl::OkStatus();
  }));
}

TEST(RequestIdTest, ValidateOnlyAnswersAndLeavesNothing) {
  TestingServer server;
  const auto client = server.NewClient(false);
  CreatePartnerRequest request = CreateRequest("p-1");
  request.set_validate_only(true);
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const Partner reply, client->Call<Partner>(kCreatePartner, request));
    EXPECT_EQ(reply.name(), "partners/p-1");
  }
  EXPECT_EQ(server.Number(kThings) + server.Number(kRequests) + server.Number(kAudits) + server.Number(kEvents), 0);
  request.set_validate_only(false);
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request));
  request.set_validate_only(true);
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, request), HasReason(Reason::kAlreadyExists));
}

TEST(RequestIdTest, WhatATrialLeavesIsStoredAndItsErrorIsTold) {
  Handlers handlers;
  handlers.create_partner = [](const Call& call, Unit& unit, const CreatePartnerRequest& request, Partner* reply) {
    unit.OnTrial([id = request.partner_id()](mysql::Transaction& sql) -> absl::Status {
      const Uuid uid = Uuid::New(absl::Now());
      return sql.Execute("INSERT INTO thing (id, uid, text) VALUES (?, ?, ?)", {StrCat("tried-", id), uid, ""})
          .status();
    });
    return Handlers::Create(call, unit, request, reply);
  };
  TestingServer server({.handlers = handlers});
  const auto client = server.NewClient(false);
  CreatePartnerRequest request = CreateRequest("p-1");
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const Partner reply, client->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(reply.name(), "partners/p-1");
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing WHERE id = 'tried-p-1'"), 1);
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, request), HasReason(Reason::kAlreadyExists));
  EXPECT_EQ(server.Number(kThings), 1);
  request.set_validate_only(false);
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(server.Number(kThings), 2);
}

TEST(RequestIdTest, EveryMutationHasARowInTheAuditLog) {
  TestingServer server;
  const auto client = server.NewClient(false);
  const CreatePartnerRequest request = CreateRequest("p-1");
  const std::string trace = "0af7651916cd43dd8448eb211c80319c";
  ASSERT_OK(
      client->Call<Partner>(kCreatePartner, request, {.traceparent = StrCat("00-", trace, "-b7ad6b7169203331-01")}));
  GetPartnerRequest get;
  get.set_name("partners/p-1");
  ASSERT_OK(client->Call<Partner>(kGetPartner, get));
  EXPECT_EQ(server.Number(kAudits), 1);
  const Uuid id = *Uuid::Parse(request.request_id());
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM audit WHERE principal = 'manager' AND resource = 'partners/p-1' "
                          "AND method = '/tributary.partner.v1.PartnerService/CreatePartner' "
                          "AND HEX(trace_id) = UPPER(?) AND request_id = ? AND recorded_at = ?",
                          {trace, id, absl::FromUnixMicros(absl::ToUnixMicros(server.clock().Now()))}),
            1);
}

TEST(RequestIdTest, OldIdsArePurged) {
  const auto database = NewDatabase();
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  const Partner reply;
  const auto insert = [&](absl::Time at, int count) {
    for (int i = 0; i < count; ++i) {
      Call call;
      call.method = "m";
      call.identity = std::make_shared<auth::Identity>(auth::Identity{.subject = "s"});
      call.now = at;
      call.request_id = NewRequestId();
      ASSERT_OK(database->Transact({}, [&](mysql::Transaction& sql) {
        const Mutation mutation{.call = &call, .request_sha256 = std::string(32, 'h'), .reply = &reply};
        return RememberReplies(sql, absl::MakeSpan(&mutation, 1), false).status();
      }));
    }
  };
  insert(now - absl::Hours(2), 5);
  insert(now, 3);
  int64_t deleted = 0;
  const auto purge = [&](int limit) {
    EXPECT_OK(database->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(deleted, PurgeReplies(sql, now, limit));
      return absl::OkStatus();
    }));
    return deleted;
  };
  EXPECT_EQ(purge(4), 4);
  EXPECT_EQ(purge(4), 1);
  EXPECT_EQ(purge(4), 0);

  // A server does it by itself once they are seven days old.
  insert(now - absl::Hours(7 * 24) - absl::Minutes(1), 2);
  TestingServer server({.database = database.get()});
  EXPECT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_purged_requests_total") == 2; }));
  EXPECT_EQ(server.Number(kRequests), 3);
}

// A COMMIT that gets no answer. Each on a database server of its own.
class CommitTest : public ::testing::Test {
 protected:
  void Open() {
    mysql::Options options = server_.options("commit");
    options.statement_timeout = absl::Seconds(1);
    options.connect_timeout = absl::Seconds(1);
    auto opened = mysql::Database::Open(options, &registry_);
    ASSERT_OK(opened.status());
    database_ = *std::move(opened);
    ASSERT_OK(MakeTables(*database_));
  }
  tributary::testing::DatabaseServer server_;
  prometheus::Registry registry_;
  std::unique_ptr<mysql::Database> database_;
};

// Runs `last` as the last thing before COMMIT.
void BeforeCommit(Unit& unit, std::function<absl::Status(mysql::Transaction&)> last) {
  events::RowBatch rows;
  rows.shards = {0};
  rows.write = [last = std::move(last)](mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
    // The number that was taken has to belong to something.
    RETURN_IF_ERROR(sql.Execute(
        "INSERT INTO event (shard, seq, recorded_at, verb, name, type, payload) VALUES (?, ?, ?, 'v', 'n', 't', '')",
        {stamps[0].cursor.shard, stamps[0].cursor.seq, stamps[0].recorded_at}));
    return last(sql);
  };
  unit.EmitRows(std::move(rows));
}

TEST_F(CommitTest, ThatBrokeIsRunAgain) {
  Open();
  std::atomic<int> runs{0};
  TestingServer server({.handlers = {.create_partner =
                                         [&](const Call& call, Unit& unit, const auto& request, Partner* reply) {
                                           const bool first = ++runs == 1;
                                           BeforeCommit(unit, [this, first](mysql::Transaction& sql) -> absl::Status {
                                             if (!first) return absl::OkStatus();
                                             ASSIGN_OR_RETURN(const auto rows, sql.Query("SELECT CONNECTION_ID()"));
                                             ASSIGN_OR_RETURN(const auto other,
                                                              mysql::Connection::Open(database_->options()));
                                             return other->Run(StrCat("KILL ", rows[0].Int(0)));
                                           });
                                           return Append(call, unit, request, reply);
                                         }},
                        .database = database_.get()});
  const auto client = server.NewClient(false);
  ASSERT_OK_AND_ASSIGN(const Partner reply, client->Call<Partner>(kCreatePartner, CreateRequest("p-1")));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(server.Number(kThings), 1);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing WHERE id = ?", {reply.uid()}), 1);
}

TEST_F(CommitTest, ThatWasStoredIsAnsweredAsStored) {
  Open();
  std::atomic<int> runs{0};
  TestingServer server({.handlers = {.create_partner =
                                         [&](const Call& call, Unit& unit, const auto& request, Partner* reply) {
                                           if (++runs == 1) {
                                             BeforeCommit(unit, [this](mysql::Transaction&) {
                                               server_.Freeze();
                                               return absl::OkStatus();
                                             });
                                           }
                                           return Append(call, unit, request, reply);
                                         }},
                        .database = database_.get()});
  const auto client = server.NewClient(false);
  const CreatePartnerRequest request = CreateRequest("p-1");
  Partner reply;
  std::jthread caller(
      [&] { EXPECT_OK(client->Call(kCreatePartner, request, &reply, {.timeout = absl::Seconds(60)})); });
  // When the COMMIT's answer has been given up, the server goes on and finds it.
  const auto unknown = [&] {
    const std::string text = prometheus::TextSerializer().Serialize(registry_.Collect());
    return text.find("outcome=\"unknown\",schema=\"commit\"} 1") != std::string::npos;
  };
  EXPECT_TRUE(Eventually(unknown));
  server_.Resume();
  caller.join();
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(server.Number(kThings), 1);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing WHERE id = ?", {reply.uid()}), 1);
  ASSERT_OK_AND_ASSIGN(const Partner again, client->Call<Partner>(kCreatePartner, request));
  EXPECT_EQ(again.uid(), reply.uid());
}

}  // namespace
}  // namespace tributary::rpc::testing
