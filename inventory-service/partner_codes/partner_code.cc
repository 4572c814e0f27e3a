#include "inventory-service/partner_codes/partner_code.h"

#include <algorithm>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

std::string TargetPattern(const PartnerCode& code) {
  switch (code.kind) {
    case CodeKind::kProduct:
      return "products/{product}";
    case CodeKind::kCustomer:
      return "customers/{customer}";
    case CodeKind::kSite:
      return "partners/{partner}/sites/{site}";
  }
  return "";
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string_view NameOf(CodeKind kind) {
  switch (kind) {
    case CodeKind::kProduct:
      return "PRODUCT";
    case CodeKind::kCustomer:
      return "CUSTOMER";
    case CodeKind::kSite:
      return "SITE";
  }
  return "KIND_UNSPECIFIED";
}

absl::Status CheckForm(const PartnerCode& code) {
  std::vector<FieldViolation> violations;
  if (code.code.empty() || code.code.front() == ' ' || code.code.back() == ' ' ||
      std::any_of(code.code.begin(), code.code.end(), IsControl)) {
    violations.push_back({"code", Printable(code.code), "one line without blanks at its ends"});
  }
  const std::string pattern = TargetPattern(code);
  const auto ids = ParseResourceName(code.target, pattern, "target");
  if (!ids.ok()) {
    violations.push_back({"target", Printable(code.target), StrCat(pattern, ", for a code of a ", NameOf(code.kind))});
  } else if (code.kind == CodeKind::kSite && ids->front() != code.partner) {
    violations.push_back({"target", Printable(code.target), StrCat("a site of partners/", code.partner)});
  }
  if (code.effective.end <= code.effective.start) {
    violations.push_back({"effective_to", code.effective.end.ToString(),
                          StrCat("a day after effective_from, ", code.effective.start.ToString())});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

std::string_view TargetId(const PartnerCode& code) {
  return std::string_view(code.target).substr(code.target.rfind('/') + 1);
}

absl::Status CheckFree(const PartnerCode& wanted, absl::Span<const PartnerCode> others) {
  for (const PartnerCode& other : others) {
    if (other.id == wanted.id || !other.effective.Intersects(wanted.effective)) continue;
    return Error(
        Reason::kValidityOverlap,
        StrCat("effective_from: got ", wanted.effective.start.ToString(), " to ", wanted.effective.end.ToString(),
               ", want days on which the code does not stand for ", other.target, ", as by ", other.name(),
               " it does from ", other.effective.start.ToString(), " to ", other.effective.end.ToString()),
        {{"resource", other.name()}});
  }
  return absl::OkStatus();
}

void CodeTable::Add(std::string_view code, DateRange effective, std::string target) {
  by_code_[std::string(code)].push_back({effective, std::move(target)});
}

const std::string* CodeTable::Find(std::string_view code, Date date) const {
  const auto found = by_code_.find(code);
  if (found == by_code_.end()) return nullptr;
  for (const Meaning& meaning : found->second) {
    if (meaning.effective.Contains(date)) return &meaning.target;
  }
  return nullptr;
}

}  // namespace tributary::inventory
