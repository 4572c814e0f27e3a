#pragma once

// Which method an HTTP request means, as the google.api.http annotations of the protos say.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/transcoding/path_template.h"
#include "google/protobuf/descriptor.h"

namespace tributary::gateway {

// A path through messages to a field: "partner.name".
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// One binding of one method.
struct Route {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string verb;     // of HTTP: "GET"
  std::string pattern;  // as the proto has it
  PathTemplate path;
  std::vector<FieldPath> variables;  // the fields of path.variables
  // The body is the whole request, one field of it, or there must be none.
  enum class Body { kNone, kWhole, kField };
  Body body = Body::kNone;
  const google::protobuf::FieldDescriptor* body_field = nullptr;
};

// Methods of the generated protos in these packages that have a binding and are not internal.
std::vector<const google::protobuf::MethodDescriptor*> PublicMethods(const std::vector<std::string>& packages);

// Immutable once built.
class Routes {
 public:
  // FAILED_PRECONDITION for a binding that is wrong (no such field, a stream both ways, a client stream that is not the
  // whole body) and for two that one request would fit.
  static absl::StatusOr<Routes> Of(const std::vector<const google::protobuf::MethodDescriptor*>& methods);
  Routes(Routes&&) noexcept;
  Routes& operator=(Routes&&) noexcept;
  ~Routes();

  struct Found {
    const Route* route = nullptr;      // null: no binding of this path takes the HTTP verb
    std::vector<std::string> values;   // of route->variables
    std::vector<std::string> allowed;  // where route is null: the verbs that the path takes; empty: no such path
  };
  // A literal segment is preferred to a "*". INVALID_ARGUMENT for a path that cannot be decoded.
  absl::StatusOr<Found> Find(std::string_view verb, std::string_view path) const;

  const std::vector<std::unique_ptr<Route>>& all() const { return routes_; }

 private:
  struct Node;
  Routes();
  absl::Status Add(std::unique_ptr<Route> route);

  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

// A field by its path in proto or JSON names below a message; empty where there is none. Only the last may be repeated.
FieldPath FindField(const google::protobuf::Descriptor& message, std::string_view path);

}  // namespace tributary::gateway
