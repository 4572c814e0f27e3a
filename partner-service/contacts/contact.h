#pragma once

// Contacts: people of a partner whom the vendor talks to. Pure values and decisions.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// What a person is asked about. The numbers are stored, and those of the wire.
enum class ContactFunction {
  kManagement = 1,
  kPurchasing = 2,
  kSales = 3,
  kAccounting = 4,
  kLogistics = 5,
  kTechnical = 6
};
std::string_view NameOf(ContactFunction function);

struct Contact {
  std::string partner_id;
  std::string id;  // a pseudonym
  Revision revision;
  std::string display_name;
  ContactFunction function = ContactFunction::kManagement;
  std::string email;  // whole; may be empty
  std::string phone;  // whole, E.164; may be empty

  std::string name() const;  // partners/{partner_id}/contacts/{id}
};

// INVALID_FIELD, each that is wrong, without the text itself: the name is no single line; the e-mail address is no
// local@domain; the telephone number is not + and 7 to 15 digits.
absl::Status CheckContact(const Contact& contact);

// "a***@example.com", "****5678"; empty for the empty text.
std::string MaskedEmail(std::string_view email);
std::string MaskedPhone(std::string_view phone);

// The content of `changed` for that of `contact`. Refused: as CheckContact.
absl::StatusOr<Contact> Change(const Contact& contact, const Contact& changed, absl::Time now);

// The fields in which they differ, in the proto's names.
std::vector<std::string> FieldsThatDiffer(const Contact& a, const Contact& b);

}  // namespace tributary::partner
