#include "common/text/text.h"

#include <vector>

#include "gtest/gtest.h"

namespace tributary {
namespace {

TEST(TextTest, StrCatTakesEveryKindOfText) {
  const std::string string = "s";
  const std::string_view std_view = "v";
  const absl::string_view absl_view = "w";
  EXPECT_EQ(StrCat(string, std_view, absl_view, "c", 7, int64_t{-8}, absl::Hex(255)), "svwc7-8ff");
  std::string out = "x";
  StrAppend(&out, std_view, 1);
  EXPECT_EQ(out, "xv1");
  EXPECT_EQ(StrCat(), "");
  EXPECT_EQ(StrJoin(std::vector<std::string_view>{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(StrJoin(std::vector<int>{1}, ", "), "1");
  EXPECT_EQ(StrJoin(std::vector<int>{}, ", "), "");
}

TEST(TextTest, Utf8IsWhatTheRfcSays) {
  for (std::string_view good : {"", "a", "\x7F", "é", "渠成", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF",
                                "\xED\x9F\xBF", "\xEE\x80\x80"}) {
    EXPECT_TRUE(IsUtf8(good)) << Printable(good);
  }
  EXPECT_TRUE(IsUtf8(std::string_view("\0", 1)));
  for (std::string_view bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xE4\xB8", "\xED\xA0\x80",
                               "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xFE"}) {
    EXPECT_FALSE(IsUtf8(bad)) << Printable(bad);
  }
}

TEST(TextTest, OneLineHasNoControlCharacter) {
  for (std::string_view good : {"", "a b", "渠成", "\xC2\x85", "~"}) EXPECT_TRUE(IsOneLine(good)) << Printable(good);
  for (std::string_view bad : {"\n", "a\tb", "\x1F", "渠\x7F"}) EXPECT_FALSE(IsOneLine(bad)) << Printable(bad);
  EXPECT_FALSE(IsOneLine(std::string_view("\0", 1)));
}

TEST(TextTest, PrintableIsValidAndShort) {
  EXPECT_EQ(Printable("渠成\n\xFF\x7F"), "渠成\\x0a\\xff\\x7f");
  EXPECT_EQ(Printable("渠成渠成", 3), "渠成渠...");
  EXPECT_EQ(Printable("abc", 3), "abc");
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  EXPECT_TRUE(IsUtf8(Printable(every, 1000)));
}

TEST(TextTest, JsonStringsAreEscaped) {
  std::string out = "x:";
  AppendJsonString(std::string_view("a\"\\/\n\t\0\x7F\xFF渠", 12), &out);
  EXPECT_EQ(out, "x:\"a\\\"\\\\/\\n\\u0009\\u0000\\u007f\xEF\xBF\xBD渠\"");
}

}  // namespace
}  // namespace tributary
