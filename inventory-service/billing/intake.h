#pragma once

// How the lines of invoices and credit notes are taken in and reversed: as facts (facts/recording.h), and into their
// documents and the partner's account besides. Needs, beside the type F (a BilledLine): F::kKind, KeyOf, AppendOwn,
// ReadOwn, NameOf.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/imports/batch.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/facts/stamped_rows.h"
#include "inventory-service/payments/account.h"

namespace tributary::inventory {

// Takes out the rows whose head is not that of their document, as it is known or as the first of them states it.
template <typename F>
void CheckHeads(const Documents& documents, std::vector<Stated<F>>& stated, imports::BatchResult& result) {
  std::map<DocumentKey, BilledHead> heads;
  for (const auto& [key, document] : documents) heads.emplace(key, document.head);
  std::erase_if(stated, [&](const Stated<F>& next) {
    const BilledHead& head =
        heads.try_emplace(DocumentKey{next.fact.partner, next.fact.document}, next.fact.head).first->second;
    const auto difference = FirstDifference(F::kKind, head, next.fact.head);
    if (!difference.has_value()) return false;
    result.Reject({{.row = next.row,
                    .column = difference->field,
                    .got = difference->got,
                    .want = StrCat(difference->want, ", as other lines of the document state it"),
                    .reason = Reason::kRowConflict}});
    return true;
  });
}

template <typename F>
std::vector<DocumentKey> DocumentsOf(const std::vector<F>& facts) {
  std::set<DocumentKey> keys;
  for (const F& fact : facts) keys.insert({fact.partner, fact.document});
  return {keys.begin(), keys.end()};
}

// Appends the lines, which are their own events, adds them to `documents` (those of them that are known) and derives
// the allocations anew. The partners' accounts are locked.
template <typename F>
absl::Status RecordBilled(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table, Documents documents,
                          std::vector<F> fresh) {
  if (fresh.empty()) return absl::OkStatus();
  std::set<std::string> partners;
  std::set<DocumentKey> touched;
  for (const F& fact : fresh) {
    partners.insert(fact.partner);
    touched.insert({fact.partner, fact.document});
    AddLine(F::kKind, fact, call.now, &documents);
  }
  std::vector<BilledDocument> changed;
  changed.reserve(touched.size());
  for (const DocumentKey& key : touched) changed.push_back(std::move(documents.at(key)));
  RETURN_IF_ERROR(DocumentStore().Put(unit.sql(), changed));
  RETURN_IF_ERROR(Reallocate(call, unit, partners));

  events::RowBatch rows = table.NewBatch(fresh);
  for (F& fact : fresh) {
    fact.shard = events::ShardOf(fact.partner);
    rows.shards.push_back(fact.shard);
  }
  struct Work {
    Work(const FactTable<F>& table, std::vector<F> lines) : facts(std::move(lines)), rows(table.RowsOf(facts)) {}
    const std::vector<F> facts;
    StampedRows rows;
  };
  const auto work = std::make_shared<Work>(table, std::move(fresh));
  RETURN_IF_ERROR(work->rows.BindAhead(unit.sql()));
  rows.write = [work](mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) -> absl::Status {
    ASSIGN_OR_RETURN(const bool inserted, work->rows.TryInsert(sql, stamps));
    return inserted ? absl::OkStatus() : sql.RunAgain("one of the lines was recorded meanwhile");
  };
  unit.EmitRows(std::move(rows));
  return absl::OkStatus();
}

// What is new among the stated lines, with the documents they are of; the rest is counted or told in `result`. Locks
// the partners' accounts.
template <typename F>
struct BilledBatch {
  Documents documents;
  std::vector<F> fresh;
};
template <typename F>
absl::StatusOr<BilledBatch<F>> ReadBatch(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table,
                                         const std::set<std::string>& unknown_partners, std::vector<Stated<F>> stated,
                                         imports::BatchResult& result) {
  std::set<std::string> partners = PartnersOf(stated);
  for (const std::string& unknown : unknown_partners) partners.erase(unknown);
  RETURN_IF_ERROR(LockAccounts(unit.sql(), partners, call.now));
  ASSIGN_OR_RETURN(const Known<F> known, ReadKnown(unit.sql(), table, unknown_partners, stated, result));
  BilledBatch<F> batch;
  std::vector<F> lines;
  for (Stated<F>& next : stated) {
    next.fact.posted = false;  // a document of money moves no stock
    lines.push_back(next.fact);
  }
  ASSIGN_OR_RETURN(batch.documents, DocumentStore().Find(unit.sql(), F::kKind, DocumentsOf(lines)));
  CheckHeads(batch.documents, stated, result);
  batch.fresh = NewFacts(std::move(stated), known, result);
  return batch;
}

// The rest of a Create method, once the lines of the one document are read: all its lines by number, those that were
// known and those that are new now. A line that is known already changes nothing. `store`: of the lines.
template <typename F, typename Store>
absl::StatusOr<std::vector<F>> CreateBilled(const rpc::Call& call, rpc::Unit& unit, const Store& store,
                                            PartnerDirectory& partners, const std::string& partner,
                                            std::vector<Stated<F>> stated,
                                            absl::FunctionRef<std::string(int64_t)> line_field) {
  const std::string document = stated.front().fact.document;
  RETURN_IF_ERROR(partners.CheckKnown(call, partner));
  imports::BatchResult result;
  ASSIGN_OR_RETURN(BilledBatch<F> batch,
                   ReadBatch(call, unit, store.table(), /*unknown_partners=*/{}, std::move(stated), result));
  RETURN_IF_ERROR(StatusOf(result.errors, line_field));
  ASSIGN_OR_RETURN(std::vector<F> lines, store.LinesOf(unit.sql(), partner, document));
  lines.insert(lines.end(), batch.fresh.begin(), batch.fresh.end());
  std::sort(lines.begin(), lines.end(), [](const F& a, const F& b) { return a.line < b.line; });
  RETURN_IF_ERROR(RecordBilled(call, unit, store.table(), std::move(batch.documents), std::move(batch.fresh)));
  return lines;
}

// The rest of a BatchImport method, once its rows are read. `result` has the rows that could not be.
template <typename F>
absl::Status ImportBilled(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table, PartnerDirectory& partners,
                          std::string_view import_name, std::vector<Stated<F>> stated, imports::BatchResult result,
                          api::v1::BatchImportResponse* reply) {
  // May call partner-service, so it comes before the first statement.
  ASSIGN_OR_RETURN(const std::set<std::string> unknown_partners, partners.Unknown(call, PartnersOf(stated)));
  ASSIGN_OR_RETURN(const std::optional<Uuid> import_id,
                   imports::OpenImport(call, unit, import_name, CollectionOf(F::kKind)));
  for (Stated<F>& next : stated) next.fact.import_id = import_id;
  ASSIGN_OR_RETURN(BilledBatch<F> batch, ReadBatch(call, unit, table, unknown_partners, std::move(stated), result));
  RETURN_IF_ERROR(RecordBilled(call, unit, table, std::move(batch.documents), std::move(batch.fresh)));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

// Reverses at most `limit` of the lines that the import brought and that stand; answers how many.
template <typename F>
absl::StatusOr<int> UndoBilled(const rpc::Call& call, rpc::Unit& unit, const FactTable<F>& table,
                               std::string_view import_id, int limit) {
  ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(import_id));
  ASSIGN_OR_RETURN(std::vector<F> facts, table.StandingOfImport(unit.sql(), id, limit));
  std::set<std::string> partners;
  for (F& fact : facts) {
    partners.insert(fact.partner);
    fact = Reversal(std::move(fact));
  }
  RETURN_IF_ERROR(LockAccounts(unit.sql(), partners, call.now));
  ASSIGN_OR_RETURN(Documents documents, DocumentStore().Find(unit.sql(), F::kKind, DocumentsOf(facts)));
  const int count = static_cast<int>(facts.size());
  RETURN_IF_ERROR(RecordBilled(call, unit, table, std::move(documents), std::move(facts)));
  return count;
}

}  // namespace tributary::inventory
