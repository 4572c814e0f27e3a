#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace tributary::rpc {

// The grpc_server_* families of one process.
struct MetricFamilies {
  explicit MetricFamilies(prometheus::Registry& registry);
  prometheus::Family<prometheus::Counter>& started;
  prometheus::Family<prometheus::Counter>& handled;
  prometheus::Family<prometheus::Histogram>& handling_seconds;
  prometheus::Counter& shed;
  prometheus::Counter& replayed;
  prometheus::Histogram& group_calls;
  prometheus::Gauge& queued;
  prometheus::Gauge& open_streams;
};

// The metrics of one method; references are looked up once. Thread-safe.
class MethodMetrics {
 public:
  MethodMetrics(MetricFamilies& families, std::string_view type, std::string_view service, std::string_view method);
  void Started() { started_.Increment(); }
  void Handled(absl::StatusCode code, absl::Duration took);

 private:
  MetricFamilies& families_;
  const std::string type_, service_, method_;
  prometheus::Counter& started_;
  std::atomic<prometheus::Counter*> handled_[17] = {};
  prometheus::Histogram* seconds_[3];  // ok, client_error, server_error
};

}  // namespace tributary::rpc
