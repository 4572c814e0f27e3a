#pragma once

// For tests: this service as it runs, on a real database, behind a real server, following a real feed.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/tokens.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status_matchers.h"
#include "common/time/clock.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/service.h"
#include "prometheus/registry.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::incentive {

inline bool Eventually(const std::function<bool()>& holds, absl::Duration patience = absl::Seconds(60)) {
  const absl::Time deadline = absl::Now() + patience;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

// Keys that the processes of one test share.
class TestKeys {
 public:
  TestKeys() {
    const auth::TokenSigner::KeyPair keys = *auth::TokenSigner::NewKeyPair("test");
    signer_ = *auth::TokenSigner::FromJwk(keys.private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(keys.public_jwks);
  }
  const auth::TokenVerifier& verifier() const { return *verifier_; }
  // Of the principal `subject`; "test/{partner}" where it is empty.
  std::string Token(api::v1::Role role, std::string partner = "", std::string subject = "") const {
    if (subject.empty()) subject = "test/" + partner;
    return *signer_->Sign({.subject = std::move(subject), .roles = {role}, .partner = std::move(partner)}, absl::Now(),
                          absl::Hours(1));
  }
  std::unique_ptr<rpc::Client> NewClient(int port, api::v1::Role role, std::string partner = "",
                                         std::string subject = "") const {
    return std::make_unique<rpc::Client>(
        rpc::ClientOptions{.address = "127.0.0.1:" + std::to_string(port),
                           .token = [token = Token(role, std::move(partner), std::move(subject))] { return token; }});
  }

 private:
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
};

// A feed of shipment lines, served as inventory-service serves its own. `database` has the schemas of rpc and events.
class ShipmentFeed {
 public:
  ShipmentFeed(const TestKeys& keys, mysql::Database& database)
      : database_(database),
        feed_(database, {}, nullptr),
        server_(
            rpc::Frame{.clock = &clock_, .database = &database, .verifier = &keys.verifier(), .registry = &registry_},
            rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(1)}),
        service_(events::ServeFeed(server_, database, &feed_)) {
    EXPECT_OK(feed_.Start());
    EXPECT_OK(server_.Start());
  }
  ~ShipmentFeed() {
    feed_.Stop();
    server_.Drain();
  }

  int port() const { return server_.port(); }
  // In one transaction.
  void Tell(const std::vector<inventory::v1::ShipmentLine>& lines) {
    std::vector<events::EventDraft> drafts;
    for (const inventory::v1::ShipmentLine& line : lines) {
      drafts.push_back(events::Draft(PartnerOf(line.partner()), "recorded", line.name(), line));
    }
    TellEvents(drafts);
  }
  void Tell(const partner::v1::ExchangeRate& rate) {
    TellEvents({events::Draft(rate.name(), "recorded", rate.name(), rate)});
  }
  // A fact of a partner's, whatever it is.
  template <typename Fact>
  void TellFact(const Fact& fact) {
    TellEvents({events::Draft(PartnerOf(fact.name()), "recorded", fact.name(), fact)});
  }
  // In one transaction, in this order.
  void TellEvents(const std::vector<events::EventDraft>& drafts) {
    EXPECT_OK(database_.Transact({}, [&](mysql::Transaction& sql) {
      events::Outbox outbox;
      for (const events::EventDraft& draft : drafts) outbox.Add(draft);
      return outbox.Write(sql);
    }));
    feed_.Poke();
  }
  std::vector<int64_t> Heads() {
    EXPECT_OK(feed_.Refresh());
    return feed_.Heads();
  }

 private:
  mysql::Database& database_;
  const SystemClock clock_;
  prometheus::Registry registry_;
  events::Feed feed_;
  rpc::Server server_;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> service_;
};

// A process of this service. `database` has the schemas of rpc, events and incentive.
class IncentiveProcess {
 public:
  // The feed of that port tells what inventory-service tells, and what partner-service does; so with conflict-service
  // where it has no port of its own, and with partner-service where there is no client of it.
  IncentiveProcess(const TestKeys& keys, mysql::Database& database, int feed_port, std::string owner = "one",
                   int conflict_port = 0, std::unique_ptr<rpc::Client> partner = nullptr)
      : inventory_(keys.NewClient(feed_port, api::v1::SERVICE)),
        partner_(partner != nullptr ? std::move(partner) : keys.NewClient(feed_port, api::v1::SERVICE)),
        conflict_(keys.NewClient(conflict_port == 0 ? feed_port : conflict_port, api::v1::SERVICE)),
        server_(rpc::Frame{.clock = &clock_,
                           .database = &database,
                           .verifier = &keys.verifier(),
                           .registry = &registry_,
                           .committed = [this] { service_->Committed(); }},
                rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(1)}),
        service_(std::make_unique<Service>(Parts{.database = database,
                                                 .clock = clock_,
                                                 .page_tokens = page_tokens_,
                                                 .inventory_service = *inventory_,
                                                 .partner_service = *partner_,
                                                 .conflict_service = *conflict_,
                                                 .server = server_,
                                                 .registry = &registry_,
                                                 .owner = std::move(owner)})) {
    EXPECT_OK(server_.Start());
    EXPECT_OK(service_->Start());
  }
  ~IncentiveProcess() {
    service_->Stop();
    server_.Drain();
  }

  int port() const { return server_.port(); }

 private:
  const SystemClock clock_;
  const PageTokens page_tokens_{"page tokens are sealed with this, in tests alone"};
  prometheus::Registry registry_;
  std::unique_ptr<rpc::Client> inventory_;
  std::unique_ptr<rpc::Client> partner_;
  std::unique_ptr<rpc::Client> conflict_;
  rpc::Server server_;
  std::unique_ptr<Service> service_;
};

// Whether everything told by `feed`, which is all that the process follows, has had its effect in `database`.
inline bool CaughtUp(ShipmentFeed& feed, mysql::Database& database) {
  const std::vector<int64_t> heads = feed.Heads();
  return Eventually([&] {
    bool reached = false;
    EXPECT_OK(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      reached = true;
      for (const char* name : {"inventory", "partner", "conflict"}) {
        std::vector<int64_t> applied(heads.size());
        ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors, events::AppliedCursors(sql, name));
        for (const events::Cursor& cursor : cursors) applied[cursor.shard] = cursor.seq;
        reached = reached && applied == heads;
      }
      return absl::OkStatus();
    }));
    return reached;
  });
}

// The answer of an operation that must be done.
template <typename Reply>
Reply AnswerOf(const google::longrunning::Operation& operation) {
  Reply reply;
  EXPECT_TRUE(operation.done() && operation.response().UnpackTo(&reply)) << operation.ShortDebugString();
  return reply;
}

}  // namespace tributary::incentive
