#include "incentive-service/facts/fact_rows.h"

#include <optional>

namespace tributary::incentive {
namespace {

mysql::Value SeqOf(const std::optional<Told>& told) {
  return told.has_value() ? mysql::Value(told->seq) : mysql::Value(std::nullopt);
}
mysql::Value RecordedAt(const std::optional<Told>& told) {
  return told.has_value() ? mysql::Value(told->recorded_at) : mysql::Value(std::nullopt);
}

}  // namespace

FactLine FactFromRow(const mysql::Row& row) {
  FactLine line{.partner = row.Text(0),
                .fact = row.Text(1),
                .source = static_cast<FactSource>(row.Int(2)),
                .kind = static_cast<FactKind>(row.Int(3)),
                .refers = row.Text(4),
                .shard = static_cast<int>(row.Int(5)),
                .seq = row.Int(6),
                .recorded_at = row.Instant(7),
                .document = row.Text(8),
                .line = row.Int(9),
                .order_date = row.Day(10),
                .ship_date = row.Day(11),
                .product = row.Text(12),
                .product_line = row.Text(13),
                .quantity = row.Dec(14),
                .net = row.Dec(15),
                .discount = row.Dec(23),
                .wallet = row.Dec(24),
                .currency = row.Text(16),
                .order_basis = row.Day(17),
                .ship_basis = row.Day(18)};
  if (!row.IsNull(19)) line.reversed = {row.Int(19), row.Instant(20)};
  if (!row.IsNull(21)) line.original = {row.Int(21), row.Instant(22)};
  return line;
}

mysql::Values FactValues(absl::Span<const FactLine> lines) {
  mysql::Values values;
  values.reserve(lines.size() * kFactWidth);
  for (const FactLine& line : lines) {
    values.insert(values.end(), {line.partner,
                                 line.fact,
                                 static_cast<int>(line.source),
                                 static_cast<int>(line.kind),
                                 line.refers.empty() ? mysql::Value(std::nullopt) : mysql::Value(line.refers),
                                 line.shard,
                                 line.seq,
                                 line.recorded_at,
                                 line.document,
                                 line.line,
                                 line.order_date,
                                 line.ship_date,
                                 line.product,
                                 line.product_line,
                                 line.quantity,
                                 line.net,
                                 line.currency,
                                 line.order_basis,
                                 line.ship_basis,
                                 SeqOf(line.reversed),
                                 RecordedAt(line.reversed),
                                 SeqOf(line.original),
                                 RecordedAt(line.original),
                                 line.discount,
                                 line.wallet});
  }
  return values;
}

}  // namespace tributary::incentive
