#pragma once

// How facts are taken in, reversed and posted; the same for all of them. Needs, beside the type F (a Fact): KeyOf,
// FirstDifference (facts/intake.h), AppendOwn, ReadOwn (facts/fact_table.h), and
//   std::string NameOf(const F&);            the resource's name
//   std::vector<Posting> Movements(const F&);  which units move between which places, and when; product, lot, cause and
//                                            number are filled in here, the partner where it is left empty
//   void NegateAmounts(F*);                  of its own amounts, for a reversal

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/imports/batch.h"
#include "common/rpc/call.h"
#include "inventory-service/end_customers/erased_names.h"
#include "inventory-service/facts/fact_postings.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/facts/kit_parts.h"
#include "inventory-service/facts/stamped_rows.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/ledger/posting_rows.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/units/unit_conversion_store.h"

namespace tributary::inventory {

// Appends the facts, which are their own events, with their postings, and posts what these ask of counts. Locks the
// positions and makes the rows, which are completed and sent at the end of the transaction, under the sequence.
template <typename F>
absl::Status Record(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table, std::vector<F> fresh) {
  if (fresh.empty()) return absl::OkStatus();
  events::RowBatch rows = table.NewBatch(fresh);
  rows.shards.reserve(fresh.size());
  std::vector<Posting> postings;
  std::set<std::string> kits;  // that move by their parts
  std::vector<size_t> posted;  // index of the fact of each posting
  for (size_t i = 0; i < fresh.size(); ++i) {
    F& fact = fresh[i];
    fact.shard = events::ShardOf(fact.partner.empty() ? fact.document : fact.partner);
    rows.shards.push_back(fact.shard);
    if (!fact.posted) continue;
    if (!fact.parts.empty()) kits.insert(fact.product);
    for (Posting& posting : PostingsOf(fact)) {
      postings.push_back(std::move(posting));
      posted.push_back(i);
    }
  }
  RETURN_IF_ERROR(LedgerStore().AddToPositions(unit.sql(), PositionChanges(postings), call.now));
  RETURN_IF_ERROR(KitStore().MarkMoved(unit.sql(), kits));

  // Under the sequence nothing is made any more that can be made here.
  struct Work {
    Work(const FactTable<F>& table, std::vector<F> fresh, std::vector<Posting> moved, std::vector<size_t> of)
        : facts(std::move(fresh)),
          postings(std::move(moved)),
          posted(std::move(of)),
          fact_rows(table.RowsOf(facts)),
          posting_rows(postings) {}
    const std::vector<F> facts;
    const std::vector<Posting> postings;
    const std::vector<size_t> posted;
    StampedRows fact_rows;
    PostingRows posting_rows;
  };
  const auto work = std::make_shared<Work>(table, std::move(fresh), std::move(postings), std::move(posted));
  RETURN_IF_ERROR(work->fact_rows.BindAhead(unit.sql()));
  RETURN_IF_ERROR(work->posting_rows.BindAhead(unit.sql()));
  rows.write = [work](mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) -> absl::Status {
    ASSIGN_OR_RETURN(const bool inserted, work->fact_rows.TryInsert(sql, stamps));
    if (!inserted) return sql.RunAgain("one of the lines was recorded meanwhile");
    std::vector<events::Stamp> of_postings;
    of_postings.reserve(work->posted.size());
    for (const size_t fact : work->posted) of_postings.push_back(stamps[fact]);
    return work->posting_rows.Insert(sql, of_postings);
  };
  unit.EmitRows(std::move(rows));
  return PostCorrections(call, unit, work->postings);
}

// The units of the products of the facts that state their quantity in one, by product.
template <typename F>
absl::StatusOr<std::map<std::string, std::vector<UnitConversion>>> UnitsOf(mysql::Transaction& sql,
                                                                           const std::vector<Stated<F>>& stated) {
  std::set<std::string_view> ids;
  for (const Stated<F>& next : stated) {
    if (!next.fact.unit.empty()) ids.insert(next.fact.product);
  }
  return UnitConversionStore().Of(sql, {ids.begin(), ids.end()});
}

// Gives the fact its quantity in base units, where it states it in another unit; only one that is so converted is held
// to the base unit's step. Refused as InBaseUnits does; INVALID_FIELD of serial numbers that are not as many.
absl::Status Convert(const BaseUnit& base, const std::map<std::string, std::vector<UnitConversion>>& units, Fact* fact);

// Gives the facts of kits their parts, whatever kind the kit itself is of, and takes out the rows of which no part
// would be a quantity.
template <typename F, typename IsKit>
absl::Status ResolveKits(mysql::Transaction& sql, IsKit is_kit, std::vector<Stated<F>>& stated,
                         imports::BatchResult& result) {
  std::vector<KitLine> lines;
  std::vector<size_t> of;
  for (size_t i = 0; i < stated.size(); ++i) {
    F& fact = stated[i].fact;
    if (!is_kit(fact)) continue;
    lines.push_back({.fact = &fact,
                     .date = Movements(fact).front().effective_date,
                     .name = NameOf(fact),
                     .origin = KitOriginOf(fact)});
    of.push_back(i);
  }
  if (lines.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<absl::Status> statuses, TakeParts(sql, lines));
  std::set<size_t> refused;
  for (size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i].ok()) continue;
    result.Reject(imports::ErrorsOf(stated[of[i]].row, statuses[i]));
    refused.insert(of[i]);
  }
  if (refused.empty()) return absl::OkStatus();
  std::vector<Stated<F>> kept;
  for (size_t i = 0; i < stated.size(); ++i) {
    if (!refused.contains(i)) kept.push_back(std::move(stated[i]));
  }
  stated = std::move(kept);
  return absl::OkStatus();
}

// Takes out the rows that name a partner or product that is not there, or that state a quantity in a unit that it is no
// number of, and completes the others by their products.
template <typename F>
absl::Status ResolveReferences(mysql::Transaction& sql, const std::set<std::string>& unknown_partners,
                               std::vector<Stated<F>>& stated, imports::BatchResult& result) {
  std::vector<std::string_view> ids;
  ids.reserve(stated.size());
  for (const Stated<F>& next : stated) ids.push_back(next.fact.product);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  ASSIGN_OR_RETURN(const auto products, FindProducts(sql, ids));
  ASSIGN_OR_RETURN(const auto units, UnitsOf(sql, stated));
  const auto refused = [&](Stated<F>& next) {
    std::vector<imports::RowError> errors;
    if (unknown_partners.contains(next.fact.partner)) {
      errors.push_back({.row = next.row,
                        .column = "partner",
                        .got = PartnerName(next.fact.partner),
                        .want = "a partner that is known",
                        .reason = Reason::kReferenceNotFound});
    }
    const auto product = products.find(next.fact.product);
    if (product == products.end()) {
      errors.push_back({.row = next.row,
                        .column = "product",
                        .got = ProductName(next.fact.product),
                        .want = "a product that is in use",
                        .reason = Reason::kReferenceNotFound});
    }
    if (!errors.empty()) {
      result.Reject(std::move(errors));
      return true;
    }
    if (const absl::Status converted = Convert(product->second.unit, units, &next.fact); !converted.ok()) {
      result.Reject(imports::ErrorsOf(next.row, converted));
      return true;
    }
    next.fact.product_line = product->second.product_line;
    next.fact.posted = product->second.kind == ProductKind::kStocked;
    return false;
  };
  // In the order of the rows, which remove_if keeps.
  stated.erase(std::remove_if(stated.begin(), stated.end(), refused), stated.end());
  if constexpr (OfKits<F>) {
    RETURN_IF_ERROR(ResolveKits(
        sql, [&](const F& fact) { return products.at(fact.product).kit; }, stated, result));
  }
  return absl::OkStatus();
}

// Lines of customers that were erased since are what they are known as.
template <NamesEndCustomer F>
absl::Status StateAsErased(mysql::Transaction& sql, const Known<F>& known, std::vector<Stated<F>>& stated) {
  if (known.empty()) return absl::OkStatus();
  for (Stated<F>& next : stated) {
    const auto last = known.find(KeyOf(next.fact));
    if (last == known.end()) continue;
    RETURN_IF_ERROR(StateAsErased(sql, last->second.end_customer, &next.fact.end_customer));
  }
  return absl::OkStatus();
}

// Reads what is known of the lines and leaves those to be decided on: duplicates are counted, rows that
// ResolveReferences refuses are told, the others completed.
template <typename F>
absl::StatusOr<Known<F>> ReadKnown(mysql::Transaction& sql, const FactTable<F>& table,
                                   const std::set<std::string>& unknown_partners, std::vector<Stated<F>>& stated,
                                   imports::BatchResult& result) {
  ASSIGN_OR_RETURN(Known<F> known, table.LastOf(sql, stated));
  if constexpr (NamesEndCustomer<F>) {
    RETURN_IF_ERROR(StateAsErased(sql, known, stated));
  }
  DropRepeated(known, stated, result);
  RETURN_IF_ERROR(ResolveReferences(sql, unknown_partners, stated, result));
  return known;
}

template <typename F>
std::set<std::string> PartnersOf(const std::vector<Stated<F>>& stated) {
  std::set<std::string> ids;
  for (const Stated<F>& next : stated) {
    if (!next.fact.partner.empty()) ids.insert(next.fact.partner);
  }
  return ids;
}

// Records what is new among the stated facts; the rest is counted or told in `result`.
template <typename F>
absl::Status TakeIn(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table,
                    const std::set<std::string>& unknown_partners, std::vector<Stated<F>> stated,
                    imports::BatchResult& result) {
  ASSIGN_OR_RETURN(const Known<F> known, ReadKnown(unit.sql(), table, unknown_partners, stated, result));
  return Record(call, unit, table, NewFacts(std::move(stated), known, result));
}

// The rest of a BatchImport method, once its rows are read. `result` has the rows that could not be.
template <typename F>
absl::Status ImportFacts(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table, PartnerDirectory& partners,
                         std::string_view import_name, std::string_view target, std::vector<Stated<F>> stated,
                         imports::BatchResult result, api::v1::BatchImportResponse* reply) {
  // May call partner-service, so it comes before the first statement.
  ASSIGN_OR_RETURN(const std::set<std::string> unknown_partners, partners.Unknown(call, PartnersOf(stated)));
  ASSIGN_OR_RETURN(const std::optional<Uuid> import_id, imports::OpenImport(call, unit, import_name, target));
  for (Stated<F>& next : stated) next.fact.import_id = import_id;
  RETURN_IF_ERROR(TakeIn(call, unit, table, unknown_partners, std::move(stated), result));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

// What takes a fact back.
template <typename F>
F Reversal(F fact) {
  ++fact.generation;
  fact.quantity = -fact.quantity;
  fact.unit_quantity = -fact.unit_quantity;
  for (KitPart& part : fact.parts) part.quantity = -part.quantity;
  NegateAmounts(&fact);
  return fact;
}

// Reverses at most `limit` of the facts that the import brought and that stand; answers how many.
template <typename F>
absl::StatusOr<int> UndoFacts(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table,
                              std::string_view import_id, int limit) {
  ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(import_id));
  ASSIGN_OR_RETURN(std::vector<F> facts, table.StandingOfImport(unit.sql(), id, limit));
  for (F& fact : facts) fact = Reversal(std::move(fact));
  const int count = static_cast<int>(facts.size());
  RETURN_IF_ERROR(Record(call, unit, table, std::move(facts)));
  return count;
}

// For methods that state one fact, or a few, and take all or none: OK, or the errors as one status. `field_of` gives
// the path of the message that row belongs to: "shipment.lines[2]".
absl::Status StatusOf(const std::vector<imports::RowError>& errors, absl::FunctionRef<std::string(int64_t)> field_of);

// The errors of each row, in their order.
std::map<int64_t, std::vector<imports::RowError>> ErrorsByRow(std::vector<imports::RowError> errors);

// For grouped methods of one fact a call, in the request's field `field`: decides on the facts in their order and
// records what is new. Each names by `row` the call that states it, which gets its reply or its error; a line that is
// known already changes nothing and is answered as it is known. Calls that state nothing have their error.
template <typename F, typename Request, typename Reply>
absl::Status RecordEach(rpc::Unit& unit, const FactTable<F>& table, std::string_view field,
                        std::vector<Stated<F>> stated, absl::Span<rpc::Grouped<Request, Reply>> calls) {
  if (stated.empty()) return absl::OkStatus();
  imports::BatchResult result;
  std::vector<std::pair<int64_t, std::string>> keys;
  for (const Stated<F>& next : stated) keys.emplace_back(next.row, KeyOf(next.fact));
  ASSIGN_OR_RETURN(Known<F> lines, ReadKnown(unit.sql(), table, {}, stated, result));
  std::vector<F> fresh = NewFacts(std::move(stated), lines, result);
  for (auto& [row, errors] : ErrorsByRow(std::move(result.errors))) {
    calls[row].status = StatusOf(errors, [&](int64_t) { return std::string(field); });
  }
  for (const F& fact : fresh) lines.insert_or_assign(KeyOf(fact), fact);
  for (const auto& [row, key] : keys) {
    if (calls[row].status.ok()) *calls[row].reply = ToProto(lines.at(key));
  }
  return Record(calls.front().call, unit, table, std::move(fresh));
}

}  // namespace tributary::inventory
