#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/http/message.h"
#include "common/json/json_scan.h"
#include "gateway/transcoding/routes.h"
#include "google/protobuf/message.h"

namespace tributary::gateway {

// Fills the empty `message`, the request of the found route's method, from path, query and body. What the path names is
// set from it; a body that says otherwise is refused. Parameters name fields (also nested ones, by proto or JSON names)
// that are neither the path's nor the body's. INVALID_ARGUMENT names each field that is wrong, unknown or given twice.
absl::Status ReadRequest(const Routes::Found& found, const http::Request& request, const JsonLimits& limits,
                         google::protobuf::Message* message);

// The messages of a client stream, a line of the body each (application/x-ndjson). Errors name the line's place:
// "messages[2].rows".
absl::StatusOr<std::vector<std::unique_ptr<google::protobuf::Message>>> ReadMessages(const Routes::Found& found,
                                                                                     const http::Request& request,
                                                                                     const JsonLimits& limits);

}  // namespace tributary::gateway
