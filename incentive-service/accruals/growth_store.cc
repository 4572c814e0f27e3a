#include "incentive-service/accruals/growth_store.h"

#include <vector>

#include "common/status/status.h"

namespace tributary::incentive {

absl::Status GrowthStore::Freeze(mysql::Transaction& sql, const Program& program, absl::Time now) const {
  if (!program.growth.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Watermark watermark, facts_.ReadWatermark(sql));
  return sql
      .Execute("INSERT INTO growth_cursor (program, watermark, frozen_on) VALUES (?, ?, ?)",
               {program.id, WatermarkText(watermark), DayOf(program, now)})
      .status();
}

absl::StatusOr<std::optional<Watermark>> GrowthStore::ClosedAt(mysql::Transaction& sql, const Program& program,
                                                               const Period& period) const {
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {period}));
  const ClosedPeriod* close = Find(closes, program, period);
  if (close == nullptr) return std::nullopt;
  return close->watermark;
}

absl::StatusOr<std::optional<Watermark>> GrowthStore::FrozenAt(mysql::Transaction& sql, const Program& program,
                                                               const Period& scale, const Period& reference) const {
  if (program.effective.start <= reference.range.start) return ClosedAt(sql, program, reference);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT watermark, frozen_on FROM growth_cursor WHERE program = ?", {program.id}));
  if (rows.empty()) return std::nullopt;
  if (rows.front().Day(1) < reference.range.end) return ClosedAt(sql, program, scale);
  return ParseWatermarkText(rows.front().Bytes(0));
}

absl::StatusOr<Baselines> GrowthStore::Read(mysql::Transaction& sql, const Program& program, const Period& scale,
                                            const std::optional<std::string>& partner) const {
  return ReadBy(sql, program, scale,
                [&](const DateRange& days) { return facts_.Lines(sql, program.basis, days, partner); });
}

absl::StatusOr<Baselines> GrowthStore::Read(mysql::Transaction& sql, const Program& program, const Period& scale,
                                            const std::set<std::string>& partners) const {
  return ReadBy(sql, program, scale,
                [&](const DateRange& days) { return facts_.LinesOf(sql, program.basis, days, partners); });
}

absl::StatusOr<Baselines> GrowthStore::ReadBy(mysql::Transaction& sql, const Program& program, const Period& scale,
                                              ReadLines read) const {
  if (!program.growth.has_value()) return Baselines();
  const std::optional<Period> reference = ReferenceOf(program, scale);
  if (!reference.has_value()) return Baselines(program, scale, {}, nullptr);
  ASSIGN_OR_RETURN(const std::optional<Watermark> frozen, FrozenAt(sql, program, scale, *reference));
  ASSIGN_OR_RETURN(const std::vector<FactLine> lines, read(reference->range));
  return Baselines(program, scale, lines, frozen.has_value() ? &*frozen : nullptr);
}

}  // namespace tributary::incentive
