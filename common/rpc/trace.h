#pragma once

#include <string>
#include <string_view>

namespace tributary::rpc {

// The trace id (32 hexadecimal digits) of a W3C traceparent header, or a new random one where it has none.
std::string TraceIdOf(std::string_view traceparent);
// A traceparent with this trace id and a new span.
std::string TraceparentOf(std::string_view trace_id);

}  // namespace tributary::rpc
