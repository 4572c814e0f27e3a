#include "partner-service/notifications/notification.h"

#include "common/text/text.h"

namespace tributary::partner {

std::string_view NameOf(NotificationTopic topic) {
  switch (topic) {
    case NotificationTopic::kAgreementProposed:
      return "AGREEMENT_PROPOSED";
    case NotificationTopic::kAgreementRenewalDue:
      return "AGREEMENT_RENEWAL_DUE";
    case NotificationTopic::kAgreementTerminated:
      return "AGREEMENT_TERMINATED";
    case NotificationTopic::kAgreementEnded:
      return "AGREEMENT_ENDED";
    case NotificationTopic::kTerritoryGrantRevoked:
      return "TERRITORY_GRANT_REVOKED";
    case NotificationTopic::kLeadOffered:
      return "LEAD_OFFERED";
  }
  return "TOPIC_UNSPECIFIED";
}

std::string Notification::name() const { return StrCat("partners/", partner_id, "/notifications/", number); }

}  // namespace tributary::partner
