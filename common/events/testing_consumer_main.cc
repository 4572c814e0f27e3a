// A process that consumes until it has reached a head, or until it kills itself at a given step:
//   events_testing_consumer ADDRESS USER PASSWORD SCHEMA SOURCE TOKEN OWNER HEAD [STEP TIMES]
// HEAD is the sum of the source's heads. Killed by SIGKILL at the step's TIMES-th passing; else exit code 0.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "common/events/testing_consumer.h"
#include "common/status/status.h"

namespace tributary::events {
namespace {

absl::Status Run(int argc, char** argv) {
  if (argc < 9) return absl::InvalidArgumentError("too few arguments");
  ASSIGN_OR_RETURN(const auto database,
                   mysql::Database::Open(
                       {.address = argv[1], .user = argv[2], .password = argv[3], .schema = argv[4], .pool_size = 4}));
  rpc::Client source({.address = argv[5], .token = [token = std::string(argv[6])] { return token; }});
  int64_t head = 0;
  int left = 0;
  if (!absl::SimpleAtoi(argv[8], &head)) return absl::InvalidArgumentError("HEAD");
  const std::string step = argc > 10 ? argv[9] : "";
  if (argc > 10 && !absl::SimpleAtoi(argv[10], &left)) return absl::InvalidArgumentError("TIMES");
  SystemClock clock;
  Consumer consumer(*database, source, clock,
                    {.feed = "source",
                     .payload_types = {"test.Thing"},
                     .owner = argv[7],
                     .batch = 8,
                     .lease = absl::Milliseconds(600),
                     .at_step =
                         [&](std::string_view at) {
                           if (at == step && --left == 0) kill(getpid(), SIGKILL);
                         }},
                    ApplyEffects, nullptr);
  consumer.Start();
  while (true) {
    int64_t applied = 0;
    RETURN_IF_ERROR(database->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      applied = 0;
      ASSIGN_OR_RETURN(const std::vector<Cursor> cursors, AppliedCursors(sql, "source"));
      for (const Cursor& cursor : cursors) applied += cursor.seq;
      return absl::OkStatus();
    }));
    if (applied == head) break;
    absl::SleepFor(absl::Milliseconds(5));
  }
  consumer.Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tributary::events

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const absl::Status status = tributary::events::Run(argc, argv);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
