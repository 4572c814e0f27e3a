#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/identity.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace tributary::rpc {

// The access rule of one method, compiled from its tributary.api.v1.access option. Immutable.
class AccessRule {
 public:
  // FAILED_PRECONDITION where the option is missing or names what the request does not have.
  static absl::StatusOr<AccessRule> Of(const google::protobuf::MethodDescriptor& method);

  // Whether one of the caller's roles may call the method, whatever it asks for.
  absl::Status CheckRole(const auth::Identity& identity) const;
  // OK, or PERMISSION_DENIED. For a partner user the decision rests on the request's names alone, never on what exists.
  absl::Status Check(const auth::Identity& identity, const google::protobuf::Message& request) const;

 private:
  std::string method_;
  uint32_t roles_ = 0;  // bit r is role r
  bool shared_reference_ = false;
  std::vector<const google::protobuf::FieldDescriptor*> partner_path_;
};

}  // namespace tributary::rpc
