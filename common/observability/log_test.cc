#include "common/observability/log.h"

#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "spdlog/spdlog.h"

namespace tributary::observability {
namespace {

std::string Format(std::string_view message, const std::vector<LogField>& fields) {
  return FormatLine(absl::FromUnixMicros(1714979289123456), Level::kInfo, "gateway",
                    FormatPayload(message, fields.data(), fields.size()));
}

TEST(LogTest, WritesOneJsonObject) {
  EXPECT_EQ(Format("listening", {{"address", "127.0.0.1:1"},
                                 {"threads", 4},
                                 {"bytes", std::numeric_limits<uint64_t>::max()},
                                 {"lag", int64_t{-1}},
                                 {"seconds", 0.25},
                                 {"ready", true},
                                 {"ratio", std::nan("")}}),
            R"({"time":"2024-05-06T07:08:09.123456Z","level":"info","process":"gateway","message":"listening",)"
            R"("address":"127.0.0.1:1","threads":4,"bytes":18446744073709551615,"lag":-1,"seconds":0.25,"ready":true,)"
            R"("ratio":null})");
}

TEST(LogTest, NothingBreaksOutOfItsLine) {
  const std::string evil =
      std::string("a\"b\\c\n\r\t\x01\x7f\0\xff\xc3\x28", 14) + "渠成 \xF0\x9F\x8E\x89 \xE2\x80\xA8";
  const std::string line = Format(evil, {{"field", evil}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto parsed = nlohmann::json::parse(line, nullptr, false);
  ASSERT_TRUE(parsed.is_object()) << line;
  const std::string want =
      std::string("a\"b\\c\n\r\t\x01\x7f\0", 11) + "\xEF\xBF\xBD\xEF\xBF\xBD(渠成 \xF0\x9F\x8E\x89 \xE2\x80\xA8";
  EXPECT_EQ(parsed["message"], want);
  EXPECT_EQ(parsed["field"], want);
}

TEST(LogTest, TakesTextsOfOthers) {
  const auto format = [](std::string_view payload) {
    return FormatLine(absl::FromUnixMicros(1714979289123456), Level::kWarning, "", payload);
  };
  const std::string head = R"({"time":"2024-05-06T07:08:09.123456Z","level":"warn",)";
  EXPECT_EQ(format("plain \"text\""), head + R"("message":"plain \"text\""})");
  EXPECT_EQ(format(R"({"event":"serving"})"), head + R"("event":"serving"})");
  EXPECT_EQ(format("{}"), head + R"("message":"{}"})");
  EXPECT_EQ(format(""), head + R"("message":""})");
}

TEST(LogTest, LevelsByName) {
  EXPECT_EQ(*ParseLevel("debug"), Level::kDebug);
  EXPECT_EQ(*ParseLevel("error"), Level::kError);
  EXPECT_FALSE(ParseLevel("INFO").ok());
  EXPECT_FALSE(ParseLevel("").ok());
}

TEST(LogTest, ManyThreadsWriteWholeLines) {
  testing::internal::CaptureStderr();
  InitLog("test", Level::kInfo);
  EXPECT_FALSE(LogEnabled(Level::kDebug));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 100; ++i) {
        Log(Level::kInfo, "{} %s", {{"thread", t}, {"text", std::string(500, 'x')}});
        Log(Level::kDebug, "not seen");
        spdlog::debug("not seen");
        spdlog::info("{\"message\":\"{} %s\"}");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int lines = 0;
  for (const auto line : absl::StrSplit(testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty())) {
    const auto parsed = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
    ASSERT_TRUE(parsed.is_object()) << line;
    EXPECT_EQ(parsed["message"], "{} %s");
    EXPECT_EQ(parsed["process"], "test");
    ++lines;
  }
  EXPECT_EQ(lines, 800);
}

}  // namespace
}  // namespace tributary::observability
