#include "conflict-service/packing_events/packing_event_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "conflict-service/detection/sightings.h"
#include "conflict-service/packing_events/packing_event.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(PackingEvent::Action::kDelete) == v1::PackingEvent::DELETE);

absl::StatusOr<Packed> FromProto(const v1::PackedContent& message) {
  if (!message.container().empty()) {
    if (message.product().empty() && message.serial().empty()) return Packed{"", message.container()};
    return InvalidField("container", message.container(), "nothing beside product and serial");
  }
  RETURN_IF_ERROR(ParseResourceName(message.product(), "products/{product}", "product").status());
  if (message.serial().empty()) return InvalidField("serial", "", "the unit's serial number");
  return Packed{message.product(), message.serial()};
}

absl::StatusOr<PackingEvent> FromProto(const v1::PackingEvent& message) {
  RETURN_IF_ERROR(ParseResourceName(message.name(), "packingEvents/{packing_event}").status());
  PackingEvent event{.name = message.name(),
                     .action = static_cast<PackingEvent::Action>(message.action()),
                     .container = message.container(),
                     .contents = {},
                     .date = {}};
  for (int i = 0; i < message.contents_size(); ++i) {
    absl::StatusOr<Packed> packed = FromProto(message.contents(i));
    if (!packed.ok()) return AtField(packed.status(), StrCat("contents[", i, "]"));
    event.contents.insert(*std::move(packed));
  }
  if (event.action == PackingEvent::Action::kAdd && event.contents.empty()) {
    return InvalidField("contents", "nothing", "what was put in");
  }
  ASSIGN_OR_RETURN(event.date, wire::FromProto(message.pack_date()));
  return event;
}

}  // namespace

void PackingEventService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.PackingEventService", this)
      .Unary("BatchImportPackingEvents", &PackingEventService::BatchImport);
}

absl::Status PackingEventService::BatchImport(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::BatchImportPackingEventsRequest& request,
                                              v1::BatchImportPackingEventsResponse* reply) {
  std::vector<PackingEvent> events;
  for (int i = 0; i < request.packing_events_size(); ++i) {
    absl::StatusOr<PackingEvent> event = FromProto(request.packing_events(i));
    if (!event.ok()) return AtField(event.status(), StrCat("packing_events[", i, "]"));
    events.push_back(*std::move(event));
  }
  RETURN_IF_ERROR(detector_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const Taken taken, TakePackingEvents(unit.sql(), events));
  RETURN_IF_ERROR(detector_.Judge(unit.sql(), taken.affected, call.now, unit.outbox()));
  reply->set_accepted(taken.accepted);
  reply->set_duplicate(request.packing_events_size() - taken.accepted);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
