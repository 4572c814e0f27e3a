// The gateway: HTTP/JSON for outsiders, passed on to the services.

#include "common/http/server.h"
#include "common/process/process.h"
#include "gateway/http/front.h"

int main(int argc, char** argv) {
  using namespace tributary;
  process::Process process({.name = "gateway",
                            .serves_grpc = false,
                            .has_database = false,
                            .peers = {"partner", "inventory", "incentive", "conflict"}},
                           argc, argv);
  if (absl::Status status = process.Open(); !status.ok()) return process.Fail(status);

  auto front = gateway::Front::Of({.clock = &process.clock(),
                                   .verifier = &process.verifier(),
                                   .registry = &process.registry(),
                                   .backends = {{"tributary.partner.v1", &process.peer("partner")},
                                                {"tributary.inventory.v1", &process.peer("inventory")},
                                                {"tributary.incentive.v1", &process.peer("incentive")},
                                                {"tributary.conflict.v1", &process.peer("conflict")}}});
  if (!front.ok()) return process.Fail(front.status());

  http::Server server({.address = process.config().listen,
                       .max_body_bytes = JsonLimits().max_bytes,
                       .grace_period = process.config().grace_period,
                       .refusal = [&](int status, std::string_view why) { return (*front)->Refusal(status, why); }},
                      [&](http::Request request, http::Responder respond) {
                        (*front)->Handle(std::move(request), std::move(respond));
                      });
  return process.Serve({.started = [&] { return server.Start(); },
                        .stopping =
                            [&] {
                              (*front)->Stop();
                              server.Drain();
                            }});
}
