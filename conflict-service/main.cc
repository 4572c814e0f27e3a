// conflict-service: deal registrations, and what the rules see in the facts of the channel.

#include <optional>

#include "common/process/process.h"
#include "conflict-service/census.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "rpc_schema.h"

int main(int argc, char** argv) {
  using namespace tributary;
  process::Process process({.name = "conflict-service",
                            .peers = {"partner", "inventory", "incentive"},
                            .schemas = {&schema::rpc(), &schema::events(), &schema::conflict()}},
                           argc, argv);
  if (absl::Status status = process.Open(); !status.ok()) return process.Fail(status);

  conflict::Service service({.database = process.database(),
                             .clock = process.clock(),
                             .page_tokens = process.page_tokens(),
                             .partner_service = process.peer("partner"),
                             .inventory_service = process.peer("inventory"),
                             .incentive_service = process.peer("incentive"),
                             .server = process.server(),
                             .registry = &process.registry(),
                             .owner = process.instance()});
  process.OnCommitted([&service] { service.Committed(); });
  process::Census census(process.database(), process.registry());
  conflict::AddCensus(census, process.registry());
  return process.Serve({.started =
                            [&] {
                              census.Start();
                              return service.Start();
                            },
                        .stopping =
                            [&] {
                              census.Stop();
                              service.Stop();
                            }});
}
