#include "partner-service/notifications/notification_proto.h"

#include <set>
#include <string>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/document.pb.h"
#include "tributary/partner/v1/evaluation.pb.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/sales_target.pb.h"
#include "tributary/partner/v1/sanction.pb.h"
#include "tributary/partner/v1/support_request.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::partner {
namespace {

template <typename Payload>
absl::StatusOr<Payload> PayloadOf(const events::Event& event) {
  Payload payload;
  if (payload.ParseFromString(event.payload)) return payload;
  return Error(Reason::kInternal, StrCat("got bytes of ", event.name, " that are no ", event.type));
}

struct Noticed {
  std::string type;
  std::string_view verb;
  NotificationTopic topic;
};

// What of conflict-service's feed concerns a partner.
const std::vector<Noticed>& NoticedConflicts() {
  static const auto& all = *new std::vector<Noticed>{
      {conflict::v1::DealRegistration::descriptor()->full_name(), "expiring", NotificationTopic::kDealExpiring},
      {conflict::v1::PartnerCase::descriptor()->full_name(), "escalated", NotificationTopic::kCaseEscalated}};
  return all;
}

// What of the own feed does.
const std::vector<Noticed>& AllNoticed() {
  const auto name = [](const auto* descriptor) { return descriptor->full_name(); };
  const std::string agreement = name(v1::Agreement::descriptor()), document = name(v1::Document::descriptor()),
                    tier = name(v1::TierAssignment::descriptor()), evaluation = name(v1::Evaluation::descriptor()),
                    sanction = name(v1::Sanction::descriptor());
  static const auto& all = *new std::vector<Noticed>{
      {agreement, "proposed", NotificationTopic::kAgreementProposed},
      {agreement, "renewalDue", NotificationTopic::kAgreementRenewalDue},
      {agreement, "terminated", NotificationTopic::kAgreementTerminated},
      {agreement, "ended", NotificationTopic::kAgreementEnded},
      {name(v1::TerritoryGrant::descriptor()), "revoked", NotificationTopic::kTerritoryGrantRevoked},
      {name(v1::LeadOffer::descriptor()), "created", NotificationTopic::kLeadOffered},
      {document, "expiring", NotificationTopic::kDocumentExpiring},
      {document, "expired", NotificationTopic::kDocumentExpired},
      {tier, "promoted", NotificationTopic::kTierPromoted},
      {tier, "noticed", NotificationTopic::kTierNoticed},
      {tier, "demoted", NotificationTopic::kTierDemoted},
      {name(v1::SupportRequest::descriptor()), "answered", NotificationTopic::kSupportRequestAnswered},
      {evaluation, "published", NotificationTopic::kEvaluationPublished},
      {evaluation, "noticed", NotificationTopic::kEvaluationNoticed},
      {evaluation, "confirmed", NotificationTopic::kEvaluationConfirmed},
      {evaluation, "withdrawn", NotificationTopic::kEvaluationWithdrawn},
      {sanction, "created", NotificationTopic::kSanctionCreated},
      {sanction, "lifted", NotificationTopic::kSanctionLifted},
      {name(v1::SalesTarget::descriptor()), "missed", NotificationTopic::kSalesTargetMissed},
      {name(v1::WebhookEndpoint::descriptor()), "failed", NotificationTopic::kWebhookEndpointDisabled}};
  return all;
}

std::optional<NotificationTopic> TopicOf(const events::Event& event) {
  for (const auto* all : {&AllNoticed(), &NoticedConflicts()}) {
    for (const Noticed& noticed : *all) {
      if (noticed.type == event.type && noticed.verb == event.verb) return noticed.topic;
    }
  }
  return std::nullopt;
}

std::vector<std::string> TypesOf(const std::vector<Noticed>& all) {
  std::set<std::string> types;
  for (const Noticed& noticed : all) types.insert(noticed.type);
  return {types.begin(), types.end()};
}

// Where the name does not say whose it is, and by when something is to be done.
absl::Status ReadPayload(const events::Event& event, Notification* notification) {
  const auto due = [&](bool has, const google::type::Date& date) -> absl::Status {
    if (!has) return absl::OkStatus();
    ASSIGN_OR_RETURN(notification->due, wire::FromProto(date));
    return absl::OkStatus();
  };
  if (event.type == v1::LeadOffer::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::LeadOffer offer, PayloadOf<v1::LeadOffer>(event));
    notification->partner_id = PartnerOf(offer.partner());
    notification->due = UtcToday(wire::FromProto(offer.expire_time()));
  } else if (event.type == v1::Document::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::Document document, PayloadOf<v1::Document>(event));
    notification->partner_id = PartnerOf(document.owner());
    return due(document.has_expires_on(), document.expires_on());
  } else if (event.type == v1::Evaluation::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::Evaluation evaluation, PayloadOf<v1::Evaluation>(event));
    const bool open_to_appeal = evaluation.state() == v1::Evaluation::PUBLISHED && evaluation.has_appeal_before();
    return due(open_to_appeal, evaluation.appeal_before());
  } else if (event.type == v1::Sanction::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::Sanction sanction, PayloadOf<v1::Sanction>(event));
    return due(notification->topic == NotificationTopic::kSanctionCreated, sanction.effective_from());
  } else if (event.type == v1::SalesTarget::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::SalesTarget target, PayloadOf<v1::SalesTarget>(event));
    // Nothing follows from it, not even that.
    if (target.consequence() == v1::SalesTarget::CONSEQUENCE_UNSPECIFIED) notification->partner_id.clear();
  } else if (event.type == v1::TierAssignment::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::TierAssignment tier, PayloadOf<v1::TierAssignment>(event));
    return due(tier.has_demotion_date(), tier.demotion_date());
  } else if (event.type == conflict::v1::DealRegistration::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const auto deal, PayloadOf<conflict::v1::DealRegistration>(event));
    return due(true, deal.effective_to());
  } else if (event.type == conflict::v1::PartnerCase::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const auto one, PayloadOf<conflict::v1::PartnerCase>(event));
    if (one.has_due_time()) notification->due = UtcToday(wire::FromProto(one.due_time()));
  } else if (event.type == v1::Agreement::descriptor()->full_name()) {
    ASSIGN_OR_RETURN(const v1::Agreement agreement, PayloadOf<v1::Agreement>(event));
    // An offer is to be signed before its first day; the others are about the last.
    if (notification->topic == NotificationTopic::kAgreementProposed) return due(true, agreement.effective_from());
    return due(agreement.has_effective_to(), agreement.effective_to());
  }
  return absl::OkStatus();
}

}  // namespace

v1::Notification ToProto(const Notification& notification) {
  v1::Notification out;
  out.set_name(notification.name());
  out.set_topic(static_cast<v1::Notification::Topic>(notification.topic));
  out.set_subject(notification.subject);
  if (notification.due.has_value()) *out.mutable_due() = wire::ToProto(*notification.due);
  *out.mutable_create_time() = wire::ToProto(notification.create_time);
  if (notification.read_time.has_value()) *out.mutable_read_time() = wire::ToProto(*notification.read_time);
  return out;
}

events::EventDraft Told(std::string_view verb, const Notification& notification) {
  return events::Draft(notification.partner_id, verb, notification.name(), ToProto(notification));
}

const std::vector<std::string>& NoticedPayloads() {
  static const auto& payloads = *new std::vector<std::string>(TypesOf(AllNoticed()));
  return payloads;
}

const std::vector<std::string>& NoticedConflictPayloads() {
  static const auto& payloads = *new std::vector<std::string>(TypesOf(NoticedConflicts()));
  return payloads;
}

absl::StatusOr<std::optional<Notification>> NotificationOf(const events::Event& event) {
  const std::optional<NotificationTopic> topic = TopicOf(event);
  if (!topic.has_value()) return std::nullopt;
  Notification notification{.partner_id = std::string(PartnerOf(event.name)),
                            .topic = *topic,
                            .subject = event.name,
                            .create_time = event.recorded_at};
  RETURN_IF_ERROR(ReadPayload(event, &notification));
  // A document of the vendor's own is no partner's.
  if (notification.partner_id.empty()) return std::nullopt;
  return notification;
}

}  // namespace tributary::partner
