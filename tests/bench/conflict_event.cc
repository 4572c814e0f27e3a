// From a fact to what it decides, over gRPC: 2,000 sales a second, ten in a commit, told on a feed that
// conflict-service follows; every tenth lies in a region that its seller was not granted. What is timed is from the
// COMMIT of the sale to the arrival of its finding at who reads conflict-service's feed. The peer follows the same
// feed, stores the same rows and tells of the same sales, and looks at nothing.

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/clock.h"
#include "common/wire/wire.h"
#include "conflict-service/facts/fact_reader.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sale_key_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/facts/sold_store.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "inventory-service/testing_service.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "tests/bench/bench.h"
#include "tests/support/database_server.h"
#include "tributary/conflict/v1/finding.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::bench {
namespace {

using inventory::v1::SellThroughSale;

constexpr int kGroup = 10;                                // sales in a commit; the first lies outside
constexpr absl::Duration kEvery = absl::Milliseconds(5);  // 2,000 sales a second
constexpr absl::Duration kPatience = absl::Seconds(60);   // for the last finding of a round
constexpr int kPartners = 50;
constexpr char kSaleType[] = "tributary.inventory.v1.SellThroughSale";

std::unique_ptr<mysql::Database> WithFeed() { return testing::FreshDatabase({&schema::events(), &schema::rpc()}); }
std::unique_ptr<mysql::Database> WithFacts() {
  return testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::conflict()});
}

SellThroughSale NthSale(int n) {
  SellThroughSale sale;
  const int partner = n / kGroup % kPartners;
  sale.set_name(StrCat("partners/p-", partner, "/sales/", n));
  sale.set_document(StrCat("INV-", n));
  sale.set_product("products/bike");
  sale.set_product_line("productLines/bikes");
  sale.mutable_quantity()->set_value("1");
  *sale.mutable_sale_date() = wire::ToProto(Date::FromYmd(2026, 6, 1).value());
  sale.set_region(StrCat("regions/r-", n % kGroup == 0 ? (partner + 1) % kPartners : partner));
  return sale;
}

// Each partner may sell in one region.
absl::Status PutGrants(mysql::Transaction& sql) {
  std::vector<conflict::RegionFact> regions;
  std::vector<conflict::PartnerFact> partners;
  std::vector<conflict::Grant> grants;
  for (int i = 0; i < kPartners; ++i) {
    const std::string region = StrCat("regions/r-", i), partner = StrCat("partners/p-", i);
    regions.push_back({region, ""});
    partners.push_back({partner});
    conflict::Grant grant;
    grant.name = StrCat(partner, "/territoryGrants/r-", i);
    grant.partner = partner;
    grant.scope.regions = {region};
    grant.scope.time.start = Date::FromYmd(2026, 1, 1).value();
    grant.scope.time.end = Date::FromYmd(2027, 1, 1).value();
    grants.push_back(grant);
  }
  RETURN_IF_ERROR(conflict::RegionStore().Put(sql, regions).status());
  RETURN_IF_ERROR(conflict::GrantStore().PutPartners(sql, partners));
  return conflict::GrantStore().Put(sql, grants);
}

rpc::Frame FrameOf(const inventory::TestKeys& keys, const Clock& clock, mysql::Database& database,
                   prometheus::Registry& registry, std::function<void()> committed) {
  return {.clock = &clock,
          .database = &database,
          .verifier = &keys.verifier(),
          .registry = &registry,
          .committed = std::move(committed)};
}

rpc::ServerOptions AnyPort() { return {.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)}; }

rpc::ClientOptions ClientOf(const inventory::TestKeys& keys, int port) {
  return {.address = StrCat("127.0.0.1:", port), .token = [&keys] { return keys.Token(api::v1::SERVICE); }};
}

// A feed that others follow.
class Source {
 public:
  explicit Source(const inventory::TestKeys& keys)
      : database_(WithFeed()),
        feed_(*database_, {}, nullptr),
        server_(FrameOf(keys, clock_, *database_, registry_, {}), AnyPort()),
        service_(events::ServeFeed(server_, *database_, &feed_)) {
    Must(feed_.Start(), "feed");
    Must(server_.Start(), "server");
  }
  ~Source() {
    feed_.Stop();
    server_.Drain();
  }
  int port() const { return server_.port(); }

  // In one commit.
  void Tell(int first) {
    Must(database_->Transact({},
                             [&](mysql::Transaction& sql) {
                               events::Outbox outbox;
                               for (int n = first; n < first + kGroup; ++n) {
                                 const SellThroughSale sale = NthSale(n);
                                 const std::string partner = StrCat("p-", first / kGroup % kPartners);
                                 outbox.Add(events::Draft(partner, "recorded", sale.name(), sale));
                               }
                               return outbox.Write(sql);
                             }),
         "sales");
    feed_.Poke();
  }

 private:
  const SystemClock clock_{};
  prometheus::Registry registry_;
  const std::unique_ptr<mysql::Database> database_;
  events::Feed feed_;
  rpc::Server server_;
  const std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> service_;
};

// conflict-service; only the feed of sales is served to it.
class Judge {
 public:
  Judge(const inventory::TestKeys& keys, int source)
      : database_(WithFacts()),
        nobody_({.address = "127.0.0.1:1"}),
        inventory_(ClientOf(keys, source)),
        server_(FrameOf(keys, clock_, *database_, registry_, [this] { service_.Committed(); }), AnyPort()),
        service_({.database = *database_,
                  .clock = clock_,
                  .page_tokens = tokens_,
                  .partner_service = nobody_,
                  .inventory_service = inventory_,
                  .incentive_service = nobody_,
                  .server = server_,
                  .registry = &registry_,
                  .owner = "bench"}) {
    Must(database_->Transact({}, [](mysql::Transaction& sql) { return PutGrants(sql); }), "grants");
    Must(server_.Start(), "server");
    Must(service_.Start(), "conflict-service");
  }
  ~Judge() {
    service_.Stop();
    server_.Drain();
  }
  int port() const { return server_.port(); }

 private:
  const SystemClock clock_{};
  prometheus::Registry registry_;
  const PageTokens tokens_{std::string(32, 'k')};
  const std::unique_ptr<mysql::Database> database_;
  rpc::Client nobody_, inventory_;
  rpc::Server server_;
  conflict::Service service_;
};

class Keeper {
 public:
  Keeper(const inventory::TestKeys& keys, int source)
      : database_(WithFacts()),
        inventory_(ClientOf(keys, source)),
        feed_(*database_, {}, nullptr),
        server_(FrameOf(keys, clock_, *database_, registry_, {}), AnyPort()),
        service_(events::ServeFeed(server_, *database_, &feed_)),
        consumer_(
            *database_, inventory_, clock_,
            {.feed = "inventory",
             .payload_types = {kSaleType},
             .owner = "bench",
             .committed = [this] { feed_.Poke(); }},
            [](mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
              return Keep(sql, events, outbox);
            },
            &registry_) {
    Must(feed_.Start(), "feed");
    Must(server_.Start(), "server");
    consumer_.Start();
  }
  ~Keeper() {
    consumer_.Stop();
    feed_.Stop();
    server_.Drain();
  }
  int port() const { return server_.port(); }

 private:
  static absl::Status Keep(mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
    ASSIGN_OR_RETURN(const conflict::FactBatch facts, conflict::ReadFacts(events));
    RETURN_IF_ERROR(conflict::SaleStore().Put(sql, facts.sales));
    RETURN_IF_ERROR(conflict::SaleKeyStore().Put(sql, facts.sale_keys));
    RETURN_IF_ERROR(conflict::SoldStore().Put(sql, facts.sold));
    for (const conflict::Sale& sale : facts.sales) {
      conflict::v1::Finding told;
      told.add_subjects(sale.name);
      int n = 0;
      if (!absl::SimpleAtoi(Abseil(sale.name.substr(sale.name.rfind('/') + 1)), &n) || n % kGroup != 0) continue;
      outbox.Add(events::Draft(sale.name, "opened", sale.name, told));
    }
    return absl::OkStatus();
  }

  const SystemClock clock_{};
  prometheus::Registry registry_;
  const std::unique_ptr<mysql::Database> database_;
  rpc::Client inventory_;
  events::Feed feed_;
  rpc::Server server_;
  const std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> service_;
  events::Consumer consumer_;
};

// Reads a feed, and when the finding of which sale came.
class Arrivals {
 public:
  Arrivals(const inventory::TestKeys& keys, int port) : client_(ClientOf(keys, port)) {
    events::v1::StreamEventsRequest request;
    for (int shard = 0; shard < events::kShards; ++shard) request.add_cursors()->set_shard(shard);
    request.add_payload_types(conflict::v1::Finding::descriptor()->full_name());
    stream_ = client_.OpenStream("tributary.events.v1.FeedService/StreamEvents", request);
    thread_ = std::thread([this] { Read(); });
  }
  ~Arrivals() {
    stream_->Cancel();
    thread_.join();
    (void)stream_->Finish();
  }

  // The findings of all groups up to `end`, in their order.
  std::vector<absl::Time> Wait(int end) {
    std::unique_lock lock(mutex_);
    const bool all = more_.wait_for(lock, absl::ToChronoMilliseconds(kPatience),
                                    [&] { return came_ >= static_cast<size_t>(end / kGroup); });
    if (!all) Must(absl::DataLossError(StrCat(came_, " findings of ", end / kGroup)), "conflict_event");
    return at_;
  }

 private:
  void Read() {
    events::v1::StreamEventsResponse message;
    while (stream_->Read(&message)) {
      const absl::Time now = absl::Now();
      std::lock_guard lock(mutex_);
      for (const events::v1::Event& event : message.events()) {
        conflict::v1::Finding finding;
        int n = 0;
        if (!finding.ParseFromString(event.payload().value()) || finding.subjects_size() != 1) continue;
        const std::string& sale = finding.subjects(0);
        if (!absl::SimpleAtoi(Abseil(sale.substr(sale.rfind('/') + 1)), &n)) continue;
        const size_t group = static_cast<size_t>(n / kGroup);
        if (at_.size() <= group) at_.resize(group + 1, absl::InfiniteFuture());
        if (at_[group] != absl::InfiniteFuture()) continue;
        at_[group] = now;
        ++came_;
      }
      more_.notify_all();
    }
  }

  rpc::Client client_;
  std::unique_ptr<rpc::StreamReader> stream_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<absl::Time> at_;  // by group; guarded by mutex_
  size_t came_ = 0;             // guarded by mutex_
  std::thread thread_;
};

template <typename Follower>
class Side {
 public:
  explicit Side(const inventory::TestKeys& keys)
      : source_(keys), follower_(keys, source_.port()), arrivals_(keys, follower_.port()) {}

  // Findings a second, one in the time that 99 of 100 keep.
  double Round(const char* who, absl::Duration round) {
    const int groups = std::max(20, static_cast<int>(round / kEvery));
    const int first = next_;
    const absl::Time start = absl::Now();
    std::vector<absl::Time> told;
    for (int i = 0; i < groups; ++i) {
      absl::SleepFor(start + i * kEvery - absl::Now());
      source_.Tell(next_);
      told.push_back(absl::Now());
      next_ += kGroup;
    }
    const absl::Duration took = absl::Now() - start;
    const std::vector<absl::Time> at = arrivals_.Wait(next_);
    std::vector<double> seconds;
    for (int i = 0; i < groups; ++i) {
      seconds.push_back(absl::ToDoubleSeconds(at[static_cast<size_t>(first / kGroup + i)] - told[i]));
    }
    std::sort(seconds.begin(), seconds.end());
    // A reader may know before the teller does.
    const double p99 = std::max(seconds[(seconds.size() * 99 + 99) / 100 - 1], 1e-6);
    std::fprintf(stderr, "conflict_event: %s: %.0f sales/s, p50 %.2f ms, p99 %.2f ms\n", who,
                 groups * kGroup / absl::ToDoubleSeconds(took), 1000 * seconds[seconds.size() / 2], 1000 * p99);
    return 1 / p99;
  }

 private:
  Source source_;
  Follower follower_;
  Arrivals arrivals_;
  int next_ = 0;
};

}  // namespace

void ConflictEvent(const Settings& settings) {
  const inventory::TestKeys keys;
  Side<Judge> ours(keys);
  Side<Keeper> theirs(keys);
  // 200 findings/s at p99 are one in 5 ms.
  Compare(
      {.name = "conflict_event",
       .unit = "findings/s at p99, 2,000 sales/s",
       .peer = "the same rows stored and told of, nothing looked at",
       .goal = 0.5},
      settings, [&] { return ours.Round("judged", settings.round); },
      [&] { return theirs.Round("stored", settings.round); });
}

}  // namespace tributary::bench
