#include "common/observability/log.h"

#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cmath>
#include <memory>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::observability {
namespace {

constexpr std::string_view NameOfLevel(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "error";
}

spdlog::level::level_enum SpdlogLevel(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

Level LevelOf(spdlog::level::level_enum level) {
  if (level <= spdlog::level::debug) return Level::kDebug;
  if (level == spdlog::level::info) return Level::kInfo;
  return level == spdlog::level::warn ? Level::kWarning : Level::kError;
}

class JsonFormatter final : public spdlog::formatter {
 public:
  explicit JsonFormatter(std::string process) : process_(std::move(process)) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const std::string line = FormatLine(absl::FromChrono(message.time), LevelOf(message.level), process_,
                                        std::string_view(message.payload.data(), message.payload.size()));
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(process_); }

 private:
  const std::string process_;
};

// The process's log, never destroyed: threads may write to it while static objects go.
const std::shared_ptr<spdlog::logger>& TheLogger() {
  static const auto* const logger = [] {
    auto made = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(std::make_unique<JsonFormatter>(""));
    made->set_level(spdlog::level::info);
    return new std::shared_ptr<spdlog::logger>(std::move(made));
  }();
  return *logger;
}

void Write(Level level, std::string_view message, const LogField* fields, size_t count) {
  if (!LogEnabled(level)) return;
  const std::string payload = FormatPayload(message, fields, count);
  TheLogger()->log(spdlog::source_loc{}, SpdlogLevel(level), spdlog::string_view_t(payload.data(), payload.size()));
}

}  // namespace

absl::StatusOr<Level> ParseLevel(std::string_view name) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    if (name == NameOfLevel(level)) return level;
  }
  return InvalidField("level", name, "debug, info, warn or error");
}

void InitLog(std::string_view process, Level level) {
  TheLogger()->set_formatter(std::make_unique<JsonFormatter>(std::string(process)));
  TheLogger()->set_level(SpdlogLevel(level));
  spdlog::set_default_logger(TheLogger());
}

void InitLog(std::string_view process, std::string_view level) {
  InitLog(process, ParseLevel(level).value_or(Level::kInfo));
}

bool LogEnabled(Level level) { return TheLogger()->should_log(SpdlogLevel(level)); }

void Log(Level level, std::string_view message, std::initializer_list<LogField> fields) {
  Write(level, message, fields.begin(), fields.size());
}

void Log(Level level, std::string_view message, const std::vector<LogField>& fields) {
  Write(level, message, fields.data(), fields.size());
}

std::string FormatLine(absl::Time time, Level level, std::string_view process, std::string_view payload) {
  std::string line;
  line.reserve(payload.size() + 128);
  StrAppend(&line, "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()),
            "\",\"level\":\"", NameOfLevel(level), "\"");
  if (!process.empty()) {
    line += ",\"process\":";
    AppendJsonString(process, &line);
  }
  if (payload.size() > 2 && payload.front() == '{' && payload.back() == '}') {
    line += ',';
    line += payload.substr(1);
    return line;
  }
  line += ",\"message\":";
  AppendJsonString(payload, &line);
  line += '}';
  return line;
}

std::string FormatPayload(std::string_view message, const LogField* fields, size_t field_count) {
  std::string line = "{\"message\":";
  AppendJsonString(message, &line);
  for (size_t i = 0; i < field_count; ++i) {
    line += ',';
    AppendJsonString(fields[i].name, &line);
    line += ':';
    std::visit(
        [&line](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, std::string>) {
            AppendJsonString(value, &line);
          } else if constexpr (std::is_same_v<T, bool>) {
            line += value ? "true" : "false";
          } else if constexpr (std::is_same_v<T, double>) {
            if (std::isfinite(value)) {
              StrAppend(&line, value);
            } else {
              line += "null";
            }
          } else {
            StrAppend(&line, value);
          }
        },
        fields[i].value);
  }
  line += '}';
  return line;
}

}  // namespace tributary::observability
