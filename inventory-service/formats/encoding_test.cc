#include "inventory-service/formats/encoding.h"

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "unicode/unistr.h"

namespace tributary::inventory {
namespace {

std::string In(const char* encoding, const std::string& utf8) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  std::string out(static_cast<size_t>(text.length()) * 4 + 4, '\0');
  out.resize(
      static_cast<size_t>(text.extract(0, text.length(), out.data(), static_cast<uint32_t>(out.size()), encoding)));
  return out;
}

std::string Read(std::string_view bytes, std::string_view declared = {}) {
  const auto decoded = DecodeText(bytes, declared);
  return decoded.ok() ? StrCat(decoded->encoding, ": ", decoded->text) : std::string(decoded.status().message());
}

constexpr const char* kText = "产品,数量\n渠成𠮷,5\n";

TEST(EncodingTest, IsFound) {
  EXPECT_EQ(Read("a,b\n"), "UTF-8: a,b\n");
  EXPECT_EQ(Read(kText), StrCat("UTF-8: ", kText));
  EXPECT_EQ(Read(StrCat("\xEF\xBB\xBF", kText)), StrCat("UTF-8: ", kText));
  EXPECT_EQ(Read(In("gb18030", kText)), StrCat("GB18030: ", kText));
  EXPECT_EQ(Read(In("UTF-16LE", kText)), StrCat("UTF-16LE: ", kText));
  EXPECT_EQ(Read(In("UTF-16BE", kText)), StrCat("UTF-16BE: ", kText));
  EXPECT_EQ(Read(StrCat("\xFF\xFE", In("UTF-16LE", "渠成"))), "UTF-16LE: 渠成");
  EXPECT_EQ(Read(StrCat("\xFE\xFF", In("UTF-16BE", "渠成"))), "UTF-16BE: 渠成");
  EXPECT_EQ(Read(""), "UTF-8: ");
}

TEST(EncodingTest, IsAsDeclared) {
  EXPECT_EQ(Read(In("Big5", "數量"), "big5"), "Big5: 數量");
  EXPECT_EQ(Read(In("Shift_JIS", "数量"), "Shift_JIS"), "Shift_JIS: 数量");
  EXPECT_EQ(Read("caf\xE9", "windows-1252"), "windows-1252: café");
  EXPECT_EQ(Read(In("gb18030", "渠成"), "GBK"), "GB18030: 渠成");
  EXPECT_THAT(DecodeText("a", "latin9"), Blames("encoding"));
  // A mark that says otherwise is no accident.
  EXPECT_EQ(Read("\xEF\xBB\xBF"
                 "a",
                 "GB18030"),
            "encoding: got 'the byte order mark of UTF-8', want GB18030 as declared");
}

TEST(EncodingTest, MalformedBytesAreMarked) {
  // One bad byte does not make Chinese text of a UTF-8 file.
  EXPECT_EQ(Read("产品数量\xC3,渠成\n"), "UTF-8: 产品数量\xC3,渠成\n");
  EXPECT_EQ(Read(StrCat(In("gb18030", "产品数量渠成"), "\xFF,1\n")), "GB18030: 产品数量渠成\xFF,1\n");
  EXPECT_EQ(Read("\x81", "GB18030"), "GB18030: \xFF");
  const std::string lone_surrogate(
      "a\0\x00\xD8"
      "b\0",
      6);
  EXPECT_EQ(Read(lone_surrogate, "UTF-16LE"),
            "UTF-16LE: a\xFF"
            "b");
  EXPECT_EQ(Read(std::string_view("a\0b", 3), "UTF-16LE"), "UTF-16LE: a\xFF");
}

TEST(EncodingTest, LongTextsAreCutNowhere) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "x𠮷产";
  EXPECT_EQ(Read(In("gb18030", text)), StrCat("GB18030: ", text));
  EXPECT_EQ(Read(StrCat("\xFF\xFE", In("UTF-16LE", text))), StrCat("UTF-16LE: ", text));
  EXPECT_EQ(Read(StrCat("\xFF\xFE", In("UTF-16LE", "y" + text))), StrCat("UTF-16LE: y", text));
}

}  // namespace
}  // namespace tributary::inventory
