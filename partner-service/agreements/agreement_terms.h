#pragma once

// What is agreed, by field, and the text that a template makes of it. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/status/status.h"
#include "common/time/date.h"
#include "partner-service/territory_grants/territory_grant.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class AgreementTemplate { kNone = 0, kCooperation1 = 1 };
enum class AgreementLanguage { kEnglish = 1, kChinese = 2 };

// What is left out is not agreed on.
struct AgreementTerms {
  std::string price_list;                       // priceLists/{price_list}
  std::vector<std::string> programs;            // programs/{program}
  std::vector<std::string> after_sales_duties;  // clauses of one line
  std::vector<std::string> regions;             // regions/{region}
  std::vector<std::string> product_lines;       // productLines/{product_line}; empty is every line
  std::optional<Exclusivity> exclusivity;       // there where there are regions
  std::vector<std::string> rights;              // clauses of one line
  std::string breach;
  std::string disputes;
  int termination_notice_days = 0;
  friend bool operator==(const AgreementTerms&, const AgreementTerms&) = default;
};

// What is wrong with the terms, each with its path below `field` ("terms.programs[1]").
void CheckTerms(const AgreementTerms& terms, std::string_view field, std::vector<FieldViolation>* violations);

// What a text says beside the terms.
struct AgreementHead {
  std::string title;
  std::string party;    // the partner's legal name
  std::string partner;  // partners/{partner}
  DateRange effective;
};

// The text of template kCooperation1. The same arguments give the same bytes for ever: a signature names their hash, so
// another wording is another template.
std::string WriteText(const AgreementHead& head, const AgreementTerms& terms, AgreementLanguage language);

}  // namespace tributary::partner
