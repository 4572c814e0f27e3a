#include "common/json/json_scan.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace tributary {
namespace {

using testing::HasSubstr;

TEST(JsonScanTest, ReadsWhatTheRfcWrites) {
  const auto value =
      ScanJson(" {\"a\": [1, -0, 0.5e-3, true, false, null, \"x\\u00e9\\ud83d\\ude00\\n\\/渠\"], \"\": {}}\r\n\t");
  ASSERT_TRUE(value.ok()) << value.status();
  ASSERT_EQ(value->kind, JsonValue::Kind::kObject);
  ASSERT_EQ(value->members.size(), 2u);
  EXPECT_EQ(value->members[0].key, "a");
  const auto& items = value->members[0].value.items;
  ASSERT_EQ(items.size(), 7u);
  EXPECT_EQ(items[0].token, "1");
  EXPECT_EQ(items[2].token, "0.5e-3");
  EXPECT_EQ(items[3].kind, JsonValue::Kind::kBool);
  EXPECT_EQ(items[5].kind, JsonValue::Kind::kNull);
  EXPECT_EQ(items[6].text, "xé\xF0\x9F\x98\x80\n/渠");
  EXPECT_EQ(value->members[1].key, "");
}

std::string Nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonScanTest, RefusesEverythingElse) {
  struct Row {
    std::string text;
    const char* want;  // a part of the message
  };
  for (const Row& row : std::vector<Row>{
           {"", "got the end of the text, want a value"},
           {" ", "want a value"},
           {"{", "want a key in double quotation marks"},
           {"{\"a\"", "want ':'"},
           {"{\"a\":", "want a value"},
           {"{\"a\":1", "want ',' or '}'"},
           {"[1", "want ',' or ']'"},
           {"\"a", "want '\"' at the end"},
           {"{'a':1}", "want a key in double quotation marks"},
           {"{\"a\":'b'}", "want a value"},
           {"{a:1}", "want a key in double quotation marks"},
           {"{\"a\":1,}", "want a key in double quotation marks"},
           {"[1,]", "want a value"},
           {"[,1]", "want a value"},
           {"[1 2]", "want ',' or ']'"},
           {"{\"a\":1 \"b\":2}", "want ',' or '}'"},
           {"+5", "want a value"},
           {"-", "want a digit"},
           {"05", "leading 0"},
           {"-01", "leading 0"},
           {".5", "want a value"},
           {"5.", "want a digit"},
           {"1e", "want a digit"},
           {"1e+", "want a digit"},
           {"0x10", "want nothing behind the value"},
           {"NaN", "want a value"},
           {"Infinity", "want a value"},
           {"-Infinity", "want a digit"},
           {"nul", "want a value"},
           {"True", "want a value"},
           {"undefined", "want a value"},
           {"1 2", "want nothing behind the value"},
           {"{}{}", "want nothing behind the value"},
           {"{} // c", "want nothing behind the value"},
           {"/* c */ {}", "want a value"},
           {"\xEF\xBB\xBF{}", "want a value"},
           {"\"a\nb\"", "control characters"},
           {std::string("\"a\0b\"", 5), "control characters"},
           {"\"\\x41\"", "one of"},
           {"\"\\\"", "at the end of the string"},
           {"\"\\", "an escape"},
           {"\"\\u12\"", "four hexadecimal digits"},
           {"\"\\u12g4\"", "four hexadecimal digits"},
           {"\"\\ud800\"", "high surrogate alone"},
           {"\"\\ud800\\u0041\"", "high surrogate alone"},
           {"\"\\udc00\"", "low surrogate alone"},
           {"\"\xFF\"", "valid UTF-8"},
           {"\"\xC0\x80\"", "valid UTF-8"},
           {"\"\xED\xA0\x80\"", "valid UTF-8"},
           {"{\"\xFF\":1}", "valid UTF-8"},
           {"{\"a\":1,\"a\":2}", "(a): got the same key twice"},
           {"{\"a\":1,\"\\u0061\":2}", "the same key twice"},
           {"{\"x\":[{\"b\":{\"a\":1,\"a\":2}}]}", "(x[0].b.a): got the same key twice"},
           {Nested(33), "at most 32 levels"},
           {std::string(100000, '['), "at most 32 levels"},
           {std::string(65, '1'), "at most 64"},
           {"\xC2\xA0{}", "want a value"},
       }) {
    const absl::Status status = ScanJson(row.text).status();
    EXPECT_EQ(ReasonOf(status), Reason::kMalformedJson) << row.text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.want)) << row.text;
  }
  EXPECT_TRUE(ScanJson(Nested(32)).ok());
}

TEST(JsonScanTest, SaysWhere) {
  const absl::Status status = ScanJson("{\n  \"partner\": {\"names\": [\"a\", tru]}\n}").status();
  EXPECT_EQ(status.message(), "JSON, line 2, column 30 (partner.names[1]): got 'tru]}\\x0a}', want a value");
  const ErrorDetail detail = DetailOf(status);
  ASSERT_EQ(detail.violations.size(), 1u);
  EXPECT_EQ(detail.violations[0].field, "partner.names[1]");
  ASSERT_EQ(detail.metadata.size(), 2u);
  EXPECT_EQ(detail.metadata[0].second, "2");
}

TEST(JsonScanTest, FindsADuplicateAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  EXPECT_TRUE(ScanJson(text + "\"k\":0}").ok());
  for (const char* again : {"k0", "k15", "k16", "k4999"}) {
    EXPECT_FALSE(ScanJson(text + "\"" + again + "\":0}").ok()) << again;
  }
}

TEST(JsonScanTest, IsBounded) {
  EXPECT_EQ(ReasonOf(ScanJson(std::string(100, ' '), {.max_bytes = 99}).status()), Reason::kPayloadTooLarge);
  std::string zeros = "[0";
  for (int i = 0; i < 300000; ++i) zeros += ",0";
  EXPECT_THAT(std::string(ScanJson(zeros + "]").status().message()), HasSubstr("at most 200000 values"));
  // Inputs that cost a careless parser quadratic time or worse.
  std::string nested;
  for (int i = 0; i < 31; ++i) nested += "{\"a\":";
  const std::string evil = nested + "\"" + std::string(3'000'000, 'x') + "\"" + std::string(31, '}');
  const absl::Time began = absl::Now();
  EXPECT_TRUE(ScanJson(evil).ok());
  EXPECT_LT(absl::Now() - began, absl::Seconds(2));
}

TEST(JsonScanTest, AgreesWithAnotherStrictParser) {
  // Every small text over an alphabet of what JSON is made of.
  const std::string alphabet = "{}[]\":,0-.e1tn ";
  std::vector<std::string> texts = {""};
  size_t compared = 0;
  for (int length = 0; length < 5; ++length) {
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const char c : alphabet) {
        longer.push_back(text + c);
        ASSERT_EQ(ScanJson(longer.back()).ok(), nlohmann::json::accept(longer.back())) << longer.back();
        ++compared;
      }
    }
    texts = std::move(longer);
  }
  EXPECT_GT(compared, 800000u);
}

}  // namespace
}  // namespace tributary
