#pragma once

// Webhook endpoints and their deliveries in the database; the only SQL about them. Each call works in the caller's
// transaction. What is sent to an endpoint, and by whom, changes under its locked row.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/webhooks/webhook_endpoint.h"

namespace tributary::partner {

class WebhookStore {
 public:
  // What lists may be filtered by.
  static const std::vector<FilterField>& EndpointFields();
  static const std::vector<FilterField>& DeliveryFields();

  // NOT_FOUND where there is none.
  absl::StatusOr<WebhookEndpoint> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  absl::StatusOr<WebhookEndpoint> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                               std::string_view id) const;
  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<WebhookEndpoint>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                    const Page& page) const;
  // Those of a partner that are ENABLED, locked.
  absl::StatusOr<std::vector<WebhookEndpoint>> EnabledOf(mysql::Transaction& sql, std::string_view partner_id) const;
  absl::StatusOr<int64_t> CountOf(mysql::Transaction& sql, std::string_view partner_id) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const WebhookEndpoint& endpoint) const;
  // All of it. The row is locked by this transaction.
  absl::Status Put(mysql::Transaction& sql, const WebhookEndpoint& endpoint) const;
  // With its deliveries.
  absl::Status Delete(mysql::Transaction& sql, const WebhookEndpoint& endpoint) const;
  // All of a partner, with their deliveries; answers what they were.
  absl::StatusOr<std::vector<WebhookEndpoint>> DeleteAllOf(mysql::Transaction& sql, std::string_view partner_id) const;
  // Partner and id of those that are due by now and in nobody's hand, the longest due first.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> DueBy(mysql::Transaction& sql, absl::Time now,
                                                                         int limit) const;

  // The next delivery of a locked endpoint, behind all others: it gets its number, and where nothing waited it is due
  // now.
  absl::StatusOr<WebhookDelivery> Enqueue(mysql::Transaction& sql, const WebhookEndpoint& endpoint,
                                          WebhookDelivery delivery, absl::Time now) const;
  // NOT_FOUND where there is none.
  absl::StatusOr<WebhookDelivery> GetDelivery(mysql::Transaction& sql, std::string_view partner_id,
                                              std::string_view endpoint_id, std::string_view number) const;
  // The latest first.
  absl::StatusOr<std::vector<WebhookDelivery>> ListDeliveries(mysql::Transaction& sql, std::string_view partner_id,
                                                              std::string_view endpoint_id, const Page& page) const;
  // The PENDING one with the least number; nullopt where none waits.
  absl::StatusOr<std::optional<WebhookDelivery>> FirstPending(mysql::Transaction& sql, std::string_view partner_id,
                                                              std::string_view endpoint_id) const;
  absl::Status PutDelivery(mysql::Transaction& sql, const WebhookDelivery& delivery) const;
  // Deletes delivered ones of an endpoint from before, some at a time.
  absl::Status Purge(mysql::Transaction& sql, const WebhookEndpoint& endpoint, absl::Time before) const;
};

}  // namespace tributary::partner
