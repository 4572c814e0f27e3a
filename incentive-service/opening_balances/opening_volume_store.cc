#include "incentive-service/opening_balances/opening_volume_store.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kOpeningVolumeColumns = "partner, opening_balance, document, amount, quantity, paid";

OpeningVolume VolumeFromRow(const mysql::Row& row) {
  return {.balance = "openingBalances/" + row.Text(1),
          .document = row.Text(2),
          .amount = row.Dec(3),
          .quantity = row.Dec(4),
          .paid = row.Int(5)};
}

}  // namespace

absl::Status OpeningVolumeStore::Claim(mysql::Transaction& sql, const OpeningBalance& balance) const {
  for (size_t i = 0; i < balance.volumes.size(); ++i) {
    const ProgramVolume& volume = balance.volumes[i];
    ASSIGN_OR_RETURN(const bool free,
                     sql.TryInsert("INSERT INTO opening_volume (partner, program, period, opening_balance, document, "
                                   "held_on, amount, quantity, paid, in_force) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                   {balance.partner, volume.program, volume.period, balance.id, balance.document,
                                    balance.date, volume.amount, volume.quantity, volume.paid, false}));
    if (free) continue;
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT opening_balance FROM opening_volume WHERE partner = ? AND program = ? AND "
                               "period = ?",
                               {balance.partner, volume.program, volume.period}));
    const std::string other =
        rows.empty() ? std::string("one") : StrCat("partners/", balance.partner, "/openingBalances/", rows[0].Text(0));
    return Error(Reason::kAlreadyOpened,
                 StrCat("opening_balance.volumes[", i, "]: got programs/", volume.program, " in ", volume.period,
                        ", of which ", other, " tells, want a period that no other one tells of"),
                 {{"resource", other}});
  }
  return absl::OkStatus();
}

absl::Status OpeningVolumeStore::PutInForce(mysql::Transaction& sql, const OpeningBalance& balance) const {
  return sql
      .Execute("UPDATE opening_volume SET in_force = 1 WHERE partner = ? AND opening_balance = ?",
               {balance.partner, balance.id})
      .status();
}

absl::Status OpeningVolumeStore::GiveUp(mysql::Transaction& sql, const OpeningBalance& balance) const {
  return sql
      .Execute("DELETE FROM opening_volume WHERE partner = ? AND opening_balance = ? AND in_force = 0",
               {balance.partner, balance.id})
      .status();
}

absl::StatusOr<std::string> OpeningVolumeStore::NamedSince(mysql::Transaction& sql, std::string_view program,
                                                           Date day) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, opening_balance FROM opening_volume WHERE program = ? AND held_on >= ? "
                             "ORDER BY partner, period LIMIT 1",
                             {program, day}));
  if (rows.empty()) return std::string();
  return StrCat("partners/", rows[0].Text(0), "/openingBalances/", rows[0].Text(1));
}

absl::StatusOr<std::map<std::string, OpeningVolume>> OpeningVolumeStore::Into(mysql::Transaction& sql,
                                                                              std::string_view program,
                                                                              std::string_view scale,
                                                                              const std::optional<std::string>& partner,
                                                                              Date until) const {
  mysql::Values values = {program, scale, until};
  if (partner.has_value()) values.push_back(*partner);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kOpeningVolumeColumns,
                       " FROM opening_volume WHERE program = ? AND period = ? AND held_on < ? AND in_force = 1",
                       partner.has_value() ? " AND partner = ?" : ""),
                values));
  std::map<std::string, OpeningVolume> volumes;
  for (const mysql::Row& row : rows) volumes.emplace(row.Text(0), VolumeFromRow(row));
  return volumes;
}

absl::StatusOr<OpeningVolumes> OpeningVolumeStore::All(mysql::Transaction& sql, std::string_view program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kOpeningVolumeColumns,
                                    ", period FROM opening_volume WHERE program = ? AND in_force = 1"),
                             {program}));
  OpeningVolumes volumes;
  for (const mysql::Row& row : rows) volumes[row.Text(6)].emplace(row.Text(0), VolumeFromRow(row));
  return volumes;
}

}  // namespace tributary::incentive
