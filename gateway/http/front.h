#pragma once

// The one way in for outsiders: HTTP/JSON as the google.api.http annotations say, passed on to the services by gRPC.

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/tokens.h"
#include "common/http/server.h"
#include "common/json/json_scan.h"
#include "common/rpc/client.h"
#include "common/time/clock.h"
#include "gateway/http/route_metrics.h"
#include "gateway/http/streams.h"
#include "gateway/transcoding/events.h"
#include "gateway/transcoding/routes.h"
#include "google/protobuf/message.h"

namespace tributary::gateway {

struct FrontOptions {
  const Clock* clock = nullptr;
  const auth::TokenVerifier* verifier = nullptr;
  prometheus::Registry* registry = nullptr;
  std::map<std::string, rpc::Client*> backends;  // by proto package: "tributary.partner.v1"
  JsonLimits json;
  absl::Duration default_timeout = absl::Seconds(10);  // where X-Timeout-Seconds does not say
  absl::Duration max_timeout = absl::Seconds(60);      // longer ones are cut to it
  int stream_limit = 256;  // open streams, a thread each; they last as long as they are told
};

// Handles requests: token (401), route (404, 405), request from path, query and body (400, 413), call, answer. The
// caller's token and traceparent go on with the call; X-Trace-Id comes back with every answer. Never blocks: streams
// have threads of their own.
// Thread-safe; what the options point to outlives it and the calls under way.
class Front {
 public:
  // FAILED_PRECONDITION where the protos' bindings are wrong or contradict each other.
  static absl::StatusOr<std::unique_ptr<Front>> Of(FrontOptions options);
  ~Front();

  void Handle(http::Request request, http::Responder respond);
  // Ends the streams that are open, each with a word to its client; takes no more of them.
  void Stop() { streams_.Stop(); }
  // How the HTTP server says what it refuses by itself.
  http::Response Refusal(int http_status, std::string_view why);

  const Routes& routes() const { return routes_; }

 private:
  struct Exchange;
  Front(FrontOptions options, Routes routes);
  static rpc::CallOptions StreamOptions(const Exchange& exchange, absl::Duration timeout);
  absl::Status Begin(const std::shared_ptr<Exchange>& exchange);
  // A client stream from the lines of a body; a server stream as a body of lines or events.
  absl::Status BeginIncoming(const std::shared_ptr<Exchange>& exchange, const Routes::Found& found);
  absl::Status BeginStream(const std::shared_ptr<Exchange>& exchange,
                           std::unique_ptr<google::protobuf::Message> request);
  void Follow(Exchange& exchange, rpc::StreamReader& reader, StreamForm form);
  // What is counted and logged of an exchange that ends with this code.
  void Account(const Exchange& exchange, int http_status);
  void Answer(Exchange& exchange, http::Response response);
  void Fail(Exchange& exchange, const absl::Status& status, int http_status = 0);

  // Keeps answers that come after the end from a front that has gone: a call may outlive the grace period.
  struct Gate {
    std::shared_mutex mutex;
    bool closed = false;  // under mutex
  };

  const FrontOptions options_;
  const Routes routes_;
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  RouteMetrics metrics_;
  std::map<const Route*, std::unique_ptr<RouteMetrics::Route>> route_metrics_;
  RouteMetrics::Route no_route_;
  Streams streams_;  // last, so that its threads end first
};

}  // namespace tributary::gateway
