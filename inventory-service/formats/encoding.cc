#include "inventory-service/formats/encoding.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "unicode/ucnv.h"
#include "unicode/ucnv_cb.h"
#include "unicode/ustring.h"

namespace tributary::inventory {
namespace {

struct Encoding {
  std::string_view name;
  const char* converter;
};
constexpr Encoding kEncodings[] = {
    {"UTF-8", nullptr},        {"UTF-16LE", "UTF-16LE"},
    {"UTF-16BE", "UTF-16BE"},  {"GB18030", "gb18030"},
    {"GBK", "gb18030"},        {"GB2312", "gb18030"},
    {"Big5", "Big5"},          {"Shift_JIS", "Shift_JIS"},
    {"EUC-KR", "windows-949"}, {"windows-1252", "windows-1252"},
};

struct ByteOrderMark {
  std::string_view bytes;
  std::string_view encoding;
};
constexpr ByteOrderMark kMarks[] = {
    {"\xEF\xBB\xBF", "UTF-8"}, {"\xFF\xFE", "UTF-16LE"}, {"\xFE\xFF", "UTF-16BE"}, {"\x84\x31\x95\x33", "GB18030"}};

// UTF-16 without a mark: every other byte of its digits and delimiters is zero.
std::string_view Utf16ByZeros(std::string_view bytes) {
  const size_t looked_at = std::min<size_t>(bytes.size(), 64 << 10);
  size_t zeros[2] = {0, 0};
  for (size_t i = 0; i < looked_at; ++i) zeros[i % 2] += bytes[i] == '\0';
  if ((zeros[0] + zeros[1]) * 16 < looked_at || looked_at < 2) return {};
  if (zeros[1] > 2 * zeros[0]) return "UTF-16LE";
  if (zeros[0] > 2 * zeros[1]) return "UTF-16BE";
  return {};
}

// Whether the text is meant as UTF-8: all of it is, or more of its characters beyond ASCII are than bytes are not. Text
// in GB18030 has few pairs of bytes that happen to be UTF-8.
bool MeantAsUtf8(std::string_view bytes) {
  size_t good = 0;
  size_t bad = 0;
  while (!bytes.empty()) {
    if (static_cast<unsigned char>(bytes[0]) < 0x80) {
      bytes.remove_prefix(1);
      continue;
    }
    const size_t length = Utf8SequenceLength(bytes);
    (length == 0 ? bad : good) += 1;
    bytes.remove_prefix(std::max<size_t>(length, 1));
  }
  return bad == 0 || good > bad;
}

// U+FFFF, which is no character, for what the converter cannot read.
void MarkMalformed(const void*, UConverterToUnicodeArgs* args, const char*, int32_t, UConverterCallbackReason reason,
                   UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;
  *error = U_ZERO_ERROR;
  constexpr UChar kMark = 0xFFFF;
  ucnv_cbToUWriteUChars(args, &kMark, 1, 0, error);
}

absl::StatusOr<std::string> Convert(std::string_view bytes, const char* converter_name) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(converter_name, &error), &ucnv_close);
  if (U_SUCCESS(error)) {
    ucnv_setToUCallBack(converter.get(), &MarkMalformed, nullptr, nullptr, nullptr, &error);
  }
  std::string out;
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  std::vector<UChar> units(32 << 10);
  size_t kept = 0;  // a high surrogate whose low one is in the next piece
  bool more = true;
  while (more && U_SUCCESS(error)) {
    UChar* target = units.data() + kept;
    ucnv_toUnicode(converter.get(), &target, units.data() + units.size(), &source, end, nullptr, true, &error);
    more = error == U_BUFFER_OVERFLOW_ERROR;
    if (more) error = U_ZERO_ERROR;
    size_t count = static_cast<size_t>(target - units.data());
    kept = more && count > 0 && U16_IS_LEAD(units[count - 1]) ? 1 : 0;
    count -= kept;
    const size_t before = out.size();
    out.resize(before + count * 3);
    int32_t written = 0;
    u_strToUTF8WithSub(out.data() + before, static_cast<int32_t>(count * 3), &written, units.data(),
                       static_cast<int32_t>(count), 0xFFFF, nullptr, &error);
    if (error == U_STRING_NOT_TERMINATED_WARNING) error = U_ZERO_ERROR;
    out.resize(before + static_cast<size_t>(written));
    if (kept == 1) units[0] = units[count];
  }
  if (U_FAILURE(error)) return absl::InternalError(StrCat("ICU: ", u_errorName(error)));
  // In place: U+FFFF is three bytes.
  size_t to = 0;
  for (size_t from = 0; from < out.size(); ++from, ++to) {
    if (out[from] == '\xEF' && from + 2 < out.size() && out[from + 1] == '\xBF' && out[from + 2] == '\xBF') {
      out[to] = '\xFF';
      from += 2;
    } else {
      out[to] = out[from];
    }
  }
  out.resize(to);
  return out;
}

}  // namespace

absl::StatusOr<DecodedText> DecodeText(std::string_view bytes, std::string_view declared) {
  std::string_view encoding;
  if (!declared.empty()) {
    for (const Encoding& known : kEncodings) {
      if (absl::EqualsIgnoreCase(Abseil(known.name), Abseil(declared))) encoding = known.name;
    }
    if (encoding.empty()) {
      std::vector<std::string_view> names;
      for (const Encoding& known : kEncodings) names.push_back(known.name);
      return InvalidField("encoding", declared, StrCat("one of ", StrJoin(names, ", ")));
    }
    if (encoding.starts_with("GB")) encoding = "GB18030";
  }
  for (const ByteOrderMark& mark : kMarks) {
    if (!bytes.starts_with(mark.bytes)) continue;
    if (!encoding.empty() && encoding != mark.encoding) {
      return InvalidField("encoding", StrCat("the byte order mark of ", mark.encoding),
                          StrCat(encoding, " as declared"));
    }
    encoding = mark.encoding;
    bytes.remove_prefix(mark.bytes.size());
    break;
  }
  if (encoding.empty()) encoding = Utf16ByZeros(bytes);
  if (encoding.empty()) encoding = MeantAsUtf8(bytes) ? "UTF-8" : "GB18030";
  const auto* known = std::find_if(std::begin(kEncodings), std::end(kEncodings),
                                   [&](const Encoding& each) { return each.name == encoding; });
  DecodedText decoded{.encoding = std::string(encoding)};
  if (known->converter == nullptr) {
    decoded.text = std::string(bytes);
  } else {
    ASSIGN_OR_RETURN(decoded.text, Convert(bytes, known->converter));
  }
  return decoded;
}

}  // namespace tributary::inventory
