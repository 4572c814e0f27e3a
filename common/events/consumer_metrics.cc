#include "common/events/consumer_metrics.h"

namespace tributary::events {
namespace {

prometheus::Gauge& Gauge(prometheus::Registry& registry, const char* name, const char* help, const std::string& feed) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({{"feed", feed}});
}

prometheus::Counter& Counter(prometheus::Registry& registry, const char* name, const char* help,
                             const std::string& feed) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({{"feed", feed}});
}

}  // namespace

ConsumerMetrics::ConsumerMetrics(prometheus::Registry* registry, const std::string& feed)
    : own_(registry == nullptr ? std::make_unique<prometheus::Registry>() : nullptr),
      registry_(registry == nullptr ? *own_ : *registry),
      lag(Gauge(registry_, "tributary_feed_consumer_lag_events",
                "Durable events of the feed's shards held by this process that it has not applied", feed)),
      held(Gauge(registry_, "tributary_feed_consumer_held_shards", "Shards of the feed held by this process", feed)),
      halted(Gauge(registry_, "tributary_feed_consumer_halted",
                   "1 where the feed was rewound or purged behind this consumer, which then waits for somebody", feed)),
      applied(
          Counter(registry_, "tributary_feed_consumer_applied_events_total", "Events applied by this process", feed)),
      parked(Counter(registry_, "tributary_feed_consumer_parked_events_total",
                     "Events that could not be applied and were put aside", feed)),
      restarts(Counter(registry_, "tributary_feed_consumer_restarts_total",
                       "Times that this process began anew after an error", feed)) {}

}  // namespace tributary::events
