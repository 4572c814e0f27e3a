#include "incentive-service/facts/fact_consumer.h"

#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/facts/fact_proto.h"

namespace tributary::incentive {

absl::Status FactConsumer::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                 events::Outbox&) const {
  std::vector<FactLine> lines;
  lines.reserve(batch.size());
  tributary::inventory::v1::ShipmentLine message;
  for (const events::Event& event : batch) {
    if (event.type != kShipmentLineType) continue;
    if (!message.ParseFromString(event.payload)) {
      return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", kShipmentLineType));
    }
    ASSIGN_OR_RETURN(FactLine line, FromProto(message, event.cursor, event.recorded_at));
    lines.push_back(std::move(line));
  }
  if (lines.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(programs_.HoldSet(sql));
  ASSIGN_OR_RETURN(const std::vector<Program> programs, programs_.Accruing(sql));
  ASSIGN_OR_RETURN(const LiveChanges changes, facts_.Add(sql, std::move(lines)));
  return accruals_.Apply(sql, MovesOf(programs, changes));
}

}  // namespace tributary::incentive
