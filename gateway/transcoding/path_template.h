#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::gateway {

// The path of a google.api.http rule: "/v1/{name=partners/*/deals/*}:withdraw".
struct PathTemplate {
  struct Segment {
    enum class Kind { kLiteral, kOne, kRest };  // "partners", "*", "**"
    Kind kind = Kind::kLiteral;
    std::string literal;
  };
  struct Variable {
    std::string field_path;  // "partner.name"
    size_t first = 0;        // its segments are [first, last); a "**" among them reaches to the end of the path
    size_t last = 0;
  };
  std::vector<Segment> segments;
  std::vector<Variable> variables;
  std::string verb;  // behind the last ':'; may be empty

  // With its variables' names left out: what two equal ones would fight for. "/v1/partners/*/deals/*:withdraw".
  std::string Shape() const;
};

// FAILED_PRECONDITION where the text is none: it is an error of the proto file.
absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text);

// A path of a request cut into its decoded segments and its verb. A segment that decodes to something with '/', NUL or
// no valid UTF-8 is INVALID_ARGUMENT.
struct RequestPath {
  std::vector<std::string> segments;
  std::string verb;
};
absl::StatusOr<RequestPath> ParseRequestPath(std::string_view path);

// Undoes %XX; with `plus_is_space` also '+', as in queries. INVALID_ARGUMENT (field `where`) for a broken %, NUL and
// text that is not UTF-8.
absl::StatusOr<std::string> PercentDecode(std::string_view text, bool plus_is_space, std::string_view where);

}  // namespace tributary::gateway
