#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace tributary::rpc {

// The domain of our ErrorInfo.
inline constexpr std::string_view kErrorDomain = "tributary";

// An error as google.rpc.Status: ErrorInfo (reason, metadata), BadRequest, PreconditionFailure and RetryInfo as they
// fit, and the reason's text for people in `language` ("zh..." is Chinese, all else English).
google::rpc::Status ToRpcStatus(const absl::Status& status, std::string_view language);
// The same as gRPC sends it: in trailers, of which callers take 8 KiB and fail for another reason where there are more.
// So a long message is cut, and of many violations the first are told and how many there are besides.
grpc::Status ToGrpc(const absl::Status& status, std::string_view language);

// What came over the wire, with its reason and details; foreign errors keep their code and message.
absl::Status FromRpcStatus(const google::rpc::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace tributary::rpc
