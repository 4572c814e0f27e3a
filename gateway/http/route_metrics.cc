#include "gateway/http/route_metrics.h"

#include <algorithm>
#include <utility>

namespace tributary::gateway {
namespace {

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto& buckets =
      *new prometheus::Histogram::BucketBoundaries{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
  return buckets;
}

}  // namespace

RouteMetrics::RouteMetrics(prometheus::Registry& registry)
    : requests_(prometheus::BuildCounter()
                    .Name("tributary_gateway_requests_total")
                    .Help("HTTP requests answered, by route of the protos and HTTP code.")
                    .Register(registry)),
      durations_(prometheus::BuildHistogram()
                     .Name("tributary_gateway_request_duration_seconds")
                     .Help("Time from a whole request to its answer.")
                     .Register(registry)),
      in_flight_(prometheus::BuildGauge()
                     .Name("tributary_gateway_requests_in_flight")
                     .Help("HTTP requests that wait for their answer.")
                     .Register(registry)
                     .Add({})) {}

RouteMetrics::Route::Route(RouteMetrics& all, std::string method, std::string pattern)
    : all_(all),
      method_(std::move(method)),
      pattern_(std::move(pattern)),
      duration_(all.durations_.Add({{"method", method_}, {"route", pattern_}}, Buckets())) {}

void RouteMetrics::Route::Answered(int http_status, absl::Duration took) {
  std::atomic<prometheus::Counter*>& slot = by_code_[static_cast<size_t>(std::clamp(http_status, 0, 599))];
  prometheus::Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Add answers with the same counter to whoever comes first or later.
    counter = &all_.requests_.Add({{"method", method_}, {"route", pattern_}, {"code", std::to_string(http_status)}});
    slot.store(counter, std::memory_order_release);
  }
  counter->Increment();
  duration_.Observe(absl::ToDoubleSeconds(took));
}

}  // namespace tributary::gateway
