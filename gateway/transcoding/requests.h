#pragma once

#include "absl/status/status.h"
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

}  // namespace tributary::gateway
