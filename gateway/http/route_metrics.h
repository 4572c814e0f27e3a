#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace tributary::gateway {

// What is counted of each route: as many label values as the protos have bindings, whatever callers send.
//   tributary_gateway_requests_total{method, route, code}
//   tributary_gateway_request_duration_seconds{method, route}
//   tributary_gateway_requests_in_flight
class RouteMetrics {
 public:
  explicit RouteMetrics(prometheus::Registry& registry);

  // One route's own. References stay valid; Answered takes no lock once a code has been seen.
  class Route {
   public:
    Route(RouteMetrics& all, std::string method, std::string pattern);
    void Answered(int http_status, absl::Duration took);

   private:
    RouteMetrics& all_;
    const std::string method_;
    const std::string pattern_;
    prometheus::Histogram& duration_;
    std::array<std::atomic<prometheus::Counter*>, 600> by_code_{};
  };

  prometheus::Gauge& in_flight() { return in_flight_; }

 private:
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Gauge& in_flight_;
};

}  // namespace tributary::gateway
