#include "partner-service/notifications/notification_proto.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::partner {
namespace {

template <typename Payload>
absl::StatusOr<Payload> PayloadOf(const events::Event& event) {
  Payload payload;
  if (payload.ParseFromString(event.payload)) return payload;
  return Error(Reason::kInternal, StrCat("got bytes of ", event.name, " that are no ", event.type));
}

std::optional<NotificationTopic> TopicOf(const events::Event& event) {
  const bool agreement = event.type == v1::Agreement::descriptor()->full_name();
  if (agreement && event.verb == "proposed") return NotificationTopic::kAgreementProposed;
  if (agreement && event.verb == "renewalDue") return NotificationTopic::kAgreementRenewalDue;
  if (agreement && event.verb == "terminated") return NotificationTopic::kAgreementTerminated;
  if (agreement && event.verb == "ended") return NotificationTopic::kAgreementEnded;
  const bool grant = event.type == v1::TerritoryGrant::descriptor()->full_name();
  if (grant && event.verb == "revoked") return NotificationTopic::kTerritoryGrantRevoked;
  const bool offer = event.type == v1::LeadOffer::descriptor()->full_name();
  if (offer && event.verb == "created") return NotificationTopic::kLeadOffered;
  return std::nullopt;
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
  static const auto& payloads = *new std::vector<std::string>{v1::Agreement::descriptor()->full_name(),
                                                              v1::TerritoryGrant::descriptor()->full_name(),
                                                              v1::LeadOffer::descriptor()->full_name()};
  return payloads;
}

absl::StatusOr<std::optional<Notification>> NotificationOf(const events::Event& event) {
  const std::optional<NotificationTopic> topic = TopicOf(event);
  if (!topic.has_value()) return std::nullopt;
  Notification notification{.partner_id = std::string(PartnerOf(event.name)),
                            .topic = *topic,
                            .subject = event.name,
                            .create_time = event.recorded_at};
  if (*topic == NotificationTopic::kLeadOffered) {
    ASSIGN_OR_RETURN(const v1::LeadOffer offer, PayloadOf<v1::LeadOffer>(event));
    notification.partner_id = PartnerOf(offer.partner());
    notification.due = UtcToday(wire::FromProto(offer.expire_time()));
  } else if (*topic != NotificationTopic::kTerritoryGrantRevoked) {
    ASSIGN_OR_RETURN(const v1::Agreement agreement, PayloadOf<v1::Agreement>(event));
    // An offer is to be signed before its first day; the others are about the last.
    const bool proposed = *topic == NotificationTopic::kAgreementProposed;
    if (proposed || agreement.has_effective_to()) {
      ASSIGN_OR_RETURN(notification.due,
                       wire::FromProto(proposed ? agreement.effective_from() : agreement.effective_to()));
    }
  }
  return notification;
}

}  // namespace tributary::partner
