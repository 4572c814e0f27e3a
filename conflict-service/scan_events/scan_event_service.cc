#include "conflict-service/scan_events/scan_event_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "conflict-service/detection/sightings.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(Scan::Kind::kWarranty) == v1::ScanEvent::WARRANTY);

absl::StatusOr<Scan> FromProto(const v1::ScanEvent& message) {
  RETURN_IF_ERROR(ParseResourceName(message.name(), "scanEvents/{scan_event}").status());
  if (message.container().empty()) {
    RETURN_IF_ERROR(ParseResourceName(message.product(), "products/{product}", "product").status());
    if (message.serial().empty()) return InvalidField("serial", "", "the unit's serial number, or a container");
  } else if (!message.product().empty() || !message.serial().empty()) {
    return InvalidField("container", message.container(), "nothing beside product and serial");
  }
  RETURN_IF_ERROR(ParseResourceName(message.region(), "regions/{region}", "region").status());
  Scan scan{.name = message.name(),
            .kind = static_cast<Scan::Kind>(message.kind()),
            .product = message.product(),
            .serial = message.serial(),
            .container = message.container(),
            .region = message.region()};
  ASSIGN_OR_RETURN(scan.date, wire::FromProto(message.scan_date()));
  return scan;
}

}  // namespace

void ScanEventService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.ScanEventService", this)
      .Unary("BatchImportScanEvents", &ScanEventService::BatchImport);
}

absl::Status ScanEventService::BatchImport(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::BatchImportScanEventsRequest& request,
                                           v1::BatchImportScanEventsResponse* reply) {
  std::vector<Scan> scans;
  for (int i = 0; i < request.scan_events_size(); ++i) {
    absl::StatusOr<Scan> scan = FromProto(request.scan_events(i));
    if (!scan.ok()) return AtField(scan.status(), StrCat("scan_events[", i, "]"));
    scans.push_back(*std::move(scan));
  }
  RETURN_IF_ERROR(detector_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const Taken taken, TakeScans(unit.sql(), scans));
  RETURN_IF_ERROR(detector_.Judge(unit.sql(), taken.affected, call.now, unit.outbox()));
  reply->set_accepted(taken.accepted);
  reply->set_duplicate(request.scan_events_size() - taken.accepted);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
