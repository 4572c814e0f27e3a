#include "incentive-service/facts/resident_fact_store.h"

#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/facts/fact_rows.h"
#include "incentive-service/facts/known_lines.h"

namespace tributary::incentive {

absl::StatusOr<std::optional<ResidentFactStore::Reading>> ResidentFactStore::Read(absl::Time deadline) {
  {
    std::unique_lock<std::mutex> following(following_, std::try_to_lock);
    if (!following.owns_lock()) {
      if (!loaded_) return std::nullopt;  // it may take long
      following.lock();
    }
    do {
      if (too_many_) return std::nullopt;
      RETURN_IF_ERROR(Advance(deadline));
    } while (!loaded_);
  }
  Reading reading(*this);
  if (!loaded_) return std::nullopt;  // somebody had to begin anew meanwhile
  return std::optional<Reading>(std::move(reading));
}

// Each step is one snapshot: its facts are those of its cursors. So what is loaded is always as of one watermark, also
// where a deadline ends the loading midway.
absl::Status ResidentFactStore::Advance(absl::Time deadline) {
  Step step;
  RETURN_IF_ERROR(
      database_.Transact({.deadline = deadline, .snapshot = true}, [&](mysql::Transaction& sql) -> absl::Status {
        step = Step();
        ASSIGN_OR_RETURN(step.now, store_.ReadWatermark(sql));
        step.anew = TooFarBehind(step.now);
        if (!step.anew) RETURN_IF_ERROR(ReadTold(sql, &step));
        if (step.anew || !loaded_) RETURN_IF_ERROR(ReadMore(sql, &step));
        return absl::OkStatus();
      }));
  Apply(std::move(step));
  return absl::OkStatus();
}

// Also where it is not known what lies between: the feeds have gone back, as after a restore.
bool ResidentFactStore::TooFarBehind(const Watermark& now) const {
  if (watermark_.empty()) return true;
  int64_t behind = 0;
  for (size_t shard = 0; shard < now.size(); ++shard) {
    if (now[shard] < watermark_[shard]) return true;
    behind += now[shard] - watermark_[shard];
  }
  return behind > limits_.behind;
}

absl::Status ResidentFactStore::ReadTold(mysql::Transaction& sql, Step* step) const {
  for (size_t shard = 0; shard < step->now.size(); ++shard) {
    if (step->now[shard] == watermark_[shard]) continue;
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE shard = ? AND seq > ?"),
                               {static_cast<int64_t>(shard), watermark_[shard]}));
    for (const mysql::Row& row : rows) step->told.push_back(FactFromRow(row));
  }
  if (step->told.empty()) return absl::OkStatus();
  ResidentFacts::Names moved = facts_.MovedBy(step->told);
  // What comes behind the position is loaded as it is then.
  const auto behind = [&](const Name& name) { return !loaded_ && name > position_; };
  std::erase_if(moved, behind);
  std::erase_if(step->told, [&](const FactLine& line) { return behind({line.partner, line.fact}); });
  ASSIGN_OR_RETURN(step->moved, LinesNamed(sql, moved));
  return absl::OkStatus();
}

absl::Status ResidentFactStore::ReadMore(mysql::Transaction& sql, Step* step) const {
  const Name after = step->anew ? Name() : position_;
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, fact, source, kind, refers, product, product_line, quantity, net_amount, "
                       "currency, order_basis, ship_basis, original_seq FROM fact_line FORCE INDEX (PRIMARY) WHERE "
                       "(partner > ? OR (partner = ? AND fact > ?)) AND kind < ",
                       static_cast<int>(FactKind::kReversal), " AND source <> ", static_cast<int>(FactSource::kPayment),
                       " AND reversed_seq IS NULL ORDER BY partner, fact LIMIT ?"),
                {after.first, after.first, after.second, limits_.load}));
  step->more.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    FactLine& line = step->more.emplace_back();
    line.partner = row.Text(0);
    line.fact = row.Text(1);
    line.source = static_cast<FactSource>(row.Int(2));
    line.kind = static_cast<FactKind>(row.Int(3));
    line.refers = row.Text(4);
    line.product = row.Text(5);
    line.product_line = row.Text(6);
    line.quantity = row.Dec(7);
    line.net = row.Dec(8);
    line.currency = row.Text(9);
    line.order_basis = row.Day(10);
    line.ship_basis = row.Day(11);
    if (!row.IsNull(12)) line.original = Told{row.Int(12), absl::Time()};
  }
  if (!rows.empty()) step->position = Name(step->more.back().partner, step->more.back().fact);
  step->loaded = static_cast<int>(rows.size()) < limits_.load;
  return absl::OkStatus();
}

void ResidentFactStore::Apply(Step step) {
  std::unique_lock<std::shared_mutex> changing(changing_);
  if (step.anew) {
    facts_ = ResidentFacts();
    position_ = Name();
    loaded_ = false;
  } else {
    facts_.Follow(step.told, step.moved, watermark_);
  }
  watermark_ = std::move(step.now);
  if (!loaded_) {
    facts_.Load(step.more);
    if (step.position.has_value()) position_ = *std::move(step.position);
    if (step.loaded) facts_.Trim();
    loaded_ = step.loaded;
  }
  if (facts_.size() <= limits_.lines) return;
  facts_ = ResidentFacts();
  loaded_ = false;
  too_many_ = true;
}

}  // namespace tributary::incentive
