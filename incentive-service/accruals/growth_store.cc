#include "incentive-service/accruals/growth_store.h"

#include <utility>
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
  if (partner.has_value()) return Read(sql, program, scale, std::set<std::string>{*partner});
  return ReadBy(sql, program, scale,
                [&](const DateRange& days, const Earners&) { return facts_.Lines(sql, program.basis, days); });
}

absl::StatusOr<Baselines> GrowthStore::Read(mysql::Transaction& sql, const Program& program, const Period& scale,
                                            const std::set<std::string>& partners) const {
  return ReadBy(sql, program, scale, [&](const DateRange& days, const Earners& earners) {
    std::set<std::string> members = partners;
    for (const std::string& partner : partners) {
      const std::set<std::string>& predecessors = earners.MembersOf(partner);
      members.insert(predecessors.begin(), predecessors.end());
    }
    return facts_.LinesOf(sql, program.basis, days, members);
  });
}

absl::StatusOr<Earners> GrowthStore::ReadEarners(mysql::Transaction& sql, const Program& program,
                                                 const Period& scale) const {
  if (!program.growth.has_value() && !program.rolls_up) return Earners();
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {scale}));
  const ClosedPeriod* close = Find(closes, program, scale);
  const Watermark* known = close == nullptr ? nullptr : &close->partner_watermark;
  if (program.rolls_up) {
    ASSIGN_OR_RETURN(const std::vector<GroupLink> links, relationships_.EarningLinks(sql, scale.range, known));
    return Earners::OfGroups(program, links);
  }
  const Date last_day = scale.range.end.AddDays(-1);
  ASSIGN_OR_RETURN(const std::vector<GroupLink> links, relationships_.Successors(sql, last_day, known));
  return Earners::OfSuccessions(program, links, last_day);
}

absl::StatusOr<std::vector<FactLine>> GrowthStore::LinesFor(mysql::Transaction& sql, const Program& program,
                                                            const DateRange& range, const std::string& partner,
                                                            const Earners& earners) const {
  std::set<std::string> members = earners.MembersOf(partner);
  if (members.empty()) {
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, range, partner));
    earners.Attribute(program.basis, &lines);
    return lines;
  }
  members.insert(partner);
  // What growth is measured by, and what rolls up, is in the lines themselves.
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesOf(sql, program.basis, range, members));
  earners.Attribute(program.basis, &lines);
  std::erase_if(lines, [&](const FactLine& line) { return line.partner != partner && line.earned_by() != partner; });
  return lines;
}

absl::StatusOr<Baselines> GrowthStore::ReadBy(mysql::Transaction& sql, const Program& program, const Period& scale,
                                              ReadLines read) const {
  if (!program.growth.has_value() && !program.rolls_up) return Baselines();
  ASSIGN_OR_RETURN(Earners earners, ReadEarners(sql, program, scale));
  const std::optional<Period> reference = ReferenceOf(program, scale);
  if (!reference.has_value()) return Baselines(program, scale, {}, nullptr, std::move(earners));
  ASSIGN_OR_RETURN(const std::optional<Watermark> frozen, FrozenAt(sql, program, scale, *reference));
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, read(reference->range, earners));
  earners.Attribute(program.basis, &lines);
  return Baselines(program, scale, lines, frozen.has_value() ? &*frozen : nullptr, std::move(earners));
}

}  // namespace tributary::incentive
