#include "common/matching/legal_forms.h"

#include <unordered_set>

namespace tributary::matching {

bool IsTrailingForm(std::string_view word) {
  static const auto* const forms = new std::unordered_set<std::string_view>{
      // English-speaking countries, India, Singapore, Malaysia
      "inc",
      "incorporated",
      "corp",
      "corporation",
      "co",
      "company",
      "ltd",
      "limited",
      "coltd",
      "llc",
      "llp",
      "lp",
      "plc",
      "pty",
      "pte",
      "pvt",
      "private",
      "sdn",
      "bhd",
      "berhad",
      // German, Dutch, Nordic
      "gmbh",
      "mbh",
      "ag",
      "kg",
      "kgaa",
      "ohg",
      "ug",
      "eg",
      "ev",
      "bv",
      "nv",
      "ab",
      "oy",
      "oyj",
      "as",
      "asa",
      "aps",
      // Romance languages
      "sa",
      "sas",
      "sasu",
      "sarl",
      "eurl",
      "srl",
      "spa",
      "sl",
      "slu",
      "lda",
      "ltda",
      "sab",
      "cv",
      // Central and eastern Europe
      "sro",
      "doo",
      "dd",
      "kft",
      "zrt",
      "nyrt",
      "spzoo",
      "zoo",
      "ооо",
      "оао",
      "зао",
      "пао",
      "ао",
      // Supranational, Japan, Korea, abbreviations in brackets
      "se",
      "kk",
      "株",
      "有",
      "주",
      "유",
      "股份",
  };
  return forms->contains(word);
}

bool IsLeadingForm(std::string_view word) {
  static const auto* const forms =
      new std::unordered_set<std::string_view>{"株", "有", "주", "유", "pt", "ооо", "оао", "зао", "пао", "ао"};
  return forms->contains(word);
}

const std::vector<std::string_view>& TrailingEndings() {
  static const auto* const endings = new std::vector<std::string_view>{
      "股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "股份公司", "株式会社",
      "株式會社",     "有限会社",     "合同会社",     "주식회사", "유한회사",
  };
  return *endings;
}

const std::vector<std::string_view>& LeadingBeginnings() {
  static const auto* const beginnings = new std::vector<std::string_view>{
      "株式会社", "株式會社", "有限会社", "合同会社", "주식회사", "유한회사",
  };
  return *beginnings;
}

}  // namespace tributary::matching
