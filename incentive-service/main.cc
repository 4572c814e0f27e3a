// incentive-service: rebate programs, what partners accrue under them, and the statements they are paid by.

#include "common/process/process.h"
#include "events_schema.h"
#include "incentive-service/census.h"
#include "incentive-service/service.h"
#include "incentive_schema.h"
#include "rpc_schema.h"

int main(int argc, char** argv) {
  using namespace tributary;
  process::Process process({.name = "incentive-service",
                            .peers = {"inventory", "partner", "conflict"},
                            .schemas = {&schema::events(), &schema::rpc(), &schema::incentive()}},
                           argc, argv);
  if (const absl::Status opened = process.Open(); !opened.ok()) return process.Fail(opened);

  incentive::Service service({.database = process.database(),
                              .clock = process.clock(),
                              .page_tokens = process.page_tokens(),
                              .inventory_service = process.peer("inventory"),
                              .partner_service = process.peer("partner"),
                              .conflict_service = process.peer("conflict"),
                              .server = process.server(),
                              .registry = &process.registry(),
                              .owner = process.instance()});
  process.OnCommitted([&service] { service.Committed(); });
  process::Census census(process.database(), process.registry());
  incentive::AddCensus(census, process.registry());
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
