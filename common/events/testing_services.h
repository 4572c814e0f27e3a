#pragma once

// For the integration tests of feeds: a service that has one, and the database of a service that consumes it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/tokens.h"
#include "common/events/feed.h"
#include "common/events/feed_service.h"
#include "common/events/testing_consumer.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"

namespace tributary::events {

// Waits for what must come.
inline bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

// A service that has a feed.
class Source {
 public:
  Source() : database_(testing::FreshDatabase({&schema::events(), &schema::rpc()})) {
    const auth::TokenSigner::KeyPair keys = *auth::TokenSigner::NewKeyPair("test");
    signer_ = *auth::TokenSigner::FromJwk(keys.private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(keys.public_jwks);
    Serve("127.0.0.1:0");
  }
  ~Source() { StopServing(); }

  void Serve(const std::string& address) {
    feed_ = std::make_unique<Feed>(*database_, std::vector<RowSource>{}, nullptr);
    EXPECT_OK(feed_->Start());
    registry_ = std::make_unique<prometheus::Registry>();
    server_ = std::make_unique<rpc::Server>(
        rpc::Frame{
            .clock = &clock_, .database = database_.get(), .verifier = verifier_.get(), .registry = registry_.get()},
        rpc::ServerOptions{.address = address, .grace_period = absl::Seconds(5)});
    service_ = ServeFeed(*server_, *database_, feed_.get());
    EXPECT_OK(server_->Start());
    port_ = server_->port();
  }
  void StopServing() {
    if (server_ == nullptr) return;
    feed_->Stop();
    server_->Drain();
    server_.reset();
    service_.reset();
    feed_.reset();
  }

  std::string address() const { return StrCat("127.0.0.1:", port_); }
  std::string Token(api::v1::Role role = api::v1::SERVICE) const {
    return *signer_->Sign({.subject = "test", .roles = {role}}, absl::Now(), absl::Hours(1));
  }
  std::unique_ptr<rpc::Client> NewClient(api::v1::Role role = api::v1::SERVICE) const {
    return std::make_unique<rpc::Client>(
        rpc::ClientOptions{.address = address(), .token = [this, role] { return Token(role); }});
  }

  // One transaction; each name is a key of its own.
  void Tell(const std::vector<std::string>& names, const std::string& verb = "created",
            const std::string& type = "test.Thing") {
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
      Outbox outbox;
      for (const std::string& name : names) outbox.Add({name, verb, name, type, "payload"});
      return outbox.Write(sql);
    }));
    if (feed_ != nullptr) feed_->Poke();
  }
  int64_t Head() const {
    int64_t head = 0;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM feed"));
      head = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return head;
  }
  mysql::Database& database() { return *database_; }
  Feed& feed() { return *feed_; }

 private:
  SystemClock clock_;
  const std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Feed> feed_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<FeedService, void (*)(FeedService*)> service_{nullptr, [](FeedService*) {}};
  int port_ = 0;
};

// The database of a service that consumes.
class Sink {
 public:
  Sink() : database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &EffectSchema()})) {}

  mysql::Database& database() { return *database_; }
  std::vector<int64_t> Column(const std::string& sql_text) const {
    std::vector<int64_t> values;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      values.clear();
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(sql_text));
      for (const mysql::Row& row : rows) values.push_back(row.Int(0));
      return absl::OkStatus();
    }));
    return values;
  }
  int64_t Number(const std::string& sql_text) const { return Column(sql_text).at(0); }
  int64_t Applied() const { return Number("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM consumer"); }
  int64_t Effects() const { return Number("SELECT COUNT(*) FROM effect"); }
  // Every event has its effect once: as many rows as (shard, seq), and as many events of this service's own.
  void ExpectEachOnce(int64_t want) const {
    EXPECT_EQ(Effects(), want);
    EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT DISTINCT shard, seq FROM effect) d"), want);
    EXPECT_EQ(Number("SELECT COUNT(*) FROM event"), want);
    EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT DISTINCT name FROM event) d"), want);
    EXPECT_EQ(Number("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM feed"), want);
  }

 private:
  const std::unique_ptr<mysql::Database> database_;
};

// Names that nobody had before.
inline std::vector<std::string> NewNames(int count) {
  static int next = 0;
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(StrCat("things/", next++));
  return names;
}

}  // namespace tributary::events
