#pragma once

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/detection/diversion_detector.h"
#include "tributary/conflict/v1/scan_event.pb.h"

namespace tributary::conflict {

// Takes scans of units: facts.
class ScanEventService {
 public:
  explicit ScanEventService(const DiversionDetector& detector) : detector_(detector) {}
  void Register(rpc::Server& server);

  absl::Status BatchImport(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportScanEventsRequest& request,
                           v1::BatchImportScanEventsResponse* reply);

 private:
  const DiversionDetector& detector_;
};

}  // namespace tributary::conflict
