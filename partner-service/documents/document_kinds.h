#pragma once

// Sets of kinds of documents, as they are kept in one column: "1,4", in the order of the kinds.

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/text/text.h"
#include "partner-service/documents/document.h"

namespace tributary::partner {

inline std::string KindsToText(const std::vector<DocumentKind>& kinds) {
  std::string text;
  for (const DocumentKind kind : kinds) StrAppend(&text, text.empty() ? "" : ",", static_cast<int>(kind));
  return text;
}

inline std::vector<DocumentKind> KindsFromText(std::string_view text) {
  std::vector<DocumentKind> kinds;
  for (const absl::string_view part : absl::StrSplit(Abseil(text), ',', absl::SkipEmpty())) {
    int number = 0;
    if (absl::SimpleAtoi(part, &number)) kinds.push_back(static_cast<DocumentKind>(number));
  }
  return kinds;
}

}  // namespace tributary::partner
