#include "partner-service/contacts/contact.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

// local@domain, the domain with a dot inside; printable ASCII without spaces. What else there may be is for the mail
// server to say.
bool IsEmail(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.find('@', at + 1) != std::string_view::npos) {
    return false;
  }
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; })) return false;
  const std::string_view domain = text.substr(at + 1);
  return domain.find('.') != std::string_view::npos && !domain.starts_with('.') && !domain.ends_with('.') &&
         domain.find("..") == std::string_view::npos && std::all_of(domain.begin(), domain.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
         });
}

bool IsPhone(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), absl::ascii_isdigit);
}

}  // namespace

std::string_view NameOf(ContactFunction function) {
  switch (function) {
    case ContactFunction::kManagement:
      return "MANAGEMENT";
    case ContactFunction::kPurchasing:
      return "PURCHASING";
    case ContactFunction::kSales:
      return "SALES";
    case ContactFunction::kAccounting:
      return "ACCOUNTING";
    case ContactFunction::kLogistics:
      return "LOGISTICS";
    case ContactFunction::kTechnical:
      return "TECHNICAL";
  }
  return "FUNCTION_UNSPECIFIED";
}

std::string Contact::name() const { return StrCat("partners/", partner_id, "/contacts/", id); }

absl::Status CheckContact(const Contact& contact) {
  std::vector<FieldViolation> violations;
  const auto miss = [&](std::string_view field, std::string_view text, std::string_view want) {
    violations.push_back({std::string(field), StrCat(text.size(), " bytes"), std::string(want)});
  };
  std::vector<FieldViolation> one_line;
  CheckOneLine("display_name", contact.display_name, &one_line);
  if (!one_line.empty()) miss("display_name", contact.display_name, one_line.front().want);
  if (!contact.email.empty() && !IsEmail(contact.email)) {
    miss("email", contact.email, "an address such as local@example.com");
  }
  if (!contact.phone.empty() && !IsPhone(contact.phone)) {
    miss("phone", contact.phone, "+, the country's code and the number, 7 to 15 digits: +8613800138000");
  }
  return AllOf(std::move(violations));
}

std::string MaskedEmail(std::string_view email) {
  const size_t at = email.find('@');
  if (at == std::string_view::npos) return "";
  return StrCat(email.substr(0, 1), "***", email.substr(at));
}

std::string MaskedPhone(std::string_view phone) {
  if (phone.size() < 8) return "";
  return StrCat("****", phone.substr(phone.size() - 4));
}

absl::StatusOr<Contact> Change(const Contact& contact, const Contact& changed, absl::Time now) {
  Contact next = contact;
  next.display_name = changed.display_name;
  next.function = changed.function;
  next.email = changed.email;
  next.phone = changed.phone;
  next.revision = contact.revision.Next(now);
  RETURN_IF_ERROR(CheckContact(next));
  return next;
}

std::vector<std::string> FieldsThatDiffer(const Contact& a, const Contact& b) {
  std::vector<std::string> fields;
  if (a.display_name != b.display_name) fields.emplace_back("display_name");
  if (a.function != b.function) fields.emplace_back("function");
  if (a.email != b.email) fields.emplace_back("email");
  if (a.phone != b.phone) fields.emplace_back("phone");
  return fields;
}

}  // namespace tributary::partner
