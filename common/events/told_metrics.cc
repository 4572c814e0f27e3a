#include "common/events/told_metrics.h"

namespace tributary::events {

ToldMetrics::ToldMetrics(prometheus::Registry* registry)
    : own_(registry == nullptr ? std::make_unique<prometheus::Registry>() : nullptr),
      family_(
          prometheus::BuildCounter()
              .Name("tributary_feed_told_events_total")
              .Help("Events that this process committed to its feed, by what they are about and what happened to it")
              .Register(registry == nullptr ? *own_ : *registry)) {}

void ToldMetrics::Count(const std::vector<Told>& told) {
  std::lock_guard lock(mutex_);
  for (const Told& sort : told) {
    prometheus::Counter*& counter = counters_[{sort.noun, sort.verb}];
    if (counter == nullptr) counter = &family_.Add({{"noun", sort.noun}, {"verb", sort.verb}});
    counter->Increment(static_cast<double>(sort.events));
  }
}

}  // namespace tributary::events
