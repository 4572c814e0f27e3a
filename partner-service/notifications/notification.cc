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
    case NotificationTopic::kDocumentExpiring:
      return "DOCUMENT_EXPIRING";
    case NotificationTopic::kDocumentExpired:
      return "DOCUMENT_EXPIRED";
    case NotificationTopic::kTierPromoted:
      return "TIER_PROMOTED";
    case NotificationTopic::kTierNoticed:
      return "TIER_NOTICED";
    case NotificationTopic::kTierDemoted:
      return "TIER_DEMOTED";
    case NotificationTopic::kSupportRequestAnswered:
      return "SUPPORT_REQUEST_ANSWERED";
    case NotificationTopic::kEvaluationPublished:
      return "EVALUATION_PUBLISHED";
    case NotificationTopic::kEvaluationNoticed:
      return "EVALUATION_NOTICED";
    case NotificationTopic::kEvaluationConfirmed:
      return "EVALUATION_CONFIRMED";
    case NotificationTopic::kEvaluationWithdrawn:
      return "EVALUATION_WITHDRAWN";
    case NotificationTopic::kSanctionCreated:
      return "SANCTION_CREATED";
    case NotificationTopic::kSanctionLifted:
      return "SANCTION_LIFTED";
    case NotificationTopic::kSalesTargetMissed:
      return "SALES_TARGET_MISSED";
    case NotificationTopic::kWebhookEndpointDisabled:
      return "WEBHOOK_ENDPOINT_DISABLED";
    case NotificationTopic::kDealExpiring:
      return "DEAL_EXPIRING";
    case NotificationTopic::kCaseEscalated:
      return "CASE_ESCALATED";
  }
  return "TOPIC_UNSPECIFIED";
}

std::string Notification::name() const { return StrCat("partners/", partner_id, "/notifications/", number); }

}  // namespace tributary::partner
