#include "incentive-service/accruals/growth_store.h"

#include <vector>

#include "common/status/status.h"

namespace tributary::incentive {

absl::Status GrowthStore::Freeze(mysql::Transaction& sql, const Program& program) const {
  if (!program.growth.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Watermark watermark, facts_.ReadWatermark(sql));
  const std::string text = WatermarkText(watermark);
  return sql.Execute("INSERT INTO growth_cursor (program, watermark) VALUES (?, ?)", {program.id, text}).status();
}

absl::StatusOr<std::optional<Watermark>> GrowthStore::FrozenAt(mysql::Transaction& sql, const Program& program,
                                                               const Period& reference) const {
  if (program.effective.start <= reference.range.start) {
    ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {reference}));
    const ClosedPeriod* close = Find(closes, program, reference);
    if (close == nullptr) return std::nullopt;
    return close->watermark;
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT watermark FROM growth_cursor WHERE program = ?", {program.id}));
  if (rows.empty()) return std::nullopt;
  return ParseWatermarkText(rows.front().Bytes(0));
}

absl::StatusOr<Baselines> GrowthStore::Read(mysql::Transaction& sql, const Program& program, const Period& scale,
                                            const std::optional<std::string>& partner) const {
  if (!program.growth.has_value()) return Baselines();
  const std::optional<Period> reference = ReferenceOf(program, scale);
  if (!reference.has_value()) return Baselines(program, scale, {}, nullptr);
  ASSIGN_OR_RETURN(const std::optional<Watermark> frozen, FrozenAt(sql, program, *reference));
  ASSIGN_OR_RETURN(const std::vector<FactLine> lines, facts_.Lines(sql, program.basis, reference->range, partner));
  return Baselines(program, scale, lines, frozen.has_value() ? &*frozen : nullptr);
}

}  // namespace tributary::incentive
