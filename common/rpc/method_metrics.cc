#include "common/rpc/method_metrics.h"

namespace tributary::rpc {
namespace {

constexpr std::string_view kCodeNames[17] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

enum Outcome { kOk, kClientError, kServerError };

Outcome OutcomeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return kOk;
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
      return kServerError;
    default:
      return kClientError;
  }
}

}  // namespace

MetricFamilies::MetricFamilies(prometheus::Registry& registry)
    : started(
          prometheus::BuildCounter().Name("grpc_server_started_total").Help("Calls that arrived.").Register(registry)),
      handled(prometheus::BuildCounter()
                  .Name("grpc_server_handled_total")
                  .Help("Calls that were answered, by code.")
                  .Register(registry)),
      handling_seconds(prometheus::BuildHistogram()
                           .Name("grpc_server_handling_seconds")
                           .Help("Time from arrival to answer.")
                           .Register(registry)),
      shed(prometheus::BuildCounter()
               .Name("tributary_rpc_shed_total")
               .Help("Calls refused because the queue was full.")
               .Register(registry)
               .Add({})),
      replayed(prometheus::BuildCounter()
                   .Name("tributary_rpc_replayed_total")
                   .Help("Calls answered from their request id.")
                   .Register(registry)
                   .Add({})),
      group_calls(prometheus::BuildHistogram()
                      .Name("tributary_rpc_group_calls")
                      .Help("Calls that were decided together in one transaction.")
                      .Register(registry)
                      .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64, 128})),
      queued(prometheus::BuildGauge()
                 .Name("tributary_rpc_queued_calls")
                 .Help("Calls that wait for a worker.")
                 .Register(registry)
                 .Add({})),
      open_streams(prometheus::BuildGauge()
                       .Name("tributary_rpc_open_streams")
                       .Help("Streams that are open, of servers and of clients.")
                       .Register(registry)
                       .Add({})) {}

MethodMetrics::MethodMetrics(MetricFamilies& families, std::string_view type, std::string_view service,
                             std::string_view method)
    : families_(families),
      type_(type),
      service_(service),
      method_(method),
      started_(families.started.Add({{"grpc_type", type_}, {"grpc_service", service_}, {"grpc_method", method_}})) {
  const prometheus::Histogram::BucketBoundaries buckets{0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                        0.05,    0.1,    0.25,  0.5,    1,     2.5,  10};
  const char* outcomes[] = {"ok", "client_error", "server_error"};
  for (int i = 0; i < 3; ++i) {
    seconds_[i] = &families.handling_seconds.Add(
        {{"grpc_type", type_}, {"grpc_service", service_}, {"grpc_method", method_}, {"outcome", outcomes[i]}},
        buckets);
  }
}

void MethodMetrics::Handled(absl::StatusCode code, absl::Duration took) {
  const int index = static_cast<int>(code) & 31;
  const int slot = index < 17 ? index : 2;
  prometheus::Counter* counter = handled_[slot].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Adding the same labels twice gives the same counter, so a race here is harmless.
    counter = &families_.handled.Add({{"grpc_type", type_},
                                      {"grpc_service", service_},
                                      {"grpc_method", method_},
                                      {"grpc_code", std::string(kCodeNames[slot])}});
    handled_[slot].store(counter, std::memory_order_release);
  }
  counter->Increment();
  seconds_[OutcomeOf(code)]->Observe(absl::ToDoubleSeconds(took));
}

}  // namespace tributary::rpc
