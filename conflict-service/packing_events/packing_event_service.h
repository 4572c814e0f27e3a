#pragma once

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/detection/diversion_detector.h"
#include "tributary/conflict/v1/packing_event.pb.h"

namespace tributary::conflict {

// Takes what is packed in what: facts.
class PackingEventService {
 public:
  explicit PackingEventService(const DiversionDetector& detector) : detector_(detector) {}
  void Register(rpc::Server& server);

  absl::Status BatchImport(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportPackingEventsRequest& request,
                           v1::BatchImportPackingEventsResponse* reply);

 private:
  const DiversionDetector& detector_;
};

}  // namespace tributary::conflict
