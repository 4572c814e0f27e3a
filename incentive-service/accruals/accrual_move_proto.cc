#include "incentive-service/accruals/accrual_move_proto.h"

#include "common/wire/wire.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {

events::EventDraft DraftOf(const AccrualMove& move) {
  v1::AccrualMove message;
  message.set_name(move.key.name());
  message.set_program("programs/" + move.key.program);
  message.set_period(move.key.period);
  message.set_lines(move.sums.lines);
  *message.mutable_move_time() = wire::ToProto(move.at);
  return events::Draft(move.key.partner, "moved", message.name(), message);
}

}  // namespace tributary::incentive
