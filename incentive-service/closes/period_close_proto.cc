#include "incentive-service/closes/period_close_proto.h"

#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/facts/fact_proto.h"

namespace tributary::incentive {

v1::PeriodClose ToProto(const PeriodClose& close) {
  v1::PeriodClose message;
  message.set_name(close.name());
  *message.mutable_close_time() = wire::ToProto(close.close_time);
  WatermarkToProto(close.watermark, message.mutable_watermark(), message.mutable_deal_watermark());
  WatermarkToProto(close.partner_watermark, message.mutable_partner_watermark());
  message.set_statements(close.statements);
  *message.mutable_total() = MoneyToProto(close.total, close.currency);
  message.set_lines(close.lines);
  message.set_other_currency_lines(close.other_currency_lines);
  message.set_unpriced_lines(close.unpriced_lines);
  message.set_true_ups(close.true_ups);
  return message;
}

}  // namespace tributary::incentive
