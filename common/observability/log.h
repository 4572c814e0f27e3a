#pragma once

// The log of a process: one JSON object a line on stderr.
//
//   Log(Level::kInfo, "listening", {{"address", address}, {"threads", 4}});
//   {"time":"2024-05-06T07:08:09.123456Z","level":"info","process":"gateway","message":"listening","address":"...","threads":4}
//
// spdlog's own functions end in the same log: a message that is a JSON object gives its members to the line, any other
// becomes the member `message`.
//
// A line says what happened to which resource, never what people wrote: no bodies, no names of people, no tokens.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tributary::observability {

enum class Level { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warn", "error".
absl::StatusOr<Level> ParseLevel(std::string_view name);

// One member of the line. Names are literals in lower_snake_case; time, level, process and message are taken.
struct LogField {
  template <typename T>
  LogField(std::string_view name_in, const T& value_in) : name(name_in), value(Of(value_in)) {}

  std::string_view name;
  std::variant<std::string, int64_t, uint64_t, double, bool> value;

 private:
  template <typename T>
  static decltype(value) Of(const T& in) {
    if constexpr (std::is_same_v<T, bool>) {
      return in;
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<double>(in);
    } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
      return static_cast<int64_t>(in);
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<uint64_t>(in);
    } else {
      return std::string(std::string_view(in));
    }
  }
};

// Once, at the start of main. Before it lines carry no process, and debug lines are dropped.
void InitLog(std::string_view process, Level level);
// With a level as the command line takes it; an unknown one is info.
void InitLog(std::string_view process, std::string_view level);

bool LogEnabled(Level level);
// Thread-safe; the line is written before it returns.
void Log(Level level, std::string_view message, std::initializer_list<LogField> fields = {});
void Log(Level level, std::string_view message, const std::vector<LogField>& fields);

// The line without its line break. `payload` is a JSON object's text or any other text; what is not valid UTF-8 becomes
// U+FFFD in the latter.
std::string FormatLine(absl::Time time, Level level, std::string_view process, std::string_view payload);
// A JSON object of message and fields.
std::string FormatPayload(std::string_view message, const LogField* fields, size_t field_count);

}  // namespace tributary::observability
