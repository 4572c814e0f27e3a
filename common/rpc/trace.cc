#include "common/rpc/trace.h"

#include <algorithm>
#include <random>

#include "absl/strings/ascii.h"
#include "common/text/text.h"

namespace tributary::rpc {
namespace {

std::string RandomHex(int digits) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  std::string out;
  while (static_cast<int>(out.size()) < digits) StrAppend(&out, absl::Hex(random(), absl::kZeroPad16));
  out.resize(static_cast<size_t>(digits));
  return out;
}

}  // namespace

std::string TraceIdOf(std::string_view traceparent) {
  // version "-" trace id (32) "-" parent (16) "-" flags (2)
  if (traceparent.size() >= 55 && traceparent[2] == '-' && traceparent[35] == '-') {
    const std::string_view id = traceparent.substr(3, 32);
    const bool hex =
        std::all_of(id.begin(), id.end(), [](char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
    if (hex && id != std::string(32, '0')) return std::string(id);
  }
  return RandomHex(32);
}

std::string TraceparentOf(std::string_view trace_id) { return StrCat("00-", trace_id, "-", RandomHex(16), "-01"); }

}  // namespace tributary::rpc
