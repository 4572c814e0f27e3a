#include "inventory-service/partner_reports/report_books.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/end_customers/erased_names.h"
#include "inventory-service/facts/kit_parts.h"
#include "inventory-service/partner_reports/derivation.h"
#include "inventory-service/partner_reports/report_facts.h"
#include "inventory-service/partner_reports/report_proto.h"
#include "inventory-service/products/kit_store.h"

namespace tributary::inventory {
namespace {

RankedRow Ranked(const ReportRow& row) {
  return {.report = row.report,
          .number = row.number,
          .cell = row.content->cell,
          .key = row.key,
          .digest = row.digest,
          .repaired = row.repaired(),
          .read_time = row.read_time,
          .state = RowState::kSuperseded};
}

void Grow(ReportCoverage& box, bool& empty, const Cell& cell) {
  box.from = empty ? cell.date : std::min(box.from, cell.date);
  box.to = empty ? cell.date : std::max(box.to, cell.date);
  box.activities.Add(cell.activity);
  const auto at = std::lower_bound(box.sites.begin(), box.sites.end(), cell.site);
  if (at == box.sites.end() || *at != cell.site) box.sites.insert(at, cell.site);
  empty = false;
}

int64_t& CountOf(ReportCounts& counts, RowState state) {
  switch (state) {
    case RowState::kAccepted:
      return counts.accepted;
    case RowState::kRepaired:
      return counts.repaired;
    case RowState::kDuplicate:
      return counts.duplicate;
    case RowState::kSuperseded:
      return counts.superseded;
    case RowState::kRejected:
    case RowState::kDiscarded:
      break;
  }
  return counts.rejected;
}

imports::RowError ToldOtherwise(const ReportRow& row, const FieldViolation& difference) {
  return {.row = row.number,
          .column = difference.field,
          .got = difference.got,
          .want = StrCat(difference.want, ", as ", row.content->document, " line ", row.content->line,
                         " is known by another way than a report"),
          .reason = Reason::kRowConflict};
}

// One addition on its way into the books.
class Decision {
 public:
  Decision(const rpc::Call& call, mysql::Transaction& sql, Addition& addition, const ReportStore& reports,
           const ReportRowStore& rows)
      : call_(call), sql_(sql), addition_(addition), report_store_(reports), row_store_(rows) {}

  absl::Status Gather() {
    ASSIGN_OR_RETURN(reports_, report_store_.OfPartner(sql_, partner()));
    RETURN_IF_ERROR(GiveKeys());
    const bool told_before = !addition_.fresh && addition_.report.tells();
    const bool tells = told_before || addition_.report.zero_report ||
                       std::any_of(addition_.rows.begin(), addition_.rows.end(), WasRead);
    RETURN_IF_ERROR(FindScope(told_before));
    std::vector<RankedReport> ranked;
    for (const PartnerReport& report : reports_) {
      if (report.id == addition_.report.id || !report.tells()) continue;
      ranked.push_back({report.id, report.mode, report.coverage, report.rank});
    }
    // A file of which no row could be read says nothing of what it covers.
    if (tells) {
      const PartnerReport& report = addition_.report;
      ranked.push_back({report.id, report.mode, report.coverage, report.rank});
    }
    derivation_.emplace(std::move(ranked));
    if (!scope_.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(told_, report_store_.CellsWithin(sql_, partner(), *scope_));
    for (const ToldCell& told : told_) cells_.insert(told.cell);
    for (const ReportRow& row : addition_.rows) {
      if (WasRead(row)) cells_.insert(row.content->cell);
    }
    return FindRows();
  }

  // Which keys change, and what becomes of their rows.
  absl::Status Derive() {
    std::map<RowKey, Standing> before;
    for (const RankedRow& row : known_) {
      if (Stands(row.state)) before.emplace(row.key, Standing{row.cell, row.digest});
    }
    std::vector<RankedRow> all = known_;
    for (const ReportRow& row : addition_.rows) {
      if (WasRead(row)) all.push_back(Ranked(row));
    }
    const std::map<RowKey, Standing> after = derivation_->StandingOf(all);
    for (const RankedRow& row : all) {
      const auto was = before.find(row.key);
      const auto is = after.find(row.key);
      const bool same = was == before.end() ? is == after.end() : is != after.end() && was->second == is->second;
      if (same) continue;
      Key& key = keys_[row.key];
      key.ours = was != before.end();
      if (is != after.end()) key.standing = is->second;
    }
    for (ReportRow& row : addition_.rows) {
      if (!WasRead(row) || keys_.contains(row.key)) continue;
      const auto is = after.find(row.key);
      const bool told = is != after.end() && is->second == Standing{row.content->cell, row.digest};
      row.state = told ? RowState::kDuplicate : RowState::kSuperseded;
    }
    return Relabel();
  }

  // The rows that are to bear what stands, in full.
  absl::StatusOr<std::map<RowKey, ReportRow>> Bearers() {
    std::map<RowKey, ReportRow> bearers;
    std::vector<RowId> elsewhere;
    for (const auto& [key, changed] : keys_) {
      if (!changed.bearer.has_value()) continue;
      if (const ReportRow* const own = OwnRow(*changed.bearer)) {
        bearers.emplace(key, *own);
      } else {
        elsewhere.push_back(*changed.bearer);
      }
    }
    ASSIGN_OR_RETURN(std::vector<ReportRow> found, row_store_.Find(sql_, partner(), elsewhere));
    for (ReportRow& row : found) bearers.emplace(row.key, std::move(row));
    return bearers;
  }

  // Appends to `appended` what makes the right facts of the activity stand.
  template <typename F>
  absl::Status Restate(const FactTable<F>& table, Activity activity, const std::map<RowKey, ReportRow>& bearers,
                       F (*make)(std::string_view, const ReportRow&, const ProductReference&),
                       std::vector<F>* appended) {
    std::vector<Stated<F>> asked;
    std::set<std::string_view> ids;
    for (const auto& [key, changed] : keys_) {
      if (key.activity != activity) continue;
      F fact;
      fact.partner = partner();
      fact.document = key.document;
      fact.line = key.line;
      asked.push_back({0, std::move(fact)});
      if (const auto bearer = bearers.find(key); bearer != bearers.end()) ids.insert(bearer->second.content->product);
    }
    if (asked.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto products, FindProducts(sql_, {ids.begin(), ids.end()}));
    ASSIGN_OR_RETURN(const Known<F> known, table.LastOf(sql_, asked));
    for (const Stated<F>& one : asked) {
      const RowKey key{activity, one.fact.document, one.fact.line};
      const auto last = known.find(KeyOf(one.fact));
      const auto bearer = bearers.find(key);
      std::optional<F> wanted;
      if (bearer != bearers.end()) {
        const auto product = products.find(bearer->second.content->product);
        wanted = make(partner(), bearer->second, product == products.end() ? ProductReference() : product->second);
        if constexpr (NamesEndCustomer<F>) {
          if (last != known.end()) {
            RETURN_IF_ERROR(StateAsErased(sql_, last->second.end_customer, &wanted->end_customer));
          }
        }
      }
      Restatement<F> step = inventory::Restate(last == known.end() ? nullptr : &last->second, keys_.at(key).ours,
                                               wanted.has_value() ? &*wanted : nullptr);
      for (F& fact : step.appended) appended->push_back(std::move(fact));
      if (step.told_elsewhere) ToldElsewhere(key);
      if (step.conflict.has_value()) RefuseKey(key, *step.conflict);
    }
    return absl::OkStatus();
  }

  absl::Status Finish(BooksChange* change) {
    Count(change);
    if (!scope_.has_value()) return absl::OkStatus();
    change->scope = *scope_;
    change->cells.assign(cells_.begin(), cells_.end());
    RETURN_IF_ERROR(Tell(change));
    std::map<Cell, std::map<Uuid, std::string>> told;
    for (const ToldCell& one : told_) told[one.cell][one.report] = one.digest;
    for (const ToldCell& one : change->told) told[one.cell][one.report] = one.digest;
    for (const Cell& cell : cells_) {
      for (Disagreement& one : derivation_->DisagreementsIn(cell, told[cell])) {
        change->disagreements.push_back(std::move(one));
      }
    }
    return absl::OkStatus();
  }

 private:
  // A key whose standing changes.
  struct Key {
    bool ours = false;  // a report brought what stood until now
    std::optional<Standing> standing;
    std::optional<RowId> bearer;
    std::vector<RankedRow> rows;  // all that were read, with their states as stored
    std::vector<RowState> states;
  };

  static bool WasRead(const ReportRow& row) { return row.content.has_value() && row.state != RowState::kRejected; }
  const std::string& partner() const { return addition_.report.partner; }

  ReportRow* OwnRow(const RowId& id) {
    if (id.first != addition_.report.id) return nullptr;
    const auto at = std::lower_bound(addition_.rows.begin(), addition_.rows.end(), id.second,
                                     [](const ReportRow& row, int64_t number) { return row.number < number; });
    return at == addition_.rows.end() || at->number != id.second ? nullptr : &*at;
  }

  absl::Status GiveKeys() {
    std::vector<ReportRow> others;
    if (!addition_.fresh) {
      ASSIGN_OR_RETURN(const std::vector<RankedRow> read, row_store_.OfReport(sql_, partner(), addition_.report.id));
      for (const RankedRow& row : read) {
        ReportRow other{.report = row.report, .number = row.number, .state = row.state};
        other.key = row.key;
        other.digest = row.digest;
        others.push_back(std::move(other));
      }
      ASSIGN_OR_RETURN(std::vector<ReportRow> waiting, row_store_.Conflicting(sql_, partner(), addition_.report.id));
      for (ReportRow& row : waiting) {
        if (IsDocumentKey(row.key) && OwnRow({row.report, row.number}) == nullptr) others.push_back(std::move(row));
      }
    }
    std::vector<const ReportRow*> taken;
    for (const ReportRow& row : others) taken.push_back(&row);
    std::vector<ReportRow*> rows;
    for (ReportRow& row : addition_.rows) {
      row.report = addition_.report.id;
      if (WasRead(row)) rows.push_back(&row);
    }
    AssignKeys(std::move(rows), taken);
    return absl::OkStatus();
  }

  // What can change: all that a snapshot covers once it has a say, else the cells of the rows.
  absl::Status FindScope(bool told_before) {
    const PartnerReport& report = addition_.report;
    ReportCoverage box;
    bool empty = true;
    std::set<int64_t> numbers;
    for (const ReportRow& row : addition_.rows) {
      if (!WasRead(row)) continue;
      Grow(box, empty, row.content->cell);
      numbers.insert(row.number);
    }
    if (report.mode == ReportMode::kSnapshot && !told_before && (report.zero_report || !empty)) {
      scope_ = report.coverage;
      return absl::OkStatus();
    }
    if (empty) return absl::OkStatus();
    // The same rows of files that are the same as this one.
    for (const PartnerReport& other : reports_) {
      if (other.id == report.id || other.rank != report.rank) continue;
      ASSIGN_OR_RETURN(const std::vector<RankedRow> rows, row_store_.OfReport(sql_, partner(), other.id));
      for (const RankedRow& row : rows) {
        if (numbers.contains(row.number)) Grow(box, empty, row.cell);
      }
    }
    scope_ = std::move(box);
    return absl::OkStatus();
  }

  absl::Status FindRows() {
    std::set<Uuid> contributors;
    for (const Cell& cell : cells_) {
      for (const RankedReport* const report : derivation_->ContributorsOf(cell)) contributors.insert(report->id);
    }
    if (addition_.fresh) contributors.erase(addition_.report.id);
    ASSIGN_OR_RETURN(known_,
                     row_store_.InCoverage(sql_, partner(), *scope_, {contributors.begin(), contributors.end()}));
    // A document's line may have moved here from another cell, or may come to stand there again.
    std::set<RowKey> keys;
    for (const RankedRow& row : known_) {
      if (IsDocumentKey(row.key)) keys.insert(row.key);
    }
    for (const ReportRow& row : addition_.rows) {
      if (WasRead(row) && IsDocumentKey(row.key)) keys.insert(row.key);
    }
    if (reports_.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(std::vector<RankedRow> elsewhere,
                     row_store_.OfKeys(sql_, partner(), {keys.begin(), keys.end()}, &*scope_));
    for (RankedRow& row : elsewhere) known_.push_back(std::move(row));
    return absl::OkStatus();
  }

  absl::Status Relabel() {
    std::vector<RowKey> changed;
    for (const auto& [key, unused] : keys_) changed.push_back(key);
    if (!reports_.empty()) {
      ASSIGN_OR_RETURN(std::vector<RankedRow> rows, row_store_.OfKeys(sql_, partner(), changed, nullptr));
      for (RankedRow& row : rows) keys_.at(row.key).rows.push_back(std::move(row));
    }
    for (const ReportRow& row : addition_.rows) {
      if (!WasRead(row)) continue;
      if (const auto key = keys_.find(row.key); key != keys_.end()) key->second.rows.push_back(Ranked(row));
    }
    for (auto& [name, key] : keys_) {
      key.states = StatesOf(key.rows, key.standing);
      for (size_t i = 0; i < key.rows.size(); ++i) {
        if (Stands(key.states[i])) key.bearer = {key.rows[i].report, key.rows[i].number};
        if (ReportRow* const own = OwnRow({key.rows[i].report, key.rows[i].number})) own->state = key.states[i];
      }
    }
    return absl::OkStatus();
  }

  void SetStates(Key& key, RowState of_bearer_and_duplicates) {
    for (size_t i = 0; i < key.rows.size(); ++i) {
      if (key.states[i] == RowState::kSuperseded) continue;
      key.states[i] = of_bearer_and_duplicates;
      if (ReportRow* const own = OwnRow({key.rows[i].report, key.rows[i].number})) own->state = key.states[i];
    }
    key.bearer.reset();
  }
  void ToldElsewhere(const RowKey& name) { SetStates(keys_.at(name), RowState::kDuplicate); }

  // What stands by another's word otherwise is not for a report to change: its new rows wait in the workbench, older
  // ones gave way.
  void RefuseKey(const RowKey& name, const FieldViolation& difference) {
    Key& key = keys_.at(name);
    std::vector<ReportRow*> own;
    for (size_t i = 0; i < key.rows.size(); ++i) {
      ReportRow* const row = OwnRow({key.rows[i].report, key.rows[i].number});
      if (row != nullptr && row->state != RowState::kSuperseded) own.push_back(row);
    }
    SetStates(key, RowState::kSuperseded);
    for (ReportRow* const row : own) {
      row->state = RowState::kRejected;
      row->errors = {ToldOtherwise(*row, difference)};
    }
  }

  void Count(BooksChange* change) {
    std::map<Uuid, PartnerReport*> by_id;
    for (PartnerReport& report : reports_) by_id[report.id] = &report;
    std::set<Uuid> changed;
    for (auto& [name, key] : keys_) {
      for (size_t i = 0; i < key.rows.size(); ++i) {
        const RankedRow& row = key.rows[i];
        if (OwnRow({row.report, row.number}) != nullptr || row.state == key.states[i]) continue;
        change->moved[key.states[i]].push_back({row.report, row.number});
        PartnerReport& report = row.report == addition_.report.id ? addition_.report : *by_id.at(row.report);
        --CountOf(report.counts, row.state);
        ++CountOf(report.counts, key.states[i]);
        if (&report != &addition_.report) changed.insert(row.report);
      }
    }
    for (const ReportRow& row : addition_.rows) {
      if (addition_.fresh) {
        ++addition_.report.counts.received;
      } else {
        --addition_.report.counts.rejected;
      }
      ++CountOf(addition_.report.counts, row.state);
    }
    for (const Uuid& id : changed) {
      PartnerReport& report = *by_id.at(id);
      ++report.version;
      report.update_time = call_.now;
      change->reports.push_back(report);
    }
  }

  // What the report tells now in the cells of its rows.
  absl::Status Tell(BooksChange* change) {
    std::map<Cell, std::vector<RankedRow>> by_cell;
    for (const ReportRow& row : addition_.rows) {
      if (row.content.has_value() && IsRead(row.state)) by_cell[row.content->cell].push_back(Ranked(row));
    }
    if (!addition_.fresh) {
      ASSIGN_OR_RETURN(std::vector<RankedRow> rows, row_store_.OfReport(sql_, partner(), addition_.report.id));
      for (RankedRow& row : rows) {
        if (const auto at = by_cell.find(row.cell); at != by_cell.end()) at->second.push_back(std::move(row));
      }
    }
    for (auto& [cell, rows] : by_cell) {
      change->told.push_back({.cell = cell, .report = addition_.report.id, .digest = CellDigest(std::move(rows))});
    }
    return absl::OkStatus();
  }

  const rpc::Call& call_;
  mysql::Transaction& sql_;
  Addition& addition_;
  const ReportStore& report_store_;
  const ReportRowStore& row_store_;
  std::vector<PartnerReport> reports_;  // of the partner, as they are stored
  std::optional<Derivation> derivation_;
  std::optional<ReportCoverage> scope_;  // nothing: nothing can change
  std::vector<ToldCell> told_;
  std::set<Cell> cells_;
  std::vector<RankedRow> known_;
  std::map<RowKey, Key> keys_;
};

// Sales of kits move what the kits consist of, and what is told of kits on hand is told of that; reversals take back
// the same. Where a part would be no quantity the row is of the kit itself, so that it keeps no other row out.
absl::Status TakePartsOf(mysql::Transaction& sql, BooksChange* change) {
  std::set<std::string_view> ids;
  for (const SellThroughSale& sale : change->sales) ids.insert(sale.product);
  for (const OnHandReport& report : change->on_hand) ids.insert(report.product);
  ASSIGN_OR_RETURN(const Kits kits, KitStore().Of(sql, {ids.begin(), ids.end()}));
  std::vector<KitLine> lines;
  for (SellThroughSale& sale : change->sales) {
    if (IsReversal(sale.generation) || !kits.contains(sale.product)) continue;
    lines.push_back({.fact = &sale, .date = sale.sale_date, .name = NameOf(sale), .origin = KitOriginOf(sale)});
  }
  for (OnHandReport& report : change->on_hand) {
    if (IsReversal(report.generation) || !kits.contains(report.product)) continue;
    lines.push_back({.fact = &report, .date = report.closing(), .name = NameOf(report), .origin = ""});
  }
  RETURN_IF_ERROR(TakeParts(sql, lines).status());
  for (OnHandReport& report : change->on_hand) report.posted = false;  // whatever it is of, it moves nothing
  return absl::OkStatus();
}

}  // namespace

std::string CellDigest(std::vector<RankedRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const RankedRow& a, const RankedRow& b) { return a.key < b.key; });
  std::string all;
  for (const RankedRow& row : rows) StrAppend(&all, row.key.document, "/", row.key.line, "=", Hex(row.digest), "\n");
  return Sha256(all);
}

absl::StatusOr<BooksChange> ReportBooks::Decide(const rpc::Call& call, mysql::Transaction& sql,
                                                Addition& addition) const {
  BooksChange change;
  Decision decision(call, sql, addition, reports_, rows_);
  RETURN_IF_ERROR(decision.Gather());
  RETURN_IF_ERROR(decision.Derive());
  ASSIGN_OR_RETURN(const auto bearers, decision.Bearers());
  RETURN_IF_ERROR(decision.Restate(sales_.table(), Activity::kSellThrough, bearers, SaleOf, &change.sales));
  RETURN_IF_ERROR(decision.Restate(on_hand_.table(), Activity::kOnHand, bearers, OnHandOf, &change.on_hand));
  RETURN_IF_ERROR(decision.Finish(&change));
  RETURN_IF_ERROR(TakePartsOf(sql, &change));
  return change;
}

absl::Status ReportBooks::Store(const rpc::Call& call, rpc::Unit& unit, const Addition& addition,
                                BooksChange change) const {
  const std::string& partner = addition.report.partner;
  if (addition.fresh) {
    RETURN_IF_ERROR(reports_.Insert(unit.sql(), addition.report));
  } else {
    RETURN_IF_ERROR(reports_.UpdateCounts(unit.sql(), addition.report));
  }
  RETURN_IF_ERROR(rows_.Put(unit.sql(), partner, addition.rows));
  for (const auto& [state, rows] : change.moved) {
    RETURN_IF_ERROR(rows_.SetState(unit.sql(), partner, rows, state));
  }
  for (const PartnerReport& report : change.reports) {
    RETURN_IF_ERROR(reports_.UpdateCounts(unit.sql(), report));
    unit.Emit(events::Draft(partner, "updated", report.name(), ToProto(report)));
  }
  RETURN_IF_ERROR(reports_.PutCells(unit.sql(), partner, change.told));
  if (!change.cells.empty()) {
    RETURN_IF_ERROR(reports_.PutDisagreements(unit.sql(), partner, change.scope, change.cells, change.disagreements));
  }
  RETURN_IF_ERROR(obligations_.RefreshStaleSites(unit.sql(), partner));
  unit.Emit(
      events::Draft(partner, addition.fresh ? "created" : "updated", addition.report.name(), ToProto(addition.report)));
  RETURN_IF_ERROR(Record(call, unit, sales_.table(), std::move(change.sales)));
  return Record(call, unit, on_hand_.table(), std::move(change.on_hand));
}

}  // namespace tributary::inventory
