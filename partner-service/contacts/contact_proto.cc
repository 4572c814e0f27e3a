#include "partner-service/contacts/contact_proto.h"

#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Contact Pseudonymous(const Contact& contact) {
  v1::Contact out;
  out.set_name(contact.name());
  PutRevision(contact.revision, &out);
  out.set_function(static_cast<v1::Contact::Function>(contact.function));
  return out;
}

v1::Contact ToProto(const Contact& contact) {
  v1::Contact out = Pseudonymous(contact);
  out.set_display_name(contact.display_name);
  out.set_masked_email(MaskedEmail(contact.email));
  out.set_masked_phone(MaskedPhone(contact.phone));
  return out;
}

v1::Contact Whole(const Contact& contact) {
  v1::Contact out = Pseudonymous(contact);
  out.set_display_name(contact.display_name);
  out.set_email(contact.email);
  out.set_phone(contact.phone);
  return out;
}

Contact FromProto(const v1::Contact& contact) {
  return {.display_name = contact.display_name(),
          .function = static_cast<ContactFunction>(contact.function()),
          .email = contact.email(),
          .phone = contact.phone()};
}

events::EventDraft Told(std::string_view verb, const Contact& contact) {
  return events::Draft(contact.partner_id, verb, contact.name(), Pseudonymous(contact));
}

}  // namespace tributary::partner
