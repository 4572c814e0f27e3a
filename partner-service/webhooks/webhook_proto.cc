#include "partner-service/webhooks/webhook_proto.h"

#include "common/text/text.h"
#include "google/protobuf/util/json_util.h"
#include "partner-service/notifications/notification_proto.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

std::string Body(std::string_view type, absl::Time time, const google::protobuf::Message& data) {
  std::string json;
  // A message of known fields with valid texts always has a JSON form.
  const auto written = google::protobuf::util::MessageToJsonString(data, &json);
  if (!written.ok()) json = "{}";
  return StrCat(R"({"type":")", type, R"(","timestamp":")",
                absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone()), R"(","data":)", json, "}");
}

}  // namespace

v1::WebhookEndpoint ToProto(const WebhookEndpoint& endpoint) {
  v1::WebhookEndpoint out;
  out.set_name(endpoint.name());
  PutRevision(endpoint.revision, &out);
  out.set_state(static_cast<v1::WebhookEndpoint::State>(endpoint.state));
  out.set_display_name(endpoint.display_name);
  out.set_url(endpoint.url);
  for (const NotificationTopic topic : endpoint.topics) out.add_topics(static_cast<v1::Notification::Topic>(topic));
  if (endpoint.previous_secret_until.has_value()) {
    *out.mutable_previous_secret_expire_time() = wire::ToProto(*endpoint.previous_secret_until);
  }
  if (endpoint.failing_since.has_value()) *out.mutable_failing_since() = wire::ToProto(*endpoint.failing_since);
  if (endpoint.last_success_time.has_value()) {
    *out.mutable_last_success_time() = wire::ToProto(*endpoint.last_success_time);
  }
  return out;
}

WebhookEndpoint FromProto(const v1::WebhookEndpoint& endpoint) {
  WebhookEndpoint out{.display_name = endpoint.display_name(), .url = endpoint.url()};
  for (const int topic : endpoint.topics()) out.topics.push_back(static_cast<NotificationTopic>(topic));
  return out;
}

v1::WebhookDelivery ToProto(const WebhookDelivery& delivery, const WebhookEndpoint& endpoint, bool first_pending) {
  v1::WebhookDelivery out;
  out.set_name(delivery.name());
  out.set_uid(delivery.uid.ToString());
  *out.mutable_create_time() = wire::ToProto(delivery.create_time);
  out.set_delivered(delivery.state == WebhookDeliveryState::kDelivered);
  if (delivery.topic.has_value()) out.set_topic(static_cast<v1::Notification::Topic>(*delivery.topic));
  if (delivery.notification.has_value()) {
    out.set_notification(StrCat("partners/", delivery.partner_id, "/notifications/", *delivery.notification));
  }
  out.set_attempts(delivery.attempts);
  if (delivery.last_attempt_time.has_value()) {
    *out.mutable_last_attempt_time() = wire::ToProto(*delivery.last_attempt_time);
  }
  out.set_status_code(delivery.status_code);
  out.set_error(delivery.error);
  if (first_pending && endpoint.next_attempt_time.has_value()) {
    *out.mutable_next_attempt_time() = wire::ToProto(*endpoint.next_attempt_time);
  }
  if (delivery.deliver_time.has_value()) *out.mutable_deliver_time() = wire::ToProto(*delivery.deliver_time);
  return out;
}

std::string BodyOf(const Notification& notification) {
  return Body(NameOf(notification.topic), notification.create_time, ToProto(notification));
}

std::string TestBody(absl::Time now) { return Body("TEST", now, v1::Notification()); }

events::EventDraft Told(std::string_view verb, const WebhookEndpoint& endpoint) {
  return events::Draft(endpoint.partner_id, verb, endpoint.name(), ToProto(endpoint));
}

}  // namespace tributary::partner
