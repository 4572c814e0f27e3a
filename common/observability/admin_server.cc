#include "common/observability/admin_server.h"

#include <utility>

#include "common/http/server.h"
#include "prometheus/text_serializer.h"

namespace tributary::observability {
namespace {

http::Response Answer(const http::Request& request, const prometheus::Collectable& registry,
                      const std::function<bool()>& ready) {
  if (request.method != "GET" && request.method != "HEAD") {
    return {.status = 405, .body = "only GET\n", .headers = {{"Allow", "GET, HEAD"}}};
  }
  if (request.Path() == "/metrics") {
    return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
            .body = prometheus::TextSerializer().Serialize(registry.Collect())};
  }
  if (request.Path() == "/healthz") return {.body = "ok\n"};
  if (request.Path() == "/readyz") {
    if (ready()) return {.body = "ready\n"};
    return {.status = 503, .body = "not ready\n"};
  }
  return {.status = 404, .body = "here are /metrics, /healthz and /readyz\n"};
}

}  // namespace

AdminServer::AdminServer(std::string address, std::shared_ptr<const prometheus::Collectable> registry,
                         std::function<bool()> ready) {
  const http::ServerOptions options{.address = std::move(address),
                                    .threads = 1,
                                    .max_connections = 64,
                                    .max_body_bytes = 0,
                                    .header_timeout = absl::Seconds(5),
                                    .grace_period = absl::Seconds(1)};
  server_ = std::make_unique<http::Server>(options, [registry = std::move(registry), ready = std::move(ready)](
                                                        const http::Request& request, const http::Responder& respond) {
    respond(Answer(request, *registry, ready));
  });
}

AdminServer::~AdminServer() = default;

absl::Status AdminServer::Start() { return server_->Start(); }
int AdminServer::port() const { return server_->port(); }
void AdminServer::Stop() { server_->Drain(); }

}  // namespace tributary::observability
