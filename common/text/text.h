#pragma once

// Text. Debian builds Abseil with a string_view of its own, which std::string_view does not convert to; StrCat,
// StrAppend and StrJoin here are Abseil's and take both. For any other function of Abseil: absl::X(Abseil(text)).

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tributary {

inline absl::string_view Abseil(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }

namespace text_internal {
inline absl::string_view Piece(const std::string& text) { return text; }
inline absl::string_view Piece(std::string_view text) { return Abseil(text); }
inline absl::string_view Piece(absl::string_view text) { return text; }
inline absl::string_view Piece(const char* text) { return text; }
template <typename T>
requires(!std::is_convertible_v<const T&, std::string_view> &&
         !std::is_convertible_v<const T&, absl::string_view>) const T& Piece(const T& value) {
  return value;
}
}  // namespace text_internal

template <typename... Args>
[[nodiscard]] std::string StrCat(const Args&... args) {
  return absl::StrCat(text_internal::Piece(args)...);
}

template <typename... Args>
void StrAppend(std::string* out, const Args&... args) {
  absl::StrAppend(out, text_internal::Piece(args)...);
}

// The elements of a range (texts, numbers) with `separator` between them.
template <typename Range>
[[nodiscard]] std::string StrJoin(const Range& range, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const auto& element : range) {
    if (!std::exchange(first, false)) out += separator;
    StrAppend(&out, element);
  }
  return out;
}

// The length of the valid UTF-8 sequence at the start of `text`, 1 to 4; 0 where there is none.
size_t Utf8SequenceLength(std::string_view text);
// Whether all of `text` is valid UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool IsUtf8(std::string_view text);

// Whether `text` has no control character (ASCII).
bool IsOneLine(std::string_view text);

// `text` as it may appear in a message: invalid UTF-8 and control characters as \xNN, cut to `limit` characters with
// "..." behind.
std::string Printable(std::string_view text, size_t limit = 120);

// Appends `text` to `out` as a JSON string with its quotation marks; each byte that is not valid UTF-8 becomes U+FFFD.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace tributary
