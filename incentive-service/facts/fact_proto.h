#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/feed.h"
#include "google/protobuf/repeated_field.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/paid_parts.h"
#include "incentive-service/facts/watermark.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/credit_note.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::incentive {

inline constexpr std::string_view kShipmentLineType = "tributary.inventory.v1.ShipmentLine";
inline constexpr std::string_view kInvoiceLineType = "tributary.inventory.v1.InvoiceLine";
inline constexpr std::string_view kCreditNoteLineType = "tributary.inventory.v1.CreditNoteLine";
inline constexpr std::string_view kSellThroughSaleType = "tributary.inventory.v1.SellThroughSale";
inline constexpr std::array kLineTypes = {kShipmentLineType, kInvoiceLineType, kCreditNoteLineType,
                                          kSellThroughSaleType};

inline constexpr std::string_view kDealType = "tributary.conflict.v1.DealRegistration";

// Lines as the feed told them there and then. INVALID_FIELD where the message is not what its service promises.
absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::ShipmentLine& message, events::Cursor cursor,
                                   absl::Time recorded_at);
absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::InvoiceLine& message, events::Cursor cursor,
                                   absl::Time recorded_at);
// Its amounts and units are negative here: it takes back what was invoiced.
absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::CreditNoteLine& message, events::Cursor cursor,
                                   absl::Time recorded_at);
absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::SellThroughSale& message, events::Cursor cursor,
                                   absl::Time recorded_at);
// Of one that is WON.
absl::StatusOr<FactLine> FromProto(const tributary::conflict::v1::DealRegistration& message, events::Cursor cursor,
                                   absl::Time recorded_at);

// The line that an event tells; nullopt where it is of none of kLineTypes and of no deal that is WON. MALFORMED_REQUEST
// where it cannot be read.
absl::StatusOr<std::optional<FactLine>> FactOf(const events::Event& event);

// The payment that an event tells; nullopt where it tells another thing, or a payment that has bounced, of which its
// reversal tells. MALFORMED_REQUEST and INVALID_FIELD likewise.
inline constexpr std::string_view kPaymentType = "tributary.inventory.v1.Payment";
absl::StatusOr<std::optional<ToldPayment>> PaymentOf(const events::Event& event);

// Shards at 0 are left out.
void WatermarkToProto(const Watermark& watermark,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* cursors);
// By feed, likewise.
void WatermarkToProto(const Watermark& watermark,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* inventory,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* deals);

}  // namespace tributary::incentive
